# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check_json.py FILE: what fuse-objdump --json says of dump.s."""
import json
import sys

with open(sys.argv[1]) as file:
    root = json.load(file)
assert root["target"]["name"] == "os-8" and root["target"]["rows"] == 8
assert len(root["target_sha256"]) == 64 and root["model_sha256"] is None
assert root["region_bytes"] == {"weights": 20, "arena": 100, "io": 64}
assert root["inputs"][0]["scale"] == 0.5 and root["inputs"][0]["shape"] == [1, 8, 1, 2]
assert root["outputs"][0]["offset_bytes"] == 32
assert root["host"] == [{"kernel": 4000000000, "name": None, "words": [1],
                         "tensors": [{"region": "arena", "offset_bytes": 4, "size_bytes": 4}]}]
assert root["ranges"] == [{"begin": 0, "end": 64, "node": "n"}]
names = [(c["offset"], c["name"], c["node"]) for c in root["commands"]]
assert names == [(0, "load", "n"), (32, "store", "n"), (64, "end", None)], names
load = root["commands"][0]
assert load["text"] == "load.i8 main{dram=1 run=2}"
assert load["fields"]["run"] == 2 and load["fields"]["n"] == [1, 1, 1, 1]
