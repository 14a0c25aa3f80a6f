// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// What convolutions, pools and sequences refuse, beside refused.mlir.

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x6000xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{not supported yet: a kernel of 5000 elements; expected at most 4096}}
    %y = "onnx.lppool"(%x) {kernel_shape = array<i64: 5000>} : (tensor<1x1x6000xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4xi32>) -> tensor<*xf32> {
    // expected-error@+1 {{element type i32; expected a float, i8 or ui8}}
    %y = "onnx.maxpool"(%x) {kernel_shape = array<i64: 2>} : (tensor<1x1x4xi32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{p = 0; expected at least 1}}
    %y = "onnx.globallppool"(%x) {p = 0 : i64} : (tensor<1x1x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x4xf32>, %w: tensor<2x1x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{kernel_shape differs from the shape of the weights}}
    %y = "onnx.convtranspose"(%x, %w, %no) {kernel_shape = array<i64: 2>} : (tensor<1x2x4xf32>, tensor<2x1x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x4xf32>, %w: tensor<2x1x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{group = 3 with 2 input channels and weights for 2 of them}}
    %y = "onnx.convtranspose"(%x, %w, %no) {group = 3 : i64} : (tensor<1x2x4xf32>, tensor<2x1x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x4xf32>, %w: tensor<2x1x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{output_padding or output_shape; expected 1 values}}
    %y = "onnx.convtranspose"(%x, %w, %no) {output_shape = array<i64>} : (tensor<1x2x4xf32>, tensor<2x1x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x4xf32>, %w: tensor<2x1x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{output_padding: -1; expected at least 0}}
    %y = "onnx.convtranspose"(%x, %w, %no) {output_padding = array<i64: -1>} : (tensor<1x2x4xf32>, tensor<2x1x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x4xf32>, %w: tensor<2x1x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{a result of 0 elements; expected at least 1}}
    %y = "onnx.convtranspose"(%x, %w, %no) {pads = array<i64: 3, 3>} : (tensor<1x2x4xf32>, tensor<2x1x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x3x3xf32>, %w: tensor<1x1x3x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{output_shape: -9223372036854775808; expected at least 1}}
    %y = "onnx.convtranspose"(%x, %w, %no) {output_shape = array<i64: -9223372036854775808, 5>} : (tensor<1x1x3x3xf32>, tensor<1x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The sum of the two must not be taken.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<3x4xf32>, %n: tensor<3xi64>) -> tensor<*xf32> {
    // expected-error@+1 {{batch_axis = 9223372036854775807 and time_axis = 1; expected 0 and 1}}
    %y = "onnx.reversesequence"(%x, %n) {batch_axis = 9223372036854775807 : i64, time_axis = 1 : i64} : (tensor<3x4xf32>, tensor<3xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
