# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# __init__.py - the networks that the generator knows, by name.
#
# needs: one module per family
# gives: NETWORKS
"""Published mobile networks, described for the generator."""

from . import efficientnet_lite, mnasnet, mobilenet_v1, mobilenet_v2, mobilenet_v3

_FAMILIES = (mobilenet_v1, mobilenet_v2, mobilenet_v3, mnasnet, efficientnet_lite)
NETWORKS = {n.name: n for family in _FAMILIES for n in family.NETWORKS}
