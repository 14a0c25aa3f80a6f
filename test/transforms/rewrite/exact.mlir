// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --fuse-rewrite %s | FileCheck %s
// Every depthwise convolution with constant weights and one output per channel becomes an op of the array.

// The weights keep their order; the name of the node stays.
// CHECK-LABEL: func.func @f32
// CHECK-SAME:    (%[[X:[^:]*]]: tensor<2x6x7x1xf32>
// CHECK-DAG:     %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[}}1.000000e+00], [2.000000e+00], [3.000000e+00]], {{\[\[}}4.000000e+00], [5.000000e+00], [6.000000e+00]]]> : tensor<2x3x1xf32>}>
// CHECK-DAG:     %[[B:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1xf32>}>
// CHECK:         %[[Y:.*]] = "fuse.dwconv2d"(%[[X]], %[[W]], %[[B]]) {dilation = array<i64: 3, 2>, pad = array<i64: 0, 1, 2, 0>, stride = array<i64: 1, 2>} : (tensor<2x6x7x1xf32>, tensor<2x3x1xf32>, tensor<1xf32>) -> tensor<2x4x3x1xf32> loc([[LOC:.*]])
// CHECK-NEXT:    return %[[Y]]
// CHECK:         [[LOC]] = loc("dw_3"(
func.func @f32(%x: tensor<2x6x7x1xf32>) -> tensor<2x4x3x1xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<[[[[1.]], [[2.]], [[3.]]], [[[4.]], [[5.]], [[6.]]]]> : tensor<2x3x1x1xf32>} : () -> tensor<2x3x1x1xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 1, 2, 0>, stride = array<i64: 1, 2>, dilation = array<i64: 3, 2>} : (tensor<2x6x7x1xf32>, tensor<2x3x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4x3x1xf32> loc("dw_3"("net.onnx":3:0))
  return %y : tensor<2x4x3x1xf32>
}

// -----

// i8; one bias for all; what was cut off because no tap reads it is there again. One line of taps is still recognised.
// CHECK-LABEL: func.func @i8
// CHECK-SAME:    (%[[X:[^:]*]]: tensor<1x8x8x3xi8>
// CHECK-DAG:     %[[B:.*]] = "tosa.const"() <{values = dense<9> : tensor<3xi32>}>
// CHECK:         "fuse.dwconv2d"(%[[X]], %{{.*}}, %[[B]]) {dilation = array<i64: 1, 1>, input_zp = -128 : i64, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, weight_zp = 1 : i64} : (tensor<1x8x8x3xi8>, tensor<3x3x3xi8>, tensor<3xi32>) -> tensor<1x3x3x3xi32>
// CHECK:         "fuse.conv1d"(%[[X]]
func.func @i8(%x: tensor<1x8x8x3xi8>) -> (tensor<1x3x3x3xi32>, tensor<1x8x6x3xi32>) {
  %zi = "tosa.const"() {values = dense<-128> : tensor<1xi8>} : () -> tensor<1xi8>
  %zw = "tosa.const"() {values = dense<1> : tensor<1xi8>} : () -> tensor<1xi8>
  %s = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 7, 7, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %cut = tosa.slice %x, %s, %n : (tensor<1x8x8x3xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x7x7x3xi8>
  %w = "tosa.const"() {values = dense<2> : tensor<3x3x3x1xi8>} : () -> tensor<3x3x3x1xi8>
  %wr = "tosa.const"() {values = dense<2> : tensor<1x3x3x1xi8>} : () -> tensor<1x3x3x1xi8>
  %b = "tosa.const"() {values = dense<9> : tensor<1xi32>} : () -> tensor<1xi32>
  %y = tosa.depthwise_conv2d %cut, %w, %b, %zi, %zw {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x7x7x3xi8>, tensor<3x3x3x1xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x3x3x3xi32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %zi, %zw {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x3xi8>, tensor<1x3x3x1xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x8x6x3xi32>
  return %y, %r : tensor<1x3x3x3xi32>, tensor<1x8x6x3xi32>
}

// -----

// A cut that the filter would show stays: two lines more would give another line of results.
// CHECK-LABEL: func.func @cut
// CHECK:         %[[CUT:.*]] = tosa.slice
// CHECK:         "fuse.dwconv2d"(%[[CUT]]
func.func @cut(%x: tensor<1x9x7x1xf32>) -> tensor<1x3x3x1xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 7, 7, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %cut = tosa.slice %x, %s, %n : (tensor<1x9x7x1xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x7x7x1xf32>
  %w = "tosa.const"() {values = dense<2.0> : tensor<3x3x1x1xf32>} : () -> tensor<3x3x1x1xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %cut, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x7x7x1xf32>, tensor<3x3x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x1xf32>
  return %y : tensor<1x3x3x1xf32>
}
