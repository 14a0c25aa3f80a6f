# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""random_networks.py FOLDER FIRST N: small seeded networks of convolutions, FOLDER/<seed>.onnx.

One to four layers out of: depthwise KxK, rows, columns (any stride, dilation and padding), dense KxK, 1x1, pooling,
activations and residual adds; sizes that fill no array.
"""
import os
import random
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper


class Builder:
    def __init__(self, seed):
        self.r, self.rng = random.Random(seed), np.random.default_rng(seed)
        r = self.r
        self.shape = [1, r.choice([1, 3, 8, 12, 16, 17, 32, 40]), r.randint(1, 20), r.randint(1, 20)]
        self.nodes, self.constants, self.value = [], [], "x"
        self.input = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, list(self.shape))

    def add(self, op, extra=(), shape=None, **attributes):
        out = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, [self.value, *extra], [out], name=f"{op}_{len(self.nodes)}", **attributes))
        self.value, self.shape = out, shape or self.shape

    def constant(self, *shape):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(self.rng.standard_normal(shape).astype(np.float32), name))
        return name

    def window(self, kernel, most_stride, most_dilation):
        """Attributes of a window and the size of its result; None where it doesn't fit."""
        r = self.r
        strides = [r.randint(1, most_stride) for _ in kernel]
        dilations = [r.choice([1, 1, most_dilation]) for _ in kernel]
        pads = [r.randint(0, k // 2) for k in kernel * 2]
        room = [self.shape[2 + i] + pads[i] + pads[2 + i] - dilations[i] * (kernel[i] - 1) - 1 for i in range(2)]
        if min(room) < 0:
            return None
        attributes = {"kernel_shape": kernel, "strides": strides, "pads": pads, "dilations": dilations}
        return attributes, [room[i] // strides[i] + 1 for i in range(2)]

    def conv(self, kernel, depthwise):
        window = self.window(kernel, 3 if depthwise else 2, 2)
        if window is None:
            return
        c = self.shape[1]
        out = c if depthwise else self.r.choice([4, 10, 16, 33])
        weights = self.constant(out, 1 if depthwise else c, *kernel)
        self.add("Conv", [weights, self.constant(out)], [1, out, *window[1]], group=c if depthwise else 1, **window[0])

    def layer(self):
        r, kind = self.r, self.r.choice(["row", "column", "square", "depthwise", "depthwise", "dense", "pointwise", "pool"])
        if kind == "pool":
            size = r.randint(1, 3)
            window = self.window([size, size], 2, 1)
            if window:
                del window[0]["dilations"]
                self.add("MaxPool", shape=[1, self.shape[1], *window[1]], **window[0])
        elif kind in ("dense", "pointwise"):
            self.conv([1, 1] if kind == "pointwise" else [r.randint(1, 4), r.randint(1, 4)], False)
        else:
            one = r.choice([2, 3, 5])
            self.conv({"row": [1, one], "column": [one, 1], "square": [3, 3]}.get(kind, [r.randint(1, 5), r.randint(1, 5)]), True)

    def activation(self):
        kind = self.r.choice(["Relu", "HardSwish", "LeakyRelu", "Clip", "Add", None, None])
        if kind == "Clip":
            constants = [numpy_helper.from_array(np.float32(v), f"limit{len(self.nodes)}_{v}") for v in (0, 6)]
            self.constants += constants
            self.add("Clip", [c.name for c in constants])
        elif kind == "Add":  # with what was there before a 1x1 convolution
            before = self.value
            c = self.shape[1]
            self.add("Conv", [self.constant(c, c, 1, 1), self.constant(c)], kernel_shape=[1, 1])
            self.add("Add", [before])
        elif kind:
            self.add(kind)

    def model(self):
        while not self.nodes:
            for _ in range(self.r.randint(1, 4)):
                self.layer()
                self.activation()
        out = helper.make_tensor_value_info(self.value, onnx.TensorProto.FLOAT, self.shape)
        graph = helper.make_graph(self.nodes, "random", [self.input], [out], self.constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


def main():
    folder, first, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    for seed in range(first, first + n):
        onnx.save(Builder(seed).model(), f"{folder}/{seed}.onnx")


if __name__ == "__main__":
    main()
