# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Break a good target file in one way at a time and compare the error.

usage: bad_targets.py PROGRAM GOOD SCRATCH
"""
import os
import subprocess
import sys

program, good_path, scratch = sys.argv[1:]
with open(good_path) as file:
    good = file.read()

# text to replace, replacement, "line:column: " of the error or "", message
CASES = [
    ('"rows": 16', '"rows": 12', "", "rows is 12; expected a power of two from 8 to 256"),
    ('"rows": 16', '"rows": 16, "cols": 16', "4:8: ", "duplicate object key near '\"cols\"'; expected a target in JSON"),
    ('"rows": 16', '"rows": 16, "row": 16', "3:15: ", "key 'row'; expected a field of a target"),
    ('"rows": 16', '"\\u0072ows": 16,"x\\"\\n{": 1', "3:19: ", "key 'x\\\"\\n{'; expected a field of a target"),
    ('"rows": 16', '"rows": {"a": [1, {"b": "}"}]}', "3:3: ", "rows isn't an integer; expected one"),
    ('"cols": 16', '"cols": 16.0', "4:3: ", "cols isn't an integer; expected one"),
    ('"name": "stos-16"', '"name": "\\u0061", "x,": 1', "2:21: ", "key 'x,'; expected a field of a target"),
    ('"cols": 16', '"cols": true', "4:3: ", "cols isn't an integer; expected one"),
    ('"cols": 16', '"cols": "16"', "4:3: ", "cols isn't an integer; expected one"),
    ('"taps": 64', '"taps": 4294967360', "11:3: ", "taps is 4294967360; expected 1 to 1024"),
    ('"taps": 64', '"taps": -1', "11:3: ", "taps is -1; expected 1 to 1024"),
    ('"taps": 64,', "", "", "key 'taps' is missing; expected it"),
    ('"name": "stos-16",', "", "", "key 'name' is missing; expected it"),
    ('"stos-16"', "16", "2:3: ", "name isn't a string; expected one"),
    ('"stos-16"', '""', "2:3: ", "name is ''; expected 1 to 63 letters, digits, '.', '_' or '-'"),
    ('"stos-16"', '"a b"', "2:3: ", "name is 'a b'; expected 1 to 63 letters, digits, '.', '_' or '-'"),
    ('"stos-16"', '"%s"' % (64 * "x"), "2:3: ", "name is '%s'; expected 1 to 63 letters, digits, '.', '_' or '-'" % (64 * "x")),
    (good, "[]", "", "not an object; expected a target in JSON"),
    (good, "", "1:1: ", "'[' or '{' expected near end of file; expected a target in JSON"),
    (good, good + "x", "22:1: ", "end of file expected near 'x'; expected a target in JSON"),
]

for i, (old, new, where, message) in enumerate(CASES):
    assert good.count(old) == 1, old
    path = os.path.join(scratch, "bad%d.json" % i)
    with open(path, "w") as file:
        file.write(good.replace(old, new))
    run = subprocess.run([program, "print", path], capture_output=True, text=True)
    expected = "%s%s: error: %s\n" % (path, ":" + where[:-2] if where else "", message)
    assert (run.returncode, run.stdout, run.stderr) == (1, "", expected), (run, expected)
