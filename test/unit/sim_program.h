// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim_program.h - small programs as assembly text, for the tests of the simulator. */
#ifndef FUSE_TEST_SIM_PROGRAM_H
#define FUSE_TEST_SIM_PROGRAM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/isa.h"
#include "fuse/sim.h"
#include "fuse/target.h"

#define MAX_COMMANDS 64

typedef struct Program {
  StosCmd cmds[MAX_COMMANDS];
  size_t n;
} Program;

/* Append a command; text that doesn't parse ends the test. */
static inline void add_line(Program *program, const char *line) {
  FuseDiag diag = {0};
  if (program->n == MAX_COMMANDS ||
      !stos_parse(line, strlen(line), "test", &program->cmds[program->n++], &diag)) {
    fprintf(stderr, "%s\n%s\n", line, diag.message);
    exit(1);
  }
}

static inline StosTarget target_of(const char *name) {
  StosTarget target;
  if (!stos_target_preset(name, &target))
    exit(1);
  return target;
}

/* What a run leaves behind. */
typedef struct Run {
  bool ok;
  StosSimResult result;
  FuseDiag diag;
  StosMemory regions[STOS_N_REGIONS];
} Run;

/* Lines end at NULL; END is added. */
static inline Run run_lines(FuseArena *arena, const StosTarget *target, const char *const *lines,
                            StosMemory *regions, StosSimOptions options) {
  Program program = {0};
  for (; *lines; lines++)
    add_line(&program, *lines);
  add_line(&program, "end");
  Run run = {0};
  memcpy(run.regions, regions, sizeof run.regions);
  StosProgram p = {.cmds = program.cmds, .n = program.n};
  run.ok = stos_sim_run(arena, &p, target, run.regions, &options, &run.result, &run.diag);
  return run;
}

#endif
