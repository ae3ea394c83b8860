"""A blocking call can be stopped: by a signal in the main thread, and from any thread by `cancel_all`."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

import whop_license
from mute import Mute
from servers import DEVICE, Peer, Sandbox
from whop_license import Api, Client

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to one thread")


@pytest.fixture(autouse=True)
def handled() -> Iterator[None]:
    """Python raises KeyboardInterrupt, also where SIGINT was ignored, as in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def interrupted_when(is_so: Callable[[], bool]) -> Iterator[None]:
    """Sends SIGINT, as Ctrl-C does, to the main thread."""

    def interrupt() -> None:
        if is_so():
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    yield
    thread.join()


@posix
def test_ctrl_c_stops_a_check_and_its_request(mute: Mute, api: Api, freed: Counter[str]) -> None:
    with Client("key", api=api, base_url=mute.base_url(), timeout=60) as client:
        begin = time.monotonic()
        with interrupted_when(mute.is_asked), pytest.raises(KeyboardInterrupt):
            client.validate_license("license", DEVICE)
        assert time.monotonic() - begin < 20
        assert mute.is_left()
    assert freed["whop_call_free"] == 1


@posix
def test_ctrl_c_stops_a_check_without_a_client(mute: Mute) -> None:
    port = mute.base_url().partition("127.0.0.1:")[2].partition("/")[0]
    with interrupted_when(mute.is_asked), pytest.raises(KeyboardInterrupt):
        whop_license.validate_license(f"sandbox_{port}_full", "license", DEVICE)
    assert mute.is_left()


@posix
@pytest.mark.parametrize("name", ["reset_license", "create_plan"])
def test_ctrl_c_ends_the_wait_for_what_writes_but_not_the_writing(peer: Peer, name: str, freed: Counter[str]) -> None:
    peer.may_answer.clear()
    before = {*threading.enumerate()}

    def is_asked() -> bool:
        return peer.asked.wait(20)

    with Client("key", base_url=peer.base_url, timeout=60) as client:
        arguments: Any = ["license"] if name == "reset_license" else []
        with interrupted_when(is_asked), pytest.raises(KeyboardInterrupt):
            getattr(client, name)(*arguments)
    [working] = [thread for thread in threading.enumerate() if thread.name == "whop-license" and thread not in before]
    assert not working.daemon  # Python's exit waits for it
    peer.may_answer.set()
    working.join(20)
    assert not working.is_alive()
    assert freed["whop_response_free"] == 1


@posix
def test_a_signal_whose_handler_returns_stops_nothing(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    handled = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: handled.set())
    peer.may_answer.clear()

    def is_asked() -> bool:
        return peer.asked.wait(20)

    def answer() -> None:
        if handled.wait(20):
            peer.may_answer.set()

    try:
        answering = threading.Thread(target=answer)
        answering.start()
        with Client("key", base_url=peer.base_url, timeout=60) as client, interrupted_when(is_asked):
            assert client.validate_license("license", DEVICE)
        answering.join()
    finally:
        signal.signal(signal.SIGINT, before)


def test_cancel_all_stops_the_calls_of_other_threads_and_spares_later_ones(mute: Mute, sandbox: Sandbox) -> None:
    with Client("key", base_url=mute.base_url(), timeout=60) as client, ThreadPoolExecutor(3) as pool:
        calls: list[Any] = [pool.submit(client.validate_license, "license", DEVICE) for _ in range(2)]
        calls.append(pool.submit(client.create_plan, product_id="prod_x"))
        assert mute.is_asked(3)
        client.cancel_all()
        errors = [call.exception(20) for call in calls]
        assert [type(error) for error in errors] == [whop_license.Canceled] * 3
        assert mute.is_left(3)
        later = pool.submit(client.validate_license, "license", DEVICE)
        assert mute.is_asked(4)
        assert not later.done()
        client.cancel_all()
    with Client(sandbox.api_key) as client:
        client.cancel_all()
        assert client.validate_license("SANDBOX-ACTIVE", DEVICE)


def test_a_canceled_check_is_an_exception_of_its_own(mute: Mute) -> None:
    with Client("key", base_url=mute.base_url(), timeout=60) as client, ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.validate_license, "license", DEVICE)
        assert mute.is_asked()
        client.cancel_all()
        error = call.exception(20)
    assert type(error) is whop_license.Canceled
    assert (error.status, error.http_status, error.json) == (whop_license.Status.CANCELED, None, None)
    assert not isinstance(error, TimeoutError)


def test_connect_opens_the_connection_of_the_next_call(peer: Peer) -> None:
    with Client("key", base_url=peer.base_url) as client:
        client.connect()
        assert peer.connected.wait(20)
        assert peer.paths == []
        assert client.validate_license("license", DEVICE)
        assert peer.connections == 1


def test_connect_says_where_it_cannot(away: str) -> None:
    with Client("key", base_url=away, max_retries=0) as client, pytest.raises(whop_license.Unreachable):
        client.connect()


@posix
def test_ctrl_c_ends_the_wait_for_a_connection(mute: Mute) -> None:
    with Client("key", base_url=mute.base_url("https"), timeout=60) as client:
        with interrupted_when(mute.is_asked), pytest.raises(KeyboardInterrupt):
            client.connect()
        client.cancel_all()
        assert mute.is_left()
