"""Calls that are started and canceled, at servers that say nothing."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from conftest import Workshop
from servers import PUBLIC_KEYS

TIMES = 30


@pytest.fixture
def mute() -> Iterator[str]:
    """The address of a server that takes connections, and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def swallowing() -> Iterator[str]:
    """The address of one that takes no connection, nor refuses it."""
    with ExitStack() as opened:
        server = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        is_full = False
        while not is_full:
            filler = opened.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(server.getsockname())
            is_full = not select.select([], [filler], [], 0.3)[1]
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_a_canceled_call_ends_at_once_wherever_it_is(workshop: Workshop, mute: str, swallowing: str) -> None:
    stages = [f"http://{mute}/api", f"https://{mute}/api", f"http://{swallowing}/api"]
    proxies = [f"proxy={scheme}://{mute}" for scheme in ("http", "https", "socks5h")]
    workshop.run(workshop.compile("tests/windows/cancel.c"), str(TIMES), *stages, *proxies)


@pytest.mark.parametrize("source", ["examples/c/game_loop.c", "examples/cpp/game_loop.cpp"])
def test_a_game_that_is_quit_does_not_wait_for_its_check(workshop: Workshop, mute: str, source: str) -> None:
    game = workshop.compile(source)
    assert workshop.run(game, f"http://{mute}", PUBLIC_KEYS[0], "KEY", "my-device", "3", expected=2) == ""
