"""A wheel is for the platform of the native library that it holds; a source distribution is for all, and holds none."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from whop_license import _header, _native

PYTHON = Path(__file__).parents[1]
ROOT = PYTHON.parents[1]
VERSION = _header.WHOP_LICENSE_VERSION
NOTICES = {"LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY"}
MODULES = {
    f"whop_license/{name}"
    for name in (
        "__init__.py",
        "_answer.py",
        "_async.py",
        "_blocking.py",
        "_fields.py",
        "_handle.py",
        "_header.py",
        "_native.py",
        "_record.py",
        "_settings.py",
        "_text.py",
        "_time.py",
        "_types.py",
        "_waiters.py",
        "client.py",
        "current.py",
        "errors.py",
        "license.py",
        "oneshot.py",
        "plan.py",
        "py.typed",
        "status.py",
        "v2.py",
    )
}
LINUX, MACOS, WINDOWS = "libwhop_license.so", "libwhop_license.dylib", "whop_license.dll"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the repository; the folder of the Python package in it."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(listed, cwd=ROOT, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    shutil.copy(_native.FILE, tmp_path / "bindings/python/whop_license")
    return tmp_path / "bindings/python"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the wheel is built from, in its place in a checkout."""
    for notice in NOTICES:
        shutil.copy(ROOT / notice, tmp_path)
    project = tmp_path / "bindings/python"
    leftovers = shutil.ignore_patterns("build", "dist", "*.egg-info", ".*", "__pycache__", *NOTICES)
    shutil.copytree(PYTHON, project, ignore=leftovers)
    return project


