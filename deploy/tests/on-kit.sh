#!/bin/bash
# The live tests on a machine without a container registry and without a cluster: stand-in bases, and a one-node Kubernetes
# from a kit of scripts (prepare.sh, up.sh, load.sh, old-api.sh, down.sh) in the folder that CLUSTER_KIT names.
#
# Needs root, and Debian's packages docker.io and mmdebstrap, which are installed if they are missing.
set -euo pipefail

kit=$(realpath "${CLUSTER_KIT:?must name the folder of the kit}")
cd "$(dirname "$0")/../.."
export PATH=$PWD/.venv/bin:$PATH # npm, where this machine has none

started=
client=
policies=
finish() {
    if [ -n "$policies" ]; then kill "$policies" || true; fi
    "$kit/down.sh"
    if [ -n "$started" ]; then kill "$started" || true; fi
    if [ -n "$client" ]; then rm -r "$client"; fi
}
trap finish EXIT

for program in dockerd mmdebstrap; do
    if command -v $program > /dev/null; then continue; fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io mmdebstrap > /dev/null
done
# A newer client without its plugin cannot build; Debian's own can.
client=$(mktemp -d)
if ! docker buildx version > /dev/null 2>&1; then
    ln -s /usr/bin/docker "$client/docker"
    PATH=$client:$PATH
fi

if ! docker info > /dev/null 2>&1; then
    dockerd > "${TMPDIR:-/tmp}/dockerd.log" 2>&1 &
    started=$!
    for _ in $(seq 60); do docker info > /dev/null 2>&1 && break; sleep 0.5; done
fi
bases=(debian:trixie-slim python:3.13-slim-trixie node:24-trixie-slim postgres:18-trixie)
if ! docker image inspect "${bases[@]}" > /dev/null 2>&1; then deploy/tests/standins/bases.sh; fi

"$kit/prepare.sh"
"$kit/up.sh"
eval "$("$kit/up.sh" env)"
"$kit/load.sh" postgres:18-trixie
python3 deploy/tests/standins/policies.py klab &
policies=$!

# Helm 4, unless HELM names another: it takes a plugin for what older ones take as a program.
if [ "${HELM:-helm}" = helm ]; then
    export HELM_PLUGINS=$kit/helm-plugins HELM_ARGS="--post-renderer old-api"
else
    export HELM_ARGS="--post-renderer $kit/old-api.sh"
fi
make test-cluster CONTEXT=klab LOAD="$kit/load.sh"
