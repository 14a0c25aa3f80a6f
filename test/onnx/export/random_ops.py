# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random cases of every op as ONNX: ONNX Runtime against numpy.

usage: random_ops.py FOLDER SEED ...

The cases are those of test/codegen/run_c.py, all of a seed in one module. Every op of the table in
lib/ir/kernel_calls.c must be among them.
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


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    missing = table()
    if len(missing) < 40:
        fail("the table of kernel_calls.c isn't read any more")
    for seed in map(int, sys.argv[2:]):
        g = run_c.Generator(seed)
        with np.errstate(all="ignore"):
            for part in (run_c.convolutions, run_c.pools, run_c.elementwise, run_c.moves, run_c.graphs):
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
