"""What tasks await: calls that are started, or run in a thread of their own."""

from __future__ import annotations

import asyncio
from ctypes import byref, c_void_p

from . import _waiters
from ._answer import ask
from ._blocking import in_thread
from ._native import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from ._answer import Answer, Outcome
    from ._handle import Handle
    from ._types import Api
    from .errors import WhopError

    T = TypeVar("T")


async def validate(
    handle: Handle,
    arguments: tuple[bytes, bytes | None],
    api: Api | None,
    read: Callable[[Answer], Outcome | WhopError],
    deadline: float,
) -> Outcome | WhopError:
    """What `read` makes of the answer of `whop_client_validate_license`. Cancelled, it stops the request."""
    native = library()
    call = c_void_p()

    def result(response: Any) -> int:
        taken: int = native.whop_call_result(call, response) if call else status
        return taken

    try:
        status: int = native.whop_client_start_validate_license(handle.pointer, *arguments, byref(call))
        ended = await _waiters.current.ended(handle, call) if call else None
        return ask(api, result, read, deadline, ended)
    finally:
        native.whop_call_free(call)


async def in_a_thread(work: Callable[[], T], can_be_left: bool = False) -> T:
    """What `work` returns, from a thread of its own: none of asyncio's pool is kept from others."""
    return await asyncio.wrap_future(in_thread(work, can_be_left))
