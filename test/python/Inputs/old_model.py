# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A model as exporters wrote it before IR version 4: constants are inputs, too, and a dense layer is MatMul and Add of 1 x N.

usage: old_model.py MODEL.onnx SAMPLES.npz
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def main():
    rng = np.random.default_rng(0)
    arrays = {"w": rng.standard_normal((12, 5)), "b": rng.standard_normal((1, 5))}
    constants = [numpy_helper.from_array(array.astype(np.float32), name) for name, array in arrays.items()]
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
              for name, shape in {"x": (1, 12), **{k: v.shape for k, v in arrays.items()}}.items()]
    nodes = [helper.make_node("MatMul", ["x", "w"], ["product"]), helper.make_node("Add", ["product", "b"], ["y"])]
    graph = helper.make_graph(nodes, "old", inputs, [helper.make_tensor_value_info("y", TensorProto.FLOAT, (1, 5))], constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 7)], ir_version=3), sys.argv[1])
    np.savez(sys.argv[2], x=rng.standard_normal((8, 12)).astype(np.float32))


main()
