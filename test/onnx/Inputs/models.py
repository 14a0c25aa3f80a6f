# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Write one of the small models that the tests of the importer look at.

usage: models.py NAME OUT.onnx
"""
import struct
import sys

from protobuf import HEAD, X, Y, data, initializer, model, node, number, value


def attribute(name, kind, *fields):
    return data(5, data(1, name) + number(20, kind) + b"".join(fields))


def kinds():
    """Every kind of attribute, an absent input, results of operators with any number of inputs and outputs."""
    return model(
        data(2, "kinds of things"), data(10, "about the graph"),
        node("LSTM", ["x", "w", "w"], ["", "h", "l"], data(3, "recur"), data(6, "about the node"),
             attribute("activations", 8, data(9, "Tanh"), data(9, "Relu")),
             attribute("activation_alpha", 6, data(7, struct.pack("<2f", 0.5, 1))),
             attribute("clip", 1, b"\x15" + struct.pack("<f", 2.5)),
             attribute("hidden_size", 2, number(3, -3)),
             attribute("direction", 3, data(4, "forward"))),
        node("Split", ["h"], ["a", "b"], attribute("axis", 2)),
        node("Concat", ["a", "b", "x"], ["c"], attribute("axis", 2, number(3, 1))),
        node("Clip", ["c", "", "top"], ["y"]),
        node("Constant", [], ["top"], attribute("value", 4, data(5, number(2, 1) + data(4, struct.pack("<f", 6))))),
        node("Transpose", ["y"], ["z"], attribute("perm", 7, data(8, b"\1\0"))),
        X, Y, value(12, "z", ["n", 4]),
        value(13, "h", [1, 2]), value(13, "a", [1, 2]), value(13, "b", ["n", 2]),
        initializer("w", [2], data(9, struct.pack("<2f", 1, 2))),
        initializer("nobody reads it", [99], data(9, b"")),
    ) + data(2, "by hand") + data(3, "1.0") + data(4, "some.domain") + number(5, 3) + data(6, "about the model") + \
        data(14, data(1, "key") + data(2, "value")) + data(8, data(1, "other") + number(2, 1))


def names():
    """Nodes without names, with repeated ones, and one whose made-up name stands in the file."""
    chain = [("", "x"), ("twice", "a0"), ("", "a1"), ("twice", "a2"), ("Relu_2", "a3"), ("twice#6", "a4"), ("twice", "a5")]
    return model(*[node("Relu", [source], ["y" if i + 1 == len(chain) else "a%d" % i], data(3, name))
                   for i, (name, source) in enumerate(chain)], X, Y)


def storage():
    """Each element type in raw_data and in its typed field; every result is an output."""
    types = [  # data_type, struct code, numbers, field of the typed storage, its bytes
        (1, "f", [1.5, -2], 4, None), (2, "B", [1, 255], 5, None), (3, "b", [1, -128], 5, None), (4, "H", [1, 65535], 5, None),
        (5, "h", [1, -32768], 5, None), (6, "i", [1, -7], 5, None), (7, "q", [1, -(1 << 40)], 7, None), (9, "?", [1, 0], 5, None),
        (10, "H", [0x3C00, 0xC000], 5, None), (11, "d", [1.5, -2], 10, None), (12, "I", [1, 1 << 31], 11, None),
        (13, "Q", [1, 1 << 63], 11, None), (16, "H", [0x3F80, 0xC000], 5, None)]
    fields = []
    for dtype, code, numbers, field, _ in types:
        raw = struct.pack("<2" + code, *numbers)
        typed = [data(field, raw)] if field in (4, 10) else [number(field, int(n)) for n in numbers]
        for name, stored in (("raw", [data(9, raw)]), ("typed", typed)):
            fields += [initializer("%s%d" % (name, dtype), [2], *stored, dtype=dtype), value(12, "%s%d" % (name, dtype), [2], dtype)]
    return model(*fields)


def dims():
    """A named, a numbered and an open dimension; an input without a shape."""
    open_shape = data(2, data(1, number(1, 1) + data(2, data(1, data(2, "batch")) + data(1, number(1, 3)) + data(1, b""))))
    return model(node("Add", ["image", "rest"], ["y"]), data(11, data(1, "image") + open_shape),
                 data(11, data(1, "rest") + data(2, data(1, number(1, 1)))), value(12, "y", ["batch", 3, "other"]))


def shaped():
    """Inputs that decide a shape: one by itself, one times an initializer; and an initializer that is declared an input."""
    return model(node("Reshape", ["x", "shape"], ["r"]), node("Mul", ["n", "two"], ["n2"]), node("Tile", ["r", "n2"], ["y"]),
                 value(11, "x", [2, 6]), value(11, "shape", [2], 7), value(11, "n", ["axes"], 7), value(11, "two", [2], 7),
                 value(12, "y", ["rows", "columns"]), initializer("two", [2], data(9, (b"\2" + bytes(7)) * 2), dtype=7))


def unsorted():
    """Nodes in the order 2, 0, 1; and one after the other two that only the file's order places."""
    return model(node("Relu", ["b"], ["y"]), node("Abs", ["x"], ["a"]), node("Neg", ["a"], ["b"]), node("Exp", ["x"], ["c"]), X, Y)


def newer():
    """Fields of later ONNX versions, and some that nobody knows."""
    entry = data(1, "key") + data(2, "value")
    return model(node("Relu", ["x"], ["y"], data(9, entry), data(9, entry), data(8, ""), data(10, ""), data(10, "")), X, Y, data(16, entry),
                 data(14, data(1, "x")), number(77, 5)) + data(99, "?") + data(99, "?")


def declared():
    """Old files list their initializers as graph inputs."""
    return model(node("Add", ["x", "w"], ["y"]), value(11, "w", [4]), X, Y, initializer("w", [4], data(9, bytes(16))))


def external():
    """Weights in the file that DIR/weights.bin stands for; see external.test."""
    def tensor(name, **entries):
        return initializer(name, [2], number(14, 1), *[data(13, data(1, k) + data(2, v)) for k, v in entries.items()])
    location = sys.argv[3]
    entries = dict(entry.split("=") for entry in sys.argv[4:])
    return model(node("Add", ["x", "w"], ["y"]), X, Y, tensor("w", location=location, **entries))


def main():
    with open(sys.argv[2], "wb") as file:
        file.write(globals()[sys.argv[1]]())


main()
