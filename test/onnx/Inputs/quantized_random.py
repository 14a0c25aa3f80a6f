# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small random networks, quantised by ONNX Runtime with random options.

usage: quantized_random.py FOLDER SEED... | FIRST..LAST

Seed S makes FOLDER/S.onnx; what was chosen is printed, a line a network. A seed whose options the quantiser itself refuses makes no file.
"""
import logging
import os
import sys
import tempfile

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operators import Model  # noqa: E402

N_SAMPLES = 3
OPSETS = (11, 13, 13, 17, 19, 21)
FLAGS = ("ActivationSymmetric", "AddQDQPairToWeight", "DedicatedQDQPair", "ForceQuantizeNoInputCheck", "MatMulConstBOnly")


class Network(Model):
    """A chain of random blocks on one picture; `x` is its end, of shape 1 x c x h x w."""

    def __init__(self, seed):
        super().__init__("random", 11)
        self.rng = np.random.default_rng(seed)
        self.opset = int(self.rng.choice(OPSETS))
        self.n = 0
        self.c, self.h, self.w = 3, int(self.rng.integers(7, 13)), int(self.rng.integers(7, 13))
        self.image = self.x = self.input("image", (1, self.c, self.h, self.w))

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def op(self, op, inputs, outputs=1, **attributes):
        self.n += 1
        return self.node(op, f"{op.lower()}{self.n}", inputs, outputs, **attributes)

    def numbers(self, *values, dtype=np.int64):
        return self.constant("numbers", np.array(values, dtype))

    def convolve(self, x, cout, kernel=1, groups=1, cin=None, **attributes):
        cin = cin or self.c
        name = f"w{self.n}"
        w = self.constant(name, (self.rng.normal(0, 1, (cout, cin // groups, kernel, kernel)) /
                                 np.sqrt(cin // groups * kernel * kernel)).astype(np.float32))
        bias = [self.constant(name, self.rng.normal(0, 0.3, cout).astype(np.float32))] if self.pick(0, 1, 1) else []
        return self.op("Conv", [x, w, *bias], group=groups, pads=[kernel // 2] * 4, **attributes)

    def activate(self, x):
        kind = self.pick("Relu", "Relu", "Clip", "LeakyRelu", "Sigmoid", "Tanh", "HardSigmoid", "swish", "PRelu", "")
        if kind == "Clip":
            return self.op(kind, [x, self.constant("least", np.float32(0)), self.constant("most", np.float32(6))])
        if kind == "swish":
            return self.op("Mul", [x, self.op("Sigmoid", [x])])
        if kind == "PRelu":
            slopes = self.rng.uniform(0, 0.5, (self.pick(1, self.c), 1, 1)).astype(np.float32)
            return self.op(kind, [x, self.constant("slope", slopes)])
        return self.op(kind, [x]) if kind else x

    # ---- blocks ----

    def block_conv(self):
        cout = self.pick(4, 8, 12)
        x = self.convolve(self.x, cout, self.pick(1, 3, 3))
        self.c = cout
        self.x = self.activate(x)

    def block_depthwise(self):
        self.x = self.activate(self.convolve(self.x, self.c, 3, self.c))

    def block_residual(self):
        y = self.convolve(self.activate(self.convolve(self.x, self.c, self.pick(1, 3))), self.c)
        self.x = self.op(self.pick("Add", "Add", "Sub", "Mul", "Max", "Min"), [self.x, y])

    def block_gate(self):
        gate = self.op("GlobalAveragePool", [self.x])
        gate = self.op("Relu", [self.convolve(gate, 4)])
        gate = self.op(self.pick("Sigmoid", "HardSigmoid"), [self.convolve(gate, self.c, cin=4)])
        self.x = self.op("Mul", [self.x, gate])

    def block_concat(self):
        y = self.activate(self.convolve(self.x, self.c, self.pick(1, 3)))
        self.x = self.op("Concat", [self.x, y] if self.pick(0, 1) else [y, self.x, y], axis=1)
        self.c *= 2 if len(self.nodes[-1].input) == 2 else 3

    def block_pool(self):
        stride = self.pick(1, 2)
        attributes = {"kernel_shape": [3, 3], "pads": [1] * 4, "strides": [stride] * 2}
        kind = self.pick("MaxPool", "AveragePool")
        if kind == "AveragePool":
            attributes["count_include_pad"] = self.pick(0, 1)
        self.x = self.op(kind, [self.x], **attributes)
        self.h, self.w = (self.h + stride - 1) // stride, (self.w + stride - 1) // stride

    def block_shuffle(self):
        if self.c % 2:
            return
        shape = self.numbers(1, self.c, self.h, self.w)
        x = self.op("Reshape", [self.x, self.numbers(1, 2, self.c // 2, self.h, self.w)])
        x = self.op("Transpose", [x], perm=[0, 2, 1, 3, 4])
        self.x = self.op("Reshape", [x, shape])

    def block_split(self):
        if self.c % 2:
            return
        half = self.numbers(self.c // 2, self.c // 2)
        a, b = self.op("Split", [self.x, half] if self.opset >= 13 else [self.x], 2, axis=1)
        self.c //= 2
        b = self.activate(self.convolve(b, self.c))
        self.x = self.op("Concat", [a, b], axis=1)
        self.c *= 2

    def block_resize(self):
        sizes = self.numbers(1, 1, 2, 2, dtype=np.float32)
        empty = self.constant("roi", np.zeros(0, np.float32))
        self.x = self.op("Resize", [self.x, empty, sizes], mode="nearest", coordinate_transformation_mode="asymmetric",
                         nearest_mode="floor")
        self.h, self.w = 2 * self.h, 2 * self.w

    def block_slice(self):
        step = self.pick(1, 2)
        self.x = self.op("Slice", [self.x, self.numbers(1, 0), self.numbers(self.h, self.w), self.numbers(2, 3),
                                   self.numbers(step, 1)])
        self.h = (self.h - 1 + step - 1) // step

    def block_pad(self):
        self.x = self.op("Pad", [self.x, self.numbers(0, 0, 1, 0, 0, 0, 0, 1)])
        self.h, self.w = self.h + 1, self.w + 1

    def block_norm(self):
        numbers = [self.constant("bn", self.rng.uniform(low, 1, self.c).astype(np.float32)) for low in (0.5, -1, -1, 0.5)]
        self.x = self.op("BatchNormalization", [self.convolve(self.x, self.c), *numbers])

    # ---- the end ----

    def finish(self):
        blocks = [getattr(self, name) for name in dir(self) if name.startswith("block_")]
        self.block_conv()
        for _ in range(self.rng.integers(2, 6)):
            if self.h * self.w < 400 and self.c < 40:
                self.pick(*blocks)()
        kind = self.pick("gemm", "matmul", "map")
        if kind != "map":
            x = self.op("Flatten", [self.op("GlobalAveragePool", [self.x])])
            w = self.constant("head", self.rng.normal(0, 1, (self.c, 5)).astype(np.float32))
            bias = self.constant("head", self.rng.normal(0, 1, 5).astype(np.float32))
            x = self.op("Gemm", [x, w, bias]) if kind == "gemm" else self.op("Add", [self.op("MatMul", [x, w]), bias])
            self.x = self.op("Softmax", [x], axis=1) if self.pick(0, 1) else x
        self.result(self.x)
        return self.model()


class Samples(CalibrationDataReader):
    def __init__(self, net, shape):
        self.feeds = iter([{net.image: net.rng.standard_normal(shape).astype(np.float32)} for _ in range(N_SAMPLES)])

    def get_next(self):
        return next(self.feeds, None)


def options(net, model):
    """Of quantize_static."""
    words = {"quant_format": net.pick(QuantFormat.QDQ, QuantFormat.QDQ, QuantFormat.QOperator),
             "activation_type": net.pick(QuantType.QInt8, QuantType.QUInt8),
             "weight_type": net.pick(QuantType.QInt8, QuantType.QInt8, QuantType.QUInt8),
             "per_channel": net.pick(False, True) and net.opset >= 13,
             "reduce_range": net.pick(False, False, True),
             "extra_options": {flag: True for flag in FLAGS if net.pick(0, 0, 1)}}
    if net.opset >= 21 and net.pick(0, 0, 1):
        words["activation_type"] = net.pick(QuantType.QInt16, QuantType.QUInt16)
    if net.pick(0, 0, 1):
        words["extra_options"]["WeightSymmetric"] = False
    if net.pick(0, 0, 1):
        words["nodes_to_exclude"] = [node.name for node in model.graph.node if net.pick(0, 0, 0, 1)]
    return words


def make(seed, path):
    net = Network(seed)
    shape = (1, net.c, net.h, net.w)
    model = net.finish()
    prepared = net.pick(False, True, True)
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "net.onnx")
        onnx.save(model, source)
        if prepared:
            quant_pre_process(source, source, skip_symbolic_shape=True)
            model = onnx.load(source)
        if net.pick(*range(8)) == 0:
            words = {"per_channel": net.pick(False, True) and net.opset >= 13,
                     "weight_type": net.pick(QuantType.QInt8, QuantType.QUInt8)}
            quantize_dynamic(source, path, **words)
        else:
            words = options(net, model)
            quantize_static(source, path, Samples(net, shape), **words)
    return f"opset {net.opset}, prepared {prepared}, {words}"


def described(seed, path):
    try:
        return make(seed, path)
    except Exception as error:  # the quantiser's own limits have no type
        return f"none: {(str(error).splitlines() or [type(error).__name__])[0][:120]}"


def main():
    logging.disable(logging.WARNING)
    folder, *words = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for word in words:
        first, _, last = word.partition("..")
        for seed in range(int(first), int(last or first) + 1):
            print(f"{seed}: {described(seed, os.path.join(folder, f'{seed}.onnx'))}", flush=True)


main()
