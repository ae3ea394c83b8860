"""The libraries as a loader and a linker see them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import EXPORTS, run

SYSTEM = {"libc.so.6", "libgcc_s.so.1", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1"}
# A second static library that is written in Rust, with all that may clash: memory, threads, panics.
OTHER = """
#[unsafe(no_mangle)]
pub extern "C" fn other() -> i32 {
    let joined = std::thread::spawn(|| std::panic::catch_unwind(|| panic!("meant")).is_err()).join();
    i32::from(joined.is_ok_and(|caught| caught))
}
"""
MAIN = """
#include <stdio.h>
#include "whop_license.h"
int main(void) { return whop_client_new("key", NULL) == WHOP_OK && puts(whop_version()) < 0; }
"""
BOTH = """
#include <stdio.h>
#include "whop_license.h"
int other(void);
int main(void) { return !(other() == 1 && whop_status_verdict(WHOP_OK) == WHOP_ALLOWED && puts(whop_version()) >= 0); }
"""


@pytest.fixture(scope="module")
def shared(tree: Path) -> Path:
    return tree / "lib/libwhop_license.so"


@pytest.fixture(scope="module")
def static(tree: Path) -> Path:
    return tree / "lib/libwhop_license.a"


def test_the_shared_library_exports_the_functions_of_the_header_alone(shared: Path) -> None:
    symbols = run("nm", "--dynamic", "--defined-only", shared).splitlines()
    assert {line.split()[-1] for line in symbols} == EXPORTS


def test_the_static_library_shows_the_functions_of_the_header_alone(static: Path) -> None:
    symbols = run("nm", "--extern-only", "--defined-only", static).splitlines()
    assert {line.split()[-1] for line in symbols if " " in line} == EXPORTS


def test_what_the_shared_library_needs_is_the_systems_and_is_named(shared: Path) -> None:
    dynamic = run("readelf", "--dynamic", "--wide", shared)
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    assert {name for name in needed if not name.startswith("ld-linux")} <= SYSTEM
    # A symbol that none of them has would have no version.
    symbols = re.findall(r" (GLOBAL|WEAK) +DEFAULT +UND (\S+)", run("readelf", "--dyn-syms", "--wide", shared))
    assert len(symbols) > 50
    assert [name for binding, name in symbols if binding == "GLOBAL" and "@" not in name] == []


def test_the_shared_library_is_named_hardened_and_stays_loaded(shared: Path) -> None:
    dynamic = run("readelf", "--dynamic", "--wide", shared)
    assert "Library soname: [libwhop_license.so.0.1]" in dynamic
    [flags] = re.findall(r"\(FLAGS_1\) +Flags: (.*)", dynamic)
    assert {"NOW", "NODELETE"} <= set(flags.split())
    assert not re.search(r"RPATH|RUNPATH|TEXTREL", dynamic)
    segments = run("readelf", "--program-headers", "--wide", shared)
    assert re.search(r"GNU_STACK .* RW +0", segments)
    assert "GNU_RELRO" in segments
    assert not re.search(r"LOAD .* RWE ", segments)


@pytest.mark.parametrize("order", ["{whop} {other}", "{other} {whop}"])
def test_a_program_may_hold_a_second_rust_library(order: str, tree: Path, static: Path, tmp_path: Path) -> None:
    (tmp_path / "other.rs").write_text(OTHER, encoding="utf-8")
    (tmp_path / "both.c").write_text(BOTH, encoding="utf-8")
    run("rustc", "--edition=2024", "--crate-type=staticlib", "other.rs", cwd=tmp_path)
    libraries = order.format(whop=static, other="libother.a").split()
    needs = run(
        "pkg-config", "--static", "--libs-only-l", "whop_license", PKG_CONFIG_PATH=tree / "lib/pkgconfig"
    ).split()
    needs.remove("-lwhop_license")
    run("cc", f"-I{tree / 'include'}", "both.c", *libraries, *needs, "-o", "both", cwd=tmp_path)
    assert run(tmp_path / "both") == "0.1.0\n"


def test_a_program_with_the_static_library_needs_the_c_library_alone(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "main.c").write_text(MAIN, encoding="utf-8")
    pkg_config = {"PKG_CONFIG_PATH": tree / "lib/pkgconfig"}
    static = run("pkg-config", "--variable=static_library", "whop_license", **pkg_config).strip()
    needs = run("pkg-config", "--static", "--libs-only-l", "whop_license", **pkg_config).split()[1:]
    for options, needed in ([], {"libc.so.6"}), (["-static"], set()):
        run("cc", *options, f"-I{tree / 'include'}", "main.c", static, *needs, "-o", "main", cwd=tmp_path)
        found = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "--dynamic", "--wide", tmp_path / "main"))
        assert {name for name in found if not name.startswith("ld-linux")} <= {*needed, "libm.so.6"}
        assert run(tmp_path / "main") == "0.1.0\n"


def test_the_sizes_that_the_document_names_hold(shared: Path, static: Path) -> None:
    megabytes = {path.name: path.stat().st_size / 1e6 for path in (shared, static)}
    assert megabytes["libwhop_license.so"] < 2.4
    assert megabytes["libwhop_license.a"] < 5
