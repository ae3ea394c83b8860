"""Threads that wait for started calls, and let the tasks go on that await them."""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
from collections import defaultdict, deque
from contextlib import suppress
from ctypes import c_void_p
from time import perf_counter

from ._blocking import SLICE_MS, is_main_interpreter
from ._native import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from ._handle import Handle

    # Is given the time when a call has ended, by time.perf_counter.
    Ended: TypeAlias = asyncio.Future[float]


IDLE_SECONDS = 1.0
"""How long a thread with nothing to wait for stays, ready for the next call."""
POLL_SECONDS = 0.005
"""How often a task looks by itself whether its call has ended, where there is no thread."""


class Waiters:
    """The threads that wait for calls, one for each client at most, and for what they wait."""

    def __init__(self) -> None:
        # Held while a call is looked at, so that none is freed meanwhile.
        self._lock = threading.Lock()
        self._pending: dict[Handle, dict[int | None, Ended]] = {}
        self._abandoned: deque[tuple[dict[int | None, Ended], int | None]] = deque()
        self._unserved: queue.SimpleQueue[Handle] = queue.SimpleQueue()
        self._idle = 0

    async def ended(self, handle: Handle, call: c_void_p) -> float:
        """When the call has ended. It is taken from the task, so set to NULL, if that is dropped without an end."""
        future: Ended = asyncio.get_running_loop().create_future()
        calls: dict[int | None, Ended] = {}
        # All of it: an interrupt may come anywhere, and what is freed must not be looked at any more.
        try:
            with self._lock:
                # A thread may have been told so of it already, and would look again after a while alone.
                if library().whop_call_is_done(call):
                    return perf_counter()
                is_served = handle in self._pending or self._have_served(handle)
                if is_served:
                    calls = self._pending.setdefault(handle, {})
                    calls[call.value] = future
            del handle
            if is_served:
                return await future
        except GeneratorExit:
            # Whatever runs now, as the garbage collector can come anywhere: even what holds the lock.
            library().whop_call_cancel(call)
            self._abandoned.append((calls, call.value))
            call.value = None
            raise
        except BaseException:
            with self._lock:
                calls.pop(call.value, None)
            raise
        while not library().whop_call_is_done(call):
            await asyncio.sleep(POLL_SECONDS)
        return perf_counter()

    def _have_served(self, handle: Handle) -> bool:
        """Has a thread wait for the calls of the client. False where there can be none."""
        if not is_main_interpreter():
            return False
        if self._idle > 0:
            self._idle -= 1
        else:
            try:
                threading.Thread(target=self._work, name="whop-license", daemon=True).start()
            except RuntimeError:
                return False
        self._unserved.put(handle)
        return True

    def _work(self) -> None:
        handle: Handle | None
        while handle := self._next():
            while handle:
                ended, is_last = self._wait(handle)
                if is_last:
                    handle = None  # before a task goes on: it may look whether its client is freed
                _tell(ended)
                del ended  # each keeps a task

    def _next(self) -> Handle | None:
        """The client that this thread serves next, or None if it is to end."""
        while True:
            try:
                return self._unserved.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    if self._unserved.empty():
                        self._idle -= 1
                        return None

    def _wait(self, handle: Handle) -> tuple[list[Ended], bool]:
        """Calls of the client that have ended, and whether these were the last."""
        native = library()
        # At the exit of Python, or where all tasks have been cancelled, nothing ends: so not for long at once.
        if native.whop_client_wait_any(handle.pointer, SLICE_MS):
            while native.whop_client_wait_any(handle.pointer, 0):
                pass  # all that have ended are looked for together
        with self._lock:
            while self._abandoned:
                of, call = self._abandoned.popleft()
                of.pop(call, None)
                native.whop_call_free(call)
            calls = self._pending.get(handle, {})  # nothing, where a signal came before the call was noted
            ended = [calls.pop(call) for call in list(calls) if native.whop_call_is_done(call)]
            if calls:
                return ended, False
            self._pending.pop(handle, None)
            self._idle += 1
            return ended, True


def _tell(ended: list[Ended]) -> None:
    """Lets the tasks go on, each in its loop."""
    now = perf_counter()
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[Ended]] = defaultdict(list)
    for future in ended:
        by_loop[future.get_loop()].append(future)
    for loop, futures in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(_end, futures, now)


def _end(ended: list[Ended], at: float) -> None:
    for future in ended:
        if not future.done():
            future.set_result(at)


def _begin_anew() -> None:
    """A child of this process has none of its threads."""
    global current
    current = Waiters()


current = Waiters()
if sys.platform != "win32":
    os.register_at_fork(after_in_child=_begin_anew)
