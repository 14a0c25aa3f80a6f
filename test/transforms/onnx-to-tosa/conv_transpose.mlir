// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// ConvTranspose as a convolution: phases, pads, groups, dilations, and three axes. Of weights that are inputs: as TOSA has it.

// Two phases of H and one of W as channels of a convolution, which become pixels; the pads are cut off those.
// CHECK-LABEL: func.func @transposed
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x3x4xf32>) -> tensor<1x2x5x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 4, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x3x4x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00], [1.000000e+00]], {{\[\[}}1.000000e+00], [1.000000e+00]]], {{\[\[\[}}1.000000e+00], [1.000000e+00]], {{\[\[}}1.000000e+00], [1.000000e+00]]], {{\[\[\[}}0.000000e+00], [0.000000e+00]], {{\[\[}}1.000000e+00], [1.000000e+00]]], {{\[\[\[}}0.000000e+00], [0.000000e+00]], {{\[\[}}1.000000e+00], [1.000000e+00]]]]> : tensor<4x2x2x1xf32>}> : {{.*}} -> tensor<4x2x2x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<[1.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00]> : tensor<4xf32>}> : {{.*}} -> tensor<4xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x3x4x4xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 4, 1, 2, 1, 2]> : tensor<7xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x3x4x1x2x1x2xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.transpose %[[V7]] {perms = array<i32: 0, 1, 4, 2, 5, 3, 6>} : {{.*}} -> tensor<1x3x2x4x1x1x2xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 6, 4, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.reshape %[[V8]], %[[V9]] : {{.*}} -> tensor<1x6x4x2xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1, 0, 0]> : tensor<4xindex>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 5, 4, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.slice %[[V10]], %[[V11]], %[[V12]] : {{.*}} -> tensor<1x5x4x2xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.transpose %[[V13]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x2x5x4xf32>
// CHECK-NEXT:    return %[[V14]] : tensor<1x2x5x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @transposed(%x: tensor<1x1x3x4xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<1.0> : tensor<1x2x3x2xf32>} : () -> tensor<1x2x3x2xf32>
    %b = "onnx.constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = "onnx.convtranspose"(%x, %w, %b) {strides = array<i64: 2, 1>, pads = array<i64: 1, 0, 2, 1>, output_padding = array<i64: 1, 0>} : (tensor<1x1x3x4xf32>, tensor<1x2x3x2xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Of one channel each: depthwise. What is cut off beyond the kernel isn't read.
// CHECK-LABEL: func.func @groups_and_large_pads
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x1x6xf32>) -> tensor<1x2x1x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x1x6x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 2, 0]> : tensor<4xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.slice %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<1x1x4x2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x2x2x1xf32>}> : {{.*}} -> tensor<1x2x2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.depthwise_conv2d %[[V3]], %[[V5]], %[[V6]], %[[V4]], %[[V4]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 1>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x4x2xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.transpose %[[V7]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x2x1x4xf32>
// CHECK-NEXT:    return %[[V8]] : tensor<1x2x1x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @groups_and_large_pads(%x: tensor<1x2x1x6xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<1.0> : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.convtranspose"(%x, %w, %no) {group = 2 : i64, pads = array<i64: 0, 3, 0, 0>} : (tensor<1x2x1x6xf32>, tensor<2x1x1x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// SAME_LOWER cuts the larger half off the beginning; a dilated kernel has zeros between, an odd one at its end.
// CHECK-LABEL: func.func @same_dilated
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x5xf32>) -> tensor<1x1x10xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 5, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x1x5x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}2.000000e+00], [1.000000e+00]]], {{\[\[\[}}0.000000e+00], [0.000000e+00]]]]> : tensor<2x1x2x1xf32>}> : {{.*}} -> tensor<2x1x2x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x6x2xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 12, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x12x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 1, 0]> : tensor<4xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 10, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.slice %[[V7]], %[[V8]], %[[V9]] : {{.*}} -> tensor<1x1x10x1xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 10]> : tensor<3xindex>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.reshape %[[V10]], %[[V11]] : {{.*}} -> tensor<1x1x10xf32>
// CHECK-NEXT:    return %[[V12]] : tensor<1x1x10xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @same_dilated(%x: tensor<1x1x5xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>} : () -> tensor<1x1x2xf32>
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.convtranspose"(%x, %w, %no) {dilations = array<i64: 2>, strides = array<i64: 2>, auto_pad = "SAME_LOWER"} : (tensor<1x1x5xf32>, tensor<1x1x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// 3-D: one of all planes for each element of the kernel's first axis, put where it belongs.
// CHECK-LABEL: func.func @three_axes
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x2x2xf32>) -> tensor<1x1x3x2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 2, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x2x2x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.conv2d %[[V1]], %[[V3]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<2x2x2x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 1, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x2x1x4xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 0, 0, 0, 1, 0, 0]> : tensor<8xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.pad %[[V7]], %[[V8]], %[[V9]] : {{.*}} -> tensor<1x2x2x4xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.reshape %[[V10]], %[[V11]] : {{.*}} -> tensor<1x4x2x2x1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<5xindex>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.slice %[[V12]], %[[V13]], %[[V14]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1, 0, 0, 0]> : tensor<5xindex>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.slice %[[V15]], %[[V16]], %[[V17]] : {{.*}} -> tensor<1x2x2x2x1xf32>
// CHECK-NEXT:    %[[V19:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]> : tensor<10xindex>
// CHECK-NEXT:    %[[V20:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V21:[^ :]*]] = tosa.pad %[[V18]], %[[V19]], %[[V20]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V22:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 2, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V23:[^ :]*]] = tosa.reshape %[[A0]], %[[V22]] : {{.*}} -> tensor<2x2x2x1xf32>
// CHECK-NEXT:    %[[V24:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V25:[^ :]*]] = tosa.conv2d %[[V23]], %[[V24]], %[[V4]], %[[V2]], %[[V2]] {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<2x2x2x1xf32>
// CHECK-NEXT:    %[[V26:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 1, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V27:[^ :]*]] = tosa.reshape %[[V25]], %[[V26]] : {{.*}} -> tensor<1x2x1x4xf32>
// CHECK-NEXT:    %[[V28:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 0, 0, 0, 1, 0, 0]> : tensor<8xindex>
// CHECK-NEXT:    %[[V29:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V30:[^ :]*]] = tosa.pad %[[V27]], %[[V28]], %[[V29]] : {{.*}} -> tensor<1x2x2x4xf32>
// CHECK-NEXT:    %[[V31:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V32:[^ :]*]] = tosa.reshape %[[V30]], %[[V31]] : {{.*}} -> tensor<1x4x2x2x1xf32>
// CHECK-NEXT:    %[[V33:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<5xindex>
// CHECK-NEXT:    %[[V34:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 2, 1]> : tensor<5xindex>
// CHECK-NEXT:    %[[V35:[^ :]*]] = tosa.slice %[[V32]], %[[V33]], %[[V34]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V36:[^ :]*]] = tosa.add %[[V21]], %[[V35]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V37:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x1x1x1xf32>}> : {{.*}} -> tensor<1x1x1x1x1xf32>
// CHECK-NEXT:    %[[V38:[^ :]*]] = tosa.add %[[V36]], %[[V37]] : {{.*}} -> tensor<1x3x2x2x1xf32>
// CHECK-NEXT:    %[[V39:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 3, 2, 2]> : tensor<5xindex>
// CHECK-NEXT:    %[[V40:[^ :]*]] = tosa.reshape %[[V38]], %[[V39]] : {{.*}} -> tensor<1x1x3x2x2xf32>
// CHECK-NEXT:    return %[[V40]] : tensor<1x1x3x2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @three_axes(%x: tensor<1x1x2x2x2xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<[[[[[1.0]], [[2.0]]]]]> : tensor<1x1x2x1x1xf32>} : () -> tensor<1x1x2x1x1xf32>
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.convtranspose"(%x, %w, %no) {strides = array<i64: 2, 1, 1>, pads = array<i64: 1, 0, 0, 0, 0, 0>} : (tensor<1x1x2x2x2xf32>, tensor<1x1x2x1x1xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Weights that aren't known. Pads are cut off the result; Cout,KH,KW,Cin weights.
// CHECK-LABEL: func.func @given
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x3x4xf32>, %[[A1:[^ :]*]]: tensor<1x2x3x2xf32>) -> tensor<1x2x5x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 4, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x3x4x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 3, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[A1]], %[[V2]] : {{.*}} -> tensor<2x3x2x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>}> : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.transpose_conv2d %[[V1]], %[[V3]], %[[V4]], %[[V5]], %[[V5]] {acc_type = f32, out_pad = array<i64: -1, -1, 0, -1>, stride = array<i64: 2, 1>} : {{.*}} -> tensor<1x5x4x2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.transpose %[[V6]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x2x5x4xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x2x5x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @given(%x: tensor<1x1x3x4xf32>, %w: tensor<1x2x3x2xf32>) -> tensor<*xf32> {
    %b = "onnx.constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = "onnx.convtranspose"(%x, %w, %b) {strides = array<i64: 2, 1>, pads = array<i64: 1, 0, 2, 1>, output_padding = array<i64: 1, 0>} : (tensor<1x1x3x4xf32>, tensor<1x2x3x2xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// One per group; what the pads cut beyond the kernel is sliced off.
// CHECK-LABEL: func.func @given_groups
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x2x1x6xf32>, %[[A1:[^ :]*]]: tensor<2x1x1x2xf32>) -> tensor<1x2x1x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.transpose %[[A0]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<1x1x6x2xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 6, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.slice %[[V0]], %[[V1]], %[[V2]] : {{.*}} -> tensor<1x1x6x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 1, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.slice %[[A1]], %[[V4]], %[[V5]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.reshape %[[V6]], %[[V7]] : {{.*}} -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.transpose_conv2d %[[V3]], %[[V8]], %[[V9]], %[[V10]], %[[V10]] {acc_type = f32, out_pad = array<i64: 0, 0, -1, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x6x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 0, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 6, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.slice %[[V0]], %[[V12]], %[[V13]] : {{.*}} -> tensor<1x1x6x1xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 0, 0, 0]> : tensor<4xindex>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 1, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V17:[^ :]*]] = tosa.slice %[[A1]], %[[V15]], %[[V16]] : {{.*}} -> tensor<1x1x1x2xf32>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V19:[^ :]*]] = tosa.reshape %[[V17]], %[[V18]] : {{.*}} -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    %[[V20:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V21:[^ :]*]] = tosa.transpose_conv2d %[[V14]], %[[V19]], %[[V20]], %[[V10]], %[[V10]] {acc_type = f32, out_pad = array<i64: 0, 0, -1, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x1x6x1xf32>
// CHECK-NEXT:    %[[V22:[^ :]*]] = tosa.concat %[[V11]], %[[V21]] {axis = 3 : i32} : {{.*}} -> tensor<1x1x6x2xf32>
// CHECK-NEXT:    %[[V23:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 0, 2, 0]> : tensor<4xindex>
// CHECK-NEXT:    %[[V24:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V25:[^ :]*]] = tosa.slice %[[V22]], %[[V23]], %[[V24]] : {{.*}} -> tensor<1x1x4x2xf32>
// CHECK-NEXT:    %[[V26:[^ :]*]] = tosa.transpose %[[V25]] {perms = array<i32: 0, 3, 1, 2>} : {{.*}} -> tensor<1x2x1x4xf32>
// CHECK-NEXT:    return %[[V26]] : tensor<1x2x1x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @given_groups(%x: tensor<1x2x1x6xf32>, %w: tensor<2x1x1x2xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.convtranspose"(%x, %w, %no) {group = 2 : i64, pads = array<i64: 0, 3, 0, 0>} : (tensor<1x2x1x6xf32>, tensor<2x1x1x2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
