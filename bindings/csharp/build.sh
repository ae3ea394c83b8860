#!/usr/bin/env bash
# build.sh NATIVE_LIBRARY: builds the binding and the example into target/csharp, with the native library beside them.
# The example then runs with: mono target/csharp/CheckLicense.exe API_KEY LICENSE_KEY [DEVICE_ID]
set -euo pipefail
library=${1:?usage: build.sh NATIVE_LIBRARY}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$root/target/csharp
compile() { "$root/.tools/csharp/venv/bin/python" "$here/tools/compile.py" "$@"; }

"$here/tools/setup.sh"
mkdir -p "$out"
cp "$library" "$out/"
compile "$out/WhopLicense.dll" "$here"/src/*.cs
compile "$out/CheckLicense.exe" "$root/examples/csharp/CheckLicense.cs" --reference "$out/WhopLicense.dll"
