"""Brings the system to a cluster: images, Secrets, chart, journey."""

from collections.abc import Callable
from typing import Any

from ops import dotenv, images, secrets
from ops.cluster import Cluster
from ops.steps import step


def install(
    cluster: Cluster,
    load: Callable[[str], None],
    *,
    values_files: tuple[str, ...] = (),
    further: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Build, load, install and test, and return the values that were used.

    Whatever is the same as the last time stays as it is, pods included.
    """
    built = {}
    for name in images.NAMES:
        with step(f"Build the image of {name}") as notes:
            built[name] = images.build(name)
            notes.append(built[name])
    for name, image in built.items():
        with step(f"Load the image of {name}"):
            load(image)
    with step("Make the Secrets from .env"):
        cluster.create_namespace()
        values = secrets.apply(cluster, dotenv.ensure())
    values |= images.values(built) | (further or {})
    with step("Install the chart and wait until it serves"):
        cluster.upgrade(values, *values_files)
    with step("Sign up, chat and read back in the cluster (helm test)"):
        cluster.test()
    return values
