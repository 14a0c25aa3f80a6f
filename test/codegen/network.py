# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whole networks through the C back end: .onnx to C to .npy, against ONNX Runtime and expected outputs.

usage: network.py FOLDER CC CLANG MODEL.onnx ["EXPECTED/*.npz"] [--steps N] [--tolerance T]

The program of CC -O2 and that of CLANG -O3 -march=native must give the same bits; both within T (1e-4) of the range of
what ONNX Runtime gives on random inputs, and of each expected file's outputs (input_0.. and output_0..). Integers may
differ by N steps (0). With --reference onnx's own evaluator takes ONNX Runtime's place: it knows types that that doesn't.
"""
import argparse
import collections
import glob
import os
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime

DTYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16, "tensor(bool)": np.bool_,
          **{"tensor(%sint%d)" % (u, bits): np.dtype("%sint%d" % (u, bits)) for u in ("", "u") for bits in (8, 16, 32, 64)}}


class Reference:
    """onnx's evaluator in the dress of an InferenceSession."""

    def __init__(self, path):
        from onnx.reference import ReferenceEvaluator

        self.evaluator = ReferenceEvaluator(path)

    def get_inputs(self):
        kinds = {np.dtype(v): k for k, v in DTYPES.items()}
        Value = collections.namedtuple("Value", "name shape type")
        tensors = [(v.name, v.type.tensor_type) for v in self.evaluator.proto_.graph.input]
        return [Value(name, [d.dim_value for d in t.shape.dim], kinds[onnx.helper.tensor_dtype_to_np_dtype(t.elem_type)])
                for name, t in tensors]

    def get_outputs(self):
        return self.evaluator.output_names

    def run(self, _, inputs):
        return self.evaluator.run(None, inputs)


def check(condition, message):
    if not condition:
        sys.exit("network.py: " + message)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    check(done.returncode == 0, "%s: %s" % (" ".join(command)[:200], done.stderr[-3000:]))


def noise(rng, shape, dtype):
    """Integers of all of a byte, or of about as many."""
    if np.dtype(dtype).kind in "iu":
        limits = np.iinfo(dtype)
        return rng.integers(max(limits.min, -200), min(limits.max, 255) + 1, shape).astype(dtype)
    if dtype == np.bool_:
        return rng.integers(0, 2, shape).astype(dtype)
    return rng.standard_normal(shape).astype(dtype)


def runs_of(session, pattern):
    """(name, inputs in order, expected outputs) of each comparison."""
    rng = np.random.default_rng(0)
    inputs = [noise(rng, [d if isinstance(d, int) else 1 for d in i.shape], DTYPES[i.type])
              for i in session.get_inputs()]
    names = [i.name for i in session.get_inputs()]
    runs = [("onnxruntime", inputs, session.run(None, dict(zip(names, inputs))))]
    files = sorted(glob.glob(pattern)) if pattern else []
    check(files or not pattern, "no file matches " + str(pattern))
    for path in files:
        file = np.load(path)
        runs.append((os.path.basename(path), [file["input_%d" % k] for k in range(len(inputs))],
                     [file["output_%d" % k] for k in range(len(session.get_outputs()))]))
    return runs


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("folder"), p.add_argument("cc"), p.add_argument("clang"), p.add_argument("model")
    p.add_argument("expected", nargs="?")
    p.add_argument("--steps", type=int, default=0)
    p.add_argument("--tolerance", type=float, default=1e-4)
    p.add_argument("--reference", action="store_true")
    return p.parse_args()


def main():
    args = parse_args()
    folder, cc, clang, model = args.folder, args.cc, args.clang, args.model
    os.makedirs(folder, exist_ok=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # As the operators' documents say: fused Gemm takes a bias to have the scale that it should have.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = Reference(model) if args.reference else onnxruntime.InferenceSession(model, options)
    dims = ["--dim=%s:0=1" % i.name for i in session.get_inputs() if i.shape and not isinstance(i.shape[0], int)]
    run(["fuse-opt", "--convert-onnx-to-tosa", model, "-o", folder + "/net.mlir"] + dims)
    run(["fuse-translate", "--emit-c", folder + "/net.mlir", "-o", folder + "/net.c"])
    weights = [folder + "/net.weights"] if os.path.exists(folder + "/net.weights") else []
    programs = [([cc, "-O2"], folder + "/net-cc"), ([clang, "-O3", "-march=native"], folder + "/net-clang")]
    for compiler, program in programs:
        run(compiler + ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-DNET_MAIN", folder + "/net.c", "-o",
                        program, "-lm"])
    worst = 0.0
    for name, inputs, expected in runs_of(session, args.expected):
        for k, array in enumerate(inputs):
            np.save("%s/in%d.npy" % (folder, k), array)
        files = ["%s/in%d.npy" % (folder, k) for k in range(len(inputs))]
        found = []
        for _, program in programs:
            outputs = ["%s.out%d.npy" % (program, k) for k in range(len(expected))]
            run([program] + weights + files + outputs)
            found.append([np.load(path) for path in outputs])
        for k, want in enumerate(expected):
            got = found[0][k]
            check(got.tobytes() == found[1][k].tobytes(), "%s: output %d: the compilers' programs differ" % (name, k))
            check(got.shape == want.shape and got.dtype == want.dtype, "%s: output %d is %s %s; expected %s %s" % (
                name, k, got.dtype, got.shape, want.dtype, want.shape))
            if want.size == 0:
                continue
            error = np.abs(got.astype(np.float64) - want).max()
            if got.dtype.kind in "iu":
                check(error <= args.steps, "%s: output %d is off by %d steps" % (name, k, error))
                continue
            wide = want.astype(np.float64)
            error /= max(float(np.ptp(wide) if want.size > 1 else np.abs(wide).max()), 1e-30)
            check(error <= args.tolerance, "%s: output %d is off by %g of its range" % (name, k, error))
            worst = max(worst, error)
    print("%s: at most %.2g of the range off" % (os.path.basename(model), worst))


main()
