// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// What can't be made of nothing, and sizes that are no sizes.

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x0x1xf32>, %w: tensor<1x2x2x2xf32>) -> tensor<*xf32> {
    %b = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: tosa.conv2d of no elements (1x0x1x2xf32)}}
    %y = "onnx.conv"(%x, %w, %b) {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x2x0x1xf32>, tensor<1x2x2x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x0x3xf32>, %w: tensor<1x2x3xf32>, %r: tensor<1x2x2xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: input 0 has no elements}}
    %y, %h = "onnx.rnn"(%x, %w, %r, %no, %no, %no) {hidden_size = 2 : i64} : (tensor<2x0x3xf32>, tensor<1x2x3xf32>, tensor<1x2x2xf32>, none, none, none) -> (tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x0xf32>) -> tensor<*xi64> {
    // expected-error@+1 {{the place of the largest of no elements}}
    %y = "onnx.argmax"(%x) {axis = 1 : i64} : (tensor<2x0xf32>) -> tensor<*xi64>
    return %y : tensor<*xi64>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x0xf32>) -> tensor<*xf32> {
    %p = "onnx.constant"() {value = dense<[0, 2, 0, 0]> : tensor<4xi64>} : () -> tensor<4xi64>
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{2 elements to be made of an empty axis}}
    %y = "onnx.pad"(%x, %p, %no, %no) {mode = "edge"} : (tensor<2x0xf32>, tensor<4xi64>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %p = "onnx.constant"() {value = dense<[0, -4, 0, 0]> : tensor<4xi64>} : () -> tensor<4xi64>
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{pads cut more than all of axis 1}}
    %y = "onnx.pad"(%x, %p, %no, %no) : (tensor<2x3xf32>, tensor<4xi64>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<4xf32>) -> tensor<*xf32> {
    %s = "onnx.constant"() {value = dense<[-1, 5]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{a part of -1 of 4 elements}}
    %a, %b = "onnx.split"(%x, %s) {resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>, tensor<2xi64>) -> (tensor<*xf32>, tensor<*xf32>)
    return %a : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<0xf32>) -> tensor<*xf32> {
    %n = "onnx.constant"() {value = dense<3> : tensor<1xi64>} : () -> tensor<1xi64>
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{size 3 of an empty axis; expected 0}}
    %y = "onnx.resize"(%x, %no, %no, %n) : (tensor<0xf32>, none, none, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<0x3xf32>) -> tensor<*xf32> {
    %n = "onnx.constant"() {value = dense<[0, 9223372036854775807, 3]> : tensor<3xi64>} : () -> tensor<3xi64>
    // expected-error@+1 {{the result is too large}}
    %y = "onnx.reshape"(%x, %n) {allowzero = 1 : i64} : (tensor<0x3xf32>, tensor<3xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<0x3xf32>, %i: tensor<2xi64>) -> tensor<*xf32> {
    // expected-error@+1 {{not supported yet: tosa.gather of no elements (1x0x3xf32)}}
    %y = "onnx.gather"(%x, %i) : (tensor<0x3xf32>, tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A class out of none.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<4x0xf32>, %t: tensor<4xi64>) -> tensor<*xf32> {
    %n = "onnx.novalue"() : () -> none
    // expected-error@+1 {{4 indices into no elements}}
    %y, %p = "onnx.softmaxcrossentropyloss"(%x, %t, %n) : (tensor<4x0xf32>, tensor<4xi64>, none) -> (tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}
