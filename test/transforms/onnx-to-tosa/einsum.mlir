// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Einsum: products of matrices, other products, diagonals.

// Labels of both, of one alone, and what is summed: a product of matrices.
// CHECK-LABEL: func.func @matrices
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<3x4xf32>, %[[A1:[^ :]*]]: tensor<5x4xf32>) -> tensor<3x5xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 5, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : {{.*}} -> tensor<1x5x4xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[A0]], %[[V2]] : {{.*}} -> tensor<1x3x4xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.transpose %[[V1]] {perms = array<i32: 0, 2, 1>} : {{.*}} -> tensor<1x4x5xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.matmul %[[V3]], %[[V4]], %[[V5]], %[[V5]] : {{.*}} -> tensor<1x3x5xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape {{.*}}dense<[3, 5]> : tensor<2xindex>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.reshape %[[V6]], %[[V7]] : {{.*}} -> tensor<3x5xf32>
// CHECK-NEXT:    return %[[V8]] : tensor<3x5xf32>
module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @matrices(%a: tensor<3x4xf32>, %b: tensor<5x4xf32>) -> tensor<*xf32> {
    %y = "onnx.einsum"(%a, %b) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ij,kj->ik"} : (tensor<3x4xf32>, tensor<5x4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// Nothing in common: an outer product. Without "->" the result's labels are in alphabetical order.
// CHECK-LABEL: func.func @outer
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<3xf32>, %[[A1:[^ :]*]]: tensor<4xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 4]> : tensor<2xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : {{.*}} -> tensor<1x4xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[3, 1]> : tensor<2xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[A0]], %[[V2]] : {{.*}} -> tensor<3x1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : {{.*}} -> tensor<1xi8>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.mul %[[V3]], %[[V1]], %[[V4]] : {{.*}} -> tensor<3x4xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.transpose %[[V5]] {perms = array<i32: 1, 0>} : {{.*}} -> tensor<4x3xf32>
// CHECK-NEXT:    return %[[V6]] : tensor<4x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @outer(%a: tensor<3xf32>, %b: tensor<4xf32>) -> tensor<*xf32> {
    %y = "onnx.einsum"(%a, %b) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "j,i"} : (tensor<3xf32>, tensor<4xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}

// -----

// The diagonal of n times n elements: every n + 1st.
// CHECK-LABEL: func.func @diagonal
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<3x3xf32>) -> tensor<3xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<9> : tensor<1xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A0]], %[[V0]] : {{.*}} -> tensor<9xf32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[0, 3]> : tensor<2xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = tosa.pad %[[V1]], %[[V2]], %[[V3]] : {{.*}} -> tensor<12xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 4, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.reshape %[[V4]], %[[V5]] : {{.*}} -> tensor<1x3x4x1xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 3, 1, 1]> : tensor<4xindex>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.slice %[[V6]], %[[V7]], %[[V8]] : {{.*}} -> tensor<1x3x1x1xf32>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.const_shape {{.*}}dense<3> : tensor<1xindex>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.reshape %[[V9]], %[[V10]] : {{.*}} -> tensor<3xf32>
// CHECK-NEXT:    return %[[V11]] : tensor<3xf32>
module attributes {onnx.opset_import = {ai.onnx = 12 : i64}} {
  func.func @diagonal(%a: tensor<3x3xf32>) -> tensor<*xf32> {
    %y = "onnx.einsum"(%a) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, equation = "ii->i"} : (tensor<3x3xf32>) -> tensor<*xf32>
    return %y : tensor<*xf32>
  }
}
