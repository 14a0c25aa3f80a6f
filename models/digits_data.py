#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""digits_data.py - the digits and how they are divided into training and held-out images.

needs: scikit-learn, which brings the 1797 digits of 8x8 pixels with it (nothing is downloaded)
gives: load_digits_split() for the training scripts, the tests and the demo; pictures() of the size that a
       network takes; as a program, the held-out third as held_out_images.npy (599x1x8x8 float32, 0..1) and
       held_out_labels.npy (599 int64)
source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998
"""
import argparse
import os
import sys
from typing import NamedTuple

import numpy as np

SPLIT_SEED = 20210201
PIXEL_MAX = 16.0


class DigitsSplit(NamedTuple):
    """Images are n x 1 x 8 x 8 float32 in 0..1, labels are n int64 in 0..9."""

    train_images: np.ndarray
    train_labels: np.ndarray
    held_out_images: np.ndarray
    held_out_labels: np.ndarray


def load_digits_split():
    """The same split on every machine: one third, chosen by a seeded permutation, is held out.

    RandomState and not default_rng: numpy promises never to change what the former draws.
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = (digits.images / PIXEL_MAX).astype(np.float32)[:, None, :, :]
    labels = digits.target.astype(np.int64)
    order = np.random.RandomState(SPLIT_SEED).permutation(len(labels))
    n_held_out = len(labels) // 3
    held_out, train = order[:n_held_out], order[n_held_out:]
    return DigitsSplit(images[train], labels[train], images[held_out], labels[held_out])


def pictures(digits, shape, low, high):
    """n x C x H x W float32 from n x 1 x 8 x 8 in 0..1: enlarged, spread over low..high; shape: N x C x H x W."""
    from PIL import Image

    _, channels, height, width = shape
    large = [Image.fromarray(digit[0]).resize((width, height), Image.Resampling.BILINEAR) for digit in digits]
    return np.repeat(low + (high - low) * np.stack(large)[:, None], channels, axis=1).astype(np.float32)


def write_held_out(directory):
    """Write the held-out images and labels as .npy files; returns their two paths."""
    split = load_digits_split()
    os.makedirs(directory, exist_ok=True)
    images_path = os.path.join(directory, "held_out_images.npy")
    labels_path = os.path.join(directory, "held_out_labels.npy")
    np.save(images_path, split.held_out_images)
    np.save(labels_path, split.held_out_labels)
    return images_path, labels_path


def main():
    parser = argparse.ArgumentParser(description="Write the held-out digits as .npy files.")
    parser.add_argument("directory", help="folder for held_out_images.npy and held_out_labels.npy")
    directory = parser.parse_args().directory
    try:
        paths = write_held_out(directory)
    except OSError as error:
        sys.exit(f"{directory}: error: {error.strerror}; expected a folder that can be written")
    print("\n".join(paths))


if __name__ == "__main__":
    main()
