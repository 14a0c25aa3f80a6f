// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// Numbers that decide a size and aren't known, where the model doesn't say the size either, or a wrong one.

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%s: tensor<f32>, %d: tensor<f32>) -> tensor<?xf32> attributes {fuse.inputs = ["first", "step"]} {
    %l = "onnx.constant"() {value = dense<8.0> : tensor<f32>} : () -> tensor<f32>
    %a = "onnx.abs"(%d) : (tensor<f32>) -> tensor<f32>
    // expected-error@+1 {{not supported yet: input 2 decides the result's size, and is not known at compile time; --value step=FILE would make it so}}
    %y = "onnx.range"(%l, %l, %a) : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<?xf32>
    return %y : tensor<?xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%s: tensor<2xf32>, %d: tensor<f32>) -> tensor<4xf32> {
    // expected-error@+1 {{start, limit and delta; expected three numbers of one type}}
    %y = "onnx.range"(%s, %d, %d) : (tensor<2xf32>, tensor<f32>, tensor<f32>) -> tensor<4xf32>
    return %y : tensor<4xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x6xf32>, %s: tensor<1xi64>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: input 1 decides the result's size, and is not known at compile time}}
    %y = "onnx.slice"(%x, %s, %s, %no, %no) : (tensor<2x6xf32>, tensor<1xi64>, tensor<1xi64>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x6xf32>, %s: tensor<1xi64>) -> tensor<3x6xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{3 of 2 elements with a step of 1}}
    %y = "onnx.slice"(%x, %s, %s, %no, %no) : (tensor<2x6xf32>, tensor<1xi64>, tensor<1xi64>, none, none) -> tensor<3x6xf32>
    return %y : tensor<3x6xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<8x6xf32>, %s: tensor<1xi64>) -> tensor<4x6xf32> {
    %t = "onnx.constant"() {value = dense<-3> : tensor<1xi64>} : () -> tensor<1xi64>
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{4 of 8 elements with a step of -3}}
    %y = "onnx.slice"(%x, %s, %s, %no, %t) : (tensor<8x6xf32>, tensor<1xi64>, tensor<1xi64>, none, tensor<1xi64>) -> tensor<4x6xf32>
    return %y : tensor<4x6xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x6xf32>, %s: tensor<3xi64>) -> tensor<2x6xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{starts, ends, axes and steps; expected equally many, at most 2}}
    %y = "onnx.slice"(%x, %s, %s, %no, %no) : (tensor<2x6xf32>, tensor<3xi64>, tensor<3xi64>, none, none) -> tensor<2x6xf32>
    return %y : tensor<2x6xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x6xf32>, %s: tensor<2xi64>) -> tensor<5x2xf32> {
    // expected-error@+1 {{12 elements into a shape of 10; expected equal numbers}}
    %y = "onnx.reshape"(%x, %s) : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<5x2xf32>
    return %y : tensor<5x2xf32>
  }
}

// -----

// The output is declared with another element type, which is an error, or other sizes, which are only warned of.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x3xf32>) -> tensor<1x3xi8> {
    // expected-error@+1 {{its output is of type f32; expected i8, as the model says}}
    %y = "onnx.relu"(%x) : (tensor<1x3xf32>) -> tensor<1x3xi8>
    return %y : tensor<1x3xi8>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x3xf32>) -> tensor<1x4xf32> {
    // expected-warning@+1 {{its output is 1x3xf32; the model says 1x4xf32}}
    %y = "onnx.relu"(%x) : (tensor<1x3xf32>) -> tensor<1x4xf32>
    return %y : tensor<1x4xf32>
  }
}
