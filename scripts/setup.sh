#!/usr/bin/env bash
# Installs what the build, the demo and the tests need and this machine lacks. Quick when nothing is missing.
# What comes from PyPI and npm must have the hash that stands in a lock (scripts/locks.py), and runs nothing of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/need.sh
need cc gcc
need c++ g++
need nm binutils
need cmake cmake
need make make
need pkg-config pkg-config
need abidiff abigail-tools
need valgrind valgrind
need python3 python3
need npm npm
need luajit luajit
need ruby ruby
need redis-server redis-server
need haproxy haproxy
# JNA is small. A JDK, Go and Free Pascal are big: the examples that need them are tested where they are.
if command -v javac >/dev/null && [ ! -e /usr/share/java/jna.jar ]; then packages+=(libjna-java); fi
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)

install_needed

if ! command -v cargo >/dev/null; then
  echo "Missing: Rust. Install it from https://rustup.rs, then run this again." >&2
  exit 1
fi
for component in rustfmt clippy; do
  cargo "${component/rust/}" --version >/dev/null 2>&1 || rustup component add "$component"
done

requirements=(bindings/python/requirements-dev.txt scripts/tools.txt)
if ! cat "${requirements[@]}" | cmp -s - .venv/installed; then
  echo "Python: installing the test tools"
  rm -rf .venv
  python3 -m venv .venv
  # Wheels alone: what a source distribution needs to be built is in no lock.
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
    "${requirements[@]/#/--requirement=}"
  cat "${requirements[@]}" >.venv/installed
fi

bindings/csharp/tools/setup.sh

if ! cmp -s examples/other/package-lock.json .tools/node/installed; then
  echo "Node.js: installing what its example needs (4 MB)"
  rm -rf .tools/node
  mkdir -p .tools/node
  cp examples/other/package.json examples/other/package-lock.json .tools/node/
  npm ci --prefix .tools/node --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  cp examples/other/package-lock.json .tools/node/installed
fi
