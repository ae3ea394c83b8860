#!/usr/bin/env bash
# Runs the C programs of the tests with the library itself built for AddressSanitizer, then for ThreadSanitizer.
# Everything else is in `make test`: there the C programs alone are built so.
set -euo pipefail
cd "$(dirname "$0")/.."
target_dir=${CARGO_TARGET_DIR:-target}
host=$(rustc -vV | sed -n 's/^host: //p')

sanitize() { # sanitize NAME FLAGS_OF_THE_PROGRAMS [CARGO_ARGUMENT...]
  # The sanitizers of a stable compiler are hidden, not absent.
  RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1" cargo build --locked --lib --target "$host" \
    --target-dir "$target_dir/sanitize-$1" "${@:3}"
  # A library that has a sanitizer loads into programs with the same one alone, and likes fixed addresses.
  WHOP_LIBRARY=$(realpath "$target_dir/sanitize-$1/$host/debug/libwhop_license.so") WHOP_FLAGS=$2 \
    WHOP_RUNNER="setarch --addr-no-randomize" \
    WHOP_STAGES=300 cargo test --locked --test c_abi --test faults --test network -- \
    calls:: hosts:: programs:: from_c:: lookups_are_few \
    --skip pending_calls_of_a_parent # a sanitizer's allocator stays locked in a child if a thread of the parent held it
}

sanitize address "-fsanitize=address,undefined -fno-sanitize-recover=all"

# What threads do goes through Rust's standard library, so that has to be built too; and gcc's own runtime is too old.
rustup component add rust-src
runtime=$(echo "$(rustc --print sysroot)/lib/rustlib/$host/lib"/librustc-*_rt.tsan.a)
sanitize thread "-rdynamic -Wl,--whole-archive,$runtime,--no-whole-archive -lm" -Zbuild-std
