# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""quantise.py [--form=int8|uint8] FOLDER MODEL.onnx...: FOLDER/<name>-<form>.onnx, each quantised by onnxruntime's quantize_static.

The forms are QDQ, with int8 activations and weights per channel, or with uint8 and per tensor; without --form they go round with the
models. Calibrated on photographs, or on seeded noise where the input isn't a picture.
"""
import argparse
import os

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from photos import is_image, photos

FORMS = {"int8": (QuantType.QInt8, True), "uint8": (QuantType.QUInt8, False)}


N_PHOTOS, N_NOISE = 16, 4
BLACK, WHITE = -2.0, 2.0  # the published networks are made for deviation 1


def samples(shape):
    if is_image(shape):
        return photos(shape, N_PHOTOS, 0, BLACK, WHITE)[:, None]
    return np.random.default_rng(0).standard_normal([N_NOISE, *shape]).astype(np.float32)


class Samples(CalibrationDataReader):
    def __init__(self, path):
        graph = onnx.load(path).graph
        known = {i.name for i in graph.initializer}
        arrays = {i.name: samples([d.dim_value or 1 for d in i.type.tensor_type.shape.dim])
                  for i in graph.input if i.name not in known}
        self.batches = iter([dict(zip(arrays, batch)) for batch in zip(*arrays.values())])

    def get_next(self):
        return next(self.batches, None)


def main():
    p = argparse.ArgumentParser(description="Quantise float networks.")
    p.add_argument("--form", choices=FORMS), p.add_argument("folder"), p.add_argument("models", nargs="+")
    args = p.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    for k, path in enumerate(sorted(args.models)):
        form = args.form or list(FORMS)[k % len(FORMS)]
        activations, per_channel = FORMS[form]
        out = f"{args.folder}/{os.path.basename(path).removesuffix('.onnx')}-{form}.onnx"
        quant_pre_process(path, out, skip_symbolic_shape=True)  # BatchNormalization into the convolutions
        quantize_static(out, out, Samples(path), quant_format=QuantFormat.QDQ, activation_type=activations, weight_type=QuantType.QInt8,
                        per_channel=per_channel)


if __name__ == "__main__":
    main()
