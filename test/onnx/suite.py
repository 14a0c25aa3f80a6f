# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's backend tests through the compiler and the reference C, held to a list of what each gives.

usage: suite.py [options] LIST

A test is a model with inputs and expected outputs. It is compiled (fuse-opt to TOSA, --emit=c), built by a C compiler
and run; its line in LIST says what comes of it:
  NAME: pass                          element types, shapes, integers and booleans equal, floats close
  NAME: refuse: OPERATOR: MESSAGE     the compiler's first error
The others never stand in a list: `wrong` (an output differs) and `crash` (any other end of compiler or program).
Fails when one line of LIST isn't what comes of its test, or a test has no line.

Shapes are static: where a graph input decides one (the second input of Reshape: STATIC below), or a branch, the test's
value of it becomes an initialiser before the model is compiled.

  --corpus=debian       the tests of Debian's libonnx-testdata (default)
  --corpus=wheel        the node tests that the onnx Python package makes, of opset 18 and later
  --update              write LIST; fails all the same when a test is wrong or crashes
  --only=TEXT           only tests (and lines of LIST) whose name contains this; prints the result of each
  --cc=COMPILER         default: gcc
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnx.numpy_helper

DATA = "/usr/share/libonnx-testdata/data"
SUITES = ("node", "simple", "pytorch-operator", "pytorch-converted")
WHEEL_OPSET = 18  # the first that libonnx-testdata doesn't have
LIMIT_S = 120
ERROR = re.compile(r"(?<!runtime )error: (?:'.*' \(([^)]*)\): )?(.*)")  # the sanitizers' are no refusal

# Inputs of operators that must be known when the program is made: shapes, axes, sizes, positions of a cut.
INTEGERS = (onnx.TensorProto.INT32, onnx.TensorProto.INT64)
REDUCTIONS = "L1 L2 LogSum LogSumExp Max Mean Min Prod Sum SumSquare".split()
STATIC = {
    "AffineGrid": (1,), "BlackmanWindow": (0,), "CenterCropPad": (1,), "Col2Im": (1, 2), "Compress": (1,),
    "ConstantOfShape": (0,),
    "CumProd": (1,), "CumSum": (1,), "DFT": (1, 2), "Dropout": (1, 2), "Expand": (1,), "HammingWindow": (0,), "HannWindow": (0,),
    "If": (0,),
    "MaxUnpool": (2,), "NonZero": (0,), "OneHot": (1,), "Pad": (1, 2, 3), "Range": (0, 1, 2), "Reshape": (1,), "Resize": (1, 2, 3),
    "Slice": (1, 2, 3, 4), "Split": (1,), "Squeeze": (1,), "Tile": (1,), "TopK": (1,), "Trilu": (1,),
    "Unsqueeze": (1,), "Upsample": (1,), **{"Reduce" + kind: (1,) for kind in REDUCTIONS},
}


class Refused(Exception):
    pass


class Crashed(Exception):
    pass


class Wrong(Exception):
    pass


# ---- the tests ----


class FolderCase:
    """A folder with model.onnx and test_data_set_N."""

    rtol, atol = 1e-3, 1e-7  # the defaults of onnx.backend.test

    def __init__(self, folder):
        self.name = "/".join(folder.split(os.sep)[-2:])
        self.folder = folder

    def model(self):
        return onnx.load(os.path.join(self.folder, "model.onnx"))

    def data_sets(self):
        for data in sorted(glob.glob(os.path.join(self.folder, "test_data_set_*"))):
            yield read_tensors(data, "input"), read_tensors(data, "output")


class MadeCase:
    """A test that the onnx package makes in memory."""

    def __init__(self, case):
        self.name, self.rtol, self.atol, self.case = case.name, case.rtol, case.atol, case

    def model(self):
        return self.case.model

    def data_sets(self):
        for inputs, outputs in self.case.data_sets:
            yield [as_array(value) for value in inputs], [as_array(value) for value in outputs]


def as_array(value):
    return onnx.numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else np.asarray(value)


def read_tensors(folder, kind):
    arrays = []
    while os.path.exists(os.path.join(folder, "%s_%d.pb" % (kind, len(arrays)))):
        with open(os.path.join(folder, "%s_%d.pb" % (kind, len(arrays))), "rb") as file:
            arrays.append(onnx.numpy_helper.to_array(onnx.TensorProto.FromString(file.read())))
    return arrays


