#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# install.sh VENV - install what is missing from debian.txt and python.txt; silent when nothing is.
# Asks first, unless CI is set or YES=1. With LLVM_ROOT the packages of LLVM aren't wanted.
# Status 2 where this can't be done here; `make DEPS=no` goes on without it.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$1

stop() {
  echo "deps: $1; make DEPS=no goes on with what is here" >&2
  exit 2
}

wanted() { sed 's/#.*//; /^[[:space:]]*$/d' "$here/$1"; }

wanted_debian() { wanted debian.txt | if [ -n "${LLVM_ROOT:-}" ]; then grep -v -e -22; else cat; fi; }

missing_debian() {
  local package
  for package in $(wanted_debian); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || echo "$package"
  done
}

confirm() {
  [ -z "${CI:-}" ] && [ "${YES:-}" != 1 ] || return 0
  [ -t 0 ] || stop "not a terminal, so nothing is installed (YES=1 installs without a question)"
  local answer
  read -r -p "$1 [y/N] " answer || true
  case "$answer" in [yY]*) ;; *) stop "nothing installed" ;; esac
}

# What apt-get says about installing these, without doing it: sizes, or names it doesn't know.
# (--assume-no would install: apt-get has no question when it needs nothing but what was named.)
plan_debian() {
  LC_ALL=C apt-get install --no-install-recommends --print-uris -o Debug::NoLocking=1 "$@" 2>&1 |
    grep -E '^(Need to get|After this operation|E: Unable to locate)' || true
}

# Show them with their sizes, ask, install.
install_debian() {
  local sudo='' plan log
  echo "deps: missing Debian packages: $*"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || stop "neither root nor sudo is here to install them"
    sudo=sudo
  fi
  plan=$(plan_debian "$@")
  case "$plan" in
    *"Need to get"*) ;;
    *) $sudo apt-get update -qq || true # lists that are missing or old
      plan=$(plan_debian "$@") ;;
  esac
  echo "$plan"
  case "$plan" in *"E: "*) stop "apt-get doesn't know all of them; LLVM 22 is in Debian 12's suite bookworm-security" ;; esac
  confirm "Install them with apt-get?"
  log=$(mktemp)
  if ! { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@"; } > "$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    stop "apt-get failed"
  fi
  rm -f "$log"
}

if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
  # Another system: the tools may be there all the same, so only the absence of LLVM stops us.
  if ! command -v llvm-config-22 > /dev/null && [ -z "${LLVM_ROOT:-}" ]; then
    { echo "deps: not a Debian system; install the equivalents of these packages yourself, then set LLVM_ROOT:"
      wanted debian.txt | sed 's/^/  /'; } >&2
    exit 2
  fi
else
  missing=$(missing_debian)
  [ -z "$missing" ] || install_debian $missing
fi

# The stamp holds the list that was installed, so that a changed pin is installed again.
stamp=$venv/.fuse-python.txt
if ! cmp -s "$here/python.txt" "$stamp"; then
  # The venv and everything that is built lie in the tree.
  build=${venv%/*}
  if ! mkdir -p "$build" 2> /dev/null || ! [ -w "$build" ]; then
    echo "deps: $build: error: cannot write; expected a tree of your own (clone or copy it to where you may write)" >&2
    exit 2
  fi
  # A venv that already has the pinned versions (made by hand, or shared) needs no network.
  if ! "$venv/bin/python" - "$here/python.txt" 2> /dev/null <<'PY'
import sys
from importlib.metadata import version
for line in open(sys.argv[1]):
    line = line.split("#")[0].strip()
    if line:
        name, want = line.split("==")
        assert version(name) == want
PY
  then
    echo "deps: Python packages into $venv (about 150 MB):" $(wanted python.txt)
    confirm "Install them with pip?"
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/python.txt" || stop "pip failed"
  fi
  cp "$here/python.txt" "$stamp"
fi
