"""Whatever Helm is given, it renders what Kubernetes takes, or refuses and says why."""

import json
import re
from typing import Any

import kubernetes_validate
import pytest

from static import chart
from static.chart import EVERYTHING, of_kind, pods, refuses, render
from static.test_objects import ELSEWHERE

NAME = r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
"""Of a Service, which is stricter than of anything else."""

LABEL = r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?"


def check(things: list[chart.Thing]) -> None:
    """Fail at the first object that Kubernetes would refuse."""
    for thing in things:
        metadata = thing["metadata"]
        if thing["kind"] not in ELSEWHERE:
            kubernetes_validate.validate(thing, "1.34", strict=True)
        assert re.fullmatch(NAME, metadata["name"]), metadata["name"]
        for value in metadata["labels"].values():
            assert re.fullmatch(LABEL, value), value


@pytest.mark.requirement("005/FR-041", "005/FR-047")
@pytest.mark.parametrize("release", ["12", "9-todo", "a.b", f"{'x' * 30}.{'y' * 22}"])
def test_every_name_that_helm_takes_for_a_release_makes_good_objects(release: str) -> None:
    check(render(EVERYTHING, release=release))


@pytest.mark.requirement("005/FR-047")
def test_releases_whose_names_have_to_be_changed_stay_apart() -> None:
    releases = ("a.b", "a-b", "1a", "n1a", "x" * 53, f"{'x' * 52}y")
    names = [
        (one["kind"], one["metadata"]["name"])
        for name in releases
        for one in render({}, release=name)
    ]

    assert len(names) == len(set(names))


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize("namespace", ["1", "n" * 63])
def test_every_namespace_stays_a_name(namespace: str) -> None:
    things = render(EVERYTHING, namespace=namespace)

    check(things)
    assert {thing["metadata"]["namespace"] for thing in things} == {namespace}


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize("text", ["true", "null", "0x10", "1e3"])
def test_a_name_that_looks_like_something_else_stays_a_name(text: str) -> None:
    values: dict[str, Any] = {
        "existingSecrets": {"signing": text, "database": text, "model": text},
        "model": {"provider": "openai", "name": text},
        "images": {
            "registry": text, "tag": text, "pullSecrets": [text], "backend": {"repository": text}
        },
        "nodeSelector": {text: text},
        "tolerations": [{"key": text, "value": text}],
        "priorityClassName": text,
        "api": {"podAnnotations": {text: text}, "podLabels": {text: text}},
        "web": {"chatkitDomainKey": text, "service": {"annotations": {text: text}}},
        "postgres": {"storage": {"className": text}},
        "ingress": {
            "enabled": True, "className": text, "host": text, "tlsSecret": text,
            "annotations": {text: text},
        },
        "httpRoute": {
            "enabled": True, "parentRefs": [{"name": text}], "hostnames": [text],
            "annotations": {text: text},
        },
        "networkPolicy": {"dnsNamespace": text},
        "monitoring": {
            "namespace": text,
            "serviceMonitor": {"enabled": True, "labels": {text: text}},
            "dashboard": {"enabled": True, "labels": {text: text}},
        },
    }  # fmt: skip

    assert refuses(values) == ""
    check(render(values))


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize(
    "values",
    [
        {"publicUrl": "http://localhost:99999"},
        {"publicUrl": "http://."},
        {"publicUrl": "http://localhost:8000/path"},
        {"model": {"provider": "compatible", "baseUrl": "http://x:80:90/"}},
        {"model": {"provider": "compatible", "baseUrl": "http://x:99999/v1"}},
        {"model": {"provider": "compatible", "baseUrl": "http:///v1"}},
        {"model": {"provider": "compatible", "baseUrl": "http://x/$(OPENAI_API_KEY)"}},
        {"model": {"name": " "}},
        {"model": {"egress": ["1.2.3.4/33"]}},
        {"model": {"egress": ["999.1.1.1/8"]}},
        {"model": {"egress": ["::1::/64"]}},
        {"existingSecrets": {"signing": "a..b"}},
        {"existingSecrets": {"signing": "a\n"}},
        {"images": {"registry": "http://host"}},
        {"images": {"backend": {"repository": "a//b"}}},
        {"images": {"backend": {"repository": "a:b:c"}}},
        {"nameOverride": "Todo"},
        {"fullnameOverride": "9"},
        {"fullnameOverride": "x" * 41},
        {"nodeSelector": {"a b": "c"}},
        {"tolerations": [{"efect": "NoSchedule"}]},
        {"affinity": {"nodes": {}}},
        {"preStopSeconds": -1},
        {"api": {"replicas": -1}},
        {"api": {"podAnnotations": {"a b": "c"}}},
        {"api": {"podLabels": {"a": "b c"}}},
        {"api": {"podLabels": {"app.kubernetes.io/component": "web"}}},
        {"api": {"resources": {"limits": {"cpu": "0"}}}},
        {"api": {"resources": {"limits": {"cpu": 1e30}}}},
        {"api": {"resources": {"limits": {"memory": "0Mi"}}}},
        {"api": {"autoscaling": {"enabled": True, "minReplicas": 6}}},
        {"postgres": {"storage": {"size": "0Gi"}}},
        {"ingress": {"enabled": True, "host": "a..b"}},
        {"ingress": {"enabled": True, "host": f"{'x' * 64}.test"}},
        {"httpRoute": {"enabled": True, "parentRefs": [{"name": 1}]}},
        {"httpRoute": {"enabled": True, "parentRefs": [{"name": "g", "nome": "h"}]}},
        {"httpRoute": {"parentRefs": [{"name": "g"}], "hostnames": ["a b"]}},
        {"networkPolicy": {"dnsNamespace": ""}},
        {"monitoring": {"namespace": "a.b"}},
        {"monitoring": {"serviceMonitor": {"labels": {"app.kubernetes.io/name": "x"}}}},
        {"monitoring": {"serviceMonitor": {"enabled": True}}, "web": {"service": {"port": 8081}}},
    ],
    ids=json.dumps,
)
def test_what_kubernetes_would_refuse_is_refused_by_name(values: chart.Thing) -> None:
    said = refuses(values)

    assert any(key in said for key in values), said


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize("name", list(chart.from_file("values.yaml")))
@pytest.mark.parametrize("value", [None, []], ids=repr)
def test_no_value_can_be_emptied_or_taken_away(name: str, value: object) -> None:
    """Helm merges: null takes a default away, and nothing may crash on that."""
    default = chart.from_file("values.yaml")[name]
    if value == default and type(value) is type(default):
        return

    assert name in refuses({name: value})


