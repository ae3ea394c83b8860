"""docs/install.md: each section's commands, run in an empty folder as they stand, make a program that works."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from support import LIBRARY, ROOT, TARGET_DIR, Relay, alone, run

DOCUMENT = (ROOT / "docs/install.md").read_text(encoding="utf-8")
SECTIONS = {
    title: re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for title, text in re.findall(r"^### (.*)\n((?:(?!^##).*\n)*)", DOCUMENT.split("\n## ")[1], re.MULTILINE)
}
FROM_SOURCE = "CMake, built from source"
# What the commands of a section make. `make install` makes a tree.
PROGRAMS = {
    "pkg-config": ["check_license", "shipped/check_license"],
    "pkg-config, the library inside the program": ["check_license"],
    "C++": ["check_license"],
    "CMake": ["build/check_license"],
    "CMake, the library inside the program": ["build/check_license"],
    FROM_SOURCE: ["build/check_license"],
}
INSIDE = [title for title in PROGRAMS if "inside the program" in title]


def follow(title: str, folder: Path, tree: Path) -> list[Path]:
    """Does in the folder what the section says; the programs."""
    examples = tree / "share/doc/whop-license/examples"
    for example in (examples / "c/check_license.c", examples / "cpp/check_license.cpp"):
        (folder / example.name).write_bytes(example.read_bytes())
    (folder / "third_party").mkdir()
    (folder / "third_party/whop-license").symlink_to(ROOT)
    script = "set -euo pipefail\n"
    for language, text in SECTIONS[title]:
        if language == "cmake":
            (folder / "CMakeLists.txt").write_text(text, encoding="utf-8")
        else:
            script += text
    # What cargo has built already.
    variables: dict[str, str | Path] = {"CARGO_TARGET_DIR": TARGET_DIR} if title == FROM_SOURCE else {}
    run("bash", "-c", script, cwd=folder, PREFIX=tree, **variables)
    return [folder / program for program in PROGRAMS[title]]


def test_each_section_with_commands_is_run() -> None:
    assert {title for title, blocks in SECTIONS.items() if blocks} == {"Install", *PROGRAMS}


@pytest.mark.parametrize(
    "title", [pytest.param(title, marks=[pytest.mark.from_source] * (title == FROM_SOURCE)) for title in PROGRAMS]
)
def test_the_commands_make_a_program_that_is_told_yes_and_no(
    title: str, tree: Path, relay: Relay, tmp_path: Path
) -> None:
    for program in follow(title, tmp_path, tree):
        relay.tells(program, tmp_path)
        needs_library = "libwhop_license" in run("readelf", "--dynamic", program)
        assert needs_library == (title not in INSIDE)
        assert program.stat().st_size < (2.4e6 if title in INSIDE else 1e5)


def test_make_install_gives_the_tree_and_uninstall_leaves_no_file(tmp_path: Path) -> None:
    [(_, command)] = SECTIONS["Install"]
    prefix = tmp_path / "whop"
    # What is built already stands in for what the command would build in minutes.
    variables = {"PREFIX": str(prefix), "NATIVE": str(LIBRARY), "PROGRAMS": str(TARGET_DIR / "debug")}
    assert f"installed {len(files(prefix, command, variables))} files" in run_make(command, variables)
    run_make(command.replace("make install", "make uninstall"), variables)
    assert [path for path in prefix.rglob("*") if not path.is_dir()] == []


def files(prefix: Path, command: str, variables: dict[str, str]) -> list[Path]:
    """All that an install puts there."""
    run_make(command, variables)
    return [path for path in prefix.rglob("*") if not path.is_dir()]


def run_make(command: str, variables: dict[str, str]) -> str:
    """What it prints in the checkout."""
    done = subprocess.run(
        ["bash", "-euc", command], cwd=ROOT, env=alone(**variables), capture_output=True, text=True, check=True
    )
    return done.stdout
