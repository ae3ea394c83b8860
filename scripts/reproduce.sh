#!/usr/bin/env bash
# reproduce.sh [PLATFORM...]: builds this commit again in a fresh clone in another folder, and compares every file with target/dist,
# which `make dist` has written of the same commit; or only the files of some platforms.
set -euo pipefail
cd "$(dirname "$0")/.."
first=$(realpath "${CARGO_TARGET_DIR:-target}/dist")
[ -e "$first/SHA256SUMS" ] || {
  echo "target/dist is not there: run make dist" >&2
  exit 1
}

again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
clone="$again/a longer/path"
git clone --quiet . "$clone"
ln -s "$PWD/.venv" "$clone/.venv"
cd "$clone"
env -u CARGO_TARGET_DIR CI=true .venv/bin/python scripts/dist.py "$@"

# A second build of fewer platforms has fewer files.
cd target/dist
if [ $# = 0 ]; then diff "$first/SHA256SUMS" SHA256SUMS; fi
(cd "$first" && sha256sum --check "$clone/target/dist/SHA256SUMS")
