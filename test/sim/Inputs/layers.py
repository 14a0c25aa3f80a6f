# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hand-written programs for one layer each, through fuse-as and fuse-sim, against numpy.

Usage: layers.py FOLDER. f32 is added in the documented order with each product rounded, so it must
be equal to the bit; i8 must be equal.
"""
import os
import subprocess
import sys

import numpy as np

L = 8  # lanes, rows and columns of stosx-8
rng = np.random.default_rng(5)


def hexdata(array):
    return array.tobytes().hex()


def run(folder, name, source, x, flags=()):
    path = os.path.join(folder, name)
    with open(path + ".s", "w") as f:
        f.write(source)
    np.save(path + ".x.npy", x)
    subprocess.run(["fuse-as", path + ".s", "-o", path + ".stos"], check=True)
    subprocess.run(["fuse-sim", path + ".stos", "--input", path + ".x.npy", "--output-dir", path + ".out",
                    "--poison", *flags], check=True, stdout=subprocess.DEVNULL)
    return np.load(os.path.join(path + ".out", "y.npy"))


def multiply_sum(pairs):
    """acc = +0; acc = acc + a * b, each rounded (f32) or exact (int32)."""
    acc = None
    for a, b in pairs:
        product = a * b
        acc = np.zeros_like(product) + product if acc is None else acc + product
    return acc


def params(bias, dtype, multiplier=0, shift=0):
    """Parameter entries: bias, scale, shift, aux."""
    out = np.zeros((len(bias), 4), np.int32)
    out[:, 0] = bias.astype(np.float32).view(np.int32) if dtype == "f32" else bias
    out[:, 1:3] = (multiplier, shift)
    return out


def requantise(acc, multiplier, shift):
    v = (acc.astype(np.int64) * multiplier + (1 << (shift - 1))) >> shift
    return np.clip(v, -128, 127).astype(np.int8)


def header(dtype, weights, x, out, packing):
    """Directives: x blocked or packed at 0 of io, y blocked behind it."""
    word = L * (4 if dtype == "f32" else 1)
    shape = "x".join(map(str, x.shape))
    return "\n".join([
        ".target stosx-8", ".datapath " + dtype,
        ".weights hex " + hexdata(weights[0]), ".weights hex " + hexdata(weights[1]),
        ".io %d" % (4096 * word),
        '.input "x" %s %s %s' % (dtype, shape, packing),
        '.output "y" %s %s blocked %d line=%d block=%d' % (dtype, "x".join(map(str, out)), 2048 * word, out[3],
                                                           out[2] * out[3]),
        '.node "layer" "Conv" "hand" macs=1000', ""])


def scale(dtype, multiplier):
    """The post program, and what it does to an accumulator with its bias."""
    if dtype == "f32":
        return "post=[bias, maxi 0.0]", lambda v: np.maximum(v, np.float32(0))
    return "post=[bias, scale]", lambda v: requantise(v, multiplier, 40)


def numbers(dtype, *shape):
    if dtype == "f32":
        return rng.standard_normal(shape).astype(np.float32)
    return rng.integers(-128, 128, shape).astype(np.int8)


def wide(dtype, array):
    return array if dtype == "f32" else array.astype(np.int32)


def depthwise(folder, dtype, kernel, hold):
    """kernel (kh, kw) depthwise on 1x8x6x7, same pads; hold: several accumulators, else one row."""
    kh, kw = kernel
    c, h, w = 8, 6, 7
    x, taps = numbers(dtype, 1, c, h, w), numbers(dtype, kh, kw, c)
    bias = np.arange(c, dtype=np.int32) * (3 if dtype == "i8" else 1)
    blob = np.concatenate([np.frombuffer(taps.tobytes(), np.uint8), np.zeros(-taps.nbytes % 16, np.uint8)])
    entry = blob.nbytes // 16
    post, finish = scale(dtype, 1 << 30)
    source = header(dtype, (blob, params(bias, dtype, 1 << 30, 40)), x, x.shape,
                    "blocked 0 line=%d block=%d" % (w, h * w))
    source += f"""
