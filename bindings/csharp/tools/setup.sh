#!/usr/bin/env bash
# Installs what builds and runs the C# binding, where it is missing: Mono (system-wide), and, below .tools/csharp,
# the .NET 8 runtime, the C# compiler and NUnit. None of it is shipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$(cd "$here/../../.." && pwd)/.tools/csharp
mono_install="apt-get install -y --no-install-recommends mono-devel"

# mono-devel: the runtime, the reference assemblies of .NET Framework 4.7.2, the netstandard facade.
if ! command -v mono >/dev/null || [ ! -d /usr/lib/mono/4.7.2-api ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "C#: Mono is missing. Install it, then run this again: sudo $mono_install" >&2
    exit 1
  fi
  echo "C#: installing Mono (about a minute)"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $mono_install -qq >/dev/null
fi

# One stamp for what is pinned: another pin installs anew, the same pins cost nothing.
pins=$(cat "$here/requirements.txt" "$here/package-lock.json")
[ "$(cat "$tools/installed" 2>/dev/null)" = "$pins" ] && exit 0
rm -rf "$tools"
mkdir -p "$tools"

echo "C#: installing the .NET 8 runtime (30 MB)"
python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: --no-deps \
  --requirement "$here/requirements.txt"
ln -s "$tools"/venv/lib/python3*/site-packages/dnv/net/runtime/.net "$tools/dotnet"
chmod +x "$tools/dotnet/dotnet"

echo "C#: installing the C# compiler and NUnit (10 MB)"
cp "$here/package.json" "$here/package-lock.json" "$tools/"
npm ci --prefix "$tools" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
ln -s "$tools/node_modules/@autorest/csharp" "$tools/roslyn"

echo "$pins" >"$tools/installed"
