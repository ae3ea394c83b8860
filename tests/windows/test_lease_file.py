"""The file in which leases are kept: its paths, and other programs that have it open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import windows_python
import wine
from servers import PUBLIC_KEYS, Sandbox

KEYS = ",".join(PUBLIC_KEYS)
# Checks some licenses, and prints how each was allowed.
CHECK = r"""
import os, sys, whop_license
relay_url, keys, lease_file, *license_keys = sys.argv[1:]
lease_file = os.path.expandvars(lease_file)
with whop_license.Client.relay(relay_url, keys.split(","), product_id="prod_sandbox", device_id="test-device",
                               lease_file=lease_file) as client:
    for license_key in license_keys:
        answer = client.validate_license(license_key)
        print("offline" if answer.is_offline else "online")
"""
# Keeps a file open as long as its standard input is. The letters say what others may do: read, write, delete.
HOLD = r"""
import ctypes, sys
READ, shared = 0x80000000, sum({"r": 1, "w": 2, "d": 4}[letter] for letter in sys.argv[2].strip("-"))
kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
kernel32.CreateFileW.restype = ctypes.c_void_p
handle = kernel32.CreateFileW(ctypes.c_wchar_p(sys.argv[1]), READ, shared, None, 4, 0, None)
assert handle != ctypes.c_void_p(-1).value, ctypes.get_last_error()
print("held", flush=True)
sys.stdin.read()
"""
LONG = "a folder of a long name with an ümlaut " * 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    windows_python.install(tmp_path)
    return tmp_path


def check(folder: Path, relay_url: str, lease_file: str, *license_keys: str) -> list[str]:
    return windows_python.run(folder, CHECK, relay_url, KEYS, lease_file, *license_keys).split()


@pytest.mark.parametrize("name", ["license.lease", "größe 日本語 🦀.lease", f"{LONG}/{LONG}/license.lease"])
def test_a_lease_is_kept_below_any_path(folder: Path, sandbox: Sandbox, away: str, name: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    assert (len(wine.path(file)) > 260) == (LONG in name)
    assert check(folder, sandbox.relay("good"), wine.path(file), "SANDBOX-ACTIVE") == ["online"]
    assert sorted(entry.name for entry in file.parent.glob("*.lease*")) == [file.name, f"{file.name}.lock"]
    assert check(folder, away, wine.path(file), "SANDBOX-ACTIVE") == ["offline"]


def test_a_lease_is_kept_in_the_users_own_folder(folder: Path, sandbox: Sandbox, away: str) -> None:
    [local] = wine.PREFIX.glob("drive_c/users/*/AppData/Local")
    lease_file = r"%LOCALAPPDATA%\license of a test.lease"
    try:
        assert check(folder, sandbox.relay("good"), lease_file, "SANDBOX-ACTIVE") == ["online"]
        assert (local / "license of a test.lease").is_file()
        assert check(folder, away, lease_file, "SANDBOX-ACTIVE") == ["offline"]
    finally:
        for file in local.glob("license of a test.lease*"):
            file.unlink()


def test_programs_that_write_at_once_lose_nothing(folder: Path, sandbox: Sandbox, away: str) -> None:
    file, groups = wine.path(folder / "license.lease"), [(f"KEY-{i}", f"KEY-{i}-TOO") for i in range(4)]
    relay_url = sandbox.relay("good")
    programs = [windows_python.start(folder, CHECK, relay_url, KEYS, file, *(group * 10)) for group in groups]
    for program in programs:
        output, errors = program.communicate(timeout=wine.LONGEST)
        assert output.split() == ["online"] * 20, errors
    for group in groups:
        assert check(folder, away, file, *group) == ["offline"] * 2


@contextmanager
def held(folder: Path, name: str, shared: str) -> Iterator[None]:
    """While another program has a file open."""
    holder = windows_python.start(folder, HOLD, wine.path(folder / name), shared)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    try:
        yield
    finally:
        holder.communicate()


def test_a_file_that_another_program_reads_is_replaced_when_it_is_closed(
    folder: Path, sandbox: Sandbox, away: str
) -> None:
    file, beside = wine.path(folder / "license.lease"), folder / "license.lease.new"
    assert check(folder, sandbox.relay("good"), file, "FIRST") == ["online"]
    # As the C library opens files: nobody else may delete or replace it.
    with held(folder, "license.lease", "rw"):
        waiting = windows_python.start(folder, CHECK, sandbox.relay("good"), KEYS, file, "SECOND")
        while not beside.exists():
            assert waiting.poll() is None
    output, errors = waiting.communicate(timeout=wine.LONGEST)
    assert output.split() == ["online"], errors
    assert check(folder, away, file, "FIRST", "SECOND") == ["offline"] * 2


def test_a_lock_that_is_never_freed_keeps_nobody_from_an_answer(folder: Path, sandbox: Sandbox, away: str) -> None:
    file = wine.path(folder / "license.lease")
    assert check(folder, sandbox.relay("good"), file, "FIRST") == ["online"]
    before = (folder / "license.lease").read_bytes()
    with held(folder, "license.lease.lock", "-"):
        assert check(folder, sandbox.relay("good"), file, "SECOND") == ["online"]
    assert (folder / "license.lease").read_bytes() == before
    assert check(folder, away, file, "FIRST") == ["offline"]


def test_a_file_of_another_kind_is_left_as_it_is(folder: Path, sandbox: Sandbox) -> None:
    file = folder / "license.lease"
    file.write_text("of another program", encoding="utf-8")
    assert check(folder, sandbox.relay("good"), wine.path(file), "SANDBOX-ACTIVE") == ["online"]
    assert file.read_text(encoding="utf-8") == "of another program"
