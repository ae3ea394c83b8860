from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from mute import Mute, run_mute
from servers import APIS, Peer, Sandbox, nobody, run_peer, run_sandbox
from whop_license import Api, _native


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


@pytest.fixture
def mute() -> Iterator[Mute]:
    with run_mute() as mute:
        yield mute


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many objects each ``_free`` function was given."""
    gc.collect()  # what other tests have left
    native = _native.library()
    count: Counter[str] = Counter()

    def spy(name: str) -> Callable[[object], None]:
        free = getattr(native, name)

        def counted(pointer: object) -> None:
            count[name] += bool(pointer)
            free(pointer)

        return counted

    for name in ("whop_client_free", "whop_response_free", "whop_call_free"):
        monkeypatch.setattr(native, name, spy(name))
    return count
