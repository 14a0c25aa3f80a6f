# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# mobilenet_v3.py - MobileNet-V3-Small and -Large (Howard et al., 2019).
#
# needs: blocks.py
# gives: NETWORKS
"""MobileNet-V3-Small and MobileNet-V3-Large."""

from functools import partial

from .blocks import classifier, conv_bn, depthwise, fuseconv
from .network import Network

_RE, _HS = "relu", "hard_swish"

# kernel, expanded channels, channels, squeeze-excite, activation, stride
_SMALL = (
    (3, 16, 16, True, _RE, 2), (3, 72, 24, False, _RE, 2), (3, 88, 24, False, _RE, 1),
    (5, 96, 40, True, _HS, 2), (5, 240, 40, True, _HS, 1), (5, 240, 40, True, _HS, 1),
    (5, 120, 48, True, _HS, 1), (5, 144, 48, True, _HS, 1), (5, 288, 96, True, _HS, 2),
    (5, 576, 96, True, _HS, 1), (5, 576, 96, True, _HS, 1),
)
_LARGE = (
    (3, 16, 16, False, _RE, 1), (3, 64, 24, False, _RE, 2), (3, 72, 24, False, _RE, 1),
    (5, 72, 40, True, _RE, 2), (5, 120, 40, True, _RE, 1), (5, 120, 40, True, _RE, 1),
    (3, 240, 80, False, _HS, 2), (3, 200, 80, False, _HS, 1), (3, 184, 80, False, _HS, 1),
    (3, 184, 80, False, _HS, 1), (3, 480, 112, True, _HS, 1), (3, 672, 112, True, _HS, 1),
    (5, 672, 160, True, _HS, 2), (5, 960, 160, True, _HS, 1), (5, 960, 160, True, _HS, 1),
)


def _squeezed(channels):
    """A quarter of the channels, to the nearest multiple of 8 that is not below 90 % of it."""
    quarter = channels // 4
    rounded = max(8, (quarter + 4) // 8 * 8)
    return rounded if rounded >= 0.9 * quarter else rounded + 8


def _squeeze_excite(g, x, name):
    channels = x.shape[0]
    y = g.global_pool(x, f"{name}/se/pool")
    y = g.conv(y, f"{name}/se/reduce", _squeezed(channels), bias=True)
    y = g.activation(y, f"{name}/se/act", "relu")
    # Gates mostly open, as trained ones are. Half-open gates can double what an image carries that
    # opens them, in every block: the spread would depend on the image.
    y = g.conv(y, f"{name}/se/expand", channels, bias=True, centre=1.0)
    y = g.activation(y, f"{name}/se/gate", "hard_sigmoid")
    return g.mul(x, y, f"{name}/se/scale")


def _filter(g, x, name, k, stride, squeeze, act, operator):
    """The order of the nonlinearities differs, as published: MobileNet-V3 has the activation before
    the squeeze-excite; FuSeConv has linear branches, squeeze-excite on their concatenation, and the
    activation last."""
    if operator == "depthwise":
        x = depthwise(g, x, name, k, stride, act)
        return _squeeze_excite(g, x, name) if squeeze else x
    x = fuseconv(g, x, name, operator, k, stride, None)
    x = _squeeze_excite(g, x, name) if squeeze else x
    return g.activation(x, f"{name}/fuse/act", act)


def _build(blocks, head, g, operators):
    x = conv_bn(g, g.input, "stem", 16, (3, 3), 2, _HS)
    for i, (block, operator) in enumerate(zip(blocks, operators, strict=True)):
        k, expanded, channels, squeeze, act, stride = block
        name = f"blocks.{i}"
        y = x if expanded == x.shape[0] else conv_bn(g, x, f"{name}/expand", expanded, act=act)
        y = _filter(g, y, name, k, stride, squeeze, act, operator)
        y = conv_bn(g, y, f"{name}/project", channels)
        x = g.add(x, y, f"{name}/add") if y.shape == x.shape and stride == 1 else y
    x = conv_bn(g, x, "head", head, act=_HS)
    # 1280 wide in both: V3-Small's published FuSeConv parameters fit that, not the paper's 1024.
    classifier(g, x, hidden=1280)


NETWORKS = (
    Network("mobilenet_v3_small", partial(_build, _SMALL, 576), n_blocks=11, part=(2, 4, 5, 6, 7),
            opset=14, epsilon=1e-3),
    Network("mobilenet_v3_large", partial(_build, _LARGE, 960), n_blocks=15, part=range(1, 8),
            opset=14, epsilon=1e-3),
)
