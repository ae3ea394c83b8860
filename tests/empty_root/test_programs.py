"""The static programs run where nothing is but themselves: no library, no certificates, no /proc, no /tmp, no shell."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import lief
import pytest
from roots import PLATFORMS, STATIC, EmptyRoot, Machine, Whop, whop

DEVICE = "--device-id=machine-without-an-id"
PRODUCT = "--product=prod_sandbox"


@pytest.mark.parametrize("name", STATIC)
def test_programs_need_no_library_and_no_loader(name: str) -> None:
    programs = [file for file in PLATFORMS[name].folder.iterdir() if file.name.startswith("whop-")]
    assert programs
    for path in programs:
        program = lief.parse(path)
        assert isinstance(program, lief.ELF.Binary)
        assert not program.has_interpreter, path
        assert not program.libraries, path
        assert program.is_pie, f"{path}: it is at the same address in each run"


def test_a_license_is_checked_by_command_line_relay_and_sandbox_each_in_a_root_of_its_own(machine: Machine) -> None:
    relay, command_line = machine.root_of("whop-relay"), machine.root_of("whop-license")
    with whop(machine) as (sandbox, _):
        made = relay.run("keygen", "/signing-key.pem")
        assert made.returncode == 0, made.stderr
        settings = ["--signing-key-file=/signing-key.pem", PRODUCT, f"--base-url={sandbox.base_url}"]
        key = {"WHOP_RELAY_API_KEY": sandbox.api_key}
        looked = relay.run("check", *settings, **key)
        assert looked.returncode == 0, looked.stderr + looked.stdout
        with relay.serve("serve", "--listen=127.0.0.1:0", *settings, **key) as (line, _):
            ways = ["--relay", line.removeprefix("LISTENING="), "--public-keys", made.stdout.strip()]
            checked = command_line.run("check", "SANDBOX-ACTIVE", PRODUCT, DEVICE, *ways, "--json")
            assert checked.returncode == 0, checked.stderr + checked.stdout
            assert json.loads(checked.stdout)
            # Bound by the first check.
            denied = command_line.run("check", "SANDBOX-ACTIVE", PRODUCT, "--device-id=another", *ways)
            assert denied.returncode == 1, denied.stderr + denied.stdout
        lease = command_line.run("check", "SANDBOX-ACTIVE", PRODUCT, DEVICE, *ways)
        assert lease.returncode == 2, "the relay is away, and no lease file was named"
        left = {path.name for path in relay.folder.iterdir()}
        assert left <= {"whop-relay", "signing-key.pem", "log", "emulator"}


def test_a_lease_file_lets_the_command_line_work_offline(machine: Machine) -> None:
    relay, command_line = machine.root_of("whop-relay"), machine.root_of("whop-license")
    with whop(machine) as (sandbox, _):
        public_key = relay.run("keygen", "/signing-key.pem").stdout.strip()
        settings = ["--signing-key-file=/signing-key.pem", PRODUCT, f"--base-url={sandbox.base_url}"]
        with relay.serve("serve", "--listen=127.0.0.1:0", *settings, WHOP_RELAY_API_KEY=sandbox.api_key) as (line, _):
            ways = [
                "--relay",
                line.removeprefix("LISTENING="),
                "--public-keys",
                public_key,
                "--lease-file=/license.lease",
            ]
            checked = command_line.run("check", "SANDBOX-ACTIVE", PRODUCT, DEVICE, *ways)
            assert checked.returncode == 0, checked.stderr + checked.stdout
    offline = command_line.run("check", "SANDBOX-ACTIVE", PRODUCT, DEVICE, *ways)
    assert offline.returncode == 0, offline.stderr + offline.stdout


def test_a_machine_without_an_id_is_told_so(machine: Machine) -> None:
    told = machine.root_of("whop-license").run("device-id")
    assert told.returncode == 2
    assert "cannot be told from others" in told.stderr


@contextmanager
def name_server(address: str) -> Iterator[list[str]]:
    """Answers each question for an address with 127.0.0.1, and notes the names, as they are written there."""
    asked: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))

        def answer() -> None:
            while True:
                question, client = server.recvfrom(512)
                if not question:
                    return
                name, kind = question[12 : question.index(b"\0", 12) + 1], question[-4:-2]
                asked.append(name.decode())
                is_ipv4 = kind == b"\0\1"
                header = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_ipv4 else b"\0\0") + bytes(4)
                record = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + bytes([127, 0, 0, 1]) if is_ipv4 else b""
                server.sendto(header + question[12:] + record, client)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield asked
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"", (address, 53))
            thread.join()


def test_names_are_looked_up_as_resolv_conf_says(machine: Machine) -> None:
    if os.getuid() != 0:
        pytest.skip("port 53, at which a name server must be, is root's")
    command_line = machine.root_of("whop-license")
    with whop(machine, "--tls", "--ca-file=/ca.pem") as (sandbox, _), name_server("127.0.0.77") as asked:
        url = f"https://whop.test:{sandbox.port}/api"
        check_directly(command_line, sandbox, url, 2)
        assert not asked, "no name server is known yet"
        (command_line.folder / "etc").mkdir()
        (command_line.folder / "etc/resolv.conf").write_text("nameserver 127.0.0.77\n")
        assert "certificate" in check_directly(command_line, sandbox, url, 2), (
            "it was reached, and has none of that name"
        )
        assert set(asked) == {"\x04whop\x04test\0"}


def test_certificates_are_checked_without_any_of_the_systems(machine: Machine) -> None:
    command_line = machine.root_of("whop-license")
    with whop(machine, "--tls", "--ca-file=/ca.pem") as (sandbox, root):
        (command_line.folder / "ca.pem").write_bytes((root.folder / "ca.pem").read_bytes())
        url = f"https://localhost:{sandbox.port}/api"
        check_directly(command_line, sandbox, url, 0, "--ca-file=/ca.pem")
        # By the authorities that are built in, which do not know the sandbox's.
        assert "certificate" in check_directly(command_line, sandbox, url, 2)


def check_directly(root: EmptyRoot, sandbox: Whop, url: str, code: int, *more: str) -> str:
    """Checks a license at this URL, and hands over what is said."""
    check = ["check", "SANDBOX-ACTIVE", PRODUCT, DEVICE, f"--base-url={url}", *more]
    done = root.run(*check, WHOP_API_KEY=sandbox.api_key)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
