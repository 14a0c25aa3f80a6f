# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network of which the host runs some nodes, with moves before and behind them: host_network.py FILE."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(1)
weight = numpy_helper.from_array(rng.standard_normal((5, 3, 3, 3)).astype(np.float32), "w")
nodes = [
    helper.make_node("Conv", ["x", "w"], ["a"], "conv", pads=[1, 1, 1, 1]),
    helper.make_node("Transpose", ["a"], ["b"], "turn", perm=[0, 1, 3, 2]),
    helper.make_node("Flatten", ["b"], ["c"], "flat"),
    helper.make_node("Mul", ["c", "c"], ["d"], "gate"),
    helper.make_node("Softmax", ["d"], ["y"], "normal", axis=1),
]
graph = helper.make_graph(nodes, "host", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 6, 6])],
                          [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 180])], [weight])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), sys.argv[1])
