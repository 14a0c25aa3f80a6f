# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""verify.py - node by node: what ONNX Runtime computes, what the reference C computes, what the simulator computes.

needs: an ONNX model; its inputs, or seeded noise, or many samples of them
gives: a table on standard output; status 0 when all values agree, 1 when some don't, 2 when nothing was compared

Two differences are shown of each value. `alone`: ONNX Runtime computes the node from the values that the C program gave
it, so that only what this node does differently shows; it decides. `whole`: ONNX Runtime computes the whole network;
what earlier nodes did differently is in it.
"""
import tempfile
from dataclasses import dataclass, field, replace

import numpy as np

from .model import Model
from .program import Program
from .tools import STATUS_WRONG, Failure, Parser, file_name, main_of

TOLERANCE = 1e-4  # of the value's range, for floats
WIDE = 56  # characters of a cell
STEPS = 1  # for 8-bit integers; other integers and truth values are exact
# The C program computes in float32 what the model computes in float16; ONNX Runtime reads and writes rounded values there.
HALF_STEP = float(np.finfo(np.float16).eps)  # of the value's largest magnitude


@dataclass
class Difference:
    """Of an array from the one it should be."""

    largest: float  # infinite: not even type and shape are equal, or one has a number where the other hasn't
    part: float  # of the range of what it should be; 0 for integers
    steps: bool  # integers: largest counts them
    n: int = 0  # elements of the array
    n_off: int = 0  # integers: those that differ
    of_magnitude: float = np.inf  # floats: the part of the largest magnitude of what it should be

    def or_worse(self, other):
        """Of two samples."""
        worse = max(self, other, key=lambda d: d.largest)
        return replace(worse, part=max(self.part, other.part), n=self.n + other.n, n_off=self.n_off + other.n_off)

    def text(self):
        if self.steps:
            return f"{self.largest:g} steps" if self.largest != 1 else "1 step"
        return f"{self.largest:.3g} ({100 * self.part:.2g} %)" if self.largest else "0"

    def within(self, row, args):
        if not self.steps:
            return self.part <= args.tolerance or (row.half and self.of_magnitude <= HALF_STEP)
        return self.largest <= (args.steps if row.bytes else 0)


def difference(found, expected):
    exact = not np.issubdtype(expected.dtype, np.floating) and expected.dtype.kind != "V"
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return Difference(np.inf, np.inf, exact)
    if found.size == 0 or np.array_equal(found, expected):
        return Difference(0.0, 0.0, exact, found.size)
    if exact:
        wide = np.int64 if expected.dtype != np.uint64 else object
        off = np.abs(found.astype(wide) - expected.astype(wide))
        return Difference(float(off.max()), 0.0, True, off.size, int(np.count_nonzero(off)))
    a, b = found.astype(np.float64), expected.astype(np.float64)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    finite = b[np.isfinite(b)]
    if not np.isfinite(a[~same]).all() or not np.isfinite(b[~same]).all():
        return Difference(np.inf, np.inf, False)
    largest = float(np.abs(a - b)[~same].max(initial=0.0))
    span = float(np.ptp(finite)) if finite.size > 1 else 0.0
    magnitude = float(np.abs(finite).max(initial=0.0)) or 1.0
    return Difference(largest, largest / (span or magnitude), False, of_magnitude=largest / magnitude)


@dataclass
class Row:
    index: int
    node: object
    value: str
    kind: str  # "1x16x8x8 float32"; why there is nothing to compare
    alone: Difference | None = None
    whole: Difference | None = None
    sim: bool | None = None  # the same bits as C
    agrees: bool = True
    others: list = field(default_factory=list)  # nodes that the program has made one with this one
    bytes: bool = False  # 8-bit integers
    half: bool = False  # float16 is among what it is computed from, or itself

    def or_worse(self, other):
        """The row of two samples."""
        if self.alone:
            self.alone, self.whole = self.alone.or_worse(other.alone), self.whole.or_worse(other.whole)
        self.sim = other.sim if self.sim is None else self.sim and other.sim
        self.agrees = self.agrees and other.agrees
        return self


def kind_of(array):
    return f"{'x'.join(map(str, array.shape)) or 'scalar'} {array.dtype}"


class Comparison:
    """Of a program with its model, sample by sample."""

    def __init__(self, args, model, program):
        self.args, self.model, self.program = args, model, program
        self.rows = []  # the worst of all samples
        self.n_samples = 0
        self.classes = {}  # of each output, sample by sample: where ONNX Runtime's largest element is, and where C's
        self.parts, self.whole = {}, None  # ONNX Runtime's

    def add(self, arrays):
        """One sample."""
        self.program.write_inputs(arrays)
        c = self.program.run_c()
        known = {**arrays, **c}
        self.whole = self.whole or self.model.computes([name for name in c if name in self.model.producer])
        whole = self.whole(arrays)
        rows = [row for index in range(len(self.model.nodes)) for row in self.node(index, whole, known)]
        if self.args.sim:
            compare_sim(self.program, rows, c)
        self.rows = [a.or_worse(b) for a, b in zip(self.rows, rows, strict=True)] if self.rows else rows
        self.n_samples += 1
        for name in self.program.outputs:
            if name in whole and whole[name].size and sum(size > 1 for size in whole[name].shape) == 1:
                pair = int(np.argmax(whole[name])), int(np.argmax(c[name]))
                self.classes.setdefault(name, []).append(pair)

    def node(self, index, whole, c):
        """The rows of a node."""
        node = self.model.nodes[index]
        names = [name for name in node.output if name]
        there = [name for name in names if name in c]
        if there and index not in self.parts:
            part = self.model.part(there, c)
            self.parts[index] = part, self.model.part_computes(part, there, c)
        part, compute = self.parts.get(index, (None, None))
        alone = compute(c) if there else {}
        for name in names:
            if name not in c:
                yield Row(index, node, name, self.program.not_kept.get(name, "not in the program"))
                continue
            row = Row(index, node, name, kind_of(alone[name]), difference(c[name], alone[name]),
                      difference(c[name], whole[name]), bytes=alone[name].dtype in (np.int8, np.uint8))
            row.others = [other for other in part.nodes if other is not node and other.op_type != "Constant"]
            row.half = np.float16 in [alone[name].dtype, *(c[read].dtype for read in part.inputs)]
            row.agrees = row.alone.within(row, self.args)
            yield row


def same_bits(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def compare_sim(program, rows, c):
    """With all values kept, and the binary as it is otherwise, of which only the outputs can be seen."""
    kept, plain = program.run_sim(True), program.run_sim(False)
    for row in rows:
        if row.value in kept:
            row.sim = same_bits(kept[row.value], c[row.value])
            row.sim = row.sim and (row.value not in plain or same_bits(plain[row.value], c[row.value]))
            row.agrees = row.agrees and row.sim


# ---- the table ----


def shortened(text):
    """The two ends of a text that would make its column too wide; exporters' names say most there."""
    return text if len(text) <= WIDE else f"{text[:WIDE // 2 - 2]}...{text[-(WIDE // 2 - 1):]}"


