// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// What is known at compile time leaves no ops behind.

// x.view(x.size(0), -1), as exporters write it.
// CHECK-LABEL: func.func @view
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3x4xf32>) -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 12]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    return %[[V1]] : tensor<2x12xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @view(%x: tensor<2x3x4xf32>) -> tensor<*xf32> {
    %zero = "onnx.constant"() {value = dense<0> : tensor<i64>} : () -> tensor<i64>
    %axis = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %rest = "onnx.constant"() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
    %shape = "onnx.shape"(%x) : (tensor<2x3x4xf32>) -> tensor<*xi64>
    %n = "onnx.gather"(%shape, %zero) : (tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
    %n1 = "onnx.unsqueeze"(%n, %axis) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
    %to = "onnx.concat"(%n1, %rest) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
    %y = "onnx.reshape"(%x, %to) : (tensor<2x3x4xf32>, tensor<*xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Integers divide towards zero and convert exactly: (2 * 3 - 11) / 2 = -2, -2 + 3.0 = 1.0.
// CHECK-LABEL: func.func @arithmetic
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.mul %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V2]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @arithmetic(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %two = "onnx.constant"() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
    %three = "onnx.constant"() {value = dense<3.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %eleven = "onnx.constant"() {value_ints = array<i64: 11>} : () -> tensor<1xi64>
    %shape = "onnx.shape"(%x) : (tensor<2x3xf32>) -> tensor<*xi64>
    %no = "onnx.novalue"() : () -> none
    %area = "onnx.reduceprod"(%shape, %no) {keepdims = 1 : i64, axes = array<i64: 0>} : (tensor<*xi64>, none) -> tensor<*xi64>
    %less = "onnx.sub"(%area, %eleven) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
    %half = "onnx.div"(%less, %two) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
    %real = "onnx.cast"(%half) {to = 1 : i64} : (tensor<*xi64>) -> tensor<*xf32>
    %sum = "onnx.add"(%real, %three) : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
    %y = "onnx.mul"(%x, %sum) : (tensor<2x3xf32>, tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A constant that stands behind its user is still folded into it.
// CHECK-LABEL: func.func @late_constant
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<3.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.conv2d %[[A0]], %[[V1]], %[[V2]], %[[V0]], %[[V0]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    return %[[V3]] : tensor<1x1x1x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @late_constant(%x: tensor<1x1x1x1xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %c = "onnx.conv"(%x, %w, %no) : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, none) -> tensor<*xf32>
    %b = "onnx.constant"() {value_float = 3.0 : f32} : () -> tensor<f32>
    %y = "onnx.add"(%c, %b) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A result that is known is a constant.
// CHECK-LABEL: func.func @constant_result
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<1xi64>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<3> : tensor<1xi64>}> : {{.*}} -> tensor<1xi64>
// CHECK-NEXT:    return %[[V0]] : tensor<1xi64>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @constant_result(%x: tensor<2x3xf32>) -> tensor<*xi64> {
    %y = "onnx.shape"(%x) {start = 1 : i64} : (tensor<2x3xf32>) -> tensor<*xi64>
    return %y : tensor<*xi64>
  }
}

// -----

// Products of constants, as of a table of positions: (1, 2) * ((1, 3), (2, 4)) = (5, 11), convolved by 2 x + 1 = (11, 23).
// CHECK-LABEL: func.func @products
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.100000e+01, 2.300000e+01]]]]> : tensor<1x1x1x2xf32>}> : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.add %[[A0]], %[[V0]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    return %[[V1]] : tensor<1x1x1x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @products(%x: tensor<1x1x1x2xf32>) -> tensor<*xf32> {
    %a = "onnx.constant"() {value = dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
    %b = "onnx.constant"() {value = dense<[[[[1.0, 3.0], [2.0, 4.0]]]]> : tensor<1x1x2x2xf32>} : () -> tensor<1x1x2x2xf32>
    %w = "onnx.constant"() {value = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %one = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %p = "onnx.matmul"(%a, %b) : (tensor<1x1x1x2xf32>, tensor<1x1x2x2xf32>) -> tensor<*xf32>
    %c = "onnx.conv"(%p, %w, %one) : (tensor<*xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<*xf32>
    %y = "onnx.add"(%x, %c) : (tensor<1x1x1x2xf32>, tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
