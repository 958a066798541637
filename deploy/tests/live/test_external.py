"""A database beside the release, reached as Neon is: by two hosts, as an owner with few rights."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from live.conftest import ORIGIN
from live.system import System
from ops.cluster import RELEASE, Cluster

PASSWORD = "p@ss/w:rd #1%$(X)'\\?&"
HOSTS = {"DATABASE_URL": "ep-test-pooler", "MIGRATE_DATABASE_URL": "ep-test"}
"""Both are the same server: the pooler between is Neon's."""

SCRIPT = """
set -eu
data=/tmp/data
initdb --pgdata $data --username postgres --encoding UTF8 --locale C.UTF-8 --auth-local trust
echo 'host all all all scram-sha-256' >> $data/pg_hba.conf
here='-c unix_socket_directories=/tmp -c listen_addresses='
pg_ctl --pgdata $data --wait --silent --options "$here" start
psql --quiet --host /tmp --username postgres --set password="$PASSWORD" <<'SQL'
create role owner login createrole createdb bypassrls password :'password';
create database neondb owner owner;
SQL
pg_ctl --pgdata $data --wait --silent stop
exec postgres -D $data -c listen_addresses='*' -c unix_socket_directories=/tmp
"""


@pytest.fixture
def elsewhere(system: System) -> Iterator[Cluster]:
    """Another namespace, in which a PostgreSQL runs and the Secret with its URLs lies."""
    cluster = Cluster(system.cluster.context, f"{system.cluster.namespace}-external")
    cluster.kubectl("delete", "namespace", cluster.namespace, "--ignore-not-found")
    cluster.create_namespace()
    for thing in _postgres(cluster.namespace):
        cluster.apply(thing)
    cluster.kubectl("rollout", "status", "deployment/postgres", "--timeout=3m")
    yield cluster
    cluster.kubectl("delete", "namespace", cluster.namespace, "--wait=false")


@pytest.mark.requirement("005/FR-096", "005/FR-044")
def test_an_external_database_serves_in_place_of_ours(system: System, elsewhere: Cluster) -> None:
    few: dict[str, Any] = {name: {"replicas": 1} for name in ("api", "tools", "auth", "web")}
    values = {"images": system.values["images"], "publicUrl": ORIGIN} | few

    elsewhere.upgrade(values, "values-minikube.yaml", "values-neon.yaml")
    elsewhere.test()

    ours = f"--selector=app.kubernetes.io/instance={RELEASE}"
    left = elsewhere.get("statefulsets,persistentvolumeclaims,configmaps", ours)["items"]
    secrets = elsewhere.get("secrets", ours)["items"]
    assert left == []
    assert [one["metadata"]["name"] for one in secrets] == [f"{RELEASE}-signing"]


def _postgres(namespace: str) -> list[dict[str, Any]]:
    labels = {"app": "postgres"}
    owner = f"owner:{quote(PASSWORD, safe='')}"
    urls = {
        name: f"postgresql://{owner}@{host}.{namespace}/neondb?sslmode=disable\n"
        for name, host in HOSTS.items()
    }
    return [
        _thing("v1", "Secret", f"{RELEASE}-database", stringData=urls),
        _thing("v1", "Secret", "postgres", stringData={"PASSWORD": PASSWORD}),
        *(
            _thing("v1", "Service", host, spec={
                "selector": labels, "ports": [{"port": 5432, "protocol": "TCP"}],
            })
            for host in HOSTS.values()
        ),
        _thing("apps/v1", "Deployment", "postgres", spec={
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": _pod()},
        }),
    ]  # fmt: skip


def _thing(version: str, kind: str, name: str, **rest: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **rest}


def _pod() -> dict[str, Any]:
    container = {
        "name": "postgres",
        "image": "postgres:18-trixie",
        "command": ["sh", "-c", SCRIPT],
        "envFrom": [{"secretRef": {"name": "postgres"}}],
        "readinessProbe": {"tcpSocket": {"port": 5432}, "periodSeconds": 2},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
    return {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 999,
            "runAsGroup": 999,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }
