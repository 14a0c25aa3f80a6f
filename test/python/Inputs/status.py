# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run a command that must end with one status: status.py STATUS COMMAND...

gives: its standard output and error; status 1 when the command's status is another one
"""
import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
if status != expected:
    sys.exit(f"status {status}; expected {expected}")
