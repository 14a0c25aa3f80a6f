# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks as ONNX Runtime's static quantiser writes them, in every format it has.

usage: quantized_static.py FOLDER [--only=TEXT] [MODEL.onnx ...]

Quantises each model (or else a small network of our own that has every kind of layer the quantiser knows) as QDQ and as
QOperator, per tensor and per channel, with activations of u8 and i8, calibrated on noise: FOLDER/NAME_FORMAT.onnx. --only: formats whose name contains the text.
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operators import Model  # noqa: E402


def network():
    m = Model("layers", 13)
    const = lambda *values: m.constant("c", np.array(values))
    conv = lambda name, x, *shape, **a: m.node("Conv", name, [x, m.weights(name, *shape), m.weights(name, shape[0])], **a)
    x = m.input("image", (1, 3, 16, 16))
    x = m.node("Relu", "relu", [conv("stem", x, 8, 3, 3, 3, pads=[1, 1, 1, 1])])
    y = conv("dw", x, 8, 1, 3, 3, pads=[1, 1, 1, 1], group=8)
    y = m.node("Clip", "relu6", [y, m.constant("c", np.float32(0)), m.constant("c", np.float32(6))])
    y = conv("pw", y, 8, 8, 1, 1)
    x = m.node("Add", "residual", [x, y])
    gate = m.node("GlobalAveragePool", "squeeze", [x])
    gate = m.node("Sigmoid", "gate", [conv("excite", gate, 8, 8, 1, 1)])
    x = m.node("Mul", "scaled", [x, gate])
    a, b = m.node("Split", "split", [x], 2, axis=1)
    a = m.node("LeakyRelu", "leaky", [conv("left", a, 4, 4, 1, 1)], alpha=0.125)
    x = m.node("Concat", "concat", [a, b], axis=1)
    x = m.node("Pad", "pad", [x, const(0, 0, 1, 1, 0, 0, 1, 1)])
    x = m.node("MaxPool", "max", [x], kernel_shape=[2, 2], strides=[2, 2])
    x = m.node("Transpose", "there", [x], perm=[0, 2, 3, 1])
    x = m.node("Transpose", "back", [x], perm=[0, 3, 1, 2])
    x = m.node("Resize", "nearest", [x, "", m.constant("c", np.array([1, 1, 2, 2], np.float32))], mode="nearest",
               coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    x = m.node("AveragePool", "average", [x], kernel_shape=[3, 3], strides=[3, 3])
    x = m.node("Reshape", "flat", [x, const(1, -1)])
    x = m.node("MatMul", "matmul", [x, m.constant("matmul", m.rng.normal(0, 0.02, (288, 16)).astype(np.float32))])
    x = m.node("Gemm", "gemm", [x, m.weights("gemm", 10, 16), m.weights("gemm", 10)], transB=1)
    m.result(m.node("Softmax", "softmax", [x], axis=-1))
    return m.model()


class Noise(CalibrationDataReader):
    def __init__(self, model):
        rng = np.random.default_rng(0)
        known = {tensor.name for tensor in model.graph.initializer}
        shapes = {v.name: [d.dim_value or 1 for d in v.type.tensor_type.shape.dim] for v in model.graph.input if v.name not in known}
        self.batches = iter([{n: rng.normal(0, 1, s).astype(np.float32) for n, s in shapes.items()} for _ in range(4)])

    def get_next(self):
        return next(self.batches, None)


def formats():
    """(name, arguments of quantize_static)"""
    for form in (QuantFormat.QDQ, QuantFormat.QOperator):
        for per_channel in (False, True):
            for activation in (QuantType.QUInt8, QuantType.QInt8):
                name = "%s_%s_%s" % (form.name.lower(), activation.name[1:].lower(), "channel" if per_channel else "tensor")
                yield name, {"quant_format": form, "per_channel": per_channel, "activation_type": activation,
                             "weight_type": QuantType.QInt8}
    yield "qdq_uint8_uint8", {"quant_format": QuantFormat.QDQ, "activation_type": QuantType.QUInt8, "weight_type": QuantType.QUInt8}
    yield "qoperator_uint8_uint8", {"quant_format": QuantFormat.QOperator, "activation_type": QuantType.QUInt8,
                                    "weight_type": QuantType.QUInt8}


def main():
    only = [a[len("--only="):] for a in sys.argv[1:] if a.startswith("--only=")]
    folder, *paths = [a for a in sys.argv[1:] if not a.startswith("--only=")]
    os.makedirs(folder, exist_ok=True)
    if not paths:
        paths = [os.path.join(folder, "layers.onnx")]
        onnx.save(network(), paths[0])
    for path in paths:
        model = onnx.load(path)
        stem = os.path.basename(path)[:-len(".onnx")]
        for name, arguments in formats():
            if only and only[0] not in name:
                continue
            quantize_static(path, os.path.join(folder, "%s_%s.onnx" % (stem, name)), Noise(model), **arguments)


main()
