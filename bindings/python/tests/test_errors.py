"""No answer is an exception of its own for each status, and keeps secrets."""

from __future__ import annotations

import asyncio
import copy
import pickle
import socket
from collections.abc import Callable
from typing import Any

import pytest

import whop_license
from mute import Mute
from servers import DEVICE, PUBLIC_KEYS, Peer, Sandbox
from whop_license import Api, Client, Status, WhopError
from whop_license.errors import error_for


def caught(call: Callable[[], object]) -> WhopError:
    with pytest.raises(WhopError) as caught:
        call()
    return caught.value


def test_a_wrong_api_key_is_a_permission_error(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.key_that_may("wrong"), api=api) as client:
        error = caught(lambda: client.validate_license("SANDBOX-ACTIVE", DEVICE))
    assert type(error) is whop_license.Unauthorized
    assert isinstance(error, PermissionError)


def test_a_key_without_the_right_is_a_permission_error_that_names_it(sandbox: Sandbox) -> None:
    with Client(sandbox.key_that_may("none")) as client:
        for call, right in (
            (lambda: client.validate_license("SANDBOX-ACTIVE", DEVICE), "member:basic:read"),
            (lambda: client.reset_license("SANDBOX-ACTIVE"), "member:basic:read"),
            (lambda: client.create_plan(product_id="prod_sandbox"), "plan:create"),
        ):
            error = caught(call)
            assert type(error) is whop_license.Forbidden
            assert isinstance(error, PermissionError)
            assert right in str(error)


def test_the_validate_key_of_v2_has_no_other_right(sandbox: Sandbox) -> None:
    validating = sandbox.key_that_may("validate")
    with Client(validating, api="v2") as before, Client(validating) as now:
        assert before.validate_license("SANDBOX-COMPLETED", DEVICE)
        assert type(caught(lambda: before.create_plan(product_id="prod_sandbox"))) is whop_license.Forbidden
        assert type(caught(lambda: before.reset_license("SANDBOX-COMPLETED"))) is whop_license.Forbidden
        assert type(caught(lambda: now.validate_license("SANDBOX-COMPLETED", DEVICE))) is whop_license.Forbidden


@pytest.mark.parametrize("retired", ["retired-410", "retired-404", "retired-html", "retired-redirect"])
def test_a_retired_v2_says_what_to_do(new_sandbox: Callable[..., Sandbox], retired: str) -> None:
    with Client(new_sandbox("--v2", retired).api_key, api="v2") as client:
        for call in (
            lambda: client.validate_license("SANDBOX-ACTIVE", DEVICE),
            lambda: client.reset_license("SANDBOX-ACTIVE"),
            lambda: client.create_plan(product_id="prod_sandbox"),
        ):
            error = caught(call)
            assert type(error) is whop_license.BadResponse
            assert "Whop has retired API v2: use the current API" in str(error)


def test_a_refused_argument_is_a_value_error_and_is_not_sent(peer: Peer) -> None:
    with Client("key", base_url=peer.base_url) as client:
        error = caught(lambda: client.validate_license("", DEVICE))
    assert type(error) is whop_license.InvalidArgument
    assert isinstance(error, ValueError)
    assert (error.status, error.http_status, peer.paths) == (Status.INVALID_ARGUMENT, None, [])


def test_a_server_that_is_down_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # so that nobody else is given the port; it does not listen
        api_key = f"sandbox_{closed.getsockname()[1]}_full"
        error = caught(lambda: whop_license.validate_license(api_key, "SANDBOX-ACTIVE", DEVICE))
    assert type(error) is whop_license.Unreachable
    assert isinstance(error, ConnectionError)
    assert (error.http_status, error.retry_after) == (None, None)


def test_what_a_relay_has_not_signed_is_a_connection_error(sandbox: Sandbox) -> None:
    with Client.relay(sandbox.relay("unsigned-404"), PUBLIC_KEYS, product_id="prod_sandbox") as client:
        error = caught(lambda: client.validate_license("SANDBOX-ACTIVE", DEVICE))
    assert type(error) is whop_license.Untrusted
    assert isinstance(error, ConnectionError)
    assert (error.status, error.http_status, error.retry_after) == (Status.UNTRUSTED, 404, None)
    assert "SANDBOX-ACTIVE" not in f"{error} {error!r} {vars(error)}"


