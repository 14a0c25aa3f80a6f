// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* random.h - seeded small targets, memories and legal programs for tests of the machine. */
#ifndef FUSE_TEST_RANDOM_H
#define FUSE_TEST_RANDOM_H

#include "naive.h"

typedef struct Random {
  uint64_t state;
} Random;

uint32_t random_below(Random *random, uint32_t below);
int random_between(Random *random, int smallest, int largest);

enum { RANDOM_MAX_COMMANDS = 80 };

/* A machine, its memories before the program, and the program; all in the arena. */
typedef struct RandomCase {
  StosTarget target;
  int dtype;
  NaiveMemory memory;
  StosProgram program;
} RandomCase;

/* One command of this opcode between nothing and END (a chain of chunks may be several). */
void random_single(FuseArena *arena, uint64_t seed, StosOpcode opcode, RandomCase *out);

/* A copy of all memories. */
NaiveMemory random_copy(FuseArena *arena, const RandomCase *c);

#endif
