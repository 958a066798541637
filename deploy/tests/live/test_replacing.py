"""The system is upgraded, rolled back, scaled and loses pods while people talk to it."""

import json
from typing import Any

import pytest

from live.system import COMPONENTS, System
from ops import trouble
from ops.cluster import RELEASE
from ops.shell import Failed


def undisturbed(seen: dict[str, Any]) -> bool:
    """Whether nobody noticed anything; prints what they saw, for the record."""
    print(json.dumps(seen))
    return seen["requests"] > 0 and not (seen["failures"] or seen["lost"] or seen["doubled"])


@pytest.mark.requirement("005/FR-090", "005/FR-080")
def test_it_installs_from_nothing_and_takes_its_journey(system: System) -> None:
    assert len(system.pods("api")) == 2


@pytest.mark.requirement("005/FR-091")
def test_an_upgrade_and_a_rollback_lose_no_request(system: System) -> None:
    with system.people.talking() as end:
        before = {pod["metadata"]["name"] for pod in system.pods("api")}
        changed = {"podAnnotations": {"changed": "yes"}}
        system.upgrade(api=changed, tools=changed, auth=changed, web=changed)
        between = {pod["metadata"]["name"] for pod in system.pods("api")}
        system.cluster.helm("rollback", RELEASE, "--wait", "--timeout", "6m")
        after = {pod["metadata"]["name"] for pod in system.pods("api")}

        seen = end()

    assert not before & between
    assert not between & after
    assert undisturbed(seen)


@pytest.mark.requirement("005/FR-091", "005/FR-071")
def test_an_image_that_cannot_start_stays_harmless(system: System) -> None:
    broken = {name: {"tag": "absent"} for name in ("backend", "auth", "web")}
    with system.people.talking() as end:
        with pytest.raises(Failed):
            system.cluster.upgrade(
                system.values | {"images": broken}, "values-minikube.yaml", timeout="20s"
            )
        told = trouble.report(system.cluster)
        serving = [len([pod for pod in system.pods(name) if _ready(pod)]) for name in COMPONENTS]
        system.cluster.helm("rollback", RELEASE, "--wait", "--timeout", "6m")

        seen = end()

    assert serving == [2, 2, 2, 2]
    assert "todo-chatbot-backend:absent" in told
    assert undisturbed(seen)


@pytest.mark.requirement("005/FR-091")
def test_three_replicas_and_two_again_lose_no_request(system: System) -> None:
    with system.people.talking() as end:
        system.upgrade(api={"replicas": 3}, tools={"replicas": 3})
        grown = [len(system.pods(name)) for name in ("api", "tools")]
        system.upgrade()
        system.settled()

        seen = end()

    assert grown == [3, 3]
    assert undisturbed(seen)


@pytest.mark.requirement("005/FR-092")
def test_pods_that_are_deleted_or_killed_lose_no_request(system: System) -> None:
    with system.people.talking() as end:
        for component in ("web", "api", "tools", "auth"):
            _delete(system, component)
        for component in ("api", "tools"):
            _delete(system, component, "--grace-period=0", "--force")

        seen = end()

    assert undisturbed(seen)


@pytest.mark.requirement("005/FR-093")
def test_a_conversation_continues_after_the_pods_that_served_it_are_gone(system: System) -> None:
    account = json.dumps(system.people.do("sign_up"))
    first = system.people.do("say", account, "Add a task to feed the cat")
    conversation = first["answer"]["conversation_id"]

    system.cluster.kubectl(
        "delete", "pods", f"--selector=app.kubernetes.io/component=api,{INSTANCE}"
    )
    system.settled()
    second = system.people.do("say", account, "Mark it as done", str(conversation))

    assert second["status"] == 200
    assert [call["name"] for call in second["answer"]["tool_calls"]][-1] == "complete_task"


@pytest.mark.requirement("005/FR-094")
def test_postgres_comes_back_with_everything_and_nobody_restarts(system: System) -> None:
    account = json.dumps(system.people.do("sign_up"))
    system.people.do("say", account, "Add a task to feed the dog")
    before = _restarts(system)

    system.cluster.kubectl("delete", "pod", f"{RELEASE}-postgres-0")
    system.cluster.kubectl("rollout", "status", f"statefulset/{RELEASE}-postgres", "--timeout=3m")
    system.settled()
    after = system.people.do("say", account, "Show me all my tasks")

    assert "dog" in json.dumps(after["answer"]["tool_calls"])
    assert _restarts(system) == before


INSTANCE = f"app.kubernetes.io/instance={RELEASE}"


def _delete(system: System, component: str, *how: str) -> None:
    name = system.pods(component)[0]["metadata"]["name"]
    system.cluster.kubectl("delete", "pod", name, *how)
    system.settled()


def _ready(pod: dict[str, Any]) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _restarts(system: System) -> dict[str, int]:
    """Return the restarts of each pod of the servers."""
    pods = [pod for component in COMPONENTS for pod in system.pods(component)]
    return {
        pod["metadata"]["name"]: pod["status"]["containerStatuses"][0]["restartCount"]
        for pod in pods
    }
