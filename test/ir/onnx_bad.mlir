// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics %s
// What the onnx dialect refuses, one case a piece; the last by IRDL.

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.relu': unknown attribute 'alpha'; expected consumed_inputs}}
  %y = "onnx.relu"(%x) {alpha = 1.0 : f32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.identity': unknown attribute 'axis'; expected none}}
  %y = "onnx.identity"(%x) {axis = 1 : i64} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.relu': unknown attribute 'initializer'; expected consumed_inputs}}
  %y = "onnx.relu"(%x) {initializer = true} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.relu': unknown attribute 'operandSegmentSizes'; expected consumed_inputs}}
  %y = "onnx.relu"(%x) {operandSegmentSizes = array<i32: 1>} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.leakyrelu': attribute 'alpha' is of another kind; expected an f32}}
  %y = "onnx.leakyrelu"(%x) {alpha = 1.0 : f64} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.softmax': attribute 'axis' is of another kind; expected an i64}}
  %y = "onnx.softmax"(%x) {axis = 1 : i32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.transpose': attribute 'perm' is of another kind; expected array<i64>}}
  %y = "onnx.transpose"(%x) {perm = [1, 0]} : (tensor<1x4xf32>) -> tensor<4x1xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.resize': attribute 'mode' is of another kind; expected a string}}
  %y = "onnx.resize"(%x, %none, %none, %none) {mode = 1 : i64} : (tensor<1x4xf32>, none, none, none) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.constant': attribute 'value' is of another kind; expected a tensor}}
  %y = "onnx.constant"() {value = 1.0 : f32} : () -> tensor<f32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.constant': initializer isn't a boolean; expected one}}
  %y = "onnx.constant"() {initializer = 1 : i64} : () -> tensor<f32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.lstm': attribute 'activations' is of another kind; expected an array of strings}}
  %y = "onnx.lstm"(%x, %x, %x, %none, %none, %none, %none, %none) {activations = [1]} : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, none, none, none, none, none) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.relu': output_names isn't an array of at most 1 strings; expected that}}
  %y = "onnx.relu"(%x) {output_names = ["a", "b"]} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.relu': output_names isn't an array of at most 1 strings; expected that}}
  %y = "onnx.relu"(%x) {output_names = [1]} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.relu': doc_string isn't a string; expected one}}
  %y = "onnx.relu"(%x) {doc_string = 1 : i64} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.clip': input 0 is left out; expected a value}}
  %y = "onnx.clip"(%none, %x, %x) : (none, tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.concat': input 1 is left out; expected a value}}
  %y = "onnx.concat"(%x, %none) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4xf32>, none) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.concat': 0 inputs; expected at least 1}}
  %y = "onnx.concat"() {axis = 1 : i64, operandSegmentSizes = array<i32: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : () -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.maxpool': 3 outputs; expected 1 to 2}}
  %y:3 = "onnx.maxpool"(%x) {kernel_shape = array<i64: 1, 1>} : (tensor<1x4xf32>) -> (tensor<1x4xf32>, none, none)
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{'onnx.novalue': unknown attribute 'a'; expected none}}
  %y = "onnx.novalue"() {a} : () -> none
  return
}

// -----

func.func @f(%x: tensor<1x4xf32>) {
  %none = "onnx.novalue"() : () -> none
  // expected-error@+1 {{op expects exactly 3 operands, but got 2}}
  %y = "onnx.conv"(%x, %x) : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}
