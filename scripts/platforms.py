"""The platforms that the library is shipped for, and how each is built.

Usage: platforms.py list | this
       platforms.py build [--only library|programs] [NAME...]      each NAME of the list, or this machine's own

What is built stands in target/platforms/NAME. Cargo builds again only what has changed.
"""

from __future__ import annotations

import argparse
import os
import platform as machine
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import import_library

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
TARGET_DIR = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
# A distribution's compiler: where rustup cannot get a target, its package of Rust's source can build it.
DISTRIBUTION_RUSTC = Path("/usr/bin/rustc")


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
    def zig_target(self) -> str | None:
        """What zig builds for: it brings the C libraries of all systems. None: a compiler of the machine's does it."""
        if self.name.startswith("windows"):
            return None
        if self.name.startswith("macos"):
            return "universal2-apple-darwin"
        return self.targets[0] + (f".{self.oldest.split()[-1]}" if "glibc" in self.oldest else "")


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


class CannotBuildError(Exception):
    """What this machine lacks for a platform, and how to get it."""


def this_machine() -> str:
    """The platform of this machine."""
    system, processor = machine.system(), machine.machine()
    if system == "Darwin":
        return "macos-universal"
    if system == "Windows":
        return "windows-x86_64"
    return f"linux-{processor.replace('arm64', 'aarch64')}"


def needs(tool: str, package: str) -> None:
    """Stops where a tool is missing."""
    if not shutil.which(tool, path=f"{TOOLS}{os.pathsep}{os.environ['PATH']}"):
        raise CannotBuildError(f"{tool} is missing: {package}")


def standard_library(target: str) -> tuple[dict[str, str], list[str]]:
    """What cargo needs to have Rust's standard library for a target: rustup's, or else one built from its source."""
    found = subprocess.run(["rustc", "--print=target-libdir", f"--target={target}"], capture_output=True, text=True)
    if found.returncode == 0 and Path(found.stdout.strip()).is_dir():
        return {}, []
    rustup = shutil.which("rustup")
    if rustup and subprocess.run([rustup, "target", "add", target], cwd=ROOT).returncode == 0:
        return {}, []
    if (DISTRIBUTION_RUSTC.parents[1] / "lib/rustlib/src/rust/library/std").is_dir():
        env = {"RUSTC": str(DISTRIBUTION_RUSTC), "RUSTC_BOOTSTRAP": "1"}
        return env, ["-Zbuild-std=std,panic_unwind"]
    raise CannotBuildError(
        f"Rust's standard library for {target} is missing: `rustup target add {target}`, or on Debian "
        "`apt-get install rustc-web rust-web-src`"
    )


def environment(built: Platform) -> dict[str, str]:
    """In which two builds of one commit give the same bytes, wherever the checkout and cargo's home are."""
    cargo_home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    places = {ROOT: "/whop-license", cargo_home: "/cargo"}
    flags = [f"--remap-path-prefix={place}={name}" for place, name in places.items()]
    prefixes = " ".join(shlex.quote(f"-ffile-prefix-map={place}={name}") for place, name in places.items())
    env = {"CFLAGS": prefixes, "ZERO_AR_DATE": "1"}
    if built.name.startswith("macos"):
        env |= {"MACOSX_DEPLOYMENT_TARGET": built.oldest.split()[-1], "CARGO_PROFILE_RELEASE_STRIP": "none"}
        # By the linker: a file that is stripped after it was linked has lost its signature.
        flags += ["-Clink-arg=-Wl,-S", "-Clink-arg=-Wl,-x"]
    if built.name.startswith("windows"):
        env["CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER"] = "x86_64-w64-mingw32-gcc"
        # The file's date is else the time of the build.
        flags.append("-Clink-arg=-Wl,--no-insert-timestamp")
    env["CARGO_ENCODED_RUSTFLAGS"] = "\x1f".join(flags)
    return env


def build(built: Platform, only: str | None = None) -> None:
    """Builds for a platform, into its folder."""
    env = {**os.environ, **environment(built), "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}
    cargo = ["cargo", "build"]
    if built.zig_target:
        needs("cargo-zigbuild", "run scripts/setup.sh")
        cargo = ["cargo", "zigbuild"]
    else:
        needs("x86_64-w64-mingw32-gcc", "apt-get install gcc-mingw-w64-x86-64")
    for target in built.targets:
        extra_env, extra = standard_library(target)
        env |= extra_env
    target = built.zig_target or built.targets[0]
    options = ["--locked", "--release", f"--target={target}", f"--target-dir={TARGET_DIR}", *extra]
    library = [*cargo, *options, "--package=whop-license", "--lib"]
    if built.name.startswith("windows"):
        # Without a form for Rust programs, what the library does not use is left out when it is linked.
        library = ["cargo", "rustc", *library[2:], "--crate-type=cdylib", "--crate-type=staticlib"]
    programs = [*cargo, *options, *(f"--package={package}" for package in built.programs), "--bins"]
    # Apart: what the programs ask of a crate must not come into the library.
    for part, command in {"library": library, "programs": programs}.items():
        if only in (None, part):
            subprocess.run(command, cwd=ROOT, env=env, check=True)
            collect(built, part)


def collect(built: Platform, part: str) -> None:
    """Copies what cargo has made into the platform's folder."""
    universal = "universal2-apple-darwin"
    release = TARGET_DIR / (universal if len(built.targets) > 1 else built.targets[0]) / "release"
    built.folder.mkdir(parents=True, exist_ok=True)
    if part == "library" and "whop_license.lib" in built.libraries:
        import_library.write(release)
    program_names = [package.removesuffix("-cli") + built.suffix for package in built.programs]
    for name in built.libraries if part == "library" else program_names:
        shutil.copy2(release / name, built.folder / name)


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser(description="Builds for the platforms that the library is shipped for.")
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
        return
    if arguments.command == "this":
        print(this_machine())
        return
    for name in arguments.names or [this_machine()]:
        try:
            build(PLATFORMS[name], arguments.only)
        except CannotBuildError as lacks:
            sys.exit(f"{name}: {lacks}")
        except subprocess.CalledProcessError as failure:
            sys.exit(f"{name}: failed: {shlex.join(map(str, failure.cmd))}")


if __name__ == "__main__":
    main()
