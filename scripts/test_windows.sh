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
target=$(realpath "${CARGO_TARGET_DIR:-target}")
export WHOP_SANDBOX=$target/debug/whop-sandbox
export PYTHONPATH=$PWD/bindings/python:$PWD/bindings/python/tests

# What is tested, with what tests it.
sum() {
  {
    git ls-files -z --cached --others --exclude-standard api bindings examples include sandbox src tests scripts/test_windows.sh |
      xargs -0 sha256sum
    sha256sum "$target"/platforms/windows-x86_64/*
  } | sha256sum
}
passed=$target/test-windows-passed
if [ "$(sum)" = "$(cat "$passed" 2>/dev/null)" ]; then
  echo "Nothing has changed since the tests for Windows passed: rm $passed to run them again."
  exit 0
fi
.venv/bin/python -m pytest -q -p no:cacheprovider tests/windows
tests/windows/rust.sh
sum >"$passed"
echo "All tests for Windows passed."
