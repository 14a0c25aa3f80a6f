# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A compiler that makes something wrong, for fuse.verify to find.

usage: wrong.py BIN FOLDER weights|binary
  FOLDER gets fuse-sim and a fusec that
    weights  damages one number of the weights file
    binary   replaces depthwise convolutions in the binary, but not in the C program
"""
import os
import stat
import sys

SCRIPT = """#!{python}
import os, struct, subprocess, sys
words = sys.argv[1:]
if {kind!r} == "weights" and "--emit=c" in words:
    words.append("--weights=file")
if {kind!r} == "binary" and "--emit=c" not in words:
    words.append("--rewrite=half")
status = subprocess.run([{fusec!r}, *words]).returncode
path = words[words.index("-o") + 1]
if {kind!r} == "weights" and status == 0:
    path = path[:-2] + ".weights"
    data = bytearray(open(path, "rb").read())
    # The largest number in the second half, which belongs to a late layer.
    places = range(len(data) // 8 * 4, len(data) - 3, 4)
    at = max(places, key=lambda p: abs(struct.unpack_from("<f", data, p)[0]))
    struct.pack_into("<f", data, at, -struct.unpack_from("<f", data, at)[0])
    open(path, "wb").write(data)
sys.exit(status)
"""


def main():
    tools, folder, kind = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    os.symlink(os.path.join(os.path.abspath(tools), "fuse-sim"), os.path.join(folder, "fuse-sim"))
    path = os.path.join(folder, "fusec")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCRIPT.format(python=sys.executable, kind=kind, fusec=os.path.join(os.path.abspath(tools), "fusec")))
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)


main()
