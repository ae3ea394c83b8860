"""What is sold: a plan to create, and a plan as Whop has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypedDict

from ._answer import Answer
from ._fields import Expandable, JsonObject
from ._text import encode_json
from .status import Status


class _CustomFieldRequired(TypedDict):
    name: str
    field_type: Literal["text"]


class CustomField(_CustomFieldRequired, total=False):
    """A question that the buyer answers at checkout."""

    placeholder: str
    required: bool
    order: int


class PlanRequest(TypedDict, total=False):
    """The fields of a plan to create. None is required by name; in practice `product_id` is.

    Prices are in major units: 10.43 is $10.43. Leave a field out rather than setting it to None.
    """

    product_id: str
    access_pass_id: str
    """The old name of `product_id`."""
    plan_type: Literal["renewal", "one_time"]
    """Default: ``one_time``."""
    allow_multiple_quantity: bool
    base_currency: str
    """Lower case, as ``eur``. Default: ``usd``."""
    billing_period: int
    """Days."""
    card_payments: bool
    coinbase_commerce_accepted: bool
    custom_fields: list[CustomField] | list[str]
    expiration_days: int
    grace_period_days: int
    """Days after the expiration in which the plan can still be topped up."""
    initial_price: float | Decimal
    internal_notes: str
    one_per_user: bool
    pegged_currencies: list[str]
    refillable: bool
    """Whether a plan that expires can be topped up."""
    release_method: Literal["buy_now", "waitlist", "raffle"]
    release_method_settings: dict[str, Any]
    renewal_price: float | Decimal
    requirements: dict[str, Any]
    short_link: str
    stock: int
    trial_period_days: int
    unlimited_stock: bool
    visibility: Literal["visible", "hidden", "archived", "quick_link"]
    metadata: dict[str, Any]
    """Copied to every membership bought with this plan, where it can get in the way of binding the first device."""
    payment_link_description: str
    paypal_accepted: bool
    split_pay_required_payments: int
    ach_payments: bool
    cancel_collab_passes: bool
    """Whether passes of collaborations end with it."""
    cancel_discount_intervals: int
    cancel_discount_percentage: int
    description: str
    mimic_plan_id: str
    offer_cancel_discount: bool
    one_per_company: bool
    override_tax_type: str
    set_as_default: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan(JsonObject):
    """A plan as Whop has it. Any field may be None. Prices are in major units; `created_at` is Unix seconds."""

    id: str | None = None
    company_id: str | None = None
    product: Expandable = None
    plan_type: str | None = None
    release_method: str | None = None
    visibility: str | None = None
    billing_period: int | None = None
    internal_notes: str | None = None
    payment_link_description: str | None = None
    metadata: dict[str, Any] | None = None
    direct_link: str | None = None
    """Where it is bought."""
    renewal_price: float | None = None
    initial_price: float | None = None
    base_currency: str | None = None
    requirements: dict[str, Any] | None = None
    release_method_settings: dict[str, Any] | None = None
    accepted_payment_methods: list[str] | None = None
    stock: int | None = None
    unlimited_stock: bool | None = None
    created_at: int | None = None
    access_pass: Expandable = None
    """The old name of `product`."""
    card_payments: bool | None = None
    custom_fields: list[Any] | None = None
    description: str | None = None
    allow_multiple_quantity: bool | None = None
    coinbase_commerce_accepted: bool | None = None
    splitit_accepted: bool | None = None
    platform_balance_accepted: bool | None = None
    expiration_days: int | None = None
    grace_period_days: int | None = None
    one_per_user: bool | None = None
    refillable: bool | None = None
    short_link: str | None = None
    trial_period_days: int | None = None
    paypal_accepted: bool | None = None
    split_pay_required_payments: int | None = None
    ach_payments: bool | None = None
    cancel_collab_passes: bool | None = None
    cancel_discount_intervals: int | None = None
    cancel_discount_percentage: int | None = None
    offer_cancel_discount: bool | None = None
    one_per_company: bool | None = None
    override_tax_type: str | None = None

    def __repr__(self) -> str:
        return f"Plan(id={self.id!r})"


def plan_json(plan: PlanRequest, extra: Mapping[str, object] | None) -> bytes:
    """The request as JSON."""
    return encode_json("plan", {**plan, **(extra or {})})


def created(answer: Answer) -> Plan:
    """The plan that was created.

    Raises:
        WhopError: Whop did not say that it was.
    """
    if answer.status is not Status.OK or answer.json is None:
        raise answer.error()
    return Plan.from_json(answer.json)
