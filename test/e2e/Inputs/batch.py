# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""batch - a network for N images at once.

    batch.py IN.onnx N OUT.onnx
"""

import sys

import onnx


def main():
    source, images, to = sys.argv[1:]
    model = onnx.load(source)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = int(images)
    onnx.save(model, to)


main()
