#!/usr/bin/env bash
# advisories.sh [DENY_TOML]: fails if a crate that is used has a known security advisory. Says so where that cannot be
# known because the database cannot be reached.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" LC_ALL=C
deny=(cargo deny --locked --config "$(realpath "${1:-deny.toml}")")

status=0
said=$(timeout "${ADVISORIES_TIMEOUT:-60}" "${deny[@]}" fetch db 2>&1) || status=$?
# 124: out of time. Any other trouble, such as a fault in deny.toml, is not for want of a network.
if [ $status = 124 ] || [[ $said == *"failed to fetch advisory database"* ]]; then
  echo "advisories: NOT CHECKED, the database cannot be reached"
  exit 0
elif [ $status != 0 ]; then
  echo "$said" >&2
  exit $status
fi

# Offline: what was fetched, and no second chance for the network to fail. The crates have to be here for that.
cargo fetch --locked --quiet
"${deny[@]}" --offline check advisories
