"""One file for several processors, as macOS has it: the files for each, one after the other, behind a table."""

from __future__ import annotations

import struct
from pathlib import Path

UNIVERSAL, SINGLE = 0xCAFEBABE, 0xFEEDFACF
# The page of the newest processors.
ALIGNMENT = 14


def processor(file: Path) -> tuple[int, int]:
    """The processor and its kind, as a program, a library or the first object of a static library says them."""
    content = file.read_bytes()
    if content.startswith(b"!<arch>\n"):
        content = content[content.index(b"\xcf\xfa\xed\xfe") :]
    magic, kind, subkind = struct.unpack_from("<III", content)
    if magic != SINGLE:
        raise ValueError(f"{file} is no Mach-O file")
    return kind, subkind


def write(files: list[Path], target: Path) -> None:
    """Puts the files together."""
    step = 1 << ALIGNMENT
    table, contents = struct.pack(">II", UNIVERSAL, len(files)), b""
    for file in files:
        content = file.read_bytes()
        contents += bytes(-len(contents) % step)
        table += struct.pack(">IIIII", *processor(file), step + len(contents), len(content), ALIGNMENT)
        contents += content
    target.write_bytes(table.ljust(step, b"\0") + contents)
    target.chmod(0o755)
