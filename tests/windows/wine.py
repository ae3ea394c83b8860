"""Windows, as Wine plays it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Where cargo does not look for what has changed: a link of Wine's leads to all of this machine.
TOOLS = ROOT / "target/windows"
PREFIX = TOOLS / "prefix"
PYTHON = TOOLS / "python/python.exe"
DOTNET = TOOLS / "dotnet/dotnet.exe"
# Debian has it on no PATH.
WINE = shutil.which("wine64") or "/usr/lib/wine/wine64"
SERVER = shutil.which("wineserver") or "/usr/lib/wine/wineserver64"
LONGEST = 600


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """Nothing of this machine's but what programs are found by: no proxy has a say."""
    quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=", "LC_ALL": "C.UTF-8"}
    return {"PATH": os.environ["PATH"], "HOME": str(TOOLS / "home"), "WINEPREFIX": str(PREFIX), **quiet, **(more or {})}


def path(file: Path) -> str:
    """How Windows calls a file of this machine."""
    return "Z:" + str(file).replace("/", "\\")


def start(*command: str | Path, cwd: Path = TOOLS, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Starts a Windows program."""
    return subprocess.Popen(
        [WINE, *map(str, command)],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # Some programs print in another encoding, and nothing of it that matters.
        errors="replace",
    )


def run(*command: str | Path, cwd: Path = TOOLS, expected: int = 0, env: dict[str, str] | None = None) -> str:
    """What a Windows program prints, which ends with the expected code."""
    process = start(*command, cwd=cwd, env=env)
    try:
        output, errors = process.communicate(timeout=LONGEST)
    finally:
        process.kill()
    assert process.returncode == expected, f"{command}: {process.returncode}\n{output}{errors}"
    return output


def keep() -> None:
    """Lets this Windows run until it is stopped: else each program starts it anew, which takes seconds."""
    stop()
    subprocess.run([SERVER, "--persistent"], env=environment(), check=True)
    # The first program starts what serves all of them, and that would hold its output open.
    nowhere = subprocess.DEVNULL
    subprocess.run([WINE, "wineboot"], env=environment(), check=True, stdin=nowhere, stdout=nowhere, stderr=nowhere)


def stop() -> None:
    """Ends what is left of the processes of this Windows."""
    subprocess.run([SERVER, "--kill", "--wait"], env=environment(), check=False, capture_output=True)
