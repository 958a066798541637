"""One namespace of one cluster, reached through kubectl and helm with its context always named."""

import json
import os
import shlex
from dataclasses import dataclass, field
from typing import Any

from ops.shell import Failed, run

CHART = "deploy/charts/todo-chatbot"
RELEASE = "todo-chatbot"


@dataclass(frozen=True)
class Cluster:
    """Where to install. Nothing here ever uses whatever context happens to be the current one."""

    context: str
    namespace: str = "todo"
    helm_program: str = field(default_factory=lambda: os.environ.get("HELM", "helm"))
    helm_args: tuple[str, ...] = field(
        default_factory=lambda: tuple(shlex.split(os.environ.get("HELM_ARGS", "")))
    )
    """Further arguments of install and upgrade, such as a post-renderer."""

    def kubectl(self, *args: str, stdin: str | None = None, timeout_seconds: float = 600) -> str:
        """Run kubectl on this namespace and return its output."""
        return run(self.kubectl_argv(*args), stdin=stdin, timeout_seconds=timeout_seconds)

    def kubectl_argv(self, *args: str) -> list[str]:
        """Return the command line of kubectl on this namespace."""
        return ["kubectl", "--context", self.context, "--namespace", self.namespace, *args]

    def helm(self, *args: str, stdin: str | None = None) -> str:
        """Run helm on this namespace and return its output."""
        where = ["--kube-context", self.context, "--namespace", self.namespace]
        return run([self.helm_program, *where, *args], stdin=stdin)

    def get(self, *what: str) -> dict[str, Any]:
        """Return objects as kubectl gives them in JSON."""
        found: dict[str, Any] = json.loads(self.kubectl("get", *what, "--output", "json"))
        return found

    def upgrade(self, values: dict[str, Any], *files: str, timeout: str = "10m") -> None:
        """Install the chart, or bring what is installed up to date, and wait until it serves."""
        named = [part for file in files for part in ("--values", f"{CHART}/{file}")]
        self.helm(
            "upgrade", "--install", RELEASE, CHART, *named, "--values", "-",
            "--wait", "--wait-for-jobs", "--timeout", timeout, *self.helm_args,
            stdin=json.dumps(values),
        )  # fmt: skip

    def test(self) -> None:
        """Take the chart's journey.

        Raises:
            Failed: with the journey's own words.
        """
        try:
            self.helm("test", RELEASE, "--timeout", "6m")
        except Failed as failed:
            said = self.kubectl("logs", f"job/{RELEASE}-journey", "--tail=20")
            raise Failed(f"{failed}\n{said}") from None

    def create_namespace(self) -> None:
        """Make the namespace, and have it refuse every pod that is not "restricted"."""
        enforce = {"pod-security.kubernetes.io/enforce": "restricted"}
        metadata = {"name": self.namespace, "labels": enforce}
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})

    def apply(self, thing: dict[str, Any]) -> None:
        """Make an object as given. Server-side: it leaves no copy in an annotation."""
        manager = ("--server-side", "--field-manager=todo-chatbot-ops", "--force-conflicts")
        self.kubectl("apply", *manager, "--filename", "-", stdin=json.dumps(thing))
