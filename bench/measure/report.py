# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""report.py - a simulator's report, by layers.

needs: the dict of fuse-sim --json (or fusec --report); a Network of layers.py
gives: cycles, stalls and mappings of each layer
"""

from dataclasses import dataclass, field


@dataclass
class Measured:
    cycles: int = 0
    compute: dict = field(default_factory=dict)  # cycles of array and vector commands by reason
    dma: dict = field(default_factory=dict)  # of load and store commands
    mappings: list = field(default_factory=list)


def by_layer(network, report):
    """{layer name: Measured}. Rows of nodes that no layer has keep their own names; rows of no node
    (what END waits for) count for the layer before."""
    layer_of = {node: layer.name for layer in network.layers for node in layer.nodes}
    found, name = {}, None
    for row in report["nodes"]:
        if row["node"] is not None:
            name = layer_of.get(row["node"], row["node"])
        entry = found.setdefault(name, Measured())
        entry.cycles += row["cycles"]
        for spent, kinds in (("compute", entry.compute), ("dma", entry.dma)):
            for reason, cycles in row[spent].items():
                kinds[reason] = kinds.get(reason, 0) + cycles
        if row["mapping"] and row["mapping"] not in entry.mappings:
            entry.mappings.append(row["mapping"])
    return found
