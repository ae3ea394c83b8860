"""The library and Python's json read the same from 5,000 bodies; where readers of JSON differ, nobody is let in."""

from __future__ import annotations

import json
import math
import os
import random
import re
from typing import Any

import pytest

import whop_license
from servers import DEVICE, Peer
from whop_license import Api, Client, Status

SEED = int(os.environ.get("WHOP_SEED", "20251122"))
BODIES = 5000
DEEPEST = 127  # brackets inside each other that the library opens

# What the current API shows of any license that is bound to this device.
ALIKE = ['"id":"mem_1"', '"license_key":"key-1"', '"metadata":{"hwid":"test-device"}']
V2_MEMBERSHIPS = [
    ['"id":"mem_1"', '"valid":true', '"product":"prod_1"'],
    ['"id":"mem_1"', '"valid":true', '"product":{"id":"prod_1","name":"Game"}'],
    ['"id":"mem_1"', '"valid":true', '"product":null', '"access_pass":"prod_1"'],
    ['"id":"mem_1"', '"valid":true', '"product":"prod_2"', '"access_pass":"prod_1"'],
    ['"id":"mem_1"', '"valid":false', '"product":"prod_1"'],
    ['"id":"mem_1"'],
    [],
]
CURRENT_MEMBERSHIPS = [
    [*ALIKE, '"status":"active"', '"product_id":"prod_1"'],
    [*ALIKE, '"status":"past_due"', '"product_id":"prod_1"', '"product":{"id":"prod_2"}'],
    [*ALIKE, '"status":"active"', '"product_id":"prod_2"'],
    [*ALIKE, '"status":"expired"', '"product_id":"prod_1"'],
    ['"id":"mem_1"', '"license_key":"key-1"', '"metadata":{"hwid":"b"}', '"status":"active"', '"product_id":"prod_1"'],
    ALIKE,
    ['"id":"mem_1"'],
]
MEMBERS = [
    '"id":"mem_1"',
    '"id":"mem_2"',
    '"id":"mem_"',
    '"id":"MEM_1"',
    '"id":"plan_1"',
    '"id":["mem_1"]',
    '"license_key":"key-1"',
    '"license_key":"KEY-1"',
    '"license_key":"key-\\u0031"',
    '"license_key":"key-2"',
    '"license_key":"\u212aey-1"',
    '"license_key":null',
    '"license_key":1',
    '"error":null',
    '"error":{"message":"no"}',
    '"success":true',
    '"success":false',
    '"status":"active"',
    '"status":"completed"',
    '"status":"canceled"',
    '"status":"Active"',
    '"status":"active "',
    '"status":"act\\u0069ve"',
    '"status":["active"]',
    '"status":null',
    '"valid":true',
    '"valid":false',
    '"valid":null',
    '"valid":1',
    '"valid":"true"',
    '"valid":[true]',
    '"valid":{"valid":true}',
    '"valid":True',
    '"Valid":true',
    '"VALID":true',
    '"v\\u0061lid":true',
    '"valid ":true',
    '"valid\\u0000":true',
    '"membership":{"valid":true,"product":"prod_1"}',
    '"product_id":"prod_1"',
    '"product_id":"prod_2"',
    '"product_id":"prod\\u005f1"',
    '"product_id":"prod_1\\u0000"',
    '"product_id":{"id":"prod_1"}',
    '"product_id":null',
    '"product":"prod_1"',
    '"product":"prod_2"',
    '"product":"PROD_1"',
    '"product":"prod\\u005f1"',
    '"product":"prod_1\\u0000"',
    '"product":"prod_\uff11"',
    '"product":null',
    '"product":7',
    '"product":["prod_1"]',
    '"product":{"id":"prod_1","name":"Game"}',
    '"product":{"id":"prod_2"}',
    '"product":{"id":"prod_2","id":"prod_1"}',
    '"product":{"id":"prod_1","\\u0069d":"prod_1"}',
    '"product":{"name":"prod_1"}',
    '"product":{"id":["prod_1"]}',
    '"access_pass":"prod_1"',
    '"access_pass":{"id":"prod_1"}',
    '"access_pass":"prod_2"',
    '"email":"user@example.com"',
    '"email":"\\ud83d\\ude00"',
    '"email":"\\ud83d"',
    '"email":"\\ude00\\ud83d"',
    '"email":"\t"',
    '"email":"\\x41"',
    '"metadata":{"a":1,"a":1}',
    '"metadata":{"hwid":"test-device","note":"VIP"}',
    '"metadata":{"hwid":"another-device"}',
    '"metadata":{"hwid":"released:1790000000"}',
    '"metadata":{"hwid":"released:"}',
    '"metadata":{"hwid":["test-device"]}',
    '"metadata":{"hwid":"test\\u002ddevice"}',
    '"metadata":{"HWID":"test-device"}',
    '"metadata":{"hwid":null}',
    '"metadata":"test-device"',
    '"metadata":null',
    '"metadata":{"a":{"b":[{"c":1,"c":2}]}}',
    '"expires_at":4102444800',
    '"expires_at":123456789012345678901234567890',
    '"expires_at":1e999',
    '"expires_at":-1E-999',
    '"expires_at":NaN',
    '"expires_at":-Infinity',
    '"expires_at":01',
    '"expires_at":1.',
    '"expires_at":+1',
    '"expires_at":0x1',
    '"deep":' + "[" * 126 + "]" * 126,
    '"deep":' + "[" * 127 + "]" * 127,
    '"deep":' + '{"a":' * 500 + "1" + "}" * 500,
    "// valid\n",
    "'valid':true",
    "",
]
ASKED = ["key-1", "Key-1", "mem_1"]
WRAPPINGS = [
    "{}",
    " \r\n\t{}\n",
    "\ufeff{}",
    "\xa0{}",
    "{}\0",
    "{} {}",
    "{},",
    "[{}]",
    "({})",
    '"{}"',
    "{}//",
    "\x0b{}",
]
NOISE = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\0", b"{", b"}", b'"', b"\\", b",", b":", b"true", b"t", b"1", b" "]


