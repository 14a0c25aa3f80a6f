# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models of operators on other types than f32, and of those that become kernels which TOSA has no op for.

models() yields (name, ModelProto), as operators.py. As a program: write the models to the folder given.
"""
import os
import sys

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operators import Model  # noqa: E402

INTS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64")


def kind(dtype):
    return helper.np_dtype_to_tensor_dtype(np.dtype(dtype))


class Typed(Model):
    def value(self, case, shape, dtype="float32"):
        """A graph input."""
        name = self.input(case, shape)
        self.inputs[-1].type.tensor_type.elem_type = kind(dtype)
        return name

    def output(self, name, dtype):
        self.outputs.append(helper.make_tensor_value_info(name, kind(dtype), None))

    def op(self, op, case, inputs, result="float32", **attributes):
        """inputs: names, arrays, or None. `result`: the type, or a list of them."""
        names = [i if isinstance(i, str) else "" if i is None else self.constant(case, i) for i in inputs]
        results = result if isinstance(result, list) else [result]
        made = self.node(op, case, names, len(results), **attributes)
        for name, dtype in zip(made if len(results) > 1 else [made], results):
            self.output(name, dtype)
        return made


def logic():
    m = Typed("logic", 18)
    a, b, row = m.value("a", (2, 3, 4), "bool"), m.value("b", (2, 3, 4), "bool"), m.value("row", (4,), "bool")
    for op in ("And", "Or", "Xor"):
        m.op(op, op.lower(), [a, b], "bool")
        m.op(op, op.lower() + "_row", [a, row], "bool")
    m.op("Not", "not", [a], "bool")
    m.op("Equal", "same", [a, b], "bool")
    for dtype in INTS:
        x, y = m.value("x_" + dtype, (3, 4), dtype), m.value("y_" + dtype, (1, 4), dtype)
        for op in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
            m.op(op, op + dtype, [x, y], dtype)
        m.op("BitwiseNot", "bits" + dtype, [x], dtype)
    for dtype in INTS[4:]:
        for direction in ("LEFT", "RIGHT"):
            shift = np.array([[0, 1, 3, 7]], dtype)
            m.op("BitShift", "shift_%s_%s" % (direction, dtype), ["x_%s_in%d" % (dtype, 3 + 2 * INTS.index(dtype)), shift],
                 dtype, direction=direction)
    yield m


def numbers():
    m = Typed("numbers", 18)
    for dtype in INTS:
        x, y = m.value("x_" + dtype, (3, 4), dtype), np.array([[3, 5, 7, 2]], dtype)
        m.op("Mod", "mod_" + dtype, [x, y], dtype)
        m.op("Mod", "fmod_" + dtype, [x, y], dtype, fmod=1)
        if dtype in ("uint8", "int32", "int64"):  # ONNX Runtime has no others
            m.op("Where", "where_" + dtype, [np.array([[True], [False], [True]]), x, y], dtype)
        m.op("Sign", "sign_" + dtype, [x], dtype)
    for dtype in ("int32", "int64", "uint32", "uint64", "float64"):
        x, y = m.value("z_" + dtype, (3, 4), dtype), m.value("w_" + dtype, (3, 1), dtype)
        for op in ("Add", "Sub", "Mul", "Max", "Min"):
            m.op(op, "%s_%s" % (op, dtype), [x, y], dtype)
        for op in ("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"):
            m.op(op, "%s_%s" % (op, dtype), [x, y], "bool")
        m.op("Div", "div_" + dtype, [x, np.array([[3, 5, 7, 2]], dtype)], dtype)
        m.op("Clip", "clip_" + dtype, [x, np.array(2, dtype), np.array(40, dtype)], dtype)
        m.op("Clip", "clip_max_" + dtype, [x, None, np.array(40, dtype)], dtype)
    for dtype in ("int32", "int64", "float32", "float64"):
        x = m.value("p_" + dtype, (3, 4), dtype)
        m.op("Neg", "neg_" + dtype, [x], dtype)
        m.op("Abs", "abs_" + dtype, [x], dtype)
        m.op("Pow", "square_" + dtype, [x, np.array(2, np.int32)], dtype)
        m.op("Pow", "cube_" + dtype, [x, np.array(3, np.float32)], dtype)
    for dtype in FLOATS:
        m.op("Mod", "mod_" + dtype, [m.value("m_" + dtype, (3, 4), dtype), np.array([[3, -5, 0.7, -0.2]], dtype)], dtype, fmod=1)
        m.op("Round", "round_" + dtype, [m.value("r_" + dtype, (3, 4), dtype)], dtype)
    yield m


def functions():
    m = Typed("functions", 20)
    for dtype in ("float32", "float64"):
        x = m.value("x", (3, 4), dtype)
        inside = m.node("Tanh", "inside_" + dtype, [x])
        for op in ("Cos", "Sin"):
            m.op(op, "%s_%s" % (op, dtype), [x], dtype)
        kinds = {"IsNaN": "Sqrt", "IsInf": "Log"}  # of numbers that are negative, and of zeros
        for op, before in kinds.items():
            bad = m.node(before, "%s_bad_%s" % (op, dtype), [m.node("Relu", "%s_relu_%s" % (op, dtype), [x]) if op == "IsInf" else x])
            m.op(op, "%s_%s" % (op, dtype), [bad], "bool")
            if op == "IsInf":
                m.op(op, "positive_" + dtype, [bad], "bool", detect_negative=0)
                m.op(op, "negative_" + dtype, [bad], "bool", detect_positive=0)
    x = m.value("x", (3, 4))
    above = m.node("Add", "above", [m.node("Abs", "abs", [x]), m.constant("one", np.float32(1))])
    inside = m.node("Tanh", "inside", [x])
    for op, of in (("Acos", inside), ("Asin", inside), ("Atan", x), ("Sinh", x), ("Cosh", x), ("Tan", inside),
                   ("Acosh", above), ("Asinh", x), ("Atanh", inside)):
        m.op(op, op, [of])
    flags = m.value("flags", (3, 2, 4), "bool")
    for op in ("ReduceMax", "ReduceMin"):
        m.op(op, op, [flags, np.array([1], np.int64)], "bool", keepdims=0)
    yield m


def casts():
    m = Typed("casts", 19)
    types = INTS + FLOATS + ("bool",)
    for source in types:
        x = m.value("from_" + source, (3, 4), source)
        scaled = m.node("Mul", "scaled_" + source, [x, m.constant("ten", np.array(10, source))]) if source in FLOATS else x
        for target in types:
            if source in FLOATS and target.startswith("uint"):  # a negative number has no meaning there
                m.op("Cast", "%s_to_%s" % (source, target), [m.node("Abs", "positive_%s_%s" % (source, target), [scaled])], target,
                     to=kind(target))
            else:
                m.op("Cast", "%s_to_%s" % (source, target), [scaled], target, to=kind(target))
        m.op("CastLike", "like_" + source, [scaled, np.zeros(1, np.int32)], "int32")
    yield m


def order():
    m = Typed("order", 18)
    x, n = m.value("x", (2, 5, 3)), m.value("n", (2, 5, 3), "int32")
    for data, dtype in ((x, "float32"), (n, "int32")):
        for op in ("ArgMax", "ArgMin"):
            m.op(op, "%s_%s" % (op, dtype), [data], "int64", axis=1)
            m.op(op, "%s_dropped_%s" % (op, dtype), [data], "int64", axis=-1, keepdims=0)
        m.op("CumSum", "sums_" + dtype, [data, np.array(1, np.int64)], dtype)
        m.op("CumSum", "sums_back_" + dtype, [data, np.array(-1, np.int32)], dtype, reverse=1, exclusive=1)
        m.op("TopK", "most_" + dtype, [data, np.array([3], np.int64)], [dtype, "int64"], axis=1)
        m.op("TopK", "least_" + dtype, [data, np.array([2], np.int64)], [dtype, "int64"], largest=0)
    steps = m.node("Floor", "steps", [x])  # equal ones
    m.op("ArgMax", "last", [steps], "int64", axis=1, select_last_index=1)
    m.op("ArgMin", "last_least", [steps], "int64", axis=2, select_last_index=1)
    m.op("ArgMin", "bytes", [m.value("bytes", (3, 4), "uint8")], "int64", axis=0)
    m.op("Hardmax", "hardmax", [x], axis=1)
    for k in (-2, 0, 1, 100):
        m.op("Trilu", "upper%d" % k, [x, np.array(k, np.int64)])
        m.op("Trilu", "lower%d" % k, [n, np.array(k, np.int64)], "int32", upper=0)
    m.op("EyeLike", "eye", [m.value("square", (4, 3))], k=-1)
    m.op("EyeLike", "eye_int", [m.value("square", (3, 5))], "int32", k=2, dtype=TensorProto.INT32)
    m.op("NonZero", "non_zero", [np.array([[0, 2, 0], [3, 0, -1]], np.float32)], "int64")
    m.op("Compress", "some", [x, np.array([0, 1, 1, 0], bool)], axis=1)
    m.op("Compress", "some_flat", [n, np.array([0, 1, 0, 0, 1, 1, 0, 1], bool)], "int32")
    yield m
    old = Typed("order", 8)
    old.op("TopK", "top_k", [old.value("x", (3, 6))], ["float32", "int64"], k=2)
    old.op("Hardmax", "hardmax_rows", [old.value("x", (2, 3, 4))])
    yield old


def index():
    m = Typed("index", 18)
    x, n = m.value("x", (3, 5, 4)), m.value("n", (3, 5, 4), "int64")

    def positions(case, shape, size):
        """Indices from -size on that aren't known at compile time."""
        raw = m.value(case + "_raw", shape, "int64")
        return m.node("Sub", case + "_index", [m.node("Mod", case + "_mod", [raw, m.constant(case, np.array(2 * size, np.int64))]),
                                               m.constant(case, np.array(size, np.int64))])

    for data, dtype in ((x, "float32"), (n, "int64")):
        m.op("Gather", "gather_" + dtype, [data, positions("gather_" + dtype, (2, 3), 5)], dtype, axis=1)
        m.op("Gather", "gather_one_" + dtype, [data, positions("gather_one_" + dtype, (), 4)], dtype, axis=-1)
        m.op("GatherElements", "elements_" + dtype, [data, positions("elements_" + dtype, (3, 2, 4), 5)], dtype, axis=1)
        places = np.array([[0, 3], [2, -1], [-3, 1]], np.int64)
        m.op("GatherND", "nd_" + dtype, [data, places], dtype)
        m.op("GatherND", "batches_" + dtype, [data, positions("batches_" + dtype, (3, 2, 1), 5)], dtype, batch_dims=1)
        m.op("ScatterND", "scatter_nd_" + dtype, [data, places, m.value("updates_" + dtype, (3, 4), dtype)], dtype)
        spots = np.array([[[1, 4, 0, -2], [3, 0, 2, 1]]], np.int64)
        m.op("ScatterElements", "scatter_" + dtype, [data, spots, m.value("spots_" + dtype, (1, 2, 4), dtype)], dtype, axis=1)
        for reduction in ("add", "mul", "max", "min"):
            twice = positions("%s_%s" % (reduction, dtype), (6, 1), 3)
            m.op("ScatterND", "nd_%s_%s" % (reduction, dtype), [data, twice, m.value("rows_" + dtype, (6, 5, 4), dtype)], dtype,
                 reduction=reduction)
            m.op("ScatterElements", "elements_%s_%s" % (reduction, dtype),
                 [data, positions("e_%s_%s" % (reduction, dtype), (3, 6, 2), 5), m.value("more_" + dtype, (3, 6, 2), dtype)], dtype,
                 axis=1, reduction=reduction)
    m.op("Gather", "embedding", [m.rng.normal(0, 1, (10, 4)).astype(np.float32), positions("embedding", (2, 3), 10)])
    known = m.node("ScatterND", "known", [m.constant("known", np.ones(4, np.float32)), m.constant("known", np.array([[1], [-1]])),
                                          m.constant("known", np.array([5, 7], np.float32))])
    known = m.node("GatherElements", "known_elements", [known, m.constant("known", np.array([3, 1, 0, 1]))])
    m.op("Mul", "by_known", [x, known])
    m.op("OneHot", "one_hot", [positions("one_hot", (2, 3), 7), np.array(6, np.int64), np.array([2, 5], np.float32)], axis=1)
    m.op("ReverseSequence", "reverse", [m.value("seq", (4, 3, 2)), np.array([1, 4, 3], np.int64)])
    m.op("ReverseSequence", "reverse_rows", [m.value("seq", (3, 4, 2)), np.array([4, 2, 1], np.int64)], batch_axis=0, time_axis=1)
    yield m
    old = Typed("index", 9)
    old.op("Scatter", "scatter", [old.value("x", (3, 4)), np.array([[2, 0, 1, 2]]), old.value("u", (1, 4))])
    yield old


