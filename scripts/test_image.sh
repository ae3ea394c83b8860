#!/usr/bin/env bash
# Tests the static programs for Linux where nothing is but themselves, and the relay's container image. As root, or where users
# may make namespaces. Where nothing has changed since it passed, it says so and ends.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/need.sh
need qemu-aarch64-static qemu-user-static
need podman podman
need runc runc
need skopeo skopeo
need umoci umoci
install_needed

target=$(realpath "${CARGO_TARGET_DIR:-target}")
platforms=(linux-x86_64-musl linux-aarch64-musl)
.venv/bin/python scripts/platforms.py build --only programs "${platforms[@]}"

sum() {
  {
    git rev-parse HEAD # It is in the image.
    sha256sum tests/empty_root/*.py scripts/{image,test_image}.* relay/deploy/*
    sha256sum "${platforms[@]/#/$target/platforms/}"/whop-*
  } | sha256sum
}
passed=$target/test-image-passed
if [ "$(sum)" = "$(cat "$passed" 2>/dev/null)" ]; then
  echo "Nothing has changed since the tests of the image passed: rm $passed to run them again."
  exit 0
fi
.venv/bin/python -m pytest -q -p no:cacheprovider tests/empty_root
sum >"$passed"
echo "All tests of the static programs and of the image passed."
