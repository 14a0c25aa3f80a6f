# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run lit and close with the line `N passed, N failed, N skipped`.

usage: run.py LIT TEST_DIR [lit options]
"""
import json
import os
import subprocess
import sys
import tempfile

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main():
    lit, tests, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    jobs = os.environ.get("FUSE_JOBS", str(os.cpu_count() or 2))
    with tempfile.TemporaryDirectory() as scratch:
        results = os.path.join(scratch, "lit.json")
        status = subprocess.run([sys.executable, lit, "-sv", "-j", jobs, "-o", results, tests] + options).returncode
        if not os.path.exists(results):
            print("0 passed, 1 failed, 0 skipped")
            return status or 1
        with open(results) as file:
            codes = [test["code"] for test in json.load(file)["tests"]]
    passed = sum(code in PASSED for code in codes)
    skipped = sum(code in SKIPPED and code != "EXCLUDED" for code in codes)
    failed = len(codes) - passed - sum(code in SKIPPED for code in codes)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped), flush=True)
    return status or (1 if failed or not passed else 0)


sys.exit(main())
