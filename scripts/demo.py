"""The main job as one story: four programs in four languages, against a Whop on this machine.

Stops with an error when a program says anything but what the story wants. Run it with `make demo`.
"""

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
    """Numbered steps, each told by all programs."""

    def __init__(self) -> None:
        self.step = 0

    def tell(self, title: str, expected: str, api_key: str, license_key: str, device: str | None = None) -> None:
        """Runs every program, which must say what is expected; on this device if none is named."""
        self.step += 1
        print(f"\n{BOLD}{self.step}. {title}{PLAIN}\n   {license_key} on {device or 'this device'}")
        for language, command in PROGRAMS.items():
            arguments = [api_key, license_key, *([device] if device else [])]
            run = subprocess.run([*command, *arguments], capture_output=True, text=True)
            said = run.stdout.strip()
            color = COLORS.get(said.split(":")[0], PLAIN)
            print(f"   {language:7} {color}{said}{PLAIN}", flush=True)
            if not said.startswith(expected):
                sys.exit(f"the story wanted {expected!r}, and exit code {run.returncode} came with: {run.stderr}")


def main() -> None:
    """The story."""
    story = Story()
    with sandbox() as port:
        print(f"A Whop on your own machine: http://127.0.0.1:{port}/")
        shipped, own = f"sandbox_{port}_validate", f"sandbox_{port}_full"

        story.tell(
            "The first check binds the license to this device; again is fine",
            "allowed: until",
            shipped,
            "SANDBOX-ACTIVE",
            "laptop",
        )
        story.tell(
            "From another device: refused, with a hint",
            "denied: WHOP_DEVICE_MISMATCH",
            shipped,
            "SANDBOX-ACTIVE",
            "desktop",
        )
        post(port, "memberships/SANDBOX-ACTIVE/reset")
        story.tell("The buyer resets the key at Whop: fine", "allowed: until", shipped, "SANDBOX-ACTIVE", "desktop")
        key = buy(port, "plan_sandbox")
        if has_device_id():
            story.tell("Without a device id of yours: bound to this one", "allowed: until", shipped, key)
            story.tell("So another is refused", "denied: WHOP_DEVICE_MISMATCH", shipped, key, "desktop")
        else:
            story.tell("Not on a machine without identity, a container", "cannot tell: WHOP_NO_DEVICE_ID", shipped, key)
        story.tell("Bought once, for good", "allowed: does not expire", shipped, "SANDBOX-COMPLETED", "laptop")
        story.tell("Expired", "denied: WHOP_LICENSE_INACTIVE", shipped, "SANDBOX-EXPIRED", "laptop")
        story.tell(
            "A license of another product", "denied: WHOP_PRODUCT_MISMATCH", shipped, "SANDBOX-OTHER-PRODUCT", "laptop"
        )
        story.tell("A typing error", "denied: WHOP_LICENSE_NOT_FOUND", shipped, "SANDBOX-ACTVIE", "laptop")

        with whop_license.Client(own) as seller:
            plan = seller.create_plan(product_id="prod_sandbox", initial_price=19.99, base_currency="eur")
        price = f"{plan.initial_price} {plan.base_currency}"
        story.tell(
            f"The seller creates a plan ({price}), somebody buys it, and the key works",
            "allowed:",
            shipped,
            buy(port, plan.id),
            "laptop",
        )

    story.tell(
        "Whop is down: neither yes nor no", "cannot tell: WHOP_UNREACHABLE", shipped, "SANDBOX-ACTIVE", "desktop"
    )
    print(f"\n{BOLD}That is the main job.{PLAIN} Now run the sandbox yourself: target/debug/whop-sandbox --port 8080")


if __name__ == "__main__":
    main()
