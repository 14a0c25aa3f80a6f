// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-map=target=stosx-8 --stos-tile %s | FileCheck %s
// A chain of small layers: the tensors between them stay in the scratchpad, each a buffer with its storage. Only input, weights,
// parameters and the result are moved; the residual is read where the first layer wrote it.

// CHECK-NOT:  space = "arena"
// CHECK-NOT:  address =
// CHECK:      "stos.io"(%[[XIO:[0-9]+]]) {direction = "input", dtype = "f32", layout = "blocked", name = "input0", shape = array<i64: 1, 8, 6, 6>}
// CHECK-NEXT: "stos.io"(%[[YIO:[0-9]+]]) {direction = "output", dtype = "f32", layout = "blocked", name = "output0", shape = array<i64: 1, 8, 6, 6>}
// CHECK-NEXT: "stos.node"() {{.*}}mapping = "gemm"{{.*}} op = "conv"}
// CHECK-NEXT: "stos.node"() {{.*}}mapping = "hold"{{.*}} op = "depthwise"}
// CHECK-NEXT: "stos.node"() {{.*}}mapping = "gemm"{{.*}} op = "conv"}
// CHECK-NEXT: "stos.load"(%[[W:[0-9]+]], %{{[0-9]+}}) {dtype = "f32", node = 0 : i64, refs = ["out", "dram"], run = 8 : i64}
// CHECK-NEXT: "stos.load"(%[[P:[0-9]+]], %{{[0-9]+}}) {dtype = "f32", node = 0 : i64, refs = ["param", "dram"], run = 8 : i64, space = 1 : i64}
// CHECK-NEXT: "stos.load"(%[[X:[0-9]+]], %[[XIO]]) {{.*}}, refs = ["out", "dram"], region = 2 : i64, run = 36 : i64}
// CHECK-NEXT: "stos.gemm"(%[[X]], %[[W]], %[[A:[0-9]+]], %[[P]]) {{.*}}ih = 6 : i64, {{.*}}iw = 6 : i64, {{.*}}nx = 6 : i64, ny = 6 : i64, {{.*}}post = ["bias"], refs = ["in", "left", "out", "param"], rows_total = 8 : i64
// CHECK-NEXT: "stos.load"(%[[T:[0-9]+]], %{{[0-9]+}}) {dtype = "f32", node = 1 : i64, refs = ["out", "dram"], run = 9 : i64}
// CHECK-NEXT: "stos.load"(%[[Q:[0-9]+]], %{{[0-9]+}}) {{.*}}refs = ["param", "dram"]
// CHECK-NEXT: "stos.conv1d"(%[[A]], %[[T]], %[[B:[0-9]+]], %[[Q]]) {channels = 8 : i64, dtype = "f32", hold = 1 : i64, {{.*}}nkh = 3 : i64, nkw = 3 : i64, node = 1 : i64, {{.*}}nx_total = 6 : i64, {{.*}}ny_total = 6 : i64, {{.*}}refs = ["in", "left", "out", "param"], {{.*}}x0 = -1 : i64, y0 = -1 : i64}
// CHECK-NEXT: "stos.load"(%[[V:[0-9]+]], %{{[0-9]+}}) {{.*}}node = 2 : i64, refs = ["out", "dram"], run = 8 : i64}
// CHECK-NEXT: "stos.load"(%[[R:[0-9]+]], %{{[0-9]+}}) {{.*}}refs = ["param", "dram"]
// CHECK-NEXT: "stos.gemm"(%[[B]], %[[V]], %[[Y:[0-9]+]], %[[A]], %[[R]]) {{.*}}post = ["bias", "addr"], refs = ["in", "left", "out", "res", "param"], {{.*}}res_use = 1 : i64
// CHECK-NEXT: "stos.store"(%[[Y]], %[[YIO]]) {{.*}}refs = ["in", "dram"], region = 2 : i64, run = 36 : i64}
// CHECK-NEXT: return
func.func @main(%x: tensor<1x8x6x6xf32>) -> tensor<1x8x6x6xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<0.5> : tensor<8x1x1x8xf32>} : () -> tensor<8x1x1x8xf32>
  %v = "tosa.const"() {values = dense<0.5> : tensor<3x3x8x1xf32>} : () -> tensor<3x3x8x1xf32>
  %b = "tosa.const"() {values = dense<0.125> : tensor<8xf32>} : () -> tensor<8xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x8x6x6xf32>) -> tensor<1x6x6x8xf32>
  %c = tosa.conv2d %t, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x6x6x8xf32>, tensor<8x1x1x8xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x8xf32>
  %d = tosa.depthwise_conv2d %c, %v, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x6x6x8xf32>, tensor<3x3x8x1xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x8xf32>
  %e = tosa.conv2d %d, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x6x6x8xf32>, tensor<8x1x1x8xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x8xf32>
  %f = tosa.add %e, %c : (tensor<1x6x6x8xf32>, tensor<1x6x6x8xf32>) -> tensor<1x6x6x8xf32>
  %y = tosa.transpose %f {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x6x6x8xf32>) -> tensor<1x8x6x6xf32>
  return %y : tensor<1x8x6x6xf32>
}
