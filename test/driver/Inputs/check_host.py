# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_host.py REPORT "NODE OP"...: the nodes that the host runs, each once, and a row for each node."""
import json
import sys

report = json.load(open(sys.argv[1]))
host = [f"{node['node']} {node['op']}" for node in report["host"]]
assert host == sys.argv[2:], host
rows = [row["node"] for row in report["nodes"]]
assert len(set(rows)) == len(rows) and all(node["node"] in rows for node in report["host"]), rows
assert report["host_calls"] == sum(node["calls"] for node in report["host"]), report["host_calls"]
