# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files that are no networks, and what each tool says that they look like: kinds.py FOLDER NET.stos."""
import gzip
import io
import os
import pickle
import subprocess
import sys
import tarfile
import zipfile

import numpy as np

folder, program = sys.argv[1:]


def saved(write):
    data = io.BytesIO()
    write(data)
    return data.getvalue()


def zipped(data):
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("model/data.pkl", "x")


def tarred(data):
    with tarfile.open(fileobj=data, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("model.onnx"))


KINDS = {
    "empty": (b"", "an empty file"),
    "blank": (b" \n\t\n", "blank text"),
    "text": ("hallo wält, and more text than one wants to read\n".encode(), "text"),
    "title": (b"# A title\n", "text"),
    "sentence": (b"Hello. This is prose.\n", "text"),
    "page": (b"\n <!DOCTYPE HTML><html>", "a web page (a failed download?)"),
    "page2": (b"<html lang=en>", "a web page (a failed download?)"),
    "xml": (b"<?xml version='1.0'?>", "XML"),
    "json": (b'{"a": 1}', "JSON"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
                "a Git LFS pointer (`git lfs pull` fetches the file itself)"),
    "gzip": (gzip.compress(b"x"), "a gzip file"),
    "zip": (saved(zipped), "a zip archive (a PyTorch or Keras model?)"),
    "tar": (saved(tarred), "a tar archive"),
    "pickle": (pickle.dumps([1]), "a Python pickle (a PyTorch model?)"),
    "tflite": (b"\x1c\0\0\0TFL3\0\0\0\0", "a TensorFlow Lite model"),
    "hdf5": (b"\x89HDF\r\n\x1a\n\0\0", "an HDF5 file (a Keras model?)"),
    "array": (saved(lambda data: np.save(data, np.zeros(3))), "a NumPy array"),
    "safetensors": ((40).to_bytes(8, "little") + b'{"w":{}}', "a safetensors file (weights without a network)"),
    "program": (open("/bin/sh", "rb").read(), "an ELF file"),
    "object": (open(program, "rb").read(), "a .stos object"),
    "binary": (bytes(range(128, 256)) + b"\0\1\2", "binary data"),
    "short": (b"\x1f", "binary data"),
}
# Where a text begins is shown.
BEGINS = {"text": "hallo wält, and more te", "title": "# A title", "sentence": "Hello. This is prose."}


def check(command, message, stdin=subprocess.DEVNULL):
    run = subprocess.run(command, capture_output=True, text=True, stdin=stdin, cwd=folder)
    if (run.returncode, run.stdout, run.stderr) != (1, "", message + "\n"):
        sys.exit(f"{command}: status {run.returncode}\n  {run.stdout}{run.stderr}expected\n  {message}")


network = "expected a network: an ONNX model (protobuf), or MLIR text or bytecode"
for name, (data, kind) in KINDS.items():
    path = os.path.join(folder, name + ".onnx")
    with open(path, "wb") as file:
        file.write(data)
    shown = kind + (f" that begins with '{BEGINS[name]}'" if name in BEGINS else "")
    for tool in ["fusec"], ["fuse-opt"], ["fuse-translate", "--emit-c"]:
        check(tool + [name + ".onnx"], f"{name}.onnx: error: {shown}; {network}")
    if name != "object":
        elf = {"program": "another kind of ELF file; expected a .stos object: 64 bits, little-endian, relocatable, machine 0"}
        check(["fuse-sim", name + ".onnx"], f"{name}.onnx: error: " + elf.get(
            name, f"{kind}; expected a .stos object, which fusec makes of a network"))
with open(os.path.join(folder, "text.onnx"), "rb") as file:
    check(["fusec", "-", "-o", "x.stos"], f"<stdin>: error: text that begins with '{BEGINS['text']}'; {network}", file)
check(["fusec", "/dev/null"], f"/dev/null: error: an empty file; {network}")
found = sorted(os.listdir(folder))
if found != sorted(name + ".onnx" for name in KINDS):
    sys.exit(f"files left: {found}")
print(f"{len(KINDS)} kinds of files refused")
