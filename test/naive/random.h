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

/* One command of this opcode and END; GEMM and CONV1D: one to three array commands without
 * semaphores, mostly of this opcode. */
void random_single(FuseArena *arena, uint64_t seed, StosOpcode opcode, RandomCase *out);

/* Several commands in all queues, ordered by semaphores where they share memory, with waits and
 * signals of inner levels and barriers. Before them the scratchpad, the parameters and the tables
 * are loaded from the weights region; after them the scratchpad is stored at the end of io. So
 * nothing on chip is read that wasn't written, and the regions show every result. hosts: HOST
 * commands too. */
void random_program(FuseArena *arena, uint64_t seed, bool hosts, RandomCase *out);

/* Double-buffered stripes through all queues, f32: load -> GEMM or CONV1D -> VECTOR -> store. They
 * use what is on chip at the start. */
void random_pipeline(FuseArena *arena, uint64_t seed, RandomCase *out);
/* Loads and stores of many beats that meet at the DRAM channel at any time, f32; as above. */
void random_traffic(FuseArena *arena, uint64_t seed, RandomCase *out);

/* A copy of all memories. */
NaiveMemory random_copy(FuseArena *arena, const RandomCase *c);
/* The first memory in which two runs differ, NULL when there is none; chip: on chip, too. */
const char *random_difference(const RandomCase *c, const NaiveMemory *a, const NaiveMemory *b,
                              bool chip);
/* What HOST does to a region: any function of the call and what is there. */
void random_host(uint32_t call, int region, uint8_t *data, size_t size_bytes);
/* The case and what went wrong, to standard error. */
void random_show(const RandomCase *c, uint64_t seed, const char *what);

#endif
