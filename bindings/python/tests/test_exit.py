"""The exit of Python waits for no check that is pending."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mute import Mute
from servers import DEVICE

PYTHON = Path(__file__).parents[1]
# Each begins 50 checks of `client` and waits for `line()`.
PENDING = {
    "tasks that nobody cancels": """
loop = asyncio.new_event_loop()
tasks = [loop.create_task(client.avalidate_license("license", device)) for _ in range(50)]
loop.run_until_complete(asyncio.to_thread(line))
for task in tasks:
    task._log_destroy_pending = False
""",
    "tasks that asyncio cancels": """
async def main():
    tasks = [asyncio.create_task(client.avalidate_license("license", device)) for _ in range(50)]
    await asyncio.to_thread(line)
asyncio.run(main())
""",
    "daemon threads": """
for _ in range(50):
    threading.Thread(target=client.validate_license, args=("license", device), daemon=True).start()
line()
""",
}


@pytest.mark.parametrize("pending", PENDING)
def test_exit_does_not_wait_for(mute: Mute, pending: str) -> None:
    program = f"""
import asyncio, sys, threading, whop_license
client = whop_license.Client("key", base_url={mute.base_url()!r}, timeout=60)
device, line = {DEVICE}, sys.stdin.readline
{PENDING[pending]}
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PYTHON,
    ) as process:
        assert mute.is_asked(50)
        begin = time.monotonic()
        printed, _ = process.communicate("\n", timeout=20)
        took = time.monotonic() - begin
    assert (process.returncode, printed) == (0, "")
    assert took < 5
    print(f"exit took {took * 1000:.0f} ms")
    assert mute.is_left(50)
