"""The examples in other languages decide as the one in C does, and free what they are given."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from languages import ENVIRONMENT, INCLUDE, LANGUAGES, LIBRARY, Command, Language, require, run


@dataclass
class Whop:
    """A sandbox with a relay before it."""

    process: subprocess.Popen[str]
    # The relay's address and public key.
    asked: tuple[str, str]

    def stop(self) -> None:
        """Ends both. Nobody answers there from then on."""
        self.process.terminate()
        self.process.wait()


@pytest.fixture
def whop() -> Iterator[Whop]:
    command = [os.environ["WHOP_SANDBOX"], "--relay"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        told = dict(process.stdout.readline().strip().split("=", 1) for _ in range(3))
        whop = Whop(process, (told["RELAY"], told["PUBLIC_KEY"]))
        yield whop
        whop.stop()


@dataclass
class Example:
    """A program in a folder of its own, where it keeps its leases."""

    command: Command
    folder: Path
    environment: dict[str, str] = field(default_factory=lambda: ENVIRONMENT)

    def says(self, *arguments: str) -> tuple[int, str]:
        """Its exit code and what it prints."""
        done = subprocess.run(
            [*self.command, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        print(done.stderr)  # shown where a test fails
        return done.returncode, done.stdout


@pytest.fixture(scope="module", params=LANGUAGES, ids=lambda language: language.name)
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """What runs the example of each language in turn."""
    language: Language = request.param
    require(language.by_setup, language.optional)
    return language.prepare(language.source, tmp_path_factory.mktemp("built"))


@pytest.fixture
def example(command: Command, tmp_path: Path) -> Example:
    # LuaJIT's reads it there.
    shutil.copy(INCLUDE / "whop_license.ffi.h", tmp_path)
    return Example(command, tmp_path)


def test_what_the_relay_allows_runs_on_without_it(example: Example, whop: Whop) -> None:
    assert example.says(*whop.asked, "SANDBOX-ACTIVE", "device") == (0, "allowed\n")
    whop.stop()
    assert example.says(*whop.asked, "SANDBOX-ACTIVE", "device") == (0, "allowed offline\n")


def test_a_canceled_license_is_denied_with_the_reason(example: Example, whop: Whop) -> None:
    code, printed = example.says(*whop.asked, "SANDBOX-CANCELED", "device")
    assert (code, printed.count("\n")) == (1, 1)
    assert printed.startswith("denied: WHOP_LICENSE_INACTIVE: The license is not active")


def test_the_device_id_is_passed_on(example: Example, whop: Whop) -> None:
    assert example.says(*whop.asked, "SANDBOX-TRIALING", "desktop")[0] == 0
    assert example.says(*whop.asked, "SANDBOX-TRIALING", "laptop")[1].startswith("denied: WHOP_DEVICE_MISMATCH: ")


def test_without_network_and_lease_it_cannot_tell(example: Example, whop: Whop) -> None:
    whop.stop()
    code, printed = example.says(*whop.asked, "SANDBOX-ACTIVE", "device")
    assert (code, printed.count("\n")) == (2, 1)
    assert printed.startswith("cannot tell: WHOP_UNREACHABLE: the relay could not be reached")


def test_missing_arguments_allow_nothing(example: Example) -> None:
    code, printed = example.says("https://relay.example")
    assert code == 2
    assert printed.startswith("cannot tell: WHOP_INVALID_ARGUMENT: ")


def test_each_client_and_response_is_freed_once(example: Example, whop: Whop, tmp_path: Path) -> None:
    folder = tmp_path / "noted"
    folder.mkdir()
    noted, notes = folder / "libwhop_license.so", folder / "notes"
    source = Path(__file__).with_name("noted.c")
    run("cc", "-shared", "-fPIC", "-o", noted, source, "-Wl,--no-as-needed", "-lwhop_license")
    example.environment = {
        **ENVIRONMENT,
        "LD_PRELOAD": str(noted),  # for programs that are linked
        "LD_LIBRARY_PATH": f"{folder}:{LIBRARY.parent}",  # for those that load it by its name
        "REAL_LIBRARY": str(LIBRARY),
        "NOTES": str(notes),
    }
    for license_key, code in (("SANDBOX-ACTIVE", 0), ("SANDBOX-CANCELED", 1), ("SANDBOX-500", 2)):
        notes.unlink(missing_ok=True)
        assert example.says(*whop.asked, license_key, "device")[0] == code
        done = Counter(tuple(line.split()) for line in notes.read_text("utf-8").splitlines())
        made = [pointer for what, pointer in done if what == "made"]
        assert len(made) == 2
        assert done == Counter([(what, pointer) for what in ("made", "freed") for pointer in made])


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_an_example_is_short(language: Language) -> None:
    assert len(language.source.read_text("utf-8").splitlines()) < 40
