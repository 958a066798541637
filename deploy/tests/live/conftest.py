"""One installation of the whole system, made from nothing and taken away at the end."""

import os
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from live.people import People
from live.system import System
from ops.cluster import Cluster
from ops.install import install
from ops.shell import run

NAMESPACE = "todo-live-test"
ORIGIN = "http://localhost:8000"


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The cluster that CONTEXT names, with an empty namespace."""
    context = os.environ.get("CONTEXT")
    if not context:
        pytest.exit("Say which cluster: make test-cluster CONTEXT=...", returncode=2)
    found = Cluster(context, NAMESPACE)
    found.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=5m")
    return found


def deploy(cluster: Cluster) -> dict[str, Any]:
    """Install by the same code as `make deploy`, and return the values that were used."""
    command = shlex.split(os.environ.get("LOAD", ""))

    def load(image: str) -> None:
        if command:
            run([*command, image])

    further = {"publicUrl": ORIGIN}
    return install(cluster, load, values_files=("values-minikube.yaml",), further=further)


@pytest.fixture(scope="session")
def system(cluster: Cluster) -> Iterator[System]:
    """The system, installed from nothing."""
    values = deploy(cluster)
    image = f"todo-chatbot-backend:{values['images']['backend']['tag']}"
    yield System(cluster, values, People(cluster, image, ORIGIN))
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
