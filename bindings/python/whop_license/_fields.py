"""Dataclasses filled from JSON that may lack anything and hold anything."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from typing_extensions import Self

Expandable: TypeAlias = str | dict[str, Any] | None
"""An id, or the object itself when it was expanded."""


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
    return {name: tuple(get_origin(kind) or kind for kind in get_args(hint)) for name, hint in hints.items()}


def _as_one_of(types: tuple[type, ...], value: object) -> object:
    # Whop writes some prices as numbers and some as "19.99".
    if float in types and isinstance(value, int | str):
        try:
            return float(value)
        except ValueError:
            return None
    # Exactly these types: a bool is an int, but it is no quantity.
    return value if type(value) in types else None
