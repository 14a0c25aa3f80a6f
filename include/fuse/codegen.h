// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* codegen.h - from IR to what runs: calls of portable kernels, C programs.
 *
 * Layer 6.
 */
#ifndef FUSE_CODEGEN_H
#define FUSE_CODEGEN_H

#include "fuse/ir.h"
#include "fuse/kernels.h"

/* ---- one op as calls of kernels ---- */

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

/* One call; fuse_kernel_check has passed it. args[0] is the result. */
typedef struct FuseKernelCall {
  const FuseKernelInfo *kernel;
  FuseCallArg args[FUSE_KERNEL_TENSORS];
  FuseKernelParams params;
} FuseKernelCall;

typedef struct FuseKernelCalls {
  FuseKernelCall *calls; /* in order; arena */
  size_t n, capacity;
} FuseKernelCalls;

/* The value whose bytes `value` has: through tosa.reshape and tosa.identity to what they read. */
MlirValue fuse_alias_root(MlirValue value);
/* Does op compute nothing (constants, reshape, identity)? */
bool fuse_op_is_free(MlirOperation op);

/* Append the calls that compute op (tosa or fuse, static shapes, f32). None for an op that is free.
 * Failure after an error at op's location: "not supported yet: ...". */
MlirLogicalResult fuse_kernel_calls(FuseIr *ir, FuseArena *arena, MlirOperation op,
                                    FuseKernelCalls *out);
/* Append a copy of `from` (any value or constant) to a result of the same size. */
MlirLogicalResult fuse_kernel_copy(FuseIr *ir, FuseArena *arena, MlirOperation op, MlirValue from,
                                   const FuseCallArg *to, FuseKernelCalls *out);

/* ---- reference C ---- */

typedef enum FuseCWeights {
  FUSE_C_WEIGHTS_AUTO,   /* inside up to 1 MiB, else a file */
  FUSE_C_WEIGHTS_INSIDE, /* tables in the C file */
  FUSE_C_WEIGHTS_FILE,   /* bytes that the caller loads or maps */
} FuseCWeights;

typedef struct FuseCOptions {
  const char *name; /* of the network: made a C identifier; begins every public name */
  const char
      *header; /* file name of the header; NULL: declarations are in the C text, h is empty */
  FuseCWeights weights;
} FuseCOptions;

/* The module's function (`main`, or the only one) as a C99 program: NAME.c, NAME.h and, when
 * weights->length is not 0 afterwards, NAME.weights. Texts are empty before. The same module gives
 * the same bytes. Failure after printed errors. */
bool fuse_emit_c(FuseIr *ir, MlirModule module, const FuseCOptions *options, FuseText *c,
                 FuseText *h, FuseText *weights);
/* The same into files: path "dir/net.c" gives net.c, net.h and perhaps net.weights in dir, names
 * begin with net_. "-": the C text with its declarations on standard output; its constants are
 * inside. False after printed errors; then none of the files has been touched, unless the disk
 * fails between them. */
bool fuse_write_c(FuseIr *ir, MlirModule module, const char *path, FuseCWeights weights);
/* The identifier that fuse_emit_c makes of a name. */
char *fuse_c_identifier(FuseArena *arena, const char *name);

#endif
