// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernel_calls.h - one tosa or fuse op as calls of portable kernels: what the reference C prints
 * and what the host of the machine runs.
 *
 * Layer 5.
 */
#ifndef FUSE_KERNEL_CALLS_H
#define FUSE_KERNEL_CALLS_H

#include "fuse/ir.h"
#include "fuse/kernels.h"

typedef enum FuseArgKind {
  FUSE_ARG_VALUE,    /* a value of the IR: an operand (through reshapes: the root), or the result */
  FUSE_ARG_CONSTANT, /* bytes known now: a constant operand, possibly rearranged for the kernel */
  FUSE_ARG_SCRATCH,  /* memory between calls of one op */
} FuseArgKind;

typedef struct FuseCallArg {
  FuseArgKind kind;
  MlirValue value; /* VALUE */
  int scratch;     /* SCRATCH: number within the op, from 0 */
  FuseTensor
      tensor; /* type; CONSTANT: also data, aligned to 16 bytes, in the caller's arena or ir's
               */
} FuseCallArg;

/* One call; fuse_kernel_check has passed it. args[0..n_results) are the results. */
typedef struct FuseKernelCall {
  const FuseKernelInfo *kernel;
  FuseCallArg args[FUSE_KERNEL_TENSORS];
  FuseKernelParams params;
} FuseKernelCall;

typedef struct FuseKernelCalls {
  FuseKernelCall *calls; /* in order; arena */
  size_t n, capacity;
} FuseKernelCalls;

/* How many scratch tensors the calls of one op have. */
size_t fuse_calls_scratch(const FuseKernelCalls *calls);

/* The value whose bytes `value` has: through tosa.reshape and tosa.identity to what they read. */
MlirValue fuse_alias_root(MlirValue value);
/* Does op compute nothing (constants, reshape, identity)? */
bool fuse_op_is_free(MlirOperation op);

/* Append the calls that compute op (tosa or fuse, static shapes, f32). None for an op that is free.
 * Failure after an error at op's location: "not supported yet: ...". */
MlirLogicalResult fuse_kernel_calls(FuseIr *ir, FuseArena *arena, MlirOperation op,
                                    FuseKernelCalls *out);
/* Append a copy of `from` (any value or constant) to a result of the same size; no call if that is
 * 0. */
MlirLogicalResult fuse_kernel_copy(FuseIr *ir, FuseArena *arena, MlirOperation op, MlirValue from,
                                   const FuseCallArg *to, FuseKernelCalls *out);

#endif
