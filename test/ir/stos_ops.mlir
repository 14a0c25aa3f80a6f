// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt %s -o %t.mlir && fuse-opt %t.mlir | cmp - %t.mlir
// RUN: FileCheck %s < %t.mlir
// Legal layers: they print and parse back. docs/dialects.md has them as examples.

// CHECK-LABEL: func.func @border
// CHECK:         "stos.input"(%{{.*}}) {layout = "packed"
// CHECK:         "stos.pack"
// CHECK:         "stos.unpack"
// CHECK:         "stos.output"
// CHECK:         "stos.output"(%{{.*}}) {channels_last}
func.func @border(%x: tensor<1x3x9x9xf32>, %v: tensor<1x16xf32>, %h: tensor<1x4x5x16xf32>) -> (tensor<1x16x4x5xf32>, tensor<1x4x5x16xf32>, tensor<1x4x5x16xf32>) {
  %a = "stos.input"(%x) {layout = "packed", window = array<i64: 3, 2, 2, 2, 1, 1, 0, 1>}
     : (tensor<1x3x9x9xf32>) -> tensor<1x4x5x18xf32, "blocked">
  %b = "stos.input"(%v) {layout = "blocked"} : (tensor<1x16xf32>) -> tensor<1x1x1x16xf32, "blocked">
  %c = "stos.pack"(%h) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %p = "stos.unpack"(%c) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  %o = "stos.output"(%c) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x16x4x5xf32>
  %l = "stos.output"(%c) {channels_last} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %o, %p, %l : tensor<1x16x4x5xf32>, tensor<1x4x5x16xf32>, tensor<1x4x5x16xf32>
}

// CHECK-LABEL: func.func @blocks
// CHECK:         "stos.concat"
// CHECK:         "stos.slice"{{.*}}{first_block = 2 : i64}
func.func @blocks(%u: tensor<1x4x5x16xf32>, %v: tensor<1x4x5x4xf32>) -> tensor<1x4x5x4xf32> {
  %a = "stos.pack"(%u) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %b = "stos.pack"(%v) : (tensor<1x4x5x4xf32>) -> tensor<1x4x5x4xf32, "blocked">
  %y = "stos.concat"(%a, %b)
     : (tensor<1x4x5x16xf32, "blocked">, tensor<1x4x5x4xf32, "blocked">) -> tensor<1x4x5x20xf32, "blocked">
  %z = "stos.slice"(%y) {first_block = 2 : i64} : (tensor<1x4x5x20xf32, "blocked">) -> tensor<1x4x5x4xf32, "blocked">
  %o = "stos.unpack"(%z) : (tensor<1x4x5x4xf32, "blocked">) -> tensor<1x4x5x4xf32>
  return %o : tensor<1x4x5x4xf32>
}

// All operands of a layer; the residual of the second is one pixel; the third has neither weights nor parameters.
// CHECK-LABEL: func.func @layers
// CHECK:         kind = "conv", mapping = "gemm"
// CHECK:         {column, kind = "depthwise", mapping = "stream"
// CHECK:         kind = "vector", mapping = "vector"
func.func @layers(%u: tensor<2x4x5x16xf32>, %v: tensor<2x4x5x24xf32>, %g: tensor<2x1x1x24xf32>) -> tensor<2x1x1x24xf32> {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x3x3x16xf32>} : () -> tensor<24x3x3x16xf32>
  %d = "tosa.const"() {values = dense<0.5> : tensor<3x1x24xf32>} : () -> tensor<3x1x24xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  %s = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x24xf32>} : () -> tensor<1x1x1x24xf32>
  %n = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
  %x = "stos.pack"(%u) : (tensor<2x4x5x16xf32>) -> tensor<2x4x5x16xf32, "blocked">
  %r = "stos.pack"(%v) : (tensor<2x4x5x24xf32>) -> tensor<2x4x5x24xf32, "blocked">
  %p = "stos.pack"(%g) : (tensor<2x1x1x24xf32>) -> tensor<2x1x1x24xf32, "blocked">
  %y = "stos.layer"(%x, %w, %b, %s, %n, %r) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 3, 3, 1, 1, 1, 1, 1, 1>,
      post = ["bias", "scale", "prelu", "addr", "maxi 0.0"], operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1, 0, 0>}
     : (tensor<2x4x5x16xf32, "blocked">, tensor<24x3x3x16xf32>, tensor<24xf32>, tensor<1x1x1x24xf32>, tensor<1xf32>, tensor<2x4x5x24xf32, "blocked">)
     -> tensor<2x4x5x24xf32, "blocked">
  %c = "stos.layer"(%y, %d, %p) {column, kind = "depthwise", reduce = "none", mapping = "stream", window = array<i64: 3, 1, 1, 1, 1, 1, 1, 0>,
      post = ["mulr"], operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 1, 0, 0>}
     : (tensor<2x4x5x24xf32, "blocked">, tensor<3x1x24xf32>, tensor<2x1x1x24xf32, "blocked">) -> tensor<2x4x5x24xf32, "blocked">
  %m = "stos.layer"(%c) {kind = "vector", reduce = "sum", mapping = "vector", window = array<i64: 4, 5, 1, 1, 1, 1, 0, 0>,
      post = ["muli 0.05"], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>}
     : (tensor<2x4x5x24xf32, "blocked">) -> tensor<2x1x1x24xf32, "blocked">
  %o = "stos.unpack"(%m) : (tensor<2x1x1x24xf32, "blocked">) -> tensor<2x1x1x24xf32>
  return %o : tensor<2x1x1x24xf32>
}

