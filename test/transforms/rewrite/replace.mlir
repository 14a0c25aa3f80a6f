// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --fuse-rewrite="mode=half rho=0" --mlir-print-debuginfo=false %s 2>%t.warnings | FileCheck %s --check-prefix=HALF
// RUN: FileCheck %s --check-prefix=WARN < %t.warnings
// RUN: fuse-opt --split-input-file --fuse-rewrite="mode=full rho=0" --mlir-print-debuginfo=false %s 2>/dev/null | FileCheck %s --check-prefix=FULL
// Half and full: another operator. With rho = 0 the least squares keep the middle lines.

// WARN: {{^}}x.mlir:1:8: warning: 'dw_3' (tosa.depthwise_conv2d): becomes FuSe-Half: the numbers change (weight error 83.9 %){{$}}

// Rows for the first channel, columns for the second; biases stay. Nothing behind changes.
// HALF-LABEL: func.func @act
// HALF-SAME:    (%[[X:.*]]: tensor<1x6x6x2xf32>)
// HALF-DAG:     %[[WR:.*]] = "tosa.const"() <{values = dense<{{\[\[}}7.000000e+00, 9.000000e+00, 1.100000e+01]]> : tensor<1x3xf32>}>
// HALF-DAG:     %[[BR:.*]] = "tosa.const"() <{values = dense<2.000000e-01> : tensor<1xf32>}>
// HALF-DAG:     %[[WC:.*]] = "tosa.const"() <{values = dense<{{\[\[}}4.000000e+00, 1.000000e+01, 1.600000e+01]]> : tensor<1x3xf32>}>
// HALF-DAG:     %[[BC:.*]] = "tosa.const"() <{values = dense<4.000000e-01> : tensor<1xf32>}>
// HALF:         %[[Y:.*]] = "fuse.fuseconv"(%[[X]], %[[WR]], %[[BR]], %[[WC]], %[[BC]]) {dilation = 1 : i64, pad_col = array<i64: 1, 0>, pad_row = array<i64: 1, 0>, stride = array<i64: 2, 2>, variant = "half"} : {{.*}} -> tensor<1x3x3x2xf32>
// HALF-NEXT:    %[[A:.*]] = tosa.clamp %[[Y]]
// HALF-NEXT:    %[[V:.*]] = "tosa.const"() <{values = dense<{{.*}}> : tensor<3x1x1x2xf32>}>
// HALF:         tosa.conv2d %[[A]], %[[V]]

// The 1x1 convolution behind the activation has its weights twice; the middle cell and the bias are shared.
// FULL-LABEL: func.func @act
// FULL-SAME:    (%[[X:.*]]: tensor<1x6x6x2xf32>)
// FULL-DAG:     %[[WR:.*]] = "tosa.const"() <{values = dense<{{\[\[}}7.000000e+00, 4.500000e+00, 1.100000e+01], [8.000000e+00, 5.000000e+00, 1.200000e+01]]> : tensor<2x3xf32>}>
// FULL-DAG:     %[[WC:.*]] = "tosa.const"() <{values = dense<{{\[\[}}3.000000e+00, 4.500000e+00, 1.500000e+01], [4.000000e+00, 5.000000e+00, 1.600000e+01]]> : tensor<2x3xf32>}>
// FULL-DAG:     %[[B:.*]] = "tosa.const"() <{values = dense<[1.000000e-01, 2.000000e-01]> : tensor<2xf32>}>
// FULL:         %[[Y:.*]] = "fuse.fuseconv"(%[[X]], %[[WR]], %[[B]], %[[WC]], %{{.*}}) {dilation = 1 : i64, pad_col = array<i64: 1, 0>, pad_row = array<i64: 1, 0>, stride = array<i64: 2, 2>, variant = "full"} : {{.*}} -> tensor<1x3x3x4xf32>
// FULL-NEXT:    %[[A:.*]] = tosa.clamp %[[Y]] {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32} : (tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
// FULL-NEXT:    %[[V:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00]]], {{\[\[\[}}3.000000e+00, 4.000000e+00, 3.000000e+00, 4.000000e+00]]], {{\[\[\[}}5.000000e+00, 6.000000e+00, 5.000000e+00, 6.000000e+00]]]]> : tensor<3x1x1x4xf32>}>
// FULL-NEXT:    %[[Z:.*]] = tosa.conv2d %[[A]], %[[V]], %{{.*}} {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<1x3x3x3xf32>
// FULL-NEXT:    return %[[Z]]
func.func @act(%x: tensor<1x6x6x2xf32>) -> tensor<1x3x3x3xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<[[[[1.], [2.]], [[3.], [4.]], [[5.], [6.]]], [[[7.], [8.]], [[9.], [10.]], [[11.], [12.]]], [[[13.], [14.]], [[15.], [16.]], [[17.], [18.]]]]> : tensor<3x3x2x1xf32>} : () -> tensor<3x3x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.2, 0.4]> : tensor<2xf32>} : () -> tensor<2xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x2xf32> loc("dw_3"("x.mlir":1:8))
  %a = tosa.clamp %y {max_val = 6.0 : f32, min_val = 0.0 : f32} : (tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32>
  %v = "tosa.const"() {values = dense<[[[[1., 2.]]], [[[3., 4.]]], [[[5., 6.]]]]> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
  %bv = "tosa.const"() {values = dense<0.5> : tensor<3xf32>} : () -> tensor<3xf32>
  %r = tosa.conv2d %a, %v, %bv, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x3x3x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x3xf32>
  return %r : tensor<1x3x3x3xf32>
}
