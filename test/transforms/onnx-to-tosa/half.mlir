// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// f16 and bf16: values are held in f32 from where they come in to where they leave.

// No rounding between the operators; the constant is widened at compile time.
// CHECK-LABEL: func.func @layers
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf16>) -> tensor<2x3xf16>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.cast %[[A0]] : (tensor<2x3xf16>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.add %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.sigmoid %[[V2]] : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.cast %[[V3]] : (tensor<2x3xf32>) -> tensor<2x3xf16>
// CHECK-NEXT:    return %[[V4]] : tensor<2x3xf16>
module attributes {onnx.opset_import = {ai.onnx = 17 : i64}} {
  func.func @layers(%x: tensor<2x3xf16>) -> tensor<*xf16> {
    %c = "onnx.constant"() {value = dense<0.5> : tensor<1xf16>} : () -> tensor<1xf16>
    %s = "onnx.add"(%x, %c) : (tensor<2x3xf16>, tensor<1xf16>) -> tensor<*xf16>
    %y = "onnx.sigmoid"(%s) : (tensor<*xf16>) -> tensor<*xf16>
    return %y : tensor<*xf16>
  }
}

// -----

// A Cast and a CastLike round where they stand. What passes through isn't touched; an f32 result stays f32.
// CHECK-LABEL: func.func @casts
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<3xf32>, %[[A1:[^ :]*]]: tensor<3xbf16>) -> (tensor<3xf32>, tensor<3xbf16>, tensor<3xbf16>, tensor<3xf32>)
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.cast %[[A1]] : (tensor<3xbf16>) -> tensor<3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.cast %[[A0]] : (tensor<3xf32>) -> tensor<3xf16>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.cast %[[V1]] : (tensor<3xf16>) -> tensor<3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.cast %[[A0]] : (tensor<3xf32>) -> tensor<3xbf16>
// CHECK-NEXT:    return %[[V2]], %[[V3]], %[[A1]], %[[V0]]
module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @casts(%x: tensor<3xf32>, %b: tensor<3xbf16>) -> (tensor<*xf32>, tensor<*xbf16>, tensor<*xbf16>, tensor<*xf32>) {
    %h = "onnx.cast"(%x) {to = 10 : i64} : (tensor<3xf32>) -> tensor<*xf16>
    %y = "onnx.cast"(%h) {to = 1 : i64} : (tensor<*xf16>) -> tensor<*xf32>
    %z = "onnx.castlike"(%x, %b) : (tensor<3xf32>, tensor<3xbf16>) -> tensor<*xbf16>
    %i = "onnx.identity"(%b) : (tensor<3xbf16>) -> tensor<*xbf16>
    %w = "onnx.cast"(%b) {to = 1 : i64} : (tensor<3xbf16>) -> tensor<*xf32>
    return %y, %z, %i, %w : tensor<*xf32>, tensor<*xbf16>, tensor<*xbf16>, tensor<*xf32>
  }
}
