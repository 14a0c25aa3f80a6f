// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// Equations of Einsum that are refused.

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{equation: 1 labels for input 0; expected 2}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "i"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>, %a1: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{equation: 1 terms; expected 2}}
    %y = "onnx.einsum"(%a0, %a1) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ij"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{equation: unexpected ',ij'}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ij,ij"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{equation: unexpected '+j'}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "i+j"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{equation: unexpected '-ij'}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ij-ij"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{equation: 'k' of the result is in no operand}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ij->k"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{equation: a label stands twice in the result}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ij->ii"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{a diagonal of 2 times 3 elements}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ii"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>, %a1: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{a label of 3 and of 2 elements}}
    %y = "onnx.einsum"(%a0, %a1) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ij,jk"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @main(%a0: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{not supported yet: more than 8 labels in a term}}
    %y = "onnx.einsum"(%a0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "abcdefghi"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
