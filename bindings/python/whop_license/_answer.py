"""One native call: what it answered is copied, and nothing native is left over."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL, byref, c_int64, c_void_p
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, TypeAlias

from ._native import library
from .errors import WhopError, error_for
from .status import Status

Api: TypeAlias = Literal["current", "v2"]
"""One of Whop's two APIs."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST, _LAST = (day.replace(microsecond=0, tzinfo=timezone.utc) for day in (datetime.min, datetime.max))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A copy of a native response."""

    api: Api | None
    status: Status
    message: str
    is_offline: bool
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

    def told(self, *names: str) -> dict[str, Any]:
        """What a result shows of it, by name."""
        return {name: getattr(self, name) for name in ("api", "http_status", "json", *names)}

    def error(self) -> WhopError:
        """The exception to raise when this is no answer."""
        return error_for(self.status, self.message, self.http_status, self.retry_after, self.json)


def ask(api: Api | None, function: Callable[..., int], *arguments: object) -> Answer:
    """Call a native function whose last parameter hands over a response."""
    native = library()
    response = c_void_p()
    status = function(*arguments, byref(response))

    def text(name: str) -> str | None:
        borrowed: bytes | None = getattr(native, f"whop_response_{name}")(response)
        return None if borrowed is None else borrowed.decode()

    try:
        wait_ms: int = native.whop_response_retry_after_ms(response)
        return Answer(
            api=api,
            status=Status(status),
            message=text("message") or "",
            is_offline=native.whop_response_is_offline(response) == 1,
            http_status=native.whop_response_http_status(response) or None,
            retry_after=wait_ms / 1000 if wait_ms >= 0 else None,
            json=text("json"),
            membership_id=text("membership_id"),
            license_status=text("license_status"),
            product_id=text("product_id"),
            plan_id=text("plan_id"),
            expires_at=_expires_at(native, response),
        )
    finally:
        native.whop_response_free(response)


def _expires_at(native: CDLL, response: c_void_p) -> datetime | None:
    seconds = c_int64()
    if not native.whop_response_expires_at(response, byref(seconds)):
        return None
    try:
        return _EPOCH + timedelta(seconds=seconds.value)
    except OverflowError:  # before or after every year that Python knows
        return _LAST if seconds.value > 0 else _FIRST
