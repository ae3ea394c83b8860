#!/usr/bin/env bash
# arm_root.sh FOLDER: unpacks what Debian has for aarch64 of the C and C++ libraries and of Python, to be run under QEMU.
# Installs nothing. apt checks the packages by the keys of this machine's own sources.
set -euo pipefail
folder=${1:?usage: arm_root.sh FOLDER}
[ ! -e "$folder/complete" ] || exit 0

rm -rf "$folder" "$folder.apt"
mkdir -p "$folder" "$folder.apt"/{state/lists/partial,cache/archives/partial}
state=$(realpath "$folder.apt")
: >"$state/installed"
apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o "Dir::State=$state/state"
  -o "Dir::State::status=$state/installed" -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=)
"${apt[@]}" update
"${apt[@]}" install --yes --no-install-recommends --download-only libstdc++6 libpython3-stdlib python3-minimal
for package in "$state"/cache/archives/*.deb; do
  dpkg-deb --extract "$package" "$folder"
done
rm -rf "$state"
touch "$folder/complete"
