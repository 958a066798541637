"""What every rendered object has to be."""

import json

import kubernetes_validate
import pytest

from static import chart
from static.chart import PROFILES, containers, of_kind, pods, render

VERSIONS = ("1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
ELSEWHERE = {"HTTPRoute", "ServiceMonitor"}
"""Kinds that Kubernetes itself does not know."""

each_profile = pytest.mark.parametrize("values", PROFILES.values(), ids=PROFILES.keys())


@pytest.fixture(scope="module")
def different_things() -> list[chart.Thing]:
    """Every object of every profile once; most are the same in all."""
    things = [thing for values in PROFILES.values() for thing in render(values)]
    known = [thing for thing in things if thing["kind"] not in ELSEWHERE]
    return list({json.dumps(thing, sort_keys=True): thing for thing in known}.values())


@pytest.mark.requirement("005/FR-037")
@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_of_every_profile_is_valid_for_kubernetes(
    version: str, different_things: list[chart.Thing]
) -> None:
    for thing in different_things:
        used = kubernetes_validate.validate(thing, version, strict=True)
        assert used.startswith(version), thing["kind"]


@pytest.mark.requirement("005/FR-030")
@each_profile
def test_there_is_no_bare_pod(values: chart.Thing) -> None:
    kinds = {thing["kind"] for thing in render(values)}

    assert "Pod" not in kinds
    assert {"Deployment", "Service"} <= kinds


@pytest.mark.requirement("005/FR-031")
@each_profile
def test_every_container_is_restricted_and_limited(values: chart.Thing) -> None:
    for name, pod in pods(render(values)):
        shared = pod["spec"]["securityContext"]
        assert shared["runAsNonRoot"] is True, name
        assert shared["runAsUser"] > 0, name
        assert shared["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod["spec"].keys(), name
        kinds = {kind for one in pod["spec"].get("volumes", []) for kind in one} - {"name"}
        assert kinds <= {"emptyDir", "configMap"}, name
        for one in containers(pod):
            own = one["securityContext"]
            assert own == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, (name, one["name"])
            for amounts in (one["resources"]["requests"], one["resources"]["limits"]):
                assert {"cpu", "memory"} <= amounts.keys(), (name, one["name"])


@pytest.mark.requirement("005/FR-032")
@each_profile
def test_every_component_has_an_account_of_its_own_without_a_token(values: chart.Thing) -> None:
    things = render(values)
    accounts = {one["metadata"]["name"]: one for one in of_kind(things, "ServiceAccount")}
    used: dict[str, str] = {}

    for name, pod in pods(things):
        account = pod["spec"]["serviceAccountName"]
        assert pod["spec"]["automountServiceAccountToken"] is False, name
        assert accounts[account]["automountServiceAccountToken"] is False, name
        assert used.setdefault(account, chart.component(pod)) == chart.component(pod), name
    assert used.keys() == accounts.keys()


@pytest.mark.requirement("005/FR-030")
@each_profile
def test_every_port_says_its_protocol(values: chart.Thing) -> None:
    things = render(values)
    ports = [port for one in of_kind(things, "Service") for port in one["spec"]["ports"]]
    ports += [
        port for _, pod in pods(things) for one in containers(pod) for port in one.get("ports", [])
    ]

    assert {port["protocol"] for port in ports} == {"TCP"}


@pytest.mark.requirement("005/FR-047")
def test_two_releases_share_no_name_and_no_pod() -> None:
    long = "a-release-whose-name-is-so-long-that-it-has-to-be-cut"
    things = {name: render({}, release=name) for name in ("todo", "todo-chatbot", long, long[:-1])}
    names = [
        (thing["kind"], thing["metadata"]["name"]) for some in things.values() for thing in some
    ]
    selectors = [
        str(sorted(one["spec"]["selector"]["matchLabels"].items()))
        for some in things.values()
        for one in of_kind(some, "Deployment", "StatefulSet")
    ]

    assert len(names) == len(set(names))
    assert len(selectors) == len(set(selectors))
    assert max(len(name) for _, name in names) <= 63
