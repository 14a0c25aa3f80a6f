# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# jansson (JSON) as the target fuse_jansson.
find_path(JANSSON_INCLUDE jansson.h)
find_library(JANSSON_LIBRARY jansson)
if(NOT JANSSON_INCLUDE OR NOT JANSSON_LIBRARY)
  message(FATAL_ERROR "jansson was not found. On Debian: apt install libjansson-dev")
endif()
add_library(fuse_jansson INTERFACE)
target_include_directories(fuse_jansson SYSTEM INTERFACE ${JANSSON_INCLUDE})
target_link_libraries(fuse_jansson INTERFACE ${JANSSON_LIBRARY})
