"""One native call: what it answered is copied, and nothing native is left over."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import byref, c_int64, c_void_p
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ._native import library
from .errors import WhopError, error_for
from .status import Status

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST = (datetime.min.replace(tzinfo=timezone.utc) - _EPOCH) // timedelta(seconds=1)
_LAST = (datetime.max.replace(tzinfo=timezone.utc) - _EPOCH) // timedelta(seconds=1)


@dataclass(frozen=True)
class Answer:
    """A copy of a native response."""

    status: Status
    message: str
    http_status: int | None
    retry_after: float | None
    json: str | None
    membership_id: str | None
    license_status: str | None
    product_id: str | None
    plan_id: str | None
    expires_at: datetime | None

    @property
    def verdict(self) -> int:
        """WHOP_ALLOWED, WHOP_DENIED or WHOP_UNDETERMINED."""
        verdict: int = library().whop_status_verdict(self.status)
        return verdict

    def error(self, json: str | None = None) -> WhopError:
        """The exception to raise when this is no answer."""
        return error_for(self.status, self.message, self.http_status, self.retry_after, json)


def ask(function: Callable[..., int], *arguments: object) -> Answer:
    """Call a native function whose last parameter hands over a response."""
    native = library()
    response = c_void_p()
    status = function(*arguments, byref(response))
    try:
        wait_ms: int = native.whop_response_retry_after_ms(response)
        return Answer(
            status=Status(status),
            message=native.whop_response_message(response).decode(),
            http_status=native.whop_response_http_status(response) or None,
            retry_after=wait_ms / 1000 if wait_ms >= 0 else None,
            json=_text(native.whop_response_json(response)),
            membership_id=_text(native.whop_response_membership_id(response)),
            license_status=_text(native.whop_response_license_status(response)),
            product_id=_text(native.whop_response_product_id(response)),
            plan_id=_text(native.whop_response_plan_id(response)),
            expires_at=_expires_at(response),
        )
    finally:
        native.whop_response_free(response)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def _expires_at(response: c_void_p) -> datetime | None:
    seconds = c_int64()
    if library().whop_response_expires_at(response, byref(seconds)) == 0:
        return None
    # What is beyond the years that Python knows becomes the first or last of them.
    since_1970 = min(max(seconds.value, _FIRST), _LAST)
    return _EPOCH + timedelta(seconds=since_1970)
