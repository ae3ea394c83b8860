"""A license is allowed, denied with a reason, or there is no answer."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox
from whop_license import Client, LicenseResult, Membership, Status


@pytest.mark.parametrize("key", ["ACTIVE", "COMPLETED", "TRIALING", "PAST-DUE"])
def test_a_license_that_entitles_is_allowed(sandbox: Sandbox, key: str) -> None:
    with Client(sandbox.api_key, product_id="prod_sandbox") as client:
        result = client.validate_license(f"SANDBOX-{key}", DEVICE)
    assert result.valid is True
    assert result
    assert result.status is Status.OK
    assert result.reason is None
    assert result.http_status == 201
    assert result.membership.status == key.lower().replace("-", "_")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("SANDBOX-CANCELED", "license_inactive"),
        ("SANDBOX-EXPIRED", "license_inactive"),
        ("SANDBOX-UNRESOLVED", "license_inactive"),
        ("SANDBOX-NO-VALID", "license_inactive"),
        ("SANDBOX-OTHER-DEVICE", "device_mismatch"),
        ("SANDBOX-OTHER-PRODUCT", "product_mismatch"),
        ("no such key", "license_not_found"),
    ],
)
def test_a_license_that_does_not_entitle_is_denied_with_its_reason(sandbox: Sandbox, key: str, reason: str) -> None:
    with Client(sandbox.api_key, product_id="prod_sandbox") as client:
        result = client.validate_license(key, DEVICE)
    assert result.valid is False
    assert not result
    assert result.reason == reason
    assert result.status.name == reason.upper()
    assert result.message


@pytest.mark.parametrize("unseen", ["\ufeff", "\u200b", "\u200e", "\u2060", "\u00ad", "\ufe0f", "\u202e", "\U000e0001"])
def test_what_nobody_sees_in_a_pasted_key_does_not_matter(sandbox: Sandbox, unseen: str) -> None:
    with Client(sandbox.api_key) as client:
        assert client.validate_license(f"{unseen}SANDBOX{unseen}-ACTIVE{unseen}\n", DEVICE)


def test_a_license_works_on_one_device_until_the_buyer_resets_it(sandbox: Sandbox) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.api_key) as client:
        assert client.validate_license(key, {"hwid": "one"})
        assert client.validate_license(key, {"hwid": "one"})
        assert client.validate_license(key, {"hwid": "two"}).reason == "device_mismatch"
        sandbox.reset(key)
        assert client.validate_license(key, {"hwid": "two"})


def test_the_two_strings_and_the_client_say_the_same(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client:
        for key in ("SANDBOX-ACTIVE", "SANDBOX-EXPIRED", "no such key"):
            assert whop_license.validate_license(sandbox.api_key, key, DEVICE) == client.validate_license(key, DEVICE)


def test_the_membership_has_every_field_that_was_sent(sandbox: Sandbox) -> None:
    result = whop_license.validate_license(sandbox.api_key, "SANDBOX-ACTIVE", DEVICE)
    membership = result.membership
    assert result.json is not None
    assert membership.raw == json.loads(result.json)
    for name, value in membership.raw.items():
        assert getattr(membership, name) == value
    assert membership.id == "mem_active"
    assert membership.product == "prod_sandbox"
    assert membership.metadata == DEVICE
    assert membership.expires_at is not None
    assert membership.expires_at > time.time()


def test_a_license_that_does_not_expire_has_no_expiry(sandbox: Sandbox) -> None:
    assert whop_license.validate_license(sandbox.api_key, "SANDBOX-COMPLETED", DEVICE).membership.expires_at is None


def test_a_denial_without_a_membership_has_an_empty_one(sandbox: Sandbox) -> None:
    result = whop_license.validate_license(sandbox.api_key, "no such key", DEVICE)
    assert result.json is not None
    assert result.membership == Membership()


def test_a_field_of_an_unexpected_type_is_in_raw_only(peer: Peer) -> None:
    body = {
        "id": "mem_x",
        "valid": True,
        "quantity": True,
        "created_at": "2023-05-09",
        "product": {"id": "prod_x"},
        "new_field": 1,
    }
    peer.body = json.dumps(body).encode()
    with Client("key", base_url=peer.base_url) as client:
        membership = client.validate_license("license", DEVICE).membership
    assert membership == Membership(raw=body, id="mem_x", valid=True, product={"id": "prod_x"})


@pytest.mark.parametrize(
    ("metadata", "sent"),
    [
        ({"hwid": "a", "größe": "☃😀"}, '{"hwid":"a","größe":"☃😀"}'),
        ('{ "hwid" : "a",  "n": 1.0 }', '{ "hwid" : "a",  "n": 1.0 }'),
        ("{}", "{}"),
        ({"nul": "\0"}, '{"nul":"\\u0000"}'),
    ],
)
def test_metadata_is_sent_byte_for_byte(peer: Peer, metadata: Any, sent: str) -> None:
    with Client("key", base_url=peer.base_url) as client:
        assert client.validate_license("license", metadata)
    assert peer.bodies == [f'{{"metadata":{sent}}}'.encode()]


def test_a_result_can_be_made_for_the_tests_of_others() -> None:
    body = '{"valid":true,"expires_at":9}'
    result = LicenseResult(valid=True, status=Status.OK, message="", json=body)
    assert result.membership.expires_at == 9
