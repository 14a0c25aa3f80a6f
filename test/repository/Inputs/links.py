# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""links.py ROOT - what the pages link to exists, and so does every page that a source names (docs/NAME.md)."""
import os
import re
import sys

import tracked

LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
PAGE = re.compile(r"\bdocs/[a-z0-9_-]+\.md\b")


def targets(path, text):
    """Paths relative to the root that a file speaks of."""
    if path.endswith(".md"):
        for link in LINK.findall(text):
            if not link.startswith(("http://", "https://")):
                yield os.path.normpath(os.path.join(os.path.dirname(path), link))
    yield from PAGE.findall(text)


def main():
    root, n, missing = sys.argv[1], 0, []
    for path in tracked.files(root):
        if path.endswith(".onnx"):
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for target in targets(path, file.read()):
                n += 1
                if not os.path.exists(os.path.join(root, target)):
                    missing.append("%s: %s doesn't exist" % (path, target))
    print("\n".join(missing + ["%d links, %d missing" % (n, len(missing))]))
    return bool(missing) or n < 20


sys.exit(main())
