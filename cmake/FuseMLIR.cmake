# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Finds LLVM/MLIR 22 by llvm-config-22 or -DLLVM_ROOT=, and offers
#   fuse_mlir       the C API with the dialects and transforms we use, linked statically (tools start in milliseconds)
#   fuse_mlir_all   the same with every upstream dialect and pass registered (fuse-opt)
set(LLVM_ROOT "" CACHE PATH "LLVM/MLIR 22 prefix; empty: ask llvm-config-22")
set(llvm_root ${LLVM_ROOT})
if(NOT llvm_root)
  find_program(LLVM_CONFIG llvm-config-22)
  if(LLVM_CONFIG)
    execute_process(COMMAND ${LLVM_CONFIG} --prefix OUTPUT_VARIABLE llvm_root OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
endif()
if(NOT EXISTS "${llvm_root}/lib/libMLIRCAPIIR.a")
  message(FATAL_ERROR "LLVM/MLIR 22 with its C API was not found (looked in '${llvm_root}'). On Debian: "
    "apt install llvm-22-dev libmlir-22-dev mlir-22-tools llvm-22-tools; or set -DLLVM_ROOT=<prefix>.")
endif()
set(LLVM_ROOT ${llvm_root})
set(LLVM_BIN ${LLVM_ROOT}/bin)

file(GLOB mlir_archives ${LLVM_ROOT}/lib/libMLIR*.a)
list(FILTER mlir_archives EXCLUDE REGEX "CAPI|Test|OptMain|Lsp|LSP|Tblgen|TableGen")
execute_process(COMMAND ${LLVM_BIN}/llvm-config --link-static --libfiles core support bitwriter bitreader
                OUTPUT_VARIABLE llvm_core OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(llvm_core)
execute_process(COMMAND ${LLVM_BIN}/llvm-config --link-static --libfiles all
                OUTPUT_VARIABLE llvm_all OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(llvm_all)
list(FILTER llvm_all EXCLUDE REGEX Polly) # listed by llvm-config, packaged elsewhere

# lld links the static MLIR several times faster; without it the default linker does.
set(link_options LINKER:--gc-sections)
if(EXISTS ${LLVM_BIN}/ld.lld)
  list(APPEND link_options -fuse-ld=lld -B${LLVM_BIN})
endif()

function(fuse_mlir_target name llvm_archives)
  add_library(${name} INTERFACE)
  set(capi)
  foreach(lib ${ARGN})
    list(APPEND capi ${LLVM_ROOT}/lib/libMLIRCAPI${lib}.a)
  endforeach()
  target_include_directories(${name} SYSTEM INTERFACE ${LLVM_ROOT}/include)
  target_link_options(${name} INTERFACE ${link_options})
  target_link_libraries(${name} INTERFACE -Wl,--start-group ${capi} ${mlir_archives} ${llvm_archives} -Wl,--end-group
                        stdc++ m z :libzstd.so.1)
endfunction()
# Headers only: what libraries of layers 5 to 7 compile against; the tool chooses which of the two it links.
add_library(fuse_mlir_headers INTERFACE)
target_include_directories(fuse_mlir_headers SYSTEM INTERFACE ${LLVM_ROOT}/include)
fuse_mlir_target(fuse_mlir "${llvm_core}" Func Tosa IRDL Transforms IR)
fuse_mlir_target(fuse_mlir_all "${llvm_all}" RegisterEverything Conversion ExecutionEngine Func Tosa IRDL Transforms IR Interfaces)
