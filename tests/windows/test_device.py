"""This device: the id that the frozen recipe makes of the registry's MachineGuid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import wine
from conftest import Workshop
from servers import Sandbox

TABLE = (wine.ROOT / "tests/device_v1.txt").read_text("utf-8").splitlines()
# A program of C is given its arguments in another encoding than UTF-8.
VECTORS = [line.split() for line in TABLE if line[0] != "#" and line.isascii()]
MACHINE = VECTORS[0][0]
KEY = r"HKLM\Software\Microsoft\Cryptography"


@pytest.fixture(autouse=True)
def original_guid() -> Iterator[None]:
    """Has the registry as it was."""
    queried = wine.run("reg", "query", KEY, "/v", "MachineGuid").split()
    yield
    set_guid(queried[-1])


def set_guid(guid: str) -> None:
    wine.run("reg", "add", KEY, "/v", "MachineGuid", "/d", guid, "/f")


def hyphenated(machine: str) -> str:
    """As Windows writes it."""
    return "-".join((machine[:8], machine[8:12], machine[12:16], machine[16:20], machine[20:]))


def device_id(workshop: Workshop, program: Path, product_id: str, api_key: str = "-") -> str:
    return workshop.run(program, product_id, api_key).strip()


@pytest.mark.parametrize("source", ["tests/c/device.c", "tests/cpp/device.cpp"])
def test_the_vectors_hold(workshop: Workshop, source: str) -> None:
    program = workshop.compile(source)
    for machine, product_id, expected in VECTORS:
        set_guid(hyphenated(machine))
        assert device_id(workshop, program, product_id) == expected


def test_the_id_of_the_system_as_installed_lasts_and_is_another_for_each_product(workshop: Workshop) -> None:
    program = workshop.compile("tests/c/device.c")
    first, second = (device_id(workshop, program, "prod_sandbox") for _ in range(2))
    assert first == second and len(first) == 64
    assert device_id(workshop, program, "prod_another") != first


def test_it_is_what_a_check_sends(workshop: Workshop, sandbox: Sandbox) -> None:
    set_guid(hyphenated(MACHINE))
    program = workshop.compile("tests/c/device.c")
    assert device_id(workshop, program, "-", sandbox.api_key) == VECTORS[0][2]


@pytest.mark.parametrize("guid", ["00000000-0000-0000-0000-000000000000", "not a guid"])
def test_a_machine_that_cannot_be_told_from_others_has_none(workshop: Workshop, guid: str) -> None:
    set_guid(guid)
    assert device_id(workshop, workshop.compile("tests/c/device.c"), "-") == "WHOP_NO_DEVICE_ID"


def test_a_machine_without_a_guid_has_none(workshop: Workshop) -> None:
    wine.run("reg", "delete", KEY, "/v", "MachineGuid", "/f")
    assert device_id(workshop, workshop.compile("tests/c/device.c"), "-") == "WHOP_NO_DEVICE_ID"
