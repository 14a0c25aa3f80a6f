// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// Conditions that don't decide; what is wrong with the value that is needed.

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2xf32>, %c: tensor<i1>) -> tensor<2xf32> attributes {fuse.inputs = ["x", "flag"]} {
    %a = "onnx.abs"(%x) : (tensor<2xf32>) -> !onnx.unknown
    // expected-error@+1 {{not supported yet: its condition is known at run time only; --value flag=FILE would make it so}}
    %y = "onnx.if"(%c, %a, %x) : (tensor<i1>, !onnx.unknown, tensor<2xf32>) -> tensor<2xf32>
    return %y : tensor<2xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %c = "onnx.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    // expected-error@+1 {{its condition is f32; expected one boolean}}
    %y = "onnx.if"(%c, %x, %x) : (tensor<f32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    return %y : tensor<2xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %c = "onnx.constant"() {value = dense<true> : tensor<2xi1>} : () -> tensor<2xi1>
    // expected-error@+1 {{its condition is 2xi1; expected one boolean}}
    %y = "onnx.if"(%c, %x, %x) : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    return %y : tensor<2xf32>
  }
}

// -----

// What is behind the error isn't reported: neither the If nor who reads it.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2xf32>, %z: tensor<3xf32>) -> tensor<2xf32> {
    %c = "onnx.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    // expected-error@+1 {{nobody knows it}}
    %a = "onnx.refused"() {why = "nobody knows it"} : () -> !onnx.unknown
    %b = "onnx.abs"(%a) : (!onnx.unknown) -> !onnx.unknown
    %i = "onnx.if"(%c, %b, %x) : (tensor<i1>, !onnx.unknown, tensor<2xf32>) -> !onnx.unknown
    %y = "onnx.abs"(%i) : (!onnx.unknown) -> tensor<2xf32>
    return %y : tensor<2xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2xf32>, %z: tensor<3xf32>) -> tensor<2xf32> {
    %c = "onnx.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
    // expected-error@+1 {{not supported yet: attribute round_mode}}
    %b = "onnx.cast"(%x) {round_mode = "up", to = 1 : i64} : (tensor<2xf32>) -> !onnx.unknown
    %y = "onnx.if"(%c, %x, %b) : (tensor<i1>, tensor<2xf32>, !onnx.unknown) -> tensor<2xf32>
    return %y : tensor<2xf32>
  }
}
