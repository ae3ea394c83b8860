"""The files for Linux: the oldest C library that they run with, and a static program with the library for musl."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lief
import pytest
from contents import PLATFORMS, Platform

from conftest import tree_of

WITH_GLIBC = [one for one in PLATFORMS.values() if "glibc" in one.oldest]
MUSL = f"linux-{platform.machine()}-musl"


def elf_files(tree: Path) -> Iterator[Path]:
    for file in sorted(tree.rglob("*")):
        if file.is_file() and not file.is_symlink() and file.open("rb").read(4) == b"\x7fELF":
            yield file


@pytest.mark.parametrize("built", WITH_GLIBC, ids=lambda one: one.name)
def test_no_file_needs_a_newer_glibc_than_is_promised(built: Platform, unpacked: dict[str, Path]) -> None:
    tree = tree_of(built.name, unpacked)
    oldest = [int(part) for part in built.oldest.split()[-1].split(".")]
    files = list(elf_files(tree))
    assert len(files) == 1 + len(built.program_files)
    for file in files:
        parsed = lief.ELF.parse(str(file))
        assert parsed is not None
        versions = {
            str(version.name)
            for needed in parsed.symbols_version_requirement
            for version in needed.get_auxiliary_symbols()
            if str(version.name).startswith("GLIBC_")
        }
        assert versions, file.name
        newest = max([int(part) for part in version.removeprefix("GLIBC_").split(".")] for version in versions)
        assert newest <= oldest, file.name


@pytest.fixture
def api_key(unpacked: dict[str, Path]) -> Iterator[str]:
    """That of a sandbox: the static program itself."""
    command: list[str | Path] = [tree_of(MUSL, unpacked) / "bin/whop-sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield f"sandbox_{process.stdout.readline().strip().removeprefix('PORT=')}_full"
        finally:
            process.terminate()


def test_a_static_program_holds_the_library_for_musl(unpacked: dict[str, Path], api_key: str, tmp_path: Path) -> None:
    tree = tree_of(MUSL, unpacked)

    def package(*what: str) -> list[str]:
        env = {**os.environ, "PKG_CONFIG_PATH": str(tree / "lib/pkgconfig")}
        return subprocess.check_output(["pkg-config", *what, "whop_license"], text=True, env=env).split()

    needs = [need for need in package("--static", "--libs-only-l") if need != "-lwhop_license"]
    source, program = tree / "share/doc/whop-license/examples/c/check_on_server.c", tmp_path / "check_on_server"
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", f"{platform.machine()}-linux-musl", "-static"]
    flags = [*package("--cflags"), *package("--variable=static_library"), *needs]
    subprocess.run([*compiler, str(source), *flags, "-o", str(program)], check=True)
    parsed = lief.ELF.parse(str(program))
    assert parsed is not None
    assert not parsed.has_interpreter
    assert list(parsed.libraries) == []
    for license_key, begins, code in (
        ("SANDBOX-ACTIVE", "allowed: until ", 0),
        ("SANDBOX-CANCELED", "denied: WHOP_LICENSE_INACTIVE: ", 1),
    ):
        command: list[str | Path] = [program, api_key, license_key, "device-of-the-dist-tests"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.stdout[: len(begins)], done.returncode) == (begins, code), done.stdout + done.stderr
