"""One client serves many threads and tasks at once, and mixes nothing up."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox
from whop_license import Api, Client

KEYS = ("ACTIVE", "COMPLETED", "TRIALING", "PAST-DUE", "CANCELED", "EXPIRED", "UNRESOLVED", "OTHER-PRODUCT")


def test_32_threads_share_a_client_and_nothing_is_lost_or_mixed_up(sandbox: Sandbox, api: Api) -> None:
    together = threading.Barrier(32)

    def check(number: int) -> int:
        key = KEYS[number % len(KEYS)]
        together.wait()
        return sum(
            client.validate_license(f"SANDBOX-{key}", DEVICE).membership_id == f"mem_{key.lower().replace('-', '_')}"
            for _ in range(100)
        )

    with Client(sandbox.api_key, api=api, timeout=60) as client, ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(check, range(32))) == 3200


def test_a_call_lets_other_threads_run(peer: Peer, api: Api) -> None:
    peer.may_answer.clear()
    with Client("key", api=api, base_url=peer.base_url) as client, ThreadPoolExecutor() as pool:
        call = pool.submit(client.validate_license, "license", DEVICE)
        assert peer.asked.wait(10)  # this thread runs, so the call does not hold the interpreter
        assert not call.done()
        peer.may_answer.set()
        assert call.result(10)


def test_of_two_devices_that_come_first_at_once_one_stays(sandbox: Sandbox, api: Api) -> None:
    devices = [{"hwid": "one"}, {"hwid": "two"}]
    with Client(sandbox.api_key, api=api) as client, ThreadPoolExecutor(2) as pool:
        for _ in range(50):
            key = sandbox.buy("plan_sandbox")
            together = threading.Barrier(2)

            def check(device: dict[str, str], key: str = key, together: threading.Barrier = together) -> bool:
                together.wait()
                return bool(client.validate_license(key, device))

            assert any(pool.map(check, devices))
            assert sum(bool(client.validate_license(key, device)) for device in devices) == 1


def test_tasks_await_at_the_same_time(peer: Peer, api: Api) -> None:
    peer.may_answer.clear()

    async def check() -> list[bool]:
        calls = [asyncio.create_task(client.avalidate_license("license", DEVICE)) for _ in range(4)]
        while len(peer.paths) < 4:
            await asyncio.sleep(0.001)
        peer.may_answer.set()
        return [result.valid for result in await asyncio.gather(*calls)]

    with Client("key", api=api, base_url=peer.base_url) as client:
        assert asyncio.run(asyncio.wait_for(check(), 10)) == [True] * 4


def test_a_plan_can_be_awaited(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client:
        created = asyncio.run(client.acreate_plan(product_id="prod_sandbox", initial_price=1.5))
    assert created.plan is not None
    assert created.plan.initial_price == 1.5


def test_a_reset_can_be_awaited(sandbox: Sandbox) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.api_key) as client:
        assert client.validate_license(key, DEVICE)
        assert asyncio.run(client.areset_license(key))
        assert client.validate_license(key, {"hwid": "another"})


def test_an_awaited_call_raises_the_same(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key) as client, pytest.raises(whop_license.ServerError):
        asyncio.run(client.avalidate_license("SANDBOX-500", DEVICE))
