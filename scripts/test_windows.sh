#!/usr/bin/env bash
# Proves the library for Windows under Wine: builds it, makes a Windows below target/windows, and runs tests/windows there.
# Installs what it needs beside scripts/setup.sh and this machine lacks.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
[ -x /usr/lib/wine/wine64 ] || command -v wine64 >/dev/null || packages+=(wine64)
command -v x86_64-w64-mingw32-gcc >/dev/null || packages+=(gcc-mingw-w64-x86-64)
command -v x86_64-w64-mingw32-g++ >/dev/null || packages+=(g++-mingw-w64-x86-64)
if [ ${#packages[@]} -gt 0 ]; then
  install="apt-get install -y --no-install-recommends ${packages[*]}"
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "Missing: ${packages[*]}. Install them, then run this again: sudo $install" >&2
    exit 1
  fi
  echo "Installing ${packages[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
fi

.venv/bin/python scripts/platforms.py build windows-x86_64
cargo build --locked -p whop-sandbox -p whop-relay
.venv/bin/python tests/windows/prepare.py
export WHOP_SANDBOX=$PWD/target/debug/whop-sandbox
export PYTHONPATH=$PWD/bindings/python:$PWD/bindings/python/tests
.venv/bin/python -m pytest -q -p no:cacheprovider tests/windows "$@"
tests/windows/rust.sh
