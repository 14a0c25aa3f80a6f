// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --stos-map=target=stosx-16 --stos-tile %s
// Layers that the verifier takes and the tiler refuses, one a piece; stos-map writes the target and lets them stand.

// An operation that the post stage does not have.
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x24xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': post:1: 'relu'; expected a post operation}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["relu"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x24xf32, "blocked">) -> tensor<1x4x5x24xf32>
  return %o : tensor<1x4x5x24xf32>
}

// -----

// The operand that a post operation reads.
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x24xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': post has prelu, but its operand is absent}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias", "prelu"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x24xf32, "blocked">) -> tensor<1x4x5x24xf32>
  return %o : tensor<1x4x5x24xf32>
}

// -----

// The same for the residual,
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x24xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': post reads res, which is absent}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias", "addr"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x24xf32, "blocked">) -> tensor<1x4x5x24xf32>
  return %o : tensor<1x4x5x24xf32>
}

// -----

// and a residual that nobody reads.
func.func @f(%a0: tensor<1x4x5x16xf32>, %r0: tensor<1x4x5x24xf32>) -> tensor<1x4x5x24xf32> {
  %r = "stos.pack"(%r0) : (tensor<1x4x5x24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': no post operation reads res; expected none}}
  %y = "stos.layer"(%a, %w, %b, %r) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>, tensor<1x4x5x24xf32, "blocked">) -> tensor<1x4x5x24xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x24xf32, "blocked">) -> tensor<1x4x5x24xf32>
  return %o : tensor<1x4x5x24xf32>
}

// -----

// Nine operations.
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x24xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': a post program of 9 operations; expected at most 8}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "none", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["abs", "abs", "abs", "abs", "abs", "abs", "abs", "abs", "abs"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x24xf32, "blocked">) -> tensor<1x4x5x24xf32>
  return %o : tensor<1x4x5x24xf32>
}

// -----

// A window without a reduction,
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  // expected-error@+1 {{'stos.layer': expected reduce = "sum" or "max" in a vector layer with a window, else "none"}}
  %y = "stos.layer"(%a) {kind = "vector", reduce = "none", mapping = "vector", window = array<i64: 2, 1, 1, 1, 1, 1, 0, 0>, post = [], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %o : tensor<1x4x5x16xf32>
}

// -----

// and a conv with one.
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x24xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %w = "tosa.const"() {values = dense<0.5> : tensor<24x1x1x16xf32>} : () -> tensor<24x1x1x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<24xf32>} : () -> tensor<24xf32>
  // expected-error@+1 {{'stos.layer': expected reduce = "sum" or "max" in a vector layer with a window, else "none"}}
  %y = "stos.layer"(%a, %w, %b) {kind = "conv", reduce = "max", mapping = "gemm", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<24x1x1x16xf32>, tensor<24xf32>) -> tensor<1x4x5x24xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x24xf32, "blocked">) -> tensor<1x4x5x24xf32>
  return %o : tensor<1x4x5x24xf32>
}

// -----

