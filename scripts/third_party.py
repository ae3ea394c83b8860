"""Write THIRD-PARTY: the notices of all that is linked into the library. With --check, say whether it is current."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOTICES = ROOT / "THIRD-PARTY"
TARGETS = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-pc-windows-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
]
HEADER = """\
Notices of the software of others that is linked into whop-license on any of its platforms, besides the standard
library of Rust (MIT OR Apache-2.0). Where a license can be chosen, it is MIT. Written by scripts/third_party.py.
"""


def cargo(*arguments: str) -> str:
    """What cargo says of the locked versions."""
    return subprocess.check_output(["cargo", *arguments, "--locked"], cwd=ROOT, text=True)


def linked() -> set[tuple[str, str]]:
    """Name and version of each crate that is linked."""
    lines: set[str] = set()
    for target in TARGETS:
        tree = ["tree", "--package", "whop-license", "--edges", "normal,no-proc-macro", "--prefix", "none"]
        lines |= set(cargo(*tree, "--target", target, "--format", "{p}").splitlines())
    crates = {tuple(line.split()[:2]) for line in lines}
    return {(name, version.removeprefix("v")) for name, version in crates if name != "whop-license"}


def license_texts(crate: Path, expression: str) -> list[str]:
    """The text of each license file of a crate: of MIT alone where that is enough."""
    files = sorted(file for file in crate.rglob("*") if file.is_file() and is_license(file))
    if "MIT" in expression.replace("/", " OR ").split(" OR "):
        files = [file for file in files if "MIT" in file.name.upper()] or files
    if not files:
        sys.exit(f"{crate.name} has no license file")
    texts = [file.read_text(encoding="utf-8").replace("\r\n", "\n") for file in files]
    return ["\n".join(line.rstrip() for line in text.strip().splitlines()) for text in texts]


def is_license(file: Path) -> bool:
    """Whether a file is about the license, by its name."""
    return file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"))


def notices() -> str:
    """Each text once, below the crates that it is of."""
    metadata = json.loads(cargo("metadata", "--format-version=1"))
    packages = {(package["name"], package["version"]): package for package in metadata["packages"]}
    crates: dict[str, list[str]] = {}
    for name, version in sorted(linked()):
        package = packages[name, version]
        for text in license_texts(Path(package["manifest_path"]).parent, package["license"]):
            crates.setdefault(text, []).append(f"{name} {version} ({package['license']}) {package['repository']}")
    sections = ["\n".join([*names, "", text]) for text, names in crates.items()]
    rule = "\n\n" + "=" * 80 + "\n"
    return rule.join([HEADER.rstrip(), *sections]) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] != ["--check"]:
        NOTICES.write_text(notices(), encoding="utf-8")
    elif notices() != NOTICES.read_text(encoding="utf-8"):
        sys.exit("THIRD-PARTY is not current: run scripts/third_party.py")
