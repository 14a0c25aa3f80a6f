# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every kernel's printed text, compiled, on random and edge values, held to numpy or exact arithmetic written here.

usage: kernels_numpy.py UNIT FOLDER CC

The C text is built with UndefinedBehaviorSanitizer, which stops at the first operation that isn't defined. Results that libm
computes may be a few units off; all others are compared to the bit (NaNs as NaNs).
"""
import ctypes
import fractions
import math
import struct
import subprocess
import sys

import numpy as np

RNG = np.random.default_rng(0)
RANK = 8
INTS = {"i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64,
        "ui8": np.uint8, "ui16": np.uint16, "ui32": np.uint32, "ui64": np.uint64}
FLOATS = {"f32": np.float32, "f64": np.float64}
STORED = dict(INTS, f16=np.float16, bf16=np.uint16, i1=np.bool_, **FLOATS)


# ---- values ----

def values(dtype, n):
    """n values of a type: edges first."""
    if dtype == "i1":
        return RNG.random(n) < 0.5
    if dtype in INTS:
        info = np.iinfo(INTS[dtype])
        edges = [0, 1, 2, 3, 7, info.max, info.max - 1, info.min, info.min + 1] + ([-1, -2] if info.min else [])
        wide = RNG.integers(info.min, info.max, n, dtype=INTS[dtype], endpoint=True)
        x = np.where(RNG.random(n) < 0.5, wide, wide % INTS[dtype](16))
        for i in range(n // 4):
            x[RNG.integers(0, n)] = edges[i % len(edges)]
        return x.astype(INTS[dtype])
    if dtype == "bf16":
        x = RNG.integers(0, 65536, n).astype(np.uint16)
        x[:8] = [0, 0x8000, 0x7f80, 0xff80, 0x7fc0, 1, 0x3f80, 0x4b00]
        return x
    x = np.concatenate([RNG.standard_normal(n // 2) * 4, np.exp(RNG.uniform(-100, 100, n - n // 2))])
    edges = [0.0, -0.0, math.inf, -math.inf, math.nan, 0.5, 1.5, 2.5, -0.5, -1.5, 127.5, 128.5, -128.5, 255.5, 65535.5, 65504, 65519.9,
             65520, 2.0 ** 31, 2.0 ** 31 - 0.5, -2.0 ** 31, -2.0 ** 31 - 1, 2.0 ** 32, 2.0 ** 63, -2.0 ** 63, 2.0 ** 64, 1e-7, 3e-8,
             2.0 ** -24, 2.0 ** -25, 3 * 2.0 ** -25, 1 + 2.0 ** -11, 1 + 3 * 2.0 ** -11, 1 + 2.0 ** -8, 1 + 3 * 2.0 ** -8, 1e-40, 3.4e38]
    RNG.shuffle(x)
    with np.errstate(all="ignore"):
        x = x.astype(STORED[dtype])
        m = min(len(edges), n * 3 // 4)
        x[RNG.permutation(n)[:m]] = np.array(RNG.permutation(edges)[:m]).astype(STORED[dtype])
    return x


def number(dtype, v):
    """A stored value as an exact Python number."""
    if dtype == "bf16":
        return float(np.uint32(int(v) << 16).view(np.float32))
    return v.item() if dtype in INTS or dtype == "i1" else float(v)


def to_bf16(v):
    """The nearest bfloat16 of an exact number, by fractions."""
    sign = 0x8000 if math.copysign(1, v) < 0 else 0
    if v != v:
        return 0x7fc0
    if v in (math.inf, -math.inf) or v == 0:
        return sign | (0x7f80 if v else 0)
    exact = abs(fractions.Fraction(v))
    below = 0
    low, high = 0, 0x7f80
    value = lambda b: fractions.Fraction(float(np.uint32(b << 16).view(np.float32))) if b < 0x7f80 else fractions.Fraction(2) ** 128
    while high - low > 1:  # value(low) <= exact < value(high)
        middle = (low + high) // 2
        low, high = (middle, high) if value(middle) <= exact else (low, middle)
    below, above = exact - value(low), value(low + 1) - exact
    return sign | (low if below < above or (below == above and low % 2 == 0) else low + 1)


def wrap(dtype, v):
    bits = np.iinfo(INTS[dtype]).bits
    v = int(v) & ((1 << bits) - 1)
    return v - (1 << bits) if np.iinfo(INTS[dtype]).min < 0 and v >> (bits - 1) else v


def cast(source, target, v):
    v = number(source, v)
    if target == "i1":
        return v != 0
    if target in INTS:
        if not isinstance(v, float):
            return wrap(target, v)
        info = np.iinfo(INTS[target])
        if v != v:
            return 0
        return info.max if v == math.inf else info.min if v == -math.inf else min(max(round(v), info.min), info.max)
    if target == "bf16":
        return to_bf16(v)
    if isinstance(v, bool) or target == "f64" or isinstance(v, float):
        return STORED[target](v)
    if target == "f16":
        return np.float16(np.float64(v))
    return np.array([v], dtype=INTS[source])[0].astype(np.float32)


# ---- what each family means ----

def py(f):
    """An integer function on Python's unlimited integers, wrapped to the type."""
    return lambda dtype, *xs: np.array([wrap(dtype, f(*(x.item() for x in v))) for v in zip(*xs)], INTS[dtype])