def cells(row, sim):
    node = row.node.name or "-"
    columns = [str(row.index), node, row.node.op_type, row.value, row.kind]
    columns += [d.text() if d else "-" for d in (row.alone, row.whole)]
    if sim:
        columns.append("-" if row.sim is None else "same" if row.sim else "differs")
    return columns + ["" if row.agrees else "<<<"]


def print_table(rows, args):
    head = ["node", "name", "operator", "value", "what", "alone", "whole"] + (["sim"] if args.sim else []) + [""]
    table = [head] + [cells(row, args.sim) for row in rows]
    if not args.wide:
        table = [list(map(shortened, line)) for line in table]
    widths = [max(len(line[k]) for line in table) for k in range(len(head))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def expected_text(row, args):
    if row.alone.steps:
        return f"{args.steps} of 8-bit integers, 0 of others"
    half = f", or in float16 {100 * HALF_STEP:.2g} % of the largest magnitude" if row.half else ""
    return f"{100 * args.tolerance:g} %{half}"


def node_text(node):
    return f"'{node.name}' ({node.op_type})"


def print_first(row, args):
    """The first that doesn't agree."""
    where = f"node {row.index} {node_text(row.node)}, value '{row.value}'"
    if row.others:
        where += f", in one with {', '.join(map(node_text, row.others))}"
    if row.sim is False:
        print(f"first difference: {where}: the simulator's bits aren't those of the C program")
    else:
        print(f"first difference: {where}: {row.alone.text()}; expected at most {expected_text(row, args)}")


@dataclass
class Bytes:
    """What is said of all 8-bit values together."""

    n: int
    n_same: int
    steps: float  # the largest difference
    part: float  # of the elements that differ

    @staticmethod
    def of(rows):
        found = [row.alone for row in rows if row.bytes]
        n_off = sum(d.n_off for d in found)
        return Bytes(len(found), sum(d.largest == 0 for d in found), max((d.largest for d in found), default=0),
                     n_off / max(1, sum(d.n for d in found)))


def print_bytes(rows):
    found = Bytes.of(rows)
    if found.n_same < found.n:
        steps = "1 step" if found.steps == 1 else f"{found.steps:g} steps"
        print(f"{found.n_same} of {found.n} 8-bit values are the same; {100 * found.part:.2g} % of all elements differ, "
              f"by {steps} at most")
    elif found.n:
        print(f"{found.n} of {found.n} 8-bit values are the same")


def print_verdict(comparison, args):
    """The last lines; is everything right?"""
    rows = comparison.rows
    wrong = [row for row in rows if not row.agrees]
    compared = sum(row.alone is not None for row in rows)
    for row in wrong[:1]:
        print_first(row, args)
    print_bytes(rows)
    for name, pairs in comparison.classes.items() if args.samples else ():
        print(f"'{name}': {sum(a == b for a, b in pairs)} of {comparison.n_samples} samples have the same largest element")
    agree = sum(row.agrees for row in rows if row.alone)
    print(f"{agree} of {compared} values agree, {len(rows) - compared} aren't values of the program")
    return not wrong


# ---- the command line ----


def parse(argv):
    parser = Parser(
        prog="python -m fuse.verify",
        description="Compare the reference C with ONNX Runtime, node by node; the simulator with the reference C.")
    parser.add_argument("model", type=file_name, metavar="MODEL.onnx")
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--input", type=file_name, metavar="X.npz", help="arrays named as the inputs; without: seeded noise")
    given.add_argument("--samples", type=file_name, metavar="X.npz", help="the same with an axis in front that counts samples")
    parser.add_argument("--dim", metavar="NAME=SIZE", action="append", default=[],
                        help="size of a symbolic dimension, or of an input's (image:0=1), for noise")
    parser.add_argument("--value", metavar="INPUT=X.npy", action="append", default=[],
                        help="an input that is a constant, as for fusec")
    parser.add_argument("--sim", action="store_true", help="run the simulator, too")
    parser.add_argument("--target", type=file_name, metavar="NAME|FILE", help="the simulator's machine (default: fusec's)")
    parser.add_argument("--compiled", type=file_name, metavar="OTHER.onnx",
                        help="compile this file, which calls its values alike, instead of MODEL.onnx")
    parser.add_argument("--tolerance", type=float, default=TOLERANCE, metavar="X",
                        help=f"of a float value's range (default: {TOLERANCE:g}); where float16 is read or written "
                             f"{HALF_STEP:.2g} of the largest magnitude will do")
    parser.add_argument("--steps", type=int, default=STEPS, metavar="N",
                        help=f"of an 8-bit integer (default: {STEPS})")
    parser.add_argument("--wide", action="store_true", help=f"print names of over {WIDE} characters whole")
    parser.add_argument("--folder", type=file_name, help="keep programs and values here (default: a temporary folder)")
    args = parser.parse_args(argv)
    args.dims = {}
    for text in args.dim:
        name, _, size = text.rpartition("=")
        if not name or not size.isdecimal() or int(size) < 1:
            parser.error(f"--dim={text}; expected NAME=SIZE")
        args.dims[name] = int(size)
    args.values = {}
    for text in args.value:
        name, _, file = text.partition("=")
        if not name or not file:
            parser.error(f"--value={text}; expected INPUT=X.npy")
        args.values[name] = file
    if args.target and not args.sim:
        parser.error("--target without --sim; C doesn't depend on the machine")
    return args


def compare(args, folder):
    model = Model(args.model, args.values)
    samples = [model.read(args.input) if args.input else model.noise(args.dims)] if not args.samples else \
        model.read_samples(args.samples)
    flags = model.dim_flags(samples[0]) + [f"--value={text}" for text in args.value] + ([f"--target={args.target}"] if args.target else [])
    program = Program(folder, args.compiled or args.model, model.outputs, flags)
    program.build_c()
    for keep in (True, False) if args.sim else ():
        program.build_sim(keep)
    comparison = Comparison(args, model, program)
    for arrays in samples:
        comparison.add(arrays)
    return comparison


def verify(args, folder):
    comparison = compare(args, folder)
    print_table(comparison.rows, args)
    return print_verdict(comparison, args)


def main(argv):
    args = parse(argv)
    if args.folder:
        return 0 if verify(args, args.folder) else STATUS_WRONG
    with tempfile.TemporaryDirectory(prefix="fuse-verify-") as folder:
        return 0 if verify(args, folder) else STATUS_WRONG


if __name__ == "__main__":
    main_of(main)
