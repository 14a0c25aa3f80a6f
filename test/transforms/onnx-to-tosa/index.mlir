// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Elements that an index names: rows of tosa.gather and tosa.scatter, and kernels of ours.

// An index that isn't known, below 0 from the end, the same for each row before the axis.
// CHECK-LABEL: func.func @gather
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x5x3xf32>, %[[A1:[^ :]*]]: tensor<4xi32>) -> tensor<2x4x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape  {values = dense<[1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : (tensor<4xi32>, !tosa.shape<2>) -> tensor<1x4xi32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<5> : tensor<1x1xi32>}> : () -> tensor<1x1xi32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.add %[[V1]], %[[V2]] : (tensor<1x4xi32>, tensor<1x1xi32>) -> tensor<1x4xi32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1x1xi32>}> : () -> tensor<1x1xi32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.greater %[[V4]], %[[V1]] : (tensor<1x1xi32>, tensor<1x4xi32>) -> tensor<1x4xi1>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.select %[[V5]], %[[V3]], %[[V1]] : (tensor<1x4xi1>, tensor<1x4xi32>, tensor<1x4xi32>) -> tensor<1x4xi32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape  {values = dense<[2, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.tile %[[V6]], %[[V7]] : (tensor<1x4xi32>, !tosa.shape<2>) -> tensor<2x4xi32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.gather %[[A0]], %[[V8]] : (tensor<2x5x3xf32>, tensor<2x4xi32>) -> tensor<2x4x3xf32>
// CHECK-NEXT:    return %[[V9]] : tensor<2x4x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @gather(%x: tensor<2x5x3xf32>, %i: tensor<4xi32>) -> tensor<*xf32> {
    %y = "onnx.gather"(%x, %i) {axis = 1 : i64} : (tensor<2x5x3xf32>, tensor<4xi32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Places are counted in elements: the index times 3, plus the column.
// CHECK-LABEL: func.func @elements
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>, %[[A1:[^ :]*]]: tensor<1x3xi32>) -> tensor<1x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<2> : tensor<1x1xi32>}> : () -> tensor<1x1xi32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.add %[[A1]], %[[V0]] : (tensor<1x3xi32>, tensor<1x1xi32>) -> tensor<1x3xi32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1x1xi32>}> : () -> tensor<1x1xi32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.greater %[[V2]], %[[A1]] : (tensor<1x1xi32>, tensor<1x3xi32>) -> tensor<1x3xi1>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.select %[[V3]], %[[V1]], %[[A1]] : (tensor<1x3xi1>, tensor<1x3xi32>, tensor<1x3xi32>) -> tensor<1x3xi32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<3> : tensor<1x1xi32>}> : () -> tensor<1x1xi32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.mul %[[V4]], %[[V5]], %[[V6]] : (tensor<1x3xi32>, tensor<1x1xi32>, tensor<1xi8>) -> tensor<1x3xi32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[}}0, 1, 2]]> : tensor<1x3xi32>}> : () -> tensor<1x3xi32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.add %[[V7]], %[[V8]] : (tensor<1x3xi32>, tensor<1x3xi32>) -> tensor<1x3xi32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.const_shape  {values = dense<[1, 6, 1]> : tensor<3xindex>} : () -> !tosa.shape<3>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.reshape %[[A0]], %[[V10]] : (tensor<2x3xf32>, !tosa.shape<3>) -> tensor<1x6x1xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = tosa.gather %[[V11]], %[[V9]] : (tensor<1x6x1xf32>, tensor<1x3xi32>) -> tensor<1x3x1xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.const_shape  {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.reshape %[[V12]], %[[V13]] : (tensor<1x3x1xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
// CHECK-NEXT:    return %[[V14]] : tensor<1x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @elements(%x: tensor<2x3xf32>, %i: tensor<1x3xi32>) -> tensor<*xf32> {
    %y = "onnx.gatherelements"(%x, %i) {axis = 0 : i64} : (tensor<2x3xf32>, tensor<1x3xi32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// A known index, and updates that are added.
// CHECK-LABEL: func.func @scatter_add
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<4x3xf32>, %[[A1:[^ :]*]]: tensor<2x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape  {values = dense<[1, 2, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : (tensor<2x3xf32>, !tosa.shape<3>) -> tensor<1x2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape  {values = dense<[1, 4, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[A0]], %[[V2]] : (tensor<4x3xf32>, !tosa.shape<3>) -> tensor<1x4x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[}}1, 3]]> : tensor<1x2xi32>}> : () -> tensor<1x2xi32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.custom %[[V3]], %[[V4]], %[[V1]] {domain_name = "fuse", implementation_attrs = "n = 1, k = 4, w = 2, c = 3", operator_name = "scatter_add"} : (tensor<1x4x3xf32>, tensor<1x2xi32>, tensor<1x2x3xf32>) -> tensor<1x4x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape  {values = dense<[4, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : (tensor<1x4x3xf32>, !tosa.shape<2>) -> tensor<4x3xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<4x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @scatter_add(%x: tensor<4x3xf32>, %u: tensor<2x3xf32>) -> tensor<*xf32> {
    %i = "onnx.constant"() {value = dense<[[1], [-1]]> : tensor<2x1xi64>} : () -> tensor<2x1xi64>
    %y = "onnx.scatternd"(%x, %i, %u) {reduction = "add"} : (tensor<4x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Updates that replace.
// CHECK-LABEL: func.func @scatter
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<4x3xf32>, %[[A1:[^ :]*]]: tensor<2x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape  {values = dense<[1, 2, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : (tensor<2x3xf32>, !tosa.shape<3>) -> tensor<1x2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape  {values = dense<[1, 4, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[A0]], %[[V2]] : (tensor<4x3xf32>, !tosa.shape<3>) -> tensor<1x4x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<{{\[\[}}1, 3]]> : tensor<1x2xi32>}> : () -> tensor<1x2xi32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.scatter %[[V3]], %[[V4]], %[[V1]] : (tensor<1x4x3xf32>, tensor<1x2xi32>, tensor<1x2x3xf32>) -> tensor<1x4x3xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.const_shape  {values = dense<[4, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.reshape %[[V5]], %[[V6]] : (tensor<1x4x3xf32>, !tosa.shape<2>) -> tensor<4x3xf32>
// CHECK-NEXT:    return %[[V7]] : tensor<4x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @scatter(%x: tensor<4x3xf32>, %u: tensor<2x3xf32>) -> tensor<*xf32> {
    %i = "onnx.constant"() {value = dense<[[1], [-1]]> : tensor<2x1xi64>} : () -> tensor<2x1xi64>
    %y = "onnx.scatternd"(%x, %i, %u) : (tensor<4x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The last of equal ones: the first from the end.
// CHECK-LABEL: func.func @last
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x3xf32>) -> tensor<2xi64>
// CHECK-NEXT:    %[[V0:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : () -> tensor<1xf32>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.negate %[[A0]], %[[V0]], %[[V0]] : (tensor<2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.reverse %[[V1]] {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.argmax %[[V2]] {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2xi32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.const_shape  {values = dense<[2, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.reshape %[[V3]], %[[V4]] : (tensor<2xi32>, !tosa.shape<2>) -> tensor<2x1xi32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = "tosa.const"() <{values = dense<2> : tensor<1x1xi32>}> : () -> tensor<1x1xi32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.sub %[[V6]], %[[V5]] : (tensor<1x1xi32>, tensor<2x1xi32>) -> tensor<2x1xi32>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.cast %[[V7]] : (tensor<2x1xi32>) -> tensor<2x1xi64>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape  {values = dense<2> : tensor<1xindex>} : () -> !tosa.shape<1>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.reshape %[[V8]], %[[V9]] : (tensor<2x1xi64>, !tosa.shape<1>) -> tensor<2xi64>
// CHECK-NEXT:    return %[[V10]] : tensor<2xi64>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @last(%x: tensor<2x3xf32>) -> tensor<*xi64> {
    %y = "onnx.argmin"(%x) {axis = 1 : i64, keepdims = 0 : i64, select_last_index = 1 : i64} : (tensor<2x3xf32>) -> tensor<*xi64>
    return %y : tensor<*xi64>
  }
}

// -----

// One kernel with two results.
// CHECK-LABEL: func.func @most
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x5x3xf32>) -> tensor<2x2x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]]:2 = tosa.custom %[[A0]] {domain_name = "fuse", implementation_attrs = "outer = 2, n = 5, inner = 3, k = 2, largest = 1", operator_name = "topk"} : (tensor<2x5x3xf32>) -> (tensor<2x2x3xf32>, tensor<2x2x3xi64>)
// CHECK-NEXT:    return %[[V0]]#0 : tensor<2x2x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 11 : i64}} {
  func.func @most(%x: tensor<2x5x3xf32>) -> tensor<*xf32> {
    %k = "onnx.constant"() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
    %y, %n = "onnx.topk"(%x, %k) {axis = 1 : i64} : (tensor<2x5x3xf32>, tensor<1xi64>) -> (tensor<*xf32>, tensor<*xi64>)
    return %y : tensor<*xf32>
  }
}
