# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A float32 model as one of float16, with a float32 output behind a Cast.

usage: half.py IN.onnx OUT.onnx
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def main():
    model = onnx.load(sys.argv[1])
    graph = model.graph
    for tensor in graph.initializer:
        if tensor.data_type == TensorProto.FLOAT:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name))
    del graph.value_info[:]
    for value in graph.input:
        value.type.tensor_type.elem_type = TensorProto.FLOAT16
    (output,) = graph.output
    wide = f"{output.name}/wide"
    graph.node.append(helper.make_node("Cast", [output.name], [wide], name="widen", to=TensorProto.FLOAT))
    output.name = wide
    onnx.save(model, sys.argv[2])


main()
