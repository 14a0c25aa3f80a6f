# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Patterns that exporters write: each a small network, compared with ONNX Runtime through the reference C, and with the
layout ops that may be left in TOSA.

usage: patterns.py FOLDER CC [NAME ...]

A pattern begins and ends with a convolution where it stands inside a network, so that its data are channels-last there and
the transposes of the border are told from its own.
"""
import collections
import os
import re
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operators import Model  # noqa: E402

LAYOUT = ("transpose", "reshape", "concat", "slice", "pad", "gather", "identity", "tile")
BORDER = {"transpose": 2}  # the input to channels-last, the output back
PATTERNS = []  # functions that build one in a Pattern, and give the layout ops expected


class Pattern(Model):
    def __init__(self, name, opset=13):
        super().__init__(name, opset)
        self.count = 0

    def op(self, op, *inputs, outputs=1, **attributes):
        """Inputs: names, None, arrays or numbers (constants)."""
        self.count += 1
        names = [i if isinstance(i, str) else "" if i is None else self.const(i) for i in inputs]
        return self.node(op, "%s_%d" % (op.lower(), self.count), names, outputs, **attributes)

    def const(self, value):
        array = np.asarray(value)
        kind = {"i": np.int64, "f": np.float32}.get(array.dtype.kind, array.dtype)
        return self.constant("c", array.astype(kind if array.dtype.itemsize == 8 else array.dtype))

    def random(self, *shape):
        return self.rng.normal(0, 0.5, shape).astype(np.float32)

    def conv(self, x, cout, cin, k=1, bias=True, **attributes):
        attributes.setdefault("pads", [k // 2] * 4)
        return self.op("Conv", x, self.random(cout, cin // attributes.get("group", 1), k, k),
                       *([self.random(cout)] if bias else []), **attributes)

    def image(self, channels=8, size=6):
        return self.input("image", (1, channels, size, size))

    def inside(self, build, cin=8, cout=8):
        """conv, pattern, conv: `build` gives the pattern's result."""
        self.result(self.conv(build(self.conv(self.image(cin), cin, cin)), 4, cout))


def pattern(build):
    PATTERNS.append(build)
    return build


@pattern
def shuffle_reshape(m):
    def build(x):
        x = m.op("Reshape", x, [1, 2, 4, 6, 6])
        x = m.op("Transpose", x, perm=[0, 2, 1, 3, 4])
        return m.op("Reshape", x, [1, 8, 6, 6])
    m.inside(build)
    return {"reshape": 2, "transpose": 1}


@pattern
def shuffle_gather(m):
    m.inside(lambda x: m.op("Gather", x, [0, 4, 1, 5, 2, 6, 3, 7], axis=1))
    return {"concat": 1, "slice": 8}


@pattern
def branches(m):
    def build(x):
        a, b = m.op("Split", x, outputs=2, axis=1)
        return m.op("Concat", m.conv(a, 4, 4, 3), b, axis=1)
    m.inside(build)
    return {"slice": 2, "concat": 1}


@pattern
def branches_slice(m):
    def build(x):
        a = m.op("Slice", x, [0], [4], [1])
        b = m.op("Slice", x, [4], [2 ** 40], [1])
        return m.op("Concat", m.conv(a, 4, 4), m.conv(b, 4, 4), axis=1)
    m.inside(build)
    return {"slice": 2, "concat": 1}


@pattern
def squeeze_excite(m):
    def build(x):
        gate = m.op("GlobalAveragePool", x)
        gate = m.op("Relu", m.conv(gate, 2, 8))
        return m.op("Mul", x, m.op("Sigmoid", m.conv(gate, 8, 2)))
    m.inside(build)
    return {}


@pattern
def squeeze_excite_dense(m):
    """As Keras: mean without keepdims, dense layers, and back to an image."""
    def build(x):
        gate = m.op("ReduceMean", x, axes=[2, 3], keepdims=0)
        gate = m.op("Relu", m.op("Gemm", gate, m.random(2, 8), m.random(2), transB=1))
        gate = m.op("Sigmoid", m.op("Gemm", gate, m.random(8, 2), m.random(8), transB=1))
        return m.op("Mul", x, m.op("Reshape", gate, [1, 8, 1, 1]))
    m.inside(build)
    return None  # reshapes of one number per channel


@pattern
def prelu(m):
    m.inside(lambda x: m.op("PRelu", x, m.random(8, 1, 1)))
    return {}


