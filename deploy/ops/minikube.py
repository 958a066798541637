"""The Minikube profile that `make minikube` uses, and nothing else of Minikube."""

import json

from ops.shell import Failed, run

PROFILE = "todo"
"""Also the name of its context."""

START = (
    "--driver=docker",
    "--kubernetes-version=v1.34.0",
    "--container-runtime=containerd",
    "--cni=calico",                 # the default does not enforce NetworkPolicies
    "--addons=metrics-server",
    "--cpus=2",
    "--memory=4g",
    "--keep-context",               # whoever uses another cluster goes on using it
    "--interactive=false",
)  # fmt: skip


def running() -> bool:
    """Return whether the profile runs."""
    try:
        status = json.loads(run(["minikube", "--profile", PROFILE, "status", "--output", "json"]))
    except (Failed, ValueError):
        return False
    return isinstance(status, dict) and status.get("APIServer") == "Running"


def start() -> None:
    """Start the profile, making it first if it is not there."""
    run(["minikube", "--profile", PROFILE, "start", *START])


def load(image: str) -> None:
    """Bring an image from Docker into the cluster, unless it is there."""
    there = run(["minikube", "--profile", PROFILE, "image", "ls"])
    if not any(line.endswith(image) for line in there.split()):
        run(["minikube", "--profile", PROFILE, "image", "load", image])


def delete() -> None:
    """Remove the profile with everything in it."""
    run(["minikube", "--profile", PROFILE, "delete"])
