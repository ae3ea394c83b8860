"""Programs in C and C++, the same that are run on Linux."""

from __future__ import annotations

import pytest

import wine
from conftest import Relay, Workshop
from servers import PUBLIC_KEYS, Sandbox, run_sandbox

KEYS = ",".join(PUBLIC_KEYS)
CPP = ("-Wconversion", "-Wshadow", "-fno-exceptions", "-fno-rtti")


def port(url: str) -> str:
    return url.rsplit(":", 1)[1]


def test_misuse_is_answered_and_harms_nothing(workshop: Workshop, sandbox: Sandbox) -> None:
    workshop.run(workshop.compile("tests/c/misuse.c"), sandbox.api_key)


@pytest.mark.parametrize("name", ["relay_misuse", "relay_threads"])
def test_misuse_and_threads_of_a_relays_client(workshop: Workshop, sandbox: Sandbox, away: str, name: str) -> None:
    program = workshop.compile(f"tests/c/{name}.c")
    workshop.run(program, sandbox.relay("good"), KEYS, away, wine.path(workshop.folder / "license.lease"))


@pytest.mark.parametrize("api", ["1", "2"])
def test_threads_that_share_a_client_get_their_own_answers(workshop: Workshop, sandbox: Sandbox, api: str) -> None:
    licenses = [sandbox.buy("plan_sandbox") for _ in range(32)]
    workshop.run(workshop.compile("tests/c/threads.c"), api, sandbox.api_key, *licenses)


def test_every_status_arrives_from_a_socket(
    workshop: Workshop, sandbox: Sandbox, another_sandbox: Sandbox, away: str
) -> None:
    table = wine.path(wine.ROOT / "tests/statuses.txt")
    program = workshop.compile("tests/c/statuses.c")
    workshop.run(program, table, str(sandbox.port), str(another_sandbox.port), port(away))


def test_every_setting_changes_what_a_call_does(
    workshop: Workshop, sandbox: Sandbox, another_sandbox: Sandbox, away: str
) -> None:
    program, ca_file = workshop.compile("tests/c/settings.c"), workshop.folder / "ca.pem"
    with run_sandbox("--rate-limit", "0", "--tls", "--ca-file", str(ca_file)) as tls:
        ports = [str(one.port) for one in (sandbox, another_sandbox, tls)]
        workshop.run(program, *ports, wine.path(ca_file), port(away))


def test_the_cpp_face_does_what_it_says(workshop: Workshop) -> None:
    program = workshop.compile("tests/cpp/client.cpp", *CPP)
    with run_sandbox("--rate-limit", "0") as sandbox:
        workshop.run(program, str(sandbox.port), KEYS, wine.path(workshop.folder / "license.lease"))


@pytest.mark.parametrize(
    ("source", "is_static"),
    [
        ("examples/c/check_license.c", False),
        ("examples/c/check_license.c", True),
        ("examples/cpp/check_license.cpp", False),
    ],
)
def test_an_example_is_told_yes_no_and_yes_without_network(
    workshop: Workshop, sandbox: Sandbox, away: str, source: str, is_static: bool
) -> None:
    example = workshop.compile(source, static=is_static)
    if is_static:
        (workshop.folder / "whop_license.dll").unlink()

    def says(url: str, expected: int) -> str:
        return workshop.run(example, url, KEYS, "SANDBOX-ACTIVE", "my-device", expected=expected)

    assert says(away, 2).startswith("cannot tell: WHOP_UNREACHABLE: ")
    assert says(sandbox.relay("good-for-ever"), 0) == "allowed: does not expire\n"
    assert says(away, 0).startswith("allowed offline: ")
    assert says(sandbox.relay("denied-device"), 1).startswith("denied: WHOP_DEVICE_MISMATCH: ")
    assert says(away, 2).startswith("cannot tell: WHOP_UNREACHABLE: ")


@pytest.mark.parametrize(
    ("license_key", "code", "begins"),
    [("SANDBOX-ACTIVE", 0, "allowed: "), ("SANDBOX-CANCELED", 1, "denied: WHOP_LICENSE_INACTIVE: ")],
)
def test_the_relay_answers(workshop: Workshop, relay: Relay, license_key: str, code: int, begins: str) -> None:
    example = workshop.compile("examples/c/check_license.c")
    assert workshop.run(example, relay.url, relay.public_key, license_key, expected=code).startswith(begins)
