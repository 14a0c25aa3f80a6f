# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""verify.py - node by node: what ONNX Runtime computes, what the reference C computes, what the simulator computes.

needs: an ONNX model; its inputs, or seeded noise
gives: a table on standard output; status 0 when all values agree, 1 when some don't, 2 when nothing was compared

Two differences are shown of each value. `alone`: ONNX Runtime computes the node from the values that the C program gave
it, so that only what this node does differently shows; it decides. `whole`: ONNX Runtime computes the whole network;
what earlier nodes did differently is in it.
"""
import tempfile
from dataclasses import dataclass, field

import numpy as np

from .model import Model
from .program import Program
from .tools import STATUS_WRONG, Failure, Parser, main_of

TOLERANCE = 1e-4  # of the value's range, for floats
WIDE = 56  # characters of a cell
STEPS = 1  # for 8-bit integers; other integers and truth values are exact


@dataclass
class Difference:
    """Of an array from the one it should be."""

    largest: float  # infinite: not even type and shape are equal, or one has a number where the other hasn't
    part: float  # of the range of what it should be; 0 for integers
    steps: bool  # integers: largest counts them

    def text(self):
        if self.steps:
            return f"{self.largest:g} steps" if self.largest != 1 else "1 step"
        return f"{self.largest:.3g} ({100 * self.part:.2g} %)" if self.largest else "0"

    def within(self, dtype, args):
        if not self.steps:
            return self.part <= args.tolerance
        return self.largest <= (args.steps if dtype in (np.int8, np.uint8) else 0)


def difference(found, expected):
    exact = not np.issubdtype(expected.dtype, np.floating) and expected.dtype.kind != "V"
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return Difference(np.inf, np.inf, exact)
    if found.size == 0 or np.array_equal(found, expected):
        return Difference(0.0, 0.0, exact)
    if exact:
        wide = np.int64 if expected.dtype != np.uint64 else object
        return Difference(float(np.abs(found.astype(wide) - expected.astype(wide)).max()), 0.0, True)
    a, b = found.astype(np.float64), expected.astype(np.float64)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    finite = b[np.isfinite(b)]
    if not np.isfinite(a[~same]).all() or not np.isfinite(b[~same]).all():
        return Difference(np.inf, np.inf, False)
    largest = float(np.abs(a - b)[~same].max(initial=0.0))
    span = float(np.ptp(finite)) if finite.size > 1 else 0.0
    return Difference(largest, largest / (span or float(np.abs(finite).max(initial=0.0)) or 1.0), False)


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


def kind_of(array):
    return f"{'x'.join(map(str, array.shape)) or 'scalar'} {array.dtype}"


def compare_node(args, model, index, whole, c, not_kept):
    """The rows of a node."""
    node = model.nodes[index]
    names = [name for name in node.output if name]
    there = [name for name in names if name in c]
    part = model.part(there, c)
    alone = model.run_part(part, there, c) if there else {}
    for name in names:
        if name not in c:
            yield Row(index, node, name, not_kept.get(name, "not in the program"))
            continue
        row = Row(index, node, name, kind_of(alone[name]), difference(c[name], alone[name]),
                  difference(c[name], whole[name]))
        row.others = [other for other in part.nodes if other is not node and other.op_type != "Constant"]
        row.agrees = row.alone.within(alone[name].dtype, args)
        yield row


def same_bits(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def compare_sim(args, program, rows, c):
    """With all values kept, and the binary as it is otherwise, of which only the outputs can be seen."""
    kept = program.run_sim(True, program.outputs + program.kept_names)
    plain = program.run_sim(False, program.outputs)
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
    return f"{100 * args.tolerance:g} %"


def node_text(node):
    return f"'{node.name}' ({node.op_type})"


def print_verdict(rows, args):
    """The last lines; is everything right?"""
    wrong = [row for row in rows if not row.agrees]
    compared = sum(row.alone is not None for row in rows)
    for row in wrong[:1]:
        where = f"node {row.index} {node_text(row.node)}, value '{row.value}'"
        if row.others:
            where += f", in one with {', '.join(map(node_text, row.others))}"
        if row.sim is False:
            print(f"first difference: {where}: the simulator's bits aren't those of the C program")
        else:
            print(f"first difference: {where}: {row.alone.text()}; expected at most {expected_text(row, args)}")
    agree = sum(row.agrees for row in rows if row.alone)
    print(f"{agree} of {compared} values agree, {len(rows) - compared} aren't values of the program")
    return not wrong


# ---- the command line ----


def parse(argv):
    parser = Parser(
        prog="python -m fuse.verify",
        description="Compare the reference C with ONNX Runtime, node by node; the simulator with the reference C.")
    parser.add_argument("model", metavar="MODEL.onnx")
    parser.add_argument("--input", metavar="X.npz", help="arrays named as the inputs; without: seeded noise")
    parser.add_argument("--dim", metavar="NAME=SIZE", action="append", default=[],
                        help="size of a symbolic dimension, or of an input's (image:0=1), for noise")
    parser.add_argument("--sim", action="store_true", help="run the simulator, too")
    parser.add_argument("--target", metavar="NAME|FILE", help="the simulator's machine (default: fusec's)")
    parser.add_argument("--compiled", metavar="OTHER.onnx",
                        help="compile this file, which calls its values alike, instead of MODEL.onnx")
    parser.add_argument("--tolerance", type=float, default=TOLERANCE, metavar="X",
                        help=f"of a float value's range (default: {TOLERANCE:g})")
    parser.add_argument("--steps", type=int, default=STEPS, metavar="N",
                        help=f"of an 8-bit integer (default: {STEPS})")
    parser.add_argument("--wide", action="store_true", help=f"print names of over {WIDE} characters whole")
    parser.add_argument("--folder", help="keep programs and values here (default: a temporary folder)")
    args = parser.parse_args(argv)
    args.dims = {}
    for text in args.dim:
        name, _, size = text.rpartition("=")
        if not name or not size.isdecimal() or int(size) < 1:
            parser.error(f"--dim={text}; expected NAME=SIZE")
        args.dims[name] = int(size)
    if args.target and not args.sim:
        parser.error("--target without --sim; C doesn't depend on the machine")
    return args


def verify(args, folder):
    model = Model(args.model)
    if not model.nodes:
        raise Failure(f"{args.model}: error: a graph without nodes; there is nothing to compare")
    arrays = model.read(args.input) if args.input else model.noise(args.dims)
    flags = model.dim_flags(arrays) + ([f"--target={args.target}"] if args.target else [])
    program = Program(folder, args.compiled or args.model, model.outputs, flags)
    program.write_inputs(arrays)
    c = program.run_c()
    known = {**arrays, **c}
    whole = model.run(arrays, [name for name in c if name in model.producer])
    rows = [row for index in range(len(model.nodes))
            for row in compare_node(args, model, index, whole, known, program.not_kept)]
    if args.sim:
        compare_sim(args, program, rows, c)
    print_table(rows, args)
    return print_verdict(rows, args)


def main(argv):
    args = parse(argv)
    if args.folder:
        return 0 if verify(args, args.folder) else STATUS_WRONG
    with tempfile.TemporaryDirectory(prefix="fuse-verify-") as folder:
        return 0 if verify(args, folder) else STATUS_WRONG


if __name__ == "__main__":
    main_of(main)
