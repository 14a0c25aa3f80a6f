#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# valgrind.sh STATUS FOLDER TOOL ARGUMENTS... - the tool ends with this status, and valgrind finds no error and no leak.
set -eu
wanted=$1 folder=$2 tool=$3
shift 3
mkdir -p "$folder"
strip -g "$(command -v "$tool")" -o "$folder/$tool" # valgrind 3.19 gives up on the DWARF in fuse-opt
status=0
valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,possible "$folder/$tool" "$@" || status=$?
rm "$folder/$tool"
[ "$status" = "$wanted" ] || { echo "$tool: status $status; expected $wanted"; exit 1; }
