// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Booleans, bits and remainders; conversions truncate.

// CHECK-LABEL: func.func @signs
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.custom %[[A0]] {domain_name = "fuse", implementation_attrs = "", operator_name = "isinf"} : (tensor<2x3xf32>) -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.greater %[[A0]], %[[V1]] : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.logical_and %[[V0]], %[[V2]] : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
// CHECK-NEXT:    return %[[V3]] : tensor<2x3xi1>
module attributes {onnx.opset_import = {ai.onnx = 20 : i64}} {
  func.func @signs(%x: tensor<2x3xf32>) -> tensor<*xi1> {
    %y = "onnx.isinf"(%x) {detect_negative = 0 : i64} : (tensor<2x3xf32>) -> tensor<*xi1>
    return %y : tensor<*xi1>
  }
}

// -----

// CHECK-LABEL: func.func @bits
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xui8>, %[[A1:[^ :]*]]: tensor<3xui8>) -> tensor<2x3xui8>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape  {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : (tensor<3xui8>, !tosa.shape<2>) -> tensor<1x3xui8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.logical_right_shift %[[A0]], %[[V1]] : (tensor<2x3xui8>, tensor<1x3xui8>) -> tensor<2x3xui8>
// CHECK-NEXT:    return %[[V2]] : tensor<2x3xui8>
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @bits(%x: tensor<2x3xui8>, %b: tensor<3xui8>) -> tensor<*xui8> {
    %y = "onnx.bitshift"(%x, %b) {direction = "RIGHT"} : (tensor<2x3xui8>, tensor<3xui8>) -> tensor<*xui8>
    return %y : tensor<*xui8>
  }
}

// -----

// CHECK-LABEL: func.func @remainder
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xi32>, %[[A1:[^ :]*]]: tensor<2x3xi32>) -> tensor<2x3xi32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.custom %[[A0]], %[[A1]] {domain_name = "fuse", implementation_attrs = "", operator_name = "mod"} : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
// CHECK-NEXT:    return %[[V0]] : tensor<2x3xi32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @remainder(%x: tensor<2x3xi32>, %b: tensor<2x3xi32>) -> tensor<*xi32> {
    %y = "onnx.mod"(%x, %b) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<*xi32>
    return %y : tensor<*xi32>
  }
}

// -----

// TOSA's cast rounds.
// CHECK-LABEL: func.func @towards_zero
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xi32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.custom %[[A0]] {domain_name = "fuse", implementation_attrs = "", operator_name = "trunc"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.cast %[[V0]] : (tensor<2x3xf32>) -> tensor<2x3xi32>
// CHECK-NEXT:    return %[[V1]] : tensor<2x3xi32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @towards_zero(%x: tensor<2x3xf32>) -> tensor<*xi32> {
    %y = "onnx.cast"(%x) {to = 6 : i64} : (tensor<2x3xf32>) -> tensor<*xi32>
    return %y : tensor<*xi32>
  }
}

// -----

// A power of two types, in f64.
// CHECK-LABEL: func.func @power
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<3xi32>, %[[A1:[^ :]*]]: tensor<3xf32>) -> tensor<3xi32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.cast %[[A0]] : (tensor<3xi32>) -> tensor<3xf64>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.cast %[[A1]] : (tensor<3xf32>) -> tensor<3xf64>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.pow %[[V0]], %[[V1]] : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.custom %[[V2]] {domain_name = "fuse", implementation_attrs = "", operator_name = "trunc"} : (tensor<3xf64>) -> tensor<3xf64>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.cast %[[V3]] : (tensor<3xf64>) -> tensor<3xi32>
// CHECK-NEXT:    return %[[V4]] : tensor<3xi32>
module attributes {onnx.opset_import = {ai.onnx = 15 : i64}} {
  func.func @power(%x: tensor<3xi32>, %b: tensor<3xf32>) -> tensor<*xi32> {
    %y = "onnx.pow"(%x, %b) : (tensor<3xi32>, tensor<3xf32>) -> tensor<*xi32>
    return %y : tensor<*xi32>
  }
}
