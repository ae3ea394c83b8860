"""What Whop says of a license."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

from ._answer import Answer
from ._fields import Expandable, JsonObject
from ._native import WHOP_ALLOWED, WHOP_UNDETERMINED
from ._text import encode, encode_json, require
from .errors import InvalidArgument
from .status import Status

Reason: TypeAlias = Literal["license_not_found", "license_inactive", "device_mismatch", "product_mismatch"]
"""Why a license does not entitle."""

_WITH_MEMBERSHIP = {Status.OK, Status.LICENSE_INACTIVE, Status.PRODUCT_MISMATCH}


@dataclass(frozen=True, kw_only=True, repr=False)
class Membership(JsonObject):
    """A membership, which is what a license key stands for.

    Any field may be None: Whop leaves fields out, and adds values and fields. Times are Unix seconds, UTC. The verdict
    is `LicenseResult.valid`, not `status`: a one-time purchase is ``completed`` for ever, and entitles. `repr` shows
    nothing of the buyer.
    """

    id: str | None = None
    company_id: str | None = None
    product: Expandable = None
    user: Expandable = None
    plan: Expandable = None
    promo_code: Expandable = None
    email: str | None = None
    stripe_subscription_id: str | None = None
    stripe_customer_id: str | None = None
    status: str | None = None
    """``trialing``, ``active``, ``past_due``, ``completed``, ``canceled``, ``expired``, ``unresolved`` …"""
    valid: bool | None = None
    cancel_at_period_end: bool | None = None
    payment_processor: str | None = None
    license_key: str | None = None
    metadata: dict[str, Any] | None = None
    """What the license is bound to."""
    acquisition_data: dict[str, Any] | None = None
    quantity: int | None = None
    wallet_address: str | None = None
    custom_field_responses: list[dict[str, Any]] | None = None
    custom_fields_responses: dict[str, Any] | None = None
    """Answer by question."""
    custom_fields_responses_v2: dict[str, Any] | None = None
    discord: dict[str, Any] | None = None
    nft_tokens: list[Any] | str | None = None
    expires_at: int | None = None
    """None: it does not expire."""
    renewal_period_start: int | None = None
    renewal_period_end: int | None = None
    created_at: int | None = None
    manage_url: str | None = None
    affiliate_page_url: str | None = None
    checkout_session: str | None = None
    affiliate_username: str | None = None
    access_pass: Expandable = None
    """The old name of `product`."""
    deliveries: dict[str, Any] | None = None
    telegram_account_id: str | None = None
    phone_number: str | None = None
    split_pay_required_payments: int | None = None

    def __repr__(self) -> str:
        return f"Membership(status={self.status!r}, valid={self.valid!r})"


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
    json: str | None = field(default=None, repr=False)
    """The body exactly as Whop sent it. It holds the buyer's data: log none of it."""

    def __bool__(self) -> bool:
        return self.valid

    @property
    def reason(self) -> Reason | None:
        """Why the license does not entitle, or None when it does."""
        return None if self.valid else cast(Reason, self.status.name.lower())

    @functools.cached_property
    def membership(self) -> Membership:
        """What the license key stands for; without any field when Whop sent none, as for an unknown key."""
        if self.json is None or self.status not in _WITH_MEMBERSHIP:
            return Membership()
        return Membership.from_json(self.json)


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


def result(answer: Answer) -> LicenseResult:
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
        json=answer.json,
    )
