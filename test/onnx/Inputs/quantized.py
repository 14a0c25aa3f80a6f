# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small quantised models: every operator that works on integers, as QDQ and as QLinear operators.

models() yields (name, ModelProto). An output is integers, or floats that are multiples of a scale.
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operators import Model  # noqa: E402


class Quantized(Model):
    """Values are quantised to `dtype`, weights to int8."""

    def __init__(self, name, opset, dtype):
        super().__init__("%s_%s" % (name, np.dtype(dtype).name), opset)
        self.dtype = np.dtype(dtype)

    def parameters(self, case, scale, zero=None):
        zero = self.rng.integers(-20, 20) + (128 if self.dtype == np.uint8 else 0) if zero is None else zero
        return [self.constant(case, np.float32(scale)), self.constant(case, np.array(zero, self.dtype))]

    def dequantized(self, case, shape, scale=0.05, zero=None):
        """A graph input of integers behind DequantizeLinear."""
        name = self.input(case, shape)
        kind = TensorProto.UINT8 if self.dtype == np.uint8 else TensorProto.INT8
        self.inputs[-1].type.tensor_type.elem_type = kind
        return self.node("DequantizeLinear", name + "_dq", [name] + self.parameters(case, scale, zero))

    def weight(self, case, shape, axis=None):
        q = self.constant(case, self.rng.integers(-127, 128, shape).astype(np.int8))
        n = shape[axis] if axis is not None else None
        scale = self.constant(case, np.float32(self.rng.uniform(0.002, 0.01, n)))
        zero = self.constant(case, np.zeros(() if n is None else n, np.int8))
        return self.node("DequantizeLinear", q + "_dq", [q, scale, zero], axis=axis or 0)

    def bias(self, case, n):
        q = self.constant(case, self.rng.integers(-3000, 3000, n).astype(np.int32))
        scale = self.constant(case, np.full(n, 0.0005, np.float32))
        return self.node("DequantizeLinear", q + "_dq", [q, scale], axis=0)

    def quantize(self, case, value, scale=0.1, zero=None):
        """The integers are an output."""
        self.node("QuantizeLinear", case + "_q", [value] + self.parameters(case, scale, zero))
        kind = TensorProto.UINT8 if self.dtype == np.uint8 else TensorProto.INT8
        self.outputs.append(helper.make_tensor_value_info(case + "_q", kind, None))

    def op(self, case, op, inputs, scale=0.1, zero=None, **attributes):
        self.quantize(case, self.node(op, case, inputs, **attributes), scale, zero)


def conv(dtype):
    m = Quantized("conv", 13, dtype)

    def case(name, x, w, axis=None, bias=True, after=None, scale=0.2, **attributes):
        inputs = [m.dequantized(name, x), m.weight(name, w, axis)] + ([m.bias(name, w[0])] if bias else [])
        y = m.node("Conv", name, inputs, **attributes)
        if after:
            y = m.node(after, name + "_after", [y])
        m.quantize(name, y, scale)

    case("conv", (1, 5, 9, 7), (6, 5, 3, 3), pads=[1, 1, 1, 1])
    case("conv_channels", (2, 5, 8, 8), (6, 5, 3, 3), 0, strides=[2, 2], pads=[0, 0, 1, 1])
    case("conv_relu", (1, 5, 8, 8), (6, 5, 1, 1), 0, after="Relu")
    case("conv_depthwise", (1, 8, 9, 9), (8, 1, 3, 3), 0, group=8, pads=[1, 1, 1, 1], scale=0.05)
    case("conv_depthwise_2", (1, 4, 9, 9), (8, 1, 3, 3), 0, group=4, dilations=[2, 2], scale=0.05)
    case("conv_grouped", (1, 8, 6, 6), (4, 4, 2, 2), 0, group=2, bias=False)
    case("conv_1d", (1, 3, 12), (4, 3, 5), 0, pads=[2, 2])
    x = m.dequantized("conv_pad", (1, 3, 6, 6), 0.05, 5)
    x = m.node("Pad", "conv_pad_pad", [x, m.constant("conv_pad", np.array([0, 0, 1, 1, 0, 0, 1, 2], np.int64))])
    m.op("conv_pad", "Conv", [x, m.weight("conv_pad", (4, 3, 3, 3), 0)], 0.2)
    x = m.dequantized("conv_clip", (1, 3, 6, 6))
    y = m.node("Conv", "conv_clip", [x, m.weight("conv_clip", (4, 3, 3, 3))])
    y = m.node("Clip", "conv_clip_6", [y, m.constant("conv_clip", np.float32(-1)), m.constant("conv_clip", np.float32(3))])
    m.quantize("conv_clip", y, 0.05)
    return m.model()