def trunc_div(a, b):
    return 0 if b == 0 else abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def power(a, b):
    if b >= 0:
        return pow(a, b, 1 << 64) if abs(a) > 1 else a ** (b % 2 + 2 if b else 0)
    return 0 if a == 0 else int(fractions.Fraction(1) / a ** (-b % 2 + 2)) if abs(a) == 1 else 0


def shift_right(dtype):
    bits = np.iinfo(INTS[dtype]).bits
    return lambda a, b: (a & ((1 << bits) - 1)) >> b if 0 <= b < 64 else 0


FLOAT1 = dict(ceil=np.ceil, cos=np.cos, exp=np.exp, floor=np.floor, log=np.log, sin=np.sin, tanh=np.tanh, acos=np.arccos,
              acosh=np.arccosh, asin=np.arcsin, asinh=np.arcsinh, atan=np.arctan, atanh=np.arctanh, cosh=np.cosh, sinh=np.sinh,
              tan=np.tan, round=np.rint, sqrt=np.sqrt, trunc=np.trunc, negate=np.negative, abs=np.abs,
              erf=np.vectorize(math.erf, otypes=[float]), isnan=np.isnan, isinf=np.isinf, reciprocal=lambda a: a.dtype.type(1) / a,
              rsqrt=lambda a: a.dtype.type(1) / np.sqrt(a), sigmoid=lambda a: 1 / (1 + np.exp(-a)),
              sign=lambda a: np.where(a == 0, a, np.sign(a)))
EXACT1 = "ceil floor round sqrt trunc negate abs isnan isinf reciprocal rsqrt sign".split()
INT1 = dict(abs=abs, negate=lambda a: -a, bitwise_not=lambda a: ~a, sign=lambda a: (a > 0) - (a < 0))
FLOAT2 = dict(add=np.add, sub=np.subtract, mul=np.multiply, div=np.divide, pow=np.power, fmod=np.fmod,
              maximum=lambda a, b: np.where((b > a) | (b != b), b, a), minimum=lambda a, b: np.where((b < a) | (b != b), b, a))
