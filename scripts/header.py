"""What include/whop_license.h declares. It is simple C, because cbindgen writes it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from facts import ROOT


@dataclass
class Parameter:
    """A parameter of a function."""

    type: str
    name: str


@dataclass
class Function:
    """A function, with its types as C writes them."""

    result: str
    name: str
    parameters: list[Parameter]


@dataclass
class Header:
    """All of the header that other languages mirror."""

    version: str
    numbers: dict[str, int]
    functions: list[Function]


def split(declared: str) -> tuple[str, str]:
    """A declaration such as `const char *name` as type and name."""
    kind, name = re.fullmatch(r"(.*[ *])(\w+)", " ".join(declared.split())).groups()  # type: ignore[union-attr]
    return kind.strip(), name


def header() -> Header:
    """The header as it is committed."""
    text = (ROOT / "include/whop_license.h").read_text(encoding="utf-8")
    version = re.search(r'#define WHOP_LICENSE_VERSION "(.+)"', text)
    numbers = {name: int(number) for name, number in re.findall(r"^#define (WHOP_\w+) (-?\d+)$", text, re.MULTILINE)}
    code = re.sub(r"/\*.*?\*/|//.*?$|^#.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    functions = []
    for declared, parameters in re.findall(r"^([a-z][\w ]*[ *]whop_\w+)\(([^)]*)\);", code, re.MULTILINE):
        pairs = [] if parameters == "void" else [split(parameter) for parameter in parameters.split(",")]
        functions.append(Function(*split(declared), [Parameter(*pair) for pair in pairs]))
    if not version or len(functions) != code.count("("):
        sys.exit("include/whop_license.h: has what scripts/header.py does not read")
    return Header(version[1], {n: v for n, v in numbers.items() if "_VERSION" not in n}, functions)
