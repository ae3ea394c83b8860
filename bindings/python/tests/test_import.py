"""Importing does no work, and a library that cannot be used says which file and what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from whop_license import _header, _native

FILE = Path(_native.FILE)
PACKAGE = FILE.parent


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=30)


@pytest.fixture
def without_library(tmp_path: Path) -> Path:
    """A folder with a copy of the package that lacks the native library."""
    shutil.copytree(PACKAGE, tmp_path / "whop_license", ignore=shutil.ignore_patterns(FILE.name))
    return tmp_path


def test_importing_loads_no_library(without_library: Path) -> None:
    done = run("import whop_license; print(whop_license.__version__, whop_license.Status.OK.value)", without_library)
    assert (done.returncode, done.stdout) == (0, f"{_header.WHOP_LICENSE_VERSION} 0\n"), done.stderr


def test_importing_imports_nothing_that_takes_longer_than_the_package(without_library: Path) -> None:
    program = "import sys; before = {*sys.modules}; import whop_license; print(*{*sys.modules} - before)"
    imported = set(run(program, without_library).stdout.split())
    assert "whop_license.client" in imported
    slow = {"asyncio", "concurrent.futures", "dataclasses", "datetime", "decimal", "json", "pathlib", "re", "typing"}
    assert imported & {*slow, "whop_license.current", "whop_license.v2"} == set()


def test_what_is_imported_late_is_there_all_the_same(without_library: Path) -> None:
    program = """
import typing, whop_license
assert {*whop_license.__all__} <= {*dir(whop_license)}
assert whop_license.current.Membership and whop_license.v2.Membership
assert typing.get_args(whop_license.Api) == ("current", "v2")
assert "device_mismatch" in typing.get_args(whop_license.Reason)
from whop_license import *
assert v2.PlanRequest
whop_license.nothing
"""
    done = run(program, without_library)
    assert "AttributeError: module 'whop_license' has no attribute 'nothing'" in done.stderr


@pytest.mark.parametrize("content", [None, b"", b"not a library"])
def test_a_library_that_cannot_be_loaded_is_named(without_library: Path, content: bytes | None) -> None:
    file = without_library / "whop_license" / FILE.name
    if content is not None:
        file.write_bytes(content)
    done = run("import whop_license; whop_license.Client('secret')", without_library)
    assert done.returncode == 1
    assert f"ImportError: cannot use {file} on " in done.stderr
    assert "reinstall whop-license for this platform: from a checkout, run `make` first" in done.stderr


def test_a_library_of_another_version_is_refused(without_library: Path) -> None:
    shutil.copy(FILE, without_library / "whop_license")
    done = run(
        "from whop_license import _native; _native.WHOP_LICENSE_VERSION = '0.0.9'; _native.library()", without_library
    )
    assert f"it is version {_header.WHOP_LICENSE_VERSION}" in done.stderr


def test_a_library_of_the_same_name_elsewhere_is_not_looked_for(
    without_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH"):
        monkeypatch.setenv(variable, str(PACKAGE))
    assert "ImportError" in run("from whop_license import _native; _native.library()", without_library).stderr
