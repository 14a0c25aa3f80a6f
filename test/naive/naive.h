// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* naive.h - the machine of docs/machine.md register by register, one cycle at a time.
 *
 * Test code: slow, and it shares nothing with lib/sim but the headers of commands and targets.
 * Cycles come out of the stepping, not of the page's formulas: those are what it is compared with.
 */
#ifndef FUSE_TEST_NAIVE_H
#define FUSE_TEST_NAIVE_H

#include "fuse/isa.h"
#include "fuse/target.h"

/* All memories, as bytes; words are little-endian elements, lane 0 first. Borrowed and changed. */
typedef struct NaiveMemory {
  uint8_t *region[STOS_N_REGIONS];
  size_t region_bytes[STOS_N_REGIONS];
  uint8_t *scratchpad; /* scratchpad_words * lanes * (1 or 4) bytes */
  uint8_t *params;     /* param_entries * 16 */
  uint8_t *luts;       /* luts * 256 */
} NaiveMemory;

/* HOST `call`: may read and write the DRAM regions. */
typedef void NaiveHost(void *user, uint32_t call, const NaiveMemory *memory);

/* What happened in the array, for tests of single formulas. */
typedef enum NaiveEventKind {
  NAIVE_TILE,  /* s of a GEMM tile; CONV1D: first cycle of a wave */
  NAIVE_DRAIN, /* D */
  NAIVE_LEAVE, /* e of a tile's last value */
} NaiveEventKind;

typedef struct NaiveEvent {
  NaiveEventKind kind;
  size_t command; /* index in the program */
  uint64_t array_cycle;
} NaiveEvent;

typedef struct NaiveResult {
  uint64_t cycles;
  /* Per queue; the three sum to cycles. Waiting: its next command has not got its semaphores. */
  uint64_t busy[STOS_N_QUEUES], waiting[STOS_N_QUEUES], idle[STOS_N_QUEUES];
  uint64_t array_cycles, vector_cycles; /* of these units' own clocks (M-MEM-3) */
  NaiveEvent *events;                   /* in `arena` */
  size_t n_events;
} NaiveResult;

/* Runs the program to its END. dtype: of all its commands (M-NUM-1). host may be NULL when there is
 * no HOST command. Returns false and fills diag when the program is wrong (an address outside its
 * memory, a deadlock, a semaphore left at a barrier) and when two values meet in one register. */
bool naive_run(FuseArena *arena, const StosProgram *program, const StosTarget *target, int dtype,
               const NaiveMemory *memory, NaiveHost *host, void *user, NaiveResult *result,
               FuseDiag *diag);

#endif
