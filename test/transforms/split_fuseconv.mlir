// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --fuse-split-fuseconv %s | FileCheck %s
// Rows come first in the result; half slices the input, full reads all of it twice.

// CHECK-LABEL: func.func @full
// CHECK-SAME:    (%[[X:.*]]: tensor<1x8x8x4xf32>, %[[WR:.*]]: tensor<4x3xf32>, %[[BR:.*]]: tensor<4xf32>, %[[WC:.*]]: tensor<4x3xf32>, %[[BC:.*]]: tensor<4xf32>)
// CHECK-NEXT:    %[[R:.*]] = "fuse.conv1d"(%[[X]], %[[WR]], %[[BR]]) {axis = "row", dilation = 1 : i64, pad = array<i64: 0, 2>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x8x8x4xf32>
// CHECK-NEXT:    %[[C:.*]] = "fuse.conv1d"(%[[X]], %[[WC]], %[[BC]]) {axis = "col", dilation = 1 : i64, pad = array<i64: 1, 1>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x8x8x4xf32>
// CHECK-NEXT:    %[[Y:.*]] = tosa.concat %[[R]], %[[C]] {axis = 3 : i32} : {{.*}} -> tensor<1x8x8x8xf32>
// CHECK-NEXT:    return %[[Y]]
func.func @full(%x: tensor<1x8x8x4xf32>, %wr: tensor<4x3xf32>, %br: tensor<4xf32>, %wc: tensor<4x3xf32>, %bc: tensor<4xf32>) -> tensor<1x8x8x8xf32> {
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "full", pad_row = array<i64: 0, 2>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64}
     : (tensor<1x8x8x4xf32>, tensor<4x3xf32>, tensor<4xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<1x8x8x8xf32>
  return %y : tensor<1x8x8x8xf32>
}

// -----

// Five channels, three of them rows; i8 with its zero points; the node's name stays on every op.
// CHECK-LABEL: func.func @half
// CHECK-SAME:    (%[[X:[^:]*]]: tensor<1x7x9x5xi8>
// CHECK-SAME:    %[[WR:[^:]*]]: tensor<3x3xi8>
// CHECK-SAME:    %[[BR:[^:]*]]: tensor<3xi32>
// CHECK-SAME:    %[[WC:[^:]*]]: tensor<2x4xi8>
// CHECK-SAME:    %[[BC:[^:]*]]: tensor<2xi32>
// CHECK-NEXT:    %[[AT_R:.*]] = tosa.const_shape {{.*}}dense<0> : tensor<4xindex>
// CHECK-NEXT:    %[[SIZE_R:.*]] = tosa.const_shape {{.*}}dense<[1, 7, 9, 3]>
// CHECK-NEXT:    %[[XR:.*]] = tosa.slice %[[X]], %[[AT_R]], %[[SIZE_R]] : {{.*}} -> tensor<1x7x9x3xi8>
// CHECK-NEXT:    %[[R:.*]] = "fuse.conv1d"(%[[XR]], %[[WR]], %[[BR]]) {axis = "row", dilation = 2 : i64, input_zp = -3 : i64, pad = array<i64: 2, 2>, stride = array<i64: 2, 1>, weight_zp = 0 : i64} : {{.*}} -> tensor<1x4x9x3xi32> loc([[LOC:.*]])
// CHECK-NEXT:    %[[AT_C:.*]] = tosa.const_shape {{.*}}dense<[0, 0, 0, 3]>
// CHECK-NEXT:    %[[SIZE_C:.*]] = tosa.const_shape {{.*}}dense<[1, 7, 9, 2]>
// CHECK-NEXT:    %[[XC:.*]] = tosa.slice %[[X]], %[[AT_C]], %[[SIZE_C]] : {{.*}} -> tensor<1x7x9x2xi8>
// CHECK-NEXT:    %[[C:.*]] = "fuse.conv1d"(%[[XC]], %[[WC]], %[[BC]]) {axis = "col", dilation = 2 : i64, input_zp = -3 : i64, pad = array<i64: 3, 3>, stride = array<i64: 2, 1>, weight_zp = 0 : i64} : {{.*}} -> tensor<1x4x9x2xi32> loc([[LOC]])
// CHECK-NEXT:    tosa.concat %[[R]], %[[C]] {axis = 3 : i32} : {{.*}} -> tensor<1x4x9x5xi32> loc([[LOC]])
// CHECK:         [[LOC]] = loc("dw_3"(
func.func @half(%x: tensor<1x7x9x5xi8>, %wr: tensor<3x3xi8>, %br: tensor<3xi32>, %wc: tensor<2x4xi8>, %bc: tensor<2xi32>) -> tensor<1x4x9x5xi32> {
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 2, 2>, pad_col = array<i64: 3, 3>, stride = array<i64: 2, 1>, dilation = 2 : i64, input_zp = -3 : i64, weight_zp = 0 : i64}
     : (tensor<1x7x9x5xi8>, tensor<3x3xi8>, tensor<3xi32>, tensor<2x4xi8>, tensor<2xi32>) -> tensor<1x4x9x5xi32> loc("dw_3"("net.onnx":3:0))
  return %y : tensor<1x4x9x5xi32>
}

// -----

// Nothing else is touched: this would fold.
// CHECK-LABEL: func.func @other
// CHECK:         tosa.add
func.func @other() -> tensor<2xf32> {
  %a = "tosa.const"() {values = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.add %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
