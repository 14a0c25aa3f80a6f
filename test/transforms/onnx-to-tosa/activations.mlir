// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Each activation in the one form that later passes look for.

// The bound is the largest number, not infinity.
// CHECK-LABEL: func.func @relu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.clamp %[[A0]] {max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32} : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V0]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @relu(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.relu"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Bounds are attributes before opset 11 ...
// CHECK-LABEL: func.func @clip_attributes
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.clamp %[[A0]] {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32} : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V0]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 10 : i64}} {
  func.func @clip_attributes(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.novalue"() : () -> none
    %y = "onnx.clip"(%x, %c0, %c1) {min = 0.0 : f32, max = 6.0 : f32} : (tensor<2x3xf32>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// ... and inputs since; an absent one does not bound.
// CHECK-LABEL: func.func @clip_inputs
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.clamp %[[A0]] {max_val = 6.000000e+00 : f32, min_val = -3.40282347E+38 : f32} : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V0]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @clip_inputs(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.constant"() {value = dense<6.0> : tensor<f32>} : () -> tensor<f32>
    %y = "onnx.clip"(%x, %c0, %c1) : (tensor<2x3xf32>, none, tensor<f32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Negative numbers are scaled.
// CHECK-LABEL: func.func @leaky_relu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.greater_equal %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.mul %[[A0]], %[[V2]], %[[V3]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.select %[[V1]], %[[A0]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @leaky_relu(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.leakyrelu"(%x) {alpha = 0.5 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The slope broadcasts.
// CHECK-LABEL: func.func @prelu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.greater_equal %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x2x1xi1>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}2.000000e+00]]]]> : tensor<1x2x1x1xf32>}> : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.mul %[[A0]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x2x2x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.select %[[V1]], %[[A0]], %[[V4]] : {{.*}} -> tensor<1x2x2x1xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<1x2x2x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @prelu(%x: tensor<1x2x2x1xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>} : () -> tensor<2x1x1xf32>
    %y = "onnx.prelu"(%x, %c0) : (tensor<1x2x2x1xf32>, tensor<2x1x1xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// alpha is 0.2, beta 0.5 by default.
// CHECK-LABEL: func.func @hard_sigmoid
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.mul %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.add %[[V2]], %[[V3]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.clamp %[[V4]] {max_val = 1.000000e+00 : f32, min_val = 0.000000e+00 : f32} : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @hard_sigmoid(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.hardsigmoid"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// x * hardsigmoid(x), alpha = 1/6.
// CHECK-LABEL: func.func @hard_swish
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.166666672> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.mul %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.add %[[V2]], %[[V3]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.clamp %[[V4]] {max_val = 1.000000e+00 : f32, min_val = 0.000000e+00 : f32} : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.mul %[[A0]], %[[V5]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @hard_swish(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.hardswish"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// TOSA has it.
// CHECK-LABEL: func.func @sigmoid
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.sigmoid %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V0]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @sigmoid(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.sigmoid"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Division by a constant is a product.
// CHECK-LABEL: func.func @div
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.mul %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V2]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @div(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<4.0> : tensor<f32>} : () -> tensor<f32>
    %y = "onnx.div"(%x, %c0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// exp(x - max) / sum over the last axis.
// CHECK-LABEL: func.func @softmax
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reduce_max %[[A0]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.sub %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.exp %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reduce_sum %[[V2]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reciprocal %[[V3]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.mul %[[V2]], %[[V4]], %[[V5]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @softmax(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.softmax"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Before opset 13: over all axes from `axis` on, 1 by default.
// CHECK-LABEL: func.func @softmax_11
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 12]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reduce_max %[[V1]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.sub %[[V1]], %[[V2]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.exp %[[V3]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.reduce_sum %[[V4]] {axis = 1 : i32} : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.reciprocal %[[V5]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.mul %[[V4]], %[[V6]], %[[V7]] : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 3, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.reshape %[[V8]], %[[V9]] : {{.*}} -> tensor<2x3x4xf32>
// CHECK-NEXT:    return %[[V10]] : tensor<2x3x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @softmax_11(%x: tensor<2x3x4xf32>) -> tensor<*xf32> {
    %y = "onnx.softmax"(%x) : (tensor<2x3x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
