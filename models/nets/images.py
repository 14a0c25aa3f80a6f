# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# images.py - smooth random images, the nearest thing to photographs that needs no data set.
#
# needs: numpy
# gives: smooth_images, used to set the batch norms and to check the result
"""Smooth random images."""

import numpy as np


def _stretch(coarse, size):
    """Bilinear interpolation matrix (size x coarse) over [0, coarse - 1]."""
    at = np.linspace(0, coarse - 1, size)
    return np.maximum(0.0, 1.0 - np.abs(at[:, None] - np.arange(coarse)[None, :]))


def smooth_images(rng, n, resolution):
    """n images, NHWC float64, each with mean 0 and deviation 1: octaves of interpolated noise, each
    half as strong as the one before, as in natural images."""
    images = np.zeros((n, resolution, resolution, 3))
    for octave in range(5):
        coarse = 2 + 2**octave
        noise = rng.standard_normal((n, coarse, coarse, 3)) * 0.5**octave
        matrix = _stretch(coarse, resolution)
        images += np.einsum("yi,xj,nijc->nyxc", matrix, matrix, noise, optimize=True)
    images -= images.mean(axis=(1, 2, 3), keepdims=True)
    deviation = images.std(axis=(1, 2, 3), keepdims=True)
    return images / deviation
