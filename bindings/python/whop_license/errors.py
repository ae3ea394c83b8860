"""Why there is no answer: one exception a status, each also the builtin that it resembles.

None of them says anything about the license: the customer must neither be locked out nor let in because of it.
"""

from __future__ import annotations

from ._record import Record
from .status import Status


class _Hidden(Record):
    """A text that is in no ``repr``, since whatever logs an exception may log its attributes."""

    HIDDEN = frozenset({"text"})
    text: str | None = None


class WhopError(Exception):
    """There is no answer. ``str()`` of it is one sentence for a person and holds no secret."""

    status: Status
    """What became of the call."""
    http_status: int | None = None
    """The HTTP status, or None if no answer came."""
    retry_after: float | None = None
    """Seconds to wait before the next try, or None if nobody said."""
    _json = _Hidden()

    @property
    def json(self) -> str | None:
        """The body exactly as Whop sent it, or None. It can hold the buyer's data: log none of it.

        With `NoAnswer`, and there alone, it is no answer to what was asked last, but the membership as it was before
        `Client.reset_license` was cut off half-way.
        """
        return self._json.text


# generated: errors.py, by scripts/generate.py from api/statuses.json

__all__ = [
    "BadResponse",
    "Canceled",
    "Forbidden",
    "InternalError",
    "InvalidArgument",
    "NoAnswer",
    "NoDeviceId",
    "Pending",
    "RateLimited",
    "Rejected",
    "ServerError",
    "Unauthorized",
    "Unreachable",
    "Untrusted",
    "WhopError",
]


class InvalidArgument(WhopError, ValueError):
    """Nothing was sent: the message names the argument or setting and its fault."""

    status = Status.INVALID_ARGUMENT


class Unauthorized(WhopError, PermissionError):
    """Whop does not accept the API key (401)."""

    status = Status.UNAUTHORIZED


class Forbidden(WhopError, PermissionError):
    """The API key lacks the right (403)."""

    status = Status.FORBIDDEN


class Rejected(WhopError, ValueError):
    """Whop refused the request (400, 422 and other 4xx): the message has its reason."""

    status = Status.REJECTED


class Unreachable(WhopError, ConnectionError):
    """No name, connection or trust: nothing was sent, to repeat is safe."""

    status = Status.UNREACHABLE


class NoAnswer(WhopError, ConnectionError):
    """Sent, then silence, a reset or half an answer: whether it took effect is not known."""

    status = Status.NO_ANSWER


class RateLimited(WhopError):
    """Too many requests (429): wait as long as the answer says."""

    status = Status.RATE_LIMITED


class ServerError(WhopError):
    """Whop has trouble of its own (5xx)."""

    status = Status.SERVER_ERROR


class BadResponse(WhopError):
    """An answer that is not Whop's, or about another license: a web page, a redirect, broken or oversized JSON."""

    status = Status.BAD_RESPONSE


class NoDeviceId(WhopError, LookupError):
    """This machine has no identity of its own, or none that this user may read: set a device id, or pass metadata."""

    status = Status.NO_DEVICE_ID


class Untrusted(WhopError, ConnectionError):
    """An answer that is not the relay's: nothing in it is signed, by one of the public keys, for this call."""

    status = Status.UNTRUSTED


class Pending(WhopError):
    """The call that was started is not done yet."""

    status = Status.PENDING


class Canceled(WhopError):
    """The call was canceled by this program."""

    status = Status.CANCELED


class InternalError(WhopError, RuntimeError):
    """A bug in this library, caught."""

    status = Status.INTERNAL_ERROR


# end of generated: errors.py


class UnreachableTimeout(Unreachable, TimeoutError):
    """`Unreachable` because the time limit was over."""


class NoAnswerTimeout(NoAnswer, TimeoutError):
    """`NoAnswer` because the time limit was over."""


_TIMED_OUT = {error.status: error for error in (UnreachableTimeout, NoAnswerTimeout)}
_BY_STATUS: dict[Status, type[WhopError]] = {error.status: error for error in WhopError.__subclasses__()}


def error_for(
    status: Status,
    message: str,
    http_status: int | None = None,
    retry_after: float | None = None,
    json: str | None = None,
    has_timed_out: bool = False,
) -> WhopError:
    """The exception to raise for a status that is no answer."""
    if status is Status.INVALID_ARGUMENT:
        # C has other names for the arguments that it takes as JSON.
        argument, colon, fault = message.partition(":")
        message = argument.removesuffix("_json") + colon + fault
    # Attributes, not constructor arguments: so the exceptions can be pickled, as process pools do.
    kind = _BY_STATUS.get(status, WhopError)
    error = (_TIMED_OUT.get(status, kind) if has_timed_out else kind)(message)
    error.status = status
    error.http_status = http_status
    error.retry_after = retry_after
    error._json = _Hidden(text=json)
    return error
