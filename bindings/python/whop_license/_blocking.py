"""Calls that block. In the main thread, which alone handles signals, Ctrl-C ends the wait for them."""

from __future__ import annotations

import functools
import threading
from ctypes import byref, c_void_p

from ._native import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import Any, TypeVar

    T = TypeVar("T")

SLICE_MS = 50
"""How long Python is kept from handling a signal, and a thread from seeing that it is no longer needed."""


def validate(client: int | None, license_key: bytes, metadata: bytes | None, response: Any) -> int:
    """As `whop_client_validate_license`."""
    native = library()
    if not _is_main_thread():
        status: int = native.whop_client_validate_license(client, license_key, metadata, response)
        return status
    call = c_void_p()
    try:
        status = native.whop_client_start_validate_license(client, license_key, metadata, byref(call))
        if call:
            while not native.whop_call_wait(call, SLICE_MS):
                pass
            status = native.whop_call_result(call, response)
        return status
    finally:
        native.whop_call_free(call)


def interruptible(work: Callable[[], T], can_be_left: bool = False) -> T:
    """What `work` returns. A signal ends the wait for it, but not the work: see `in_thread`."""
    if not _is_main_thread():
        return work()
    from concurrent.futures import wait

    try:
        future = in_thread(work, can_be_left)
    except RuntimeError:  # There are no more threads, as in a function that runs at the exit.
        return work()
    while not future.done():
        wait([future], SLICE_MS / 1000)
    return future.result()


def in_thread(work: Callable[[], T], can_be_left: bool = False) -> Future[T]:
    """Begins the work in a thread of its own. The exit of Python waits for its end, unless it can be left."""
    from concurrent.futures import Future

    future: Future[T] = Future()
    future.set_running_or_notify_cancel()
    is_daemon = can_be_left and is_main_interpreter()
    threading.Thread(target=_do, args=([work], future), name="whop-license", daemon=is_daemon).start()
    return future


@functools.cache
def is_main_interpreter() -> bool:
    """Whether this is no subinterpreter, which must not end before all its threads have."""
    for name in ("_interpreters", "_xxsubinterpreters"):  # since Python 3.13, and before
        try:
            interpreters = __import__(name)
        except ImportError:
            continue
        return bool(interpreters.get_current() == interpreters.get_main())
    return True


def _do(work: list[Callable[[], T]], future: Future[T]) -> None:
    try:
        # Not kept until the thread has ended: the work holds a client.
        future.set_result(work.pop()())
    except BaseException as error:
        future.set_exception(error)


def _is_main_thread() -> bool:
    return threading.get_ident() == threading.main_thread().ident