// Two element types in one program.
func.func @f(%a0: tensor<1x16x4x5xi8>, %b0: tensor<1x4x5x16xf32>) -> (tensor<1x4x5x16xf32>, tensor<1x16x4x5xi8>) {
  %b = "stos.pack"(%b0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %a = "stos.input"(%a0) {layout = "blocked"} : (tensor<1x16x4x5xi8>) -> tensor<1x4x5x16xi8, "blocked">
  // expected-error@+1 {{'stos.layer': a layer of i8; not supported yet, expected f32}}
  %y = "stos.layer"(%a) {kind = "vector", reduce = "none", mapping = "vector", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = [], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x4x5x16xi8, "blocked">
  %o = "stos.output"(%y) : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x16x4x5xi8>
  %p = "stos.unpack"(%b) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %p, %o : tensor<1x4x5x16xf32>, tensor<1x16x4x5xi8>
}

// -----

// A table that isn't there.
func.func @f(%a0: tensor<1x16x4x5xi8>) -> tensor<1x16x4x5xi8> {
  %t = "tosa.const"() {values = dense<1> : tensor<256xi8>} : () -> tensor<256xi8>
  %a = "stos.input"(%a0) {layout = "blocked"} : (tensor<1x16x4x5xi8>) -> tensor<1x4x5x16xi8, "blocked">
  // expected-error@+1 {{'stos.layer': post reads table 1; expected one of 1}}
  %y = "stos.layer"(%a, %t) {kind = "vector", reduce = "none", mapping = "vector", window = array<i64: 1, 1, 1, 1, 1, 1, 0, 0>, post = ["lut 1"], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 1>} : (tensor<1x4x5x16xi8, "blocked">, tensor<256xi8>) -> tensor<1x4x5x16xi8, "blocked">
  %o = "stos.output"(%y) : (tensor<1x4x5x16xi8, "blocked">) -> tensor<1x16x4x5xi8>
  return %o : tensor<1x16x4x5xi8>
}

// -----

// The stream schedule has one kernel row.
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %w = "tosa.const"() {values = dense<0.5> : tensor<3x3x16xf32>} : () -> tensor<3x3x16xf32>
  %b = "tosa.const"() {values = dense<0.5> : tensor<16xf32>} : () -> tensor<16xf32>
  // expected-error@+1 {{'stos.layer': stosx-16 can't run this layer by stream; expected a mapping that stos-map chooses}}
  %y = "stos.layer"(%a, %w, %b) {kind = "depthwise", reduce = "none", mapping = "stream", window = array<i64: 3, 3, 1, 1, 1, 1, 1, 1>, post = ["bias"], operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">, tensor<3x3x16xf32>, tensor<16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %o : tensor<1x4x5x16xf32>
}

// -----

// A stride that no field of a command holds.
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  // expected-error@+1 {{'stos.layer': stosx-16 can't run this layer by vector; expected a mapping that stos-map chooses}}
  %y = "stos.layer"(%a) {kind = "vector", reduce = "none", mapping = "vector", window = array<i64: 1, 1, 300, 1, 1, 1, 0, 0>, post = [], operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %o : tensor<1x4x5x16xf32>
}

// -----

// S3: the second operand would begin in the middle of a word.
func.func @f(%a0: tensor<1x4x5x4xf32>) -> tensor<1x4x5x8xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x4xf32>) -> tensor<1x4x5x4xf32, "blocked">
  // expected-error@+1 {{'stos.concat': the first operand has 4 channels; expected a multiple of 8 lanes}}
  %y = "stos.concat"(%a, %a) : (tensor<1x4x5x4xf32, "blocked">, tensor<1x4x5x4xf32, "blocked">) -> tensor<1x4x5x8xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x8xf32, "blocked">) -> tensor<1x4x5x8xf32>
  return %o : tensor<1x4x5x8xf32>
}

// -----

// S3: there are two channel blocks.
func.func @f(%a0: tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32> {
  %a = "stos.pack"(%a0) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  // expected-error@+1 {{'stos.slice': channel blocks 1 to 2; expected some of the operand's 2}}
  %y = "stos.slice"(%a) {first_block = 1 : i64} : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32, "blocked">
  %o = "stos.unpack"(%y) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %o : tensor<1x4x5x16xf32>
}

// -----

// A blocked tensor has no meaning for the caller,
func.func @f(%a: tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32> {
  // expected-error@+1 {{'stos.unpack': operand 0 is blocked; expected that stos ops alone make and read it}}
  %y = "stos.unpack"(%a) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %y : tensor<1x4x5x16xf32>
}

// -----

// nor for the host.
func.func @f(%a: tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32> {
  %x = "stos.pack"(%a) : (tensor<1x4x5x16xf32>) -> tensor<1x4x5x16xf32, "blocked">
  // expected-error@+1 {{'tosa.sin': operand 0 is blocked; expected that stos ops alone make and read it}}
  %s = tosa.sin %x : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32, "blocked">
  %y = "stos.unpack"(%s) : (tensor<1x4x5x16xf32, "blocked">) -> tensor<1x4x5x16xf32>
  return %y : tensor<1x4x5x16xf32>
}