def opset(model):
    return max([entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")], default=0)


def debian_cases():
    folders = [f for suite in SUITES for f in glob.glob(os.path.join(DATA, suite, "*"))
               if os.path.exists(os.path.join(f, "model.onnx"))]
    return [FolderCase(folder) for folder in folders]


def wheel_cases():
    with warnings.catch_warnings():  # numpy's, about the divisions by zero that some tests want
        warnings.simplefilter("ignore")
        from onnx.backend.test.case.node import collect_testcases
        return [MadeCase(case) for case in collect_testcases(None) if opset(case.model) >= WHEEL_OPSET]


def load_cases(corpus):
    return sorted({"debian": debian_cases, "wheel": wheel_cases}[corpus](), key=lambda case: case.name)


# ---- one test ----


def inputs_of(model):
    known = {tensor.name for tensor in model.graph.initializer}
    return [value.name for value in model.graph.input if value.name not in known]


def branches(node):
    return [attribute.g for attribute in node.attribute] if node.op_type == "If" else []


def nodes_of(graph):
    """Also those of branches."""
    for node in graph.node:
        yield node
        for branch in branches(node):
            yield from nodes_of(branch)


def read_by(node):
    return list(node.input) + [value.name for branch in branches(node) for value in branch.output]


def static_inputs(model):
    """Names of the graph inputs that shapes depend on: those that an operator must know, and integers from which such a
    one is computed (not by their shape)."""
    nodes = list(nodes_of(model.graph))
    direct = [node.input[i] for node in nodes for i in STATIC.get(node.op_type, ()) if i < len(node.input)]
    makers = {name: node for node in nodes for name in node.output if node.op_type not in ("Shape", "Size")}
    seen, rest = set(), list(direct)
    while rest:
        name = rest.pop()
        if name not in seen:
            seen.add(name)
            rest += read_by(makers[name]) if name in makers else []
    integers = {value.name for value in model.graph.input if value.type.tensor_type.elem_type in INTEGERS}
    return (set(direct) | seen & integers) & set(inputs_of(model))


def with_values(model, values):
    """The model in which these inputs are initialisers; values: {name: array}."""
    bound = onnx.ModelProto()
    bound.CopyFrom(model)
    kept = [value for value in bound.graph.input if value.name not in values]
    del bound.graph.input[:]
    bound.graph.input.extend(kept)
    bound.graph.initializer.extend(onnx.numpy_helper.from_array(array, name) for name, array in values.items())
    return bound


def with_shapes(model, values):
    """The model whose inputs have the shapes of these values: ONNX's own runners don't ask whether they have them."""
    for value in model.graph.input:
        if value.name in values:
            shape = value.type.tensor_type.shape
            del shape.dim[:]
            for size in np.shape(values[value.name]):
                shape.dim.add().dim_value = size
    return model


def run(command, folder):
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        raise Crashed("%s: no end after %d s" % (os.path.basename(command[0]), LIMIT_S))


def first_error(stderr):
    """`OPERATOR: message`, or the message of an error that names no node; None when there is no error."""
    found = ERROR.search(stderr.decode(errors="replace"))
    return found and ": ".join(filter(None, found.groups()))


def compile_model(model, folder, cc):
    """Make the program `net` in a folder; returns its leading arguments."""
    onnx.save(model, os.path.join(folder, "model.onnx"))
    done = run(["fuse-opt", "model.onnx", "--fuse-compile=to=tosa", "--emit=c", "-o", "net.c"], folder)
    if done.returncode:
        reason = first_error(done.stderr)
        if done.returncode != 1 or not reason:
            raise Crashed("fuse-opt ended with %d: %s" % (done.returncode, done.stderr[-200:]))
        raise Refused(reason)
    built = run([cc, "-std=c99", "-O0", "-DNET_MAIN", "net.c", "-o", "net", "-lm"], folder)
    if built.returncode:
        raise Crashed("the C program doesn't compile: %s" % built.stderr[:300])
    return ["./net"] + ["net.weights"] * os.path.exists(os.path.join(folder, "net.weights"))


def is_bfloat16(array):
    return array.dtype.name == "bfloat16"  # .npy has no such type: the program reads and writes the bits


def run_program(command, inputs, n_outputs, folder):
    files = ["in%d.npy" % i for i in range(len(inputs))]
    for file, array in zip(files, inputs):
        np.save(os.path.join(folder, file), np.asarray(array.view(np.uint16) if is_bfloat16(array) else array, order="C"))
    outputs = ["out%d.npy" % i for i in range(n_outputs)]
    done = run(command + files + outputs, folder)
    if done.returncode:
        raise Crashed("the C program ended with %d: %s" % (done.returncode, done.stderr[:300]))
    return [np.load(os.path.join(folder, file)) for file in outputs]


def bfloat16_value(bits):
    return (bits.view(np.uint16).astype(np.uint32) << 16).view(np.float32)


def check_output(case, i, got, expected, kind):
    """kind: the element type that the model says."""
    rtol = case.rtol
    if kind == onnx.TensorProto.BFLOAT16 and got.dtype == np.uint16 and expected.itemsize == 2:
        # Two units in the last place: the expected outputs are rounded, or cut off, after every step.
        got, expected, rtol = bfloat16_value(got), bfloat16_value(expected), max(rtol, 2 ** -6)
    if got.dtype != expected.dtype or got.shape != expected.shape:
        raise Wrong("output %d is %s%s; expected %s%s" % (i, got.dtype, got.shape, expected.dtype, expected.shape))
    if np.issubdtype(got.dtype, np.integer) or got.dtype == bool:
        same = np.array_equal(got, expected)
    else:
        same = np.allclose(got.astype(np.float64), expected.astype(np.float64), rtol, case.atol, equal_nan=True)
    if not same:
        raise Wrong("output %d differs: %s; expected %s" % (i, got.reshape(-1)[:6], expected.reshape(-1)[:6]))


def run_data_set(case, model, static, data_set, folder, cc):
    inputs, expected = data_set
    named = dict(zip(inputs_of(model), inputs))
    bound = with_values(model, {name: named.pop(name) for name in static & named.keys()})
    command = compile_model(with_shapes(bound, named), folder, cc)
    for i, got in enumerate(run_program(command, list(named.values()), len(expected), folder)):
        check_output(case, i, got, expected[i], model.graph.output[i].type.tensor_type.elem_type)


def run_case(case, cc):
    """What LIST says of the test, or `wrong: ...`, `crash: ...`."""
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    model = case.model()
    static = static_inputs(model)
    # Values that aren't tensors can't be read here; the compiler must refuse the model, whatever they are.
    readable = all(value.type.HasField("tensor_type") for value in [*model.graph.input, *model.graph.output])
    try:
        for data_set in case.data_sets() if readable else [([], [])]:
            with tempfile.TemporaryDirectory(dir=shared) as folder:
                run_data_set(case, model, static, data_set, folder, cc)
    except Refused as reason:
        return "refuse: %s" % reason
    except Wrong as difference:
        return "wrong: %s" % difference
    except Crashed as end:
        return "crash: %s" % end
    return "pass"


# ---- all of them ----

CASES, CC = [], None  # for the workers, which are forks


def run_index(i):
    return run_case(CASES[i], CC)


def run_all(cases, cc):
    """{name: result}"""
    global CASES, CC
    CASES, CC = cases, cc
    jobs = int(os.environ.get("FUSE_JOBS", os.cpu_count() or 2))
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        return dict(zip([case.name for case in cases], pool.map(run_index, range(len(cases)), chunksize=4)))


def read_list(path):
    """{name: result} of a list; none where there is no file."""
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return dict(line.rstrip("\n").split(": ", 1) for line in file if not line.startswith("#"))


def write_list(path, corpus, results):
    with open(path, "w") as file:
        file.write("# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"
                   "# What becomes of each test of ONNX's suite: suite.py --corpus=%s --update writes this.\n" % corpus)
        for name in sorted(results):
            file.write("%s: %s\n" % (name, results[name]))


def differences(listed, results):
    for name in sorted(listed.keys() | results.keys()):
        if listed.get(name) != results.get(name):
            yield "%s: found '%s'; the list says '%s'" % (
                name, results.get(name, "no such test"), listed.get(name, "nothing"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("list")
    parser.add_argument("--corpus", choices=("debian", "wheel"), default="debian")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--cc", default="gcc")
    args = parser.parse_args()
    results = run_all([case for case in load_cases(args.corpus) if args.only in case.name], args.cc)
    bad = [name for name in results if results[name].startswith(("wrong", "crash"))]
    for name in sorted(results) if args.only else bad:
        print("%s: %s" % (name, results[name]))
    counts = collections.Counter(result.split(":")[0] for result in results.values())
    print("%d tests: %s" % (len(results), ", ".join("%d %s" % (n, kind) for kind, n in counts.most_common())))
    listed = read_list(args.list)
    others = {name: listed[name] for name in listed if args.only not in name}
    if args.update:
        write_list(args.list, args.corpus, {**others, **results})
        sys.exit(1 if bad else 0)
    changed = list(differences(listed, {**others, **results}))
    for line in changed:
        print(line)
    if changed:
        print("suite.py --update writes the list anew")
    sys.exit(1 if bad or changed else 0)


if __name__ == "__main__":
    main()
