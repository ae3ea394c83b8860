"""The installed tree that is tested, and the relay that its programs ask."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import INSTALL, LIBRARY, Relay, alone


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--archive", type=Path, help="a release archive, which is tested in place of our tree")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "from_source: builds the library, whatever tree is tested")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of an archive, what its tree is for; the rest is tested without one."""
    if not config.getoption("--archive"):
        return
    kept = [item for item in items if needs_tree(item) and not item.get_closest_marker("from_source")]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def needs_tree(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "tree" in item.fixturenames


@pytest.fixture(scope="session")
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installed tree in another place than that for which it was installed."""
    if archive := request.config.getoption("--archive"):
        folder = tmp_path_factory.mktemp("archive")
        with tarfile.open(archive) as files:
            files.extractall(folder, filter="data")
        [unpacked] = folder.iterdir()
        return unpacked
    moved = tmp_path_factory.mktemp("moved") / "whop"
    first = tmp_path_factory.mktemp("first") / "whop"
    command: list[str | Path] = [sys.executable, INSTALL, "install", "--from", LIBRARY, "--prefix", first]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return first.rename(moved)


@pytest.fixture(scope="session")
def relay(request: pytest.FixtureRequest, tree: Path) -> Iterator[Relay]:
    """A sandbox, that of the archive or else the binary that WHOP_SANDBOX names, with a relay before it."""
    archived = request.config.getoption("--archive")
    sandbox = tree / "bin/whop-sandbox" if archived else os.environ["WHOP_SANDBOX"]
    command = [sandbox, "--port", "0", "--relay"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=alone()
    ) as process:
        try:
            assert process.stdout
            said = dict(process.stdout.readline().strip().split("=", 1) for _ in range(3))
            yield Relay(said["RELAY"], said["PUBLIC_KEY"])
        finally:
            process.terminate()
