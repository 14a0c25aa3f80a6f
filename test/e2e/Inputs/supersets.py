# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""supersets - a network on targets of which each has all that the one before has: cycles don't grow.

    supersets.py FOLDER NET.onnx TARGET TARGET...
"""

import json
import subprocess
import sys


def cycles(folder, net, target):
    report = f"{folder}/{target}.json"
    subprocess.run(["fusec", net, f"--target={target}", "-o", f"{folder}/net.stos", f"--report={report}"],
                   check=True, capture_output=True)  # fmt: skip
    with open(report, encoding="utf-8") as file:
        return json.load(file)["cycles"]


def main():
    folder, net, *targets = sys.argv[1:]
    taken = [cycles(folder, net, target) for target in targets]
    print(net, *(f"{target} {n}" for target, n in zip(targets, taken)))
    # With a shadow register the first fill of a command takes a cycle more (M-CONV-7).
    if any(after > 1.0005 * before for before, after in zip(taken, taken[1:])):
        sys.exit(f"{net}: expected no target to be slower than the one before")


main()
