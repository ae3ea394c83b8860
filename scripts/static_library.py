#!/usr/bin/env python3
"""Makes the static library that is shipped of the one that rustc writes.

Usage: static_library.py IN.a OUT.a [TOOLS-]

One object holds what the header's functions need, without debug information, and no other name of it is seen outside.
So it is small, and a program may hold a second static library that is written in Rust: both bring Rust's standard
library, whose names would clash. TOOLS- is what the names of the binutils for another platform begin with.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

EXPORTS = Path(__file__).resolve().parent.parent / "tests/exports.txt"
# What rustc says of itself: where its own tools are.
FACTS = ("sysroot", "host-tuple")


def write(source: str | Path, target: str | Path, tools: str = "") -> None:
    """Links, hides, strips and packs, on Linux."""

    def run(tool: str, *arguments: str | Path) -> None:
        subprocess.run([tools + tool, *arguments], check=True)

    functions = EXPORTS.read_text(encoding="utf-8").split()
    with tempfile.TemporaryDirectory() as folder:
        everything, result = Path(folder, "everything.o"), Path(folder, "whop_license.o")
        # Each function stays a section of its own, so that a program's linker can leave out what it does not call.
        # Groups are shared by their names, which are those of any Rust library: they are dissolved.
        run(
            "ld",
            "-r",
            "--gc-sections",
            "--force-group-allocation",
            *(f"--undefined={name}" for name in functions),
            source,
            "-o",
            everything,
        )
        # What is left of LLVM's bitcode would make other tools take the object for bitcode.
        sections = ("--remove-section=.llvmbc", "--remove-section=.llvmcmd")
        run("objcopy", *sections, f"--keep-global-symbols={EXPORTS}", everything, result)
        run("objcopy", "--strip-unneeded", result)
        Path(target).unlink(missing_ok=True)
        run("ar", "rcsD", target, result)


def strip(archive: Path) -> None:
    """Takes the debug information out of a static library for another system."""
    sysroot, host = (subprocess.check_output(["rustc", "--print", fact], text=True).strip() for fact in FACTS)
    objcopy = Path(sysroot, "lib/rustlib", host, "bin/rust-objcopy")
    subprocess.run([objcopy, "--strip-debug", archive], env={"LD_LIBRARY_PATH": f"{sysroot}/lib"}, check=True)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    write(*sys.argv[1:])