def name_of(member: str) -> str:
    return member.partition(":")[0]


def a_body(dice: random.Random, api: Api) -> bytes:
    """A membership with odd members, now and then in an odd wrapping or with a few bytes changed."""
    members = dice.choice(V2_MEMBERSHIPS if api == "v2" else CURRENT_MEMBERSHIPS)
    odd = dice.choices(MEMBERS, k=dice.choice([0, 1, 1, 2, 3]))
    if dice.random() < 0.6:  # in place of the usual ones, else beside them
        members = [usual for usual in members if name_of(usual) not in map(name_of, odd)]
    members = members + odd
    text = "{" + ",".join(dice.sample(members, len(members))) + "}"
    if dice.random() < 0.2:
        text = dice.choice(WRAPPINGS).replace("{}", text)
    body = text.encode()
    if dice.random() < 0.1:
        body = body.decode().encode(dice.choice(["utf-16", "utf-32", "utf-16-le"]))
    for _ in range(dice.choice([0, 0, 0, 0, 1, 2])):
        start = dice.randint(0, len(body))
        body = body[:start] + dice.choice([b"", *NOISE]) + body[start + dice.choice([0, 1, 1, 3]) :]
    return body


class Doubtful(ValueError):
    """Another reader would see something else."""


def strictly(body: bytes) -> Any:
    """The body in Python's reading, if no other reader can have another."""

    def once(members: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(members)) < len(members):
            raise Doubtful("a name is given twice")
        return dict(members)

    def finite(text: str) -> float:
        if not math.isfinite(float(text)):
            raise Doubtful(text)
        return float(text)

    def no_constant(text: str) -> None:
        raise Doubtful(text)

    text = body.decode("utf-8")
    value = json.loads(text, object_pairs_hook=once, parse_float=finite, parse_constant=no_constant)
    json.dumps(value, ensure_ascii=False).encode("utf-8")  # no half of a surrogate pair
    if depth(value) > DEEPEST:
        raise Doubtful("deep")
    return value


