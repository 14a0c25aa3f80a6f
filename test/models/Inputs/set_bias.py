# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# set_bias.py - a copy of a network with one vector set to a number (--alternate: +number, -number, ...).
#
# needs: onnx; [--alternate] IN.onnx TENSOR NUMBER OUT.onnx
import sys

import numpy as np
import onnx

args = [a for a in sys.argv[1:] if a != "--alternate"]
model = onnx.load(args[0])
tensor = next(t for t in model.graph.initializer if t.name == args[1])
values = np.full(tensor.dims, float(args[2]), np.float32)
if "--alternate" in sys.argv:
    values[1::2] *= -1
tensor.CopyFrom(onnx.numpy_helper.from_array(values, tensor.name))
onnx.save(model, args[3])
