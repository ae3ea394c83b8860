"""The facts of api/, whose README says what they look like, with every name in them resolved."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TYPES = {"text", "integer", "number", "price", "boolean", "map", "any"}
UNITS = {"days", "months", "periods", "percent", "major units", "Unix seconds", "ISO 8601"}


@dataclass
class Enum:
    """Texts that a field can have, with the meaning of each unless they speak for themselves."""

    name: str
    meaning: str
    values: dict[str, str] | list[str]
    open: bool = False
    answered: bool = False
    requested: bool = False


@dataclass
class Type:
    """The type of a field: `kind` is that of the facts, or object, enum, list, expandable."""

    kind: str
    named: Object | Enum | None = None
    item: Type | None = None
    or_text: bool = False


@dataclass
class Field:
    """A field of an object."""

    name: str
    type: Type
    meaning: str
    nullable: bool = False
    unit: str | None = None
    longest: int | None = None
    required: bool = False
    personal: bool = False
    v2: str | None = None
    since: str | None = None
    until: str | None = None
    undated: bool = False
    source: str | None = None

    @property
    def text(self) -> str:
        """Its meaning with the unit, which stands before what is said beside."""
        what, *beside = re.split(r"(?=[;:] )", self.meaning, maxsplit=1)
        return f"{what}, in {self.unit}{''.join(beside)}" if self.unit else self.meaning

    def listed(self, closed: bool) -> str:
        """The same with the values that a text can have, unless they are too many to be read."""
        named = (self.type.item or self.type).named
        if not isinstance(named, Enum) or len(named.values) > 20:
            return self.text
        values = "`, `".join(named.values)
        return f"{self.text}; one of `{values}`{'' if closed or not named.open else ' …'}"


@dataclass
class Object:
    """An object of an answer or of a request, or of both."""

    name: str
    meaning: str
    fields: list[Field]
    note: str | None = None
    shown: list[str] | None = None
    answered: bool = False
    requested: bool = False

    def named(self) -> Iterator[Object | Enum]:
        """The objects and enums that its fields hold."""
        for field in self.fields:
            kind: Type | None = field.type
            while kind:
                if kind.named:
                    yield kind.named
                kind = kind.item

    def pointers(self, path: str = "") -> Iterator[tuple[str, Field]]:
        """Its fields by their JSON pointers, with those of the objects inside that never come as an id alone."""
        for field in self.fields:
            pointer = f"{path}/{field.name}"
            yield pointer, field
            inner = field.type.item if field.type.kind == "list" else field.type
            if inner and isinstance(inner.named, Object) and inner.kind == "object":
                yield from inner.named.pointers(f"{pointer}/0" if inner is field.type.item else pointer)

    def check(self) -> None:
        """Stops where facts contradict each other."""
        personal = {field.name for field in self.fields if field.personal}
        shown = set(self.shown or [])
        if (personal and self.shown is None) or not shown <= {field.name for field in self.fields} - personal:
            sys.exit(f"{self.name}: `shown` must name what a log may show: nothing of {', '.join(sorted(personal))}")
        for field in self.fields:
            if field.unit and field.unit not in UNITS:
                sys.exit(f"{self.name}.{field.name}: unknown unit {field.unit}")


@dataclass
class Api:
    """The facts about one API."""

    name: str
    membership: Object
    plan: Object
    request: Object
    objects: list[Object]
    enums: list[Enum]


def load(path: str) -> Any:
    """A file of facts."""
    return json.loads((ROOT / "api" / path).read_text(encoding="utf-8"))


def as_type(text: str, names: dict[str, Object | Enum]) -> Type:
    """A type by its text."""
    if text.startswith("["):
        item, _, other = text[1:-1].partition("|")
        return Type("list", item=as_type(item, names), or_text=other == "text")
    if text.startswith("id|"):
        return Type("expandable", item=as_type(text[3:], names))
    if text in TYPES:
        return Type(text)
    named = names[text]
    # Values without a meaning each are a text in code.
    kind = "object" if isinstance(named, Object) else "enum" if isinstance(named.values, dict) else "text"
    return Type(kind, named)


def mark(one: Object | Enum, use: str) -> None:
    """Notes that something, and all that it holds, is "answered" or "requested"."""
    if getattr(one, use):
        return
    setattr(one, use, True)
    for inner in one.named() if isinstance(one, Object) else ():
        mark(inner, use)


def api(name: str) -> Api:
    """All about one API."""
    files = [load(f"{name}/{file}.json") for file in ("membership", "plan", "plan_request")]
    types = load(f"{name}/types.json")
    objects = [Object(**facts) for facts in [*files, *types["objects"]]]
    enums = [Enum(**facts) for facts in types["enums"]]
    names: dict[str, Object | Enum] = {**{one.name: one for one in objects}, **{one.name: one for one in enums}}
    for facts, one in zip([*files, *types["objects"]], objects, strict=True):
        one.fields = [Field(**{**field, "type": as_type(field["type"], names)}) for field in facts["fields"]]
        one.check()
    membership, plan, request, *others = objects
    mark(membership, "answered")
    mark(plan, "answered")
    mark(request, "requested")
    if unused := [unused for unused, one in names.items() if not (one.answered or one.requested)]:
        sys.exit(f"api/{name}/types.json: no field is of type {', '.join(unused)}")
    return Api(name, membership, plan, request, others, enums)


@dataclass
class Status:
    """A status: what it is called, and what it says of a call."""

    name: str
    number: int
    meaning: str
    message: str
    since: str
    more: str | None = None
    like: str | None = None

    @property
    def short(self) -> str:
        """Its name without the prefix."""
        return self.name.removeprefix("WHOP_").lower()


@dataclass
class Choice:
    """A number that a setting can have."""

    name: str
    number: int
    meaning: str

    @property
    def short(self) -> str:
        """Its name without those of the library and the setting."""
        return "_".join(self.name.lower().split("_")[2:])


@dataclass
class Setting:
    """A setting of a client."""

    name: str
    type: str
    meaning: str
    default: str | int | bool
    since: str
    example: str | int
    argument: str = ""
    more: str | None = None
    range: list[int] | None = None
    choices: list[Choice] | None = None

    @property
    def limits(self) -> str:
        """What it may be, if that is limited, to follow its meaning."""
        return f": {self.range[0]} to {self.range[1]}" if self.range else ""

    def text(self, values: str, default: str) -> str:
        """What it is, with the values it takes and its default in the words of a language."""
        unset = f". If not set: {default}" if len(str(default)) > 40 else f"; {default} if not set"
        return f"{self.meaning}{values}{unset}" + (f". {self.more}" if self.more else "")


def statuses() -> list[Status]:
    """All statuses, in the order of their numbers."""
    found = [Status(**facts) for facts in load("statuses.json")]
    if [status.number for status in found] != sorted({status.number for status in found}):
        sys.exit("api/statuses.json: not in the order of different numbers")
    return found


def settings() -> list[Setting]:
    """All settings, in the order of the documentation."""
    found = [Setting(**facts) for facts in load("settings.json")]
    for facts, setting in zip(load("settings.json"), found, strict=True):
        setting.argument = setting.argument or setting.name
        setting.choices = [Choice(**choice) for choice in facts.get("choices", ())]
    return found
