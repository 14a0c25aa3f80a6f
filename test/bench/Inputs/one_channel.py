# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Print cycles of depthwise layers with one channel per pass. usage: one_channel.py BENCH"""

import sys

sys.path.insert(0, sys.argv[1])

from measure.baseline import one_channel_per_pass
from measure.layers import Part

for title, kernel, pixels, channels in (
    ("3x3, 100 pixels, 16 channels", 9, 100, 16),
    ("5x5, 49 pixels, 1 channel", 25, 49, 1),
    ("3x3, 12 pixels, 2 channels", 9, 12, 2),
):
    part = Part("depthwise", kernel=kernel, pixels=pixels, channels=channels)
    print(f"{title}: {one_channel_per_pass(part, {'cols': 16})}")
