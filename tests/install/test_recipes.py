"""The recipes for package managers say what the crate says."""

from __future__ import annotations

import json

from support import ROOT, run


def test_the_port_of_vcpkg_has_the_name_version_and_license_of_the_crate() -> None:
    packages = json.loads(run("cargo", "metadata", "--no-deps", "--format-version=1", cwd=ROOT))["packages"]
    [crate] = [package for package in packages if package["name"] == "whop-license"]
    port = json.loads((ROOT / "packaging/vcpkg/ports/whop-license/vcpkg.json").read_text(encoding="utf-8"))
    said = (port["name"], port["version-semver"], port["license"])
    assert said == (crate["name"], crate["version"], crate["license"])
