"""The Python package's own tests, in a Python for Windows, with a sandbox for Windows."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import windows_python
import wine
from conftest import BUILT

TESTS = wine.ROOT / "bindings/python/tests"


def test_its_own_tests_pass(tmp_path: Path) -> None:
    windows_python.install(tmp_path)
    shutil.copy2(BUILT / "whop-sandbox.exe", tmp_path)
    # pytest is the same on every system.
    folders = [tmp_path, Path(sysconfig.get_path("purelib"))]
    env = windows_python.environment(*folders) | {"WHOP_SANDBOX": wine.path(tmp_path / "whop-sandbox.exe")}
    pytest: list[str | Path] = [
        wine.PYTHON,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--basetemp",
        wine.path(tmp_path / "temp"),
    ]
    print(wine.run(*pytest, wine.path(TESTS), cwd=TESTS.parent, env=env))
