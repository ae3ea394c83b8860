"""The command line whop-license."""

from __future__ import annotations

import pytest

import wine
from conftest import BUILT, VECTORS, Guid, Relay
from servers import Sandbox

COMMAND = BUILT / "whop-license.exe"
PRODUCT = ("--product", "prod_sandbox")


@pytest.mark.parametrize(("license_key", "code"), [("SANDBOX-ACTIVE", 0), ("SANDBOX-CANCELED", 1)])
def test_it_asks_the_relay(relay: Relay, license_key: str, code: int) -> None:
    asked = ("--relay", relay.url, "--public-keys", relay.public_key)
    wine.run(COMMAND, "check", license_key, *PRODUCT, *asked, "--device-id", "my-device", expected=code)


@pytest.mark.parametrize(
    ("license_key", "code"), [("SANDBOX-ACTIVE", 0), ("SANDBOX-OTHER-DEVICE", 1), ("SANDBOX-500", 2)]
)
def test_it_asks_whop(sandbox: Sandbox, license_key: str, code: int) -> None:
    env = {"WHOP_API_KEY": sandbox.api_key}
    wine.run(COMMAND, "check", license_key, *PRODUCT, "--device-id", "my-device", expected=code, env=env)


def test_it_tells_the_id_of_this_device(guid: Guid) -> None:
    for machine, product_id, device_id in VECTORS:
        guid.set(machine)
        if product_id != "-":
            assert wine.run(COMMAND, "device-id", "--product", product_id).split()[0] == device_id
