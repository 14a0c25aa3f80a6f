// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --fuse-rewrite="report=%t.json" --mlir-print-debuginfo=false %s | FileCheck %s --implicit-check-not=depthwise --implicit-check-not=tosa.concat
// RUN: FileCheck %s --check-prefix=REPORT < %t.json
// Layers that follow each other directly: each reads what the one before has become.

// REPORT:      "node": "first"
// REPORT:      "mode": "exact"
// REPORT:      "node": "row"
// REPORT-NEXT: "place": "net.onnx:node 1"
// REPORT-NEXT: "mode": "recognize"
// REPORT-NEXT: "op": "fuse.fuseconv full"
// REPORT-NEXT: "why": "row and column filters, concatenated"
// REPORT-NEXT: "kernel": [
// REPORT-NEXT:   3,
// REPORT-NEXT:   5
// REPORT-NEXT: ],
// REPORT:      "channels": 2,
// REPORT-NEXT: "macs_before": 256,
// REPORT-NEXT: "macs_after": 256,
// REPORT:      "node": "again/row"
// REPORT:      "node": "last"
// REPORT-NOT:  "node"

// CHECK:      %[[A:.*]] = "fuse.dwconv2d"(%arg0,
// CHECK:      %[[B:.*]] = "fuse.fuseconv"(%[[A]],
// CHECK:      %[[C:.*]] = "fuse.fuseconv"(%[[B]],
// CHECK:      %[[D:.*]] = "fuse.dwconv2d"(%[[C]],
func.func @chain(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x8xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<2.0> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x5x2x1xf32>} : () -> tensor<1x5x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %vr = "tosa.const"() {values = dense<2.0> : tensor<1x3x4x1xf32>} : () -> tensor<1x3x4x1xf32>
  %vc = "tosa.const"() {values = dense<3.0> : tensor<3x1x4x1xf32>} : () -> tensor<3x1x4x1xf32>
  %w8 = "tosa.const"() {values = dense<2.0> : tensor<3x3x8x1xf32>} : () -> tensor<3x3x8x1xf32>
  %first = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32> loc("first"("net.onnx":0:0))
  %r = tosa.depthwise_conv2d %first, %wr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 2, 2>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x5x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32> loc("row"("net.onnx":1:0))
  %c = tosa.depthwise_conv2d %first, %wc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32> loc("col"("net.onnx":2:0))
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  %r2 = tosa.depthwise_conv2d %y, %vr, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x4xf32>, tensor<1x3x4x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x4xf32> loc("again/row"("net.onnx":4:0))
  %c2 = tosa.depthwise_conv2d %y, %vc, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x4xf32>, tensor<3x1x4x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x4xf32> loc("again/col"("net.onnx":5:0))
  %y2 = tosa.concat %r2, %c2 {axis = 3 : i32} : (tensor<1x4x4x4xf32>, tensor<1x4x4x4xf32>) -> tensor<1x4x4x8xf32>
  %last = tosa.depthwise_conv2d %y2, %w8, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x8xf32>, tensor<3x3x8x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x8xf32> loc("last"("net.onnx":7:0))
  return %last : tensor<1x4x4x8xf32>
}
