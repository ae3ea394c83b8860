"""This device: the id that the frozen recipe makes of the registry's MachineGuid."""

from __future__ import annotations

from pathlib import Path

import pytest

import windows_python
from conftest import VECTORS, Guid, Workshop
from servers import Sandbox

MACHINE = VECTORS[0][0]
IN_PYTHON = """
import sys, whop_license
with whop_license.Client("key", product_id=sys.argv[1] if sys.argv[1] != "-" else None) as client:
    print(client.device_id)
"""


def device_id(workshop: Workshop, program: Path, product_id: str, api_key: str = "-") -> str:
    return workshop.run(program, product_id, api_key).strip()


def test_the_vectors_hold(workshop: Workshop, guid: Guid) -> None:
    programs = [workshop.compile(source) for source in ("tests/c/device.c", "tests/cpp/device.cpp")]
    windows_python.install(workshop.folder)
    for machine, product_id, expected in VECTORS:
        guid.set(machine)
        assert windows_python.run(workshop.folder, IN_PYTHON, product_id).strip() == expected
        # A program of C is given its arguments in another encoding than UTF-8.
        for program in programs if product_id.isascii() else []:
            assert device_id(workshop, program, product_id) == expected


def test_the_id_of_the_system_as_installed_lasts_and_is_another_for_each_product(workshop: Workshop) -> None:
    program = workshop.compile("tests/c/device.c")
    first, second = (device_id(workshop, program, "prod_sandbox") for _ in range(2))
    assert first == second
    assert len(first) == 64
    assert device_id(workshop, program, "prod_another") != first


def test_it_is_what_a_check_sends(workshop: Workshop, sandbox: Sandbox, guid: Guid) -> None:
    guid.set(MACHINE)
    program = workshop.compile("tests/c/device.c")
    assert device_id(workshop, program, "-", sandbox.api_key) == VECTORS[0][2]


@pytest.mark.parametrize("text", ["00000000-0000-0000-0000-000000000000", "not a guid"])
def test_a_machine_that_cannot_be_told_from_others_has_none(workshop: Workshop, guid: Guid, text: str) -> None:
    guid.write(text)
    assert device_id(workshop, workshop.compile("tests/c/device.c"), "-") == "WHOP_NO_DEVICE_ID"


def test_a_machine_without_a_guid_has_none(workshop: Workshop, guid: Guid) -> None:
    guid.delete()
    assert device_id(workshop, workshop.compile("tests/c/device.c"), "-") == "WHOP_NO_DEVICE_ID"
