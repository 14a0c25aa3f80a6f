// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names that are taken get a number; border names come first. Without names: input, output. What nobody uses is left out.
// REQUIRES: onnxruntime
// RUN: fuse-translate --export-onnx %s -o %t.onnx
// RUN: %python %S/print_graph.py %t.onnx | FileCheck %s

// CHECK:      input output_1 float[2]
// CHECK-NEXT: input input float[2]
// CHECK-NEXT: initializer constant int32[2] = 1, 2
// CHECK-NEXT: output: output = Exp(output_1)
// CHECK-NEXT: output_1: output_1_1 = Exp(output)
// CHECK-NEXT: input: output0 = Add(output_1_1, input)
// CHECK-NEXT: output1: output1 = Identity(constant)
// CHECK-NEXT: output output0 float[2]
// CHECK-NEXT: output output1 int32[2]
// CHECK-NOT: {{.}}
func.func @main(%x: tensor<2xf32>, %y: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi32>) attributes {fuse.inputs = ["output_1", "input"]} {
  %0 = tosa.exp %x : (tensor<2xf32>) -> tensor<2xf32> loc("output")
  %1 = tosa.exp %0 : (tensor<2xf32>) -> tensor<2xf32> loc("output")
  %2 = tosa.add %1, %y : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> loc("input")
  %3 = tosa.log %1 : (tensor<2xf32>) -> tensor<2xf32> loc("unused")
  %c = "tosa.const"() <{values = dense<[1, 2]> : tensor<2xi32>}> : () -> tensor<2xi32>
  return %2, %c : tensor<2xf32>, tensor<2xi32>
}
