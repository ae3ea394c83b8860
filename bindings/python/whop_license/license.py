"""What Whop says of a license."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar, cast

from . import current, v2
from ._answer import Answer
from ._fields import JsonObject
from ._header import WHOP_ALLOWED, WHOP_UNDETERMINED
from ._text import encode, encode_json, require
from .errors import InvalidArgument
from .status import Status

Reason: TypeAlias = Literal[
    "license_not_found",
    "license_inactive",
    "device_mismatch",
    "product_mismatch",
]
"""Why a license does not entitle. Generated from api/statuses.json."""

Api: TypeAlias = Literal["current", "v2"]
"""One of Whop's APIs."""

_Membership = TypeVar("_Membership", bound=JsonObject)


@dataclass(frozen=True, kw_only=True)
class LicenseResult:
    """Whop's answer about a license: allowed, or denied and why. True in a condition only when allowed."""

    valid: bool
    """Whether the license entitles this customer, here and now. The native library decides this."""
    status: Status
    """`Status.OK`, or why not."""
    message: str
    """One sentence for a person, without secrets."""
    http_status: int | None = None
    membership_id: str | None = None
    """The membership that the license key stands for, ``mem_…``."""
    license_status: str | None = None
    """Where the license stands, as ``active`` or ``canceled``. For people: the verdict is `valid`."""
    product_id: str | None = None
    """The product that it is a license of, ``prod_…``."""
    plan_id: str | None = None
    """The plan that was bought, ``plan_…``."""
    expires_at: datetime | None = None
    """When the license ends unless it is renewed, in UTC; None: it does not expire, or Whop did not say."""
    api: Api = "current"
    """Which of Whop's APIs was asked."""
    json: str | None = field(default=None, repr=False)
    """The body exactly as Whop sent it. It holds the buyer's data: log none of it."""

    def __bool__(self) -> bool:
        return self.valid

    @property
    def reason(self) -> Reason | None:
        """Why the license does not entitle, or None when it does."""
        return None if self.valid else cast(Reason, self.status.name.lower())

    @functools.cached_property
    def membership(self) -> current.Membership | None:
        """What the license key stands for, by the current API; None when Whop sent none, as for an unknown key."""
        return self._as(current.Membership, "current")

    @functools.cached_property
    def v2_membership(self) -> v2.Membership | None:
        """The same by API v2."""
        return self._as(v2.Membership, "v2")

    def _as(self, kind: type[_Membership], api: Api) -> _Membership | None:
        if self.api != api or self.membership_id is None or self.json is None:
            return None
        return kind.from_json(self.json)


def metadata_json(metadata: Mapping[str, object] | str | None) -> bytes | None:
    """What to bind the license to, as JSON; a string passes byte for byte.

    Raises:
        InvalidArgument: A mapping would tell no device from another.
    """
    if metadata is None:
        return None
    require("metadata", metadata, Mapping | str, "a mapping or a JSON string")
    if isinstance(metadata, str):
        return encode("metadata", metadata)
    if not metadata:
        raise InvalidArgument('metadata: empty, which tells no device from another; pass "{}" as JSON if that is meant')
    if any(value is None for value in metadata.values()):
        raise InvalidArgument("metadata: a value is None, which tells no device from another")
    return encode_json("metadata", metadata)


def result(answer: Answer, api: Api) -> LicenseResult:
    """The answer as a value.

    Raises:
        WhopError: There is no verdict.
    """
    if answer.verdict == WHOP_UNDETERMINED:
        raise answer.error()
    return LicenseResult(
        valid=answer.verdict == WHOP_ALLOWED,
        status=answer.status,
        message=answer.message,
        http_status=answer.http_status,
        membership_id=answer.membership_id,
        license_status=answer.license_status,
        product_id=answer.product_id,
        plan_id=answer.plan_id,
        expires_at=answer.expires_at,
        api=api,
        json=answer.json,
    )
