// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Activations that become formulas: which number stands where.

// Below 0: (exp(x) - 1) * alpha.
// CHECK-LABEL: func.func @elu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.exp %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.sub %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[V2]], %[[V3]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.greater_equal %[[A0]], %[[V6]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.select %[[V7]], %[[A0]], %[[V5]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V8]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @elu(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.elu"(%x) {alpha = 0.5 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The same times gamma.
// CHECK-LABEL: func.func @selu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.exp %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.sub %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[V2]], %[[V3]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.greater_equal %[[A0]], %[[V6]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.select %[[V7]], %[[A0]], %[[V5]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<3.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.mul %[[V8]], %[[V9]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V10]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @selu(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.selu"(%x) {alpha = 0.5 : f32, gamma = 3.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The exponent is x / alpha.
// CHECK-LABEL: func.func @celu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.mul %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.exp %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.sub %[[V3]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<4.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.mul %[[V5]], %[[V6]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.greater_equal %[[A0]], %[[V8]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.select %[[V9]], %[[A0]], %[[V7]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V10]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @celu(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.celu"(%x) {alpha = 4.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// No exponential of a positive number.
// CHECK-LABEL: func.func @softplus
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.abs %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<-1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.mul %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.exp %[[V3]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.add %[[V4]], %[[V5]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.log %[[V6]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.maximum %[[A0]], %[[V8]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.add %[[V9]], %[[V7]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V10]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @softplus(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.softplus"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// x / (1 + |x|).
// CHECK-LABEL: func.func @softsign
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.abs %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.add %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reciprocal %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[A0]], %[[V3]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @softsign(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.softsign"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Greater than alpha, not 0.
// CHECK-LABEL: func.func @thresholded
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.greater %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.select %[[V1]], %[[A0]], %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V3]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @thresholded(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.thresholdedrelu"(%x) {alpha = 2.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// bias is taken off above lambd and added below -lambd.
// CHECK-LABEL: func.func @shrink
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<1.500000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.greater %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<-1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.mul %[[A0]], %[[V2]], %[[V3]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<1.500000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.greater %[[V4]], %[[V5]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.add %[[A0]], %[[V7]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.select %[[V6]], %[[V8]], %[[V9]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.sub %[[A0]], %[[V11]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.select %[[V1]], %[[V12]], %[[V10]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V13]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @shrink(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.shrink"(%x) {lambd = 1.5 : f32, bias = 0.25 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// erf by default.
// CHECK-LABEL: func.func @gelu
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.707106769> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.mul %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.erf %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.add %[[V3]], %[[V4]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.mul %[[A0]], %[[V5]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.mul %[[V6]], %[[V7]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V8]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 20 : i64}} {
  func.func @gelu(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.gelu"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// alpha is inside the sigmoid.
// CHECK-LABEL: func.func @swish
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.mul %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.sigmoid %[[V2]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.mul %[[A0]], %[[V3]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 24 : i64}} {
  func.func @swish(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.swish"(%x) {alpha = 2.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// 1, -1, or what is neither.
// CHECK-LABEL: func.func @sign
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.greater %[[V0]], %[[A0]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<-1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.select %[[V1]], %[[V2]], %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.greater %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.select %[[V4]], %[[V5]], %[[V3]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @sign(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.sign"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// a < b is b > a.
// CHECK-LABEL: func.func @less
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>, %[[A1:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.greater %[[A1]], %[[A0]] : {{.*}} -> tensor<2x3xi1>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.cast %[[V0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V1]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @less(%x: tensor<2x3xf32>, %z: tensor<2x3xf32>) -> tensor<*xf32> {
    %l = "onnx.less"(%x, %z) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xi1>
    %y = "onnx.cast"(%l) {to = 1 : i64} : (tensor<*xi1>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The sum times 1/3.
// CHECK-LABEL: func.func @mean
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>, %[[A1:[^ :]*]]: tensor<3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : {{.*}} -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.add %[[A0]], %[[V1]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.add %[[V2]], %[[A0]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.333333343> : tensor<1x1xf32>}> : {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.mul %[[V3]], %[[V4]], %[[V5]] : {{.*}} -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @mean(%x: tensor<2x3xf32>, %z: tensor<3xf32>) -> tensor<*xf32> {
    %y = "onnx.mean"(%x, %z, %x) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
