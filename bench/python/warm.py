"""Checks with one client, timed by pyperf one by one: warm.py NAME, and pyperf's options."""

from __future__ import annotations

import argparse

import pyperf

from contender import Target, contender


def add_name(command: list[str], arguments: argparse.Namespace) -> None:
    """Passes the name on to pyperf's worker process."""
    command.append(arguments.name)


def main() -> None:
    """Measures the contender of that name."""
    runner = pyperf.Runner(add_cmdline_args=add_name)
    runner.argparser.add_argument("name")
    name = runner.parse_args().name
    client = contender(name)(Target())
    if not client.check():
        raise SystemExit("a check failed")
    runner.bench_func(f"warm {name}", client.check)
    client.close()


if __name__ == "__main__":
    main()
