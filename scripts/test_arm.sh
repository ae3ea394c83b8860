#!/usr/bin/env bash
# Tests what is shipped for Linux on aarch64 under QEMU: the library with C, C++ and Python, and the programs.
# Sandboxes and peers are this machine's own. Where nothing has changed since it passed, it says so and ends.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/need.sh
need qemu-aarch64 qemu-user
need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
need aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
install_needed

target=$(realpath "${CARGO_TARGET_DIR:-target}")
built=$target/platforms/linux-aarch64
arm=$target/arm
mkdir -p "$arm"
.venv/bin/python scripts/platforms.py build linux-aarch64

inputs=(api bindings/python cli examples include relay/tests sandbox tests scripts/arm_root.sh scripts/test_arm.sh)
sum() {
  { git ls-files -z --cached --others --exclude-standard "${inputs[@]}" | xargs -0 sha256sum; sha256sum "$built"/*; } |
    sha256sum
}
if [ "$(sum)" = "$(cat "$arm/passed" 2>/dev/null)" ]; then
  echo "Nothing has changed since the tests for aarch64 passed: rm $arm/passed to run them again."
  exit 0
fi

newest=$(aarch64-linux-gnu-objdump -T "$built"/libwhop_license.so "$built"/whop-* | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)
echo "The newest glibc that is asked for: $newest"
[ "$(printf '%s\n' GLIBC_2.17 "$newest" | sort -V | tail -1)" = GLIBC_2.17 ]

root=$arm/root
scripts/arm_root.sh "$root"
in_place_of() { # in_place_of FILE PROGRAM: FILE runs PROGRAM under QEMU
  printf '#!/bin/sh\nexec %s -L %s %s "$@"\n' "$(command -v qemu-aarch64)" "$root" "$2" >"$1"
  chmod +x "$1"
}
mkdir -p "$arm/programs"
for program in "$built"/whop-*; do
  in_place_of "$arm/programs/$(basename "$program")" "$program"
done
in_place_of "$arm/python3" "$root/usr/bin/python3"

echo "C and C++:"
# Not these: QEMU makes no process namespaces; its threads end later than the program's, and a child that was forked from several
# threads can start none; `date` of this machine is of another processor.
WHOP_LIBRARY=$built/libwhop_license.so WHOP_TOOLS=aarch64-linux-gnu- WHOP_RUNNER="qemu-aarch64 -L $root" \
  cargo test --locked --quiet --test c_abi --test faults --test network --test relay -- \
  deadline:: device:: examples:: exports:: hosts:: memory:: programs:: from_c:: addresses:: no_proxy environment \
  --skip with_the_same_process_id --skip lookups --skip whatever_else_changes

echo "The relay, the sandbox and the command line:"
export WHOP_PROGRAMS=$arm/programs
cargo test --locked --quiet -p whop-relay --test front
# Not `--relay`: the kernel of this machine cannot start the other program itself.
cargo test --locked --quiet -p whop-sandbox --test sandbox -- program:: --skip relay_answers_before_the_sandbox
cargo test --locked --quiet -p whop-license-cli --test cli

echo "Python:"
# The package with the other library beside it, and what its tests read.
tree=$arm/tree
rm -rf "$tree"
mkdir -p "$tree/bindings"
ln -s "$PWD"/{api,examples,include,tests} "$tree/"
cp -r bindings/python "$tree/bindings/"
cp "$built/libwhop_license.so" "$tree/bindings/python/whop_license/"
packages=$(echo "$PWD"/.venv/lib/python3*/site-packages)
cd "$tree/bindings/python"
# Not those of wheels, nor those that compare thousands of bodies with what Python reads in them: they take too long under QEMU.
# The tests start Python again: the kernel of this machine cannot start the program itself.
WHOP_SANDBOX=$target/debug/whop-sandbox PYTHONPATH=$packages "$arm/python3" -c "
import platform, sys, pytest
assert platform.machine() == 'aarch64'
sys.executable = '$arm/python3'
sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '--ignore=tests/test_wheel.py', '--ignore=tests/test_differential.py']))
"
cd "$OLDPWD"

sum >"$arm/passed"
echo "All tests for aarch64 passed."