INT2 = dict(add=lambda a, b: a + b, sub=lambda a, b: a - b, mul=lambda a, b: a * b, maximum=max, minimum=min, intdiv=trunc_div,
            bitwise_and=lambda a, b: a & b, bitwise_or=lambda a, b: a | b, bitwise_xor=lambda a, b: a ^ b, pow=power,
            mod=lambda a, b: a % b if b else 0, fmod=lambda a, b: a - trunc_div(a, b) * b if b else 0,
            logical_left_shift=lambda a, b: a << b if 0 <= b < 64 else 0,
            arithmetic_right_shift=lambda a, b: a >> b if 0 <= b < 64 else -(a < 0),
            arithmetic_right_shift_round=lambda a, b: (a >> b) + (a >> (b - 1) & 1) if 0 < b < 64 else
            a if b == 0 else -(a < 0) + (a < 0 and b == 64))
TEST2 = dict(equal=np.equal, greater=np.greater, greater_equal=np.greater_equal, logical_and=np.logical_and,
             logical_or=np.logical_or, logical_xor=np.logical_xor)


class Kernels:
    def __init__(self, unit, folder, cc):
        text = subprocess.run([unit, "print", "all"], check=True, capture_output=True, text=True).stdout
        with open(folder + "/all.c", "w") as file:
            file.write(text)
        subprocess.run([cc, "-std=c99", "-O1", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error", "-shared", "-fPIC",
                        folder + "/all.c", "-o", folder + "/all.so", "-lm"], check=True)
        self.lib = ctypes.CDLL(folder + "/all.so")

    def call(self, name, tensors, params):
        """params: bytes of the struct."""
        address = ctypes.c_void_p.in_dll(self.lib, "use_" + name).value
        pointers = [ctypes.c_void_p(t.ctypes.data) for t in tensors]
        ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * (len(pointers) + 1))(address)(*pointers, ctypes.create_string_buffer(params))


def words(*numbers):
    return struct.pack("%di" % len(numbers), *numbers)


def strides(shape, result):
    """Element strides of an operand that is repeated to the result's shape; padded to RANK."""
    dense = [int(np.prod(shape[d + 1:])) for d in range(len(shape))]
    s = [0 if n == 1 and m != 1 else k for n, m, k in zip(shape, result, dense)]
    return s + [0] * (RANK - len(s))


def padded(shape):
    return list(shape) + [0] * (RANK - len(shape))


def check(name, found, expected, exact=True):
    if exact or found.dtype.kind not in "f":
        nan = np.isnan(found) & np.isnan(expected) if found.dtype.kind == "f" else np.zeros(found.shape, bool)
        good = found.dtype == expected.dtype and found.shape == expected.shape and all(
            found[i].tobytes() == expected[i].tobytes() or nan[i] for i in np.ndindex(*found.shape))
    else:
        good = np.allclose(found, expected, rtol=1e-5 if found.dtype == np.float32 else 1e-13, atol=1e-7, equal_nan=True)
    if not good:
        bad = [i for i in np.ndindex(*found.shape) if found[i].tobytes() != expected[i].tobytes()][:5]
        sys.exit("%s: %s\nfound    %s\nexpected %s" % (name, bad, [found[i] for i in bad], [expected[i] for i in bad]))


def unary(k, name, family, types):
    x = values(types[1], 200)
    y = np.full(x.shape, 0x55, np.uint8).astype(STORED[types[0]])
    with np.errstate(all="ignore"):
        if family == "cast":
            expected = np.array([cast(types[1], types[0], v) for v in x], STORED[types[0]])
            if types[0] == "bf16":  # NaNs by their meaning
                expected = np.where((expected & 0x7fff) > 0x7f80, 0x7fc0, expected)
        elif family == "bit_cast":
            expected = x.view(STORED[types[0]])
        elif types[1] == "i1":
            expected = ~x
        elif types[1] in INTS:
            expected = py(INT1[family])(types[1], x)
        else:
            expected = FLOAT1[family](x).astype(STORED[types[0]])
    k.call(name, [y, x], words(x.size))
    if family == "cast" and types[0] == "bf16":
        y = np.where((y & 0x7fff) > 0x7f80, 0x7fc0, y).astype(np.uint16)
    check(name, y, expected, types[1] not in FLOATS or family in EXACT1 + ["cast", "bit_cast"])


