# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""photos.py - inputs of a network cut out of photographs: to calibrate a quantiser with, and to compare with.

needs: scikit-learn, which brings two photographs with it (nothing is downloaded), and Pillow, which reads them
gives: an .npz file with an array named as the network's input, COUNT x C x H x W float32: seeded crops of all sizes
       from half a photograph's height to all of it, half of them mirrored, pixels 0..255 spread over --range
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
from PIL import Image
from sklearn.datasets import load_sample_images

MODES = {1: "L", 3: "RGB"}
LEAST_PART = 0.5  # of the shorter side


def limits(text):
    low, high = (float(part) for part in text.split(":"))
    return low, high


def parse_args():
    p = argparse.ArgumentParser(description="Cut inputs of a network out of photographs.")
    p.add_argument("model", metavar="MODEL.onnx"), p.add_argument("out", metavar="OUT.npz")
    p.add_argument("--count", type=int, default=32, metavar="N", help="how many (default: 32)")
    p.add_argument("--seed", type=int, default=0, metavar="N", help="of the cuts (default: 0)")
    p.add_argument("--range", type=limits, default=(-1.0, 1.0), metavar="LOW:HIGH",
                   help="what becomes of black and of white (default: -1:1)")
    p.add_argument("--folder", type=Path, help="with the .png and .jpg files of this folder, too")
    return p.parse_args()


def photographs(folder):
    images = [Image.fromarray(pixels) for pixels in load_sample_images().images]
    files = [path for path in folder.iterdir() if path.suffix in (".png", ".jpg")] if folder else []
    return images + [Image.open(path) for path in sorted(files)]


def cut(rng, image, channels, height, width):
    """C x H x W, 0..255."""
    scale = min(image.width / width, image.height / height) * rng.uniform(LEAST_PART, 1)
    w, h = scale * width, scale * height
    x, y = rng.uniform(0, image.width - w), rng.uniform(0, image.height - h)
    image = image.convert(MODES[channels]).resize((width, height), Image.Resampling.BILINEAR, (x, y, x + w, y + h))
    pixels = np.asarray(image, np.float32).reshape(height, width, channels)
    return (pixels[:, ::-1] if rng.random() < 0.5 else pixels).transpose(2, 0, 1)


def photos(shape, count, seed, low, high, folder=None):
    """count x C x H x W; shape: N x C x H x W."""
    rng = np.random.default_rng(seed)
    images = photographs(folder)
    cuts = np.stack([cut(rng, images[k % len(images)], *shape[1:]) for k in range(count)])
    return (low + cuts * ((high - low) / 255)).astype(np.float32)


def is_image(shape):
    """One picture, grey or in colours."""
    return len(shape) == 4 and shape[0] in (0, 1) and shape[1] in MODES and min(shape[2:]) > 1


def main():
    args = parse_args()
    graph = onnx.load(args.model).graph
    known = {tensor.name for tensor in graph.initializer}
    (value,) = [value for value in graph.input if value.name not in known]
    shape = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
    if not is_image(shape):
        sys.exit(f"{args.model}: error: input '{value.name}' of shape {shape}; expected 1 x 1 or 3 x H x W")
    np.savez(args.out, **{value.name: photos(shape, args.count, args.seed, *args.range, args.folder)})


if __name__ == "__main__":
    main()
