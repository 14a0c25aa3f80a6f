// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What can't be written as ONNX: every op is named in one run, those behind it are looked at as well, and no file is left.
// RUN: rm -f %t.onnx && not fuse-translate --export-onnx %s -o %t.onnx 2>&1 | FileCheck %s --implicit-check-not=error:
// RUN: test ! -e %t.onnx
// RUN: not fuse-opt --emit=onnx %s -o %t.onnx 2>&1 | FileCheck %s --implicit-check-not=error:
// RUN: test ! -e %t.onnx

func.func @main(%x: tensor<1x4x4x2xf32>, %q: tensor<1x4x4x2xi8>, %b: tensor<1xf32>) -> (tensor<1x4x4x3xi32>, tensor<1x4x4x2xf32>, tensor<1x4x4x2xi8>, tensor<1x4x4x3xf32>, tensor<1x4x4x2xi8>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %qz = "tosa.const"() <{values = dense<3> : tensor<1xi8>}> : () -> tensor<1xi8>
  %qw = "tosa.const"() <{values = dense<1> : tensor<3x1x1x2xi8>}> : () -> tensor<3x1x1x2xi8>
  %qb = "tosa.const"() <{values = dense<0> : tensor<3xi32>}> : () -> tensor<3xi32>
  // CHECK: net.onnx:node 7: error: 'quantised' (tosa.conv2d): not supported yet: element type i8; expected f32{{$}}
  %0 = tosa.conv2d %q, %qw, %qb, %qz, %qz {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xi8>, tensor<3x1x1x2xi8>, tensor<3xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x3xi32> loc("quantised"("net.onnx":7:0))
  // CHECK: refused.mlir:[[#@LINE+1]]:{{[0-9]+}}: error: 'tosa.minimum': not supported yet: nan_mode IGNORE
  %1 = tosa.minimum %x, %x {nan_mode = IGNORE} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  // CHECK: refused.mlir:[[#@LINE+1]]:{{[0-9]+}}: error: 'tosa.bitwise_not': not supported yet: writing this op as ONNX{{$}}
  %2 = tosa.bitwise_not %q : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  %w = "tosa.const"() <{values = dense<1.0> : tensor<3x1x1x2xf32>}> : () -> tensor<3x1x1x2xf32>
  // CHECK: refused.mlir:[[#@LINE+1]]:{{[0-9]+}}: error: 'tosa.conv2d': not supported yet: a bias of 1 numbers that aren't constant for 3 channels
  %3 = tosa.conv2d %1, %w, %b, %zero, %zero {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  // CHECK: refused.mlir:[[#@LINE+1]]:{{[0-9]+}}: error: 'tosa.clamp': not supported yet: element type i8; expected f32{{$}}
  %4 = tosa.clamp %q {min_val = -1 : i8, max_val = 1 : i8} : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x2xi8>
  return %0, %1, %2, %3, %4 : tensor<1x4x4x3xi32>, tensor<1x4x4x2xf32>, tensor<1x4x4x2xi8>, tensor<1x4x4x3xf32>, tensor<1x4x4x2xi8>
}
