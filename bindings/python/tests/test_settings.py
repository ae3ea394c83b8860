"""Each setting changes what happens, and a bad one is refused by name."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox, a_membership
from whop_license import Api, Client, Status, _header, _native


def test_each_setting_of_the_header_is_one_here_and_none_is_set_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = "whop_client_set_"
    setters = [name for name in _header.FUNCTIONS if name.startswith(prefix)]
    settings = dict(inspect.signature(Client).parameters)
    del settings["api_key"]
    assert {name.removeprefix(prefix).removesuffix("_ms") for name in setters} == settings.keys()
    assert all(setting.default is None for setting in settings.values())
    for setter in setters:
        monkeypatch.setattr(_native.library(), setter, None)  # so that calling it fails
    Client("key").close()


def test_api_is_which_one_it_asks(peer: Peer) -> None:
    for api in (None, "current", "v2"):
        with Client("key", api=api, base_url=peer.base_url) as client:
            assert client.validate_license("license", DEVICE)
    now = "/api/v1/memberships/license"
    assert peer.paths == [now, now, "/api/v2/memberships/license/validate_license"]


def test_without_a_client_the_current_api_is_asked(sandbox: Sandbox) -> None:
    assert whop_license.validate_license(sandbox.api_key, "SANDBOX-ACTIVE", DEVICE).membership is not None
    assert whop_license.create_plan(sandbox.api_key, product_id="prod_sandbox").plan is not None


def test_api_version_date_is_the_version_it_asks_for(peer: Peer) -> None:
    for date in (None, "2026-07-23", "2026-10-15-1"):
        with Client("key", api_version_date=date, base_url=peer.base_url) as client:
            assert client.validate_license("license", DEVICE)
    with Client("key", api="v2", api_version_date="2026-10-15-1", base_url=peer.base_url) as client:
        assert client.validate_license("license", DEVICE)
    dates = [headers["Api-Version-Date"] for headers in peer.headers]
    assert dates == ["2026-09-23", "2026-07-23", "2026-10-15-1", None]


@pytest.mark.parametrize(("allow", "valid"), [(None, True), (True, True), (False, False)])
def test_allow_past_due_is_whether_it_entitles_by_the_current_api(
    sandbox: Sandbox, api: Api, allow: bool | None, valid: bool
) -> None:
    with Client(sandbox.api_key, api=api, allow_past_due=allow) as client:
        result = client.validate_license("SANDBOX-PAST-DUE", DEVICE)
    assert result.license_status == "past_due"
    assert result.valid is (valid or api == "v2")


def test_product_id_refuses_licenses_of_other_products(sandbox: Sandbox, api: Api) -> None:
    with (
        Client(sandbox.api_key, api=api) as any_product,
        Client(sandbox.api_key, api=api, product_id="prod_sandbox") as one_product,
    ):
        assert any_product.validate_license("SANDBOX-OTHER-PRODUCT", DEVICE).status is Status.OK
        assert one_product.validate_license("SANDBOX-OTHER-PRODUCT", DEVICE).status is Status.PRODUCT_MISMATCH


def test_the_current_api_binds_no_license_of_another_product(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, product_id="prod_else") as wrong, Client(sandbox.api_key) as right:
        key = sandbox.buy("plan_sandbox")
        assert wrong.validate_license(key, {"hwid": "one"}).status is Status.PRODUCT_MISMATCH
        assert right.validate_license(key, {"hwid": "two"})


def test_timeout_ends_the_whole_call(sandbox: Sandbox, api: Api) -> None:
    start = time.monotonic()
    with Client(sandbox.api_key, api=api, timeout=1) as client, pytest.raises(whop_license.NoAnswer):
        client.validate_license("SANDBOX-SLOW", DEVICE)
    assert 0.95 < time.monotonic() - start < 10


def test_max_retries_is_how_often_it_tries_again(peer: Peer, api: Api) -> None:
    peer.status = 503
    for retries in (0, 2):
        peer.paths.clear()
        with Client("key", api=api, base_url=peer.base_url, max_retries=retries) as client:
            with pytest.raises(whop_license.ServerError):
                client.validate_license("license", DEVICE)
        assert len(peer.paths) == 1 + retries


def test_a_retry_gets_over_a_short_outage(new_sandbox: Callable[..., Sandbox], api: Api) -> None:
    with Client(new_sandbox().api_key, api=api) as client:
        assert client.validate_license("SANDBOX-503-ONCE", DEVICE)


@pytest.mark.parametrize("expand", [["product", "user"], "product,user"])
def test_expand_brings_objects_instead_of_ids_from_v2(sandbox: Sandbox, expand: str | list[str]) -> None:
    with Client(sandbox.api_key, api="v2", expand=expand) as client:
        result = client.validate_license("SANDBOX-ACTIVE", DEVICE)
    membership = result.v2_membership
    assert membership is not None
    assert isinstance(membership.product, dict)
    assert membership.product["id"] == result.product_id == "prod_sandbox"
    assert isinstance(membership.user, dict)
    assert isinstance(membership.plan, str)


def test_expand_is_refused_with_the_current_api_at_each_call(peer: Peer) -> None:
    with Client("key", expand=["product"], base_url=peer.base_url) as client:
        for call in (
            lambda: client.validate_license("license", DEVICE),
            lambda: client.reset_license("license"),
            lambda: client.create_plan(product_id="prod_x"),
        ):
            with pytest.raises(whop_license.InvalidArgument, match=r"^expand: API v2 alone can expand"):
                call()
    with Client("key", expand=[], base_url=peer.base_url) as client:
        assert client.validate_license("license", DEVICE)
    assert len(peer.paths) == 1


def test_base_url_is_where_it_asks(peer: Peer, api: Api) -> None:
    peer.body = a_membership(license_key="../a key?")
    with Client("key", api=api, base_url=peer.base_url) as client:
        assert client.validate_license("../a key?", DEVICE)
    path = "memberships/..%2Fa%20key%3F"
    assert peer.paths == [f"/api/v1/{path}" if api == "current" else f"/api/v2/{path}/validate_license"]


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


def test_allow_unknown_plan_fields_lets_new_values_through(peer: Peer) -> None:
    peer.body = b'{"id":"plan_peer"}'
    with Client("key", base_url=peer.base_url) as client, pytest.raises(whop_license.InvalidArgument, match="EUR"):
        client.create_plan(extra={"currency": "EUR"})
    with Client("key", base_url=peer.base_url, allow_unknown_plan_fields=True) as client:
        client.create_plan(extra={"currency": "EUR"})
    assert [json.loads(body) for body in peer.bodies] == [{"currency": "EUR"}]


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
        ("api", ""),
        ("api_version_date", "2026-07-22"),
        ("api_version_date", "yesterday"),
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
        ("api", ["v2"]),
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