def losses():
    m = Typed("losses", 13)
    for name, shape in (("rows", (4, 5)), ("images", (2, 5, 3, 2))):
        x = m.value("x_" + name, shape)
        log = m.node("LogSoftmax", "log_" + name, [x], axis=1)
        target = m.node("Mod", "target_" + name, [m.value("raw_" + name, shape[:1] + shape[2:], "int64"), m.constant(name, np.array(5))])
        weight = np.array([0.2, 1, 0.5, 2, 0.7], np.float32)
        for reduction in ("none", "sum", "mean"):
            case = "%s_%s" % (name, reduction)
            m.op("NegativeLogLikelihoodLoss", "nll_" + case, [log, target], reduction=reduction)
            m.op("NegativeLogLikelihoodLoss", "nll_w_" + case, [log, target, weight], reduction=reduction, ignore_index=2)
            m.op("NegativeLogLikelihoodLoss", "nll_i_" + case, [log, target], reduction=reduction, ignore_index=1)
            m.op("SoftmaxCrossEntropyLoss", "sce_" + case, [x, target, weight], reduction=reduction)
        m.op("SoftmaxCrossEntropyLoss", "sce_log_" + name, [x, target], ["float32", "float32"], ignore_index=0)
    yield m


def dynamic():
    m = Typed("dynamic", 18)
    for name, shape, move in (("around_zero", (3, 4, 5), 0), ("above", (7,), 9), ("below", (2, 6), -9)):
        x = m.node("Add", name + "_moved", [m.value(name, shape), m.constant(name, np.float32(move))])
        m.op("DynamicQuantizeLinear", name, [x], ["uint8", "float32", "uint8"])
    yield m


