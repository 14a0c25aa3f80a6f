// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a small rewritten network looks like as ONNX: channels first without a transpose, one node for a group of ops
// that was one operator, names of nodes from locations and of the border from the function, weights in ONNX's order.
// REQUIRES: onnxruntime
// RUN: fuse-translate --export-onnx %s -o %t.onnx
// RUN: %python %S/print_graph.py %t.onnx | FileCheck %s
// RUN: %python %S/round_trip.py --cc %cc %s

// CHECK:      model ir 8, opset '' 14, producer fuse, graph small, doc '' 'what it is'
// CHECK-NEXT: input image float[1, 2, 5, 6]
// CHECK-NEXT: initializer conv.bias float32[4] = 1, 1, 1, 1
// CHECK-NEXT: initializer conv.weight float32[4, 2, 1, 1] = 0, 4, 1, 5, 2, 6, 3, 7
// CHECK-NEXT: initializer clip.min float32[] = -1
// CHECK-NEXT: initializer clip.max float32[] = 6
// CHECK-NEXT: initializer fuse.sizes int64[2] = 3, 1
// CHECK-NEXT: initializer fuse.row.weight float32[3, 1, 1, 2] = 1, 2, 3, 4, 5, 6
// CHECK-NEXT: initializer fuse.col.bias float32[1] = 7
// CHECK-NEXT: initializer fuse.col.weight float32[1, 1, 3, 1] = 1, 2, 3
// CHECK-NEXT: initializer add.constant float32[1, 4, 1, 1] = 1, 2, 3, 4
// CHECK-NEXT: initializer dense.weight float32[2, 32] = 0, 1, 2, 3, 4, 5, 6, 7, ...
// conv reads the whole image: the line that was cut off is one that its stride never reaches.
// CHECK-NEXT: conv: conv = Conv(image, conv.weight, conv.bias) {kernel_shape=[1, 1], strides=[2, 2], pads=[0, 0, 0, 0], dilations=[1, 1], group=1}
// CHECK-NEXT: relu: relu = Relu(conv)
// CHECK-NEXT: clip: clip = Clip(relu, clip.min, clip.max)
// CHECK-NEXT: fuse.split: fuse.split, fuse.split.1 = Split(clip, fuse.sizes) {axis=1}
// CHECK-NEXT: fuse.row: fuse.row = Conv(fuse.split, fuse.row.weight) {kernel_shape=[1, 2], strides=[1, 1], pads=[0, 1, 0, 0], dilations=[1, 1], group=3}
// CHECK-NEXT: fuse.col: fuse.col = Conv(fuse.split.1, fuse.col.weight, fuse.col.bias) {kernel_shape=[3, 1], strides=[1, 1], pads=[1, 0, 1, 0], dilations=[1, 1], group=1}
// CHECK-NEXT: fuse: fuse = Concat(fuse.row, fuse.col) {axis=1}
// CHECK-NEXT: swish: swish = HardSwish(fuse)
// CHECK-NEXT: add: add = Add(swish, add.constant)
// CHECK-NEXT: repeat: repeat = Concat(add, swish) {axis=1}
// CHECK-NEXT: pool: pool = MaxPool(repeat) {kernel_shape=[2, 2], strides=[1, 1], pads=[0, 0, 0, 0]}
// CHECK-NEXT: flat: flat = Flatten(pool) {axis=1}
// CHECK-NEXT: dense: dense = Gemm(flat, dense.weight) {transB=1}
// CHECK-NEXT: soft: scores = Softmax(dense) {axis=1}
// An output that is an input as well, and one that is there twice.
// CHECK-NEXT: again: again = Identity(scores)
// CHECK-NEXT: output scores float[1, 2]
// CHECK-NEXT: output image float[1, 2, 5, 6]
// CHECK-NEXT: output again float[1, 2]
// CHECK-NOT: {{.}}
module attributes {onnx.graph_name = "small", onnx.graph_doc_string = "what it is"} {
func.func @main(%image: tensor<1x2x5x6xf32>) -> (tensor<1x2xf32>, tensor<1x2x5x6xf32>, tensor<1x2xf32>)
    attributes {fuse.inputs = ["image"], fuse.outputs = ["scores", "image", "again"]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.transpose %image {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x5x6xf32>) -> tensor<1x5x6x2xf32>
  %start = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 5, 5, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %cut = tosa.slice %0, %start, %size : (tensor<1x5x6x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x5x5x2xf32> loc("conv")
  %w = "tosa.const"() <{values = dense<[[[[0.0, 4.0]]], [[[1.0, 5.0]]], [[[2.0, 6.0]]], [[[3.0, 7.0]]]]> : tensor<4x1x1x2xf32>}> : () -> tensor<4x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %1 = tosa.conv2d %cut, %w, %b, %zero, %zero {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>}
     : (tensor<1x5x5x2xf32>, tensor<4x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x4xf32> loc("conv")
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32> loc("relu")
  %3 = tosa.clamp %2 {min_val = -1.0 : f32, max_val = 6.0 : f32} : (tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32> loc("clip")
  %wr = "tosa.const"() <{values = dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>}> : () -> tensor<3x2xf32>
  %br = "tosa.const"() <{values = dense<0.0> : tensor<3xf32>}> : () -> tensor<3xf32>
  %wc = "tosa.const"() <{values = dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>}> : () -> tensor<1x3xf32>
  %bc = "tosa.const"() <{values = dense<7.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %4 = "fuse.fuseconv"(%3, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 0>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64}
     : (tensor<1x3x3x4xf32>, tensor<3x2xf32>, tensor<3xf32>, tensor<1x3xf32>, tensor<1xf32>) -> tensor<1x3x3x4xf32> loc("fuse")
  %sixth = "tosa.const"() <{values = dense<0.16666667> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %half = "tosa.const"() <{values = dense<0.5> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %5 = tosa.mul %4, %sixth, %shift : (tensor<1x3x3x4xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x3x3x4xf32> loc("swish")
  %6 = tosa.add %5, %half : (tensor<1x3x3x4xf32>, tensor<1x1x1x1xf32>) -> tensor<1x3x3x4xf32> loc("swish")
  %7 = tosa.clamp %6 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32> loc("swish")
  %8 = tosa.mul %4, %7, %shift : (tensor<1x3x3x4xf32>, tensor<1x3x3x4xf32>, tensor<1xi8>) -> tensor<1x3x3x4xf32> loc("swish")
  %c = "tosa.const"() <{values = dense<[[[[1.0, 2.0, 3.0, 4.0]]]]> : tensor<1x1x1x4xf32>}> : () -> tensor<1x1x1x4xf32>
  %9 = tosa.add %8, %c : (tensor<1x3x3x4xf32>, tensor<1x1x1x4xf32>) -> tensor<1x3x3x4xf32> loc("add")
  %10 = tosa.concat %9, %8 {axis = 3 : i32} : (tensor<1x3x3x4xf32>, tensor<1x3x3x4xf32>) -> tensor<1x3x3x8xf32> loc("repeat")
  %11 = tosa.max_pool2d %10 {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x3x3x8xf32>) -> tensor<1x2x2x8xf32> loc("pool")
  %row = tosa.const_shape {values = dense<[1, 1, 1, 32]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %12 = tosa.reshape %11, %row : (tensor<1x2x2x8xf32>, !tosa.shape<4>) -> tensor<1x1x1x32xf32> loc("flat")
  %wd = "tosa.const"() <{values = dense<[[[[0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 1.0, 5.0, 9.0, 13.0, 17.0, 21.0, 25.0, 29.0, 2.0, 6.0, 10.0, 14.0, 18.0, 22.0, 26.0, 30.0, 3.0, 7.0, 11.0, 15.0, 19.0, 23.0, 27.0, 31.0]]], [[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]]]> : tensor<2x1x1x32xf32>}> : () -> tensor<2x1x1x32xf32>
  %bd = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %13 = tosa.conv2d %12, %wd, %bd, %zero, %zero {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
     : (tensor<1x1x1x32xf32>, tensor<2x1x1x32xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32> loc("dense")
  %two = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %14 = tosa.reshape %13, %two : (tensor<1x1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32> loc("dense")
  %15 = tosa.reduce_max %14 {axis = 1 : i32} : (tensor<1x2xf32>) -> tensor<1x1xf32> loc("soft")
  %16 = tosa.sub %14, %15 : (tensor<1x2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32> loc("soft")
  %17 = tosa.exp %16 : (tensor<1x2xf32>) -> tensor<1x2xf32> loc("soft")
  %18 = tosa.reduce_sum %17 {axis = 1 : i32} : (tensor<1x2xf32>) -> tensor<1x1xf32> loc("soft")
  %19 = tosa.reciprocal %18 : (tensor<1x1xf32>) -> tensor<1x1xf32> loc("soft")
  %20 = tosa.mul %17, %19, %shift : (tensor<1x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x2xf32> loc("soft")
  return %20, %image, %20 : tensor<1x2xf32>, tensor<1x2x5x6xf32>, tensor<1x2xf32>
}
}
