# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Write tensor files with numpy and onnx, and the lines that `tensor show` must print for them.

usage: tensor_files.py write FOLDER    good/*, bad/*; good.txt, bad.txt
       tensor_files.py check IN OUT    OUT, written by us, must be IN to numpy, version 1.0
"""
import io
import os
import sys

import ml_dtypes
import numpy as np
import onnx
from numpy.lib import format as npy
from onnx import TensorProto, helper, numpy_helper

NAMES = {"float32": "f32", "float64": "f64", "float16": "f16", "bfloat16": "bf16", "bool": "i1"}
rng = np.random.default_rng(1)


def mlir_name(dtype):
    return NAMES.get(dtype.name) or {"u": "ui", "i": "i"}[dtype.kind] + str(8 * dtype.itemsize)


def array(dtype, shape):
    if dtype == np.bool_:
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        values = rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
        if values.size > 1:
            values.flat[0], values.flat[1] = info.min, info.max
        return values
    values = rng.standard_normal(shape)
    if values.size > 1:
        values.flat[0], values.flat[1] = np.nan, -0.0
    return np.asarray(values).astype(dtype)


def line(file, name, value):
    dims = "".join("%dx" % d for d in value.shape)
    return "%s: '%s' %s%s %s" % (file, name, dims, mlir_name(value.dtype), np.ascontiguousarray(value).tobytes().hex())


class Folder:
    def __init__(self, folder):
        self.folder, self.lines = folder, {}
        os.makedirs(folder)

    def add(self, file, data, expected):
        with open(os.path.join(self.folder, file), "wb") as out:
            out.write(data)
        self.lines[file] = expected

    def close(self):
        with open(self.folder + ".txt", "w") as out:
            out.writelines(self.lines[file] + "\n" for file in sorted(self.lines))


def npy_bytes(value, version=(1, 0)):
    out = io.BytesIO()
    npy.write_array(out, value, version=version)
    return out.getvalue()


def npy_text(header, data=b"", version=1):
    header = header.encode()
    length = len(header).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + data


DTYPES = [np.dtype(d) for d in ("f4", "f8", "f2", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?")]
SHAPES = [(), (1,), (5,), (2, 3), (2, 1, 3), (1, 2, 3, 2), (0,), (2, 0, 3), (1, 1, 1, 1, 1, 1, 2, 2)]


def good_npy(out):
    for dtype in DTYPES:
        for i, shape in enumerate(SHAPES):
            value = array(dtype, shape)
            file = "%s_%d.npy" % (dtype.name, i)
            out.add(file, npy_bytes(value, (1 + i % 3, 0)), line(file, "", value))
    for i, shape in enumerate([(2, 3), (2, 3, 4), (3, 1, 2, 5), (4, 0, 2)]):
        value = np.asfortranarray(array(np.dtype("i2"), shape))
        file = "fortran_%d.npy" % i
        out.add(file, npy_bytes(value), line(file, "", value))
    value = np.arange(6, dtype="<i4").reshape(2, 3)
    for i, header in enumerate([
            "{'descr':'<i4','fortran_order':False,'shape':(2,3)}",
            " { \"shape\" : ( 2 , 3 , ) ,\n'fortran_order': False, \"descr\" :\t'<i4' , } \n",
            "{'fortran_order': False, 'shape': (2, 3), 'descr': '<i4'}" + 999 * " "]):
        file = "header_%d.npy" % i
        out.add(file, npy_text(header, value.tobytes(), 1 + i), line(file, "", value))


def good_pb(out):
    types = [(TensorProto.FLOAT16, "float16"), (TensorProto.BFLOAT16, ml_dtypes.bfloat16)]
    types += [(helper.np_dtype_to_tensor_dtype(d), d) for d in DTYPES if d.name != "float16"]
    for code, dtype in types:
        dtype = np.dtype(dtype)
        for i, shape in enumerate(SHAPES):
            value = array(dtype, shape)
            file = "%s_%d.pb" % (dtype.name, i)
            out.add(file, numpy_helper.from_array(value, "raw/%d" % i).SerializeToString(), line(file, "raw/%d" % i, value))
            typed = TensorProto(dims=shape, data_type=code, name="typed")
            kind = dtype.kind if dtype.name != "bfloat16" else "V"
            if dtype.name == "float32":
                typed.float_data.extend(value.ravel())
            elif dtype.name == "float64":
                typed.double_data.extend(value.ravel())
            elif dtype.name == "int64":
                typed.int64_data.extend(value.ravel())
            elif dtype.name in ("uint32", "uint64"):
                typed.uint64_data.extend(value.ravel())
            else:
                if kind in "fV":
                    value_bits = value.view(np.uint16)
                else:
                    value_bits = value
                typed.int32_data.extend(int(v) for v in value_bits.ravel())
            file = "typed_" + file
            out.add(file, typed.SerializeToString(), line(file, "typed", value))
    # Unpacked elements, split runs, any order of fields, a doc string, an escaped name.
    value = np.array([1, -2, 300], "i4")
    unpacked = (field(8, 2, b"a\n") + b"".join(field(5, 0, varint(int(v) & (1 << 64) - 1)) for v in value[:2])
                + field(12, 2, b"doc") + field(1, 0, varint(3)) + field(5, 2, varint(300)) + field(2, 0, varint(6)))
    out.add("unpacked.pb", unpacked, line("unpacked.pb", "a\\n", value))
    value = np.array([[1.5, -2], [0, 3]], "f4")
    split = (field(1, 2, varint(2) + varint(2)) + field(2, 0, varint(1)) + field(4, 2, value.tobytes()[:8])
             + field(4, 5, value.tobytes()[8:12]) + field(4, 2, b"") + field(4, 2, value.tobytes()[12:]) + field(14, 0, varint(0)))
    out.add("split.pb", split, line("split.pb", "", value))


def varint(v):
    out = b""
    while v >= 128:
        out, v = out + bytes([v & 127 | 128]), v >> 7
    return out + bytes([v])


def field(number, wire, payload):
    return varint(number << 3 | wire) + (varint(len(payload)) if wire == 2 else b"") + payload


def bad_npy(out):
    def add(file, data, error):
        out.add(file + ".npy", data, "%s.npy: error: %s" % (file, error))

    def header(file, text, error, data=b""):
        add(file, npy_text(text, data), error)

    plain = "f2, f4, f8, i1 to i8, u1 to u8 or b1"
    add("version", b"\x93NUMPY\4\0" + b"\0\0", "npy version 4.0; expected 1.0, 2.0 or 3.0")
    add("magic", b"\x93NUMPX\1\0" + b"\0\0", "not an .npy file; expected \\x93NUMPY, version and header")
    add("length", b"\x93NUMPY\1\0\xff\xff{", "npy header of 65535 bytes in a file of 11; expected more")
    add("length2", b"\x93NUMPY\2\0\xff\xff\xff\xff{", "npy header of 4294967295 bytes in a file of 13; expected more")
    add("cut", b"\x93NUMPY\2\0\1\0", "file of 10 bytes ends in the npy header; expected more")
    for name, descr, why in [("big", ">f4", "big-endian"), ("object", "|O", "Python objects"), ("complex", "<c8", "not supported"),
                             ("text", "<U3", "not supported"), ("bytes", "|S4", "not supported"), ("time", "<M8[s]", "not supported"),
                             ("native", "=f4", "not supported"), ("pipe", "|f4", "not supported"), ("void", "|V2", "not supported"),
                             ("empty", "", "not supported"), ("half", "<f", "not supported"), ("wide", "<f16", "not supported"),
                             ("escape", "<f4\x1b", "not supported")]:
        shown = descr.replace("\x1b", "\\x1b")
        header(name, "{'descr': '%s', 'fortran_order': False, 'shape': (), }" % descr,
               "element type '%s' (%s); expected little-endian %s" % (shown, why, plain), b"\0\0\0\0")
    header("struct", "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (), }",
           "structured element type; not supported, expected a plain one")
    order = "{'descr': '<f4', 'fortran_order': %s, 'shape': ()}"
    header("order", order % "Fals", "npy header: found 'F' at its byte 34; expected True or False")
    header("order0", order % "0", "npy header: found '0' at its byte 34; expected True or False")
    shape = "{'descr': '<f4', 'fortran_order': False, 'shape': %s}"
    at = len(shape) - 3
    header("int_shape", shape % "(3)", "npy header: found ')' at its byte %d; expected ','" % (at + 2), b"\0" * 12)
    header("list_shape", shape % "[3]", "npy header: found '[' at its byte %d; expected '('" % at)
    header("negative", shape % "(-1,)", "npy header: found '-' at its byte %d; expected a dimension of at least 0" % (at + 1))
    header("float_shape", shape % "(2.0,)", "npy header: found '.' at its byte %d; expected ','" % (at + 2))
    header("comma", shape % "(,)", "npy header: found ',' at its byte %d; expected a dimension of at least 0" % (at + 1))
    header("gap", shape % "(2 3)", "npy header: found '3' at its byte %d; expected ','" % (at + 3))
    header("gap2", shape % "(2, 3 4)", "npy header: found '4' at its byte %d; expected ',' or ')'" % (at + 6))
    header("huge", shape % "(9223372036854775808,)", "a dimension of the shape exceeds 63 bits")
    header("product", shape % "(4294967296, 4294967296)",
           "shape 4294967296x4294967296xf32; expected dimensions of at least 0 whose size fits in memory")
    header("terabyte", shape % "(1099511627776,)", "0 bytes of data; expected 4398046511104 for 1099511627776xf32")
    header("rank", shape % ("(" + 9 * "1," + ")"), "rank above 8; expected at most 8")
    header("short", shape % "(3,)", "11 bytes of data; expected 12 for 3xf32", b"\0" * 11)
    header("long", shape % "(3,)", "13 bytes of data; expected 12 for 3xf32", b"\0" * 13)
    header("empty_long", shape % "(0,)", "1 bytes of data; expected 0 for 0xf32", b"\0")
    header("after", shape % "()" + "x", "npy header: found 'x' at its byte %d; expected nothing after the header" % (at + 3))
    header("zero", shape % "()" + "\0", "npy header: found '\\x00' at its byte %d; expected nothing after the header" % (at + 3))
    header("missing", "{'descr': '<f4', 'shape': ()}", "npy header without 'fortran_order'; expected it")
    header("none", "{}", "npy header without 'descr'; expected it")
    header("blank", "   ", "npy header ends too early; expected '{'")
    header("twice", "{'shape': (), 'shape': ()}", "npy header: 'shape' twice; expected once")
    header("key", "{'shope': ()}", "npy header: key 'shope'; expected descr, fortran_order and shape")
    header("colon", "{'shape' ()}", "npy header: found '(' at its byte 9; expected ':'")
    header("open", "{'shape': ()", "npy header ends too early; expected ',' or '}'")
    header("quote", "{'shape: ()}", "npy header ends too early; expected the end of a string")
    header("bool", "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", "bool element 2 is 2; expected 0 or 1", b"\0\1\2")


def bad_pb(out):
    def add(file, data, error):
        out.add(file + ".pb", data, "%s.pb: error: %s" % (file, error))

    dims, f32, raw = field(1, 0, varint(2)), field(2, 0, varint(1)), field(9, 2, b"\0" * 8)
    add("good_but_cut", (dims + f32 + raw)[:-1], "byte 4: cut or malformed field; expected an ONNX TensorProto")
    add("empty", b"", "an empty file; expected a tensor: .npy or an ONNX TensorProto")
    add("untyped", dims + raw, "no data_type; expected an ONNX TensorProto")
    add("undefined", field(2, 0, varint(0)), "element type UNDEFINED (0); not supported")
    add("string_type", dims + field(2, 0, varint(8)), "element type STRING (8); not supported")
    add("complex", dims + field(2, 0, varint(14)), "element type COMPLEX64 (14); not supported")
    add("float8", dims + field(2, 0, varint(17)), "element type FLOAT8E4M3FN (17); not supported")
    add("type99", dims + field(2, 0, varint(99)), "data_type 99; expected 1 to 24")
    add("type_negative", dims + field(2, 0, varint((1 << 64) - 1)), "data_type -1; expected 1 to 24")
    add("strings", dims + field(2, 0, varint(8)) + field(6, 2, b"x"), "string_data; not supported in a tensor file")
    add("segment", dims + f32 + field(3, 2, b""), "segment; not supported in a tensor file")
    add("external", dims + f32 + field(13, 2, b""), "external_data; not supported in a tensor file")
    add("location", dims + f32 + field(14, 0, varint(1)), "external data; not supported in a tensor file")
    add("unknown", f32 + field(15, 0, varint(1)), "byte 2: field 15; expected a field of an ONNX TensorProto")
    add("unknown2", f32 + field(1 << 20, 0, varint(1)), "byte 2: field 1048576; expected a field of an ONNX TensorProto")
    add("field0", b"\0\0", "byte 0: cut or malformed field; expected an ONNX TensorProto")
    add("group", b"\x0b\x0c\0", "byte 0: cut or malformed field; expected an ONNX TensorProto")
    add("wire6", b"\x0e\x00", "byte 0: cut or malformed field; expected an ONNX TensorProto")
    add("wire", field(2, 5, b"\0\0\0\0"), "byte 0: data_type has wire type 5; expected 0")
    add("wire_dims", field(1, 1, b"\0" * 8), "byte 0: dims has wire type 1; expected 0")
    add("long_varint", b"\x08" + b"\x80" * 10 + b"\1", "byte 0: cut or malformed field; expected an ONNX TensorProto")
    add("wide_varint", b"\x08" + b"\x80" * 9 + b"\2", "byte 0: cut or malformed field; expected an ONNX TensorProto")
    add("length", b"\x4a\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", "byte 0: cut or malformed field; expected an ONNX TensorProto")
    add("packed_cut", f32 + field(4, 2, b"\0" * 7), "byte 8: cut or malformed number; expected an ONNX TensorProto")
    add("packed_cut64", field(2, 0, varint(11)) + field(10, 2, b"\0" * 15), "byte 12: cut or malformed number; expected an ONNX TensorProto")
    add("wide_tag", varint(1 << 33 | 1 << 3) + b"\0", "byte 0: cut or malformed field; expected an ONNX TensorProto")
    add("packed_varint", field(5, 2, b"\1\x80"), "byte 3: cut or malformed number; expected an ONNX TensorProto")
    add("negative", field(1, 0, varint((1 << 64) - 1)) + f32,
        "shape -1xf32; expected dimensions of at least 0 whose size fits in memory")
    add("product", field(1, 0, varint(1 << 62)) + f32,
        "shape 4611686018427387904xf32; expected dimensions of at least 0 whose size fits in memory")
    add("terabyte", field(1, 0, varint(1 << 40)) + f32, "0 elements; expected 1099511627776 for 1099511627776xf32")
    add("rank", 9 * field(1, 0, varint(1)) + f32, "rank above 8; expected at most 8")
    add("short", dims + f32 + field(9, 2, b"\0" * 7), "raw_data has 7 bytes; expected 8 for 2xf32")
    add("empty_raw", dims + f32 + field(9, 2, b""), "0 elements; expected 2 for 2xf32")
    add("count", dims + f32 + field(4, 2, b"\0" * 12), "3 elements; expected 2 for 2xf32")
    add("both", dims + f32 + raw + field(4, 2, b"\0" * 8), "2 elements in float_data; expected those of 2xf32 in raw_data")
    add("other", dims + f32 + field(5, 2, b"\0\0"), "2 elements in int32_data; expected those of 2xf32 in float_data")
    add("raw_twice", dims + f32 + raw + raw, "raw_data is given twice; expected once")
    add("name", f32 + field(9, 2, b"\0" * 4) + field(8, 2, b"a\0b"), "name has a zero byte; expected text")
    add("bool_raw", field(2, 0, varint(9)) + field(9, 2, b"\2"), "bool element 0 is 2; expected 0 or 1")
    for code, name, value in [(3, "i8", 128), (3, "i8", -129), (2, "ui8", 256), (2, "ui8", -1), (5, "i16", 32768), (4, "ui16", 65536),
                              (6, "i32", 1 << 31), (6, "i32", -(1 << 31) - 1), (9, "i1", 2), (10, "f16", 65536), (16, "bf16", -1)]:
        data = field(2, 0, varint(code)) + field(5, 0, varint(value & (1 << 64) - 1))
        add("range_%s_%d" % (name, value), data, "element 0 is %d; expected one of %s" % (value, name))
    add("range_ui32", field(2, 0, varint(12)) + field(11, 0, varint(1 << 32)), "element 0 is 4294967296; expected one of ui32")


def write(folder):
    good, bad = Folder(os.path.join(folder, "good")), Folder(os.path.join(folder, "bad"))
    good_npy(good)
    good_pb(good)
    bad_npy(bad)
    bad_pb(bad)
    good.close()
    bad.close()


def check(a, b):
    with open(b, "rb") as file:
        data = file.read()
    x, y = np.load(a), np.load(b, allow_pickle=False)
    assert data[6:8] == b"\1\0" and (len(data) - y.nbytes) % 64 == 0, data[:10]
    assert x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes(), (x, y)
    assert y.flags.c_contiguous


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    check(sys.argv[2], sys.argv[3])
