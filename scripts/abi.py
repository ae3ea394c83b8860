"""Compare what the header promises to programs that are linked already with packaging/abi/baseline.xml.

What was added, removed or changed must be named in the ABI paragraph of the newest version in CHANGELOG.md. With
--write, which a release does, it becomes the baseline. Rust's library has no debug information that speaks of C: what
is compared is compiled from C, with each function and number of the header; the tests say that the library has them.

Usage: abi.py [--write] [HEADER CHANGELOG]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from facts import ROOT
from header import header

BASELINE = ROOT / "packaging/abi/baseline.xml"
QUIET = ["--no-comp-dir-path", "--no-corpus-path", "--no-show-locs"]


def library_in_c(declared: Path, folder: Path) -> Path:
    """A library with the functions of a header, which do nothing, and a variable whose type has its numbers."""
    facts = header(declared)
    lines = ['#include "whop_license.h"']
    lines += [f"enum whop_numbers {{ {', '.join(f'is_{name} = {name}' for name in facts.numbers)} }} whop_numbers;"]
    for function in facts.functions:
        parameters = ", ".join(f"{one.type} {one.name}" for one in function.parameters) or "void"
        result = "" if function.type == "void" else "return 0;"
        lines.append(f"{function.type} {function.name}({parameters}) {{ {result} }}")
    source, library = folder / "abi.c", folder / "libwhop_license.so"
    source.write_text("\n".join(lines), encoding="utf-8")
    run("cc", "-g", "-w", "-shared", "-fPIC", f"-I{declared.parent}", str(source), "-o", str(library))
    return library


def changes(old: Path, new: Path) -> tuple[set[str], str]:
    """The functions and numbers in which two descriptions differ, with all that abidiff says of it."""
    command = ["abidiff", "--harmless", "--no-show-locs", "--no-corpus-path", "--no-architecture", str(old), str(new)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode & 3 or (done.returncode and not done.stdout):
        sys.exit(f"abidiff failed: {done.stderr or done.stdout}")
    lines = re.findall(r"^ +\[[ACD]\].*|^.*whop_numbers::is_.*", done.stdout, re.MULTILINE)
    names = {name for line in lines for name in re.findall(r"\bwhop_\w+(?=\()|(?<=::is_)WHOP_\w+", line)}
    if done.returncode and not names:
        sys.exit(f"what has changed is no function and no number:\n{done.stdout}")
    return names, done.stdout


def abi_paragraph(changelog: Path) -> str:
    """The ABI paragraph of the newest version."""
    newest = changelog.read_text(encoding="utf-8").split("\n## ")[1]
    found = re.search(r"^ABI:.*?(?=\n\n|\Z)", newest, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def run(*command: str) -> None:
    """Runs a tool that must be there."""
    if not shutil.which(command[0]):
        sys.exit(f"{command[0]} is missing: apt-get install gcc abigail-tools")
    subprocess.run(command, check=True)


def main(arguments: list[str]) -> None:
    """Compares, and writes where that is wanted."""
    files = [Path(argument) for argument in arguments if argument != "--write"]
    declared, changelog = files or (ROOT / "include/whop_license.h", ROOT / "CHANGELOG.md")
    with tempfile.TemporaryDirectory() as folder:
        now = Path(folder, "now.xml")
        run("abidw", *QUIET, "--out-file", str(now), str(library_in_c(declared, Path(folder))))
        writes = "--write" in arguments
        if not BASELINE.exists() and not writes:
            sys.exit(f"{BASELINE.relative_to(ROOT)} is missing: restore it, or write the first one with --write")
        names, report = changes(BASELINE, now) if BASELINE.exists() else (set(), "")
        text = abi_paragraph(changelog)
        if missing := sorted(name for name in names if not re.search(rf"\b{name}\b", text)):
            sys.exit(
                f"{report}\nThe ABI paragraph of the newest version in CHANGELOG.md must name {', '.join(missing)}"
            )
        if writes:
            shutil.copyfile(now, BASELINE)


if __name__ == "__main__":
    main(sys.argv[1:])