def binary(k, name, family, types):
    for sa, sb in (((90,), (90,)), ((3, 40, 2), (3, 1, 2)), ((1, 4), (50, 4))):
        shape = np.broadcast_shapes(sa, sb)
        a, b = (values(types[1], int(np.prod(s))).reshape(s) for s in (sa, sb))
        fa, fb = (np.broadcast_to(x, shape).reshape(-1) for x in (a, b))
        y = np.zeros(shape, STORED[types[0]])
        with np.errstate(all="ignore"):
            if family in TEST2:
                expected = TEST2[family](fa, fb)
            elif family == "logical_right_shift":
                expected = py(shift_right(types[1]))(types[1], fa, fb)
            elif types[1] in INTS:
                expected = py(INT2[family])(types[1], fa, fb)
            else:
                expected = FLOAT2[family](fa, fb).astype(STORED[types[0]])
        k.call(name, [y, a, b], words(len(shape), *padded(shape), *strides(sa, shape), *strides(sb, shape)))
        check(name, y.reshape(-1), expected, family not in ("pow", "fmod") or types[1] in INTS)


def axis_data(dtype, n=9):
    x = values(dtype, 2 * n * 3).reshape(2, n, 3)
    x[1, 1] = x[1, 0]  # equal values
    return x


def fold(step, x, dtype, first=None):
    y = x[:, 0].copy() if first is None else np.full(x[:, 0].shape, first, x.dtype)
    kept = []
    for i in range(0, x.shape[1]):
        a = x[:, i]
        y = py(step)(dtype, y.reshape(-1), a.reshape(-1)).reshape(y.shape) if dtype in INTS else step(y, a)
        kept.append(y)
    return kept


def extremes(dtype):
    """The larger and the smaller of two; a NaN is both."""
    if dtype not in FLOATS:
        return max, min
    return lambda y, a: np.where((a > y) | (a != a), a, y), lambda y, a: np.where((a < y) | (a != a), a, y)


def reduction(k, name, family, types):
    dtype = types[-1]
    x = axis_data(dtype)
    larger, smaller = extremes(dtype)
    with np.errstate(all="ignore"):
        if family == "argmax":
            best = np.where(np.isnan(x), np.inf, x) if dtype in FLOATS else x
            nan = np.isnan(x) if dtype in FLOATS else np.zeros(x.shape, bool)
            expected = np.where(nan.any(1), nan.argmax(1), best.argmax(1)).astype(np.int32)
        elif family in ("reduce_any", "reduce_all"):
            expected = getattr(x, family[7:])(1)
        else:
            step, first = {"reduce_sum": (lambda y, a: y + a, 0), "reduce_product": (lambda y, a: y * a, 1),
                           "reduce_max": (larger, None), "reduce_min": (smaller, None)}[family]
            expected = fold(step, x, dtype, first)[-1]
    y = np.zeros((2, 3), STORED[types[0]])
    k.call(name, [y, x], words(2, 9, 3))
    check(name, y, expected)


def cumsum(k, name, family, types):
    x = axis_data(types[0])
    first, step = (0, lambda y, a: y + a) if family == "cumsum" else (1, lambda y, a: y * a)
    for exclusive in (0, 1):
        for reverse in (0, 1):
            source = x[:, ::-1] if reverse else x
            with np.errstate(all="ignore"):
                kept = fold(step, source, types[0], first)
            expected = np.stack(([np.full_like(kept[0], first)] + kept[:-1]) if exclusive else kept, 1)
            y = np.zeros_like(x)
            k.call(name, [y, x], words(2, 9, 3, exclusive, reverse))
            check(name, y, expected[:, ::-1] if reverse else expected)


