// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics %s
// What fuse.dwconv2d refuses, one case a piece.

func.func @f(%x: tensor<4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': input is 4x4x2xf32; expected 4 dimensions}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x?x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': input has an unknown size or element type; expected a static tensor}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x?x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xi7>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': weight has an unknown size or element type}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xi7>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2x1xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': weight is 3x3x2x1xf32; expected 3 dimensions}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x0x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': input is 1x0x4x2xf32; expected dimensions from 1 to 2147483647}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x0x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf64>, %w: tensor<3x3x2xf64>, %b: tensor<2xf64>) {
  // expected-error@+1 {{'fuse.dwconv2d': input of f64; expected f32 or i8}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf64>, tensor<3x3x2xf64>, tensor<2xf64>) -> tensor<1x4x4x2xf64>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf16>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': weight of f16; expected the input's f32}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf16>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xi8>, %w: tensor<3x3x2xi8>, %b: tensor<2xi8>) {
  // expected-error@+1 {{'fuse.dwconv2d': bias of i8; expected i32}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, input_zp = 0 : i64, weight_zp = 0 : i64} : (tensor<1x4x4x2xi8>, tensor<3x3x2xi8>, tensor<2xi8>) -> tensor<1x4x4x2xi32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xi8>, %w: tensor<3x3x2xi8>, %b: tensor<2xi32>) {
  // expected-error@+1 {{'fuse.dwconv2d': result of i8; expected i32}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, input_zp = 0 : i64, weight_zp = 0 : i64} : (tensor<1x4x4x2xi8>, tensor<3x3x2xi8>, tensor<2xi32>) -> tensor<1x4x4x2xi8>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': unknown attribute 'input_zp'; expected pad stride dilation}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, input_zp = 0 : i64, weight_zp = 0 : i64} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xi8>, %w: tensor<3x3x2xi8>, %b: tensor<2xi32>) {
  // expected-error@+1 {{'fuse.dwconv2d': unknown attribute 'colour'; expected pad stride dilation input_zp weight_zp}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, input_zp = 0 : i64, weight_zp = 0 : i64, colour = "red"} : (tensor<1x4x4x2xi8>, tensor<3x3x2xi8>, tensor<2xi32>) -> tensor<1x4x4x2xi32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xi8>, %w: tensor<3x3x2xi8>, %b: tensor<2xi32>) {
  // expected-error@+1 {{'fuse.dwconv2d': input_zp isn't an integer; expected one}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xi8>, tensor<3x3x2xi8>, tensor<2xi32>) -> tensor<1x4x4x2xi32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xi8>, %w: tensor<3x3x2xi8>, %b: tensor<2xi32>) {
  // expected-error@+1 {{'fuse.dwconv2d': weight_zp = 128; expected -128 to 127}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, input_zp = 0 : i64, weight_zp = 128 : i64} : (tensor<1x4x4x2xi8>, tensor<3x3x2xi8>, tensor<2xi32>) -> tensor<1x4x4x2xi32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': pad isn't array<i64> of 4 values; expected that}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': pad isn't array<i64> of 4 values; expected that}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i32: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': pad[2] = -1; expected 0 to 2147483647}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, -1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': stride[0] = 0; expected 1 to 2147483647}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 0, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': dilation[1] = 9223372036854775807; expected 1 to 2147483647}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 9223372036854775807>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x3xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': weight has 3 channels; expected 2}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x3xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<1xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': bias has 1 channels; expected 2}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<7x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': the filter is larger than the padded input; expected it to fit}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<7x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': result is 1x4x4x2xf32; expected 1x4x3x2}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{'fuse.dwconv2d': result is 2x4x4x2xf32; expected 1x4x4x2}}
  %y = "fuse.dwconv2d"(%x, %w, %b) {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>, tensor<2xf32>) -> tensor<2x4x4x2xf32>
  return
}
