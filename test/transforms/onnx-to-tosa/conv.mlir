// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Conv in its forms: strides that don't divide, groups, one dimension; what follows is folded in.

// Pads stay in ONNX's order per axis: top, bottom, left, right. The weights become Cout,KH,KW,Cin.
// CHECK-LABEL: func.func @plain
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x4x5xf32>) -> tensor<1x1x8x9xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x4x5x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00, 3.000000e+00], [2.000000e+00, 4.000000e+00]]]]> : tensor<1x1x2x2xf32>}> : {{.*}} -> tensor<1x1x2x2xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.conv2d %[[V0]], %[[V2]], %[[V3]], %[[V1]], %[[V1]] {acc_type = f32, dilation = array<i64: 1, 2>, pad = array<i64: 1, 3, 2, 4>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x8x9x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 8, 9]> : tensor<4xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.reshape %[[V4]], %[[V5]] : {{.*}} -> tensor<1x1x8x9xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<1x1x8x9xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @plain(%x: tensor<1x2x4x5xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<[[[[1.0, 2.0]], [[3.0, 4.0]]]]> : tensor<1x2x1x2xf32>} : () -> tensor<1x2x1x2xf32>
    %b = "onnx.constant"() {value = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
    %y = "onnx.conv"(%x, %w, %b) {pads = array<i64: 1, 2, 3, 4>, dilations = array<i64: 1, 2>} : (tensor<1x2x4x5xf32>, tensor<1x2x1x2xf32>, tensor<1xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// 8 rows with pads 1 and 1 have 4 windows of stride 2 that never read the last pad row.
// CHECK-LABEL: func.func @floor_trims_the_padding
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x8x1xf32>) -> tensor<1x1x4x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 8, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x8x1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x3x1x1xf32>}> : {{.*}} -> tensor<1x3x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 2, 1>} : {{.*}} -> tensor<1x4x1x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x4x1xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x4x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @floor_trims_the_padding(%x: tensor<1x1x8x1xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<1.0> : tensor<1x1x3x1xf32>} : () -> tensor<1x1x3x1xf32>
    %y = "onnx.conv"(%x, %w, %no) {pads = array<i64: 1, 0, 1, 0>, strides = array<i64: 2, 1>} : (tensor<1x1x8x1xf32>, tensor<1x1x3x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Without padding the input is cut instead.
// CHECK-LABEL: func.func @floor_cuts_the_input
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x8x7xf32>) -> tensor<1x1x4x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 8, 7, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x8x7x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 7, 7, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.slice %[[V1]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x7x7x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.conv2d %[[V4]], %[[V6]], %[[V7]], %[[V5]], %[[V5]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 3>} : {{.*}} -> tensor<1x4x3x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 3]> : tensor<4xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.reshape %[[V8]], %[[V9]] : {{.*}} -> tensor<1x1x4x3xf32>
// CHECK-NEXT:    return %[[V10]] : tensor<1x1x4x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @floor_cuts_the_input(%x: tensor<1x1x8x7xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<1.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %y = "onnx.conv"(%x, %w, %no) {strides = array<i64: 2, 3>} : (tensor<1x1x8x7xf32>, tensor<1x1x1x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// SAME_LOWER puts the odd row first.
// CHECK-LABEL: func.func @same_lower
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x5x1xf32>) -> tensor<1x1x5x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 5, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x5x1x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x2x1x1xf32>}> : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x5x1x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 5, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x5x1xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x5x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @same_lower(%x: tensor<1x1x5x1xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<1.0> : tensor<1x1x2x1xf32>} : () -> tensor<1x1x2x1xf32>
    %y = "onnx.conv"(%x, %w, %no) {auto_pad = "SAME_LOWER"} : (tensor<1x1x5x1xf32>, tensor<1x1x2x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Two channels of each: a depthwise convolution for the first ones, one for the second ones, in turns. (KH,KW,C,M.)
// CHECK-LABEL: func.func @depthwise
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3x3xf32>) -> tensor<1x4x2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x3x3x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00], [5.000000e+00]]], {{\[\[\[}}2.000000e+00], [6.000000e+00]]]]> : tensor<2x1x2x1xf32>}> : {{.*}} -> tensor<2x1x2x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.depthwise_conv2d %[[V0]], %[[V2]], %[[V3]], %[[V1]], %[[V1]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}3.000000e+00], [7.000000e+00]]], {{\[\[\[}}4.000000e+00], [8.000000e+00]]]]> : tensor<2x1x2x1xf32>}> : {{.*}} -> tensor<2x1x2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.depthwise_conv2d %[[V0]], %[[V5]], %[[V6]], %[[V1]], %[[V1]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.concat %[[V4]], %[[V7]] {axis = 3 : i32} : {{.*}} -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3, 2, 2]> : tensor<5xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.reshape %[[V8]], %[[V9]] : {{.*}} -> tensor<1x2x3x2x2xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.transpose %[[V10]] {perms = array<i32: 0, 1, 2, 4, 3>} : {{.*}} -> tensor<1x2x3x2x2xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.reshape %[[V11]], %[[V12]] : {{.*}} -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.transpose %[[V13]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x4x2x3xf32>
// CHECK-NEXT:    return %[[V14]] : tensor<1x4x2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @depthwise(%x: tensor<1x2x3x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<[[[[1.0], [2.0]]], [[[3.0], [4.0]]], [[[5.0], [6.0]]], [[[7.0], [8.0]]]]> : tensor<4x1x2x1xf32>} : () -> tensor<4x1x2x1xf32>
    %y = "onnx.conv"(%x, %w, %no) {group = 2 : i64} : (tensor<1x2x3x3xf32>, tensor<4x1x2x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Of weights that aren't known: as TOSA has it.
// CHECK-LABEL: func.func @depthwise_given
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x3x3xf32>, %[[A1:[^ :]*]]: tensor<4x1x2x1xf32>) -> tensor<1x4x2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x3x3x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.transpose %[[A1]] {perms = array<i32: 2, 3, 0, 1>} : {{.*}} -> tensor<2x1x4x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1, 2, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[V1]], %[[V2]] : {{.*}} -> tensor<2x1x2x2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<4xf32>}> : {{.*}} -> tensor<4xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.depthwise_conv2d %[[V0]], %[[V3]], %[[V5]], %[[V4]], %[[V4]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.transpose %[[V6]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x4x2x3xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x4x2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @depthwise_given(%x: tensor<1x2x3x3xf32>, %w: tensor<4x1x2x1xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.conv"(%x, %w, %no) {group = 2 : i64} : (tensor<1x2x3x3xf32>, tensor<4x1x2x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Two groups of two channels: one convolution for each.
// CHECK-LABEL: func.func @grouped
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x4x1x1xf32>) -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 1, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x1x1x4xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 1, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.slice %[[V1]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00, 2.000000e+00]]]]> : tensor<1x1x1x2xf32>}> : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.conv2d %[[V4]], %[[V6]], %[[V7]], %[[V5]], %[[V5]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 0, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 1, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.slice %[[V1]], %[[V9]], %[[V10]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}3.000000e+00, 4.000000e+00]]]]> : tensor<1x1x1x2xf32>}> : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.conv2d %[[V11]], %[[V12]], %[[V13]], %[[V5]], %[[V5]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.concat %[[V8]], %[[V14]] {axis = 3 : i32} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.reshape %[[V15]], %[[V16]] : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    return %[[V17]] : tensor<1x2x1x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @grouped(%x: tensor<1x4x1x1xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<[[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]> : tensor<2x2x1x1xf32>} : () -> tensor<2x2x1x1xf32>
    %y = "onnx.conv"(%x, %w, %no) {group = 2 : i64} : (tensor<1x4x1x1xf32>, tensor<2x2x1x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// One dimension is two with H = 1.
// CHECK-LABEL: func.func @one_dimension
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x6xf32>) -> tensor<1x3x6xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x6x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 6, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reshape %[[V0]], %[[V1]] : {{.*}} -> tensor<1x1x6x2xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense_resource<constant> : tensor<3x1x3x2xf32>}> : {{.*}} -> tensor<3x1x3x2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<3xf32>}> : {{.*}} -> tensor<3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.conv2d %[[V2]], %[[V4]], %[[V5]], %[[V3]], %[[V3]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x6x3xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 6, 3]> : tensor<3xindex>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.reshape %[[V6]], %[[V7]] : {{.*}} -> tensor<1x6x3xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.transpose %[[V8]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x3x6xf32>
// CHECK-NEXT:    return %[[V9]] : tensor<1x3x6xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @one_dimension(%x: tensor<1x2x6xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<1.0> : tensor<3x2x3xf32>} : () -> tensor<3x2x3xf32>
    %y = "onnx.conv"(%x, %w, %no) {pads = array<i64: 1, 1>} : (tensor<1x2x6xf32>, tensor<3x2x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// (2x + 1 - 3) / sqrt(4) * 8 + 10 is 8x + 2: weight 2 becomes 8, bias 1 becomes 2.
// CHECK-LABEL: func.func @batch_normalization_is_folded
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x2x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<8.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 2, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x2x2xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @batch_normalization_is_folded(%x: tensor<1x1x2x2xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %b = "onnx.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %s = "onnx.constant"() {value = dense<8.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %o = "onnx.constant"() {value = dense<10.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %m = "onnx.constant"() {value = dense<3.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %v = "onnx.constant"() {value = dense<4.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %c = "onnx.conv"(%x, %w, %b) : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<*xf32>
    %y = "onnx.batchnormalization"(%c, %s, %o, %m, %v) {epsilon = 0.0 : f32} : (tensor<*xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Somebody else reads the convolution: it stays as it is, the normalization is a product and a sum.
// CHECK-LABEL: func.func @batch_normalization_alone
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x1x1xf32>) -> (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>)
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 1, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<2x1x1x2xf32>}> : {{.*}} -> tensor<2x1x1x2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}4.000000e+00, 1.000000e+00]]]]> : tensor<1x1x1x2xf32>}> : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.mul %[[V5]], %[[V6]], %[[V7]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}-2.000000e+00, 7.000000e+00]]]]> : tensor<1x1x1x2xf32>}> : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.add %[[V8]], %[[V9]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.reshape %[[V5]], %[[V11]] : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.reshape %[[V10]], %[[V13]] : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    return %[[V12]], %[[V14]] : tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @batch_normalization_alone(%x: tensor<1x2x1x1xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<2.0> : tensor<2x2x1x1xf32>} : () -> tensor<2x2x1x1xf32>
    %s = "onnx.constant"() {value = dense<[8.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %o = "onnx.constant"() {value = dense<10.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %m = "onnx.constant"() {value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %v = "onnx.constant"() {value = dense<4.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %c = "onnx.conv"(%x, %w, %no) : (tensor<1x2x1x1xf32>, tensor<2x2x1x1xf32>, none) -> tensor<*xf32>
    %y = "onnx.batchnormalization"(%c, %s, %o, %m, %v) {epsilon = 0.0 : f32} : (tensor<*xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %c, %y : tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// A constant per channel becomes the bias.
// CHECK-LABEL: func.func @added_constant_is_the_bias
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x2xf32>) -> tensor<1x2x2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x2x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<2x1x1x1xf32>}> : {{.*}} -> tensor<2x1x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x2x2x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.transpose %[[V5]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x2x2x2xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<1x2x2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @added_constant_is_the_bias(%x: tensor<1x1x2x2xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<2.0> : tensor<2x1x1x1xf32>} : () -> tensor<2x1x1x1xf32>
    %b = "onnx.constant"() {value = dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>} : () -> tensor<2x1x1xf32>
    %c = "onnx.conv"(%x, %w, %no) : (tensor<1x1x2x2xf32>, tensor<2x1x1x1xf32>, none) -> tensor<*xf32>
    %y = "onnx.add"(%b, %c) : (tensor<2x1x1xf32>, tensor<*xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Zeros around the image are the convolution's own padding; the last row is never read.
// CHECK-LABEL: func.func @pad_in_front
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x5x4xf32>) -> tensor<1x1x3x6xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 5, 4, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x5x4x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x2x1x1xf32>}> : {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 2>, stride = array<i64: 2, 1>} : {{.*}} -> tensor<1x3x6x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 3, 6]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x3x6xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x3x6xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @pad_in_front(%x: tensor<1x1x5x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %p = "onnx.constant"() {value = dense<[0, 0, 1, 0, 0, 0, 1, 2]> : tensor<8xi64>} : () -> tensor<8xi64>
    %w = "onnx.constant"() {value = dense<1.0> : tensor<1x1x2x1xf32>} : () -> tensor<1x1x2x1xf32>
    %q = "onnx.pad"(%x, %p, %no, %no) : (tensor<1x1x5x4xf32>, tensor<8xi64>, none, none) -> tensor<*xf32>
    %y = "onnx.conv"(%q, %w, %no) {strides = array<i64: 2, 1>} : (tensor<*xf32>, tensor<1x1x2x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// 3-D: each element of the kernel's first axis is a 2-D convolution of the planes it meets.
// CHECK-LABEL: func.func @three_axes
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x3x2x2xf32>) -> tensor<1x1x3x2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 1, 0, 0, 0, 0, 0, 0, 0]> : tensor<10xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.pad %[[V1]], %[[V2]], %[[V3]] : {{.*}} -> tensor<1x4x2x2x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<5xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.slice %[[V4]], %[[V5]], %[[V6]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[3, 2, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.reshape %[[V7]], %[[V8]] : {{.*}} -> tensor<3x2x2x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.conv2d %[[V9]], %[[V11]], %[[V12]], %[[V10]], %[[V10]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<3x2x2x1xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1, 0, 0, 0]> : tensor<5xindex>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.slice %[[V4]], %[[V14]], %[[V15]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.const_shape {{.*}}dense<[3, 2, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.reshape %[[V16]], %[[V17]] : {{.*}} -> tensor<3x2x2x1xf32>
// CHECK-NEXT:    %[[V19:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V20:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V21:[^ :]*]] = tosa.conv2d %[[V18]], %[[V19]], %[[V20]], %[[V10]], %[[V10]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<3x2x2x1xf32>
// CHECK-NEXT:    %[[V22:[^ :]*]] = tosa.add %[[V13]], %[[V21]] : {{.*}} -> tensor<3x2x2x1xf32>
// CHECK-NEXT:    %[[V23:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 3, 2, 2]> : tensor<5xindex>
// CHECK-NEXT:    %[[V24:[^ :]*]] = tosa.reshape %[[V22]], %[[V23]] : {{.*}} -> tensor<1x1x3x2x2xf32>
// CHECK-NEXT:    return %[[V24]] : tensor<1x1x3x2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @three_axes(%x: tensor<1x1x3x2x2xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %w = "onnx.constant"() {value = dense<[[[[[1.0]], [[2.0]]]]]> : tensor<1x1x2x1x1xf32>} : () -> tensor<1x1x2x1x1xf32>
    %y = "onnx.conv"(%x, %w, %no) {pads = array<i64: 1, 0, 0, 0, 0, 0>} : (tensor<1x1x3x2x2xf32>, tensor<1x1x2x1x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
