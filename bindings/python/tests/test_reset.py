"""A seller's tool frees the device of a license, and nothing else that is stored with it."""

from __future__ import annotations

import json

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox, a_membership
from whop_license import Api, Client, ResetResult, Status

NOTE = {"note": "VIP", "order": "1042"}


def test_the_next_device_is_bound(sandbox: Sandbox, api: Api) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.api_key, api=api) as client:
        assert client.validate_license(key, {"hwid": "one"})
        assert client.validate_license(key, {"hwid": "two"}).reason == "device_mismatch"
        result = client.reset_license(key)
        assert client.validate_license(key, {"hwid": "two"})
    assert result
    assert (result.found, result.status, result.api) == (True, Status.OK, api)
    assert (result.license_status, result.product_id) == ("active", "prod_sandbox")
    membership = result.membership if api == "current" else result.v2_membership
    assert membership is not None
    assert (membership.id, membership.metadata) == (result.membership_id, {})


def test_what_is_free_stays_free(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.api_key, api=api) as client:
        assert client.reset_license(sandbox.buy("plan_sandbox"))


def test_no_such_license_is_a_value(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.api_key, api=api) as client:
        result = client.reset_license("no such key")
    assert not result
    assert (result.found, result.status) == (False, Status.LICENSE_NOT_FOUND)
    assert (result.membership_id, result.membership, result.v2_membership) == (None, None, None)


def test_a_license_that_does_not_entitle_is_reset_too(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.api_key, api=api, product_id="prod_sandbox") as client:
        assert client.reset_license("SANDBOX-EXPIRED").license_status == "expired"
        assert client.reset_license("SANDBOX-OTHER-PRODUCT").product_id == "prod_other"


def test_only_the_metadata_key_goes(peer: Peer, api: Api) -> None:
    peer.first = [(200, a_membership(metadata={**NOTE, "HWID": "a", "hwid": "b"}))]
    with Client("key", api=api, base_url=peer.base_url, metadata_key="HWID") as client:
        assert client.reset_license("license")
    written = [json.loads(body)["metadata"] for body in peer.bodies if body]
    assert written == [{}, {**NOTE, "hwid": "b"}]


@pytest.mark.parametrize("written", [0, 1])
def test_cut_off_half_way_it_hands_over_the_membership_as_it_was(peer: Peer, written: int) -> None:
    before = a_membership(metadata={**NOTE, **DEVICE})
    peer.first = [(200, before), *[(200, a_membership(metadata={}))] * written]
    peer.status = 500
    with Client("key", base_url=peer.base_url, max_retries=0) as client:
        with pytest.raises(whop_license.NoAnswer, match="could not be written back") as caught:
            client.reset_license("license")
    assert peer.methods == ["GET", "PATCH", "PATCH"]
    error = caught.value
    assert error.json is not None
    assert json.loads(error.json) == json.loads(before)
    told = f"{error} {error!r} {vars(error)}"
    assert not any(secret in told for secret in ("VIP", "1042", "test-device", '"license"'))


def test_an_outage_before_anything_is_changed_is_no_half_reset(peer: Peer) -> None:
    peer.first = [(200, a_membership(metadata={**NOTE, **DEVICE}))]
    peer.status = 403
    with Client("key", base_url=peer.base_url) as client:
        with pytest.raises(whop_license.Forbidden, match="member:manage"):
            client.reset_license("license")
    assert peer.methods == ["GET", "PATCH"]


@pytest.mark.parametrize("bad", ["", "..", "a\nb", "nul\0", "\udcff", "x" * 1025])
def test_what_is_no_license_key_is_refused(peer: Peer, api: Api, bad: str) -> None:
    with Client("key", api=api, base_url=peer.base_url) as client:
        with pytest.raises(whop_license.InvalidArgument, match="license_key"):
            client.reset_license(bad)
    assert peer.paths == []


def test_a_result_can_be_made_for_the_tests_of_others() -> None:
    result = ResetResult(found=True, status=Status.OK, message="", membership_id="mem_x", json='{"id":"mem_x"}')
    assert result.membership is not None
    assert result.membership.id == "mem_x"
