# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cycles of every queue, and of the nodes, sum to the program's."""
import json
import sys

report = json.load(open(sys.argv[1]))
assert report["cycles"] > 0
for name, reasons in report["queues"].items():
    assert sum(reasons.values()) == report["cycles"], name
assert sum(node["cycles"] for node in report["nodes"]) == report["cycles"]
