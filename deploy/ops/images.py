"""Builds the three images and names them after their content."""

import os
from typing import Any

from ops.shell import run

NAMES = ("backend", "auth", "web")

BUILDKIT = {
    "DOCKER_BUILDKIT": "1",  # Docker before 23 has it, and uses it when it is told to
    "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",  # they hold the time, and the image's id changes with it
}


def build(name: str) -> str:
    """Build one image and return its full name.

    The tag is the image's own id, so an unchanged image keeps its name and its pods keep running.
    """
    latest = f"todo-chatbot-{name}:dev"
    run(["docker", "build", "--quiet", "--tag", latest, name], env={**os.environ, **BUILDKIT})
    identity = run(["docker", "image", "inspect", "--format", "{{.Id}}", latest]).strip()
    tagged = f"todo-chatbot-{name}:{identity.removeprefix('sha256:')[:12]}"
    run(["docker", "tag", latest, tagged])
    return tagged


def values(images: dict[str, str]) -> dict[str, Any]:
    """Return the chart's values for the images that ``build`` named."""
    return {"images": {name: {"tag": full.split(":")[1]} for name, full in images.items()}}
