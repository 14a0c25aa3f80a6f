// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics %s
// What the ops of stos refuse, one case a piece, by rule (docs/dialects.md).

// S1
func.func @f(%a: tensor<1x4x5x16xf32>) {
  // expected-error@+1 {{'stos.pack': the result has rank 4; expected a tensor of rank 4 with the encoding "blocked"}}
  %y = "stos.pack"(%a) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32>
  return
}

// -----

// S1
func.func @f(%a: tensor<4x16xf32>) {
  // expected-error@+1 {{'stos.pack': the result has rank 2; expected a tensor of rank 4 with the encoding "blocked"}}
  %y = "stos.pack"(%a) : (tensor<4x16xf32>) -> tensor<4x16xf32, "blocked">
  return
}

// -----

// S1
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.pack': the operand has an encoding; expected a plain tensor}}
  %y = "stos.pack"(%a) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S1
func.func @f(%a: tensor<1x?x5x16xf32>) {
  // expected-error@+1 {{'stos.pack': the operand has no static shape or an unknown element type}}
  %y = "stos.pack"(%a) : (tensor<1x?x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S2
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.unpack': operand and result have different numbers of elements}}
  %y = "stos.unpack"(%a) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x8xf32>
  return
}

// -----

// S2
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.output': operand of f32, result of i32; expected one element type}}
  %y = "stos.output"(%a) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xi32>
  return
}

// -----

// S2
func.func @f(%a: tensor<1x4x5x16xf32>) {
  // expected-error@+1 {{'stos.input': operand and result have different numbers of elements}}
  %y = "stos.input"(%a) {layout = "blocked"} : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x8xf32, "blocked">
  return
}

// -----

// S2
func.func @f(%a: tensor<1x16x4x5xf32>) {
  // expected-error@+1 {{'stos.input': channels_last: expected a plain tensor N,H,W,C or N,W,C of the blocked one's shape}}
  %y = "stos.input"(%a) {channels_last, layout = "blocked"} : (tensor<1x16x4x5xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S2
func.func @f(%a: tensor<1x4x5x16xf32>) {
  %p = tosa.abs %a : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32>
  // expected-error@+1 {{'stos.input': the operand is no argument of the function}}
  %y = "stos.input"(%p) {layout = "blocked"} : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S2
func.func @f(%a: tensor<1x4x5x16xf32>) {
  // expected-error@+1 {{'stos.input': window[0] = 256; expected 1 to 255}}
  %y = "stos.input"(%a) {layout = "packed", window = array<i64: 256, 3, 1, 1, 1, 1, 0, 0>} : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S2, by IRDL
func.func @f(%a: tensor<1x4x5x16xf32>) {
  // expected-error@+1 {{does not satisfy the constraint}}
  %y = "stos.input"(%a) {layout = "plain"} : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S2
func.func @f(%a: tensor<1x4x5x16xf32>) {
  // expected-error@+1 {{'stos.pack': unknown attribute 'layout'}}
  %y = "stos.pack"(%a) {layout = "blocked"} : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S3
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.concat': shapes don't add up along the channels}}
  %y = "stos.concat"(%a, %a) : (tensor<1x4x5x16xf32, "blocked">, tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x31xf32, "blocked">
  return
}

// -----

// S3
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.slice': expected first_block >= 0 and a result with some of the operand's channels}}
  %y = "stos.slice"(%a) {first_block = -1 : i64} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x8xf32, "blocked">
  return
}

// -----

// S3
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.slice': expected first_block >= 0 and a result with some of the operand's channels}}
  %y = "stos.slice"(%a) {first_block = 0 : i64} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x4x8xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': window has 7 numbers; expected 8: kernel, stride, dilation, pad before, each y and x}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': window[2] = 0; expected 1 to 65535}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 0, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': window[6] = 65536; expected -65535 to 65535}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 65536, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': unknown attribute 'padding'}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>, padding = 1 : i64} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">, %w: tensor<24x1x1x16xf32>) {
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': weights is no constant; expected the result of a tosa.const}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x3x1x16xf32>} : () -> tensor<24x3x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': weights is 24x3x1x16xf32; expected 24x1x1x16xf32}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x3x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<1x3x16xf32>} : () -> tensor<1x3x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<16xf32>} : () -> tensor<16xf32>
  // expected-error@+1 {{'stos.layer': weights is 1x3x16xf32; expected 3x1x16xf32}}
  %y = "stos.layer"(%a, %w, %b) {kind = "depthwise", reduce = "none", mapping = "hold", window = array<i64: 3, 1, 1, 1, 1, 1, 1, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<1x3x16xf32>, tensor<16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<1> : tensor<24x1x1x16xi8>} : () -> tensor<24x1x1x16xi8>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': weights of i8 in a layer of f32; expected f32}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xi8>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<16xf32>} : () -> tensor<16xf32>
  // expected-error@+1 {{'stos.layer': bias has 16 values; expected one for each of 24 channels}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<16xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">, %r: tensor<1x4x1x24xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': res is 1x4x1x24xf32; expected 1x4x5x24xf32}}
  %y = "stos.layer"(%a, %w, %b, %r) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>, tensor<1x4x1x24xf32, "blocked">) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.layer': expected weights in a conv or depthwise layer and none in a vector layer}}
  %y = "stos.layer"(%a) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.layer': expected as many images in the result as in the operand, and outside of a conv as many channels}}
  %y = "stos.layer"(%a) {kind = "vector", reduce = "none", mapping = "vector", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': the mapping isn't 'gemm', which this kind has alone}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "hold", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  // expected-error@+1 {{'stos.layer': the mapping isn't 'vector', which this kind has alone}}
  %y = "stos.layer"(%a) {kind = "vector", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x16xf32>} : () -> tensor<1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<16xf32>} : () -> tensor<16xf32>
  // expected-error@+1 {{'stos.layer': unknown mapping of a depthwise layer; expected stream, hold or block-diagonal}}
  %y = "stos.layer"(%a, %w, %b) {kind = "depthwise", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<1x1x16xf32>, tensor<16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  return
}

