"""What every contender in Python is told, and how it is measured from a cold start.

Usage: contender.py NAME verdict | first | cold N | warm N
"""

from __future__ import annotations

# No more than this: what is imported here takes part in the time of a process.
import os
import sys
import time
from importlib import import_module

#: The version of the current API that the library asks for.
DATE = "2026-09-23"


class Target:
    """What to check, and where: the environment says it."""

    def __init__(self) -> None:
        self.url = os.environ["BENCH_URL"]
        self.ca_file = os.environ["BENCH_CA_FILE"]
        self.api_key = os.environ["BENCH_API_KEY"]
        self.license_key = os.environ["BENCH_LICENSE_KEY"]
        self.device = os.environ["BENCH_DEVICE"]
        self.product = os.environ["BENCH_PRODUCT"]

    @property
    def headers(self) -> dict[str, str]:
        """Of a request that is written by hand."""
        return {"Accept": "application/json", "Api-Version-Date": DATE, "Authorization": f"Bearer {self.api_key}"}

    @property
    def membership(self) -> str:
        """Where the membership is read."""
        return f"{self.url}/api/v1/memberships/{self.license_key}"

    def allows(self, status: int, answer: dict[str, object]) -> bool:
        """The verdict that a careful hand writes: this license, valid, of this product, bound to this device."""
        return (
            status == 200
            and answer.get("license_key") == self.license_key
            and answer.get("product_id") == self.product
            and answer.get("metadata") == {"hwid": self.device}
            and answer.get("status") in ("active", "trialing", "completed", "past_due", "canceling")
        )


class Contender:
    """A way to check a license."""

    def __init__(self, target: Target) -> None:
        raise NotImplementedError

    def check(self) -> bool:
        """One check."""
        raise NotImplementedError

    def close(self) -> None:
        """Closes what is kept."""
        raise NotImplementedError


def contender(name: str) -> type[Contender]:
    """The class of a contender; its libraries are loaded."""
    chosen: type[Contender] = import_module(f"with_{name}").Client
    return chosen


def main(name: str, command: str, count: int = 1) -> None:
    """Measures, and prints one line of JSON."""
    start = time.perf_counter()
    target = Target()
    client_of = contender(name)
    if command == "warm":
        kept = client_of(target)
        for _ in range(count // 10 + 1):
            _check(kept)
    times = []
    before = time.process_time()
    for _ in range(count):
        if command != "first":
            start = time.perf_counter()
        client = kept if command == "warm" else client_of(target)
        _check(client)
        times.append((time.perf_counter() - start) * 1e6)
        if command != "warm":
            client.close()
    cpu = (time.process_time() - before) * 1e6 / count
    times.sort()
    print(f'{{"p50": {times[count // 2]:.2f}, "p99": {times[count * 99 // 100]:.2f}, "cpu": {cpu:.2f}}}')


def _check(client: Contender) -> None:
    if not client.check():
        sys.exit("a check failed")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
