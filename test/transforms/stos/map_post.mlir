// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --stos-map %s | FileCheck %s
// Elementwise ops behind a conv become its post program, one at a time, in their order.

// Bias, then ReLU6. A bias of zeros is a bias; pads stand at the top and at the left of the window.
// CHECK-LABEL: func.func @bias_clamp
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<24x3x3x16xf32>}> : () -> tensor<24x3x3x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<24xf32>}> : () -> tensor<24xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 3, 3, 1, 1, 1, 1, 1, 2>} : {{.*}} -> tensor<1x7x9x24xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.output"(%[[L3]]) {channels_last} : {{.*}} -> tensor<1x7x9x24xf32>
// CHECK-NEXT:    return %[[V4]]
func.func @bias_clamp(%x: tensor<1x8x8x16xf32>) -> tensor<1x7x9x24xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x3x3x16xf32>} : () -> tensor<24x3x3x16xf32>
  %b = "tosa.const"() {values = dense<0.0> : tensor<24xf32>} : () -> tensor<24xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 0, 2, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<24x3x3x16xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x9x24xf32>
  %y = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x7x9x24xf32>) -> tensor<1x7x9x24xf32>
  return %y : tensor<1x7x9x24xf32>
}

// -----

// One bias for all channels is a number; one value a channel multiplies as `scale`.
// CHECK-LABEL: func.func @one_bias_scale
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<24x1x1x16xf32>}> : () -> tensor<24x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1x1x24xf32>}> : () -> tensor<1x1x1x24xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 0, 1, 0, 0, 0, 0>, post = ["addi 0.125", "scale"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x24xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.output"(%[[L3]]) {channels_last} : {{.*}} -> tensor<1x8x8x24xf32>
// CHECK-NEXT:    return %[[V4]]
func.func @one_bias_scale(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x24xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<1xf32>} : () -> tensor<1xf32>
  %k = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x24xf32>} : () -> tensor<1x1x1x24xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<24x1x1x16xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x24xf32>
  %y = tosa.mul %c, %k, %s : (tensor<1x8x8x24xf32>, tensor<1x1x1x24xf32>, tensor<1xi8>) -> tensor<1x8x8x24xf32>
  return %y : tensor<1x8x8x24xf32>
}

// -----

// There is one column of biases: a second number a channel is a layer of its own.
// CHECK-LABEL: func.func @second_bias
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<24x1x1x16xf32>}> : () -> tensor<24x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<24xf32>}> : () -> tensor<24xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1x1x24xf32>}> : () -> tensor<1x1x1x24xf32>
// CHECK-NEXT:    %[[V3:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[V3]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x24xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[L4]], %[[C2]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x24xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L5]]) {channels_last} : {{.*}} -> tensor<1x8x8x24xf32>
// CHECK-NEXT:    return %[[V6]]
func.func @second_bias(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x24xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<24xf32>} : () -> tensor<24xf32>
  %k = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x24xf32>} : () -> tensor<1x1x1x24xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<24x1x1x16xf32>, tensor<24xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x24xf32>
  %y = tosa.add %c, %k : (tensor<1x8x8x24xf32>, tensor<1x1x1x24xf32>) -> tensor<1x8x8x24xf32>
  return %y : tensor<1x8x8x24xf32>
}

// -----

