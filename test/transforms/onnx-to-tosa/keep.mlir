// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --convert-onnx-to-tosa=keep=all --mlir-print-debuginfo=false %s 2>%t.notes | FileCheck %s
// RUN: FileCheck --check-prefix=NOTES %s < %t.notes
// RUN: fuse-opt --convert-onnx-to-tosa=keep=r,y,fused --mlir-print-debuginfo=false %s 2>&1 | FileCheck --check-prefix=SOME %s
// RUN: fuse-opt --convert-onnx-to-tosa=keep=none --mlir-print-debuginfo=false %s | FileCheck --check-prefix=NONE %s
// RUN: fuse-opt --convert-onnx-to-tosa %s --mlir-print-debuginfo=false | FileCheck --check-prefix=NONE %s
// RUN: not fuse-opt --convert-onnx-to-tosa=keep=r,fuse %s 2>&1 | FileCheck --check-prefix=NEAR %s
// RUN: not fuse-opt --convert-onnx-to-tosa=keep=nothing-like-it %s 2>&1 | FileCheck --check-prefix=FAR %s
// Kept values are results behind the outputs, in ONNX's layout; what the program doesn't have is listed with the reason.
// An output that is asked for stays an output.

// CHECK:       func.func @main({{.*}}) -> (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>)
// CHECK-SAME:    fuse.kept = 2 : i64
// CHECK-SAME:    fuse.not_kept = {{\[\[}}"fused", "computed in one with bn (BatchNormalization)"], ["const", "known at compile time"]]
// CHECK-SAME:    fuse.outputs = ["y", "n", "r"]
// CHECK:         %[[CONV:[^ ]*]] = tosa.conv2d
// CHECK:         %[[R:[^ ]*]] = tosa.clamp %[[CONV]]
// CHECK:         %[[Y:[^ ]*]] = tosa.transpose %{{.*}} {perms = array<i32: 0, 3, 1, 2>}
// CHECK:         %[[NT:[^ ]*]] = tosa.transpose %[[CONV]] {perms = array<i32: 0, 3, 1, 2>}
// CHECK:         %[[RT:[^ ]*]] = tosa.transpose %[[R]] {perms = array<i32: 0, 3, 1, 2>}
// CHECK:         return %[[Y]], %[[NT]], %[[RT]]
// NOTES:       note: {{.*}}keep=all: 2 values of the graph aren't in the program
// NOTES-NOT:   note:
// SOME:        keep.onnx:node 0: note: 'conv' (Conv): keep=fused: computed in one with bn (BatchNormalization)
// SOME:        fuse.kept = 1 : i64
// SOME-SAME:   fuse.not_kept = {{\[\[}}"fused", {{[^,]*}}]]
// SOME-SAME:   fuse.outputs = ["y", "r"]
// NONE-NOT:    fuse.kept
// NONE:        -> tensor<1x2x4x4xf32> attributes
// NONE-NOT:    fuse.kept
// NEAR:        error: {{.*}}keep=fuse: no value is called so; did you mean 'fused'?
// FAR:         error: {{.*}}keep=nothing-like-it: no value is called so; expected all, or names of nodes' outputs, such as 'fused', 'n', 'const'
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main(%x: tensor<1x2x4x4xf32>) -> tensor<*xf32> attributes {fuse.inputs = ["x"], fuse.outputs = ["y"]} {
    %w = "onnx.constant"() {value = dense<[[[[2.0]], [[0.5]]], [[[1.0]], [[3.0]]]]> : tensor<2x2x1x1xf32>, output_names = ["w"], initializer = true} : () -> tensor<2x2x1x1xf32>
    %v = "onnx.constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>, output_names = ["v"], initializer = true} : () -> tensor<2xf32>
    %none = "onnx.novalue"() : () -> none
    %f = "onnx.conv"(%x, %w, %none) {output_names = ["fused"]} : (tensor<1x2x4x4xf32>, tensor<2x2x1x1xf32>, none) -> tensor<*xf32> loc("conv"("Conv"("keep.onnx":0:0)))
    %n = "onnx.batchnormalization"(%f, %v, %v, %v, %v) {output_names = ["n"]} : (tensor<*xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32> loc("bn"("BatchNormalization"("keep.onnx":1:0)))
    %c = "onnx.neg"(%v) {output_names = ["const"]} : (tensor<2xf32>) -> tensor<2xf32> loc("neg"("Neg"("keep.onnx":2:0)))
    %r = "onnx.relu"(%n) {output_names = ["r"]} : (tensor<*xf32>) -> tensor<*xf32> loc("relu"("Relu"("keep.onnx":3:0)))
    %y = "onnx.sigmoid"(%r) {output_names = ["y"]} : (tensor<*xf32>) -> tensor<*xf32> loc("sigmoid"("Sigmoid"("keep.onnx":4:0)))
    return %y : tensor<*xf32>
  }
}