def test_a_dropped_connection_is_no_answer_and_the_same_again_succeeds(
    new_sandbox: Callable[..., Sandbox], api: Api
) -> None:
    with Client(new_sandbox().api_key, api=api, max_retries=0) as client:
        error = caught(lambda: client.validate_license("SANDBOX-DROP", DEVICE))
        assert type(error) is whop_license.NoAnswer
        assert isinstance(error, ConnectionError)
        assert error.json is None
        assert client.validate_license("SANDBOX-DROP", DEVICE)


def test_a_time_out_is_a_timeout_error_too(mute: Mute) -> None:
    for scheme, kind in (("http", whop_license.NoAnswer), ("https", whop_license.Unreachable)):
        with Client("key", base_url=mute.base_url(scheme), timeout=0.1) as client:
            error = caught(lambda client=client: client.validate_license("license", DEVICE))  # type: ignore[misc]
            in_a_task = caught(lambda client=client: asyncio.run(client.avalidate_license("license", DEVICE)))  # type: ignore[misc]
        for one in (error, in_a_task, pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert isinstance(one, kind)
            assert isinstance(one, TimeoutError)
            assert one.status is kind.status


def test_what_fails_before_the_time_limit_is_no_timeout_error(sandbox: Sandbox, away: str) -> None:
    with Client("key", base_url=away) as unreachable, Client(sandbox.api_key, max_retries=0) as client:
        assert not isinstance(caught(lambda: unreachable.validate_license("license", DEVICE)), TimeoutError)
        assert not isinstance(caught(lambda: client.validate_license("SANDBOX-DROP", DEVICE)), TimeoutError)


def test_a_rate_limit_says_how_many_seconds_to_wait(sandbox: Sandbox, api: Api) -> None:
    with Client(sandbox.api_key, api=api) as client:
        assert caught(lambda: client.validate_license("SANDBOX-429", DEVICE)).retry_after == 7.0


def test_an_error_has_the_json_where_nothing_that_logs_it_shows_it(peer: Peer) -> None:
    peer.status, peer.body = 422, b'{"error":{"message":"no"},"email":"buyer@example.com"}'
    with Client("key", base_url=peer.base_url) as client:
        error = caught(lambda: client.validate_license("license", DEVICE))
    assert type(error) is whop_license.Rejected
    for copied in (error, pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert copied.json == peer.body.decode()
        assert "buyer" not in f"{copied} {copied!r} {copied.args} {vars(copied)}"


def test_an_error_without_an_answer_has_no_json(peer: Peer) -> None:
    with Client("key", base_url=peer.base_url) as client:
        assert caught(lambda: client.validate_license("", DEVICE)).json is None
    assert whop_license.WhopError().json is None


def test_an_internal_error_has_its_exception_too() -> None:
    error = error_for(Status.INTERNAL_ERROR, "caught")
    assert type(error) is whop_license.InternalError
    assert isinstance(error, RuntimeError)


def test_an_error_survives_a_process_pool() -> None:
    error = error_for(Status.RATE_LIMITED, "slow down", 429, 7.0, "{}")
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(copied), str(copied), vars(copied)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("api_key", ["secret key", "secret\0", "secret" * 1000, "secret ü"])
def test_a_refused_api_key_is_not_repeated(api_key: str) -> None:
    error = caught(lambda: Client(api_key))
    assert type(error) is whop_license.InvalidArgument
    assert "secret" not in str(error)


@pytest.mark.parametrize("license_key", ["secret\0", "secret\udcff", "secret" * 1000])
def test_a_refused_license_key_is_not_repeated(license_key: str) -> None:
    error = caught(lambda: Client("key").validate_license(license_key, DEVICE))
    assert type(error) is whop_license.InvalidArgument
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "metadata",
    [
        "secret",
        '{"hwid":"secret',
        {"hwid": "secret\0\udcff"},
        {"hwid": "secret" * 100_000},
        {"hwid": "secret", "number": float("nan")},
        {"hwid": "secret", 1: "secret"},
        {"secret": None},
    ],
)
def test_refused_metadata_is_not_repeated(metadata: Any) -> None:
    error = caught(lambda: Client("key").validate_license("license", metadata))
    assert type(error) is whop_license.InvalidArgument
    for told in (error, error.__context__):
        assert "secret" not in f"{told!r} {getattr(told, '__dict__', None)}"
