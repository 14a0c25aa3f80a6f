# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lit's configuration: where the tools are, what can be tested here.

Features (REQUIRES:)
  models        the real networks of FUSE_MODELS (default: ../shared/models beside the checkout)
  onnxruntime   the Python packages
  onnx-testdata Debian's libonnx-testdata
  torch         PyTorch in the Python of the tests (not in deps/python.txt)
  fuzz          the fuzz targets, built in build-fuzz (make fuzz-targets)
Named in FUSE_REQUIRE (comma-separated), a missing feature is an error instead of a skip.
Substitutions: %python, %models, %source, %unit, %bin, %fuzz, %cc, %clang, and the tools by their names.
"""
import os
import subprocess

import lit.formats

config.name = "fuse"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".s"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.join(config.fuse_source, "test")
config.test_exec_root = os.path.join(config.fuse_build, "test")

tools = os.path.join(config.fuse_build, "bin")
python = os.path.join(config.fuse_build, "venv", "bin", "python")
config.environment["PATH"] = os.pathsep.join([tools, config.llvm_bin, os.environ["PATH"]])
config.environment["PYTHONPATH"] = os.path.join(config.fuse_source, "python")
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
config.environment["LC_ALL"] = "C.UTF-8"
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "CI"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# What a sanitizer finds, leaks too, ends the program by a signal: `not` takes that for a failure, an exit status it doesn't.
if config.sanitize:
    config.environment.setdefault("ASAN_OPTIONS", "abort_on_error=1")

models = os.environ.get("FUSE_MODELS") or os.path.join(config.fuse_source, "..", "shared", "models")
models = os.path.abspath(models)
fuzz = os.path.join(config.fuse_source, "build-fuzz")


def quoted(path):
    return "'" + path + "'" if " " in path else path


config.substitutions += [
    ("%python", quoted(python)),
    ("%models", quoted(models)),
    ("%source", quoted(config.fuse_source)),
    ("%unit", quoted(os.path.join(config.fuse_build, "test", "unit"))),
    ("%fuzz", quoted(fuzz)),
    ("%bin", quoted(tools)),
    ("%clang", os.path.join(config.llvm_bin, "clang")),
    ("%llvm_bin", config.llvm_bin),
    ("%cc", config.c_compiler),
]


def have_module(name):
    return subprocess.run([python, "-c", "import " + name], capture_output=True).returncode == 0


found = {
    "models": os.path.isfile(os.path.join(models, "mnist-8.onnx")),
    "onnxruntime": have_module("onnxruntime"),
    "torch": have_module("torch"),
    "fuzz": os.path.isfile(os.path.join(fuzz, "test", "fuzz", "onnx")),
    "onnx-testdata": os.path.isdir("/usr/share/libonnx-testdata/data/node"),
}
config.available_features |= {name for name, there in found.items() if there}
if config.sanitize:
    config.available_features.add("asan")
for name in filter(None, os.environ.get("FUSE_REQUIRE", "").split(",")):
    if not found.get(name, False):
        lit_config.fatal("FUSE_REQUIRE asks for '%s', which isn't here" % name)
