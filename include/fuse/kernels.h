// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernels.h - portable C kernels: what HOST commands run and what the reference C consists of.
 *
 * Layer 2. kernels.def is the table; the text of a kernel is compiled here and printed into
 * generated programs, so both compute the same bits. Arithmetic: docs/machine.md.
 */
#ifndef FUSE_KERNELS_H
#define FUSE_KERNELS_H

#include "fuse/support.h"
#include "fuse/tensor.h"

#define FK_RANK 8             /* dimensions of an elementwise or move kernel */
#define FUSE_KERNEL_TENSORS 4 /* most tensors of a kernel */

/* struct fk_<params>: 4-byte words only, so that a command can carry them. */
#define X(x) uint32_t x;
#define I(x) int32_t x;
#define F(x) float x;
#define A(x) int32_t x[FK_RANK];
#define T(x) int32_t x[3];
#define PARAMS(name, fields)                                                                       \
  struct fk_##name {                                                                               \
    fields                                                                                         \
  };
#include "fuse/kernels.def"
#undef X
#undef I
#undef F
#undef A
#undef T

typedef enum FuseKernel {
#define KERNEL1(op, family, s, params, reuse, t0) FK_##family##_##s = FK_ID(op, t0, t0),
#define KERNEL2(op, family, s, params, reuse, t0, t1) FK_##family##_##s = FK_ID(op, t0, t1),
#define KERNEL3(op, family, s, params, reuse, t0, t1, t2) FK_##family##_##s = FK_ID(op, t0, t1),
#define KERNEL4(op, family, s, params, reuse, t0, t1, t2, t3) FK_##family##_##s = FK_ID(op, t0, t1),
#include "fuse/kernels.def"
} FuseKernel;

/* Which struct a kernel takes; in memory only. */
typedef enum FuseKernelGroup {
#define PARAMS(name, fields) FUSE_PARAMS_##name,
#include "fuse/kernels.def"
} FuseKernelGroup;

/* Room for any kernel's parameters. */
typedef union FuseKernelParams {
#define PARAMS(name, fields) struct fk_##name name;
#include "fuse/kernels.def"
  uint32_t words[1];
} FuseKernelParams;
#define FUSE_KERNEL_WORDS (sizeof(FuseKernelParams) / 4)

typedef struct FuseKernelField {
  char type; /* 'I', 'F', 'X', or 'A' (FK_RANK words), 'T' (3 words); 0 ends the list */
  const char *name;
} FuseKernelField;

typedef struct FuseKernelInfo {
  uint32_t id;
  const char *name;   /* "conv2d_f32"; the C function is fk_<name> */
  const char *family; /* "conv2d" */
  const char *params; /* "conv2d"; the C struct is fk_<params> */
  FuseKernelGroup group;
  const FuseKernelField *fields;
  size_t n_words;
  int n_tensors;
  int n_results;
  FuseDtype types[FUSE_KERNEL_TENSORS]; /* results first */
  bool in_place;                        /* the result may be stored over tensor 1 */
} FuseKernelInfo;

/* NULL for an unknown id. */
const FuseKernelInfo *fuse_kernel_find(uint32_t id);
/* May tensor i have this type? Kernels that move take every type of the right size. */
bool fuse_kernel_takes(const FuseKernelInfo *kernel, int i, FuseDtype type);
/* The kernel of a family that takes tensors of these types, the result first; NULL if there is
 * none.
 */
const FuseKernelInfo *fuse_kernel_pick(const char *family, int n_tensors, const FuseDtype *types);
/* All kernels in the order of kernels.def. */
const FuseKernelInfo *fuse_kernel_all(size_t *n);

/* May this call be made? Parameters come from a file and are not trusted.
 *   bytes   out: what tensor i must hold, from its address on
 * False with a reason in *why (static text) when the id is unknown, counts are wrong, or a
 * parameter is out of range. A call that passes touches nothing outside these bytes, overflows
 * nothing, and ends. */
bool fuse_kernel_check(uint32_t id, const uint32_t *params, size_t n_params, size_t n_tensors,
                       uint64_t bytes[FUSE_KERNEL_TENSORS], const char **why);

/* Run a call that fuse_kernel_check has passed on tensors of at least these sizes, aligned to their
 * element. Results must not overlap other tensors, except where in_place allows it to be the same.
 * False when the check fails. */
bool fuse_kernel_run(uint32_t id, void *const *tensors, size_t n_tensors, const uint32_t *params,
                     size_t n_params);

/* Multiply-adds of a call that fuse_kernel_check has passed: convolutions and matrix products, else
 * 0. */
uint64_t fuse_kernel_macs(uint32_t id, const uint32_t *params);

/* ---- source text, for generated programs ---- */

/* Append the text of the kernels `ids` (any order, repeats allowed) and what they need: includes,
 * rounding pragmas, parameter structs, helpers. Each once, in a fixed order. */
void fuse_kernel_print(const uint32_t *ids, size_t n_ids, FuseText *out);

#endif
