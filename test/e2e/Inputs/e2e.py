# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A whole compilation, held to its rules: the simulator's outputs are the C program's, bit for bit, and both are right.

usage: e2e.py FOLDER CC MODEL.onnx... [flags]

For each MODEL and --target: fusec makes object and C; the C program of CC -O2 and the simulator (--poison) run on the
same inputs: seeded noise, or those of --expected. Outputs must be equal in every bit. The C program must be the same
for every target. With --onnxruntime its outputs are within 1e-4 of the range of ONNX Runtime's, with --expected within
the same of the files', or
with --absolute differ by no more than that (and their largest element is the same one with --top1).
--rewrite=half and full make another network: fusec warns of each layer and its report names it, the outputs are those
of the exported ONNX model in ONNX Runtime, and at least one layer is changed.
--same-as=MODE: with that rewrite the network compiles to another program, and C and simulator give the same bits.
--host NAMES.txt: the nodes that run on the host must be those that the file lists for the network, and none of them
may multiply.
"""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import onnx

TOLERANCE = 1e-4
HALF_STEP = 2.0 ** -11  # of float16: two roundings of nearly the same number may part by twice that
DTYPES = {onnx.TensorProto.FLOAT: np.float32, onnx.TensorProto.FLOAT16: np.float16, onnx.TensorProto.INT32: np.int32, onnx.TensorProto.BOOL: np.bool_}


def check(condition, message):
    if not condition:
        sys.exit("e2e.py: " + message)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    check(done.returncode == 0, f"{' '.join(command)[:300]}\n{done.stderr[-3000:]}")
    return done.stderr


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("folder"), p.add_argument("cc"), p.add_argument("models", nargs="+")
    p.add_argument("--target", action="append", required=True)
    p.add_argument("--rewrite", default="exact")
    p.add_argument("--same-as")
    p.add_argument("--expected")
    p.add_argument("--absolute", type=float)
    p.add_argument("--top1", action="store_true")
    p.add_argument("--onnxruntime", action="store_true")
    p.add_argument("--host")
    p.add_argument("--name", help="of the network in NAMES.txt; default: the model's")
    p.add_argument("--runs", type=int, default=1, help="with noise, each with another seed")
    p.add_argument("--sim-runs", type=int, default=10**6, help="how many of the runs the simulator repeats")
    return p.parse_args()


class Network:
    """Inputs and outputs of a model, as its file says."""

    def __init__(self, path):
        graph = onnx.load(path, load_external_data=False).graph
        known = {i.name for i in graph.initializer}
        self.inputs = [i for i in graph.input if i.name not in known]
        self.outputs = [o.name for o in graph.output]
        self.dims = [f"--dim={i.name}:0=1" for i in self.inputs
                     if not i.type.tensor_type.shape.dim[0].HasField("dim_value")]

    def noise(self, seed):
        rng = np.random.default_rng(seed)
        return [rng.standard_normal([d.dim_value if d.HasField("dim_value") else 1
                                     for d in i.type.tensor_type.shape.dim])
                .astype(DTYPES[i.type.tensor_type.elem_type]) for i in self.inputs]


def runs_of(network, args):
    """(name, inputs, expected outputs or None)"""
    if not args.expected:
        return [(f"noise {seed}", network.noise(seed), None) for seed in range(args.runs)]
    paths = sorted(glob.glob(args.expected))
    check(paths, "no file matches " + args.expected)
    files = [(os.path.basename(path), np.load(path)) for path in paths]
    return [(name, [f[f"input_{k}"] for k in range(len(network.inputs))],
             [f[f"output_{k}"] for k in range(len(network.outputs))]) for name, f in files]


def host_nodes(path, network):
    """The list of a network in a file: see the file."""
    lists = {}
    for line in open(path).read().splitlines():
        if line.startswith("  "):
            nodes.append(line.strip())
        elif not line.startswith("#"):
            nodes = lists[line.removesuffix(":")] = []
    return lists[network]


def check_host(model, report, args):
    name = args.name or os.path.basename(model).removesuffix(".onnx")
    expected = host_nodes(args.host, name)
    found = []
    for call in report["host"]:
        if call["node"] not in found:
            found.append(call["node"])
    check(sorted(found, key=str) == sorted(expected, key=str), f"{name} on {report['target']}: the host runs\n"
          f"{json.dumps(found)}; expected\n{json.dumps(expected)}")
    check(report["host_macs"] == 0, f"{name}: {report['host_macs']} multiplications on the host")


def check_changes(model, report, said, mode):
    """What a rewrite that changes the numbers must say: a row and a warning for each layer, and nothing else."""
    name, marks = os.path.basename(model), {"half": "becomes FuSe-Half", "full": "becomes FuSe-Full"}
    changed = [row for row in report["rewrites"] if row["mode"] == mode]
    check(changed, f"{name}: --rewrite={mode} changed no layer")
    check(all(0 < row["weight_error"] < 1 and row["macs_after"] > 0 for row in changed), f"{name}: {changed}")
    lines = said.splitlines()
    check(len(lines) == len(changed) and all(
        line.startswith(f"{row['place']}: warning: '{row['node']}' (Conv, ") and marks[mode] in line
        for line, row in zip(lines, changed)), f"{name}: {len(changed)} layers changed, but it says\n{said}")


def compile_for(target, model, network, args, other=""):
    """Folder with net.stos and net.c, and net.onnx when the network is another one; `other`: a rewrite instead of --rewrite."""
    folder, rewrite = f"{args.folder}/{os.path.basename(target)}{other}", other or args.rewrite
    os.makedirs(folder, exist_ok=True)
    kinds = "stos,c,onnx" if rewrite in ("half", "full") else "stos,c"
    said = run(["fusec", model, f"--target={target}", f"--rewrite={rewrite}", f"--emit={kinds}",
                f"--report={folder}/report.json", "-o", f"{folder}/net.stos"] + network.dims)
    report = json.load(open(f"{folder}/report.json"))
    if kinds.endswith("onnx"):
        check_changes(model, report, said, rewrite)
    if args.host:
        check_host(model, report, args)
    return folder


def compile_c(folder, cc):
    run([cc, "-std=c99", "-O2", "-ffp-contract=off", "-DNET_MAIN", f"{folder}/net.c", "-o", f"{folder}/net", "-lm"])


def close(found, expected, what, absolute=None):
    for k, (got, want) in enumerate(zip(found, expected, strict=True)):
        check(got.shape == want.shape and got.dtype == want.dtype,
              f"{what}: output {k} is {got.dtype} {got.shape}; expected {want.dtype} {want.shape}")
        if want.size == 0:
            continue
        error, limit = np.abs(got.astype(np.float64) - want).max(), absolute
        if absolute is None:  # of the range; one number has none, so its size stands for it
            limit = TOLERANCE * float(np.ptp(want) if want.size > 1 else np.abs(want).max())
            limit += 2 * HALF_STEP * float(np.abs(want).max()) if want.dtype == np.float16 else 0
        check(error <= limit, f"{what}: output {k} is off by {error:g}; expected at most {limit:g}")


def run_c(folder, inputs, n_outputs):
    weights = [f"{folder}/net.weights"] if os.path.exists(f"{folder}/net.weights") else []
    outputs = [f"{folder}/c{k}.npy" for k in range(n_outputs)]
    run([f"{folder}/net"] + weights + inputs + outputs)
    return [np.load(path) for path in outputs]


def run_sim(folder, inputs, network):
    run(["fuse-sim", f"{folder}/net.stos", "--poison", "--output-dir", f"{folder}/sim"] +
        [f"--input={i.name}={path}" for i, path in zip(network.inputs, inputs, strict=True)])
    names = ["".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name) for name in network.outputs]
    return [np.load(f"{folder}/sim/{name}.npy") for name in names]


def check_bits(found, expected, what):
    for k, (a, b) in enumerate(zip(found, expected, strict=True)):
        differ = np.flatnonzero(a.view(np.uint8) != b.view(np.uint8)) if a.shape == b.shape else [0]
        check(a.dtype == b.dtype and len(differ) == 0, f"{what}: output {k} {a.shape} and that of C {b.shape} differ in {len(differ)} bytes")


def compare(name, inputs, expected, folders, other, network, session, repeat, args):
    paths = [f"{args.folder}/in{k}.npy" for k in range(len(inputs))]
    for path, array in zip(paths, inputs):
        np.save(path, array)
    c = run_c(folders[0], paths, len(network.outputs))
    if session:
        names = [i.name for i in network.inputs]
        close(c, session.run(None, dict(zip(names, inputs))), f"{name}: C against ONNX Runtime")
    if expected:
        close(c, expected, f"{name}: C against the file", args.absolute)
        check(not args.top1 or all(np.argmax(a) == np.argmax(b) for a, b in zip(c, expected)), f"{name}: top 1")
    for folder in folders + other if repeat else []:
        check_bits(run_sim(folder, paths, network), c, f"{name}: {folder}: simulator")
    for folder in other:
        check_bits(run_c(folder, paths, len(network.outputs)), c, f"{name}: {folder}")


def process(model, args):
    network = Network(model)
    folders = [compile_for(target, model, network, args) for target in args.target]
    for folder in folders[1:]:
        for part in ("net.c", "net.h"):
            check(open(f"{folder}/{part}").read() == open(f"{folders[0]}/{part}").read(),
                  f"{part} differs between {folder} and {folders[0]}")
    other = [compile_for(args.target[0], model, network, args, args.same_as)] if args.same_as else []
    for folder in other:
        check(open(f"{folder}/net.c").read() != open(f"{folders[0]}/net.c").read(), f"{model}: --rewrite={args.same_as} changes nothing")
    for folder in folders[:1] + other:
        compile_c(folder, args.cc)
    session = None
    if args.onnxruntime:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if any(i.type.tensor_type.elem_type == onnx.TensorProto.FLOAT16 for i in network.inputs):
            # it would fold BatchNormalization into weights that it rounds to float16
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        rewritten = f"{folders[0]}/net.onnx"
        session = onnxruntime.InferenceSession(rewritten if os.path.exists(rewritten) else model, options)
    for i, (name, inputs, expected) in enumerate(runs_of(network, args)):
        compare(f"{os.path.basename(model)}: {name}", inputs, expected, folders, other, network, session,
                i < args.sim_runs, args)


def main():
    args = parse_args()
    for model in args.models:
        shutil.rmtree(args.folder, ignore_errors=True)
        os.makedirs(args.folder)
        process(model, args)


main()
