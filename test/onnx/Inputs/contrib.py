# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models of com.microsoft's operators, several cases to a model.

models() yields (name, ModelProto). As a program: write the models to the folder given.
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operators import Model  # noqa: E402


class Contrib(Model):
    def __init__(self, name, opset, dtype=np.float32):
        super().__init__(name, opset)
        self.dtype = np.dtype(dtype)
        self.kind = helper.np_dtype_to_tensor_dtype(self.dtype)

    def ms(self, op, case, inputs, outputs=1, **attributes):
        """A node of com.microsoft whose results are outputs of the model."""
        made = self.node(op, case, inputs, outputs, domain="com.microsoft", **attributes)
        return made

    def integers(self, case, shape):
        name = self.input(case, shape)
        self.inputs[-1].type.tensor_type.elem_type = self.kind
        return name

    def outputs_of(self, *names, kind=None):
        for name in names:
            self.outputs.append(helper.make_tensor_value_info(name, kind or self.kind, None))

    def parameters(self, case, scale, zero):
        zero += 128 if self.dtype == np.uint8 else 0
        return [self.constant(case, np.float32(scale)), self.constant(case, np.array(zero, self.dtype))]

    def weights_of(self, case, shape, dtype=None):
        low = 0 if (dtype or self.dtype) == np.uint8 else -127
        return self.constant(case, self.rng.integers(low, low + 255, shape).astype(dtype or self.dtype))

    def model(self):
        model = super().model()
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
        return model


def floats():
    m = Contrib("contrib_floats", 17)

    def case(op, name, inputs, **attributes):
        values = [m.input(name, value) if isinstance(value, tuple) else value for value in inputs]
        m.result(m.ms(op, name, values, **attributes))

    x = (1, 4, 6, 5)
    w = lambda name, *shape: m.weights(name, *shape)
    case("FusedConv", "conv_relu", [x, w("c", 6, 4, 3, 3), w("c", 6)], activation="Relu", pads=[1, 1, 1, 1])
    case("FusedConv", "conv_leaky", [x, w("c", 6, 4, 3, 3)], activation="LeakyRelu", activation_params=[0.125])
    case("FusedConv", "conv_clip", [x, w("c", 8, 1, 3, 3), w("c", 8)], activation="Clip", activation_params=[-0.25, 0.5], group=4)
    case("FusedConv", "conv_hard", [x, w("c", 6, 4, 1, 1), w("c", 6)], activation="HardSigmoid", activation_params=[0.25, 0.5])
    case("FusedConv", "conv_sum", [x, w("c", 4, 4, 3, 3), w("c", 4), x], activation="Relu", pads=[1, 1, 1, 1])
    case("FusedGemm", "gemm_relu", [(3, 5), w("g", 7, 5), w("g", 7)], activation="Relu", transB=1, alpha=0.5, beta=2.0)
    case("FusedMatMul", "matmul", [(2, 3, 5), (2, 5, 4)], alpha=0.25)
    case("FusedMatMul", "matmul_a", [(2, 5, 3), (2, 5, 4)], transA=1)
    case("FusedMatMul", "matmul_b", [(2, 3, 5), w("m", 4, 5)], transB=1, alpha=0.5)
    case("FusedMatMul", "matmul_batch_a", [(3, 2, 4, 5), (2, 4, 5, 6)], transBatchA=1)
    case("FusedMatMul", "matmul_batch_both", [(5, 2, 4, 3), (6, 2, 4, 5)], transA=1, transB=1, transBatchA=1, transBatchB=1)
    case("DynamicQuantizeMatMul", "dynamic", [(3, 8), m.constant("d", m.rng.integers(-127, 128, (8, 5)).astype(np.int8)),
                                              m.constant("d", np.float32(0.01)), m.constant("d", np.int8(2)), w("d", 5)])
    case("Gelu", "gelu", [x])
    case("BiasGelu", "bias_gelu", [(2, 6), w("b", 6)])
    case("FastGelu", "fast_gelu", [(2, 6)])
    case("FastGelu", "fast_gelu_bias", [(2, 6), w("b", 6)])
    case("QuickGelu", "quick_gelu", [(2, 6)], alpha=1.5)
    case("SkipLayerNormalization", "skip", [(1, 3, 8), (1, 3, 8), w("s", 8), w("s", 8), w("s", 8)], epsilon=1e-5)
    made = m.ms("SkipLayerNormalization", "skip_sum", [m.input("s", (1, 3, 8)), m.input("s", (1, 3, 8)), w("s", 8)], 4)
    m.nodes[-1].output[1] = m.nodes[-1].output[2] = ""
    m.result(made[0], made[3])
    case("SkipSimplifiedLayerNormalization", "skip_rms", [(1, 3, 8), (1, 3, 8), w("s", 8)], epsilon=1e-5)
    m.result(m.node("SimplifiedLayerNormalization", "rms", [m.input("rms", (2, 8)), w("rms", 8)], axis=-1, epsilon=1e-5))
    return m.model()


