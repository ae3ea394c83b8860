"""The threads that wait for the calls of tasks: one is enough, and they outlive nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import whop_license
from mute import Mute
from servers import DEVICE, Peer, Sandbox
from tasks import patient, run, until
from whop_license import Client, _native, _waiters

PYTHON = Path(__file__).parents[1]


def test_hung_calls_keep_no_thread_of_asyncio_from_others(mute: Mute) -> None:
    async def check() -> None:
        pool = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(pool)
        tasks: list[asyncio.Task[Any]]
        tasks = [asyncio.create_task(client.avalidate_license("license", DEVICE)) for _ in range(6)]
        tasks.append(asyncio.create_task(client.areset_license("license")))
        await asyncio.sleep(0)
        assert not pool._threads
        assert await asyncio.to_thread(mute.is_asked, 7)
        client.cancel_all()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [whop_license.Canceled] * 7

    with patient(mute.base_url()) as client:
        run(check())


def test_a_thousand_calls_at_once_need_one_thread_here(mute: Mute, peer: Peer, freed: Counter[str]) -> None:
    resource = pytest.importorskip("resource")  # Windows has none, nor the limit
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * 1000 + 200  # a socket for each call and, as the server is in this process, one for its other end
    assert needed <= files[1], f"ulimit -Hn is {files[1]}: this test opens up to {needed} files"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(needed, files[0]), files[1]))

    async def check() -> None:
        before = {*threading.enumerate()}
        hung = [asyncio.create_task(silent.avalidate_license("license", DEVICE)) for _ in range(1000)]
        await until(mute.is_asked, 1000)
        started = [thread.name for thread in threading.enumerate() if thread not in before]
        assert started.count("whop-license") <= 1
        for task in hung[:500]:
            task.cancel()
        await until(mute.is_left, 500)
        assert not any(task.done() for task in hung[500:])
        assert await client.avalidate_license("license", DEVICE)
        silent.cancel_all()
        outcomes = await asyncio.gather(*hung, return_exceptions=True)
        expected = [asyncio.CancelledError] * 500 + [whop_license.Canceled] * 500
        assert [type(outcome) for outcome in outcomes] == expected

    try:
        with patient(mute.base_url()) as silent, patient(peer.base_url) as client:
            run(check())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, files)
    assert freed == {"whop_call_free": 1001, "whop_response_free": 501, "whop_client_free": 2}


def test_loops_of_several_threads_share_a_client(sandbox: Sandbox) -> None:
    async def check(key: str) -> list[bool]:
        return [
            bool(result) for result in await asyncio.gather(*(client.avalidate_license(key, DEVICE) for _ in range(25)))
        ]

    with Client(sandbox.api_key) as client, ThreadPoolExecutor(4) as pool:
        keys = ["SANDBOX-ACTIVE", "SANDBOX-EXPIRED"] * 2
        outcomes = list(pool.map(lambda key: run(check(key)), keys))
    assert outcomes == [[True] * 25, [False] * 25] * 2


def test_a_loop_that_is_closed_during_a_call_harms_no_other(peer: Peer, freed: Counter[str]) -> None:
    peer.may_answer.clear()
    with patient(peer.base_url) as client:
        loop = asyncio.new_event_loop()
        task = loop.create_task(client.avalidate_license("license", DEVICE))
        loop.run_until_complete(asyncio.sleep(0))
        assert peer.asked.wait(20)
        loop.close()
        peer.may_answer.set()
        task._log_destroy_pending = False  # type: ignore[attr-defined]  # which is what this test wants
        del task
        later = 0
        while freed["whop_call_free"] <= later < 1000:  # with a later call, the one that was dropped is freed
            assert run(client.avalidate_license("license", DEVICE))
            gc.collect()
            later += 1
    assert freed["whop_call_free"] == later + 1


def test_a_call_that_has_ended_before_anybody_waits_needs_no_thread(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    native = _native.library()
    start = native.whop_client_start_validate_license

    def start_and_end(client: object, license_key: bytes, metadata: bytes, call: Any) -> int:
        status: int = start(client, license_key, metadata, call)
        assert native.whop_call_wait(call._obj, 20_000)
        return status

    monkeypatch.setattr(native, "whop_client_start_validate_license", start_and_end)
    monkeypatch.setattr(_waiters.Waiters, "_have_served", None)  # so that calling it fails
    with Client(sandbox.api_key) as client:
        assert run(client.avalidate_license("SANDBOX-ACTIVE", DEVICE))


def test_the_thread_that_waits_ends_when_it_is_idle(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_waiters, "current", _waiters.Waiters())
    monkeypatch.setattr(_waiters, "IDLE_SECONDS", 0.01)
    others = {*threading.enumerate()}

    async def check() -> list[threading.Thread]:
        await client.avalidate_license("SANDBOX-ACTIVE", DEVICE)
        return [thread for thread in threading.enumerate() if thread not in others]

    with Client(sandbox.api_key) as client:
        for _ in range(3):
            for thread in run(check()):
                thread.join(20)
                assert not thread.is_alive()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_forked_process_waits_with_a_thread_of_its_own(peer: Peer) -> None:
    program = f"""
import asyncio, os, whop_license
def check():
    with whop_license.Client("key", base_url={peer.base_url!r}) as client:
        assert asyncio.run(client.avalidate_license("license", {DEVICE}))
check()
child = os.fork()  # while the thread that has waited is idle
check()
if child:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30, cwd=PYTHON)


def test_without_a_thread_to_wait_a_task_looks_by_itself(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, freed: Counter[str]
) -> None:
    def no_more(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_waiters, "current", _waiters.Waiters())

    async def check() -> None:
        peer.may_answer.clear()
        with monkeypatch.context() as without_threads:
            without_threads.setattr(threading.Thread, "start", no_more)
            tasks = [asyncio.create_task(client.avalidate_license("license", DEVICE)) for _ in range(2)]
            await asyncio.sleep(0)
        await until(peer.asked.wait, 20)
        tasks[0].cancel()
        peer.may_answer.set()
        assert await tasks[1]
        assert await client.avalidate_license("license", DEVICE)

    with patient(peer.base_url) as client:
        run(check())
    assert freed["whop_call_free"] == 3


def test_a_subinterpreter_ends_well_after_its_tasks(peer: Peer) -> None:
    module, kind = (
        ("_interpreters", '"legacy"') if sys.version_info >= (3, 13) else ("_xxsubinterpreters", "isolated=False")
    )
    check = f"""
import asyncio, whop_license
with whop_license.Client("key", base_url={peer.base_url!r}) as client:
    assert client.validate_license("license", {DEVICE})
    assert asyncio.run(client.avalidate_license("license", {DEVICE}))
"""
    program = f"""
import {module} as interpreters
one = interpreters.create({kind})
interpreters.run_string(one, {check!r})
print("checked")
"""
    # Where a thread were left in it, Python would abort.
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(PYTHON)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "checked\n", "")
