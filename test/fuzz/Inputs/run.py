# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""run.py BIN FOLDER [--seconds=N] [--seed=N] TARGET...: run fuzz targets from their corpus, one after the other.

  BIN      the tools that make the corpus (build/bin)
  FOLDER   of the fuzz targets' build; corpora, logs and findings go to FOLDER/fuzz
  --work   another folder for them
  --seeds  another folder of inputs than the corpus
Every input of the corpus runs, then new ones for N seconds (default 10; 0: only the corpus). What adds coverage is kept in
the folder `kept` for the next time. The last lines are one per target: executions, edges covered, findings; a finding is a
file, shown with the command that reproduces it. Status 1 when there is one.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys

import corpus

# Bytes of the longest input; whether memory that a run leaves behind is a leak (where a run may leave a context to the next
# one, only what nothing points to at the end is).
TARGETS = {"onnx": (16384, False), "stos": (16384, True), "assembly": (16384, True), "target": (1024, True),
           "tensor": (1024, True), "pipeline": (512, False)}
# A run that takes longer or allocates more is a finding: no input of that size is worth it.
LIMITS = ["-timeout=60", "-report_slow_units=60", "-rss_limit_mb=2500", "-malloc_limit_mb=1000"]


def command(args, name):
    longest, leaks = TARGETS[name]
    work = os.path.join(args.work, name)
    folders = [os.path.join(work, "kept"), os.path.join(work, "findings"), args.seeds or os.path.join(args.work, "corpus", name)]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    kept, findings, seeds = folders
    options = ["-max_len=%d" % longest, "-detect_leaks=%d" % leaks, "-seed=%d" % args.seed,
               "-dict=" + os.path.join(args.work, "corpus", name + ".dict"), "-artifact_prefix=" + findings + os.sep]
    amount = ["-max_total_time=%d" % args.seconds] if args.seconds else ["-runs=0"]
    return [program(args, name), *LIMITS, *options, *amount, "-close_fd_mask=3", "-print_final_stats=1", kept, seeds], findings


def program(args, name):
    return os.path.join(args.folder, "test", "fuzz", name)


def last_number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def run(args, name):
    """One target; the number of its findings."""
    line, folder = command(args, name)
    before = set(os.listdir(folder))
    environment = dict(os.environ, UBSAN_OPTIONS="print_stacktrace=1")
    done = subprocess.run(line, stderr=subprocess.PIPE, text=True, errors="replace", env=environment)
    with open(os.path.join(args.work, name, "log"), "w") as log:
        log.write(done.stderr)
    found = sorted(set(os.listdir(folder)) - before)
    executions = last_number(r"number_of_executed_units: (\d+)", done.stderr) or last_number(r"\n#(\d+)\t", done.stderr)
    for file in found:
        print("%s: finding: %s" % (name, shlex.join([program(args, name), *LIMITS, os.path.join(folder, file)])))
    if done.returncode != 0:
        print("\n".join(done.stderr.splitlines()[-60:]))
    n_findings = max(len(found), done.returncode != 0)
    print("%s: %d executions, %d edges covered, %d findings" % (name, executions, last_number(r"\bcov: (\d+)", done.stderr), n_findings), flush=True)
    return n_findings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work")
    parser.add_argument("--seeds")
    parser.add_argument("targets", nargs="*", metavar="TARGET", choices=[[], *TARGETS])
    args = parser.parse_args()
    args.work = args.work or os.path.join(args.folder, "fuzz")
    corpus.make(args.bin, os.path.join(args.work, "corpus"))
    findings = [run(args, name) for name in args.targets or TARGETS]
    return 1 if any(findings) else 0


if __name__ == "__main__":
    sys.exit(main())
