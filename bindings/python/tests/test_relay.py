"""A client that asks a relay: what it takes, what it tells, and what it keeps. test_leases.py has what it believes."""

from __future__ import annotations

import asyncio
import inspect
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import whop_license
from servers import DEVICE, PRODUCT, PUBLIC_KEYS, Peer, Sandbox
from whop_license import Client, InvalidArgument, Status

DIRECT = {"api_key", "api", "api_version_date", "expand", "base_url", "allow_unknown_plan_fields"}


def relay(url: str, public_keys: Any = PUBLIC_KEYS, **settings: Any) -> Client:
    return Client.relay(url, public_keys, **{"product_id": PRODUCT, "max_retries": 0, **settings})


@pytest.fixture
def lease_file(tmp_path: Path) -> Path:
    return tmp_path / "license.lease"


def test_it_has_every_setting_that_means_something_there() -> None:
    takes = inspect.signature(Client.relay).parameters.keys()
    assert takes == (inspect.signature(Client).parameters.keys() - DIRECT) | {"relay_url", "public_keys"}


def test_a_yes_has_its_facts_and_is_no_membership_of_either_api(sandbox: Sandbox) -> None:
    with relay(sandbox.relay("good")) as client:
        result = client.validate_license("SANDBOX-ACTIVE", DEVICE)
    assert result
    assert (result.status, result.reason, result.is_offline, result.http_status) == (Status.OK, None, False, 201)
    facts = (result.membership_id, result.license_status, result.product_id, result.plan_id)
    assert facts == ("mem_active", "active", PRODUCT, "plan_sandbox")
    assert result.expires_at is not None
    assert timedelta(29) < result.expires_at - datetime.now(timezone.utc) < timedelta(31)
    assert (result.api, result.membership, result.v2_membership) == (None, None, None)
    assert result.json is not None
    assert json.loads(result.json).keys() >= {"id", "valid", "status", "product", "plan", "expires_at", "nonce", "exp"}


def test_a_license_that_does_not_expire_has_no_expiry(sandbox: Sandbox) -> None:
    with relay(sandbox.relay("good-for-ever")) as client:
        assert client.validate_license("SANDBOX-ACTIVE", DEVICE).expires_at is None


def test_a_denial_is_a_value_without_a_membership(sandbox: Sandbox) -> None:
    with relay(sandbox.relay("denied-device")) as client:
        result = client.validate_license("SANDBOX-ACTIVE", DEVICE)
    assert not result
    assert (result.reason, result.is_offline, result.membership_id) == ("device_mismatch", False, None)
    assert result.json is not None
    assert json.loads(result.json)["reason"] == "device_mismatch"


def test_what_nobody_has_signed_is_untrusted(sandbox: Sandbox) -> None:
    with relay(sandbox.relay("unsigned-yes")) as client, pytest.raises(whop_license.Untrusted) as caught:
        client.validate_license("SANDBOX-ACTIVE", DEVICE)
    assert isinstance(caught.value, ConnectionError)
    assert (caught.value.status, caught.value.http_status) == (Status.UNTRUSTED, 201)


@pytest.mark.parametrize(
    "public_keys", [PUBLIC_KEYS, tuple(PUBLIC_KEYS), iter(PUBLIC_KEYS), ", ".join(PUBLIC_KEYS), PUBLIC_KEYS[0]]
)
def test_public_keys_are_a_list_or_one_text(sandbox: Sandbox, public_keys: Any) -> None:
    with relay(sandbox.relay("good"), public_keys) as client:
        assert client.validate_license("SANDBOX-ACTIVE", DEVICE)


def test_only_the_public_keys_that_are_given_count(sandbox: Sandbox) -> None:
    with relay(sandbox.relay("good"), PUBLIC_KEYS[1:]) as client, pytest.raises(whop_license.Untrusted):
        client.validate_license("SANDBOX-ACTIVE", DEVICE)


@pytest.mark.parametrize(
    "public_keys",
    ["", ",", [], [""], "key", [PUBLIC_KEYS[0]] * 2, PUBLIC_KEYS[0] + "=", [*PUBLIC_KEYS, "\0"], "\udcff", "x" * 10**6],
)
def test_a_bad_public_key_is_refused_by_name(public_keys: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"^public_keys: ") as refused:
        relay("https://relay.example", public_keys)
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize("public_keys", [None, 7, b"key", [None], [b"key"], object()])
def test_what_is_no_public_key_is_a_type_error_that_names_it(public_keys: Any) -> None:
    with pytest.raises(TypeError, match="public_keys"):
        relay("https://relay.example", public_keys)