def images():
    """Where pixels come from is computed."""
    for opset, modes in ((16, ("nearest", "bilinear", "bicubic")), (20, ("nearest", "linear", "cubic"))):
        m = Typed("images", opset)
        for mode in modes:
            for padding in ("zeros", "border", "reflection"):
                for align in (0, 1):
                    name = "%s_%s_%d" % (mode, padding, align)
                    grid = m.node("Mul", name + "_grid", [m.value(name, (2, 3, 5, 2)), m.constant(name, np.float32(0.8))])
                    m.op("GridSample", name, [m.value(name, (2, 3, 4, 6)), grid], mode=mode, padding_mode=padding, align_corners=align)
        if opset == 20:
            m.op("GridSample", "volume", [m.value("v", (1, 2, 3, 4, 5)), m.value("v", (1, 2, 2, 3, 3))], mode="linear", padding_mode="border")
            m.op("AffineGrid", "grid", [m.value("theta", (2, 2, 3)), np.array([2, 3, 4, 5])])
            m.op("AffineGrid", "grid_corners", [m.value("theta", (2, 2, 3)), np.array([2, 3, 4, 5])], align_corners=1)
            m.op("AffineGrid", "grid_3d", [m.value("theta", (2, 3, 4)), np.array([2, 1, 2, 3, 4])])
            m.op("Pad", "wrap", [m.value("wrap", (2, 3, 4)), np.array([0, 1, 3, 0, 2, 4])], mode="wrap")
            m.op("Col2Im", "fold", [m.value("fold", (2, 18, 16)), np.array([5, 6]), np.array([2, 3])])
            m.op("Col2Im", "fold_all", [m.value("fold_all", (2, 18, 6)), np.array([5, 9]), np.array([3, 2])],
                 dilations=[1, 3], pads=[1, 0, 0, 2], strides=[2, 3])
            m.op("Col2Im", "fold_in_pads", [m.value("fold_in_pads", (1, 4, 28)), np.array([2, 1]), np.array([2, 2])], pads=[3, 2, 3, 2])
            m.op("Col2Im", "fold_once", [m.value("fold_once", (1, 4, 1)), np.array([2, 2]), np.array([2, 2])], strides=[1000000000, 7])
            m.op("Col2Im", "fold_nothing", [m.value("fold_nothing", (1, 2, 1)), np.array([1, 1]), np.array([1, 1])], pads=[2, 2, 2, 2], strides=[7, 7])
            m.op("Col2Im", "fold_1d", [m.value("fold_1d", (2, 6, 4)), np.array([6]), np.array([3])])
        pooled = m.node("MaxPool", "pooled", [m.value("pooled", (2, 3, 4, 7))], 2, kernel_shape=[2, 3], strides=[2, 2])
        m.op("MaxUnpool", "unpooled", pooled, kernel_shape=[2, 3], strides=[2, 2])
        yield m