@pattern
def hard_swish(m):
    def build(x):
        y = m.op("Clip", m.op("Add", x, 3.0), 0.0, 6.0)
        return m.op("Div", m.op("Mul", x, y), 6.0)
    m.inside(build)
    return {}


@pattern
def layer_norm(m):
    """Over the channels of an image, as ConvNeXt."""
    def build(x):
        x = m.op("Transpose", x, perm=[0, 2, 3, 1])
        centred = m.op("Sub", x, m.op("ReduceMean", x, axes=[-1]))
        variance = m.op("ReduceMean", m.op("Pow", centred, 2.0), axes=[-1])
        y = m.op("Div", centred, m.op("Sqrt", m.op("Add", variance, 1e-5)))
        y = m.op("Add", m.op("Mul", y, m.random(8)), m.random(8))
        return m.op("Transpose", y, perm=[0, 3, 1, 2])
    m.inside(build)
    return {}


@pattern
def gelu(m):
    def build(x):
        y = m.op("Add", m.op("Erf", m.op("Div", x, float(np.sqrt(2)))), 1.0)
        return m.op("Mul", m.op("Mul", x, y), 0.5)
    m.inside(build)
    return {}


@pattern
def resize_nearest(m):
    m.inside(lambda x: m.op("Resize", x, None, np.float32([1, 1, 2, 2]), mode="nearest",
                            coordinate_transformation_mode="asymmetric", nearest_mode="floor"))
    return {}


@pattern
def resize_linear(m):
    m.inside(lambda x: m.op("Resize", x, None, np.float32([1, 1, 2, 2]), mode="linear",
                            coordinate_transformation_mode="half_pixel"))
    return {}


@pattern
def pixel_shuffle(m):
    """DepthToSpace spelled out: the axes come in PyTorch's order."""
    def build(x):
        x = m.op("Reshape", x, [1, 2, 2, 2, 6, 6])
        x = m.op("Transpose", x, perm=[0, 1, 4, 2, 5, 3])
        return m.op("Reshape", x, [1, 2, 12, 12])
    m.inside(build, cout=2)
    return {"reshape": 2, "transpose": 1}


@pattern
def upconvolution(m):
    """Of a decoder, with its norm: a convolution and a pixel shuffle, as in 2 x 2 phases."""
    def build(x):
        y = m.op("ConvTranspose", x, m.random(8, 8, 2, 2), strides=[2, 2])
        return m.op("BatchNormalization", y, *(m.random(8) for _ in range(3)), np.float32([0.5, 1, 2, 1, 3, 1, 1, 1]))
    m.inside(build)
    return {"reshape": 2, "transpose": 1}


@pattern
def depth_to_space(m):
    m.inside(lambda x: m.op("DepthToSpace", x, blocksize=2, mode="CRD"), cout=2)
    return {"reshape": 2, "transpose": 1}


@pattern
def pad_conv(m):
    m.inside(lambda x: m.conv(m.op("Pad", x, [0, 0, 1, 1, 0, 0, 1, 2]), 8, 8, 3, pads=[0, 0, 0, 0]))
    return {}


@pattern
def pad_negative(m):
    m.inside(lambda x: m.op("Pad", x, [0, 0, -1, 0, 0, 0, 0, -2]))
    return {"slice": 1}


@pattern
def pad_channels(m):
    m.inside(lambda x: m.op("Pad", x, [0, 0, 0, 0, 0, 4, 0, 0]), cout=12)
    return {"pad": 1}


@pattern
def nhwc_border(m):
    x = m.op("Transpose", m.input("image", (1, 6, 6, 8)), perm=[0, 3, 1, 2])
    m.result(m.op("Transpose", m.conv(x, 4, 8, 3), perm=[0, 2, 3, 1]))
    return {"transpose": -2}


def norm_of(m, x, channels):
    return m.op("BatchNormalization", x, m.random(channels), m.random(channels), m.random(channels),
                np.abs(m.random(channels)) + np.float32(0.5))


@pattern
def batch_norm_before(m):
    m.inside(lambda x: norm_of(m, m.op("Relu", x), 8))
    return {"mul": 1, "add": 1}


@pattern
def scaled_conv(m):
    """A convolution, Mul and Add of channels: one convolution."""
    def build(x):
        y = m.op("Mul", m.conv(x, 8, 8, 3, bias=False), m.random(1, 8, 1, 1))
        return m.op("Add", m.random(8, 1, 1), y)
    m.inside(build)
    return {"mul": 0, "add": 0}


