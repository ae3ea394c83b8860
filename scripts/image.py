"""Write the relay's container image for amd64 and arm64: an archive in the layout of OCI, without a registry or Docker.

Usage: image.py [--output-folder FOLDER]

It is made of the static programs in target/platforms: platforms.py build --only programs linux-x86_64-musl
linux-aarch64-musl. Two runs for the same commit write the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import tarfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from dist import output, version
from platforms import PLATFORMS, ROOT, TARGET_DIR

PROGRAM = "whop-relay"
PROCESSORS = {
    "linux-x86_64-musl": {"architecture": "amd64", "os": "linux"},
    "linux-aarch64-musl": {"architecture": "arm64", "os": "linux", "variant": "v8"},
}
NOTICES = ("LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY", "packaging/THIRD-PARTY-PROGRAMS")
OCI = "application/vnd.oci.image"
# What images without a user of their own run as by custom. It owns no file.
USER = "65532:65532"


def tar(files: dict[str, bytes], programs: tuple[str, ...] = ()) -> bytes:
    """An archive of these files and their folders, of root and of no time."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as writer:
        for folder in sorted({str(parent) for name in files for parent in Path(name).parents} - {"."}):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            writer.addfile(entry)
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755 if name in programs else 0o644
            writer.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


class Layout:
    """The files of an image, each named by its hash."""

    def __init__(self) -> None:
        self.files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}

    def add(self, kind: str, content: bytes | dict[str, Any], **more: Any) -> dict[str, Any]:
        """Adds a file, and describes it."""
        if isinstance(content, dict):
            content = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        digest = hashlib.sha256(content).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = content
        return {"mediaType": f"{OCI}.{kind}", "digest": f"sha256:{digest}", "size": len(content), **more}


def image(layout: Layout, program: bytes, processor: dict[str, str], created: str, labels: dict[str, str]) -> Any:
    """The image for one processor."""
    notices = {f"licenses/{Path(name).name}": (ROOT / name).read_bytes() for name in NOTICES}
    # Not compressed: programs that compress differ in the bytes that they write. A registry's client does it.
    layer = layout.add("layer.v1.tar", tar({PROGRAM: program, **notices}, programs=(PROGRAM,)))
    settings = {
        "User": USER,
        "Entrypoint": [f"/{PROGRAM}"],
        "Cmd": ["serve"],
        # Else it listens inside the container alone.
        "Env": ["WHOP_RELAY_LISTEN=0.0.0.0:8443"],
        "ExposedPorts": {"8443/tcp": {}},
        "Labels": labels,
    }
    config = {
        **processor,
        "created": created,
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
        "history": [{"created": created, "created_by": "scripts/image.py"}],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{OCI}.manifest.v1+json",
        "config": layout.add("config.v1+json", config),
        "layers": [layer],
        "annotations": labels,
    }
    return layout.add("manifest.v1+json", manifest, platform=processor)


def archive(programs: dict[str, Path], release: str, created: str, labels: dict[str, str]) -> bytes:
    """The images for all processors in one archive, of which a client takes that for its own."""
    layout = Layout()
    images = [image(layout, path.read_bytes(), PROCESSORS[name], created, labels) for name, path in programs.items()]
    index = {"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json"}
    names = {"org.opencontainers.image.ref.name": f"{PROGRAM}:{release}"}
    all_of_them = layout.add("index.v1+json", {**index, "manifests": images, "annotations": labels}, annotations=names)
    layout.files["index.json"] = json.dumps({**index, "manifests": [all_of_them]}, sort_keys=True).encode()
    return tar(layout.files)


def write(folder: Path) -> Path:
    """Writes the archive into a folder."""
    release = version()
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))
    created = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    facts = {
        "title": PROGRAM,
        "description": "Checks licenses of Whop for programs that hold no secret.",
        "licenses": "MIT OR Apache-2.0",
        "version": release,
        "revision": output("git", "rev-parse", "HEAD"),
        "created": created,
    }
    labels = {f"org.opencontainers.image.{key}": value for key, value in facts.items()}
    programs = {name: PLATFORMS[name].folder / PROGRAM for name in PROCESSORS}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{PROGRAM}-{release}-oci.tar"
    file.write_bytes(archive(programs, release, created, labels))
    return file


def main() -> None:
    """Writes the archive of what is built."""
    parser = argparse.ArgumentParser(description="Writes the relay's container image.")
    parser.add_argument("--output-folder", type=Path, default=TARGET_DIR / "dist")
    folder = parser.parse_args().output_folder
    missing = [name for name in PROCESSORS if not (PLATFORMS[name].folder / PROGRAM).is_file()]
    if missing:
        parser.exit(1, f"not built yet: scripts/platforms.py build --only programs {' '.join(missing)}\n")
    print(write(folder))


if __name__ == "__main__":
    main()
