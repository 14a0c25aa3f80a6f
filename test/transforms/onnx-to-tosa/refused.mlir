// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// What is refused, by name. Every node of a module is listed in one run; what hangs on a refused node isn't.

// Three nodes in one run; the relu between them needs a refused value and is silent.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{'onnx.unique': the size of its result depends on the data; expected static shapes}}
    %a = "onnx.unique"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    %b = "onnx.relu"(%a) : (tensor<*xf32>) -> tensor<*xf32>
    // expected-error@+1 {{'onnx.softmax': axis 2; expected -2 to 1}}
    %c = "onnx.softmax"(%x) {axis = 2 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
    // expected-error@+1 {{'onnx.det': not supported yet: this operator}}
    %y = "onnx.det"(%b) : (tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// expected-error@+1 {{no opset version in onnx.opset_import; expected ai.onnx = N}}
module {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.relu"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  // expected-error@+1 {{argument 0 has no static shape; expected one}}
  func.func @main(%x: tensor<?x3xf32>) -> tensor<*xf32> {
    %y = "onnx.relu"(%x) : (tensor<?x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Before opset 7 training is the default.
module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: training mode}}
    %y = "onnx.dropout"(%x, %c0, %c1) : (tensor<2x3xf32>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %c1 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %c2 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %c3 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    // expected-error@+1 {{not supported yet: training mode}}
    %y = "onnx.batchnormalization"(%x, %c0, %c1, %c2, %c3) : (tensor<1x1x4x4xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
    // expected-error@+1 {{attributes broadcast and axis ended with opset 7}}
    %y = "onnx.add"(%x, %c0) {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    // expected-error@+1 {{axis 1 for 2 axes of 2}}
    %y = "onnx.add"(%x, %c0) {axis = 1 : i64, broadcast = 1 : i64} : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %c1 = "onnx.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    // expected-error@+1 {{a condition of type f32; expected i1}}
    %y = "onnx.where"(%x, %c0, %c1) : (tensor<2x3xf32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A row of ops.def says which element types its operator takes.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2xi64>) -> tensor<*xf32> {
    // expected-error@+1 {{not supported yet: input 0 has element type i64; expected f32, or a value known at compile time}}
    %y = "onnx.tanh"(%x) : (tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>, %a0: tensor<4xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{shapes 2x3xf32 and 1x4xf32 don't broadcast}}
    %y = "onnx.add"(%x, %a0) : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1> : tensor<3xi64>} : () -> tensor<3xi64>
    // expected-error@+1 {{element types f32 and i64; expected equal ones}}
    %y = "onnx.add"(%x, %c0) : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x2x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{a window of 3 doesn't fit 2 elements with pads 0 and 0}}
    %y = "onnx.conv"(%x, %c0, %c1) : (tensor<1x1x2x4xf32>, tensor<1x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x3x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<2x1x3x3xf32>} : () -> tensor<2x1x3x3xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{group = 2 with 3 input channels and weights for 1 of them, 2 output channels; expected group to divide both}}
    %y = "onnx.conv"(%x, %c0, %c1) {group = 2 : i64} : (tensor<1x3x4x4xf32>, tensor<2x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{input of rank 2; expected at least 3}}
    %y = "onnx.conv"(%x, %c0, %c1) : (tensor<1x1xf32>, tensor<1x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{kernel_shape differs from the shape of the weights}}
    %y = "onnx.conv"(%x, %c0, %c1) {kernel_shape = array<i64: 2, 2>} : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
    %c1 = "onnx.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
    // expected-error@+1 {{the bias has another length than 1 output channels}}
    %y = "onnx.conv"(%x, %c0, %c1) : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{strides: 0; expected at least 1}}
    %y = "onnx.conv"(%x, %c0, %c1) {strides = array<i64: 0, 1>} : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{strides has 1 values; expected 2}}
    %y = "onnx.conv"(%x, %c0, %c1) {strides = array<i64: 1>} : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{pads: -1; expected at least 0}}
    %y = "onnx.conv"(%x, %c0, %c1) {pads = array<i64: 0, 0, -1, 0>} : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{auto_pad "SAME"; expected NOTSET, SAME_UPPER, SAME_LOWER or VALID}}
    %y = "onnx.conv"(%x, %c0, %c1) {auto_pad = "SAME"} : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{kernel_shape has 0 values; expected 2}}
    %y = "onnx.maxpool"(%x) : (tensor<1x1x4x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Before opset 14 more outputs than one say that it is training.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %c1 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %c2 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %c3 = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    // expected-error@+1 {{not supported yet: training mode}}
    %y, %mean = "onnx.batchnormalization"(%x, %c0, %c1, %c2, %c3) : (tensor<1x1x4x4xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %c1 = "onnx.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %c2 = "onnx.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %c3 = "onnx.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
    // expected-error@+1 {{scale, bias, mean and variance; expected one f32 value per channel}}
    %y = "onnx.batchnormalization"(%x, %c0, %c1, %c2, %c3) : (tensor<1x1x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %c1 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{A has 3 columns and B 2 rows; expected equal numbers}}
    %y = "onnx.gemm"(%x, %c0, %c1) : (tensor<2x3xf32>, tensor<2x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    // expected-error@+1 {{3 columns times 2 rows; expected equal numbers}}
    %y = "onnx.matmul"(%x, %c0) : (tensor<2x3xf32>, tensor<2x2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>, %a1: tensor<5xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1.0> : tensor<3x2xf32>} : () -> tensor<3x2xf32>
    // expected-error@+1 {{C has 5 elements on axis 1; expected 1 or 2}}
    %y = "onnx.gemm"(%x, %c0, %a1) : (tensor<2x3xf32>, tensor<3x2xf32>, tensor<5xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[4, 2]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{6 elements into a shape of 8; expected equal numbers}}
    %y = "onnx.reshape"(%x, %c0) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[4, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{6 elements don't divide by 4}}
    %y = "onnx.reshape"(%x, %c0) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[-2, 1]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{-2 in the shape; expected sizes and at most one -1}}
    %y = "onnx.reshape"(%x, %c0) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{axis 0 has 2 elements; expected 1}}
    %y = "onnx.squeeze"(%x, %c0) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{perm is not a permutation of 2 axes}}
    %y = "onnx.transpose"(%x) {perm = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<3> : tensor<i64>} : () -> tensor<i64>
    // expected-error@+1 {{index 3; expected -3 to 2}}
    %y = "onnx.gather"(%x, %c0) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<i64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %c1 = "onnx.constant"() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %c2 = "onnx.novalue"() : () -> none
    %c3 = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{a step of 0}}
    %y = "onnx.slice"(%x, %c0, %c1, %c2, %c3) : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, none, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[3, 0]> : tensor<2xi64>} : () -> tensor<2xi64>
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: mode reflect with 3 elements of 3}}
    %y = "onnx.pad"(%x, %c0, %c1, %c2) {mode = "reflect"} : (tensor<3xf32>, tensor<2xi64>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[1, 0]> : tensor<2xi64>} : () -> tensor<2xi64>
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.novalue"() : () -> none
    // expected-error@+1 {{mode "mirror"; expected constant, reflect, edge or wrap}}
    %y = "onnx.pad"(%x, %c0, %c1, %c2) {mode = "mirror"} : (tensor<3xf32>, tensor<2xi64>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{sizes sum to 2; expected 3}}
    %y = "onnx.split"(%x, %c0) {axis = 1 : i64, resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>, %b: tensor<2x3xi1>) -> tensor<*xf32> {
    // expected-error@+1 {{direction "UP"; expected LEFT or RIGHT}}
    %a = "onnx.bitshift"(%b, %b) {direction = "UP"} : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<*xi1>
    // expected-error@+1 {{element type i1; expected integers}}
    %c = "onnx.bitwisenot"(%b) : (tensor<2x3xi1>) -> tensor<*xi1>
    // expected-error@+1 {{element type f32; expected i1}}
    %d = "onnx.not"(%x) : (tensor<2x3xf32>) -> tensor<*xi1>
    // expected-error@+1 {{floats with fmod = 0; expected 1}}
    %y = "onnx.mod"(%x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A few bytes of a model must not eat the memory.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %s = "onnx.constant"() {value = dense<100000> : tensor<3xi64>} : () -> tensor<3xi64>
    // expected-error@+1 {{constants of more than 256 MiB would be made; expected at most 256 MiB and 8 times the model's own}}
    %y = "onnx.constantofshape"(%s) : (tensor<3xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Nor may several nodes together.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %s = "onnx.constant"() {value = dense<40000000> : tensor<1xi64>} : () -> tensor<1xi64>
    %a = "onnx.constantofshape"(%s) : (tensor<1xi64>) -> tensor<*xf32>
    // expected-error@+1 {{constants of more than 256 MiB would be made}}
    %b = "onnx.constantofshape"(%s) : (tensor<1xi64>) -> tensor<*xf32>
    %y = "onnx.add"(%a, %b) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %s = "onnx.constant"() {value = dense<[2, -3]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{a size of -3; expected 0 or more}}
    %y = "onnx.constantofshape"(%s) : (tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %a = "onnx.constant"() {value = dense<1.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %s = "onnx.constant"() {value = dense<2000000000> : tensor<2xi64>} : () -> tensor<2xi64>
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{constants of more than 256 MiB would be made; expected at most 256 MiB and 8 times the model's own}}
    %y = "onnx.tile"(%a, %s, %no) : (tensor<1x1xf32>, tensor<2xi64>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %a = "onnx.constant"() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %b = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{a division of integers by zero}}
    %y = "onnx.div"(%a, %b) : (tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{no value is given}}
    %y = "onnx.constant"() : () -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{alpha is 0; expected another number}}
    %y = "onnx.celu"(%x) {alpha = 0.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{approximate "cosh"; expected none or tanh}}
    %y = "onnx.gelu"(%x) {approximate = "cosh"} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{p = 3; expected 1 or 2}}
    %y = "onnx.lpnormalization"(%x) {p = 3 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{size = 0 and an input of rank 2; expected at least 1 and 2}}
    %y = "onnx.lrn"(%x) {size = 0 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{blocksize = 2 and rank 2; expected at least 1, and 4}}
    %y = "onnx.depthtospace"(%x) {blocksize = 2 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<1x6x2x2xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{mode "DCR" and 6 channels; expected DCR or CRD, and a multiple of 4}}
    %y = "onnx.depthtospace"(%x) {blocksize = 2 : i64} : (tensor<1x6x2x2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<1x1x2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{an image of 2 x 3; expected multiples of 2}}
    %y = "onnx.spacetodepth"(%x) {blocksize = 2 : i64} : (tensor<1x1x2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{input of rank 2; expected at least 3}}
    %y = "onnx.instancenormalization"(%x, %x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3x4xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{input 1; expected 3 numbers}}
    %y = "onnx.instancenormalization"(%x, %x, %x) : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3x4xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{num_groups = 2; expected a divisor of the channels of an image}}
    %y = "onnx.groupnormalization"(%x, %x, %x) {num_groups = 2 : i64} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    // expected-error@+1 {{not supported yet: stash_type = 11; expected 1 (f32)}}
    %y = "onnx.rmsnormalization"(%x, %x) {stash_type = 11 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// An index whose successor is no number.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %i = "onnx.constant"() {value = dense<[9223372036854775807, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{index 9223372036854775807; expected -3 to 2}}
    %y = "onnx.gather"(%x, %i) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Operators whose result's size depends on their data, and indices that don't fit.
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @main(%x: tensor<2x3xf32>, %c: tensor<3xi1>, %i: tensor<2x2xi64>) -> tensor<*xf32> {
    // expected-error@+1 {{not supported yet: input 0 decides the result's size, and is not known at compile time}}
    %a = "onnx.nonzero"(%x) : (tensor<2x3xf32>) -> tensor<*xi64>
    // expected-error@+1 {{not supported yet: input 1 decides the result's size, and is not known at compile time}}
    %b = "onnx.compress"(%x, %c) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3xi1>) -> tensor<*xf32>
    // expected-error@+1 {{indices of type i1; expected i32 or i64}}
    %d = "onnx.gather"(%x, %c) : (tensor<2x3xf32>, tensor<3xi1>) -> tensor<*xf32>
    %e3 = "onnx.constant"() {value = dense<1.0> : tensor<2x3x1xf32>} : () -> tensor<2x3x1xf32>
    // expected-error@+1 {{indices of rank 2; expected 3}}
    %e = "onnx.gatherelements"(%e3, %i) : (tensor<2x3x1xf32>, tensor<2x2xi64>) -> tensor<*xf32>
    // expected-error@+1 {{batch_dims = 2 and 2 numbers to an index; expected at most 2}}
    %f = "onnx.gathernd"(%x, %i) {batch_dims = 2 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<*xf32>
    // expected-error@+1 {{reduction "sub"; expected none, add, mul, max or min}}
    %g = "onnx.scatterelements"(%x, %i, %x) {reduction = "sub"} : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x3xf32>) -> tensor<*xf32>
    // expected-error@+1 {{6 updates; expected 2 rows of 1}}
    %h = "onnx.scatternd"(%x, %i, %x) : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x3xf32>) -> tensor<*xf32>
    %k = "onnx.constant"() {value = dense<4> : tensor<1xi64>} : () -> tensor<1xi64>
    // expected-error@+1 {{k = 4 of 3 elements; expected at least 0 and at most all}}
    %v, %n = "onnx.topk"(%x, %k) : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<*xf32>, tensor<*xi64>)
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{shapes of input and target; expected N,C,d.. and N,d..}}
    %y = "onnx.negativeloglikelihoodloss"(%x, %i, %no) : (tensor<2x3xf32>, tensor<2x2xi64>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Zero points that are fewer than the scales, but more than one.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x4x2x2xf32>, %s: tensor<4xf32>, %z: tensor<2xi8>) -> tensor<*xi8> {
    // expected-error@+1 {{2 scales or zero points; expected 4}}
    %y = "onnx.quantizelinear"(%x, %s, %z) : (tensor<1x4x2x2xf32>, tensor<4xf32>, tensor<2xi8>) -> tensor<*xi8>
    return %y : tensor<*xi8>
  }
}

// -----

// Positions and images of different ranks; the mode's name of another opset; a result smaller than its least.
module attributes {onnx.opset_import = {ai.onnx = 20 : i64}} {
  func.func @main(%x: tensor<1x2x3x4xf32>, %g: tensor<1x5x2xf32>, %h: tensor<1x5x5x2xf32>, %i: tensor<1x2x3x4xi64>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
    // expected-error@+1 {{X of rank 4 and a grid of rank 3; expected an image of 1 to 3 axes, and as many numbers at each place of the grid}}
    %a = "onnx.gridsample"(%x, %g) : (tensor<1x2x3x4xf32>, tensor<1x5x2xf32>) -> tensor<*xf32>
    // expected-error@+1 {{mode "bilinear" and padding_mode "zeros"; expected nearest, linear or cubic, and zeros, border or reflection}}
    %b = "onnx.gridsample"(%x, %h) {mode = "bilinear"} : (tensor<1x2x3x4xf32>, tensor<1x5x5x2xf32>) -> tensor<*xf32>
    %s = "onnx.constant"() {value = dense<[1, 2, 6, 7]> : tensor<4xi64>} : () -> tensor<4xi64>
    // expected-error@+1 {{output_shape has 7 on axis 3; expected at least 8}}
    %c = "onnx.maxunpool"(%x, %i, %s) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xi64>, tensor<4xi64>) -> tensor<*xf32>
    return %a, %b, %c : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// f16 and f32 don't mix; no product of small integers; scales of blocks have the data's shape.
module attributes {onnx.opset_import = {ai.onnx = 21 : i64}} {
  func.func @main(%x: tensor<2x2xf32>, %h: tensor<2x2xf16>, %i: tensor<2x2xi16>, %s: tensor<2x2xf32>) -> (tensor<*xf32>, tensor<*xi16>, tensor<*xf32>) {
    // expected-error@+1 {{inputs of types f32 and f16; expected equal ones}}
    %a = "onnx.add"(%x, %h) : (tensor<2x2xf32>, tensor<2x2xf16>) -> tensor<*xf32>
    // expected-error@+1 {{element type i16; expected a float, i32, i64, ui32 or ui64}}
    %b = "onnx.matmul"(%i, %i) : (tensor<2x2xi16>, tensor<2x2xi16>) -> tensor<*xi16>
    %z = "onnx.novalue"() : () -> none
    // expected-error@+1 {{input 1; expected the shape of input 0, with 1 on axis 0}}
    %c = "onnx.dequantizelinear"(%i, %s, %z) {axis = 0 : i64, block_size = 2 : i64} : (tensor<2x2xi16>, tensor<2x2xf32>, none) -> tensor<*xf32>
    return %a, %b, %c : tensor<*xf32>, tensor<*xi16>, tensor<*xf32>
  }
}

// -----

// What Attention doesn't do yet; shapes that don't belong together.
module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @main(%q: tensor<1x4x3x6xf32>, %k: tensor<1x2x5x6xf32>, %l: tensor<1x3x5x6xf32>, %n: tensor<1xi64>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
    %z = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: nonpad_kv_seqlen}}
    %a = "onnx.attention"(%q, %k, %k, %z, %z, %z, %n) : (tensor<1x4x3x6xf32>, tensor<1x2x5x6xf32>, tensor<1x2x5x6xf32>, none, none, none, tensor<1xi64>) -> tensor<*xf32>
    // expected-error@+1 {{q, k and v of shapes that don't belong together}}
    %b = "onnx.attention"(%q, %l, %l, %z, %z, %z, %z) : (tensor<1x4x3x6xf32>, tensor<1x3x5x6xf32>, tensor<1x3x5x6xf32>, none, none, none, none) -> tensor<*xf32>
    // expected-error@+1 {{not supported yet: softmax_precision = 11; expected 1 (f32), or less}}
    %c = "onnx.attention"(%q, %k, %k, %z, %z, %z, %z) {softmax_precision = 11 : i64} : (tensor<1x4x3x6xf32>, tensor<1x2x5x6xf32>, tensor<1x2x5x6xf32>, none, none, none, none) -> tensor<*xf32>
    // expected-error@+1 {{attn_mask of rank 1 and type i64; expected at most 4 axes, 5 keys, and i1 or q's type}}
    %d = "onnx.attention"(%q, %k, %k, %n, %z, %z, %z) : (tensor<1x4x3x6xf32>, tensor<1x2x5x6xf32>, tensor<1x2x5x6xf32>, tensor<1xi64>, none, none, none) -> tensor<*xf32>
    return %a, %b, %c, %d : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// Columns that the image has no places for; a block that doesn't fit.
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @main(%x: tensor<1x8x9xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
    %s = "onnx.constant"() {value = dense<[3, 4]> : tensor<2xi64>} : () -> tensor<2xi64>
    %t = "onnx.constant"() {value = dense<[-9223372036854775808, 4]> : tensor<2xi64>} : () -> tensor<2xi64>
    %k = "onnx.constant"() {value = dense<[2, 2]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{columns of 8 numbers, 9 of them; expected a multiple of the block, and one for each place of it}}
    %a = "onnx.col2im"(%x, %s, %k) : (tensor<1x8x9xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
    // expected-error@+1 {{a block of 2 on an axis of 4 elements; expected that it fits, and at most 4096}}
    %b = "onnx.col2im"(%x, %s, %k) {dilations = array<i64: 1, 4>} : (tensor<1x8x9xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
    // expected-error@+1 {{a block of 2 on an axis of -9223372036854775808 elements; expected that it fits, and at most 4096}}
    %c = "onnx.col2im"(%x, %t, %k) : (tensor<1x8x9xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
    return %a, %b, %c : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// More numbers to turn than a head has; positions of another batch; operands of different shapes.
module attributes {onnx.opset_import = {ai.onnx = 28 : i64}} {
  func.func @main(%x: tensor<2x4x5x6xf32>, %c: tensor<9x3xf32>, %p: tensor<1x5xi64>, %w: tensor<9x4xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
    // expected-error@+1 {{rotary_embedding_dim = 8 of 6; expected an even number of them}}
    %a = "onnx.rotaryembedding"(%x, %w, %w, %p) {rotary_embedding_dim = 8 : i64} : (tensor<2x4x5x6xf32>, tensor<9x4xf32>, tensor<9x4xf32>, tensor<1x5xi64>) -> tensor<*xf32>
    // expected-error@+1 {{input 1; expected 3 numbers at each of 2 x 5 positions, or rows of them and i64 position_ids}}
    %b = "onnx.rotaryembedding"(%x, %c, %c, %p) : (tensor<2x4x5x6xf32>, tensor<9x3xf32>, tensor<9x3xf32>, tensor<1x5xi64>) -> tensor<*xf32>
    // expected-error@+1 {{operands of different shapes; expected equal ones}}
    %d = "onnx.swiglu"(%c, %w) : (tensor<9x3xf32>, tensor<9x4xf32>) -> tensor<*xf32>
    return %a, %b, %d : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// Bits of another number; bytes that needn't be 0 or 1.
module attributes {onnx.opset_import = {ai.onnx = 26 : i64}} {
  func.func @main(%x: tensor<2xf32>, %b: tensor<2xui8>) -> (tensor<*xi64>, tensor<*xi1>) {
    // expected-error@+1 {{f32 to i64; expected a type of the same size}}
    %a = "onnx.bitcast"(%x) {to = 7 : i64} : (tensor<2xf32>) -> tensor<*xi64>
    // expected-error@+1 {{not supported yet: ui8 as i1, which is 0 or 1}}
    %c = "onnx.bitcast"(%b) {to = 9 : i64} : (tensor<2xui8>) -> tensor<*xi1>
    return %a, %c : tensor<*xi64>, tensor<*xi1>
  }
}
