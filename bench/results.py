"""The figures of a run: each with its unit, and for each contender the value of each round."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Results:
    """What was measured."""

    rounds: int
    date: str = ""
    machine: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    #: By the name of the figure.
    units: dict[str, str] = field(default_factory=dict)
    #: By the name of the figure and of the contender, the value of each round.
    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    #: What could not be measured here, and why.
    left_out: list[str] = field(default_factory=list)
    #: The system calls of each contender by name.
    details: list[str] = field(default_factory=list)

    def note(self, figure: str, unit: str, contender: str, value: float) -> None:
        """Adds the value of one round."""
        self.units[figure] = unit
        self.values.setdefault(figure, {}).setdefault(contender, []).append(value)

    def median(self, figure: str, contender: str) -> float | None:
        """Over the rounds; none where it was not measured."""
        values = self.values.get(figure, {}).get(contender)
        return statistics.median(values) if values else None

    def write(self, file: Path) -> None:
        """As JSON."""
        figures = {
            figure: {
                "unit": self.units[figure],
                "median": {name: statistics.median(values) for name, values in row.items()},
                "rounds": row,
            }
            for figure, row in self.values.items()
        }
        whole: dict[str, Any] = {
            name: getattr(self, name) for name in ("date", "machine", "versions", "left_out", "details")
        }
        text = json.dumps(whole | {"rounds": self.rounds, "figures": figures}, indent=1, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Results:
        """What write has written."""
        whole = json.loads(file.read_text(encoding="utf-8"))
        figures = whole.pop("figures")
        units = {name: figure["unit"] for name, figure in figures.items()}
        return cls(units=units, values={name: figure["rounds"] for name, figure in figures.items()}, **whole)


def begin(rounds: int, versions: dict[str, str]) -> Results:
    """Of today, on this machine. It has no name in it."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = ".".join(platform.release().split(".")[:2])
    machine = f"{os.cpu_count()} cores, {model}, {memory:.0f} GiB, Linux {kernel}"
    machine += f"; load {os.getloadavg()[0]:.1f} at the start"
    return Results(rounds, time.strftime("%Y-%m-%d", time.gmtime()), machine, versions)
