"""Renders the chart with the real Helm library and asks questions about the objects."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import helm_python
import yaml

CHART = Path(__file__).parents[2] / "charts" / "todo-chatbot"

Thing = dict[str, Any]

EXISTING = {"existingSecrets": {"signing": "my-signing", "database": "my-db", "model": "my-model"}}

EVERYTHING: Thing = EXISTING | {
    "model": {"provider": "compatible", "baseUrl": "http://models.example:11434/v1"},
    "ingress": {"enabled": True, "tlsSecret": "tls", "className": "traefik"},
    "httpRoute": {"enabled": True, "parentRefs": [{"name": "gateway"}], "hostnames": ["a.test"]},
    "monitoring": {"serviceMonitor": {"enabled": True}, "dashboard": {"enabled": True}},
    "web": {"autoscaling": {"enabled": True}},
    "api": {"autoscaling": {"enabled": True}},
    "tools": {"autoscaling": {"enabled": True}},
    "auth": {"autoscaling": {"enabled": True}},
}


def from_file(name: str) -> Thing:
    """Return the values of one of the chart's files."""
    values: Thing = yaml.safe_load((CHART / name).read_text())
    return values


PROFILES: dict[str, Thing] = {
    "default": {},
    "minikube": from_file("values-minikube.yaml"),
    "neon": from_file("values-neon.yaml"),
    "existing": EXISTING,
    "everything": EVERYTHING,
}


@cache
def _chart() -> helm_python.Chart:
    return helm_python.Chart.load(str(CHART))


def files(values: Thing, *, release: str = "todo-chatbot", namespace: str = "todo") -> Thing:
    """Return what Helm makes of each template."""
    rendered: Thing = _chart().render(values, name=release, namespace=namespace)
    return rendered


class _Loader(yaml.CSafeLoader):
    """Refuses what YAML forbids and PyYAML lets pass: the same key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key twice in {keys}"
        return super().construct_mapping(node, deep)


def render(values: Thing, *, release: str = "todo-chatbot", namespace: str = "todo") -> list[Thing]:
    """Return every object of a release, tests included."""
    documents = files(values, release=release, namespace=namespace)
    return [
        thing
        for name in sorted(documents)
        if name.endswith(".yaml")
        for thing in yaml.load_all(documents[name], _Loader)
        if thing
    ]


def refuses(values: Thing) -> str:
    """Return why the chart refuses values, or nothing if it takes them."""
    try:
        _chart().validate_schema(values)
        files(values)
    except helm_python.HelmError as error:
        return str(error)
    return ""


def of_kind(things: list[Thing], *kinds: str) -> list[Thing]:
    """Return the objects of some kinds."""
    return [thing for thing in things if thing["kind"] in kinds]


def pods(things: list[Thing]) -> Iterator[tuple[str, Thing]]:
    """Give each pod that the release runs, with the name of what runs it."""
    for thing in of_kind(things, "Deployment", "StatefulSet", "Job"):
        yield thing["metadata"]["name"], thing["spec"]["template"]


def containers(pod: Thing) -> list[Thing]:
    """Return all containers of a pod, those that run first included."""
    spec = pod["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]


def component(thing: Thing) -> str:
    """Return which component an object or a pod belongs to."""
    name: str = thing["metadata"]["labels"]["app.kubernetes.io/component"]
    return name
