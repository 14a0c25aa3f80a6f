// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --stos-map %s | FileCheck %s
// Quantised layers: zero points and saturations are held back until the post program needs them.

// A convolution as quantised networks have it. Relu in the quantised domain is max(v, 0) before the zero point; constants that
// stand behind the first op come before the layer that reads them.
// CHECK-LABEL: func.func @conv
// CHECK:         %[[X:.*]] = "stos.input"(%{{.*}}) {channels_last, layout = "blocked"} : (tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8, "blocked">
// CHECK:         %[[Y:.*]] = "stos.layer"(%[[X]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) {double_round, in_zp = 3 : i64, kind = "conv", mapping = "gemm", operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 1, 0>, post = ["bias", "scale", "maxi 0", "addi -5"], reduce = "none", w_zp = 7 : i64, window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>} : (tensor<1x4x4x16xi8, "blocked">, tensor<2x1x1x16xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi8>) -> tensor<1x4x4x2xi8, "blocked">
// CHECK-NEXT:    %[[P:.*]] = "stos.output"(%[[Y]])
// CHECK-NEXT:    return %[[P]]
func.func @conv(%x: tensor<1x4x4x16xi8>) -> tensor<1x4x4x2xi8> {
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zw = "tosa.const"() {values = dense<7> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<2> : tensor<2x1x1x16xi8>} : () -> tensor<2x1x1x16xi8>
  %b = "tosa.const"() {values = dense<9> : tensor<2xi32>} : () -> tensor<2xi32>
  %c = tosa.conv2d %x, %w, %b, %zx, %zw {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x16xi8>, tensor<2x1x1x16xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x2xi32>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %zo = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<[1342177280, 1073741825]> : tensor<2xi32>} : () -> tensor<2xi32>
  %s = "tosa.const"() {values = dense<[36, 37]> : tensor<2xi8>} : () -> tensor<2xi8>
  %y = tosa.rescale %c, %m, %s, %z, %zo {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = true, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x2xi8>
  %r = tosa.clamp %y {min_val = -5 : i8, max_val = 127 : i8} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  return %r : tensor<1x4x4x2xi8>
}

// -----

// The residual sum: all eight operations. The zero point between the two rescales is neither added nor taken off, the last
// clamp is the write's; shifts up to 31 round once in either mode, so nothing asks for double_round. A bias of zeros adds nothing.
// CHECK-LABEL: func.func @residual
// CHECK:         "stos.layer"(%{{.*}}) {in_zp = 3 : i64, kind = "conv", {{.*}}post = ["bias", "muli 1342177280 31", "maxi -123", "mini 132", "muli 1610612736 12", "addr 1073741825 13", "muli 1207959552 31", "addi 4"], reduce = "none", res_zp = 3 : i64,
// CHECK-NEXT:    "stos.output"
func.func @residual(%x: tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8> {
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zw = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %za = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<4> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<2> : tensor<16x1x1x16xi8>} : () -> tensor<16x1x1x16xi8>
  %b = "tosa.const"() {values = dense<9> : tensor<16xi32>} : () -> tensor<16xi32>
  %m0 = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %m1 = "tosa.const"() {values = dense<1610612736> : tensor<1xi32>} : () -> tensor<1xi32>
  %m2 = "tosa.const"() {values = dense<1073741825> : tensor<1xi32>} : () -> tensor<1xi32>
  %m3 = "tosa.const"() {values = dense<1207959552> : tensor<1xi32>} : () -> tensor<1xi32>
  %s31 = "tosa.const"() {values = dense<31> : tensor<1xi8>} : () -> tensor<1xi8>
  %s12 = "tosa.const"() {values = dense<12> : tensor<1xi8>} : () -> tensor<1xi8>
  %s13 = "tosa.const"() {values = dense<13> : tensor<1xi8>} : () -> tensor<1xi8>
  %c = tosa.conv2d %x, %w, %b, %zx, %zw {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x16xi8>, tensor<16x1x1x16xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x16xi32>
  %a = tosa.rescale %c, %m0, %s31, %z, %za {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x16xi8>
  %a32 = tosa.rescale %a, %m1, %s12, %za, %z {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x16xi32>
  %x32 = tosa.rescale %x, %m2, %s13, %zx, %z {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x16xi32>
  %t = tosa.add %x32, %a32 : (tensor<1x4x4x16xi32>, tensor<1x4x4x16xi32>) -> tensor<1x4x4x16xi32>
  %y = tosa.rescale %t, %m3, %s31, %z, %zo {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x16xi8>
  return %y : tensor<1x4x4x16xi8>
}

// -----

// Nine operations don't fit: the layer ends at the last tensor of i8 that it can write; the rest is one of its own.
// CHECK-LABEL: func.func @nine
// CHECK:         %[[S:.*]] = "stos.layer"(%{{.*}}) {in_zp = 3 : i64, kind = "conv", {{.*}}post = ["bias", "muli 1342177280 31", "maxi -123", "mini 132", "muli 1610612736 12", "addr 1073741825 13", "muli 1207959552 31", "addi 4"], reduce = "none", res_zp = 3 : i64,
// CHECK-NEXT:    "stos.layer"(%[[S]]) {kind = "vector", {{.*}}post = ["maxi 14"], reduce = "none"
// CHECK-NEXT:    "stos.output"
func.func @nine(%x: tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8> {
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zw = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %za = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<4> : tensor<1xi8>} : () -> tensor<1xi8>
  %w = "tosa.const"() {values = dense<2> : tensor<16x1x1x16xi8>} : () -> tensor<16x1x1x16xi8>
  %b = "tosa.const"() {values = dense<9> : tensor<16xi32>} : () -> tensor<16xi32>
  %m0 = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %m1 = "tosa.const"() {values = dense<1610612736> : tensor<1xi32>} : () -> tensor<1xi32>
  %m2 = "tosa.const"() {values = dense<1073741825> : tensor<1xi32>} : () -> tensor<1xi32>
  %m3 = "tosa.const"() {values = dense<1207959552> : tensor<1xi32>} : () -> tensor<1xi32>
  %s31 = "tosa.const"() {values = dense<31> : tensor<1xi8>} : () -> tensor<1xi8>
  %s12 = "tosa.const"() {values = dense<12> : tensor<1xi8>} : () -> tensor<1xi8>
  %s13 = "tosa.const"() {values = dense<13> : tensor<1xi8>} : () -> tensor<1xi8>
  %c = tosa.conv2d %x, %w, %b, %zx, %zw {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x16xi8>, tensor<16x1x1x16xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x16xi32>
  %a = tosa.rescale %c, %m0, %s31, %z, %za {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x16xi8>
  %a32 = tosa.rescale %a, %m1, %s12, %za, %z {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x16xi32>
  %x32 = tosa.rescale %x, %m2, %s13, %zx, %z {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x16xi32>
  %t = tosa.add %x32, %a32 : (tensor<1x4x4x16xi32>, tensor<1x4x4x16xi32>) -> tensor<1x4x4x16xi32>
  %y = tosa.rescale %t, %m3, %s31, %z, %zo {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x16xi8>
  %r = tosa.clamp %y {min_val = 14 : i8, max_val = 127 : i8} : (tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8>
  return %r : tensor<1x4x4x16xi8>
}

// -----

// A table behind a pool: LUT saturates by itself; a bound inside i8 stays. Then a clamp of the table's result.
// CHECK-LABEL: func.func @table
// CHECK:         "stos.layer"(%{{.*}}) {kind = "vector", mapping = "vector", operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 1>, post = ["mini 100", "lut 0", "maxi -7"], reduce = "max", window = array<i64: 2, 2, 2, 2, 1, 1, 0, 0>}
// CHECK-NEXT:    "stos.output"
func.func @table(%x: tensor<1x4x4x16xi8>) -> tensor<1x2x2x16xi8> {
  %t = "tosa.const"() {values = dense<1> : tensor<256xi8>} : () -> tensor<256xi8>
  %p = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x16xi8>) -> tensor<1x2x2x16xi8>
  %c = tosa.clamp %p {min_val = -128 : i8, max_val = 100 : i8} : (tensor<1x2x2x16xi8>) -> tensor<1x2x2x16xi8>
  %y = tosa.table %c, %t : (tensor<1x2x2x16xi8>, tensor<256xi8>) -> tensor<1x2x2x16xi8>
  %r = tosa.clamp %y {min_val = -7 : i8, max_val = 127 : i8} : (tensor<1x2x2x16xi8>) -> tensor<1x2x2x16xi8>
  return %r : tensor<1x2x2x16xi8>
}

// -----

// Squeeze and excite: the sum over the image takes the zero point off each pixel; the product reads one pixel of its second
// operand. The vector unit's first zero point costs no operation.
// CHECK-LABEL: func.func @gate
// CHECK:         %[[X:.*]] = "stos.input"
// CHECK-NEXT:    %[[G:.*]] = "stos.layer"(%[[X]]) {in_zp = -3 : i64, kind = "vector", {{.*}}post = ["muli 1342177280 31", "addi 4"], reduce = "sum", window = array<i64: 4, 5, 1, 1, 1, 1, 0, 0>} : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x1x1x16xi8, "blocked">
// CHECK-NEXT:    %[[Y:.*]] = "stos.layer"(%[[X]], %[[G]]) {in_zp = -3 : i64, kind = "vector", {{.*}}post = ["mulr", "muli 1342177280 31"], reduce = "none", res_zp = 4 : i64, window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>}
// CHECK-NEXT:    "stos.output"(%[[Y]]) {channels_last}
func.func @gate(%x: tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8> {
  %zx = "tosa.const"() {values = dense<-3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zg = "tosa.const"() {values = dense<4> : tensor<1xi8>} : () -> tensor<1xi8>
  %z8 = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %s31 = "tosa.const"() {values = dense<31> : tensor<1xi8>} : () -> tensor<1xi8>
  %x32 = tosa.rescale %x, %one, %s30, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x5x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x5x16xi32>
  %h = tosa.reduce_sum %x32 {axis = 1 : i32} : (tensor<1x4x5x16xi32>) -> tensor<1x1x5x16xi32>
  %v = tosa.reduce_sum %h {axis = 2 : i32} : (tensor<1x1x5x16xi32>) -> tensor<1x1x1x16xi32>
  %g = tosa.rescale %v, %m, %s31, %z, %zg {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x1x1x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x1x16xi8>
  %g32 = tosa.rescale %g, %one, %s30, %zg, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x1x1x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x1x1x16xi32>
  %p = tosa.mul %x32, %g32, %z8 : (tensor<1x4x5x16xi32>, tensor<1x1x1x16xi32>, tensor<1xi8>) -> tensor<1x4x5x16xi32>
  %y = tosa.rescale %p, %m, %s31, %z, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x5x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x5x16xi8>
  return %y : tensor<1x4x5x16xi8>
}

// -----

// A second scaling that rounds another way is a layer of its own.
// CHECK-LABEL: func.func @rounding
// CHECK:         "stos.layer"(%{{.*}}) {double_round, kind = "vector", {{.*}}post = ["muli 1342177280 36"]
// CHECK-NEXT:    "stos.layer"(%{{.*}}) {kind = "vector", {{.*}}post = ["muli 1342177280 36"]
// CHECK-NEXT:    "stos.output"
func.func @rounding(%x: tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8> {
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %p0 = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %s = "tosa.const"() {values = dense<36> : tensor<1xi8>} : () -> tensor<1xi8>
  %a = tosa.rescale %p0, %m, %s, %z, %z {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x16xi8>
  %y = tosa.rescale %a, %m, %s, %z, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x16xi8>
  return %y : tensor<1x4x4x16xi8>
}

// -----

// One program has one element type: beside an op of i8, f32 is the host's.
// CHECK-LABEL: func.func @island
// CHECK-NOT:     blocked
// CHECK:         tosa.conv2d
// CHECK-SAME:    tensor<1x4x4x16xf32>
// CHECK:         "stos.layer"(%{{.*}}) {kind = "vector", {{.*}}tensor<1x4x4x16xi8, "blocked">
func.func @island(%x: tensor<1x4x4x16xi8>, %f: tensor<1x4x4x16xf32>) -> (tensor<1x4x4x16xf32>, tensor<1x4x4x16xi8>) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<16xf32>} : () -> tensor<16xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %c = tosa.conv2d %f, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x16xf32>
  %p = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8>
  return %c, %p : tensor<1x4x4x16xf32>, tensor<1x4x4x16xi8>
}

// -----

// Quantised at the border: the I/O table has scale and zero point, here of a packed input too. No host call is left. The sums of
// a fully connected layer are reshaped before they are requantised.
// CHECK-LABEL: func.func @border
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x2x5x5xf32>)
// CHECK-NOT:     tosa.custom
// CHECK:         %[[X:.*]] = "stos.input"(%[[X0]]) {layout = "packed", scale = 2.500000e-01 : f32, window = array<i64: 5, 5, 1, 1, 1, 1, 0, 0>, zero_point = -3 : i64} : (tensor<1x2x5x5xf32>) -> tensor<1x1x1x50xi8, "blocked">
// CHECK:         %[[Y:.*]] = "stos.layer"(%[[X]], {{.*}}post = ["bias", "muli 1342177280 36", "addi 4"]
// CHECK-NEXT:    %[[Y0:.*]] = "stos.output"(%[[Y]]) {scale = 5.000000e-01 : f32, zero_point = 4 : i64} : (tensor<1x1x1x16xi8, "blocked">) -> tensor<1x16xf32>
// CHECK-NEXT:    return %[[Y0]]
func.func @border(%x: tensor<1x2x5x5xf32>) -> tensor<1x16xf32> {
  %zx = "tosa.const"() {values = dense<-3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<4> : tensor<1xi8>} : () -> tensor<1xi8>
  %sx = "tosa.const"() {values = dense<0.25> : tensor<1xf32>} : () -> tensor<1xf32>
  %so = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
  %zw = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %w = "tosa.const"() {values = dense<2> : tensor<16x5x5x2xi8>} : () -> tensor<16x5x5x2xi8>
  %b = "tosa.const"() {values = dense<9> : tensor<16xi32>} : () -> tensor<16xi32>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %s = "tosa.const"() {values = dense<36> : tensor<1xi8>} : () -> tensor<1xi8>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x5x5xf32>) -> tensor<1x5x5x2xf32>
  %q = tosa.custom %t, %sx, %zx {domain_name = "fuse", operator_name = "quantize", implementation_attrs = "outer = 1, n = 1, inner = 50"} : (tensor<1x5x5x2xf32>, tensor<1xf32>, tensor<1xi8>) -> tensor<1x5x5x2xi8>
  %c = tosa.conv2d %q, %w, %b, %zx, %zw {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x5x5x2xi8>, tensor<16x5x5x2xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x16xi32>
  %n = tosa.const_shape {values = dense<[1, 16]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %r = tosa.reshape %c, %n : (tensor<1x1x1x16xi32>, !tosa.shape<2>) -> tensor<1x16xi32>
  %y = tosa.rescale %r, %m, %s, %z, %zo {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x16xi8>
  %d = tosa.custom %y, %so, %zo {domain_name = "fuse", operator_name = "dequantize", implementation_attrs = "outer = 1, n = 1, inner = 16"} : (tensor<1x16xi8>, tensor<1xf32>, tensor<1xi8>) -> tensor<1x16xf32>
  return %d : tensor<1x16xf32>
}

// -----

// u8 outside, i8 inside: the runtime moves the bytes by 128. An average divides as TOSA says, rounding once, so a rescale that
// rounds twice is a layer of its own.
// CHECK-LABEL: func.func @average
// CHECK-SAME:    (%[[X0:.*]]: tensor<1x16x4x4xui8>)
// CHECK-NEXT:    %[[X:.*]] = "stos.input"(%[[X0]]) {layout = "blocked"} : (tensor<1x16x4x4xui8>) -> tensor<1x4x4x16xi8, "blocked">
// CHECK-NEXT:    %[[A:.*]] = "stos.layer"(%[[X]]) {in_zp = 5 : i64, kind = "vector", {{.*}}post = ["muli 1073741825 32", "addi -6"], reduce = "sum", window = array<i64: 2, 2, 2, 2, 1, 1, 0, 0>}
// CHECK-NEXT:    %[[Y:.*]] = "stos.layer"(%[[A]]) {double_round, in_zp = -6 : i64, {{.*}}post = ["muli 1073741825 33"]
// CHECK-NEXT:    %[[Y0:.*]] = "stos.output"(%[[Y]]) : (tensor<1x2x2x16xi8, "blocked">) -> tensor<1x16x2x2xui8>
// CHECK-NEXT:    return %[[Y0]]
func.func @average(%x: tensor<1x16x4x4xui8>) -> tensor<1x16x2x2xui8> {
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %m = "tosa.const"() {values = dense<1073741825> : tensor<1xi32>} : () -> tensor<1xi32>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %s33 = "tosa.const"() {values = dense<33> : tensor<1xi8>} : () -> tensor<1xi8>
  %u = "tosa.const"() {values = dense<128> : tensor<1xui8>} : () -> tensor<1xui8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %za = "tosa.const"() {values = dense<5> : tensor<1xi8>} : () -> tensor<1xi8>
  %zb = "tosa.const"() {values = dense<-6> : tensor<1xi8>} : () -> tensor<1xi8>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x4x4xui8>) -> tensor<1x4x4x16xui8>
  %q = tosa.rescale %t, %one, %s30, %u, %z {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = true, output_unsigned = false} : (tensor<1x4x4x16xui8>, tensor<1xi32>, tensor<1xi8>, tensor<1xui8>, tensor<1xi8>) -> tensor<1x4x4x16xi8>
  %a = tosa.avg_pool2d %q, %za, %zb {acc_type = i32, kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x16xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2x16xi8>
  %y = tosa.rescale %a, %m, %s33, %zb, %z {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x2x2x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2x16xi8>
  %o = tosa.rescale %y, %one, %s30, %z, %u {scale32 = true, rounding_mode = DOUBLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = true} : (tensor<1x2x2x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xui8>) -> tensor<1x2x2x16xui8>
  %r = tosa.transpose %o {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x2x2x16xui8>) -> tensor<1x16x2x2xui8>
  return %r : tensor<1x16x2x2xui8>
}

// -----

// v * table(v), requantised, is a function of v alone: one table, behind the zero point.
// CHECK-LABEL: func.func @function
// CHECK:         %[[T:.*]] = "tosa.const"() <{values = dense_resource<function> : tensor<256xi8>}> : () -> tensor<256xi8>
// CHECK-NEXT:    %[[Y:.*]] = "stos.layer"(%{{.*}}, %[[T]]) {kind = "vector", {{.*}}post = ["muli 1342177280 31", "addi 4", "lut 0"], reduce = "max"
// CHECK-NEXT:    "stos.output"(%[[Y]])
func.func @function(%x: tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8> {
  %z4 = "tosa.const"() {values = dense<4> : tensor<1xi8>} : () -> tensor<1xi8>
  %z0 = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %s31 = "tosa.const"() {values = dense<31> : tensor<1xi8>} : () -> tensor<1xi8>
  %t = "tosa.const"() {values = dense<1> : tensor<256xi8>} : () -> tensor<256xi8>
  %p = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8>
  %v = tosa.rescale %p, %m, %s31, %z0, %z4 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x5x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x5x16xi8>
  %f = tosa.table %v, %t : (tensor<1x4x5x16xi8>, tensor<256xi8>) -> tensor<1x4x5x16xi8>
  %v32 = tosa.rescale %v, %one, %s30, %z4, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x5x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x5x16xi32>
  %f32 = tosa.rescale %f, %one, %s30, %z0, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x5x16xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x5x16xi32>
  %w = tosa.mul %v32, %f32, %z0 : (tensor<1x4x5x16xi32>, tensor<1x4x5x16xi32>, tensor<1xi8>) -> tensor<1x4x5x16xi32>
  %y = tosa.rescale %w, %m, %s31, %z, %z0 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x5x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x5x16xi8>
  return %y : tensor<1x4x5x16xi8>
}

// -----

// A table and a rescale behind a concatenation are done by the layers that make its parts.
// CHECK-LABEL: func.func @sink
// CHECK:         %[[A:.*]] = "stos.layer"(%{{.*}}) {kind = "vector", {{.*}}post = ["lut 0", "muli 1342177280 31"], reduce = "max"
// CHECK:         %[[B:.*]] = "stos.layer"(%{{.*}}) {kind = "vector", {{.*}}post = ["lut 0", "muli 1342177280 31"], reduce = "max"
// CHECK-NEXT:    %[[C:.*]] = "stos.concat"(%[[A]], %[[B]])
// CHECK-NEXT:    "stos.output"(%[[C]])
func.func @sink(%a: tensor<1x4x5x16xi8>, %b: tensor<1x4x5x8xi8>) -> tensor<1x4x5x24xi8> {
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %s = "tosa.const"() {values = dense<31> : tensor<1xi8>} : () -> tensor<1xi8>
  %t = "tosa.const"() {values = dense<1> : tensor<256xi8>} : () -> tensor<256xi8>
  %p = tosa.max_pool2d %a {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8>
  %q = tosa.max_pool2d %b {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x5x8xi8>) -> tensor<1x4x5x8xi8>
  %c = tosa.concat %p, %q {axis = 3 : i32} : (tensor<1x4x5x16xi8>, tensor<1x4x5x8xi8>) -> tensor<1x4x5x24xi8>
  %f = tosa.table %c, %t : (tensor<1x4x5x24xi8>, tensor<256xi8>) -> tensor<1x4x5x24xi8>
  %y = tosa.rescale %f, %m, %s, %z, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x5x24xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x5x24xi8>
  return %y : tensor<1x4x5x24xi8>
}

// -----

// A convolution whose zero point is known at run time only is the host's, and takes no float layer from the machine.
// CHECK-LABEL: func.func @dynamic
// CHECK:         tosa.conv2d %{{.*}} : (tensor<1x4x4x16xi8>
// CHECK:         "stos.layer"(%{{.*}}) {kind = "conv", {{.*}}tensor<1x4x4x16xf32, "blocked">
func.func @dynamic(%x: tensor<1x4x4x16xi8>, %zx: tensor<1xi8>, %f: tensor<1x4x4x16xf32>) -> (tensor<1x4x4x16xi32>, tensor<1x4x4x16xf32>) {
  %zw = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %v = "tosa.const"() {values = dense<2> : tensor<16x1x1x16xi8>} : () -> tensor<16x1x1x16xi8>
  %i = "tosa.const"() {values = dense<9> : tensor<16xi32>} : () -> tensor<16xi32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<16xf32>} : () -> tensor<16xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %a = tosa.conv2d %x, %v, %i, %zx, %zw {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x16xi8>, tensor<16x1x1x16xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x16xi32>
  %c = tosa.conv2d %f, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x16xf32>
  return %a, %c : tensor<1x4x4x16xi32>, tensor<1x4x4x16xf32>
}

// -----

// (9 - (v - 3) * k) with a k of each channel: a scaling by 4 k over 2^2. A constant that v is taken off is added to -v.
// CHECK-LABEL: func.func @numbers
// CHECK:         %[[K:.*]] = "tosa.const"() <{values = dense<[4, -8, 12, 16, 20, 24, 28, 32]> : tensor<8xi32>}>
// CHECK:         %[[S:.*]] = "tosa.const"() <{values = dense<2> : tensor<8xi8>}>
// CHECK:         "stos.layer"(%{{.*}}, %[[K]], %[[S]]) {in_zp = 3 : i64, kind = "vector", {{.*}}post = ["scale", "neg", "addi 9", "muli 1342177280 31", "addi 4"], {{.*}}
// CHECK-NEXT:    "stos.output"
func.func @numbers(%planes: tensor<1x8x4x4xi8>) -> tensor<1x4x4x8xi8> {
  %x = tosa.transpose %planes {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x8x4x4xi8>) -> tensor<1x4x4x8xi8>
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<4> : tensor<1xi8>} : () -> tensor<1xi8>
  %z8 = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %m1 = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s = "tosa.const"() {values = dense<31> : tensor<1xi8>} : () -> tensor<1xi8>
  %s1 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %k = "tosa.const"() {values = dense<[[[[1, -2, 3, 4, 5, 6, 7, 8]]]]> : tensor<1x1x1x8xi32>} : () -> tensor<1x1x1x8xi32>
  %nine = "tosa.const"() {values = dense<9> : tensor<1x1x1x1xi32>} : () -> tensor<1x1x1x1xi32>
  %v = tosa.rescale %x, %m1, %s1, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x8xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x8xi32>
  %p = tosa.mul %k, %v, %z8 : (tensor<1x1x1x8xi32>, tensor<1x4x4x8xi32>, tensor<1xi8>) -> tensor<1x4x4x8xi32>
  %d = tosa.sub %nine, %p : (tensor<1x1x1x1xi32>, tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xi32>
  %y = tosa.rescale %d, %m, %s, %z, %zo {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x8xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x8xi8>
  return %y : tensor<1x4x4x8xi8>
}

// -----

// A pad is any number, as the zero point that is taken off the pixels inside and added to all again.
// CHECK-LABEL: func.func @pad
// CHECK:         "stos.layer"(%{{.*}}) {in_zp = -7 : i64, kind = "vector", {{.*}}post = ["addi -7"], reduce = "none", window = array<i64: 1, 1, 1, 1, 1, 1, 2, 1>} : {{.*}} -> tensor<1x6x5x16xi8, "blocked">
func.func @pad(%x: tensor<1x4x4x16xi8>) -> tensor<1x6x5x16xi8> {
  %v = "tosa.const"() {values = dense<-7> : tensor<1xi8>} : () -> tensor<1xi8>
  %n = tosa.const_shape {values = dense<[0, 0, 2, 0, 1, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %c = tosa.clamp %x {min_val = -100 : i8, max_val = 127 : i8} : (tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8>
  %p = tosa.pad %c, %n, %v : (tensor<1x4x4x16xi8>, !tosa.shape<8>, tensor<1xi8>) -> tensor<1x6x5x16xi8>
  return %p : tensor<1x6x5x16xi8>
}

// -----

// One factor a channel below zero, over the same power of two.
// CHECK-LABEL: func.func @prelu
// CHECK:         "stos.layer"(%{{.*}}) {in_zp = 3 : i64, kind = "vector", {{.*}}post = ["muli 1342177280 14", "prelu 30", "muli 1073741824 46", "addi -5"], reduce = "none"
// CHECK-NOT:     tosa.select
func.func @prelu(%x: tensor<1x4x4x2xi8>) -> (tensor<1x4x4x2xi8>, tensor<1x4x4x2xi8>) {
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s14 = "tosa.const"() {values = dense<14> : tensor<1xi8>} : () -> tensor<1xi8>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %s46 = "tosa.const"() {values = dense<46> : tensor<1xi8>} : () -> tensor<1xi8>
  %a = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %k = "tosa.const"() {values = dense<[268435456, 536870912]> : tensor<2xi32>} : () -> tensor<2xi32>
  %sk = "tosa.const"() {values = dense<30> : tensor<2xi8>} : () -> tensor<2xi8>
  %zero = "tosa.const"() {values = dense<0> : tensor<1x1x1x1xi32>} : () -> tensor<1x1x1x1xi32>
  %w = tosa.rescale %a, %m, %s14, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %n = tosa.rescale %w, %k, %sk, %z, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = true, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %p = tosa.greater_equal %w, %zero : (tensor<1x4x4x2xi32>, tensor<1x1x1x1xi32>) -> tensor<1x4x4x2xi1>
  %l = tosa.select %p, %w, %n : (tensor<1x4x4x2xi1>, tensor<1x4x4x2xi32>, tensor<1x4x4x2xi32>) -> tensor<1x4x4x2xi32>
  %y = tosa.rescale %l, %one, %s46, %z, %zo {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x2xi8>
  return %y, %a : tensor<1x4x4x2xi8>, tensor<1x4x4x2xi8>
}

// -----

// One for all.
// CHECK-LABEL: func.func @leaky
// CHECK:         "stos.layer"(%{{.*}}) {in_zp = 3 : i64, kind = "vector", {{.*}}post = ["muli 1342177280 14", "lrelu 268435456 30", "muli 1073741824 46", "addi -5"], reduce = "none"
// CHECK-NOT:     tosa.select
func.func @leaky(%x: tensor<1x4x4x2xi8>) -> (tensor<1x4x4x2xi8>, tensor<1x4x4x2xi8>) {
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s14 = "tosa.const"() {values = dense<14> : tensor<1xi8>} : () -> tensor<1xi8>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %s46 = "tosa.const"() {values = dense<46> : tensor<1xi8>} : () -> tensor<1xi8>
  %a = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %k = "tosa.const"() {values = dense<268435456> : tensor<1xi32>} : () -> tensor<1xi32>
  %sk = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %zero = "tosa.const"() {values = dense<0> : tensor<1x1x1x1xi32>} : () -> tensor<1x1x1x1xi32>
  %w = tosa.rescale %a, %m, %s14, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %n = tosa.rescale %w, %k, %sk, %z, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %p = tosa.greater_equal %w, %zero : (tensor<1x4x4x2xi32>, tensor<1x1x1x1xi32>) -> tensor<1x4x4x2xi1>
  %l = tosa.select %p, %w, %n : (tensor<1x4x4x2xi1>, tensor<1x4x4x2xi32>, tensor<1x4x4x2xi32>) -> tensor<1x4x4x2xi32>
  %y = tosa.rescale %l, %one, %s46, %z, %zo {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x2xi8>
  return %y, %a : tensor<1x4x4x2xi8>, tensor<1x4x4x2xi8>
}

// -----

// The machine has one shift for all channels: two are the host's.
// CHECK-LABEL: func.func @two_shifts
// CHECK-NOT:     prelu
// CHECK:         tosa.select
// CHECK-NOT:     prelu
// CHECK:         return
func.func @two_shifts(%x: tensor<1x4x4x2xi8>) -> (tensor<1x4x4x2xi8>, tensor<1x4x4x2xi8>) {
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s14 = "tosa.const"() {values = dense<14> : tensor<1xi8>} : () -> tensor<1xi8>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %s46 = "tosa.const"() {values = dense<46> : tensor<1xi8>} : () -> tensor<1xi8>
  %a = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %k = "tosa.const"() {values = dense<[268435456, 536870912]> : tensor<2xi32>} : () -> tensor<2xi32>
  %sk = "tosa.const"() {values = dense<[30, 31]> : tensor<2xi8>} : () -> tensor<2xi8>
  %zero = "tosa.const"() {values = dense<0> : tensor<1x1x1x1xi32>} : () -> tensor<1x1x1x1xi32>
  %w = tosa.rescale %a, %m, %s14, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %n = tosa.rescale %w, %k, %sk, %z, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = true, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %p = tosa.greater_equal %w, %zero : (tensor<1x4x4x2xi32>, tensor<1x1x1x1xi32>) -> tensor<1x4x4x2xi1>
  %l = tosa.select %p, %w, %n : (tensor<1x4x4x2xi1>, tensor<1x4x4x2xi32>, tensor<1x4x4x2xi32>) -> tensor<1x4x4x2xi32>
  %y = tosa.rescale %l, %one, %s46, %z, %zo {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x2xi8>
  return %y, %a : tensor<1x4x4x2xi8>, tensor<1x4x4x2xi8>
}

// -----

// The larger of two in the same steps: each loses its zero point, and the result gets its own once.
// CHECK-LABEL: func.func @max
// CHECK:         "stos.layer"(%{{.*}}, %{{.*}}) {kind = "vector", {{.*}}post = ["maxi -7", "mini 7", "addi -3", "maxr", "addi -5"], reduce = "none", res_zp = 3 : i64
// CHECK-NOT:     tosa.maximum
func.func @max(%x: tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8> {
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s14 = "tosa.const"() {values = dense<14> : tensor<1xi8>} : () -> tensor<1xi8>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %s46 = "tosa.const"() {values = dense<46> : tensor<1xi8>} : () -> tensor<1xi8>
  %a = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %b = tosa.clamp %a {min_val = -7 : i8, max_val = 7 : i8} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %aw = tosa.rescale %a, %one, %s30, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %bw = tosa.rescale %b, %one, %s30, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %t = tosa.maximum %aw, %bw : (tensor<1x4x4x2xi32>, tensor<1x4x4x2xi32>) -> tensor<1x4x4x2xi32>
  %y = tosa.rescale %t, %one, %s30, %z, %zo {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x2xi8>
  return %y : tensor<1x4x4x2xi8>
}

// -----

// MINR doesn't scale its second operand: that one is the host's.
// CHECK-LABEL: func.func @min_scaled
// CHECK-NOT:     minr
// CHECK:         tosa.minimum
// CHECK-NOT:     minr
// CHECK:         return
func.func @min_scaled(%x: tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8> {
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %zx = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %zo = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = "tosa.const"() {values = dense<1342177280> : tensor<1xi32>} : () -> tensor<1xi32>
  %one = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s14 = "tosa.const"() {values = dense<14> : tensor<1xi8>} : () -> tensor<1xi8>
  %s30 = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %s46 = "tosa.const"() {values = dense<46> : tensor<1xi8>} : () -> tensor<1xi8>
  %a = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %b = tosa.clamp %a {min_val = -7 : i8, max_val = 7 : i8} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %aw = tosa.rescale %a, %m, %s14, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %bw = tosa.rescale %b, %m, %s14, %zx, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x2xi32>
  %t = tosa.minimum %aw, %bw : (tensor<1x4x4x2xi32>, tensor<1x4x4x2xi32>) -> tensor<1x4x4x2xi32>
  %y = tosa.rescale %t, %one, %s46, %z, %zo {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x2xi8>
  return %y : tensor<1x4x4x2xi8>
}
