// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --stos-pad-channels=target=stosx-16 %s | FileCheck %s
// RUN: fuse-opt --split-input-file --stos-pad-channels=target=stosx-16 --stos-map=target=stosx-16 %s | FileCheck %s --check-prefix=MAP
// Words of 8 channels: a concatenation of 2 + 3 channels gets 8 + 8, from the convolutions before it to those behind it.

// CHECK-LABEL: func.func @between_convs
// The first convolution makes 8 channels of 2: six rows of its weights and six biases are zero.
// CHECK:         %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}1.000000e+00]]], {{\[\[\[}}0.000000e+00]]], {{.*}} : tensor<8x1x1x1xf32>}>
// CHECK:         %[[B:.*]] = "tosa.const"() <{values = dense<[5.000000e+00, 5.000000e+00, 0.000000e+00, {{.*}} : tensor<8xf32>}>
// CHECK:         %[[A:.*]] = tosa.conv2d %arg0, %[[W]], %[[B]], {{.*}} -> tensor<1x4x4x8xf32>
// CHECK:         %[[D:.*]] = "fuse.conv1d"(%[[A]], {{.*}} -> tensor<1x4x4x8xf32>
// CHECK:         %[[E:.*]] = tosa.conv2d {{.*}} -> tensor<1x4x4x8xf32>
// CHECK:         %[[C:.*]] = tosa.concat %[[D]], %[[E]] {axis = 3 : i32} : {{.*}} -> tensor<1x4x4x16xf32>
// A number for each channel is zero where there is none.
// CHECK:         %[[S:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}2.000000e+00, 2.000000e+00, 0.000000e+00, {{.*}} 2.000000e+00, 2.000000e+00, 2.000000e+00, 0.000000e+00, {{.*}} : tensor<1x1x1x16xf32>}>
// CHECK:         %[[M:.*]] = tosa.add %[[C]], %[[S]] : (tensor<1x4x4x16xf32>
// CHECK:         tosa.conv2d %[[M]], {{.*}} : (tensor<1x4x4x16xf32>, tensor<2x1x1x16xf32>, {{.*}} -> tensor<1x4x4x2xf32>
// Its weights are zero where the channels are.
// CHECK:         padded_1: "0x040000000000E0400000E0400000000000000000000000000000000000000000000000000000E0400000E0400000E04000000000
// MAP-LABEL:     func.func @between_convs
// MAP-NOT:       tosa.concat
// MAP:           "stos.concat"
func.func @between_convs(%x: tensor<1x4x4x1xf32>) -> tensor<1x4x4x2xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %wa = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x1xf32>}> : () -> tensor<2x1x1x1xf32>
  %ba = "tosa.const"() <{values = dense<5.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %a = tosa.conv2d %x, %wa, %ba, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %wd = "tosa.const"() <{values = dense<3.0> : tensor<2x3xf32>}> : () -> tensor<2x3xf32>
  %d = "fuse.conv1d"(%a, %wd, %ba) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64} : (tensor<1x4x4x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %we = "tosa.const"() <{values = dense<4.0> : tensor<3x1x1x1xf32>}> : () -> tensor<3x1x1x1xf32>
  %be = "tosa.const"() <{values = dense<6.0> : tensor<3xf32>}> : () -> tensor<3xf32>
  %e = tosa.conv2d %x, %we, %be, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<3x1x1x1xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  %c = tosa.concat %d, %e {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x3xf32>) -> tensor<1x4x4x5xf32>
  %s = "tosa.const"() <{values = dense<2.0> : tensor<1x1x1x5xf32>}> : () -> tensor<1x1x1x5xf32>
  %m = tosa.add %c, %s : (tensor<1x4x4x5xf32>, tensor<1x1x1x5xf32>) -> tensor<1x4x4x5xf32>
  %wy = "tosa.const"() <{values = dense<7.0> : tensor<2x1x1x5xf32>}> : () -> tensor<2x1x1x5xf32>
  %y = tosa.conv2d %m, %wy, %ba, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x5xf32>, tensor<2x1x1x5xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}

// -----

// A part is the function's input, and the result leaves the function: nothing changes.
// CHECK-LABEL: func.func @no_convs
// CHECK:         tosa.concat {{.*}} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
// MAP-LABEL:     func.func @no_convs
// MAP:           tosa.concat
func.func @no_convs(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %a = tosa.abs %x : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.concat %a, %x {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %c : tensor<1x4x4x4xf32>
}
