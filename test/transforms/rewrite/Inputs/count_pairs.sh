# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# count_pairs.sh PYTHON SOURCE NETWORK PREFIX - for each variant: how many FuSeConv layers were recognised, and how many
# depthwise ops are left in any other form.
set -eu
for variant in half full half-part; do
  "$1" "$2/models/generate.py" "$3" --variant=$variant --resolution=32 -o "$4.onnx"
  fuse-opt "$4.onnx" --convert-onnx-to-tosa --fuse-rewrite=mode=recognize -o "$4.mlir"
  pairs=$(grep -c '"fuse\.fuseconv"' "$4.mlir" || true)
  others=$(grep -c 'depthwise_conv2d\|"fuse\.conv1d"\|"fuse\.dwconv2d"' "$4.mlir" || true)
  echo "$variant $pairs fuseconv, $others others"
done
rm -f "$4.onnx" "$4.mlir"
