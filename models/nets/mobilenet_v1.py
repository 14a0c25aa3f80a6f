# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# mobilenet_v1.py - MobileNet-V1 (Howard et al., 2017): plain depthwise-separable blocks.
#
# needs: blocks.py
# gives: NETWORKS
"""MobileNet-V1."""

from .blocks import classifier, conv_bn, depthwise, fuseconv
from .network import Network

# channels, stride
_BLOCKS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
    (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
)


def _build(g, operators):
    x = conv_bn(g, g.input, "stem", 32, (3, 3), 2, "relu")
    for i, ((channels, stride), operator) in enumerate(zip(_BLOCKS, operators, strict=True)):
        name = f"blocks.{i}"
        if operator == "depthwise":
            x = depthwise(g, x, name, 3, stride, "relu")
        else:
            # As published: no activation between the concatenation and the 1x1 convolution.
            x = fuseconv(g, x, name, operator, 3, stride, None)
        x = conv_bn(g, x, f"{name}/pw", channels, act="relu")
    classifier(g, x)


NETWORKS = (
    Network("mobilenet_v1", _build, n_blocks=13, part=range(0, 5), opset=13, epsilon=1e-5),
)
