# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hold lib/ir/onnx_ops.def against the schemas of the onnx package and against onnx.irdl.mlir.

usage: onnx_table.py ONNX_OPS.DEF ONNX.IRDL.MLIR [--write]     --write: make the IRDL file anew
"""
import collections
import re
import sys

from onnx import defs

ENDLESS = 2147483647
KINDS = {"FLOAT": "f", "INT": "i", "STRING": "s", "TENSOR": "t", "FLOATS": "F", "INTS": "I", "STRINGS": "S"}
# A variadic group holds values of one type (an IRDL constraint is one type); so many runs of equal types may there be.
GROUPS = 16
# The dialect's If has no graphs: condition, then, else; one for each output of the node.
CHOICE = ("if", 1, 3, 3, 1, 1, {})

HEAD = """\
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// onnx.irdl.mlir - one op per ONNX operator, as the importer writes it.
//
// Written by test/ir/Inputs/onnx_table.py from onnx_ops.def. The op's name is the operator's in lower case (IRDL takes no
// other); operand i is input i of the node, an absent one is the result of onnx.novalue; results are the outputs up to the
// last named one. Attributes: verify_onnx.c.
// An IRDL constraint stands for one type, so an operator with any number of inputs (or outputs) has %d groups of them, one
// per run of equal types: operandSegmentSizes (resultSegmentSizes) holds the lengths of the runs.
irdl.dialect @onnx {
  // The type of a value that the file says nothing about.
  irdl.type @unknown

  // An optional input that the node leaves out.
  irdl.operation @novalue {
    %%none = irdl.is none
    irdl.results(output: %%none)
  }

  // An output of a node that the importer couldn't take, and has reported; convert-onnx-to-tosa fails on it. With the
  // attribute why it hasn't: the node is in a branch of an If, and convert-onnx-to-tosa fails if that branch is taken.
  irdl.operation @refused {
    %%any = irdl.any
    irdl.results(output: %%any)
  }
""" % GROUPS


def read_table(path):
    text = re.sub(r"/\*.*?\*/", "", open(path).read(), flags=re.S)
    text = re.sub(r"//.*", "", text)
    rows = {}
    for match in re.finditer(r'ONNX_OP\((\w+),\s*"(\w+)",((?:\s*-?\d+,){5})((?:\s*"[^"]*")+)\)', text):
        numbers = [int(n) for n in match[3].split(",") if n.strip()]
        attributes = "".join(re.findall(r'"([^"]*)"', match[4]))
        rows[match[1]] = (match[2], *numbers, dict(item.split(":") for item in attributes.split()))
    return rows


def on_tensors(schema):
    """Has every input and output a type that is a tensor of something else than strings?"""
    types = {t.type_param_str: t.allowed_type_strs for t in schema.type_constraints}
    for value in list(schema.inputs) + list(schema.outputs):
        if all(t.startswith(("seq", "optional", "map")) or t == "tensor(string)" for t in types.get(value.type_str, [value.type_str])):
            return False
    return not any(a.type.name in ("GRAPH", "TYPE_PROTO") for a in schema.attributes.values())


def schemas():
    versions = collections.defaultdict(list)
    for schema in defs.get_all_schemas_with_history():
        if schema.domain == "":
            versions[schema.name].append(schema)
    rows = {}
    for name, group in versions.items():
        if not all(map(on_tensors, group)):
            continue
        attributes = collections.defaultdict(set)
        for schema in group:
            for attribute in schema.attributes.values():
                if attribute.type.name in KINDS:
                    attributes[attribute.name].add(KINDS[attribute.type.name])
        top = lambda n: -1 if n == ENDLESS else n
        rows[name] = (name.lower(), min(s.since_version for s in group),
                      min(s.min_input for s in group), top(max(s.max_input for s in group)),
                      max(1, min(s.min_output for s in group)), top(max(s.max_output for s in group)),
                      {a: "".join(sorted(k)) for a, k in attributes.items()})
    rows["If"] = CHOICE
    return rows


def groups(prefix, low, high):
    """(name, variadicity) of each operand or result group."""
    if high < 0:
        return [("%s%d" % (prefix, i), "variadic ") for i in range(GROUPS)]
    singles = [("%s%d" % (prefix, i), "") for i in range(low)]
    return singles + ([("%ss" % prefix, "variadic ")] if high > low else [])


def irdl(rows):
    lines = [HEAD]
    for name, since, min_in, max_in, min_out, max_out, attributes in rows.values():
        lines.append("  irdl.operation @%s {" % name)
        ins = groups("in", max_in, max_in)
        outs = groups("out", min_out, max_out)
        for group, _ in ins + outs:
            lines.append("    %%%s = irdl.any" % group)
        for which, listed in (("operands", ins), ("results", outs)):
            if listed:
                lines.append("    irdl.%s(%s)" % (which, ", ".join("%s: %s%%%s" % (g, v, g) for g, v in listed)))
        lines.append("  }")
    return "\n".join(lines) + "\n}\n"


def main():
    table_path, irdl_path = sys.argv[1:3]
    rows = read_table(table_path)
    text = irdl(rows)
    if "--write" in sys.argv:
        open(irdl_path, "w").write(text)
        return 0
    status = 0
    if open(irdl_path).read() != text:
        print("onnx.irdl.mlir is not what onnx_ops.def says; run this script with --write")
        status = 1
    want = schemas()
    for name in sorted(set(want) | set(rows)):
        if rows.get(name) != want.get(name):
            print("%s: the table has %s; the onnx package says %s" % (name, rows.get(name), want.get(name)))
            status = 1
    if list(rows) != sorted(rows):
        print("onnx_ops.def is not sorted, which the look-up needs")
        status = 1
    if not status:
        print("%d operators agree" % len(rows))
    return status


sys.exit(main())
