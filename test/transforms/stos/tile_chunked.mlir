// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-map=target=%S/Inputs/tiny.json --stos-tile %s | FileCheck %s
// 64 channels times 9 taps are more weights than the scratchpad holds: the reduction comes in chunks (M-GEMM-5). The first clears,
// all but the last hold back; the post program and the result belong to the last.

// CHECK:      "stos.load"(%[[P:[0-9]+]], %{{[0-9]+}}) {{.*}}refs = ["param", "dram"]
// CHECK-NEXT: "stos.load"(%[[W:[0-9]+]],
// CHECK-NEXT: "stos.load"(%[[X:[0-9]+]],
// CHECK-NEXT: "stos.gemm"(%[[X]], %[[W]], %[[Y:[0-9]+]], %[[P]])
// CHECK-NOT:    keep = 1
// CHECK-NOT:    post =
// CHECK-SAME:   hold_back = 1 : i64
// CHECK-NEXT: "stos.load"(%[[W2:[0-9]+]],
// CHECK-NEXT: "stos.load"(%[[X2:[0-9]+]],
// CHECK-NEXT: "stos.gemm"(%[[X2]], %[[W2]], %[[Y]], %[[P]]) {{.*}}hold_back = 1 : i64, {{.*}}keep = 1 : i64
// CHECK-NOT:  "stos.store"
// CHECK:      "stos.gemm"(%{{[0-9]+}}, %{{[0-9]+}}, %[[Y]], %[[P]]) {dtype = "f32", i{{.*}}keep = 1 : i64, {{.*}}post = ["bias", "maxi 0.0", "mini 6.0"]
// CHECK-NEXT: "stos.store"(%[[Y]],
func.func @main(%x: tensor<1x64x3x3xf32>) -> tensor<1x8x3x3xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<8x3x3x64xf32>} : () -> tensor<8x3x3x64xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<8xf32>} : () -> tensor<8xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x64x3x3xf32>) -> tensor<1x3x3x64xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x3x3x64xf32>, tensor<8x3x3x64xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x8xf32>
  %r = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32>
  %y = tosa.transpose %r {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x3x3x8xf32>) -> tensor<1x8x3x3xf32>
  return %y : tensor<1x8x3x3xf32>
}
