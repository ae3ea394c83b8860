"""What `make dist` has written: these tests look through it, and skip nothing that should be there."""

from __future__ import annotations

import hashlib
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from platforms import PLATFORMS, Platform  # noqa: E402  (scripts/ is no package)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--dist", type=Path, default=ROOT / "target/dist", help="the folder that `make dist` wrote")


@pytest.fixture(scope="session")
def dist(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.config.getoption("--dist").resolve()
    assert folder.is_dir(), f"{folder} is not there: run `make dist`"
    return folder


@pytest.fixture(scope="session")
def unpacked(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tree of each archive, by the name of its platform."""
    trees = {}
    for archive in [*dist.glob("whop-license-*.tar.gz"), *dist.glob("whop-license-*.zip")]:
        [built] = [one for one in PLATFORMS if archive.name.split("-", 3)[3].removesuffix(".tar.gz").removesuffix(".zip") == one]
        folder = tmp_path_factory.mktemp(built)
        if archive.suffix == ".zip":
            zipfile.ZipFile(archive).extractall(folder)
        else:
            with tarfile.open(archive) as files:
                files.extractall(folder, filter="data")
        [trees[built]] = folder.iterdir()
    return trees


@pytest.fixture(params=PLATFORMS.values(), ids=lambda one: one.name)
def shipped(request: pytest.FixtureRequest, unpacked: dict[str, Path]) -> tuple[Platform, Path]:
    """Each platform, and what its archive holds."""
    built: Platform = request.param
    if built.name not in unpacked:
        pytest.skip(f"no archive of {built.name}: this machine did not build it")
    return built, unpacked[built.name]


def listed_exports() -> set[str]:
    """The functions of the header."""
    return set((ROOT / "tests/exports.txt").read_text(encoding="utf-8").split())


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
