"""What is sold: the JSON of a plan to create, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from . import current, v2
from ._answer import Answer
from ._text import encode_json
from .status import Status

_Plan = TypeVar("_Plan", current.Plan, v2.Plan)


def plan_json(plan: current.PlanRequest | v2.PlanRequest, extra: Mapping[str, object] | None) -> bytes:
    """The request as JSON."""
    return encode_json("plan", {**plan, **(extra or {})})


def created(answer: Answer, kind: type[_Plan]) -> _Plan:
    """The plan that was created.

    Raises:
        WhopError: Whop did not say that it was.
    """
    if answer.status is not Status.OK or answer.json is None:
        raise answer.error()
    return kind.from_json(answer.json)
