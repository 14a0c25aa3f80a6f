# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""tools.py - run the generator, the compiler and the simulator.

needs: build/bin with fusec and fuse-sim (FUSE_BUILD: another folder than build)
gives: paths of networks; the report of fusec as a dict
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("FUSE_BUILD", ROOT / "build"))
NETWORKS = ("mobilenet_v1", "mobilenet_v2", "mnasnet_b1", "mobilenet_v3_small", "mobilenet_v3_large",
            "efficientnet_lite0")  # fmt: skip


def tool(name):
    return str(BUILD / "bin" / name)


class Refused(Exception):
    """A command failed; what it said."""


def run(command):
    """Standard output of a command."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


def timed(command):
    """Seconds on the wall, seconds of processor time and peak resident bytes of a command."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        raise Refused(f"{' '.join(map(str, command))}: failed\n{said}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def target_path(target):
    """The file of a preset, or the path itself."""
    return target if "/" in target or target.endswith(".json") else ROOT / f"targets/{target}.json"


def generate(network, variant="baseline", resolution=224):
    """The path of a published network's file; made anew when the generator is newer."""
    folder = BUILD / "bench"
    folder.mkdir(exist_ok=True)
    path = folder / f"{network}-{variant}-{resolution}.onnx"
    newest = max(p.stat().st_mtime for p in (ROOT / "models").rglob("*.py"))
    if not path.exists() or path.stat().st_mtime < newest:
        run([sys.executable, ROOT / "models/generate.py", network, f"--variant={variant}",
             f"--resolution={resolution}", "-o", path])  # fmt: skip
    return str(path)


def compile_report(net, target, rewrite="exact"):
    """What fusec reports of the network: cycles by the simulator, host work, a row per node."""
    with tempfile.TemporaryDirectory() as folder:
        report = f"{folder}/report.json"
        run([tool("fusec"), net, f"--target={target}", f"--rewrite={rewrite}", "-o", f"{folder}/net.stos",
             f"--report={report}"])  # fmt: skip
        with open(report, encoding="utf-8") as file:
            return json.load(file)
