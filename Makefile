# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A thin front to CMake and Ninja. `make check` sets up, builds and tests; nothing here is clever.
PRESET ?= dev
BUILD_dev = build
BUILD_dev-clang = build-clang
BUILD_release = build-release
BUILD_asan = build-asan
BUILD_fuzz = build-fuzz
BUILD = $(BUILD_$(PRESET))
VENV = build/venv

.PHONY: all help deps build demo check check-fast check-asan check-asan-fast fuzz-targets format format-check clean

all: build

help:
	@echo "make              install what is missing (asks first), build into build/"
	@echo "make demo         build, then compile networks, run them and show it; MODEL=net.onnx TARGET=stosx-64: any network"
	@echo "make check        the same, then every test; check-fast: without the slow ones"
	@echo "make check-asan   every test with AddressSanitizer and UndefinedBehaviorSanitizer; check-asan-fast: without the slow ones"
	@echo "make deps         only install what is missing; YES=1: without asking; DEPS=no, for any of these: with what is here"
	@echo "make format       clang-format on every C file; format-check: only look"
	@echo "make clean        remove the build folders"
	@echo "PRESET=release|dev-clang|asan, LLVM_ROOT=PREFIX: for make and make check"

deps:
	@[ "$(DEPS)" = no ] || deps/install.sh "$(CURDIR)/$(VENV)"

# The other presets' test runs use the one venv.
$(BUILD)/build.ninja: | deps
	@mkdir -p $(BUILD)
	@[ "$(BUILD)" = build ] || ln -sfn ../$(VENV) $(BUILD)/venv
	@cmake --preset $(PRESET) $(if $(LLVM_ROOT),-DLLVM_ROOT="$(LLVM_ROOT)") > $(BUILD)/configure.log 2>&1 \
	  || { cat $(BUILD)/configure.log; exit 1; }

build: deps $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet

# Files go to build/demo. make demo MODEL=net.onnx TARGET=stosx-64 DIM="batch=1": any network.
demo: build
	@$(VENV)/bin/python models/demo.py --bin=$(BUILD)/bin $(if $(MODEL),--model="$(MODEL)") $(if $(TARGET),--target="$(TARGET)") \
	  $(if $(REWRITE),--rewrite="$(REWRITE)") $(foreach dim,$(DIM),--dim="$(dim)")

check: build fuzz-targets
	@ninja -C $(BUILD) --quiet check

check-fast: build
	@ninja -C $(BUILD) --quiet check-fast

check-asan:
	@$(MAKE) --no-print-directory PRESET=asan check

check-asan-fast:
	@$(MAKE) --no-print-directory PRESET=asan check-fast

# Ten seconds of each run in check; bench/fuzz.sh runs them for longer.
ifeq ($(PRESET),fuzz)
fuzz-targets: deps $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet fuzz
else
fuzz-targets:
	@$(MAKE) --no-print-directory PRESET=fuzz fuzz-targets
endif

C_FILES = $(shell git ls-files '*.c' '*.h')
format:
	@clang-format-22 -i $(C_FILES)

format-check:
	@clang-format-22 --dry-run --Werror $(C_FILES)

clean:
	rm -rf build build-clang build-release build-asan build-fuzz
