// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics %s
// What fuse.conv1d refuses, one case a piece; the last two by IRDL.

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x3x1xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': weight is 2x3x1xf32; expected 2 dimensions}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x3x1xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': unknown attribute 'bias'; expected axis pad stride dilation}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64, bias = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xi8>, %w: tensor<2x3xi8>, %b: tensor<2xi32>) {
  // expected-error@+1 {{'fuse.conv1d': input_zp isn't an integer}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xi8>, tensor<2x3xi8>, tensor<2xi32>) -> tensor<1x4x6x2xi32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': pad isn't array<i64> of 2 values}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': dilation = 0; expected 1 to 2147483647}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 0 : i64} : (tensor<1x4x6x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<3x3xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': weight has 3 channels; expected 2}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<3x3xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x3xf32>, %b: tensor<4xf32>) {
  // expected-error@+1 {{'fuse.conv1d': bias has 4 channels; expected 2}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x3xf32>, tensor<4xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x4xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': result is 1x4x6x2xf32; expected 1x4x5x2}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x4xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': result is 1x4x6x2xf32; expected 1x3x6x2}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "col", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x7xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.conv1d': the filter is larger than the padded input}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "col", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x7xf32>, tensor<2xf32>) -> tensor<1x1x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{does not satisfy the constraint}}
  %y = "fuse.conv1d"(%x, %w, %b) {axis = "diagonal", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x6x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x6x2xf32>, %w: tensor<2x3xf32>) {
  // expected-error@+1 {{op expects exactly 3 operands, but got 2}}
  %y = "fuse.conv1d"(%x, %w) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x6x2xf32>, tensor<2x3xf32>) -> tensor<1x4x6x2xf32>
  return
}
