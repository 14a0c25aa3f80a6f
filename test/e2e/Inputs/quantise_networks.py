# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""quantise_networks.py FOLDER MODEL.onnx...: FOLDER/<name>-<form>.onnx, each model quantised by onnxruntime's quantize_static.

The form (QDQ; int8 activations and weights per channel, or uint8 and per tensor) goes round with the models; calibrated on seeded
noise.
"""
import os
import sys

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

FORMS = {"int8": (QuantType.QInt8, True), "uint8": (QuantType.QUInt8, False)}


class Noise(CalibrationDataReader):
    def __init__(self, path):
        graph = onnx.load(path).graph
        known = {i.name for i in graph.initializer}
        rng = np.random.default_rng(0)
        inputs = [(i.name, [d.dim_value or 1 for d in i.type.tensor_type.shape.dim]) for i in graph.input if i.name not in known]
        self.batches = iter([{name: rng.standard_normal(shape).astype(np.float32) for name, shape in inputs} for _ in range(4)])

    def get_next(self):
        return next(self.batches, None)


def main():
    folder, paths = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    for k, path in enumerate(sorted(paths)):
        form = list(FORMS)[k % len(FORMS)]
        activations, per_channel = FORMS[form]
        out = f"{folder}/{os.path.basename(path).removesuffix('.onnx')}-{form}.onnx"
        quant_pre_process(path, out, skip_symbolic_shape=True)  # BatchNormalization into the convolutions
        quantize_static(out, out, Noise(path), quant_format=QuantFormat.QDQ, activation_type=activations, weight_type=QuantType.QInt8,
                        per_channel=per_channel)


if __name__ == "__main__":
    main()
