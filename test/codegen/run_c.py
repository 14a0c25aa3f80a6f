# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random modules through the C back end, held to numpy and to upstream's lowering.

usage: run_c.py FUSE_TRANSLATE FOLDER SEED CC CLANG LLVM_BIN [quick]

Every case is one op (or a small graph) with inputs of its own; all cases of a seed are one module, so that each compiler
runs once. Compared:
  gcc -O0 -O2, gcc and clang -O3 -march=native                  all bits, weights inside and in a file
  numpy, written here with the documented order of additions    all bits, but for libm's functions
  upstream's TOSA lowering, compiled by clang                   1e-5 of the output range (fuse ops: no counterpart)
Compiled as a program (.npy files in and out), or as a library whose arena begins as NaNs.
quick: gcc -O0, clang -O3 and numpy only.
"""
import ctypes
import os
import re
import subprocess
import sys

import numpy as np

F = np.float32


class Case:
    def __init__(self, name, inputs, body, result_type, expected, exact=True, upstream=True):
        self.name, self.inputs, self.body, self.result_type = name, inputs, body, result_type
        self.expected, self.exact, self.upstream = expected, exact, upstream


def tensor_type(array):
    names = {"float32": "f32", "float64": "f64", "float16": "f16", "bool": "i1", "int8": "i8", "int16": "i16", "int32": "i32",
             "int64": "i64", "uint8": "ui8", "uint16": "ui16", "uint32": "ui32", "uint64": "ui64"}
    return "tensor<" + "".join("%dx" % d for d in array.shape) + names[array.dtype.name] + ">"


def constant(name, array):
    if array.dtype == bool:
        text = str(array.tolist()).lower()
    else:
        text = '"0x%s"' % np.ascontiguousarray(array).tobytes().hex().upper()
        if array.size == 1:
            text = repr(array.reshape(-1)[0].item())
    return '  %%%s = "tosa.const"() <{values = dense<%s> : %s}> : () -> %s\n' % (
        name, text, tensor_type(array), tensor_type(array))


def shape(name, values):
    return '  %%%s = tosa.const_shape {values = dense<%s> : tensor<%dxindex>} : () -> !tosa.shape<%d>\n' % (
        name, list(values), len(values), len(values))


def i64s(values):
    return "array<i64: " + ", ".join(str(int(v)) for v in values) + ">"


class Generator:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.cases = []

    def integer(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def data(self, *dims):
        x = self.rng.standard_normal(dims).astype(F)
        flat = x.reshape(-1)
        flat[self.rng.random(flat.size) < 0.05] = F(-0.0)
        return x

    def add(self, op, inputs, attributes, expected, constants=(), exact=True, upstream=True, extra="", operands=None,
            prop=True):
        """A case of one op: `inputs` are arrays, those in `constants` (indices) become tosa.const; `extra` is text before
        the op, `operands` the list of (name, type) after the inputs."""
        k = len(self.cases)
        arguments, names, body = [], [], ""
        for i, array in enumerate(inputs):
            name = "c%d_%d" % (k, i)
            names.append((name, tensor_type(array)))
            if i in constants:
                body += constant(name, array)
            else:
                arguments.append((name, array))
        names += operands or []
        body += extra.replace("@", "c%d_" % k)
        names = [(n.replace("@", "c%d_" % k), t) for n, t in names]
        result_type = tensor_type(expected)
        braces = (("<{%s}>" if prop else "{%s}") % attributes) if attributes else ""
        body += '  %%y%d = "%s"(%s) %s : (%s) -> %s loc("%s")\n' % (
            k, op, ", ".join("%" + n for n, _ in names), braces, ", ".join(t for _, t in names), result_type,
            "%s/%d" % (op, k))
        self.cases.append(Case("%s/%d" % (op, k), arguments, body, result_type, expected, exact, upstream))

    def module(self, which):
        cases = [c for c in self.cases if which(c)]
        arguments = ", ".join("%%%s: %s" % (n, tensor_type(a)) for c in cases for n, a in c.inputs)
        results = ["%y" + c.name.split("/")[1] for c in cases]
        return cases, "func.func @main(%s) -> (%s) {\n%s  return %s : %s\n}\n" % (
            arguments, ", ".join(c.result_type for c in cases), "".join(c.body for c in cases), ", ".join(results),
            ", ".join(c.result_type for c in cases))


# ---- numpy, in the documented order of additions ----


def taps(n, phases):
    return [k for p in range(phases) for k in range(p, n, phases)]


def padded(x, pad):
    return np.pad(x, ((0, 0), (pad[0], pad[1]), (pad[2], pad[3]), (0, 0)))


def window(x, ky, kx, oh, ow, stride, dilation):
    y0, x0 = ky * dilation[0], kx * dilation[1]
    return x[:, y0:y0 + (oh - 1) * stride[0] + 1:stride[0], x0:x0 + (ow - 1) * stride[1] + 1:stride[1], :]


def conv2d(x, w, b, pad, stride, dilation):
    x = padded(x, pad)
    oc, kh, kw, ic = w.shape
    oh = (x.shape[1] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    ow = (x.shape[2] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    acc = np.zeros((x.shape[0], oh, ow, oc), F)
    for ky in range(kh):
        for kx in range(kw):
            part = window(x, ky, kx, oh, ow, stride, dilation)
            for ci in range(ic):
                acc = acc + part[..., ci:ci + 1] * w[:, ky, kx, ci]
    return acc + b


def dwconv2d(x, w, b, pad, stride, dilation, column=None):
    x = padded(x, pad)
    kh, kw, c, m = w.shape
    column = kw == 1 if column is None else column
    oh = (x.shape[1] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    ow = (x.shape[2] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    acc = np.zeros((x.shape[0], oh, ow, c, m), F)
    for ky in taps(kh, stride[0] if column else 1):
        for kx in taps(kw, 1 if column else stride[1]):
            acc = acc + window(x, ky, kx, oh, ow, stride, dilation)[..., None] * w[ky, kx]
    return acc.reshape(x.shape[0], oh, ow, c * m) + b


def conv1d(x, w, b, axis, pad, stride, dilation):
    if axis == "row":
        return dwconv2d(x, w.T[None, :, :, None], b, [0, 0] + pad, stride, [1, dilation], column=False)
    return dwconv2d(x, w.T[:, None, :, None], b, pad + [0, 0], stride, [dilation, 1], column=True)


def tconv2d(x, w, b, out_pad, stride):
    n, h, wd, ic = x.shape
    oc, kh, kw, _ = w.shape
    oh = (h - 1) * stride[0] + out_pad[0] + out_pad[1] + kh
    ow = (wd - 1) * stride[1] + out_pad[2] + out_pad[3] + kw
    acc = np.zeros((n, oh, ow, oc), F)
    for ky in range(kh):
        for kx in range(kw):
            for ci in range(ic):
                for iy in range(h):
                    for ix in range(wd):
                        oy, ox = iy * stride[0] + ky + out_pad[0], ix * stride[1] + kx + out_pad[2]
                        if 0 <= oy < oh and 0 <= ox < ow:
                            acc[:, oy, ox] = acc[:, oy, ox] + x[:, iy, ix, ci:ci + 1] * w[:, ky, kx, ci]
    return acc + b


def pool2d(x, kind, kernel, stride, pad):
    fill = F(0) if kind == "avg" else F(-np.inf)
    p = np.pad(x, ((0, 0), (pad[0], pad[1]), (pad[2], pad[3]), (0, 0)), constant_values=fill)
    ones = padded(np.ones_like(x), pad)
    oh = (p.shape[1] - kernel[0]) // stride[0] + 1
    ow = (p.shape[2] - kernel[1]) // stride[1] + 1
    acc = np.full((x.shape[0], oh, ow, x.shape[3]), fill, F)
    count = np.zeros_like(acc)
    for ky in range(kernel[0]):
        for kx in range(kernel[1]):
            part = window(p, ky, kx, oh, ow, stride, [1, 1])
            acc = acc + part if kind == "avg" else np.where(part > acc, part, acc)
            count = count + window(ones, ky, kx, oh, ow, stride, [1, 1])
    return acc * (F(1) / count) if kind == "avg" else acc


def resize(x, mode, scale, offset, oh, ow):
    def place(o, n, d, off, size):
        at = o * d + off
        i = at // n
        return min(max(i, 0), size - 1), min(max(i + 1, 0), size - 1), at - i * n

    y = np.zeros((x.shape[0], oh, ow, x.shape[3]), F)
    for oy in range(oh):
        y0, y1, ry = place(oy, scale[0], scale[1], offset[0], x.shape[1])
        for ox in range(ow):
            x0, x1, rx = place(ox, scale[2], scale[3], offset[1], x.shape[2])
            if mode == "NEAREST_NEIGHBOR":
                y[:, oy, ox] = x[:, y1 if 2 * ry >= scale[0] else y0, x1 if 2 * rx >= scale[2] else x0]
                continue
            dy, dx = F(ry) / F(scale[0]), F(rx) / F(scale[2])
            ey, ex = F(1) - dy, F(1) - dx
            y[:, oy, ox] = (x[:, y0, x0] * ey * ex + x[:, y0, x1] * ey * dx + x[:, y1, x0] * dy * ex
                            + x[:, y1, x1] * dy * dx)
    return y


def ordered_sum(x, axis):
    acc = np.zeros(x.shape[:axis] + (1,) + x.shape[axis + 1:], F)
    for i in range(x.shape[axis]):
        acc = acc + np.take(x, [i], axis)
    return acc


# ---- cases ----

ZP = [("@zp", "tensor<1xf32>"), ("@zp", "tensor<1xf32>")]
ZP_TEXT = '  %@zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>\n'


def fitting_pad(g, size, kernel, stride, dilation):
    """Two pads with which the strides come out even, as tosa wants it; a size that fits them."""
    before, after = g.integer(0, kernel - 1), g.integer(0, kernel - 1)
    while (size + before + after - dilation * (kernel - 1) - 1) % stride or \
            size + before + after < dilation * (kernel - 1) + 1:
        size += 1
    return size, before, after


def window_attributes(g, low=1, dilate=True):
    kernel = [g.integer(low, 4), g.integer(low, 4)]
    stride = [g.integer(1, 3), g.integer(1, 3)]
    dilation = [g.integer(1, 2), g.integer(1, 2)] if dilate else [1, 1]
    h, top, bottom = fitting_pad(g, g.integer(1, 7), kernel[0], stride[0], dilation[0])
    w, left, right = fitting_pad(g, g.integer(1, 7), kernel[1], stride[1], dilation[1])
    return kernel, stride, dilation, h, w, [top, bottom, left, right]


def convolutions(g):
    for i in range(6):
        kernel, stride, dilation, h, w, pad = window_attributes(g)
        n, ic, oc = g.integer(1, 2), g.integer(1, 9), g.integer(1, 19)
        x, wt, b = g.data(n, h, w, ic), g.data(oc, *kernel, ic), g.data(1 if i == 0 else oc)
        attributes = "acc_type = f32, dilation = %s, pad = %s, stride = %s" % (
            i64s(dilation), i64s(pad), i64s(stride))
        # weights as constants, as arguments, only some of them
        g.add("tosa.conv2d", [x, wt, b], attributes, conv2d(x, wt, b, pad, stride, dilation),
              constants=[(1, 2), (), (1,)][i % 3], extra=ZP_TEXT, operands=ZP)
        m = g.integer(1, 3) if i % 2 else 1
        wt, b = g.data(*kernel, ic, m), g.data(ic * m)
        g.add("tosa.depthwise_conv2d", [x, wt, b], attributes, dwconv2d(x, wt, b, pad, stride, dilation),
              constants=(1, 2), extra=ZP_TEXT, operands=ZP)
        wt, b = g.data(*kernel, ic), g.data(ic)
        g.add("fuse.dwconv2d", [x, wt, b], "dilation = %s, pad = %s, stride = %s" % (
            i64s(dilation), i64s(pad), i64s(stride)), dwconv2d(x, wt[..., None], b, pad, stride, dilation),
            constants=(1, 2), upstream=False, prop=False)
        axis = "row" if i % 2 else "col"
        k, p, d = (kernel[1], pad[2:], dilation[1]) if i % 2 else (kernel[0], pad[:2], dilation[0])
        wt = g.data(ic, k)
        text = 'axis = "%s", dilation = %d : i64, pad = %s, stride = %s' % (axis, d, i64s(p), i64s(stride))
        g.add("fuse.conv1d", [x, wt, b], text, conv1d(x, wt, b, axis, p, stride, d), constants=(1,), upstream=False,
              prop=False)
    for variant in ("half", "full"):
        for ic in (7, 4):
            k, stride = 3, [g.integer(1, 2)] * 2
            x = g.data(1, g.integer(4, 9), g.integer(4, 9), ic)
            rows = (ic + 1) // 2 if variant == "half" else ic
            cols = ic - rows if variant == "half" else ic
            wr, br, wc, bc = g.data(rows, k), g.data(rows), g.data(cols, k), g.data(cols)
            top = conv1d(x[..., :rows], wr, br, "row", [1, 1], stride, 1)
            col = conv1d(x[..., ic - cols:], wc, bc, "col", [1, 1], stride, 1)
            g.add("fuse.fuseconv", [x, wr, br, wc, bc],
                  'variant = "%s", dilation = 1 : i64, pad_row = %s, pad_col = %s, stride = %s' % (
                      variant, i64s([1, 1]), i64s([1, 1]), i64s(stride)),
                  np.concatenate([top, col], -1), constants=(1, 2, 3, 4), upstream=False, prop=False)
    for _ in range(3):
        stride, kernel = [g.integer(1, 3), g.integer(1, 3)], [g.integer(1, 4), g.integer(1, 4)]
        out_pad = [g.integer(1 - kernel[i // 2], 2) for i in range(4)]
        x, wt = g.data(1, g.integer(2, 5), g.integer(2, 5), 3), g.data(5, *kernel, 3)
        b = g.data(5)
        g.add("tosa.transpose_conv2d", [x, wt, b], "acc_type = f32, out_pad = %s, stride = %s" % (
            i64s(out_pad), i64s(stride)), tconv2d(x, wt, b, out_pad, stride), constants=(1, 2), extra=ZP_TEXT,
            operands=ZP)
    for _ in range(2):
        a, b = g.data(2, 3, 5), g.data(2, 5, g.integer(1, 9))
        acc = np.zeros((2, 3, b.shape[2]), F)
        for k in range(5):
            acc = acc + a[:, :, k:k + 1] * b[:, k:k + 1, :]
        g.add("tosa.matmul", [a, b], "", acc, extra=ZP_TEXT, operands=ZP)


def pools(g):
    for _ in range(4):
        kernel, stride, _, h, w, pad = window_attributes(g, low=2, dilate=False)
        x = g.data(g.integer(1, 2), h, w, g.integer(1, 9))
        text = "kernel = %s, pad = %s, stride = %s" % (i64s(kernel), i64s(pad), i64s(stride))
        g.add("tosa.avg_pool2d", [x], "acc_type = f32, " + text, pool2d(x, "avg", kernel, stride, pad), extra=ZP_TEXT,
              operands=ZP)
        g.add("tosa.max_pool2d", [x], text, pool2d(x, "max", kernel, stride, pad))
    for axis in (0, 1, 2):
        x = g.data(3, 4, 5)
        text = "axis = %d : i32" % axis
        g.add("tosa.reduce_sum", [x], text, ordered_sum(x, axis))
        g.add("tosa.reduce_max", [x], text, x.max(axis, keepdims=True))
        g.add("tosa.reduce_min", [x], text, x.min(axis, keepdims=True))
        g.add("tosa.reduce_product", [x], text, x.prod(axis, keepdims=True), exact=False)
        g.add("tosa.argmax", [x], text, x.argmax(axis).astype(np.int32))
    for mode in ("NEAREST_NEIGHBOR", "BILINEAR"):
        for sn, sd, off, border in ((2, 1, 0, 1), (4, 2, -1, 1), (3, 2, 0, 0), (1, 1, 0, 0), (6, 2, -2, 2)):
            x = g.data(2, 5, 5, 3)
            size = ((5 - 1) * sn - off + border) // sd + 1
            if ((5 - 1) * sn - off + border) % sd:
                continue
            y = resize(x, mode, [sn, sd, sn, sd], [off, off], size, size)
            g.add("tosa.resize", [x], "mode = #tosa.resize_mode<%s>" % mode, y,
                  extra=shape("@s", [sn, sd, sn, sd]) + shape("@o", [off, off]) + shape("@b", [border, border]),
                  operands=[("@s", "!tosa.shape<4>"), ("@o", "!tosa.shape<2>"), ("@b", "!tosa.shape<2>")])


def elementwise(g):
    x = g.data(3, 5, 2)
    positive = np.abs(x) + F(0.1)
    for name, arg, y, exact in (
            ("abs", x, np.abs(x), True), ("ceil", x, np.ceil(x), True), ("floor", x, np.floor(x), True),
            ("exp", x, np.exp(x), False), ("log", positive, np.log(positive), False),
            ("reciprocal", positive, F(1) / positive, True), ("rsqrt", positive, F(1) / np.sqrt(positive), True),
            ("sin", x, np.sin(x), False), ("cos", x, np.cos(x), False), ("tanh", x, np.tanh(x), False),
            ("sigmoid", x, F(1) / (F(1) + np.exp(-x)), False)):
        g.add("tosa." + name, [arg], "", y, exact=exact)
    g.add("tosa.negate", [x], "", -x, extra=ZP_TEXT, operands=ZP)
    erf = np.vectorize(__import__("math").erf)(x.astype(np.float64)).astype(F)
    g.add("tosa.erf", [x], "", erf, exact=False)
    g.add("tosa.clamp", [x], "max_val = 0.75 : f32, min_val = -0.5 : f32", np.clip(x, F(-0.5), F(0.75)))
    g.add("tosa.clamp", [x], "max_val = 0x7F800000 : f32, min_val = 0.0 : f32", np.where(x < 0, F(0), x))
    shapes = [((2, 3, 4, 5), (2, 3, 4, 5)), ((2, 3, 4, 5), (1, 1, 1, 5)), ((2, 1, 4, 1), (1, 3, 1, 5)),
              ((1, 1, 1, 1), (2, 3, 4, 5)), ((2, 3, 1, 1), (2, 1, 4, 5)), ((6,), (6,))]
    for k, (sa, sb) in enumerate(shapes):
        a, b = g.data(*sa), g.data(*sb)
        shift = [("@shift", "tensor<1xi8>")]
        text = '  %@shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>\n'
        g.add("tosa.add", [a, b], "", a + b, constants=(1,) if k % 2 else ())
        g.add("tosa.sub", [a, b], "", a - b, constants=(0,) if k % 2 else ())
        g.add("tosa.mul", [a, b], "", a * b, extra=text, operands=shift)
        g.add("tosa.maximum", [a, b], "", np.where(b > a, b, a))
        g.add("tosa.minimum", [a, b], "", np.where(b < a, b, a))
        base = np.abs(a) + F(0.25)
        g.add("tosa.pow", [base, b], "", np.power(base, b), exact=False)
        g.add("tosa.greater", [a, b], "", a > b)
        g.add("tosa.greater_equal", [a, b], "", a >= b)
        c = g.rng.random(sa) < 0.5
        g.add("tosa.select", [c, a, b], "", np.where(c, a, b))
    a = g.rng.integers(0, 3, (4, 5)).astype(F)
    b = g.rng.integers(0, 3, (4, 5)).astype(F)
    g.add("tosa.equal", [a, b], "", a == b)
    x = (g.data(4, 5) * F(4)).astype(F)
    x.reshape(-1)[:4] = [0.5, 1.5, -2.5, -0.5]
    g.add("tosa.cast", [x], "", np.rint(x).astype(np.int32))
    i = g.rng.integers(-9, 9, (4, 5)).astype(np.int32)
    g.add("tosa.cast", [i], "", i.astype(F))
    g.add("tosa.cast", [i], "", i != 0)
    g.add("tosa.cast", [i != 0], "", (i != 0).astype(F), upstream=False)
    g.add("tosa.cast", [i != 0], "", (i != 0).astype(np.int32))


def moves(g):
    a, b, c = g.data(2, 3, 4), g.data(2, 5, 4), g.data(2, 1, 4)
    g.add("tosa.concat", [a, b, c], "axis = 1 : i32", np.concatenate([a, b, c], 1), constants=(1,))
    g.add("tosa.concat", [a, a + F(1)], "axis = 2 : i32", np.concatenate([a, a + F(1)], 2))
    x = g.data(3, 5, 4, 2)
    g.add("tosa.slice", [x], "", x[1:3, 2:5, 0:4, 1:2].copy(), extra=shape("@a", [1, 2, 0, 1]) +
          shape("@b", [2, 3, 4, 1]), operands=[("@a", "!tosa.shape<4>"), ("@b", "!tosa.shape<4>")])
    for value in (0.0, -3.5):
        y = np.pad(x, ((0, 1), (2, 0), (0, 0), (1, 3)), constant_values=F(value))
        g.add("tosa.pad", [x], "", y, extra=shape("@p", [0, 1, 2, 0, 0, 0, 1, 3]) + constant("@v", np.array([value], F)),
              operands=[("@p", "!tosa.shape<8>"), ("@v", "tensor<1xf32>")])
    i = g.rng.integers(-9, 9, (3, 5, 4, 2)).astype(np.int32)
    for perm in ((0, 3, 1, 2), (0, 2, 3, 1), (3, 2, 1, 0), (0, 1, 2, 3), (1, 0, 2, 3)):
        text = "perms = array<i32: %s>" % ", ".join(map(str, perm))
        g.add("tosa.transpose", [x], text, np.transpose(x, perm).copy())
        g.add("tosa.transpose", [i], text, np.transpose(i, perm).copy())
        g.add("tosa.transpose", [i > 0], text, np.transpose(i > 0, perm).copy())
    y = g.data(2, 3, 2)
    for times in ((2, 1, 3), (1, 4, 1), (3, 2, 2)):
        g.add("tosa.tile", [y], "", np.tile(y, times), extra=shape("@t", times), operands=[("@t", "!tosa.shape<3>")])
    for axis in range(3):
        g.add("tosa.reverse", [y], "axis = %d : i32" % axis, np.flip(y, axis).copy())
    values, index = g.data(2, 6, 3), g.rng.integers(0, 6, (2, 4)).astype(np.int32)
    gathered = np.stack([values[n][index[n]] for n in range(2)])
    g.add("tosa.gather", [values, index], "", gathered)
    g.add("tosa.gather", [values, index], "", gathered, constants=(0, 1))
    g.add("tosa.reshape", [y], "", y.reshape(4, 3), extra=shape("@s", [4, 3]), operands=[("@s", "!tosa.shape<2>")])
    g.add("tosa.identity", [y], "", y)


def custom(g, name, inputs, text, expected, exact=True):
    """tosa.custom calls a kernel by name; upstream's lowering doesn't know it."""
    g.add("tosa.custom", inputs, 'domain_name = "fuse", operator_name = "%s", implementation_attrs = "%s"' % (name, text), expected,
          exact=exact, upstream=False)


def customs(g):
    for dtype in (np.float32, np.float64, np.int32, np.int64):
        x = g.rng.integers(-99, 99, (2, 5, 3)).astype(dtype)
        for exclusive in (0, 1):
            for reverse in (0, 1):
                source = np.flip(x, 1) if reverse else x
                y = np.cumsum(source, 1, dtype=dtype) - (source if exclusive else 0)
                y = np.ascontiguousarray(np.flip(y, 1) if reverse else y)
                custom(g, "cumsum", [x], "outer = 2, n = 5, inner = 3, exclusive = %d, reverse=%d" % (exclusive, reverse), y)
    x = g.data(3, 4)
    for name, f in (("tan", np.tan), ("asinh", np.arcsinh), ("round", np.rint)):
        custom(g, name, [x], "", f(x), exact=name == "round")
    custom(g, "isnan", [x / F(0) * F(0)], "", np.ones(x.shape, bool))
    b = g.data(1, 4)
    custom(g, "div", [x, b], "", x / b)


def zero_points(zx, zw, dtype="i8"):
    """Text and operands of two zero points."""
    text = "".join('  %%@%s = "tosa.const"() <{values = dense<%d> : tensor<1x%s>}> : () -> tensor<1x%s>\n' % (n, v, dtype, dtype)
                   for n, v in (("zx", zx), ("zw", zw)))
    return dict(extra=text, operands=[("@zx", "tensor<1x%s>" % dtype), ("@zw", "tensor<1x%s>" % dtype)])


def apply_scale(value, multiplier, shift, double):
    """TOSA's apply_scale_32 on Python's integers."""
    round = 1 << (shift - 1)
    if double and shift > 31:
        round += 1 << 30 if value >= 0 else -(1 << 30)
    return (value * multiplier + round) >> shift


def rescale(g, x, per_channel, rounding, out, unsigned_in=False, unsigned_out=False):
    """One case; x is what the op sees: an unsigned type may be given as signless."""
    c = x.shape[-1] if per_channel else 1
    wide = x.dtype == np.int32
    multiplier = g.rng.integers(1 << 30, (1 << 31) - 1, c).astype(np.int32)
    shift = g.rng.integers(36, 48, c) if wide else g.rng.integers(28, 33, c)
    zx, zy = 0 if wide else 7, 3 if out == np.int8 else 0
    seen = x.view(x.dtype.name.replace("int", "uint")) if unsigned_in else x
    info = np.iinfo(np.dtype(out).name.replace("int", "uint") if unsigned_out else out)
    y = np.zeros(x.shape, np.int64)
    for i in np.ndindex(*x.shape):
        k = i[-1] if per_channel else 0
        v = apply_scale(int(seen[i]) - zx, int(multiplier[k]), int(shift[k]), rounding == "DOUBLE_ROUND") + zy
        y[i] = min(max(v, info.min), info.max)
    y = y.astype(info.dtype).view(out)
    text = constant("@m", multiplier) + constant("@s", shift.astype(np.int8)) + constant("@zx", np.array([zx], x.dtype)) + constant(
        "@zy", np.array([zy], out))
    g.add("tosa.rescale", [x], "input_unsigned = %s, output_unsigned = %s, per_channel = %s, rounding_mode = #tosa.rounding_mode<%s>, scale32 = true" % (
        str(unsigned_in).lower(), str(unsigned_out).lower(), str(per_channel).lower(), rounding), y, extra=text,
        upstream=rounding != "INEXACT_ROUND", operands=[("@m", "tensor<%dxi32>" % c), ("@s", "tensor<%dxi8>" % c), ("@zx", tensor_type(np.zeros(1, x.dtype))),
                  ("@zy", tensor_type(np.zeros(1, out)))])


def avg_pool_i8(x, kernel, stride, pad, zx, zy):
    n, h, w, c = x.shape
    oh, ow = ((s + p0 + p1 - k) // d + 1 for s, p0, p1, k, d in zip((h, w), pad[::2], pad[1::2], kernel, stride))
    y = np.zeros((n, oh, ow, c), np.int8)
    for i in np.ndindex(*y.shape):
        top, left = i[1] * stride[0] - pad[0], i[2] * stride[1] - pad[2]
        part = x[i[0], max(top, 0):top + kernel[0], max(left, 0):left + kernel[1], i[3]].astype(int) - zx
        k = int(part.size - 1).bit_length()
        multiplier = (((1 << 30) + 1) << k) // part.size
        y[i] = min(max(apply_scale(int(part.sum()), multiplier, 30 + k, False) + zy, -128), 127)
    return y


def quantised(g):
    """int8: sums in int32, one rounding rule."""
    def i8(*dims):
        return g.rng.integers(-128, 127, dims, np.int8, endpoint=True)

    def i32(*dims):
        return g.rng.integers(-9999, 9999, dims).astype(np.int32)

    def minus(x, zero):
        return x.astype(np.int64) - zero

    for i in range(3):
        kernel, stride, dilation, h, w, pad = window_attributes(g)
        ic, oc, m, zx, zw = g.integer(1, 9), g.integer(1, 9), i + 1, g.integer(-128, 127), g.integer(-9, 9)
        attributes = "acc_type = i32, dilation = %s, pad = %s, stride = %s" % (i64s(dilation), i64s(pad), i64s(stride))
        x, wt, b = i8(2, h, w, ic), i8(oc, *kernel, ic), i32(oc)
        y = conv2d(minus(x, zx), minus(wt, zw), b, pad, stride, dilation).astype(np.int32)
        g.add("tosa.conv2d", [x, wt, b], attributes, y, constants=(1, 2), upstream=zw == 0, **zero_points(zx, zw))
        wt, b = i8(*kernel, ic, m), i32(ic * m)
        y = dwconv2d(minus(x, zx), minus(wt, zw), b, pad, stride, dilation).astype(np.int32)
        g.add("tosa.depthwise_conv2d", [x, wt, b], attributes, y, constants=(1,), upstream=zw == 0, **zero_points(zx, zw))
        text = "dilation = %s, pad = %s, stride = %s, input_zp = %d : i64, weight_zp = %d : i64" % (
            i64s(dilation), i64s(pad), i64s(stride), zx, zw)
        y = dwconv2d(minus(x, zx), minus(wt[..., :1], zw), b[:ic], pad, stride, dilation).astype(np.int32)
        g.add("fuse.dwconv2d", [x, wt[..., 0].copy(), b[:ic]], text, y, upstream=False, prop=False)
        wt = i8(ic, kernel[1])
        y = conv1d(minus(x, zx), minus(wt, zw), b[:ic], "row", pad[2:], stride, dilation[1]).astype(np.int32)
        g.add("fuse.conv1d", [x, wt, b[:ic]], 'axis = "row", dilation = %d : i64, pad = %s, stride = %s, input_zp = %d : i64, '
              'weight_zp = %d : i64' % (dilation[1], i64s(pad[2:]), i64s(stride), zx, zw), y, constants=(1,), upstream=False, prop=False)
        x, wt, b = i8(1, 3, 4, 3), i8(5, 2, 3, 3), i32(5)
        y = tconv2d(minus(x, zx), minus(wt, zw), b, [0, 1, -1, 0], [2, 1]).astype(np.int32)
        g.add("tosa.transpose_conv2d", [x, wt, b], "acc_type = i32, out_pad = array<i64: 0, 1, -1, 0>, stride = array<i64: 2, 1>", y,
              constants=(1, 2), upstream=False, **zero_points(zx, zw))
        a, b = i8(2, 3, 5), i8(2, 5, 4)
        g.add("tosa.matmul", [a, b], "", (minus(a, zx) @ minus(b, zw)).astype(np.int32), **zero_points(zx, zw))
        kernel, stride, _, h, w, pad = window_attributes(g, low=2, dilate=False)
        x = i8(2, h, w, 3)
        text = "kernel = %s, pad = %s, stride = %s" % (i64s(kernel), i64s(pad), i64s(stride))
        g.add("tosa.avg_pool2d", [x], "acc_type = i32, " + text, avg_pool_i8(x, kernel, stride, pad, zx, zw), upstream=False,
              **zero_points(zx, zw))
        g.add("tosa.max_pool2d", [x], text, pool2d(x.astype(F), "max", kernel, stride, pad).astype(np.int8))
    for rounding in ("SINGLE_ROUND", "DOUBLE_ROUND", "INEXACT_ROUND"):
        big = g.rng.integers(-(1 << 23), 1 << 23, (3, 4, 5)).astype(np.int32)
        for per_channel in (False, True):
            for out in (np.int8, np.int16, np.int32):
                rescale(g, big, per_channel, rounding, out)
            rescale(g, i8(3, 4, 5), per_channel, rounding, np.int32)
            rescale(g, i8(3, 4, 5), per_channel, rounding, np.int8)
    rescale(g, i8(3, 4, 5), False, "SINGLE_ROUND", np.int8, unsigned_in=True)
    rescale(g, i8(3, 4, 5), False, "SINGLE_ROUND", np.int8, unsigned_out=True)
    x, table = i8(4, 9), i8(256)
    g.add("tosa.table", [x, table], "", table[x.astype(int) + 128], constants=(1,))
    g.add("tosa.clamp", [x], "min_val = -9 : i8, max_val = 100 : i8", np.clip(x, -9, 100).astype(np.int8))
    g.add("tosa.argmax", [x], "axis = 1 : i32", x.argmax(1).astype(np.int32))
    g.add("tosa.pad", [x], "", np.pad(x, ((1, 0), (2, 3)), constant_values=-77), extra=shape("@p", [1, 0, 2, 3]) + constant(
        "@v", np.array([-77], np.int8)), operands=[("@p", "!tosa.shape<4>"), ("@v", "tensor<1xi8>")])


def types(g):
    """The same ops on every element type; wrapping and rounding are those of numpy."""
    mul = [("@shift", "tensor<1xi8>")], '  %@shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>\n'
    for dtype in (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float16, np.float64):
        if np.issubdtype(dtype, np.integer):
            a, b = (g.rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, s, dtype=dtype, endpoint=True) for s in ((3, 4), (1, 4)))
        else:
            a, b = g.data(3, 4).astype(dtype), g.data(1, 4).astype(dtype)
        g.add("tosa.add", [a, b], "", a + b, upstream=False, constants=(1,))
        g.add("tosa.mul", [a, b], "", a * b, upstream=False, operands=mul[0], extra=mul[1])
        g.add("tosa.greater", [a, b], "", a > b, upstream=False)
        g.add("tosa.reduce_max", [a], "axis = 1 : i32", a.max(1, keepdims=True), upstream=False)
        g.add("tosa.transpose", [a], "perms = array<i32: 1, 0>", a.T.copy(), upstream=False)
        g.add("tosa.concat", [a, b], "axis = 0 : i32", np.concatenate([a, b]), upstream=False, constants=(0,))
        g.add("tosa.select", [a > b, a, b], "", np.where(a > b, a, b), upstream=False)
        g.add("tosa.cast", [a], "", a.astype(np.float64), upstream=False)
    i = g.rng.integers(-99, 99, (3, 4))
    g.add("tosa.clamp", [i], "min_val = -5 : i64, max_val = 50 : i64", np.clip(i, -5, 50), upstream=False)
    g.add("tosa.clamp", [i * 0.37], "min_val = -5.5 : f64, max_val = 1.0 : f64", np.clip(i * 0.37, -5.5, 1), upstream=False)
    rows, index, new = g.data(2, 5, 3), np.array([[4, 0], [1, 2]], np.int32), g.data(2, 2, 3)
    y = rows.copy()
    for n in range(2):
        y[n, index[n]] = new[n]
    g.add("tosa.scatter", [rows, index, new], "", y, upstream=False)


def graphs(g):
    """Random graphs of cheap ops, so that many values live at once, die in place, and are seen through reshapes."""
    for _ in range(4):
        k = len(g.cases)
        x, body = g.data(1, 4, 6), ""
        values = [("c%d_0" % k, x)]

        def emit(op, operands, y, text="", attributes=""):
            nonlocal body
            name = "g%d_%d" % (k, len(values))
            body += text.replace("@", name + "_") + '  %%%s = "%s"(%s) %s : (%s) -> %s\n' % (
                name, op, ", ".join("%" + n.replace("@", name + "_") for n, _ in operands), attributes,
                ", ".join(t if isinstance(t, str) else tensor_type(t) for _, t in operands), tensor_type(y))
            values.append((name, y))

        for _ in range(30):
            a = values[g.integer(max(0, len(values) - 6), len(values) - 1)]
            same = [v for v in values if v[1].shape == a[1].shape]
            b = same[g.integer(0, len(same) - 1)]
            kind = g.integer(0, 5)
            if kind == 0:
                emit("tosa.add", [a, b], a[1] + b[1])
            elif kind == 1:
                emit("tosa.sub", [a, b], a[1] - b[1])
            elif kind == 2:
                emit("tosa.maximum", [a, b], np.where(b[1] > a[1], b[1], a[1]))
            elif kind == 3:
                y = np.clip(a[1], F(-2), F(2))
                emit("tosa.clamp", [a], y, attributes="<{max_val = 2.0 : f32, min_val = -2.0 : f32}>")
            elif kind == 4:
                y = a[1].reshape({4: (1, 6, 4), 6: (1, 4, 6)}[a[1].shape[1]])
                emit("tosa.reshape", [a, ("@s", "!tosa.shape<3>")], y, shape("@s", y.shape))
            else:
                y = np.transpose(a[1], (0, 2, 1)).copy()
                emit("tosa.transpose", [a], y, attributes="<{perms = array<i32: 0, 2, 1>}>")
        last = values[-1]
        for v in values[:-1]:
            if v[1].shape == last[1].shape:
                emit("tosa.sub", [v, last], v[1] - last[1])
                last = values[-1]
        body += '  %%y%d = "tosa.identity"(%%%s) : (%s) -> %s\n' % (
            k, last[0], tensor_type(last[1]), tensor_type(last[1]))
        g.cases.append(Case("graph/%d" % k, [values[0]], body, tensor_type(last[1]), last[1]))


# ---- running ----


def check(condition, message):
    if not condition:
        sys.exit("run_c.py: " + message)


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    check(done.returncode == 0, "%s: %s" % (" ".join(command)[:200], done.stderr[-3000:]))
    return done.stdout


def emit(translate, folder, source, weights, compiler):
    """Translate into a folder of its own; returns its name."""
    here = os.path.join(folder, "%s-%s" % (weights, "".join(c for c in " ".join(compiler) if c.isalnum())))
    os.makedirs(here, exist_ok=True)
    run([translate, "--emit-c", source, "--weights=" + weights, "-o", here + "/net.c"])
    return here


STRICT = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]


def run_program(translate, folder, source, cases, weights, compiler):
    """Outputs of the program that a module becomes."""
    here = emit(translate, folder, source, weights, compiler)
    run(compiler[:1] + STRICT + compiler[1:] + ["-DNET_MAIN", here + "/net.c", "-o", here + "/net", "-lm"])
    arguments = [here + "/net.weights"] if weights == "file" else []
    for k, array in enumerate(a for c in cases for _, a in c.inputs):
        np.save("%s/in%d.npy" % (here, k), array)
        arguments.append("%s/in%d.npy" % (here, k))
    outputs = ["%s/out%d.npy" % (here, k) for k in range(len(cases))]
    run([here + "/net"] + arguments + outputs)
    return [np.load(name) for name in outputs]


def run_library(translate, folder, source, cases, weights, compiler):
    """The same by calling net_run; arena and outputs begin as NaNs."""
    here = emit(translate, folder, source, weights, compiler)
    run(compiler[:1] + STRICT + compiler[1:] + ["-shared", "-fPIC", here + "/net.c", "-o", here + "/net.so", "-lm"])
    with open(here + "/net.h") as file:
        arena = np.full(int(re.search(r"NET_ARENA_BYTES (\d+)", file.read()).group(1)), 0xff, np.uint8)
    outputs = [np.full(c.expected.nbytes, 0xff, np.uint8) for c in cases]
    arrays = [a for c in cases for _, a in c.inputs] + outputs
    if weights == "file":
        arrays.append(np.fromfile(here + "/net.weights", np.uint8))
    pointers = [ctypes.c_void_p(a.ctypes.data) for a in arrays + [arena]]
    ctypes.CDLL(here + "/net.so").net_run(*pointers)
    return [o.view(c.expected.dtype).reshape(c.expected.shape) for o, c in zip(outputs, cases)]


PIPELINE = ("builtin.module(func.func(llvm-request-c-wrappers),"
            "tosa-attach-target{profiles=pro_int,pro_fp extensions=doubleround level=none},tosa-to-linalg-pipeline,"
            "func.func(tosa-to-tensor,tosa-to-arith{include-apply-rescale=true},canonicalize,cse),one-shot-bufferize{"
            "bufferize-function-boundaries=true function-boundary-type-conversion=identity-layout-map},"
            "buffer-deallocation-pipeline,canonicalize,func.func(convert-linalg-to-loops),lower-affine,"
            "convert-bufferization-to-memref,convert-scf-to-cf,expand-strided-metadata,lower-affine,"
            "convert-math-to-llvm,convert-math-to-libm,"
            "convert-to-llvm,reconcile-unrealized-casts,canonicalize,cse)")


def memref(array):
    class Memref(ctypes.Structure):
        _fields_ = [("alloc", ctypes.c_void_p), ("data", ctypes.c_void_p), ("offset", ctypes.c_int64),
                    ("size", ctypes.c_int64 * array.ndim), ("stride", ctypes.c_int64 * array.ndim)]

    at = array.ctypes.data
    return Memref(at, at, 0, array.shape, tuple(s // array.itemsize for s in array.strides))


def run_upstream(folder, source, cases, llvm_bin):
    """Outputs by upstream's lowering."""
    low, ir, lib = (os.path.join(folder, "upstream." + end) for end in ("mlir", "ll", "so"))
    run([llvm_bin + "/mlir-opt", source, "--pass-pipeline=" + PIPELINE, "-o", low])
    with open(low) as file:
        text = file.read()
    with open(low, "w") as file:  # mlir-translate doesn't know the target attribute's dialect
        file.write(text.replace(text[:text.index("{\n")], "module ", 1))
    run([llvm_bin + "/mlir-translate", "--mlir-to-llvmir", low, "-o", ir])
    libs = os.path.join(os.path.dirname(llvm_bin), "lib")
    run([llvm_bin + "/clang", "-O1", "-Wno-override-module", "-shared", "-fPIC", ir, "-o", lib, "-L" + libs,
         "-lmlir_c_runner_utils", "-Wl,-rpath," + libs, "-lm"])
    arguments = [memref(a) for c in cases for _, a in c.inputs]
    results = [memref(np.zeros(c.expected.shape, c.expected.dtype)) for c in cases]

    class Results(ctypes.Structure):
        _fields_ = [("r%d" % k, type(r)) for k, r in enumerate(results)]

    out = Results()
    main = ctypes.CDLL(lib)._mlir_ciface_main
    main(ctypes.byref(out), *[ctypes.byref(a) for a in arguments])
    outputs = []
    for k, case in enumerate(cases):
        r = getattr(out, "r%d" % k)
        data = (ctypes.c_char * case.expected.nbytes).from_address(r.data)
        dense = [s // case.expected.itemsize for s in case.expected.strides]
        check(list(r.stride) == dense or case.expected.size == 1, "%s: upstream's result isn't dense" % case.name)
        outputs.append(np.frombuffer(data, case.expected.dtype, offset=0).reshape(case.expected.shape))
    return outputs


def same_bits(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def close(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return a.shape == b.shape and np.all(np.abs(a - b) <= 1e-5 * max(1e-30, np.ptp(b), np.abs(b).max()))


def main():
    translate, folder, seed, cc, clang, llvm_bin = sys.argv[1:7]
    quick = sys.argv[7:] == ["quick"]
    os.makedirs(folder, exist_ok=True)
    g = Generator(int(seed))
    with np.errstate(all="ignore"):
        for part in (convolutions, pools, elementwise, moves, types, quantised, customs, graphs):
            part(g)
    cases, text = g.module(lambda c: True)
    source = os.path.join(folder, "net.mlir")
    with open(source, "w") as file:
        file.write(text)
    fast = ["-O3", "-march=native"]
    base = run_program(translate, folder, source, cases, "inside", [cc, "-O0"])
    for case, found in zip(cases, base):
        good = same_bits(found, case.expected) if case.exact else close(found, case.expected)
        check(good, "%s differs from numpy\nfound %s\nexpected %s" % (case.name, found, case.expected))
    # gcc's own dialects contract a*b+c also across statements: the pragma in the C text must stop it
    others = [(run_library, "file", [clang] + fast), (run_program, "file", [cc, "-std=gnu17"] + fast), (run_library, "inside", [cc, "-O2"]),
              (run_program, "file", [clang, "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover"])]
    for way, weights, compiler in others[:1] if quick else others:
        for case, found, expected in zip(cases, way(translate, folder, source, cases, weights, compiler), base):
            check(same_bits(found, expected), "%s: other bits with %s" % (case.name, " ".join(compiler)))
    if quick:
        print("%d cases" % len(cases))
        return
    cases, text = g.module(lambda c: c.upstream)
    source = os.path.join(folder, "upstream_in.mlir")
    with open(source, "w") as file:
        file.write(text)
    for case, found in zip(cases, run_upstream(folder, source, cases, llvm_bin)):
        check(close(case.expected, found),
              "%s differs from upstream\nfound %s\nupstream %s" % (case.name, case.expected, found))
    print("%d cases, %d of them held to upstream" % (len(g.cases), len(cases)))


if __name__ == "__main__":
    main()
