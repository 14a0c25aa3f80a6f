# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run ONNX models through our importer and convert-onnx-to-tosa, then through upstream MLIR's own
lowering of TOSA, and compare with ONNX Runtime.

usage: compare.py [options] MODEL.onnx ...            random inputs, or --expected PATTERN
       compare.py [options] --cases FILE.py           the models that FILE.py's models() makes
       compare.py [options] --corpus PATTERN          folders as ONNX's backend tests have them: model.onnx
                                                      and test_data_set_0 with its inputs and outputs

Prints one line per model; fails when an output differs by more than the tolerance times the range
of the expected output, and for `--cases` lists each output that does.
"""
import argparse
import ctypes
import glob
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime

PIPELINE = ("builtin.module(func.func(llvm-request-c-wrappers),"
            "tosa-attach-target{profiles=pro_int,pro_fp level=none},tosa-to-linalg-pipeline,"
            "func.func(tosa-to-tensor,tosa-to-arith{include-apply-rescale=true},canonicalize,cse),"
            "one-shot-bufferize{bufferize-function-boundaries=true "
            "function-boundary-type-conversion=identity-layout-map},"
            "buffer-deallocation-pipeline,canonicalize,func.func(convert-linalg-to-loops),lower-affine,"
            "convert-bufferization-to-memref,convert-scf-to-cf,expand-strided-metadata,lower-affine,"
            "func.func(math-expand-ops{ops=rsqrt}),convert-math-to-libm,convert-to-llvm,reconcile-unrealized-casts,canonicalize,cse)")
DTYPES = {onnx.TensorProto.FLOAT: np.float32, onnx.TensorProto.INT64: np.int64, onnx.TensorProto.BOOL: np.bool_}


def run(command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True)
    if done.returncode:
        raise RuntimeError("%s failed (%d):\n%s" % (command[0], done.returncode, done.stderr.decode(errors="replace")))
    return done.stdout


def to_tosa(path, dims):
    return run(["fuse-opt", "--convert-onnx-to-tosa", path] + ["--dim=" + dim for dim in dims])


def upstream_takes(tosa):
    """Upstream's lowering has no kernels of ours, and f32, i32 and i1 are what it computes with."""
    others = re.sub(rb"tensor<1xi8>", b"", tosa)  # zero points and shifts
    return b"tosa.custom" not in tosa and not re.search(rb"(<|x)(ui\d+|i8|i16|i64|f16|bf16|f64)>", others)


def compile_upstream(tosa, folder):
    """Upstream's lowering as a shared library that has _mlir_ciface_main."""
    lowered = run(["mlir-opt", "--pass-pipeline=" + PIPELINE], tosa)
    lowered = re.sub(rb", tosa\.target_env = #tosa\.target_env<[^>]*>", b"", lowered)  # mlir-translate doesn't know it
    ir = run(["mlir-translate", "--mlir-to-llvmir"], lowered)
    library = os.path.join(folder, "net.so")
    runtime = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("mlir-opt")))), "lib")
    run(["clang", "-O1", "-Wno-override-module", "-shared", "-fPIC", "-x", "ir", "-",
         "-o", library, "-L" + runtime, "-lmlir_c_runner_utils", "-Wl,-rpath," + runtime, "-lm"], ir)
    return ctypes.CDLL(library)


def memref(rank):
    class MemRef(ctypes.Structure):
        _fields_ = [("allocated", ctypes.c_void_p), ("aligned", ctypes.c_void_p), ("offset", ctypes.c_int64),
                    ("sizes", ctypes.c_int64 * rank), ("strides", ctypes.c_int64 * rank)]
    return MemRef


def call(library, inputs, wanted):
    """wanted: [(shape, dtype)] of the results."""
    arguments, kept = [], []
    for array in inputs:
        array = np.ascontiguousarray(array)
        kept.append(array)
        strides = [s // array.itemsize for s in array.strides]
        arguments.append(ctypes.byref(memref(array.ndim)(array.ctypes.data, array.ctypes.data, 0,
                                                         (ctypes.c_int64 * array.ndim)(*array.shape),
                                                         (ctypes.c_int64 * array.ndim)(*strides))))

    class Results(ctypes.Structure):
        _fields_ = [("r%d" % i, memref(len(shape))) for i, (shape, _) in enumerate(wanted)]
    results = Results()
    getattr(library, "_mlir_ciface_main")(ctypes.byref(results), *arguments)
    arrays = []
    for i, (shape, dtype) in enumerate(wanted):
        ref = getattr(results, "r%d" % i)
        if tuple(ref.sizes) != tuple(shape):
            raise RuntimeError("output %d has shape %s; expected %s" % (i, tuple(ref.sizes), tuple(shape)))
        count = int(np.prod(shape, dtype=np.int64))
        raw = (ctypes.c_char * (count * np.dtype(dtype).itemsize)).from_address(
            ref.aligned + ref.offset * np.dtype(dtype).itemsize)
        arrays.append(np.frombuffer(raw, dtype=dtype).reshape(shape).copy())
    return arrays


def graph_inputs(model):
    known = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in known]


