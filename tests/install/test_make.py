"""`make install`: it installs what is current, and nothing that is old or incomplete."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support import ROOT, alone

# What root installs without calling cargo.
BUILT = (
    "library/libwhop_license.so",
    "library/libwhop_license.a",
    "release/whop-license",
    "release/whop-relay",
    "release/whop-sandbox",
    "release/.programs",
)


def make(*arguments: str, target: Path) -> subprocess.CompletedProcess[str]:
    """Installs below the folder for cargo's files, which only this test has."""
    command = ["make", "--no-print-directory", *arguments, f"PREFIX={target / 'prefix'}", "install"]
    return subprocess.run(command, cwd=ROOT, env=alone(CARGO_TARGET_DIR=target), capture_output=True, text=True)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A complete build, by name."""
    for name in BUILT:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def test_root_installs_a_build_that_is_current(target: Path) -> None:
    done = make("AS_ROOT=0", target=target)
    assert done.returncode == 0, done.stderr
    for name in ("lib/libwhop_license.so", "lib/libwhop_license.a", "bin/whop-license", "bin/whop-sandbox"):
        assert (target / "prefix" / name).is_file()


@pytest.mark.parametrize("name", BUILT)
def test_root_installs_nothing_of_a_build_that_is_incomplete(name: str, target: Path) -> None:
    (target / name).unlink()
    done = make("AS_ROOT=0", target=target)
    assert done.returncode != 0
    part = "library" if name.startswith("library") else "programs"
    assert f"{target / name} is missing: run 'make {part}' as yourself first" in done.stderr
    assert not (target / "prefix").exists()


@pytest.mark.parametrize(
    ("name", "part"), [("library/libwhop_license.a", "library"), ("release/.programs", "programs")]
)
def test_root_installs_nothing_that_is_older_than_a_source(name: str, part: str, target: Path) -> None:
    # Before any source was written.
    os.utime(target / name, (0, 0))
    done = make("AS_ROOT=0", target=target)
    assert done.returncode != 0
    assert f" is newer than the build: run 'make {part}' as yourself first" in done.stderr
    assert not (target / "prefix").exists()


def test_others_let_cargo_build_what_has_changed_before_it_is_installed(target: Path) -> None:
    commands = make("AS_ROOT=", "--dry-run", target=target).stdout.splitlines()
    [library] = [number for number, line in enumerate(commands) if line.startswith("cargo rustc ")]
    [programs] = [number for number, line in enumerate(commands) if line.startswith("cargo build ")]
    [install] = [number for number, line in enumerate(commands) if line.startswith("packaging/install.py install ")]
    assert max(library, programs) < install
