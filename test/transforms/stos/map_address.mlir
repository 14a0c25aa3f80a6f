// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --stos-map %s | FileCheck %s
// Concatenations and slices of whole channel blocks (8 channels) are addresses; a clamp behind a concatenation is its parts'.

// CHECK-LABEL: func.func @concat
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<4x1x1x16xf32>}> : () -> tensor<4x1x1x16xf32>
// CHECK-NEXT:    %[[C3:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<4xf32>}> : () -> tensor<4xf32>
// CHECK-NEXT:    %[[V4:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[V4]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L6:.*]] = "stos.layer"(%[[L5]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L7:.*]] = "stos.layer"(%[[L5]], %[[C2]], %[[C3]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x4xf32, "blocked">
// CHECK-NEXT:    %[[L8:.*]] = "stos.layer"(%[[L5]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V9:.*]] = "stos.concat"(%[[L8]], %[[L6]]) : {{.*}} -> tensor<1x8x8x32xf32, "blocked">
// CHECK-NEXT:    %[[V10:.*]] = "stos.concat"(%[[V9]], %[[L7]]) : {{.*}} -> tensor<1x8x8x36xf32, "blocked">
// CHECK-NEXT:    %[[V11:.*]] = "stos.output"(%[[V10]]) : {{.*}} -> tensor<1x36x8x8xf32>
// CHECK-NEXT:    return %[[V11]]
func.func @concat(%x: tensor<1x16x8x8xf32>) -> tensor<1x36x8x8xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %w4 = "tosa.const"() {values = dense<0.5> : tensor<4x1x1x16xf32>} : () -> tensor<4x1x1x16xf32>
  %b4 = "tosa.const"() {values = dense<0.125> : tensor<4xf32>} : () -> tensor<4xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.conv2d %c, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %e = tosa.conv2d %c, %w4, %b4, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<4x1x1x16xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x4xf32>
  %k = tosa.concat %c, %d, %e {axis = 3 : i32} : (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>, tensor<1x8x8x4xf32>) -> tensor<1x8x8x36xf32>
  %r = tosa.clamp %k {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x8x8x36xf32>) -> tensor<1x8x8x36xf32>
  %y = tosa.transpose %r {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x8x8x36xf32>) -> tensor<1x36x8x8xf32>
  return %y : tensor<1x36x8x8xf32>
}

// -----

// Four channels are half a word: what follows them can't begin in it.
// CHECK-LABEL: func.func @odd_concat
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<4x1x1x16xf32>}> : () -> tensor<4x1x1x16xf32>
// CHECK-NEXT:    %[[C3:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<4xf32>}> : () -> tensor<4xf32>
// CHECK-NEXT:    %[[V4:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[V4]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L6:.*]] = "stos.layer"(%[[L5]], %[[C2]], %[[C3]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x4xf32, "blocked">
// CHECK-NEXT:    %[[V7:.*]] = "stos.unpack"(%[[L6]]) : {{.*}} -> tensor<1x8x8x4xf32>
// CHECK-NEXT:    %[[V8:.*]] = "stos.unpack"(%[[L5]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V9:.*]] = tosa.concat %[[V7]], %[[V8]] {axis = 3 : i32} : (tensor<1x8x8x4xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x20xf32>
// CHECK-NEXT:    return %[[V9]]
func.func @odd_concat(%x: tensor<1x16x8x8xf32>) -> tensor<1x8x8x20xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %w4 = "tosa.const"() {values = dense<0.5> : tensor<4x1x1x16xf32>} : () -> tensor<4x1x1x16xf32>
  %b4 = "tosa.const"() {values = dense<0.125> : tensor<4xf32>} : () -> tensor<4xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x8x8xf32>) -> tensor<1x8x8x16xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %e = tosa.conv2d %c, %w4, %b4, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<4x1x1x16xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x4xf32>
  %k = tosa.concat %e, %c {axis = 3 : i32} : (tensor<1x8x8x4xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x20xf32>
  return %k : tensor<1x8x8x20xf32>
}

// -----

