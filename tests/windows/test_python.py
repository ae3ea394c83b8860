"""The Python package's own tests, in a Python for Windows, with a sandbox for Windows."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import windows_python
import wine
from conftest import BUILT

TESTS = wine.ROOT / "bindings/python/tests"
# The others fork, make namespaces, build wheels, start this machine's Python, or copy by a call that Wine 8 lacks.
FILES = (
    "concurrency",
    "errors",
    "leases",
    "misuse",
    "models",
    "plan",
    "relay",
    "reset",
    "servers",
    "settings",
    "statuses",
    "validate",
)

# It looks at the mode of a file.
OF_UNIX = "test_a_lease_file_is_a_path_of_any_kind_and_this_users_alone"


def test_its_own_tests_pass(tmp_path: Path) -> None:
    windows_python.install(tmp_path)
    shutil.copy2(BUILT / "whop-sandbox.exe", tmp_path)
    # pytest is the same on every system.
    env = windows_python.environment(tmp_path, Path(sysconfig.get_path("purelib")))
    env["WHOP_SANDBOX"] = wine.path(tmp_path / "whop-sandbox.exe")
    # Not from the folder of the tests, whose package has no DLL.
    options = ["-q", "-p", "no:cacheprovider", "-o", "pythonpath=", "-k", f"not {OF_UNIX}"]
    files = [wine.path(TESTS / f"test_{name}.py") for name in FILES]
    print(wine.run(wine.PYTHON, "-m", "pytest", *options, *files, cwd=tmp_path, env=env))
