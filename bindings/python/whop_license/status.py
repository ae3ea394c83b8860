"""What became of a call, as a number that is the same in every language."""

from enum import IntEnum

from ._native import library


class Status(IntEnum):
    """What became of a call. The hundreds are the decision: 0 allowed, 1xx denied, all others not known."""

    # generated: status.py, by scripts/generate.py from api/statuses.json
    OK = 0
    """The license entitles here, now; or the plan is created, or the device is free."""
    LICENSE_NOT_FOUND = 100
    """Denied: there is no such license."""
    LICENSE_INACTIVE = 101
    """Denied: expired, canceled or unpaid; the license status says which."""
    DEVICE_MISMATCH = 102
    """Denied: bound to another device, until the license is reset."""
    PRODUCT_MISMATCH = 103
    """Denied: a license of another product, which Whop's answer names."""
    INVALID_ARGUMENT = 200
    """Nothing was sent: the message names the argument or setting and its fault."""
    UNAUTHORIZED = 201
    """Whop does not accept the API key (401)."""
    FORBIDDEN = 202
    """The API key lacks the right (403)."""
    REJECTED = 203
    """Whop refused the request (400, 422 and other 4xx): the message has its reason."""
    UNREACHABLE = 300
    """No name, connection or trust: nothing was sent, to repeat is safe."""
    NO_ANSWER = 301
    """Sent, then silence, a reset or half an answer: whether it took effect is not known."""
    RATE_LIMITED = 302
    """Too many requests (429): wait as long as the answer says."""
    SERVER_ERROR = 303
    """Whop has trouble of its own (5xx)."""
    BAD_RESPONSE = 304
    """An answer that is not Whop's, or about another license: a web page, a redirect, broken or oversized JSON."""
    NO_DEVICE_ID = 305
    """This machine has no identity of its own, or none that this user may read: set a device id, or pass metadata."""
    UNTRUSTED = 306
    """An answer that is not the relay's: nothing in it is signed, by one of the public keys, for this call."""
    PENDING = 307
    """The call that was started is not done yet."""
    CANCELED = 308
    """The call was canceled by this program."""
    INTERNAL_ERROR = 900
    """A bug in this library, caught."""
    # end of generated: status.py

    @property
    def c_name(self) -> str:
        """The name in C, as in logs and in the documentation: ``"WHOP_DEVICE_MISMATCH"``."""
        name: bytes = library().whop_status_name(self)
        return name.decode()

    @property
    def meaning(self) -> str:
        """What it means and what to do, in English."""
        meaning: bytes = library().whop_status_message(self)
        return meaning.decode()
