# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Weights and errors of half and full, held to numpy's least squares.

usage: least_squares.py FUSE_OPT FOLDER

numpy solves the problem as it is stated: with S = L L', the least norm among all (row, column) that make |L'(w - P v)|
least, by a singular value decomposition; lib/transforms/rewrite/least_squares.c solves the normal equations of the cross.
"""
import json
import os
import re
import subprocess
import sys

import numpy as np


def constant(name, array):
    kind = "tensor<%sxf32>" % "x".join(map(str, array.shape))
    text = "0x" + array.astype(np.float32).tobytes().hex().upper()
    if array.size == 1:
        text = "0x" + array.astype(">f4").tobytes().hex().upper()
    else:
        text = '"%s"' % text
    return '  %%%s = "tosa.const"() {values = dense<%s> : %s} : () -> %s\n' % (name, text, kind, kind), kind


def module(w, b, v, stride):
    kh, kw, c, _ = w.shape
    h, size = 12, [(12 + k // 2 * 2 - k) // stride + 1 for k in (kh, kw)]
    # TOSA's strides divide exactly
    end = [k // 2 - (12 + k // 2 * 2 - k) % stride for k in (kh, kw)]
    assert min(end) >= 0
    text, kinds = "", {}
    for name, array in (("z", np.zeros(1)), ("w", w), ("b", b), ("v", v), ("d", np.zeros(v.shape[0]))):
        line, kinds[name] = constant(name, array)
        text += line
    x, y = "tensor<1x%dx%dx%dxf32>" % (h, h, c), "tensor<1x%dx%dx%dxf32>" % (size[0], size[1], c)
    r = "tensor<1x%dx%dx%dxf32>" % (size[0], size[1], v.shape[0])
    attributes = "acc_type = f32, pad = array<i64: %d, %d, %d, %d>, stride = array<i64: %d, %d>, dilation = array<i64: 1, 1>"
    text += "  %%y = tosa.depthwise_conv2d %%x, %%w, %%b, %%z, %%z {%s} : (%s, %s, %s, tensor<1xf32>, tensor<1xf32>) -> %s\n" % (
        attributes % (kh // 2, end[0], kw // 2, end[1], stride, stride), x, kinds["w"], kinds["b"], y)
    text += "  %%r = tosa.conv2d %%y, %%v, %%d, %%z, %%z {%s} : (%s, %s, %s, tensor<1xf32>, tensor<1xf32>) -> %s\n" % (
        attributes % (0, 0, 0, 0, 1, 1), y, kinds["v"], kinds["d"], r)
    return "func.func @main(%%x: %s) -> %s {\n%s  return %%r : %s\n}\n" % (x, r, text, r)


def constants(text):
    """name -> array, of every f32 constant of a printed module (resources are hexadecimal behind it)."""
    blobs = {m[0]: m[1] for m in re.findall(r'^ *"?([^\s":]+)"?: "0x04000000([0-9A-F]*)"', text, re.M)}
    found = {}
    for name, values, shape in re.findall(
            r'%(\S+) = "tosa.const"\(\) <\{values = (.*?) : tensor<([0-9x]+)xf32>\}>', text):
        shape = tuple(map(int, shape.split("x")))
        key = re.match(r'dense_resource<"?([^">]+)"?>', values)
        if key:
            array = np.frombuffer(bytes.fromhex(blobs[key[1]]), np.float32).reshape(shape)
        else:
            array = np.broadcast_to(np.array(json.loads(values[6:-1]), np.float32), shape)
        found[name] = array
    return found


def problem(kh, kw, rho, rows, cols):
    """L' and P of the stated problem; columns of P: row taps, column taps."""
    correlation = [rho ** np.abs(np.subtract.outer(np.arange(k), np.arange(k))) for k in (kh, kw)]
    s = np.kron(correlation[0], correlation[1])
    cells = [(kh // 2) * kw + k for k in range(kw)] * rows + [i * kw + kw // 2 for i in range(kh)] * cols
    return np.linalg.cholesky(s).T, np.eye(kh * kw)[:, cells]


def expected(w, rho, full):
    """Row filters, column filters, relative error."""
    kh, kw, c, _ = w.shape
    rows = [c, (c + 1) // 2][not full]
    row, col, lost, norm = [], [], 0.0, 0.0
    for i in range(c):
        vec = w[:, :, i, 0].reshape(-1).astype(np.float64)
        takes = (1, 1) if full else (int(i < rows), int(i >= rows))
        lt, p = problem(kh, kw, rho, *takes)
        v = np.linalg.lstsq(lt @ p, lt @ vec, rcond=1e-12)[0]
        if takes[0]:
            row.append(v[:kw])
        if takes[1]:
            col.append(v[-kh:])
        lost += np.sum((lt @ (vec - p @ v)) ** 2)
        norm += np.sum((lt @ vec) ** 2)
    return np.array(row), np.array(col), np.sqrt(lost / norm)


def check(good, message):
    if not good:
        sys.exit("least_squares.py: " + message)


def near(found, wanted, scale, what):
    check(found.shape == wanted.shape, "%s: shape %s; expected %s" % (what, found.shape, wanted.shape))
    worst = float(np.max(np.abs(found - wanted))) / scale
    check(worst < 2e-6, "%s: off by %g of the largest weight" % (what, worst))


def run(fuse_opt, folder, w, b, v, stride, mode, rho):
    source, report = os.path.join(folder, "in.mlir"), os.path.join(folder, "report.json")
    with open(source, "w") as file:
        file.write(module(w, b, v, stride))
    done = subprocess.run([fuse_opt, source, "--fuse-rewrite=mode=%s rho=%s report=%s" % (mode, rho, report)],
                          capture_output=True, text=True)
    check(done.returncode == 0 and "the numbers change" in done.stderr, done.stderr)
    with open(report) as file:
        return done.stdout, json.load(file)["layers"][0]


def main():
    fuse_opt, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(3)
    n = 0
    for kh, kw, c, stride in ((3, 3, 4, 1), (5, 5, 7, 1), (3, 5, 3, 2), (7, 3, 2, 1), (7, 7, 5, 2)):
        w, b = (rng.standard_normal(s).astype(np.float32) for s in ((kh, kw, c, 1), (c,)))
        v = rng.standard_normal((3, 1, 1, c)).astype(np.float32)
        scale = float(np.abs(w).max()) * max(kh, kw)
        for rho in ("0.9", "0.5", "0", ".99"):
            for mode in ("half", "full"):
                what = "%s %dx%d rho %s" % (mode, kh, kw, rho)
                text, layer = run(fuse_opt, folder, w, b, v, stride, mode, rho)
                names = re.search(r'"fuse.fuseconv"\(%\w+, %(\w+), %(\w+), %(\w+), %(\w+)\)', text).groups()
                next_v = re.search(r"tosa.conv2d %\w+, %(\w+)", text)[1]
                found = constants(text)
                row, col, error = expected(w, float(rho), mode == "full")
                near(found[names[0]], row, scale, what + " row")
                near(found[names[2]], col, scale, what + " column")
                check(abs(layer["weight_error"] - error) < 1e-6, "%s: error %r; expected %r" % (
                    what, layer["weight_error"], error))
                rows = len(row)
                half_b = (b / 2, b / 2) if mode == "full" else (b[:rows], b[rows:])
                check(np.array_equal(found[names[1]], half_b[0]) and np.array_equal(found[names[3]], half_b[1]),
                      what + ": biases")
                wanted_v = np.concatenate([v, v], -1) if mode == "full" else v
                check(np.array_equal(found[next_v], wanted_v), what + ": weights of the 1x1 convolution")
                check(layer["approximation"] is False, what + ": nothing lies in between")
                n += 1
    # A cross is what full can hold exactly.
    w = np.zeros((5, 5, 3, 1), np.float32)
    w[2], w[:, 2] = rng.standard_normal((5, 3, 1)), rng.standard_normal((5, 3, 1))
    _, layer = run(fuse_opt, folder, w, np.ones(3, np.float32), np.ones((2, 1, 1, 3), np.float32), 1, "full", "0.9")
    check(layer["weight_error"] < 1e-7, "a cross: error %r" % layer["weight_error"])
    print("%d layers agree with numpy" % n)


main()
