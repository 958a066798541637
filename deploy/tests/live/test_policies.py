"""Who reaches whom, tried from inside the pods."""

from typing import Any

import pytest

from live.system import System
from ops.cluster import RELEASE
from ops.shell import Failed
from static.test_network import ARROWS, PORTS

PLACES = {name: f"deployment/{RELEASE}-{name}" for name in ("api", "tools", "auth", "web")} | {
    "postgres": f"{RELEASE}-postgres-0",
    "tests": "job/people",
}

CANARY = """
from http.server import HTTPServer, BaseHTTPRequestHandler
HTTPServer(("", 8000), BaseHTTPRequestHandler).serve_forever()
"""


def arrives(system: System, start: str, end: str) -> bool:
    """Whether a component reaches the Service of another."""
    return reaches(system, start, f"{RELEASE}-{end}", 80 if end == "web" else PORTS[end])


def reaches(system: System, start: str, host: str, port: int) -> bool:
    """Whether a connection comes about."""
    knock = ("timeout", "3", "bash", "-c", f"</dev/tcp/{host}/{port}")
    try:
        system.cluster.kubectl("exec", PLACES[start], "--", *knock)
    except Failed:
        return False
    return True


@pytest.mark.requirement("005/FR-097", "005/FR-050")
def test_every_arrow_lets_through(system: System) -> None:
    closed = {
        (start, end) for start, end in ARROWS if start in PLACES and not arrives(system, start, end)
    }

    assert closed == set()


@pytest.mark.requirement("005/FR-097", "005/FR-050")
def test_every_other_way_is_closed(system: System) -> None:
    if reaches(system, "tests", _canary(system), 8000):
        pytest.skip("this cluster's network does not enforce policies")
    others = {(start, end) for start in PLACES for end in PORTS if start != end} - ARROWS
    open_ = {(start, end) for start, end in others if arrives(system, start, end)}

    assert open_ == set()


def _canary(system: System) -> str:
    """Return the address of a pod that a policy of its own lets nobody reach."""
    labels = {"app": "canary"}
    people = system.cluster.get("job", "people")["spec"]["template"]["spec"]
    container = people["containers"][0] | {"command": ["python", "-c", CANARY]}
    pod = people | {"containers": [container]}
    policy = {"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress"]}
    things: list[dict[str, Any]] = [
        _thing("networking.k8s.io/v1", "NetworkPolicy", policy),
        _thing("batch/v1", "Job", {"template": {"metadata": {"labels": labels}, "spec": pod}}),
    ]
    for thing in things:
        system.cluster.apply(thing)
    chosen = "--selector=job-name=canary"
    system.cluster.kubectl("wait", "--for=condition=ready", "pod", chosen, "--timeout=60s")
    [found] = system.cluster.get("pods", chosen)["items"]
    address: str = found["status"]["podIP"]
    return address


def _thing(version: str, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "canary"}, "spec": spec}
