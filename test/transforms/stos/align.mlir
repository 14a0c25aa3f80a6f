// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-align-fuseconv=target=stosx-16 %s | FileCheck %s
// RUN: fuse-opt --stos-align-fuseconv=target=stosx-16 --fuse-split-fuseconv --stos-map=target=stosx-16 %s | FileCheck %s --check-prefix=MAP
// Words of 8 channels: 6 row channels leave two lanes of word 0 to the columns; word 1 is the columns' own.

// CHECK-LABEL: func.func @main
// CHECK-SAME:    (%[[X:.*]]: tensor<1x4x4x12xf32>)
// CHECK:         %[[S:.*]] = tosa.slice %[[X]], {{.*}} -> tensor<1x4x4x8xf32>
// Row weights of lanes 6 and 7 are zero, column weights of lanes 0 to 5.
// CHECK-DAG:     %[[WR:.*]] = "tosa.const"() <{values = dense_resource<aligned{{.*}}> : tensor<8x3xf32>}>
// CHECK:         %[[R:.*]] = "fuse.conv1d"(%[[S]], {{.*}}) {axis = "row", {{.*}}} : {{.*}} -> tensor<1x4x4x8xf32>
// CHECK:         %[[C:.*]] = "fuse.conv1d"(%[[S]], {{.*}}) {axis = "col", {{.*}}} : {{.*}} -> tensor<1x4x4x8xf32>
// CHECK:         %[[SUM:.*]] = tosa.add %[[R]], %[[C]]
// CHECK:         %[[T:.*]] = tosa.slice %[[X]], {{.*}} -> tensor<1x4x4x4xf32>
// CHECK:         %[[B:.*]] = "fuse.conv1d"(%[[T]], {{.*}}) {axis = "col", {{.*}}} : {{.*}} -> tensor<1x4x4x4xf32>
// CHECK-NEXT:    %[[Y:.*]] = tosa.concat %[[SUM]], %[[B]] {axis = 3 : i32}
// CHECK-NOT:     fuse.fuseconv

// The column layer of the shared word adds the row result; the clamp behind the concatenation is done by the layers before it.
// MAP:      %[[ROW:.*]] = "stos.layer"({{.*}}) {{{.*}}kind = "depthwise", mapping = "stream", {{.*}}post = ["bias"], {{.*}}
// MAP:      %[[BOTH:.*]] = "stos.layer"({{.*}}, %[[ROW]]) {column, kind = "depthwise", mapping = "stream", {{.*}}post = ["bias", "addr", "maxi 0.0", "mini 6.0"]
// MAP:      %[[COL:.*]] = "stos.layer"({{.*}}) {column, {{.*}}post = ["bias", "maxi 0.0", "mini 6.0"]
// MAP:      "stos.concat"(%[[BOTH]], %[[COL]])
func.func @main(%x: tensor<1x4x4x12xf32>) -> tensor<1x4x4x12xf32> {
  %wr = "tosa.const"() <{values = dense<1.0> : tensor<6x3xf32>}> : () -> tensor<6x3xf32>
  %br = "tosa.const"() <{values = dense<2.0> : tensor<6xf32>}> : () -> tensor<6xf32>
  %wc = "tosa.const"() <{values = dense<3.0> : tensor<6x3xf32>}> : () -> tensor<6x3xf32>
  %bc = "tosa.const"() <{values = dense<4.0> : tensor<6xf32>}> : () -> tensor<6xf32>
  %y = "fuse.fuseconv"(%x, %wr, %br, %wc, %bc) {variant = "half", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64}
     : (tensor<1x4x4x12xf32>, tensor<6x3xf32>, tensor<6xf32>, tensor<6x3xf32>, tensor<6xf32>) -> tensor<1x4x4x12xf32>
  %z = tosa.clamp %y {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x4x4x12xf32>) -> tensor<1x4x4x12xf32>
  return %z : tensor<1x4x4x12xf32>
}
