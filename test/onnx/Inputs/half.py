# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A float32 model as the usual converters make it float16 (or bfloat16): every initialiser, constant, input and output.

usage: half.py IN.onnx OUT.onnx [float16|bfloat16]
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

KINDS = {"float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16}


def halve(tensor, kind):
    if tensor.data_type != TensorProto.FLOAT:
        return
    values = numpy_helper.to_array(tensor).astype(onnx.helper.tensor_dtype_to_np_dtype(kind))
    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    assert tensor.data_type == kind


def main():
    model, kind = onnx.load(sys.argv[1]), KINDS[sys.argv[3] if len(sys.argv) > 3 else "float16"]
    graph = model.graph
    for tensor in graph.initializer:
        halve(tensor, kind)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                halve(attribute.t, kind)
            elif node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT:
                attribute.i = kind
    for value in [*graph.input, *graph.output, *graph.value_info]:
        if value.type.tensor_type.elem_type == TensorProto.FLOAT:
            value.type.tensor_type.elem_type = kind
    onnx.save(model, sys.argv[2])


main()
