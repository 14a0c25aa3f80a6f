// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --fuse-rewrite=mode=recognize --mlir-print-debuginfo=false %s | FileCheck %s
// Depthwise convolutions with one line of taps, alone and in pairs.

// The halves of one value, odd number of channels: three rows, two columns. The weights are transposed to channel, tap.
// CHECK-LABEL: func.func @half
// CHECK-SAME:    (%[[X:.*]]: tensor<1x6x6x5xf32>)
// CHECK-DAG:     %[[BR:.*]] = "tosa.const"() <{values = dense<[1.000000e-01, 2.000000e-01, 3.000000e-01]>
// CHECK-DAG:     %[[BC:.*]] = "tosa.const"() <{values = dense<[4.000000e-01, 5.000000e-01]>
// CHECK-DAG:     %[[WR:.*]] = "tosa.const"() <{values = dense<{{\[\[}}1.000000e+00, 4.000000e+00, 7.000000e+00], [2.000000e+00, 5.000000e+00, 8.000000e+00], [3.000000e+00, 6.000000e+00, 9.000000e+00]]>
// CHECK-DAG:     %[[WC:.*]] = "tosa.const"() <{values = dense<{{\[\[}}1.000000e+01, 1.200000e+01, 1.400000e+01], [1.100000e+01, 1.300000e+01, 1.500000e+01]]>
// CHECK:         %[[Y:.*]] = "fuse.fuseconv"(%[[X]], %[[WR]], %[[BR]], %[[WC]], %[[BC]]) {dilation = 2 : i64, pad_col = array<i64: 2, 2>, pad_row = array<i64: 1, 3>, stride = array<i64: 1, 1>, variant = "half"} : {{.*}} -> tensor<1x6x6x5xf32>
// CHECK-NEXT:    return %[[Y]]
func.func @half(%x: tensor<1x6x6x5xf32>) -> tensor<1x6x6x5xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s0 = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n0 = tosa.const_shape {values = dense<[1, 6, 6, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %s1 = tosa.const_shape {values = dense<[0, 0, 0, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %n1 = tosa.const_shape {values = dense<[1, 6, 6, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %xr = tosa.slice %x, %s0, %n0 : (tensor<1x6x6x5xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x6x6x3xf32>
  %xc = tosa.slice %x, %s1, %n1 : (tensor<1x6x6x5xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x6x6x2xf32>
  %wr = "tosa.const"() {values = dense<[[[[1.], [2.], [3.]], [[4.], [5.], [6.]], [[7.], [8.], [9.]]]]> : tensor<1x3x3x1xf32>} : () -> tensor<1x3x3x1xf32>
  %wc = "tosa.const"() {values = dense<[[[[10.], [11.]]], [[[12.], [13.]]], [[[14.], [15.]]]]> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %br = "tosa.const"() {values = dense<[0.1, 0.2, 0.3]> : tensor<3xf32>} : () -> tensor<3xf32>
  %bc = "tosa.const"() {values = dense<[0.4, 0.5]> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = tosa.depthwise_conv2d %xr, %wr, %br, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 1, 3>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 2>} : (tensor<1x6x6x3xf32>, tensor<1x3x3x1xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x3xf32>
  %c = tosa.depthwise_conv2d %xc, %wc, %bc, %z, %z {acc_type = f32, pad = array<i64: 2, 2, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 2, 1>} : (tensor<1x6x6x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x6x6x3xf32>, tensor<1x6x6x2xf32>) -> tensor<1x6x6x5xf32>
  return %y : tensor<1x6x6x5xf32>
}

// -----

// Full; the one bias of the columns is spread. The hard-swish of both branches goes behind the concatenation.
// CHECK-LABEL: func.func @full
// CHECK-SAME:    (%[[X:.*]]: tensor<1x4x4x2xf32>)
// CHECK-DAG:     %[[THREE:.*]] = "tosa.const"() <{values = dense<3.000000e+00> : tensor<1x1x1x1xf32>}>
// CHECK-DAG:     %[[BC:.*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<2xf32>}>
// CHECK:         %[[Y:.*]] = "fuse.fuseconv"(%[[X]], %{{.*}}, %{{.*}}, %{{.*}}, %[[BC]]) {dilation = 1 : i64, pad_col = array<i64: 1, 1>, pad_row = array<i64: 2, 2>, stride = array<i64: 1, 1>, variant = "full"} : {{.*}} -> tensor<1x4x4x4xf32>
// CHECK-NEXT:    %[[A:.*]] = tosa.add %[[Y]], %[[THREE]] : (tensor<1x4x4x4xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x4xf32>
// CHECK-NEXT:    %[[B:.*]] = tosa.clamp %[[A]] {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32} : {{.*}} -> tensor<1x4x4x4xf32>
// CHECK-NEXT:    %[[M:.*]] = tosa.mul %[[Y]], %[[B]], %{{.*}} : {{.*}} -> tensor<1x4x4x4xf32>
// CHECK-NEXT:    return %[[M]]
func.func @full(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %three = "tosa.const"() {values = dense<3.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %also_three = "tosa.const"() {values = dense<3.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %wr = "tosa.const"() {values = dense<2.0> : tensor<1x5x2x1xf32>} : () -> tensor<1x5x2x1xf32>
  %wc = "tosa.const"() {values = dense<3.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %br = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %bc = "tosa.const"() {values = dense<0.25> : tensor<1xf32>} : () -> tensor<1xf32>
  %r = tosa.depthwise_conv2d %x, %wr, %br, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 2, 2>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x5x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %c = tosa.depthwise_conv2d %x, %wc, %bc, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r1 = tosa.add %r, %three : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x2xf32>
  %c1 = tosa.add %c, %also_three : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x2xf32>
  %r2 = tosa.clamp %r1 {max_val = 6.0 : f32, min_val = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %c2 = tosa.clamp %c1 {max_val = 6.0 : f32, min_val = 0.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %r3 = tosa.mul %r, %r2, %shift : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %c3 = tosa.mul %c, %c2, %shift : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %y = tosa.concat %r3, %c3 {axis = 3 : i32} : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// Stride 2: what was cut off because no tap reads it is read again (and skipped). i8 keeps its zero points.
// CHECK-LABEL: func.func @strided
// CHECK-SAME:    (%[[X:.*]]: tensor<1x8x8x2xi8>)
// CHECK:         %[[Y:.*]] = "fuse.fuseconv"(%[[X]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) {dilation = 1 : i64, input_zp = -4 : i64, pad_col = array<i64: 1, 0>, pad_row = array<i64: 1, 0>, stride = array<i64: 2, 2>, variant = "full", weight_zp = 3 : i64} : {{.*}} -> tensor<1x4x4x4xi32>
// CHECK-NEXT:    return %[[Y]]
func.func @strided(%x: tensor<1x8x8x2xi8>) -> tensor<1x4x4x4xi32> {
  %zi = "tosa.const"() {values = dense<-4> : tensor<1xi8>} : () -> tensor<1xi8>
  %zw = "tosa.const"() {values = dense<3> : tensor<1xi8>} : () -> tensor<1xi8>
  %s = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %nr = tosa.const_shape {values = dense<[1, 7, 8, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %nc = tosa.const_shape {values = dense<[1, 8, 7, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %xr = tosa.slice %x, %s, %nr : (tensor<1x8x8x2xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x7x8x2xi8>
  %xc = tosa.slice %x, %s, %nc : (tensor<1x8x8x2xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x8x7x2xi8>
  %wr = "tosa.const"() {values = dense<2> : tensor<1x3x2x1xi8>} : () -> tensor<1x3x2x1xi8>
  %wc = "tosa.const"() {values = dense<3> : tensor<3x1x2x1xi8>} : () -> tensor<3x1x2x1xi8>
  %b = "tosa.const"() {values = dense<[7, 8]> : tensor<2xi32>} : () -> tensor<2xi32>
  %r = tosa.depthwise_conv2d %xr, %wr, %b, %zi, %zw {acc_type = i32, pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x7x8x2xi8>, tensor<1x3x2x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x2xi32>
  %c = tosa.depthwise_conv2d %xc, %wc, %b, %zi, %zw {acc_type = i32, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x8x7x2xi8>, tensor<3x1x2x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x2xi32>
  %y = tosa.concat %r, %c {axis = 3 : i32} : (tensor<1x4x4x2xi32>, tensor<1x4x4x2xi32>) -> tensor<1x4x4x4xi32>
  return %y : tensor<1x4x4x4xi32>
}

// -----

// One filter alone; the name of its node stays.
// CHECK-LABEL: func.func @alone
// CHECK-SAME:    (%[[X:.*]]: tensor<1x9x5x2xf32>)
// CHECK:         %[[Y:.*]] = "fuse.conv1d"(%[[X]], %{{.*}}, %{{.*}}) {axis = "col", dilation = 3 : i64, pad = array<i64: 1, 0>, stride = array<i64: 3, 2>} : (tensor<1x9x5x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    return %[[Y]]
func.func @alone(%x: tensor<1x9x5x2xf32>) -> tensor<1x2x3x2xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<2.0> : tensor<3x1x2x1xf32>} : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.1, 0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 3, 2>, dilation = array<i64: 3, 2>} : (tensor<1x9x5x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x3x2xf32>
  return %y : tensor<1x2x3x2xf32>
}
