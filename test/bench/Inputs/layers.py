# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two small networks with round sizes, and what a simulator could report of them.

usage: layers.py FOLDER      writes block.onnx, block.json, pair.onnx, pair.json
"""
import json
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save


class Graph:
    def __init__(self):
        self.nodes, self.weights = [], []

    def constant(self, name, *shape):
        self.weights.append(numpy_helper.from_array(np.ones(shape, np.float32), name))
        return name

    def node(self, name, op, *inputs, outputs=None, **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs or [name], name=name, **attributes))
        return name

    def conv(self, name, x, *weights, pad=(0, 0), stride=1, group=1):
        return self.node(name, "Conv", x, self.constant(name + ".w", *weights), pads=[*pad, *pad],
                         strides=[stride, stride], group=group)  # fmt: skip

    def save(self, path, shape, out, out_shape):
        graph = helper.make_graph(
            self.nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(out, TensorProto.FLOAT, out_shape)], self.weights)  # fmt: skip
        save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)


def block(path):
    g = Graph()
    y = g.conv("conv", "x", 16, 8, 3, 3, pad=(1, 1))
    y = g.node("bn", "BatchNormalization", y, *(g.constant(f"bn.{i}", 16) for i in range(4)))
    y = g.node("act", "Relu", y)
    skip = g.conv("dw", y, 16, 1, 3, 3, pad=(1, 1), stride=2, group=16)
    y = g.conv("pw1", skip, 16, 16, 1, 1)
    y = g.node("add", "Add", g.conv("pw2", y, 16, 16, 1, 1), skip)
    y = g.node("flat", "Flatten", g.node("pool", "GlobalAveragePool", y))
    g.node("fc", "Gemm", y, g.constant("fc.w", 16, 10), g.constant("fc.b", 10))
    g.save(path, [1, 8, 10, 10], "fc", [1, 10])


def pair(path):
    g = Graph()
    g.node("split", "Split", "x", outputs=["left", "right"], axis=1)
    row = g.conv("row", "left", 8, 1, 1, 3, pad=(0, 1), stride=2, group=8)
    col = g.conv("col", "right", 8, 1, 3, 1, pad=(1, 0), stride=2, group=8)
    g.node("act", "Relu", g.node("concat", "Concat", row, col, axis=1))
    g.save(path, [1, 16, 10, 10], "act", [1, 16, 5, 5])


def report(path, rows):
    reasons = ("busy", "hold", "wait", "channel", "drain", "fetch", "idle")
    nodes = [
        {"node": name, "mapping": mapping, "cycles": cycles, "compute": dict.fromkeys(reasons, 0) | spent,
         "dma": dict.fromkeys(reasons, 0)}
        for name, mapping, cycles, spent in rows
    ]  # fmt: skip
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"target": "by hand", "cycles": sum(row[2] for row in rows), "nodes": nodes}, file)


def main():
    folder = sys.argv[1]
    block(f"{folder}/block.onnx")
    pair(f"{folder}/pair.onnx")
    report(f"{folder}/block.json", [
        ("conv", "gemm", 400, {"busy": 450}), ("act", "vector", 95, {}), ("dw", "hold", 300, {"busy": 104, "wait": 150}),
        ("pw1", "gemm", 50, {"busy": 50}), ("pw2", "gemm", 91, {}), ("pool", "vector", 100, {"fetch": 6}),
        ("fc", "gemm", 10, {}), (None, "", 6, {}),
    ])  # fmt: skip
    report(f"{folder}/pair.json", [("row", "stream", 96, {"hold": 20})])


main()
