// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics %s
// What fuse.fuseconv refuses, one case a piece; the last by IRDL.

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': row weight is 2xf32; expected 2 dimensions}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf16>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': weight of f16; expected the input's f32}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf16>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': unknown attribute 'pad'; expected variant pad_row pad_col stride dilation}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64, pad = 1} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': pad_col isn't array<i64> of 2 values}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': stride[1] = -2; expected 1 to 2147483647}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, -2>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<3xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': row bias has 3 channels; expected 2}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<3xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': column bias has 3 channels; expected 2}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<3x3xf32>, %br: tensor<3xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': 3 row and 2 column filters; expected 4 together (half)}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<3x3xf32>, tensor<3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': 2 row and 2 column filters; expected 4 of each (full)}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "full", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': rows give 4x5, columns 4x6; expected the same size}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 0>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.fuseconv': result is 1x4x6x3xf32; expected 1x4x6x4}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x3xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x4xf32>, %wr: tensor<2x3xf32>, %br: tensor<2xf32>, %wc: tensor<2x3xf32>, %bc: tensor<2xf32>) {
  // expected-error@+1 {{does not satisfy the constraint}}
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "quarter", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x4xf32>, tensor<2x3xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x4xf32>
  return
}
