// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics %s

func.func @no_such_family(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'tosa.custom': frobnicate: f32 of f32; expected a kernel of include/fuse/kernels.def with these results and operands}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "frobnicate", implementation_attrs = ""} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @no_such_type(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error@+1 {{'tosa.custom': acos: i32 of i32; expected a kernel}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "acos", implementation_attrs = ""} : (tensor<4xi32>) -> tensor<4xi32>
  return %y : tensor<4xi32>
}

// -----

func.func @results(%x: tensor<2x9xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{'tosa.custom': topk: f32 of f32; expected a kernel}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "topk", implementation_attrs = "outer = 2, n = 9, inner = 1, k = 3, largest = 1"} : (tensor<2x9xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @too_many(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'tosa.custom': 6 operands and results; expected at most 4}}
  %y = tosa.custom %x, %x, %x, %x, %x {domain_name = "fuse", operator_name = "acos", implementation_attrs = ""} : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @unknown_shape(%x: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error@+1 {{'tosa.custom': a tensor has an unknown size or element type; expected static tensors}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "acos", implementation_attrs = ""} : (tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @missing(%x: tensor<2x9xf32>) -> tensor<2x9xf32> {
  // expected-error@+1 {{'tosa.custom': implementation_attrs isn't a list 'field = integer, ...' of each of: outer, n, inner, exclusive, reverse}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "cumsum", implementation_attrs = "outer = 2, n = 9, inner = 1, exclusive = 1"} : (tensor<2x9xf32>) -> tensor<2x9xf32>
  return %y : tensor<2x9xf32>
}

// -----

func.func @twice(%x: tensor<2x9xf32>) -> tensor<2x9xf32> {
  // expected-error@+1 {{'tosa.custom': implementation_attrs isn't a list}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "cumsum", implementation_attrs = "outer = 2, n = 9, inner = 1, exclusive = 1, n = 9"} : (tensor<2x9xf32>) -> tensor<2x9xf32>
  return %y : tensor<2x9xf32>
}

// -----

func.func @not_a_number(%x: tensor<2x9xf32>) -> tensor<2x9xf32> {
  // expected-error@+1 {{'tosa.custom': implementation_attrs isn't a list}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "cumsum", implementation_attrs = "outer = 2, n = 9, inner = 1, exclusive = yes, reverse = 0"} : (tensor<2x9xf32>) -> tensor<2x9xf32>
  return %y : tensor<2x9xf32>
}

// -----

func.func @out_of_range(%x: tensor<2x9xf32>) -> tensor<2x9xf32> {
  // expected-error@+1 {{'tosa.custom': implementation_attrs: exclusive is not 0 or 1}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "cumsum", implementation_attrs = "outer = 2, n = 9, inner = 1, exclusive = 2, reverse = 0"} : (tensor<2x9xf32>) -> tensor<2x9xf32>
  return %y : tensor<2x9xf32>
}

// -----

func.func @size(%x: tensor<2x9xf32>) -> tensor<2x9xf32> {
  // expected-error@+1 {{'tosa.custom': result 0 has 18 elements; implementation_attrs say 16}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "cumsum", implementation_attrs = "outer = 2, n = 8, inner = 1, exclusive = 0, reverse = 0"} : (tensor<2x9xf32>) -> tensor<2x9xf32>
  return %y : tensor<2x9xf32>
}

// -----

func.func @shape(%x: tensor<2x9xf32>) -> tensor<9x2xf32> {
  // expected-error@+1 {{'tosa.custom': operand 0 doesn't have the result's shape; expected it}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "acos", implementation_attrs = ""} : (tensor<2x9xf32>) -> tensor<9x2xf32>
  return %y : tensor<9x2xf32>
}

// -----

func.func @broadcast(%x: tensor<2x9xf32>, %z: tensor<2x3xf32>) -> tensor<2x9xf32> {
  // expected-error@+1 {{'tosa.custom': operand 1 doesn't have the result's shape; expected it, or 1 where it is repeated}}
  %y = tosa.custom %x, %z {domain_name = "fuse", operator_name = "div", implementation_attrs = ""} : (tensor<2x9xf32>, tensor<2x3xf32>) -> tensor<2x9xf32>
  return %y : tensor<2x9xf32>
}

// -----

func.func @attrs(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'tosa.custom': implementation_attrs of an elementwise kernel; expected ""}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "acos", implementation_attrs = "n = 4"} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @list(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'tosa.custom': not supported yet: tosa.custom of move, which has parameters other than integers}}
  %y = tosa.custom %x {domain_name = "fuse", operator_name = "move", implementation_attrs = ""} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Another domain's op is none of our business.
func.func @other(%x: tensor<4xf32>) -> tensor<9xf32> {
  %y = tosa.custom %x {domain_name = "elsewhere", operator_name = "acos", implementation_attrs = "?"} : (tensor<4xf32>) -> tensor<9xf32>
  return %y : tensor<9xf32>
}
