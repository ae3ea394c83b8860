"""The installed tree that is tested, and the relay that its programs ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import INSTALL, LIBRARY, Relay, alone


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tree", type=Path, help="an installed tree, such as an unpacked release archive")


@pytest.fixture(scope="session")
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installed tree in another place than that for which it was installed."""
    moved = tmp_path_factory.mktemp("moved") / "whop"
    given: Path | None = request.config.getoption("--tree")
    if given:
        return Path(shutil.copytree(given, moved, symlinks=True))
    first = tmp_path_factory.mktemp("first") / "whop"
    command: list[str | Path] = [sys.executable, INSTALL, "install", "--from", LIBRARY, "--prefix", first]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return first.rename(moved)


@pytest.fixture(scope="session")
def relay() -> Iterator[Relay]:
    """A sandbox of the binary that WHOP_SANDBOX names, with a relay before it."""
    command = [os.environ["WHOP_SANDBOX"], "--port", "0", "--relay"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=alone()
    ) as process:
        try:
            assert process.stdout
            said = dict(process.stdout.readline().strip().split("=", 1) for _ in range(3))
            yield Relay(said["RELAY"], said["PUBLIC_KEY"])
        finally:
            process.terminate()
