#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# fuzz.sh MINUTES [TARGET...]: build, then run every fuzz target (or those named) for so long, one after the other.
# Prints executions, edges covered and findings of each; a finding is a file, shown with the command that reproduces it.
# Corpora, logs and findings are kept in build-fuzz/fuzz. SEED=N: another seed than the clock's.
set -eu -o pipefail
usage() { echo "usage: bench/fuzz.sh MINUTES [onnx|stos|assembly|target|tensor|pipeline]..." >&2; exit 2; }
[[ "${1:-}" =~ ^[0-9]+$ ]] || usage
minutes=$1
shift
cd "$(dirname "$0")/.."
make build fuzz-targets
exec build/venv/bin/python test/fuzz/Inputs/run.py --seconds=$((minutes * 60)) --seed="${SEED:-$(($(date +%s) % 1000000 + 1))}" build/bin build-fuzz "$@"
