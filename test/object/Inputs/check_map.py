# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check_map.py FILE: the map of dump.s's memory images."""
import json
import sys

with open(sys.argv[1]) as file:
    root = json.load(file)
assert root["text"] == {"file": "text.hex", "word_bytes": 16, "words": 5}
assert root["dram"] == {"file": "dram.hex", "word_bytes": 16, "words": 2}
assert root["regions"] == [
    {"name": "weights", "base_bytes": 0, "base_beats": 0, "bytes": 20},
    {"name": "arena", "base_bytes": 256, "base_beats": 16, "bytes": 100},
    {"name": "io", "base_bytes": 512, "base_beats": 32, "bytes": 64}]
assert root["inputs"][0]["name"] == "x" and root["outputs"][0]["block_pitch"] == 2
assert root["target"]["dram_elems"] == 16 and root["datapath"] == "i8"
