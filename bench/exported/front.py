# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""front.py - the command line of bench/torch_zoo.py and bench/keras_zoo.py.

needs: a module of this folder with networks(), {name: build}, and export(build, path, args), which writes a file
gives: FOLDER/<network>.onnx of each network whose name has a WORD; what can't be exported is a line, and no failure
"""
import argparse
import importlib
import sys
from pathlib import Path

STATUS_USAGE = 2


def parser(about):
    made = argparse.ArgumentParser(description=about)
    made.add_argument("folder", type=Path)
    made.add_argument("words", nargs="*", metavar="WORD", help="only networks whose name has it")
    made.add_argument("--opset", type=int)
    return made


def load(name, packages):
    """A module of this folder, or the end."""
    try:
        return importlib.import_module("exported." + name)
    except ImportError as error:
        print(f"{Path(sys.argv[0]).name}: error: {error}; expected a Python with {packages}", file=sys.stderr)
        sys.exit(STATUS_USAGE)


def write(module, args, suffix=""):
    args.folder.mkdir(parents=True, exist_ok=True)
    for name, build in module.networks().items():
        if args.words and not any(word in name for word in args.words):
            continue
        path = args.folder / (name.replace("/", "-") + suffix + ".onnx")
        try:
            module.export(build, path, args)
        except Exception as error:  # whatever the exporters raise
            path.unlink(missing_ok=True)
            print(f"{name}: not exported: {(str(error).strip() or repr(error)).splitlines()[0][:120]}", flush=True)
