// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --stos-map %s | FileCheck %s
// Where tensors enter and leave the machine.

// A model's N,C,H,W and back, or N,C: the I/O table says how, nobody copies.
// CHECK-LABEL: func.func @image
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x8x8xf32>, %[[X1:.*]]: tensor<1x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.input"(%[[X1]]) {layout = "blocked"} : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[V4]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L3]]) : {{.*}} -> tensor<1x16x8x8xf32>
// CHECK-NEXT:    %[[V7:.*]] = "stos.output"(%[[L5]]) : {{.*}} -> tensor<1x16xf32>
// CHECK-NEXT:    return %[[V6]], %[[V7]]
func.func @image(%x: tensor<1x16x8x8xf32>, %v: tensor<1x16xf32>) -> (tensor<1x16x8x8xf32>, tensor<1x16xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.transpose %c {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32>
  %q = tosa.clamp %v {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x16xf32>) -> tensor<1x16xf32>
  return %y, %q : tensor<1x16x8x8xf32>, tensor<1x16xf32>
}

// -----

// Three channels would leave most of a word empty: the host brings an im2col of the conv's window, and the conv is 1x1.
// CHECK-LABEL: func.func @packed
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x3x9x9xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V1:.*]] = "stos.input"(%[[X0]]) {layout = "packed", window = array<i64: 3, 2, 2, 2, 1, 1, 0, 1>} : {{.*}} -> tensor<1x4x5x18xf32, "blocked">
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense_resource<packed> : tensor<16x1x1x18xf32>}> : () -> tensor<16x1x1x18xf32>
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V1]], %[[C2]], %[[C0]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x4x5x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.output"(%[[L3]]) : {{.*}} -> tensor<1x16x4x5xf32>
// CHECK-NEXT:    return %[[V4]]
func.func @packed(%x: tensor<1x3x9x9xf32>) -> tensor<1x16x4x5xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x3x2x3xf32>} : () -> tensor<16x3x2x3xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x3x9x9xf32>) -> tensor<1x9x9x3xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x9x9x3xf32>, tensor<16x3x2x3xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x5x16xf32>
  %y = tosa.transpose %c {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x4x5x16xf32>) -> tensor<1x16x4x5xf32>
  return %y : tensor<1x16x4x5xf32>
}

// -----

// A model's own N,H,W,C and back, packed or not: the I/O table says that too.
// CHECK-LABEL: func.func @channels_last
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x9x9x3xf32>, %[[X1:.*]]: tensor<1x4x5x16xf32>)
// CHECK:         %[[V1:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "packed", window = array<i64: 3, 2, 2, 2, 1, 1, 0, 1>} : (tensor<1x9x9x3xf32>) -> tensor<1x4x5x18xf32, "blocked">
// CHECK:         %[[V3:.*]] = "stos.input"(%[[X1]]) {channels_last, layout = "blocked"} : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
// CHECK-NEXT:    %[[L2:.*]] = "stos.layer"(%[[V1]], %{{.*}}, %[[V3]]) {{{.*}}post = ["bias", "addr"]{{.*}} -> tensor<1x4x5x16xf32, "blocked">
// CHECK-NEXT:    %[[V5:.*]] = "stos.output"(%[[L2]]) {channels_last} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
// CHECK-NEXT:    return %[[V5]]
func.func @channels_last(%x: tensor<1x9x9x3xf32>, %r: tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x3x2x3xf32>} : () -> tensor<16x3x2x3xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x9x9x3xf32>, tensor<16x3x2x3xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x5x16xf32>
  %y = tosa.add %c, %r : (tensor<1x4x5x16xf32>, tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32>
  return %y : tensor<1x4x5x16xf32>
}

// -----

// An input with two readers has one layout; the host packs it for the machine.
// CHECK-LABEL: func.func @two_readers
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = tosa.transpose %[[X0]] {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V3:.*]] = "stos.pack"(%[[V2]]) : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[V3]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V5:.*]] = tosa.sigmoid %[[X0]] : (tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L4]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V6]], %[[V5]]
func.func @two_readers(%x: tensor<1x16x8x8xf32>) -> (tensor<1x8x8x16xf32>, tensor<1x16x8x8xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.sigmoid %x : (tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
  return %c, %y : tensor<1x8x8x16xf32>, tensor<1x16x8x8xf32>
}

// -----

// Two images come in as one does. Other orders of dimensions are the host's.
// CHECK-LABEL: func.func @batch
// CHECK-SAME:    (%[[X0:.*]]: tensor<2x16x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V3:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : (tensor<2x16x8x8xf32>) -> tensor<2x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[V3]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<2x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V5:.*]] = "stos.unpack"(%[[L4]]) : {{.*}} -> tensor<2x8x8x16xf32>
// CHECK-NEXT:    %[[V6:.*]] = tosa.transpose %[[V5]] {perms = array<i32: 1, 0, 2, 3>} : (tensor<2x8x8x16xf32>) -> tensor<8x2x8x16xf32>
// CHECK-NEXT:    return %[[V6]]
func.func @batch(%x: tensor<2x16x8x8xf32>) -> tensor<8x2x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<2x16x8x8xf32>) -> tensor<2x8x8x16xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<2x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x8x8x16xf32>
  %y = tosa.transpose %c {perms = array<i32: 1, 0, 2, 3>} : (tensor<2x8x8x16xf32>) -> tensor<8x2x8x16xf32>
  return %y : tensor<8x2x8x16xf32>
}

