"""The models read samples that hold every field of api/, and what they read is what the native library says."""

from __future__ import annotations

import dataclasses
import functools
import json
import random
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from servers import DEVICE, Peer
from whop_license import Api, Client, LicenseResult, current, v2

FACTS = Path(__file__).parents[3] / "api"
SEED = 20261127
SAMPLES = 1000
TIME, SECONDS = "2026-09-16T00:04:36.958Z", 1789517076
# Of no field's type but of some: what a field cannot hold reads as None.
ODD: list[Any] = [None, True, 7, 1.5, "text", "19.99", [], [1], {}, {"id": 7}]


@functools.cache
def load(api: Api, name: str) -> Any:
    return json.loads((FACTS / api / f"{name}.json").read_text("utf-8"))


def value(api: Api, kind: str, unit: str | None, expanded: bool) -> Any:
    """A value as the facts say."""
    if kind.startswith("["):
        return [value(api, kind[1:-1].partition("|")[0], unit, expanded)]
    if kind.startswith("id|"):
        return value(api, kind[3:], unit, expanded) if expanded else "id_1"
    plain = {
        "text": "text",
        "integer": 7,
        "number": 1.5,
        "price": "19.99",
        "boolean": True,
        "map": {"a": 1},
        "any": [1],
    }
    if unit in ("ISO 8601", "Unix seconds"):
        return TIME if unit == "ISO 8601" else SECONDS
    if kind in plain:
        return plain[kind]
    types = load(api, "types")
    for enum in types["enums"]:
        if enum["name"] == kind:
            return next(iter(enum["values"]))
    if kind == "Plan":
        return {"id": "plan_1"}
    [named] = [one for one in types["objects"] if one["name"] == kind]
    return sample(api, named, expanded)


def sample(api: Api, described: Any, expanded: bool) -> dict[str, Any]:
    """An object with every field of the facts."""
    return {field["name"]: value(api, field["type"], field.get("unit"), expanded) for field in described["fields"]}


def a_membership(api: Api, expanded: bool) -> dict[str, Any]:
    members = sample(api, load(api, "membership"), expanded)
    return {**members, "id": "mem_1", "license_key": "license", "metadata": dict(DEVICE)}


def check(client: Client, peer: Peer, members: dict[str, Any]) -> LicenseResult:
    peer.body = json.dumps(members).encode()
    return client.validate_license("license", DEVICE)


def id_of(thing: object) -> object:
    """An id, or that of an object in its place."""
    found = thing.get("id") if isinstance(thing, dict) else thing
    return found if isinstance(found, str) else None


def when(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", "%Y-%m-%dT%H:%M:%S.%f%z").replace(microsecond=0)
    except ValueError:
        return None


def facts_of(membership: current.Membership | v2.Membership) -> tuple[object, ...]:
    """What the fields of either API say."""
    if isinstance(membership, current.Membership):
        ends = when(membership.current_period_end if membership.expires_at is None else membership.expires_at)
        product: object = membership.product_id
        plan: object = membership.plan_id
    else:
        seconds = membership.renewal_period_end if membership.expires_at is None else membership.expires_at
        ends = None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)
        # An old name counts only where the new one is not there at all.
        product = membership.product if membership.raw.get("product") is not None else membership.access_pass
        plan = membership.plan
    return membership.id, membership.status, id_of(product), id_of(plan), ends


def facts_by_the_library(result: LicenseResult) -> tuple[object, ...]:
    return result.membership_id, result.license_status, result.product_id, result.plan_id, result.expires_at


def shown(result: LicenseResult) -> current.Membership | v2.Membership:
    membership = result.membership or result.v2_membership
    assert membership is not None
    return membership


@pytest.mark.parametrize("expanded", [False, True])
def test_a_membership_has_every_field_of_the_facts(peer: Peer, api: Api, expanded: bool) -> None:
    members = a_membership(api, expanded)
    with Client("key", api=api, base_url=peer.base_url) as client:
        result = check(client, peer, members)
    membership = shown(result)
    assert {field.name for field in dataclasses.fields(membership)} - {"raw"} == members.keys()
    prices = {field["name"] for field in load(api, "membership")["fields"] if field["type"] == "price"}
    for name, member in members.items():
        assert getattr(membership, name) == (19.99 if name in prices else member), name
    assert facts_by_the_library(result) == facts_of(membership)
    assert None not in facts_by_the_library(result)


@pytest.mark.parametrize("expanded", [False, True])
def test_a_plan_has_every_field_of_the_facts(peer: Peer, api: Api, expanded: bool) -> None:
    described = load(api, "plan")
    members = {**sample(api, described, expanded), "id": "plan_1"}
    peer.body = json.dumps(members).encode()
    with Client("key", api=api, base_url=peer.base_url) as client:
        created = client.create_plan()
    plan = created.plan or created.v2_plan
    assert plan is not None
    assert {field.name for field in dataclasses.fields(plan)} - {"raw"} == members.keys()
    prices = {field["name"] for field in described["fields"] if field["type"] == "price"}
    for name, member in members.items():
        assert getattr(plan, name) == (19.99 if name in prices else member), name
    assert (created.id, created.product_id) == (plan.id, id_of(plan.product))
    assert created.product_id is not None


def test_the_facts_read_alike_however_odd_the_fields_are(peer: Peer, api: Api) -> None:
    dice = random.Random(SEED)
    usual = [a_membership(api, expanded) for expanded in (False, True)]
    known = 0
    with Client("key", api=api, base_url=peer.base_url) as client:
        for number in range(SAMPLES):
            members = dict(dice.choice(usual))
            for name in dice.sample(sorted(members.keys() - {"id", "license_key", "metadata"}), dice.randint(0, 25)):
                if dice.random() < 0.3:
                    del members[name]
                else:
                    members[name] = dice.choice(ODD)
            result = check(client, peer, members)
            facts = facts_by_the_library(result)
            assert facts == facts_of(shown(result)), (SEED, number, members)
            known += None not in facts
    assert SAMPLES / 10 < known < SAMPLES * 9 / 10
