"""Dataclasses filled from JSON that may lack anything and hold anything."""

from __future__ import annotations

import functools
import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints, is_typeddict

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
        raw = json.loads(text)
        types = _field_types(cls)  # type: ignore[arg-type]  # mypy: a class is not Hashable
        return cls(raw=raw, **{name: _as_one_of(types[name], raw[name]) for name in types.keys() & raw.keys()})


@functools.cache
def _field_types(cls: type[JsonObject]) -> dict[str, tuple[type, ...]]:
    hints = get_type_hints(cls)
    del hints["raw"]
    return {name: tuple(map(_class, get_args(hint))) for name, hint in hints.items()}


def _class(hint: Any) -> type:
    """The class of the values that a hint stands for."""
    kind: type = dict if is_typeddict(hint) else get_origin(hint) or hint
    return kind


def _as_one_of(types: tuple[type, ...], value: object) -> object:
    if not types:
        return value  # Any
    if float in types:
        return _price(value)
    # Exactly these types: a bool is an int, but it is no quantity.
    return value if type(value) in types else None


def _price(value: object) -> float | None:
    # Whop writes some prices as numbers and some as "19.99".
    text = str(value) if type(value) in (int, float, str) else ""
    price = float(text) if _NUMBER.fullmatch(text) else math.nan
    return price if math.isfinite(price) else None
