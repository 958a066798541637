#!/bin/bash
# The live tests on a machine without a container registry and without a cluster: stand-in bases, and a one-node Kubernetes
# from a kit of scripts (prepare.sh, up.sh, load.sh, old-api.sh, down.sh) in the folder that CLUSTER_KIT names.
set -euo pipefail

kit=$(realpath "${CLUSTER_KIT:?must name the folder of the kit}")
cd "$(dirname "$0")/../.."

started=
finish() {
    "$kit/down.sh"
    if [ -n "$started" ]; then kill "$started"; fi
}
trap finish EXIT

if ! docker info > /dev/null 2>&1; then
    dockerd > "${TMPDIR:-/tmp}/dockerd.log" 2>&1 &
    started=$!
    for _ in $(seq 60); do docker info > /dev/null 2>&1 && break; sleep 0.5; done
fi
if ! docker image inspect debian:trixie-slim > /dev/null 2>&1; then deploy/tests/standins/bases.sh; fi

"$kit/prepare.sh"
"$kit/up.sh"
eval "$("$kit/up.sh" env)"
"$kit/load.sh" postgres:18-trixie
export HELM=helm3 HELM_ARGS="--post-renderer $kit/old-api.sh"
make test-cluster CONTEXT=klab LOAD="$kit/load.sh"
