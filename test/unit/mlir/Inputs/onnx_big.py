# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Write a MatMul with N x N weights, raw and at an odd place in the file.

usage: onnx_big.py N OUT.onnx
"""
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save


def main():
    n = int(sys.argv[1])
    weights = numpy_helper.from_array(np.ones((n, n), np.float32), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])], "big",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, n])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, n])], [weights])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7), sys.argv[2])


main()
