"""A contender: a program that checks licenses in one way, takes the commands of bench.c, and prints its figures."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field, replace


class CannotError(Exception):
    """What a contender has no way to do, such as a connection ahead of need."""


@dataclass(frozen=True)
class Contender:
    """A program that checks licenses in one way."""

    name: str
    #: The words that start it; a command follows.
    program: tuple[str, ...]
    #: What it needs beside what the servers say.
    variables: dict[str, str] = field(default_factory=dict)

    def after(self, *words: str) -> Contender:
        """The same, started by another program, such as one that chooses its cores."""
        return replace(self, program=(*words, *self.program))

    def environment(self, servers: dict[str, str]) -> dict[str, str]:
        """Its whole environment, without the user's proxies and authorities, which would go before what it is told."""
        theirs = ("_proxy", "_ca_bundle", "ssl_cert_file", "ssl_cert_dir")
        inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith(theirs)}
        return inherited | servers | self.variables

    def run(self, servers: dict[str, str], *command: object) -> str:
        """Runs it, and gives what it printed."""
        return self.run_by([*self.program, *map(str, command)], servers).stdout

    def run_by(self, words: list[str], servers: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Runs it with a program that measures it."""
        run = subprocess.run(words, env=self.environment(servers), capture_output=True, text=True)
        if run.returncode == 3:
            raise CannotError(self.name)
        if run.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: {run.returncode}: {run.stderr.strip()[-500:]}")
        return run

    def measure(self, servers: dict[str, str], *command: object) -> dict[str, float]:
        """Lets it measure itself."""
        figures: dict[str, float] = json.loads(self.run(servers, *command).splitlines()[-1])
        return figures
