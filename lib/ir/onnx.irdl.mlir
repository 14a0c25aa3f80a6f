// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// onnx.irdl.mlir - one op per ONNX operator, as the importer writes it.
//
// Written by test/ir/Inputs/onnx_table.py from onnx_ops.def. The op's name is the operator's in lower case (IRDL takes no
// other); operand i is input i of the node, an absent one is the result of onnx.novalue; results are the outputs up to the
// last named one. Attributes: verify_onnx.c.
// An IRDL constraint stands for one type, so an operator with any number of inputs (or outputs) has 16 groups of them, one
// per run of equal types: operandSegmentSizes (resultSegmentSizes) holds the lengths of the runs.
irdl.dialect @onnx {
  // The type of a value that the file says nothing about.
  irdl.type @unknown

  // An optional input that the node leaves out.
  irdl.operation @novalue {
    %none = irdl.is none
    irdl.results(output: %none)
  }

  // An output of a node that the importer couldn't take, and has reported; convert-onnx-to-tosa fails on it. With the
  // attribute why it hasn't: the node is in a branch of an If, and convert-onnx-to-tosa fails if that branch is taken.
  irdl.operation @refused {
    %any = irdl.any
    irdl.results(output: %any)
  }

  irdl.operation @abs {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @acos {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @acosh {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @add {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @affinegrid {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @and {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @argmax {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @argmin {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @asin {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @asinh {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @atan {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @atanh {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @attention {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4, in5: %in5, in6: %in6)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @averagepool {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @batchnormalization {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @bernoulli {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @bitcast {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @bitshift {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @bitwiseand {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @bitwisenot {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @bitwiseor {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @bitwisexor {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @blackmanwindow {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @cast {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @castlike {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @causalconvwithstate {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %out0 = irdl.any
    %out1 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3)
    irdl.results(out0: %out0, out1: %out1)
  }
  irdl.operation @ceil {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @celu {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @centercroppad {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @clip {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @col2im {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @compress {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @concat {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %in8 = irdl.any
    %in9 = irdl.any
    %in10 = irdl.any
    %in11 = irdl.any
    %in12 = irdl.any
    %in13 = irdl.any
    %in14 = irdl.any
    %in15 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: variadic %in0, in1: variadic %in1, in2: variadic %in2, in3: variadic %in3, in4: variadic %in4, in5: variadic %in5, in6: variadic %in6, in7: variadic %in7, in8: variadic %in8, in9: variadic %in9, in10: variadic %in10, in11: variadic %in11, in12: variadic %in12, in13: variadic %in13, in14: variadic %in14, in15: variadic %in15)
    irdl.results(out0: %out0)
  }
  irdl.operation @constant {
    %out0 = irdl.any
    irdl.results(out0: %out0)
  }
  irdl.operation @constantofshape {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @conv {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @convinteger {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3)
    irdl.results(out0: %out0)
  }
  irdl.operation @convtranspose {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @cos {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @cosh {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @cumprod {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @cumsum {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @dft {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @deformconv {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4)
    irdl.results(out0: %out0)
  }
  irdl.operation @depthtospace {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @dequantizelinear {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @det {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @div {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @dropout {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @dynamicquantizelinear {
    %in0 = irdl.any
    %out0 = irdl.any
    %out1 = irdl.any
    %out2 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0, out1: %out1, out2: %out2)
  }
  irdl.operation @einsum {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %in8 = irdl.any
    %in9 = irdl.any
    %in10 = irdl.any
    %in11 = irdl.any
    %in12 = irdl.any
    %in13 = irdl.any
    %in14 = irdl.any
    %in15 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: variadic %in0, in1: variadic %in1, in2: variadic %in2, in3: variadic %in3, in4: variadic %in4, in5: variadic %in5, in6: variadic %in6, in7: variadic %in7, in8: variadic %in8, in9: variadic %in9, in10: variadic %in10, in11: variadic %in11, in12: variadic %in12, in13: variadic %in13, in14: variadic %in14, in15: variadic %in15)
    irdl.results(out0: %out0)
  }
  irdl.operation @elu {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @equal {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @erf {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @exp {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @expand {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @eyelike {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @flatten {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @floor {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @gru {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4, in5: %in5)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @gather {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @gatherelements {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @gathernd {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @gelu {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @gemm {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @globalaveragepool {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @globallppool {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @globalmaxpool {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @greater {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @greaterorequal {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @gridsample {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @groupnormalization {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @hammingwindow {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @hannwindow {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @hardsigmoid {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @hardswish {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @hardmax {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @identity {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @if {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @imagedecoder {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @instancenormalization {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @isinf {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @isnan {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @lrn {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @lstm {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4, in5: %in5, in6: %in6, in7: %in7)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @layernormalization {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @leakyrelu {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @less {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @lessorequal {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @linearattention {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %out0 = irdl.any
    %out1 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4, in5: %in5)
    irdl.results(out0: %out0, out1: %out1)
  }
  irdl.operation @log {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @logsoftmax {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @lpnormalization {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @lppool {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @matmul {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @matmulinteger {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3)
    irdl.results(out0: %out0)
  }
  irdl.operation @max {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %in8 = irdl.any
    %in9 = irdl.any
    %in10 = irdl.any
    %in11 = irdl.any
    %in12 = irdl.any
    %in13 = irdl.any
    %in14 = irdl.any
    %in15 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: variadic %in0, in1: variadic %in1, in2: variadic %in2, in3: variadic %in3, in4: variadic %in4, in5: variadic %in5, in6: variadic %in6, in7: variadic %in7, in8: variadic %in8, in9: variadic %in9, in10: variadic %in10, in11: variadic %in11, in12: variadic %in12, in13: variadic %in13, in14: variadic %in14, in15: variadic %in15)
    irdl.results(out0: %out0)
  }
  irdl.operation @maxpool {
    %in0 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @maxroipool {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @maxunpool {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @mean {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %in8 = irdl.any
    %in9 = irdl.any
    %in10 = irdl.any
    %in11 = irdl.any
    %in12 = irdl.any
    %in13 = irdl.any
    %in14 = irdl.any
    %in15 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: variadic %in0, in1: variadic %in1, in2: variadic %in2, in3: variadic %in3, in4: variadic %in4, in5: variadic %in5, in6: variadic %in6, in7: variadic %in7, in8: variadic %in8, in9: variadic %in9, in10: variadic %in10, in11: variadic %in11, in12: variadic %in12, in13: variadic %in13, in14: variadic %in14, in15: variadic %in15)
    irdl.results(out0: %out0)
  }
  irdl.operation @meanvariancenormalization {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @melweightmatrix {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4)
    irdl.results(out0: %out0)
  }
  irdl.operation @min {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %in8 = irdl.any
    %in9 = irdl.any
    %in10 = irdl.any
    %in11 = irdl.any
    %in12 = irdl.any
    %in13 = irdl.any
    %in14 = irdl.any
    %in15 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: variadic %in0, in1: variadic %in1, in2: variadic %in2, in3: variadic %in3, in4: variadic %in4, in5: variadic %in5, in6: variadic %in6, in7: variadic %in7, in8: variadic %in8, in9: variadic %in9, in10: variadic %in10, in11: variadic %in11, in12: variadic %in12, in13: variadic %in13, in14: variadic %in14, in15: variadic %in15)
    irdl.results(out0: %out0)
  }
  irdl.operation @mish {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @mod {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @mul {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @multinomial {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @neg {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @negativeloglikelihoodloss {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @nonmaxsuppression {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4)
    irdl.results(out0: %out0)
  }
  irdl.operation @nonzero {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @not {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @onehot {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @or {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @prelu {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @pad {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3)
    irdl.results(out0: %out0)
  }
  irdl.operation @pow {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @qlinearconv {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %in8 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4, in5: %in5, in6: %in6, in7: %in7, in8: %in8)
    irdl.results(out0: %out0)
  }
  irdl.operation @qlinearmatmul {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4, in5: %in5, in6: %in6, in7: %in7)
    irdl.results(out0: %out0)
  }
  irdl.operation @quantizelinear {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @rmsnormalization {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @rnn {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4, in5: %in5)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @randomnormal {
    %out0 = irdl.any
    irdl.results(out0: %out0)
  }
  irdl.operation @randomnormallike {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @randomuniform {
    %out0 = irdl.any
    irdl.results(out0: %out0)
  }
  irdl.operation @randomuniformlike {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @range {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @reciprocal {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducel1 {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducel2 {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducelogsum {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducelogsumexp {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducemax {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducemean {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducemin {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reduceprod {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducesum {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @reducesumsquare {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @relu {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @reshape {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @resize {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3)
    irdl.results(out0: %out0)
  }
  irdl.operation @reversesequence {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @roialign {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @rotaryembedding {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3)
    irdl.results(out0: %out0)
  }
  irdl.operation @round {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @stft {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3)
    irdl.results(out0: %out0)
  }
  irdl.operation @scatter {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @scatterelements {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @scatternd {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @selu {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @shape {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @shrink {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @sigmoid {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @sign {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @sin {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @sinh {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @size {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @slice {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2, in3: %in3, in4: %in4)
    irdl.results(out0: %out0)
  }
  irdl.operation @softmax {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @softmaxcrossentropyloss {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @softplus {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @softsign {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @spacetodepth {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @split {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    %out1 = irdl.any
    %out2 = irdl.any
    %out3 = irdl.any
    %out4 = irdl.any
    %out5 = irdl.any
    %out6 = irdl.any
    %out7 = irdl.any
    %out8 = irdl.any
    %out9 = irdl.any
    %out10 = irdl.any
    %out11 = irdl.any
    %out12 = irdl.any
    %out13 = irdl.any
    %out14 = irdl.any
    %out15 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: variadic %out0, out1: variadic %out1, out2: variadic %out2, out3: variadic %out3, out4: variadic %out4, out5: variadic %out5, out6: variadic %out6, out7: variadic %out7, out8: variadic %out8, out9: variadic %out9, out10: variadic %out10, out11: variadic %out11, out12: variadic %out12, out13: variadic %out13, out14: variadic %out14, out15: variadic %out15)
  }
  irdl.operation @sqrt {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @squeeze {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @sub {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @sum {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %in3 = irdl.any
    %in4 = irdl.any
    %in5 = irdl.any
    %in6 = irdl.any
    %in7 = irdl.any
    %in8 = irdl.any
    %in9 = irdl.any
    %in10 = irdl.any
    %in11 = irdl.any
    %in12 = irdl.any
    %in13 = irdl.any
    %in14 = irdl.any
    %in15 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: variadic %in0, in1: variadic %in1, in2: variadic %in2, in3: variadic %in3, in4: variadic %in4, in5: variadic %in5, in6: variadic %in6, in7: variadic %in7, in8: variadic %in8, in9: variadic %in9, in10: variadic %in10, in11: variadic %in11, in12: variadic %in12, in13: variadic %in13, in14: variadic %in14, in15: variadic %in15)
    irdl.results(out0: %out0)
  }
  irdl.operation @swiglu {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @swish {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @tan {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @tanh {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @tensorscatter {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @tfidfvectorizer {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @thresholdedrelu {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @tile {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @topk {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    %out1 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0, out1: %out1)
  }
  irdl.operation @transpose {
    %in0 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0)
  }
  irdl.operation @trilu {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @unique {
    %in0 = irdl.any
    %out0 = irdl.any
    %outs = irdl.any
    irdl.operands(in0: %in0)
    irdl.results(out0: %out0, outs: variadic %outs)
  }
  irdl.operation @unsqueeze {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @upsample {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
  irdl.operation @where {
    %in0 = irdl.any
    %in1 = irdl.any
    %in2 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1, in2: %in2)
    irdl.results(out0: %out0)
  }
  irdl.operation @xor {
    %in0 = irdl.any
    %in1 = irdl.any
    %out0 = irdl.any
    irdl.operands(in0: %in0, in1: %in1)
    irdl.results(out0: %out0)
  }
}
