# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# efficientnet_lite.py - EfficientNet-Lite0: EfficientNet-B0 without squeeze-excite, ReLU6.
#
# needs: blocks.py
# gives: NETWORKS
"""EfficientNet-Lite0."""

from .blocks import inverted_residual_network
from .network import Network

# expansion, channels, blocks, stride, kernel
_STAGES = (
    (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3),
)


def _build(g, operators):
    inverted_residual_network(g, _STAGES, operators)


# No FuSeConv version of it is published: the replaced half is chosen like MobileNet-V2's.
NETWORKS = (
    Network("efficientnet_lite0", _build, n_blocks=16, part=range(1, 9), opset=13, epsilon=1e-3),
)
