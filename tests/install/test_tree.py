"""packaging/install.py: what it installs where, what it takes away, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support import INSTALL, LIBRARY, ROOT, TARGET_DIR, alone, run

BUILT = {
    "linux-x86_64": ["libwhop_license.so", "libwhop_license.a", "whop-relay"],
    "linux-aarch64-musl": ["libwhop_license.a", "whop-relay"],
    "windows-x86_64": [
        "whop_license.dll",
        "libwhop_license.a",
        "libwhop_license.dll.a",
        "whop_license.lib",
        "whop_license.def",
        "whop-sandbox.exe",
    ],
    "macos-universal": ["libwhop_license.dylib", "libwhop_license.a", "whop-relay"],
}
INSTALLED = {
    "linux-x86_64": {
        "bin/whop-relay",
        "lib/libwhop_license.so",
        "lib/libwhop_license.so.0.1",
        "lib/libwhop_license.so.0.1.0",
        "lib/libwhop_license.a",
    },
    "linux-aarch64-musl": {"bin/whop-relay", "lib/libwhop_license.a"},
    "windows-x86_64": {
        "bin/whop-sandbox.exe",
        "bin/whop_license.dll",
        "lib/libwhop_license.a",
        "lib/libwhop_license.dll.a",
        "lib/whop_license.lib",
        "lib/whop_license.def",
    },
    "macos-universal": {"bin/whop-relay", "lib/libwhop_license.dylib", "lib/libwhop_license.a"},
}


def installer(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, INSTALL, *arguments]
    return subprocess.run(command, env=alone(), capture_output=True, text=True)


def a_build(folder: Path, platform: str) -> Path:
    """What a build for a platform leaves, by name."""
    folder.mkdir()
    for name in BUILT[platform]:
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


@pytest.mark.parametrize("platform", BUILT)
def test_each_platform_has_its_files_and_loses_exactly_those(platform: str, tmp_path: Path) -> None:
    built, stage = a_build(tmp_path / "built", platform), tmp_path / "stage"
    where: list[str | Path] = ["--platform", platform, "--prefix", "/opt/whop", "--destdir", stage]
    root = stage / "opt/whop"
    (root / "lib").mkdir(parents=True)
    (root / "lib/somebody-elses").touch()
    done = installer("install", "--from", built, *where)
    assert done.returncode == 0, done.stderr
    binaries = {file for file in files(root) if file.startswith(("bin/", "lib/"))}
    packages = {
        "lib/pkgconfig/whop_license.pc",
        "lib/cmake/whop_license/whop_licenseConfig.cmake",
        "lib/cmake/whop_license/whop_licenseConfigVersion.cmake",
    }
    assert binaries == INSTALLED[platform] | packages | {"lib/somebody-elses"}
    assert {"include/whop_license.h", "include/whop_license.hpp"} <= files(root)
    assert {f"share/doc/whop-license/{name}" for name in ("LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY")} <= files(
        root
    )
    pages = {
        "share/man/man1/whop-relay-serve.1",
        "share/bash-completion/completions/whop-relay",
        "share/fish/vendor_completions.d/whop-relay.fish",
        "share/zsh/site-functions/_whop-relay",
    }
    assert pages & files(root) == (set() if platform.startswith("windows") else pages)
    assert not any("whop-license.1" in file for file in files(root)), "the man page of a program that is not there"
    assert installer("uninstall", *where).returncode == 0
    assert files(root) == {"lib/somebody-elses"}
    left = {path.name for path in root.rglob("*") if path.is_dir()}
    assert left.isdisjoint({"whop-license", "whop_license", "docs", "examples", "c"})
    assert left >= {"include", "pkgconfig", "share"}, "folders that other software may use too"


@pytest.mark.parametrize("umask", [0o077, 0o002])
def test_all_may_read_what_is_installed_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    built = a_build(tmp_path / "built", "linux-x86_64")
    command: list[str | Path] = [sys.executable, INSTALL, "install", "--from", built, "--prefix", tmp_path / "opt/whop"]
    subprocess.run(command, env=alone(), umask=umask, check=True, stdout=subprocess.DEVNULL)
    modes = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "opt").rglob("*")}
    for path, mode in modes.items():
        runs = path.is_dir() or path.parent.name == "bin" or ".so" in path.name
        assert mode == (0o755 if runs else 0o644), path
    assert len(modes) > 20


def test_uninstall_keeps_folders_and_links_that_it_did_not_make(tmp_path: Path) -> None:
    prefix, elsewhere = tmp_path / "whop", tmp_path / "elsewhere"
    for folder in (elsewhere / "lib", elsewhere / "doc", elsewhere / "documents", prefix / "share", prefix / "include"):
        folder.mkdir(parents=True)
    (prefix / "lib").symlink_to(elsewhere / "lib")
    (prefix / "share/doc").symlink_to(elsewhere / "doc")
    (elsewhere / "doc/whop-license").symlink_to(elsewhere / "documents")
    built = a_build(tmp_path / "built", "linux-x86_64")
    assert installer("install", "--from", built, "--prefix", prefix).returncode == 0
    done = installer("uninstall", "--prefix", prefix)
    assert (done.returncode, done.stderr) == (0, "")
    assert files(prefix) | files(elsewhere) == {"lib", "share/doc", "doc/whop-license"}, "the links alone are left"
    assert (prefix / "include").is_dir()
    assert [str(path.relative_to(elsewhere / "documents")) for path in (elsewhere / "documents").rglob("*")] == []
    again = installer("uninstall", "--prefix", prefix)
    assert (again.returncode, again.stderr) == (0, "")
    assert "removed 0 files" in again.stdout


def test_programs_alone_bring_nothing_to_link_with(tmp_path: Path) -> None:
    built = tmp_path / "built"
    built.mkdir()
    (built / "whop-relay").touch()
    assert (
        installer("install", "--from", built, "--platform", "linux-x86_64-musl", "--prefix", tmp_path).returncode == 0
    )
    assert (tmp_path / "bin/whop-relay").stat().st_mode & 0o777 == 0o755
    assert not (tmp_path / "include").exists()
    assert not (tmp_path / "lib").exists()


def test_another_library_folder_is_found_by_both(tmp_path: Path) -> None:
    folder = "lib/x86_64-linux-gnu"
    done = installer("install", "--from", LIBRARY, "--prefix", tmp_path / "first", "--libdir", folder)
    assert done.returncode == 0, done.stderr
    tree = (tmp_path / "first").rename(tmp_path / "second")
    flags = run("pkg-config", "--cflags", "--libs", "whop_license", PKG_CONFIG_PATH=tree / folder / "pkgconfig").split()
    paths = [str(Path(flag[2:]).resolve()) for flag in flags if flag[:2] in ("-I", "-L")]
    assert paths == [str(tree / "include"), str(tree / folder)]
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(game C)\nfind_package(whop_license 0.1 REQUIRED)\n"
        "get_target_property(file whop_license::whop_license IMPORTED_LOCATION)\nmessage(STATUS found=${file})\n",
        encoding="utf-8",
    )
    said = run("cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={tree}", cwd=tmp_path)
    assert f"found={tree / folder / 'libwhop_license.so.0.1.0'}\n" in said


@pytest.mark.from_source
def test_cmake_installs_the_same_tree_from_source(tmp_path: Path) -> None:
    build = tmp_path / "build"
    run("cmake", "-S", ROOT, "-B", build, "--install-prefix", tmp_path / "cmake", CARGO_TARGET_DIR=TARGET_DIR)
    run("cmake", "--build", build)
    run("cmake", "--install", build)
    # CMake builds no programs, which `make dist` has put beside the library.
    libraries: list[str | Path] = ["--from", LIBRARY, "--programs-from", tmp_path / "no-programs"]
    done = installer("install", *libraries, "--prefix", tmp_path / "make")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "cmake") == files(tmp_path / "make")
    for file in files(tmp_path / "make"):
        if "libwhop_license" not in file:  # which need not be of the same compiler
            assert (tmp_path / "cmake" / file).read_bytes() == (tmp_path / "make" / file).read_bytes(), file


def test_cmake_builds_nothing_for_visual_cpp_and_says_what_to_take(tmp_path: Path) -> None:
    # What CMake sets where it finds Visual C++.
    command = ["cmake", "-S", str(ROOT), "-B", str(tmp_path), "-DMSVC=TRUE"]
    done = subprocess.run(command, env=alone(), capture_output=True, text=True)
    assert done.returncode != 0
    assert "use the release archive for Windows" in " ".join(done.stderr.split())


def test_cmake_gives_visual_cpp_no_static_library_of_mingw_and_says_why(tmp_path: Path) -> None:
    built = a_build(tmp_path / "built", "windows-x86_64")
    where: list[str | Path] = ["--platform", "windows-x86_64", "--prefix", tmp_path / "tree"]
    assert installer("install", "--from", built, *where).returncode == 0
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(game C)\nfind_package(whop_license 0.1 REQUIRED)\n"
        "foreach(target whop_license static)\nif(TARGET whop_license::${target})\nmessage(STATUS has=${target})\n"
        "endif()\nendforeach()\n",
        encoding="utf-8",
    )
    mingw = run("cmake", "-B", "mingw", f"-DCMAKE_PREFIX_PATH={tmp_path / 'tree'}", cwd=tmp_path)
    assert "has=whop_license\n" in mingw
    assert "has=static\n" in mingw
    visual = run("cmake", "-B", "visual", f"-DCMAKE_PREFIX_PATH={tmp_path / 'tree'}", "-DMSVC=TRUE", cwd=tmp_path)
    assert "has=whop_license\n" in visual
    assert "has=static\n" not in visual
    assert "no whop_license::static for Visual C++" in visual


@pytest.mark.parametrize(("asked", "found"), [("0.1", True), ("0.1.0 EXACT", True), ("0.2", False), ("1.0", False)])
def test_cmake_takes_the_same_minor_version_alone(asked: str, found: bool, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.16)\nproject(game C)\nfind_package(whop_license {asked} QUIET)\n"
        "message(STATUS found=${whop_license_FOUND})\n",
        encoding="utf-8",
    )
    said = run("cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={tree}", cwd=tmp_path)
    assert ("found=1\n" in said) == found


def test_cmake_names_a_file_that_is_gone(tree: Path, tmp_path: Path) -> None:
    run("cp", "-a", tree, tmp_path / "broken")
    (tmp_path / "broken/lib/libwhop_license.a").unlink()
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(game C)\nfind_package(whop_license REQUIRED)\n", encoding="utf-8"
    )
    command = ["cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={tmp_path / 'broken'}"]
    done = subprocess.run(command, cwd=tmp_path, env=alone(), capture_output=True, text=True)
    assert done.returncode != 0
    assert "libwhop_license.a is not there" in " ".join(done.stderr.split())


def test_no_file_names_the_place_that_it_was_installed_to_or_built_in(tree: Path) -> None:
    for name in ("pkgconfig/whop_license.pc", "cmake/whop_license/whop_licenseConfig.cmake"):
        text = (tree / "lib" / name).read_text(encoding="utf-8")
        assert str(ROOT) not in text
        assert str(tree.parent) not in text
        assert "@" not in text.replace("@rpath", "")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["install"], "install needs --from"),
        (["install", "--from", "nowhere"], "nowhere/libwhop_license.so, nowhere/libwhop_license.a is not there"),
        (["uninstall", "--prefix", "here"], "--prefix here: is not an absolute path"),
        (["uninstall", "--libdir", "../lib"], "argument --libdir: '../lib' is not a folder below the prefix"),
        (["uninstall", "--libdir", "/lib"], "argument --libdir: '/lib' is not a folder below the prefix"),
        (["uninstall", "--platform", "plan9"], "--platform plan9: unknown"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(arguments: list[str], fault: str) -> None:
    done = installer(*arguments)
    assert done.returncode != 0
    assert fault in done.stderr
