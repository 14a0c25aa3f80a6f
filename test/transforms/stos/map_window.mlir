// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --stos-map %s | FileCheck %s
// Pools, windows that end early, and convs on a flattened image.

// A maximum over the window; an average is a sum and one factor, so only without pads. With them the host divides.
// CHECK-LABEL: func.func @pools
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : () -> tensor<1xf32>
// CHECK-NEXT:    %[[V1:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L2:.*]] = "stos.layer"(%[[V1]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = [], reduce = "max", window = array<i64: 3, 2, 1, 1, 1, 1, 1, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[L2]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["muli 0.125", "maxi 0.0", "mini 1.0"], reduce = "sum", window = array<i64: 2, 4, 2, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x4x5x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.unpack"(%[[L3]]) : {{.*}} -> tensor<1x4x5x16xf32>
// CHECK-NEXT:    %[[V5:.*]] = tosa.avg_pool2d %[[V4]], %[[C0]], %[[C0]] {acc_type = f32, kernel = array<i64: 2, 3>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>} : (tensor<1x4x5x16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x16xf32>
// CHECK-NEXT:    %[[V6:.*]] = tosa.transpose %[[V5]] {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x3x3x16xf32>) -> tensor<1x16x3x3xf32>
// CHECK-NEXT:    return %[[V6]]
func.func @pools(%x: tensor<1x16x8x8xf32>) -> tensor<1x16x3x3xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %m = tosa.max_pool2d %t {kernel = array<i64: 3, 2>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 0, 1>} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %a = tosa.avg_pool2d %m, %z, %z {kernel = array<i64: 2, 4>, stride = array<i64: 2, 1>, pad = array<i64: 0, 0, 0, 0>, acc_type = f32} : (tensor<1x8x8x16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x5x16xf32>
  %c = tosa.clamp %a {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32>
  %p = tosa.avg_pool2d %c, %z, %z {kernel = array<i64: 2, 3>, stride = array<i64: 2, 2>, pad = array<i64: 1, 1, 1, 1>, acc_type = f32} : (tensor<1x4x5x16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x16xf32>
  %y = tosa.transpose %p {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x3x3x16xf32>) -> tensor<1x16x3x3xf32>
  return %y : tensor<1x16x3x3xf32>
}

// -----

// A slice that cuts off only what no window reads is no layer; one that takes a line which the window would read is a copy.
// CHECK-LABEL: func.func @cut
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x2x1x16xf32>}> : () -> tensor<16x2x1x16xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V3:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[V3]], %[[C0]], %[[C2]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[L4]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = [], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x7x7x16xf32, "blocked">
// CHECK-NEXT:    %[[L6:.*]] = "stos.layer"(%[[L4]], %[[C0]], %[[C2]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 2, 2, 1, 1, 0, 0>} : {{.*}} -> tensor<1x4x4x16xf32, "blocked">
// CHECK-NEXT:    %[[L7:.*]] = "stos.layer"(%[[L5]], %[[C1]], %[[C2]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 2, 1, 2, 2, 1, 1, 0, 0>} : {{.*}} -> tensor<1x4x4x16xf32, "blocked">
// CHECK-NEXT:    %[[L8:.*]] = "stos.layer"(%[[L7]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = [], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, -1, 0>} : {{.*}} -> tensor<1x3x4x16xf32, "blocked">
// CHECK-NEXT:    %[[V9:.*]] = "stos.output"(%[[L6]]) : {{.*}} -> tensor<1x16x4x4xf32>
// CHECK-NEXT:    %[[V10:.*]] = "stos.output"(%[[L8]]) : {{.*}} -> tensor<1x16x3x4xf32>
// CHECK-NEXT:    return %[[V9]], %[[V10]]
func.func @cut(%x: tensor<1x16x8x8xf32>) -> (tensor<1x16x4x4xf32>, tensor<1x16x3x4xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %w2 = "tosa.const"() {values = dense<0.5> : tensor<16x2x1x16xf32>} : () -> tensor<16x2x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %o = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n = tosa.const_shape {values = dense<[1, 7, 7, 16]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %p = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %s7 = tosa.slice %p, %o, %n : (tensor<1x8x8x16xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x7x7x16xf32>
  %c = tosa.conv2d %s7, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x7x7x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x16xf32>
  %y = tosa.transpose %c {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x4x4x16xf32>) -> tensor<1x16x4x4xf32>
  %d = tosa.conv2d %s7, %w2, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 1, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x7x7x16xf32>, tensor<16x2x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x16xf32>
  %o1 = tosa.const_shape {values = dense<[0, 1, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n1 = tosa.const_shape {values = dense<[1, 3, 4, 16]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %e = tosa.slice %d, %o1, %n1 : (tensor<1x4x4x16xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x4x16xf32>
  %q = tosa.transpose %e {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x3x4x16xf32>) -> tensor<1x16x3x4xf32>
  return %y, %q : tensor<1x16x4x4xf32>, tensor<1x16x3x4xf32>
}

// -----

// A fully connected layer on a flattened image is a conv of the image's size: nothing is moved.
// CHECK-LABEL: func.func @flat
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x4x6xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<10xf32>}> : () -> tensor<10xf32>
// CHECK-NEXT:    %[[V3:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x4x6x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[V3]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x4x6x16xf32, "blocked">
// CHECK-NEXT:    %[[C5:.*]] = "tosa.const"() <{values = dense_resource<unflattened> : tensor<10x4x6x16xf32>}> : () -> tensor<10x4x6x16xf32>
// CHECK-NEXT:    %[[L6:.*]] = "stos.layer"(%[[L4]], %[[C5]], %[[C2]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 4, 6, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x1x1x10xf32, "blocked">
// CHECK-NEXT:    %[[V7:.*]] = "stos.output"(%[[L6]]) : {{.*}} -> tensor<1x10xf32>
// CHECK-NEXT:    return %[[V7]]
func.func @flat(%x: tensor<1x16x4x6xf32>) -> tensor<1x10xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %fw = "tosa.const"() {values = dense<0.5> : tensor<10x1x1x384xf32>} : () -> tensor<10x1x1x384xf32>
  %fb = "tosa.const"() {values = dense<0.125> : tensor<10xf32>} : () -> tensor<10xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x4x6xf32>) -> tensor<1x4x6x16xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x6x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x6x16xf32>
  %n = tosa.const_shape {values = dense<[1, 1, 1, 384]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %k = tosa.const_shape {values = dense<[1, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %f = tosa.reshape %c, %n : (tensor<1x4x6x16xf32>, !tosa.shape<4>) -> tensor<1x1x1x384xf32>
  %d = tosa.conv2d %f, %fw, %fb, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x384xf32>, tensor<10x1x1x384xf32>, tensor<10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x10xf32>
  %y = tosa.reshape %d, %k : (tensor<1x1x1x10xf32>, !tosa.shape<2>) -> tensor<1x10xf32>
  return %y : tensor<1x10xf32>
}

// -----

// Pads of zeros are what lies outside the image; the post program is done to them, too.
// CHECK-LABEL: func.func @pad
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x4x6x16xf32>)
// CHECK-NEXT:    %[[V1:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x4x6x16xf32, "blocked">
// CHECK-NEXT:    %[[L2:.*]] = "stos.layer"(%[[V1]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["addi 1.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 1, 0>} : {{.*}} -> tensor<1x5x9x16xf32, "blocked">
// CHECK-NEXT:    %[[V3:.*]] = "stos.output"(%[[L2]]) {channels_last}
// CHECK-NEXT:    return %[[V3]]
func.func @pad(%x: tensor<1x4x6x16xf32>) -> tensor<1x5x9x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %one = "tosa.const"() {values = dense<1.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %n = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 3, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %p = tosa.pad %x, %n, %z : (tensor<1x4x6x16xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x5x9x16xf32>
  %y = tosa.add %p, %one : (tensor<1x5x9x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x5x9x16xf32>
  return %y : tensor<1x5x9x16xf32>
}

// -----

// Other numbers and channels are the host's.
// CHECK-LABEL: func.func @other_pads
// CHECK-NOT:     "stos.
// CHECK:         tosa.pad
// CHECK-NEXT:    tosa.pad
func.func @other_pads(%x: tensor<1x4x6x16xf32>, %v: tensor<1x4x6x16xf32>) -> (tensor<1x4x7x16xf32>, tensor<1x4x6x17xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %m = "tosa.const"() {values = dense<-0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %n = tosa.const_shape {values = dense<[0, 0, 0, 0, 1, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %k = tosa.const_shape {values = dense<[0, 0, 0, 0, 0, 0, 0, 1]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %p = tosa.pad %x, %n, %m : (tensor<1x4x6x16xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x7x16xf32>
  %q = tosa.pad %v, %k, %z : (tensor<1x4x6x16xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x6x17xf32>
  return %p, %q : tensor<1x4x7x16xf32>, tensor<1x4x6x17xf32>
}

// -----

// 5 x 5 pixels fit the scratchpad, twice, beside the result; of 300 x 300 not even one block does: that window is the host's.
// CHECK-LABEL: func.func @large
// CHECK:         %[[L:.*]] = "stos.layer"(%{{.*}}) {kind = "vector", {{.*}}reduce = "max", window = array<i64: 5, 5, 1, 1, 1, 1, 2, 2>}
// CHECK-NEXT:    %[[U:.*]] = "stos.unpack"(%[[L]])
// CHECK-NEXT:    tosa.max_pool2d %[[U]] {kernel = array<i64: 300, 300>,
func.func @large(%x: tensor<1x16x300x300xf32>) -> tensor<1x1x1x16xf32> {
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x300x300xf32>) -> tensor<1x300x300x16xf32>
  %m = tosa.max_pool2d %t {kernel = array<i64: 5, 5>, stride = array<i64: 1, 1>, pad = array<i64: 2, 2, 2, 2>} : (tensor<1x300x300x16xf32>) -> tensor<1x300x300x16xf32>
  %y = tosa.max_pool2d %m {kernel = array<i64: 300, 300>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x300x300x16xf32>) -> tensor<1x1x1x16xf32>
  return %y : tensor<1x1x1x16xf32>
}
