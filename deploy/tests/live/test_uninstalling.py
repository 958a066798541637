"""What stays: Secrets over an upgrade, the volume over an uninstall."""

import json

import pytest

from live.system import System
from ops.cluster import RELEASE

KINDS = (
    "deployments,statefulsets,jobs,pods,services,configmaps,secrets,serviceaccounts,"
    "networkpolicies,poddisruptionbudgets,persistentvolumeclaims"
)

OURS = f"--selector=app.kubernetes.io/instance={RELEASE},app.kubernetes.io/component!=tests"
"""All that the release made; the pod that asks has the labels of its tests."""


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
    system.cluster.kubectl("wait", "--for=delete", "pods", OURS, "--timeout=5m")
    left = system.cluster.get(KINDS, OURS)["items"]
    system.cluster.upgrade(own, "values-minikube.yaml")
    after = system.people.do("say", account, "Show me all my tasks")

    assert len(generated) == 2
    assert kept == generated
    assert [one["kind"] for one in left] == ["PersistentVolumeClaim"]
    assert "parrot" in json.dumps(after["answer"]["tool_calls"])


def _secrets(system: System) -> dict[str, dict[str, str]]:
    found = system.cluster.get("secrets", f"--selector=app.kubernetes.io/instance={RELEASE}")
    return {one["metadata"]["name"]: one["data"] for one in found["items"]}
