# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Protobuf bytes by hand, for files that no protobuf library writes."""


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, payload):
    payload = payload.encode() if isinstance(payload, str) else payload
    return varint(field << 3 | 2) + varint(len(payload)) + payload


# What every model begins with: ir_version 7, opset 13.
HEAD = number(1, 7) + data(8, number(2, 13))


def model(*fields):
    """ModelProto whose graph has these fields."""
    return HEAD + data(7, b"".join(fields))


def node(op, inputs, outputs, *fields):
    return data(1, b"".join([data(1, i) for i in inputs] + [data(2, o) for o in outputs] + [data(4, op)] + list(fields)))


def value(field, name, dims=(1, 4), dtype=1):
    """ValueInfoProto as a graph's input (11), output (12) or value_info (13)."""
    shape = b"".join(data(1, number(1, d) if isinstance(d, int) else data(2, d)) for d in dims)
    return data(field, data(1, name) + data(2, data(1, number(1, dtype) + data(2, shape))))


def initializer(name, dims, *fields, dtype=1):
    return data(5, b"".join(number(1, d) for d in dims) + number(2, dtype) + b"".join(fields) + data(8, name))


X, Y = value(11, "x"), value(12, "y")
