# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks through convert-onnx-to-tosa and passes, and back to ONNX.

usage: round_trip.py [options] MODEL.onnx|MODULE.mlir ...     a module: as it is, against the reference C (--cc)
       round_trip.py [options] --cases FILE.py                the models that FILE.py's models() makes

For each: onnx.checker accepts the exported model (full_check); the bytes are protobuf's own form and the same in two
runs; names, shapes and types at the border are the original's; no Transpose lies between two convolutions; ONNX Runtime
gives for it what it gives for the original within --tolerance of the output's range, and so does the reference C of the
rewritten module (--cc). The exported model converts again, and what that exports gives the same outputs.
"""
import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

DTYPES = {onnx.TensorProto.FLOAT: np.float32, onnx.TensorProto.INT32: np.int32, onnx.TensorProto.BOOL: np.bool_,
          onnx.TensorProto.INT64: np.int64}


def run(command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True)
    if done.returncode:
        raise RuntimeError("%s failed (%d):\n%s" % (" ".join(command)[:300], done.returncode,
                                                    done.stderr.decode(errors="replace")[-3000:]))
    return done.stdout


def session(model):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def border(model):
    """(name, element type, shape) of inputs that aren't initializers, and of outputs."""
    known = {tensor.name for tensor in model.graph.initializer}

    def of(values):
        return [(v.name, v.type.tensor_type.elem_type, [d.dim_value or d.dim_param or None for d in v.type.tensor_type.shape.dim])
                for v in values]
    return of(v for v in model.graph.input if v.name not in known), of(model.graph.output)


def make_inputs(inputs, seed):
    rng = np.random.default_rng(seed)
    made = {}
    for name, elem_type, shape in inputs:
        if elem_type == onnx.TensorProto.FLOAT:
            made[name] = rng.uniform(-1, 1, shape).astype(np.float32)
        else:  # small and not negative: it may be an index
            made[name] = rng.integers(0, 2, shape).astype(DTYPES[elem_type])
    return made


def check_transposes(model):
    """A value that comes from a convolution reaches the next one without a Transpose."""
    maker = {output: node for node in model.graph.node for output in node.output}
    keeps = {"Transpose", "Relu", "Clip", "Add", "Mul", "Concat", "Slice", "Split", "MaxPool", "AveragePool", "Pad"}

    def look(name, seen, transposed):
        node = maker.get(name)
        if node is None or (name, transposed) in seen:
            return
        seen.add((name, transposed))
        if node.op_type == "Conv" and transposed:
            raise RuntimeError("a Transpose between two convolutions, behind %s" % node.name)
        if node.op_type in keeps:
            for source in node.input:
                look(source, seen, transposed or node.op_type == "Transpose")
    for node in model.graph.node:
        if node.op_type == "Conv":
            look(node.input[0], set(), False)


def check_same(label, got, expected, tolerance):
    """Largest difference as a share of the range."""
    worst = 0.0
    if len(got) != len(expected):
        raise RuntimeError("%s: %d outputs; expected %d" % (label, len(got), len(expected)))
    for i, (g, e) in enumerate(zip(got, expected)):
        if g.shape != e.shape or g.dtype != e.dtype:
            raise RuntimeError("%s: output %d is %s %s; expected %s %s" % (label, i, g.dtype, g.shape, e.dtype, e.shape))
        g, e = g.astype(np.float64), e.astype(np.float64)
        same = (g == e) | (np.isnan(g) & np.isnan(e))
        if same.all():
            continue
        finite = e[np.isfinite(e)]
        spread = max(float(np.ptp(finite)), float(np.abs(finite).max()), 1e-30) if finite.size else 1e-30
        share = np.abs(g - e)[~same].max() / spread
        if not share <= tolerance:
            raise RuntimeError("%s: output %d differs by %.3g of its range" % (label, i, share))
        worst = max(worst, float(share))
    return worst


def export(module, path):
    run(["fuse-translate", "--export-onnx", "-", "-o", path], module)
    again = run(["fuse-translate", "--export-onnx", "-"], module)
    with open(path, "rb") as file:
        data = file.read()
    if data != again:
        raise RuntimeError("two exports differ")
    model = onnx.load_from_string(data)
    if model.SerializeToString(deterministic=True) != data:
        raise RuntimeError("protobuf writes the model in another way")
    onnx.checker.check_model(model, full_check=True)
    return model


