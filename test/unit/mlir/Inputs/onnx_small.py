# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Write a small model with every kind of storage, attribute and type that the importer takes.

usage: onnx_small.py OUT.onnx
"""
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save


def main():
    typed = [helper.make_tensor("t%d" % dtype, dtype, [2], [1, 0])
             for dtype in (TensorProto.FLOAT, TensorProto.INT8, TensorProto.UINT16, TensorProto.BOOL,
                           TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.UINT64)]
    weight = numpy_helper.from_array(np.arange(32, dtype=np.float32).reshape(2, 16, 1, 1), "w")
    nodes = [
        helper.make_node("Conv", ["x", "w", "t1"], ["c"], kernel_shape=[1, 1], auto_pad="SAME_UPPER", group=1),
        helper.make_node("LeakyRelu", ["c"], ["r"], "leak", alpha=0.5),
        helper.make_node("Clip", ["r", "", "max"], ["k"], "leak"),
        helper.make_node("Split", ["k"], ["s0", "s1"], axis=1),
        helper.make_node("Concat", ["s0", "s1", "k"], ["y"], axis=1),
        helper.make_node("Constant", [], ["max"], value=helper.make_tensor("v", TensorProto.FLOAT, [], [6])),
        helper.make_node("LSTM", ["x", "w", "w"], ["", "h", "l"], activations=["Tanh", "Relu"], activation_alpha=[0.5, 1.0]),
    ] + [helper.make_node("Identity", [t.name], ["i" + t.name]) for t in typed]
    graph = helper.make_graph(
        nodes, "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 16, 4, None])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 4, 4, "w"])],
        [weight] + typed,
        value_info=[helper.make_tensor_value_info("c", TensorProto.FLOAT, ["batch", 2, 4, None]),
                    helper.make_tensor_value_info("s0", TensorProto.FLOAT, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=7, producer_name="test")
    helper.set_model_props(model, {"key": "value"})
    save(model, sys.argv[1])


main()
