"""What a check takes beside time. What is the same in each round is counted in the first one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import tools
from measuring import Run


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
