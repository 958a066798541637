"""One installation of the whole system, made from nothing and taken away at the end."""

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from live.people import People
from ops.cluster import RELEASE, Cluster
from ops.install import install
from ops.shell import run

NAMESPACE = "todo-live-test"
ORIGIN = "http://localhost:8000"


@dataclass
class System:
    """What is installed."""

    cluster: Cluster
    values: dict[str, Any]
    people: People

    def upgrade(self, **further: Any) -> None:
        """Upgrade with further values, and wait until it serves."""
        self.cluster.upgrade(self.values | further, "values-minikube.yaml", timeout="6m")

    def pods(self, component: str) -> list[dict[str, Any]]:
        """Return the component's pods that are not leaving."""
        selector = f"app.kubernetes.io/instance={RELEASE},app.kubernetes.io/component={component}"
        pods = self.cluster.get("pods", f"--selector={selector}")["items"]
        return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]

    def settled(self) -> None:
        """Wait until every Deployment has all its pods."""
        for component in ("tools", "api", "auth", "web"):
            self.cluster.kubectl(
                "rollout", "status", f"deployment/{RELEASE}-{component}", "--timeout=5m"
            )


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The cluster that CONTEXT names, with an empty namespace."""
    context = os.environ.get("CONTEXT")
    if not context:
        pytest.exit("Say which cluster: make test-cluster CONTEXT=...", returncode=2)
    found = Cluster(context, NAMESPACE)
    found.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=5m")
    return found


@pytest.fixture(scope="session")
def system(cluster: Cluster) -> Iterator[System]:
    """The system, installed by the same code as `make deploy`."""
    command = shlex.split(os.environ.get("LOAD", ""))

    def load(image: str) -> None:
        if command:
            run([*command, image])

    further = {"publicUrl": ORIGIN}
    values = install(cluster, load, values_files=("values-minikube.yaml",), further=further)
    image = f"todo-chatbot-backend:{values['images']['backend']['tag']}"
    yield System(cluster, values, People(cluster, image, ORIGIN))
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
