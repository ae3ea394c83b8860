"""The main job as one story: programs in four languages that hold no key, a relay, and a Whop on this machine.

Stops with an error when a program says anything but what the story wants. Run it with `make demo`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import whop_license
from platforms import TARGET_DIR

ROOT = Path(__file__).resolve().parents[1]
DEBUG = TARGET_DIR / "debug"
SHIPPED = {
    "C": [ROOT / "target/examples/c/check_license"],
    "C++": [ROOT / "target/examples/cpp/check_license"],
    "Python": [sys.executable, ROOT / "examples/python/check_license.py"],
    "C#": ["mono", ROOT / "target/csharp/CheckLicense.exe"],
}
ON_SERVERS = {
    "C": [ROOT / "target/examples/c/check_on_server"],
    "C++": [ROOT / "target/examples/cpp/check_on_server"],
    "Python": [sys.executable, ROOT / "examples/python/check_on_server.py"],
    "C#": ["mono", ROOT / "target/csharp/CheckOnServer.exe"],
}
IN_COLOR = ("\033[1m", "\033[32m", "\033[31m", "\033[33m", "\033[0m")
BOLD, GREEN, RED, YELLOW, PLAIN = IN_COLOR if sys.stdout.isatty() else [""] * 5
COLORS = {"allowed": GREEN, "allowed offline": GREEN, "denied": RED, "cannot tell": YELLOW}
PRODUCT, ACTIVE = "prod_sandbox", "SANDBOX-ACTIVE"
HOUR = 60 * 60


@contextmanager
def started(*command: str | Path) -> Iterator[tuple[IO[str], subprocess.Popen[str]]]:
    """A program, with its output. It ends with this."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout, process
        finally:
            process.terminate()


@contextmanager
def sandbox() -> Iterator[int]:
    """A Whop on a free port of this machine."""
    with started(DEBUG / "whop-sandbox") as (output, _):
        yield int(output.readline().removeprefix("PORT="))


