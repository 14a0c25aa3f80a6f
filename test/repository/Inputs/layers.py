# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""layers.py ROOT - an include points down: the table of docs/index.md, held to the sources.

A component is a folder of lib/ with its public headers; tools/ and test/naive count as one each. It may include
headers of lower levels and its own, and no others. What else is checked is said at the rules below.
"""
import os
import re
import sys

import tracked

LEVELS = [
    ["support"],
    ["cli", "tensor", "target"],
    ["isa", "kernels"],
    ["object"],
    ["plan", "sim", "check"],
    ["runtime"],
    ["ir"],
    ["onnx", "transforms", "codegen"],
    ["driver"],
    ["tools"],
]
LEVEL = {component: level for level, components in enumerate(LEVELS) for component in components}

# Public headers that don't have the name of their component.
HEADERS = {
    "diag": "support", "file": "support", "line": "support", "version": "support",
    "requant": "tensor", "apply_scale": "tensor",
    "kernel_calls": "ir", "onnx_ops": "ir", "stos_ir": "ir",
    "passes": "transforms", "rewrite": "transforms",
}

# Lower level, and still not: the judge shares no code with the judged.
NEVER = {
    "sim": {"kernels", "object"},   # values come from docs/machine.md, not from the reference C
    "check": {"kernels"},
    "plan": {"kernels", "object"},  # plain numbers
}
# The machine stepped register by register (tests) shares the encoding and the target's numbers with the simulator.
ONLY = {"naive": {"isa", "target", "tensor", "support"}}

# Libraries of others, and who may include them.
OUTSIDE = {
    "mlir-c": {"ir", "onnx", "transforms", "codegen", "driver", "tools"},
    "jansson.h": {"target", "object", "runtime", "transforms", "driver"},
    "onnx.pb-c.h": {"onnx"},
    "protobuf-c": {"onnx"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.M)


def component_of(path):
    """The component that a source belongs to; None for what isn't held to the table."""
    parts = path.split("/")
    if parts[:2] == ["include", "fuse"]:
        name = os.path.splitext(parts[2])[0]
        return HEADERS.get(name, name)
    if parts[0] == "lib" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["test", "naive"]:
        return "naive"
    return "tools" if parts[0] == "tools" else None


def check(path, component, included):
    """What is wrong with one include, or None."""
    top = included.split("/")[0]
    if top == "fuse":
        name = os.path.splitext(included.split("/")[1])[0]
        other = HEADERS.get(name, name)
        if other not in LEVEL:
            return "%s is no header of a component in test/repository/Inputs/layers.py" % included
        if component in ONLY:
            return None if other in ONLY[component] else "%s may only see %s" % (component, sorted(ONLY[component]))
        if other == component:
            return None
        if LEVEL[other] >= LEVEL[component]:
            return "%s (level %d) is not below %s (level %d)" % (other, LEVEL[other], component, LEVEL[component])
        return "%s may not see %s" % (component, other) if other in NEVER.get(component, ()) else None
    for library, users in OUTSIDE.items():
        if top == library or included == library:
            return None if component in users else "only %s may include it" % ", ".join(sorted(users))
    # A header of its own folder: never one of another component's.
    if "../" in included:
        return "a path out of its folder"
    return None


def main():
    root = sys.argv[1]
    n_includes, wrong = 0, []
    for path in tracked.files(root):
        component = component_of(path)
        if component is None or not path.endswith((".c", ".h", ".def")):
            continue
        if component != "naive" and component not in LEVEL:
            wrong.append("%s: component %s has no level; expected a row in docs/index.md and here" % (path, component))
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for included in INCLUDE.findall(file.read()):
                n_includes += 1
                problem = check(path, component, included)
                if problem:
                    wrong.append("%s: includes %s: %s" % (path, included, problem))
    print("\n".join(wrong + ["%d includes, %d wrong" % (n_includes, len(wrong))]))
    return bool(wrong) or n_includes < 100


if __name__ == "__main__":
    sys.exit(main())