@pytest.mark.requirement("005/FR-035", "005/FR-046")
def test_both_ways_in_and_a_number_beside_the_autoscaler_are_no_contradiction() -> None:
    things = render(
        EVERYTHING | {"api": {"replicas": 7, "autoscaling": {"enabled": True, "maxReplicas": 9}}}
    )

    check(things)
    assert len(of_kind(things, "Ingress", "HTTPRoute")) == 2
    assert all("replicas" not in one["spec"] for one in of_kind(things, "Deployment"))


@pytest.mark.requirement("005/FR-039")
def test_an_operator_says_where_pods_run_and_what_they_are_called() -> None:
    values = {
        "nameOverride": "mine",
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "only", "operator": "Exists", "effect": "NoSchedule"}],
        "affinity": {"podAntiAffinity": {}},
        "priorityClassName": "high",
        "api": {"podLabels": {"team": "a"}},
    }
    things = render(values)

    check(things)
    for name, pod in pods(things):
        spec = pod["spec"]
        assert name.startswith("todo-chatbot-mine-"), name
        assert pod["metadata"]["labels"]["app.kubernetes.io/name"] == "mine"
        assert spec["nodeSelector"] == {"disk": "ssd"}, name
        assert spec["tolerations"] == values["tolerations"], name
        assert spec["affinity"] == {"podAntiAffinity": {}}, name
        assert spec["priorityClassName"] == "high", name
        assert ("team" in pod["metadata"]["labels"]) == (chart.component(pod) == "api"), name
    assert all(name.startswith("ours-") for name, _ in pods(render({"fullnameOverride": "ours"})))
