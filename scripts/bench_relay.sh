#!/usr/bin/env bash
# Measures what a relay holds and prints a table: what, the goal, what was measured. Names choose: throughput, memory,
# hostile, first_uses, patch_day, guessing. Nothing is asserted about times: read the table.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo bench --locked --quiet -p whop-relay --bench holds --no-run
echo "$(nproc) cores: $(sed -n 's/^model name\t: //p' /proc/cpuinfo | head -1); load $(cut -d' ' -f1 /proc/loadavg) at the start; $(date -u +%F)"
ulimit -n "$(ulimit -Hn)"
cargo bench --locked --quiet -p whop-relay --bench holds -- "$@"
cat <<'END'

What limits a cached check: one process on one core reads a request, looks in the cache, signs (Ed25519) and writes the answer. The
line "Ed25519 alone" says what of that is signing; a lease that comes with a request is verified only when Whop has to be asked.
What limits the rest is Whop: --whop-limit requests a second of each operation. Customers with a lease run from that meanwhile.
The load, the relay, Redis, HAProxy and the sandbox share the cores of this machine.
END