@pytest.mark.parametrize(
    "url", ["", "relay.example", "http://relay.example", "ftp://relay.example", "https://\0", "\udcff", "x" * 10**6]
)
def test_a_bad_url_is_refused_by_name(url: str) -> None:
    with pytest.raises(InvalidArgument, match=r"^relay_url: ") as refused:
        relay(url)
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize("url", [None, 7, b"https://relay.example", ["https://relay.example"]])
def test_what_is_no_url_is_a_type_error_that_names_it(url: Any) -> None:
    with pytest.raises(TypeError, match="relay_url"):
        relay(url)


def test_a_product_id_must_be_given() -> None:
    with pytest.raises(TypeError, match="product_id"):
        Client.relay("https://relay.example", PUBLIC_KEYS)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="product_id"):
        relay("https://relay.example", product_id=None)
    with pytest.raises(InvalidArgument, match=r"^product_id: "):
        relay("https://relay.example", product_id="")


@pytest.mark.parametrize("setting", sorted(DIRECT))
def test_what_means_nothing_there_is_no_argument(setting: str) -> None:
    with pytest.raises(TypeError, match=setting):
        relay("https://relay.example", **{setting: None})


@pytest.mark.parametrize(
    ("setting", "value"),
    [("timeout", 0), ("max_retries", 11), ("device_id", ""), ("lease_file", ""), ("ca_file", "/no/such/file.pem")],
)
def test_a_bad_setting_is_refused_by_name(setting: str, value: Any) -> None:
    with pytest.raises(InvalidArgument, match=f"^{setting}: "):
        relay("https://relay.example", **{setting: value})


def test_it_does_nothing_but_check(peer: Peer) -> None:
    with relay(peer.base_url) as client:
        for call in (
            lambda: client.reset_license("license"),
            lambda: client.create_plan(product_id=PRODUCT),
        ):
            with pytest.raises(InvalidArgument, match="asks a relay"):
                call()
    assert peer.paths == []


@pytest.mark.parametrize(
    "metadata", [{"a": "1", "b": "2"}, '{"a":"1","a":"1"}', "{}", {"a": "ä"}, {"a": "x" * 257}, {"a": 1}]
)
def test_metadata_is_one_pair_of_printable_ascii(peer: Peer, metadata: Any) -> None:
    with relay(peer.base_url) as client, pytest.raises(InvalidArgument, match=r"^metadata"):
        client.validate_license("license", metadata)
    assert peer.paths == []


def test_a_membership_id_is_no_license_key_there(peer: Peer) -> None:
    with relay(peer.base_url) as client, pytest.raises(InvalidArgument, match=r"^license_key: "):
        client.validate_license("mem_active", DEVICE)
    assert peer.paths == []


def test_it_sends_what_the_relay_needs_and_no_authorization(peer: Peer) -> None:
    with relay(peer.base_url, device_id="my-device", metadata_key="HWID") as client:
        with pytest.raises(whop_license.Untrusted):
            client.validate_license("../a key?")
    assert (peer.methods, peer.paths) == (["POST"], ["/api/v2/memberships/..%2Fa%20key%3F/validate_license"])
    assert peer.bodies == [b'{"metadata":{"HWID":"my-device"}}']
    (headers,) = peer.headers
    assert headers["Authorization"] is None
    assert len(headers["Whop-License-Nonce"]) == 22
    assert len(headers["Whop-License-Keys"].split(",")) == 2


def test_without_a_relay_the_lease_stands_in_until_it_is_denied(sandbox: Sandbox, away: str, lease_file: Path) -> None:
    def asked(url: str) -> whop_license.LicenseResult:
        with relay(url, lease_file=lease_file) as client:
            return client.validate_license("SANDBOX-ACTIVE", DEVICE)

    with pytest.raises(whop_license.Unreachable, match="no lease is stored"):
        asked(away)
    online = asked(sandbox.relay("good"))
    offline = asked(away)
    assert offline
    assert (offline.is_offline, offline.http_status, offline.api) == (True, None, None)
    assert (offline.membership_id, offline.expires_at) == (online.membership_id, online.expires_at)
    assert offline.json == online.json
    assert "stands on the lease of the last answer, until " in offline.message
    assert (offline.membership, offline.v2_membership) == (None, None)
    assert not asked(sandbox.relay("denied-device"))
    with pytest.raises(whop_license.Unreachable, match="was no"):
        asked(away)


