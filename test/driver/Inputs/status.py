# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run a command that must fail in one way: status.py STATUS COMMAND...

gives: its standard error on standard output; status 1 when the command's status is another one, or
       it said something else than one line.
"""
import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
print(run.stderr, end="")
if run.returncode != expected:
    sys.exit(f"status {run.returncode}; expected {expected}")
if run.stdout or run.stderr.count("\n") != 1:
    sys.exit("expected one line of standard error")
