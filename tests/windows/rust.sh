#!/usr/bin/env bash
# The library's own tests in Rust, as programs for Windows.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="env WINEPREFIX=$PWD/target/windows/prefix WINEDEBUG=-all \
WINEDLLOVERRIDES=mscoree,mshtml= $(command -v wine64 || echo /usr/lib/wine/wine64)"
skipped=(
  # They compile C for Unix, or fork.
  cut_off:: lookups:: played:: programs:: proxies:: public_relay:: dead_first_address
  # They are about the speed of Linux, which Wine has not.
  kept_connection_that_is_gone none_of_5000_validations
)
cargo test --locked --target x86_64-pc-windows-gnu --package whop-license --lib \
  --test current --test deadline --test leases --test network --test relay -- "${skipped[@]/#/--skip=}"
