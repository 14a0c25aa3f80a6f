# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""corpus.py BIN FOLDER: what the fuzz targets start from, FOLDER/<target>/* and FOLDER/<target>.dict.

Everything is made here or by this repository's own tools in BIN; equal sources give equal files.
"""
import glob
import io
import os
import re
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

REPOSITORY = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
sys.path[:0] = [os.path.join(REPOSITORY, "test", folder, "Inputs") for folder in ("onnx", "e2e")]
import branches  # noqa: E402
import operators  # noqa: E402
import quantized  # noqa: E402
import random_networks  # noqa: E402
import typed  # noqa: E402

LARGEST = 16384  # bytes; a fuzzer gets little out of long files
N_NETWORKS = 12
DTYPES = "f4 f8 f2 i1 u1 i2 u2 i4 u4 i8 u8 b1"
TARGETS = ("os-8", "stos-8", "stosx-8")


def read(*path):
    with open(os.path.join(REPOSITORY, *path)) as file:
        return file.read()


class Corpus:
    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder

    def add(self, target, name, data):
        data = data.encode() if isinstance(data, str) else data
        if len(data) <= LARGEST:
            os.makedirs(os.path.join(self.folder, target), exist_ok=True)
            with open(os.path.join(self.folder, target, name), "wb") as file:
                file.write(data)

    def words(self, target, words):
        """A dictionary; protobuf's strings also with their length in front."""
        lines = sorted({'"%s"' % word for word in words})
        if target == "onnx":
            lines += sorted({'"\\x%02x%s"' % (len(word), word) for word in words})
        with open(os.path.join(self.folder, target + ".dict"), "w") as file:
            file.write("\n".join(lines) + "\n")

    def run(self, tool, *args, data=None):
        """A tool's standard output; None when it refuses."""
        done = subprocess.run([os.path.join(self.binaries, tool), *args], input=data, capture_output=True)
        return done.stdout if done.returncode == 0 else None


def onnx_table():
    """(operator, first opset, least inputs, least outputs, attribute names) of every operator."""
    table = re.findall(r'ONNX_OP\((\w+),\s*"\w+",\s*(\d+),\s*(\d+),\s*-?\d+,\s*(\d+),\s*-?\d+,((?:\s*"[^"]*")+)\)',
                       read("lib", "ir", "onnx_ops.def"))
    for op, since, inputs, outputs, attributes in table:
        yield op, int(since), int(inputs), max(int(outputs), 1), re.findall(r"(\w+):\w", attributes)


def one_node(op, since, n_inputs, n_outputs):
    tensor = helper.make_tensor_value_info
    inputs, outputs = ["x%d" % i for i in range(n_inputs)], ["y%d" % i for i in range(n_outputs)]
    graph = helper.make_graph([helper.make_node(op, inputs, outputs)], "g",
                              [tensor(x, TensorProto.FLOAT, [1, 2, 3, 4]) for x in inputs],
                              [tensor(y, TensorProto.FLOAT, None) for y in outputs])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", max(since, 13))], ir_version=8)


def small_models():
    yield from operators.models()
    yield from quantized.models()


def pieces(model):
    """A model for each output, of the nodes that it needs: what changes one does not spoil the others."""
    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output}
    for output in graph.output:
        needed, ahead = set(), [output.name]
        while ahead:
            name = ahead.pop()
            if name not in needed and name in makers:
                ahead += makers[name].input
            needed.add(name)
        piece = onnx.ModelProto()
        piece.CopyFrom(model)
        for field in ("node", "input", "output", "initializer"):
            part = getattr(piece.graph, field)
            kept = [item for item in part if needed & (set(item.output) if field == "node" else {item.name})]
            del part[:]
            part.extend([output] if field == "output" else kept)
        yield output.name, piece


def models(corpus):
    """Every operator alone, the importer's own test models, small networks."""
    words = {"ai.onnx", "com.microsoft", "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "DQ", "location", "offset", "length",
             "then_branch", "else_branch"}
    for op, since, inputs, outputs, attributes in onnx_table():
        words |= {op, *attributes}
        corpus.add("onnx", "op_" + op, one_node(op, since, inputs, outputs).SerializeToString())
    for name, model in [*small_models(), *typed.models()]:
        corpus.add("onnx", name, model.SerializeToString())
        for output, piece in pieces(model):
            corpus.add("onnx", "%s_%s" % (name, output), piece.SerializeToString())
    for name, model in branches.models():
        corpus.add("onnx", "branches_" + name, model.SerializeToString())
    for seed in range(N_NETWORKS):
        corpus.add("onnx", "network_%d" % seed, random_networks.Builder(seed).model().SerializeToString())
    corpus.words("onnx", words)


