"""The C# binding's own tests, on .NET Core for Windows, with a sandbox for Windows."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import wine
from conftest import BUILT

BINDING = wine.ROOT / "bindings/csharp"
TOOLS = wine.ROOT / ".tools/csharp"
RUNTIME = {
    "runtimeOptions": {
        "framework": {"name": "Microsoft.NETCore.App", "version": "3.1.0"},
        # .NET Core for Windows takes the names of languages from a library that Wine lacks.
        "configProperties": {"System.Globalization.Invariant": True},
    }
}


def compile_program(out: Path, folder: Path, *references: Path) -> None:
    command = [TOOLS / "venv/bin/python", BINDING / "tools/compile.py", out, *sorted(folder.glob("*.cs"))]
    named = [argument for reference in references for argument in ("--reference", reference)]
    subprocess.run([*command, *named], check=True)


def test_its_own_tests_pass() -> None:
    # Below the repository, whose tables the tests look for.
    folder = BUILT.parents[1] / "windows-csharp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    nunit = TOOLS / "roslyn/nunit.framework.dll"
    for file in (nunit, BUILT / "whop_license.dll", BUILT / "whop-sandbox.exe"):
        shutil.copy2(file, folder)
    library, program = folder / "WhopLicense.dll", folder / "WhopLicense.Tests.exe"
    compile_program(library, BINDING / "src")
    compile_program(program, BINDING / "tests", library, nunit)
    config = folder / "runtime.json"
    config.write_text(json.dumps(RUNTIME), encoding="utf-8")
    command = [wine.DOTNET, "exec", "--runtimeconfig", wine.path(config), wine.path(program)]
    print(wine.run(*command, cwd=folder, WHOP_SANDBOX=wine.path(folder / "whop-sandbox.exe")))
