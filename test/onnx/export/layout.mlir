// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values that keep N first and C last change their shape without a transpose; what the network mixes takes one. Windows
// read the uncut image where that is the same. Resizing has ONNX's modes where they read the same pixels.
// REQUIRES: onnxruntime
// RUN: split-file %s %t
// RUN: fuse-translate --export-onnx %t/one_dimension.mlir | %python %S/print_graph.py - | FileCheck %s --check-prefix=ONE
// RUN: fuse-translate --export-onnx %t/mixed.mlir | %python %S/print_graph.py - | FileCheck %s --check-prefix=MIXED
// RUN: fuse-translate --export-onnx %t/cut.mlir | %python %S/print_graph.py - | FileCheck %s --check-prefix=CUT
// RUN: fuse-translate --export-onnx %t/resize.mlir | %python %S/print_graph.py - | FileCheck %s --check-prefix=RESIZE
// RUN: %python %S/round_trip.py --cc %cc %t/one_dimension.mlir %t/mixed.mlir %t/cut.mlir %t/resize.mlir

//--- one_dimension.mlir
// A 1-D network: its images are lines of height 1 inside.
// ONE-NOT:  Transpose
// ONE:      line: line = Reshape(x, line.shape)
// ONE-NEXT: pool: pool = MaxPool(line)
// ONE-NEXT: relu: relu = Relu(pool)
// ONE-NEXT: back: y = Reshape(relu, back.shape)
// ONE-NEXT: output y float[2, 3, 4]
func.func @main(%x: tensor<2x3x8xf32>) -> tensor<2x3x4xf32> attributes {fuse.inputs = ["x"], fuse.outputs = ["y"]} {
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 1>} : (tensor<2x3x8xf32>) -> tensor<2x8x3xf32>
  %image = tosa.const_shape {values = dense<[2, 1, 8, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %1 = tosa.reshape %0, %image : (tensor<2x8x3xf32>, !tosa.shape<4>) -> tensor<2x1x8x3xf32> loc("line")
  %2 = tosa.max_pool2d %1 {kernel = array<i64: 1, 2>, stride = array<i64: 1, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<2x1x8x3xf32>) -> tensor<2x1x4x3xf32> loc("pool")
  %3 = tosa.clamp %2 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<2x1x4x3xf32>) -> tensor<2x1x4x3xf32> loc("relu")
  %line = tosa.const_shape {values = dense<[2, 4, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %4 = tosa.reshape %3, %line : (tensor<2x1x4x3xf32>, !tosa.shape<3>) -> tensor<2x4x3xf32> loc("back")
  %5 = tosa.transpose %4 {perms = array<i32: 0, 2, 1>} : (tensor<2x4x3xf32>) -> tensor<2x3x4xf32>
  return %5 : tensor<2x3x4xf32>
}

//--- mixed.mlir
// Boxes of a detector: channels become rows, two per pixel.
// MIXED:      pool: pool = MaxPool(image)
// MIXED-NEXT: pool.transpose: pool.transpose = Transpose(pool) {perm=[0, 2, 3, 1]}
// MIXED-NEXT: boxes: y = Reshape(pool.transpose, boxes.shape)
// MIXED-NEXT: output y float[1, 8, 3]
func.func @main(%x: tensor<1x6x3x3xf32>) -> tensor<1x8x3xf32> attributes {fuse.inputs = ["image"], fuse.outputs = ["y"]} {
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x6x3x3xf32>) -> tensor<1x3x3x6xf32>
  %1 = tosa.max_pool2d %0 {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x3x3x6xf32>) -> tensor<1x2x2x6xf32> loc("pool")
  %shape = tosa.const_shape {values = dense<[1, 8, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %2 = tosa.reshape %1, %shape : (tensor<1x2x2x6xf32>, !tosa.shape<3>) -> tensor<1x8x3xf32> loc("boxes")
  return %2 : tensor<1x8x3xf32>
}

//--- cut.mlir
// Of 8 columns 7 remain: a stride of 2 reads them alone. Of 9 columns 7 remain, too, but 9 would give one output more.
// CUT-NOT: Slice
// CUT:      even: y = MaxPool(x)
// CUT-NEXT: cut: cut = Slice(x9,
// CUT-NEXT: odd: z = MaxPool(cut)
func.func @main(%x: tensor<1x1x3x8xf32>, %x9: tensor<1x1x3x9xf32>) -> (tensor<1x1x1x3xf32>, tensor<1x1x1x3xf32>)
    attributes {fuse.inputs = ["x", "x9"], fuse.outputs = ["y", "z"]} {
  %start = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 3, 7, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x1x3x8xf32>) -> tensor<1x3x8x1xf32>
  %1 = tosa.slice %0, %start, %size : (tensor<1x3x8x1xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x7x1xf32> loc("cut")
  %2 = tosa.max_pool2d %1 {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x3x7x1xf32>) -> tensor<1x1x3x1xf32> loc("even")
  %3 = tosa.transpose %2 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x1x3x1xf32>) -> tensor<1x1x1x3xf32>
  %4 = tosa.transpose %x9 {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x1x3x9xf32>) -> tensor<1x3x9x1xf32>
  %5 = tosa.slice %4, %start, %size : (tensor<1x3x9x1xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x7x1xf32> loc("cut")
  %6 = tosa.max_pool2d %5 {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x3x7x1xf32>) -> tensor<1x1x3x1xf32> loc("odd")
  %7 = tosa.transpose %6 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x1x3x1xf32>) -> tensor<1x1x1x3xf32>
  return %3, %7 : tensor<1x1x1x3xf32>, tensor<1x1x1x3xf32>
}

//--- resize.mlir
// RESIZE:      initializer up.scales float32[4] = 1, 1, 2, 2
// RESIZE:      initializer odd.indices int64[7] = 0, 1, 1, 2, 2, 2, 2
// RESIZE:      initializer corners.sizes int64[4] = 1, 2, 5, 5
// RESIZE:      up: up = Resize(x, , up.scales) {coordinate_transformation_mode=b'asymmetric', mode=b'nearest', nearest_mode=b'floor'}
// RESIZE-NEXT: half: half = Resize(x, , half.scales) {coordinate_transformation_mode=b'half_pixel', mode=b'linear'}
// RESIZE-NEXT: odd: odd = Gather(x, odd.indices) {axis=2}
// RESIZE-NEXT: odd_1: odd_1 = Gather(odd, odd.indices_1) {axis=3}
// RESIZE-NEXT: corners: corners = Resize(x, , , corners.sizes) {coordinate_transformation_mode=b'align_corners', mode=b'linear'}
func.func @main(%x: tensor<1x2x3x3xf32>) -> (tensor<1x6x6x2xf32>, tensor<1x6x6x2xf32>, tensor<1x7x7x2xf32>, tensor<1x5x5x2xf32>) attributes {fuse.inputs = ["x"]} {
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x3x3xf32>) -> tensor<1x3x3x2xf32>
  %s2 = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %o0 = tosa.const_shape {values = dense<0> : tensor<2xindex>} : () -> !tosa.shape<2>
  %om1 = tosa.const_shape {values = dense<-1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %b2 = tosa.const_shape {values = dense<2> : tensor<2xindex>} : () -> !tosa.shape<2>
  %b1 = tosa.const_shape {values = dense<1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %o1 = tosa.const_shape {values = dense<1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %up = tosa.resize %0, %s2, %om1, %b1 {mode = NEAREST_NEIGHBOR} : (tensor<1x3x3x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x6x6x2xf32> loc("up")
  %half = tosa.resize %0, %s2, %om1, %b1 {mode = BILINEAR} : (tensor<1x3x3x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x6x6x2xf32> loc("half")
  %b5 = tosa.const_shape {values = dense<5> : tensor<2xindex>} : () -> !tosa.shape<2>
  %odd = tosa.resize %0, %s2, %o1, %b5 {mode = NEAREST_NEIGHBOR} : (tensor<1x3x3x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x7x7x2xf32> loc("odd")
  %corners = tosa.resize %0, %s2, %o0, %o0 {mode = BILINEAR} : (tensor<1x3x3x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x5x5x2xf32> loc("corners")
  return %up, %half, %odd, %corners : tensor<1x6x6x2xf32>, tensor<1x6x6x2xf32>, tensor<1x7x7x2xf32>, tensor<1x5x5x2xf32>
}
