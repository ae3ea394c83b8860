"""Settings as the native library takes them. None is not set: the default is the library's own."""

from __future__ import annotations

import os
from collections.abc import Iterable

from . import _header
from ._text import encode, require
from .errors import InvalidArgument

_UINT32_MAX = 2**32 - 1


def text(name: str, value: str | None) -> bytes | None:
    """A text."""
    return None if value is None else encode(name, value)


def path(name: str, value: str | os.PathLike[str] | None) -> bytes | None:
    """The path of a file."""
    return None if value is None else encode(name, os.fspath(value))


def names(name: str, value: Iterable[str] | None) -> bytes | None:
    """Names, separated by commas."""
    return None if value is None else _list(name, value, "names")


def keys(name: str, value: str | Iterable[str]) -> bytes:
    """Public keys, separated by commas."""
    return _list(name, value, "a str or an iterable of them")


def _list(name: str, value: str | Iterable[str], expected: str) -> bytes:
    require(name, value, Iterable, expected)
    found = [value] if isinstance(value, str) else list(value)
    for one in found:
        require(name, one, str, expected)
    return encode(name, ",".join(found))


def flag(name: str, value: bool | None) -> int | None:
    """Yes or no."""
    require(name, value, bool | None, "bool")
    return value


def count(name: str, value: int | None) -> int | None:
    """A number of times."""
    require(name, value, int | None, "int")
    # What C would wrap around to an acceptable number becomes one that the native library refuses.
    return value if value is None or 0 <= value <= _UINT32_MAX else _UINT32_MAX


def milliseconds(name: str, value: float | None, least: int, most: int) -> int | None:
    """A time in seconds."""
    require(name, value, int | float | None, "a number")
    # The native library would refuse it as well, but in milliseconds.
    if value is not None and not least / 1000 <= value <= most / 1000:
        raise InvalidArgument(f"{name}: expected {least / 1000:g} to {most / 1000:g} seconds")
    return None if value is None else round(value * 1000)


def choice(name: str, value: str | None, known: list[str]) -> int | None:
    """One of a few words, as the number that the header gives it."""
    require(name, value, str | None, "str")
    if value is not None and value not in known:
        raise InvalidArgument(f"{name}: expected {' or '.join(map(repr, known))}")
    return None if value is None else int(getattr(_header, f"WHOP_{name}_{value}".upper()))
