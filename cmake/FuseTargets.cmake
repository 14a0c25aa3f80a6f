# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# fuse_library(NAME sources... DEPS libs...)    lib/NAME -> static library fuse_NAME
# fuse_tool(NAME sources... DEPS libs...)       tools/NAME.c -> build/bin/NAME
# fuse_unit_test(SOURCE libs...)                a C program of test/unit -> build/test/unit/NAME, %unit/NAME in lit
# fuse_embed(FILE OUTPUT)                       bytes of FILE as a C initialiser list, NUL at the end
function(fuse_split_deps out_sources out_deps)
  cmake_parse_arguments(arg "" "" "DEPS" ${ARGN})
  set(${out_sources} ${arg_UNPARSED_ARGUMENTS} PARENT_SCOPE)
  set(${out_deps} ${arg_DEPS} PARENT_SCOPE)
endfunction()

function(fuse_library name)
  fuse_split_deps(sources deps ${ARGN})
  add_library(fuse_${name} STATIC ${sources})
  target_include_directories(fuse_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/include)
  target_link_libraries(fuse_${name} PUBLIC ${deps})
endfunction()

function(fuse_tool name)
  fuse_split_deps(sources deps ${ARGN})
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${deps})
  install(TARGETS ${name} RUNTIME DESTINATION bin)
  set_property(GLOBAL APPEND PROPERTY FUSE_TEST_DEPENDS ${name})
endfunction()

function(fuse_unit_test source)
  cmake_path(GET source STEM name)
  add_executable(unit_${name} ${source})
  set_target_properties(unit_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test/unit)
  target_link_libraries(unit_${name} PRIVATE ${ARGN})
  set_property(GLOBAL APPEND PROPERTY FUSE_TEST_DEPENDS unit_${name})
endfunction()

function(fuse_embed file output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  file(CONFIGURE OUTPUT ${output} CONTENT "${hex}0\n")
endfunction()
