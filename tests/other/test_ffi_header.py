"""whop_license.ffi.h says what whop_license.h says, to those who cannot read the latter."""

from __future__ import annotations

import re
from pathlib import Path

import cffi  # type: ignore[import-untyped]

from languages import INCLUDE, LIBRARY, ROOT, require, run

FFI = (INCLUDE / "whop_license.ffi.h").read_text("utf-8")
HEADER = (INCLUDE / "whop_license.h").read_text("utf-8")
FUNCTIONS = (ROOT / "tests/exports.txt").read_text("utf-8").split()
NUMBERS = dict(re.findall(r"^#define (WHOP_(?!LICENSE_VERSION)\w+) (-?\d+)$", HEADER, re.MULTILINE))


def test_it_has_no_preprocessor_lines() -> None:
    assert not re.search(r"^\s*#", FFI, re.MULTILINE)
    assert FFI.isascii()


def test_a_c_compiler_finds_both_headers_the_same(tmp_path: Path) -> None:
    """It refuses a function that is declared twice with different types."""
    source = tmp_path / "both.c"
    lines = ["#include <stdint.h>", '#include "whop_license.ffi.h"', "enum {"]
    lines += [f"    FFI_{name} = {name}," for name in NUMBERS]
    lines += ["};", "typedef void (*any)(void);", "const any functions[] = {"]
    lines += [f"    (any){name}," for name in FUNCTIONS]
    lines += ["};", '#include "whop_license.h"']
    lines += [f'_Static_assert(FFI_{name} == {name}, "{name}");' for name in NUMBERS]
    source.write_text("\n".join(lines) + "\n", "utf-8")
    run("cc", "-std=c11", "-Wall", "-Wextra", "-Wno-cast-function-type", "-Werror", "-fsyntax-only", source)


def test_luajit_reads_it_and_finds_all_of_it_in_the_library() -> None:
    require(("luajit",))
    numbers = [f"{name}={number}" for name, number in NUMBERS.items()]
    script = Path(__file__).with_name("read_header.lua")
    run("luajit", script, INCLUDE / "whop_license.ffi.h", LIBRARY, *FUNCTIONS, *numbers)


def test_cffi_reads_it_and_finds_all_of_it_in_the_library() -> None:
    ffi = cffi.FFI()
    ffi.cdef(FFI)
    library = ffi.dlopen(str(LIBRARY))
    assert {name: str(getattr(library, name)) for name in NUMBERS} == NUMBERS
    assert all(getattr(library, name) for name in FUNCTIONS)
    assert len(dir(library)) == len(NUMBERS) + len(FUNCTIONS)
