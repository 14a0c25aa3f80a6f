# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Held-out digits: the first ones to calibrate with (samples.npz), others to test (images.npy, and float.npy: what ONNX
Runtime makes of them).

usage: samples.py MODEL.onnx FOLDER_OF_DIGITS
"""
import sys

import numpy as np
import onnxruntime

N_SAMPLES, N_TESTED = 64, 128


def main():
    model, folder = sys.argv[1:]
    images = np.load(folder + "/held_out_images.npy")
    np.savez("samples.npz", image=images[:N_SAMPLES])
    np.save("images.npy", images[N_SAMPLES:N_SAMPLES + N_TESTED])
    session = onnxruntime.InferenceSession(model)
    np.save("float.npy", [session.run(None, {"image": image[None]})[0][0] for image in np.load("images.npy")])


main()
