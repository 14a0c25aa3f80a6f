// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check.h - is this command stream legal? Proved from the commands alone (docs/machine.md).
 *
 * Layer 3. Shares nothing with planner and simulator.
 */
#ifndef FUSE_CHECK_H
#define FUSE_CHECK_H

#include "fuse/isa.h"
#include "fuse/object.h"
#include "fuse/target.h"

/* Bytes [offset, offset + size) of a region. */
typedef struct StosCheckSpan {
  uint64_t offset_bytes, size_bytes;
} StosCheckSpan;

typedef struct StosCheckRegions {
  uint64_t size_bytes[STOS_N_REGIONS];
  const StosCheckSpan *inputs; /* of io: written before the program starts */
  size_t n_inputs;
  const StosCheckSpan *outputs; /* of io: the program must have written them at its end */
  size_t n_outputs;
} StosCheckRegions;

typedef struct StosCheckTensor {
  uint32_t region; /* STOS_REGION_... */
  StosCheckSpan span;
  bool written; /* by the call; else read */
} StosCheckTensor;

/* What a HOST command touches. */
typedef struct StosCheckCall {
  const StosCheckTensor *tensors;
  size_t n_tensors;
} StosCheckCall;

/* True when every run of the program, whatever the timing, does the same:
 *   fields and addresses inside the target's limits and memories        (M-GEMM, M-CONV, M-MEM)
 *   one element type                                                    (M-NUM-1)
 *   semaphores with one signaller and one waiter, zero at a barrier     (M-CTL-2, M-CTL-4)
 *   no deadlock, queues of queue_depth included                         (M-CTL-1)
 *   each read of a word after the write it means, each write after the reads and the write before
 * it (M-CTL-6) no read of what wasn't written                                      (M-MEM-8) no two
 * streams on one port of a section                             (M-MEM-4) all outputs written. Else
 * false, and diag at `place` names the commands by index, byte offset and opcode. program  decoded;
 * the last command is END scratch  working memory, not needed afterwards */
bool stos_check(FuseArena *scratch, const StosProgram *program, const StosTarget *target,
                const StosCheckRegions *regions, const StosCheckCall *calls, size_t n_calls,
                const char *place, FuseDiag *diag);

/* The same for the program of an object (stos_object_check included). */
bool stos_check_object(FuseArena *scratch, const StosObject *object, const char *place,
                       FuseDiag *diag);

#endif
