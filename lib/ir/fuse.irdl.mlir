// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fuse.irdl.mlir - depthwise convolutions in the forms that the array runs.
//
// Tensors are N,H,W,C. Element types, shapes, and the attributes that only some element types have are checked by
// verify_fuse.c. An output is +0, plus the products in the documented order, plus the bias; each product and each sum is
// rounded by itself.
irdl.dialect @fuse {
  // y[n,h,w,c] = sum over kh, then kw mod stride.x, then kw div stride.x of x[n, h*sy+kh*dy-top, w*sx+kw*dx-left, c] * w[kh,kw,c], + b[c]
  irdl.operation @dwconv2d {
    %input = irdl.base "!builtin.tensor"
    %weight = irdl.base "!builtin.tensor"
    %bias = irdl.base "!builtin.tensor"
    %output = irdl.base "!builtin.tensor"
    %pad = irdl.base "#builtin.dense_array"
    %stride = irdl.base "#builtin.dense_array"
    %dilation = irdl.base "#builtin.dense_array"
    irdl.operands(input: %input, weight: %weight, bias: %bias)
    irdl.results(output: %output)
    irdl.attributes {"pad" = %pad, "stride" = %stride, "dilation" = %dilation}
  }

  // One filter w[c,k] along W (axis "row") or along H ("col"); pad belongs to that axis, stride to both.
  irdl.operation @conv1d {
    %input = irdl.base "!builtin.tensor"
    %weight = irdl.base "!builtin.tensor"
    %bias = irdl.base "!builtin.tensor"
    %output = irdl.base "!builtin.tensor"
    %row = irdl.is "row"
    %col = irdl.is "col"
    %axis = irdl.any_of(%row, %col)
    %pad = irdl.base "#builtin.dense_array"
    %stride = irdl.base "#builtin.dense_array"
    %dilation = irdl.base "#builtin.integer"
    irdl.operands(input: %input, weight: %weight, bias: %bias)
    irdl.results(output: %output)
    irdl.attributes {"axis" = %axis, "pad" = %pad, "stride" = %stride, "dilation" = %dilation}
  }

  // Row filters and column filters of one layer, results concatenated along C, rows first.
  // half: the first channels go through the row filters, the rest through the column filters; full: both see all channels.
  irdl.operation @fuseconv {
    %input = irdl.base "!builtin.tensor"
    %weight_row = irdl.base "!builtin.tensor"
    %bias_row = irdl.base "!builtin.tensor"
    %weight_col = irdl.base "!builtin.tensor"
    %bias_col = irdl.base "!builtin.tensor"
    %output = irdl.base "!builtin.tensor"
    %half = irdl.is "half"
    %full = irdl.is "full"
    %variant = irdl.any_of(%half, %full)
    %pad_row = irdl.base "#builtin.dense_array"
    %pad_col = irdl.base "#builtin.dense_array"
    %stride = irdl.base "#builtin.dense_array"
    %dilation = irdl.base "#builtin.integer"
    irdl.operands(input: %input, weight_row: %weight_row, bias_row: %bias_row, weight_col: %weight_col, bias_col: %bias_col)
    irdl.results(output: %output)
    irdl.attributes {"variant" = %variant, "pad_row" = %pad_row, "pad_col" = %pad_col, "stride" = %stride, "dilation" = %dilation}
  }
}