def reference_c(module, folder, cc, inputs, n_outputs):
    with open(os.path.join(folder, "net.mlir"), "wb") as file:
        file.write(module)
    run(["fuse-translate", "--emit-c", folder + "/net.mlir", "--weights=inside", "-o", folder + "/net.c"])
    run([cc, "-O2", "-std=c99", "-DNET_MAIN", folder + "/net.c", "-o", folder + "/net", "-lm"])
    files = []
    for k, array in enumerate(inputs.values()):
        files.append("%s/in%d.npy" % (folder, k))
        np.save(files[-1], array)
    outputs = ["%s/out%d.npy" % (folder, k) for k in range(n_outputs)]
    run([folder + "/net"] + files + outputs)
    return [np.load(path) for path in outputs]


def check_module(name, module, folder, args, original=None):
    exported = folder + "/exported.onnx"
    model = export(module, exported)
    inputs, outputs = border(model)
    made = make_inputs(inputs, args.seed)
    got = session(exported).run(None, made)
    worst = 0.0
    if original:
        wanted_inputs, wanted_outputs = border(onnx.load(original))
        for found, wanted in ((inputs, wanted_inputs), (outputs, wanted_outputs)):
            for f, w in zip(found, wanted):
                if f[:2] != w[:2] or any(isinstance(b, int) and a != b for a, b in zip(f[2], w[2])):
                    raise RuntimeError("the border has %s; expected %s" % (f, w))
        if args.original:
            worst = check_same("exported", got, session(original).run(None, made), args.tolerance)
        check_transposes(model)
    if args.cc:
        worst = max(worst, check_same("reference C", got, reference_c(module, folder, args.cc, made, len(outputs)),
                                      args.tolerance))
    if original:
        module = run(["fuse-opt", "--convert-onnx-to-tosa", exported])
        export(module, folder + "/again.onnx")
        worst = max(worst, check_same("exported again", session(folder + "/again.onnx").run(None, made), got, args.tolerance))
    print("%s: %d nodes, %d outputs, largest difference %.2g of the range" % (name, len(model.graph.node), len(outputs), worst))
    if args.list:
        counts = {}
        for node in model.graph.node:
            counts[node.op_type] = counts.get(node.op_type, 0) + 1
        print("  " + ", ".join("%d %s" % (n, op) for op, n in sorted(counts.items())))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*")
    parser.add_argument("--cases")
    parser.add_argument("--only", default="", help="of the cases, those whose name contains this")
    parser.add_argument("--passes", default="", help="flags of fuse-opt behind --convert-onnx-to-tosa, separated by blanks")
    parser.add_argument("--not-original", dest="original", action="store_false", help="the passes change the numbers")
    parser.add_argument("--cc", help="compare with the reference C, too")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="print which operators the exported models have")
    args = parser.parse_args()
    failed = 0

    def attempt(name, make):
        with tempfile.TemporaryDirectory() as folder:
            try:
                original, module = make(folder)
                check_module(name, module, folder, args, original)
                return 0
            except Exception as error:  # the others still run
                print("%s: FAILED: %s" % (name, error))
                return 1

    def lowered(path):
        inputs, _ = border(onnx.load(path))
        dims = ["--dim=%s:%d=1" % (name, i) for name, _, shape in inputs for i, d in enumerate(shape) if not isinstance(d, int)]
        return path, run(["fuse-opt", "--convert-onnx-to-tosa"] + args.passes.split() + [path] + dims)

    for path in args.models:
        name = os.path.basename(path)
        if path.endswith(".mlir"):
            failed += attempt(name, lambda folder, path=path: (None, run(["fuse-opt", path])))
        else:
            failed += attempt(name, lambda folder, path=path: lowered(path))
    if args.cases:
        spec = importlib.util.spec_from_file_location("cases", args.cases)
        cases = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cases)

        def saved(folder, model):
            onnx.save(model, folder + "/case.onnx")
            return lowered(folder + "/case.onnx")
        for name, model in cases.models():
            if args.only in name:
                failed += attempt(name, lambda folder, model=model: saved(folder, model))
    sys.exit(1 if failed else 0)


main()