def attention():
    m = Typed("attention", 23)
    q, k, v = m.value("q", (2, 4, 3, 6)), m.value("k", (2, 2, 5, 6)), m.value("v", (2, 2, 5, 7))
    seen = m.rng.integers(0, 2, (2, 1, 3, 5)).astype(bool) | np.eye(3, 5, dtype=bool)
    m.op("Attention", "plain", [q, k, v])
    m.op("Attention", "causal", [q, k, v], is_causal=1, scale=0.3)
    m.op("Attention", "numbers", [q, k, v, m.value("bias", (3, 5))])
    m.op("Attention", "booleans", [q, k, v, seen])
    m.op("Attention", "cached", [q, k, v, None, m.value("past_k", (2, 2, 4, 6)), m.value("past_v", (2, 2, 4, 7))], ["float32"] * 3,
         is_causal=1)
    wide = [m.value("w%d" % i, shape) for i, shape in enumerate(((2, 3, 24), (2, 5, 12), (2, 5, 14)))]
    m.op("Attention", "three_axes", wide, q_num_heads=4, kv_num_heads=2)
    m.op("Attention", "softcap", wide, q_num_heads=4, kv_num_heads=2, softcap=0.5)
    caches = [m.value(name, (9, 3)) for name in ("cos", "sin")]
    places = m.value("places", (2, 5), "int64")
    for name, attributes in (("halves", {}), ("neighbours", dict(interleaved=1))):
        m.op("RotaryEmbedding", name, [m.value(name, (2, 4, 5, 6))] + caches + [np.array([[0, 3, 8, 1, 1], [4, 5, 6, 7, 2]])], **attributes)
        rows = [m.value(name + str(i), (2, 5, 3)) for i in range(2)]
        m.op("RotaryEmbedding", name + "_rows", [m.value(name + "_rows", (2, 5, 32))] + rows, num_heads=4, rotary_embedding_dim=6, **attributes)
    picked = m.node("Mod", "picked", [places, m.constant("picked", np.array(9))])
    m.op("RotaryEmbedding", "picked_rows", [m.value("turned", (2, 4, 5, 6))] + caches + [picked])
    yield m


