// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --fuse-rewrite="mode=full report=%t.full" %s 2>/dev/null | FileCheck %s --check-prefix=IR --implicit-check-not=depthwise
// RUN: FileCheck %s --check-prefixes=WHY,FULL --implicit-check-not='"why"' < %t.full
// RUN: fuse-opt --fuse-rewrite="mode=half report=%t.half" %s > /dev/null 2>&1
// RUN: FileCheck %s --check-prefixes=WHY,HALF --implicit-check-not='"why"' < %t.half
// What half and full can't take stays exact; the report says why.

// WHY: "why": "kept exact: half and full are for f32 weights"
// IR-LABEL: func.func @i8
// IR:       "fuse.dwconv2d"
func.func @i8(%x: tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi32> {
  %y_z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %y_w = "tosa.const"() {values = dense<2> : tensor<3x3x2x1xi8>} : () -> tensor<3x3x2x1xi8>
  %y_b = "tosa.const"() {values = dense<2> : tensor<2xi32>} : () -> tensor<2xi32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = i32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xi8>, tensor<3x3x2x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x2xi32>
  return %y : tensor<1x4x4x2xi32>
}

// WHY: "why": "kept exact: the kernel isn't larger than a line"
// IR-LABEL: func.func @point
// IR:       "fuse.dwconv2d"
func.func @point(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<1x1x2x1xf32>} : () -> tensor<1x1x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  return %r : tensor<1x4x4x3xf32>
}

// WHY: "why": "kept exact: the kernel isn't larger than a line"
// IR-LABEL: func.func @line
// IR:       "fuse.dwconv2d"
func.func @line(%x: tensor<1x4x4x2xf32>) -> tensor<1x6x4x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<1x3x2x1xf32>} : () -> tensor<1x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x6x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x4x3xf32>
  return %r : tensor<1x6x4x3xf32>
}

// WHY: "why": "kept exact: an even kernel has no middle line"
// IR-LABEL: func.func @even
// IR:       "fuse.dwconv2d"
func.func @even(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<2x3x2x1xf32>} : () -> tensor<2x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  return %r : tensor<1x4x4x3xf32>
}

// WHY: "why": "kept exact: the kernel is larger than 63"
// IR-LABEL: func.func @large
// IR:       "fuse.dwconv2d"
func.func @large(%x: tensor<1x4x70x2xf32>) -> tensor<1x4x70x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x65x2x1xf32>} : () -> tensor<3x65x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 32, 32>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x70x2xf32>, tensor<3x65x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x70x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x70x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x70x3xf32>
  return %r : tensor<1x4x70x3xf32>
}

// WHY: "why": "kept exact: a FuSeConv layer has one dilation"
// IR-LABEL: func.func @dilation
// IR:       "fuse.dwconv2d"
func.func @dilation(%x: tensor<1x6x6x2xf32>) -> tensor<1x6x6x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 2, 2>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 2>} : (tensor<1x6x6x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x3xf32>
  return %r : tensor<1x6x6x3xf32>
}

// WHY: "why": "kept exact: the padding isn't half the kernel"
// IR-LABEL: func.func @valid
// IR:       "fuse.dwconv2d"
func.func @valid(%x: tensor<1x6x6x2xf32>) -> tensor<1x4x4x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  return %r : tensor<1x4x4x3xf32>
}

// WHY: "why": "kept exact: the padding isn't half the kernel"
// IR-LABEL: func.func @uneven
// IR:       "fuse.dwconv2d"
func.func @uneven(%x: tensor<1x6x6x2xf32>) -> tensor<1x7x6x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 2, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x6x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x7x6x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x6x3xf32>
  return %r : tensor<1x7x6x3xf32>
}

// The network's result.
// FULL: "why": "kept exact: full needs a 1x1 convolution next, behind at most an activation"
// HALF: "why": "other weights by least squares; an approximation, since an activation or another op follows"
// IR-LABEL: func.func @nothing
// IR:       "fuse.dwconv2d"
func.func @nothing(%x: tensor<1x4x4x2xf32>) -> (tensor<1x4x4x2xf32>) {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}

// A second use.
// FULL: "why": "kept exact: full needs a 1x1 convolution next, behind at most an activation"
// HALF: "why": "other weights by least squares; an approximation, since an activation or another op follows"
// IR-LABEL: func.func @two_users
// IR:       "fuse.dwconv2d"
func.func @two_users(%x: tensor<1x4x4x2xf32>) -> (tensor<1x4x4x3xf32>, tensor<1x4x4x2xf32>) {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  %s = tosa.clamp %y {max_val = 6.0 : f32, min_val = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %r, %s : tensor<1x4x4x3xf32>, tensor<1x4x4x2xf32>
}

// The same the other way round.
// FULL: "why": "kept exact: full needs a 1x1 convolution next, behind at most an activation"
// HALF: "why": "other weights by least squares; an approximation, since an activation or another op follows"
// IR-LABEL: func.func @two_users_again
// IR:       "fuse.dwconv2d"
func.func @two_users_again(%x: tensor<1x4x4x2xf32>) -> (tensor<1x4x4x3xf32>, tensor<1x4x4x2xf32>) {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %s = tosa.clamp %y {max_val = 6.0 : f32, min_val = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  return %r, %s : tensor<1x4x4x3xf32>, tensor<1x4x4x2xf32>
}

// A gate from elsewhere.
// FULL: "why": "kept exact: full needs a 1x1 convolution next, behind at most an activation"
// HALF: "why": "other weights by least squares; an approximation, since an activation or another op follows"
// IR-LABEL: func.func @gated
// IR:       "fuse.dwconv2d"
func.func @gated(%x: tensor<1x4x4x2xf32>) -> (tensor<1x4x4x3xf32>) {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %s = tosa.mul %y, %x, %shift : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %s, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  return %r : tensor<1x4x4x3xf32>
}

// A larger convolution.
// FULL: "why": "kept exact: full needs a 1x1 convolution next, behind at most an activation"
// HALF: "why": "other weights by least squares; an approximation, since an activation or another op follows"
// IR-LABEL: func.func @larger
// IR:       "fuse.dwconv2d"
func.func @larger(%x: tensor<1x4x4x2xf32>) -> (tensor<1x3x4x3xf32>) {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x2x1x2xf32>} : () -> tensor<3x2x1x2xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x2x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4x3xf32>
  return %r : tensor<1x3x4x3xf32>
}

// Full takes one channel.
// HALF: "why": "kept exact: one channel has no halves"
// FULL: "why": "other weights by least squares"
func.func @one(%x: tensor<1x4x4x1xf32>) -> tensor<1x4x4x3xf32> {
  %y_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y_w = "tosa.const"() {values = dense<0.5> : tensor<3x3x1x1xf32>} : () -> tensor<3x3x1x1xf32>
  %y_b = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %y_w, %y_b, %y_z, %y_z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<3x3x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %r_z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %r_v = "tosa.const"() {values = dense<0.25> : tensor<3x1x1x1xf32>} : () -> tensor<3x1x1x1xf32>
  %r_c = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %y, %r_v, %r_c, %r_z, %r_z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<3x1x1x1xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  return %r : tensor<1x4x4x3xf32>
}
