"""What one native call answers: it is read while the response lives, and nothing native is left over."""

from __future__ import annotations

import functools
from ctypes import byref, c_int64, c_void_p
from time import perf_counter

from ._header import WHOP_UNDETERMINED
from ._native import library
from .errors import WhopError, error_for
from .status import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any, TypeVar

    from ._types import Api

    Outcome = TypeVar("Outcome")


class Answer:
    """A native response, while it lives."""

    __slots__ = ("_has_timed_out", "_response", "api", "status", "verdict")

    def __init__(self, api: Api | None, status: int, response: c_void_p, has_timed_out: bool) -> None:
        self.api = api
        self.status = Status(status)
        self.verdict: int = library().whop_status_verdict(status)
        """WHOP_ALLOWED, WHOP_DENIED or WHOP_UNDETERMINED."""
        self._response = response
        self._has_timed_out = has_timed_out

    def about_license(self) -> dict[str, Any]:
        """What a result about a license shows of it, by name."""
        native, response = library(), self._response
        return {
            "api": self.api,
            "http_status": native.whop_response_http_status(response) or None,
            "json": _text(native.whop_response_json(response)),
            "status": self.status,
            "message": _text(native.whop_response_message(response)),
            "membership_id": _text(native.whop_response_membership_id(response)),
            "license_status": _text(native.whop_response_license_status(response)),
            "product_id": _text(native.whop_response_product_id(response)),
            "plan_id": _text(native.whop_response_plan_id(response)),
            "expires_at": self._expires_at(),
        }

    def is_offline(self) -> bool:
        """Whether it is that of a lease."""
        return bool(library().whop_response_is_offline(self._response))

    def about_plan(self) -> dict[str, Any]:
        """What a plan that was created shows of it, by name."""
        native, response = library(), self._response
        return {
            "api": self.api,
            "http_status": native.whop_response_http_status(response) or None,
            "json": _text(native.whop_response_json(response)),
            "id": _text(native.whop_response_plan_id(response)),
            "product_id": _text(native.whop_response_product_id(response)),
        }

    def error(self) -> WhopError:
        """The exception to raise when this is no answer."""
        native, response = library(), self._response
        wait_ms: int = native.whop_response_retry_after_ms(response)
        return error_for(
            self.status,
            _text(native.whop_response_message(response)) or "",
            http_status=native.whop_response_http_status(response) or None,
            retry_after=wait_ms / 1000 if wait_ms >= 0 else None,
            json=_text(native.whop_response_json(response)),
            has_timed_out=self._has_timed_out,
        )

    def _expires_at(self) -> datetime | None:
        seconds = c_int64()
        has_end = library().whop_response_expires_at(self._response, byref(seconds))
        return _as_time()(seconds.value) if has_end else None


def _text(borrowed: bytes | None) -> str | None:
    return None if borrowed is None else borrowed.decode()


@functools.cache
def _as_time() -> Callable[[int], datetime]:
    from ._time import utc  # not above, as importing times costs those too who have none

    return utc


def ask(
    api: Api | None,
    call: Callable[[Any], int],
    read: Callable[[Answer], Outcome | WhopError],
    deadline: float,
    ended: float | None = None,
) -> Outcome | WhopError:
    """What `read` makes of the response that `call` hands over, or why there is no answer.

    That is not raised here, where it would keep the client for as long as somebody keeps it. `deadline` and, if it was
    before, when the call `ended` are times of `time.perf_counter`.
    """
    response = c_void_p()
    try:
        status = call(byref(response))
        # The library's time limit is by the same clock and begins later, so it is over whenever it was the reason.
        answer = Answer(api, status, response, (ended or perf_counter()) >= deadline)
        return answer.error() if answer.verdict == WHOP_UNDETERMINED else read(answer)
    finally:
        library().whop_response_free(response)


def known(outcome: Outcome | WhopError) -> Outcome:
    """The outcome, if there is an answer.

    Raises:
        WhopError: There is none.
    """
    if isinstance(outcome, WhopError):
        raise outcome
    return outcome
