# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# check_spread.py - refuse a network in which some layer's output is constant or saturated.
#
# needs: numpy, onnx, onnxruntime
# gives: exit status 1 and one line per bad layer; else a line with the worst layers
"""A comparison of two implementations on such a network would prove nothing.

Every node's output is computed on one smooth random image. A layer is refused when more than
--limit percent of its elements are the same number or lie at the bounds of its activation, or when
one is not finite.
"""

import argparse
import sys

import numpy as np
import onnx
import onnxruntime as ort

from nets.images import smooth_images


class CannotCheck(Exception):
    """The file is not a network that this program can run."""


def clip_bounds(node, constants):
    """Clip's min and max: inputs since opset 11, attributes before; absent means unbounded."""
    values = {a.name: a.f for a in node.attribute}
    values |= {k: constants[n] for k, n in zip(("min", "max"), node.input[1:]) if n in constants}
    return values.get("min"), values.get("max")


def bounds(node, constants):
    """The (low, high) at which the node's output saturates; None is no bound."""
    if node.op_type in ("Relu", "HardSwish"):
        return 0.0, None
    if node.op_type == "HardSigmoid":
        return 0.0, 1.0
    if node.op_type == "Clip":
        return clip_bounds(node, constants)
    return None, None


def worst_of(y, low, high):
    """(percent, what is wrong with so many of the elements of y)."""
    y = y.astype(np.float64).ravel()
    finite = np.isfinite(y)
    if not finite.all():
        return 100.0, "not finite"  # one is too many
    # A number that more than half of the elements share is their median.
    same = np.abs(y - np.median(y)) <= 1e-6 * np.abs(y).max()
    at_bounds = np.zeros(y.shape, bool)
    for bound in (low, high):
        if bound is not None:
            at_bounds |= y == bound
    candidates = [(same.mean(), "the same number"), (at_bounds.mean(), "at the bounds")]
    share, what = max(candidates, key=lambda c: c[0])
    return 100.0 * share, what


def load(path):
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model)
    except OSError as e:
        raise CannotCheck(f"cannot read: {e.strerror}") from e
    except Exception as e:  # protobuf's and onnx's own, without a common base
        raise CannotCheck("not a valid ONNX network") from e
    return model


def run_all(model, seed):
    """[(node, its first output as an array)] for every node with a float output."""
    constants = {t.name: onnx.numpy_helper.to_array(t).item()
                 for t in model.graph.initializer if list(t.dims) in ([], [1])}
    stored = {t.name for t in model.graph.initializer}
    inputs = [i for i in model.graph.input if i.name not in stored]
    dims = [d.dim_value for d in inputs[0].type.tensor_type.shape.dim] if len(inputs) == 1 else []
    if len(dims) != 4 or dims[:2] != [1, 3] or dims[2] != dims[3] or dims[2] < 1:
        raise CannotCheck("its inputs are others; expected one of shape 1x3xRxR")
    nodes = [n for n in model.graph.node if n.op_type != "Constant"]
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=n.output[0]) for n in nodes)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    rng = np.random.Generator(np.random.PCG64(seed))
    image = smooth_images(rng, 1, dims[2]).transpose(0, 3, 1, 2).astype(np.float32)
    try:
        session = ort.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
        outputs = session.run(None, {inputs[0].name: image})
    except Exception as e:  # onnxruntime has no common base either
        raise CannotCheck("onnxruntime cannot run it: " + str(e).splitlines()[0]) from e
    pairs = zip(nodes, outputs, strict=True)
    return constants, [(n, y) for n, y in pairs if y.dtype == np.float32 and y.size > 1]


def check(path, seed, limit, n_worst):
    """Prints; returns whether the network is fit for comparisons."""
    try:
        constants, layers = run_all(load(path), seed)
    except CannotCheck as e:
        print(f"{path}: error: {e}", file=sys.stderr)
        return False
    rows = sorted(((*worst_of(y, *bounds(n, constants)), n, y) for n, y in layers),
                  key=lambda row: -row[0])
    bad = [row for row in rows if row[0] > limit]
    for percent, what, n, _ in bad:
        print(f"{path}:{n.name}: error: {percent:.1f} % of the output ({n.op_type}) is {what}; "
              f"expected at most {limit:g} %", file=sys.stderr)
    if bad:
        return False
    print(f"{path}: {len(layers)} layers, none constant or saturated; the worst:")
    for percent, what, n, y in rows[:n_worst]:
        print(f"  {percent:5.1f} %  {what:<16} {n.op_type:<18} {n.name}  deviation {y.std():.2f}")
    return True


def main(argv):
    p = argparse.ArgumentParser(prog="check_spread.py", description=__doc__.splitlines()[0])
    p.add_argument("files", nargs="+", metavar="FILE.onnx")
    p.add_argument("--seed", type=int, default=1, help="of the image (default: 1)")
    p.add_argument("--limit", type=float, default=95.0, help="percent (default: 95)")
    p.add_argument("--worst", type=int, default=3, help="layers to print (default: 3)")
    args = p.parse_args(argv)
    results = [check(f, args.seed, args.limit, args.worst) for f in args.files]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
