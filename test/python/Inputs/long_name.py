# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""long_name.py OUT.onnx - a Relu with a name of sixty characters."""
import sys

import onnx
from onnx import helper

ends = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 4]) for name in "xy"]
node = helper.make_node("Relu", ["x"], ["y"], name=30 * "a" + 30 * "b")
onnx.save(helper.make_model(helper.make_graph([node], "long", ends[:1], ends[1:]),
                            opset_imports=[helper.make_opsetid("", 13)], ir_version=8), sys.argv[1])
