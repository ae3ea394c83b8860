"""What the figures are measured with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from contenders import Contender
from results import Results
from servers import Servers

MICROSECONDS, MILLISECONDS = "µs", "ms"


@dataclass
class Run:
    """What the figures are measured with."""

    out: Path
    #: Where whop-sandbox and whop-relay are.
    programs: Path
    #: On one core, which the contenders leave to them.
    servers: Servers
    #: On all cores, which the contenders share with them.
    shared: Servers
    #: The cores of the contenders, and that of the servers.
    apart: tuple[str, ...]
    together: tuple[str, ...]
    contenders: dict[str, list[Contender]]
    #: The library's files by their labels.
    libraries: dict[str, Path]
    results: Results
    round: int = 0

    @property
    def free(self) -> list[Contender]:
        """Those in C on whichever core: the library, libcurl, and the floor."""
        return [one for one in self.contenders["c"] if one.name not in ("nothing", "ours, C++", "ours, started")]

    @property
    def c(self) -> list[Contender]:
        """The same on cores of their own."""
        return [one.after(*self.apart) for one in self.free]

    @property
    def processes(self) -> list[Contender]:
        """Those in all languages that are programs, also those that do nothing, on whichever core."""
        return [one for kind in ("c", "python", "csharp") for one in self.contenders[kind]]

    def all(self) -> Iterable[tuple[str, Contender]]:
        """Those in all languages that are programs and check something, with their kind, on cores of their own."""
        for kind in ("c", "python", "csharp"):
            for one in self.contenders[kind]:
                if not one.name.startswith("nothing"):
                    yield kind, one.after(*self.apart)
