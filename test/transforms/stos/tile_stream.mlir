// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-map=target=%S/Inputs/tiny.json --stos-tile %s | FileCheck %s
// An image of 576 words in a scratchpad of 512: it lies in DRAM and goes through in tiles with their halos, weights stay. A tile is
// loaded, used and stored; the second layer loads what the first has stored.

// CHECK:      %[[Y:[0-9]+]] = "stos.buffer"() {name = "output0", size = 18432 : i64, space = "io"
// CHECK-NEXT: %[[A:[0-9]+]] = "stos.buffer"() {size = 18432 : i64, space = "arena", storage = array<i64: 1, 1, 24, 24>}
// CHECK-NEXT: %[[X:[0-9]+]] = "stos.buffer"() {name = "input0", size = 18432 : i64, space = "io"
// CHECK:      "stos.load"(%[[W:[0-9]+]], %{{[0-9]+}}) {{.*}}refs = ["out", "dram"], run = 72 : i64}
// CHECK-NEXT: "stos.load"({{.*}}refs = ["param", "dram"]
// CHECK-NEXT: "stos.load"(%[[T:[0-9]+]], %[[X]])
// CHECK-NEXT: "stos.gemm"(%[[T]], %[[W]], %[[U:[0-9]+]], {{.*}}x0 = -1 : i64, y0 = -1 : i64}
// CHECK-NEXT: "stos.store"(%[[U]], %[[A]])
// CHECK-NEXT: "stos.load"(%[[T2:[0-9]+]], %[[X]])
// CHECK-NEXT: "stos.gemm"(%[[T2]], %[[W]], %[[U2:[0-9]+]],
// CHECK-NEXT: "stos.store"(%[[U2]], %[[A]])
// CHECK:      "stos.load"(%[[V:[0-9]+]], %{{[0-9]+}}) {dtype = "f32", node = 1 : i64, refs = ["out", "dram"], run = 72 : i64}
// CHECK-NOT:  %[[X]])
// CHECK:      "stos.load"(%[[T3:[0-9]+]], %[[A]])
// CHECK-NEXT: "stos.gemm"(%[[T3]], %[[V]], %[[U3:[0-9]+]],
// CHECK-NEXT: "stos.store"(%[[U3]], %[[Y]])
func.func @main(%x: tensor<1x8x24x24xf32>) -> tensor<1x8x24x24xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<8x3x3x8xf32>} : () -> tensor<8x3x3x8xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<8xf32>} : () -> tensor<8xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x8x24x24xf32>) -> tensor<1x24x24x8xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x24x24x8xf32>, tensor<8x3x3x8xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x24x24x8xf32>
  %d = tosa.conv2d %c, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x24x24x8xf32>, tensor<8x3x3x8xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x24x24x8xf32>
  %y = tosa.transpose %d {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x24x24x8xf32>) -> tensor<1x8x24x24xf32>
  return %y : tensor<1x8x24x24xf32>
}
