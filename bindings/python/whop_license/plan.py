"""What is sold: a plan to create, and a plan that was created."""

from __future__ import annotations

import functools

from ._record import Record
from ._text import encode_json
from .status import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import current, v2
    from ._answer import Answer
    from ._types import Api
    from .errors import WhopError


class CreatedPlan(Record):
    """A plan that was created, by whichever API."""

    HIDDEN = frozenset({"json"})
    id: str
    """What is bought, as ``plan_…``."""
    product_id: str | None = None
    """The product that is sold, as ``prod_…``; None if the answer does not say."""
    api: Api = "current"
    """Which API created it."""
    http_status: int | None = None
    json: str | None = None
    """The body exactly as Whop sent it."""

    @functools.cached_property
    def plan(self) -> current.Plan | None:
        """All fields, if the current API created it."""
        from . import current

        return current.Plan.from_json(self.json) if self.json and self.api == "current" else None

    @functools.cached_property
    def v2_plan(self) -> v2.Plan | None:
        """All fields, if API v2 created it."""
        from . import v2

        return v2.Plan.from_json(self.json) if self.json and self.api == "v2" else None


def plan_json(plan: Mapping[str, object], extra: Mapping[str, object] | None) -> bytes:
    """The request as JSON."""
    return encode_json("plan", {**plan, **(extra or {})})


def created(answer: Answer) -> CreatedPlan | WhopError:
    """The plan that was created, or an error if Whop did not say that it was."""
    plan = answer.about_plan()
    return CreatedPlan(**plan) if answer.status is Status.OK and plan["id"] is not None else answer.error()
