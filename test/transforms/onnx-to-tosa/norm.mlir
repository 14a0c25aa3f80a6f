// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Normalisation by the data's own mean and variance.

// Over the last axis.
// CHECK-LABEL: func.func @layer
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>, %[[A1:[^ :]*]]: tensor<3xf32>, %[[A2:[^ :]*]]: tensor<3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reduce_sum %[[A0]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.333333343> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.mul %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.sub %[[A0]], %[[V3]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[V4]], %[[V4]], %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.reduce_sum %[[V5]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<0.333333343> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.mul %[[V6]], %[[V7]], %[[V2]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.add %[[V8]], %[[V9]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.rsqrt %[[V10]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.mul %[[V4]], %[[V11]], %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.reshape %[[A1]], %[[V13]] : {{.*}} -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.mul %[[V12]], %[[V14]], %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.reshape %[[A2]], %[[V16]] : {{.*}} -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.add %[[V15]], %[[V17]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V18]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 17 : i64}} {
  func.func @layer(%x: tensor<2x3xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<*xf32> {
    %y = "onnx.layernormalization"(%x, %s, %b) {epsilon = 0.5 : f32} : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Over all but batch and channels; one scale per channel.
// CHECK-LABEL: func.func @instance
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3x4xf32>, %[[A1:[^ :]*]]: tensor<3xf32>, %[[A2:[^ :]*]]: tensor<3xf32>) -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reduce_sum %[[A0]] {axis = 2 : i32} : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.mul %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.sub %[[A0]], %[[V3]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[V4]], %[[V4]], %[[V2]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.reduce_sum %[[V5]] {axis = 2 : i32} : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.mul %[[V6]], %[[V7]], %[[V2]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<9.99999974E-6> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.add %[[V8]], %[[V9]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.rsqrt %[[V10]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.mul %[[V4]], %[[V11]], %[[V2]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.reshape %[[A1]], %[[V13]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.mul %[[V12]], %[[V14]], %[[V2]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.reshape %[[A2]], %[[V16]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.add %[[V15]], %[[V17]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    return %[[V18]] : tensor<2x3x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @instance(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<*xf32> {
    %y = "onnx.instancenormalization"(%x, %s, %b) : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Scale and bias per group before opset 21 ...
// CHECK-LABEL: func.func @group_18
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x6x2xf32>, %[[A1:[^ :]*]]: tensor<3xf32>, %[[A2:[^ :]*]]: tensor<3xf32>) -> tensor<2x6x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 3, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reduce_sum %[[V1]] {axis = 2 : i32} : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[V2]], %[[V3]], %[[V4]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.sub %[[V1]], %[[V5]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.mul %[[V6]], %[[V6]], %[[V4]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.reduce_sum %[[V7]] {axis = 2 : i32} : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.mul %[[V8]], %[[V9]], %[[V4]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = "tosa.const"() <{values = dense<9.99999974E-6> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.add %[[V10]], %[[V11]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.rsqrt %[[V12]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.mul %[[V6]], %[[V13]], %[[V4]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.reshape %[[A1]], %[[V15]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.mul %[[V14]], %[[V16]], %[[V4]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V19:[^ :]*]] = tosa.reshape %[[A2]], %[[V18]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V20:[^ :]*]] = tosa.add %[[V17]], %[[V19]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V21:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 6, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V22:[^ :]*]] = tosa.reshape %[[V20]], %[[V21]] : {{.*}} -> tensor<2x6x2xf32>
// CHECK-NEXT:    return %[[V22]] : tensor<2x6x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @group_18(%x: tensor<2x6x2xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<*xf32> {
    %y = "onnx.groupnormalization"(%x, %s, %b) {num_groups = 3 : i64} : (tensor<2x6x2xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// ... per channel since.
// CHECK-LABEL: func.func @group_21
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x6x2xf32>, %[[A1:[^ :]*]]: tensor<6xf32>, %[[A2:[^ :]*]]: tensor<6xf32>) -> tensor<2x6x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 3, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reduce_sum %[[V1]] {axis = 2 : i32} : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[V2]], %[[V3]], %[[V4]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.sub %[[V1]], %[[V5]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.mul %[[V6]], %[[V6]], %[[V4]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.reduce_sum %[[V7]] {axis = 2 : i32} : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.mul %[[V8]], %[[V9]], %[[V4]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = "tosa.const"() <{values = dense<9.99999974E-6> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.add %[[V10]], %[[V11]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.rsqrt %[[V12]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.mul %[[V6]], %[[V13]], %[[V4]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 6, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.reshape %[[V14]], %[[V15]] : {{.*}} -> tensor<2x6x2xf32>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 6, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.reshape %[[A1]], %[[V17]] : {{.*}} -> tensor<1x6x1xf32>
// CHECK-NEXT:    %[[V19:[^ :]*]] = tosa.mul %[[V16]], %[[V18]], %[[V4]] : {{.*}} -> tensor<2x6x2xf32>
// CHECK-NEXT:    %[[V20:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 6, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V21:[^ :]*]] = tosa.reshape %[[A2]], %[[V20]] : {{.*}} -> tensor<1x6x1xf32>
// CHECK-NEXT:    %[[V22:[^ :]*]] = tosa.add %[[V19]], %[[V21]] : {{.*}} -> tensor<2x6x2xf32>
// CHECK-NEXT:    return %[[V22]] : tensor<2x6x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 21 : i64}} {
  func.func @group_21(%x: tensor<2x6x2xf32>, %s: tensor<6xf32>, %b: tensor<6xf32>) -> tensor<*xf32> {
    %y = "onnx.groupnormalization"(%x, %s, %b) {num_groups = 3 : i64} : (tensor<2x6x2xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Two channels: one in front, none behind.
// CHECK-LABEL: func.func @lrn
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.mul %[[A0]], %[[A0]], %[[V0]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 0, 1, 0, 0]> : tensor<6xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.pad %[[V1]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x5x2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<3xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.slice %[[V4]], %[[V5]], %[[V6]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1, 0]> : tensor<3xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.slice %[[V4]], %[[V8]], %[[V9]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.add %[[V7]], %[[V10]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.mul %[[V11]], %[[V12]], %[[V0]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.add %[[V13]], %[[V14]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V16:[^ :]*]] = "tosa.const"() <{values = dense<-7.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.pow %[[V15]], %[[V16]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.mul %[[A0]], %[[V17]], %[[V0]] : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    return %[[V18]] : tensor<1x4x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @lrn(%x: tensor<1x4x2xf32>) -> tensor<*xf32> {
    %y = "onnx.lrn"(%x) {size = 2 : i64, alpha = 4.0 : f32} : (tensor<1x4x2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A vector of zeros stays one.
// CHECK-LABEL: func.func @lp
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.abs %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reduce_sum %[[V0]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reciprocal %[[V1]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.greater %[[V1]], %[[V3]] : {{.*}} -> tensor<2x1xi1>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.select %[[V4]], %[[V2]], %[[V3]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.mul %[[A0]], %[[V5]], %[[V6]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @lp(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.lpnormalization"(%x) {p = 1 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
