"""What `make dist` has written: the tests look through all of it, and name a platform that was not built here."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest
from contents import DIST, PLATFORMS, Platform


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--dist", type=Path, default=DIST, help="the folder that `make dist` wrote")


@pytest.fixture(scope="session")
def dist(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.config.getoption("--dist")
    assert folder.is_dir(), f"{folder} is not there: run `make dist`"
    return folder.resolve()


@pytest.fixture(scope="session")
def unpacked(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tree of each archive, by the name of its platform."""
    trees = {}
    for name in PLATFORMS:
        folder = tmp_path_factory.mktemp(name)
        for archive in dist.glob(f"whop-license-*.*.*-{name}.tar.gz"):
            with tarfile.open(archive) as files:
                files.extractall(folder, filter="data")
        for archive in dist.glob(f"whop-license-*.*.*-{name}.zip"):
            zipfile.ZipFile(archive).extractall(folder)
        if tops := list(folder.iterdir()):
            [trees[name]] = tops
    return trees


@pytest.fixture(params=PLATFORMS)
def shipped(request: pytest.FixtureRequest, unpacked: dict[str, Path]) -> tuple[Platform, Path]:
    """Each platform, and what its archive holds."""
    return PLATFORMS[request.param], tree_of(request.param, unpacked)


@pytest.fixture
def macos(unpacked: dict[str, Path]) -> Path:
    return tree_of("macos-universal", unpacked)


def tree_of(name: str, unpacked: dict[str, Path]) -> Path:
    if name not in unpacked:
        pytest.skip(f"no archive of {name}: `make dist` did not build it here")
    return unpacked[name]
