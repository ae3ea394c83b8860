"""The example, and the one in the README, tell allowed, denied and cannot tell apart."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from servers import Sandbox

PYTHON = Path(__file__).parents[1]
EXAMPLE = PYTHON.parents[1] / "examples/python/check_license.py"


def check(*arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(PYTHON)}
    done = subprocess.run(
        [sys.executable, EXAMPLE, *arguments], env=environment, capture_output=True, text=True, timeout=30
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


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
def test_it_prints_one_line_and_its_exit_code_is_the_decision(
    sandbox: Sandbox, license_key: str, code: int, begins: str
) -> None:
    returncode, printed = check(sandbox.api_key, license_key, "test-device")
    assert returncode == code
    assert printed.startswith(begins)
    assert printed.count("\n") == 1


def test_wrong_usage_allows_nothing() -> None:
    assert check("key") == (2, "")


@pytest.mark.parametrize(
    ("license_key", "begins"),
    [
        ("SANDBOX-TRIALING", "allowed until 20"),
        ("SANDBOX-COMPLETED", "allowed until ever"),
        ("SANDBOX-EXPIRED", "denied: license_inactive "),
        ("SANDBOX-500", "cannot tell: "),
    ],
)
def test_the_example_in_the_readme_works(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], license_key: str, begins: str
) -> None:
    found = re.search(r"```python\n(.*?)```", (PYTHON / "README.md").read_text("utf-8"), re.DOTALL)
    assert found
    names = {"api_key": sandbox.api_key, "license_key": license_key, "device_id_of_the_customer": "test-device"}
    exec(found[1].replace("prod_…", "prod_sandbox"), names)
    assert capsys.readouterr().out.startswith(begins)
