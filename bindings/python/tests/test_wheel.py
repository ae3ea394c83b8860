"""A wheel is for the platform of the native library that it holds, and is not built without one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from whop_license import _native

PYTHON = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the wheel is built from."""
    for name in ("pyproject.toml", "setup.py", "README.md"):
        shutil.copy(PYTHON / name, tmp_path)
    shutil.copytree(PYTHON / "whop_license", tmp_path / "whop_license")
    return tmp_path


def pip(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", *arguments, "--no-index", "--no-deps"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


def test_a_wheel_of_this_platform_is_built_and_works_where_it_is_installed(project: Path) -> None:
    built = pip(project, "wheel", ".", "--no-build-isolation")
    assert built.returncode == 0, built.stderr
    platform = re.sub(r"\W", "_", sysconfig.get_platform())
    [wheel] = project.glob("*.whl")
    assert wheel.name == f"whop_license-{_native.WHOP_LICENSE_VERSION}-py3-none-{platform}.whl"

    site = project / "site"
    assert pip(project, "install", wheel.name, "--target", str(site)).returncode == 0
    program = "import whop_license; whop_license.Client('key'); print(whop_license.__file__)"
    done = subprocess.run([sys.executable, "-c", program], cwd=site, capture_output=True, text=True, timeout=30)
    assert done.stdout == f"{site / 'whop_license' / '__init__.py'}\n", done.stderr


def test_a_wheel_without_the_native_library_is_not_built(project: Path) -> None:
    (project / "whop_license" / _native.FILE.name).unlink()
    built = pip(project, "wheel", ".", "--no-build-isolation")
    assert built.returncode != 0
    assert "run `make` in the checkout first" in built.stderr + built.stdout
    assert not list(project.glob("*.whl"))