def objects(corpus):
    """The same networks compiled, and what the tests of the ISA assemble; as objects and as source."""
    folder = os.path.join(corpus.folder, "onnx")
    for network in sorted(glob.glob(os.path.join(folder, "network_*"))):
        for target in TARGETS:
            made = corpus.run("fusec", network, "--target=" + target, "-o", "-")
            add_object(corpus, "%s_%s" % (os.path.basename(network), target), made)
    for source in sorted(glob.glob(os.path.join(REPOSITORY, "test", "*", "*.s"))):
        with open(source, "rb") as file:
            text = file.read()
        corpus.add("assembly", os.path.basename(source), text)
        add_object(corpus, os.path.basename(source), corpus.run("fuse-as", "--target=stosx-8", data=text))
    table = re.findall(r"X\(\w+, *\"?(\w+)|\b(\w+) *,", read("include", "fuse", "isa.def"))
    corpus.words("assembly", {a or b for a, b in table} | {"." + name for name in re.findall(r'"\.(\w+)"', read("lib", "object", "source.c"))})
    corpus.words("stos", {"STOS", ".stos.text"})


def add_object(corpus, name, made):
    if made is None:
        return
    corpus.add("stos", name, made)
    source = corpus.run("fuse-objdump", "--all", data=made)
    if source is not None:
        corpus.add("assembly", name + ".s", source)


def targets(corpus):
    for path in sorted(glob.glob(os.path.join(REPOSITORY, "targets", "*.json"))):
        with open(path, "rb") as file:
            corpus.add("target", os.path.basename(path), file.read())
    corpus.words("target", re.findall(r"X\((\w+), \d", read("include", "fuse", "target.h")) + ["name"])


def tensors(corpus):
    """Every element type, both orders, ranks 0 to 8; raw and typed storage."""
    for number, dtype in enumerate(DTYPES.split()):
        array = np.arange(6).reshape([1] * (number % 5) + [2, 3]).astype(dtype)
        for order in "CF":
            file = io.BytesIO()
            np.save(file, np.asarray(array, order=order))
            corpus.add("tensor", "%s_%s.npy" % (dtype, order), file.getvalue())
        proto = numpy_helper.from_array(array, "t")
        corpus.add("tensor", dtype + "_raw.pb", proto.SerializeToString())
        values = array.view(np.uint16).ravel() if dtype == "f2" else array.ravel()
        typed = helper.make_tensor("t", proto.data_type, array.shape, array.ravel() if dtype == "f2" else values)
        corpus.add("tensor", dtype + "_typed.pb", typed.SerializeToString())
    corpus.add("tensor", "scalar.pb", numpy_helper.from_array(np.float32(1)).SerializeToString())
    corpus.words("tensor", ["descr", "fortran_order", "shape", "True", "False", "<f4", "|b1", "<u8"])


def pipelines(corpus):
    texts = ["", "builtin.module()", "any()", "func.func(canonicalize,cse)", "builtin.module(func.func(fuse-rewrite{mode=half}),inline)",
             "fuse-compile{target=stosx-16 to=tosa}", "stos-map{target='a b.json'},cse", "canonicalize{max-iterations=3 top-down=false}",
             "convert-onnx-to-tosa,func.func(fuse-rewrite),stos-map{target=os-8},stos-tile,stos-allocate,stos-schedule"]
    for number, text in enumerate(texts):
        corpus.add("pipeline", "text_%d" % number, text)
    listed = corpus.run("fuse-opt", "--list-passes").decode()
    words = set(re.findall(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", listed)) | {"builtin.module(", "func.func(", "any(", "cse", "canonicalize"}
    for name in re.findall(r"^([a-z][a-z0-9-]*) ", listed, re.M):
        corpus.add("pipeline", "pass_" + name, name)
    corpus.words("pipeline", words)


def make(binaries, folder):
    corpus = Corpus(binaries, folder)
    os.makedirs(folder, exist_ok=True)
    for part in (models, objects, targets, tensors, pipelines):
        part(corpus)


if __name__ == "__main__":
    make(*sys.argv[1:3])
