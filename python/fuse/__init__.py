# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What goes with the compiler, for whoever has Python: `python -m fuse.verify`, `python -m fuse.quantize`.

needs: numpy, onnx, onnxruntime (deps/python.txt); the tools (fuse/tools.py says where they are looked for)
"""
import importlib.util
import sys

# A command (python -m fuse.verify) says in one line what is missing; a program that imports the package gets ImportError.
if sys.argv[:1] == ["-m"]:
    for package in ("numpy", "onnx", "onnxruntime"):
        if importlib.util.find_spec(package) is None:
            print(f"error: {sys.executable} has no package {package}; expected those of deps/python.txt", file=sys.stderr)
            sys.exit(2)