def matmul(dtype):
    m = Quantized("matmul", 13, dtype)
    m.op("gemm", "Gemm", [m.dequantized("gemm", (3, 20)), m.weight("gemm", (7, 20), 0), m.bias("gemm", 7)], 0.2, transB=1)
    m.op("matmul", "MatMul", [m.dequantized("matmul", (3, 20)), m.weight("matmul", (20, 6), 1)], 0.2)
    m.op("matmul_batched", "MatMul", [m.dequantized("matmul_batched", (2, 3, 20)), m.weight("matmul_batched", (20, 6))], 0.2)
    m.op("matmul_data", "MatMul", [m.dequantized("matmul_data", (2, 3, 8)), m.dequantized("matmul_data", (2, 8, 4))], 0.2)
    y = m.node("MatMul", "matmul_add", [m.dequantized("matmul_add", (2, 12)), m.weight("matmul_add", (12, 6))])
    m.op("matmul_add_bias", "Add", [y, m.bias("matmul_add", 6)], 0.2)
    w = m.node("Transpose", "transposed_w", [m.weight("transposed", (6, 12), 0)], perm=[1, 0])
    m.op("transposed", "MatMul", [m.dequantized("transposed", (2, 12)), w], 0.2)
    x = m.dequantized("flat", (1, 3, 4, 5))
    x = m.node("MaxPool", "flat_pool", [x], kernel_shape=[2, 2])
    x = m.node("Flatten", "flat_flat", [x])
    m.op("flat", "Gemm", [x, m.weight("flat", (36, 5))], 0.2)
    return m.model()


