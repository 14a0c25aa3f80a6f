// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Against a constant matrix: a 1x1 convolution over M pixels. Else tosa.matmul.

// B is N,K already.
// CHECK-LABEL: func.func @gemm
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 2, 3]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x1x2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00]]], {{\[\[\[}}4.000000e+00, 5.000000e+00, 6.000000e+00]]]]> : tensor<2x1x1x3xf32>}> : {{.*}} -> tensor<2x1x1x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<[5.000000e-01, 1.500000e+00]> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x2x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<2> : tensor<2xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<2x2xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @gemm(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>} : () -> tensor<2x3xf32>
    %c1 = "onnx.constant"() {value = dense<[0.5, 1.5]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = "onnx.gemm"(%x, %c0, %c1) {transB = 1 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// B is turned.
// CHECK-LABEL: func.func @matmul
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 2, 3]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x1x2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00, 3.000000e+00, 5.000000e+00]]], {{\[\[\[}}2.000000e+00, 4.000000e+00, 6.000000e+00]]]]> : tensor<2x1x1x3xf32>}> : {{.*}} -> tensor<2x1x1x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x2x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<2> : tensor<2xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<2x2xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @matmul(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>} : () -> tensor<3x2xf32>
    %y = "onnx.matmul"(%x, %c0) : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// alpha goes into the weights, beta into the bias, an added row too.
// CHECK-LABEL: func.func @scaled
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1xf32>) -> tensor<1x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<1> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}5.000000e-01]]], {{\[\[\[}}1.000000e+00]]]]> : tensor<2x1x1x1xf32>}> : {{.*}} -> tensor<2x1x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<[1.600000e+01, 2.600000e+01]> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2]> : tensor<2xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x2xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @scaled(%x: tensor<1x1xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<[[1.0, 2.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %c = "onnx.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
    %d = "onnx.constant"() {value = dense<[10.0, 20.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %g = "onnx.gemm"(%x, %w, %c) {alpha = 0.5 : f32, beta = 2.0 : f32} : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<f32>) -> tensor<*xf32>
    %y = "onnx.add"(%g, %d) : (tensor<*xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Two varying operands; the batch axis of the second is repeated.
// CHECK-LABEL: func.func @batched
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3x4xf32>, %[[A1:[^ :]*]]: tensor<1x4x5xf32>) -> tensor<2x3x5xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.tile %[[A1]], %[[V0]] : {{.*}} -> tensor<2x4x5xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.matmul %[[A0]], %[[V1]], %[[V2]], %[[V2]] : {{.*}} -> tensor<2x3x5xf32>
// CHECK-NEXT:    return %[[V3]] : tensor<2x3x5xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @batched(%a: tensor<2x3x4xf32>, %b: tensor<1x4x5xf32>) -> tensor<*xf32> {
    %y = "onnx.matmul"(%a, %b) : (tensor<2x3x4xf32>, tensor<1x4x5xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
