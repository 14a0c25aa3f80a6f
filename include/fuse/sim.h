// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim.h - executes a decoded program: values and cycles, as docs/machine.md says.
 *
 * Needs no object file: commands, a target and the three DRAM regions are enough.
 */
#ifndef FUSE_SIM_H
#define FUSE_SIM_H

#include "fuse/isa.h"
#include "fuse/target.h"

/* A part of a region that holds data at the start (M-MEM-8); only --poison asks. */
typedef struct StosExtent {
  uint64_t offset, size_bytes;
} StosExtent;

/* A DRAM region. The weights region is only read. */
typedef struct StosMemory {
  uint8_t *data; /* may be NULL when timing_only */
  uint64_t size_bytes;
  const StosExtent *valid; /* what is written at the start; the weights region always is */
  size_t n_valid;
} StosMemory;

/* Bytes that a host call reads and writes, for --poison. */
typedef struct StosHostAccess {
  uint8_t region;
  bool written;
  uint64_t offset, size_bytes;
} StosHostAccess;

/* The memories on chip, for who wants to see them or to start with something in them. */
typedef struct StosChip {
  uint8_t *scratchpad; /* scratchpad_words * lanes elements, lane 0 first */
  uint8_t *params;     /* param_entries * 16 */
  uint8_t *luts;       /* luts * 256 */
} StosChip;

typedef struct StosSimOptions {
  bool timing_only;     /* no values are computed, DRAM is not touched, HOST does nothing */
  bool poison;          /* memories start as garbage, every word remembers who wrote and read it */
  uint64_t max_cycles;  /* stop with an error beyond; 0: 2^36 */
  const StosChip *chip; /* used as they are, and count as written; NULL: the run has its own */
  const char *place;    /* begins error messages: the file's name */
  /* HOST command: run entry `call` on the regions. NULL: a HOST command is an error. */
  bool (*host)(void *user, uint32_t call, StosMemory *regions, FuseDiag *diag);
  /* What that call touches; the array lives as long as the run. NULL: nothing is checked. */
  size_t (*host_access)(void *user, uint32_t call, const StosHostAccess **accesses);
  void *user;
} StosSimOptions;

/* What a queue did in a cycle; the counts of a queue sum to the program's cycles. */
#define STOS_SIM_REASONS(X)                                                                        \
  X(BUSY, "busy", "its unit issues work")                                                          \
  X(HOLD, "hold", "an access met bank conflicts")                                                  \
  X(WAIT, "wait", "a semaphore")                                                                   \
  X(CHANNEL, "channel", "the DRAM channel served the other queue")                                 \
  X(DRAIN, "drain", "the array had to drain first")                                                \
  X(FETCH, "fetch", "its next command was not fetched yet")                                        \
  X(IDLE, "idle", "no more commands before the next barrier")

typedef enum StosSimReason {
#define X(NAME, name, doc) STOS_SIM_##NAME,
  STOS_SIM_REASONS(X)
#undef X
      STOS_SIM_N_REASONS
} StosSimReason;

const char *stos_sim_reason_name(StosSimReason reason);

/* One command's part. */
typedef struct StosCmdStats {
  uint64_t start;                      /* cycle of its first work; 0 when it never started */
  uint64_t complete;                   /* first cycle in which it is complete (M-CTL-1) */
  uint64_t cycles[STOS_SIM_N_REASONS]; /* of its queue, while it was the queue's head */
  uint64_t macs;                       /* multiplications that reach a result, surplus lanes not */
  uint64_t dram_read, dram_written;    /* bytes, without what a beat carries in vain */
} StosCmdStats;

typedef struct StosSimResult {
  uint64_t cycles; /* M-CTL-4 */
  uint64_t queue[STOS_N_QUEUES][STOS_SIM_N_REASONS];
  uint64_t channel_busy; /* cycles the DRAM channel was held */
  uint64_t beats;
  uint64_t dram_read, dram_written, macs; /* sums over the commands */
  uint32_t host_calls;
  StosCmdStats *cmds; /* one per command, in the arena given */
  size_t n_cmds;
} StosSimResult;

/* Run the program from start to END.
 *   program  commands; they are checked against the target (shapes, ranges) before the first runs
 *   target   must satisfy stos_target_check
 *   regions  [STOS_N_REGIONS]; arena and io are written
 *   result   out; its arrays live in arena
 * False with diag when the program is wrong: an address outside its memory, a deadlock, two streams
 * in one section, a semaphore left over, mixed element types, with poison also reads of unwritten
 * words and races. The regions then hold what was written until then. */
bool stos_sim_run(FuseArena *arena, const StosProgram *program, const StosTarget *target,
                  StosMemory *regions, const StosSimOptions *options, StosSimResult *result,
                  FuseDiag *diag);

#endif
