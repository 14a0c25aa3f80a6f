// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Slice, Pad, Split, Gather by opset; steps and negative steps.

// Attributes before opset 10.
// CHECK-LABEL: func.func @slice_9
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.slice %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    return %[[V2]] : tensor<2x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 9 : i64}} {
  func.func @slice_9(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.novalue"() : () -> none
    %c3 = "onnx.novalue"() : () -> none
    %y = "onnx.slice"(%x, %c0, %c1, %c2, %c3) {starts = array<i64: 1>, ends = array<i64: -1>, axes = array<i64: 1>} : (tensor<2x3xf32>, none, none, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Inputs since.
// CHECK-LABEL: func.func @slice_13
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.slice %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    return %[[V2]] : tensor<2x1xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @slice_13(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %c1 = "onnx.constant"() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
    %c2 = "onnx.constant"() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %c3 = "onnx.novalue"() : () -> none
    %y = "onnx.slice"(%x, %c0, %c1, %c2, %c3) : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Every second of five: padded to six, seen as 3 times 2.
// CHECK-LABEL: func.func @slice_step
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<5xf32>) -> tensor<3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.pad %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<6xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 2, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<1x3x2x1xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.slice %[[V4]], %[[V5]], %[[V6]] : {{.*}} -> tensor<1x3x1x1xf32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<3> : tensor<1xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.reshape %[[V7]], %[[V8]] : {{.*}} -> tensor<3xf32>
// CHECK-NEXT:    return %[[V9]] : tensor<3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @slice_step(%x: tensor<5xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %c1 = "onnx.constant"() {value = dense<5> : tensor<1xi64>} : () -> tensor<1xi64>
    %c2 = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %c3 = "onnx.constant"() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
    %y = "onnx.slice"(%x, %c0, %c1, %c2, %c3) : (tensor<5xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A step of -1 turns the axis round.
// CHECK-LABEL: func.func @slice_reversed
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.reverse %[[A0]] {axis = 0 : i32} : {{.*}} -> tensor<4xf32>
// CHECK-NEXT:    return %[[V0]] : tensor<4xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @slice_reversed(%x: tensor<4xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
    %c1 = "onnx.constant"() {value = dense<-100> : tensor<1xi64>} : () -> tensor<1xi64>
    %c2 = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %c3 = "onnx.constant"() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
    %y = "onnx.slice"(%x, %c0, %c1, %c2, %c3) : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// All befores, then all afters; attributes before opset 11.
// CHECK-LABEL: func.func @pad_2
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<4x7xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 2, 1, 3]> : tensor<4xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<1.500000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.pad %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<4x7xf32>
// CHECK-NEXT:    return %[[V2]] : tensor<4x7xf32>
module attributes {onnx.opset_import = {ai.onnx = 9 : i64}} {
  func.func @pad_2(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.novalue"() : () -> none
    %y = "onnx.pad"(%x, %c0, %c1, %c2) {pads = array<i64: 0, 1, 2, 3>, value = 1.5 : f32} : (tensor<2x3xf32>, none, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// x2 x1 x0 x1 x2 from x0 x1 x2.
// CHECK-LABEL: func.func @pad_reflect
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<3xf32>) -> tensor<5xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<1> : tensor<1xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<2> : tensor<1xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.slice %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reverse %[[V2]] {axis = 0 : i32} : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.concat %[[V3]], %[[A0]] {axis = 0 : i32} : {{.*}} -> tensor<5xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<5xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @pad_reflect(%x: tensor<3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[2, 0]> : tensor<2xi64>} : () -> tensor<2xi64>
    %c1 = "onnx.novalue"() : () -> none
    %c2 = "onnx.novalue"() : () -> none
    %y = "onnx.pad"(%x, %c0, %c1, %c2) {mode = "reflect"} : (tensor<3xf32>, tensor<2xi64>, none, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// One index: a slice without its axis.
// CHECK-LABEL: func.func @gather
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 2]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.slice %[[A0]], %[[V0]], %[[V1]] : {{.*}} -> tensor<2x1xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.const_shape {{.*}}dense<2> : tensor<1xindex>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.reshape %[[V2]], %[[V3]] : {{.*}} -> tensor<2xf32>
// CHECK-NEXT:    return %[[V4]] : tensor<2xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @gather(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<2> : tensor<i64>} : () -> tensor<i64>
    %y = "onnx.gather"(%x, %c0) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<i64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// An attribute before opset 13.
// CHECK-LABEL: func.func @unsqueeze_11
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<1x2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<1x2x3xf32>
// CHECK-NEXT:    return %[[V1]] : tensor<1x2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @unsqueeze_11(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.novalue"() : () -> none
    %y = "onnx.unsqueeze"(%x, %c0) {axes = array<i64: 0>} : (tensor<2x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// 0 copies the axis, -1 takes the rest.
// CHECK-LABEL: func.func @reshape_0_and_minus_1
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x1x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1, 3]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<2x1x3xf32>
// CHECK-NEXT:    return %[[V1]] : tensor<2x1x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @reshape_0_and_minus_1(%x: tensor<2x3xf32>) -> tensor<*xf32> {
    %c0 = "onnx.constant"() {value = dense<[0, 1, -1]> : tensor<3xi64>} : () -> tensor<3xi64>
    %y = "onnx.reshape"(%x, %c0) : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
