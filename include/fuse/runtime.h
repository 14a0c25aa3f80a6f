// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* runtime.h - load a .stos file and run it from a host program; today on the simulator.
 *
 *   FuseRuntime *rt = fuse_runtime_open(bytes, size_bytes, "net.stos", &diag);
 *   fuse_runtime_set_input(rt, 0, &tensor, &diag);
 *   fuse_runtime_run(rt, &(FuseRunOptions){0}, &diag);
 *   fuse_runtime_get_output(rt, &arena, 0, &tensor);
 *   fuse_runtime_close(rt);
 *
 * Tensors enter and leave as the model has them (names, types, shapes, order); the packing of the
 * I/O table (docs/machine.md, section 10) is made here.
 */
#ifndef FUSE_RUNTIME_H
#define FUSE_RUNTIME_H

#include "fuse/object.h"
#include "fuse/sim.h"

typedef struct FuseRuntime FuseRuntime;

typedef struct FuseRunOptions {
  bool timing_only; /* outputs have no values */
  bool poison;
  uint64_t max_cycles; /* stop with an error beyond; 0: the simulator's own limit */
} FuseRunOptions;

/* Borrows bytes until close. NULL with diag when the file is wrong. `place` begins errors. */
FuseRuntime *fuse_runtime_open(const uint8_t *bytes, size_t size_bytes, const char *place,
                               FuseDiag *diag);
void fuse_runtime_close(FuseRuntime *runtime); /* NULL is fine */

/* What the file holds: inputs, outputs, target, nodes. */
const StosObject *fuse_runtime_object(const FuseRuntime *runtime);

/* Index of the input called `name`, -1 if there is none. */
int fuse_runtime_find_input(const FuseRuntime *runtime, const char *name);
/* The tensor must have the model's type and shape; it is copied. */
bool fuse_runtime_set_input(FuseRuntime *runtime, uint32_t input, const FuseTensor *tensor,
                            FuseDiag *diag);
/* Fill an input with noise: f32 in [-1, 1), integers over their range; `seed` decides. */
bool fuse_runtime_set_noise(FuseRuntime *runtime, uint32_t input, uint64_t seed, FuseDiag *diag);

/* Run from start to end; every input must have been set, unless timing_only. May be called again.
 */
bool fuse_runtime_run(FuseRuntime *runtime, const FuseRunOptions *options, FuseDiag *diag);

/* After a run: an output, its data in arena. */
bool fuse_runtime_get_output(FuseRuntime *runtime, FuseArena *arena, uint32_t output,
                             FuseTensor *tensor, FuseDiag *diag);
/* After a run: cycles and statistics. */
const StosSimResult *fuse_runtime_result(const FuseRuntime *runtime);

/* ---- reports of the last run ---- */

/* A table for people, at most 100 columns wide. */
void fuse_runtime_report(const FuseRuntime *runtime, FuseText *out);
/* The same and more as JSON; every queue's cycles sum to the total. */
void fuse_runtime_report_json(const FuseRuntime *runtime, FuseText *out);

#endif
