"""Why there is no answer: one exception a status, each also the builtin that it resembles.

None of them says anything about the license: the customer must neither be locked out nor let in because of it.
"""

from __future__ import annotations

import re

from .status import Status


class WhopError(Exception):
    """There is no answer. ``str()`` of it is one sentence for a person and holds no secret."""

    status: Status
    """What became of the call."""
    http_status: int | None = None
    """The HTTP status, or None if no answer came."""
    retry_after: float | None = None
    """Seconds to wait before the next try, or None if nobody said."""


class InvalidArgument(WhopError, ValueError):
    """Nothing was sent: the message names the argument and the fault."""

    status = Status.INVALID_ARGUMENT


class Unauthorized(WhopError, PermissionError):
    """Whop does not accept the API key."""

    status = Status.UNAUTHORIZED


class Forbidden(WhopError, PermissionError):
    """The API key lacks the right to do this."""

    status = Status.FORBIDDEN


class Rejected(WhopError, ValueError):
    """Whop refused the request; the message gives its reason."""

    status = Status.REJECTED


class Unreachable(WhopError, ConnectionError):
    """Nothing was sent: no network, no such host, no trusted connection. Safe to repeat."""

    status = Status.UNREACHABLE


class NoAnswer(WhopError, ConnectionError):
    """The request was sent and no whole answer came in time: what Whop did is not known."""

    status = Status.NO_ANSWER


class RateLimited(WhopError):
    """Too many requests: wait `retry_after` seconds."""

    status = Status.RATE_LIMITED


class ServerError(WhopError):
    """Whop is out of order."""

    status = Status.SERVER_ERROR


class BadResponse(WhopError):
    """Whatever answered, it was not Whop, or not to this: a captive portal, a proxy, a wrong base URL."""

    status = Status.BAD_RESPONSE


class NoDeviceId(WhopError, LookupError):
    """This machine cannot be told from others: give the `Client` a device id, or pass metadata."""

    status = Status.NO_DEVICE_ID


class InternalError(WhopError, RuntimeError):
    """A fault of this library, caught before it could take the program down."""

    status = Status.INTERNAL_ERROR


_BY_STATUS: dict[Status, type[WhopError]] = {
    error.status: error
    for error in (
        InvalidArgument,
        Unauthorized,
        Forbidden,
        Rejected,
        Unreachable,
        NoAnswer,
        RateLimited,
        ServerError,
        BadResponse,
        NoDeviceId,
        InternalError,
    )
}


def error_for(
    status: Status, message: str, http_status: int | None = None, retry_after: float | None = None
) -> WhopError:
    """The exception to raise for a status that is no answer."""
    if status is Status.INVALID_ARGUMENT:
        # C has other names for the arguments that it takes as JSON.
        message = re.sub(r"^(metadata|plan)_json:", r"\1:", message)
    # Attributes, not constructor arguments: so the exceptions can be pickled, as process pools do.
    error = _BY_STATUS.get(status, WhopError)(message)
    error.status = status
    error.http_status = http_status
    error.retry_after = retry_after
    return error
