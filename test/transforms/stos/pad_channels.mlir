// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --stos-pad-channels=target=stosx-16 %s | FileCheck %s
// RUN: fuse-opt --split-input-file --stos-pad-channels=target=stosx-16 --stos-map=target=stosx-16 %s | FileCheck %s --check-prefix=MAP
// Words of 8 channels: a concatenation or a split of 2 + 3 channels gets 8 + 8, from the convolutions before it to those behind it.

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

// -----

// A split in 2 + 3 channels of i8: the slices begin at words. Weights of the padding lanes are the weights' zero point, 3 and 5;
// their factors are 0 and their shifts those of the first channel.
// CHECK-LABEL: func.func @split_i8
// CHECK-DAG:     %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1]]], {{\[\[\[}}1]]], {{\[\[\[}}3]]], {{\[\[\[}}3]]], {{\[\[\[}}3]]], {{\[\[\[}}3]]], {{\[\[\[}}3]]], {{\[\[\[}}3]]], {{\[\[\[}}1]]], {{\[\[\[}}1]]], {{\[\[\[}}1]]], {{\[\[\[}}3]]], {{.*}} : tensor<16x1x1x1xi8>}>
// CHECK:         %[[A:.*]] = tosa.conv2d %arg0, %[[W]], {{.*}} -> tensor<1x4x4x16xi32>
// CHECK-DAG:     %[[MULT:.*]] = "tosa.const"() <{values = dense<[1073741824, 1073741825, 0, 0, 0, 0, 0, 0, 1073741826, 1073741827, 1073741828, 0, 0, 0, 0, 0]> : tensor<16xi32>}>
// CHECK-DAG:     %[[SHIFT:.*]] = "tosa.const"() <{values = dense<[34, 35, 34, 34, 34, 34, 34, 34, 36, 37, 38, 34, 34, 34, 34, 34]> : tensor<16xi8>}>
// CHECK:         %[[X:.*]] = tosa.rescale %[[A]], %[[MULT]], %[[SHIFT]], {{.*}} -> tensor<1x4x4x16xi8>
// CHECK:         %[[T:.*]] = tosa.table %[[X]], {{.*}} -> tensor<1x4x4x16xi8>
// CHECK-DAG:     %[[AT0:.*]] = tosa.const_shape {values = dense<0> : tensor<4xindex>}
// CHECK-DAG:     %[[SIZE0:.*]] = tosa.const_shape {values = dense<[1, 4, 4, 8]>
// CHECK:         %[[R:.*]] = tosa.slice %[[T]], %[[AT0]], %[[SIZE0]] : {{.*}} -> tensor<1x4x4x8xi8>
// CHECK-DAG:     %[[AT1:.*]] = tosa.const_shape {values = dense<[0, 0, 0, 8]>
// CHECK-DAG:     %[[SIZE1:.*]] = tosa.const_shape {values = dense<[1, 4, 4, 8]>
// CHECK:         %[[C:.*]] = tosa.slice %[[T]], %[[AT1]], %[[SIZE1]] : {{.*}} -> tensor<1x4x4x8xi8>
// CHECK:         %[[WR:.*]] = "tosa.const"() <{values = dense<{{\[\[}}2, 2, 2], [2, 2, 2], [5, 5, 5], {{.*}} : tensor<8x3xi8>}>
// CHECK:         "fuse.conv1d"(%[[R]], %[[WR]], {{.*}} -> tensor<1x4x4x8xi32>
// CHECK:         tosa.concat {{.*}} -> tensor<1x4x4x16xi8>
// CHECK:         tosa.reduce_sum {{.*}} -> tensor<1x1x4x16xi32>
// CHECK:         tosa.conv2d {{.*}} : (tensor<1x1x1x16xi8>, tensor<2x1x1x16xi8>, {{.*}} -> tensor<1x1x1x2xi32>
// MAP-LABEL:     func.func @split_i8
// MAP-NOT:       tosa.{{concat|slice|conv2d}}
// MAP:           "stos.slice"
// MAP:           "stos.concat"
func.func @split_i8(%x: tensor<1x4x4x1xi8>) -> tensor<1x2x1x1xi8> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %wz = "tosa.const"() <{values = dense<3> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %wa = "tosa.const"() <{values = dense<1> : tensor<5x1x1x1xi8>}> : () -> tensor<5x1x1x1xi8>
  %ba = "tosa.const"() <{values = dense<7> : tensor<5xi32>}> : () -> tensor<5xi32>
  %a = tosa.conv2d %x, %wa, %ba, %z, %wz {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x1xi8>, tensor<5x1x1x1xi8>, tensor<5xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x5xi32>
  %ma = "tosa.const"() <{values = dense<[1073741824, 1073741825, 1073741826, 1073741827, 1073741828]> : tensor<5xi32>}> : () -> tensor<5xi32>
  %sa = "tosa.const"() <{values = dense<[34, 35, 36, 37, 38]> : tensor<5xi8>}> : () -> tensor<5xi8>
  %q = tosa.rescale %a, %ma, %sa, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = true, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x5xi32>, tensor<5xi32>, tensor<5xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x5xi8>
  %table = "tosa.const"() <{values = dense<9> : tensor<256xi8>}> : () -> tensor<256xi8>
  %t = tosa.table %q, %table : (tensor<1x4x4x5xi8>, tensor<256xi8>) -> tensor<1x4x4x5xi8>
  %at0 = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size0 = tosa.const_shape {values = dense<[1, 4, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %r = tosa.slice %t, %at0, %size0 : (tensor<1x4x4x5xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x2xi8>
  %at1 = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size1 = tosa.const_shape {values = dense<[1, 4, 4, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %c = tosa.slice %t, %at1, %size1 : (tensor<1x4x4x5xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x3xi8>
  %wr = "tosa.const"() <{values = dense<2> : tensor<2x3xi8>}> : () -> tensor<2x3xi8>
  %br = "tosa.const"() <{values = dense<7> : tensor<2xi32>}> : () -> tensor<2xi32>
  %r32 = "fuse.conv1d"(%r, %wr, %br) {axis = "row", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64, input_zp = 0 : i64, weight_zp = 5 : i64} : (tensor<1x4x4x2xi8>, tensor<2x3xi8>, tensor<2xi32>) -> tensor<1x4x4x2xi32>
  %wc = "tosa.const"() <{values = dense<2> : tensor<3x3xi8>}> : () -> tensor<3x3xi8>
  %bc = "tosa.const"() <{values = dense<7> : tensor<3xi32>}> : () -> tensor<3xi32>
  %c32 = "fuse.conv1d"(%c, %wc, %bc) {axis = "col", pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64, input_zp = 0 : i64, weight_zp = 0 : i64} : (tensor<1x4x4x3xi8>, tensor<3x3xi8>, tensor<3xi32>) -> tensor<1x4x4x3xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s = "tosa.const"() <{values = dense<33> : tensor<1xi8>}> : () -> tensor<1xi8>
  %r8 = tosa.rescale %r32, %m, %s, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x2xi8>
  %c8 = tosa.rescale %c32, %m, %s, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x3xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x3xi8>
  %both = tosa.concat %r8, %c8 {axis = 3 : i32} : (tensor<1x4x4x2xi8>, tensor<1x4x4x3xi8>) -> tensor<1x4x4x5xi8>
  %unity = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %wide = tosa.rescale %both, %m, %unity, %z, %z32 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x4x4x5xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x5xi32>
  %lines = tosa.reduce_sum %wide {axis = 1 : i32} : (tensor<1x4x4x5xi32>) -> tensor<1x1x4x5xi32>
  %sum = tosa.reduce_sum %lines {axis = 2 : i32} : (tensor<1x1x4x5xi32>) -> tensor<1x1x1x5xi32>
  %mean = tosa.rescale %sum, %m, %s, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x1x1x5xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x1x5xi8>
  %wy = "tosa.const"() <{values = dense<4> : tensor<2x1x1x5xi8>}> : () -> tensor<2x1x1x5xi8>
  %y32 = tosa.conv2d %mean, %wy, %br, %z, %wz {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x5xi8>, tensor<2x1x1x5xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x2xi32>
  %y8 = tosa.rescale %y32, %m, %s, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false} : (tensor<1x1x1x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x1x2xi8>
  %y = tosa.transpose %y8 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x1x1x2xi8>) -> tensor<1x2x1x1xi8>
  return %y : tensor<1x2x1x1xi8>
}

// -----

// Slices that overlap, 0 to 3 and 2 to 5: three parts of 2, 1 and 2 channels, two of them in each slice.
// CHECK-LABEL: func.func @overlap
// CHECK:         tosa.conv2d {{.*}} -> tensor<1x4x4x24xf32>
// CHECK:         tosa.const_shape {values = dense<[1, 4, 4, 16]>
// CHECK:         tosa.slice {{.*}} -> tensor<1x4x4x16xf32>
// CHECK:         tosa.const_shape {values = dense<[0, 0, 0, 8]>
// CHECK:         tosa.slice {{.*}} -> tensor<1x4x4x16xf32>
// CHECK:         tosa.conv2d {{.*}} : (tensor<1x4x4x16xf32>, tensor<5x1x1x16xf32>
// MAP-LABEL:     func.func @overlap
// MAP-NOT:       tosa.slice
func.func @overlap(%x: tensor<1x4x4x1xf32>) -> tensor<1x4x4x5xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %b = "tosa.const"() <{values = dense<5.0> : tensor<5xf32>}> : () -> tensor<5xf32>
  %wa = "tosa.const"() <{values = dense<1.0> : tensor<5x1x1x1xf32>}> : () -> tensor<5x1x1x1xf32>
  %a = tosa.conv2d %x, %wa, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<5x1x1x1xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x5xf32>
  %size = tosa.const_shape {values = dense<[1, 4, 4, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %at0 = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %at1 = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %s0 = tosa.slice %a, %at0, %size : (tensor<1x4x4x5xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x3xf32>
  %s1 = tosa.slice %a, %at1, %size : (tensor<1x4x4x5xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x3xf32>
  %sum = tosa.add %s0, %s0 : (tensor<1x4x4x3xf32>, tensor<1x4x4x3xf32>) -> tensor<1x4x4x3xf32>
  %wy = "tosa.const"() <{values = dense<7.0> : tensor<5x1x1x3xf32>}> : () -> tensor<5x1x1x3xf32>
  %y0 = tosa.conv2d %sum, %wy, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x3xf32>, tensor<5x1x1x3xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x5xf32>
  %y1 = tosa.conv2d %s1, %wy, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x3xf32>, tensor<5x1x1x3xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x5xf32>
  %y = tosa.add %y0, %y1 : (tensor<1x4x4x5xf32>, tensor<1x4x4x5xf32>) -> tensor<1x4x4x5xf32>
  return %y : tensor<1x4x4x5xf32>
}

// -----

// The network's bytes are cut where no word ends: nobody can pad what comes from outside, whatever its type.
// CHECK-LABEL: func.func @outside
// CHECK:         tosa.rescale {{.*}} : (tensor<1x4x4x8xui8>, {{.*}} -> tensor<1x4x4x8xi8>
// CHECK:         tosa.slice {{.*}} -> tensor<1x4x4x4xi8>
// CHECK:         tosa.conv2d {{.*}} : (tensor<1x4x4x4xi8>, tensor<8x1x1x4xi8>
// MAP-LABEL:     func.func @outside
func.func @outside(%x: tensor<1x4x4x8xui8>) -> tensor<1x4x4x8xi32> {
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %n = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %from = "tosa.const"() <{values = dense<128> : tensor<1xui8>}> : () -> tensor<1xui8>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %b = "tosa.const"() <{values = dense<5> : tensor<8xi32>}> : () -> tensor<8xi32>
  %w = "tosa.const"() <{values = dense<1> : tensor<8x1x1x4xi8>}> : () -> tensor<8x1x1x4xi8>
  %i = tosa.rescale %x, %m, %n, %from, %z {input_unsigned = true, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x4x4x8xui8>, tensor<1xi32>, tensor<1xi8>, tensor<1xui8>, tensor<1xi8>) -> tensor<1x4x4x8xi8>
  %at = tosa.const_shape {values = dense<[0, 0, 0, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 4, 4, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %s = tosa.slice %i, %at, %size : (tensor<1x4x4x8xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x4x4xi8>
  %y = tosa.conv2d %s, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x8xi32>
  return %y : tensor<1x4x4x8xi32>
}