class Relay:
    """A relay on a free port, with its keys in a folder."""

    def __init__(self, folder: Path, whop: str, api_key: str) -> None:
        self.whop, self.api_key, self.signing_key = whop, folder / "api-key", folder / "signing-key.pem"
        self.change_api_key(api_key)
        keygen = [DEBUG / "whop-relay", "keygen", self.signing_key]
        self.public_key = subprocess.run(keygen, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        self.settings = ["--base-url", whop, "--api-key-file", self.api_key, "--product", PRODUCT]

    def change_api_key(self, api_key: str) -> None:
        """Writes the file, for its owner alone."""
        self.api_key.touch(mode=0o600)
        self.api_key.write_text(api_key, encoding="utf-8")

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The relay's address, while it runs."""
        listen = ["--listen", "127.0.0.1:0", "--signing-key-file", self.signing_key]
        with started(DEBUG / "whop-relay", "serve", *listen, *self.settings) as (output, process):
            yield output.readline().strip().removeprefix("LISTENING=")
            process.send_signal(signal.SIGTERM)

    def release(self, license_key: str, device: str) -> str:
        """What the seller does on the relay's machine."""
        command = [DEBUG / "whop-relay", "release", license_key, device, *self.settings]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def post(port: int, path: str, body: bytes = b"") -> bytes:
    """Does at the sandbox what a buyer does at Whop."""
    url = f"http://127.0.0.1:{port}/sandbox/{path}"
    with urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"})) as answer:
        return answer.read()


def buy(port: int, plan_id: str) -> str:
    """Buys the plan; the buyer's license key."""
    return json.loads(post(port, "purchases", json.dumps({"plan": plan_id}).encode()))["license_key"]


def has_device_id() -> bool:
    """Whether this machine can be told from others."""
    try:
        with whop_license.Client("key") as client:
            return bool(client.device_id)
    except whop_license.NoDeviceId:
        return False


class Story:
    """Numbered steps, most of them told by all programs, each of which keeps its leases in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.step = 0
        self.folder = folder
        # Preloaded, it lets the story set the clock of a program.
        self.clock = folder / "clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.clock, ROOT / "scripts/clock.c"], check=True)

    def begin(self, title: str, about: str) -> None:
        """Says what is going to be done."""
        self.step += 1
        print(f"\n{BOLD}{self.step}. {title}{PLAIN}\n   {about}")

    def say(self, who: str, said: str, expected: str, error: str = "") -> None:
        """Says what came of it, in which each part of what is expected must be."""
        print(f"   {who:7} {COLORS.get(said.split(':')[0], PLAIN)}{said}{PLAIN}", flush=True)
        parts = expected.split(" … ")
        if not said.startswith(parts[0]) or any(part not in said for part in parts[1:]):
            sys.exit(f"the story wanted {expected!r}: {error}")

    def run(self, programs: dict[str, list[str | Path]], computer: str, arguments: list[str], expected: str) -> None:
        """Runs every program, on a computer with a clock and files of its own."""
        computer, _, hours = computer.partition("+")
        clock = {"LD_PRELOAD": str(self.clock), "CLOCK_OFFSET": str(int(float(hours) * HOUR))} if hours else {}
        for language, command in programs.items():
            files = self.folder / f"{computer} {language}"
            files.mkdir(exist_ok=True)
            environment = {**os.environ, **clock}
            run = subprocess.run(
                [*command, *arguments], capture_output=True, text=True, cwd=files, env=environment, check=False
            )
            self.say(language, run.stdout.strip(), expected, f"exit code {run.returncode}, {run.stderr}")

    def tell(self, title: str, expected: str, relay: tuple[str, str], license_key: str, computer: str = "") -> None:
        """What the programs say that customers have: on this device, or `DEVICE+HOURS`, whose clock is ahead."""
        device = computer.partition("+")[0]
        self.begin(title, f"{license_key} on {device or 'this device'}")
        self.run(SHIPPED, computer, [*relay, license_key, *([device] if device else [])], expected)

    def tell_on_server(self, title: str, expected: str, api_key: str, license_key: str, device: str) -> None:
        """What the programs say that hold a key and ask Whop themselves."""
        self.begin(title, f"{license_key} on {device}")
        self.run(ON_SERVERS, "server", [api_key, license_key, device], expected)


def with_a_relay(story: Story, port: int, relay: Relay) -> None:
    """What the programs are told while all is well, and when an API key is not."""
    with relay.serving() as url:
        asked = url, relay.public_key
        print(f"A Whop on your own machine: http://127.0.0.1:{port}/\nand a relay: {url}\nprograms hold {asked[1]}")
        bought = buy(port, "plan_sandbox")
        story.tell("Bought, and bound at the first check; again is fine", "allowed: until", asked, bought, "laptop")
        story.tell("On a second device: refused", "denied: WHOP_DEVICE_MISMATCH", asked, bought, "desktop")
        story.begin("The seller frees the device, on the relay's machine", "whop-relay release")
        story.say("relay", relay.release(bought, "laptop"), "released: 1")
        print("   Whop is asked about a license again 10 seconds after the last time", flush=True)
        time.sleep(10)
        story.tell("So the next one is bound", "allowed: until", asked, bought, "tower")
        if has_device_id():
            mine = buy(port, "plan_sandbox")
            story.tell("Without a device id of yours: bound to this one", "allowed: until", asked, mine)
        else:
            story.tell("A container has no identity", "cannot tell: WHOP_NO_DEVICE_ID", asked, ACTIVE)
        story.tell("Bought once, for good", "allowed: does not expire", asked, "SANDBOX-COMPLETED", "laptop")
        story.tell("Expired", "denied: WHOP_LICENSE_INACTIVE", asked, "SANDBOX-EXPIRED", "laptop")
        story.tell("Of another product", "denied: WHOP_PRODUCT_MISMATCH", asked, "SANDBOX-OTHER-PRODUCT", "laptop")
        story.tell("A typing error", "denied: WHOP_LICENSE_NOT_FOUND", asked, "SANDBOX-ACTVIE", "laptop")
        story.tell("The one that the others are about", "allowed: until", asked, ACTIVE, "laptop")


def without_answers(story: Story, port: int, relay: Relay) -> None:
    """What the programs say when nobody answers, or somebody else does."""
    gone = "http://127.0.0.1:9", relay.public_key
    with relay.serving() as url:
        asked = url, relay.public_key
        story.tell("Whop is down: the lease, in words", "allowed offline: … the lease … (503)", asked, ACTIVE, "laptop")
        story.tell("A stranger: neither yes nor no", "cannot tell: WHOP_SERVER_ERROR", asked, ACTIVE, "new")
    story.tell("No network: the lease", "allowed offline: … could not be reached", gone, ACTIVE, "laptop")
    with sandbox() as false_port:
        forged = f"http://127.0.0.1:{false_port}/false-relay/good", relay.public_key
        story.tell("A false relay says yes", "cannot tell: WHOP_UNTRUSTED", forged, ACTIVE, "new")
        story.tell("And harms no customer", "allowed offline: … not the relay's", forged, ACTIVE, "laptop")
    day_later = "laptop+24"
    story.tell("A day later, still no network", "allowed offline:", gone, ACTIVE, day_later)
    story.tell("The clock is set back", "cannot tell: WHOP_UNREACHABLE … the clock of this", gone, ACTIVE, "laptop")
    story.tell("The lease is over", "cannot tell: WHOP_UNREACHABLE … the lease ended", gone, ACTIVE, "laptop+73")


def on_servers(story: Story, port: int) -> None:
    """What a server or tool of the seller's does, which holds the API key."""
    key = f"sandbox_{port}_full"
    story.tell_on_server("A server of yours asks Whop itself", "allowed: until", key, ACTIVE, "laptop")
    story.tell_on_server("And another device", "denied: WHOP_DEVICE_MISMATCH", key, ACTIVE, "desktop")
    revoked = f"sandbox_{port}_revoked"
    story.tell_on_server("Its API key is revoked: nobody is locked out", "cannot tell:", revoked, ACTIVE, "desktop")
    with whop_license.Client(key) as seller:
        story.begin("The seller's own tool frees a device", ACTIVE)
        story.say("Python", seller.reset_license(ACTIVE).message, "The device is free")
        plan = seller.create_plan(product_id=PRODUCT, initial_price=19.99, currency="eur")
    bought = buy(port, plan.id)
    story.tell_on_server("And creates a plan (19.99 eur), which somebody buys", "allowed:", key, bought, "laptop")


def main() -> None:
    """The story."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        with sandbox() as port:
            relay = Relay(Path(folder), f"http://127.0.0.1:{port}/api", f"sandbox_{port}_full")
            with_a_relay(story, port, relay)
            on_servers(story, port)
        without_answers(story, port, relay)
    print(f"\n{BOLD}That is the main job.{PLAIN} Now run both yourself: target/debug/whop-sandbox --port 8080 --relay")


if __name__ == "__main__":
    main()
