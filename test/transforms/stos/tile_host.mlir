// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-map=target=stosx-8 --stos-tile %s | FileCheck %s
// The host works on plain tensors in DRAM. Of 12 channels the first 8 and the other 4 are copied apart, both ways; going in, the
// unused lanes are zeroed before. What the host reads or writes is stored and loaded.

// CHECK:      "stos.gemm"(%{{[0-9]+}}, %{{[0-9]+}}, %[[T:[0-9]+]],
// CHECK-NEXT: "stos.store"(%[[T]], %[[B:[0-9]+]])
// CHECK-NEXT: "stos.host"(%[[H:[0-9]+]], %[[B]]) {kernel = "move_32"
// CHECK-NEXT: "stos.host"(%[[H]], %[[B]]) {kernel = "move_32"
// CHECK-NEXT: "stos.host"(%[[S:[0-9]+]], %[[H]]) {kernel = "sigmoid_f32", {{.*}}offsets = array<i64: 0, 0>, sizes = array<i64: 288, 288>, words = array<i64: 72>, written = array<i64: 1, 0>}
// CHECK-NEXT: "stos.host"(%[[C:[0-9]+]]) {kernel = "fill_32", {{.*}}sizes = array<i64: 384>
// CHECK-NEXT: "stos.host"(%[[C]], %[[S]]) {kernel = "move_32"
// CHECK-NEXT: "stos.host"(%[[C]], %[[S]]) {kernel = "move_32"
// CHECK:      "stos.load"(%{{[0-9]+}}, %[[C]])
func.func @main(%x: tensor<1x12x2x3xf32>) -> tensor<1x2x3x12xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<12x1x1x12xf32>} : () -> tensor<12x1x1x12xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<12xf32>} : () -> tensor<12xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x12x2x3xf32>) -> tensor<1x2x3x12xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x2x3x12xf32>, tensor<12x1x1x12xf32>, tensor<12xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x3x12xf32>
  %h = tosa.sigmoid %c : (tensor<1x2x3x12xf32>) -> tensor<1x2x3x12xf32>
  %d = tosa.conv2d %h, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x2x3x12xf32>, tensor<12x1x1x12xf32>, tensor<12xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x3x12xf32>
  return %d : tensor<1x2x3x12xf32>
}