def test_a_lease_file_is_a_path_of_any_kind_and_this_users_alone(sandbox: Sandbox, away: str, tmp_path: Path) -> None:
    for number, name in enumerate(("license.lease", "Müller ☃.lease")):
        path = tmp_path / name
        with relay(sandbox.relay("good"), lease_file=path if number else str(path)) as client:
            assert client.validate_license("SANDBOX-ACTIVE", DEVICE)
        assert path.stat().st_mode & 0o777 == 0o600
        with relay(away, lease_file=path) as client:
            assert client.validate_license("SANDBOX-ACTIVE", DEVICE).is_offline


def test_without_a_lease_file_nothing_is_kept(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with relay(sandbox.relay("good")) as client:
        assert client.validate_license("SANDBOX-ACTIVE", DEVICE)
    assert list(tmp_path.iterdir()) == []


def test_a_lease_file_that_cannot_be_used_costs_no_answer(sandbox: Sandbox, tmp_path: Path) -> None:
    with relay(sandbox.relay("good"), lease_file=tmp_path) as client:
        result = client.validate_license("SANDBOX-ACTIVE", DEVICE)
    assert result
    assert "It is not kept for use without network" in result.message


def test_a_lease_file_is_refused_without_a_relay(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"^lease_file: for a client that asks a relay"):
        Client("key", lease_file=tmp_path / "license.lease")


@pytest.mark.parametrize(("allow", "trusts"), [(None, True), (True, True), (False, False)])
def test_allow_sandbox_is_whether_a_relay_here_may_ask_one(sandbox: Sandbox, allow: bool | None, trusts: bool) -> None:
    with relay(sandbox.relay("sandbox-true"), allow_sandbox=allow) as client:
        if trusts:
            assert client.validate_license("SANDBOX-ACTIVE", DEVICE)
        else:
            with pytest.raises(whop_license.Untrusted):
                client.validate_license("SANDBOX-ACTIVE", DEVICE)


@pytest.mark.parametrize(("allow", "valid"), [(None, True), (True, True), (False, False)])
def test_allow_past_due_is_whether_it_entitles(sandbox: Sandbox, allow: bool | None, valid: bool) -> None:
    with relay(sandbox.relay("status-past-due"), allow_past_due=allow) as client:
        assert client.validate_license("SANDBOX-ACTIVE", DEVICE).valid is valid


def test_32_threads_share_a_client_and_a_lease_file(sandbox: Sandbox, away: str, lease_file: Path) -> None:
    def check(number: int) -> int:
        return sum(
            client.validate_license("SANDBOX-ACTIVE", {"hwid": f"device-{number % 4}"}).is_offline for _ in range(10)
        )

    with relay(sandbox.relay("good"), lease_file=lease_file, timeout=60) as client, ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(check, range(32))) == 0
    with relay(away, lease_file=lease_file, timeout=60) as client, ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(check, range(32))) == 320


def test_a_check_can_be_awaited(sandbox: Sandbox) -> None:
    with relay(sandbox.relay("good")) as client:
        assert asyncio.run(client.avalidate_license("SANDBOX-ACTIVE", DEVICE))


def test_a_closed_client_says_so() -> None:
    client = relay("https://relay.example")
    assert repr(client) == "<Client of prod_sandbox>"
    client.close()
    with pytest.raises(ValueError, match="the client is closed"):
        client.validate_license("license", DEVICE)


def test_a_subclass_makes_its_own_kind() -> None:
    class Mine(Client):
        pass

    with Mine.relay("https://relay.example", PUBLIC_KEYS, product_id=PRODUCT) as client:
        assert type(client) is Mine


def test_repr_shows_nothing_of_the_buyer(sandbox: Sandbox) -> None:
    with relay(sandbox.relay("good")) as client:
        shown = repr(client.validate_license("SANDBOX-ACTIVE", DEVICE))
    assert "active" in shown
    assert not any(secret in shown for secret in ("SANDBOX-ACTIVE", "test-device", "sha256", "nonce"))
