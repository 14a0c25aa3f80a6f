// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-map=target=os-16 %s | FileCheck --check-prefix=OS %s
// RUN: fuse-opt --stos-map=target=stos-16 %s | FileCheck --check-prefixes=STOS,STREAM %s
// RUN: fuse-opt --stos-map=target=stosx-16 %s | FileCheck --check-prefixes=STOS,SHADOW %s
// RUN: fuse-opt --stos-map=target=stosx-64 %s | FileCheck --check-prefix=X64 %s
// Depthwise layers by target. Without a broadcast there are only block-diagonal weights; with it a line of taps is streamed, along
// y as "column", and KxK is held. Weights are [kh][kw][c], whatever the op has.

// Strides and pads of both kinds of op; a bottom pad follows from the result's size.
// OS-LABEL:   func.func @exact
// OS:         %[[Y:.*]] = "stos.layer"(%{{.*}}, %{{.*}}, %{{.*}}) {kind = "depthwise", mapping = "block-diagonal", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 3, 3, 1, 1, 1, 1, 1, 2>} : (tensor<1x16x16x32xf32, "blocked">, tensor<3x3x32xf32>, tensor<32xf32>) -> tensor<1x15x17x32xf32, "blocked">
// OS:         "stos.layer"(%[[Y]], {{.*}} mapping = "block-diagonal", {{.*}} window = array<i64: 3, 3, 2, 2, 1, 1, 0, 1>} : {{.*}}, tensor<3x3x32xf32>, tensor<32xf32>) -> tensor<1x7x9x32xf32, "blocked">
// OS-NOT:     column
// STOS-LABEL: func.func @exact
// STOS:       %[[Y:.*]] = "stos.layer"(%{{.*}}, %{{.*}}, %{{.*}}) {kind = "depthwise", mapping = "hold", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, post = ["bias"], reduce = "none", window = array<i64: 3, 3, 1, 1, 1, 1, 1, 2>} : (tensor<1x16x16x32xf32, "blocked">, tensor<3x3x32xf32>, tensor<32xf32>) -> tensor<1x15x17x32xf32, "blocked">
// STOS:       "stos.layer"(%[[Y]], {{.*}} mapping = "hold", {{.*}} window = array<i64: 3, 3, 2, 2, 1, 1, 0, 1>} : {{.*}}, tensor<3x3x32xf32>, tensor<32xf32>) -> tensor<1x7x9x32xf32, "blocked">
func.func @exact(%x: tensor<1x16x16x32xf32>) -> tensor<1x7x9x32xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<3x3x32xf32>} : () -> tensor<3x3x32xf32>
  %b = "tosa.const"() {values = dense<0.25> : tensor<32xf32>} : () -> tensor<32xf32>
  %c = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 0, 2, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x16x16x32xf32>, tensor<3x3x32xf32>, tensor<32xf32>) -> tensor<1x15x17x32xf32>
  %v = "tosa.const"() {values = dense<0.5> : tensor<3x3x32x1xf32>} : () -> tensor<3x3x32x1xf32>
  %d = tosa.depthwise_conv2d %c, %v, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x15x17x32xf32>, tensor<3x3x32x1xf32>, tensor<32xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x9x32xf32>
  return %d : tensor<1x7x9x32xf32>
}

