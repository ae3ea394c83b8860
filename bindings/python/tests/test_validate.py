"""What a check tells of a license, and what it binds; test_statuses.py has what each license comes to."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox, a_membership
from whop_license import Api, Client, LicenseResult, Status, current, v2


def test_the_facts_read_the_same_by_either_api(sandbox: Sandbox) -> None:
    by_api: list[LicenseResult] = []
    for api in ("current", "v2"):
        with Client(sandbox.api_key, api=api) as client:
            by_api.append(client.validate_license("SANDBOX-ACTIVE", DEVICE))
    now, before = by_api
    names = ("membership_id", "license_status", "product_id", "plan_id", "expires_at")
    facts = tuple(getattr(now, name) for name in names)
    assert facts == tuple(getattr(before, name) for name in names)
    assert facts[:4] == ("mem_active", "active", "prod_sandbox", "plan_sandbox")
    assert now.expires_at is not None
    assert now.expires_at.tzinfo is timezone.utc
    assert timedelta(29) < now.expires_at - datetime.now(timezone.utc) < timedelta(31)


def test_the_membership_is_that_of_the_api_that_answered(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.api_key, api=api) as client:
        result = client.validate_license("SANDBOX-ACTIVE", DEVICE)
    assert result.json is not None
    now, before = result.membership, result.v2_membership
    if api == "current":
        assert before is None
        assert isinstance(now, current.Membership)
        assert now.product_id == "prod_sandbox"
    else:
        assert now is None
        assert isinstance(before, v2.Membership)
        assert before.product == "prod_sandbox"
    membership = now or before
    assert membership is not None
    assert membership.raw == json.loads(result.json)
    # One member is in no specification, as in answers of Whop's.
    fields = {name: getattr(membership, name) for name in membership.raw.keys() - {"recommended_action"}}
    assert fields.items() <= membership.raw.items()
    assert (membership.id, membership.metadata) == ("mem_active", DEVICE)


def test_a_license_that_does_not_expire_has_no_expiry(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.api_key, api=api) as client:
        assert client.validate_license("SANDBOX-COMPLETED", DEVICE).expires_at is None


@pytest.mark.parametrize("key", ["no such key", "SANDBOX-OTHER-DEVICE"])
def test_a_denial_without_a_membership_has_no_facts(sandbox: Sandbox, key: str) -> None:
    with Client(sandbox.api_key, api="v2") as client:
        result = client.validate_license(key, DEVICE)
    assert result.json is not None
    facts = (result.membership_id, result.license_status, result.product_id, result.plan_id, result.expires_at)
    assert (*facts, result.membership, result.v2_membership) == (None,) * 7


@pytest.mark.parametrize("unseen", ["\ufeff", "\u200b", "\u200e", "\u2060", "\u00ad", "\ufe0f", "\u202e", "\U000e0001"])
def test_what_nobody_sees_in_a_pasted_key_does_not_matter(sandbox: Sandbox, api: Api, unseen: str) -> None:
    with Client(sandbox.api_key, api=api) as client:
        assert client.validate_license(f"{unseen}SANDBOX{unseen}-ACTIVE{unseen}\n", DEVICE)


def test_a_license_works_on_one_device_until_the_buyer_resets_it(sandbox: Sandbox, api: Api) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.api_key, api=api) as client:
        assert client.validate_license(key, {"hwid": "one"})
        assert client.validate_license(key, {"hwid": "one"})
        assert client.validate_license(key, {"hwid": "two"}).reason == "device_mismatch"
        sandbox.reset(key)
        assert client.validate_license(key, {"hwid": "two"})


def test_what_one_api_has_bound_is_bound_in_the_other(sandbox: Sandbox, api: Api) -> None:
    key = sandbox.buy("plan_sandbox")
    other: Api = "v2" if api == "current" else "current"
    with Client(sandbox.api_key, api=api) as client, Client(sandbox.api_key, api=other) as another:
        assert client.validate_license(key, {"hwid": "one"})
        assert another.validate_license(key, {"hwid": "one"})
        assert another.validate_license(key, {"hwid": "two"}).reason == "device_mismatch"


def test_the_two_strings_and_the_client_say_the_same(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, api="current") as client:
        for key in ("SANDBOX-ACTIVE", "SANDBOX-EXPIRED", "no such key"):
            assert whop_license.validate_license(sandbox.api_key, key, DEVICE) == client.validate_license(key, DEVICE)


def test_a_key_that_can_only_read_confirms_what_is_bound_and_binds_nothing(sandbox: Sandbox) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.key_that_may("read")) as reader, Client(sandbox.api_key) as client:
        with pytest.raises(whop_license.Forbidden, match="member:manage"):
            reader.validate_license(key, DEVICE)
        assert client.validate_license(key, DEVICE)
        assert reader.validate_license(key, DEVICE)


def test_an_unknown_license_is_believed_only_of_a_good_api_key(sandbox: Sandbox) -> None:
    with Client(sandbox.key_that_may("revoked")) as client:
        with pytest.raises(whop_license.BadResponse, match="cannot tell whether the API key is good"):
            client.validate_license("no such key", DEVICE)


def test_other_metadata_of_the_seller_is_left_alone(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client:
        result = client.validate_license("SANDBOX-NOTED", DEVICE)
        client.reset_license("SANDBOX-NOTED")
    assert result
    assert result.membership is not None
    assert result.membership.metadata == {"note": "VIP", "order": "1042", **DEVICE}


def test_a_field_of_an_unexpected_type_is_in_raw_only(peer: Peer) -> None:
    odd = {"cancel_at_period_end": 1, "created_at": 9, "billing_period_days": True, "account": ["biz_x"], "new": 1}
    peer.body = a_membership(**odd)
    with Client("key", base_url=peer.base_url) as client:
        membership = client.validate_license("license", DEVICE).membership
    assert membership is not None
    assert membership.raw == json.loads(peer.body)
    fields = {name: value for name, value in vars(membership).items() if value is not None}
    assert fields.keys() == {"raw", "id", "license_key", "status", "metadata", "product_id"}


@pytest.mark.parametrize(
    ("seconds", "year"), [(0, 1970), (4102444800, 2100), (253402300800, 9999), (2**63 - 1, 9999), (-(2**63), 1)]
)
def test_a_time_beyond_the_calendar_is_its_end(peer: Peer, seconds: int, year: int) -> None:
    peer.body = a_membership(expires_at=seconds)
    with Client("key", api="v2", base_url=peer.base_url) as client:
        result = client.validate_license("license", DEVICE)
    assert result.expires_at is not None
    assert (result.expires_at.year, result.expires_at.tzinfo) == (year, timezone.utc)
    assert result.v2_membership is not None
    assert result.v2_membership.expires_at == seconds


@pytest.mark.parametrize(
    ("metadata", "sent"),
    [
        ({"hwid": "a", "größe": "☃😀"}, '{"hwid":"a","größe":"☃😀"}'),
        ('{ "hwid" : "a",  "n": 1.0 }', '{ "hwid" : "a",  "n": 1.0 }'),
        ("{}", "{}"),
        ({"nul": "\0"}, '{"nul":"\\u0000"}'),
    ],
)
def test_v2_is_sent_the_metadata_byte_for_byte(peer: Peer, metadata: Any, sent: str) -> None:
    with Client("key", api="v2", base_url=peer.base_url) as client:
        assert client.validate_license("license", metadata)
    assert peer.bodies == [f'{{"metadata":{sent}}}'.encode()]


@pytest.mark.parametrize(
    "metadata", [{"hwid": "a", "größe": "☃😀"}, '{ "hwid" : "a" }', {"hwid": "\u2028 x "}, {"hwid": "x" * 500}]
)
def test_the_current_api_stores_exactly_the_pairs_and_reads_again(peer: Peer, metadata: Any) -> None:
    pairs = json.loads(metadata) if isinstance(metadata, str) else metadata
    peer.first = [(200, a_membership(metadata={"note": "VIP"}))] * 2
    peer.body = a_membership(metadata={"note": "VIP", **pairs})
    with Client("key", base_url=peer.base_url) as client:
        assert client.validate_license("license", metadata)
    assert peer.methods == ["GET", "PATCH", "GET"]
    assert peer.paths == ["/api/v1/memberships/license"] * 3
    assert [json.loads(body) for body in peer.bodies if body] == [{"metadata": pairs}]


def test_the_current_api_binds_nothing_to_no_pairs(peer: Peer) -> None:
    with Client("key", base_url=peer.base_url) as client:
        assert client.validate_license("license", "{}")
    assert peer.methods == ["GET"]


@pytest.mark.parametrize(
    ("metadata", "fault"),
    [
        ({"hwid": 1}, "hwid: expected a string"),
        ({"hwid": ""}, "hwid: empty"),
        ({"hwid": "x" * 501}, "hwid: longer than the 500 characters"),
        ({"x" * 101: "a"}, "a name is longer than the 100 characters"),
        ({str(number): "a" for number in range(51)}, "more than 50 pairs"),
        ({"hwid": "released:1"}, "hwid: begins with released:"),
        ('{"hwid":"a","hwid":"b"}', "a name is given twice"),
    ],
)
def test_what_the_current_api_cannot_store_is_refused(peer: Peer, metadata: Any, fault: str) -> None:
    with Client("key", base_url=peer.base_url) as client:
        with pytest.raises(whop_license.InvalidArgument, match=f"^metadata: .*{fault}"):
            client.validate_license("license", metadata)
    assert peer.paths == []


def test_a_result_can_be_made_for_the_tests_of_others() -> None:
    body = '{"id":"mem_x","cancel_at_period_end":true}'
    result = LicenseResult(valid=True, status=Status.OK, message="", membership_id="mem_x", json=body)
    assert result.membership == current.Membership(raw=json.loads(body), id="mem_x", cancel_at_period_end=True)
    assert LicenseResult(valid=False, status=Status.LICENSE_INACTIVE, message="").membership is None


def test_repr_shows_nothing_of_the_buyer(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.api_key, api=api) as client:
        result = client.validate_license("SANDBOX-ACTIVE", DEVICE)
    shown = f"{result!r} {result.membership!r} {result.v2_membership!r}"
    assert "active" in shown
    assert not any(secret in shown for secret in ("SANDBOX-ACTIVE", "buyer", "test-device", "user_"))
