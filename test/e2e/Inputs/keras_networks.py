# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""keras_networks.py FOLDER: small networks as tf2onnx writes those of keras and TensorFlow Lite.

Images come and go as N,H,W,C with Transpose at the border; pads stand alone; means name the axes of N,H,W,C; a convolution of
lines (N,W,C) is one of images between Unsqueeze and Squeeze, its bias an Add. FOLDER/keras.onnx and FOLDER/keras-line.onnx are
in floats, those with -int8 the same networks with QuantizeLinear and DequantizeLinear around each operator.
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SCALE, ZERO = 1 / 32, 3


class Network:
    def __init__(self, int8):
        self.int8, self.rng = int8, np.random.default_rng(1)
        self.nodes, self.constants = [], []
        self.value = "image"
        self.quantise()

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def add(self, op, *inputs, **attributes):
        out = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, [*inputs], [out], name=f"{op}_{len(self.nodes)}", **attributes))
        return out

    def quantise(self):
        if self.int8:
            parameters = [self.constant(np.float32(SCALE)), self.constant(np.int8(ZERO))]
            self.value = self.add("DequantizeLinear", self.add("QuantizeLinear", self.value, *parameters), *parameters)

    def weights(self, *shape):
        values = self.rng.normal(0, 0.3, shape).astype(np.float32)
        if not self.int8:
            return self.constant(values)
        scale = self.constant(np.float32(1 / 127))
        return self.add("DequantizeLinear", self.constant(np.clip(np.rint(values * 127), -127, 127).astype(np.int8)), scale,
                        self.constant(np.int8(0)))

    def layer(self, op, *inputs, **attributes):
        self.value = self.add(op, self.value, *inputs, **attributes)
        self.quantise()

    def conv(self, cout, cin, k, **attributes):
        self.layer("Conv", self.weights(cout, cin, k, k), pads=[k // 2] * 4, **attributes)

    def conv_line(self, cout, cin, k):
        self.layer("Transpose", perm=[0, 2, 1])
        self.layer("Unsqueeze", self.constant(np.array([2])))
        self.layer("Conv", self.weights(cout, cin, 1, k))
        self.layer("Squeeze", self.constant(np.array([2])))
        self.layer("Transpose", perm=[0, 2, 1])
        self.layer("Add", self.weights(cout))
        self.layer("Relu")

    def first(self):
        self.layer("Transpose", perm=[0, 3, 1, 2])

    def last(self):
        self.layer("Transpose", perm=[0, 2, 3, 1])


def images(m):
    m.first()
    m.conv(16, 3, 3)
    m.layer("Pad", m.constant(np.array([0, 0, 1, 0, 0, 0, 2, 3])))
    m.layer("MaxPool", kernel_shape=[3, 3], strides=[2, 2])
    m.conv(8, 16, 1)
    m.last()
    image = m.value
    m.layer("ReduceMean", axes=[1, 2], keepdims=0)
    return image, m.value


def lines(m):
    m.conv_line(16, 8, 5)
    m.layer("Pad", m.constant(np.array([0, 3, 0, 0, 0, 0])))
    m.conv_line(8, 16, 2)
    line = m.value
    m.layer("ReduceMean", axes=[1], keepdims=0)
    return line, m.value


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    networks = [("keras", images, [1, 10, 12, 3]), ("keras-line", lines, [1, 20, 8])]
    for name, body, shape, int8 in [(name + end, *rest, bool(end)) for end in ("", "-int8") for name, *rest in networks]:
        m = Network(int8)
        outputs = [helper.make_tensor_value_info(value, TensorProto.FLOAT, None) for value in body(m)]
        graph = helper.make_graph(m.nodes, name, [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
                                  outputs, m.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.save(onnx.shape_inference.infer_shapes(model), os.path.join(folder, name + ".onnx"))


main()
