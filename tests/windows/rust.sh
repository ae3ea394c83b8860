#!/usr/bin/env bash
# The library's own tests in Rust, as Windows programs. Those that fork, compile C or set modes are for Unix.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="env WINEPREFIX=$PWD/.tools/windows/prefix WINEDEBUG=-all
  WINEDLLOVERRIDES=mscoree,mshtml= $(command -v wine64 || echo /usr/lib/wine/wine64)"
cargo test --locked --target x86_64-pc-windows-gnu --package whop-license --lib \
  --test deadline --test network --test tls --test relay --test leases --test current
