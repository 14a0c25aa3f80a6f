# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fail with the rows of ops.def that no model of the case files uses.

usage: list_operators.py ops.def operators.py...
"""
import importlib.util
import re
import sys

used = set()
for path in sys.argv[2:]:
    spec = importlib.util.spec_from_file_location("cases", path)
    cases = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cases)
    used |= {node.op_type.lower() for _, model in cases.models() for node in model.graph.node}
with open(sys.argv[1]) as file:
    rows = set(re.findall(r'^OP\("(\w+)"', file.read(), re.MULTILINE))
if not rows:
    sys.exit("no rows found in " + sys.argv[1])
untested = sorted(rows - used)
if untested:
    sys.exit("no case for: " + " ".join(untested))
