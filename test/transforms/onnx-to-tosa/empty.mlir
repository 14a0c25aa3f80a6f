// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// What has no elements is known: no op of TOSA reads or makes it.

// An operand without elements adds nothing: the other one is the result.
// CHECK-LABEL: func.func @concat
// CHECK-SAME:    (%[[X:[^ :]*]]: tensor<2x3xf32>, %[[E:[^ :]*]]: tensor<2x0xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    return %[[X]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @concat(%x: tensor<2x3xf32>, %e: tensor<2x0xf32>) -> tensor<*xf32> {
    %y = "onnx.concat"(%e, %x, %e) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x0xf32>, tensor<2x3xf32>, tensor<2x0xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// An argument of a new shape is a constant, under its own shape the argument.
// CHECK-LABEL: func.func @border
// CHECK-SAME:    (%[[E:[^ :]*]]: tensor<0x3xf32>) -> (tensor<0x3xf32>, tensor<3x0xi64>)
// CHECK-NEXT:    %[[C:[^ :]*]] = arith.constant dense<> : tensor<3x0xi64>
// CHECK-NEXT:    return %[[E]], %[[C]] : tensor<0x3xf32>, tensor<3x0xi64>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @border(%e: tensor<0x3xf32>) -> (tensor<*xf32>, tensor<*xi64>) {
    %y = "onnx.identity"(%e) : (tensor<0x3xf32>) -> tensor<*xf32>
    %t = "onnx.transpose"(%e) : (tensor<0x3xf32>) -> tensor<*xf32>
    %z = "onnx.cast"(%t) {to = 7 : i64} : (tensor<*xf32>) -> tensor<*xi64>
    return %y, %z : tensor<*xf32>, tensor<*xi64>
  }
}

// -----

// Of nothing: the sum 0, the product 1, the maximum the least number, all true.
// CHECK-LABEL: func.func @reduce
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2x1xf32>}>
// CHECK-NEXT:    %[[V1:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<2x1xf32>}>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0xFF800000> : tensor<2x1xf32>}>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<-9223372036854775808> : tensor<2x1xi64>}>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<9223372036854775807> : tensor<2x1xi64>}>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<true> : tensor<2x1xi1>}>
// CHECK-NEXT:    return %[[V0]], %[[V1]], %[[V2]], %[[V3]], %[[V4]], %[[V5]]
module attributes {onnx.opset_import = {ai.onnx = 20 : i64}} {
  func.func @reduce(%f: tensor<2x0xf32>, %i: tensor<2x0xi64>, %b: tensor<2x0xi1>)
      -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>, tensor<*xi64>, tensor<*xi1>) {
    %a = "onnx.constant"() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %0 = "onnx.reducesum"(%f, %a) : (tensor<2x0xf32>, tensor<1xi64>) -> tensor<*xf32>
    %1 = "onnx.reduceprod"(%f, %a) : (tensor<2x0xf32>, tensor<1xi64>) -> tensor<*xf32>
    %2 = "onnx.reducemax"(%f, %a) : (tensor<2x0xf32>, tensor<1xi64>) -> tensor<*xf32>
    %3 = "onnx.reducemax"(%i, %a) : (tensor<2x0xi64>, tensor<1xi64>) -> tensor<*xi64>
    %4 = "onnx.reducemin"(%i, %a) : (tensor<2x0xi64>, tensor<1xi64>) -> tensor<*xi64>
    %5 = "onnx.reducemin"(%b, %a) : (tensor<2x0xi1>, tensor<1xi64>) -> tensor<*xi1>
    return %0, %1, %2, %3, %4, %5 : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>, tensor<*xi64>, tensor<*xi1>
  }
}

// -----

