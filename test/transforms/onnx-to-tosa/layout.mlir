// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Channels last inside, ONNX's order at the border; what only moves axes of size 1 costs nothing.

// One transpose at the input, one at the output; the activation stays channels-last.
// CHECK-LABEL: func.func @border
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x3x4x4xf32>) -> tensor<1x2x2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x4x4x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense_resource<constant> : tensor<2x3x3x3xf32>}> : {{.*}} -> tensor<2x3x3x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.conv2d %[[V0]], %[[V2]], %[[V3]], %[[V1]], %[[V1]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x2x2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.clamp %[[V4]] {max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32} : {{.*}} -> tensor<1x2x2x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.transpose %[[V5]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x2x2x2xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<1x2x2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @border(%x: tensor<1x3x4x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<1.0> : tensor<2x3x3x3xf32>} : () -> tensor<2x3x3x3xf32>
    %c = "onnx.conv"(%x, %w, %no) : (tensor<1x3x4x4xf32>, tensor<2x3x3x3xf32>, none) -> tensor<*xf32>
    %y = "onnx.relu"(%c) : (tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// What leads to a convolution is done channels-last, its constants turned at compile time.
// CHECK-LABEL: func.func @before_the_first_convolution
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x4x4xf32>) -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x4x4x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}2.000000e+00, 3.000000e+00]]]]> : tensor<1x1x1x2xf32>}> : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.mul %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<1x4x4x2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.avg_pool2d %[[V3]], %[[V4]], %[[V4]] {acc_type = f32, kernel = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x2x1x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @before_the_first_convolution(%x: tensor<1x2x4x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[[[2.0]], [[3.0]]]> : tensor<2x1x1xf32>} : () -> tensor<2x1x1xf32>
    %m = "onnx.mul"(%x, %s) : (tensor<1x2x4x4xf32>, tensor<2x1x1xf32>) -> tensor<*xf32>
    %y = "onnx.globalaveragepool"(%m) : (tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A model that was channels-last before its export gets no transpose at all.
// CHECK-LABEL: func.func @transposes_cancel
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x4x4x3xf32>) -> tensor<1x2x2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.max_pool2d %[[A0]] {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : {{.*}} -> tensor<1x2x2x3xf32>
// CHECK-NEXT:    return %[[V0]] : tensor<1x2x2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @transposes_cancel(%x: tensor<1x4x4x3xf32>) -> tensor<*xf32> {
    %n = "onnx.transpose"(%x) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x4x4x3xf32>) -> tensor<*xf32>
    %p = "onnx.maxpool"(%n) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<*xf32>) -> tensor<*xf32>
    %y = "onnx.transpose"(%p) {perm = array<i64: 0, 2, 3, 1>} : (tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Of a 1x1 image flattening is a reshape.
// CHECK-LABEL: func.func @flatten_after_global_pool
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x3x4x4xf32>) -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x4x4x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.avg_pool2d %[[V0]], %[[V1]], %[[V1]] {acc_type = f32, kernel = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<1x3xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<1x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @flatten_after_global_pool(%x: tensor<1x3x4x4xf32>) -> tensor<*xf32> {
    %p = "onnx.globalaveragepool"(%x) : (tensor<1x3x4x4xf32>) -> tensor<*xf32>
    %y = "onnx.flatten"(%p) : (tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Not the data are put in ONNX's order, but the rows of the matrix: 0 1 2 3 (C,H) is 0 2 1 3 (H,C).
// CHECK-LABEL: func.func @dense_after_flatten
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x2x1xf32>) -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x2x1x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.max_pool2d %[[V0]] {kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x1x2xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 1, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[V1]], %[[V2]] : {{.*}} -> tensor<1x1x1x4xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}0.000000e+00, 2.000000e+00, 1.000000e+00, 3.000000e+00]]]]> : tensor<1x1x1x4xf32>}> : {{.*}} -> tensor<1x1x1x4xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.conv2d %[[V3]], %[[V5]], %[[V6]], %[[V4]], %[[V4]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<1> : tensor<2xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.reshape %[[V7]], %[[V8]] : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    return %[[V9]] : tensor<1x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @dense_after_flatten(%x: tensor<1x2x2x1xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<[[0.0], [1.0], [2.0], [3.0]]> : tensor<4x1xf32>} : () -> tensor<4x1xf32>
    %p = "onnx.maxpool"(%x) {kernel_shape = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>) -> tensor<*xf32>
    %f = "onnx.flatten"(%p) : (tensor<*xf32>) -> tensor<*xf32>
    %y = "onnx.gemm"(%f, %w, %no) : (tensor<*xf32>, tensor<4x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Two that need ONNX's order share one transpose.
// CHECK-LABEL: func.func @one_transpose_for_two
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x2x3xf32>) -> (tensor<3x4xf32>, tensor<4x3xf32>)
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.max_pool2d %[[V0]] {kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.transpose %[[V1]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x2x2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[3, 4]> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<3x4xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<[4, 3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.reshape %[[V2]], %[[V5]] : {{.*}} -> tensor<4x3xf32>
// CHECK-NEXT:    return %[[V4]], %[[V6]] : tensor<3x4xf32>, tensor<4x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @one_transpose_for_two(%x: tensor<1x2x2x3xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
    %s = "onnx.constant"() {value = dense<[3, 4]> : tensor<2xi64>} : () -> tensor<2xi64>
    %p = "onnx.maxpool"(%x) {kernel_shape = array<i64: 1, 1>} : (tensor<1x2x2x3xf32>) -> tensor<*xf32>
    %a = "onnx.reshape"(%p, %s) : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
    %t = "onnx.constant"() {value = dense<[4, 3]> : tensor<2xi64>} : () -> tensor<2xi64>
    %b = "onnx.reshape"(%p, %t) : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
    return %a, %b : tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// Channels are the last axis inside: they are concatenated there.
// CHECK-LABEL: func.func @concat_channels
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x2x3xf32>) -> tensor<1x4x1x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.max_pool2d %[[V0]] {kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.concat %[[V1]], %[[V1]] {axis = 3 : i32} : {{.*}} -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.max_pool2d %[[V2]] {kernel = array<i64: 2, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x4xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.reshape %[[V3]], %[[V4]] : {{.*}} -> tensor<1x4x1x1xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<1x4x1x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @concat_channels(%x: tensor<1x2x2x3xf32>) -> tensor<*xf32> {
    %p = "onnx.maxpool"(%x) {kernel_shape = array<i64: 1, 1>} : (tensor<1x2x2x3xf32>) -> tensor<*xf32>
    %c = "onnx.concat"(%p, %p) {axis = 1 : i64, operandSegmentSizes = array<i32: 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %y = "onnx.globalmaxpool"(%c) : (tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
