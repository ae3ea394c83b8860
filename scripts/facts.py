"""The facts of api/, whose README says what they look like, with every name in them resolved."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace as Fact
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TYPES = {"text", "integer", "number", "price", "boolean", "map", "any"}
UNITS = {"days", "months", "periods", "percent", "major units", "Unix seconds", "ISO 8601"}
# The members that each kind of fact must have, and those that it may have.
MEMBERS = {
    "status": ("name number meaning message since", "more like"),
    "setting": ("name type meaning default since example", "argument more range choices relay"),
    "choice": ("name number meaning", ""),
    "api": ("name first", ""),
    "object": ("name meaning fields", "note shown"),
    "field": ("name type meaning", "nullable unit longest required personal v2 since until undated source"),
    "enum": ("name meaning values", "open"),
}


def load(path: str) -> Any:
    """What a file of facts holds."""
    return json.loads((ROOT / "api" / path).read_text(encoding="utf-8"))


def fact(kind: str, members: dict[str, Any]) -> Fact:
    """A fact. What it may have and has not is None."""
    must, may = (names.split() for names in MEMBERS[kind])
    unknown, missing = members.keys() - {*must, *may}, must - members.keys()
    if unknown or missing:
        sys.exit(f"api: {kind} {members.get('name')}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return Fact(kind=kind, **dict.fromkeys(may) | members)


def statuses() -> list[Fact]:
    """All statuses, in the order of their numbers."""
    found = [fact("status", members) for members in load("statuses.json")]
    if [status.number for status in found] != sorted({status.number for status in found}):
        sys.exit("api/statuses.json: not in the order of different numbers")
    for status in found:
        status.short = status.name.removeprefix("WHOP_").lower()
    return found


def settings() -> list[Fact]:
    """All settings, in the order of the documentation."""
    found = [fact("setting", members) for members in load("settings.json")]
    for setting in found:
        setting.argument = setting.argument or setting.name
        setting.limits = f": {setting.range[0]} to {setting.range[1]}" if setting.range else ""
        setting.choices = [fact("choice", members) for members in setting.choices or ()]
        for choice in setting.choices:
            choice.short = choice.name.removeprefix(f"WHOP_{setting.name.upper()}_").lower()
    return found


def as_type(text: str, names: dict[str, Fact]) -> Fact:
    """The type of a field: `kind` is that of the facts, or object, enum, list, expandable."""
    if text.startswith("["):
        item, _, other = text[1:-1].partition("|")
        return Fact(kind="list", named=None, item=as_type(item, names), or_text=other == "text")
    if text.startswith("id|"):
        return Fact(kind="expandable", named=None, item=as_type(text[3:], names))
    if text in TYPES:
        return Fact(kind=text, named=None, item=None)
    named = names.get(text) or sys.exit(f"api: unknown type {text}")
    # Values without a meaning each are a text in code.
    kind = "text" if named.kind == "enum" and isinstance(named.values, list) else named.kind
    return Fact(kind=kind, named=named, item=None)


def mark(one: Fact, use: str) -> None:
    """Notes that an object or enum, and all that it holds, is "answered" or "requested"."""
    setattr(one, use, True)
    for field in one.fields if one.kind == "object" else ():
        for of in (field.type, field.type.item):
            if of and of.named:
                mark(of.named, use)


def explain(field: Fact, closed: bool) -> None:
    """Adds its `text`, the meaning with the unit, and `listed`, the same with the values if they can be read."""
    if field.unit not in {None, *UNITS}:
        sys.exit(f"api: {field.name}: unknown unit {field.unit}")
    # The unit stands before what is said beside.
    what, *beside = re.split(r"(?=[;:] )", field.meaning, maxsplit=1)
    field.text = field.listed = f"{what}, in {field.unit}{''.join(beside)}" if field.unit else field.meaning
    named = (field.type.item or field.type).named
    if named and named.kind == "enum" and len(named.values) <= 20:
        field.listed += f"; one of `{'`, `'.join(named.values)}`{' …' if named.open and not closed else ''}"


def api(about: Fact) -> Fact:
    """An API with its objects and enums."""
    files = [load(f"{about.name}/{file}.json") for file in ("membership", "plan", "plan_request")]
    types = load(f"{about.name}/types.json")
    objects = [fact("object", members) for members in [*files, *types["objects"]]]
    enums = [fact("enum", members) for members in types["enums"]]
    names = {one.name: one for one in [*objects, *enums]}
    for one in names.values():
        one.answered = one.requested = False
    for one in objects:
        one.fields = [fact("field", members) for members in one.fields]
        for field in one.fields:
            field.type = as_type(field.type, names)
    membership, plan, request, *others = objects
    mark(membership, "answered")
    mark(plan, "answered")
    mark(request, "requested")
    if unused := [name for name, one in names.items() if not (one.answered or one.requested)]:
        sys.exit(f"api/{about.name}/types.json: no field is of type {', '.join(unused)}")
    for one in objects:
        for field in one.fields:
            explain(field, closed=not one.answered)
        personal = {field.name for field in one.fields if field.personal}
        shown = set(one.shown or ())
        if (personal and one.shown is None) or not shown <= {field.name for field in one.fields} - personal:
            sys.exit(f"{one.name}: `shown` must name what a log may show: nothing of {', '.join(sorted(personal))}")
    return Fact(**vars(about), membership=membership, plan=plan, request=request, objects=others, enums=enums)


def apis() -> dict[str, Fact]:
    """Both APIs by name."""
    return {members["name"]: api(fact("api", members)) for members in load("apis.json")}