def quantize(k, name, family, types):
    """quantize: types y, x, scale, zero; dequantize the same way round. Shape 2, 9, 3."""
    stored = types[0] if family == "quantize" else types[1]
    x = values(types[1], 54).reshape(2, 9, 3)
    for n, params in ((9, (2, 9, 3)), (1, (1, 1, 54))):
        scale = np.float32(np.ldexp(RNG.uniform(1, 2, n), RNG.integers(-8, 3, n)))
        zero = values(stored, n)
        if family == "dequantize" and stored == "i32":  # a difference of two of them is exact in 64 bits only
            zero = zero // 2
        along = (lambda v: v.reshape(-1, 1)) if n > 1 else (lambda v: v)
        with np.errstate(all="ignore"):
            if family == "quantize":
                info = np.iinfo(INTS[stored])
                steps = np.rint(x / along(scale)).astype(np.float64) + along(zero)
                expected = np.clip(np.where(np.isnan(steps), along(zero), steps), info.min, info.max).astype(INTS[stored])
            else:
                expected = (x.astype(np.int64) - along(zero)).astype(np.float32) * along(scale)
        y = np.zeros_like(expected)
        k.call(name, [y, x, scale, zero], words(*params))
        check(name, y, expected)


def topk(k, name, family, types):
    for n, count in ((9, 4), (40, 40), (40, 1), (1, 1)):
        x = axis_data(types[2], n + 1)[:, :n].copy()
        for largest in (0, 1):
            key = np.where(np.isnan(x), np.inf, x) if types[2] in FLOATS else x.astype(object)
            nan = np.isnan(x) if types[2] in FLOATS else np.zeros(x.shape, bool)
            index = np.zeros((2, count, 3), np.int64)
            for o in range(2):
                for j in range(3):
                    order = sorted(range(n), key=lambda i: (nan[o, i, j], key[o, i, j]), reverse=bool(largest))
                    if largest:  # a reversed sort keeps equal ones in their order
                        assert all(order[i] < order[i + 1] for i in range(n - 1)
                                   if (nan[o, order[i], j], key[o, order[i], j]) == (nan[o, order[i + 1], j], key[o, order[i + 1], j]))
                    index[o, :, j] = order[:count]
            y, found = np.zeros((2, count, 3), x.dtype), np.zeros((2, count, 3), np.int64)
            k.call(name, [y, found, x], words(2, n, 3, count, largest))
            check(name, found, index)
            check(name, y, np.take_along_axis(x, index, 1))


def moving(k, name, family, types):
    dtype = types[0]
    x = values(dtype, 2 * 5 * 4).reshape(2, 5, 4)
    if family == "move":
        y = np.zeros((4, 2, 5), x.dtype)
        k.call(name, [y, x], words(0, 0, 3, *padded((4, 2, 5)), *padded((10, 5, 1)), *padded((1, 20, 4))))
        check(name, y, x.transpose(2, 0, 1).copy())
        k.call(name, [y, x], words(3, 39, 1, *padded((20,)), *padded((1,)), *padded((-1,))))
        check(name, y.reshape(-1)[3:23], x.reshape(-1)[:19:-1].copy())
    elif family == "fill":
        y = np.zeros(7, x.dtype)
        bits = x[0, 0, 0].tobytes() + bytes(8)
        k.call(name, [y], words(7) + bits[:8])
        check(name, y, np.full(7, x[0, 0, 0]))
    elif family == "select":
        c, b, y = values("i1", 5).reshape(1, 5, 1), values(dtype, 4).reshape(1, 1, 4), np.zeros_like(x)
        k.call(name, [y, c, x, b], words(3, *padded(x.shape), *strides(c.shape, x.shape), *strides(x.shape, x.shape),
                                         *strides(b.shape, x.shape)))
        check(name, y, np.where(c, x, b))
    elif family == "gather":
        index = np.array([[4, 0, -7], [9, 2, 2]], np.int32)
        y = np.zeros((2, 3, 4), x.dtype)
        k.call(name, [y, x, index], words(2, 5, 3, 4))
        check(name, y, np.stack([x[n][np.clip(index[n], 0, 4)] for n in range(2)]))
    else:
        index = np.array([[4, 0, -7], [9, 2, 2]], np.int32)
        rows, y = values(dtype, 24).reshape(2, 3, 4), x.copy()
        expected = x.copy()
        for n in range(2):
            for w in range(3):
                if 0 <= index[n, w] < 5:
                    expected[n, index[n, w]] = rows[n, w]
        k.call(name, [y, index, rows], words(2, 5, 3, 4))
        check(name, y, expected)


