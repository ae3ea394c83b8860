"""The crates that are linked into what is shipped, as a CycloneDX list of components (an SBOM)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from platforms import ROOT, Platform

LIBRARY = "whop-license"


def metadata(target: str) -> dict[str, Any]:
    """What cargo knows of the locked crates, for one target."""
    command = ["cargo", "metadata", "--locked", "--format-version=1", f"--filter-platform={target}"]
    found: dict[str, Any] = json.loads(subprocess.check_output(command, cwd=ROOT))
    return found


def linked(facts: dict[str, Any], names: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Each crate that is linked into the packages of these names, by its id, with the ids of those that it needs."""
    nodes = {node["id"]: node for node in facts["resolve"]["nodes"]}
    macros = {one["id"] for one in facts["packages"] if any("proc-macro" in made["kind"] for made in one["targets"])}
    waiting = [one["id"] for one in facts["packages"] if one["name"] in names and one["source"] is None]
    seen = set(waiting)
    while waiting:
        crate = waiting.pop()
        needed = sorted(
            dependency["pkg"]
            for dependency in nodes[crate]["deps"]
            if dependency["pkg"] not in macros and any(kind["kind"] is None for kind in dependency["dep_kinds"])
        )
        yield crate, needed
        waiting += [one for one in needed if one not in seen]
        seen.update(needed)


def checksums() -> dict[tuple[str, str], str]:
    """The SHA-256 of each crate's file, from Cargo.lock."""
    found = {}
    for section in (ROOT / "Cargo.lock").read_text(encoding="utf-8").split("[[package]]")[1:]:
        fields = dict(line.split(" = ", 1) for line in section.splitlines() if " = " in line)
        if "checksum" in fields:
            name, version, checksum = (fields[key].strip('"') for key in ("name", "version", "checksum"))
            found[name, version] = checksum
    return found


def component(crate: dict[str, Any], kind: ComponentType, checksum: str | None) -> Component:
    """A crate as the format has it."""
    return Component(
        name=crate["name"],
        version=crate["version"],
        type=kind,
        bom_ref=f"{crate['name']}@{crate['version']}",
        purl=PackageURL("cargo", None, crate["name"], crate["version"]),
        licenses=[LicenseFactory().make_from_string(crate["license"].replace("/", " OR "))],
        hashes=[HashType.from_hashlib_alg("sha256", checksum)] if checksum else [],
    )


def write_components(built: Platform, file: Path, date: int) -> None:
    """Writes the list of what is linked into the library and the programs of a platform."""
    crates: dict[str, dict[str, Any]] = {}
    needs: dict[str, set[str]] = {}
    for target in built.targets:
        facts = metadata(target)
        packages = {one["id"]: one for one in facts["packages"]}
        for crate, needed in linked(facts, {LIBRARY, *built.programs}):
            crates[crate] = packages[crate]
            needs.setdefault(crate, set()).update(needed)

    known = checksums()
    components = {}
    for crate, fields in crates.items():
        kind = ComponentType.APPLICATION if fields["name"] in built.programs else ComponentType.LIBRARY
        components[crate] = component(fields, kind, known.get((fields["name"], fields["version"])))
    bom = Bom(components=[one for one in components.values() if one.name != LIBRARY])
    bom.metadata.component = next(one for one in components.values() if one.name == LIBRARY)
    bom.metadata.timestamp = datetime.fromtimestamp(date, timezone.utc)
    for crate, own in needs.items():
        bom.register_dependency(components[crate], [components[one] for one in sorted(own)])
    names = sorted(str(one.purl) for one in components.values())
    bom.serial_number = uuid5(NAMESPACE_URL, "\n".join([built.name, str(date), *names]))
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")
