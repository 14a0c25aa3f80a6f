// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// An If is one of its values; what only leads to the other one is never looked at.

// The condition comes behind the values, one of which is of no operator that there is.
// CHECK-LABEL: func.func @behind
// CHECK-SAME:    (%[[X:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[Y:[^ :]*]] = tosa.abs %[[X]] : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[Y]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @behind(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %a = "onnx.abs"(%x) : (tensor<2x3xf32>) -> !onnx.unknown
    %b = "onnx.refused"() {why = "nobody knows it"} : () -> !onnx.unknown
    %t = "onnx.add"(%b, %b) : (!onnx.unknown, !onnx.unknown) -> !onnx.unknown
    %c = "onnx.constant"() {value = dense<false> : tensor<1xi1>} : () -> tensor<1xi1>
    %y = "onnx.if"(%c, %t, %a) : (tensor<1xi1>, !onnx.unknown, !onnx.unknown) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A condition that is a choice, too, and a value that two branches share.
// CHECK-LABEL: func.func @nested
// CHECK-SAME:    (%[[X:[^ :]*]]: tensor<2x3xf32>, %[[Z:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[A:[^ :]*]] = tosa.abs %[[X]] : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[Y:[^ :]*]] = tosa.add %[[A]], %[[A]] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[Y]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @nested(%x: tensor<2x3xf32>, %z: tensor<2x3xf32>) -> tensor<*xf32> {
    %one = "onnx.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    %zero = "onnx.not"(%one) : (tensor<i1>) -> !onnx.unknown
    %misfit = "onnx.matmul"(%x, %z) : (tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
    %a = "onnx.abs"(%x) : (tensor<2x3xf32>) -> !onnx.unknown
    %b = "onnx.add"(%a, %a) : (!onnx.unknown, !onnx.unknown) -> !onnx.unknown
    %i = "onnx.if"(%one, %b, %misfit) : (tensor<i1>, !onnx.unknown, !onnx.unknown) -> !onnx.unknown
    %c = "onnx.if"(%one, %zero, %a) : (tensor<i1>, !onnx.unknown, !onnx.unknown) -> !onnx.unknown
    %y = "onnx.if"(%c, %misfit, %i) : (!onnx.unknown, !onnx.unknown, !onnx.unknown) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The layout passes through: one transpose in front of the convolution, one behind.
// CHECK-LABEL: func.func @layout
// CHECK:         tosa.transpose
// CHECK-NEXT:    tosa.clamp
// CHECK-NOT:     tosa.transpose
// CHECK:         tosa.conv2d
// CHECK-NEXT:    tosa.transpose
// CHECK-NEXT:    return
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @layout(%x: tensor<1x2x5x5xf32>) -> tensor<*xf32> {
    %none = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<0.5> : tensor<4x2x3x3xf32>} : () -> tensor<4x2x3x3xf32>
    %c = "onnx.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    %r = "onnx.relu"(%x) : (tensor<1x2x5x5xf32>) -> !onnx.unknown
    %i = "onnx.if"(%c, %r, %x) : (tensor<i1>, !onnx.unknown, tensor<1x2x5x5xf32>) -> !onnx.unknown
    %y = "onnx.conv"(%i, %w, %none) : (!onnx.unknown, tensor<4x2x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
