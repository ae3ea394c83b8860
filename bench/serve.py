"""Runs the servers until it is stopped, and prints what a contender needs as lines for a shell."""

import signal
import sys
from pathlib import Path

from servers import run_servers

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())
    programs = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "target" / "debug"
    with run_servers(ROOT / "target" / "bench" / "serve", programs) as servers:
        for name, value in servers.environment().items():
            print(f"export {name}='{value}'", flush=True)
        signal.pause()
