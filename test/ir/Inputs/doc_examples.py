# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""doc_examples.py DOC TEST... - every mlir example of DOC must occur in one of the tests."""
import re
import sys


def words(path):
    with open(path, encoding="utf-8") as file:
        return " ".join(file.read().split())


with open(sys.argv[1], encoding="utf-8") as file:
    examples = re.findall(r"```mlir\n(.*?)```", file.read(), re.S)
texts = [words(path) for path in sys.argv[2:]]
missing = [e for e in examples if not any(" ".join(e.split()) in text for text in texts)]
for example in missing:
    print("in no test:\n" + example)
print("%d examples, %d missing" % (len(examples), len(missing)))
sys.exit(bool(missing) or not examples)
