// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --fuse-rewrite=mode=recognize --mlir-print-debuginfo=false %s | FileCheck %s --implicit-check-not=fuse.fuseconv
// Pairs that aren't a FuSeConv layer: each filter stands for itself.

// Columns first.
// CHECK-LABEL: func.func @columns_first(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @columns_first(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %c, %r {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Two values.
// CHECK-LABEL: func.func @two_inputs(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @two_inputs(%x: tensor<1x4x4x2xf32>, %v: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %v, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Other bounds.
// CHECK-LABEL: func.func @activations(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @activations(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r1 = tosa.clamp %r {max_val = 6.0 : f32, min_val = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %c1 = tosa.clamp %c {max_val = 5.0 : f32, min_val = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r1, %c1 {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// An activation on one branch.
// CHECK-LABEL: func.func @one_activation(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @one_activation(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r1 = tosa.clamp %r {max_val = 6.0 : f32, min_val = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r1, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// A branch has another use.
// CHECK-LABEL: func.func @used(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @used(%x: tensor<1x4x4x2xf32>) -> (tensor<1x4x4x4xf32>, tensor<1x4x4x2xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y, %c : tensor<1x4x4x4xf32>, tensor<1x4x4x2xf32>
}

// -----

// An activation with a number per channel.
// CHECK-LABEL: func.func @per_channel(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @per_channel(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %ar = "tosa.const"() {values = dense<[[[[0.1, 0.2]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r1 = tosa.maximum %r, %ar : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %c1 = tosa.maximum %c, %ar : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r1, %c1 {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Concatenated along H.
// CHECK-LABEL: func.func @axis(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @axis(%x: tensor<1x4x4x2xf32>) -> tensor<1x8x4x2xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r, %c {axis = 1 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x8x4x2xf32>
  return %y : tensor<1x8x4x2xf32>
}

// -----

// Rows take the second half.
// CHECK-LABEL: func.func @halves_swapped(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @halves_swapped(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %s = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %s0 = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 4, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %x0 = tosa.slice %x, %s0, %n : (tensor<1x4x4x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %x1 = tosa.slice %x, %s, %n : (tensor<1x4x4x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %r = tosa.depthwise_conv2d %x1, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x0, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Two of three parts.
// CHECK-LABEL: func.func @third_half(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @third_half(%x: tensor<1x4x4x6xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %s = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %s0 = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 4, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %x0 = tosa.slice %x, %s0, %n : (tensor<1x4x4x6xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %x1 = tosa.slice %x, %s, %n : (tensor<1x4x4x6xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %r = tosa.depthwise_conv2d %x0, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x1, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// A cut that the padding would show.
// CHECK-LABEL: func.func @cut(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @cut(%x: tensor<1x4x5x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %s = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 4, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %x0 = tosa.slice %x, %s, %n : (tensor<1x4x5x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %x1 = tosa.slice %x, %s, %n : (tensor<1x4x5x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %r = tosa.depthwise_conv2d %x0, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x1, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Columns take channels 1 and 2.
// CHECK-LABEL: func.func @shifted_half(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @shifted_half(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %s = tosa.const_shape {values = dense<[0, 0, 0, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %s0 = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 4, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %x0 = tosa.slice %x, %s0, %n : (tensor<1x4x4x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %x1 = tosa.slice %x, %s, %n : (tensor<1x4x4x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xf32>
  %r = tosa.depthwise_conv2d %x0, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x1, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Other factors.
// CHECK-LABEL: func.func @factors(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @factors(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %two = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %three = "tosa.const"() {values = dense<3.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r1 = tosa.mul %r, %two, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %c1 = tosa.mul %c, %three, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r1, %c1 {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// A cut that only the rows would notice: behind it they read zeros.
// CHECK-LABEL: func.func @cut_row(
// CHECK:         "fuse.conv1d"{{.*}} {axis = "row"
// CHECK:         "fuse.conv1d"{{.*}} {axis = "col"
// CHECK:         tosa.concat
func.func @cut_row(%x: tensor<1x5x6x2xf32>) -> tensor<1x3x3x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %s = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 5, 5, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %x0 = tosa.slice %x, %s, %n : (tensor<1x5x6x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x5x5x2xf32>
  %x1 = tosa.slice %x, %s, %n : (tensor<1x5x6x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x5x5x2xf32>
  %r = tosa.depthwise_conv2d %x0, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x5x5x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x2xf32>
  %c = tosa.depthwise_conv2d %x1, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x5x5x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x3x3x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x3x3x4xf32>
  return %y : tensor<1x3x3x4xf32>
}

// -----

// More than one line of taps, taps in one line but padding across, two outputs per channel, weights that aren't constant.
// CHECK-LABEL: func.func @kept
// CHECK-COUNT-4: tosa.depthwise_conv2d
// CHECK-NOT:     fuse.
func.func @kept(%x: tensor<1x4x4x2xf32>, %v: tensor<1x3x2x1xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x6x4x2xf32>, tensor<1x4x2x4xf32>, tensor<1x4x2x2xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w3 = "tosa.const"() {values = dense<2.0> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %wm = "tosa.const"() {values = dense<2.0> : tensor<1x3x2x2xf32>} : () -> tensor<1x3x2x2xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
  %p = tosa.depthwise_conv2d %x, %w3, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %q = tosa.depthwise_conv2d %x, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x4x2xf32>
  %r = tosa.depthwise_conv2d %x, %wm, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x2x4xf32>
  %s = tosa.depthwise_conv2d %x, %v, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x2x2xf32>
  return %p, %q, %r, %s : tensor<1x2x2x2xf32>, tensor<1x6x4x2xf32>, tensor<1x4x2x4xf32>, tensor<1x4x2x2xf32>
}
