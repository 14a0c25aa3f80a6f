// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Numbers that would decide a size and aren't known: the size is what the model says of the result.

// CHECK-LABEL: func.func @range
// CHECK-SAME:    (%[[S:[^ :]*]]: tensor<i64>, %{{[^ :]*}}: tensor<i64>, %[[D:[^ :]*]]: tensor<i64>) -> tensor<5xi64>
// CHECK:         %[[START:[^ :]*]] = tosa.reshape %[[S]], %{{.*}} -> tensor<1xi64>
// CHECK:         %[[DELTA:[^ :]*]] = tosa.reshape %[[D]], %{{.*}} -> tensor<1xi64>
// CHECK-NEXT:    %[[I:[^ :]*]] = "tosa.const"() <{values = dense<[0, 1, 2, 3, 4]> : tensor<5xi64>}>
// CHECK:         %[[M:[^ :]*]] = tosa.mul %[[I]], %[[DELTA]], %{{.*}} -> tensor<5xi64>
// CHECK-NEXT:    %[[Y:[^ :]*]] = tosa.add %[[M]], %[[START]] : {{.*}} -> tensor<5xi64>
// CHECK-NEXT:    return %[[Y]]
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @range(%s: tensor<i64>, %l: tensor<i64>, %d: tensor<i64>) -> tensor<5xi64> {
    %y = "onnx.range"(%s, %l, %d) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<5xi64>
    return %y : tensor<5xi64>
  }
}

// -----

// Of step -2 the first place is at most the last element.
// CHECK-LABEL: func.func @slice
// CHECK-SAME:    (%[[X:[^ :]*]]: tensor<2x6x3xf32>, %[[S:[^ :]*]]: tensor<1xi64>, %{{[^ :]*}}: tensor<1xi64>) -> tensor<2x2x3xf32>
// CHECK-NEXT:    %[[SIZE:[^ :]*]] = "tosa.const"() <{values = dense<6> : tensor<1xi64>}>
// CHECK-NEXT:    %[[END:[^ :]*]] = tosa.add %[[S]], %[[SIZE]]
// CHECK-NEXT:    %[[ZERO:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1xi64>}>
// CHECK-NEXT:    %[[BELOW:[^ :]*]] = tosa.greater %[[ZERO]], %[[S]]
// CHECK-NEXT:    %[[AT:[^ :]*]] = tosa.select %[[BELOW]], %[[END]], %[[S]]
// CHECK-NEXT:    %[[MAX:[^ :]*]] = tosa.maximum %[[AT]], %[[ZERO]]
// CHECK-NEXT:    %[[LAST:[^ :]*]] = "tosa.const"() <{values = dense<5> : tensor<1xi64>}>
// CHECK-NEXT:    %[[MIN:[^ :]*]] = tosa.minimum %[[MAX]], %[[LAST]]
// CHECK-NEXT:    %[[I32:[^ :]*]] = tosa.cast %[[MIN]]
// CHECK-NEXT:    %[[STEPS:[^ :]*]] = "tosa.const"() <{values = dense<[0, -2]> : tensor<2xi32>}>
// CHECK-NEXT:    %[[PLACES:[^ :]*]] = tosa.add %[[I32]], %[[STEPS]]
// CHECK:         %[[Y:[^ :]*]] = tosa.gather %[[X]], %{{.*}} -> tensor<2x2x3xf32>
// CHECK-NEXT:    return %[[Y]]
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @slice(%x: tensor<2x6x3xf32>, %s: tensor<1xi64>, %e: tensor<1xi64>) -> tensor<2x2x3xf32> {
    %a = "onnx.constant"() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %t = "onnx.constant"() {value = dense<-2> : tensor<1xi64>} : () -> tensor<1xi64>
    %y = "onnx.slice"(%x, %s, %e, %a, %t) : (tensor<2x6x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x2x3xf32>
    return %y : tensor<2x2x3xf32>
  }
}

// -----

// CHECK-LABEL: func.func @split
// CHECK-COUNT-2: tosa.slice
// CHECK:         return %{{.*}} : tensor<1x3xf32>, tensor<3x3xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @split(%x: tensor<4x3xf32>, %s: tensor<2xi64>) -> (tensor<1x3xf32>, tensor<3x3xf32>) {
    %a, %b = "onnx.split"(%x, %s) {resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4x3xf32>, tensor<2xi64>) -> (tensor<1x3xf32>, tensor<3x3xf32>)
    return %a, %b : tensor<1x3xf32>, tensor<3x3xf32>
  }
}

// -----

// CHECK-LABEL: func.func @reshape_and_expand
// CHECK:         tosa.reshape %{{.*}} -> tensor<1x4x9xf32>
// CHECK:         tosa.tile %{{.*}} -> tensor<2x4x9xf32>
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @reshape_and_expand(%x: tensor<2x6x3xf32>, %s: tensor<2xi64>, %t: tensor<3xi64>) -> tensor<2x4x9xf32> {
    %r = "onnx.reshape"(%x, %s) : (tensor<2x6x3xf32>, tensor<2xi64>) -> tensor<4x9xf32>
    %y = "onnx.expand"(%r, %t) : (tensor<4x9xf32>, tensor<3xi64>) -> tensor<2x4x9xf32>
    return %y : tensor<2x4x9xf32>
  }
}
