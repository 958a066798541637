"""What is wrong with the pods that are not well."""

import json
from typing import Any

from ops.cluster import Cluster
from ops.shell import Failed

LINES = 15


def report(cluster: Cluster) -> str:
    """Return the state, the latest events and the last lines of every pod that is not well."""
    try:
        pods = cluster.get("pods")["items"]
    except Failed as failed:
        return str(failed)
    return "\n\n".join(_of(cluster, pod) for pod in pods if not _well(pod))


def _well(pod: dict[str, Any]) -> bool:
    if pod["status"]["phase"] == "Succeeded" or "deletionTimestamp" in pod["metadata"]:
        return True
    conditions = pod["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _of(cluster: Cluster, pod: dict[str, Any]) -> str:
    name = pod["metadata"]["name"]
    statuses = pod["status"].get("initContainerStatuses", []) + pod["status"].get(
        "containerStatuses", []
    )
    parts = [f"pod {name}: {pod['status']['phase']}"]
    parts += [f"  {one['name']}: {json.dumps(one['state'])}" for one in statuses]
    parts += _events(cluster, name)
    parts += [line for one in statuses for line in _logs(cluster, name, one["name"])]
    return "\n".join(parts)


def _events(cluster: Cluster, name: str) -> list[str]:
    events = cluster.get("events", f"--field-selector=involvedObject.name={name}")["items"]
    events.sort(key=lambda event: event.get("lastTimestamp") or "")
    return [f"  event {one['reason']}: {one['message']}" for one in events[-5:]]


def _logs(cluster: Cluster, pod: str, container: str) -> list[str]:
    try:
        said = cluster.kubectl("logs", pod, f"--container={container}", f"--tail={LINES}")
    except Failed:
        return []
    return [f"  {container} | {line}" for line in said.splitlines()]
