# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network with nodes that the importer can't take and nodes that the conversion can't: broken_network.py FILE."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

w = numpy_helper.from_array(np.ones((4, 3, 3, 3), np.float32), "w")
nodes = [
    helper.make_node("Conv", ["x", "w"], ["a"], "early", group=5),
    helper.make_node("Mish2", ["x"], ["b"], "unknown"),
    helper.make_node("Conv", ["b", "w"], ["c"], "behind", group=7),  # b's type is in the file
    helper.make_node("Foo", ["c"], ["d"], "other", domain="here"),
    helper.make_node("Relu", ["d"], ["y"], "last"),  # d's isn't, so this one can't be looked at
    helper.make_node("MaxPool", ["x"], ["z"], "pool", kernel_shape=[2, 2, 2]),
]
x, b = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, 8, 8]) for name in "xb")
y, z = (helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "yz")
graph = helper.make_graph(nodes, "broken", [x], [y, z], [w], value_info=[b])
opsets = [helper.make_opsetid("", 13), helper.make_opsetid("here", 1)]
onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), sys.argv[1])