// -----

// Three images with one channel, packed, and out again.
// CHECK-LABEL: func.func @packed_batch
// CHECK:         %[[X:.*]] = "stos.input"(%arg0) {layout = "packed", window = array<i64: 3, 3, 1, 1, 1, 1, 1, 1>} : (tensor<3x1x8x8xf32>) -> tensor<3x8x8x9xf32, "blocked">
// CHECK:         %[[L:.*]] = "stos.layer"(%[[X]], {{.*}} -> tensor<3x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[Y:.*]] = "stos.output"(%[[L]]) : {{.*}} -> tensor<3x16x8x8xf32>
// CHECK-NEXT:    return %[[Y]]
func.func @packed_batch(%x: tensor<3x1x8x8xf32>) -> tensor<3x16x8x8xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x3x3x1xf32>} : () -> tensor<16x3x3x1xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<3x1x8x8xf32>) -> tensor<3x8x8x1xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<3x8x8x1xf32>, tensor<16x3x3x1xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3x8x8x16xf32>
  %y = tosa.transpose %c {perms = array<i32: 0, 3, 1, 2>} : (tensor<3x8x8x16xf32>) -> tensor<3x16x8x8xf32>
  return %y : tensor<3x16x8x8xf32>
}

// -----

// The host between two layers: unpack, its op, pack. What nobody but the host reads is not lost.
// CHECK-LABEL: func.func @host
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.unpack"(%[[L3]]) : {{.*}} -> tensor<1x1x1x16xf32>
// CHECK-NEXT:    %[[V5:.*]] = tosa.sigmoid %[[V4]] : (tensor<1x1x1x16xf32>) -> tensor<1x1x1x16xf32>
// CHECK-NEXT:    %[[V6:.*]] = "stos.pack"(%[[V5]]) : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[L7:.*]] = "stos.layer"(%[[V6]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[V8:.*]] = "stos.unpack"(%[[L7]]) : {{.*}} -> tensor<1x16xf32>
// CHECK-NEXT:    %[[V9:.*]] = tosa.sigmoid %[[V8]] : (tensor<1x16xf32>) -> tensor<1x16xf32>
// CHECK-NEXT:    return %[[V9]]
func.func @host(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %n = tosa.const_shape {values = dense<[1, 1, 1, 16]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %k = tosa.const_shape {values = dense<[1, 16]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %i = tosa.reshape %x, %n : (tensor<1x16xf32>, !tosa.shape<4>) -> tensor<1x1x1x16xf32>
  %c = tosa.conv2d %i, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x16xf32>
  %h = tosa.sigmoid %c : (tensor<1x1x1x16xf32>) -> tensor<1x1x1x16xf32>
  %d = tosa.conv2d %h, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x16xf32>
  %f = tosa.reshape %d, %k : (tensor<1x1x1x16xf32>, !tosa.shape<2>) -> tensor<1x16xf32>
  %y = tosa.sigmoid %f : (tensor<1x16xf32>) -> tensor<1x16xf32>
  return %y : tensor<1x16xf32>
}

// -----

// An input that layers and the host read: still one entry of the I/O table, which the host unpacks.
// CHECK-LABEL: func.func @shared
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.unpack"(%[[V2]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V5:.*]] = tosa.sigmoid %[[V4]] : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L3]]) : {{.*}} -> tensor<1x16x8x8xf32>
// CHECK-NEXT:    return %[[V6]], %[[V5]]
func.func @shared(%x: tensor<1x16x8x8xf32>) -> (tensor<1x16x8x8xf32>, tensor<1x8x8x16xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.sigmoid %t : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %q = tosa.transpose %c {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32>
  return %q, %y : tensor<1x16x8x8xf32>, tensor<1x8x8x16xf32>
}

// -----

// The host reads it before the first layer does.
// CHECK-LABEL: func.func @shared_early
// CHECK-SAME:    (%[[X:.*]]: tensor<1x16x8x8xf32>)
// CHECK:         %[[I:.*]] = "stos.input"(%[[X]]) {layout = "blocked"}
// CHECK-NEXT:    %[[U:.*]] = "stos.unpack"(%[[I]])
// CHECK-NEXT:    tosa.reduce_max %[[U]]
// CHECK-NEXT:    "stos.layer"(%[[I]]) {kind = "vector", {{.*}}reduce = "max"
func.func @shared_early(%x: tensor<1x16x8x8xf32>) -> (tensor<1x8x8x1xf32>, tensor<1x4x4x16xf32>) {
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %s = tosa.reduce_max %t {axis = 3 : i32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x1xf32>
  %m = tosa.max_pool2d %t {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x8x8x16xf32>) -> tensor<1x4x4x16xf32>
  return %s, %m : tensor<1x8x8x1xf32>, tensor<1x4x4x16xf32>
}
