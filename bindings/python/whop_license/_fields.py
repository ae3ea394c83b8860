"""Dataclasses filled from JSON that may lack anything and hold anything."""

from __future__ import annotations

import functools
import json
import math
import re
from dataclasses import dataclass, field
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

if TYPE_CHECKING:
    from typing_extensions import Self

# What Rust reads as a finite number; `float` also takes "nan", "1_000", spaces, and digits of other scripts.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, kw_only=True, repr=False)
class JsonObject:
    """The fields that Whop sent, each None if it did not."""

    raw: dict[str, Any] = field(default_factory=dict)
    """The whole object as Whop sent it; empty when it sent none."""

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The object in `text`. A value of an unexpected type is found in `raw` only."""
        return cls.from_raw(json.loads(text))

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """The object in `raw`. A value of an unexpected type is found there only."""
        hints = _hints(cls)  # type: ignore[arg-type]  # mypy: a class is not Hashable
        return cls(raw=raw, **{name: _fitting(hints[name], raw[name]) for name in hints.keys() & raw.keys()})


@functools.cache
def _hints(cls: type[JsonObject]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    del hints["raw"]
    return hints


def _fitting(hint: Any, value: object) -> Any:
    """The value as the type hint says, or None."""
    kind = get_origin(hint) or hint
    if kind in (Union, UnionType):
        fits = (_fitting(one, value) for one in get_args(hint))
        return next((fit for fit in fits if fit is not None), None)
    if kind is Any:
        return value
    if kind is Literal:
        return value if isinstance(value, str) and value in get_args(hint) else None
    if kind is float:
        return _price(value)
    if is_typeddict(kind):
        kind = dict
    if isinstance(value, list) and kind is list:
        items = [_fitting(get_args(hint)[0], item) for item in value]
        return None if None in items else items
    # Exactly this type: a bool is an int, but it is no quantity.
    return value if type(value) is kind else None


def _price(value: object) -> float | None:
    # Whop writes some prices as numbers and some as "19.99".
    text = str(value) if type(value) in (int, float, str) else ""
    price = float(text) if _NUMBER.fullmatch(text) else math.nan
    return price if math.isfinite(price) else None
