"""The goals, and whether they are met."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from results import Results

FILE = Path(__file__).with_name("goals.json")


@dataclass(frozen=True)
class Goal:
    """A limit of one figure of a contender: of its own, or against another contender's."""

    what: str
    figure: str
    of: str
    against: str | None = None
    at_most: float | None = None
    at_least: float | None = None
    ratio_at_most: float | None = None
    ratio_at_least: float | None = None
    more_at_most: float | None = None

    def row(self, results: Results) -> list[str] | None:
        """What, the goal, what was measured, and whether it is met. None where it was not measured."""
        value = results.median(self.figure, self.of)
        other = None if self.against is None else results.median(self.figure, self.against)
        if value is None or (self.against is not None and other is None):
            return None
        unit = results.units[self.figure]
        if other is None:
            goal, found, met = self._limit(self.at_most, self.at_least, value, unit)
        elif self.more_at_most is not None:
            goal, found, met = self._limit(self.more_at_most, None, value - other, unit)
            goal += f" more than {self.against}"
        else:
            ratio = value / other
            goal, found, met = self._limit(self.ratio_at_most, self.ratio_at_least, ratio, "x")
            goal += f" {self.against}"
            found += f" ({number(value)} : {number(other)} {unit})"
        return [self.what, goal, found, "met" if met else "**not met**"]

    @staticmethod
    def _limit(most: float | None, least: float | None, value: float, unit: str) -> tuple[str, str, bool]:
        limit = least if most is None else most
        assert limit is not None
        met = value >= limit if most is None else value <= limit
        return f"{'>=' if most is None else '<='} {limit:g} {unit}".strip(), f"{number(value)} {unit}".strip(), met


def goals() -> list[Goal]:
    """All of them."""
    return [Goal(**goal) for goal in json.loads(FILE.read_text(encoding="utf-8"))]


def number(value: float) -> str:
    """With three digits that count."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
