"""The rest stands in pyproject.toml. The native library in the wheel is for one platform, and for any Python."""

import sysconfig
from pathlib import Path

from setuptools import setup

if not any(Path("whop_license").glob("*whop_license.*")):
    raise SystemExit("whop-license: the native library is not in the package: run `make` in the checkout first")

setup(options={"bdist_wheel": {"plat_name": sysconfig.get_platform()}})