def update(k, name, family, types):
    dtype = types[0]
    x, rows = values(dtype, 40).reshape(2, 5, 4), values(dtype, 24).reshape(2, 3, 4)
    larger, smaller = extremes(dtype)
    step = {"scatter_add": lambda y, a: y + a, "scatter_mul": lambda y, a: y * a,
            "scatter_max": larger, "scatter_min": smaller}[family]
    index = np.array([[4, 0, -7], [9, 2, 2]], np.int32)  # two outside, one twice
    y, expected = np.zeros_like(x), x.copy()
    for n, w in ((0, 0), (0, 1), (1, 1), (1, 2)):
        old, new = expected[n, index[n, w]], rows[n, w]
        with np.errstate(all="ignore"):
            expected[n, index[n, w]] = py(step)(dtype, old, new) if dtype in INTS else step(old, new)
    k.call(name, [y, x, index, rows], words(2, 5, 3, 4))
    check(name, y, expected)


def clamp(k, name, family, types):
    x, y = values("f32", 100), np.zeros(100, np.float32)
    k.call(name, [y, x], words(100) + struct.pack("2f", -0.5, 2.0))
    check(name, y, np.where(x < -0.5, np.float32(-0.5), np.where(x > 2, np.float32(2), x)))


def rescaling(k, name, family, types):
    x = values(types[1], 60).reshape(12, 5)
    info = np.iinfo(INTS[types[0]])
    for double in (0, 1):
        multiplier = np.array([1 << 30, (1 << 31) - 1, 1, 1234567890, -(1 << 31)], np.int32)
        shift = np.array([2, 30, 31, 40, 62], np.int8)
        zx, zy = -7, 3
        expected = np.zeros(x.shape, INTS[types[0]])
        for i in np.ndindex(*x.shape):
            value, s = wrap("i32", int(x[i]) - zx), int(shift[i[1]])
            round = 1 << (s - 1)
            if double and s > 31:
                round += 1 << 30 if value >= 0 else -(1 << 30)
            v = wrap("i32", (value * int(multiplier[i[1]]) + round) >> s) + zy
            expected[i] = min(max(v, info.min), info.max)
        y = np.zeros(x.shape, INTS[types[0]])
        k.call(name, [y, x, multiplier, shift], words(12, 5, zx, zy, double))
        check(name, y, expected)


def table(k, name, family, types):
    x, entries, y = values("i8", 300), values("i8", 256), np.zeros(300, np.int8)
    k.call(name, [y, x, entries], words(300))
    check(name, y, entries[x.astype(int) + 128])


TESTS = {"rescale": rescaling, "table": table, "unary": unary, "binary": binary, "reduce": reduction, "cumsum": cumsum, "topk": topk,
         "quantize": quantize, "move": moving, "fill": moving,
         "ternary": moving, "gather": moving, "scatter": moving, "update": update, "clamp": clamp}
# Held to numpy through the C back end (test/codegen/run_c.py).
ELSEWHERE = {"conv2d", "dwconv2d", "tconv2d", "matmul", "pool2d", "resize"}


def main():
    unit, folder, cc = sys.argv[1:]
    k = Kernels(unit, folder, cc)
    table = subprocess.run([unit, "table"], check=True, capture_output=True, text=True).stdout.splitlines()
    n = 0
    for line in table:
        name, family, params, types = line.split(" ", 3)
        if params not in ELSEWHERE:
            TESTS[params](k, name, family, types.split())
            n += 1
    print("%d kernels" % n)


main()
