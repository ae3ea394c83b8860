"""The rest stands in pyproject.toml. A wheel holds the native library of one platform, and is for any Python.

A source distribution holds the library's source, from which it is built where it is installed, by cargo.
"""

import platform
import re
import shutil
import struct
import subprocess
import sysconfig
import tarfile
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.sdist import sdist

PACKAGE = Path("whop_license")
CHECKOUT = Path("../..")
NOTICES = ("LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY")
# In a source distribution: the library's source.
SOURCE = Path("native")

# What a platform calls the library, and the kind of file that it is; by the beginning of the wheel's tag.
SYSTEMS = {
    "linux": ("libwhop_license.so", "ELF"),
    "manylinux": ("libwhop_license.so", "ELF"),
    "musllinux": ("libwhop_license.so", "ELF"),
    "macosx": ("libwhop_license.dylib", "Mach-O"),
    "win": ("whop_license.dll", "PE"),
}
# What each kind of file calls a processor; by the end of the wheel's tag.
PROCESSORS = {
    "ELF": {"x86_64": 62, "aarch64": 183, "i686": 3, "armv7l": 40},
    "Mach-O": {"x86_64": 0x01000007, "arm64": 0x0100000C},
    "PE": {"win_amd64": 0x8664, "win_arm64": 0xAA64, "win32": 0x014C},
}
NO_LIBRARY: tuple[str, set[int]] = ("no native library", set())


def kind_and_processors(library: bytes) -> tuple[str, set[int]]:
    """What a native library says of itself."""
    if library[:4] == b"\x7fELF":
        return "ELF", {*struct.unpack_from("<H" if library[5] == 1 else ">H", library, 18)}
    if library[:4] == b"\xcf\xfa\xed\xfe":
        return "Mach-O", {*struct.unpack_from("<I", library, 4)}
    if library[:4] == b"\xca\xfe\xba\xbe":
        (count,) = struct.unpack_from(">I", library, 4)
        return "Mach-O", {struct.unpack_from(">I", library, 8 + 20 * index)[0] for index in range(count)}
    if library[:2] == b"MZ":
        (header,) = struct.unpack_from("<I", library, 0x3C)
        if library[header : header + 4] == b"PE\0\0":
            return "PE", {*struct.unpack_from("<H", library, header + 4)}
    return NO_LIBRARY


def fault_for(tag: str) -> str | None:
    """What keeps the package from being a wheel for the platform of this tag."""
    system = re.match("[a-z]+", tag)
    if system is None or system[0] not in SYSTEMS:
        return f"there is no native library for {tag}"
    name, kind = SYSTEMS[system[0]]
    present = {file.name for suffix in ("so", "dylib", "dll") for file in PACKAGE.glob(f"*.{suffix}")}
    if name not in present:
        return (
            f"{PACKAGE / name} is not there: install a wheel for this platform, "
            "or run `make` in a checkout of the repository and install from there"
        )
    if present != {name}:
        return f"{PACKAGE} holds the library of another platform too: remove {', '.join(sorted(present - {name}))}"
    known = PROCESSORS[kind]
    wanted = {number for processor, number in known.items() if tag.endswith((processor, "universal2"))}
    try:
        found, numbers = kind_and_processors((PACKAGE / name).read_bytes())
    except (struct.error, IndexError):
        found, numbers = NO_LIBRARY
    if found == kind and wanted and wanted <= numbers:
        return None
    names = {number: processor for processor, number in PROCESSORS.get(found, {}).items()}
    processors = ", ".join(sorted(names.get(number, f"processor {number}") for number in numbers))
    return f"{PACKAGE / name} is not for {tag}: it is {found}{processors and f' for {processors}'}"


def run_cargo(*arguments: str) -> None:
    """Has cargo do something, and shows what it says."""
    try:
        subprocess.run(["cargo", *arguments], check=True)
    except FileNotFoundError:
        raise SystemExit(
            "whop-license: there is no wheel for this platform, and to build one Rust is needed: install it from "
            "https://rustup.rs, then run this again"
        ) from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"whop-license: cargo {arguments[0]} failed: what it said stands above") from error


def build_library(name: str) -> None:
    """Builds the native library from its source, for this machine."""
    manifest, target = SOURCE / "Cargo.toml", Path("build/native").absolute()
    run_cargo("build", "--locked", "--release", "--lib", f"--manifest-path={manifest}", f"--target-dir={target}")
    shutil.copyfile(target / "release" / name, PACKAGE / name)


class Package(Distribution):
    """Is installed where files for one platform belong."""

    def has_ext_modules(self) -> bool:
        """The native library counts as one, though it does not know Python."""
        return True


class Wheel(bdist_wheel):
    """A wheel around a library of its own platform."""

    def get_tag(self) -> tuple[str, str, str]:
        """For any Python 3."""
        return "py3", "none", super().get_tag()[2]

    def run(self) -> None:
        """Builds the library where its source is, and refuses one of another platform."""
        name = SYSTEMS.get(re.split("[-_]", self.get_tag()[2])[0], ("",))[0]
        if FROM_SOURCE and name and not (PACKAGE / name).exists():
            build_library(name)
        if fault := fault_for(self.get_tag()[2]):
            raise SystemExit(f"whop-license: {fault}")
        # What an earlier build left, such as the library of another platform, would be packed too.
        self.skip_build = False
        for left in (Path(self.get_finalized_command("build").build_lib, PACKAGE), self.bdist_dir):
            shutil.rmtree(left, ignore_errors=True)
        super().run()


class SourceDistribution(sdist):
    """With the library's source, as cargo packs it."""

    def run(self) -> None:
        """Packs the library's source first."""
        if not FROM_SOURCE:
            shutil.rmtree(SOURCE, ignore_errors=True)
            packed = Path("build/crate").absolute()
            package = ("package", "--locked", "--no-verify", "--allow-dirty", "--quiet", "--package=whop-license")
            run_cargo(*package, f"--manifest-path={CHECKOUT / 'Cargo.toml'}", f"--target-dir={packed}")
            [crate] = (packed / "package").glob("*.crate")
            with tarfile.open(crate) as files:
                files.extractall(packed)
            shutil.move(packed / crate.stem, SOURCE)
        super().run()


def this_platform() -> str:
    """That of this Python, but for what only Python has: two processors in one file, on macOS."""
    name = sysconfig.get_platform()
    return f"macosx-11.0-{platform.machine()}" if name.endswith("universal2") else name


FROM_SOURCE = Path("PKG-INFO").exists()
if not FROM_SOURCE:  # A checkout, where they stand once, at the top. A source distribution has its own.
    for notice in NOTICES:
        source = CHECKOUT / notice
        if not source.is_file():
            raise SystemExit(f"whop-license: {source} is not there: this builds in a checkout of the repository")
        shutil.copyfile(source, notice)

setup(
    distclass=Package,
    cmdclass={"bdist_wheel": Wheel, "sdist": SourceDistribution},
    options={"bdist_wheel": {"plat_name": this_platform()}},
)
