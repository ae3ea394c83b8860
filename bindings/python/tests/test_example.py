"""The examples, and those in the README, tell allowed, offline, denied and cannot tell apart."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from servers import PUBLIC_KEYS, Sandbox

PYTHON = Path(__file__).parents[1]
EXAMPLES = PYTHON.parents[1] / "examples/python"
KEYS = ",".join(PUBLIC_KEYS)


def check(example: str, directory: Path, *arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(PYTHON)}
    done = subprocess.run(
        [sys.executable, EXAMPLES / example, *arguments],
        env=environment,
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("case", "code", "begins"),
    [
        ("good", 0, "allowed: until 20"),
        ("good-for-ever", 0, "allowed: does not expire\n"),
        ("denied-device", 1, "denied: WHOP_DEVICE_MISMATCH: "),
        ("product-other", 1, "denied: WHOP_PRODUCT_MISMATCH: "),
        ("denied-not-found", 1, "denied: WHOP_LICENSE_NOT_FOUND: "),
        ("unsigned-503", 2, "cannot tell: WHOP_SERVER_ERROR: "),
        ("unsigned-yes", 2, "cannot tell: WHOP_UNTRUSTED: "),
    ],
)
def test_it_prints_one_line_and_its_exit_code_is_the_decision(
    sandbox: Sandbox, tmp_path: Path, case: str, code: int, begins: str
) -> None:
    returncode, printed = check("check_license.py", tmp_path, sandbox.relay(case), KEYS, "SANDBOX-ACTIVE", "device")
    assert returncode == code
    assert printed.startswith(begins)
    assert printed.count("\n") == 1


def test_without_a_relay_it_runs_on_what_was_allowed(sandbox: Sandbox, away: str, tmp_path: Path) -> None:
    def check_by(url: str) -> tuple[int, str]:
        return check("check_license.py", tmp_path, url, KEYS, "SANDBOX-ACTIVE", "device")

    code, printed = check_by(away)
    assert (code, printed.split(": ")[:2]) == (2, ["cannot tell", "WHOP_UNREACHABLE"])
    assert check_by(sandbox.relay("good"))[0] == 0
    code, printed = check_by(away)
    assert (code, printed.split(": ")[0], printed.count("\n")) == (0, "allowed offline", 1)


@pytest.mark.parametrize(
    ("license_key", "code", "begins"),
    [
        ("SANDBOX-ACTIVE", 0, "allowed: until 20"),
        ("SANDBOX-COMPLETED", 0, "allowed: does not expire\n"),
        ("SANDBOX-OTHER-DEVICE", 1, "denied: WHOP_DEVICE_MISMATCH: "),
        ("SANDBOX-OTHER-PRODUCT", 1, "denied: WHOP_PRODUCT_MISMATCH: "),
        ("SANDBOX-ACTVIE", 1, "denied: WHOP_LICENSE_NOT_FOUND: "),
        ("SANDBOX-500", 2, "cannot tell: WHOP_SERVER_ERROR: "),
    ],
)
def test_on_a_server_it_prints_one_line_and_its_exit_code_is_the_decision(
    sandbox: Sandbox, tmp_path: Path, license_key: str, code: int, begins: str
) -> None:
    returncode, printed = check("check_on_server.py", tmp_path, sandbox.api_key, license_key, "test-device")
    assert returncode == code
    assert printed.startswith(begins)
    assert printed.count("\n") == 1


@pytest.mark.parametrize("example", ["check_license.py", "check_on_server.py"])
def test_wrong_usage_allows_nothing(tmp_path: Path, example: str) -> None:
    assert check(example, tmp_path, "one", "two") == (2, "")


def of_readme(number: int) -> str:
    """One of the programs that the README shows."""
    found: list[str] = re.findall(r"```python\n(.*?)```", (PYTHON / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(found) == 2
    return found[number].replace("prod_…", "prod_sandbox")


def test_the_first_example_in_the_readme_works(
    sandbox: Sandbox, away: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = of_readme(0).replace("validate_license(license_key)", 'validate_license(license_key, {"hwid": "device"})')
    for url, begins in (
        (away, "cannot tell: "),
        (sandbox.relay("good"), "allowed until 20"),
        (away, "allowed, for a while without network: "),
        (sandbox.relay("good-for-ever"), "allowed until ever"),
        (sandbox.relay("inactive"), "denied: license_inactive "),
    ):
        names = {"relay_url": url, "public_keys": PUBLIC_KEYS, "license_key": "KEY", "folder_of_the_user": tmp_path}
        exec(program, names)
        assert capsys.readouterr().out.startswith(begins)


@pytest.mark.parametrize(
    ("license_key", "begins"),
    [
        ("SANDBOX-TRIALING", "allowed until 20"),
        ("SANDBOX-COMPLETED", "allowed until ever"),
        ("SANDBOX-EXPIRED", "denied: license_inactive "),
        ("SANDBOX-500", "cannot tell: "),
    ],
)
def test_the_second_example_in_the_readme_works(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], license_key: str, begins: str
) -> None:
    names = {"api_key": sandbox.api_key, "license_key": license_key, "device_id_of_the_customer": "test-device"}
    exec("import whop_license\n" + of_readme(1), names)
    assert capsys.readouterr().out.startswith(begins)
