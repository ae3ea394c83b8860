"""The platforms that the library is shipped for: this table is the one place that names them.

Usage: platforms.py list | this
       platforms.py build [--only library|programs] [NAME...]      each NAME of the list, or this machine's own

What is built stands in target/platforms/NAME. What is built of this commit already is not built again.
"""

from __future__ import annotations

import argparse
import os
import platform as machine
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# As cargo has it, which is called in the checkout.
TARGET_DIR = ROOT / (os.environ.get("CARGO_TARGET_DIR") or "target")


@dataclass(frozen=True)
class Platform:
    """What is shipped for one kind of machine."""

    name: str
    #: As Rust calls it. Two of them make one universal file.
    targets: tuple[str, ...]
    #: Of a library: what cargo calls them.
    libraries: tuple[str, ...]
    #: The packages whose programs are shipped.
    programs: tuple[str, ...]
    #: The end of a wheel's name; none where no Python loads the library.
    wheel: str | None
    #: The oldest version of the system that it runs on.
    oldest: str
    suffix: str = ""

    @property
    def folder(self) -> Path:
        """Where the files of the platform are put together."""
        return TARGET_DIR / "platforms" / self.name

    @property
    def system(self) -> str:
        """The operating system: linux, windows or macos."""
        return self.name.partition("-")[0]

    @property
    def program_files(self) -> list[str]:
        """What the programs' files are called."""
        return [package.removesuffix("-cli") + self.suffix for package in self.programs]


COMMAND, RELAY, SANDBOX = "whop-license-cli", "whop-relay", "whop-sandbox"
LINUX = ("libwhop_license.so", "libwhop_license.a")
PLATFORMS = {
    one.name: one
    for one in (
        Platform(
            "linux-x86_64",
            ("x86_64-unknown-linux-gnu",),
            LINUX,
            (COMMAND, RELAY, SANDBOX),
            "manylinux2014_x86_64",
            "glibc 2.17",
        ),
        Platform(
            "linux-aarch64",
            ("aarch64-unknown-linux-gnu",),
            LINUX,
            (COMMAND, RELAY, SANDBOX),
            "manylinux2014_aarch64",
            "glibc 2.17",
        ),
        Platform(
            "linux-x86_64-musl",
            ("x86_64-unknown-linux-musl",),
            ("libwhop_license.a",),
            (COMMAND, RELAY, SANDBOX),
            None,
            "Linux 3.2",
        ),
        Platform(
            "linux-aarch64-musl",
            ("aarch64-unknown-linux-musl",),
            ("libwhop_license.a",),
            (COMMAND, RELAY, SANDBOX),
            None,
            "Linux 4.1",
        ),
        Platform(
            "windows-x86_64",
            ("x86_64-pc-windows-gnu",),
            ("whop_license.dll", "libwhop_license.dll.a", "whop_license.lib", "whop_license.def", "libwhop_license.a"),
            (COMMAND, SANDBOX),
            "win_amd64",
            "Windows 10",
            ".exe",
        ),
        Platform(
            "macos-universal",
            ("aarch64-apple-darwin", "x86_64-apple-darwin"),
            ("libwhop_license.dylib", "libwhop_license.a"),
            (COMMAND, RELAY, SANDBOX),
            "macosx_11_0_universal2",
            "macOS 11.0",
        ),
    )
}


def this_machine() -> str:
    """The platform of this machine."""
    system, processor = machine.system(), machine.machine()
    if system == "Darwin":
        return "macos-universal"
    if system == "Windows":
        return "windows-x86_64"
    return f"linux-{processor.replace('arm64', 'aarch64')}"


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser(description="The platforms that the library is shipped for.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="names the platforms")
    commands.add_parser("this", help="names this machine's")
    making = commands.add_parser("build", help="builds for platforms")
    making.add_argument("names", nargs="*", choices=[*PLATFORMS, []], default=[], metavar="NAME")
    making.add_argument("--only", choices=["library", "programs"])
    arguments = parser.parse_args()
    if arguments.command == "list":
        for one in PLATFORMS.values():
            print(f"{one.name:20} {one.oldest:12} {' '.join(one.targets)}")
    elif arguments.command == "this":
        print(this_machine())
    else:
        import building

        for name in arguments.names or [this_machine()]:
            if name not in PLATFORMS:
                sys.exit(f"nothing is shipped for {name}: `make` builds the library for this machine alone")
            try:
                building.build(PLATFORMS[name], arguments.only)
            except building.CannotBuildError as lacks:
                sys.exit(f"{name}: {lacks}")
            except subprocess.CalledProcessError as failure:
                sys.exit(f"{name}: failed: {shlex.join(map(str, failure.cmd))}")


if __name__ == "__main__":
    main()
