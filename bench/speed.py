"""How long a check takes. Every function runs once in each round, and lets its contenders take turns."""

from __future__ import annotations

import statistics

import delay
import tools
from contenders import CannotError, Contender
from measuring import MICROSECONDS, MILLISECONDS, Run


def process(run: Run) -> None:
    """Start of a process to its verdict."""
    for one in run.processes:
        value = tools.process(one, run.servers.environment(), 8, run.apart)
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
