"""Write what is shipped into target/dist: an archive, a wheel and a list of components for each platform.

Usage: dist.py [NAME...]      all platforms that this machine can build for, or some of those of `platforms.py list`

The relay's container image is made of the static programs, where both are built.

Two runs on one commit write the same bytes: every date is that of the commit.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path
from typing import IO, cast

import building
from components import write_components
from platforms import PLATFORMS, ROOT, TARGET_DIR, Platform

DIST = TARGET_DIR / "dist"
NAME = "whop-license"


def output(*command: str) -> str:
    """What a command prints."""
    return subprocess.check_output(command, cwd=ROOT, text=True).strip()


def version() -> str:
    """The one version of everything."""
    return output("cargo", "pkgid", "--locked", "--package=whop-license").rpartition("#")[2].rpartition("@")[2]


def stage(built: Platform, folder: Path) -> None:
    """Puts the platform's files where they are installed, below a folder."""
    installer = ["packaging/install.py", "install", f"--platform={built.name}", f"--from={built.folder}"]
    subprocess.run([sys.executable, *installer, "--prefix=/", f"--destdir={folder}"], cwd=ROOT, check=True)
    write_components(built, folder / f"share/doc/{NAME}/components.cdx.json", int(os.environ["SOURCE_DATE_EPOCH"]))


def members(folder: Path) -> list[Path]:
    """All below a folder, in an order that does not depend on the disk."""
    return sorted(folder.rglob("*"))


def tar(folder: Path, top: str, archive: Path, date: int) -> None:
    """Packs a folder, with nothing of this machine in it."""

    def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = date
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    with (
        archive.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=date) as packed,
        tarfile.open(fileobj=cast("IO[bytes]", packed), mode="w", format=tarfile.PAX_FORMAT) as all_files,
    ):
        for path in members(folder):
            all_files.add(path, f"{top}/{path.relative_to(folder)}", recursive=False, filter=anonymous)


def zipped(folder: Path, top: str, archive: Path, date: int) -> None:
    """Packs a folder for Windows, with nothing of this machine in it."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as all_files:
        for path in members(folder):
            if path.is_file():
                entry = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}", time.gmtime(date)[:6])
                entry.external_attr = (0o755 if path.suffix in (".exe", ".dll") else 0o644) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                all_files.writestr(entry, path.read_bytes())


def python_package(folder: Path) -> Path:
    """A copy of what wheels are built from, in its place in a checkout, so that no build leaves anything in ours."""
    subprocess.run(["git", "checkout-index", "--all", f"--prefix={folder}/"], cwd=ROOT, check=True)
    return folder / "bindings/python"


def wheel(built: Platform, package: Path) -> None:
    """Builds the wheel around the platform's library."""
    loaded = built.folder / built.libraries[0]
    copied = package / "whop_license" / loaded.name
    shutil.copy2(loaded, copied)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    tag = f"--config-settings=--build-option=--plat-name={built.wheel}"
    subprocess.run([*pip, tag, f"--wheel-dir={DIST}", str(package)], cwd=ROOT, check=True)
    copied.unlink()


def source_distribution(package: Path, date: int) -> None:
    """Builds the package that compiles the library where it is installed, with nothing of this machine in it."""
    program = "from setuptools import build_meta; build_meta.build_sdist('dist')"
    subprocess.run([sys.executable, "-c", program], cwd=package, check=True, stdout=subprocess.DEVNULL)
    [made] = (package / "dist").iterdir()
    with tarfile.open(made) as files:
        files.extractall(package / "dist", filter="data")
    top = made.name.removesuffix(".tar.gz")
    tar(package / "dist" / top, top, DIST / made.name, date)


def pack(built: Platform, release: str, date: int) -> None:
    """Writes the platform's archive, and its list of components beside it."""
    top = f"{NAME}-{release}-{built.name}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        stage(built, folder)
        shutil.copyfile(folder / f"share/doc/{NAME}/components.cdx.json", DIST / f"{top}.cdx.json")
        if built.suffix:
            zipped(folder, top, DIST / f"{top}.zip", date)
        else:
            tar(folder, top, DIST / f"{top}.tar.gz", date)


def sums() -> str:
    """The SHA-256 of each file, as `sha256sum --check` reads it."""
    files = sorted(file for file in DIST.iterdir() if file.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def main() -> None:
    """Builds, packs, and says what could not be built."""
    chosen = sys.argv[1:] or list(PLATFORMS)
    if unknown := set(chosen) - set(PLATFORMS):
        sys.exit(f"no platform: {', '.join(sorted(unknown))}. There are {', '.join(PLATFORMS)}")
    os.umask(0o022)  # A wheel keeps the permissions of its files.
    date = int(output("git", "log", "-1", "--format=%ct"))
    os.environ["SOURCE_DATE_EPOCH"] = str(date)
    release = version()
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    missing, done = [], set()
    with tempfile.TemporaryDirectory() as temporary:
        package = python_package(Path(temporary))
        source_distribution(package, date)
        for name in chosen:
            print(f"== {name}", flush=True)
            try:
                building.build(PLATFORMS[name])
            except building.CannotBuildError as lacks:
                missing.append(f"{name}: not built: {lacks}")
                continue
            pack(PLATFORMS[name], release, date)
            done.add(name)
            if PLATFORMS[name].wheel:
                wheel(PLATFORMS[name], package)
    if {"linux-x86_64-musl", "linux-aarch64-musl"} <= done:
        subprocess.run([sys.executable, "scripts/image.py"], cwd=ROOT, check=True)
    (DIST / "SHA256SUMS").write_text(sums(), encoding="utf-8")
    print((DIST / "SHA256SUMS").read_text(encoding="utf-8"), *missing, sep="\n")
    if missing and (sys.argv[1:] or os.environ.get("CI") == "true"):
        sys.exit(1)


if __name__ == "__main__":
    main()
