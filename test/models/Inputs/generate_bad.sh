# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# generate_bad.sh - run the generator with what it must refuse; print what it says and its exit status.
#
# needs: PYTHON, GENERATE; the folder for outputs as the argument
refused() {
  "$PYTHON" "$GENERATE" "$@" 2>&1
  echo "status $?"
}
refused mobilenet_v4 -o "$1/x.onnx"
refused mobilenet_v2 --variant=third -o "$1/x.onnx"
refused mobilenet_v2 --resolution=0 -o "$1/x.onnx"
refused mobilenet_v2 --seed=-1 -o "$1/x.onnx"
refused -o "$1/x.onnx"
refused mobilenet_v2
refused mobilenet_v3_small --resolution=32 -o "$1/nowhere/x.onnx"
refused mobilenet_v3_small --resolution=32 -o /dev/full
