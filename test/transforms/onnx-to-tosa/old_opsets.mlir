// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Opsets before 7: broadcasting by attributes, is_test, a slope per channel.

// The second operand lies along axis 1 of the first.
// CHECK-LABEL: func.func @add_axis
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3x1xf32>) -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}2.000000e+00]]]]> : tensor<1x2x1x1xf32>}> : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.add %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    return %[[V1]] : tensor<1x2x3x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @add_axis(%x: tensor<1x2x3x1xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = "onnx.add"(%x, %c0) {broadcast = 1 : i64, axis = 1 : i64} : (tensor<1x2x3x1xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Without axis at the end.
// CHECK-LABEL: func.func @add_end
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00]]> : tensor<1x3xf32>}> : {{.*}} -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.add %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V1]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @add_end(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>} : () -> tensor<3xf32>
    %y = "onnx.add"(%x, %c0) {broadcast = 1 : i64} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// One slope per channel.
// CHECK-LABEL: func.func @prelu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3x1xf32>) -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.greater_equal %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3x1xi1>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}2.000000e+00]]]]> : tensor<1x2x1x1xf32>}> : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.mul %[[A0]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.select %[[V1]], %[[A0]], %[[V4]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<1x2x3x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @prelu(%x: tensor<1x2x3x1xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = "onnx.prelu"(%x, %c0) : (tensor<1x2x3x1xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Dropout says that it is not training; consumed_inputs was a hint.
// CHECK-LABEL: func.func @dropout
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[A0]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 6 : i64}} {
  func.func @dropout(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.novalue"() : () -> none
    %y = "onnx.dropout"(%x, %c0, %c1) {is_test = 1 : i64, consumed_inputs = array<i64: 0>} : (tensor<2x3xf32>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
