"""Each setting changes what happens, and a bad one is refused by name."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

import whop_license
from servers import DEVICE, MEMBERSHIP, Peer, Sandbox
from whop_license import Api, Client, Status


def test_product_id_refuses_licenses_of_other_products(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as any_product, Client(sandbox.api_key, product_id="prod_sandbox") as one_product:
        assert any_product.validate_license("SANDBOX-OTHER-PRODUCT", DEVICE).status is Status.OK
        assert one_product.validate_license("SANDBOX-OTHER-PRODUCT", DEVICE).status is Status.PRODUCT_MISMATCH


def test_timeout_ends_the_whole_call(sandbox: Sandbox) -> None:
    start = time.monotonic()
    with Client(sandbox.api_key, timeout=1) as client, pytest.raises(whop_license.NoAnswer):
        client.validate_license("SANDBOX-SLOW", DEVICE)
    assert 0.95 < time.monotonic() - start < 10


def test_max_retries_is_how_often_it_tries_again(peer: Peer) -> None:
    peer.status = 503
    for retries in (0, 2):
        peer.paths.clear()
        with Client("key", base_url=peer.base_url, max_retries=retries) as client:
            with pytest.raises(whop_license.ServerError):
                client.validate_license("license", DEVICE)
        assert len(peer.paths) == 1 + retries


def test_a_retry_gets_over_a_short_outage(new_sandbox: Callable[..., Sandbox]) -> None:
    with Client(new_sandbox().api_key) as client:
        assert client.validate_license("SANDBOX-503-ONCE", DEVICE)


@pytest.mark.parametrize("expand", [["product", "user"], "product,user"])
def test_expand_brings_objects_instead_of_ids(sandbox: Sandbox, expand: str | list[str]) -> None:
    with Client(sandbox.api_key, api="v2", expand=expand) as client:
        membership = client.validate_license("SANDBOX-ACTIVE", DEVICE).v2_membership
    assert membership is not None
    assert isinstance(membership.product, dict)
    assert membership.product["id"] == "prod_sandbox"
    assert isinstance(membership.user, dict)
    assert isinstance(membership.plan, str)


def test_base_url_is_where_it_asks(peer: Peer) -> None:
    peer.body = MEMBERSHIP.replace(b'"license"', b'"../a key?"')
    for api in get_args(Api):
        with Client("key", api=api, base_url=peer.base_url) as client:
            assert client.validate_license("../a key?", DEVICE)
    key = "..%2Fa%20key%3F"
    assert peer.paths == [f"/api/v1/memberships/{key}", f"/api/v2/memberships/{key}/validate_license"]


def test_expand_is_refused_with_the_current_api(peer: Peer) -> None:
    with Client("key", base_url=peer.base_url, expand="plan") as client:
        with pytest.raises(whop_license.InvalidArgument, match="expand"):
            client.validate_license("license", DEVICE)
    assert peer.paths == []


@pytest.mark.parametrize(("allow", "status"), [(None, Status.OK), (True, Status.OK), (False, Status.LICENSE_INACTIVE)])
def test_allow_past_due_is_a_grace_period(peer: Peer, allow: bool | None, status: Status) -> None:
    peer.body = MEMBERSHIP.replace(b"active", b"past_due")
    with Client("key", base_url=peer.base_url, allow_past_due=allow) as client:
        assert client.validate_license("license", DEVICE).status is status


def test_allow_sandbox_false_refuses_its_keys(sandbox: Sandbox, peer: Peer) -> None:
    for base_url in (None, peer.base_url):
        with pytest.raises(whop_license.InvalidArgument, match=r"^api_key: "):
            Client(sandbox.api_key, base_url=base_url, allow_sandbox=False)
    with Client("key", base_url=peer.base_url, allow_sandbox=False) as client:
        assert client.validate_license("license", DEVICE)


def test_a_base_url_is_asked_also_with_a_key_of_the_sandbox(sandbox: Sandbox, peer: Peer) -> None:
    with Client(sandbox.api_key, base_url=peer.base_url) as client:
        assert client.validate_license("license", DEVICE)
    assert len(peer.paths) == 1


def test_ca_file_is_whom_it_trusts(new_sandbox: Callable[..., Sandbox], tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    sandbox = new_sandbox("--tls", "--ca-file", str(ca_file))
    base_url = f"https://localhost:{sandbox.port}/api"
    with Client(sandbox.api_key, base_url=base_url, ca_file=ca_file, proxy="") as client:
        assert client.validate_license("SANDBOX-ACTIVE", DEVICE)
    with Client(sandbox.api_key, base_url=base_url, max_retries=0, proxy="") as client:
        with pytest.raises(whop_license.Unreachable):
            client.validate_license("SANDBOX-ACTIVE", DEVICE)


def test_proxy_is_what_it_asks_through(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = f"http://127.0.0.1:{peer.port}"
    with Client("key", base_url="https://whop.invalid/api", proxy=proxy, max_retries=0) as client:
        with pytest.raises(whop_license.WhopError):
            client.validate_license("license", DEVICE)
    assert peer.paths == ["whop.invalid:443"]
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with Client("key", base_url="https://whop.invalid/api", proxy="", max_retries=0, timeout=2) as client:
        with pytest.raises(whop_license.Unreachable):
            client.validate_license("license", DEVICE)
    assert peer.paths == ["whop.invalid:443"]


def test_allow_unknown_plan_fields_lets_new_fields_through(peer: Peer) -> None:
    peer.body = b'{"id":"plan_peer"}'
    with Client("key", base_url=peer.base_url) as client, pytest.raises(whop_license.InvalidArgument, match="color"):
        client.create_plan(product_id="prod_sandbox", extra={"color": "red"})
    with Client("key", base_url=peer.base_url, allow_unknown_plan_fields=True) as client:
        client.create_plan(product_id="prod_sandbox", extra={"color": "red"})
    assert [json.loads(body) for body in peer.bodies] == [{"product_id": "prod_sandbox", "color": "red"}]


@pytest.mark.parametrize("seconds", [0.0, 0.0009, 600.1, 10_000, -1.0, float("nan"), float("inf"), 2**32 / 1000 + 5])
def test_a_bad_timeout_is_refused_in_seconds(seconds: float) -> None:
    with pytest.raises(whop_license.InvalidArgument, match=r"^timeout: expected 0\.001 to 600 seconds$"):
        Client("key", timeout=seconds)


@pytest.mark.parametrize("seconds", [0.001, 600])
def test_the_shortest_and_the_longest_timeout_are_accepted(seconds: float) -> None:
    Client("key", timeout=seconds).close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("api", "v1"),
        ("api_version_date", "2026-07-22"),
        ("product_id", ""),
        ("max_retries", -1),
        ("max_retries", 11),
        ("max_retries", 2**32),
        ("expand", ["everything"]),
        ("base_url", "http://example.com"),
        ("ca_file", "/no/such/file.pem"),
        ("proxy", "not a proxy"),
        ("product_id", "prod_\0x"),
        ("base_url", "https://\0"),
    ],
)
def test_a_bad_setting_is_refused_by_name(setting: str, value: Any) -> None:
    with pytest.raises(whop_license.InvalidArgument, match=setting):
        Client("key", **{setting: value})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("api", 2),
        ("api_version_date", 20260923),
        ("allow_past_due", 1),
        ("product_id", b"prod_x"),
        ("timeout", "10"),
        ("max_retries", "2"),
        ("max_retries", 1.5),
        ("allow_sandbox", 0),
        ("allow_unknown_plan_fields", "text"),
        ("expand", [b"product"]),
        ("expand", 1),
        ("device_id", 7),
        ("metadata_key", 7),
        ("base_url", 1),
        ("ca_file", b"ca.pem"),
        ("proxy", b""),
        ("nonsense", 1),
    ],
)
def test_a_setting_of_the_wrong_type_is_a_type_error(setting: str, value: Any) -> None:
    with pytest.raises(TypeError, match=setting):
        Client("key", **{setting: value})
