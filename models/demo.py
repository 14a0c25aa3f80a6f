#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""demo.py - compile networks, run them on the simulator and as C, compare, and show what came of it.

needs: the tools in build/bin, a C compiler; numpy, onnx, scikit-learn
gives: tables on standard output; files in build/demo (or --folder) only. Status 1 when simulator and C differ.

Without --model: the two digits networks on three machines, held-out digits, their accuracy.
With --model: any network on one machine, with seeded noise.
"""
import argparse
import ctypes
import json
import os
import shlex
import shutil
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
MACHINES = ("os-16", "stos-16", "stosx-16")
# Name in the table, model, rewrite.
ROWS = (("3x3 depthwise", "digits-dw", "recognize"), ("3x3 depthwise, exact", "digits-dw", "exact"),
        ("FuSe-Half", "digits-half", "exact"))
N_SIMULATED = 20  # digits that the simulator reads, per network
N_DRAWN = 5
NOISE_SEED = 1


def fail(message):
    sys.exit("demo.py: error: " + message)


class Demo:
    def __init__(self, args):
        self.bin = args.bin
        self.folder = args.folder or os.path.join(os.path.dirname(os.path.normpath(args.bin)), "demo")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def tool(self, name, *arguments):
        done = subprocess.run([os.path.join(self.bin, name), *arguments], stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            sys.exit(done.returncode)

    def compile(self, name, model, target, rewrite, extra=(), c=False):
        """NAME.stos, perhaps NAME.c; the report."""
        emit = "stos,c" if c else "stos"
        self.tool("fusec", model, f"--target={target}", f"--rewrite={rewrite}", f"--emit={emit}", "-o",
                  self.path(name + ".stos"), "--report=" + self.path(name + ".json"), *extra)
        with open(self.path(name + ".json"), encoding="utf-8") as file:
            return json.load(file)

    def build_c(self, name, *flags):
        compiler = os.environ.get("CC", "cc")
        command = shlex.split(compiler) + ["-std=c99", "-O2", "-ffp-contract=off", *flags, self.path(name + ".c"), "-lm"]
        if subprocess.run(command).returncode != 0:
            fail("the C compiler refused " + self.path(name + ".c"))

    def simulate(self, name, inputs, output_names):
        """Outputs of the simulator; inputs are arrays."""
        words = []
        for k, array in enumerate(inputs):
            np.save(self.path(f"in{k}.npy"), array)
            words += ["--input", self.path(f"in{k}.npy")]
        self.tool("fuse-sim", self.path(name + ".stos"), "--output-dir", self.path("out"), *words)
        safe = ["".join(c if c.isascii() and c.isalnum() or c in "._-" else "_" for c in o) for o in output_names]
        return [np.load(self.path("out", s + ".npy")) for s in safe]


# ---- tables ----


def print_layers(report, baseline, other):
    """One line per node, in the order in which they end."""
    modes = {row["node"]: row["mode"] for row in report["rewrites"]}
    before = {row["node"]: row["cycles"] for row in baseline["nodes"]}
    print(f"  {'layer':<28} {'mapping':<15} {'rewrite':<10} {'cycles':>9} {'PEs busy':>9} {'on ' + other:>12}")
    for row in report["nodes"]:
        if row["node"] is None:
            continue
        name = row["node"] if len(row["node"]) <= 28 else ".." + row["node"][-26:]
        then = f"{before[row['node']]:>12,}" if row["node"] in before else f"{'':>12}"
        print(f"  {name:<28} {row['mapping']:<15} {modes.get(row['node'], ''):<10} {row['cycles']:>9,}"
              f" {100 * row['utilisation']:>7.1f} % {then}")


def print_summary(report):
    b = report["bytes"]
    print(f"  {report['commands']} commands in {b['text']:,} bytes; {b['weights']:,} bytes of weights, {b['arena']:,} of"
          f" arena, {b['io']:,} of input and output")
    print(f"  {report['cycles']:,} cycles, {report['macs']:,} multiply-adds: {100 * report['utilisation']:.1f} % of the array;"
          f" DRAM {report['dram_read_bytes']:,} bytes read, {report['dram_written_bytes']:,} written")
    host = [f"{node['node'] or '?'} ({node['op']})" for node in report["host"]]
    if host:
        print(f"  on the host: {sum(node['calls'] for node in report['host'])} calls, {report['host_macs']:,} multiply-adds, for {', '.join(host)}")


def next_steps(lines):
    print("\nNext:")
    for line in lines:
        print("  " + line)


# ---- the digits ----


def load_network(demo, name):
    """The compiled C program as a function of one image."""
    demo.build_c(name, "-shared", "-fPIC", "-o", demo.path(name + ".so"))
    with open(demo.path(name + ".h"), encoding="utf-8") as file:
        size = int(next(line.split()[2] for line in file if "_ARENA_BYTES" in line and line.startswith("#define")))
    entry = getattr(ctypes.CDLL(os.path.abspath(demo.path(name + ".so"))), name.replace("-", "_") + "_run")
    pointer = ctypes.POINTER(ctypes.c_float)
    arena = (ctypes.c_char * (size + 64))()
    aligned = ctypes.c_void_p((ctypes.addressof(arena) + 63) // 64 * 64)

    def run(image, keep=arena):
        logits = np.empty((1, 10), np.float32)
        entry(np.ascontiguousarray(image[None]).ctypes.data_as(pointer), logits.ctypes.data_as(pointer), aligned)
        return logits

    return run


def draw(images, labels, read):
    """Digits side by side, two lines of pixels in one line of characters."""
    shades = " ░▒▓█"
    for y in range(0, 8):
        print("  " + "   ".join("".join(2 * shades[min(4, int(v * 5))] for v in image[0, y]) for image in images))
    print("  " + "   ".join(f"{f'read as {r}' + ('' if r == l else f', is {l}'):<16}" for l, r in zip(labels, read)))


def digits(demo):
    from digits_data import load_digits_split

    split = load_digits_split()
    images, labels = split.held_out_images, split.held_out_labels
    table, reports, drawn = [], {}, None
    for title, model, rewrite in ROWS:
        path = os.path.join(HERE, model + ".onnx")
        for machine in MACHINES:
            name = f"{model}-{rewrite}-{machine}"
            reports[title, machine] = demo.compile(name, path, machine, rewrite, c=machine == MACHINES[-1])
        name = f"{model}-{rewrite}-{MACHINES[-1]}"
        run = load_network(demo, name)
        logits = np.concatenate([run(image) for image in images])
        right = int((logits.argmax(1) == labels).sum())
        simulated = np.concatenate([demo.simulate(name, [image[None]], ["logits"])[0] for image in images[:N_SIMULATED]])
        same = [a.tobytes() == b.tobytes() for a, b in zip(simulated, logits)]
        if not all(same):
            fail(f"{name}: simulator and C differ on digit {same.index(False)}")
        table.append((title, right, [reports[title, machine]["cycles"] for machine in MACHINES]))
        drawn = simulated.argmax(1)

    print(f"The last network on the simulated {MACHINES[-1]}, held-out digits:\n")
    draw(images[:N_DRAWN], labels, drawn[:N_DRAWN])
    shown = ROWS[1][0]
    print(f"\ndigits-dw.onnx, --rewrite=exact, on {MACHINES[-1]}:\n")
    print_summary(reports[shown, MACHINES[-1]])
    print()
    print_layers(reports[shown, MACHINES[-1]], reports[shown, MACHINES[0]], MACHINES[0])
    print(f"\nSimulator and C program: the same bits for {N_SIMULATED} of {N_SIMULATED} digits, for each network."
          f" Held-out digits: {len(labels)}.\n")
    print(f"  {'cycles a digit':<22} {'accuracy':>9}" + "".join(f" {m:>10}" for m in MACHINES) + f" {'speed-up':>9}")
    for title, right, cycles in table:
        print(f"  {title:<22} {100 * right / len(labels):>7.2f} %" + "".join(f" {c:>10,}" for c in cycles) +
              f" {table[0][2][0] / cycles[-1]:>8.2f}x")
    print(f"  (speed-up: {MACHINES[-1]} over the first network on {MACHINES[0]}; a 3x3 layer that is not rewritten runs as"
          "\n  its exact form where the machine has one)")


# ---- any network ----


def read_model(path, dims):
    """Inputs as noise and the outputs' names; sizes of symbolic dimensions from `--dim`."""
    import onnx

    sizes = dict(d.rpartition("=")[::2] for d in dims)
    rng = np.random.default_rng(NOISE_SEED)
    graph = onnx.load(path, load_external_data=False).graph
    known, inputs = {i.name for i in graph.initializer}, []
    for value in graph.input:
        if value.name in known:
            continue
        shape = [d.dim_value or int(sizes.get(d.dim_param, sizes.get(f"{value.name}:{i}", 1)))
                 for i, d in enumerate(value.type.tensor_type.shape.dim)]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
        noise = rng.standard_normal(shape)
        inputs.append((noise if dtype.kind == "f" else noise * 4).astype(dtype))
    return inputs, [o.name for o in graph.output]


