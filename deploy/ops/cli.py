"""`python -m ops`: what stands behind `make minikube`, `make deploy` and `make compose`."""

import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from ops import doctor, dotenv, minikube, secrets, trouble
from ops.cluster import RELEASE, Cluster
from ops.install import install
from ops.shell import Failed, run
from ops.steps import console, step

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

DEFAULT_MODEL = "gpt-5-mini"
"""api's own default."""

Port = Annotated[int, typer.Option(help="Port of this machine at which the page opens.")]


@app.command("minikube")
def minikube_up(
    port: Port = 8000,
    serve: Annotated[bool, typer.Option(help="Keep a port open until Ctrl+C.")] = True,
) -> None:
    """Run everything on Minikube."""
    _examine(doctor.DOCKER, doctor.MINIKUBE, doctor.KUBECTL, doctor.HELM)
    cluster = Cluster(minikube.PROFILE)
    with _explaining(cluster):
        if not minikube.running():
            with step("Start Minikube (minutes, the first time)"):
                minikube.start()
        public = {"publicUrl": f"http://localhost:{port}"}
        install(cluster, minikube.load, values_files=("values-minikube.yaml",), further=public)
    if serve:
        _serve(cluster, port)


@app.command("minikube-down")
def minikube_down() -> None:
    """Remove the Minikube profile with everything in it."""
    with _explaining(None), step("Remove Minikube's profile"):
        minikube.delete()


@app.command()
def deploy(
    context: Annotated[str, typer.Option(help="Context of the cluster, as kubectl names it.")],
    namespace: str = "todo",
    load: Annotated[
        str, typer.Option(help="Command that brings an image, its last argument, to the nodes.")
    ] = "",
    port: Port = 8000,
) -> None:
    """Build, load, install and test on any cluster."""
    _examine(doctor.DOCKER, doctor.KUBECTL, doctor.HELM)
    cluster = Cluster(context, namespace)

    def bring(image: str) -> None:
        if load:
            run([*shlex.split(load), image])

    with _explaining(cluster):
        install(cluster, bring, further={"publicUrl": f"http://localhost:{port}"})
    forward = " ".join(cluster.kubectl_argv(*_forward(port)))
    console.print(f"\nOpen http://localhost:{port} while this runs:\n  {forward}")


@app.command()
def compose() -> None:
    """Run everything under Docker."""
    _examine(doctor.DOCKER)
    env = dotenv.ensure()
    model = secrets.model(env)
    # What the page says about who answers: api finds it out by itself.
    page = {"ASSISTANT_PROVIDER": model["provider"]}
    if model["provider"] != "offline":
        page["ASSISTANT_MODEL"] = model.get("name", DEFAULT_MODEL)
    with _explaining(None), step("Build and start everything"):
        argv = ["docker", "compose", "up", "--build", "--detach", "--wait"]
        run(argv, env={**os.environ, **page})
    port = os.environ.get("WEB_PORT") or env.get("WEB_PORT", "8000")
    console.print(f"\nOpen http://localhost:{port}  (ends with: make compose-down)")


def _examine(*tools: doctor.Tool) -> None:
    with step("Examine the tools"):
        faults = doctor.examine(*tools)
    if faults:
        console.print("\n".join(f"[red]✗[/red] {fault}" for fault in faults))
        raise typer.Exit(69)


@contextmanager
def _explaining(cluster: Cluster | None) -> Iterator[None]:
    """Let a failing step end the command with what can be known about it."""
    try:
        yield
    except Failed as failed:
        console.print(f"\n{failed}", markup=False)
        if cluster is not None:
            console.print(trouble.report(cluster), markup=False)
        raise typer.Exit(1) from None


def _forward(port: int) -> tuple[str, ...]:
    return ("port-forward", f"service/{RELEASE}-web", f"{port}:80")


def _serve(cluster: Cluster, port: int) -> None:
    console.print(f"\nOpen http://localhost:{port}  (Ctrl+C closes the port, the cluster goes on)")
    argv = cluster.kubectl_argv(*_forward(port))
    try:
        # A port leads to one pod and ends with it.
        while subprocess.run(argv, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            time.sleep(1)
    except KeyboardInterrupt:
        console.print("The port is closed. Remove everything: make minikube-down")
