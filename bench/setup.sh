#!/usr/bin/env bash
# Installs what `make bench` needs beside what `make setup` installs. Quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/need.sh
need nginx nginx
need hyperfine hyperfine
need strace strace
need valgrind valgrind
need openssl openssl
pkg-config --exists libcurl || packages+=(libcurl4-openssl-dev)
pkg-config --exists openssl || packages+=(libssl-dev)
pkg-config --exists libcjson || packages+=(libcjson-dev)
install_needed

venv=target/bench/venv
if ! cmp -s bench/requirements.txt $venv/installed; then
  echo "Python: installing what measures, and what is measured against (60 MB)"
  rm -rf $venv
  python3 -m venv $venv
  $venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
    --requirement bench/requirements.txt
  cp bench/requirements.txt $venv/installed
fi
