# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Write a model again with one number of an initializer changed.

usage: change.py IN.onnx INITIALIZER OUT.onnx
"""
import sys

import onnx
from onnx import numpy_helper


def main():
    model = onnx.load(sys.argv[1])
    (found,) = (i for i in model.graph.initializer if i.name == sys.argv[2])
    array = numpy_helper.to_array(found).copy()
    array.flat[array.size // 2] += 0.01 * abs(array).max()
    found.CopyFrom(numpy_helper.from_array(array, found.name))
    onnx.save(model, sys.argv[3])


main()
