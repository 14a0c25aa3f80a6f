# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# graph.py - a network as a list of ONNX nodes with shapes and parameter slots, without any numbers.
#
# needs: nothing
# gives: Graph; a network's build function fills it, weights.py draws numbers, export.py writes it
"""Describe a network: nodes, shapes, parameters and multiply-adds."""

from dataclasses import dataclass, field
from math import prod

import numpy as np


@dataclass(frozen=True)
class Value:
    """A tensor of the network. The batch of 1 is left out: (C, H, W), or (C,) after Flatten."""

    name: str
    shape: tuple


@dataclass
class Node:
    """One ONNX node. Its parameters follow its inputs, in the order of `params`."""

    op: str
    name: str
    inputs: list
    outputs: list
    shape: tuple  # of the first output
    attrs: dict = field(default_factory=dict)
    params: dict = field(default_factory=dict)  # "weight": shape; the tensor is called NODE.weight
    macs: int = 0
    centre: float = 0.0  # mean output that the bias is drawn for

    def param_name(self, param):
        return f"{self.name}.{param}"

    def n_params(self):
        """Trainable numbers: what is published does not count the batch norms' statistics."""
        return sum(prod(s) for p, s in self.params.items() if not p.startswith("running_"))


class Graph:
    """Nodes in execution order. Every method appends one node and returns its output."""

    def __init__(self, name, resolution, opset, epsilon):
        self.name = name
        self.opset = opset
        self.epsilon = epsilon
        self.nodes = []
        self.constants = {}  # initializers that are not weights: clip bounds, split sizes
        self.input = Value("input", (3, resolution, resolution))

    def n_params(self):
        return sum(n.n_params() for n in self.nodes)

    def n_macs(self):
        return sum(n.macs for n in self.nodes)

    def _add(self, op, name, inputs, shape, **rest):
        node = Node(op, name, [x.name for x in inputs], [name], shape, **rest)
        self.nodes.append(node)
        return Value(name, shape)

    def conv(self, x, name, channels, kernel=(1, 1), stride=1, groups=1, bias=False, centre=0.0):
        """Padding is k // 2 on both sides of each axis; the stride holds for both axes."""
        c, h, w = x.shape
        kh, kw = kernel
        out_h, out_w = ((n + k // 2 * 2 - k) // stride + 1 for n, k in ((h, kh), (w, kw)))
        shape = (channels, out_h, out_w)
        params = {"weight": (channels, c // groups, kh, kw)}
        macs = prod(params["weight"]) * out_h * out_w
        if bias:
            params["bias"] = (channels,)
        attrs = {
            "dilations": [1, 1],
            "group": groups,
            "kernel_shape": [kh, kw],
            "pads": [kh // 2, kw // 2, kh // 2, kw // 2],
            "strides": [stride, stride],
        }
        rest = {"attrs": attrs, "params": params, "macs": macs, "centre": centre}
        return self._add("Conv", name, [x], shape, **rest)

    def batch_norm(self, x, name):
        params = {p: x.shape[:1] for p in ("weight", "bias", "running_mean", "running_var")}
        attrs = {"epsilon": self.epsilon}
        return self._add("BatchNormalization", name, [x], x.shape, attrs=attrs, params=params)

    def activation(self, x, name, kind):
        """kind: None (returns x itself), relu, relu6, hard_swish or hard_sigmoid."""
        if kind is None:
            return x
        if kind == "relu6":
            low = self._constant("relu6.min", np.array(0, np.float32))
            high = self._constant("relu6.max", np.array(6, np.float32))
            return self._add("Clip", name, [x, low, high], x.shape)
        if kind == "hard_sigmoid":
            attrs = {"alpha": 1.0 / 6.0, "beta": 0.5}
            return self._add("HardSigmoid", name, [x], x.shape, attrs=attrs)
        return self._add({"relu": "Relu", "hard_swish": "HardSwish"}[kind], name, [x], x.shape)

    def split(self, x, name):
        """Two halves of the channels; the first is larger by one when their number is odd."""
        c, h, w = x.shape
        sizes = [(c + 1) // 2, c // 2]
        constant = self._constant(f"{name}.sizes", np.array(sizes, np.int64))
        self._add("Split", name, [x, constant], (sizes[0], h, w), attrs={"axis": 1})
        halves = [Value(f"{name}.{i}", (n, h, w)) for i, n in enumerate(sizes)]
        self.nodes[-1].outputs = [v.name for v in halves]
        return halves

    def concat(self, xs, name):
        shape = (sum(x.shape[0] for x in xs), *xs[0].shape[1:])
        return self._add("Concat", name, xs, shape, attrs={"axis": 1})

    def add(self, a, b, name):
        return self._add("Add", name, [a, b], a.shape)

    def mul(self, a, b, name):
        return self._add("Mul", name, [a, b], a.shape)

    def global_pool(self, x, name):
        return self._add("GlobalAveragePool", name, [x], (x.shape[0], 1, 1))

    def flatten(self, x, name):
        return self._add("Flatten", name, [x], (prod(x.shape),), attrs={"axis": 1})

    def gemm(self, x, name, channels):
        params = {"weight": (channels, x.shape[0]), "bias": (channels,)}
        attrs = {"alpha": 1.0, "beta": 1.0, "transB": 1}
        macs = channels * x.shape[0]
        return self._add("Gemm", name, [x], (channels,), attrs=attrs, params=params, macs=macs)

    def name_output(self, name):
        """Give the last node's output the name of the network's output."""
        self.nodes[-1].outputs = [name]

    def _constant(self, name, value):
        self.constants[name] = value
        return Value(name, self.constants[name].shape)
