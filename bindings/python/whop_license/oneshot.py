"""The two calls without a client: no settings, so by the current API, no kept connection, and no product check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ._answer import ask
from ._native import library
from ._text import encode
from .license import LicenseResult, metadata_json, validated
from .plan import CreatedPlan, created, plan_json

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .current import PlanRequest


def validate_license(
    api_key: str, license_key: str, metadata: Mapping[str, object] | str | None = None
) -> LicenseResult:
    """`Client.validate_license` for one call. Accepts a license of any product of the company."""
    arguments = encode("api_key", api_key), encode("license_key", license_key), metadata_json(metadata)
    return validated(ask("current", library().whop_validate_license, *arguments))


def create_plan(api_key: str, **plan: Unpack[PlanRequest]) -> CreatedPlan:
    """`Client.create_plan` for one call."""
    arguments = encode("api_key", api_key), plan_json(plan, None)
    return created(ask("current", library().whop_create_plan, *arguments))
