"""The C# binding's own tests, on .NET Core for Windows, with a sandbox for Windows."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import wine
from conftest import BUILT, VECTORS, Guid

BINDING = wine.ROOT / "bindings/csharp"
TOOLS = wine.ROOT / ".tools/csharp"
RUNTIME = {
    "runtimeOptions": {
        "framework": {"name": "Microsoft.NETCore.App", "version": "3.1.0"},
        # .NET Core for Windows takes the names of languages from a library that Wine lacks.
        "configProperties": {"System.Globalization.Invariant": True},
    }
}


def compile_program(out: Path, sources: list[Path], *references: Path) -> None:
    command = [TOOLS / "venv/bin/python", BINDING / "tools/compile.py", out, *sources]
    named = [argument for reference in references for argument in ("--reference", reference)]
    subprocess.run([*command, *named], check=True)


@pytest.fixture(scope="module")
def folder() -> Path:
    """The binding's tests, with all that belongs beside them."""
    # Below the repository, whose tables the tests look for.
    folder = BUILT.parents[1] / "windows-csharp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    nunit, library = TOOLS / "roslyn/nunit.framework.dll", folder / "WhopLicense.dll"
    for file in (nunit, BUILT / "whop_license.dll", BUILT / "whop-sandbox.exe"):
        shutil.copy2(file, folder)
    compile_program(library, sorted((BINDING / "src").glob("*.cs")))
    compile_program(folder / "WhopLicense.Tests.exe", sorted((BINDING / "tests").glob("*.cs")), library, nunit)
    for example in ("CheckLicense", "CheckOnServer", "GameLoop"):
        compile_program(folder / f"{example}.exe", [wine.ROOT / f"examples/csharp/{example}.cs"], library)
    (folder / "runtime.json").write_text(json.dumps(RUNTIME), encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> str:
    """What the program of the tests prints."""
    command: list[str | Path] = [wine.DOTNET, "exec", "--runtimeconfig", wine.path(folder / "runtime.json")]
    env = {"WHOP_SANDBOX": wine.path(folder / "whop-sandbox.exe")}
    return wine.run(*command, wine.path(folder / "WhopLicense.Tests.exe"), *arguments, cwd=folder, env=env)


def test_its_own_tests_pass(folder: Path) -> None:
    print(run(folder))


def test_the_vectors_of_the_device_id_hold(folder: Path, guid: Guid) -> None:
    for machine, product_id, device_id in VECTORS:
        guid.set(machine)
        assert run(folder, product_id).strip() == device_id
