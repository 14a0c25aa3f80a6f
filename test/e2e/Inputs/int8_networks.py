# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""int8_networks.py FOLDER FIRST N TARGET...: small seeded int8 networks in TOSA, compiled and run, against NumPy.

Writes FOLDER/<seed>.mlir and its input; the simulator's outputs must be those of this file's integer arithmetic (TOSA 1.0) to
the bit. Forms: convolutions with bias, per-channel requantisation, clamps and tables, and what is made of one tensor and its
table; residual sums; sums and products with constants; products with a tensor or one pixel of it; sums over the image; pools; concatenations of different scales.
Inputs and outputs are i8, ui8, or f32 quantised at the border.
"""
import os
import random
import subprocess
import sys

import numpy as np

LAYERS = ["conv", "conv", "depthwise", "depthwise", "pointwise", "clamp", "table", "rescale", "sum", "difference", "product", "gate",
          "global", "maxpool", "average", "concat", "row", "column", "function", "function", "numbers"]


RANGES = {"i8": (-128, 127), "ui8": (0, 255)}
NUMPY = {"i8": np.int8, "ui8": np.uint8, "f32": np.float32}


def apply_scale(v, mult, shift, double):
    v, mult, shift = (np.asarray(x, np.int64) for x in (v, mult, shift))
    rounding = np.int64(1) << (shift - 1)
    if double:
        rounding = rounding + np.where(shift > 31, np.where(v >= 0, 1 << 30, -(1 << 30)), 0)
    return (v * mult + rounding) >> shift


class Value:
    def __init__(self, name, array, dtype, zp=0):
        self.name, self.array, self.dtype, self.zp = name, array, dtype, zp

    @property
    def type(self):
        return type_of(self.array.shape, self.dtype)


def type_of(shape, dtype):
    return "tensor<%sx%s>" % ("x".join(map(str, shape)), dtype)


class Network:
    def __init__(self, seed):
        self.r, self.rng = random.Random(seed), np.random.default_rng(seed)
        self.lines, self.n = [], 0
        self.double = self.r.random() < 0.7
        channels = self.r.choice([1, 3, 3, 8, 12, 16, 17, 40])
        self.input = self.rng.integers(-128, 128, (1, channels, self.r.randint(3, 20), self.r.randint(3, 20)))
        self.border = self.r.choice(["i8", "f32", "ui8"])
        zp = self.zero_point()
        if self.border == "f32":
            self.input = self.rng.normal(0, 1, self.input.shape).astype(np.float32)
        elif self.border == "ui8":
            self.input += 128
        x = self.op("tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>}", ["x"], self.input.transpose(0, 2, 3, 1), self.border, zp)
        if self.border == "f32":
            scale = np.float32(self.rng.uniform(0.005, 0.05))
            q = np.rint(x.array / scale).astype(np.int64) + zp
            x = self.quantise("quantize", x, scale, zp, q.clip(-128, 127), "i8")
        elif self.border == "ui8":
            x.zp = 128
            x = self.rescale(x, 1 << 30, 30, 0, "i8")
            x.zp = zp
        self.values = [x]

    def zero_point(self):
        return self.r.choice([0, -128, self.r.randint(-128, 127)])

    # ---- text ----

    def new_name(self):
        self.n += 1
        return "v%d" % self.n

    def op(self, text, operands, array, dtype, zp=0):
        y = Value(self.new_name(), array, dtype, zp)
        types = [type_of(self.input.shape, self.border) if x == "x" else x.type for x in operands]
        self.lines.append("  %%%s = %s : (%s) -> %s" % (y.name, text, ", ".join(types), y.type))
        return y

    def constant(self, array, dtype):
        array = np.atleast_1d(np.asarray(array, np.int64))
        y = Value(self.new_name(), array, dtype)
        values = str(array.tolist()) if array.size > 1 else str(array.reshape(-1)[0])
        self.lines.append('  %%%s = "tosa.const"() {values = dense<%s> : %s} : () -> %s' % (y.name, values, y.type, y.type))
        return y

    def quantise(self, name, x, scale, zp, array, dtype):
        """Between f32 and i8: x, scale and zero point."""
        s = Value(self.new_name(), np.array([scale]), "f32")
        self.lines.append('  %%%s = "tosa.const"() {values = dense<%.9e> : tensor<1xf32>} : () -> tensor<1xf32>' % (s.name, scale))
        z = self.constant(zp, "i8")
        text = 'tosa.custom %%%s, %%%s, %%%s {domain_name = "fuse", operator_name = "%s", implementation_attrs = "outer = 1, n = 1, inner = %d"}' % (
            x.name, s.name, z.name, name, x.array.size)
        return self.op(text, [x, s, z], array, dtype, zp)

    # ---- forms ----

    def rescale(self, x, mult, shift, zp, dtype):
        mult, shift = np.atleast_1d(mult), np.atleast_1d(shift)
        operands = [x, self.constant(mult, "i32"), self.constant(shift, "i8"), self.constant(x.zp, x.dtype), self.constant(zp, dtype)]
        y = apply_scale(x.array - x.zp, mult, shift, self.double) + zp
        if dtype in RANGES:
            y = y.clip(*RANGES[dtype])
        text = "tosa.rescale %s {scale32 = true, rounding_mode = %s, per_channel = %s, input_unsigned = %s, output_unsigned = %s}" % (
            ", ".join("%" + o.name for o in operands), "DOUBLE_ROUND" if self.double else "SINGLE_ROUND", *[str(b).lower() for b in (mult.size > 1, x.dtype == "ui8", dtype == "ui8")])
        return self.op(text, operands, y, dtype, zp)

    def factors(self, array, per_channel):
        """Multipliers and shifts that bring the values to about 50."""
        spread = array.std(axis=tuple(range(array.ndim - 1))) if per_channel else array.std()
        wanted = 50 / np.maximum(np.atleast_1d(spread), 1) * self.rng.uniform(0.5, 1.5)
        mantissa, exponent = np.frexp(wanted)
        return (mantissa * (1 << 31)).astype(np.int64).clip(1 << 30, (1 << 31) - 1), np.clip(31 - exponent, 2, 62)

    def requantise(self, x, per_channel=False):
        return self.rescale(x, *self.factors(x.array, per_channel), self.zero_point(), "i8")

    def widen(self, x, unity=False):
        return self.rescale(x, 1 << 30, 30 if unity else self.r.randint(10, 30), 0, "i32") if unity or self.r.random() < 0.2 else \
            self.rescale(x, self.r.randint(1 << 30, (1 << 31) - 1), self.r.randint(11, 30), 0, "i32")

    def window(self, size, kernel, stride, dilation):
        """Pads before and after for which TOSA has no rest; None where the kernel doesn't fit."""
        before = self.r.randint(0, kernel // 2)
        for after in range(kernel + stride):
            room = size + before + after - dilation * (kernel - 1) - 1
            if room >= 0 and room % stride == 0 and after < kernel:
                return before, after, room // stride + 1
        return None

    def convolve(self, x, kernel, depthwise, strides=(1, 1), form=None):
        _, h, w, c = x.array.shape
        dilation = [self.r.choice([1, 1, 1, 2]) if k > 1 and form is None else 1 for k in kernel]
        fits = [self.window(s, k, st, d) for s, k, st, d in zip((h, w), kernel, strides, dilation)]
        if None in fits:
            return None
        (top, bottom, oh), (left, right, ow) = fits
        out = c if depthwise else self.r.choice([4, 10, 16, 33])
        weights = self.rng.integers(-128, 128, (*kernel, c) if depthwise else (out, *kernel, c))
        w_zp = self.r.choice([0, 0, 0, self.r.randint(-128, 127)])
        bias = self.rng.integers(-20000, 20000, out) if self.r.random() < 0.8 else np.zeros(1, np.int64)
        padded = np.pad(x.array - x.zp, ((0, 0), (top, bottom), (left, right), (0, 0)))
        acc = np.zeros((1, oh, ow, out), np.int64) + bias
        for ky in range(kernel[0]):
            for kx in range(kernel[1]):
                y, xx = ky * dilation[0], kx * dilation[1]
                part = padded[:, y:y + strides[0] * (oh - 1) + 1:strides[0], xx:xx + strides[1] * (ow - 1) + 1:strides[1]]
                acc += part * (weights[ky, kx] - w_zp) if depthwise else part @ (weights[:, ky, kx] - w_zp).T
        window = "pad = array<i64: %d, %d, %d, %d>, stride = array<i64: %d, %d>, dilation = array<i64: %d, %d>" % (
            top, bottom, left, right, *strides, *dilation)
        y = self.fuse_form(form, x, weights, bias, w_zp, acc, window) if form and bias.size == c else \
            self.tosa_form(x, weights, bias, w_zp, acc, window, depthwise)
        return self.requantise(y, self.r.random() < 0.7)

    def tosa_form(self, x, weights, bias, w_zp, acc, window, depthwise):
        if depthwise:
            weights = weights[..., None]
        operands = [x, self.constant(weights, "i8"), self.constant(bias, "i32"), self.constant(x.zp, "i8"), self.constant(w_zp, "i8")]
        text = "tosa.%s %s {acc_type = i32, %s}" % ("depthwise_conv2d" if depthwise else "conv2d",
                                                    ", ".join("%" + o.name for o in operands), window)
        return self.op(text, operands, acc, "i32")

    def fuse_form(self, axis, x, weights, bias, w_zp, acc, window):
        """fuse.dwconv2d, or fuse.conv1d along an axis."""
        if axis in ("row", "col"):
            pads = window[window.index("pad = array<i64: ") + 17:].split(">")[0].split(", ")
            pads = pads[:2] if axis == "col" else pads[2:]
            stride = window[window.index("stride"):].split(">")[0] + ">"
            window = 'axis = "%s", pad = array<i64: %s>, %s, dilation = 1 : i64' % (axis, ", ".join(pads), stride)
            weights = weights.reshape(-1, weights.shape[-1]).T
        operands = [x, self.constant(weights, "i8"), self.constant(bias, "i32")]
        text = '"%s"(%s) {%s, input_zp = %d : i64, weight_zp = %d : i64}' % (
            "fuse.conv1d" if axis in ("row", "col") else "fuse.dwconv2d", ", ".join("%" + o.name for o in operands), window, x.zp, w_zp)
        return self.op(text, operands, acc, "i32")

    def binary(self, name, a, b):
        return self.combine(name, [self.widen(v, name == "mul") for v in (a, b)])

    def with_numbers(self, name, x):
        """A constant on either side: one number, or one a channel."""
        shape = (1, 1, 1, self.r.choice([1, x.array.shape[3], x.array.shape[3]]))
        numbers = self.constant(self.rng.integers(-300, 300, shape) * self.r.choice([1, 1000]), "i32")
        operands = [self.widen(x, name == "mul"), numbers]
        return self.combine(name, operands if self.r.random() < 0.5 else operands[::-1])

    def combine(self, name, operands):
        function = {"add": np.add, "sub": np.subtract, "mul": np.multiply}[name]
        text = "%" + operands[0].name + ", %" + operands[1].name
        array = function(operands[0].array, operands[1].array)
        if name == "mul":
            operands.append(self.constant(0, "i8"))
            text += ", %" + operands[2].name
        return self.requantise(self.op("tosa.%s %s" % (name, text), operands, array, "i32"))

    def global_sum(self, x):
        y = self.widen(x, True)
        for axis in (1, 2):
            y = self.op("tosa.reduce_sum %%%s {axis = %d : i32}" % (y.name, axis), [y], y.array.sum(axis=axis, keepdims=True), "i32")
        return self.requantise(y)

    def average(self, x):
        k, s = [self.r.randint(1, 4), self.r.randint(1, 4)], self.r.randint(1, 2)
        oh, ow = ((size - n) // s + 1 for size, n in zip(x.array.shape[1:3], k))
        if (x.array.shape[1] - k[0]) % s or (x.array.shape[2] - k[1]) % s or min(oh, ow) < 1:
            return None
        acc = sum((x.array - x.zp)[:, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s] for i in range(k[0]) for j in range(k[1]))
        bits, zp = int(k[0] * k[1] - 1).bit_length(), self.zero_point()
        y = apply_scale(acc, (((1 << 30) + 1) << bits) // (k[0] * k[1]), 30 + bits, False) + zp
        operands = [x, self.constant(x.zp, "i8"), self.constant(zp, "i8")]
        text = "tosa.avg_pool2d %s {acc_type = i32, kernel = array<i64: %d, %d>, stride = array<i64: %d, %d>, pad = array<i64: 0, 0, 0, 0>}" % (
            ", ".join("%" + o.name for o in operands), *k, s, s)
        return self.op(text, operands, y.clip(-128, 127), "i8", zp)

    def max_pool(self, x):
        k, s = self.r.randint(1, 3), self.r.randint(1, 2)
        fits = [self.window(size, k, s, 1) for size in x.array.shape[1:3]]
        if None in fits:
            return None
        (top, bottom, oh), (left, right, ow) = fits
        padded = np.pad(x.array, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-128)
        y = np.max([padded[:, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s] for i in range(k) for j in range(k)], axis=0)
        text = "tosa.max_pool2d %%%s {kernel = array<i64: %d, %d>, stride = array<i64: %d, %d>, pad = array<i64: %d, %d, %d, %d>}" % (
            x.name, k, k, s, s, top, bottom, left, right)
        return self.op(text, [x], y, "i8", x.zp)

    def clamp(self, x):
        low = self.r.choice([x.zp, self.r.randint(-128, 0)])
        high = self.r.choice([127, self.r.randint(low, 127)])
        return self.op("tosa.clamp %%%s {min_val = %d : i8, max_val = %d : i8}" % (x.name, low, high), [x], x.array.clip(low, high), "i8", x.zp)

    def table(self, x):
        values = self.rng.integers(-128, 128, 256)
        t = self.constant(values, "i8")
        return self.op("tosa.table %%%s, %%%s" % (x.name, t.name), [x, t], values[x.array + 128], "i8", self.zero_point())

    def concat(self, parts):
        parts = [p if p.zp == parts[0].zp else self.rescale(p, *self.factors(p.array, False), parts[0].zp, "i8") for p in parts]
        names = ", ".join("%" + p.name for p in parts)
        return self.op("tosa.concat %s {axis = 3 : i32}" % names, parts, np.concatenate([p.array for p in parts], 3), "i8", parts[0].zp)

    # ---- networks ----

    def earlier(self, fits):
        values = [v for v in self.values[:-1] if fits(v)]
        return self.r.choice(values) if values else None

    def layer(self, kind):
        x, r = self.values[-1], self.r
        if kind in ("sum", "difference", "product"):
            other = self.earlier(lambda v: v.array.shape == x.array.shape)
            pair = [x, other] if r.random() < 0.5 else [other, x]
            return other and self.binary({"sum": "add", "difference": "sub", "product": "mul"}[kind], *pair)
        if kind == "gate":
            other = self.earlier(lambda v: v.array.shape == (1, 1, 1, x.array.shape[3]))
            return other and self.binary("mul", x, other)
        if kind == "concat":
            other = self.earlier(lambda v: v.array.shape[:3] == x.array.shape[:3] and v.array.shape[3] % 16 == 0)
            return other and self.concat([other, x])
        if kind in ("row", "column"):
            k = r.choice([2, 3, 5])
            return self.convolve(x, [1, k] if kind == "row" else [k, 1], True, (r.randint(1, 2), r.randint(1, 2)), kind[:3])
        if kind in ("conv", "depthwise"):
            kernel, stride = [r.randint(1, 5), r.randint(1, 5)], r.randint(1, 3 if kind == "depthwise" else 2)
            return self.convolve(x, kernel, kind == "depthwise", (stride, stride), r.choice([None, "2d"]) if kind == "depthwise" else None)
        simple = {"pointwise": lambda: self.convolve(x, [1, 1], False), "clamp": lambda: self.clamp(x), "table": lambda: self.table(x),
                  "rescale": lambda: self.requantise(x), "global": lambda: self.global_sum(x), "maxpool": lambda: self.max_pool(x),
                  "average": lambda: self.average(x), "numbers": lambda: self.with_numbers(r.choice(["add", "mul", "sub"]), x),
                  "function": lambda: self.binary(r.choice(["add", "mul", "sub"]), x, self.table(x))}
        return simple[kind]()

    def build(self):
        while len(self.values) < 3 + self.r.randint(0, 6):
            y = self.layer(self.r.choice(LAYERS))
            if y is not None:
                self.values.append(y)
        out = self.values[-1]
        if self.border == "ui8":
            out.zp = 0
            out = self.rescale(out, 1 << 30, 30, 128, "ui8")
        if self.border == "f32":
            scale = np.float32(self.rng.uniform(0.005, 0.05))
            out = self.quantise("dequantize", out, scale, out.zp, (out.array - out.zp).astype(np.float32) * scale, "f32")
        y = self.op("tosa.transpose %%%s {perms = array<i32: 0, 3, 1, 2>}" % out.name, [out], out.array.transpose(0, 3, 1, 2), self.border)
        text = "func.func @main(%%x: %s) -> %s {\n%s\n  return %%%s : %s\n}\n" % (
            type_of(self.input.shape, self.border), y.type, "\n".join(self.lines), y.name, y.type)
        return text, y.array.astype(NUMPY[self.border])


def run(folder, seed, targets):
    network = Network(seed)
    text, expected = network.build()
    base = os.path.join(folder, str(seed))
    with open(base + ".mlir", "w") as file:
        file.write(text)
    np.save(base + ".npy", network.input.astype(expected.dtype))
    for target in targets:
        subprocess.run(["fuse-opt", base + ".mlir", "--fuse-compile=target=%s from=tosa" % target, "--emit=stos", "-o", base + ".stos"], check=True)
        subprocess.run(["fuse-sim", base + ".stos", "--poison", "--input=" + base + ".npy", "--output-dir=" + folder], check=True,
                       stdout=subprocess.DEVNULL)
        found = np.load(os.path.join(folder, "output0.npy"))
        if found.dtype != expected.dtype or not np.array_equal(found, expected):
            wrong = np.argwhere(found != expected)[0] if found.shape == expected.shape else []
            sys.exit("seed %d on %s: %s; expected %s" % (seed, target, found[tuple(wrong)], expected[tuple(wrong)]))


def main():
    folder, first, n, targets = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    os.makedirs(folder, exist_ok=True)
    for seed in range(first, first + n):
        run(folder, seed, targets)


if __name__ == "__main__":
    main()
