"""How each figure is measured. Every function runs once in each round, and lets its contenders take turns."""

from __future__ import annotations

import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import delay
import tools
from contenders import CannotError, Contender
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

    def all(self, *, floor: bool = False) -> Iterable[tuple[str, Contender]]:
        """Those in all languages that are programs, with their kind; with those that do nothing if told."""
        for kind in ("c", "python", "csharp"):
            for one in self.contenders.get(kind, []):
                if floor or not one.name.startswith("nothing"):
                    yield kind, one.after(*self.apart)


def process(run: Run) -> None:
    """Start of a process to its verdict."""
    for _, one in run.all(floor=True):
        value = tools.process(one, run.servers.environment(), 8)
        run.results.note("process to verdict", MILLISECONDS, one.name, value)


def load(run: Run) -> None:
    """Loading the library."""
    files = {label: str(file) for label, file in run.libraries.items()} | {"libcurl": "libcurl.so.4"}
    for name, file in files.items():
        run.results.note("load", MILLISECONDS, name, tools.load(run.out / "load", file, 10))


def create(run: Run) -> None:
    """Making a client."""
    for one in run.c:
        value = one.measure(run.servers.environment(), "create", 500)["p50"]
        run.results.note("client creation", MICROSECONDS, one.name, value)


def first(run: Run) -> None:
    """First check of a process."""
    for _, one in run.all():
        values = [one.measure(run.servers.environment(), "first")["p50"] / 1e3 for _ in range(5)]
        run.results.note("first check of a process", MILLISECONDS, one.name, statistics.median(values))


def cold(run: Run) -> None:
    """A check with a new client."""
    for kind, one in run.all():
        count = 200 if kind == "c" else 30
        found = one.measure(run.servers.environment(), "cold", count)
        run.results.note("cold p50", MICROSECONDS, one.name, found["p50"])
        run.results.note("cold CPU", MICROSECONDS, one.name, found["cpu"])


def warm(run: Run) -> None:
    """A check with a client that is kept, one after the other."""
    where = run.servers.environment()
    for kind, one in run.all():
        if kind == "python":
            times = tools.pyperf(one, where, 1000)
            found = one.measure(where, "warm", 500) | {"p50": statistics.median(times), "p99": times[990]}
        else:
            found = one.measure(where, "warm", 3000)
        _note_times(run, "warm", one, found)
    _criterion(run, "warm p50", "warm")


def _note_times(run: Run, figure: str, one: Contender, found: dict[str, float]) -> None:
    for name, part in (("p50", "p50"), ("p99", "p99"), ("cpu", "CPU")):
        run.results.note(f"{figure} {part}", MICROSECONDS, one.name, found[name])


def one_core(run: Run) -> None:
    """The same, with server and client on one core: what both have to do, without the time in which a core wakes up."""
    for one in run.contenders["c"]:
        if one.name != "nothing":
            found = one.after(*run.together).measure(run.servers.environment(), "warm", 3000)
            _note_times(run, "warm on one core", one, found)


def apis(run: Run) -> None:
    """The same by way of API v2, and of a relay."""
    for api, name in (("v2", "warm, API v2,"), ("relay", "warm, relay,")):
        for one in run.c:
            _note_times(run, name, one, one.measure(run.servers.environment(api), "warm", 2000))


def parts(run: Run) -> None:
    """What a check does beside the network."""
    _criterion(run, "signature of a lease", "signature")
    _criterion(run, "JSON of a membership", "json")


def _criterion(run: Run, figure: str, name: str) -> None:
    where = run.servers.environment() | {"BENCH_LEASE": run.servers.lease(), "BENCH_ANSWER": run.servers.answer}
    for rust in run.contenders["rust"]:
        run.results.note(figure, MICROSECONDS, rust.name, tools.criterion(rust.after(*run.apart), where, name))


def threads(run: Run) -> None:
    """Checks a second of many threads: the library with one client, the others with one for each thread."""
    for count in (1, 2, 8, 32, 128):
        for one in run.free:
            found = one.measure(run.shared.environment(), "threads", count, 0.7)
            run.results.note(f"checks a second, {count} threads", "1/s", one.name, found["rate"])


