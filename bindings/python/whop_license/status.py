"""What became of a call, as a number that is the same in every language."""

from enum import IntEnum

from . import _native


class Status(IntEnum):
    """What became of a call. The hundreds are the decision: 0 allowed, 1xx denied, all others not known."""

    OK = _native.WHOP_OK
    LICENSE_NOT_FOUND = _native.WHOP_LICENSE_NOT_FOUND
    LICENSE_INACTIVE = _native.WHOP_LICENSE_INACTIVE
    DEVICE_MISMATCH = _native.WHOP_DEVICE_MISMATCH
    PRODUCT_MISMATCH = _native.WHOP_PRODUCT_MISMATCH
    """A license of another product. If it was free, this check has bound it to this product's device id."""
    INVALID_ARGUMENT = _native.WHOP_INVALID_ARGUMENT
    UNAUTHORIZED = _native.WHOP_UNAUTHORIZED
    FORBIDDEN = _native.WHOP_FORBIDDEN
    REJECTED = _native.WHOP_REJECTED
    UNREACHABLE = _native.WHOP_UNREACHABLE
    NO_ANSWER = _native.WHOP_NO_ANSWER
    RATE_LIMITED = _native.WHOP_RATE_LIMITED
    SERVER_ERROR = _native.WHOP_SERVER_ERROR
    BAD_RESPONSE = _native.WHOP_BAD_RESPONSE
    NO_DEVICE_ID = _native.WHOP_NO_DEVICE_ID
    INTERNAL_ERROR = _native.WHOP_INTERNAL_ERROR

    @property
    def c_name(self) -> str:
        """The name in C, as in logs and in the documentation: ``"WHOP_DEVICE_MISMATCH"``."""
        name: bytes = _native.library().whop_status_name(self)
        return name.decode()

    @property
    def meaning(self) -> str:
        """What it means and what to do, in English."""
        meaning: bytes = _native.library().whop_status_message(self)
        return meaning.decode()