def baseline_of(target):
    """The plain machine of the same size."""
    family, _, size = target.rpartition("-")
    return f"os-{size}" if family in ("stos", "stosx") and size.isdigit() else "os-16"


def any_network(demo, args):
    extra = [f"--dim={d}" for d in args.dim]
    report = demo.compile("net", args.model, args.target, args.rewrite, extra, c=True)
    other = baseline_of(args.target)
    baseline = demo.compile("baseline", args.model, other, args.rewrite, extra)
    inputs, outputs = read_model(args.model, args.dim)
    simulated = demo.simulate("net", inputs, outputs)
    demo.build_c("net", "-DNET_MAIN", "-o", demo.path("net"))
    weights = [demo.path("net.weights")] if os.path.exists(demo.path("net.weights")) else []
    results = [demo.path(f"c{k}.npy") for k in range(len(outputs))]
    command = [demo.path("net"), *weights, *[demo.path(f"in{k}.npy") for k in range(len(inputs))], *results]
    if subprocess.run(command).returncode != 0:
        fail("the C program failed")
    print(f"{report['network']}, --rewrite={args.rewrite}, on {report['target']}:\n")
    print_summary(report)
    print()
    print_layers(report, baseline, other)
    differ = [o for o, a, path in zip(outputs, simulated, results) if a.tobytes() != np.load(path).tobytes()]
    if differ:
        fail(f"simulator and C program differ in {', '.join(differ)}")
    print(f"\nSimulator and C program: the same bits in {len(outputs)} of {len(outputs)} outputs, for seeded noise.")
    print(f"Speed-up over {other}: {baseline['cycles'] / report['cycles']:.2f}x ({baseline['cycles']:,} cycles there)")


