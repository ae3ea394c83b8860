"""The library and Python's json read the same from 5,000 bodies; where readers of JSON differ, nobody is let in."""

from __future__ import annotations

import json
import math
import os
import random
import re
from typing import Any

import whop_license
from servers import DEVICE, Peer
from whop_license import Client, Status

SEED = int(os.environ.get("WHOP_SEED", "20251122"))
BODIES = 5000
DEEPEST = 127  # brackets inside each other that the library opens

MEMBERSHIPS = [
    ['"id":"mem_1"', '"valid":true', '"product":"prod_1"'],
    ['"id":"mem_1"', '"valid":true', '"product":{"id":"prod_1","name":"Game"}'],
    ['"id":"mem_1"', '"valid":true', '"product":null', '"access_pass":"prod_1"'],
    ['"id":"mem_1"', '"valid":true', '"product":"prod_2"', '"access_pass":"prod_1"'],
    ['"id":"mem_1"', '"valid":false', '"product":"prod_1"'],
    ['"id":"mem_1"'],
    [],
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


def a_body(dice: random.Random) -> bytes:
    """A membership with odd members, now and then in an odd wrapping or with a few bytes changed."""
    members = dice.choice(MEMBERSHIPS) + dice.choices(MEMBERS, k=dice.choice([0, 1, 1, 2, 3]))
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


def is_asked(value: dict[str, Any], asked: str) -> bool:
    """Whether it is a membership, and the one that was asked for."""
    membership, license_key = value.get("id"), value.get("license_key")
    if not (isinstance(membership, str) and re.match("mem_[0-9A-Za-z]", membership)):
        return False
    if value.get("error") is not None or value.get("success") is False:
        return False
    if asked.startswith("mem_"):
        return membership == asked
    # Bytes, whose lower case is ASCII's.
    return license_key is None or (
        isinstance(license_key, str) and license_key.encode("utf-8", "replace").lower() == asked.encode().lower()
    )


def verdict(value: Any, asked: str) -> Status:
    """What a membership means, by the table of Whop's answers."""
    if not isinstance(value, dict) or not is_asked(value, asked):
        return Status.BAD_RESPONSE
    if value.get("valid") is not True:
        return Status.LICENSE_INACTIVE
    product = value.get("product")
    if product is None:
        product = value.get("access_pass")
    if isinstance(product, dict):
        product = product.get("id")
    if product == "prod_1":
        return Status.OK
    # What is no id names no other product.
    is_id = isinstance(product, str) and re.match("prod_[0-9A-Za-z]", product)
    return Status.PRODUCT_MISMATCH if is_id else Status.BAD_RESPONSE


def by(read: Any, body: bytes, asked: str) -> Status:
    try:
        return verdict(read(body), asked)
    except (ValueError, RecursionError):
        return Status.BAD_RESPONSE


def test_no_body_is_read_otherwise_than_by_python(peer: Peer) -> None:
    dice = random.Random(SEED)
    counts = dict.fromkeys([Status.OK, Status.LICENSE_INACTIVE, Status.PRODUCT_MISMATCH, Status.BAD_RESPONSE], 0)
    differing = 0
    with Client("key", api="v2", product_id="prod_1", base_url=peer.base_url, max_retries=0) as client:
        for number in range(BODIES):
            peer.body = a_body(dice)
            asked = dice.choice(ASKED)
            try:
                status = client.validate_license(asked, DEVICE).status
            except whop_license.WhopError as error:
                status = error.status
            shown = f"seed {SEED}, body {number} to {asked}: {peer.body!r}"
            assert status is by(strictly, peer.body, asked), shown
            as_python = by(json.loads, peer.body, asked)
            differing += status is not as_python
            assert status is not Status.OK or as_python is Status.OK, shown
            counts[status] += 1
    # The bodies would prove little if one outcome were rare.
    assert min(*counts.values(), differing) > 100, (SEED, counts, differing)