// -----

// S4
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': post[1] is no string; expected a post operation}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias", 1], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S4, by IRDL
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{does not satisfy the constraint}}
  %y = "stos.layer"(%a, %w, %b) {kind = "pool", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  return
}

// -----

// S5
func.func @f() {
  // expected-error@+1 {{'stos.buffer': unknown space; expected chip, param, lut, weights, arena or io}}
  %y = "stos.buffer"() {space = "dram", size = 8 : i64} : () -> i32
  return
}

// -----

// S5
func.func @f() {
  // expected-error@+1 {{'stos.buffer': size = -1; expected at least 0}}
  %y = "stos.buffer"() {space = "chip", size = -1 : i64} : () -> i32
  return
}

// -----

// S5
func.func @f(%i: i32) {
  // expected-error@+1 {{'stos.load': operand 0 isn't the result of a stos.buffer}}
  "stos.load"(%i) {refs = ["out"]} : (i32) -> ()
  return
}

// -----

// S5
func.func @f(%i: i32) {
  // expected-error@+1 {{'stos.io': operand 0 isn't the result of a stos.buffer}}
  "stos.io"(%i) {name = "x", direction = "input", dtype = "f32", shape = array<i64: 1>, layout = "plain"} : (i32) -> ()
  return
}

// -----

// S6
func.func @f() {
  // expected-error@+1 {{'stos.load': unknown attribute 'nkh'}}
  "stos.load"() {refs = [], nkh = 3 : i64} : () -> ()
  return
}

// -----

// S6
func.func @f() {
  // expected-error@+1 {{'stos.end': unknown attribute 'ahed'}}
  "stos.end"() {ahed = 3 : i64} : () -> ()
  return
}

// -----

// S6
func.func @f() {
  %a = "stos.buffer"() {space = "chip", size = 8 : i64} : () -> i32
  // expected-error@+1 {{'stos.store': 2 refs for 1 operands; expected one an operand}}
  "stos.store"(%a) {refs = ["in", "dram"]} : (i32) -> ()
  return
}

