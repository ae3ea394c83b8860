"""Tasks await checks: at once as many as there are, stopped with their task, and without asyncio's own threads."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import whop_license
from servers import DEVICE, Mute, Peer, Sandbox
from whop_license import Api, Client, _async

PYTHON = Path(__file__).parents[1]


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Runs it, in far less than the timeout of the clients here."""
    return asyncio.run(asyncio.wait_for(main, 20))


def patient(url: str, **settings: Any) -> Client:
    return Client("key", base_url=url, timeout=60, **settings)


def program_of(text: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", text]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PYTHON)


async def until(is_so: Any, *arguments: Any) -> None:
    assert await asyncio.to_thread(is_so, *arguments)


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


def test_the_thread_that_waits_ends_when_it_is_idle(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_async, "_waiters", _async._Waiters())
    monkeypatch.setattr(_async, "IDLE_SECONDS", 0.01)
    others = {*threading.enumerate()}

    async def check() -> list[threading.Thread]:
        await client.avalidate_license("SANDBOX-ACTIVE", DEVICE)
        return [thread for thread in threading.enumerate() if thread not in others]

    with Client(sandbox.api_key) as client:
        for _ in range(3):
            for thread in run(check()):
                thread.join(20)
                assert not thread.is_alive()


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

    monkeypatch.setattr(_async, "_waiters", _async._Waiters())

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
    pytest.importorskip("_xxsubinterpreters", reason="this Python has another name for it")
    check = f"""
import asyncio, whop_license
with whop_license.Client("key", base_url={peer.base_url!r}) as client:
    assert client.validate_license("license", {DEVICE})
    assert asyncio.run(client.avalidate_license("license", {DEVICE}))
"""
    program = f"""
import _xxsubinterpreters as interpreters
one = interpreters.create(isolated=False)
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
