# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models of operators on other types than f32, and of those that become kernels which TOSA has no op for.

models() yields (name, ModelProto), as operators.py. As a program: write the models to the folder given.
"""
import os
import sys

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


def models():
    for family in (logic, numbers, functions, casts):
        for model in family():
            yield "%s_%d" % (model.name, model.opset), model.model()


if __name__ == "__main__":
    for file_name, proto in models():
        onnx.save(proto, os.path.join(sys.argv[1], file_name + ".onnx"))