def random_inputs(model, dims, seed):
    rng = np.random.default_rng(seed)
    sizes = dict(dim.rsplit("=", 1) for dim in dims)
    inputs = {}
    for value in graph_inputs(model):
        tensor = value.type.tensor_type
        shape = [int(sizes[d.dim_param]) if d.dim_param else d.dim_value for d in tensor.shape.dim]
        inputs[value.name] = rng.uniform(-1, 1, shape).astype(DTYPES[tensor.elem_type])
    return inputs


def reference(path, inputs):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


def difference(got, expected):
    """Largest difference as a share of the range of what is expected; 0 where both are the same NaN or infinity."""
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    if same.all():
        return 0.0
    finite = expected[np.isfinite(expected)]
    spread = max(float(finite.max() - finite.min()) if finite.size else 0.0, float(np.abs(finite).max()) if finite.size else 0.0, 1e-30)
    error = np.abs(got - expected)[~same].max()
    return float("inf") if not np.isfinite(error) else float(error / spread)


def compare(name, path, args):
    """Number of outputs that differ too much."""
    model = onnx.load(path)
    outputs = [value.name for value in model.graph.output]
    with tempfile.TemporaryDirectory() as folder:
        library = compile_upstream(to_tosa(path, args.dim), folder)
        order = [value.name for value in graph_inputs(model)]
        runs = []
        if args.expected:
            for file in sorted(glob.glob(args.expected)):
                with np.load(file) as data:
                    runs.append((os.path.basename(file), dict(zip(order, [data["input_%d" % i] for i in range(len(order))])),
                                 [data["output_%d" % i] for i in range(len(outputs))]))
            if not runs:
                raise RuntimeError("no file matches " + args.expected)
        else:
            inputs = random_inputs(model, args.dim, args.seed)
            runs.append(("random", inputs, reference(path, inputs)))
        failed, worst = 0, 0.0
        for label, inputs, expected in runs:
            got = call(library, [inputs[key] for key in order], [(e.shape, e.dtype) for e in expected])
            for output, g, e in zip(outputs, got, expected):
                share = difference(g, e)
                worst = max(worst, share)
                if not share <= args.tolerance:
                    failed += 1
                    print("%s: %s: output %s differs by %.3g of its range" % (name, label, output, share))
    print("%s: %d outputs, %d runs, largest difference %.2g of the range" % (name, len(outputs), len(runs), worst))
    return failed


def protobuf_tensors(folder, kind):
    tensors, i = [], 0
    while os.path.exists(os.path.join(folder, "%s_%d.pb" % (kind, i))):
        with open(os.path.join(folder, "%s_%d.pb" % (kind, i)), "rb") as file:
            tensors.append(onnx.numpy_helper.to_array(onnx.TensorProto.FromString(file.read())))
        i += 1
    return tensors


def corpus(pattern, args):
    """Models that convert must agree with their data, where upstream takes them; the others must be refused with an error."""
    agreed, refused, beyond, failed = 0, 0, 0, 0
    for folder in sorted(glob.glob(pattern)):
        done = subprocess.run(["fuse-opt", "--convert-onnx-to-tosa", os.path.join(folder, "model.onnx")],
                              capture_output=True)
        if done.returncode == 1 and b"error: " in done.stderr:
            refused += 1
            continue
        if done.returncode == 0 and not upstream_takes(done.stdout):
            beyond += 1
            continue
        try:
            if done.returncode:
                raise RuntimeError("fuse-opt ended with %d" % done.returncode)
            data = os.path.join(folder, "test_data_set_0")
            expected = protobuf_tensors(data, "output")
            with tempfile.TemporaryDirectory() as scratch:
                library = compile_upstream(done.stdout, scratch)
                got = call(library, protobuf_tensors(data, "input"), [(e.shape, e.dtype) for e in expected])
            worst = max(difference(g, e) for g, e in zip(got, expected))
            if not worst <= args.tolerance:
                raise RuntimeError("differs by %.3g of its range" % worst)
            agreed += 1
        except RuntimeError as error:
            if str(error).startswith("mlir-opt failed"):  # gathers, powers of integers
                beyond += 1
                continue
            failed += 1
            print("%s: %s" % (os.path.basename(folder), error))
    print("%d agree, %d refused, %d failed, %d aren't upstream's" % (agreed, refused, failed, beyond))
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*")
    parser.add_argument("--cases", help="Python file with models(): (name, ModelProto) pairs")
    parser.add_argument("--only", help="of the cases, those whose name contains this")
    parser.add_argument("--corpus", help="pattern of folders with model.onnx and test_data_set_0")
    parser.add_argument("--expected", help="pattern of .npz files with input_i and output_i")
    parser.add_argument("--dim", action="append", default=[])
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    failed = 0
    for path in args.models:
        failed += compare(os.path.basename(path), path, args)
    if args.corpus:
        failed += corpus(args.corpus, args)
    if args.cases:
        spec = importlib.util.spec_from_file_location("cases", args.cases)
        cases = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cases)
        with tempfile.TemporaryDirectory() as folder:
            for name, model in cases.models():
                if args.only and args.only not in name:
                    continue
                path = os.path.join(folder, name + ".onnx")
                onnx.save(model, path)
                try:
                    failed += compare(name, path, args)
                except Exception as error:  # the other models still run
                    failed += 1
                    print("%s: %s" % (name, error))
    sys.exit(1 if failed else 0)


main()
