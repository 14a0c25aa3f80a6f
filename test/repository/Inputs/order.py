# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""order.py ROOT - no call has two arguments that each build ops.

C leaves the order of arguments open, so the IR would depend on the compiler that built ours: such calls get their
operands from variables, one statement each. A function builds ops when it gives a Term or an MlirValue, unless it is in
PURE.
"""
import pathlib
import re
import sys

# They look something up, or make a constant that is built where it's first used.
PURE = {
    "o2t_scalar", "o2t_vector", "o2t_integers", "o2t_constant", "o2t_number", "o2t_term", "stos_result",
    "mlirOperationGetResult", "mlirOperationGetOperand",
}
NO_CALL = {"if", "while", "for", "switch", "return", "sizeof"}
DEFINITION = re.compile(r"^(?:static )?(?:inline )?(?:Term \*|MlirValue )(\w+)\(", re.M)


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def arguments(text, at):
    """The arguments of the call whose parenthesis ends before `at`."""
    depth, first, parts = 1, at, []
    for i in range(at, len(text)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
            if depth == 0:
                return parts + [text[first:i]]
        elif text[i] == "," and depth == 1:
            parts.append(text[first:i])
            first = i + 1
    return parts


def main():
    root = pathlib.Path(sys.argv[1])
    files = sorted((root / "lib/transforms").rglob("*.[ch]"))
    texts = {f: re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\n])*\"", blank, f.read_text(), flags=re.S) for f in files}
    builders = {name for text in texts.values() for name in DEFINITION.findall(text)} - PURE
    builds = re.compile(r"\b(?:%s)\(" % "|".join(sorted(builders)))
    bad = 0
    for file, text in texts.items():
        for call in re.finditer(r"\b(\w+)\(", text):
            if call[1] in NO_CALL or sum(bool(builds.search(a)) for a in arguments(text, call.end())) < 2:
                continue
            line = text.count("\n", 0, call.start()) + 1
            print(f"{file.relative_to(root)}:{line}: error: two arguments of {call[1]} build ops; expected at most one")
            bad += 1
    print(f"{len(builders)} functions build ops")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
