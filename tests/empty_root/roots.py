"""Folders that are the whole file system of a program: nothing is in them but what a test puts there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from platforms import PLATFORMS as PLATFORMS  # noqa: E402  (scripts/ is no package)

STATIC = [name for name in PLATFORMS if name.endswith("-musl")]


def needed(tool: str, package: str) -> str:
    """Where a tool is."""
    path = shutil.which(tool)
    if not path:
        message = f"{tool} is missing: apt-get install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


@dataclass
class EmptyRoot:
    """A folder with one program in it."""

    folder: Path
    program: Path
    #: What runs it where it is of another processor; it is in the folder too.
    emulator: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copy2(self.program, self.folder / self.program.name)

    def command(self, *arguments: str) -> list[str]:
        """What runs the program with the folder as its root."""
        become_root = [] if os.getuid() == 0 else ["unshare", "--map-root-user"]
        return [*become_root, "chroot", str(self.folder), *self.emulator, f"/{self.program.name}", *arguments]

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs it to its end."""
        command, env = self.command(*arguments), environment(variables)
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)

    @contextmanager
    def serve(self, *arguments: str, **variables: str) -> Iterator[tuple[str, IO[str]]]:
        """Runs it until it is told to end. Hands over the first line of what it prints, and where the rest comes."""
        command, log = self.command(*arguments), self.folder / "log"
        with (
            log.open("w") as errors,
            subprocess.Popen(
                command, env=environment(variables), stdout=subprocess.PIPE, stderr=errors, text=True
            ) as process,
        ):
            try:
                assert process.stdout
                line = process.stdout.readline()
                assert line, log.read_text()
                yield line.strip(), process.stdout
                process.send_signal(signal.SIGTERM)
                process.wait(30)
            finally:
                process.kill()


def environment(variables: dict[str, str]) -> dict[str, str]:
    """The variables of this machine must not matter."""
    return {"PATH": os.environ["PATH"], **variables}


@dataclass
class Machine:
    """The programs of one platform, each in a root of its own."""

    name: str
    folder: Path

    def root_of(self, program: str) -> EmptyRoot:
        """A new root for one of its programs."""
        path = PLATFORMS[self.name].folder / program
        assert path.is_file(), f"{path} is not there: scripts/platforms.py build --only programs {self.name}"
        folder = self.folder / program
        folder.mkdir()
        processor = PLATFORMS[self.name].targets[0].split("-")[0]
        if processor == os.uname().machine:
            return EmptyRoot(folder, path)
        emulator = needed(f"qemu-{processor}-static", "qemu-user-static")
        shutil.copy2(emulator, folder / "emulator")
        return EmptyRoot(folder, path, ["/emulator"])


@dataclass
class Whop:
    """A sandbox in a root of its own."""

    port: int

    @property
    def api_key(self) -> str:
        return f"sandbox_{self.port}_full"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"


@contextmanager
def whop(machine: Machine, *arguments: str) -> Iterator[tuple[Whop, EmptyRoot]]:
    """Starts a sandbox."""
    root = machine.root_of("whop-sandbox")
    with ExitStack() as stack:
        line, _ = stack.enter_context(root.serve("--port", "0", *arguments))
        yield Whop(int(line.removeprefix("PORT="))), root
