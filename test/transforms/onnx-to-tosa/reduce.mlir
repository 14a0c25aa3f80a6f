// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// What is done before and after a reduction.

// Magnitudes.
// CHECK-LABEL: func.func @l1
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.abs %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reduce_sum %[[V0]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<2> : tensor<1xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[V1]], %[[V2]] : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    return %[[V3]] : tensor<2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @l1(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.reducel1"(%x, %no) {axes = array<i64: 1>, keepdims = 0 : i64} : (tensor<2x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The root of the squares.
// CHECK-LABEL: func.func @l2
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.mul %[[A0]], %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reduce_sum %[[V1]] {axis = 0 : i32} : {{.*}} -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.pow %[[V2]], %[[V3]] : {{.*}} -> tensor<1x3xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<1x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @l2(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.reducel2"(%x, %no) {axes = array<i64: 0>} : (tensor<2x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The largest is taken off before exp and added after log.
// CHECK-LABEL: func.func @log_sum_exp
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reduce_max %[[A0]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.clamp %[[V0]] {max_val = 3.40282347E+38 : f32, min_val = -3.40282347E+38 : f32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.sub %[[A0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.exp %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reduce_sum %[[V3]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.log %[[V4]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.add %[[V5]], %[[V1]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<2x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @log_sum_exp(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.reducelogsumexp"(%x, %no) {axes = array<i64: 1>} : (tensor<2x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// No division: the logarithm of the sum is taken off.
// CHECK-LABEL: func.func @log_softmax
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reduce_max %[[A0]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.sub %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.exp %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reduce_sum %[[V2]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.log %[[V3]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.sub %[[V1]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @log_softmax(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.logsoftmax"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Before opset 13 the axes from 1 on are one.
// CHECK-LABEL: func.func @log_softmax_merged
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 12]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reduce_max %[[V1]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.sub %[[V1]], %[[V2]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.exp %[[V3]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.reduce_sum %[[V4]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.log %[[V5]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.sub %[[V3]], %[[V6]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 3, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.reshape %[[V7]], %[[V8]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    return %[[V9]] : tensor<2x3x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @log_softmax_merged(%x: tensor<2x3x4xf32>) -> tensor<*xf32> {
    %y = "onnx.logsoftmax"(%x) : (tensor<2x3x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
