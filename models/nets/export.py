# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# export.py - a described network and its weights as an ONNX file.
#
# needs: graph.py, onnx
# gives: to_onnx, write_file
"""Write ONNX."""

import os
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

IR_VERSION = 8


def to_onnx(graph, weights):
    x, y = graph.input, graph.nodes[-1]
    nodes = [
        helper.make_node(n.op, n.inputs + [n.param_name(p) for p in n.params], n.outputs, n.name,
                         **n.attrs)
        for n in graph.nodes
    ]
    tensors = weights | graph.constants
    proto = helper.make_graph(
        nodes,
        graph.name,
        [helper.make_tensor_value_info(x.name, TensorProto.FLOAT, (1, *x.shape))],
        [helper.make_tensor_value_info(y.outputs[0], TensorProto.FLOAT, (1, *y.shape))],
        [numpy_helper.from_array(np.ascontiguousarray(t), name) for name, t in tensors.items()],
    )
    model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", graph.opset)],
                              ir_version=IR_VERSION, producer_name="fuse models/generate.py")
    onnx.checker.check_model(model, full_check=True)
    return model


def write_file(path, data):
    """All of it or nothing: a regular file is replaced when it is complete. Raises OSError."""
    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as f:  # a device or a pipe; a directory refuses
            f.write(data)
        return
    handle, part = tempfile.mkstemp(dir=os.path.dirname(path), prefix=os.path.basename(path) + ".")
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(data)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(part, 0o666 & ~umask)  # mkstemp makes it private
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
