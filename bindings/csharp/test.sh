#!/usr/bin/env bash
# test.sh NATIVE_LIBRARY SANDBOX: builds the binding and its tests, and runs them on Mono and on .NET 8.
set -euo pipefail
library=${1:?usage: test.sh NATIVE_LIBRARY SANDBOX}
sandbox=${2:?usage: test.sh NATIVE_LIBRARY SANDBOX}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$root/target/csharp
tools=$root/.tools/csharp
compile() { "$tools/venv/bin/python" "$here/tools/compile.py" "$@"; }

"$here/build.sh" "$library"
# .NET 8 says which of its strings may be null, and so checks more of the source than .NET Framework's API does.
compile "$out/net8/WhopLicense.dll" "$here"/src/*.cs --api net8
cp "$tools/roslyn/nunit.framework.dll" "$out/"
compile "$out/WhopLicense.Tests.exe" "$here"/tests/*.cs \
  --reference "$out/WhopLicense.dll" --reference "$out/nunit.framework.dll"

WHOP_SANDBOX=$(realpath "$sandbox")
export WHOP_SANDBOX
echo "C# on Mono:"
mono --debug "$out/WhopLicense.Tests.exe"
echo "C# on .NET 8:"
"$tools/dotnet/dotnet" exec --runtimeconfig "$here/tools/net8.runtimeconfig.json" "$out/WhopLicense.Tests.exe"
