// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check_program.h - programs for the tests of lib/check: from lines of assembly or from commands.
 */
#ifndef FUSE_TEST_CHECK_PROGRAM_H
#define FUSE_TEST_CHECK_PROGRAM_H

#include <stdlib.h>

#include "fuse/check.h"
#include "unit.h"

/* Offsets as the encoder would give them. */
static inline StosProgram program_of(FuseArena *arena, StosCmd *cmds, size_t n) {
  StosProgram program = {.cmds = cmds, .n = n};
  program.offsets = fuse_alloc_array(arena, n, sizeof *program.offsets);
  uint32_t at = 0;
  for (size_t i = 0; i < n; i++) {
    uint8_t bytes[STOS_MAX_CMD_BYTES];
    FuseDiag diag = {0};
    program.offsets[i] = at;
    at += (uint32_t)stos_encode(&cmds[i], bytes, &diag);
    if (diag.set)
      fprintf(stderr, "command %zu: %s\n", i, diag.message);
    CHECK(!diag.set);
  }
  return program;
}

/* Lines separated by \n; empty ones are left out. */
static inline StosProgram parse_program(FuseArena *arena, const char *source) {
  StosCmd *cmds = fuse_alloc_array(arena, strlen(source), sizeof *cmds);
  size_t n = 0;
  while (*source) {
    size_t length = strcspn(source, "\n");
    if (length > strspn(source, " ")) {
      FuseDiag diag = {0};
      if (!stos_parse(source, length, "test", &cmds[n++], &diag))
        fprintf(stderr, "%.*s: %s\n", (int)length, source, diag.message);
      CHECK(!diag.set);
    }
    source += length + (source[length] == '\n');
  }
  return program_of(arena, cmds, n);
}

#endif
