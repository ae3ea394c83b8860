"""What is sold: a plan to create, and a plan that was created."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import current, v2
from ._answer import Answer, Api
from ._text import encode_json
from .status import Status


@dataclass(frozen=True, kw_only=True)
class CreatedPlan:
    """A plan that was created, by whichever API."""

    id: str
    """What is bought, as ``plan_…``."""
    product_id: str | None = None
    """The product that is sold, as ``prod_…``; None if the answer does not say."""
    api: Api = "current"
    """Which API created it."""
    http_status: int | None = None
    json: str | None = field(default=None, repr=False)
    """The body exactly as Whop sent it."""

    @functools.cached_property
    def plan(self) -> current.Plan | None:
        """All fields, if the current API created it."""
        return current.Plan.from_json(self.json) if self.json and self.api == "current" else None

    @functools.cached_property
    def v2_plan(self) -> v2.Plan | None:
        """All fields, if API v2 created it."""
        return v2.Plan.from_json(self.json) if self.json and self.api == "v2" else None


def plan_json(plan: Mapping[str, object], extra: Mapping[str, object] | None) -> bytes:
    """The request as JSON."""
    return encode_json("plan", {**plan, **(extra or {})})


def created(answer: Answer) -> CreatedPlan:
    """The plan that was created.

    Raises:
        WhopError: Whop did not say that it was.
    """
    if answer.status is not Status.OK or answer.plan_id is None:
        raise answer.error()
    return CreatedPlan(id=answer.plan_id, **answer.told("product_id"))
