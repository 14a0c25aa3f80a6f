# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""spdx.py ROOT - every file says its licence in its first three lines, or REUSE.toml says it."""
import fnmatch
import os
import sys
import tomllib

import tracked

TAG = b"SPDX-License-Identifier: "


def says_licence(path):
    with open(path, "rb") as file:
        return any(TAG in line for line in file.read(2000).split(b"\n")[:3])


def main():
    root = sys.argv[1]
    with open(os.path.join(root, "REUSE.toml"), "rb") as file:
        patterns = [p for table in tomllib.load(file)["annotations"] for p in table["path"]]
    paths = [path for path in tracked.files(root) if path != "LICENSE"]
    unused = [p for p in patterns if not fnmatch.filter(paths, p)]
    bad = [path for path in paths
           if not any(fnmatch.fnmatch(path, p) for p in patterns) and not says_licence(os.path.join(root, path))]
    for path in bad:
        print("%s: no SPDX-License-Identifier in its first three lines" % path)
    for pattern in unused:
        print("REUSE.toml: %s: no such file" % pattern)
    print("%d files, %d without a licence" % (len(paths), len(bad)))
    return bool(bad or unused) or not paths


sys.exit(main())
