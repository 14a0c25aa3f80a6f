# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""empty - a network with an input and outputs that have no elements.

    empty.py OUT.onnx

A convolution, to which channels are added that aren't there; a slice of nothing; the product of none; an input handed on.
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def value(name, shape=None, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def main():
    weight = np.random.default_rng(0).normal(size=(8, 3, 3, 3)).astype(np.float32)
    constants = {"w": weight, "zero": np.array([0]), "axis": np.array([2]), "shape": np.array([0, 5])}
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["conv_out"], name="conv", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["none"], ["none_out"], name="relu"),
        helper.make_node("Concat", ["conv_out", "none_out"], ["joined"], name="concat", axis=1),
        helper.make_node("Slice", ["conv_out", "zero", "zero", "axis"], ["sliced"], name="slice"),
        helper.make_node("ReduceProd", ["none"], ["product"], name="product", axes=[1], keepdims=0),
        helper.make_node("ConstantOfShape", ["shape"], ["made"], name="made",
                         value=numpy_helper.from_array(np.array([1], np.int32))),
        helper.make_node("Identity", ["none"], ["handed_on"], name="identity"),
    ]
    outputs = [value(name) for name in ("joined", "sliced", "product", "handed_on")]
    graph = helper.make_graph(nodes, "empty", [value("image", [1, 3, 8, 8]), value("none", [1, 0, 8, 8])],
                              [*outputs, value("made", kind=TensorProto.INT32)],
                              [numpy_helper.from_array(array, name) for name, array in constants.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7), sys.argv[1])


main()
