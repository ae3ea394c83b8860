"""What the tests have: programs that are compiled for Windows, and a sandbox of this machine, which Windows reaches."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import wine
from servers import Sandbox, nobody, run_sandbox

# scripts/platforms.py builds it.
BUILT = wine.ROOT / (os.environ.get("CARGO_TARGET_DIR") or "target") / "platforms/windows-x86_64"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
CRYPTOGRAPHY = r"HKLM\Software\Microsoft\Cryptography"
TABLE = (wine.ROOT / "tests/device_v1.txt").read_text("utf-8").splitlines()
# Machine identity, product id or "-", device id.
VECTORS = [line.split() for line in TABLE if line[0] != "#"]
# What a program needs beside the static library.
NEEDS = next(
    needs
    for system, *needs in map(str.split, (wine.ROOT / "packaging/static_needs.txt").read_text("utf-8").splitlines())
    if system == "windows"
)


class Workshop:
    """A folder with the DLL in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy2(BUILT / "whop_license.dll", folder)

    def compile(self, source: str, *flags: str, static: bool = False) -> Path:
        """Compiles a file of this repository into a program, which needs nothing but the DLL."""
        file = wine.ROOT / source
        program = self.folder / f"{file.stem}{'_static' if static else ''}.exe"
        cpp = file.suffix == ".cpp"
        compiler = ["x86_64-w64-mingw32-g++", "-std=c++17"] if cpp else ["x86_64-w64-mingw32-gcc", "-std=c99"]
        library = (
            [str(BUILT / "libwhop_license.a"), *(f"-l{name}" for name in NEEDS)]
            if static
            else [f"-L{BUILT}", "-lwhop_license"]
        )
        own = [
            "-static-libgcc",
            *(["-static-libstdc++"] if cpp else []),
            "-Wl,-Bstatic",
            "-lwinpthread",
            "-Wl,-Bdynamic",
        ]
        command = [*compiler, *WARNINGS, *flags, "-D__USE_MINGW_ANSI_STDIO=1", f"-I{wine.ROOT / 'include'}", str(file)]
        subprocess.run([*command, "-o", str(program), *library, *own], check=True)
        return program

    def run(self, program: Path, *arguments: str, expected: int = 0) -> str:
        """What a program prints that runs in this folder."""
        return wine.run(program, *arguments, cwd=self.folder, expected=expected)


class Guid:
    """The registry's MachineGuid, by which Windows knows this machine."""

    def set(self, machine: str) -> None:
        """Sets 32 hex digits, in the form in which Windows writes them."""
        self.write("-".join((machine[:8], machine[8:12], machine[12:16], machine[16:20], machine[20:])))

    def write(self, text: str) -> None:
        wine.run("reg", "add", CRYPTOGRAPHY, "/v", "MachineGuid", "/d", text, "/f")

    def read(self) -> str:
        return wine.run("reg", "query", CRYPTOGRAPHY, "/v", "MachineGuid").split()[-1]

    def delete(self) -> None:
        wine.run("reg", "delete", CRYPTOGRAPHY, "/v", "MachineGuid", "/f")


@pytest.fixture
def guid() -> Iterator[Guid]:
    """As it was when the test ends."""
    guid = Guid()
    before = guid.read()
    yield guid
    guid.write(before)


@dataclass(frozen=True)
class Relay:
    """The relay itself, which asks a sandbox."""

    url: str
    public_key: str


@pytest.fixture
def relay() -> Iterator[Relay]:
    command = [os.environ["WHOP_SANDBOX"], "--port", "0", "--relay"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            _, url, public_key = (process.stdout.readline().strip().partition("=")[2] for _ in range(3))
            yield Relay(url, public_key)
        finally:
            process.terminate()


def pytest_sessionstart() -> None:
    wine.keep()


def pytest_sessionfinish() -> None:
    wine.stop()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A Whop that no other test has talked to, whose slow answers do not take long."""
    with run_sandbox("--rate-limit", "0", "--slow-ms", "50") as sandbox:
        yield sandbox


another_sandbox = sandbox


@pytest.fixture
def away() -> Iterator[str]:
    """The URL of a relay that is away."""
    with nobody() as url:
        yield url
