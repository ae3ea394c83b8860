"""Write the locks: what `make setup` installs, with the hash of each file. With --check, say whether they are complete.

Writing needs uv and npm. A lock has the hashes of all platforms and Pythons, and names no place that files come from.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What people edit, and how to resolve it: the .NET runtime's wheel asks for an older pythonnet than it works with.
PYTHON = {
    "bindings/python/requirements-dev.in": [],
    "scripts/tools.in": [],
    "bench/requirements.in": [],
    "bindings/csharp/tools/requirements.in": ["--no-deps"],
    "tests/windows/requirements.in": ["--no-deps"],
}
NPM = ["bindings/csharp/tools", "examples/other"]

PIN = re.compile(r"([\w.-]+)==([\w.]+)")
LOCKED = re.compile(rf"{PIN.pattern}( ; ((?! --hash).)+)?( --hash=sha256:[0-9a-f]{{64}})+")


def write() -> None:
    """Resolves everything anew."""
    for source, options in PYTHON.items():
        uv = ["uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version=3.10", *options]
        form = ["--generate-hashes", "--no-annotate", "--no-emit-index-url"]
        header = "--custom-compile-command=scripts/locks.py"
        lock = f"--output-file={Path(source).with_suffix('.txt')}"
        subprocess.run([*uv, "--no-python-downloads", *form, header, lock, source], cwd=ROOT, check=True)
    npm = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
    for folder in NPM:
        (ROOT / folder / "package-lock.json").unlink(missing_ok=True)
        subprocess.run(npm, cwd=ROOT / folder, check=True)


def lines(file: Path) -> list[str]:
    """The requirements in a file, each as one line."""
    text = re.sub(r" *\\\n *", " ", file.read_text(encoding="utf-8"))
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def python_faults(source: Path) -> list[str]:
    """What is wrong with the lock of a file of requirements."""
    lock = source.with_suffix(".txt")
    faults = [f"{source}: {line}: not NAME==VERSION" for line in lines(source) if not PIN.fullmatch(line)]
    faults += [f"{lock}: {line[:60]}: no pin with hashes" for line in lines(lock) if not LOCKED.fullmatch(line)]
    pins = {line.split()[0].lower().replace("_", "-") for line in lines(lock)}
    wanted = {line.lower().replace("_", "-") for line in lines(source)}
    faults += [f"{lock}: lacks {pin}" for pin in sorted(wanted - pins)]
    if "://" in lock.read_text(encoding="utf-8"):
        faults.append(f"{lock}: names a place that files come from")
    return faults


def npm_faults(folder: Path) -> list[str]:
    """What is wrong with npm's lock."""
    lock = folder / "package-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    faults = []
    if packages.pop("")["dependencies"] != wanted:
        faults.append(f"{lock}: not of what package.json wants")
    for path, package in packages.items():
        if not re.fullmatch(r"sha512-[\w+/]{86}==", package.get("integrity", "")):
            faults.append(f"{lock}: {path}: no hash")
        if "resolved" in package:
            faults.append(f"{lock}: {path}: names the place that it comes from")
    for name, version in wanted.items():
        if packages.get(f"node_modules/{name}", {}).get("version") != version:
            faults.append(f"{lock}: lacks {name} {version}")
    return faults


def check(root: Path) -> None:
    """Stops with what is wrong."""
    faults = [fault for source in PYTHON for fault in python_faults(root / source)]
    faults += [fault for folder in NPM for fault in npm_faults(root / folder)]
    if faults:
        sys.exit("\n".join([*faults, "Not complete: run scripts/locks.py"]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        check(Path(sys.argv[2]) if sys.argv[2:] else ROOT)
    else:
        write()
