"""The figures by their names."""

from __future__ import annotations

from collections.abc import Callable

import cost
import speed
from measuring import Run

FIGURES: dict[str, Callable[[Run], None]] = {
    "process": speed.process,
    "load": speed.load,
    "create": speed.create,
    "first": speed.first,
    "cold": speed.cold,
    "warm": speed.warm,
    "one_core": speed.one_core,
    "apis": speed.apis,
    "parts": speed.parts,
    "threads": speed.threads,
    "memory": cost.memory,
    "calls": cost.calls,
    "wire": cost.wire,
    "resumption": cost.resumption,
    "size": cost.size,
    "round_trips": speed.round_trips,
}
