# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""bounds.py - cycles below which no schedule of a layer can come, from shapes and the target alone.

needs: a Layer of layers.py; the dict of a file in targets/
gives: {reason: cycles}; the bound is the largest
source: docs/figures.md, "Bounds"; docs/machine.md for what a port moves in a cycle
"""

import json


def load_target(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def bounds_of(layer, target):
    rows, cols, lanes = target["rows"], target["cols"], target["lanes"]
    parts = layer.parts
    return {
        "MACs": sum(p.macs for p in parts) / (rows * cols),
        "ports": sum(ports(p, target) for p in parts),
        "drain": sum(drain(p, target) for p in parts),
        "DRAM": dram_elements(layer, lanes) / target["dram_elems"],
    }


def blocks(channels, lanes):
    return -(-channels // lanes)


def ports(part, target):
    """Words that must enter at an edge over words that the edge takes in a cycle."""
    lanes, rows, cols = target["lanes"], target["rows"], target["cols"]
    row_groups, col_groups = rows // lanes, cols // lanes
    if part.kind == "vector":
        return part.pixels * part.kernel * blocks(part.channels, lanes) / row_groups
    if part.kind == "depthwise" and target["broadcast"]:
        words = part.read * blocks(part.in_channels, lanes)
        return words / (row_groups * target["segments"])
    # GEMM: the left edge brings every weight once per tile of `cols` pixels, the top edge every
    # input of a pixel once per block of `rows` channels.
    steps = part.kernel * part.cin
    left = blocks(part.channels, lanes) * steps * max(1, part.pixels / cols) / row_groups
    inputs = part.pixels * part.kernel * part.cin * part.groups / lanes
    top = inputs * max(1, part.channels / part.groups / rows) / col_groups
    return max(left, top)


def drain(part, target):
    """The array lets go of `rows` results in a cycle."""
    if part.kind == "vector":
        return 0
    return part.pixels * blocks(part.channels, target["lanes"]) * target["lanes"] / target["rows"]


def dram_elements(layer, lanes):
    tensors = sum(pixels * blocks(channels, lanes) * lanes for pixels, channels in layer.tensors)
    return tensors + sum(p.weights for p in layer.parts)
