// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Pools: TOSA averages over what lies inside the image.

// 5 elements, 3 windows of 2: one element of padding at the end.
// CHECK-LABEL: func.func @same_upper
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x5x5xf32>) -> tensor<1x1x3x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 5, 5, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x5x5x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.max_pool2d %[[V1]] {kernel = array<i64: 2, 2>, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>} : {{.*}} -> tensor<1x3x3x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 3, 3]> : tensor<4xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<1x1x3x3xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<1x1x3x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @same_upper(%x: tensor<1x1x5x5xf32>) -> tensor<*xf32> {
    %y = "onnx.maxpool"(%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>, auto_pad = "SAME_UPPER"} : (tensor<1x1x5x5xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Rounding up adds padding that does not count.
// CHECK-LABEL: func.func @ceil_mode
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x6x6xf32>) -> tensor<1x1x3x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 6, 6, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x6x6x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.avg_pool2d %[[V1]], %[[V2]], %[[V2]] {acc_type = f32, kernel = array<i64: 3, 3>, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>} : {{.*}} -> tensor<1x3x3x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 3, 3]> : tensor<4xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.reshape %[[V3]], %[[V4]] : {{.*}} -> tensor<1x1x3x3xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<1x1x3x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @ceil_mode(%x: tensor<1x1x6x6xf32>) -> tensor<*xf32> {
    %y = "onnx.averagepool"(%x) {kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 2>, ceil_mode = 1 : i64} : (tensor<1x1x6x6xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Padding that counts is zeros of the image.
// CHECK-LABEL: func.func @include_pad
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4, 4, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x4x4x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.pad %[[V1]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x6x6x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.avg_pool2d %[[V4]], %[[V5]], %[[V5]] {acc_type = f32, kernel = array<i64: 3, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x4x4x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.reshape %[[V6]], %[[V7]] : {{.*}} -> tensor<1x1x4x4xf32>
// CHECK-NEXT:    return %[[V8]] : tensor<1x1x4x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @include_pad(%x: tensor<1x1x4x4xf32>) -> tensor<*xf32> {
    %y = "onnx.averagepool"(%x) {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>, count_include_pad = 1 : i64} : (tensor<1x1x4x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// One window as large as the image.
// CHECK-LABEL: func.func @global
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3x4xf32>) -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x3x4x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.avg_pool2d %[[V0]], %[[V1]], %[[V1]] {acc_type = f32, kernel = array<i64: 3, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<1x2x1x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @global(%x: tensor<1x2x3x4xf32>) -> tensor<*xf32> {
    %y = "onnx.globalaveragepool"(%x) : (tensor<1x2x3x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// ReduceMean over H and W is the same.
// CHECK-LABEL: func.func @mean_over_the_image
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3x4xf32>) -> tensor<1x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x3x4x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.avg_pool2d %[[V0]], %[[V1]], %[[V1]] {acc_type = f32, kernel = array<i64: 3, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2]> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<1x2xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<1x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @mean_over_the_image(%x: tensor<1x2x3x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %y = "onnx.reducemean"(%x, %c0) {axes = array<i64: 2, 3>, keepdims = 0 : i64} : (tensor<1x2x3x4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Axes are an input since opset 18.
// CHECK-LABEL: func.func @mean_axes_input
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3x4xf32>) -> tensor<1x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x3x4x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.avg_pool2d %[[V0]], %[[V1]], %[[V1]] {acc_type = f32, kernel = array<i64: 3, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2]> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<1x2xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<1x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @mean_axes_input(%x: tensor<1x2x3x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[-1, -2]> : tensor<2xi64>} : () -> tensor<2xi64>
    %y = "onnx.reducemean"(%x, %c0) {keepdims = 0 : i64} : (tensor<1x2x3x4xf32>, tensor<2xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Another mean is a sum times 1/n.
// CHECK-LABEL: func.func @mean_over_channels
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x4x2xf32>) -> tensor<1x1x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reduce_sum %[[A0]] {axis = 1 : i32} : {{.*}} -> tensor<1x1x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.mul %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<1x1x2xf32>
// CHECK-NEXT:    return %[[V3]] : tensor<1x1x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @mean_over_channels(%x: tensor<1x4x2xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %y = "onnx.reducemean"(%x, %c0) {axes = array<i64: 1>} : (tensor<1x4x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