// The residual is read by the later of the two layers, after its bias. Minus has two directions.
// CHECK-LABEL: func.func @residual
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[L3]], %[[C0]], %[[C1]], %[[L3]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>, post = ["bias", "rsub", "maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[L4]], %[[C0]], %[[C1]], %[[L3]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>, post = ["bias", "subr"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L4]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V7:.*]] = "stos.output"(%[[L5]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V6]], %[[V7]]
func.func @residual(%x: tensor<1x8x8x16xf32>) -> (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.conv2d %c, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %p = tosa.sub %c, %d : (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.clamp %p {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %e = tosa.conv2d %y, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %q = tosa.sub %e, %c : (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  return %y, %q : tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>
}

// -----

// A tensor of one pixel is read again for every pixel; the machine has no other broadcast.
// CHECK-LABEL: func.func @broadcast
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>, %[[X1:.*]]: tensor<1x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X1]]) {layout = "blocked"} : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x1x1x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[V4]], %[[C0]], %[[C1]], %[[L3]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>, post = ["bias", "mulr"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L5]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V6]]
func.func @broadcast(%x: tensor<1x8x8x16xf32>, %g: tensor<1x16xf32>) -> tensor<1x8x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %n = tosa.const_shape {values = dense<[1, 1, 1, 16]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %i = tosa.reshape %g, %n : (tensor<1x16xf32>, !tosa.shape<4>) -> tensor<1x1x1x16xf32>
  %d = tosa.conv2d %i, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x16xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.mul %d, %c, %s : (tensor<1x1x1x16xf32>, tensor<1x8x8x16xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  return %y : tensor<1x8x8x16xf32>
}

// -----

// Numbers: c - v is neg, addi; v - c is addi -c. abs and negate have operations of their own.
// CHECK-LABEL: func.func @numbers
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "neg", "addi 2.0", "addi -2.0", "muli 2.0", "abs", "neg"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.output"(%[[L3]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V4]]
func.func @numbers(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %two = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.sub %two, %c : (tensor<1x1x1x1xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %e = tosa.sub %d, %two : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xf32>
  %f = tosa.mul %two, %e, %s : (tensor<1x1x1x1xf32>, tensor<1x8x8x16xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  %g = tosa.abs %f : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.negate %g, %z, %z : (tensor<1x8x8x16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  return %y : tensor<1x8x8x16xf32>
}

// -----

// maximum and minimum of equal operands, +0 and -0, give the first: only v first is MAXI or MINI. The other order stays with the host.
// CHECK-LABEL: func.func @maximum
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V3:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[V3]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V5:.*]] = "stos.unpack"(%[[L4]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V6:.*]] = tosa.maximum %[[C2]], %[[V5]] : (tensor<1x1x1x1xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V6]]
func.func @maximum(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %zero = "tosa.const"() {values = dense<0.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %six = "tosa.const"() {values = dense<6.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.maximum %c, %zero : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xf32>
  %e = tosa.minimum %d, %six : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.maximum %zero, %e : (tensor<1x1x1x1xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  return %y : tensor<1x8x8x16xf32>
}

// -----

// Hard-swish: v * clamp(v + 3, 0, 6) / 6. The value has two users; the group ends at the product, whose order is free.
// CHECK-LABEL: func.func @hard_swish
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "save", "addi 3.0", "maxi 0.0", "mini 6.0", "muli 0.25", "mulx"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V4:.*]] = "stos.output"(%[[L3]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V4]]
func.func @hard_swish(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %three = "tosa.const"() {values = dense<3.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %sixth = "tosa.const"() {values = dense<0.25> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.add %three, %c : (tensor<1x1x1x1xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %e = tosa.clamp %d {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %f = tosa.mul %e, %sixth, %s : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  %y = tosa.mul %f, %c, %s : (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  return %y : tensor<1x8x8x16xf32>
}

// -----

// A gate whose middle has another user isn't absorbed: all of it would be computed twice.
// CHECK-LABEL: func.func @open_gate
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[L3]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["addi 3.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[L4]], %[[L3]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 1, 0, 0>, post = ["mulr"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L5]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V7:.*]] = "stos.output"(%[[L4]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V6]], %[[V7]]
func.func @open_gate(%x: tensor<1x8x8x16xf32>) -> (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %three = "tosa.const"() {values = dense<3.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.add %c, %three : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.mul %d, %c, %s : (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  return %y, %d : tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>
}

// -----

// select(v >= 0, v, v * a): leaky ReLU with one a, PReLU with one a channel.
// CHECK-LABEL: func.func @leaky
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<7.500000e-01> : tensor<1x1x1x16xf32>}> : () -> tensor<1x1x1x16xf32>
// CHECK-NEXT:    %[[V3:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[V3]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "lrelu 0.25"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[L4]], %[[C0]], %[[C1]], %[[C2]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 1, 0, 0, 0>, post = ["bias", "prelu"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L5]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V6]]
func.func @leaky(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %zero = "tosa.const"() {values = dense<0.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %a = "tosa.const"() {values = dense<0.25> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %p = "tosa.const"() {values = dense<0.75> : tensor<1x1x1x16xf32>} : () -> tensor<1x1x1x16xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.mul %c, %a, %s : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  %e = tosa.greater_equal %c, %zero : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xi1>
  %f = tosa.select %e, %c, %d : (tensor<1x8x8x16xi1>, tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %g = tosa.conv2d %f, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %h = tosa.mul %p, %g, %s : (tensor<1x1x1x16xf32>, tensor<1x8x8x16xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  %i = tosa.greater_equal %g, %zero : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xi1>
  %y = tosa.select %i, %g, %h : (tensor<1x8x8x16xi1>, tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  return %y : tensor<1x8x8x16xf32>
}

// -----

// select(v >= 1, ...) and select(v >= 0, v * a, v) are none: the host does them.
// CHECK-LABEL: func.func @not_leaky
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[C2:.*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[C3:.*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[V4:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[V4]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L6:.*]] = "stos.layer"(%[[L5]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["muli 0.25"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V7:.*]] = "stos.unpack"(%[[L5]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V8:.*]] = tosa.greater_equal %[[V7]], %[[C2]] : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xi1>
// CHECK-NEXT:    %[[V9:.*]] = "stos.unpack"(%[[L5]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V10:.*]] = "stos.unpack"(%[[L6]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V11:.*]] = tosa.select %[[V8]], %[[V9]], %[[V10]] : (tensor<1x8x8x16xi1>, tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V12:.*]] = "stos.pack"(%[[V11]]) : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L13:.*]] = "stos.layer"(%[[V12]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L14:.*]] = "stos.layer"(%[[L13]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["muli 0.25"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V15:.*]] = "stos.unpack"(%[[L13]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V16:.*]] = tosa.greater_equal %[[V15]], %[[C3]] : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xi1>
// CHECK-NEXT:    %[[V17:.*]] = "stos.unpack"(%[[L14]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V18:.*]] = "stos.unpack"(%[[L13]]) : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V19:.*]] = tosa.select %[[V16]], %[[V17]], %[[V18]] : (tensor<1x8x8x16xi1>, tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V19]]
func.func @not_leaky(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %one = "tosa.const"() {values = dense<1.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %zero = "tosa.const"() {values = dense<0.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %a = "tosa.const"() {values = dense<0.25> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %d = tosa.mul %c, %a, %s : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  %e = tosa.greater_equal %c, %one : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xi1>
  %f = tosa.select %e, %c, %d : (tensor<1x8x8x16xi1>, tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %g = tosa.conv2d %f, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %h = tosa.mul %g, %a, %s : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x8x8x16xf32>
  %i = tosa.greater_equal %g, %zero : (tensor<1x8x8x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x8x8x16xi1>
  %y = tosa.select %i, %h, %g : (tensor<1x8x8x16xi1>, tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  return %y : tensor<1x8x8x16xf32>
}

// -----

// A value with two users is a tensor: the conv ends there, and each user is a layer of the vector unit.
// CHECK-LABEL: func.func @two_users
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[L3]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["maxi 0.0", "mini 6.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L5:.*]] = "stos.layer"(%[[L3]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["maxi 0.0", "mini 1.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V6:.*]] = "stos.output"(%[[L4]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    %[[V7:.*]] = "stos.output"(%[[L5]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V6]], %[[V7]]
func.func @two_users(%x: tensor<1x8x8x16xf32>) -> (tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %y = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %q = tosa.clamp %c {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  return %y, %q : tensor<1x8x8x16xf32>, tensor<1x8x8x16xf32>
}

// -----

// Eight operations fit in a post program (M-POST-1); the ninth begins a layer.
// CHECK-LABEL: func.func @full
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x8x8x16xf32>)
// CHECK-NEXT:    %[[C0:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<16x1x1x16xf32>}> : () -> tensor<16x1x1x16xf32>
// CHECK-NEXT:    %[[C1:.*]] = "tosa.const"() <{values = dense<1.250000e-01> : tensor<16xf32>}> : () -> tensor<16xf32>
// CHECK-NEXT:    %[[V2:.*]] = "stos.input"(%[[X0]]) {channels_last, layout = "blocked"} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L3:.*]] = "stos.layer"(%[[V2]], %[[C0]], %[[C1]]) {kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias", "maxi 0.0", "mini 6.0", "maxi 0.0", "mini 5.0", "maxi 0.0", "mini 4.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[L4:.*]] = "stos.layer"(%[[L3]]) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>, post = ["maxi 0.0", "mini 3.0"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : {{.*}} -> tensor<1x8x8x16xf32, "blocked">
// CHECK-NEXT:    %[[V5:.*]] = "stos.output"(%[[L4]]) {channels_last} : {{.*}} -> tensor<1x8x8x16xf32>
// CHECK-NEXT:    return %[[V5]]
func.func @full(%x: tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x8x8x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  %c1 = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %c2 = tosa.clamp %c1 {min_val = 0.0 : f32, max_val = 5.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %c3 = tosa.clamp %c2 {min_val = 0.0 : f32, max_val = 4.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  %c4 = tosa.clamp %c3 {min_val = 0.0 : f32, max_val = 3.0 : f32} : (tensor<1x8x8x16xf32>) -> tensor<1x8x8x16xf32>
  return %c4 : tensor<1x8x8x16xf32>
}
