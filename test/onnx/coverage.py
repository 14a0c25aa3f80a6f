# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the lists of suite.py say, by operator.

usage: coverage.py              how many tests have only operators of cnn-ops.txt, and which of them don't pass
       coverage.py --all        the same for all tests
       coverage.py --page       docs/supported-ops.md, from backend.txt and the table of convert-onnx-to-tosa
"""
import collections
import os
import re
import sys

import onnx

import suite

HERE = os.path.dirname(os.path.abspath(__file__))
LISTS = (("debian", "backend.txt"), ("wheel", "node-18.txt"))


def operators(graph):
    """Operators of a graph and of the graphs inside it, those of other domains as DOMAIN:NAME."""
    names = set()
    for node in graph.node:
        names.add(node.op_type if node.domain in ("", "ai.onnx") else "%s:%s" % (node.domain, node.op_type))
        for attribute in node.attribute:
            if attribute.HasField("g"):
                names |= operators(attribute.g)
    return names


def cnn_operators():
    with open(os.path.join(HERE, "cnn-ops.txt")) as file:
        return {name for line in file if not line.startswith("#") for name in line.split()}


def is_exempt(model):
    """Does a test have strings, or values that aren't tensors, or train?"""
    others = any(not value.type.HasField("tensor_type") or value.type.tensor_type.elem_type == onnx.TensorProto.STRING
                 for value in [*model.graph.input, *model.graph.output])
    return others or any(node.op_type == "Dropout" and len(node.input) > 2 or
                          any(attribute.name == "training_mode" and attribute.i for attribute in node.attribute)
                          for node in model.graph.node)


def is_wanted(model, names):
    return operators(model.graph) <= names and not is_exempt(model)


def results(corpus):
    return suite.read_list(os.path.join(HERE, dict(LISTS)[corpus]))


def print_refused(found):
    """By reason: the number of tests and the name of the first ones."""
    reasons = collections.defaultdict(list)
    for name in sorted(found):
        if found[name] != "pass":
            reasons[found[name][len("refuse: "):]].append(name)
    for reason, names in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        print("%5d  %s    (%s)" % (len(names), reason, ", ".join(names[:3]) + ", ..." * (len(names) > 3)))


# ---- docs/supported-ops.md ----

PAGE = """<!-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception -->
<!-- test/onnx/coverage.py --page writes this. -->
# ONNX operators

What becomes of each operator of ONNX's default domain, and of the %d tests of ONNX's backend suite (opsets up to 17) that
have it: they are compiled to C, run, and compared with the outputs that came with them. %d pass; every other one is refused
with an error that names the operator and the reason, and none gives another result. A test counts for each of its operators,
so one that passes nowhere may be held up by its neighbours; reasons stand with the operator that is refused. The lists are
`test/onnx/backend.txt` and, for opsets 18 and later, `test/onnx/node-18.txt` (%d of %d pass).

Shapes are static: inputs that decide one (the shape of Reshape, axes, ...) must be constants of the model, or computed from such;
`--value INPUT=FILE` makes a constant of an input. So do these tests, where an input decides a shape. Where the model says the type of
the result, sizes and all, Range, Slice, Split, Reshape and Expand take numbers that aren't known: the size is the one that the model says.

## Taken

| operator | attributes | pass | refused | reasons |
|---|---|---|---|---|
%s

## Refused: not supported yet

%s
"""


def table_rows():
    """{name in lower case: attributes} of ops.def."""
    with open(os.path.join(HERE, "..", "..", "lib", "transforms", "onnx_to_tosa", "ops.def")) as file:
        rows = re.findall(r'^OP\("(\w+)",[^"]*((?:"[^"]*"\s*)+)\)', file.read(), re.MULTILINE)
    return {name: "".join(re.findall(r'"([^"]*)"', attributes)).split() for name, attributes in rows}


def operator_names():
    """As ONNX spells those of the default domain that work on tensors."""
    with open(os.path.join(HERE, "..", "..", "lib", "ir", "onnx_ops.def")) as file:
        return re.findall(r"^ONNX_OP\((\w+),", file.read(), re.MULTILINE)


def page():
    listed = results("debian")
    counts, reasons = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for case in suite.load_cases("debian"):
        kind, _, reason = listed[case.name].partition(": ")
        for name in operators(case.model().graph):
            counts[name][kind] += 1
        operator, _, message = reason.partition(": ")
        if message:
            reasons[operator][message.replace("not supported yet: ", "").replace("|", "\\|")] += 1
    table, taken, rest = table_rows(), [], []
    for name in operator_names():
        if name.lower() not in table:
            rest.append("%s (%d)" % (name, counts[name]["refuse"]) if counts[name] else name)
            continue
        why = "; ".join("%d x %s" % (n, text) for text, n in sorted(reasons[name].items(), key=lambda i: (-i[1], i[0])))
        taken.append("| %s | %s | %d | %d | %s |" % (name, " ".join(table[name.lower()]), counts[name]["pass"],
                                                    counts[name]["refuse"], why))
    newer = results("wheel")
    return PAGE % (len(listed), sum(r == "pass" for r in listed.values()), sum(r == "pass" for r in newer.values()),
                   len(newer), "\n".join(taken), ", ".join(rest) + ".")


def main():
    if "--page" in sys.argv[1:]:
        print(page(), end="")
        return
    wanted = None if "--all" in sys.argv[1:] else cnn_operators()
    for corpus, _ in LISTS:
        listed = results(corpus)
        found = {case.name: listed[case.name] for case in suite.load_cases(corpus)
                 if wanted is None or is_wanted(case.model(), wanted)}
        passed = sum(result == "pass" for result in found.values())
        print("%s: %d of %d tests%s pass" % (corpus, passed, len(found), " of cnn-ops.txt" * (wanted is not None)))
        print_refused(found)


if __name__ == "__main__":
    main()
