# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A model compiled with its values kept, and run: as the reference C, and on the simulator.

needs: fusec, fuse-sim, a C compiler (CC, or cc)
gives: arrays by the names of values
"""
import json
import os
import shlex
from pathlib import Path

import numpy as np

from .tools import run, tool


def sim_files(names):
    """What fuse-sim calls the files of outputs of these names."""
    files = []
    for k, name in enumerate(names):
        safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" * len(c.encode()) for c in name)
        stem = "_" + safe[1:] if safe[:1] in (".", "-") else safe or "_"
        files.append(f"{stem}.npy" if f"{stem}.npy" not in files else f"{stem}.{k}.npy")
    return files


class Program:
    """In a folder of its own, from a model and the flags that fusec shall have with it."""

    def __init__(self, folder, path, outputs, flags):
        self.folder, self.path, self.outputs, self.flags = Path(folder), path, outputs, flags
        self.folder.mkdir(parents=True, exist_ok=True)
        self.inputs = []  # name, file
        self.kept, self.not_kept = {}, {}  # of build_c; {name: file}, {name: why}

    def write_inputs(self, arrays):
        """In the order of the network's inputs."""
        self.inputs = [(name, self.folder / f"in{k}.npy") for k, name in enumerate(arrays)]
        for name, path in self.inputs:
            np.save(path, np.ascontiguousarray(arrays[name]).reshape(arrays[name].shape))

    def build_c(self):
        """The C program, with all values kept."""
        source = self.folder / "net.c"
        run([tool("fusec"), self.path, "--emit=c", "--keep=all", "-o", source, *self.flags])
        compiler = shlex.split(os.environ.get("CC", "cc"))
        run([*compiler, "-std=c99", "-O2", "-DNET_MAIN", source, "-o", self.folder / "net", "-lm"])

    def run_c(self):
        """All values of the C program: kept ones, and the outputs."""
        kept, weights = self.folder / "kept", self.folder / "net.weights"
        kept.mkdir(exist_ok=True)
        files = [self.folder / f"c{k}.npy" for k in range(len(self.outputs))]
        # A network whose only values are its outputs keeps none, and has no such flag.
        keeps = "#define NET_KEPT " in (self.folder / "net.h").read_text()
        keep = ["--keep-dir", kept] if keeps else []
        run([self.folder / "net", *keep, *([weights] if weights.exists() else []),
             *(path for _, path in self.inputs), *files])
        if keeps:
            index = json.loads((kept / "kept.json").read_text(encoding="utf-8"))
            self.not_kept = {item["name"]: item["why"] for item in index["not_kept"]}
            self.kept = {item["name"]: kept / item["file"] for item in index["kept"]}
        return {name: np.load(path) for name, path in {**dict(zip(self.outputs, files, strict=True)), **self.kept}.items()}

    def build_sim(self, keep):
        """The binary, with kept values or without."""
        run([tool("fusec"), self.path, *(["--keep=all"] if keep else []), "-o", self._binary(keep), *self.flags])

    def run_sim(self, keep):
        """Its outputs, and what run_c kept, if it keeps."""
        binary = self._binary(keep)
        folder, names = binary.with_suffix(""), self.outputs + (list(self.kept) if keep else [])
        inputs = [f"--input={name}={path}" for name, path in self.inputs]
        run([tool("fuse-sim"), binary, "--output-dir", folder, *inputs])
        files = sim_files(names)
        return {name: np.load(folder / file) for name, file in zip(names, files, strict=True)}

    def _binary(self, keep):
        return self.folder / ("sim-kept.stos" if keep else "sim-plain.stos")
