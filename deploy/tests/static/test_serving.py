"""How the servers are watched, replaced and scaled."""

from typing import Any

import pytest

from static.chart import EVERYTHING, component, of_kind, pods, render

SERVERS = ("api", "tools", "auth", "web")
LONGEST_TURN_SECONDS = 240
PRE_STOP_SECONDS = 10


def deployments(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {component(one): one["spec"] for one in of_kind(render(values), "Deployment")}


@pytest.mark.requirement("005/FR-033")
def test_alive_touches_nothing_and_ready_knows_everything() -> None:
    for name, spec in deployments({}).items():
        [container] = spec["template"]["spec"]["containers"]
        paths = {
            probe: container[probe]["httpGet"]["path"]
            for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        }

        assert paths == {
            "startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"
        }, name  # fmt: skip


@pytest.mark.requirement("005/FR-034")
def test_an_update_never_has_fewer_pods_and_lets_them_finish() -> None:
    found = deployments({})

    assert sorted(found) == sorted(SERVERS)
    for name, spec in found.items():
        pod = spec["template"]["spec"]
        assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0, name
        stop = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
        assert stop == ["sleep", str(PRE_STOP_SECONDS)], name
    for name in ("api", "web"):
        grace = found[name]["template"]["spec"]["terminationGracePeriodSeconds"]
        assert grace >= PRE_STOP_SECONDS + LONGEST_TURN_SECONDS + 10, name


@pytest.mark.requirement("005/FR-035")
def test_several_replicas_are_spread_and_never_all_evicted() -> None:
    things = render({})

    budgets = {component(one): one["spec"] for one in of_kind(things, "PodDisruptionBudget")}
    assert sorted(budgets) == sorted(SERVERS)
    for name, spec in budgets.items():
        assert spec["maxUnavailable"] == 1, name
    for name, pod in pods(things):
        [spread] = pod["spec"]["topologySpreadConstraints"]
        assert spread["whenUnsatisfiable"] == "ScheduleAnyway", name


@pytest.mark.requirement("005/FR-035")
def test_one_replica_has_no_budget() -> None:
    things = render({name: {"replicas": 1} for name in SERVERS})

    assert of_kind(things, "PodDisruptionBudget") == []


@pytest.mark.requirement("005/FR-035", "005/FR-046")
def test_the_autoscaler_alone_says_how_many() -> None:
    scaled, fixed = deployments(EVERYTHING), deployments({})

    assert all("replicas" not in spec for spec in scaled.values())
    assert all(spec["replicas"] == 2 for spec in fixed.values())
    assert len(of_kind(render(EVERYTHING), "HorizontalPodAutoscaler")) == len(SERVERS)


@pytest.mark.requirement("005/FR-046")
def test_what_is_optional_is_off() -> None:
    optional = {"Ingress", "HTTPRoute", "HorizontalPodAutoscaler", "ServiceMonitor"}

    assert not optional & {one["kind"] for one in render({})}
    assert optional <= {one["kind"] for one in render(EVERYTHING)}


@pytest.mark.requirement("005/FR-036")
def test_migrations_run_again_exactly_when_they_change() -> None:
    def job(values: dict[str, Any]) -> str:
        jobs = of_kind(render(values), "Job")
        [found] = [one for one in jobs if component(one) == "migrations"]
        assert "annotations" not in found["metadata"], "a hook would run before PostgreSQL"
        name: str = found["metadata"]["name"]
        return name

    assert job({}) == job({"web": {"replicas": 5}})
    assert job({}) != job({"images": {"backend": {"tag": "2"}}})
    assert job({}) != job({"images": {"auth": {"tag": "2"}}})


@pytest.mark.requirement("005/FR-038")
def test_a_change_restarts_whom_it_concerns() -> None:
    def changed(**values: Any) -> set[str]:
        before, after = deployments({}), deployments(values)
        return {name for name in before if before[name]["template"] != after[name]["template"]}

    assert changed(images={"web": {"tag": "2"}}) == {"web"}
    assert changed(images={"backend": {"tag": "2"}}) == {"api", "tools"}
    assert changed(publicUrl="https://todo.example") == {"auth"}
    assert changed(api={"env": {"HISTORY_MESSAGES": "10"}}) == {"api"}
    assert changed(postgres={"storage": {"size": "2Gi"}}) == set()
