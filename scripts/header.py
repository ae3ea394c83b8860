"""What include/whop_license.h declares. It is simple C, because cbindgen writes it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

from facts import ROOT


def declared(text: str) -> SimpleNamespace:
    """A declaration such as `const char *name`, with its type as C writes it."""
    kind, name = re.fullmatch(r"(.*[ *])(\w+)", " ".join(text.split())).groups()  # type: ignore[union-attr]
    return SimpleNamespace(type=kind.strip(), name=name)


def header(file: Path = ROOT / "include/whop_license.h") -> SimpleNamespace:
    """The version, numbers, types and functions of the header that is committed, or of another."""
    text = file.read_text(encoding="utf-8")
    defined = dict(re.findall(r"^#define (WHOP_\w+) (.+)$", text, re.MULTILINE))
    code = re.sub(r"/\*.*?\*/|//.*?$|^#.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    functions = []
    for function, parameters in re.findall(r"^([a-z][\w ]*[ *]whop_\w+)\(([^)]*)\);", code, re.MULTILINE):
        functions.append(declared(function))
        functions[-1].parameters = [declared(one) for one in parameters.split(",") if one != "void"]
    if len(functions) != code.count("("):
        sys.exit(f"{file}: has what scripts/header.py does not read")
    types = re.findall(r"^typedef [^;]+;", code, re.MULTILINE)
    version = defined["WHOP_LICENSE_VERSION"].strip('"')
    numbers = {name: number for name, number in defined.items() if "_VERSION" not in name}
    return SimpleNamespace(version=version, numbers=numbers, types=types, functions=functions)
