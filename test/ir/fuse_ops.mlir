// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt %s | FileCheck %s
// RUN: fuse-opt %s | fuse-opt | FileCheck %s
// RUN: fuse-opt --emit-bytecode %s | fuse-opt --mlir-print-debuginfo=false | FileCheck %s
// Stock mlir-opt reads it with the dialect's file.
// RUN: mlir-opt --irdl-file=%source/lib/ir/fuse.irdl.mlir %s | FileCheck %s
// What the ops accept: odd sizes (rounded down), unequal pads, strides, dilation, a filter as large as the padded input, both element types.

// CHECK-LABEL: func.func @dwconv2d
// CHECK-NEXT:    "fuse.dwconv2d"(%{{.*}}, %{{.*}}, %{{.*}}) {dilation = array<i64: 1, 2>, pad = array<i64: 0, 0, 2, 3>, stride = array<i64: 2, 1>} : (tensor<2x8x9x3xf32>, tensor<3x5x3xf32>, tensor<3xf32>) -> tensor<2x3x6x3xf32>
func.func @dwconv2d(%x: tensor<2x8x9x3xf32>, %w: tensor<3x5x3xf32>, %b: tensor<3xf32>) -> tensor<2x3x6x3xf32> {
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 0, 0, 2, 3>, stride = array<i64: 2, 1>, dilation = array<i64: 1, 2>}
     : (tensor<2x8x9x3xf32>, tensor<3x5x3xf32>, tensor<3xf32>) -> tensor<2x3x6x3xf32>
  return %y : tensor<2x3x6x3xf32>
}

// CHECK-LABEL: func.func @dwconv2d_i8
// CHECK-NEXT:    "fuse.dwconv2d"{{.*}} {dilation = array<i64: 1, 1>, input_zp = -128 : i64, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, weight_zp = 127 : i64} : (tensor<1x3x3x2xi8>, tensor<3x3x2xi8>, tensor<2xi32>) -> tensor<1x1x1x2xi32>
func.func @dwconv2d_i8(%x: tensor<1x3x3x2xi8>, %w: tensor<3x3x2xi8>, %b: tensor<2xi32>) -> tensor<1x1x1x2xi32> {
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, input_zp = -128 : i64, weight_zp = 127 : i64}
     : (tensor<1x3x3x2xi8>, tensor<3x3x2xi8>, tensor<2xi32>) -> tensor<1x1x1x2xi32>
  return %y : tensor<1x1x1x2xi32>
}

// The filter runs along W, and the stride skips lines too.
// CHECK-LABEL: func.func @row
// CHECK-NEXT:    "fuse.conv1d"{{.*}} {axis = "row", {{.*}}-> tensor<1x4x5x4xf32>
func.func @row(%x: tensor<1x7x9x4xf32>, %w: tensor<4x3xf32>, %b: tensor<4xf32>) -> tensor<1x4x5x4xf32> {
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 2, 2>, dilation = 1 : i64}
     : (tensor<1x7x9x4xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<1x4x5x4xf32>
  return %y : tensor<1x4x5x4xf32>
}

// CHECK-LABEL: func.func @col
// CHECK-NEXT:    "fuse.conv1d"{{.*}} {axis = "col", {{.*}}-> tensor<1x5x5x4xi32>
func.func @col(%x: tensor<1x7x9x4xi8>, %w: tensor<4x2xi8>, %b: tensor<4xi32>) -> tensor<1x5x5x4xi32> {
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "col", pad = array<i64: 0, 1>, stride = array<i64: 1, 2>, dilation = 3 : i64, input_zp = 0 : i64, weight_zp = 0 : i64}
     : (tensor<1x7x9x4xi8>, tensor<4x2xi8>, tensor<4xi32>) -> tensor<1x5x5x4xi32>
  return %y : tensor<1x5x5x4xi32>
}

// The groups may have filters of different lengths.
// CHECK-LABEL: func.func @half
// CHECK-NEXT:    "fuse.fuseconv"{{.*}} variant = "half"{{.*}}-> tensor<1x8x8x5xf32>
func.func @half(%x: tensor<1x8x8x5xf32>, %wr: tensor<3x3xf32>, %br: tensor<3xf32>, %wc: tensor<2x5xf32>, %bc: tensor<2xf32>) -> tensor<1x8x8x5xf32> {
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 2, 2>, stride = array<i64: 1, 1>, dilation = 1 : i64}
     : (tensor<1x8x8x5xf32>, tensor<3x3xf32>, tensor<3xf32>, tensor<2x5xf32>, tensor<2xf32>) -> tensor<1x8x8x5xf32>
  return %y : tensor<1x8x8x5xf32>
}