def pointwise(dtype):
    m = Quantized("pointwise", 14, dtype)
    x = (1, 6, 5, 7)
    m.op("add", "Add", [m.dequantized("add", x), m.dequantized("add", x, 0.03)], 0.07)
    m.op("add_row", "Add", [m.dequantized("add_row", x), m.dequantized("add_row", (7,), 0.2)], 0.2)
    m.op("sub", "Sub", [m.dequantized("sub", x), m.dequantized("sub", x, 0.03)], 0.07)
    m.op("mul", "Mul", [m.dequantized("mul", x), m.dequantized("mul", (1, 6, 1, 1), 0.01)], 0.05)
    a, b = m.dequantized("relu_sum", x), m.dequantized("relu_sum", x)
    m.op("relu_sum", "Relu", [m.node("Add", "relu_sum_add", [a, b])], 0.05)
    for name in ("Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "LeakyRelu", "Relu", "Abs", "Exp", "Erf"):
        m.op(name.lower(), name, [m.dequantized(name.lower(), x, 0.03)], 0.02)
    a = m.dequantized("silu", x)
    m.op("silu", "Mul", [a, m.node("Sigmoid", "silu_gate", [a])], 0.05)
    a = m.dequantized("spelled", x)
    y = m.node("Add", "spelled_add", [a, m.constant("spelled", np.float32(3))])
    y = m.node("Clip", "spelled_clip", [y, m.constant("spelled", np.float32(0)), m.constant("spelled", np.float32(6))])
    y = m.node("Mul", "spelled_mul", [a, y])
    m.op("spelled", "Div", [y, m.constant("spelled", np.float32(6))], 0.05)
    m.op("square", "Mul", [a, a], 0.2)
    for name in ("Max", "Min"):
        a, b = m.dequantized(name.lower(), x, 0.05), m.dequantized(name.lower(), (1, 6, 1, 7), 0.03)
        m.op(name.lower(), name, [a, b], 0.02)
        m.op(name.lower() + "_relu", "Relu", [m.node(name, name.lower() + "_before", [a, b])], 0.03)
    a = m.dequantized("prelu", x)
    slopes = lambda *shape: m.constant("prelu", m.rng.uniform(0, 1.9, shape).astype(np.float32))
    m.op("prelu_channels", "PRelu", [a, slopes(6, 1, 1)], 0.03)
    m.op("prelu_clip", "Clip", [m.node("PRelu", "prelu_before", [a, slopes(1, 6, 1, 1)]), m.constant("c", np.float32(-1))], 0.03)
    m.op("prelu_one", "PRelu", [a, slopes(1, 1, 1)], 0.03)
    m.op("prelu_rows", "PRelu", [m.dequantized("prelu_rows", (3, 6)), slopes(6)], 0.03)
    m.op("plus_one", "Add", [a, slopes(1, 1, 1, 1)], 0.06)
    m.op("scaled", "Mul", [m.dequantized("scaled", x), m.constant("scaled", np.float32(0.3))], 0.02)
    m.quantize("requantized", m.dequantized("requantized", x), 0.08)
    m.op("softmax", "Softmax", [m.dequantized("softmax", (2, 9))], 1 / 256, axis=-1)
    return m.model()


def moves(dtype):
    m = Quantized("moves", 13, dtype)
    x = (1, 6, 8, 8)
    const = lambda case, values: m.constant(case, np.array(values, np.int64))

    def same(name, op, inputs, **attributes):
        """Quantised as the input is: nothing may change."""
        m.op(name, op, [m.dequantized(name, x, 0.05, 3)] + inputs, 0.05, 3, **attributes)

    same("max_pool", "MaxPool", [], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    same("reshape", "Reshape", [const("reshape", [2, -1])])
    same("transpose", "Transpose", [], perm=[0, 2, 3, 1])
    same("slice", "Slice", [const("slice", [1, 2]), const("slice", [5, 7]), const("slice", [1, 3])])
    same("pad", "Pad", [const("pad", [0, 0, 1, 0, 0, 0, 2, 1])])
    same("gather", "Gather", [const("gather", [3, 1, 1])], axis=1)
    same("nearest", "Resize", ["", m.constant("nearest", np.array([1, 1, 2, 2], np.float32))], mode="nearest",
         coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    same("depth_to_space", "DepthToSpace", [], blocksize=1)
    same("space_to_depth", "SpaceToDepth", [], blocksize=2)
    same("reduce_max", "ReduceMax", [], axes=[1, 3], keepdims=0)
    same("reduce_min", "ReduceMin", [], axes=[2])
    y = m.dequantized("shuffle", x, 0.05, 3)
    y = m.node("Reshape", "shuffle_split", [y, const("shuffle", [1, 2, 3, 8, 8])])
    y = m.node("Transpose", "shuffle_turn", [y], perm=[0, 2, 1, 3, 4])
    m.op("shuffle", "Reshape", [y, const("shuffle", x)], 0.05, 3)
    q = m.node("QuantizeLinear", "bytes_in", [m.input("bytes", x)] + m.parameters("bytes", 0.05, 3))
    y = m.node("Reshape", "bytes_split", [q, const("bytes", [1, 2, 3, 8, 8])])
    y = m.node("Transpose", "bytes_turn", [y], perm=[0, 2, 1, 3, 4])
    y = m.node("Reshape", "bytes_merge", [y, const("bytes", x)])
    m.quantize("bytes", m.node("DequantizeLinear", "bytes_dq", [y] + m.parameters("bytes", 0.05, 3)), 0.06, 3)
    a, b = m.dequantized("concat", x, 0.05, 3), m.dequantized("concat", x, 0.05, 3)
    m.op("concat", "Concat", [a, b], 0.05, 3, axis=1)
    a, b = m.dequantized("concat_scales", x, 0.05), m.dequantized("concat_scales", x, 0.02)
    m.op("concat_scales", "Concat", [a, b], 0.06, axis=1)
    parts = m.node("Split", "split", [m.dequantized("split", x, 0.05, 3)], 2, axis=1)
    for i, part in enumerate(parts):
        m.quantize("split_%d" % i, part, 0.05, 3)
    m.op("mean", "GlobalAveragePool", [m.dequantized("mean", x)], 0.02)
    m.op("reduce", "ReduceMean", [m.dequantized("reduce", x)], 0.02, axes=[2, 3], keepdims=0)
    m.op("reduce_pixels", "ReduceMean", [m.dequantized("reduce_pixels", x)], 0.02, axes=[1, 2], keepdims=0)
    m.op("reduce_line", "ReduceMean", [m.dequantized("reduce_line", (2, 3, 4))], 0.02, axes=[1])
    m.op("average", "AveragePool", [m.dequantized("average", x)], 0.04, kernel_shape=[2, 3], strides=[2, 1])
    m.op("average_pads", "AveragePool", [m.dequantized("average_pads", x)], 0.04, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    m.op("average_fine", "AveragePool", [m.dequantized("average_fine", x)], 0.01, kernel_shape=[3, 5], pads=[1, 2, 1, 2], strides=[1, 2])
    m.op("average_zeros", "AveragePool", [m.dequantized("average_zeros", x)], 0.04, kernel_shape=[3, 3], pads=[1, 1, 1, 1],
         count_include_pad=1)
    return m.model()


def qlinear(dtype):
    m = Quantized("qlinear", 13, dtype)
    kind = TensorProto.UINT8 if m.dtype == np.uint8 else TensorProto.INT8

    def data(case, shape):
        name = m.input(case, shape)
        m.inputs[-1].type.tensor_type.elem_type = kind
        return name

    def weights(case, shape):
        low = 0 if m.dtype == np.uint8 else -127
        return m.constant(case, m.rng.integers(low, low + 255, shape).astype(m.dtype))

    def output(case, of):
        m.outputs.append(helper.make_tensor_value_info(case, of, None))

    bias = m.constant("qconv", m.rng.integers(-3000, 3000, 4).astype(np.int32))
    m.node("QLinearConv", "qconv", [data("qconv", (1, 3, 7, 7))] + m.parameters("qconv", 0.05) + [weights("qconv", (4, 3, 3, 3))] +
           m.parameters("qconv", 0.005) + m.parameters("qconv", 0.2) + [bias], pads=[1, 1, 1, 1])
    output("qconv", kind)
    several = [m.constant("qconv_zeros", np.float32([0.004, 0.005, 0.006, 0.007])),
               m.constant("qconv_zeros", (np.array([0, 5, 9, 100])).astype(m.dtype))]
    m.node("QLinearConv", "qconv_zeros", [data("qconv_zeros", (1, 3, 7, 7))] + m.parameters("qconv_zeros", 0.05) +
           [weights("qconv_zeros", (4, 3, 3, 3))] + several + m.parameters("qconv_zeros", 0.2) + [bias], pads=[1, 1, 1, 1])
    output("qconv_zeros", kind)
    m.node("QLinearMatMul", "qmatmul", [data("qmatmul", (3, 12))] + m.parameters("qmatmul", 0.05) + [weights("qmatmul", (12, 5))] +
           m.parameters("qmatmul", 0.005) + m.parameters("qmatmul", 0.1))
    output("qmatmul", kind)
    zeros = [m.constant("sum", np.array(z, m.dtype)) for z in (7, 3)]
    m.node("ConvInteger", "conv_sum", [data("conv_sum", (1, 3, 7, 7)), weights("conv_sum", (4, 3, 3, 3))] + zeros)
    output("conv_sum", TensorProto.INT32)
    m.node("MatMulInteger", "matmul_sum", [data("matmul_sum", (3, 12)), weights("matmul_sum", (12, 5))] + zeros)
    output("matmul_sum", TensorProto.INT32)
    return m.model()


def borders():
    """Floats in and out, and a float in the middle."""
    m = Quantized("borders", 13, np.int8)
    x = m.input("borders", (1, 3, 8, 8))
    q = m.node("QuantizeLinear", "in_q", [x] + m.parameters("in", 0.01, 3))
    dq = m.node("DequantizeLinear", "in_dq", [q] + m.parameters("in", 0.01, 3))
    y = m.node("Conv", "body", [dq, m.weight("body", (4, 3, 3, 3), 0)])
    q = m.node("QuantizeLinear", "body_q", [y] + m.parameters("body", 0.05, -4))
    dq = m.node("DequantizeLinear", "body_dq", [q] + m.parameters("body", 0.05, -4))
    m.result(dq)
    channels = m.constant("axis", m.rng.uniform(0.01, 0.02, 3).astype(np.float32))
    zeros = m.constant("axis", np.array([1, 2, 3], np.int8))
    q = m.node("QuantizeLinear", "axis_q", [x, channels, zeros], axis=1)
    m.result(m.node("DequantizeLinear", "axis_dq", [q, channels, zeros], axis=1))
    q, scale, zero = m.node("DynamicQuantizeLinear", "zeros", [m.node("Sub", "nothing", [x, x])], 3)
    m.result(scale, m.node("DequantizeLinear", "zeros_dq", [q, scale, zero]))
    return m.model()


def models():
    for dtype in (np.int8, np.uint8):
        for make in (conv, matmul, pointwise, moves, qlinear):
            model = make(dtype)
            yield "%s_%d" % (model.graph.name, model.opset_import[0].version), model
    yield "borders_13", borders()


if __name__ == "__main__":
    for name, model in models():
        onnx.save(model, os.path.join(sys.argv[1], name + ".onnx"))
