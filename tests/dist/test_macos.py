"""The files for macOS, which cannot be run here: what its loader reads of them, for both processors."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path

import lief
import pytest
from contents import EXPORTS, PLATFORMS

PLATFORM = PLATFORMS["macos-universal"]
LIBRARY = "lib/libwhop_license.dylib"
FILES = [LIBRARY, *(f"bin/{name}" for name in PLATFORM.program_files)]
# What zig's linker exports of any library, whatever it is told; on macOS nothing else can come to be bound to it.
BY_THE_LINKER = ("_mh_dylib_header", "__dso_handle", "rust_eh_personality")
# Of a signature: the table of its parts, and the part that lists the hash of each page.
EMBEDDED_SIGNATURE, CODE_DIRECTORY = 0xFADE0CC0, 0xFADE0C02
ADHOC, SHA256 = 2, 2


@pytest.fixture(params=FILES)
def both(request: pytest.FixtureRequest, macos: Path) -> lief.MachO.FatBinary:
    file = macos / request.param
    assert file.is_file(), f"{request.param} is missing"
    parsed = lief.MachO.parse(str(file))
    assert parsed is not None
    return parsed


def test_one_file_is_for_both_processors(both: lief.MachO.FatBinary) -> None:
    kinds = {single.header.cpu_type for single in both}
    assert kinds == {lief.MachO.Header.CPU_TYPE.ARM64, lief.MachO.Header.CPU_TYPE.X86_64}


def test_it_needs_no_more_than_the_oldest_macos_and_its_own_libraries(both: lief.MachO.FatBinary) -> None:
    for single in both:
        [version] = [
            one.minos if isinstance(one, lief.MachO.BuildVersion) else one.version
            for one in single.commands
            if isinstance(one, lief.MachO.BuildVersion | lief.MachO.VersionMin)
        ]
        assert f"macOS {version[0]}.{version[1]}" == PLATFORM.oldest
        for library in single.libraries:
            if library.command is not lief.MachO.LoadCommand.TYPE.ID_DYLIB:
                assert library.name.startswith(("/usr/lib/", "/System/Library/Frameworks/")), library.name
        assert not [command for command in single.commands if isinstance(command, lief.MachO.RPathCommand)]


def test_the_library_is_found_beside_a_program_and_exports_the_header(macos: Path) -> None:
    parsed = lief.MachO.parse(str(macos / LIBRARY))
    assert parsed is not None
    for single in parsed:
        [name] = [one.name for one in single.libraries if one.command is lief.MachO.LoadCommand.TYPE.ID_DYLIB]
        assert name == "@rpath/libwhop_license.dylib"
        exported = {str(symbol.name).removeprefix("_") for symbol in single.exported_symbols}
        assert {name for name in exported - EXPORTS if not name.endswith(("EMPTY_PANIC", *BY_THE_LINKER))} == set()
        assert exported >= EXPORTS


def directories(content: bytes, offset: int) -> Iterator[bytes]:
    """The lists of hashes in a signature."""
    magic, _, count = struct.unpack_from(">III", content, offset)
    assert magic == EMBEDDED_SIGNATURE
    for index in range(count):
        _, start = struct.unpack_from(">II", content, offset + 12 + 8 * index)
        kind, size = struct.unpack_from(">II", content, offset + start)
        if kind == CODE_DIRECTORY:
            yield content[offset + start : offset + start + size]


@pytest.mark.parametrize("name", FILES)
def test_the_signature_that_newer_processors_ask_for_is_of_these_bytes(macos: Path, name: str) -> None:
    content = (macos / name).read_bytes()
    parsed = lief.MachO.parse(str(macos / name))
    assert parsed is not None
    signed = 0
    for single in parsed:
        if single.header.cpu_type == lief.MachO.Header.CPU_TYPE.ARM64:
            assert single.has_code_signature
        signature = single.code_signature
        if signature is None:
            continue
        own = content[single.fat_offset :]
        for directory in directories(own, signature.data_offset):
            flags, hashes = struct.unpack_from(">II", directory, 12)
            pages, limit = struct.unpack_from(">II", directory, 28)
            size, kind, _, page_bits = struct.unpack_from("BBBB", directory, 36)
            assert flags & ADHOC
            assert kind == SHA256
            for page in range(pages):
                end = min((page + 1) << page_bits, limit)
                expected = hashlib.sha256(own[page << page_bits : end]).digest()[:size]
                assert directory[hashes + page * size :][:size] == expected, f"page {page}"
            signed += 1
    assert signed
