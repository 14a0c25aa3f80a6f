// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --convert-onnx-to-tosa %s | FileCheck %s
// Operators between DequantizeLinear and QuantizeLinear work on the integers.

// Scales 0.5 * 0.25 / 1: a shift by 3. The bias in steps of 0.125; Relu is a clamp at the zero point.
// CHECK-LABEL: func.func @conv
// CHECK-SAME:    (%[[X:[^ :]*]]: tensor<1x1x2x2xi8>) -> tensor<1x1x2x2xi8>
// CHECK:         %[[T:[^ :]*]] = tosa.reshape %[[X]]
// CHECK-DAG:     %[[ZX:[^ :]*]] = "tosa.const"() <{values = dense<3> : tensor<1xi8>}>
// CHECK-DAG:     %[[B:[^ :]*]] = "tosa.const"() <{values = dense<16> : tensor<1xi32>}>
// CHECK:         %[[S:[^ :]*]] = tosa.conv2d %[[T]], %{{[^ :]*}}, %[[B]], %[[ZX]], %{{[^ :]*}} {acc_type = i32
// CHECK-DAG:     %[[M:[^ :]*]] = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}>
// CHECK-DAG:     %[[H:[^ :]*]] = "tosa.const"() <{values = dense<33> : tensor<1xi8>}>
// CHECK:         %[[R:[^ :]*]] = tosa.rescale %[[S]], %[[M]], %[[H]], {{.*}}rounding_mode = SINGLE_ROUND{{.*}}(tensor<1x2x2x1xi32>
// CHECK:         tosa.clamp %[[R]] {max_val = 127 : i8, min_val = -10 : i8}
// CHECK-NOT:     dequantize
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @conv(%x: tensor<1x1x2x2xi8>) -> tensor<*xi8> {
    %sx = "onnx.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
    %zx = "onnx.constant"() {value = dense<3> : tensor<i8>} : () -> tensor<i8>
    %w = "onnx.constant"() {value = dense<4> : tensor<1x1x1x1xi8>} : () -> tensor<1x1x1x1xi8>
    %sw = "onnx.constant"() {value = dense<0.25> : tensor<f32>} : () -> tensor<f32>
    %zw = "onnx.constant"() {value = dense<0> : tensor<i8>} : () -> tensor<i8>
    %b = "onnx.constant"() {value = dense<2.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %sy = "onnx.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %zy = "onnx.constant"() {value = dense<-10> : tensor<i8>} : () -> tensor<i8>
    %xd = "onnx.dequantizelinear"(%x, %sx, %zx) : (tensor<1x1x2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<*xf32>
    %wd = "onnx.dequantizelinear"(%w, %sw, %zw) : (tensor<1x1x1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<*xf32>
    %c = "onnx.conv"(%xd, %wd, %b) : (tensor<*xf32>, tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
    %r = "onnx.relu"(%c) : (tensor<*xf32>) -> tensor<*xf32>
    %y = "onnx.quantizelinear"(%r, %sy, %zy) : (tensor<*xf32>, tensor<f32>, tensor<i8>) -> tensor<*xi8>
    return %y : tensor<*xi8>
  }
}

// -----

// The sum of two of scale 0.5 as one of scale 1, unsigned: zero points are 128 less inside.
// CHECK-LABEL: func.func @add
// CHECK:         %[[A:[^ :]*]] = tosa.rescale %arg0, {{.*}}input_unsigned = true, output_unsigned = false{{.*}} -> tensor<4xi8>
// CHECK:         tosa.rescale %[[A]], {{.*}} -> tensor<4xi32>
// CHECK:         %[[S:[^ :]*]] = tosa.add
// CHECK:         %[[R:[^ :]*]] = tosa.rescale %[[S]], {{.*}} -> tensor<4xi8>
// CHECK:         %[[U:[^ :]*]] = tosa.rescale %[[R]], {{.*}}output_unsigned = true{{.*}} -> tensor<4xui8>
// CHECK:         return %[[U]]
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @add(%x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<*xui8> {
    %s = "onnx.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
    %z = "onnx.constant"() {value = dense<100> : tensor<ui8>} : () -> tensor<ui8>
    %so = "onnx.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %a = "onnx.dequantizelinear"(%x, %s, %z) : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
    %b = "onnx.dequantizelinear"(%y, %s, %z) : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
    %c = "onnx.add"(%a, %b) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %q = "onnx.quantizelinear"(%c, %so, %z) : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<*xui8>
    return %q : tensor<*xui8>
  }
}

// -----

// x * sigmoid(x) is a table; what isn't quantised again is computed in floats.
// CHECK-LABEL: func.func @table
// CHECK:         tosa.table %{{[^,]*}}, %{{[^ ]*}} : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
// CHECK:         tosa.custom {{.*}}operator_name = "dequantize"
// CHECK:         tosa.exp
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @table(%x: tensor<4xi8>) -> (tensor<*xi8>, tensor<*xf32>) {
    %s = "onnx.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
    %z = "onnx.constant"() {value = dense<1> : tensor<i8>} : () -> tensor<i8>
    %a = "onnx.dequantizelinear"(%x, %s, %z) : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<*xf32>
    %b = "onnx.sigmoid"(%a) : (tensor<*xf32>) -> tensor<*xf32>
    %c = "onnx.mul"(%a, %b) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %q = "onnx.quantizelinear"(%c, %s, %z) : (tensor<*xf32>, tensor<f32>, tensor<i8>) -> tensor<*xi8>
    %e = "onnx.exp"(%a) : (tensor<*xf32>) -> tensor<*xf32>
    return %q, %e : tensor<*xi8>, tensor<*xf32>
  }
}

// -----

// One slope a channel, all of them over 2^30; the sum of what is spared is one rescale at the end, Clip a clamp.
// CHECK-LABEL: func.func @prelu
// CHECK:         %[[W:[^ :]*]] = tosa.rescale %{{.*}}per_channel = false{{.*}} -> tensor<1x1x3x2xi32>
// CHECK-DAG:     %[[K:[^ :]*]] = "tosa.const"() <{values = dense<[268435456, 536870912]> : tensor<2xi32>}>
// CHECK-DAG:     %[[H:[^ :]*]] = "tosa.const"() <{values = dense<30> : tensor<2xi8>}>
// CHECK:         %[[N:[^ :]*]] = tosa.rescale %[[W]], %[[K]], %[[H]], {{.*}}per_channel = true
// CHECK:         %[[P:[^ :]*]] = tosa.greater_equal %[[W]], %
// CHECK:         %[[S:[^ :]*]] = tosa.select %[[P]], %[[W]], %[[N]]
// CHECK:         %[[Y:[^ :]*]] = tosa.rescale %[[S]], {{.*}} -> tensor<1x1x3x2xi8>
// CHECK:         tosa.clamp %[[Y]] {max_val = 11 : i8, min_val = -128 : i8}
// CHECK-NOT:     dequantize
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @prelu(%x: tensor<1x2x1x3xi8>) -> tensor<*xi8> {
    %s = "onnx.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
    %z = "onnx.constant"() {value = dense<1> : tensor<i8>} : () -> tensor<i8>
    %k = "onnx.constant"() {value = dense<[[[0.25]], [[0.5]]]> : tensor<2x1x1xf32>} : () -> tensor<2x1x1xf32>
    %five = "onnx.constant"() {value = dense<5.0> : tensor<f32>} : () -> tensor<f32>
    %none = "onnx.novalue"() : () -> none
    %a = "onnx.dequantizelinear"(%x, %s, %z) : (tensor<1x2x1x3xi8>, tensor<f32>, tensor<i8>) -> tensor<*xf32>
    %b = "onnx.prelu"(%a, %k) : (tensor<*xf32>, tensor<2x1x1xf32>) -> tensor<*xf32>
    %c = "onnx.clip"(%b, %none, %five) : (tensor<*xf32>, none, tensor<f32>) -> tensor<*xf32>
    %q = "onnx.quantizelinear"(%c, %s, %z) : (tensor<*xf32>, tensor<f32>, tensor<i8>) -> tensor<*xi8>
    return %q : tensor<*xi8>
  }
}

// -----

// Both in the result's steps, then compared: b has them already.
// CHECK-LABEL: func.func @max
// CHECK:         %[[A:[^ :]*]] = tosa.rescale %arg0, {{.*}} -> tensor<4xi8>
// CHECK:         %[[W:[^ :]*]] = tosa.rescale %[[A]], {{.*}} -> tensor<4xi32>
// CHECK:         %[[B:[^ :]*]] = tosa.rescale %arg1, {{.*}} -> tensor<4xi32>
// CHECK:         %[[M:[^ :]*]] = tosa.maximum %[[W]], %[[B]]
// CHECK:         %[[Y:[^ :]*]] = tosa.rescale %[[M]], {{.*}} -> tensor<4xi8>
// CHECK:         return %[[Y]]
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @max(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<*xi8> {
    %s = "onnx.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
    %t = "onnx.constant"() {value = dense<0.75> : tensor<f32>} : () -> tensor<f32>
    %z = "onnx.constant"() {value = dense<1> : tensor<i8>} : () -> tensor<i8>
    %a = "onnx.dequantizelinear"(%x, %s, %z) : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<*xf32>
    %b = "onnx.dequantizelinear"(%y, %t, %z) : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<*xf32>
    %c = "onnx.max"(%a, %b) {operandSegmentSizes = array<i32: 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %q = "onnx.quantizelinear"(%c, %t, %z) : (tensor<*xf32>, tensor<f32>, tensor<i8>) -> tensor<*xi8>
    return %q : tensor<*xi8>
  }
}

// -----

// 3 * 7 / 2^-10 = 21504: every sum but 0 leaves i8 by 512 already, which is 2^30 / 2^21; by 21504 some would wrap around in i32.
// CHECK-LABEL: func.func @steep
// CHECK:         %[[S:[^ :]*]] = tosa.conv2d
// CHECK-DAG:     %[[M:[^ :]*]] = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}>
// CHECK-DAG:     %[[H:[^ :]*]] = "tosa.const"() <{values = dense<21> : tensor<1xi8>}>
// CHECK:         tosa.rescale %[[S]], %[[M]], %[[H]],
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @steep(%x: tensor<1x1x2x2xi8>) -> tensor<*xi8> {
    %sx = "onnx.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
    %z = "onnx.constant"() {value = dense<0> : tensor<i8>} : () -> tensor<i8>
    %w = "onnx.constant"() {value = dense<4> : tensor<1x1x1x1xi8>} : () -> tensor<1x1x1x1xi8>
    %sw = "onnx.constant"() {value = dense<7.0> : tensor<f32>} : () -> tensor<f32>
    %sy = "onnx.constant"() {value = dense<0.0009765625> : tensor<f32>} : () -> tensor<f32>
    %b = "onnx.constant"() {value = dense<1> : tensor<1xi32>} : () -> tensor<1xi32>
    %y = "onnx.qlinearconv"(%x, %sx, %z, %w, %sw, %z, %sy, %z, %b) : (tensor<1x1x2x2xi8>, tensor<f32>, tensor<i8>, tensor<1x1x1x1xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<i8>, tensor<1xi32>) -> tensor<*xi8>
    return %y : tensor<*xi8>
  }
}