def newest():
    """Those that ONNX Runtime doesn't have yet."""
    m = Typed("newest", 28)
    for dtype in ("float32", "float64", "int32", "uint64"):
        x = m.value("x_" + dtype, (2, 4, 3), dtype)
        m.op("CumProd", "products_" + dtype, [x, np.array(1)], dtype)
        m.op("CumProd", "products_back_" + dtype, [x, np.array(-2, np.int32)], dtype, reverse=1, exclusive=1)
    for source, target in (("float32", "int32"), ("float32", "uint32"), ("float64", "int64"), ("float16", "uint16"), ("int8", "uint8"),
                           ("bool", "uint8")):
        bits = m.op("BitCast", "bits_%s_%s" % (source, target), [m.value("from_%s_%s" % (source, target), (2, 3), source)], target,
                    to=kind(target))
        if source != "bool":
            m.op("BitCast", "back_%s_%s" % (source, target), [bits], source, to=kind(source))
    gated = [m.value("gate%d" % i, (2, 3, 4)) for i in range(2)]
    m.op("SwiGLU", "swiglu", gated)
    m.op("SwiGLU", "swiglu_alpha", gated, alpha=1.7)
    for mode in ("DCR", "CRD"):
        m.op("SpaceToDepth", mode, [m.value(mode, (2, 3, 4, 6))], blocksize=2, mode=mode)
    yield m