// -----

// S6
func.func @f() {
  %a = "stos.buffer"() {space = "chip", size = 8 : i64} : () -> i32
  // expected-error@+1 {{'stos.store': refs[0] is no string}}
  "stos.store"(%a) {refs = [1]} : (i32) -> ()
  return
}

// -----

// Zero points belong to i8.
func.func @f(%u: tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32> {
  %a = "stos.pack"(%u) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  // expected-error@+1 {{'stos.layer': zero points, double_round and tables are of i8; this is a layer of f32}}
  %y = "stos.layer"(%a) {kind = "vector", reduce = "none", mapping = "vector", in_zp = 1 : i64, window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = [], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %o : tensor<1x4x5x16xf32>
}

// -----

// A zero point of a residual that isn't there.
func.func @f(%u: tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8> {
  %a = "stos.pack"(%u) : (tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8, "blocked">
  // expected-error@+1 {{'stos.layer': res_zp = 1; expected -128 to 127, and that its operand is there}}
  %y = "stos.layer"(%a) {kind = "vector", reduce = "none", mapping = "vector", res_zp = 1 : i64, window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = [], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x4x5x16xi8, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x4x5x16xi8>
  return %o : tensor<1x4x5x16xi8>
}

// -----

// Half a table.
func.func @f(%u: tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8> {
  %t = "tosa.const"() {values = dense<1> : tensor<128xi8>} : () -> tensor<128xi8>
  %a = "stos.pack"(%u) : (tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8, "blocked">
  // expected-error@+1 {{'stos.layer': table has 128 values; expected a multiple of 256}}
  %y = "stos.layer"(%a, %t) {kind = "vector", reduce = "none", mapping = "vector", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["lut 0"], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 1>} : (tensor<1x4x5x16xi8, "blocked">, tensor<128xi8>) -> tensor<1x4x5x16xi8, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x4x5x16xi8>
  return %o : tensor<1x4x5x16xi8>
}

// -----

// A multiplier without its shift.
func.func @f(%u: tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8> {
  %s = "tosa.const"() {values = dense<1> : tensor<16xi32>} : () -> tensor<16xi32>
  %a = "stos.pack"(%u) : (tensor<1x4x5x16xi8>) -> tensor<1x4x5x16xi8, "blocked">
  // expected-error@+1 {{'stos.layer': expected shift where an i8 layer has scale, and only there}}
  %y = "stos.layer"(%a, %s) {kind = "vector", reduce = "none", mapping = "vector", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["scale"], operandSegmentSizes = array<i32: 1, 0, 0, 1, 0, 0, 0, 0>} : (tensor<1x4x5x16xi8, "blocked">, tensor<16xi32>) -> tensor<1x4x5x16xi8, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x4x5x16xi8>
  return %o : tensor<1x4x5x16xi8>
}

// -----

// A quantised border of a float program.
func.func @f(%x: tensor<1x16x4x5xf32>) -> tensor<1x16x4x5xf32> {
  // expected-error@+1 {{'stos.input': expected a positive scale, and it only from f32 to i8 or back}}
  %a = "stos.input"(%x) {layout = "blocked", scale = 0.5 : f32} : (tensor<1x16x4x5xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %o = "stos.output"(%a) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x16x4x5xf32>
  return %o : tensor<1x16x4x5xf32>
}

// -----

// Pads that are no byte.
func.func @f(%x: tensor<1x3x9x9xi8>) -> tensor<1x18x4x5xi8> {
  // expected-error@+1 {{'stos.input': zero_point = 128 of i8; expected -128 to 127 and i8}}
  %a = "stos.input"(%x) {layout = "packed", zero_point = 128 : i64, window = array<i64: 3, 2, 2, 2, 1, 1, 0, 1>} : (tensor<1x3x9x9xi8>) -> tensor<1x4x5x18xi8, "blocked">
  %o = "stos.output"(%a) : (tensor<1x4x5x18xi8, "blocked">) -> tensor<1x18x4x5xi8>
  return %o : tensor<1x18x4x5xi8>
}
