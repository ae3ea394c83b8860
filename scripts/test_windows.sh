#!/usr/bin/env bash
# Proves the library for Windows under Wine: builds it, makes a Windows below target/windows, and runs tests/windows there.
# Installs what it needs beside scripts/setup.sh and this machine lacks.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/need.sh
[ -x /usr/lib/wine/wine64 ] || need wine64 wine64
need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64
need x86_64-w64-mingw32-g++ g++-mingw-w64-x86-64
install_needed

.venv/bin/python scripts/platforms.py build windows-x86_64
cargo build --locked -p whop-sandbox -p whop-relay
.venv/bin/python tests/windows/prepare.py
export WHOP_SANDBOX=$(realpath "${CARGO_TARGET_DIR:-target}")/debug/whop-sandbox
export PYTHONPATH=$PWD/bindings/python:$PWD/bindings/python/tests
.venv/bin/python -m pytest -q -p no:cacheprovider tests/windows "$@"
tests/windows/rust.sh
