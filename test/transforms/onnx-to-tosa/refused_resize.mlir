// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// What Resize and Upsample refuse, beside refused.mlir.

// Attributes that only opsets of long ago have.
module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @main(%x: tensor<1x1x2x2xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: attribute height_scale}}
    %y = "onnx.upsample"(%x, %c0) {width_scale = 2.0 : f32, height_scale = 2.0 : f32} : (tensor<1x1x2x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{expected either scales or sizes}}
    %y = "onnx.resize"(%x, %c0, %c1, %c2) : (tensor<1x1x4x4xf32>, none, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    %c2 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{tf_crop_and_resize without roi}}
    %y = "onnx.resize"(%x, %c0, %c1, %c2) {coordinate_transformation_mode = "tf_crop_and_resize"} : (tensor<1x1x4x4xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Found by the fuzzer: a scale that no integer holds.
module attributes {onnx.opset_import = {ai.onnx = 9 : i64}} {
  func.func @main(%x: tensor<1x1x2x2xf32>) -> tensor<*xf32> {
    %s = "onnx.constant"() {value = dense<[1.0, 1.0, 3.0e19, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    // expected-error@+1 {{scale 3e+19; expected more than 0}}
    %y = "onnx.upsample"(%x, %s) : (tensor<1x1x2x2xf32>, tensor<4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    // expected-error@+1 {{mode "lanczos"; expected one that ONNX knows}}
    %y = "onnx.resize"(%x, %no, %s, %no) {mode = "lanczos"} : (tensor<1x1x4x4xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    // expected-error@+1 {{nearest_mode "up"; expected one that ONNX knows}}
    %y = "onnx.resize"(%x, %no, %s, %no) {nearest_mode = "up"} : (tensor<1x1x4x4xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    // expected-error@+1 {{axis 2 is given twice}}
    %y = "onnx.resize"(%x, %no, %s, %no) {axes = array<i64: 2, 2, 0, 1>} : (tensor<1x1x4x4xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    // expected-error@+1 {{scales; expected 2 f32 values}}
    %y = "onnx.resize"(%x, %no, %s, %no) {axes = array<i64: 2, 3>} : (tensor<1x1x4x4xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf64>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    // expected-error@+1 {{not supported yet: f64 of another mode than nearest}}
    %y = "onnx.resize"(%x, %no, %s, %no) {mode = "linear"} : (tensor<1x1x4x4xf64>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @main(%x: tensor<4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %n = "onnx.constant"() {value = dense<9> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{keep_aspect_ratio_policy "any"; expected stretch, not_larger or not_smaller}}
    %y = "onnx.resize"(%x, %no, %no, %n) {keep_aspect_ratio_policy = "any"} : (tensor<4xf32>, none, none, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @main(%x: tensor<4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %n = "onnx.constant"() {value = dense<9000000> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{not supported yet: 4 to 9000000 elements; expected fewer}}
    %y = "onnx.resize"(%x, %no, %no, %n) {mode = "cubic"} : (tensor<4xf32>, none, none, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %roi = "onnx.constant"() {value = dense<[0.5, 0x7F800000]> : tensor<2xf32>} : () -> tensor<2xf32>
    %n = "onnx.constant"() {value = dense<3> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{roi 0.5 to inf; expected numbers up to 1e+06}}
    %y = "onnx.resize"(%x, %roi, %no, %n) {coordinate_transformation_mode = "tf_crop_and_resize"} : (tensor<3xf32>, tensor<2xf32>, none, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// No list of millions of places is made.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x6x8xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %sizes = "onnx.constant"() {value = dense<[4194305, 2, 6, 8]> : tensor<4xi64>} : () -> tensor<4xi64>
    // expected-error@+1 {{not supported yet: 1 to 4194305 elements; expected fewer}}
    %y = "onnx.resize"(%x, %no, %no, %sizes) {mode = "nearest"} : (tensor<1x2x6x8xf32>, none, none, tensor<4xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
