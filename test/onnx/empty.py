# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The cases of Inputs/operators.py with an axis of an input emptied, against ONNX Runtime.

usage: empty.py [--axes=first|all] [--only=TEXT] FOLDER     FOLDER: for the models

Each case (the nodes that one output of such a model needs) is tried with size 0 for one axis of one input at a time. What the
compiler makes of it must be what ONNX Runtime does: results of the same types and shapes, and the same numbers where they have
any (by the reference C). A refusal is an error line and status 1; anything else fails. Prints how many there were of each.
"""
import argparse
import collections
import copy
import multiprocessing
import os
import re
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs"))
import operators
import suite

RESULT = re.compile(r"tensor<((?:\d+x)*)(\w+)>")
TYPES = {"float32": "f32", "float64": "f64", "bool": "i1", "int64": "i64", "int32": "i32", "uint8": "ui8", "int8": "i8",
         "float16": "f16"}


def cases(model):
    """The smallest models inside: one per node that makes outputs."""
    makers = {name: node for node in model.graph.node for name in node.output}
    for node in model.graph.node:
        outputs = [value for value in model.graph.output if value.name in node.output]
        if not outputs:
            continue
        needed, names, rest = [], set(), [node]
        while rest:
            at = rest.pop()
            if at in needed:
                continue
            needed.append(at)
            names.update(at.input)
            rest.extend(makers[name] for name in at.input if name in makers)
        graph = onnx.helper.make_graph(
            [n for n in model.graph.node if n in needed], node.name,
            [value for value in model.graph.input if value.name in names], outputs,
            [tensor for tensor in model.graph.initializer if tensor.name in names])
        yield onnx.helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def emptied(model, axes):
    """(label, model) with one axis of one input of size 0."""
    for i, value in enumerate(model.graph.input):
        for d in range(len(value.type.tensor_type.shape.dim)):
            if axes == "first" and d > 0:
                break
            other = copy.deepcopy(model)
            other.graph.input[i].type.tensor_type.shape.dim[d].dim_value = 0
            yield "%s: input %d, axis %d" % (model.graph.name, i, d), other


def random_inputs(model):
    rng = np.random.default_rng(1)
    return {value.name: rng.uniform(-1, 1, [d.dim_value for d in value.type.tensor_type.shape.dim]).astype(np.float32)
            for value in model.graph.input}


def run_onnxruntime(model, inputs, pipe):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        pipe.send(session.run(None, inputs))
    except Exception:  # its own, without a common base
        pipe.send(None)
    pipe.close()
    os._exit(0)


def expected(model, inputs):
    """What ONNX Runtime gives; None when it gives nothing. In a process of its own: on some of these it aborts."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=run_onnxruntime, args=(model, inputs, theirs))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        return None
    finally:
        process.join()


def result_types(tosa):
    last = [line for line in tosa.splitlines() if line.strip().startswith("return")][-1]
    return [([int(n) for n in shape.split("x")[:-1]], kind) for shape, kind in RESULT.findall(last)]


def check(model, folder):
    """What comes of it: a word, and details where it fails."""
    inputs = random_inputs(model)
    wanted = expected(model, inputs)
    onnx.save(model, os.path.join(folder, "model.onnx"))
    done = subprocess.run(["fuse-opt", "model.onnx", "--fuse-compile=to=tosa"], cwd=folder, capture_output=True, text=True)
    if done.returncode == 1 and done.stderr.count("error: ") >= 1:
        return "refused" if wanted is not None else "refused by both", done.stderr.strip()
    if done.returncode:
        return "failed", "status %d: %s" % (done.returncode, done.stderr)
    if wanted is None:
        return "taken, not by ONNX Runtime", ""
    types = [(list(array.shape), TYPES[str(array.dtype)]) for array in wanted]
    if result_types(done.stdout) != types:
        return "failed", "results %s; expected %s" % (result_types(done.stdout), types)
    if all(array.size == 0 for array in wanted):
        return "equal types", ""
    if model.graph.node[-1].op_type == "ReduceMean":
        return "undefined", ""  # says ONNX; ours is 0 / 0
    command = suite.compile_model(model, folder, "cc")
    for got, array in zip(suite.run_program(command, list(inputs.values()), len(wanted), folder), wanted):
        if not np.allclose(got, array, 1e-3, 1e-6, equal_nan=True):
            return "failed", "found %s; expected %s" % (got.ravel()[:4], array.ravel()[:4])
    return "equal numbers", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--axes", choices=("first", "all"), default="first")
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    counts = collections.Counter()
    for name, whole in operators.models():
        for model in cases(whole):
            for label, case in emptied(model, args.axes):
                if args.only not in name + ": " + label:
                    continue
                word, details = check(case, args.folder)
                counts[word] += 1
                if word == "failed" or args.verbose:
                    print("%s: %s: %s %s" % (name, label, word, details))
    print(", ".join("%s: %d" % item for item in sorted(counts.items())))
    sys.exit(1 if counts["failed"] else 0)


if __name__ == "__main__":
    main()