def quantized():
    """Integers of 16 and 4 bits, and blocks."""
    m = Typed("quantized", 21)
    x = m.value("x", (3, 10))

    def numbers(dtype, *shape):
        low, high = (-8, 8) if dtype == ml_dtypes.int4 else (0, 16) if dtype == ml_dtypes.uint4 else (0, 250)
        return m.rng.integers(low, high, shape).astype(dtype)

    def scales(*shape):
        return m.rng.uniform(0.01, 0.1, shape).astype(np.float32)

    for dtype in ("int16", "uint16"):
        q = m.op("QuantizeLinear", "quantize_" + dtype, [x, np.float32(0.001), np.array(1000, dtype)], dtype)
        m.op("DequantizeLinear", "dequantize_" + dtype, [q, np.float32(0.002), np.array(900, dtype)])
        m.op("DequantizeLinear", "axis_" + dtype, [q, scales(10), numbers(dtype, 10)], axis=1)
        m.op("DequantizeLinear", "known_" + dtype, [numbers(dtype, 3, 4), scales(4)], axis=-1)
    m.op("QuantizeLinear", "output_dtype", [x, np.float32(0.001)], "uint16", output_dtype=TensorProto.UINT16)
    for dtype in ("int8", "uint8", "int16", "uint16"):
        q = m.op("QuantizeLinear", "blocks_" + dtype, [x, scales(3, 3), numbers(dtype, 3, 3)], dtype, axis=-1, block_size=4)
        m.op("DequantizeLinear", "from_blocks_" + dtype, [q, scales(3, 2), numbers(dtype, 3, 2)], axis=1, block_size=5)
        m.op("DequantizeLinear", "from_rows_" + dtype, [q, scales(1, 10)], axis=0, block_size=3)
    for dtype in (ml_dtypes.int4, ml_dtypes.uint4):  # the weights of large models
        name = np.dtype(dtype).name
        for case, inputs, attributes in (
                ("tensor", [numbers(dtype, 10, 3), np.float32(0.05), numbers(dtype)], {}),
                ("columns", [numbers(dtype, 10, 3), scales(3), numbers(dtype, 3)], {"axis": 1}),
                ("odd", [numbers(dtype, 10, 5), scales(3, 5), numbers(dtype, 3, 5)], {"axis": 0, "block_size": 4})):
            weights = m.node("DequantizeLinear", "%s_%s" % (case, name), [m.constant(case, i) for i in inputs], **attributes)
            m.op("MatMul", "product_%s_%s" % (case, name), [x, weights])
    yield m


