"""scripts/abi.py: a change of what the header promises must be named in the CHANGELOG."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT, alone

HEADER = (ROOT / "include/whop_license.h").read_text(encoding="utf-8")
VERDICT = "int32_t whop_status_verdict(int32_t status);"
# What becomes of the header, and the names that the CHANGELOG lacks then.
CHANGES = {
    "a function is removed": (VERDICT, "", "whop_status_verdict"),
    "a function is added": (VERDICT, f"{VERDICT}\nint32_t whop_added(void);", "whop_added"),
    "a parameter has another type": (VERDICT, VERDICT.replace("(int32_t", "(int64_t"), "whop_status_verdict"),
    "a parameter is added": (VERDICT, VERDICT.replace("status)", "status, int32_t more)"), "whop_status_verdict"),
    "another type is returned": (VERDICT, VERDICT.replace("int32_t whop", "int64_t whop"), "whop_status_verdict"),
    "a number is another": ("WHOP_UNTRUSTED 306", "WHOP_UNTRUSTED 399", "WHOP_UNTRUSTED"),
    "a number is added": ("#define WHOP_UNTRUSTED 306", "#define WHOP_UNTRUSTED 306\n#define WHOP_NEW 399", "WHOP_NEW"),
    "a number is removed": ("#define WHOP_UNTRUSTED 306", "", "WHOP_UNTRUSTED"),
}


def compare(folder: Path, header: str, paragraph: str) -> subprocess.CompletedProcess[str]:
    """Compares a header that is described so."""
    (folder / "whop_license.h").write_text(header, encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(
        f"# Changelog\n\n## 0.2.0\n\n{paragraph}\n\n## 0.1.0\n\nABI: all\n", encoding="utf-8"
    )
    command: list[str | Path] = [
        sys.executable,
        ROOT / "scripts/abi.py",
        folder / "whop_license.h",
        folder / "CHANGELOG.md",
    ]
    return subprocess.run(command, env=alone(), capture_output=True, text=True)


def test_the_header_as_it_is_passes(tmp_path: Path) -> None:
    done = compare(tmp_path, HEADER, "")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_fails_unless_its_name_is_in_the_changelog(change: str, tmp_path: Path) -> None:
    old, new, name = CHANGES[change]
    assert HEADER.count(old) == 1
    changed = HEADER.replace(old, new)
    done = compare(tmp_path, changed, f"- `{name}`, but not as the ABI.")
    assert done.returncode == 1
    assert done.stderr.endswith(f"must name {name}\n")
    done = compare(tmp_path, changed, f"ABI: see\n`{name}`.")
    assert done.returncode == 0, done.stderr


def test_without_a_baseline_nothing_passes(tmp_path: Path) -> None:
    for name in ("scripts/abi.py", "scripts/facts.py", "scripts/header.py", "include/whop_license.h", "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    command = [sys.executable, str(tmp_path / "scripts/abi.py")]
    done = subprocess.run(command, env=alone(), capture_output=True, text=True)
    assert done.returncode == 1
    assert "packaging/abi/baseline.xml is missing" in done.stderr
    (tmp_path / "packaging/abi").mkdir(parents=True)
    for last in ([*command, "--write"], command):
        done = subprocess.run(last, env=alone(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
