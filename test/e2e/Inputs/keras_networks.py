# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""keras_networks.py FOLDER: small networks as tf2onnx writes those of keras and TensorFlow Lite.

Images come and go as N,H,W,C with Transpose at the border; pads stand alone; means name the axes of N,H,W,C. FOLDER/keras.onnx
is in floats, FOLDER/keras-int8.onnx the same network with QuantizeLinear and DequantizeLinear around each operator.
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

    def first(self):
        self.layer("Transpose", perm=[0, 3, 1, 2])

    def last(self):
        self.layer("Transpose", perm=[0, 2, 3, 1])


def body(m):
    m.first()
    m.conv(16, 3, 3)
    m.layer("Pad", m.constant(np.array([0, 0, 1, 0, 0, 0, 2, 3])))
    m.layer("MaxPool", kernel_shape=[3, 3], strides=[2, 2])
    m.conv(8, 16, 1)
    m.last()
    image = m.value
    m.layer("ReduceMean", axes=[1, 2], keepdims=0)
    return image, m.value


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, int8 in (("keras", False), ("keras-int8", True)):
        m = Network(int8)
        outputs = [helper.make_tensor_value_info(value, TensorProto.FLOAT, None) for value in body(m)]
        graph = helper.make_graph(m.nodes, name, [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 10, 12, 3])],
                                  outputs, m.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.save(onnx.shape_inference.infer_shapes(model), os.path.join(folder, name + ".onnx"))


main()