@pattern
def scaled_conv_div(m):
    def build(x):
        y = m.op("Div", m.conv(x, 8, 8, 3), np.abs(m.random(1, 8, 1, 1)) + np.float32(0.5))
        return m.op("Sub", y, m.random(8, 1, 1))
    m.inside(build)
    return {"mul": 0, "add": 0, "sub": 0, "reciprocal": 0}


@pattern
def weights_behind(m):
    def build(x):
        w = m.op("Reshape", m.op("Identity", m.random(64)), [8, 8, 1, 1])
        x = m.op("Conv", x, w)
        w = m.op("Transpose", m.random(3, 3, 8, 8), perm=[3, 2, 0, 1])
        x = m.op("Conv", x, w, pads=[1, 1, 1, 1])
        q = m.rng.integers(-127, 128, (8, 8, 1, 1)).astype(np.int8)
        w = m.op("DequantizeLinear", q, np.float32(0.01), np.int8(3))
        return m.op("Conv", x, w)
    m.inside(build)
    return {}


@pattern
def initializers_as_inputs(m):
    m.inside(lambda x: m.conv(x, 8, 8, 3))
    for tensor in m.constants:
        m.inputs.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    return {}


@pattern
def several_outputs(m):
    x = m.conv(m.image(), 8, 8, 3)
    y = m.op("Relu", m.conv(x, 4, 8))
    m.result(x, y, m.conv(y, 2, 4), m.op("GlobalAveragePool", y))
    return {"transpose": 2, "reshape": 1}  # one for each further image; the mean's is of four numbers


@pattern
def straight_through(m):
    x = m.image()
    m.result(x)
    m.result(m.conv(x, 4, 8))
    return {}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("%s: %s" % (command[0], done.stderr[-1000:]))


def wrong_ops(text, expected):
    """What differs from the layout ops expected beside those of the border; expected also names others."""
    if expected is None:
        return []
    found = collections.Counter(re.findall(r"tosa\.(\w+)", text))
    return ["%s: %d; expected %d" % (op, found[op], BORDER.get(op, 0) + expected.get(op, 0))
            for op in sorted(set(LAYOUT) | set(expected)) if found[op] != BORDER.get(op, 0) + expected.get(op, 0)]


def wrong_values(stem, model):
    """Outputs that differ from ONNX Runtime's."""
    onnxruntime.set_default_logger_severity(3)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    known = {tensor.name for tensor in model.graph.initializer}
    inputs = {i.name: rng.normal(0, 1, i.shape).astype(np.float32) for i in session.get_inputs() if i.name not in known}
    expected = session.run(None, inputs)
    files, weights = [], []
    for i, array in enumerate(inputs.values()):
        files.append("%s.in%d.npy" % (stem, i))
        np.save(files[-1], array)
    if os.path.exists(stem + ".weights"):
        weights.append(stem + ".weights")
    outputs = ["%s.out%d.npy" % (stem, i) for i in range(len(expected))]
    run(stem + ".exe", *weights, *files, *outputs)
    wrong = []
    for i, want in enumerate(expected):
        got = np.load(outputs[i])
        if got.shape != want.shape or not np.allclose(got, want, rtol=1e-4, atol=1e-5):
            wrong.append("output %d differs" % i)
    return wrong


def check(folder, cc, build):
    m = Pattern(build.__name__)
    expected = build(m)
    model, stem = m.model(), os.path.join(folder, build.__name__, "net")
    os.makedirs(os.path.dirname(stem), exist_ok=True)
    onnx.save(model, stem + ".onnx")
    try:
        run("fuse-opt", "--convert-onnx-to-tosa", stem + ".onnx", "-o", stem + ".mlir")
        run("fuse-translate", "--emit-c", stem + ".mlir", "-o", stem + ".c")
        run(cc, "-O1", "-std=c99", "-DNET_MAIN", stem + ".c", "-o", stem + ".exe", "-lm")
        with open(stem + ".mlir") as file:
            return wrong_ops(file.read(), expected) + wrong_values(stem, model)
    except RuntimeError as error:
        return [str(error)]


def main():
    folder, cc, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.makedirs(folder, exist_ok=True)
    failed = 0
    chosen = [build for build in PATTERNS if not names or build.__name__ in names]
    for build in chosen:
        wrong = check(folder, cc, build)
        failed += bool(wrong)
        for line in wrong:
            print("%s: %s" % (build.__name__, line))
    print("%d of %d patterns are right" % (len(chosen) - failed, len(chosen)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
