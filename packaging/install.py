#!/usr/bin/env python3
"""Installs the C library, with all that belongs to it, below a prefix; or takes it away again.

`make install` calls this, and so does `make dist` for the tree of each release archive. The tree may be moved
afterwards: no file of it holds an absolute path. Needs Python 3.8 and nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
DOC = "share/doc/whop-license"
CMAKE = "cmake/whop_license"  # below the folder of the library
HEADERS = ("whop_license.h", "whop_license.hpp", "whop_license.ffi.h")
PROGRAMS = ("whop-license", "whop-relay", "whop-sandbox")
NOTICES = (
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "THIRD-PARTY",
    "packaging/THIRD-PARTY-PROGRAMS",
    "README.md",
    "CHANGELOG.md",
)
EXAMPLES = ("examples/c", "examples/cpp", "examples/other")
# Where a shell looks for the completions of a program.
COMPLETIONS = {
    "bash": "share/bash-completion/completions",
    "fish": "share/fish/vendor_completions.d",
    "zsh": "share/zsh/site-functions",
}


class Kind(NamedTuple):
    """How a platform calls the files."""

    shared: str  # as the build calls it
    soname: str
    imports: tuple[str, ...] = ()  # what Windows links a program with
    executable: str = ""


SONAME = "libwhop_license.so.{major}.{minor}"  # while the major version is 0, a new minor one may break the ABI
KINDS = {
    "linux": Kind("libwhop_license.so", SONAME),
    "musl": Kind("libwhop_license.so", SONAME),
    "macos": Kind("libwhop_license.dylib", "@rpath/libwhop_license.dylib"),
    "windows": Kind("whop_license.dll", "", ("libwhop_license.dll.a", "whop_license.lib", "whop_license.def"), ".exe"),
}
STATIC = "libwhop_license.a"


class Item(NamedTuple):
    """One file of the tree: a copy, a text or a link."""

    path: PurePosixPath  # below the prefix
    source: Path | None = None
    text: str = ""
    link: str = ""
    executable: bool = False
    needs: Path | None = None  # a file of the build without which this one is not installed


class Tree:
    """What is installed where."""

    def __init__(self, name: str, libdir: str, built: Path, programs: Path) -> None:
        self.system = "musl" if name.endswith("musl") else name.split("-")[0]
        if self.system not in KINDS:
            raise SystemExit(f"--platform {name}: unknown; it begins with linux, macos or windows")
        self.kind = KINDS[self.system]
        self.libdir, self.built, self.programs = libdir, built, programs
        self.version = crate_version()

    def items(self) -> Iterator[Item]:
        """All that this version may install here; a source may be missing where it is no part of this build."""
        yield from self.program_items()
        yield from self.library_items()
        for header in HEADERS:
            yield Item(PurePosixPath("include", header), ROOT / "include" / header, needs=self.built / STATIC)
        yield from self.package_items()
        yield from self.document_items()

    def program_items(self) -> Iterator[Item]:
        """Programs, their man pages and completions."""
        for program in PROGRAMS:
            built = self.programs / (program + self.kind.executable)
            yield Item(PurePosixPath("bin", built.name), built, executable=True)
            if self.system == "windows":
                for file in sorted(PACKAGING.glob(f"completions/powershell/{program}*")):
                    yield Item(PurePosixPath(DOC, "completions", file.name), file, needs=built)
                continue
            for page in sorted(PACKAGING.glob(f"man/{program}*.1")):
                yield Item(PurePosixPath("share/man/man1", page.name), page, needs=built)
            for shell, folder in COMPLETIONS.items():
                for file in sorted(PACKAGING.glob(f"completions/{shell}/*{program}*")):
                    yield Item(PurePosixPath(folder, file.name), file, needs=built)

    def library_items(self) -> Iterator[Item]:
        """The library in both forms, and what a linker needs."""
        lib, kind = PurePosixPath(self.libdir), self.kind
        yield Item(PurePosixPath(self.shared()), self.built / kind.shared, executable=True)
        if self.system in ("linux", "musl"):
            shared = self.built / kind.shared
            yield Item(lib / self.soname(), link=PurePosixPath(self.shared()).name, needs=shared)
            yield Item(lib / kind.shared, link=self.soname(), needs=shared)
        for name in (STATIC, *kind.imports):
            yield Item(lib / name, self.built / name)

    def package_items(self) -> Iterator[Item]:
        """What pkg-config and CMake read."""
        lib, static = PurePosixPath(self.libdir), self.built / STATIC
        yield Item(lib / "pkgconfig/whop_license.pc", text=self.filled("whop_license.pc.in"), needs=static)
        for name in ("whop_licenseConfig.cmake", "whop_licenseConfigVersion.cmake"):
            yield Item(lib / CMAKE / name, text=self.filled(f"cmake/{name}.in"), needs=static)

    def document_items(self) -> Iterator[Item]:
        """Licenses, documents and examples."""
        for name in NOTICES:
            yield Item(PurePosixPath(DOC, Path(name).name), ROOT / name)
        for folder in ("docs", *EXAMPLES):
            for file in sorted(file for file in (ROOT / folder).iterdir() if file.is_file()):
                yield Item(PurePosixPath(DOC, folder, file.name), file)

    def owns(self, folder: PurePosixPath) -> bool:
        """Whether nothing but this library has files there."""
        own = (PurePosixPath(DOC), PurePosixPath(self.libdir, CMAKE))
        return any(folder == one or one in folder.parents for one in own)

    def shared(self) -> str:
        """Where the shared library goes."""
        if self.system == "windows":
            return f"bin/{self.kind.shared}"
        version = f".{self.version}" if self.system in ("linux", "musl") else ""
        return f"{self.libdir}/{self.kind.shared}{version}"

    def soname(self) -> str:
        """The name by which a program looks for the shared library."""
        major, minor, _ = self.version.split(".", 2)
        return self.kind.soname.format(major=major, minor=minor)

    def filled(self, template: str) -> str:
        """A template with what is known of this tree."""
        major, minor, _ = self.version.split(".", 2)
        up = "/".join(".." for _ in PurePosixPath(self.libdir).parts)
        needs = static_needs(self.system)
        values = {
            "version": self.version,
            "major": major,
            "minor": minor,
            "libdir": self.libdir,
            "prefix_from_pkgconfig": f"{up}/..",
            "prefix_from_cmake": f"{up}/../..",
            "shared_library": self.shared() if self.is_built(self.kind.shared) else "",
            "soname": self.soname(),
            "static_library": STATIC if self.is_built(STATIC) else "",
            "static_needs": " ".join(f"-l{need}" for need in needs),
            "static_needs_for_cmake": ";".join(needs),
        }
        text = (PACKAGING / template).read_text(encoding="utf-8")
        return re.sub(r"@(\w+)@", lambda match: values[match[1]], text)

    def is_built(self, name: str) -> bool:
        """Whether the build has made that file."""
        return (self.built / name).is_file()

    def selected(self) -> list[Item]:
        """What of all that is there to be installed."""
        if missing := self.missing():
            raise SystemExit(f"cannot install: {', '.join(missing)} is not there. Build it first")
        return [
            item for item in self.items() if all(file is None or file.is_file() for file in (item.source, item.needs))
        ]

    def missing(self) -> list[str]:
        """What a C library cannot be without. Static programs alone are a tree too: that of musl."""
        needed = () if self.system == "musl" else (self.kind.shared, STATIC, *self.kind.imports[:1])
        return [str(self.built / name) for name in needed if not self.is_built(name)]


def static_needs(system: str) -> list[str]:
    """The libraries that a program with the static library must be linked with."""
    lines = (PACKAGING / "static_needs.txt").read_text(encoding="utf-8").splitlines()
    return next(needs for name, *needs in map(str.split, lines) if name == system)


def crate_version() -> str:
    """The version of the package."""
    found = re.search(r'^version = "([^"]+)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise SystemExit(f"{ROOT / 'Cargo.toml'}: has no version")
    return found[1]


def make_folder(path: Path) -> None:
    """Makes a folder that all may read, whatever the umask, with those above it."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir()
        path.chmod(0o755)


