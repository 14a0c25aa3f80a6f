# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network with many nodes of an operator that doesn't exist, and many inputs without a size: many_bad.py FILE NODES INPUTS."""
import sys

import onnx
from onnx import TensorProto, helper

n_nodes, n_inputs = map(int, sys.argv[2:])
names = ["x"] + [f"v_{i}" for i in range(n_nodes)]
nodes = [helper.make_node("Mish2", [names[i]], [names[i + 1]], f"bad_{i}") for i in range(n_nodes)]
nodes.append(helper.make_node("Relu", [names[-1]], ["y"], "relu"))
inputs = [helper.make_tensor_value_info(f"bad_{i}", TensorProto.FLOAT, [None]) for i in range(n_inputs)]
x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3]) for name in "xy")
graph = helper.make_graph(nodes, "many", [x, *inputs], [y])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), sys.argv[1])
