# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare targets/*.json with the presets and with the table of docs/machine.md.

usage: check_targets.py PROGRAM TARGETS    PROGRAM print NAME prints a target
"""
import json
import os
import subprocess
import sys

program, folder = sys.argv[1:]


def output(name):
    return subprocess.run([program, "print", name], check=True, capture_output=True).stdout


def documented(family, n):
    lanes = 16 if n == 64 else 8
    extended = family == "stosx"
    return {
        "name": "%s-%d" % (family, n), "rows": n, "cols": n, "lanes": lanes, "broadcast": int(family != "os"),
        "accumulators": 5 if extended else 1, "shadow": int(extended), "segments": 2 if extended and n >= 32 else 1,
        "overlap": 1, "taps": 64, "scratchpad_words": 16384 * n // lanes, "sections": 8, "param_entries": 4096, "luts": 8,
        "post_latency": 8, "dram_elems": 2 * n, "dram_latency": 100, "queue_depth": 16, "clock_mhz": 1000,
    }


expected = [documented(family, n) for family in ("os", "stos", "stosx") for n in (8, 16, 32, 64)]
assert sorted(os.listdir(folder)) == sorted(target["name"] + ".json" for target in expected), os.listdir(folder)
for target in expected:
    path = os.path.join(folder, target["name"] + ".json")
    with open(path, "rb") as file:
        text = file.read()
    assert list(json.loads(text).items()) == list(target.items()), (target, text)
    assert output(target["name"]) == text and output(path) == text, path
