# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_report.py REPORT SIM OBJECT: a report of fusec against the simulator and the object file."""
import json
import subprocess
import sys

report, sim = (json.load(open(path)) for path in sys.argv[1:3])
dump = json.loads(subprocess.run(["fuse-objdump", "--json", sys.argv[3]], capture_output=True, check=True).stdout)

for key in sim:
    assert report[key] == sim[key], key
assert sum(node["cycles"] for node in report["nodes"]) == report["cycles"] > 0
assert sum(node["commands"] for node in report["nodes"]) == report["commands"] > 0
assert sum(node["macs"] for node in report["nodes"]) == report["macs"] > 0
assert report["network"] == "digits-half.onnx" and report["rewrite"] == "exact"
assert report["target"] == "stosx-16" and report["flags"] == "--target=stosx-16 --rewrite=exact"
assert report["host"] == [] and report["host_macs"] == 0 and report["layout_bytes"]["host"] == 0
border = [io["size_bytes"] for io in dump["inputs"] + dump["outputs"] if io["layout"] != "plain"]
assert report["layout_bytes"]["border"] == sum(border) > 0
assert report["bytes"] == {"text": dump["text_bytes"], **dump["region_bytes"]}
assert [row["mode"] for row in report["rewrites"]] == ["recognize"] * 4, report["rewrites"]
