# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# mnasnet.py - MnasNet-B1 (Tan et al., 2019): inverted residuals with 3x3 and 5x5 filters.
#
# needs: blocks.py
# gives: NETWORKS
"""MnasNet-B1, with ReLU6 as in the published FuSeConv networks (the MnasNet paper has ReLU)."""

from .blocks import inverted_residual_network
from .network import Network

# expansion, channels, blocks, stride, kernel
_STAGES = (
    (1, 16, 1, 1, 3), (3, 24, 3, 2, 3), (3, 40, 3, 2, 5), (6, 80, 3, 2, 5),
    (6, 96, 2, 1, 3), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3),
)


def _build(g, operators):
    inverted_residual_network(g, _STAGES, operators)


NETWORKS = (
    Network("mnasnet_b1", _build, n_blocks=17, part=range(1, 10), opset=13, epsilon=1e-5),
)
