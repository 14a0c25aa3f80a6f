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

// A model may have its images as N,H,W,C: whatever it calls their axes, the mean is over the pixels.
// CHECK-LABEL: func.func @mean_of_pixels
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x3x4x2xf32>) -> tensor<1x1x1x2xf32>
// CHECK-NOT:     transpose
// CHECK:         %[[V2:[^ :]*]] = tosa.avg_pool2d %[[A0]], {{.*}}kernel = array<i64: 3, 4>{{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    return %[[V2]] : tensor<1x1x1x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @mean_of_pixels(%x: tensor<1x3x4x2xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %y = "onnx.reducemean"(%x, %c0) {axes = array<i64: 1, 2>} : (tensor<1x3x4x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Another mean is a sum times 1/n.
// CHECK-LABEL: func.func @mean_over_channels
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x4xf32>) -> tensor<1x2x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reduce_sum %[[A0]] {axis = 2 : i32} : {{.*}} -> tensor<1x2x1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.mul %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<1x2x1xf32>
// CHECK-NEXT:    return %[[V3]] : tensor<1x2x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @mean_over_channels(%x: tensor<1x2x4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %k = "onnx.transpose"(%x) {perm = array<i64: 0, 2, 1>} : (tensor<1x2x4xf32>) -> tensor<*xf32>
    %m = "onnx.reducemean"(%k, %c0) {axes = array<i64: 1>} : (tensor<*xf32>, none) -> tensor<*xf32>
    %y = "onnx.transpose"(%m) {perm = array<i64: 0, 2, 1>} : (tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Dilated windows: the image padded with what is less than all, and a maximum of slices.
// CHECK-LABEL: func.func @dilated
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x6xf32>) -> tensor<1x2x5xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x6x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 1, 0, 0, 0]> : tensor<6xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0xFF800000> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.pad %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<1x7x2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<3xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 5, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.slice %[[V3]], %[[V4]], %[[V5]] : {{.*}} -> tensor<1x5x2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 2, 0]> : tensor<3xindex>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 5, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.slice %[[V3]], %[[V7]], %[[V8]] : {{.*}} -> tensor<1x5x2xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.maximum %[[V6]], %[[V9]] : {{.*}} -> tensor<1x5x2xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.transpose %[[V10]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x2x5xf32>
// CHECK-NEXT:    return %[[V11]] : tensor<1x2x5xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @dilated(%x: tensor<1x2x6xf32>) -> tensor<*xf32> {
    %y = "onnx.maxpool"(%x) {kernel_shape = array<i64: 2>, dilations = array<i64: 2>, pads = array<i64: 1, 0>} : (tensor<1x2x6xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The place of a maximum follows it; of equal ones the first stays. Channels add 3 each.
// CHECK-LABEL: func.func @indices
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3xf32>) -> (tensor<1x2x2xf32>, tensor<1x2x2xi64>)
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x3x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<3xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.slice %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<1x2x2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1, 0]> : tensor<3xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 2]> : tensor<3xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.slice %[[V0]], %[[V4]], %[[V5]] : {{.*}} -> tensor<1x2x2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.greater %[[V6]], %[[V3]] : {{.*}} -> tensor<1x2x2xi1>
// CHECK-NEXT:    %[[V8:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[1\], \[2\]\]\]}}> : tensor<1x2x1xi64>}> : {{.*}} -> tensor<1x2x1xi64>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[0\], \[1\]\]\]}}> : tensor<1x2x1xi64>}> : {{.*}} -> tensor<1x2x1xi64>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.select %[[V7]], %[[V8]], %[[V9]] : {{.*}} -> tensor<1x2x2xi64>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.maximum %[[V3]], %[[V6]] : {{.*}} -> tensor<1x2x2xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[0, 3\]\]\]}}> : tensor<1x1x2xi64>}> : {{.*}} -> tensor<1x1x2xi64>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.add %[[V10]], %[[V12]] : {{.*}} -> tensor<1x2x2xi64>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.transpose %[[V11]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x2x2xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.transpose %[[V13]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x2x2xi64>
// CHECK-NEXT:    return %[[V14]], %[[V15]] : tensor<1x2x2xf32>, tensor<1x2x2xi64>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @indices(%x: tensor<1x2x3xf32>) -> (tensor<*xf32>, tensor<*xi64>) {
    %y, %i = "onnx.maxpool"(%x) {kernel_shape = array<i64: 2>} : (tensor<1x2x3xf32>) -> (tensor<*xf32>, tensor<*xi64>)
    return %y, %i : tensor<*xf32>, tensor<*xi64>
  }
}

// -----

// What ceil_mode adds never counts: sums, times 1 / what is inside or padded.
// CHECK-LABEL: func.func @counts
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x4xf32>) -> tensor<1x1x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x4x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 1, 2, 0, 0]> : tensor<6xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.pad %[[V1]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x7x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<3xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 6, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.slice %[[V4]], %[[V5]], %[[V6]] : {{.*}} -> tensor<1x6x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.reshape %[[V7]], %[[V8]] : {{.*}} -> tensor<1x3x2x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.slice %[[V9]], %[[V10]], %[[V11]] : {{.*}} -> tensor<1x3x1x1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.reshape %[[V12]], %[[V13]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1, 0]> : tensor<3xindex>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 6, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.slice %[[V4]], %[[V15]], %[[V16]] : {{.*}} -> tensor<1x6x1xf32>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V19:[^ :]*]] = tosa.reshape %[[V17]], %[[V18]] : {{.*}} -> tensor<1x3x2x1xf32>
// CHECK-NEXT:    %[[V20:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V21:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V22:[^ :]*]] = tosa.slice %[[V19]], %[[V20]], %[[V21]] : {{.*}} -> tensor<1x3x1x1xf32>
// CHECK-NEXT:    %[[V23:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V24:[^ :]*]] = tosa.reshape %[[V22]], %[[V23]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V25:[^ :]*]] = tosa.add %[[V14]], %[[V24]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V26:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[5\.000000e-01\], \[5\.000000e-01\], \[1\.000000e\+00\]\]\]}}> : tensor<1x3x1xf32>}> : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V27:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V28:[^ :]*]] = tosa.mul %[[V25]], %[[V26]], %[[V27]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V29:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 3]> : tensor<3xindex>
// CHECK-NEXT:    %[[V30:[^ :]*]] = tosa.reshape %[[V28]], %[[V29]] : {{.*}} -> tensor<1x1x3xf32>
// CHECK-NEXT:    return %[[V30]] : tensor<1x1x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 19 : i64}} {
  func.func @counts(%x: tensor<1x1x4xf32>) -> tensor<*xf32> {
    %y = "onnx.averagepool"(%x) {kernel_shape = array<i64: 2>, strides = array<i64: 2>, pads = array<i64: 1, 0>, ceil_mode = 1 : i64, count_include_pad = 1 : i64} : (tensor<1x1x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// No pixels: a mean, a maximum and a root of one element, each where it was.
// CHECK-LABEL: func.func @no_pixels
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>)
// CHECK-NOT:     reduce
// CHECK:         return %{{[^ ]*}}, %[[A0]], %{{[^ ]*}} : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @no_pixels(%x: tensor<2x3xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
    %a = "onnx.globalaveragepool"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    %b = "onnx.globalmaxpool"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    %c = "onnx.globallppool"(%x) {p = 1 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
    return %a, %b, %c : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
