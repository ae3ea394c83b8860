"""Compiles the contenders into target/bench."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from contenders import Contender

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "bench"
OUT = ROOT / "target" / "bench"
TOOLS = ROOT / ".tools" / "csharp"
WARN = ["-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
MONO = Path("/usr/lib/mono/4.7.2-api")


def libraries(files: dict[str, Path]) -> dict[str, Path]:
    """For each file of the library a folder in which the loader finds it by its name."""
    folders = {}
    for label, file in files.items():
        folder = OUT / "libraries" / label.replace(":", "-")
        folder.mkdir(parents=True, exist_ok=True)
        for name in (_soname(file), "libwhop_license.so"):
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(file.resolve())
        folders[label] = folder
    return folders


def _soname(file: Path) -> str:
    shown = subprocess.run(["objdump", "-p", file], check=True, capture_output=True, text=True).stdout
    names = [line.split()[1] for line in shown.splitlines() if line.strip().startswith("SONAME")]
    return names[0] if names else file.name


def c(folders: dict[str, Path]) -> list[Contender]:
    """In C and C++."""
    link = ["-Iinclude", f"-L{next(iter(folders.values()))}", "-lwhop_license"]
    openssl, curl = _flags("openssl"), _flags("libcurl", "libcjson")
    _compile("load", ["bench/c/load.c"])
    harness = ["bench/c/bench.c", "bench/c/footprint.c"]
    for name, flags in (("ours", link), ("curl", curl), ("socket", openssl), ("empty", [])):
        _compile(name, [*harness, f"bench/c/{name}.c", *flags])
    _run("c++", "-std=c++17", *WARN, "-c", "-Iinclude", "bench/cpp/ours.cpp", "-o", OUT / "ours.cpp.o")
    _compile("ours-cpp", [*harness, str(OUT / "ours.cpp.o"), *link, "-lstdc++"])
    ours = [Contender(label, (str(OUT / "ours"),), _loader(folder)) for label, folder in folders.items()]
    loader = _loader(next(iter(folders.values())))
    cpp = Contender("ours, C++", (str(OUT / "ours-cpp"),), loader)
    started = Contender("ours, started", (str(OUT / "ours"),), loader | {"BENCH_STARTED": "1"})
    names = {"libcurl": "curl", "TLS socket": "socket", "nothing": "empty"}
    return [*ours, *(Contender(name, (str(OUT / program),)) for name, program in names.items()), cpp, started]


def _loader(folder: Path) -> dict[str, str]:
    return {"LD_LIBRARY_PATH": str(folder)}


def _flags(*packages: str) -> list[str]:
    command = ["pkg-config", "--cflags", "--libs", *packages]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def _compile(name: str, words: list[str]) -> None:
    _run("cc", "-std=c11", "-D_GNU_SOURCE", *WARN, *words, "-pthread", "-o", OUT / name)


def _run(*words: str | Path) -> None:
    subprocess.run(words, cwd=ROOT, check=True)


def python(library: Path) -> list[Contender]:
    """In Python: the package with the library in it, as it is installed."""
    package = OUT / "python" / "whop_license"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(
        ROOT / "bindings/python/whop_license", package, ignore=shutil.ignore_patterns("*.so", "__pycache__")
    )
    shutil.copy(library, package / "libwhop_license.so")
    _run(sys.executable, "-m", "compileall", "-q", package, HERE / "python")
    variables = {"PYTHONPATH": f"{package.parent}:{HERE / 'python'}"}
    names = ("ours", "requests", "httpx", "urllib3", "nothing")
    return [
        Contender(f"{name}, Python", (sys.executable, str(HERE / "python" / "contender.py"), name), variables)
        for name in names
    ]


def csharp(library: Path) -> list[Contender]:
    """In C#, on both runtimes. None where they are not installed."""
    if not (TOOLS / "installed").exists():
        raise SystemExit("the tools of C# are missing: run `make setup`")
    out = OUT / "csharp"
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(library, out / "libwhop_license.so")
    binding = out / "WhopLicense.dll"
    _compile_csharp(binding, [*map(str, sorted((ROOT / "bindings/csharp/src").glob("*.cs")))])
    shared = [f"bench/csharp/{name}.cs" for name in ("Bench", "WithOurs", "WithHttpClient")]
    mono = ("System.Net.Http.dll", "System.Runtime.Serialization.dll", "System.Xml.dll")
    references = [word for name in mono for word in ("--reference", str(MONO / name))]
    ours = ["--reference", str(binding)]
    _compile_csharp(out / "BenchMono.exe", [*shared, "bench/csharp/MembershipMono.cs", *ours, *references])
    _compile_csharp(out / "BenchNet8.exe", [*shared, "bench/csharp/MembershipNet8.cs", *ours, "--api", "net8"])
    config = ROOT / "bindings/csharp/tools/net8.runtimeconfig.json"
    net8 = (str(TOOLS / "dotnet/dotnet"), "exec", "--runtimeconfig", str(config), str(out / "BenchNet8.exe"))
    programs = {"Mono": ("mono", str(out / "BenchMono.exe")), ".NET 8": net8}
    names = {"ours": "ours", "HttpClient": "httpclient", "nothing": "nothing"}
    return [
        Contender(f"{name}, {runtime}", (*program, word))
        for runtime, program in programs.items()
        for name, word in names.items()
    ]


def _compile_csharp(out: Path, words: list[str]) -> None:
    _run(TOOLS / "venv/bin/python", "bindings/csharp/tools/compile.py", out, *words)


def rust() -> Contender:
    """In Rust: the library as a crate, measured by Criterion."""
    command = ["cargo", "bench", "--locked", "--quiet", "--manifest-path", str(HERE / "rust/Cargo.toml"), "--no-run"]
    command += ["--target-dir", str(OUT / "cargo"), "--message-format=json"]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    built = [message["executable"] for message in map(json.loads, lines) if message.get("executable")]
    return Contender("ours, Rust", (built[0],), {"CRITERION_HOME": str(OUT / "criterion")})