// CHECK-LABEL: func.func @program
// CHECK:         "stos.conv1d"
// CHECK:         "stos.end"
func.func @program() {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, name = "x", storage = array<i64: 1, 1, 8, 8>, address = 0 : i64} : () -> i32
  %y = "stos.buffer"() {space = "io", size = 2048 : i64, name = "y", storage = array<i64: 1, 1, 8, 8>, address = 2048 : i64} : () -> i32
  %w = "stos.buffer"() {space = "weights", size = 96 : i64, address = 0 : i64, values = dense<1> : tensor<96xi8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 88 : i64, address = 0 : i64} : () -> i32
  %t = "stos.buffer"() {space = "chip", size = 3 : i64, address = 16352 : i64} : () -> i32
  %o = "stos.buffer"() {space = "chip", size = 88 : i64, address = 2048 : i64} : () -> i32
  "stos.io"(%x) {name = "x", direction = "input", dtype = "f32", shape = array<i64: 1, 8, 8, 8>, layout = "blocked"} : (i32) -> ()
  "stos.io"(%y) {name = "y", direction = "output", dtype = "f32", shape = array<i64: 1, 8, 8, 8>, layout = "blocked"} : (i32) -> ()
  "stos.node"() {mapping = "stream", op = "depthwise"} : () -> ()
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", node = 0 : i64, region = 2 : i64, run = 64 : i64, ahead = 1 : i64} : (i32, i32) -> ()
  "stos.load"(%t, %w) {refs = ["out", "dram"], dtype = "f32", node = 0 : i64, chip = 16352 : i64, run = 3 : i64, signals = ["s1:1@0 done"]} : (i32, i32) -> ()
  "stos.conv1d"(%a, %t, %o) {refs = ["in", "left", "out"], dtype = "f32", node = 0 : i64, channels = 8 : i64, ny = 8 : i64, nx = 8 : i64,
      ny_total = 8 : i64, nx_total = 8 : i64, tile = 8 : i64, nkw = 3 : i64, in_line = 8 : i64, in_pixel = 1 : i64, ih = 8 : i64, iw = 8 : i64,
      x0 = -1 : i64, taps = 16352 : i64, taps_block = 3 : i64, out = 2048 : i64, out_line = 8 : i64, out_pixel = 1 : i64, post = ["maxi 0.0"],
      waits = ["s1:1@0"], signals = ["s7:1@0 done"]} : (i32, i32, i32) -> ()
  "stos.store"(%o, %y) {refs = ["in", "dram"], dtype = "f32", node = 0 : i64, region = 2 : i64, dram = 64 : i64, chip = 2048 : i64, run = 64 : i64, waits = ["s7:1@0"]} : (i32, i32) -> ()
  "stos.host"(%y, %x) {kernel = "sigmoid_f32", offsets = array<i64: 0, 0>, sizes = array<i64: 2048, 2048>, written = array<i64: 1, 0>, words = array<i64: 512>, node = 0 : i64} : (i32, i32) -> ()
  "stos.signal"() {queue = 1 : i64} : () -> ()
  "stos.barrier"() : () -> ()
  "stos.end"() : () -> ()
  return
}
