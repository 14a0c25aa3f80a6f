#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""train.py - a generated network, trained to name the digits.

needs: a network of generate.py, or any of its operators that ends in a Gemm; torch (2.13.0; not in deps/python.txt), onnx, and
       scikit-learn's digits
gives: an .onnx file with the same nodes, trained weights and ten outputs, the largest of which names the digit; on standard
       output the part of the held-out digits that it names right

With random weights the first two of a thousand classes are often one rounding apart, and a small change in an early layer moves
all that come after. Trained weights have what a comparison of integers needs: classes with a margin between them.
"""
import argparse
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

from digits_data import load_digits_split, pictures
from photos import limits

try:
    import torch
except ImportError:
    sys.exit("train.py: error: no module torch; expected it in this Python (pip install torch==2.13.0)")
from torch.nn import functional as F  # noqa: E402

N_CLASSES = 10
BATCH = 32
PEAK_RATE = 3e-3
WEIGHT_DECAY = 1e-2
BN_MOMENTUM = 0.1
MAX_SHIFT = 0.1  # of the picture's width, in training


def parse_args():
    p = argparse.ArgumentParser(description="Train a generated network on the digits.")
    p.add_argument("model", metavar="MODEL.onnx"), p.add_argument("out", metavar="OUT.onnx")
    p.add_argument("--epochs", type=int, default=12, metavar="N"), p.add_argument("--seed", type=int, default=0, metavar="N")
    p.add_argument("--range", type=limits, default=(-2.0, 2.0), metavar="LOW:HIGH",
                   help="what becomes of black and of white (default: -2:2)")
    return p.parse_args()


def conv(net, x, weight, bias=None, *, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1, **_):
    top, left, bottom, right = pads
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, strides, 0, dilations, group)


def batch_norm(net, x, gamma, beta, mean, variance, *, epsilon=1e-5, **_):
    return F.batch_norm(x, mean, variance, gamma, beta, net.training, BN_MOMENTUM, epsilon)


def gemm(net, x, weight, bias, *, transB=0, **_):  # noqa: N803, ONNX's name
    return x @ (weight.T if transB else weight) + bias


def hard_sigmoid(net, x, *, alpha=0.2, beta=0.5):
    return torch.clamp(alpha * x + beta, 0, 1)


OPERATORS = {
    "Add": lambda net, a, b: a + b,
    "BatchNormalization": batch_norm,
    "Clip": lambda net, x, low, high: torch.clamp(x, low, high),
    "Concat": lambda net, *parts, axis: torch.cat(parts, axis),
    "Conv": conv,
    "Flatten": lambda net, x, axis=1: torch.flatten(x, axis),
    "Gemm": gemm,
    "GlobalAveragePool": lambda net, x: x.mean((2, 3), keepdim=True),
    "HardSigmoid": hard_sigmoid,
    "HardSwish": lambda net, x: x * hard_sigmoid(net, x, alpha=1 / 6),
    "Mul": lambda net, a, b: a * b,
    "Relu": lambda net, x: torch.relu(x),
    "Split": lambda net, x, sizes, axis=0: torch.split(x, sizes.tolist(), axis),
}


class Network:
    """The nodes of an ONNX graph, computed by torch; its initializers are the parameters."""

    def __init__(self, model):
        graph = model.graph
        self.training = True
        self.attributes = [{a.name: helper.get_attribute_value(a) for a in node.attribute} for node in graph.node]
        self.nodes, self.output = graph.node, graph.output[0].name
        self.values = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
        (self.input,) = [value for value in graph.input if value.name not in self.values]
        statistics = {name for node in graph.node if node.op_type == "BatchNormalization" for name in node.input[3:]}
        bounds = {name for node in graph.node if node.op_type == "Clip" for name in node.input[1:]}
        self.trained = [name for name, value in self.values.items()
                        if value.is_floating_point() and name not in statistics | bounds]
        for name in self.trained:
            self.values[name].requires_grad_()

    @property
    def shape(self):
        return [dim.dim_value for dim in self.input.type.tensor_type.shape.dim]

    def __call__(self, images):
        values = {**self.values, self.input.name: images}
        for node, attributes in zip(self.nodes, self.attributes, strict=True):
            results = OPERATORS[node.op_type](self, *[values[name] for name in node.input], **attributes)
            values.update(zip(node.output, results if len(node.output) > 1 else [results], strict=True))
        return values[self.output]


def ten_classes(model, rng):
    """The last Gemm starts anew, with N_CLASSES outputs."""
    gemm_node = model.graph.node[-1]
    weight, bias = (next(t for t in model.graph.initializer if t.name == name) for name in gemm_node.input[1:])
    transposed = any(a.name == "transB" and a.i for a in gemm_node.attribute)
    n_features = weight.dims[1 if transposed else 0]
    new = rng.standard_normal((N_CLASSES, n_features)) / np.sqrt(n_features)
    weight.CopyFrom(numpy_helper.from_array((new if transposed else new.T).astype(np.float32), weight.name))
    bias.CopyFrom(numpy_helper.from_array(np.zeros(N_CLASSES, np.float32), bias.name))
    model.graph.output[0].type.tensor_type.shape.dim[-1].dim_value = N_CLASSES


def shifted(rng, images):
    """The same pictures, moved by a few pixels; what leaves at one side is background."""
    reach = max(1, int(MAX_SHIFT * images.shape[-1]))
    dy, dx = rng.integers(-reach, reach + 1, 2)
    return torch.from_numpy(np.roll(images, (dy, dx), (2, 3)))


def train(net, images, labels, n_epochs, rng):
    parameters = [net.values[name] for name in net.trained]
    matrices, vectors = [p for p in parameters if p.ndim > 1], [p for p in parameters if p.ndim == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": WEIGHT_DECAY},
                                   {"params": vectors, "weight_decay": 0}], lr=PEAK_RATE)
    n_batches = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=n_epochs * n_batches)
    labels = torch.from_numpy(labels)
    for _ in range(n_epochs):
        for batch in np.array_split(rng.permutation(len(images))[: n_batches * BATCH], n_batches):
            optimizer.zero_grad()
            F.cross_entropy(net(shifted(rng, images[batch])), labels[batch]).backward()
            optimizer.step(), schedule.step()


def main():
    args = parse_args()
    rng, model = np.random.default_rng(args.seed), onnx.load(args.model)
    unknown = {node.op_type for node in model.graph.node} - set(OPERATORS)
    if unknown or model.graph.node[-1].op_type != "Gemm":
        sys.exit(f"{args.model}: error: {', '.join(sorted(unknown)) or 'no Gemm at the end'}; "
                 f"expected a network of {', '.join(OPERATORS)} with a Gemm at its end")
    ten_classes(model, rng)
    net, split = Network(model), load_digits_split()
    train(net, pictures(split.train_images, net.shape, *args.range), split.train_labels, args.epochs, rng)
    net.training = False
    with torch.no_grad():
        held_out = torch.from_numpy(pictures(split.held_out_images, net.shape, *args.range))
        named = torch.cat([net(images) for images in held_out.split(BATCH)]).argmax(1).numpy()
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(net.values[tensor.name].detach().numpy(), tensor.name))
    onnx.save(model, args.out)
    print(f"{args.out}: {100 * (named == split.held_out_labels).mean():.1f} % of the held-out digits")


if __name__ == "__main__":
    main()
