#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# deps.sh SOURCE FOLDER - runs deps/install.sh on machines made up of a few shell scripts: which packages are there
# (HERE), which of them apt-get knows (KNOWN), whose machine it is (USER_ID). Says what it printed, its status, and what
# apt-get was made to install.
set -eu
source=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/venv"
cp "$source/deps/python.txt" "$folder/venv/.fuse-python.txt" # the Python packages are there
for tool in bash sed grep cat dirname cmp mktemp rm tail env; do
  ln -s "$(command -v "$tool")" "$folder/bin/$tool"
done

script() {
  { echo '#!/usr/bin/env bash'; cat; } > "$folder/bin/$1"
  chmod +x "$folder/bin/$1"
}

script id <<< 'echo $USER_ID'
debian() {
  script dpkg-query <<'EOF'
case " $HERE " in *" ${!#} "* | *" all "*) printf installed ;; *) exit 1 ;; esac
EOF
  script apt-get <<'EOF'
case "$*" in
  update*) exit 0 ;;
  *--print-uris*)
    case " $KNOWN " in *" ${!#} "*) echo "Need to get 3 MB of archives." ;; *) echo "E: Unable to locate package ${!#}" ;; esac ;;
  *) echo "$*" >> "$LOG" ;;
esac
EOF
}

try() {
  echo "== $1"
  : > "$folder/log"
  local status=0
  (shift; exec env -i PATH="$folder/bin" LOG="$folder/log" USER_ID=0 KNOWN= "$@" bash "$source/deps/install.sh" "$folder/venv" < /dev/null 2>&1) || status=$?
  echo "status $status"
  cat "$folder/log"
}

packages=$(sed 's/#.*//' "$source/deps/debian.txt")
without() { echo $packages | sed "s/ $1 / /"; }

try "another system"
script llvm-config-22 <<< 'exit 0'
try "another system with LLVM"
rm "$folder/bin/llvm-config-22"
debian
try "nothing missing" HERE=all
try "nobody answers" HERE="$(without ccache)" KNOWN=ccache
try "YES=1" HERE="$(without ccache)" KNOWN=ccache YES=1
try "CI" HERE="$(without ccache)" KNOWN=ccache CI=true
try "an ordinary user" HERE="$(without ccache)" KNOWN=ccache YES=1 USER_ID=1000
script sudo <<< 'exec "$@"'
try "an ordinary user with sudo" HERE="$(without ccache)" KNOWN=ccache YES=1 USER_ID=1000
try "an archive without LLVM" HERE="$(without clang-22)" YES=1
try "an LLVM of one's own" HERE="$(without clang-22)" LLVM_ROOT=/llvm
