# To be sourced by scripts that take programs of Debian's packages.
packages=()

need() { # need COMMAND PACKAGE: notes the package if the command is missing
  command -v "$1" >/dev/null || packages+=("$2")
}

install_needed() { # installs what was noted, or says how to
  [ ${#packages[@]} -gt 0 ] || return 0
  local install="apt-get install -y --no-install-recommends ${packages[*]}"
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "Missing: ${packages[*]}. Install them, then run this again: sudo $install" >&2
    exit 1
  fi
  echo "Installing ${packages[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
}
