#!/usr/bin/env python3
"""Compiles C# 9, nullable, warnings as errors, with the Roslyn that setup.sh installed.

compile.py OUT.dll|OUT.exe SOURCE... [--reference DLL]... [--api mono|net8]

A library (.dll) must document everything public; its XML documentation is written beside it.
"""

import argparse
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[3] / ".tools" / "csharp"
NET8 = next((TOOLS / "dotnet" / "shared" / "Microsoft.NETCore.App").glob("8.*"))
MONO = Path("/usr/lib/mono/4.7.2-api")
# The assemblies of an API. What is compiled against .NET Framework 4.7.2's runs on Mono, Unity and .NET 8 alike.
APIS = {
    "mono": [MONO / name for name in ("mscorlib.dll", "System.dll", "System.Core.dll", "Facades/netstandard.dll")],
    "net8": sorted(NET8.glob("*.dll")),
}


def host_compiler():
    """Starts .NET 8 in this process and loads Roslyn into it."""
    from clr_loader import get_coreclr
    from pythonnet import set_runtime

    config = Path(__file__).with_name("net8.runtimeconfig.json")
    set_runtime(get_coreclr(dotnet_root=TOOLS / "dotnet", runtime_config=config))
    import clr

    sys.path.append(str(TOOLS / "roslyn"))
    clr.AddReference("Microsoft.CodeAnalysis.CSharp")


def compile_csharp(out, sources, references):
    """Returns the compiler's complaints; none means that `out` is written."""
    from Microsoft import CodeAnalysis as roslyn
    from Microsoft.CodeAnalysis import CSharp as csharp
    from System.Collections.Generic import List
    from System.IO import MemoryStream

    library = out.suffix == ".dll"
    documented = roslyn.DocumentationMode.Diagnose if library else roslyn.DocumentationMode.Parse
    parse = csharp.CSharpParseOptions(csharp.LanguageVersion.CSharp9).WithDocumentationMode(documented)
    trees = List[roslyn.SyntaxTree]()
    for source in sources:
        trees.Add(csharp.CSharpSyntaxTree.ParseText(Path(source).read_text(encoding="utf-8"), parse, source))
    metadata = List[roslyn.MetadataReference]()
    for path in references:
        metadata.Add(roslyn.MetadataReference.CreateFromFile(str(path)))
    kind = roslyn.OutputKind.DynamicallyLinkedLibrary if library else roslyn.OutputKind.ConsoleApplication
    options = (
        csharp.CSharpCompilationOptions(kind)
        .WithOptimizationLevel(roslyn.OptimizationLevel.Release)
        .WithNullableContextOptions(roslyn.NullableContextOptions.Enable)
        .WithGeneralDiagnosticOption(roslyn.ReportDiagnostic.Error)
        .WithDeterministic(True)
    )
    compilation = csharp.CSharpCompilation.Create(out.stem, trees, metadata, options)
    assembly, documentation = MemoryStream(), MemoryStream()
    result = compilation.Emit(assembly, None, documentation)
    if result.Success:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(bytes(assembly.ToArray()))
        if library:
            out.with_suffix(".xml").write_bytes(bytes(documentation.ToArray()))
    return [str(d) for d in result.Diagnostics if d.Severity == roslyn.DiagnosticSeverity.Error]


def main():
    """Says what is wrong and returns 1, or writes the assembly and returns 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--reference", action="append", default=[])
    parser.add_argument("--api", choices=APIS, default="mono")
    arguments = parser.parse_args()
    host_compiler()
    complaints = compile_csharp(arguments.out, arguments.sources, APIS[arguments.api] + arguments.reference)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
