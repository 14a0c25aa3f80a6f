# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fail with the rows of ops.def that no model of operators.py uses.

usage: list_operators.py operators.py ops.def
"""
import importlib.util
import re
import sys

spec = importlib.util.spec_from_file_location("cases", sys.argv[1])
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)
used = {node.op_type.lower() for _, model in cases.models() for node in model.graph.node}
with open(sys.argv[2]) as file:
    rows = set(re.findall(r'^OP\("(\w+)"', file.read(), re.MULTILINE))
if not rows:
    sys.exit("no rows found in " + sys.argv[2])
untested = sorted(rows - used)
if untested:
    sys.exit("no case for: " + " ".join(untested))
