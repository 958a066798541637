"""Finds out which tools are missing or too old."""

import os
import re
import shutil
from dataclasses import dataclass

from ops.shell import Failed, run


@dataclass(frozen=True)
class Tool:
    """A program that has to be there, how to ask its version, and where it comes from."""

    name: str
    least: tuple[int, int]
    version: tuple[str, ...]
    source: str


DOCKER = Tool(
    "docker", (20, 10), ("version", "--format", "{{.Server.Version}}"),
    "https://docs.docker.com/get-started/get-docker/",
)  # fmt: skip
MINIKUBE = Tool(
    "minikube", (1, 34), ("version", "--short"), "https://minikube.sigs.k8s.io/docs/start/"
)
KUBECTL = Tool(
    "kubectl", (1, 30), ("version", "--client"), "https://kubernetes.io/docs/tasks/tools/"
)
HELM = Tool(
    os.environ.get("HELM", "helm"), (3, 14), ("version", "--short"),
    "https://helm.sh/docs/intro/install/",
)  # fmt: skip


def examine(*tools: Tool) -> list[str]:
    """Return one sentence for each tool that is missing, silent or too old."""
    return [fault for tool in tools if (fault := _fault(tool)) is not None]


def _fault(tool: Tool) -> str | None:
    least = ".".join(map(str, tool.least))
    get = f"Get {least} or newer: {tool.source}"
    if shutil.which(tool.name) is None:
        return f"{tool.name} is not installed. {get}"
    try:
        said = run([tool.name, *tool.version], timeout_seconds=30)
    except Failed as failed:
        return f"{tool.name} does not work. {failed}"
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None:
        return f"{tool.name} does not tell its version. {get}"
    if (int(found[1]), int(found[2])) < tool.least:
        return f"{tool.name} is {found[0]}, which is too old. {get}"
    return None
