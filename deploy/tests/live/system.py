"""What is installed, and what the tests do to it."""

from dataclasses import dataclass
from typing import Any

from live.people import People
from ops.cluster import RELEASE, Cluster

COMPONENTS = ("api", "tools", "auth", "web")


@dataclass
class System:
    """One release of the chart, and somebody who talks to it."""

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
        for component in COMPONENTS:
            self.cluster.kubectl(
                "rollout", "status", f"deployment/{RELEASE}-{component}", "--timeout=5m"
            )