def depth(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def is_asked(value: dict[str, Any], asked: str, must_name_key: bool) -> bool:
    """Whether it is a membership, and the one that was asked for."""
    membership, license_key = value.get("id"), value.get("license_key")
    if not (isinstance(membership, str) and re.match("mem_[0-9A-Za-z]", membership)):
        return False
    if value.get("error") is not None or value.get("success") is False:
        return False
    if asked.startswith("mem_"):
        return membership == asked
    if license_key is None:
        return not must_name_key
    # Bytes, whose lower case is ASCII's.
    return isinstance(license_key, str) and license_key.encode("utf-8", "replace").lower() == asked.encode().lower()


def of_product(product: object) -> Status:
    """What a license of that product comes to, if it is one."""
    if product == "prod_1":
        return Status.OK
    # What is no id names no other product.
    is_id = isinstance(product, str) and re.match("prod_[0-9A-Za-z]", product)
    return Status.PRODUCT_MISMATCH if is_id else Status.BAD_RESPONSE


def v2_verdict(value: Any, asked: str) -> Status:
    """What a membership of API v2 means, by the table of Whop's answers."""
    if not isinstance(value, dict) or not is_asked(value, asked, must_name_key=False):
        return Status.BAD_RESPONSE
    if value.get("valid") is not True:
        return Status.LICENSE_INACTIVE
    product = value.get("product")
    if product is None:
        product = value.get("access_pass")
    return of_product(product.get("id") if isinstance(product, dict) else product)


def current_verdict(value: Any, asked: str) -> Status:
    """What a membership of the current API means, if it is the same before and after the device is written into it."""
    if not isinstance(value, dict) or not is_asked(value, asked, must_name_key=True):
        return Status.BAD_RESPONSE
    if value.get("status") not in ("active", "trialing", "completed", "canceling", "past_due"):
        return Status.LICENSE_INACTIVE
    product = of_product(value.get("product_id"))
    if product is not Status.OK or "metadata" not in value or not isinstance(value["metadata"], dict | None):
        return product or Status.BAD_RESPONSE
    stored = (value["metadata"] or {}).get("hwid")
    is_free = stored is None or (isinstance(stored, str) and re.fullmatch("released:[0-9]+", stored))
    return Status.BAD_RESPONSE if is_free else Status.OK if stored == DEVICE["hwid"] else Status.DEVICE_MISMATCH


def by(read: Any, verdict: Any, body: bytes, asked: str) -> Status:
    try:
        status: Status = verdict(read(body), asked)
    except (ValueError, RecursionError):
        return Status.BAD_RESPONSE
    return status


@pytest.mark.parametrize(
    ("api", "verdict", "outcomes"),
    [
        ("v2", v2_verdict, {Status.OK, Status.LICENSE_INACTIVE, Status.PRODUCT_MISMATCH}),
        (
            "current",
            current_verdict,
            {Status.OK, Status.LICENSE_INACTIVE, Status.PRODUCT_MISMATCH, Status.DEVICE_MISMATCH},
        ),
    ],
)
def test_no_body_is_read_otherwise_than_by_python(peer: Peer, api: Api, verdict: Any, outcomes: set[Status]) -> None:
    dice = random.Random(SEED)
    counts = dict.fromkeys([*outcomes, Status.BAD_RESPONSE], 0)
    differing = 0
    with Client("key", api=api, product_id="prod_1", base_url=peer.base_url, max_retries=0) as client:
        for number in range(BODIES):
            peer.body = a_body(dice, api)
            asked = dice.choice(ASKED)
            try:
                status = client.validate_license(asked, DEVICE).status
            except whop_license.WhopError as error:
                status = error.status
            shown = f"seed {SEED}, body {number} to {asked}: {peer.body!r}"
            assert status is by(strictly, verdict, peer.body, asked), shown
            as_python = by(json.loads, verdict, peer.body, asked)
            differing += status is not as_python
            assert status is not Status.OK or as_python is Status.OK, shown
            counts[status] += 1
    # The bodies would prove little if one outcome were rare.
    assert min(*counts.values(), differing) > 100, (SEED, counts, differing)
