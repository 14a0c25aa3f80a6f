// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An output can't have the name of an input that it isn't.
// RUN: not fuse-translate --export-onnx %s 2>&1 | FileCheck %s

// CHECK: names_bad.mlir:[[#@LINE+1]]:1: error: 'func.func': two inputs or outputs are called 'x'; expected names of their own
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> attributes {fuse.inputs = ["x"], fuse.outputs = ["x"]} {
  %0 = tosa.exp %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