def pip(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", *arguments, "--no-index", "--no-deps"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


def sdist(project: Path) -> Path:
    program = "from setuptools import build_meta; build_meta.build_sdist('dist')"
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    [archive] = (project / "dist").iterdir()
    return archive


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def expected_names(library: str) -> set[str]:
    metadata = {"METADATA", "RECORD", "WHEEL", "top_level.txt", *(f"licenses/{notice}" for notice in NOTICES)}
    return MODULES | {f"whop_license/{library}"} | {f"whop_license-{VERSION}.dist-info/{name}" for name in metadata}


def test_a_wheel_of_this_platform_is_built_and_works_where_it_is_installed(project: Path) -> None:
    for earlier_build in ("lib", f"bdist.{sysconfig.get_platform()}/wheel"):
        stale = project / "build" / earlier_build / "whop_license" / MACOS
        stale.parent.mkdir(parents=True)
        stale.write_bytes(b"")
    built = pip(project, "wheel", ".", "--no-build-isolation")
    assert built.returncode == 0, built.stderr
    platform = re.sub(r"\W", "_", sysconfig.get_platform())
    [wheel] = project.glob("*.whl")
    assert wheel.name == f"whop_license-{VERSION}-py3-none-{platform}.whl"
    assert names(wheel) == expected_names(Path(_native.FILE).name)
    assert "Root-Is-Purelib: false" in zipfile.ZipFile(wheel).read(f"whop_license-{VERSION}.dist-info/WHEEL").decode()

    site = project / "site"
    assert pip(project, "install", wheel.name, "--target", str(site)).returncode == 0
    for notice in NOTICES:
        installed = site / f"whop_license-{VERSION}.dist-info/licenses" / notice
        assert installed.read_bytes() == (ROOT / notice).read_bytes()
    program = "import whop_license; whop_license.Client('key'); print(whop_license.__file__)"
    done = subprocess.run([sys.executable, "-c", program], cwd=site, capture_output=True, text=True, timeout=30)
    assert done.stdout == f"{site / 'whop_license' / '__init__.py'}\n", done.stderr


def test_a_wheel_without_the_native_library_is_not_built(project: Path) -> None:
    (project / "whop_license" / Path(_native.FILE).name).unlink()
    built = pip(project, "wheel", ".", "--no-build-isolation")
    assert built.returncode != 0
    assert "run `make` in a checkout" in built.stderr + built.stdout
    assert not list(project.glob("*.whl"))


def test_a_source_distribution_holds_the_source_of_the_library_and_no_library(checkout: Path) -> None:
    for name in (LINUX, MACOS, WINDOWS):
        (checkout / "whop_license" / name).touch()
    archive = sdist(checkout)
    assert archive.name == f"whop_license-{VERSION}.tar.gz"
    own = {"MANIFEST.in", "PKG-INFO", "README.md", "pyproject.toml", "setup.cfg", "setup.py"}
    made = {f"whop_license.egg-info/{name}" for name in ("PKG-INFO", "SOURCES.txt", "dependency_links.txt")}
    made.add("whop_license.egg-info/top_level.txt")
    with tarfile.open(archive) as files:
        found = {member.name.partition("/")[2] for member in files if not member.isdir()}
        native = {name for name in found if name.startswith("native/")}
        assert found - native == own | made | NOTICES | MODULES
        assert native >= {f"native/{name}" for name in ("Cargo.toml", "Cargo.lock", "build.rs", "src/lib.rs")}
        for notice in NOTICES:
            text = files.extractfile(f"whop_license-{VERSION}/{notice}")
            assert text is not None
            assert text.read() == (ROOT / notice).read_bytes()


def test_a_source_distribution_names_rust_where_it_is_missing(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = sdist(checkout)
    monkeypatch.setenv("PATH", str(tmp_path))
    installed = pip(checkout, "install", str(archive), "--no-build-isolation", "--target", str(checkout / "site"))
    assert installed.returncode != 0
    said = " ".join((installed.stdout + installed.stderr).split())
    assert "to build one Rust is needed: install it from https://rustup.rs" in said
    assert "Traceback" not in said


def test_a_source_distribution_takes_a_native_library_that_is_there(checkout: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist(checkout)) as files:
        files.extractall(tmp_path / "elsewhere")
    unpacked = tmp_path / "elsewhere" / f"whop_license-{VERSION}"
    shutil.copy(_native.FILE, unpacked / "whop_license")
    assert pip(unpacked, "wheel", ".", "--no-build-isolation").returncode == 0
    [wheel] = unpacked.glob("*.whl")
    assert names(wheel) == expected_names(Path(_native.FILE).name)


def elf(machine: int) -> bytes:
    return b"\x7fELF\2\1\1" + bytes(11) + struct.pack("<H", machine) + bytes(40)


def mach_o(processor: int) -> bytes:
    return b"\xcf\xfa\xed\xfe" + struct.pack("<I", processor) + bytes(40)


def universal(*processors: int) -> bytes:
    slices = (struct.pack(">IIIII", processor, 0, 0, 0, 0) for processor in processors)
    return b"\xca\xfe\xba\xbe" + struct.pack(">I", len(processors)) + b"".join(slices)


def pe(machine: int) -> bytes:
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + bytes(40)


ELF_X86_64, ELF_AARCH64 = elf(62), elf(183)
MACH_O_X86_64, MACH_O_ARM64, BOTH = mach_o(0x1000007), mach_o(0x100000C), universal(0x1000007, 0x100000C)
PE_AMD64, PE_ARM64 = pe(0x8664), pe(0xAA64)


def build(project: Path, tag: str, libraries: dict[str, bytes]) -> subprocess.CompletedProcess[str]:
    for name in (LINUX, MACOS, WINDOWS):
        (project / "whop_license" / name).unlink(missing_ok=True)
    for name, content in libraries.items():
        (project / "whop_license" / name).write_bytes(content)
    command = [sys.executable, "-W", "ignore", "setup.py", "--quiet", "bdist_wheel", "--plat-name", tag]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("tag", "name", "library"),
    [
        ("linux_aarch64", LINUX, ELF_AARCH64),
        ("manylinux_2_17_x86_64", LINUX, ELF_X86_64),
        ("musllinux_1_2_aarch64", LINUX, ELF_AARCH64),
        ("macosx_10_12_x86_64", MACOS, MACH_O_X86_64),
        ("macosx_11_0_arm64", MACOS, BOTH),
        ("macosx_10_12_universal2", MACOS, BOTH),
        ("win_amd64", WINDOWS, PE_AMD64),
        ("win_arm64", WINDOWS, PE_ARM64),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wheel_of_any_platform_is_built_around_its_own_library(
    project: Path, tag: str, name: str, library: bytes
) -> None:
    built = build(project, tag, {name: library})
    assert built.returncode == 0, built.stderr
    [wheel] = (project / "dist").iterdir()
    assert wheel.name == f"whop_license-{VERSION}-py3-none-{tag}.whl"
    assert names(wheel) == expected_names(name)


@pytest.mark.parametrize(
    ("tag", "libraries", "fault"),
    [
        ("macosx_11_0_arm64", {LINUX: ELF_X86_64}, f"{MACOS} is not there"),
        ("macosx_11_0_arm64", {MACOS: ELF_AARCH64}, "is not for macosx_11_0_arm64: it is ELF for aarch64"),
        ("macosx_11_0_arm64", {MACOS: MACH_O_X86_64}, "it is Mach-O for x86_64"),
        ("macosx_10_12_universal2", {MACOS: MACH_O_ARM64}, "it is Mach-O for arm64"),
        ("linux_aarch64", {LINUX: ELF_X86_64}, "it is ELF for x86_64"),
        ("linux_x86_64", {LINUX: elf(8)}, "it is ELF for processor 8"),
        ("linux_x86_64", {LINUX: PE_AMD64}, "it is PE for win_amd64"),
        ("linux_riscv64", {LINUX: ELF_X86_64}, "it is ELF for x86_64"),
        ("win_amd64", {WINDOWS: PE_ARM64}, "it is PE for win_arm64"),
        ("win_amd64", {WINDOWS: b"MZ"}, "it is no native library"),
        ("win_amd64", {WINDOWS: b""}, "it is no native library"),
        ("linux_x86_64", {LINUX: b"\x7fELF"}, "it is no native library"),
        ("linux_x86_64", {LINUX: ELF_X86_64, MACOS: BOTH}, f"library of another platform too: remove {MACOS}"),
        ("any", {LINUX: ELF_X86_64}, "there is no native library for any"),
    ],
)
def test_a_wheel_around_a_library_of_another_platform_is_not_built(
    project: Path, tag: str, libraries: dict[str, bytes], fault: str
) -> None:
    built = build(project, tag, libraries)
    assert built.returncode != 0
    assert fault in built.stderr
    assert not list(project.glob("dist/*"))


def test_without_the_notices_nothing_is_built(project: Path) -> None:
    (project.parents[1] / "THIRD-PARTY").unlink()
    built = build(project, "linux_x86_64", {LINUX: ELF_X86_64})
    assert built.returncode != 0
    assert "THIRD-PARTY is not there: this builds in a checkout" in built.stderr
