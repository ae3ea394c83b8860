"""A license is allowed, denied with a reason, or there is no answer."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import datetime, timezone
from typing import Any, get_args

import pytest

import whop_license
from servers import DEVICE, MEMBERSHIP, Peer, Sandbox
from whop_license import Api, Client, LicenseResult, Membership, Status, v2

APIS = pytest.mark.parametrize("api", get_args(Api))


@APIS
@pytest.mark.parametrize("key", ["ACTIVE", "COMPLETED", "TRIALING", "PAST-DUE"])
def test_a_license_that_entitles_is_allowed(sandbox: Sandbox, api: Api, key: str) -> None:
    with Client(sandbox.api_key, api=api, product_id="prod_sandbox") as client:
        result = client.validate_license(f"SANDBOX-{key}", DEVICE)
    assert result.valid is True
    assert result
    assert result.status is Status.OK
    assert result.reason is None
    assert result.http_status == (200 if api == "current" else 201)
    assert result.license_status == key.lower().replace("-", "_")
    assert result.membership_id == f"mem_{result.license_status}"
    assert (result.product_id, result.plan_id) == ("prod_sandbox", "plan_sandbox")
    assert (result.expires_at is None) == (key == "COMPLETED")
    assert result.expires_at is None or result.expires_at > datetime.now(timezone.utc)


@APIS
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
def test_a_license_that_does_not_entitle_is_denied_with_its_reason(
    sandbox: Sandbox, api: Api, key: str, reason: str
) -> None:
    with Client(sandbox.api_key, api=api, product_id="prod_sandbox") as client:
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


@APIS
def test_a_license_works_on_one_device_until_the_buyer_resets_it(sandbox: Sandbox, api: Api) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.api_key, api=api) as client:
        assert client.validate_license(key, {"hwid": "one"})
        assert client.validate_license(key, {"hwid": "one"})
        assert client.validate_license(key, {"hwid": "two"}).reason == "device_mismatch"
        sandbox.reset(key)
        assert client.validate_license(key, {"hwid": "two"})


def test_the_two_strings_and_the_client_say_the_same(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client:
        for key in ("SANDBOX-ACTIVE", "SANDBOX-EXPIRED", "no such key"):
            assert whop_license.validate_license(sandbox.api_key, key, DEVICE) == client.validate_license(key, DEVICE)


@APIS
def test_a_seller_frees_the_device(sandbox: Sandbox, api: Api) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.api_key, api=api) as client:
        assert client.validate_license(key, {"hwid": "one"})
        assert client.reset_license(key) is True
        assert client.validate_license(key, {"hwid": "two"})
        assert client.reset_license("no such key") is False
        assert asyncio.run(client.areset_license(key)) is True


def test_a_reset_without_the_right_is_an_exception(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key.replace("full", "none")) as client, pytest.raises(whop_license.Forbidden):
        client.reset_license("SANDBOX-ACTIVE")


def test_the_membership_has_every_field_that_was_sent(sandbox: Sandbox) -> None:
    for api in get_args(Api):
        with Client(sandbox.api_key, api=api) as client:
            result = client.validate_license("SANDBOX-ACTIVE", DEVICE)
        membership = result.membership if api == "current" else result.v2_membership
        assert (result.membership is None) != (result.v2_membership is None)
        assert membership is not None
        assert result.json is not None
        assert membership.raw == json.loads(result.json)
        for name in {field.name for field in dataclasses.fields(membership)} & membership.raw.keys():
            assert getattr(membership, name) == membership.raw[name]
        assert membership.id == "mem_active"
        assert membership.metadata == DEVICE


def test_a_denial_without_a_membership_has_none(sandbox: Sandbox) -> None:
    result = whop_license.validate_license(sandbox.api_key, "no such key", DEVICE)
    assert result.json is not None
    assert result.membership is None
    assert result.membership_id is None


def test_a_field_of_an_unexpected_type_is_in_raw_only(peer: Peer) -> None:
    body = json.loads(MEMBERSHIP) | {
        "quantity": True,
        "created_at": "2023-05-09",
        "product": {"id": "prod_peer"},
        "nft_tokens": "one",
        "custom_fields_responses": [],
        "new_field": 1,
    }
    peer.body = json.dumps(body).encode()
    with Client("key", api="v2", base_url=peer.base_url) as client:
        membership = client.validate_license("license", DEVICE).v2_membership
    assert membership == v2.Membership(
        raw=body,
        id="mem_peer",
        license_key="license",
        status="active",
        valid=True,
        metadata=DEVICE,
        product={"id": "prod_peer"},
        nft_tokens="one",
    )


def test_an_object_inside_is_a_dict(peer: Peer) -> None:
    peer.body = json.dumps(json.loads(MEMBERSHIP) | {"account": {"id": "biz_1"}, "initial_price": 7}).encode()
    with Client("key", base_url=peer.base_url) as client:
        membership = client.validate_license("license", DEVICE).membership
    assert membership is not None
    assert membership.account == {"id": "biz_1"}
    assert membership.initial_price is None
    assert repr(membership) == "Membership(status='active')"


@pytest.mark.parametrize(("seconds", "year"), [(2**63 - 1, 9999), (-(2**63), 1), (0, 1970), (4102444800, 2100)])
def test_a_time_beyond_the_calendar_is_its_end(peer: Peer, seconds: int, year: int) -> None:
    peer.body = json.dumps(json.loads(MEMBERSHIP) | {"expires_at": seconds}).encode()
    with Client("key", api="v2", base_url=peer.base_url) as client:
        expires_at = client.validate_license("license", DEVICE).expires_at
    assert expires_at is not None
    assert (expires_at.year, expires_at.tzinfo) == (year, timezone.utc)


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
    with Client("key", api="v2", base_url=peer.base_url) as client:
        assert client.validate_license("license", metadata)
    assert peer.bodies == [f'{{"metadata":{sent}}}'.encode()]


def test_a_result_can_be_made_for_the_tests_of_others() -> None:
    ends = datetime(2100, 1, 1, tzinfo=timezone.utc)
    result = LicenseResult(
        valid=True, status=Status.OK, message="", membership_id="mem_1", expires_at=ends, json='{"id":"mem_1"}'
    )
    assert (result.expires_at, result.membership) == (ends, Membership(raw={"id": "mem_1"}, id="mem_1"))
