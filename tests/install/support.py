"""What the tests of installed trees share."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSTALL = ROOT / "packaging/install.py"
sys.path.insert(0, str(ROOT / "scripts"))

from platforms import PLATFORMS, TARGET_DIR, this_machine  # noqa: E402  (scripts/ is no package)

__all__ = ["EXPORTS", "INSTALL", "LIBRARY", "ROOT", "TARGET_DIR", "Relay", "alone", "run"]

# The library that is shipped, as `make shipped` has built it.
LIBRARY = PLATFORMS[this_machine()].folder
EXPORTS = set((ROOT / "tests/exports.txt").read_text(encoding="utf-8").split())


def alone(**variables: str | Path) -> dict[str, str]:
    """An environment in which nothing of this machine or of the checkout has a say, but where its programs are."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C", **{name: str(value) for name, value in variables.items()}}


def run(*command: str | Path, cwd: Path | None = None, **variables: str | Path) -> str:
    """What a command prints, which must succeed."""
    done = subprocess.run(command, cwd=cwd, env=alone(**variables), capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Relay:
    """A relay on this machine."""

    url: str
    public_key: str

    def tells(self, program: Path, folder: Path) -> None:
        """The example program, run in a folder of its own, is told yes of one license and no of another."""
        for license_key, begins, code in (
            ("SANDBOX-ACTIVE", "allowed: until ", 0),
            ("SANDBOX-CANCELED", "denied: WHOP_LICENSE_INACTIVE: ", 1),
        ):
            command: list[str | Path] = [program, self.url, self.public_key, license_key, "device-of-the-install-tests"]
            done = subprocess.run(command, cwd=folder, env=alone(), capture_output=True, text=True)
            assert (done.stdout[: len(begins)], done.returncode) == (begins, code), done.stdout + done.stderr
