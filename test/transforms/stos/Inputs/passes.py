# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""passes.py SCRATCH PROGRAM.PY "TARGET..." NETWORK.mlir... - each network for each target, pass by pass."""
import os
import subprocess
import sys

scratch, check, targets = sys.argv[1], sys.argv[2], sys.argv[3].split()
here = os.path.dirname(os.path.abspath(__file__))


def run(*command):
    subprocess.run(command, check=True)


def path(name):
    return os.path.join(scratch, name + ".mlir")


os.makedirs(scratch, exist_ok=True)
for target in targets:
    file = os.path.join(here, target + ".json")
    to = "target=" + (file if os.path.exists(file) else target)
    for network in sys.argv[4:]:
        run("fuse-opt", "--stos-map=" + to, network, "-o", path("map"))
        run("fuse-opt", "--stos-tile", path("map"), "-o", path("tile"))
        run("fuse-opt", "--stos-allocate", path("tile"), "-o", path("allocate"))
        run("fuse-opt", "--stos-schedule", path("allocate"), "-o", path("schedule"))
        run(sys.executable, check, "tile", path("tile"))
        run(sys.executable, check, "allocate", path("tile"), path("allocate"))
        run(sys.executable, check, "schedule", path("allocate"), path("schedule"))
        run("fuse-opt", "--stos-map=" + to, "--stos-tile", "--stos-allocate", "--stos-schedule", network, "-o", path("all"))
        run("cmp", path("schedule"), path("all"))
        run("fuse-translate", "--emit-stos", path("all"), "-o", os.path.join(scratch, "net.stos"))
        run("fuse-objdump", "--check", os.path.join(scratch, "net.stos"))
        run("fuse-sim", "--poison", "--json", os.path.join(scratch, "net.json"), os.path.join(scratch, "net.stos"))