load.{dtype} main{{region=2 run={h * w}}} signal{{s0:1@0 done}}
load.{dtype} main{{chip=2048 run={kh * kw}}} signal{{s0:1@0 done}}
load.{dtype} main{{space=1 dram={entry} run=8}} signal{{s0:1@0 done}}
conv1d.{dtype} shape{{channels={c} ny={h} nx={w} ny_total={h} nx_total={w} tile={w} nkh={kh} nkw={kw} hold={hold}}} \
taps{{taps=2048}} in{{in=0 in_line={w} in_pixel=1}} window{{ih={h} iw={w} y0={-(kh // 2)} x0={-(kw // 2)}}} \
out{{out=4096 out_line={w} out_pixel=1}} post{{{post}}} wait{{s0:3@0}} signal{{s1:1@0 done}}
store.{dtype} main{{region=2 dram=2048 chip=4096 run={h * w}}} wait{{s1:1@0}}
end
"""
    y = run(folder, "dw_%s_%dx%d" % (dtype, kh, kw), source, x)
    padded = np.pad(wide(dtype, x[0]), ((0, 0), (kh // 2,) * 2, (kw // 2,) * 2))
    acc = multiply_sum((padded[:, i:i + h, j:j + w], wide(dtype, taps[i, j])[:, None, None])
                       for i in range(kh) for j in range(kw))
    b = bias[:, None, None].astype(acc.dtype)
    assert np.array_equal(finish(acc + b), y[0]), (dtype, kernel)


def packed(folder, dtype):
    """3x3 stride 2 on three channels: the host packs, the machine multiplies 1x1; 10 output channels."""
    c, h, w, k, m = 3, 7, 9, 3, 10
    oh, ow = 4, 5
    x, weights = numbers(dtype, 1, c, h, w), numbers(dtype, m, k, k, c)
    bias = np.arange(m, dtype=np.int32)
    blocks = -(-k * k * c // L)
    flat = np.zeros((16, blocks * L), x.dtype)
    flat[:m, :k * k * c] = weights.reshape(m, -1)
    words = np.concatenate([flat[:8].T.reshape(-1), flat[8:].T.reshape(-1)])  # [row block][step][row]
    entry = words.nbytes // 16
    post, finish = scale(dtype, 1 << 30)
    packing = "packed 0 kh=3 kw=3 stride_y=2 stride_x=2 dil_y=1 dil_x=1 pad_top=1 pad_left=1 " \
              f"out_lines={oh} out_pixels={ow} line={ow} block={oh * ow}"
    source = header(dtype, (words, params(np.resize(bias, 16), dtype, 1 << 30, 40)), x, (1, m, oh, ow),
                    packing)
    source += f"""
load.{dtype} main{{region=2 run={blocks * oh * ow}}} signal{{s0:1@0 done}}
load.{dtype} main{{chip=2048 run={2 * blocks * L}}} signal{{s0:1@0 done}}
load.{dtype} main{{space=1 dram={entry} run=16}} signal{{s0:1@0 done}}
gemm.{dtype} shape{{rows_total={m} ny={oh} nx={ow} tile=8 nkc={blocks}}} mode{{wrap=1}} left{{left=2048 left_m={blocks * L}}} \
in{{in=0 in_line={ow} in_pixel=1 in_block={oh * ow}}} window{{ih={oh} iw={ow}}} \
out{{out=4096 out_line={ow} out_pixel=1 out_block={oh * ow}}} post{{{post}}} wait{{s0:3@0}} signal{{s1:1@0 done}}
store.{dtype} main{{region=2 dram=2048 chip=4096 run={2 * oh * ow}}} wait{{s1:1@0}}
end
"""
    y = run(folder, "packed_" + dtype, source, x)
    padded = np.pad(wide(dtype, x[0]), ((0, 0), (1, 2), (1, 2)))
    acc = multiply_sum((padded[ch, i:i + 2 * oh - 1:2, j:j + 2 * ow - 1:2][None],
                        wide(dtype, weights[:, i, j, ch])[:, None, None])
                       for i in range(k) for j in range(k) for ch in range(c))
    b = bias[:, None, None].astype(acc.dtype)
    assert np.array_equal(finish(acc + b), y[0]), dtype


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
for dtype in ("f32", "i8"):
    depthwise(folder, dtype, (3, 3), 1)
    depthwise(folder, dtype, (1, 3), 0)
    packed(folder, dtype)
print("all equal")
