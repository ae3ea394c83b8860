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
# The API to compile against. What .NET Framework 4.7.2 has runs on Mono, Unity and .NET 8 alike.
APIS = {"mono": Path("/usr/lib/mono/4.7.2-api"), "net8": NET8}
MONO_ASSEMBLIES = ["mscorlib.dll", "System.dll", "System.Core.dll", "Facades/netstandard.dll"]


def host_compiler():
    """Starts .NET 8 in this process and loads Roslyn into it."""
    from clr_loader import get_coreclr
    from pythonnet import set_runtime

    config = Path(__file__).with_name("net8.runtimeconfig.json")
    set_runtime(get_coreclr(dotnet_root=TOOLS / "dotnet", runtime_config=config))
    import clr

    sys.path.append(str(TOOLS / "roslyn"))
    clr.AddReference("Microsoft.CodeAnalysis.CSharp")


def references(api, extra):
    if api == "mono":
        framework = [APIS[api] / name for name in MONO_ASSEMBLIES]
    else:
        framework = [path for path in APIS[api].glob("*.dll") if is_managed(path)]
    return framework + [Path(path) for path in extra]


def is_managed(path):
    import System

    try:
        System.Reflection.AssemblyName.GetAssemblyName(str(path))
        return True
    except System.BadImageFormatException:
        return False


def compile_csharp(out, sources, refs):
    """Returns the compiler's complaints; none means that `out` is written."""
    from Microsoft.CodeAnalysis import (
        DiagnosticSeverity, DocumentationMode, MetadataReference, NullableContextOptions, OptimizationLevel,
        OutputKind, ReportDiagnostic, SyntaxTree,
    )
    from Microsoft.CodeAnalysis.CSharp import (
        CSharpCompilation, CSharpCompilationOptions, CSharpParseOptions, CSharpSyntaxTree, LanguageVersion,
    )
    from System.Collections.Generic import List
    from System.IO import MemoryStream

    library = out.suffix == ".dll"
    parse = CSharpParseOptions(LanguageVersion.CSharp9).WithDocumentationMode(
        DocumentationMode.Diagnose if library else DocumentationMode.Parse)
    trees = List[SyntaxTree]()
    for source in sources:
        trees.Add(CSharpSyntaxTree.ParseText(Path(source).read_text(encoding="utf-8"), parse, str(source)))
    metadata = List[MetadataReference]()
    for path in refs:
        metadata.Add(MetadataReference.CreateFromFile(str(path)))
    kind = OutputKind.DynamicallyLinkedLibrary if library else OutputKind.ConsoleApplication
    options = (CSharpCompilationOptions(kind)
               .WithOptimizationLevel(OptimizationLevel.Release)
               .WithNullableContextOptions(NullableContextOptions.Enable)
               .WithGeneralDiagnosticOption(ReportDiagnostic.Error)
               .WithDeterministic(True))
    compilation = CSharpCompilation.Create(out.stem, trees, metadata, options)
    assembly, documentation = MemoryStream(), MemoryStream()
    result = compilation.Emit(assembly, None, documentation)
    if result.Success:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(bytes(assembly.ToArray()))
        if library:
            out.with_suffix(".xml").write_bytes(bytes(documentation.ToArray()))
    return [str(d) for d in result.Diagnostics if d.Severity == DiagnosticSeverity.Error]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--reference", action="append", default=[])
    parser.add_argument("--api", choices=APIS, default="mono")
    arguments = parser.parse_args()
    host_compiler()
    complaints = compile_csharp(
        arguments.out, arguments.sources, references(arguments.api, arguments.reference))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
