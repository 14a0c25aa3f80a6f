# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the lists of suite.py say, by operator.

usage: coverage.py              how many tests have only operators of cnn-ops.txt, and which of them don't pass
       coverage.py --all        the same for all tests, by the operator that is refused and the reason
"""
import collections
import os
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
    """Does a test have strings, or train?"""
    strings = any(value.type.tensor_type.elem_type == onnx.TensorProto.STRING
                  for value in [*model.graph.input, *model.graph.output])
    return strings or any(node.op_type == "Dropout" and len(node.input) > 2 or
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


def main():
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
