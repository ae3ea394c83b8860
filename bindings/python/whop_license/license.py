"""What Whop, or a relay, says of a license."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from ._header import WHOP_ALLOWED
from ._record import Record
from ._text import encode, encode_json, plain_json, require
from .errors import InvalidArgument
from .status import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from . import current, v2
    from ._answer import Answer
    from ._types import Api, Reason


class _AboutLicense(Record):
    HIDDEN = frozenset({"json"})
    status: Status
    """`Status.OK`, or why not."""
    message: str
    """One sentence for a person, without secrets."""
    membership_id: str | None = None
    """What the license key stands for, as ``mem_…``. This and the next four read the same with either API, and are None
    where the answer does not say: it shows no membership of an unknown key, nor, with API v2, of another device's."""
    license_status: str | None = None
    """Where the license stands, as ``active`` or ``canceled``: for people. The verdict was made from it already."""
    product_id: str | None = None
    """The product that it is a license of, as ``prod_…``."""
    plan_id: str | None = None
    """The plan that was bought, as ``plan_…``."""
    expires_at: datetime | None = None
    """When it ends unless it is renewed, in UTC; None also if it never does. Beyond the calendar: its end."""
    api: Api | None = "current"
    """Which API answered; None if a relay did."""
    http_status: int | None = None
    json: str | None = None
    """The body exactly as Whop sent it. It holds the buyer's data: log none of it. Of a relay, what it has signed:
    ``id``, ``valid``, ``status``, ``product``, ``plan``, ``expires_at``, ``cancel_at_period_end``, and more about the
    lease."""

    @functools.cached_property
    def membership(self) -> current.Membership | None:
        """All fields, if the current API showed the membership; None if a relay answered."""
        from . import current

        return current.Membership.from_json(self.json) if self.json and self._shows("current") else None

    @functools.cached_property
    def v2_membership(self) -> v2.Membership | None:
        """All fields, if API v2 showed the membership; None if a relay answered."""
        from . import v2

        return v2.Membership.from_json(self.json) if self.json and self._shows("v2") else None

    def _shows(self, api: Api) -> bool:
        return self.api == api and self.membership_id is not None


class LicenseResult(_AboutLicense):
    """The answer about a license: allowed, or denied and why. True in a condition only when allowed."""

    valid: bool
    """Whether the license entitles this customer, here and now. The native library decides this."""
    is_offline: bool = False
    """Whether this is the yes of a lease that was stored earlier, because the relay gave no answer now. The `message`
    says why, and until when it stands."""

    def __bool__(self) -> bool:
        return self.valid

    @property
    def reason(self) -> Reason | None:
        """Why the license does not entitle, or None when it does."""
        return None if self.valid else self.status.name.lower()  # type: ignore[return-value]


class ResetResult(_AboutLicense):
    """What became of a reset. True in a condition when the device is free; false when there is no such license."""

    found: bool
    """Whether there is such a license. Its device is free then, and the membership is as Whop has it now."""

    def __bool__(self) -> bool:
        return self.found


def metadata_json(metadata: Mapping[str, object] | str | None) -> bytes | None:
    """What to bind the license to, as JSON; a string passes byte for byte.

    Raises:
        InvalidArgument: A mapping would tell no device from another.
    """
    if metadata is None:
        return None
    if isinstance(metadata, str):
        return encode("metadata", metadata)
    require("metadata", metadata, Mapping, "a mapping or a JSON string")
    if metadata and (plain := plain_json(metadata)):
        return plain
    if not metadata:
        raise InvalidArgument('metadata: empty, which tells no device from another; pass "{}" as JSON if that is meant')
    if any(value is None for value in metadata.values()):
        raise InvalidArgument("metadata: a value is None, which tells no device from another")
    return encode_json("metadata", metadata)


def validated(answer: Answer) -> LicenseResult:
    """The answer to a validation."""
    return LicenseResult(valid=answer.verdict == WHOP_ALLOWED, is_offline=answer.is_offline(), **answer.about_license())


def reset(answer: Answer) -> ResetResult:
    """The answer to a reset."""
    return ResetResult(found=answer.verdict == WHOP_ALLOWED, **answer.about_license())