def memory(run: Run) -> None:
    """What a process holds more for its first check."""
    empty = next(one for one in run.contenders["c"] if one.name == "nothing")
    floor = empty.measure(run.servers.environment(), "memory")
    for one in run.c:
        found = one.measure(run.servers.environment(), "memory")
        for name, part in (("dirty", "own"), ("resident", "resident")):
            run.results.note(f"memory added, {part}", "kB", one.name, found[name] - floor[name])


def calls(run: Run) -> None:
    """System calls, name lookups, threads and allocations of a warm check."""
    if run.round > 0:
        return
    where = run.servers.environment()
    # valgrind does not look into what another program starts.
    for one in run.free:
        by_name, lookups, started = tools.system_calls(one, where)
        run.results.note("system calls of a warm check", "", one.name, sum(by_name.values()))
        run.results.note("name lookups of a warm check", "", one.name, lookups)
        run.results.note("threads started by a warm check", "", one.name, started)
        blocks, size = tools.allocations(one, where)
        run.results.note("allocations of a warm check", "", one.name, blocks)
        run.results.note("bytes allocated by a warm check", "", one.name, size)
        listed = ", ".join(f"{name} {rate:.3g}" for name, rate in by_name.items())
        run.results.details.append(f"{one.name}: {listed}")


def wire(run: Run) -> None:
    """What TCP carries for a warm check."""
    if run.round > 0:
        return
    for one in run.c:
        found = one.measure(run.servers.environment(), "wire", 200)
        for name, unit in (("sent", "B"), ("received", "B"), ("segments", "")):
            run.results.note(f"{name} by a warm check", unit, one.name, found[name])


def resumption(run: Run) -> None:
    """Whether the second client of a process resumes the TLS session of the first: 1 or 0."""
    if run.round > 0:
        return
    for one in run.c:
        run.servers.log.write_text("", encoding="ascii")
        one.measure(run.servers.environment(port=run.servers.logged_port), "cold", 2)
        sessions = run.servers.log.read_text(encoding="ascii").split()
        run.results.note("TLS session resumed", "", one.name, float(sessions[1:] == ["r"]))


def size(run: Run) -> None:
    """What is on disk, stripped."""
    if run.round > 0:
        return
    for label, file in run.libraries.items():
        run.results.note("size on disk", "MB", label, _stripped(run, [file]))
    loaded = subprocess.run(["ldd", run.out / "curl"], check=True, capture_output=True, text=True).stdout
    found = {line.split()[0]: Path(line.split()[2]) for line in loaded.splitlines() if "=>" in line}
    three = [file for name, file in found.items() if name.startswith(("libcurl.", "libssl.", "libcrypto."))]
    run.results.note("size on disk", "MB", "libcurl", _stripped(run, three))


def _stripped(run: Run, files: list[Path]) -> float:
    whole = 0
    for file in files:
        copy = run.out / "stripped"
        shutil.copy(file.resolve(), copy)
        subprocess.run(["strip", copy], check=True)
        whole += copy.stat().st_size
        copy.unlink()
    return whole / 1e6


def round_trips(run: Run) -> None:
    """With a network in between that delays each packet by 25 ms: a round trip is 50 ms."""
    if run.round > 2:
        return
    try:
        with delay.network(run.out / "delayed", run.programs) as (servers, enter):
            for one in run.c:
                inside = one.after(*enter)
                for figure, command in (("cold", "cold"), ("warm", "warm"), ("connected ahead", "connected")):
                    try:
                        value = inside.measure(servers, command, 4)["p50"] / 1e3
                    except CannotError:
                        continue
                    run.results.note(f"50 ms round trip, {figure}", MILLISECONDS, one.name, value)
    except delay.NotHereError as reason:
        if run.round == 0:
            run.results.left_out.append(f"round trips: {reason}")


FIGURES: dict[str, Callable[[Run], None]] = {
    "process": process,
    "load": load,
    "create": create,
    "first": first,
    "cold": cold,
    "warm": warm,
    "one_core": one_core,
    "apis": apis,
    "parts": parts,
    "threads": threads,
    "memory": memory,
    "calls": calls,
    "wire": wire,
    "resumption": resumption,
    "size": size,
    "round_trips": round_trips,
}
