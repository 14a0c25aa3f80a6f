# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# mobilenet_v2.py - MobileNet-V2 (Sandler et al., 2018): inverted residuals, 3x3 throughout.
#
# needs: blocks.py
# gives: NETWORKS
"""MobileNet-V2."""

from .blocks import inverted_residual_network
from .network import Network

# expansion, channels, blocks, stride, kernel
_STAGES = (
    (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3),
    (6, 96, 3, 1, 3), (6, 160, 3, 2, 3), (6, 320, 1, 1, 3),
)


def _build(g, operators):
    inverted_residual_network(g, _STAGES, operators)


NETWORKS = (
    Network("mobilenet_v2", _build, n_blocks=17, part=range(1, 10), opset=13, epsilon=1e-5),
)
