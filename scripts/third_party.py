"""Write the notices of all crates that are linked into the library (THIRD-PARTY), and into the programs besides.

With --check, say whether they are current.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from platforms import PLATFORMS, ROOT

LIBRARY = "whop-license"
PROGRAMS = sorted({package for platform in PLATFORMS.values() for package in platform.programs})
SHARED = "whop-secret-file"
TARGETS = [target for platform in PLATFORMS.values() for target in platform.targets]
NOTICES = ROOT / "THIRD-PARTY"
PROGRAM_NOTICES = ROOT / "packaging/THIRD-PARTY-PROGRAMS"
# Of what is no crate: the C library in programs for musl.
C_LIBRARY = ROOT / "packaging/MUSL"
HEADER = """\
Notices of the crates that are linked into {what} on any of the platforms{besides}.
Where a license can be chosen, it is MIT. Written by scripts/third_party.py.

What the compilers link as well has no notice here{but}:

- Rust's standard library (MIT OR Apache-2.0) with the crates inside it: addr2line, adler2, cfg-if, gimli, hashbrown,
  libc, memchr, miniz_oxide, object, rustc-demangle, windows-link and windows-targets, each of which can be taken under
  MIT, and compiler_builtins (MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)).
- For Linux and macOS, what zig brings: its compiler-rt (MIT), LLVM's libunwind (Apache-2.0 WITH LLVM-exception), and
  the parts of glibc that every program holds (LGPL-2.1-or-later, most with permission to link them into any program).
- For Windows, what MinGW brings: the runtime of mingw-w64 (ZPL-2.1; parts in the public domain or under other
  permissive licenses) and libgcc (GPL-3.0-or-later WITH GCC-exception-3.1).
"""
# What every MIT license says below its copyright.
MIT = "\n" + (ROOT / "LICENSE-MIT").read_text(encoding="utf-8").split("\n\n", 2)[2].strip()


def cargo(*arguments: str) -> str:
    """What cargo says of the locked versions."""
    return subprocess.check_output(["cargo", *arguments, "--locked"], cwd=ROOT, text=True)


def linked(packages: list[str]) -> set[tuple[str, str]]:
    """Name and version of each crate that is linked into a package of ours."""
    lines: set[str] = set()
    for target in TARGETS:
        for package in packages:
            tree = ["tree", "--package", package, "--edges", "normal,no-proc-macro", "--prefix", "none"]
            lines |= set(cargo(*tree, "--target", target, "--format", "{p}").splitlines())
    crates = {tuple(line.split()[:2]) for line in lines}
    return {(name, version.removeprefix("v")) for name, version in crates if name not in (LIBRARY, SHARED, *PROGRAMS)}


def license_texts(package: dict[str, Any]) -> list[str]:
    """The text of each license file of a crate: of MIT alone where that is enough."""
    crate, expression = Path(package["manifest_path"]).parent, package["license"]
    files = sorted(file for file in crate.rglob("*") if file.is_file() and is_license(file))
    may_be_mit = "MIT" in expression.replace("/", " OR ").split(" OR ")
    if may_be_mit and not files:
        return [f"Copyright (c) {', '.join(package['authors'])}\n{MIT}"]
    if may_be_mit:
        files = [file for file in files if "MIT" in file.name.upper()] or files
    if not files:
        sys.exit(f"{crate.name} has no license file")
    texts = [file.read_text(encoding="utf-8").replace("\r\n", "\n") for file in files]
    return ["\n".join(line.rstrip() for line in text.strip().splitlines()) for text in texts]


def is_license(file: Path) -> bool:
    """Whether a file is about the license, by its name."""
    return file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"))


def notices(header: str, linked: set[tuple[str, str]], further: str = "") -> str:
    """Each text once, below the crates that it is of."""
    metadata = json.loads(cargo("metadata", "--format-version=1"))
    packages = {(package["name"], package["version"]): package for package in metadata["packages"]}
    crates: dict[str, list[str]] = {}
    for name, version in sorted(linked):
        package = packages[name, version]
        for text in license_texts(package):
            crates.setdefault(text, []).append(f"{name} {version} ({package['license']}) {package['repository']}")
    sections = ["\n".join([*names, "", text]) for text, names in crates.items()]
    rule = "\n\n" + "=" * 80 + "\n"
    return rule.join([header.rstrip(), *sections, *([further.rstrip()] if further else [])]) + "\n"


def main() -> None:
    """Writes or checks both files."""
    library = linked([LIBRARY])
    programs = linked(PROGRAMS) - library
    files = {
        NOTICES: notices(HEADER.format(what="the library", besides="", but=""), library),
        PROGRAM_NOTICES: notices(
            HEADER.format(
                what="the programs", besides=", besides those that THIRD-PARTY names", but=", except musl at the end"
            ),
            programs,
            C_LIBRARY.read_text(encoding="utf-8"),
        ),
    }
    for file, text in files.items():
        if sys.argv[1:] != ["--check"]:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or text != file.read_text(encoding="utf-8"):
            sys.exit(f"{file.relative_to(ROOT)} is not current: run scripts/third_party.py")


if __name__ == "__main__":
    main()
