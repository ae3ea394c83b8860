"""The languages of examples/other: what each needs, and how its example is built and run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
LIBRARY = Path(os.environ["WHOP_LIBRARY"]).resolve()
NODE_MODULES = ROOT / ".tools/node/node_modules"
JNA = Path("/usr/share/java/jna.jar")
# Where the C compiler and the loader look besides the system's own folders, and where Node.js does.
ENVIRONMENT = {
    **os.environ,
    "C_INCLUDE_PATH": str(INCLUDE),
    "LIBRARY_PATH": str(LIBRARY.parent),
    "LD_LIBRARY_PATH": str(LIBRARY.parent),
    "NODE_PATH": str(NODE_MODULES),
}

Command = list[str | Path]


def run(*command: str | Path) -> None:
    """Runs what must succeed, such as a compiler, and shows what it says if it fails."""
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def interpreted(*command: str | Path) -> Callable[[Path, Path], Command]:
    """A language that needs no build."""
    return lambda source, _: [*command, source]


def java(source: Path, folder: Path) -> Command:
    """The class, compiled once: to run the source itself, as people do, compiles it each time."""
    run("javac", "-Xlint:all", "-Werror", "-cp", JNA, "-d", folder, source)
    return ["java", "-cp", f"{JNA}:{folder}", source.stem]


def go(source: Path, folder: Path) -> Command:
    """The program, vetted and built."""
    run("go", "vet", source)
    run("go", "build", "-o", folder / source.stem, source)
    return [folder / source.stem]


def pascal(source: Path, folder: Path) -> Command:
    """The program, built; a warning is an error."""
    run("fpc", "-Sew", f"-FE{folder}", f"-Fl{LIBRARY.parent}", source)
    return [folder / source.stem]


def zig(source: Path, folder: Path) -> Command:
    """The program, built by the compiler that comes from PyPI."""
    compiler: Command = [sys.executable, "-m", "ziglang", "build-exe", f"-femit-bin={folder / source.stem}"]
    run(*compiler, source, "-lc", "-lwhop_license", f"-L{LIBRARY.parent}")
    return [folder / source.stem]


@dataclass(frozen=True)
class Language:
    """An example, and the command that runs it once it is built in a folder."""

    name: str
    example: str
    prepare: Callable[[Path, Path], Command]
    # Commands and files: those that scripts/setup.sh installs, and those that a machine may lack.
    by_setup: tuple[str | Path, ...] = ()
    optional: tuple[str | Path, ...] = ()

    @property
    def source(self) -> Path:
        """The file of the example."""
        return ROOT / "examples/other" / self.example


LANGUAGES = [
    Language("LuaJIT", "check_license.lua", interpreted("luajit"), by_setup=("luajit",)),
    Language("Node.js", "check_license.js", interpreted("node"), by_setup=("node", NODE_MODULES / "koffi")),
    Language("Ruby", "check_license.rb", interpreted("ruby"), by_setup=("ruby",)),
    Language("Java", "CheckLicense.java", java, by_setup=(JNA,), optional=("javac",)),
    Language("Go", "check_license.go", go, optional=("go",)),
    Language("Free Pascal", "check_license.pas", pascal, optional=("fpc",)),
    Language("Zig", "check_license.zig", zig),
]


def require(by_setup: tuple[str | Path, ...], optional: tuple[str | Path, ...] = ()) -> None:
    """Skips the test where something is missing. Under CI what scripts/setup.sh installs must be there."""

    def missing(needs: tuple[str | Path, ...]) -> str:
        return ", ".join(str(need) for need in needs if not (shutil.which(need) or Path(need).exists()))

    if lacks := missing(optional):
        pytest.skip(f"missing: {lacks}, which scripts/setup.sh does not install")
    if lacks := missing(by_setup):
        assert os.environ.get("CI") != "true", f"missing: {lacks}: run scripts/setup.sh"
        pytest.skip(f"missing: {lacks}: run scripts/setup.sh")
