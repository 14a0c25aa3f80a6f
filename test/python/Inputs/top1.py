# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Does a quantised program read the digits of samples.py as the float network does? top1.py PROGRAM

At least 97 of 100 must be the same: 8 bits move the border between two digits a little.
"""
import subprocess
import sys

import numpy as np

LEAST = 0.97


def main():
    same = 0
    images, expected = np.load("images.npy"), np.load("float.npy")
    for image, logits in zip(images, expected, strict=True):
        np.save("image.npy", image[None])
        subprocess.run([sys.argv[1], "image.npy", "logits.npy"], check=True)
        same += np.load("logits.npy").argmax() == logits.argmax()
    if same < LEAST * len(images):
        sys.exit(f"top1.py: {same} of {len(images)} digits are the same; expected {LEAST:.0%}")


main()
