# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The files of the repository: git's list, or in an unpacked archive everything but the build folders."""
import os
import subprocess


def files(root):
    """Paths relative to root, sorted."""
    git = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True)
    if git.returncode == 0:
        paths = [os.fsdecode(path) for path in git.stdout.split(b"\0") if path]
    else:
        paths = []
        for folder, folders, names in os.walk(root):
            if folder == root:
                folders[:] = [f for f in folders if f != ".git" and not f.startswith("build")]
            folders[:] = [f for f in folders if f != "__pycache__"]
            paths += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(path for path in paths if os.path.isfile(os.path.join(root, path)))
