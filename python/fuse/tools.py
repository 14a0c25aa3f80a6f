# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Find and run the programs: fusec, fuse-sim, a C compiler; and what all commands of the package say of errors.

needs: FUSE_BIN (a folder), or a checkout that has been built around this package, or an installed tree, or PATH
gives: paths; standard output of a command, or Failure
"""
import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

STATUS_WRONG, STATUS_USAGE = 1, 2


class Failure(Exception):
    """Nothing more can be done; the message says why, in the form of the tools' errors."""


class Parser(argparse.ArgumentParser):
    """Errors are one line, as those of the tools."""

    def error(self, message):
        raise Failure(f"{self.prog}: error: {message}; see --help")


def file_name(text):
    """The type of an argument."""
    if not text:
        raise argparse.ArgumentTypeError("an empty name; expected a file")
    return text


def tool(name):
    """The path of a program of ours."""
    package = Path(__file__).resolve()
    # python/fuse of a checkout; share/fuse/python/fuse or lib/pythonX.Y/site-packages/fuse of an installed tree
    folders = [os.environ["FUSE_BIN"]] if "FUSE_BIN" in os.environ else [
        package.parents[2] / "build" / "bin", *(parent / "bin" for parent in package.parents[2:6])]
    for folder in folders:
        path = shutil.which(name, path=str(folder))
        if path:
            return path
    path = None if "FUSE_BIN" in os.environ else shutil.which(name)
    if not path:
        raise Failure(f"error: no program {name}; expected it in "
                      f"{os.environ.get('FUSE_BIN', 'build/bin or PATH (FUSE_BIN names another folder)')}")
    return path


def run(command):
    """Standard output of a command; what it says on standard error is kept for Failure."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip() or f"error: {Path(command[0]).name}: exit status {done.returncode}"
        raise Failure(said)
    return done.stdout


def main_of(function):
    """Run a command's main; errors become one message and a status."""
    try:
        sys.exit(function(sys.argv[1:]))
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(STATUS_USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(STATUS_WRONG)
