"""How the library and the programs are built for a platform."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import import_library
import static_library
import universal
from platforms import ROOT, TARGET_DIR, Platform

TOOLS = Path(sys.executable).parent
# A distribution's compiler: where rustup cannot get a target, its package of Rust's source can build it.
DISTRIBUTION_RUSTC = Path("/usr/bin/rustc")


class CannotBuildError(Exception):
    """What this machine lacks for a platform, and how to get it."""


def needs(tool: str, package: str) -> None:
    """Stops where a tool is missing."""
    if not shutil.which(tool, path=f"{TOOLS}{os.pathsep}{os.environ['PATH']}"):
        raise CannotBuildError(f"{tool} is missing: {package}")


def say(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


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
    """Variables with which two builds of one commit give the same bytes, wherever the checkout and cargo are."""
    cargo_home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    # Where the source of Rust's standard library is installed, its paths are this machine's.
    rust_source = Path(say("rustc", "--print=sysroot").strip(), "lib/rustlib/src/rust")
    commit = re.search(r"(?<=commit-hash: )\w+", say("rustc", "-vV"))
    places = {ROOT: "/whop-license", cargo_home: "/cargo", rust_source: f"/rustc/{commit[0] if commit else ''}"}
    flags = [f"--remap-path-prefix={place}={name}" for place, name in places.items()]
    prefixes = " ".join(shlex.quote(f"-ffile-prefix-map={place}={name}") for place, name in places.items())
    env = {"CFLAGS": prefixes, "CC_SHELL_ESCAPED_FLAGS": "1", "ZERO_AR_DATE": "1"}
    if built.system == "macos":
        env |= {"MACOSX_DEPLOYMENT_TARGET": built.oldest.split()[-1], "CARGO_PROFILE_RELEASE_STRIP": "none"}
        # By the linker: a file that is stripped after it was linked has lost its signature.
        flags += ["-Clink-arg=-Wl,-S", "-Clink-arg=-Wl,-x"]
    if built.system == "windows":
        env["CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER"] = "x86_64-w64-mingw32-gcc"
        # The file's date is else the time of the build.
        flags.append("-Clink-arg=-Wl,--no-insert-timestamp")
    if built.name.endswith("-musl"):
        # Rust asks for a static program at no fixed address, which cargo-zigbuild leaves out.
        flags.append("-Clink-arg=-pie")
    env["CARGO_ENCODED_RUSTFLAGS"] = "\x1f".join(flags)
    return env


def check_tools(built: Platform) -> None:
    """Stops where a tool is missing that the platform takes."""
    if built.system == "windows":
        needs("x86_64-w64-mingw32-gcc", "apt-get install gcc-mingw-w64-x86-64")
    else:
        needs("cargo-zigbuild", "run scripts/setup.sh")
    if tools := binutils(built):
        needs(f"{tools}ld", f"apt-get install binutils-{tools.rstrip('-')}")


def binutils(built: Platform) -> str:
    """What the names of the binutils for a platform begin with; empty for this machine's own."""
    foreign = built.system == "linux" and not built.targets[0].startswith(os.uname().machine)
    return f"{built.targets[0].partition('-')[0]}-linux-gnu-" if foreign else ""


def state() -> str | None:
    """What a build depends on, as one text; None where it is not known, because files have changed since the commit."""
    if say("git", "status", "--porcelain") or not (tree := say("git", "rev-parse", "HEAD^{tree}")):
        return None
    return tree + say("rustc", "-vV")


def build(built: Platform, only: str | None = None) -> None:
    """Builds for a platform, into its folder, what is not built there yet."""
    now = state()
    for part in ("library", "programs"):
        mark = built.folder / f".{part}"
        if only in (None, part) and (now is None or not mark.exists() or mark.read_text(encoding="utf-8") != now):
            mark.unlink(missing_ok=True)
            build_part(built, part)
            mark.write_text(now or "", encoding="utf-8")


def build_part(built: Platform, part: str) -> None:
    """Builds the library or the programs."""
    check_tools(built)
    env = {**os.environ, **environment(built), "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}
    # zig brings the C libraries of all systems but Windows.
    zig = built.system != "windows"
    if part == "library":
        # Without its form for Rust programs, what it does not use is left out when it is linked.
        command = ["cargo-zigbuild" if zig else "cargo", "rustc", "--package=whop-license", "--lib"]
        command += ["--config=packaging/library.toml", "--crate-type=cdylib", "--crate-type=staticlib"]
    else:
        # Apart: what the programs ask of a crate must not come into the library.
        command = ["cargo", "zigbuild" if zig else "build", "--bins"]
        command += [f"--package={package}" for package in built.programs]
    for target in built.targets:
        extra_env, extra = standard_library(target)
        oldest = f".{built.oldest.split()[-1]}" if "glibc" in built.oldest else ""
        options = ["--locked", "--release", f"--target={target}{oldest}", f"--target-dir={TARGET_DIR}", *extra]
        subprocess.run([*command, *options], cwd=ROOT, env=env | extra_env, check=True)
    built.folder.mkdir(parents=True, exist_ok=True)
    if part == "library":
        collect_library(built)
    else:
        for name in built.program_files:
            collect(built, name)


def collect(built: Platform, name: str) -> None:
    """Copies a file that cargo has made; of two processors, both in one."""
    made = [TARGET_DIR / target / "release" / name for target in built.targets]
    if len(made) == 1:
        shutil.copy2(made[0], built.folder / name)
    else:
        universal.write(made, built.folder / name)


def collect_library(built: Platform) -> None:
    """Copies the library in its forms."""
    for name in built.libraries:
        if name in (import_library.DEFINITION, import_library.LIBRARY):
            continue
        collect(built, name)
        if name == "libwhop_license.a" and built.system == "linux":
            static_library.write(built.folder / name, built.folder / name, binutils(built))
        elif name == "libwhop_license.a":
            static_library.strip(built.folder / name)
    if import_library.LIBRARY in built.libraries:
        import_library.write(built.folder)
