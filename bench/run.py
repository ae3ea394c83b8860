"""Measures all contenders in turn: `make bench`. Prints the tables and writes target/bench/results.json.

Usage: run.py --library-file FILE --programs FOLDER [--only "warm threads"] [--rounds N]
              [--libraries "[LABEL=]FILE ..."] [--docs]
"""

from __future__ import annotations

import argparse
import fcntl
import os
import platform
import signal
import subprocess
import sys
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import build
import picture
import report
import results
from figures import FIGURES
from measuring import Run
from servers import run_servers

DOCUMENT = build.ROOT / "docs" / "performance.md"
#: The figures that take more than the contenders in C.
PYTHON_AND_CSHARP = {"process", "first", "cold", "warm"}
RUST = {"warm", "parts"}


def main() -> None:
    """Does what the command line says."""
    # So that the servers end with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description="Measures all contenders in turn.")
    parser.add_argument("--library-file", type=Path, required=True, help="the library that is shipped")
    parser.add_argument("--programs", type=Path, required=True, help="where whop-sandbox and whop-relay are")
    parser.add_argument("--only", default="", help=f"some of: {' '.join(FIGURES)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--libraries", default="", help="FILE in place of the shipped one, LABEL=FILE beside it")
    parser.add_argument("--docs", action="store_true", help="writes the tables and the picture into docs/ as well")
    arguments = parser.parse_args()
    chosen = arguments.only.split() or list(FIGURES)
    if unknown := set(chosen) - set(FIGURES):
        parser.error(f"--only {' '.join(unknown)}: not one of {' '.join(FIGURES)}")
    if arguments.docs and (arguments.only or arguments.libraries):
        parser.error("--docs is for whole runs of the shipped library")

    files = {"ours": arguments.library_file}
    for word in arguments.libraries.split():
        label, _, path = word.rpartition("=")
        files[f"ours:{label}" if label else "ours"] = Path(path)
    if missing := [str(file) for file in files.values() if not file.exists()]:
        sys.exit(f"missing: {' '.join(missing)}")
    build.OUT.mkdir(parents=True, exist_ok=True)
    with (build.OUT / "lock").open("w", encoding="utf-8") as lock:
        # Two runs at once would measure each other, and write the same files.
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = measure(chosen, arguments.rounds, files, arguments.programs)
    found.write(build.OUT / "results.json")
    print(report.markdown(found))
    picture.draw(found, build.OUT)
    if arguments.docs:
        report.write_into(DOCUMENT, found)
        picture.draw(found, DOCUMENT.parent)


def measure(chosen: list[str], rounds: int, files: dict[str, Path], programs: Path) -> results.Results:
    """All rounds."""
    found = results.begin(rounds, versions())
    contenders = {"c": build.c(build.libraries(files))}
    if PYTHON_AND_CSHARP.intersection(chosen):
        contenders["python"] = build.python(files["ours"])
        contenders["csharp"] = build.csharp(files["ours"])
    if RUST.intersection(chosen):
        contenders["rust"] = [build.rust()]
    cores = sorted(os.sched_getaffinity(0))
    last = str(cores[-1])
    apart = ("taskset", "-c", ",".join(map(str, cores[:-1])) or last)
    with ExitStack() as stack:
        servers = stack.enter_context(run_servers(build.OUT / "servers", programs, core=cores[-1]))
        shared = stack.enter_context(run_servers(build.OUT / "shared", programs))
        run = Run(build.OUT, programs, servers, shared, apart, ("taskset", "-c", last), contenders, files, found)
        for run.round in range(rounds):
            for name in chosen:
                print(f"round {run.round + 1} of {rounds}: {name}", file=sys.stderr)
                FIGURES[name](run)
    return found


def versions() -> dict[str, str]:
    """Of what the library is measured against."""
    packages = {name: version(name) for name in ("requests", "httpx", "urllib3")}
    flags = ["pkg-config", "--modversion", "libcurl", "openssl"]
    curl, openssl = subprocess.run(flags, check=True, capture_output=True, text=True).stdout.split()
    return {"libcurl": curl, "OpenSSL": openssl, "Python": platform.python_version()} | packages


if __name__ == "__main__":
    main()
