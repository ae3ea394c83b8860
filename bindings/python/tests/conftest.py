from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from servers import APIS, Peer, Sandbox, nobody, run_peer, run_sandbox
from whop_license import Api


def pytest_configure() -> None:
    binary = os.environ.get("WHOP_SANDBOX")
    if not binary or not os.access(binary, os.X_OK):
        raise pytest.UsageError(f"WHOP_SANDBOX must name the whop-sandbox binary; it is {binary!r}")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with run_sandbox("--rate-limit", "0") as sandbox:
        yield sandbox


@pytest.fixture(params=APIS)
def api(request: pytest.FixtureRequest) -> Api:
    """Each of Whop's APIs in turn."""
    chosen: Api = request.param
    return chosen


@pytest.fixture
def new_sandbox() -> Iterator[Callable[..., Sandbox]]:
    """Starts a sandbox that no other test has talked to."""
    with ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(run_sandbox(*arguments))


@pytest.fixture
def away() -> Iterator[str]:
    """The URL of a relay that is away."""
    with nobody() as url:
        yield url


@pytest.fixture
def peer() -> Iterator[Peer]:
    with run_peer() as peer:
        yield peer
