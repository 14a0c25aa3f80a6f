# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What goes with the compiler, for whoever has Python: `python -m fuse.verify`, `python -m fuse.quantize`.

needs: numpy, onnx, onnxruntime (deps/python.txt); the tools (fuse/tools.py says where they are looked for)
"""
