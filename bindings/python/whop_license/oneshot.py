"""The two calls without a client: no settings, so by the current API, no kept connection, and no product check."""

from __future__ import annotations

from .client import Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from .current import PlanRequest
    from .license import LicenseResult
    from .plan import CreatedPlan


def validate_license(
    api_key: str, license_key: str, metadata: Mapping[str, object] | str | None = None
) -> LicenseResult:
    """`Client.validate_license` for one call. Accepts a license of any product of the company."""
    with Client(api_key) as client:
        return client.validate_license(license_key, metadata)


def create_plan(api_key: str, **plan: Unpack[PlanRequest]) -> CreatedPlan:
    """`Client.create_plan` for one call."""
    with Client(api_key) as client:
        return client.create_plan(**plan)
