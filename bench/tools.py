"""What programs of others measure: hyperfine, pyperf, Criterion, strace and valgrind."""

from __future__ import annotations

import json
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from contenders import Contender

HERE = Path(__file__).resolve().parent


def process(contender: Contender, servers: dict[str, str], runs: int, before: tuple[str, ...]) -> float:
    """Hyperfine: how long a process takes that makes one check, in ms. The words before are of hyperfine itself."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [*before, "hyperfine", "--shell=none", "--style=none", "--warmup=1", f"--runs={runs}"]
        command += ["--export-json", file.name, shlex.join([*contender.program, "verdict"])]
        contender.run_by(command, servers)
        median: float = json.load(file)["results"][0]["median"]
    return median * 1e3


def pyperf(contender: Contender, servers: dict[str, str], calls: int) -> list[float]:
    """pyperf: the time of each warm check in Python, in µs."""
    name = contender.program[-1]
    before = contender.program[: contender.program.index(sys.executable)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "warm.json"
        command = [*before, sys.executable, str(HERE / "python" / "warm.py"), name, "--quiet", "--copy-env"]
        command += ["--processes=1", "--loops=1", "--warmups=200", f"--values={calls}", f"--output={out}"]
        contender.run_by(command, servers)
        runs = json.loads(out.read_text(encoding="utf-8"))["benchmarks"][0]["runs"]
    return sorted(value * 1e6 for run in runs for value in run.get("values", []))


def criterion(contender: Contender, servers: dict[str, str], name: str) -> float:
    """Criterion: the median of one of its benchmarks, in µs."""
    options = ("--noplot", "--warm-up-time=0.5", "--measurement-time=1", "--sample-size=50")
    contender.run(servers, "--bench", *options, "--exact", name)
    file = Path(contender.variables["CRITERION_HOME"]) / name / "new" / "estimates.json"
    median: float = json.loads(file.read_text(encoding="utf-8"))["median"]["point_estimate"]
    return median / 1e3


#: The checks of "warm N": some come before those that are timed.
def _checks(count: int) -> int:
    return count + count // 10 + 1


FEW, MANY = 100, 300


def allocations(contender: Contender, servers: dict[str, str]) -> tuple[float, float]:
    """DHAT: the allocations of a warm check, and their bytes."""

    def of(count: int) -> tuple[int, int]:
        command = ["valgrind", "--tool=dhat", "--dhat-out-file=/dev/null", *contender.program, "warm", str(count)]
        run = contender.run_by(command, servers)
        found = re.search(r"Total: +([\d,]+) bytes in ([\d,]+) blocks", run.stderr)
        assert found is not None, run.stderr[-500:]
        return int(found[2].replace(",", "")), int(found[1].replace(",", ""))

    (few_blocks, few_bytes), (many_blocks, many_bytes) = of(FEW), of(MANY)
    calls = _checks(MANY) - _checks(FEW)
    return (many_blocks - few_blocks) / calls, (many_bytes - few_bytes) / calls


#: Files and sockets by which the C library looks a name up.
LOOKUP = re.compile(r"/etc/(hosts|resolv\.conf|nsswitch\.conf|gai\.conf)|/nscd/|htons\(53\)")


def system_calls(contender: Contender, servers: dict[str, str]) -> tuple[dict[str, float], float, float]:
    """Strace: the system calls of a warm check by name; how many look up a name; how many start a thread."""

    def of(count: int) -> tuple[Counter[str], int]:
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
            command = ["strace", "-f", "-qq", "-o", file.name, *contender.program, "warm", str(count)]
            contender.run_by(command, servers)
            lines = file.read().splitlines()
        names = (re.match(r"\d+ +(\w+)\(", line) for line in lines)
        return Counter(name[1] for name in names if name), sum(bool(LOOKUP.search(line)) for line in lines)

    (few, few_lookups), (many, many_lookups) = of(FEW), of(MANY)
    calls = _checks(MANY) - _checks(FEW)
    each = {name: (many[name] - few[name]) / calls for name in sorted(many | few)}
    # What comes now and then, such as memory for the heap, is not the check's.
    each = {name: rate for name, rate in each.items() if abs(rate) >= 0.1}
    threads = sum((many[name] - few[name]) / calls for name in ("clone", "clone3"))
    return each, (many_lookups - few_lookups) / calls, threads


def load(program: Path, file: str, runs: int) -> float:
    """How long the loader takes for a library, in ms."""
    times: list[float] = []
    for _ in range(runs):
        run = subprocess.run([program, file], check=True, capture_output=True, text=True)
        times.append(json.loads(run.stdout)["load"] / 1e3)
    return statistics.median(times)
