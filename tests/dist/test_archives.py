"""Each archive holds what is installed on its platform, and nothing of the machine that built it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

from contents import ROOT, Platform
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

HEADERS = {"whop_license.h", "whop_license.hpp", "whop_license.ffi.h"}
NOTICES = {"LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY", "THIRD-PARTY-PROGRAMS", "components.cdx.json"}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if not path.is_dir()}


def test_sums_are_those_of_all_files(dist: Path) -> None:
    lines = (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    said = {name: checksum for checksum, name in (line.split("  ", 1) for line in lines)}
    assert said == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in dist.iterdir() if file.name != "SHA256SUMS"
    }


def test_an_archive_holds_library_headers_programs_and_notices(shipped: tuple[Platform, Path]) -> None:
    platform, tree = shipped
    assert names(tree / "include") == HEADERS
    assert names(tree / "bin") >= set(platform.program_files)
    installed = names(tree / "lib") | names(tree / "bin")
    assert installed >= {name for name in platform.libraries if not name.endswith(".so")}
    assert {"whop_license.pc", "whop_licenseConfig.cmake"} <= names(tree / "lib")
    assert names(tree / "share/doc/whop-license") >= NOTICES
    pages = set() if platform.suffix else {f"{name}.1" for name in platform.program_files}
    assert pages <= names(tree / "share/man")


def test_nothing_of_the_machine_that_built_it_is_in_it(shipped: tuple[Platform, Path]) -> None:
    _, tree = shipped
    cargo_home = os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))
    rustup_home = os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup"))
    for file in tree.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for place in (str(ROOT), cargo_home, rustup_home):
                assert place.encode() not in content, f"{file.relative_to(tree)} names {place}"


def test_members_have_the_date_of_the_commit_and_no_owner(dist: Path) -> None:
    date = int(subprocess.check_output(["git", "log", "-1", "--format=%ct"], cwd=ROOT))
    for archive in dist.glob("*.tar.gz"):
        with tarfile.open(archive) as files:
            for member in files:
                assert (member.mtime, member.uid, member.gid) == (date, 0, 0), member
                assert member.uname == member.gname == "", member
    for archive in dist.glob("*.zip"):
        assert len({entry.date_time for entry in zipfile.ZipFile(archive).infolist()}) == 1


def test_components_are_listed_as_the_format_wants_and_name_what_is_linked(shipped: tuple[Platform, Path]) -> None:
    platform, tree = shipped
    text = (tree / "share/doc/whop-license/components.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    listed = json.loads(text)
    assert listed["metadata"]["component"]["name"] == "whop-license"
    components = {component["name"] for component in listed["components"]}
    assert {"rustls", "ring", "ureq", "serde_json", *platform.programs} <= components
    assert components.isdisjoint({"cbindgen", "proptest", "tempfile", "serde_derive"})
    for component in listed["components"]:
        assert component["licenses"], component["name"]
        assert component["name"].startswith("whop-") or component["hashes"], component["name"]