def half():
    """Those whose bodies hold numbers of their own."""
    m = Contrib("contrib_half", 17, np.float16)

    def case(op, name, shapes, **attributes):
        m.outputs_of(m.ms(op, name, [m.integers(name, shape) for shape in shapes], **attributes))

    case("FusedConv", "conv_clip", [(1, 2, 5, 5), (3, 2, 3, 3)], activation="Clip", activation_params=[-0.25, 0.5])
    case("FusedMatMul", "matmul", [(2, 3, 5), (2, 5, 4)], alpha=0.25)
    case("QuickGelu", "quick_gelu", [(2, 6)], alpha=1.5)
    return m.model()


def integers(dtype):
    m = Contrib("contrib_%s" % np.dtype(dtype).name, 13, dtype)

    def case(op, name, inputs, **attributes):
        m.outputs_of(m.ms(op, name, inputs, **attributes))

    def data(name, shape, scale=0.05, zero=5):
        return [m.integers(name, shape)] + m.parameters(name, scale, zero)

    to = lambda name, scale, zero=-7: m.parameters(name, scale, zero)
    x, last = (1, 4, 6, 8), (1, 6, 8, 4)
    case("QLinearAdd", "add", data("a", x) + data("b", x, 0.03) + to("c", 0.07))
    case("QLinearMul", "mul", data("a", x) + data("b", (1, 4, 1, 1), 0.02, -3) + to("c", 0.04))
    case("QLinearSigmoid", "sigmoid", data("x", x) + to("y", 1 / 256))
    case("QLinearLeakyRelu", "leaky", data("x", x) + to("y", 0.05), alpha=0.125)
    case("QLinearAveragePool", "average", data("x", x) + to("y", 0.04), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case("QLinearAveragePool", "average_last", data("x", last) + to("y", 0.04), kernel_shape=[2, 2], strides=[2, 2], channels_last=1)
    case("QLinearGlobalAveragePool", "mean", data("x", x) + to("y", 0.02))
    case("QLinearGlobalAveragePool", "mean_last", data("x", last) + to("y", 0.02), channels_last=1)
    case("QLinearConcat", "concat", to("y", 0.06) + data("a", x) + data("b", x, 0.03, 0), axis=1)
    case("QLinearSoftmax", "softmax", data("x", (3, 9)) + to("y", 1 / 256, -128), axis=-1, opset=13)
    case("QLinearConv", "conv_last", data("x", last) + [m.weights_of("w", (6, 4, 3, 3))] + to("w", 0.005, 0) + to("y", 0.2), channels_last=1)
    bias = m.constant("gemm", m.rng.integers(-900, 900, 7).astype(np.int32))
    case("QGemm", "gemm", data("x", (3, 12)) + [m.weights_of("w", (7, 12))] + to("w", 0.005, 0) + [bias] + to("y", 0.1), transB=1)
    m.outputs_of(m.ms("QGemm", "gemm_floats", data("x", (3, 12)) + [m.weights_of("w", (12, 7))] + to("w", 0.005, 0)), kind=TensorProto.FLOAT)
    case("NhwcMaxPool", "max_last", [m.integers("x", last)], kernel_shape=[2, 2], strides=[2, 2])
    condition = m.input("where", x)
    m.inputs[-1].type.tensor_type.elem_type = TensorProto.BOOL
    case("QLinearWhere", "where", [condition] + data("a", x) + data("b", x, 0.03) + to("y", 0.07))
    scale, zero = to("border", 0.01)
    q = m.ms("QuantizeLinear", "quantize", [m.input("border", (2, 5)), scale, zero])
    m.outputs_of(q)
    m.outputs_of(m.ms("DequantizeLinear", "dequantize", [q, scale, zero]), kind=TensorProto.FLOAT)
    summed = [m.integers("x", (3, 12)), m.weights_of("w", (12, 5), np.int8), scale, m.constant("s", np.float32(0.02)), zero]
    m.outputs_of(m.ms("MatMulIntegerToFloat", "summed", summed + ["", m.weights("bias", 5)]), kind=TensorProto.FLOAT)
    return m.model()


def models():
    yield "floats", floats()
    yield "half", half()
    for dtype in (np.int8, np.uint8):
        yield np.dtype(dtype).name, integers(dtype)


if __name__ == "__main__":
    for name, model in models():
        onnx.save(model, os.path.join(sys.argv[1], name + ".onnx"))
