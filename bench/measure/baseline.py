# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""baseline.py - a depthwise convolution one channel at a time on an output-stationary array.

needs: a Part of layers.py; the dict of a target
gives: cycles
source: docs/figures.md, "One channel per pass"
"""


def one_channel_per_pass(part, target):
    """A channel's pixels go through one row in tiles of `cols`; a tile of n pixels takes
    max(kernel, n) cycles, since its results leave one column per cycle while the next computes."""
    full, rest = divmod(part.pixels, target["cols"])
    cycles = full * max(part.kernel, target["cols"])
    if rest:
        cycles += max(part.kernel, rest)
    return part.channels * cycles
