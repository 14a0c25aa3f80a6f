# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# generate.py - write a published mobile network as ONNX, depthwise or FuSeConv, seeded weights.
#
# needs: numpy, onnx
# gives: an .onnx file; with --list, --stats or --layers text on stdout
# source: parameter counts and FuSeConv forms as in Selvam, Ganesan, Kumar, FuSeConv, DATE 2021
"""Command line of the network generator. See models/README.md."""

import argparse
import signal
import sys

from nets import NETWORKS
from nets.network import VARIANTS

MAX_RESOLUTION = 4096


class Parser(argparse.ArgumentParser):
    """A usage error is one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: error: {message}\n")


def a_name_in(what, known):
    def parse(text):
        if text not in known:
            message = f"unknown {what} '{text}'; expected {', '.join(known)}"
            raise argparse.ArgumentTypeError(message)
        return text

    return parse


def an_integer(low, high):
    def parse(text):
        if not text.isascii() or not text.isdigit() or not low <= int(text[:20]) <= high:
            raise argparse.ArgumentTypeError(f"'{text}'; expected an integer from {low} to {high}")
        return int(text)

    return parse


def parse_args(argv):
    p = Parser(
        prog="generate.py",
        description="Write a published mobile network as ONNX, with seeded weights.",
    )
    p.add_argument("network", nargs="?", type=a_name_in("network", NETWORKS), metavar="NETWORK",
                   help="one of " + ", ".join(NETWORKS))
    p.add_argument("--variant", type=a_name_in("variant", VARIANTS), default="baseline",
                   metavar="VARIANT", help="one of " + ", ".join(VARIANTS) + " (default: baseline)")
    p.add_argument("--resolution", type=an_integer(1, MAX_RESOLUTION), default=224, metavar="R",
                   help="height and width of the input (default: 224)")
    p.add_argument("--seed", type=an_integer(0, 2**32 - 1), default=0, metavar="N",
                   help="of weights and statistics (default: 0)")
    p.add_argument("-o", metavar="FILE", dest="output", help="the .onnx file to write")
    p.add_argument("--list", action="store_true", help="list the networks and their blocks")
    p.add_argument("--stats", action="store_true",
                   help="print parameters and multiply-adds, of NETWORK or of all variants of all")
    p.add_argument("--layers", action="store_true", help="print the nodes of NETWORK")
    args = p.parse_args(argv)
    if args.output == "":
        p.error("-o ''; expected the name of a file")
    if args.network is None and (args.layers or args.output is not None):
        p.error("no network; expected one of " + ", ".join(NETWORKS))
    if not (args.list or args.stats or args.layers or args.output is not None):
        p.error("nothing to do; expected NETWORK -o FILE, --list, --stats or NETWORK --layers")
    return args


def print_list():
    print(f"{'network':<20} {'blocks':>6}  replaced by half-part and full-part")
    for n in NETWORKS.values():
        print(f"{n.name:<20} {n.n_blocks:>6}  {' '.join(map(str, n.part))}")


def print_stats(graphs):
    row = "{:<20} {:<10} {:>10} {:>11} {:>14}"
    print(row.format("network", "variant", "resolution", "parameters", "multiply-adds"))
    for name, variant, g in graphs:
        print(row.format(name, variant, g.input.shape[1], g.n_params(), g.n_macs()))


def print_layers(g):
    row = "{:<28} {:<18} {:<13} {:>10} {:>13}"
    print(row.format("node", "operator", "output", "parameters", "multiply-adds"))
    for n in g.nodes:
        print(row.format(n.name, n.op, "x".join(map(str, n.shape)), n.n_params(), n.macs))


def write(g, seed, path):
    """Returns the exit status."""
    # These take a third of a second to load: not for --help and --stats.
    from nets.export import to_onnx, write_file
    from nets.weights import draw_weights

    data = to_onnx(g, draw_weights(g, seed)).SerializeToString(deterministic=True)
    try:
        write_file(path, data)
    except OSError as e:
        print(f"{path}: error: cannot write: {e.strerror}", file=sys.stderr)
        return 1
    return 0


def main(argv):
    args = parse_args(argv)
    if args.list:
        print_list()
    if args.network is None:
        if args.stats:
            print_stats((n.name, v, n.graph(v, args.resolution))
                        for n in NETWORKS.values() for v in VARIANTS)
        return 0
    g = NETWORKS[args.network].graph(args.variant, args.resolution)
    if args.stats:
        print_stats([(args.network, args.variant, g)])
    if args.layers:
        print_layers(g)
    return write(g, args.seed, args.output) if args.output is not None else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `generate.py --stats | head` ends quietly
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
