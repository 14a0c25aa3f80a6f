// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt %s | FileCheck %s
// An absent input, results that are left out or absent, runs of equal types, the importer's own attributes.

// CHECK-LABEL: func.func @f
func.func @f(%x: tensor<1x4xf32>, %i: tensor<2xi64>) {
  // CHECK: %[[NONE:.*]] = "onnx.novalue"() : () -> none
  %none = "onnx.novalue"() : () -> none
  // CHECK: "onnx.clip"({{.*}}, %[[NONE]], %{{.*}}) {output_names = ["a"]}
  %a = "onnx.clip"(%x, %none, %x) {output_names = ["a"]} : (tensor<1x4xf32>, none, tensor<1x4xf32>) -> tensor<1x4xf32>
  // CHECK: "onnx.batchnormalization"({{.*}}) {doc_string = "inference", epsilon = 1.000000e-03 : f32, momentum = 5.000000e-01 : f32}
  %b = "onnx.batchnormalization"(%x, %x, %x, %x, %x) {epsilon = 1.0e-3 : f32, momentum = 0.5 : f32, doc_string = "inference"} : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>) -> !onnx.unknown
  // CHECK: "onnx.lstm"({{.*}}) {activations = ["Tanh"], output_names = ["", "h"]} {{.*}} -> (none, tensor<*xf32>)
  %c:2 = "onnx.lstm"(%x, %x, %x, %none, %none, %none, %none, %none) {activations = ["Tanh"], output_names = ["", "h"]} : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, none, none, none, none, none) -> (none, tensor<*xf32>)
  // CHECK: "onnx.einsum"
  %d = "onnx.einsum"(%x, %x, %i) {equation = "", operandSegmentSizes = array<i32: 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<2xi64>) -> tensor<?xf32>
  // CHECK: "onnx.cast"({{.*}}) {to = "INT64"}
  %e = "onnx.cast"(%x) {to = "INT64"} : (tensor<1x4xf32>) -> tensor<1x4xi64>
  // CHECK: "onnx.cast"({{.*}}) {to = 7 : i64}
  %f = "onnx.cast"(%x) {to = 7 : i64} : (tensor<1x4xf32>) -> tensor<1x4xi64>
  // CHECK: "onnx.constant"() {initializer = true, value = dense<1.000000e+00> : tensor<2xf32>}
  %g = "onnx.constant"() {initializer = true, value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  // CHECK: "onnx.constant"() {value_floats = array<f32: 1.000000e+00>}
  %h = "onnx.constant"() {value_floats = array<f32: 1.0>} : () -> tensor<1xf32>
  return
}

// CHECK-LABEL: func.func @conv
// CHECK:         "onnx.conv"({{.*}}, %{{.*}}, %{{.*}}) {kernel_shape = array<i64: 3, 3>, output_names = ["y"], pads = array<i64: 1, 1, 1, 1>}
// CHECK-SAME:    loc(#[[CONV:.*]])
// CHECK:         #[[CONV]] = loc("conv_3"(#
func.func @conv(%x: tensor<1x3x8x8xf32>) -> tensor<1x8x8x8xf32> {
  %none = "onnx.novalue"() : () -> none
  %w = "onnx.constant"() {initializer = true, output_names = ["w"], value = dense<0.5> : tensor<8x3x3x3xf32>}
     : () -> tensor<8x3x3x3xf32>
  %y = "onnx.conv"(%x, %w, %none) {kernel_shape = array<i64: 3, 3>, output_names = ["y"], pads = array<i64: 1, 1, 1, 1>}
     : (tensor<1x3x8x8xf32>, tensor<8x3x3x3xf32>, none) -> tensor<1x8x8x8xf32> loc("conv_3"("net.onnx":3:0))
  return %y : tensor<1x8x8x8xf32>
}