// CHECK-LABEL: func.func @slice
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x36x8x8xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<36x1x1x36xf32>}> : () -> tensor<36x1x1x36xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<36xf32>}> : () -> tensor<36xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x8xf32>}> : () -> tensor<16x1x1x8xf32>
// CHECK-NEXT:    %[[C3:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V4:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : {{.*}} -> tensor<1x8x8x36xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[V4]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x36xf32, "blocked">
// CHECK-NEXT:    %[[C6:.*]] = tosa.const_shape  {values = dense<[1, 8, 8, 8]> : tensor<4xindex>} : () -> !tosa.shape<4>
// CHECK-NEXT:    %[[C7:.*]] = tosa.const_shape  {values = dense<[0, 0, 0, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
// CHECK-NEXT:    %[[V8:.*]] = "stos.slice"(%[[L5]]) {first_block = 1 : i64} : {{.*}} -> tensor<1x8x8x8xf32, "blocked">
// CHECK-NEXT:    %[[V9:.*]] = "stos.slice"(%[[L5]]) {first_block = 2 : i64} : {{.*}} -> tensor<1x8x8x20xf32, "blocked">
// CHECK-NEXT:    %[[V10:.*]] = "stos.unpack"(%[[L5]]) : {{.*}} -> tensor<1x8x8x36xf32>
// CHECK-NEXT:    %[[V11:.*]] = tosa.slice %[[V10]], %[[C7]], %[[C6]] : (tensor<1x8x8x36xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x8x8x8xf32>
// CHECK-NEXT:    %[[L12:.*]] = "stos.layer"(%[[V8]], %[[C2]], %[[C3]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V13:.*]] = "stos.output"(%[[L12]]) : {{.*}} -> tensor<1x16x8x8xf32>
// CHECK-NEXT:    %[[V14:.*]] = "stos.output"(%[[V9]]) {channels_last} : {{.*}} -> tensor<1x8x8x20xf32>
// CHECK-NEXT:    return %[[V13]], %[[V14]], %[[V11]]
func.func @slice(%x: tensor<1x36x8x8xf32>) -> (tensor<1x16x8x8xf32>, tensor<1x8x8x20xf32>, tensor<1x8x8x8xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<36x1x1x36xf32>} : () -> tensor<36x1x1x36xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<36xf32>} : () -> tensor<36xf32>
  %v = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x8xf32>} : () -> tensor<16x1x1x8xf32>
  %vb = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x36x8x8xf32>) -> tensor<1x8x8x36xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x36xf32>, tensor<36x1x1x36xf32>, tensor<36xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x36xf32>
  %o8 = tosa.const_shape {values = dense<[0, 0, 0, 8]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n8 = tosa.const_shape {values = dense<[1, 8, 8, 8]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %o16 = tosa.const_shape {values = dense<[0, 0, 0, 16]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n20 = tosa.const_shape {values = dense<[1, 8, 8, 20]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %o4 = tosa.const_shape {values = dense<[0, 0, 0, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %p = tosa.slice %c, %o8, %n8 : (tensor<1x8x8x36xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x8x8x8xf32>
  %q = tosa.slice %c, %o16, %n20 : (tensor<1x8x8x36xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x8x8x20xf32>
  %s4 = tosa.slice %c, %o4, %n8 : (tensor<1x8x8x36xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x8x8x8xf32>
  %d = tosa.conv2d %p, %v, %vb, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x8xf32>, tensor<16x1x1x8xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.transpose %d {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x8x8x16xf32>) -> tensor<1x16x8x8xf32>
  return %y, %q, %s4 : tensor<1x16x8x8xf32>, tensor<1x8x8x20xf32>, tensor<1x8x8x8xf32>
}

// -----

// N,W,C is an image of one line: its reshapes are nothing, pads, parts and what follows are the machine's.
// CHECK-LABEL: func.func @line
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x12x16xf32>)
// CHECK:         %[[V1:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : (tensor<1x12x16xf32>) -> tensor<1x1x12x16xf32, "blocked">
// CHECK-NEXT:    %[[L2:.*]] = "stos.layer"(%[[V1]], {{.*}}post = ["bias", "addi 1.0"]{{.*}} -> tensor<1x1x12x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[L2]]) {{{.*}}window = array<i64: 1, 1, 1, 1, 1, 1, 0, 2>} : {{.*}} -> tensor<1x1x14x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.slice"(%[[L3]]) {first_block = 1 : i64} : {{.*}} -> tensor<1x1x14x8xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[V4]]) {{{.*}}window = array<i64: 1, 1, 1, 1, 1, 1, 0, -3>} : {{.*}} -> tensor<1x1x10x8xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L5]]) {channels_last} : {{.*}} -> tensor<1x10x8xf32>
// CHECK-NEXT:    return %[[V6]]
func.func @line(%x: tensor<1x12x16xf32>) -> tensor<1x10x8xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %one = "tosa.const"() {values = dense<1.0> : tensor<1x1x1xf32>} : () -> tensor<1x1x1xf32>
  %image = tosa.const_shape {values = dense<[1, 1, 12, 16]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %line = tosa.const_shape {values = dense<[1, 12, 16]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %pads = tosa.const_shape {values = dense<[0, 0, 2, 0, 0, 0]> : tensor<6xindex>} : () -> !tosa.shape<6>
  %start = tosa.const_shape {values = dense<[0, 3, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %size = tosa.const_shape {values = dense<[1, 10, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %i = tosa.reshape %x, %image : (tensor<1x12x16xf32>, !tosa.shape<4>) -> tensor<1x1x12x16xf32>
  %c = tosa.conv2d %i, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x12x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x12x16xf32>
  %l = tosa.reshape %c, %line : (tensor<1x1x12x16xf32>, !tosa.shape<3>) -> tensor<1x12x16xf32>
  %a = tosa.add %l, %one : (tensor<1x12x16xf32>, tensor<1x1x1xf32>) -> tensor<1x12x16xf32>
  %p = tosa.pad %a, %pads, %z : (tensor<1x12x16xf32>, !tosa.shape<6>, tensor<1xf32>) -> tensor<1x14x16xf32>
  %y = tosa.slice %p, %start, %size : (tensor<1x14x16xf32>, !tosa.shape<3>, !tosa.shape<3>) -> tensor<1x10x8xf32>
  return %y : tensor<1x10x8xf32>
}
