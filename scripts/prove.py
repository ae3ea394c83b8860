"""Prove an archive and a wheel of `make dist` on the system that they are for: by its programs, from Python and from C.

Usage: prove.py [PLATFORM]      one of those of `platforms.py list`, or this machine's own
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platforms import PLATFORMS, ROOT, TARGET_DIR, Platform, this_machine

DIST = TARGET_DIR / "dist"
# Of each license key: what a program ends with.
EXPECTED = {"SANDBOX-ACTIVE": 0, "SANDBOX-CANCELED": 1}
DEVICE = "device-of-the-proof"


def unpack(platform: Platform, folder: Path) -> Path:
    """The tree of the platform's archive."""
    [archive] = [*DIST.glob(f"whop-license-*.*.*-{platform.name}.*z*")]
    if archive.suffix == ".zip":
        zipfile.ZipFile(archive).extractall(folder)
    else:
        with tarfile.open(archive) as files:
            files.extractall(folder)
    [tree] = folder.iterdir()
    return tree


@contextmanager
def sandbox(platform: Platform, tree: Path) -> Iterator[dict[str, str]]:
    """A sandbox, and a relay where the platform has one: what they print."""
    with_relay = "whop-relay" in platform.programs
    command = [tree / "bin" / f"whop-sandbox{platform.suffix}", "--port", "0", *(["--relay"] if with_relay else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            lines = [process.stdout.readline().strip() for _ in range(3 if with_relay else 1)]
            yield dict(line.split("=", 1) for line in lines)
        finally:
            process.terminate()


def ends_as_expected(what: str, command: list[str | Path], **variables: str) -> None:
    """Runs a program with each license key, which stands in its command as KEY."""
    for key, code in EXPECTED.items():
        run = [key if part == "KEY" else part for part in command]
        done = subprocess.run(run, env={**os.environ, **variables}, capture_output=True, text=True)
        if done.returncode != code:
            sys.exit(f"{what}: {key}: {done.returncode} in place of {code}: {done.stdout}{done.stderr}")
        print(f"{what}: {key}: {done.stdout.splitlines()[0]}")


def python_with_wheel(platform: Platform, folder: Path) -> Path:
    """A Python of its own with the platform's wheel."""
    [wheel] = DIST.glob(f"whop_license-*-{platform.wheel}.whl")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if platform.suffix else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", wheel], check=True)
    return python


def c_programs(platform: Platform, tree: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The example for servers, by each compiler of this machine."""
    source, include = ROOT / "examples/c/check_on_server.c", tree / "include"
    program = folder / f"check_on_server{platform.suffix}"
    found = [name for name in ("cc", "gcc", "cl") if shutil.which(name)]
    if not found or (platform.suffix and "cl" not in found):
        sys.exit(f"no C compiler: {'cl is missing' if platform.suffix else 'neither cc nor gcc'}")
    for name in found:
        if name == "cl":
            command = [name, "/nologo", f"/I{include}", source, f"/Fe:{program}", tree / "lib/whop_license.lib"]
        else:
            command = [name, f"-I{include}", source, "-o", program, f"-L{tree / 'lib'}", "-lwhop_license"]
        if not platform.suffix:
            command.append(f"-Wl,-rpath,{tree / 'lib'}")
        subprocess.run(command, cwd=folder, check=True)
        yield name, program


def main() -> None:
    """Runs all."""
    platform = PLATFORMS[sys.argv[1] if sys.argv[1:] else this_machine()]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        (folder / "tree").mkdir()
        tree = unpack(platform, folder / "tree")
        if platform.suffix:  # Where Windows looks for a DLL.
            os.environ["PATH"] = f"{tree / 'bin'}{os.pathsep}{os.environ['PATH']}"
        with sandbox(platform, tree) as said:
            api_key = f"sandbox_{said['PORT']}_full"
            command = [tree / "bin" / f"whop-license{platform.suffix}", "check", "KEY", "--product", "prod_sandbox"]
            ends_as_expected("whop-license", [*command, "--device-id", DEVICE], WHOP_API_KEY=api_key)
            if platform.wheel:
                python = python_with_wheel(platform, folder / "venv")
                on_server = ROOT / "examples/python/check_on_server.py"
                ends_as_expected("Python", [python, on_server, api_key, "KEY", DEVICE])
            if platform.libraries[0].endswith(".a"):
                return
            for name, program in c_programs(platform, tree, folder):
                ends_as_expected(name, [program, api_key, "KEY", DEVICE])


if __name__ == "__main__":
    main()
