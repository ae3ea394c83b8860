"""This device: the same id as in every language, sent when nothing else is, and an exception where there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import whop_license
from servers import DEVICE, Peer, Sandbox, a_membership
from whop_license import Api, Client, Status

PYTHON = Path(__file__).parents[1]
TESTS = PYTHON.parents[1] / "tests"
VECTORS = [line.split() for line in (TESTS / "device_v1.txt").read_text("utf-8").splitlines() if line[0] != "#"]
MACHINE = VECTORS[0][0]
ON_THIS_DEVICE = """
import sys, whop_license
product_id = sys.argv[1] if sys.argv[1] != "-" else None
with whop_license.Client("key", product_id=product_id) as client:
    try:
        print(client.device_id)
    except whop_license.NoDeviceId as error:
        try:
            client.validate_license("license")
        except whop_license.NoDeviceId as same:
            print(error.status.c_name, same.http_status)
"""


# As root, yet no more than a user.
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")


def on_machine(machine_id: str, program: str, *arguments: str, dbus: str = "-", run_by: tuple[str, ...] = ()) -> str:
    """What a Python program prints on a machine with these machine-ids."""
    machine = [str(TESTS / "support/on_machine.sh"), machine_id, dbus]
    command = [*machine, *run_by, sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=PYTHON, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


@pytest.mark.parametrize(("machine_id", "product_id", "device_id"), VECTORS)
def test_the_vectors_hold(machine_id: str, product_id: str, device_id: str) -> None:
    assert on_machine(machine_id, ON_THIS_DEVICE, product_id) == device_id


@pytest.mark.parametrize("machine_id", ["-", "", "uninitialized", "0" * 32])
def test_a_machine_that_cannot_be_told_from_others_is_an_exception(machine_id: str) -> None:
    assert on_machine(machine_id, ON_THIS_DEVICE, "-") == "WHOP_NO_DEVICE_ID None"


@pytest.mark.parametrize("machine_id", ["@fifo", "@device", "@socket", "@directory", "@link:machine-id"])
def test_what_is_no_file_is_an_exception_at_once(machine_id: str) -> None:
    assert on_machine(machine_id, ON_THIS_DEVICE, "-", dbus=MACHINE) == "WHOP_NO_DEVICE_ID None"


def test_whoever_may_not_read_the_machine_id_gets_no_other() -> None:
    unreadable, another = f"@unreadable:{MACHINE}", VECTORS[-1][0]
    assert on_machine(unreadable, ON_THIS_DEVICE, "-", dbus=another) == VECTORS[0][2]
    ordinary = on_machine(unreadable, ON_THIS_DEVICE, "-", dbus=another, run_by=WITHOUT_RIGHTS)
    assert ordinary == "WHOP_NO_DEVICE_ID None"


@pytest.mark.parametrize("machine_id", ["-", "", "@endless", "@link:/nowhere"])
def test_dbus_counts_where_systemd_has_none_for_anybody(machine_id: str) -> None:
    assert on_machine(machine_id, ON_THIS_DEVICE, "-", dbus=MACHINE) == VECTORS[0][2]


def test_the_call_without_a_client_binds_this_device_of_no_product(sandbox: Sandbox) -> None:
    key = sandbox.buy("plan_sandbox")
    program = "import sys, whop_license; print(whop_license.validate_license(*sys.argv[1:]).json)"
    assert json.loads(on_machine(MACHINE, program, sandbox.api_key, key))["metadata"] == {"hwid": VECTORS[0][2]}


def test_a_device_id_of_ones_own_is_sent_to_v2_under_the_key(peer: Peer) -> None:
    with Client("key", api="v2", base_url=peer.base_url, device_id="console-7") as client:
        assert client.device_id == "console-7"
        assert client.validate_license("license")
    with Client("key", api="v2", base_url=peer.base_url, device_id='é"', metadata_key="HWID") as client:
        assert client.validate_license("license")
        assert client.validate_license("license", {"deviceId": "a"})
    assert [body.decode() for body in peer.bodies] == [
        '{"metadata":{"hwid":"console-7"}}',
        '{"metadata":{"HWID":"é\\""}}',
        '{"metadata":{"deviceId":"a"}}',
    ]


@pytest.mark.parametrize("metadata_key", [None, "HWID"])
def test_a_device_id_of_ones_own_is_stored_by_the_current_api_under_the_key(
    peer: Peer, metadata_key: str | None
) -> None:
    stored = {metadata_key or "hwid": 'é"'}
    peer.first = [(200, a_membership(metadata={})), (200, a_membership(metadata={}))]
    peer.body = a_membership(metadata=stored)
    with Client("key", base_url=peer.base_url, device_id='é"', metadata_key=metadata_key) as client:
        assert client.validate_license("license")
        assert client.validate_license("license")
    assert peer.methods == ["GET", "PATCH", "GET", "GET"]
    assert [json.loads(body) for body in peer.bodies if body] == [{"metadata": stored}]


def test_a_device_is_bound_and_known_again_by_either_api(sandbox: Sandbox, api: Api) -> None:
    key = sandbox.buy("plan_sandbox")
    with (
        Client(sandbox.api_key, api=api, device_id="console-7") as client,
        Client(sandbox.api_key, api=api, device_id="console-8") as another,
    ):
        assert client.validate_license(key)
        assert client.validate_license(key, {"hwid": "console-7"})
        assert another.validate_license(key).status is Status.DEVICE_MISMATCH


def test_another_metadata_key_is_another_lock_of_the_current_api_alone(sandbox: Sandbox, api: Api) -> None:
    key = sandbox.buy("plan_sandbox")
    with Client(sandbox.api_key, api=api) as client, Client(sandbox.api_key, api=api, metadata_key="HWID") as other:
        assert client.validate_license(key, DEVICE)
        assert other.validate_license(key, {"HWID": "x"}).valid is (api == "current")


@pytest.mark.parametrize("setting", ["device_id", "metadata_key"])
@pytest.mark.parametrize("value", ["", " ", "a\0b", "a\nb", "x" * 1025])
def test_what_is_no_id_is_refused_by_name(setting: str, value: str) -> None:
    settings: dict[str, Any] = {setting: value}
    with pytest.raises(whop_license.InvalidArgument, match=setting):
        Client("key", **settings)


def test_no_device_is_called_as_the_relay_frees_one() -> None:
    with pytest.raises(whop_license.InvalidArgument, match="device_id: begins with released:"):
        Client("key", device_id="released:1790000000")


def test_a_closed_client_has_no_device_id() -> None:
    client = Client("key", device_id="console-7")
    client.close()
    with pytest.raises(ValueError, match="the client is closed"):
        _ = client.device_id


def test_the_exception_says_what_to_do() -> None:
    assert issubclass(whop_license.NoDeviceId, LookupError)
    assert "set a device id" in Status.NO_DEVICE_ID.meaning