// Sums of no products, to which C is added.
// CHECK-LABEL: func.func @gemm
// CHECK-SAME:    (%{{.*}}: tensor<2x0xf32>, %{{.*}}: tensor<0x3xf32>, %[[C:[^ :]*]]: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[Z:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<2x3xf32>}>
// CHECK-NEXT:    %[[Y:[^ :]*]] = tosa.add %[[Z]], %[[C]] :
// CHECK-NEXT:    return %[[Y]] : tensor<2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @gemm(%a: tensor<2x0xf32>, %b: tensor<0x3xf32>, %c: tensor<2x3xf32>) -> tensor<*xf32> {
    %y = "onnx.gemm"(%a, %b, %c) : (tensor<2x0xf32>, tensor<0x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A batch of no images through a convolution with weights.
// CHECK-LABEL: func.func @conv
// CHECK-SAME:    (%{{.*}}: tensor<0x3x8x8xf32>) -> tensor<0x4x6x6xf32>
// CHECK-NEXT:    %[[Y:[^ :]*]] = arith.constant dense<> : tensor<0x4x6x6xf32>
// CHECK-NEXT:    return %[[Y]]
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @conv(%x: tensor<0x3x8x8xf32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<2.0> : tensor<4x3x3x3xf32>} : () -> tensor<4x3x3x3xf32>
    %b = "onnx.novalue"() : () -> none
    %y = "onnx.conv"(%x, %w, %b) : (tensor<0x3x8x8xf32>, tensor<4x3x3x3xf32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Parts of 0, a slice of nothing, the first of none.
// CHECK-LABEL: func.func @parts
// CHECK-SAME:    (%[[X:[^ :]*]]: tensor<4x2xf32>)
// CHECK-DAG:     %[[A:[^ :]*]] = arith.constant dense<> : tensor<0x2xf32>
// CHECK-DAG:     %[[B:[^ :]*]] = arith.constant dense<> : tensor<4x0xf32>
// CHECK-DAG:     %[[I:[^ :]*]] = arith.constant dense<> : tensor<4x0xi64>
// CHECK-NOT:     tosa
// CHECK:         return %[[A]], %[[X]], %[[B]], %{{.*}}, %[[I]] : tensor<0x2xf32>, tensor<4x2xf32>, tensor<4x0xf32>, tensor<4x0xf32>, tensor<4x0xi64>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @parts(%x: tensor<4x2xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) {
    %s = "onnx.constant"() {value = dense<[0, 4]> : tensor<2xi64>} : () -> tensor<2xi64>
    %0 = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %1 = "onnx.constant"() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %no = "onnx.novalue"() : () -> none
    %a, %b = "onnx.split"(%x, %s) {resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4x2xf32>, tensor<2xi64>) -> (tensor<*xf32>, tensor<*xf32>)
    %c = "onnx.slice"(%x, %1, %1, %1, %no) : (tensor<4x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, none) -> tensor<*xf32>
    %v, %i = "onnx.topk"(%x, %0) : (tensor<4x2xf32>, tensor<1xi64>) -> (tensor<*xf32>, tensor<*xi64>)
    return %a, %b, %c, %v, %i : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xi64>
  }
}

// -----

// Nothing but padding, with a number that isn't known.
// CHECK-LABEL: func.func @pad
// CHECK-SAME:    (%{{.*}}: tensor<0x2xf32>, %[[V:[^ :]*]]: tensor<f32>) -> tensor<3x2xf32>
// CHECK:         %[[R:[^ :]*]] = tosa.reshape %[[V]], %{{.*}} -> tensor<1x1xf32>
// CHECK:         %[[Y:[^ :]*]] = tosa.tile %[[R]], %{{.*}} -> tensor<3x2xf32>
// CHECK-NEXT:    return %[[Y]]
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @pad(%x: tensor<0x2xf32>, %v: tensor<f32>) -> tensor<*xf32> {
    %p = "onnx.constant"() {value = dense<[1, 0, 2, 0]> : tensor<4xi64>} : () -> tensor<4xi64>
    %no = "onnx.novalue"() : () -> none
    %y = "onnx.pad"(%x, %p, %v, %no) : (tensor<0x2xf32>, tensor<4xi64>, tensor<f32>, none) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// No index, no update: what was there.
// CHECK-LABEL: func.func @scatter
// CHECK-SAME:    (%[[X:[^ :]*]]: tensor<4x2xf32>,
// CHECK-NEXT:    return %[[X]]
module attributes {onnx.opset_import = {ai.onnx = 16 : i64}} {
  func.func @scatter(%x: tensor<4x2xf32>, %i: tensor<0x2xi64>, %u: tensor<0x2xf32>) -> tensor<*xf32> {
    %y = "onnx.scatterelements"(%x, %i, %u) {reduction = "add"} : (tensor<4x2xf32>, tensor<0x2xi64>, tensor<0x2xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
