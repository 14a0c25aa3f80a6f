# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""claims.py DIR: files of a hundred bytes that ask for terabytes are refused, and nothing near it is allocated on the way.

Each model goes to TOSA: one error with these words, status 1, and a peak of memory close to that of a small good model.
"""
import os
import struct
import subprocess
import sys

from protobuf import X, data, initializer, model, node, number, value

HUGE = 1 << 40
MARGIN_KB = 64 << 10


def int64s(name, *numbers):
    return initializer(name, [len(numbers)], data(9, struct.pack("<%dq" % len(numbers), *numbers)), dtype=7)


def scalar(name, number_):
    return initializer(name, [], data(9, struct.pack("<q", number_)), dtype=7)


Y = value(12, "y", ["n"])
TO_F32 = data(5, data(1, "to") + number(20, 2) + number(3, 1))
CASES = {
    "initializer": (model(X, Y, node("Add", ["x", "w"], ["y"]), initializer("w", [HUGE], data(9, b""))), "more than 2^31-1 elements"),
    "input": (model(value(11, "x", [HUGE]), Y, node("Relu", ["x"], ["y"])), "more than 2^31-1 elements"),
    "two_dims": (model(value(11, "x", [1 << 20, 1 << 20]), Y, node("Relu", ["x"], ["y"])), "more than 2^31-1 elements"),
    "constantofshape": (model(X, Y, int64s("s", HUGE), node("ConstantOfShape", ["s"], ["c"]), node("Add", ["x", "c"], ["y"])),
                        "constants of more than 256 MiB would be made"),
    "expand": (model(X, Y, int64s("s", HUGE, 1, 4), node("Expand", ["x", "s"], ["y"])), "an axis of 1099511627776"),
    "expand_known": (model(X, Y, int64s("s", HUGE), int64s("k", 1), node("Expand", ["k", "s"], ["e"]), node("Cast", ["e"], ["f"], TO_F32),
                           node("Add", ["x", "f"], ["y"])), "an axis of 1099511627776"),
    "tile": (model(X, Y, int64s("s", HUGE, 4), node("Tile", ["x", "s"], ["y"])), "1099511627776 repeats"),
    "range": (model(X, Y, scalar("a", 0), scalar("b", HUGE), scalar("c", 1), node("Range", ["a", "b", "c"], ["r"]),
                    node("Cast", ["r"], ["f"], TO_F32), node("Add", ["x", "f"], ["y"])), "a range of 1.09951e+12 elements"),
    "pad": (model(X, Y, int64s("p", 0, 0, 0, HUGE), node("Pad", ["x", "p"], ["y"])), "pads larger than 2147483647"),
    "pad_known": (model(X, Y, int64s("p", 0, 1 << 30), int64s("k", 1), node("Pad", ["k", "p"], ["q"]), node("Cast", ["q"], ["f"], TO_F32),
                        node("Add", ["x", "f"], ["y"])), "constants of more than 256 MiB would be made"),
}


def compile_file(path):
    """Exit status, what was said, and the peak of memory in KB."""
    process = subprocess.Popen(["fuse-opt", "--fuse-compile=to=tosa", path, "-o", os.devnull], stderr=subprocess.PIPE)
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said, usage.ru_maxrss


def main():
    def write(name, content):
        path = os.path.join(sys.argv[1], name + ".onnx")
        with open(path, "wb") as file:
            file.write(content)
        return path

    status, said, usual_kb = compile_file(write("good", model(X, value(12, "y"), node("Relu", ["x"], ["y"]))))
    assert status == 0 and not said, said
    n_good = 0
    for name, (content, expected) in CASES.items():
        status, said, peak_kb = compile_file(write(name, content))
        good = status == 1 and said.count("\n") == 1 and expected in said and peak_kb < usual_kb + MARGIN_KB
        n_good += good
        if not good:
            print("%s: status %d, %d KB where %d are usual, said\n  %s\nexpected\n  %s" % (name, status, peak_kb, usual_kb, said, expected))
    print("%d of %d claims refused at once" % (n_good, len(CASES)))
    return n_good != len(CASES)


sys.exit(main())
