// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Groups of ops that are nearly an ONNX operator stay as they are.
// REQUIRES: onnxruntime
// RUN: %python %S/round_trip.py --cc %cc %s
// RUN: fuse-translate --export-onnx %s | %python %S/print_graph.py - | FileCheck %s --implicit-check-not="= Softmax(" --implicit-check-not="= HardSwish(" --implicit-check-not="= LeakyRelu(" --implicit-check-not="= PRelu(" --implicit-check-not="= Relu("

// The HardSigmoids inside are groups of their own.
// CHECK: = HardSigmoid(x)
// CHECK: = HardSigmoid(y)
// CHECK-NOT: = HardSigmoid(
func.func @main(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>, %v: tensor<1x3xf32>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>)
    attributes {fuse.inputs = ["x", "y", "v"]} {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %half = "tosa.const"() <{values = dense<0.5> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %fifth = "tosa.const"() <{values = dense<0.2> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %sixth = "tosa.const"() <{values = dense<0.16666667> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %wide = "tosa.const"() <{values = dense<0.5> : tensor<2x3xf32>}> : () -> tensor<2x3xf32>

  // HardSwish with another slope; of another value.
  %0 = tosa.mul %x, %fifth, %shift : (tensor<2x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  %1 = tosa.add %0, %half : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<2x3xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %slope = tosa.mul %x, %2, %shift : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  %3 = tosa.mul %y, %sixth, %shift : (tensor<2x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  %4 = tosa.add %3, %half : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<2x3xf32>
  %5 = tosa.clamp %4 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %gate = tosa.mul %x, %5, %shift : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<1xi8>) -> tensor<2x3xf32>

  // A HardSigmoid that repeats its operand.
  %6 = tosa.mul %v, %fifth, %shift : (tensor<1x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x3xf32>
  %7 = tosa.add %6, %wide : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %repeat = tosa.clamp %7 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>

  // LeakyRelu that tests for more than 0.5; that scales another value.
  %8 = tosa.mul %x, %fifth, %shift : (tensor<2x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  %9 = tosa.greater_equal %x, %half : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<2x3xi1>
  %knee = tosa.select %9, %x, %8 : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %10 = tosa.mul %y, %fifth, %shift : (tensor<2x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  %11 = tosa.greater_equal %x, %zero : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<2x3xi1>
  %other = tosa.select %11, %x, %10 : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>

  // Softmax with the maximum along the other axis; with the sum of another value.
  %12 = tosa.reduce_max %x {axis = 0 : i32} : (tensor<2x3xf32>) -> tensor<1x3xf32>
  %13 = tosa.sub %x, %12 : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %14 = tosa.exp %13 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %15 = tosa.reduce_sum %14 {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %16 = tosa.reciprocal %15 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %axis = tosa.mul %14, %16, %shift : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  %17 = tosa.reduce_max %x {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %18 = tosa.sub %x, %17 : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %19 = tosa.exp %18 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %20 = tosa.reduce_sum %y {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %21 = tosa.reciprocal %20 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %sum = tosa.mul %19, %21, %shift : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  return %slope, %gate, %repeat, %knee, %other, %axis, %sum : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}
