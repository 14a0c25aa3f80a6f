# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples of noise for a network with one input: noise.py MODEL.onnx OUT.npz"""
import sys

import numpy as np
import onnx

N_SAMPLES = 4


def main():
    (value,) = onnx.load(sys.argv[1]).graph.input
    shape = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
    rng = np.random.default_rng(0)
    np.savez(sys.argv[2], **{value.name: rng.standard_normal([N_SAMPLES, *shape[1:]]).astype(np.float32)})


main()
