# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# check_network_files.py - hold generated files to their description: parameters, versions, FuSeConv's attributes.
#
# needs: onnx; the file with the output of `generate.py --stats -o FILE`, then each FILE, baseline and half
# gives: an assertion for what differs
import sys

import onnx


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def n_parameters(graph):
    """Weights and biases: not the batch norms' statistics, clip bounds, split sizes."""
    sizes = {t.name: onnx.numpy_helper.to_array(t).size for t in graph.initializer}
    used = {name for n in graph.node if n.op_type in ("Conv", "Gemm") for name in n.input[1:]}
    used |= {name for n in graph.node if n.op_type == "BatchNormalization" for name in n.input[1:3]}
    return sum(sizes[name] for name in used)


def spatial_convs(graph):
    """[(kernel, pads, both strides equal)] of the depthwise convolutions."""
    channels = {t.name: t.dims[0] for t in graph.initializer}
    for n in graph.node:
        a = attributes(n)
        if n.op_type == "Conv" and a["group"] > 1:
            assert a["group"] == channels[n.input[1]], n.name
            yield a["kernel_shape"], a["pads"], a["strides"][0] == a["strides"][1]


def check(path, parameters, variant):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    graph = model.graph
    operators = {n.op_type for n in graph.node}
    assert n_parameters(graph) == parameters, (n_parameters(graph), parameters)
    assert model.ir_version == 8
    assert [o.version for o in model.opset_import] == [14 if "HardSwish" in operators else 13]
    assert [(i.name, [d.dim_value for d in i.type.tensor_type.shape.dim]) for i in graph.input] == [
        ("input", [1, 3, 64, 64])]
    assert [(o.name, [d.dim_value for d in o.type.tensor_type.shape.dim]) for o in graph.output] == [
        ("logits", [1, 1000])]
    names = [n.name for n in graph.node]
    assert all(names) and len(set(names)) == len(names)
    convs = list(spatial_convs(graph))
    assert convs and all(equal for _, _, equal in convs)
    for (kh, kw), pads, _ in convs:
        assert pads == [kh // 2, kw // 2, kh // 2, kw // 2], (kh, kw, pads)
    kernels = [(kh, kw) for (kh, kw), _, _ in convs]
    if variant == "baseline":
        assert all(kh == kw and kh in (3, 5) for kh, kw in kernels), kernels
    else:
        assert all(kh == 1 and kw in (3, 5) for kh, kw in kernels[0::2]), kernels
        assert kernels[1::2] == [(kw, kh) for kh, kw in kernels[0::2]], kernels
    # Two halves: each Split's outputs go to one 1xK and one Kx1 convolution.
    assert ("Split" in operators) == (variant == "half")


with open(sys.argv[1], encoding="utf-8") as f:
    rows = [line.split() for line in f if "parameters" not in line]
for path, (_, variant, resolution, parameters, _), expected in zip(
        sys.argv[2:], rows, ("baseline", "half"), strict=True):
    assert (variant, resolution) == (expected, "64")
    check(path, int(parameters), variant)
