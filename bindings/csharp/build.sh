#!/usr/bin/env bash
# build.sh NATIVE_LIBRARY: builds the binding and the examples into target/csharp, with the native library beside them.
# They then run with: mono target/csharp/CheckLicense.exe RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
#                     mono target/csharp/CheckOnServer.exe API_KEY LICENSE_KEY DEVICE_ID
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
for example in CheckLicense CheckOnServer GameLoop; do
  compile "$out/$example.exe" "$root/examples/csharp/$example.cs" --reference "$out/WhopLicense.dll"
done
