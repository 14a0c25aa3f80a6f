#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# install.sh VENV - install what is missing from debian.txt and python.txt; silent when nothing is.
# Asks first, unless CI is set or YES=1. Status 2 where this can't be done here.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$1

wanted() { sed 's/#.*//; /^[[:space:]]*$/d' "$here/$1"; }

missing_debian() {
  local package
  for package in $(wanted debian.txt); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || echo "$package"
  done
}

confirm() {
  [ -z "${CI:-}" ] && [ "${YES:-}" != 1 ] || return 0
  if ! [ -t 0 ]; then
    echo "deps: not a terminal, so nothing is installed; run again with YES=1" >&2
    exit 2
  fi
  local answer
  read -r -p "$1 [y/N] " answer
  case "$answer" in [yY]*) ;; *) echo "deps: nothing installed" >&2; exit 2 ;; esac
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
  if [ -n "$missing" ]; then
    sudo=
    if [ "$(id -u)" != 0 ]; then
      command -v sudo > /dev/null || { echo "deps: missing and neither root nor sudo is here:" $missing >&2; exit 2; }
      sudo=sudo
    fi
    echo "deps: missing Debian packages:" $missing
    $sudo apt-get update -qq
    plan=$(apt-get install --no-install-recommends --assume-no $missing 2>/dev/null | grep -E '^(Need to get|After this operation)' || true)
    [ -z "$plan" ] || echo "$plan"
    confirm "Install them with apt-get?"
    log=$(mktemp)
    if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > "$log" 2>&1; then
      tail -n 20 "$log" >&2
      rm -f "$log"
      echo "deps: apt-get failed" >&2
      exit 2
    fi
    rm -f "$log"
  fi
fi

# The stamp holds the list that was installed, so that a changed pin is installed again.
stamp=$venv/.fuse-python.txt
if ! cmp -s "$here/python.txt" "$stamp"; then
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
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/python.txt" || {
      echo "deps: pip failed" >&2
      exit 2
    }
  fi
  cp "$here/python.txt" "$stamp"
fi