def install(tree: Tree, root: Path) -> str:
    """Puts the files in place, each at once, so that a program that runs keeps the library that it has."""
    items = tree.selected()
    for item in items:
        path = root / item.path
        make_folder(path.parent)
        new = path.with_name(f".{path.name}.new")
        if os.path.lexists(new):  # left by an install that was cut off
            new.unlink()
        if item.link:
            new.symlink_to(item.link)
        else:
            if item.source:
                shutil.copyfile(item.source, new)
            else:
                new.write_bytes(item.text.encode())
            new.chmod(0o755 if item.executable else 0o644)
        new.replace(path)
    return f"installed {len(items)} files below {root}"


def uninstall(tree: Tree, root: Path) -> str:
    """Takes away what this version installs, and of its own folders those that are empty then."""
    count = 0
    folders: set[PurePosixPath] = set()
    for item in tree.items():
        path = root / item.path
        if path.is_symlink() or path.is_file():
            path.unlink()
            count += 1
        folders |= {folder for folder in item.path.parents if tree.owns(folder)}
    for folder in sorted(folders, reverse=True):  # the inner ones first
        path = root / folder
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()
    return f"removed {count} files from {root}"


def below(prefix: str, destdir: str) -> Path:
    """Where the prefix is for now: below the folder in which a package is put together, if one is given."""
    if not Path(prefix).is_absolute():
        raise SystemExit(f"--prefix {prefix}: is not an absolute path")
    return Path(destdir, Path(prefix).relative_to(Path(prefix).anchor)) if destdir else Path(prefix)


def library_folder(text: str) -> str:
    """The folder of the library, below the prefix."""
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder below the prefix, such as lib or lib64")
    return str(path)


def main() -> None:
    """Reads the command line."""
    system = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}.get(platform.system(), platform.system())
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=("install", "uninstall"))
    parser.add_argument("--from", dest="built", type=Path, help="the folder with the libraries that were built")
    parser.add_argument("--programs-from", type=Path, help="the folder with the programs, if it is another one")
    parser.add_argument("--prefix", default="/usr/local", help="the default is %(default)s")
    parser.add_argument("--destdir", default="", help="put everything below this folder, to make a package of it")
    parser.add_argument("--libdir", default="lib", type=library_folder, help="below the prefix: lib64 for example")
    parser.add_argument("--platform", default=system, help="such as linux-x86_64; the default is this machine's")
    given = parser.parse_args()
    if given.action == "install" and given.built is None:
        parser.error("install needs --from")
    built = given.built or Path()
    tree = Tree(given.platform, given.libdir, built, given.programs_from or built)
    root = below(given.prefix, given.destdir)
    print((install if given.action == "install" else uninstall)(tree, root))


if __name__ == "__main__":
    main()
