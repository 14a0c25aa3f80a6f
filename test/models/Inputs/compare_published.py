# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# compare_published.py - hold the table of `generate.py --stats` to the published parameter counts.
#
# needs: the table's file as the argument
# gives: exit status 1 and a line for each that is missing or off by more than 1 %
# source: Selvam, Ganesan, Kumar, FuSeConv, DATE 2021, table of results; EfficientNet-Lite's own page
import sys

VARIANTS = ("baseline", "full", "half", "full-part", "half-part")
# Millions, in the order of VARIANTS.
PUBLISHED = {
    "mobilenet_v1": (4.23, 7.36, 4.20, 4.35, 4.22),
    "mobilenet_v2": (3.50, 4.46, 3.46, 3.61, 3.49),
    "mnasnet_b1": (4.38, 5.66, 4.25, 4.47, 4.35),
    "mobilenet_v3_small": (2.93, 4.44, 2.89, 3.18, 2.92),
    "mobilenet_v3_large": (5.47, 10.57, 5.40, 5.57, 5.46),
    "efficientnet_lite0": (4.65,),
}

with open(sys.argv[1], encoding="utf-8") as f:
    rows = [line.split() for line in f][1:]
counts = {(network, variant): int(parameters) for network, variant, _, parameters, _ in rows}
n_good = n_bad = 0
for network, millions in PUBLISHED.items():
    for variant, published in zip(VARIANTS, millions):
        found = counts.get((network, variant), 0) / 1e6
        if abs(found / published - 1) <= 0.01:
            n_good += 1
        else:
            n_bad += 1
            print(f"{network} {variant}: {found:.3f} M parameters; published: {published} M")
print(f"{n_good} networks agree with their published parameters")
sys.exit(1 if n_bad else 0)
