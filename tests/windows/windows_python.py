"""The Python package for Windows, put together as a wheel has it, and programs that use it there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import wine
from conftest import BUILT

PACKAGE = wine.ROOT / "bindings/python/whop_license"


def install(folder: Path) -> None:
    """Puts the package into a folder."""
    own = shutil.ignore_patterns("__pycache__", "*.so", "*.dylib")
    shutil.copytree(PACKAGE, folder / "whop_license", ignore=own, dirs_exist_ok=True)
    shutil.copy2(BUILT / "whop_license.dll", folder / "whop_license")


def environment(*folders: Path) -> dict[str, str]:
    return {"PYTHONPATH": ";".join(map(wine.path, folders)), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def run(folder: Path, program: str, *arguments: str) -> str:
    """What a program prints."""
    return wine.run(wine.PYTHON, "-c", program, *arguments, cwd=folder, env=environment(folder))


def start(folder: Path, program: str, *arguments: str) -> subprocess.Popen[str]:
    """Starts one that talks over its pipes."""
    return wine.start(wine.PYTHON, "-c", program, *arguments, cwd=folder, env=environment(folder))
