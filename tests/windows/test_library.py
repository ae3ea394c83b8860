"""The DLL as a file, and that every linker takes its import libraries."""

from __future__ import annotations

import re
import subprocess
import sys

import lief
import pytest

import wine
from conftest import BUILT, Workshop
from whop_license._header import WHOP_LICENSE_VERSION

EXPORTS = (wine.ROOT / "tests/exports.txt").read_text("utf-8").split()
# What every Windows has since 8.1, msvcrt.dll too. No runtime of a compiler is among them.
SYSTEM = {
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "oleaut32.dll",
    "ws2_32.dll",
}
WANTED_FLAGS = {"DYNAMIC_BASE", "NX_COMPAT", "HIGH_ENTROPY_VA"}


@pytest.fixture(scope="module")
def library() -> lief.PE.Binary:
    parsed = lief.PE.parse(str(BUILT / "whop_license.dll"))
    assert isinstance(parsed, lief.PE.Binary)
    return parsed


def test_it_exports_the_functions_of_the_header_and_no_other(library: lief.PE.Binary) -> None:
    assert sorted(function.name for function in library.exported_functions) == sorted(EXPORTS)


def test_it_needs_the_systems_own_dlls_alone(library: lief.PE.Binary) -> None:
    assert {imported.name.lower() for imported in library.imports} <= SYSTEM


def test_its_addresses_are_random_and_its_data_is_not_run(library: lief.PE.Binary) -> None:
    flags = {flag.name for flag in library.optional_header.dll_characteristics_lists}
    assert flags >= WANTED_FLAGS
    assert library.has_relocations


def test_it_has_the_version_of_the_package(library: lief.PE.Binary) -> None:
    resources = library.resources_manager
    assert isinstance(resources, lief.PE.ResourcesManager)
    [shown] = resources.version
    info = shown.file_info
    numbers = (info.file_version_ms >> 16, info.file_version_ms & 0xFFFF, info.file_version_ls >> 16)
    assert ".".join(map(str, numbers)) == WHOP_LICENSE_VERSION


def test_it_holds_no_time_and_no_path_of_the_build(library: lief.PE.Binary) -> None:
    assert library.header.time_date_stamps == 0
    content = (BUILT / "whop_license.dll").read_bytes()
    assert str(wine.ROOT).encode() not in content
    assert not re.search(rb"/(home|root)/[\w.]", content)


@pytest.mark.parametrize("name", ["libwhop_license.dll.a", "whop_license.lib"])
def test_an_import_library_names_each_function(name: str) -> None:
    index = subprocess.run(
        ["x86_64-w64-mingw32-nm", "--print-armap", str(BUILT / name)], capture_output=True, text=True
    )
    assert {line.split(" in ")[0] for line in index.stdout.splitlines() if " in " in line} >= set(EXPORTS)


def test_a_program_of_microsofts_compiler_is_linked_and_runs(workshop: Workshop) -> None:
    program = workshop.folder / "msvc.exe"
    compiled = program.with_suffix(".obj")
    zig = [sys.executable, "-m", "ziglang"]
    target = ["-target", "x86_64-windows-msvc", "-ffreestanding", "-fno-stack-protector", "-O2"]
    source = wine.ROOT / "tests/windows/msvc.c"
    subprocess.run(
        [*zig, "cc", *target, f"-I{wine.ROOT / 'include'}", "-c", str(source), "-o", str(compiled)], check=True
    )
    options = ["/nodefaultlib", "/entry:start", "/subsystem:console", f"/out:{program}"]
    subprocess.run([*zig, "lld-link", *options, str(compiled), str(BUILT / "whop_license.lib")], check=True)
    workshop.run(program, expected=42)
