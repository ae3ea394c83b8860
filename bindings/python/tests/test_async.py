"""Tasks await checks, and stop them when they are cancelled themselves."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import whop_license
from mute import Mute
from servers import DEVICE, Peer, Sandbox
from tasks import patient, run, until
from whop_license import Api, Client, _native

PYTHON = Path(__file__).parents[1]
SEED = 20261128


def program_of(text: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", text]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PYTHON)


@pytest.mark.parametrize("scheme", ["http", "https"])  # of https it stops the handshake
def test_a_cancelled_task_stops_its_request(mute: Mute, api: Api, scheme: str, freed: Counter[str]) -> None:
    async def check() -> None:
        task = asyncio.create_task(client.avalidate_license("license", DEVICE))
        await until(mute.is_asked)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(mute.is_left)

    with patient(mute.base_url(scheme), api=api) as client:
        run(check())
    assert freed["whop_call_free"] == 1


def test_what_limits_a_task_in_time_stops_its_request(mute: Mute) -> None:
    async def check() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.avalidate_license("license", DEVICE), 0.1)
        await until(mute.is_left)

    with patient(mute.base_url()) as client:
        run(check())


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.11 brought task groups")
def test_a_task_group_stops_the_requests_of_all_its_tasks(mute: Mute) -> None:
    program = f"""
import asyncio, sys, whop_license
async def check():
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(client.avalidate_license("license", {DEVICE}))
        await asyncio.to_thread(sys.stdin.readline)
        raise KeyError
with whop_license.Client("key", base_url={mute.base_url()!r}, timeout=60) as client:
    try:
        asyncio.run(check())
    except* KeyError:
        print("stopped", flush=True)
    sys.stdin.readline()
"""
    with program_of(program) as process:
        assert process.stdin
        assert process.stdout
        assert mute.is_asked(5)
        print("raise", file=process.stdin, flush=True)
        assert process.stdout.readline() == "stopped\n"
        assert mute.is_left(5)


def test_each_call_and_response_is_freed_whatever_comes_of_it(sandbox: Sandbox, freed: Counter[str]) -> None:
    async def check() -> None:
        assert await client.avalidate_license("SANDBOX-ACTIVE", DEVICE)
        assert not await client.avalidate_license("SANDBOX-EXPIRED", DEVICE)
        for key in ("", "SANDBOX-500"):
            with pytest.raises(whop_license.WhopError):
                await client.avalidate_license(key, DEVICE)
        with pytest.raises(TypeError, match="license_key"):
            await client.avalidate_license(None, DEVICE)  # type: ignore[arg-type]

    with Client(sandbox.api_key, max_retries=0) as client:
        run(check())
    assert freed == {"whop_call_free": 4, "whop_response_free": 4, "whop_client_free": 1}


def test_a_client_may_be_closed_while_a_task_waits(peer: Peer, freed: Counter[str]) -> None:
    peer.may_answer.clear()

    async def check() -> None:
        client = patient(peer.base_url)
        task = asyncio.create_task(client.avalidate_license("license", DEVICE))
        await until(peer.asked.wait, 20)
        client.close()
        assert freed["whop_client_free"] == 0
        peer.may_answer.set()
        assert await task
        with pytest.raises(ValueError, match="the client is closed"):
            await client.avalidate_license("license", DEVICE)

    run(check())
    assert freed["whop_client_free"] == 1


def test_tasks_that_are_cancelled_at_any_time_leave_nothing(
    sandbox: Sandbox, freed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(SEED)
    native = _native.library()
    start = native.whop_client_start_validate_license

    def counted(*arguments: Any) -> int:
        freed["started"] += 1
        status: int = start(*arguments)
        return status

    monkeypatch.setattr(native, "whop_client_start_validate_license", counted)

    async def check() -> None:
        for _ in range(25):
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(client.avalidate_license("SANDBOX-ACTIVE", DEVICE), dice.uniform(0, 0.01))

    async def together() -> None:
        await asyncio.gather(*(check() for _ in range(20)))

    with Client(sandbox.api_key) as client:
        run(together())
    assert freed["started"] > 100
    assert freed["whop_call_free"] == freed["started"]


def test_connect_and_the_calls_that_write_can_be_awaited(sandbox: Sandbox, peer: Peer) -> None:
    async def check() -> None:
        await client.aconnect()
        key = sandbox.buy("plan_sandbox")
        assert await client.avalidate_license(key, DEVICE)
        assert await client.areset_license(key)
        assert (await client.acreate_plan(product_id="prod_sandbox")).plan is not None
        with pytest.raises(whop_license.Rejected):
            await client.acreate_plan(product_id="prod_nobody")
        with pytest.raises(whop_license.InvalidArgument):
            await client.acreate_plan(initial_price=-1)

    with Client(sandbox.api_key) as client:
        run(check())


def test_cancelled_calls_print_nothing(mute: Mute) -> None:
    program = f"""
import asyncio, gc, whop_license
async def main():
    with whop_license.Client("key", base_url={mute.base_url()!r}) as client:
        tasks = [asyncio.create_task(client.avalidate_license("license")) for _ in range(3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        client.cancel_all()
        await asyncio.gather(*tasks, return_exceptions=True)
        left = asyncio.create_task(client.avalidate_license("license"))
        await asyncio.sleep(0)
asyncio.run(main())
gc.collect()
print("done")
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program], capture_output=True, text=True, timeout=30, cwd=PYTHON
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
