// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* direct.h - what docs/machine.md says a program computes and how long a command takes, written
 * down as the page writes it: sums and formulas, no registers. The naive model is compared with it.
 */
#ifndef FUSE_TEST_DIRECT_H
#define FUSE_TEST_DIRECT_H

#include "naive.h"

/* Executes the commands one after the other, as if each waited for all before it. Addresses must
 * be inside their memories. */
void direct_run(FuseArena *arena, const StosProgram *program, const StosTarget *target, int dtype,
                const NaiveMemory *memory, NaiveHost *host, void *user);

/* Events (array cycles) of the program's GEMM and CONV1D commands when nothing makes them wait and
 * the first one's first array cycle is `start`: tile, drain, leave of each tile. Returns how many;
 * `out` has `room`. */
size_t direct_events(const StosProgram *program, const StosTarget *target, uint64_t start,
                     NaiveEvent *out, size_t room);

/* Columns that all pieces of a CONV1D command take. */
int64_t direct_piece_columns(const StosCmd_conv1d *c);

/* Vector cycles between a VECTOR command's first read and the last write, both included. */
uint64_t direct_vector_cycles(const StosCmd *cmd, const StosTarget *target);

#endif
