"""The main job as one story: four programs in four languages, against a Whop on this machine.

Stops with an error when a program says anything but what the story wants. Run it with `make demo`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import whop_license

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = {
    "C": [ROOT / "target/examples/c/check_license"],
    "C++": [ROOT / "target/examples/cpp/check_license"],
    "Python": [sys.executable, ROOT / "examples/python/check_license.py"],
    "C#": ["mono", ROOT / "target/csharp/CheckLicense.exe"],
}
IN_COLOR = ("\033[1m", "\033[32m", "\033[31m", "\033[33m", "\033[0m")
BOLD, GREEN, RED, YELLOW, PLAIN = IN_COLOR if sys.stdout.isatty() else [""] * 5
COLORS = {"allowed": GREEN, "denied": RED, "cannot tell": YELLOW}
PRODUCT = "prod_sandbox"


@contextmanager
def sandbox() -> Iterator[int]:
    """A Whop on a free port of this machine."""
    with subprocess.Popen([ROOT / "target/debug/whop-sandbox"], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline().removeprefix("PORT="))
        finally:
            process.terminate()


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
    """Numbered steps, most of them told by all programs."""

    def __init__(self) -> None:
        self.step = 0

    def begin(self, title: str, about: str) -> None:
        """Says what is going to be done."""
        self.step += 1
        print(f"\n{BOLD}{self.step}. {title}{PLAIN}\n   {about}")

    def say(self, who: str, said: str, expected: str, error: str = "") -> None:
        """Says what came of it, which must be what is expected."""
        print(f"   {who:7} {COLORS.get(said.split(':')[0], PLAIN)}{said}{PLAIN}", flush=True)
        if not said.startswith(expected):
            sys.exit(f"the story wanted {expected!r}: {error}")

    def tell(self, title: str, expected: str, api_key: str, license_key: str, device: str | None = None) -> None:
        """Runs every program; on this device if none is named."""
        self.begin(title, f"{license_key} on {device or 'this device'}")
        for language, command in PROGRAMS.items():
            arguments = [api_key, license_key, *([device] if device else [])]
            run = subprocess.run([*command, *arguments], capture_output=True, text=True)
            self.say(language, run.stdout.strip(), expected, f"exit code {run.returncode}, {run.stderr}")


def check_by_v2(api_key: str, license_key: str, device: str) -> str:
    """What a server is told that still speaks API v2."""
    with whop_license.Client(api_key, api="v2", product_id=PRODUCT, device_id=device) as client:
        result = client.validate_license(license_key)
    return f"allowed: until {result.expires_at:%Y-%m-%d}" if result else f"denied: {result.reason}: {result.message}"


def main() -> None:
    """The story."""
    story = Story()
    with sandbox() as port:
        print(f"A Whop on your own machine: http://127.0.0.1:{port}/")
        key, active = f"sandbox_{port}_full", "SANDBOX-ACTIVE"

        story.tell(
            "The first check binds the license to this device; again is fine", "allowed: until", key, active, "laptop"
        )
        story.tell("From another device: refused, with a hint", "denied: WHOP_DEVICE_MISMATCH", key, active, "desktop")
        post(port, f"memberships/{active}/reset")
        story.tell("The buyer resets the key at Whop: fine", "allowed: until", key, active, "desktop")
        bought = buy(port, "plan_sandbox")
        if has_device_id():
            story.tell("Without a device id of yours: bound to this one", "allowed: until", key, bought)
            story.tell("So another is refused", "denied: WHOP_DEVICE_MISMATCH", key, bought, "desktop")
        else:
            story.tell("Not on a machine without identity, a container", "cannot tell: WHOP_NO_DEVICE_ID", key, bought)
        story.tell("Bought once, for good", "allowed: does not expire", key, "SANDBOX-COMPLETED", "laptop")
        story.tell("Expired", "denied: WHOP_LICENSE_INACTIVE", key, "SANDBOX-EXPIRED", "laptop")
        story.tell(
            "A license of another product", "denied: WHOP_PRODUCT_MISMATCH", key, "SANDBOX-OTHER-PRODUCT", "laptop"
        )
        story.tell("A typing error", "denied: WHOP_LICENSE_NOT_FOUND", key, "SANDBOX-ACTVIE", "laptop")
        revoked = f"sandbox_{port}_revoked"
        story.tell("Whop has revoked the API key: nobody is locked out", "cannot tell:", revoked, active, "desktop")

        with whop_license.Client(key) as seller:
            story.begin("The seller's own tool frees a device", active)
            story.say("Python", seller.reset_license(active).message, "The device is free")
            story.tell("So the next one is bound", "allowed: until", key, active, "laptop")
            plan = seller.create_plan(product_id=PRODUCT, initial_price=19.99, currency="eur")
        story.tell(
            "The seller creates a plan (19.99 eur), somebody buys it, and the key works",
            "allowed:",
            key,
            buy(port, plan.id),
            "laptop",
        )
        story.begin("A server that still reaches API v2 is told the same", f"{active} on either")
        story.say("laptop", check_by_v2(key, active, "laptop"), "allowed: until")
        story.say("desktop", check_by_v2(key, active, "desktop"), "denied: device_mismatch")

    story.tell("Whop is down: neither yes nor no", "cannot tell: WHOP_UNREACHABLE", key, active, "desktop")
    print(f"\n{BOLD}That is the main job.{PLAIN} Now run the sandbox yourself: target/debug/whop-sandbox --port 8080")


if __name__ == "__main__":
    main()
