# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A layer for the machine and one for the host, which has a strange name: softmax_network.py FILE."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

w = numpy_helper.from_array(np.ones((8, 4), np.float32), "w")
nodes = [helper.make_node("MatMul", ["x", "w"], ["a"], "product"), helper.make_node("Softmax", ["a"], ["y"], '"')]
x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, n]) for name, n in (("x", 8), ("y", 4)))
graph = helper.make_graph(nodes, "soft", [x], [y], [w])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), sys.argv[1])
