// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --convert-onnx-to-tosa %s
// What RNN, GRU and LSTM refuse.

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x1x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: activation Elu; expected Relu, Tanh or Sigmoid}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {activations = ["Sigmoid", "Elu", "Tanh"]} : (tensor<2x1x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x1x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{activations; expected 3 names}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {activations = ["Sigmoid"]} : (tensor<2x1x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x1x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{direction "back"; expected forward, reverse or bidirectional}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {direction = "back"} : (tensor<2x1x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x1x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: input_forget = 1}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {input_forget = 1 : i64} : (tensor<2x1x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x1x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{hidden_size = 5; the weights have 4}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {hidden_size = 5 : i64} : (tensor<2x1x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x1x7xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{input 1; expected a shape of 1 x 16 x 7}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {} : (tensor<2x1x7xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x7xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{inputs of rank 2, 3 and 3; expected 3}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {} : (tensor<2x7xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<5000x1x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: 5000 steps; expected at most 4096}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {} : (tensor<5000x1x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}

// -----

module attributes {onnx.opset_import = {ai.onnx = 14 : i64}} {
  func.func @main(%x: tensor<2x1x3xf64>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<*xf32> {
    %no = "onnx.novalue"() : () -> none
    // expected-error@+1 {{not supported yet: input 0 has element type f64; expected f32}}
    %y, %h, %c = "onnx.lstm"(%x, %w, %r, %no, %no, %no, %no, %no) {} : (tensor<2x1x3xf64>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, none, none, none, none, none) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    return %y : tensor<*xf32>
  }
}