def double():
    """Layers in float64 to the last few bits, and matrices of integers: ONNX Runtime has few of them."""
    m = Typed("double", 18)

    def weights(*shape):
        return m.rng.normal(0, 0.3, shape)

    def case(op, name, inputs, dtype="float64", **attributes):
        m.op(op, name, [m.value(name, i, dtype) if isinstance(i, tuple) else i for i in inputs], dtype, **attributes)

    image, ones = (2, 4, 6, 5), np.full(4, 1.3)
    case("Conv", "conv", [image, weights(6, 4, 3, 3), weights(6)], pads=[1, 1, 1, 1])
    case("Conv", "depthwise", [image, weights(4, 1, 3, 3)], group=4)
    case("Conv", "varying_weights", [image, (2, 4, 3, 3)])
    case("Conv", "conv_3d", [(1, 2, 3, 4, 4), weights(2, 2, 2, 2, 2), weights(2)])
    case("ConvTranspose", "transposed", [image, weights(4, 3, 2, 2), weights(3)], strides=[2, 2])
    case("ConvTranspose", "transposed_3d", [(1, 2, 3, 4, 4), weights(2, 1, 2, 2, 2)])
    case("MatMul", "matmul", [(2, 3, 4), (2, 4, 5)])
    case("MatMul", "dense", [(2, 3, 4), weights(4, 5)])
    case("Gemm", "gemm", [(3, 4), weights(5, 4), weights(5)], transB=1, alpha=0.5)
    case("MaxPool", "max_pool", [image], kernel_shape=[2, 2], strides=[2, 2])
    case("AveragePool", "average_pool", [image], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    for op in ("GlobalAveragePool", "GlobalMaxPool", "Softmax", "LogSoftmax", "Sigmoid", "Tanh", "Elu"):
        case(op, op, [image])
    case("BatchNormalization", "batch", [image, weights(4), weights(4), weights(4), ones])
    case("LRN", "lrn", [(4, 4, 3, 2)], size=3)  # onnx's evaluator takes the batch for the channels
    case("ReduceMean", "mean", [image, np.array([2, 3], np.int64)])
    for dtype in ("int32", "int64", "uint32", "uint64"):
        case("MatMul", "matmul_" + dtype, [(3, 4), (4, 5)], dtype)
        case("MatMul", "dense_" + dtype, [(3, 4), m.rng.integers(0, 100, (4, 5)).astype(dtype)], dtype)
        case("Gemm", "gemm_" + dtype, [(3, 4), (5, 4), (5,)], dtype, transB=1, alpha=2.0)
    yield m


def half():
    """Layers in float16, which ONNX Runtime too computes in float32; a step of the result is 2^-11 of it."""
    m = Typed("half", 18)

    def weights(*shape):
        return m.rng.normal(0, 0.3, shape).astype(np.float16)

    def case(op, name, inputs, **attributes):
        m.op(op, name, [m.value(name, i, "float16") if isinstance(i, tuple) else i for i in inputs], "float16", **attributes)

    image, one = (1, 4, 6, 5), np.ones(4, np.float16)
    case("Conv", "conv", [image, weights(6, 4, 3, 3), weights(6)], pads=[1, 1, 1, 1])
    case("Conv", "varying_weights", [image, (2, 4, 3, 3)])
    case("ConvTranspose", "transposed", [image, weights(4, 3, 2, 2)], strides=[2, 2])
    case("MatMul", "matmul", [(2, 3, 4), (2, 4, 5)])
    case("MatMul", "dense", [(2, 3, 4), weights(4, 5)])
    case("Gemm", "gemm", [(3, 4), weights(5, 4), weights(5)], transB=1, alpha=0.5)
    for op in ("MaxPool", "AveragePool"):
        case(op, op, [image], kernel_shape=[2, 2], strides=[2, 2])
    for op in ("GlobalAveragePool", "GlobalMaxPool", "Softmax", "LogSoftmax", "Sigmoid", "Tanh", "Elu", "HardSwish", "Softplus"):
        case(op, op, [image])
    case("BatchNormalization", "batch", [image, weights(4), weights(4), weights(4), one])
    case("InstanceNormalization", "instance", [image, weights(4), weights(4)])
    case("LayerNormalization", "layer", [(2, 3, 4), weights(4), weights(4)])
    case("Resize", "resize", [image, None, np.array([1, 1, 2, 2], np.float32)], mode="linear")
    case("Clip", "clip", [image, np.float16(-0.5), np.float16(0.75)])
    case("ReduceMean", "mean", [image, np.array([2, 3], np.int64)])
    yield m


def declared():
    """Sizes that only the types of the results say: the numbers that decide them are computed when the network runs."""
    m = Typed("declared", 18)

    def result(op, case, inputs, *shapes, dtype="float32", **attributes):
        names = [i if isinstance(i, str) else m.constant(case, i) for i in inputs]
        made = m.node(op, case, names, len(shapes), **attributes)
        for name, shape in zip([made] if len(shapes) == 1 else made, shapes):
            m.outputs.append(helper.make_tensor_value_info(name, kind(dtype), shape))

    def number(op, case, a, b):
        return m.node(op, case, [a, b if isinstance(b, str) else m.constant(case, b)])
    for dtype, count in (("int64", 7), ("int32", 7), ("float32", 6.5)):
        start, delta = m.value("start_" + dtype, (), dtype), m.value("delta_" + dtype, (), dtype)
        extent = number("Mul", "extent_" + dtype, delta, np.array(count, dtype))
        result("Range", "range_" + dtype, [start, number("Add", "limit_" + dtype, extent, start), delta], (7,), dtype=dtype)
    x, raw = m.value("x", (3, 9, 4)), m.value("raw", (1,), "int64")
    at = number("Mod", "at", raw, np.array([5]))  # 0 to 4
    behind = number("Add", "behind", at, np.array([4]))
    negative = [number("Sub", "end_" + name, name, np.array([9])) for name in (at, behind)]
    zero = number("Sub", "zero", raw, raw)
    beyond = number("Add", "beyond", zero, np.array([2 ** 62]))
    result("Slice", "slice", [x, at, behind, np.array([1])], (3, 4, 4))
    result("Slice", "slice_from_end", [x, *negative, np.array([1])], (3, 4, 4))
    result("Slice", "slice_backwards", [x, behind, at, np.array([-2]), np.array([-2])], (3, 2, 4))
    result("Slice", "slice_from_beyond", [x, beyond, zero, np.array([2]), np.array([-2])], (3, 9, 2))
    result("Split", "split", [x, number("Add", "sizes", zero, np.array([2, 0, 7]))], (3, 2, 4), (3, 0, 4), (3, 7, 4), axis=1)
    result("Reshape", "reshape", [x, number("Add", "shape", zero, np.array([6, 18]))], (6, 18))
    result("Expand", "expand", [x, number("Add", "wide", zero, np.array([2, 1, 9, 1]))], (2, 3, 9, 4))
    yield m


def models():
    for family in (logic, numbers, functions, casts, order, index, losses, dynamic, images, attention, newest, quantized, double, half,
                   declared):
        for model in family():
            yield "%s_%d" % (model.name, model.opset), model.model()


if __name__ == "__main__":
    for file_name, proto in models():
        onnx.save(proto, os.path.join(sys.argv[1], file_name + ".onnx"))
