# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# blocks.py - what the networks are made of: depthwise, FuSeConv, inverted residual, classifier.
#
# needs: graph.py
# gives: functions that append their nodes under a name prefix and return the last value
# source: Selvam, Ganesan, Kumar, FuSeConv, DATE 2021 (half and full variant)
"""Parts shared by the networks."""


def conv_bn(g, x, name, channels, kernel=(1, 1), stride=1, act=None, groups=1):
    x = g.conv(x, f"{name}/conv", channels, kernel, stride, groups)
    x = g.batch_norm(x, f"{name}/bn")
    return g.activation(x, f"{name}/act", act)


def depthwise(g, x, name, k, stride, act):
    channels = x.shape[0]
    return conv_bn(g, x, f"{name}/dw", channels, (k, k), stride, act, groups=channels)


def fuseconv(g, x, name, operator, k, stride, act):
    """The row filters (1xK) see the first half of the channels, or all of them ("full"); the column
    filters (Kx1) the other half, or all. Rows come first in the result. `act` is per branch."""
    rows, cols = (x, x) if operator == "full" else g.split(x, f"{name}/fuse/split")
    row = conv_bn(g, rows, f"{name}/fuse/row", rows.shape[0], (1, k), stride, act, rows.shape[0])
    col = conv_bn(g, cols, f"{name}/fuse/col", cols.shape[0], (k, 1), stride, act, cols.shape[0])
    return g.concat([row, col], f"{name}/fuse/concat")


def inverted_residual(g, x, name, channels, expanded, k, stride, act, operator):
    """MobileNet-V2's block: expand, filter, project, and add the input where the shapes agree."""
    y = x
    if expanded != x.shape[0]:
        y = conv_bn(g, y, f"{name}/expand", expanded, act=act)
    if operator == "depthwise":
        y = depthwise(g, y, name, k, stride, act)
    else:
        y = fuseconv(g, y, name, operator, k, stride, act)
    y = conv_bn(g, y, f"{name}/project", channels)
    return g.add(x, y, f"{name}/add") if y.shape == x.shape and stride == 1 else y


def inverted_residual_network(g, stages, operators):
    """MobileNet-V2 and its relatives, ReLU6 everywhere: a 32-channel stem, stages of inverted
    residuals (expansion, channels, blocks, stride, kernel), a 1280-channel head."""
    act = "relu6"
    x = conv_bn(g, g.input, "stem", 32, (3, 3), 2, act)
    names = (f"blocks.{i}" for i in range(len(operators)))
    todo = iter(operators)
    for expansion, channels, n_blocks, stride, k in stages:
        for i in range(n_blocks):
            x = inverted_residual(g, x, next(names), channels, x.shape[0] * expansion, k,
                                  stride if i == 0 else 1, act, next(todo))
    x = conv_bn(g, x, "head", 1280, act=act)
    classifier(g, x)


def classifier(g, x, hidden=None):
    """Pool and classify into 1000; `hidden` is the width of a hard-swish layer in between."""
    x = g.flatten(g.global_pool(x, "pool"), "flatten")
    if hidden:
        x = g.activation(g.gemm(x, "classifier/hidden", hidden), "classifier/act", "hard_swish")
    g.gemm(x, "classifier/fc", 1000)
