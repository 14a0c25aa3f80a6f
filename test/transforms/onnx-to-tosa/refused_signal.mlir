// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// What window functions and CenterCropPad refuse.

module attributes {onnx.opset_import = {ai.onnx = 18 : i64}} {
  func.func @main(%x: tensor<5xf32>, %n: tensor<i64>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
    %nine = "onnx.constant"() {value = dense<9> : tensor<i64>} : () -> tensor<i64>
    %none = "onnx.constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %two = "onnx.constant"() {value = dense<[4, 4]> : tensor<2xi64>} : () -> tensor<2xi64>
    // expected-error@+1 {{not supported yet: output_datatype = 11; expected 1 (f32)}}
    %a = "onnx.hannwindow"(%nine) {output_datatype = 11 : i64} : (tensor<i64>) -> tensor<*xf32>
    // expected-error@+1 {{a size of 0; expected 1 to 67108864}}
    %b = "onnx.hammingwindow"(%none) : (tensor<1xi64>) -> tensor<*xf32>
    // expected-error@+1 {{not supported yet: input 0 is not known at compile time}}
    %c = "onnx.blackmanwindow"(%n) : (tensor<i64>) -> tensor<*xf32>
    // expected-error@+1 {{2 sizes; expected 1}}
    %d = "onnx.centercroppad"(%x, %two) : (tensor<5xf32>, tensor<2xi64>) -> tensor<*xf32>
    // expected-error@+1 {{size 0; expected at least 1}}
    %e = "onnx.centercroppad"(%x, %none) : (tensor<5xf32>, tensor<1xi64>) -> tensor<*xf32>
    return %a, %b, %c, %d, %e : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