def shown(path):
    """As one would type it."""
    near = os.path.relpath(path)
    return shlex.quote(path if near.startswith("..") else near)


def main():
    p = argparse.ArgumentParser(description="Compile networks, run them, compare, and show it.")
    p.add_argument("--bin", default=os.path.join(HERE, "..", "build", "bin"), help="folder of the tools")
    p.add_argument("--folder", help="for the files; what is in it is removed; default: build/demo")
    p.add_argument("--model", help="an ONNX network (default: the digits)")
    p.add_argument("--target", help="with --model: the machine; default: stosx-16")
    p.add_argument("--rewrite", default="exact", help="with --model: a mode of fuse-rewrite; default: exact")
    p.add_argument("--dim", action="append", default=[], metavar="NAME=SIZE", help="of a symbolic dimension of the model")
    args = p.parse_args()
    if args.target and not args.model:
        p.error("--target without --model; the digits run on " + ", ".join(MACHINES))
    args.target = args.target or "stosx-16"
    if args.model and not os.path.isfile(args.model):
        fail(f"'{args.model}' is no file; expected an ONNX network")
    sys.stdout.reconfigure(errors="replace")  # a terminal without block characters
    demo = Demo(args)
    tool = {name: shown(os.path.join(args.bin, name)) for name in ("fusec", "fuse-sim", "fuse-objdump")}
    if args.model:
        any_network(demo, args)
        model, stos = shlex.quote(args.model), shown(demo.path("net.stos"))
        next_steps([f"{tool['fusec']} {model} {' '.join(shlex.quote('--dim=' + d) for d in args.dim)}".rstrip() +
                    f" --target={shlex.quote(args.target)} --emit=stos,c --report=report.json -v -o net.stos",
                    f"{tool['fuse-sim']} {stos}", f"{tool['fuse-objdump']} -d {stos}"])
        return
    digits(demo)
    stos = shown(demo.path("digits-dw-exact-stosx-16.stos"))
    next_steps([f"{tool['fusec']} {shown(os.path.join(HERE, 'digits-dw.onnx'))} --emit=stos,c -v -o digits.stos",
                f"{tool['fuse-sim']} {stos}   # the time of each layer, and why it stands still",
                f"{tool['fuse-objdump']} -d {stos}   # the commands",
                "make demo MODEL=path.onnx TARGET=stosx-64   # a network of your own"])


if __name__ == "__main__":
    main()
