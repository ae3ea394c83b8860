"""What Microsoft's linker needs to link with whop_license.dll: a list of its functions, and an import library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXPORTS = Path(__file__).resolve().parents[1] / "tests" / "exports.txt"
DEFINITION, LIBRARY = "whop_license.def", "whop_license.lib"


def write(folder: Path) -> None:
    """Writes whop_license.def and whop_license.lib, which Microsoft's linker takes."""
    functions = EXPORTS.read_text(encoding="utf-8").split()
    definition, library = folder / DEFINITION, folder / LIBRARY
    lines = ["LIBRARY whop_license.dll", "EXPORTS", *(f"    {function}" for function in functions)]
    definition.write_text("\n".join(lines) + "\n", encoding="utf-8")
    dlltool = [sys.executable, "-m", "ziglang", "dlltool", "-m", "i386:x86-64"]
    subprocess.run([*dlltool, "-d", str(definition), "-l", str(library)], check=True)
