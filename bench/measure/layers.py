# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""layers.py - the layers of an ONNX network as a machine with a post stage sees them.

needs: a path to a .onnx file with static shapes
gives: a list of Layer, in the order of the file; every node belongs to one layer
source: docs/figures.md, "Bounds"

A convolution, a matrix product, a pool and an elementwise operation of two tensors begin a layer.
What follows a layer element by element joins it: batch norm, activation, the residual add, and what
only moves data. Two depthwise convolutions whose results meet in one Concat are one layer (FuSeConv).
"""

from dataclasses import dataclass, field
from math import prod

import onnx

JOINS = {
    "BatchNormalization", "Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "HardSigmoid", "HardSwish",
    "Tanh", "Exp", "Softmax", "Identity", "Dropout", "Cast", "Split", "Concat", "Slice", "Reshape",
    "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Pad", "QuantizeLinear", "DequantizeLinear",
}  # fmt: skip
POOLS = {"MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean"}


@dataclass
class Part:
    """One operation: sizes as in docs/figures.md. Tensors are (pixels, channels)."""

    kind: str  # conv, depthwise, vector
    kernel: int = 1  # taps of a channel
    cin: int = 1  # input channels that one output reads
    channels: int = 1  # output channels
    groups: int = 1
    pixels: int = 1  # output pixels of all images
    read: int = 0  # input pixels that some output reads
    in_channels: int = 1
    weights: int = 0  # elements, biases too

    @property
    def macs(self):
        return 0 if self.kind == "vector" else self.kernel * self.cin * self.channels * self.pixels


@dataclass
class Layer:
    name: str
    op: str
    parts: list
    tensors: list = field(default_factory=list)  # (pixels, channels) of inputs, residuals, outputs
    nodes: set = field(default_factory=set)


class Network:
    def __init__(self, path):
        model = onnx.shape_inference.infer_shapes(onnx.load(path), strict_mode=True)
        graph = model.graph
        self.weights = {t.name: tuple(t.dims) for t in graph.initializer}
        values = list(graph.value_info) + list(graph.input) + list(graph.output)
        self.shapes = {
            v.name: tuple(d.dim_value for d in v.type.tensor_type.shape.dim) for v in values
        }
        self.graph = graph
        self.layer_of = {}  # tensor name to Layer
        self.layers = []
        for node in graph.node:
            self._add(node)
        self._merge_pairs()
        self._find_tensors()

    def _activations(self, node):
        return [i for i in node.input if i and i not in self.weights]

    def _add(self, node):
        inputs = self._activations(node)
        if not inputs:  # shape arithmetic and constants
            self.weights.update({o: self.shapes.get(o, ()) for o in node.output})
            return
        layer = self._joined(node, inputs)
        if not layer:
            layer = Layer(node.name, node.op_type, [self._part(node, inputs)])
            self.layers.append(layer)
        layer.nodes.add(node.name)
        for output in node.output:
            self.layer_of[output] = layer

    def _joined(self, node, inputs):
        """The layer that the node is a part of, or None."""
        made = [self.layer_of[i] for i in inputs if i in self.layer_of]
        if not made:
            return None
        last = max(made, key=self._index)
        two = len(inputs) > 1 and node.op_type not in ("Concat",)
        if node.op_type in JOINS or not two and node.op_type in ("Add", "Sub", "Mul", "Div"):
            return last
        same = len({self.shapes[i] for i in inputs}) == 1
        if node.op_type == "Add" and same and last.parts[0].kind != "vector":
            return last
        return None

    def _index(self, layer):
        return next(i for i, other in enumerate(self.layers) if other is layer)

    def _part(self, node, inputs):
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        weights = sum(prod(self.weights[i]) for i in node.input if i in self.weights)
        x, y = self.shapes[inputs[0]], self.shapes[node.output[0]]
        if node.op_type == "Conv":
            return self._conv(node, attributes, x, y, weights)
        if node.op_type in ("Gemm", "MatMul") and len(inputs) == 1:
            return Part("conv", cin=x[-1], channels=y[-1], pixels=prod(y[:-1]), read=prod(x[:-1]),
                        in_channels=x[-1], weights=weights)  # fmt: skip
        if node.op_type in POOLS:
            kernel = prod(attributes.get("kernel_shape", x[2:]))
            return Part("vector", kernel=kernel, channels=y[1], pixels=y[0] * prod(y[2:]),
                        read=x[0] * prod(x[2:]), in_channels=x[1])  # fmt: skip
        pixels, channels = pixels_channels(y)
        return Part("vector", channels=channels, pixels=pixels, read=pixels, in_channels=channels)

    def _conv(self, node, attributes, x, y, weights):
        w = self.weights[node.input[1]]
        groups = attributes.get("group", 1)
        n = len(w) - 2
        strides = attributes.get("strides", [1] * n)
        dilations = attributes.get("dilations", [1] * n)
        if attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID"):
            pads = [max(0, (y[2 + d] - 1) * strides[d] + (w[2 + d] - 1) * dilations[d] + 1 - x[2 + d]) // 2
                    for d in range(n)]  # fmt: skip
        else:
            pads = attributes.get("pads", [0] * 2 * n)[:n]
        read = prod(
            lines_read(x[2 + d], y[2 + d], w[2 + d], strides[d], dilations[d], pads[d]) for d in range(n)
        )
        depthwise = groups > 1 and w[1] == 1
        return Part("depthwise" if depthwise else "conv", kernel=prod(w[2:]), cin=w[1], channels=y[1],
                    groups=groups, pixels=y[0] * prod(y[2:]), read=x[0] * read, in_channels=x[1],
                    weights=weights)  # fmt: skip

    def _merge_pairs(self):
        for node in self.graph.node:
            if node.op_type != "Concat" or len(node.input) != 2:
                continue
            row, col = (self.layer_of.get(i) for i in node.input)
            if not row or not col or row is col:
                continue
            if all(layer.parts[0].kind == "depthwise" for layer in (row, col)):
                row.parts += col.parts
                row.nodes |= col.nodes
                self.layers = [layer for layer in self.layers if layer is not col]
                for name, layer in self.layer_of.items():
                    if layer is col:
                        self.layer_of[name] = row

    def _find_tensors(self):
        """What a layer must read and write: tensors that cross its border, each once."""
        seen = {id(layer): set() for layer in self.layers}
        outputs = {o.name for o in self.graph.output}
        for node in self.graph.node:
            layer = self.layer_of.get(node.output[0])
            if not layer:
                continue
            for name in self._activations(node):
                source = self.layer_of.get(name)
                if source is layer:
                    continue
                # Parts of one tensor (Split) are read as the tensor's pieces: names differ.
                if name not in seen[id(layer)]:
                    seen[id(layer)].add(name)
                    layer.tensors.append(pixels_channels(self.shapes[name]))
                if source and name not in seen[id(source)]:
                    seen[id(source)].add(name)
                    source.tensors.append(pixels_channels(self.shapes[name]))
            for name in set(node.output) & outputs - seen[id(layer)]:
                seen[id(layer)].add(name)
                layer.tensors.append(pixels_channels(self.shapes[name]))


def pixels_channels(shape):
    """N, C, spatial...; a matrix is N pixels of C channels."""
    if len(shape) < 2:
        return (1, prod(shape))
    return (shape[0] * prod(shape[2:]), shape[1])


def lines_read(size, out, kernel, stride, dilation, pad):
    """How many of `size` lines some output line reads."""
    used = {o * stride + k * dilation - pad for o in range(out) for k in range(kernel)}
    return sum(0 <= i < size for i in used)
