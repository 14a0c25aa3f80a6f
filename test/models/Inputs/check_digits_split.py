# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hold the split of the digits, and the files written of it, to scikit-learn's own arrays.

usage: check_digits_split.py MODELS_DIR NPY_DIR
"""
import os
import sys

import numpy as np
from sklearn.datasets import load_digits

models_dir, npy_dir = sys.argv[1:]
sys.path.insert(0, models_dir)
import digits_data  # noqa: E402


def rows(images, labels):
    """Image and label as one sorted list of tuples: a set that may hold equal images."""
    return sorted(map(tuple, np.column_stack([images.reshape(len(labels), -1), labels])))


split = digits_data.load_digits_split()
digits = load_digits()
both = rows(split.train_images, split.train_labels) + rows(split.held_out_images, split.held_out_labels)
assert sorted(both) == rows(digits.images / 16, digits.target), "the two parts are not the digits"
assert split.held_out_images.shape == (599, 1, 8, 8) and split.held_out_images.dtype == np.float32
assert np.bincount(split.held_out_labels, minlength=10).min() >= 40, "a digit is hardly tested"

images = np.load(os.path.join(npy_dir, "held_out_images.npy"))
labels = np.load(os.path.join(npy_dir, "held_out_labels.npy"))
assert images.dtype == np.float32 and np.array_equal(images, split.held_out_images)
assert labels.dtype == np.int64 and np.array_equal(labels, split.held_out_labels)
