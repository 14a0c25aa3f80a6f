# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# network.py - what the generator knows of a network before it is built, and its variants.
#
# needs: graph.py
# gives: Network, VARIANTS
"""Networks and variants."""

from dataclasses import dataclass
from typing import Callable

from .graph import Graph

# variant: (operator of the replaced blocks, only the listed part of the blocks is replaced)
VARIANTS = {
    "baseline": ("depthwise", False),
    "half": ("half", False),
    "full": ("full", False),
    "half-part": ("half", True),
    "full-part": ("full", True),
}


@dataclass(frozen=True)
class Network:
    """A family of networks that differ in the operator of each block.

    build(graph, operators) appends the nodes; operators has one of "depthwise", "half", "full" for
    each of the n_blocks blocks. `part` lists the blocks, from 0, that the *-part variants replace.
    """

    name: str
    build: Callable
    n_blocks: int
    part: tuple
    opset: int
    epsilon: float  # of the batch norms

    def graph(self, variant, resolution):
        operator, part_only = VARIANTS[variant]
        replaced = self.part if part_only else range(self.n_blocks)
        operators = [operator if i in replaced else "depthwise" for i in range(self.n_blocks)]
        g = Graph(f"{self.name}-{variant}-{resolution}", resolution, self.opset, self.epsilon)
        self.build(g, operators)
        g.name_output("logits")
        return g
