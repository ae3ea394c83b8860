"""The wheel of each platform, and the source distribution."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from contents import PLATFORMS, ROOT, Platform

from platforms import this_machine

WITH_WHEEL = [one for one in PLATFORMS.values() if one.wheel]


def wheel_of(platform: Platform, dist: Path) -> Path:
    found = list(dist.glob(f"whop_license-*-py3-none-{platform.wheel}.whl"))
    if not found:
        pytest.skip(f"no wheel for {platform.name}: `make dist` did not build it here")
    return found[0]


@pytest.mark.parametrize("platform", WITH_WHEEL, ids=lambda one: one.name)
def test_a_wheel_holds_the_library_of_the_archive_and_no_other(
    platform: Platform, dist: Path, unpacked: dict[str, Path]
) -> None:
    files = zipfile.ZipFile(wheel_of(platform, dist))
    [native] = [name for name in files.namelist() if name.endswith((".so", ".dll", ".dylib"))]
    found = unpacked[platform.name].rglob(f"{platform.libraries[0]}*")
    [shipped] = [one for one in found if one.suffix != ".a" and not one.is_symlink()]
    assert files.read(native) == shipped.read_bytes()


@pytest.mark.parametrize("platform", [one for one in WITH_WHEEL if one.system == "linux"], ids=lambda one: one.name)
def test_a_wheel_is_what_its_name_promises(platform: Platform, dist: Path) -> None:
    said = subprocess.check_output([sys.executable, "-m", "auditwheel", "show", wheel_of(platform, dist)], text=True)
    assert f'"manylinux_2_17_{platform.targets[0].split("-")[0]}"' in " ".join(said.split()), said


def answer_of(python: Path, folder: Path) -> str:
    """What the wrapper says of a client, with nothing but what is installed."""
    program = "import whop_license; print(whop_license.Client('key').device_id is None, whop_license.__file__)"
    return subprocess.check_output([python, "-c", program], cwd=folder, text=True, env={"LC_ALL": "C"})


def installed(tmp_path: Path, package: Path, *options: str) -> Path:
    """A Python of its own, with a package installed."""
    venv.create(tmp_path / "venv", with_pip=True, system_site_packages=False)
    python = tmp_path / "venv" / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, package], check=True)
    return python


def test_the_wheel_of_this_machine_is_installed_and_works(dist: Path, tmp_path: Path) -> None:
    wheel = wheel_of(PLATFORMS[this_machine()], dist)
    assert str(tmp_path) in answer_of(installed(tmp_path, wheel, "--no-index"), tmp_path)


def test_the_source_distribution_is_built_and_works_where_rust_is(dist: Path, tmp_path: Path) -> None:
    [archive] = dist.glob("whop_license-*.tar.gz")
    assert str(tmp_path) in answer_of(installed(tmp_path, archive), tmp_path)


def test_the_source_distribution_has_the_date_of_the_commit(dist: Path) -> None:
    [archive] = dist.glob("whop_license-*.tar.gz")
    date = int(subprocess.check_output(["git", "log", "-1", "--format=%ct"], cwd=ROOT))
    with tarfile.open(archive) as files:
        assert {member.mtime for member in files} == {date}