// The taps of a conv1d are c, k; a row's first one. With another stride along y a column of taps keeps its order only along y (F3).
// A dilation is for GEMM, which has any. With a shadow register the zeros behind a line take no time (M-CONV-7): there the column is held.
// OS-LABEL:   func.func @lines
// OS-COUNT-4: mapping = "block-diagonal"
// STOS-LABEL: func.func @lines
// STOS:       %[[R:.*]] = "stos.layer"({{.*}}) {kind = "depthwise", mapping = "stream", {{.*}} window = array<i64: 1, 3, 1, 1, 1, 1, 0, 2>} : {{.*}}, tensor<1x3x32xf32>, tensor<32xf32>) -> tensor<1x16x16x32xf32, "blocked">
// STREAM:     %[[C:.*]] = "stos.layer"(%[[R]], {{.*}}) {column, kind = "depthwise", mapping = "stream", {{.*}} window = array<i64: 3, 1, 1, 1, 1, 1, 0, 0>} : {{.*}}, tensor<3x1x32xf32>, tensor<32xf32>) -> tensor<1x16x16x32xf32, "blocked">
// SHADOW:     %[[C:.*]] = "stos.layer"(%[[R]], {{.*}}) {column, kind = "depthwise", mapping = "hold", {{.*}} window = array<i64: 3, 1, 1, 1, 1, 1, 0, 0>} : {{.*}}, tensor<3x1x32xf32>, tensor<32xf32>) -> tensor<1x16x16x32xf32, "blocked">
// STOS:       %[[D:.*]] = "stos.layer"(%[[C]], {{.*}}) {kind = "depthwise", mapping = "block-diagonal", {{.*}} window = array<i64: 1, 3, 1, 1, 1, 2, 0, 2>} : {{.*}}, tensor<1x3x32xf32>
// STOS:       "stos.layer"(%[[D]], {{.*}}) {column, kind = "depthwise", {{.*}} window = array<i64: 5, 1, 2, 2, 1, 1, 2, 0>} : {{.*}}, tensor<5x1x32xf32>, tensor<32xf32>) -> tensor<1x8x8x32xf32, "blocked">
func.func @lines(%x: tensor<1x16x16x32xf32>) -> tensor<1x8x8x32xf32> {
  %w = "tosa.const"() {values = dense<0.5> : tensor<32x3xf32>} : () -> tensor<32x3xf32>
  %w5 = "tosa.const"() {values = dense<0.5> : tensor<32x5xf32>} : () -> tensor<32x5xf32>
  %b = "tosa.const"() {values = dense<0.25> : tensor<32xf32>} : () -> tensor<32xf32>
  %r = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 2, 0>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x16x16x32xf32>, tensor<32x3xf32>, tensor<32xf32>) -> tensor<1x16x16x32xf32>
  %c = "fuse.conv1d"(%r, %w, %b) {axis = "col", pad = array<i64: 0, 2>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x16x16x32xf32>, tensor<32x3xf32>, tensor<32xf32>) -> tensor<1x16x16x32xf32>
  %d = "fuse.conv1d"(%c, %w, %b) {axis = "row", pad = array<i64: 2, 2>, stride = array<i64: 1, 1>, dilation = 2 : i64} : (tensor<1x16x16x32xf32>, tensor<32x3xf32>, tensor<32xf32>) -> tensor<1x16x16x32xf32>
  %y = "fuse.conv1d"(%d, %w5, %b) {axis = "col", pad = array<i64: 2, 2>, stride = array<i64: 2, 2>, dilation = 1 : i64} : (tensor<1x16x16x32xf32>, tensor<32x5xf32>, tensor<32xf32>) -> tensor<1x8x8x32xf32>
  return %y : tensor<1x8x8x32xf32>
}

// More taps than the tap memory has (64) are GEMM's too. Where even one row block of such weights leaves no room in the scratchpad,
// the host does it; so it does with a channel multiplier and with weights that aren't constant.
// OS-LABEL:   func.func @large
// OS:         mapping = "block-diagonal", {{.*}} window = array<i64: 9, 9, 1, 1, 1, 1, 4, 4>
// OS:         "stos.unpack"
// OS-NEXT:    tosa.depthwise_conv2d
// OS-NEXT:    tosa.depthwise_conv2d
// OS-NEXT:    return
// STOS-LABEL: func.func @large
// STOS:       mapping = "block-diagonal", {{.*}} window = array<i64: 9, 9, 1, 1, 1, 1, 4, 4>
// X64-LABEL:  func.func @large
// X64-NOT:    "stos.
// X64-COUNT-3: tosa.depthwise_conv2d
func.func @large(%x: tensor<1x16x16x32xf32>, %u: tensor<1x1x64x1xf32>) -> tensor<1x16x16x64xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<9x9x32x1xf32>} : () -> tensor<9x9x32x1xf32>
  %v = "tosa.const"() {values = dense<0.5> : tensor<1x1x32x2xf32>} : () -> tensor<1x1x32x2xf32>
  %b = "tosa.const"() {values = dense<0.25> : tensor<32xf32>} : () -> tensor<32xf32>
  %b2 = "tosa.const"() {values = dense<0.25> : tensor<64xf32>} : () -> tensor<64xf32>
  %c = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 4, 4, 4, 4>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x16x16x32xf32>, tensor<9x9x32x1xf32>, tensor<32xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x16x16x32xf32>
  %d = tosa.depthwise_conv2d %c, %v, %b2, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x16x16x32xf32>, tensor<1x1x32x2xf32>, tensor<64xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x16x16x64xf32>
  %y = tosa.depthwise_conv2d %d, %u, %b2, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x16x16x64xf32>, tensor<1x1x64x1xf32>, tensor<64xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x16x16x64xf32>
  return %y : tensor<1x16x16x64xf32>
}
