"""What stays: Secrets over an upgrade, the volume over an uninstall."""

import json
from typing import Any

import pytest

from live.system import System
from ops.cluster import RELEASE

KINDS = (
    "deployments,statefulsets,jobs,pods,services,configmaps,secrets,serviceaccounts,"
    "networkpolicies,poddisruptionbudgets,persistentvolumeclaims"
)


@pytest.mark.requirement("005/FR-095", "005/FR-061", "005/FR-062")
def test_the_volume_alone_stays_and_a_new_install_finds_its_data(system: System) -> None:
    account = json.dumps(system.people.do("sign_up"))
    system.people.do("say", account, "Add a task to feed the parrot")
    own = system.values | {"existingSecrets": {}}

    # From here the chart makes its Secrets itself: other passwords than those the volume knows.
    system.cluster.upgrade(own, "values-minikube.yaml")
    generated = _secrets(system)
    system.cluster.upgrade(own | {"logLevel": "warning"}, "values-minikube.yaml")
    kept = _secrets(system)
    system.cluster.helm("uninstall", RELEASE, "--wait")
    left = system.cluster.get(KINDS, f"--selector=app.kubernetes.io/instance={RELEASE}")["items"]
    system.cluster.upgrade(own, "values-minikube.yaml")
    after = system.people.do("say", account, "Show me all my tasks")

    assert len(generated) == 2
    assert kept == generated
    assert {one["kind"] for one in left if not _is_leaving(one)} == {"PersistentVolumeClaim"}
    assert "parrot" in json.dumps(after["answer"]["tool_calls"])


def _secrets(system: System) -> dict[str, dict[str, str]]:
    found = system.cluster.get("secrets", f"--selector=app.kubernetes.io/instance={RELEASE}")
    return {one["metadata"]["name"]: one["data"] for one in found["items"]}


def _is_leaving(thing: dict[str, Any]) -> bool:
    """Whether it is a pod that still finishes what it has begun, or the one that asks."""
    return "deletionTimestamp" in thing["metadata"] or "job-name" in thing["metadata"]["labels"]
