#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# import_all.sh MODELS OUT IRDL: every MODELS/*.onnx through the importer and mlir-opt.
set -eu -o pipefail
n=0
for model in "$1"/*.onnx; do
  fuse-translate --import-onnx "$model" -o "$2/a.mlir" 2> "$2/log" || {
    # Only one of them has an open dimension, which has a name of its own.
    flag=$(sed -n 's/.*expected the flag --dim \(.*\)=SIZE$/\1=1/p' "$2/log")
    [ -n "$flag" ] && fuse-translate --import-onnx "$model" --dim "$flag" -o "$2/a.mlir"
  }
  mlir-opt --irdl-file="$3" --mlir-print-debuginfo "$2/a.mlir" | diff -B - "$2/a.mlir"
  n=$((n + 1))
done
echo "$n models"
