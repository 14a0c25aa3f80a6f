// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Recurrent operators, step by step.

// Two steps, backwards, the first from a state of zeros, whose product is known; a sequence of one step keeps its state at the other and gives zeros there.
// CHECK-LABEL: func.func @rnn
// CHECK-SAME:    (%[[A0:[^ :]*]]: tensor<2x1x3xf32>, %[[A1:[^ :]*]]: tensor<1xi32>) -> tensor<2x1x1x4xf32>
// CHECK-NEXT:    %[[V0:[^ :]*]] = tosa.const_shape {{.*}}dense<1> : tensor<3xindex>
// CHECK-NEXT:    %[[V1:[^ :]*]] = tosa.reshape %[[A1]], %[[V0]] : {{.*}} -> tensor<1x1x1xi32>
// CHECK-NEXT:    %[[V2:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 2, 3]> : tensor<3xindex>
// CHECK-NEXT:    %[[V3:[^ :]*]] = tosa.reshape %[[A0]], %[[V2]] : {{.*}} -> tensor<1x2x3xf32>
// CHECK-NEXT:    %[[V4:[^ :]*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x3x4xf32>}> : {{.*}} -> tensor<1x3x4xf32>
// CHECK-NEXT:    %[[V5:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : {{.*}} -> tensor<1xf32>
// CHECK-NEXT:    %[[V6:[^ :]*]] = tosa.matmul %[[V3]], %[[V4]], %[[V5]], %[[V5]] : {{.*}} -> tensor<1x2x4xf32>
// CHECK-NEXT:    %[[V7:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V8:[^ :]*]] = tosa.reshape %[[V6]], %[[V7]] : {{.*}} -> tensor<2x1x4xf32>
// CHECK-NEXT:    %[[V9:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 0, 0]> : tensor<3xindex>
// CHECK-NEXT:    %[[V10:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V11:[^ :]*]] = tosa.slice %[[V8]], %[[V9]], %[[V10]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V12:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x4xf32>}> : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V13:[^ :]*]] = tosa.add %[[V11]], %[[V12]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V14:[^ :]*]] = tosa.tanh %[[V13]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V15:[^ :]*]] = "tosa.const"() <{values = dense<1> : tensor<1x1x1xi32>}> : {{.*}} -> tensor<1x1x1xi32>
// CHECK-NEXT:    %[[V16:[^ :]*]] = tosa.greater %[[V1]], %[[V15]] : {{.*}} -> tensor<1x1x1xi1>
// CHECK-NEXT:    %[[V17:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V18:[^ :]*]] = tosa.select %[[V16]], %[[V14]], %[[V17]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V19:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x4xf32>}> : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V20:[^ :]*]] = tosa.select %[[V16]], %[[V14]], %[[V19]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V21:[^ :]*]] = tosa.const_shape {{.*}}dense<0> : tensor<3xindex>
// CHECK-NEXT:    %[[V22:[^ :]*]] = tosa.const_shape {{.*}}dense<[1, 1, 4]> : tensor<3xindex>
// CHECK-NEXT:    %[[V23:[^ :]*]] = tosa.slice %[[V8]], %[[V21]], %[[V22]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V24:[^ :]*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x4x4xf32>}> : {{.*}} -> tensor<1x4x4xf32>
// CHECK-NEXT:    %[[V25:[^ :]*]] = tosa.matmul %[[V20]], %[[V24]], %[[V5]], %[[V5]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V26:[^ :]*]] = tosa.add %[[V23]], %[[V25]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V27:[^ :]*]] = tosa.tanh %[[V26]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V28:[^ :]*]] = "tosa.const"() <{values = dense<0> : tensor<1x1x1xi32>}> : {{.*}} -> tensor<1x1x1xi32>
// CHECK-NEXT:    %[[V29:[^ :]*]] = tosa.greater %[[V1]], %[[V28]] : {{.*}} -> tensor<1x1x1xi1>
// CHECK-NEXT:    %[[V30:[^ :]*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x1xf32>}> : {{.*}} -> tensor<1x1x1xf32>
// CHECK-NEXT:    %[[V31:[^ :]*]] = tosa.select %[[V29]], %[[V27]], %[[V30]] : {{.*}} -> tensor<1x1x4xf32>
// CHECK-NEXT:    %[[V32:[^ :]*]] = tosa.concat %[[V31]], %[[V18]] {axis = 0 : i32} : {{.*}} -> tensor<2x1x4xf32>
// CHECK-NEXT:    %[[V33:[^ :]*]] = tosa.const_shape {{.*}}dense<[2, 1, 1, 4]> : tensor<4xindex>
// CHECK-NEXT:    %[[V34:[^ :]*]] = tosa.reshape %[[V32]], %[[V33]] : {{.*}} -> tensor<2x1x1x4xf32>
// CHECK-NEXT:    return %[[V34]] : tensor<2x1x1x4xf32>
module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @rnn(%x: tensor<2x1x3xf32>, %n: tensor<1xi32>) -> tensor<*xf32> {
    %w = "onnx.constant"() {value = dense<1.0> : tensor<1x4x3xf32>} : () -> tensor<1x4x3xf32>
    %r = "onnx.constant"() {value = dense<2.0> : tensor<1x4x4xf32>} : () -> tensor<1x4x4xf32>
    %no = "onnx.novalue"() : () -> none
    %y, %h = "onnx.rnn"(%x, %w, %r, %no, %n, %no) {direction = "reverse", hidden_size = 4 : i64} : (tensor<2x1x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>, none, tensor<1xi32>, none) -> (tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}
