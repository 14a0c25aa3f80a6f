// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Scales as n/d, offset and border: y = (oy * d + offset) / n.

// floor is half a pixel less, rounded.
// CHECK-LABEL: func.func @nearest_floor_asymmetric
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x3xf32>) -> tensor<1x1x4x9xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1, 6, 2]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[-1, -3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.resize %[[V1]], %[[V2]], %[[V3]], %[[V4]] {mode = NEAREST_NEIGHBOR} : {{.*}} -> tensor<1x4x9x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 9]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x4x9xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x4x9xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @nearest_floor_asymmetric(%x: tensor<1x1x2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 3.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    %c2 = "onnx.novalue"() : () -> none
    %y = "onnx.resize"(%x, %c0, %c1, %c2) {coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"} : (tensor<1x1x2x3xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Ties go down: a quarter of the finest step less.
// CHECK-LABEL: func.func @nearest_half_pixel
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x3xf32>) -> tensor<1x1x4x9xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[8, 4, 12, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[-3, -5]> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.resize %[[V1]], %[[V2]], %[[V3]], %[[V4]] {mode = NEAREST_NEIGHBOR} : {{.*}} -> tensor<1x4x9x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 9]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x4x9xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x4x9xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @nearest_half_pixel(%x: tensor<1x1x2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 3.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    %c2 = "onnx.novalue"() : () -> none
    %y = "onnx.resize"(%x, %c0, %c1, %c2) : (tensor<1x1x2x3xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// (oy + 0.5) / 2 - 0.5 = (2 oy - 1) / 4.
// CHECK-LABEL: func.func @linear_half_pixel
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x3xf32>) -> tensor<1x1x4x9xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[4, 2, 3, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<-1> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<1> : tensor<2xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.resize %[[V1]], %[[V2]], %[[V3]], %[[V4]] {mode = BILINEAR} : {{.*}} -> tensor<1x4x9x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 9]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x4x9xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x4x9xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @linear_half_pixel(%x: tensor<1x1x2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 3.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    %c2 = "onnx.novalue"() : () -> none
    %y = "onnx.resize"(%x, %c0, %c1, %c2) {mode = "linear"} : (tensor<1x1x2x3xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Corners meet corners: (2 - 1) / (4 - 1), (3 - 1) / (5 - 1).
// CHECK-LABEL: func.func @linear_align_corners
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x3xf32>) -> tensor<1x1x4x5xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[3, 1, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<2xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.resize %[[V1]], %[[V2]], %[[V3]], %[[V4]] {mode = BILINEAR} : {{.*}} -> tensor<1x4x5x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 5]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x4x5xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x4x5xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @linear_align_corners(%x: tensor<1x1x2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.constant"() {value = dense<[1, 1, 4, 5]> : tensor<4xi64>} : () -> tensor<4xi64>
    %y = "onnx.resize"(%x, %c0, %c1, %c2) {mode = "linear", coordinate_transformation_mode = "align_corners"} : (tensor<1x1x2x3xf32>, none, none, tensor<4xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The corners of a length that isn't whole: 3 * 0.75 - 1 = 5/4 steps over 3 - 1 elements, so 8/5 of one each.
// CHECK-LABEL: func.func @align_corners_of_a_fraction
// CHECK:         dense<[1, 1, 5, 8]> : tensor<4xindex>
// CHECK:         tosa.resize {{.*}} -> tensor<1x2x2x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @align_corners_of_a_fraction(%x: tensor<1x1x2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.constant"() {value = dense<[1.0, 1.0, 1.0, 0.75]> : tensor<4xf32>} : () -> tensor<4xf32>
    %c2 = "onnx.novalue"() : () -> none
    %y = "onnx.resize"(%x, %c0, %c1, %c2) {mode = "linear", coordinate_transformation_mode = "align_corners"} : (tensor<1x1x2x3xf32>, none, tensor<4xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Opset 10: asymmetric, floor.
// CHECK-LABEL: func.func @resize_10
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<1x1x2x3xf32>) -> tensor<1x1x4x6xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<-1> : tensor<2xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<2xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.resize %[[V1]], %[[V2]], %[[V3]], %[[V4]] {mode = NEAREST_NEIGHBOR} : {{.*}} -> tensor<1x4x6x1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4, 6]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : {{.*}} -> tensor<1x1x4x6xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<1x1x4x6xf32>
module attributes {onnx.opset_import = {ai.onnx = 10 : i64}} {
  func.func @resize_10(%x: tensor<1x1x2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.novalue"() : () -> none
    %y = "onnx.resize"(%x, %c0, %c1, %c2) : (tensor<1x1x2x3xf32>, tensor<4xf32>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// What tosa.resize can't say: one axis after the other, by index.
// CHECK-LABEL: func.func @nearest_one_axis
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x5xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x3x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[0, 0, 1, 2, 2\], \[0, 0, 1, 2, 2\]\]}}> : tensor<2x5xi32>}> : {{.*}} -> tensor<2x5xi32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.gather %[[V1]], %[[V2]] : {{.*}} -> tensor<2x5x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 5]> : tensor<2xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.reshape %[[V3]], %[[V4]] : {{.*}} -> tensor<2x5xf32>
// CHECK-NEXT:    return %[[V5]] : tensor<2x5xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @nearest_one_axis(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[1.0, 1.7]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = "onnx.resize"(%x, %no, %s, %no) : (tensor<2x3xf32>, none, tensor<2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A product with the matrix of the weights; outside counts for the border.
// CHECK-LABEL: func.func @cubic_one_axis
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x4xf32>) -> tensor<2x2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x4xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[\[5\.000000e-01, 0\.000000e\+00\], \[5\.937500e-01, -9\.375000e-02\], \[-9\.375000e-02, 5\.937500e-01\], \[0\.000000e\+00, 5\.000000e-01\]\]\]}}> : tensor<1x4x2xf32>}> : {{.*}} -> tensor<1x4x2xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.matmul %[[V1]], %[[V2]], %[[V3]], %[[V3]] : {{.*}} -> tensor<1x2x2xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<2> : tensor<2xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.reshape %[[V4]], %[[V5]] : {{.*}} -> tensor<2x2xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<2x2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @cubic_one_axis(%x: tensor<2x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %s = "onnx.constant"() {value = dense<[1.0, 0.5]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = "onnx.resize"(%x, %no, %s, %no) {mode = "cubic"} : (tensor<2x4xf32>, none, tensor<2xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A crop: what lies outside the input gets the extrapolation value.
// CHECK-LABEL: func.func @crop
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<3xf32>) -> tensor<3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[1, 2, 2\]\]}}> : tensor<1x3xi32>}> : {{.*}} -> tensor<1x3xi32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.gather %[[V1]], %[[V2]] : {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape {{.*}}dense<3> : tensor<1xindex>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.reshape %[[V3]], %[[V4]] : {{.*}} -> tensor<3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<[false, false, true]> : tensor<3xi1>}> : {{.*}} -> tensor<3xi1>
// CHECK-NEXT:    %[[V7:[^ :]*]] = "tosa.const"() <{values = dense<9.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.select %[[V6]], %[[V7]], %[[V5]] : {{.*}} -> tensor<3xf32>
// CHECK-NEXT:    return %[[V8]] : tensor<3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @crop(%x: tensor<3xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    %roi = "onnx.constant"() {value = dense<[0.5, 1.5]> : tensor<2xf32>} : () -> tensor<2xf32>
    %n = "onnx.constant"() {value = dense<3> : tensor<1xi64>} : () -> tensor<1xi64>
    %y = "onnx.resize"(%x, %roi, %no, %n) {coordinate_transformation_mode = "tf_crop_and_resize", extrapolation_value = 9.0 : f32} : (tensor<3xf32>, tensor<2xf32>, none, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
