# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exact passes are exact: the reference C before and after each pass that keeps the numbers.

usage: exactness.py RUNNER FUSE_OPT FUSE_TRANSLATE FOLDER CC [--pass NAME] [--random SEED...] [--networks X.onnx...]

RUNNER is fuse-opt, or a program with passes of its own that understands `--list-passes` and `IN --PASS=OPTIONS -o OUT`. Every
pass that it lists as `bits` or `reassoc` is run, with every value of its options that isn't marked as changing the
numbers, on every module: the networks and random small ones, as TOSA and as what fuse-rewrite makes of that. Compared on
random inputs: all bits, or for `reassoc` 1e-5 of the output range. A pass that left every module as it was proves
nothing: that is an error too.
"""
import argparse
import os
import re
import subprocess
import sys

import numpy as np

F = np.float32


def fail(message):
    sys.exit("exactness.py: " + message)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        fail("%s: %s" % (" ".join(command)[:300], done.stderr[-2000:]))
    return done.stdout


# ---- the passes ----


def list_passes(runner):
    """[(name, keeps, [options text])] of the passes that keep something."""
    passes, options = [], None
    for line in run([runner, "--list-passes"]).splitlines():
        head = re.match(r"(\S+) \((\S+), (\w+)\)$", line)
        option = re.match(r"    (\w+)=(\S+)(?: \(default ([^)]*)\))?(?:, changes: ([\w|]+))?: ", line)
        if head:
            options = [""]
            passes.append((head[1], head[3], options))
        elif option and option[2] != "...":
            changing = (option[4] or "").split("|")
            values = [v for v in option[2].split("|") if v not in changing]
            options[:] = [(o + " %s=%s" % (option[1], v)).strip() for o in options for v in values]
    # Words of 16 lanes, so that parts of small layers meet inside one.
    more = {name: ["target=stosx-64"] for name in ("stos-align-fuseconv", "stos-pad-channels")}
    return [(name, keeps, more.get(name, options)) for name, keeps, options in passes if keeps != "changes"]


# ---- random modules ----


class Network:
    """A random chain of convolutions and what stands between them, as convert-onnx-to-tosa would write it."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.text, self.n = "", 0
        self.shape = [1, self.integer(5, 9), self.integer(5, 9), self.integer(2, 6)]
        self.value = "%x"
        self.argument = self.kind(self.shape)
        self.zero = self.constant(np.zeros(1, F))
        self.shift = self.name()
        self.text += '  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>\n' % self.shift

    def integer(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def name(self):
        self.n += 1
        return "%%v%d" % self.n

    def kind(self, shape):
        return "tensor<%sxf32>" % "x".join(map(str, shape))

    def constant(self, array):
        array, name = array.astype(F), self.name()
        text = '"0x%s"' % array.tobytes().hex().upper()
        if array.size == 1:
            text = "0x" + array.astype(">f4").tobytes().hex().upper()
        self.text += '  %s = "tosa.const"() {values = dense<%s> : %s} : () -> %s\n' % (
            name, text, self.kind(array.shape), self.kind(array.shape))
        return name

    def add(self, op, operands, shape):
        """operands: (name, type) pairs; op: name and attributes."""
        name, result = self.name(), self.kind(shape)
        op, braces = op.partition(" ")[::2]
        self.text += '  %s = "%s"(%s) %s : (%s) -> %s\n' % (
            name, op, ", ".join(n for n, _ in operands), braces, ", ".join(t for _, t in operands), result)
        return name, shape

    def sizes(self, values):
        name = self.name()
        self.text += "  %s = tosa.const_shape {values = dense<%s> : tensor<4xindex>} : () -> !tosa.shape<4>\n" % (
            name, list(values))
        return name, "!tosa.shape<4>"

    def slice(self, x, start, size):
        value, shape = x
        return self.add("tosa.slice", [(value, self.kind(shape)), self.sizes(start), self.sizes(size)], size)

    def convolve(self, x, kernel, pad, stride, dilation, outputs=None):
        """Depthwise, or with `outputs` a full convolution. What no tap reads is cut off, as TOSA wants."""
        value, shape = x
        size, pad, out = list(shape), list(pad), []
        for i in (0, 1):
            reach = dilation[i] * (kernel[i] - 1) + 1
            over = (size[1 + i] + pad[2 * i] + pad[2 * i + 1] - reach) % stride[i]
            pad[2 * i + 1] -= over
            size[1 + i] += min(pad[2 * i + 1], 0)
            pad[2 * i + 1] = max(pad[2 * i + 1], 0)
            out.append((size[1 + i] + pad[2 * i] + pad[2 * i + 1] - reach) // stride[i] + 1)
        if size != list(shape):
            value, shape = self.slice(x, [0, 0, 0, 0], size)
        c = shape[3]
        w = [outputs, *kernel, c] if outputs else [*kernel, c, 1]
        weights = self.rng.standard_normal(w) / np.sqrt(kernel[0] * kernel[1] * (c if outputs else 1))
        bias = self.rng.standard_normal(1 if self.integer(0, 3) == 0 else outputs or c)
        i64s = lambda v: "array<i64: %s>" % ", ".join(map(str, v))
        text = "<{acc_type = f32, pad = %s, stride = %s, dilation = %s}>" % (i64s(pad), i64s(stride), i64s(dilation))
        op = "tosa.conv2d" if outputs else "tosa.depthwise_conv2d"
        operands = [(value, self.kind(shape)), (self.constant(weights), self.kind(w)),
                    (self.constant(bias), self.kind(bias.shape)), (self.zero, "tensor<1xf32>"), (self.zero, "tensor<1xf32>")]
        return self.add(op + " " + text, operands, [shape[0], *out, outputs or c])

    def activation(self, x, which):
        value, shape = x
        t, one = self.kind(shape), "tensor<1x1x1x1xf32>"
        if which == 0:
            return x
        if which == 1:
            return self.add("tosa.clamp <{min_val = 0.0 : f32, max_val = 6.0 : f32}>", [(value, t)], shape)
        if which == 2:
            return self.add("tosa.sigmoid", [(value, t)], shape)
        three = self.constant(np.full((1, 1, 1, 1), 3)), one
        moved, _ = self.add("tosa.add", [(value, t), three], shape)
        gate, _ = self.add("tosa.clamp <{min_val = 0.0 : f32, max_val = 6.0 : f32}>", [(moved, t)], shape)
        return self.add("tosa.mul", [(value, t), (gate, t), (self.shift, "tensor<1xi8>")], shape)

    def crop(self, x):
        """Perhaps without the last lines and columns: a cut that padding makes visible."""
        n, h, w, c = x[1]
        size = [n, max(1, h - self.integer(0, 2)), max(1, w - self.integer(0, 2)), c]
        return x if self.integer(0, 1) or size == list(x[1]) else self.slice(x, [0] * 4, size)

    def depthwise(self, x):
        """Any kernel, padding, stride, dilation that fits."""
        x = self.crop(x)
        while True:
            kernel, stride = [self.integer(1, 5), self.integer(1, 5)], [self.integer(1, 3), self.integer(1, 3)]
            dilation, pad = [self.integer(1, 2), self.integer(1, 2)], [self.integer(0, 3) for _ in range(4)]
            if self.integer(0, 2) == 0:
                across = self.integer(0, 1)
                kernel[across], pad[2 * across:2 * across + 2] = 1, [0, 0]
            room = [x[1][1 + i] + sum(pad[2 * i:2 * i + 2]) - dilation[i] * (kernel[i] - 1) - 1 for i in (0, 1)]
            left = [x[1][1 + i] + pad[2 * i + 1] - room[i] % stride[i] for i in (0, 1)]
            if min(room) >= 0 and min(left) >= 1:  # something of the input remains when the end is cut
                return self.activation(self.convolve(x, kernel, pad, stride, dilation), self.integer(0, 3))

    def pair(self, x):
        """A FuSeConv layer, or (one in three) something that nearly is one."""
        value, shape = x
        c, full, which = shape[3], bool(self.integer(0, 1)), self.integer(0, 3)
        full = full or c < 2
        k, stride, odd = [3, 5][self.integer(0, 1)], [self.integer(1, 3)] * 2, self.integer(0, 8)
        cut = self.integer(1, c - 1) if not full else 0
        rows = x if full else self.slice(x, [0] * 4, [*shape[:3], cut])
        cols = x if full else self.slice(x, [0, 0, 0, cut], [*shape[:3], c - cut])
        if odd == 0 and not full and 2 * cut == c:
            rows, cols = cols, rows
        d = [1, 1]
        row = self.convolve(rows, [1, k], [0, 0, k // 2, k // 2], stride, d)
        col = self.convolve(cols, [k, 1], [k // 2, k // 2, 0, 0], stride, d)
        row = self.activation(row, which)
        col = self.activation(col, (which + (odd == 1)) % 4)
        if odd == 2:
            row, col = col, row
        return self.activation(self.concat(row, col), self.integer(0, 3))

    def concat(self, a, b):
        operands = [(value, self.kind(shape)) for value, shape in (a, b)]
        return self.add("tosa.concat <{axis = 3 : i32}>", operands, [*a[1][:3], a[1][3] + b[1][3]])

    def pointwise(self, x):
        """A 1x1 convolution."""
        return self.convolve(x, [1, 1], [0] * 4, [1, 1], [1, 1], self.integer(2, 6))

    def branches(self, x):
        """Convolutions side by side and one behind both."""
        a, b = (self.activation(self.pointwise(x), self.integer(0, 3)) for _ in range(2))
        if self.integer(0, 1):
            b = self.activation(self.convolve(b, [3, 1], [1, 1, 0, 0], [1, 1], [1, 1]), self.integer(0, 3))
        return self.pointwise(self.activation(self.concat(a, b), self.integer(0, 3)))

    def build(self):
        x = ("%x", self.shape)
        for _ in range(self.integer(2, 4)):
            x = (self.depthwise, self.pair, self.branches)[self.integer(0, 2)](x)
            if self.integer(0, 1):
                x = self.activation(self.pointwise(x), self.integer(0, 1))
        result = self.kind(x[1])
        return "func.func @main(%%x: %s) -> %s {\n%s  return %s : %s\n}\n" % (
            self.argument, result, self.text, x[0], result)


# ---- running ----


class Program:
    """A module with one input and one result, compiled by way of the reference C; `outputs` for the inputs."""

    def __init__(self, options, folder, source, inputs):
        os.makedirs(folder, exist_ok=True)
        net = os.path.join(folder, "net")
        run([options.translate, "--emit-c", source, "--weights=file", "-o", net + ".c"])
        run([options.cc, "-O1", "-w", "-DNET_MAIN", net + ".c", "-o", net, "-lm"])
        self.outputs = []
        for k, array in enumerate(inputs):
            ins, outs = "%s.in%d.npy" % (net, k), "%s.out%d.npy" % (net, k)
            np.save(ins, array)
            weights = [net + ".weights"] if os.path.exists(net + ".weights") else []
            run([net] + weights + [ins, outs])
            self.outputs.append(np.load(outs))


def input_shape(path):
    with open(path) as file:
        found = re.search(r"func\.func @main\(%\w+: tensor<([0-9x]+)xf32>\) -> ", file.read())
    if not found:
        fail("%s: expected one f32 input" % path)
    return tuple(map(int, found[1].split("x")))


def difference(keeps, before, after):
    """What is wrong; None: nothing."""
    for a, b in zip(before, after):
        if a.shape != b.shape or a.dtype != b.dtype:
            return "%s %s became %s %s" % (a.dtype, a.shape, b.dtype, b.shape)
        if keeps == "bits" or a.dtype != F:
            if a.tobytes() != b.tobytes():
                n = int(np.sum(a.view(np.uint8).reshape(-1, a.itemsize) != b.view(np.uint8).reshape(-1, a.itemsize)))
                return "other bits (%d bytes of %d)" % (n, a.nbytes)
        elif not np.all(np.abs(a.astype(np.float64) - b) <= 1e-5 * max(np.ptp(a), 1e-30)):
            return "off by more than 1e-5 of the output range"
    return None


def body(path):
    """The module without the attributes of its function, which don't compute."""
    with open(path) as file:
        return re.sub(r"(func\.func @[^{]*) attributes \{.*", r"\1", file.read())


def check_module(options, name, source, folder, touched):
    """All passes on one module."""
    rng = np.random.default_rng(1)
    before, plain = None, os.path.join(folder, "plain.mlir")
    os.makedirs(folder, exist_ok=True)
    run([options.opt, source, "--mlir-print-debuginfo=false", "-o", plain])
    inputs = [(rng.standard_normal(input_shape(plain)) * scale).astype(F) for scale in (1, 4)]
    for k, (name_of_pass, keeps, variants) in enumerate(options.passes):
        for j, text in enumerate(variants):
            after = os.path.join(folder, "after_%d_%d.mlir" % (k, j))
            flag = "--" + name_of_pass + ("=" + text if text else "")
            run([options.runner, plain, flag, "-o", after])
            run([options.opt, after, "--mlir-print-debuginfo=false", "-o", after])
            if body(plain) == body(after):
                continue
            touched[name_of_pass] = touched.get(name_of_pass, 0) + 1
            before = before or Program(options, os.path.join(folder, "before"), plain, inputs)
            wrong = difference(keeps, before.outputs,
                               Program(options, os.path.join(folder, "after"), after, inputs).outputs)
            if wrong:
                fail("%s on %s: %s; expected %s" % (flag[2:], name, wrong, keeps))


def main():
    parser = argparse.ArgumentParser()
    for name in ("runner", "opt", "translate", "folder", "cc"):
        parser.add_argument(name)
    parser.add_argument("--pass", dest="only", action="append")
    parser.add_argument("--random", nargs="*", type=int, default=[])
    parser.add_argument("--networks", nargs="*", default=[])
    options = parser.parse_args()
    options.passes = [p for p in list_passes(options.runner) if not options.only or p[0] in options.only]
    if not options.passes:
        fail("no passes that keep the numbers")
    os.makedirs(options.folder, exist_ok=True)
    modules = []
    for path in options.networks:
        tosa = os.path.join(options.folder, os.path.basename(path) + ".mlir")
        run([options.opt, path, "--convert-onnx-to-tosa", "-o", tosa])
        modules.append((os.path.basename(path), tosa))
    for seed in options.random:
        path = os.path.join(options.folder, "random_%d.mlir" % seed)
        with open(path, "w") as file:
            file.write(Network(seed).build())
        modules.append(("random %d" % seed, path))
    touched = {}
    for name, path in modules:
        check_module(options, name + " (tosa)", path, path + ".d", touched)
        fused = path + ".fused.mlir"
        run([options.opt, path, "--fuse-rewrite", "-o", fused])
        check_module(options, name + " (fuse)", fused, path + ".fused.d", touched)
    for name, keeps, _ in options.passes:
        if not touched.get(name):
            fail("%s left every module as it was; expected modules that it works on" % name)
        print("%s keeps its promise (%s) in %d cases" % (name, keeps, touched[name]))


main()
