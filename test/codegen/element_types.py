# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A module with every element type, a scalar and a tensor without elements: as a C program and as a binary on the simulator.

usage: element_types.py FOLDER CC

Both read .npy and write .npy; the simulator also reads ONNX .pb. The results are those of numpy, which stands for bf16 with the bits.
"""
import subprocess
import sys

import numpy as np
import onnx
from onnx import numpy_helper

TYPES = {"f32": "f4", "f64": "f8", "f16": "f2", "bf16": "u2", "i8": "i1", "ui8": "u1", "i16": "i2", "ui16": "u2", "i32": "i4",
         "ui32": "u4", "i64": "i8", "ui64": "u8", "i1": "?"}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit("%s: %s" % (" ".join(command)[:200], done.stderr[-2000:]))


def main():
    folder, cc = sys.argv[1:]
    inputs, results, body = [], [], ""
    for name, dtype in TYPES.items():
        x = np.array([[0, 1, 1], [1, 0, 1]], dtype) if name == "i1" else np.array([[0, 1, 2], [3, 100, 127]], dtype)
        if dtype[0] == "i":
            x[0, 0] = np.iinfo(dtype).min
        op, y = ("logical_not", ~x) if name == "i1" else ("maximum", np.maximum(x, x[:1]))
        if name == "bf16":
            x = np.array([[0x3f80, 0xbf80, 0x7f80], [0x4000, 0x0001, 0x4049]], dtype)
            y = np.array([[0x3f80, 0xbf80, 0x7f80], [0x4000, 0x0001, 0x7f80]], dtype)
        t, row = "tensor<2x3x%s>" % name, "tensor<1x3x%s>" % name
        if name == "i1":
            body += "  %%y_%s = tosa.logical_not %%x_%s : (%s) -> %s\n" % (name, name, t, t)
        else:
            body += """  %%a_%s = tosa.const_shape {values = dense<[0, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %%b_%s = tosa.const_shape {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %%s_%s = tosa.slice %%x_%s, %%a_%s, %%b_%s : (%s, !tosa.shape<2>, !tosa.shape<2>) -> %s
  %%y_%s = tosa.%s %%x_%s, %%s_%s : (%s, %s) -> %s
""" % (name, name, name, name, name, name, t, row, name, op, name, name, t, row, t)
        inputs.append(("x_" + name, t, x))
        results.append(("y_" + name, t, y))
    inputs.append(("scalar", "tensor<f64>", np.array(2.5)))
    body += "  %twice = tosa.add %scalar, %scalar : (tensor<f64>, tensor<f64>) -> tensor<f64>\n"
    results.append(("twice", "tensor<f64>", np.array(5.0)))
    inputs.append(("empty", "tensor<0x3xi64>", np.zeros((0, 3), np.int64)))
    results.append(("empty", "tensor<0x3xi64>", np.zeros((0, 3), np.int64)))
    source = folder + "/net.mlir"
    with open(source, "w") as file:
        file.write("func.func @main(%s) -> (%s) attributes {fuse.inputs = [%s], fuse.outputs = [%s]} {\n%s  return %s : %s\n}\n" % (
            ", ".join("%%%s: %s" % (n, t) for n, t, _ in inputs), ", ".join(t for _, t, _ in results),
            ", ".join('"%s"' % n for n, _, _ in inputs), ", ".join('"%s"' % n for n, _, _ in results), body,
            ", ".join("%" + n for n, _, _ in results), ", ".join(t for _, t, _ in results)))
    npys, pbs = [], []
    for name, _, x in inputs:
        npys.append("%s/%s.npy" % (folder, name))
        np.save(npys[-1], x)
        pbs.append("%s/%s.pb" % (folder, name))
        tensor = numpy_helper.from_array(x, name)
        if name == "x_bf16":
            tensor.data_type = onnx.TensorProto.BFLOAT16
        with open(pbs[-1], "wb") as file:
            file.write(tensor.SerializeToString())
    run("fuse-translate", "--emit-c", source, "-o", folder + "/net.c")
    run(cc, "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-DNET_MAIN", folder + "/net.c", "-o", folder + "/net", "-lm")
    run("fusec", source, "-o", folder + "/net.stos")
    ways = {"c": [folder + "/net"] + npys + ["%s/c_%s.npy" % (folder, n) for n, _, _ in results]}
    for way, files in (("npy", npys), ("pb", pbs)):
        ways[way] = ["fuse-sim", folder + "/net.stos", "--poison", "--output-dir=%s/%s" % (folder, way)] + [
            "--input=%s=%s" % (n, f) for (n, _, _), f in zip(inputs, files)]
    for way, command in ways.items():
        run(*command)
        for name, _, y in results:
            found = np.load("%s/%s%s.npy" % (folder, "c_" if way == "c" else way + "/", name))
            if found.dtype != y.dtype or found.shape != y.shape or found.tobytes() != y.tobytes():
                sys.exit("%s, %s: found %s %s; expected %s %s" % (way, name, found.dtype, found, y.dtype, y))
    print("%d tensors, %d ways" % (len(results), len(ways)))


main()
