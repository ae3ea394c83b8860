"""One native call: what it answered is copied, and nothing native is left over."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import byref, c_void_p
from dataclasses import dataclass

from ._native import library
from .errors import WhopError, error_for
from .status import Status


@dataclass(frozen=True)
class Answer:
    """A copy of a native response."""

    status: Status
    message: str
    http_status: int | None
    retry_after: float | None
    json: str | None

    @property
    def verdict(self) -> int:
        """WHOP_ALLOWED, WHOP_DENIED or WHOP_UNDETERMINED."""
        verdict: int = library().whop_status_verdict(self.status)
        return verdict

    def error(self) -> WhopError:
        """The exception to raise when this is no answer."""
        return error_for(self.status, self.message, self.http_status, self.retry_after)


def ask(function: Callable[..., int], *arguments: object) -> Answer:
    """Call a native function whose last parameter hands over a response."""
    native = library()
    response = c_void_p()
    status = function(*arguments, byref(response))
    try:
        json: bytes | None = native.whop_response_json(response)
        wait_ms: int = native.whop_response_retry_after_ms(response)
        return Answer(
            status=Status(status),
            message=native.whop_response_message(response).decode(),
            http_status=native.whop_response_http_status(response) or None,
            retry_after=wait_ms / 1000 if wait_ms >= 0 else None,
            json=None if json is None else json.decode(),
        )
    finally:
        native.whop_response_free(response)
