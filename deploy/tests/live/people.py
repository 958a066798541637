"""People in the cluster: a Job whose pod talks to web, and what it says."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ops.cluster import RELEASE, Cluster

INSIDE = (Path(__file__).parent / "inside.py").read_text()


class People:
    """Somebody inside the cluster, where no port-forward stands between them and web."""

    def __init__(self, cluster: Cluster, image: str, origin: str) -> None:
        """Start the pod; it has the labels, and thus the rights, of the chart's own tests."""
        self._cluster = cluster
        cluster.apply(_job(image, origin))
        cluster.kubectl(
            "wait", "--for=condition=ready", "pod", "--selector=job-name=people", "--timeout=120s"
        )

    def do(self, *command: str) -> Any:
        """Run one command of inside.py and return its result."""
        said = self._cluster.kubectl(*self._exec(*command), stdin=INSIDE)
        return json.loads(said.splitlines()[-1])

    @contextmanager
    def talking(self) -> Iterator[Callable[[], dict[str, Any]]]:
        """Have people talk all the time; the function given ends it and returns what they saw."""
        argv = self._cluster.kubectl_argv(*self._exec("people"))
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(INSIDE)
        process.stdin.close()
        try:
            assert process.stdout.readline() == "talking\n"

            def end() -> dict[str, Any]:
                self._cluster.kubectl("exec", "job/people", "--", "touch", "/tmp/stop")
                assert process.stdout is not None
                seen: dict[str, Any] = json.loads(process.stdout.read())
                return seen

            yield end
        finally:
            process.stdout.close()
            process.terminate()
            process.wait()

    def _exec(self, *command: str) -> list[str]:
        return ["exec", "--stdin", "job/people", "--", "python", "-", *command]


def _job(image: str, origin: str) -> dict[str, Any]:
    labels = {
        "app.kubernetes.io/name": RELEASE,
        "app.kubernetes.io/instance": RELEASE,
        "app.kubernetes.io/component": "tests",
    }
    container = {
        "name": "people",
        "image": image,
        "command": ["sleep", "7200"],
        "env": [
            {"name": "WEB_URL", "value": f"http://{RELEASE}-web"},
            {"name": "PUBLIC_URL", "value": origin},
        ],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
    pod = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "people"},
        "spec": {"template": {"metadata": {"labels": labels}, "spec": pod}},
    }
