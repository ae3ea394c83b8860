#!/usr/bin/env bash
# reproduce.sh [PLATFORM...]: builds this commit again in a fresh clone in another folder, and compares each file with target/dist.
# `make dist` comes first.
set -euo pipefail
cd "$(dirname "$0")/.."
first=$PWD/target/dist
[ -e "$first/SHA256SUMS" ] || { echo "target/dist is not there: run make dist" >&2; exit 1; }

again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
git clone --quiet . "$again/a/longer/path"
ln -s "$PWD/.venv" "$again/a/longer/path/.venv"
cd "$again/a/longer/path"
env -u CARGO_TARGET_DIR .venv/bin/python scripts/dist.py "$@"

cd target/dist
differ=0
for file in *; do
  [ "$file" = SHA256SUMS ] && continue
  if cmp "$file" "$first/$file"; then echo "same: $file"; else differ=1; fi
done
exit $differ
