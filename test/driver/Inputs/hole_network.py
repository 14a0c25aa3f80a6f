# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""digits-dw.onnx with an operator that nobody knows in the middle: hole_network.py DIGITS.onnx OUT.onnx [typed]

typed: the file says what type its result has
"""
import sys

import onnx
from onnx import TensorProto, helper

model = onnx.load(sys.argv[1])
nodes = model.graph.node
at = next(i for i, node in enumerate(nodes) if node.name == "block3/dw")
hole = helper.make_node("Frobnicate", [nodes[at].input[0]], ["hole"], "hole", domain="here")
nodes[at].input[0] = "hole"
nodes.insert(at, hole)
if sys.argv[3:] == ["typed"]:
    model.graph.value_info.append(helper.make_tensor_value_info("hole", TensorProto.FLOAT, [1, 32, 4, 4]))
model.opset_import.append(helper.make_opsetid("here", 1))
onnx.save(model, sys.argv[2])
