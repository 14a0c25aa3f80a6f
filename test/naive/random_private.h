// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* random_private.h - what random.c (single commands) gives to random_program.c. */
#ifndef FUSE_TEST_RANDOM_PRIVATE_H
#define FUSE_TEST_RANDOM_PRIVATE_H

#include "random.h"

typedef struct Gen {
  FuseArena *arena;
  Random random;
  RandomCase *out;
  size_t prologue;    /* bytes of weights that a program loads first */
  size_t image;       /* byte in weights of the scratchpad's first contents */
  size_t reserved;    /* bytes at the end of each region that random DMA leaves alone */
  int rotate;         /* which sections play which role in this command */
  bool same_sections; /* as in the command before */
} Gen;

void gen_init(Gen *g, FuseArena *arena, uint64_t seed, RandomCase *out);
void gen_fill(Gen *g, uint8_t *bytes, size_t size_bytes);
void gen_fill_params(Gen *g, uint8_t *bytes, uint32_t entries);
/* Room at the end of io for the scratchpad. */
void gen_reserve(Gen *g);
StosCmd gen_command(Gen *g, StosOpcode opcode);
int gen_chain(Gen *g, StosCmd *cmds);

#endif
