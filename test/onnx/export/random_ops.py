# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random cases of every op as ONNX: ONNX Runtime against numpy.

usage: random_ops.py FOLDER SEED ...

The cases are those of test/codegen/run_c.py and some of bools and bits, all of a seed in one module. Every op of the table
in lib/ir/kernel_calls.c must be among them, or in REFUSED: the exporter must name each of those.
"""
import os
import re
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "codegen"))
import run_c  # noqa: E402


def fail(message):
    sys.exit("random_ops.py: " + message)


def table():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "lib", "ir", "kernel_calls.c")
    with open(path) as file:
        return set(re.findall(r'\{"((?:tosa|fuse)\.\w+)", lower_', file.read()))


# Ops that the exporter refuses by name, and why.
REFUSED = {
    "tosa.arithmetic_right_shift": "BitShift takes unsigned types only",
    "tosa.bitwise_and": "in ONNX from operator set 18; the exporter writes 14",
    "tosa.bitwise_not": "as bitwise_and",
    "tosa.bitwise_or": "as bitwise_and",
    "tosa.bitwise_xor": "as bitwise_and",
    "tosa.rescale": "an integer scaling that QuantizeLinear rounds otherwise",
    "tosa.scatter": "ScatterND with indices of two numbers: not written yet",
    "tosa.table": "Gather of a type that is an index only behind a sum: not written yet",
}


def check_refused(folder):
    """One module with all of REFUSED, in generic form: an error for each."""
    named = "not supported yet: writing this op as ONNX"
    ops = {"tosa.bitwise_not": ("(%x) : (tensor<4xi32>) -> tensor<4xi32>"),
           "tosa.arithmetic_right_shift": "(%x, %x) <{round = false}> : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>",
           "tosa.rescale": "(%x, %m, %s, %z, %z) <{input_unsigned = false, output_unsigned = false, per_channel = false, "
                           "rounding_mode = #tosa.rounding_mode<SINGLE_ROUND>, scale32 = true}> : "
                           "(tensor<4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi32>",
           "tosa.scatter": "(%v, %i, %v) : (tensor<1x4x1xf32>, tensor<1x4xi32>, tensor<1x4x1xf32>) -> tensor<1x4x1xf32>",
           "tosa.table": "(%b, %t) : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>"}
    both = "(%x, %x) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>"
    text = "func.func @main(%x: tensor<4xi32>, %v: tensor<1x4x1xf32>, %i: tensor<1x4xi32>, %b: tensor<4xi8>) -> tensor<4xi32> {\n"
    text += run_c.constant("m", np.array([1 << 30], np.int32)) + run_c.constant("s", np.array([31], np.int8))
    text += run_c.constant("z", np.array([0], np.int32)) + run_c.constant("t", np.arange(256).astype(np.int8))
    for k, op in enumerate(REFUSED):
        text += '  %%y%d = "%s"%s\n' % (k, op, ops.get(op, both))
    with open(folder + "/refused.mlir", "w") as file:
        file.write(text + "  return %x : tensor<4xi32>\n}\n")
    done = subprocess.run(["fuse-translate", "--export-onnx", folder + "/refused.mlir", "-o", folder + "/refused.onnx"],
                          capture_output=True, text=True)
    silent = [op for op in REFUSED if "'%s': %s" % (op, named) not in done.stderr]
    if done.returncode != 1 or silent:
        fail("not refused by name: %s\n%s" % (", ".join(silent), done.stderr))


def bools_and_bits(g):
    a, b = g.rng.random((3, 4, 5)) < 0.5, g.rng.random((3, 4, 5)) < 0.5
    for name, y in (("and", a & b), ("or", a | b), ("xor", a ^ b)):
        g.add("tosa.logical_" + name, [a, b], "", y)
    g.add("tosa.logical_not", [a], "", ~a)
    for axis in range(3):
        text = "axis = %d : i32" % axis
        g.add("tosa.reduce_all", [a | b], text, (a | b).all(axis, keepdims=True))
        g.add("tosa.reduce_any", [a & b], text, (a & b).any(axis, keepdims=True))
    x = g.rng.integers(-1 << 31, 1 << 31, (4, 5)).astype(np.int32)
    n = g.rng.integers(0, 32, (4, 5)).astype(np.int32)
    g.add("tosa.logical_left_shift", [x, n], "", x << n)
    g.add("tosa.logical_right_shift", [x, n], "", (x.view(np.uint32) >> n.view(np.uint32)).view(np.int32))
    d = np.where(n % 2, n + 1, -n - 1).astype(np.int32)
    g.add("tosa.intdiv", [x // 2, d], "", np.trunc((x // 2).astype(np.float64) / d).astype(np.int32))


def customs(g):
    x, y = g.data(3, 4), g.data(1, 4) + np.float32(9)
    for name, value, expected in (("tan", x, np.tan(x)), ("asinh", x, np.arcsinh(x)), ("round", x, np.rint(x)), ("sign", x, np.sign(x)),
                                  ("sqrt", np.abs(x), np.sqrt(np.abs(x))), ("atan", x, np.arctan(x)),
                                  ("isnan", x / np.float32(0) * np.float32(0), np.ones(x.shape, bool)),
                                  ("isinf", x / np.zeros_like(x), x != 0)):
        run_c.custom(g, name, [value], "", expected)
    run_c.custom(g, "div", [x, y], "", x / y)
    i, k = g.rng.integers(-99, 99, (3, 4)), g.rng.integers(1, 9, (3, 4))
    run_c.custom(g, "mod", [i, k], "", np.mod(i, k))
    run_c.custom(g, "fmod", [i, k], "", np.fmod(i, k))


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    ops = table()
    missing = ops - set(REFUSED)
    if not set(REFUSED) <= ops:
        fail("REFUSED has an op without a kernel")
    if len(missing) < 40:
        fail("the table of kernel_calls.c isn't read any more")
    check_refused(folder)
    for seed in map(int, sys.argv[2:]):
        g = run_c.Generator(seed)
        with np.errstate(all="ignore"):
            for part in (run_c.convolutions, run_c.pools, run_c.elementwise, run_c.moves, run_c.graphs, bools_and_bits, customs):
                part(g)
        cases, text = g.module(lambda c: True)
        with open(folder + "/net.mlir", "w") as file:
            file.write(text)
        missing -= set(re.findall(r'"?((?:tosa|fuse)\.\w+)', text))
        done = subprocess.run(["fuse-translate", "--export-onnx", folder + "/net.mlir", "-o", folder + "/net.onnx"],
                              capture_output=True, text=True)
        if done.returncode:
            fail("seed %d: %s" % (seed, done.stderr))
        model = onnx.load(folder + "/net.onnx")
        onnx.checker.check_model(model, full_check=True)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(folder + "/net.onnx", options, providers=["CPUExecutionProvider"])
        arrays = [array for case in cases for _, array in case.inputs]
        found = session.run(None, {i.name: a for i, a in zip(session.get_inputs(), arrays)})
        bad = ["%s\nfound %s\nexpected %s\n%s" % (case.name, y, case.expected, case.body[-1500:])
               for case, y in zip(cases, found)
               if y.shape != case.expected.shape or y.dtype != case.expected.dtype or not run_c.close(y, case.expected)]
        if bad:
            fail("seed %d: %d of %d differ: %s" % (seed, len(bad), len(cases), "\n".join(bad)[:6000]))
        print("seed %d: %d cases" % (seed, len(cases)))
    if missing:
        fail("no case has " + ", ".join(sorted(missing)))


main()
