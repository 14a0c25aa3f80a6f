// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-map=target=stosx-8 --stos-tile %s | FileCheck %s
// RUN: fusec %s --target=stosx-8 -o "%t.stos"
// A convolution of a constant: the host packs it from where the constants are, also when a reshape stands between. The checker
// of fusec would stop at memory that nobody has written.

// CHECK-DAG:  %[[W0:[0-9]+]] = "stos.buffer"() {{.*}}size = 384 : i64, space = "weights"
// CHECK-DAG:  %[[W1:[0-9]+]] = "stos.buffer"() {{.*}}size = 192 : i64, space = "weights"
// CHECK:      "stos.host"(%{{[0-9]+}}, %[[W0]]) {kernel = "move_32"
// CHECK:      "stos.host"(%{{[0-9]+}}, %[[W1]]) {kernel = "move_32"
func.func @main(%x: tensor<1x16x2x3xf32>) -> tensor<1x2x3x16xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %p = "tosa.const"() {values = dense<0.25> : tensor<1x2x3x16xf32>} : () -> tensor<1x2x3x16xf32>
  %q = "tosa.const"() {values = dense<0.75> : tensor<1x6x1x8xf32>} : () -> tensor<1x6x1x8xf32>
  %s = tosa.const_shape {values = dense<[1, 2, 3, 8]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %w = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %v = "tosa.const"() {values = dense<0.5> : tensor<16x1x1x8xf32>} : () -> tensor<16x1x1x8xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<16xf32>} : () -> tensor<16xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x16x2x3xf32>) -> tensor<1x2x3x16xf32>
  %r = tosa.reshape %q, %s : (tensor<1x6x1x8xf32>, !tosa.shape<4>) -> tensor<1x2x3x8xf32>
  %c = tosa.conv2d %p, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x2x3x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x3x16xf32>
  %d = tosa.conv2d %r, %v, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x2x3x8xf32>, tensor<16x1x1x8xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x3x16xf32>
  %e = tosa.add %c, %t : (tensor<1x2x3x16xf32>, tensor<1x2x3x16xf32>) -> tensor<1x2x3x16xf32>
  %y = tosa.add %d, %e : (tensor<1x2x3x16xf32>, tensor<1x2x3x16xf32>) -> tensor<1x2x3x16xf32>
  return %y : tensor<1x2x3x16xf32>
}
