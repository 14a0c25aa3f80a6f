// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernel_calls.h - what the families of fuse_kernel_calls share.
 *
 * An op is one row of the table in ../kernel_calls.c and one function
 *     bool lower_conv2d(Lower *l)
 * that reads its attributes and appends calls (kc_call). It names a family of kernels.def; the
 * types of the tensors choose the kernel. What moves elements is a call of `move` with a loop nest.
 * All that return bool: false after an error at the op.
 */
#ifndef FUSE_IR_KERNEL_CALLS_PRIVATE_H
#define FUSE_IR_KERNEL_CALLS_PRIVATE_H

#include "fuse/kernel_calls.h"

#define MAX_OPERANDS 5 /* of ops other than concat */

/* One op on its way. */
typedef struct Lower {
  FuseIr *ir;
  FuseArena *arena;
  MlirOperation op;
  FuseKernelCalls *out;
  const char *family;         /* of kernels.def, from the table row */
  int n_scratch;              /* scratch tensors so far */
  FuseTensor x[MAX_OPERANDS]; /* types of the operands */
  FuseTensor y;               /* type of the (first) result */
} Lower;

/* ---- the ops ---- */

/* conv.c */
bool lower_conv2d(Lower *l);
bool lower_dwconv2d(Lower *l);
bool lower_conv1d(Lower *l);
bool lower_fuseconv(Lower *l);
bool lower_tconv2d(Lower *l);
bool lower_matmul(Lower *l);
/* pool.c */
bool lower_pool2d(Lower *l);
bool lower_reduce(Lower *l);
bool lower_resize(Lower *l);
/* quantized.c */
bool lower_rescale(Lower *l);
bool lower_table(Lower *l);
/* elementwise.c */
bool lower_unary(Lower *l);
bool lower_clamp(Lower *l);
bool lower_binary(Lower *l);
bool lower_select(Lower *l);
/* move.c */
bool lower_concat(Lower *l);
bool lower_slice(Lower *l);
bool lower_pad(Lower *l);
bool lower_transpose(Lower *l);
bool lower_tile(Lower *l);
bool lower_reverse(Lower *l);
bool lower_gather(Lower *l);
bool lower_scatter(Lower *l);

/* ---- call.c: tensors of calls ---- */

/* Report "not supported yet: ...". Always false. */
bool kc_fail(Lower *l, const char *what);
/* Through reshapes to what they read; the bytes, where they are known now. */
FuseCallArg kc_value(FuseIr *ir, FuseArena *arena, MlirValue value);
FuseCallArg kc_operand(Lower *l, int i);
FuseCallArg kc_result_of(MlirOperation op, int i);
FuseCallArg kc_result(Lower *l);
FuseCallArg kc_scratch(Lower *l, FuseDtype dtype, int64_t elems);

/* ---- call.c: calls ---- */

/* Kernel parameters are 32 bits wide; what doesn't fit becomes a value that every check refuses. */
int32_t kc_word(int64_t value);
int32_t kc_elems(const FuseTensor *tensor);
/* Append a call of the kernel of this family that takes these tensors, the result first; refuse by
 * name what it can't do. Where only f32 has one, 16-bit floats are converted on the way in and out:
 * the result is rounded once. */
bool kc_call(Lower *l, const char *family, const FuseCallArg *args, int n, const void *params);
bool kc_call2(Lower *l, const char *family, FuseCallArg y, FuseCallArg x, const void *params);
bool kc_call3(Lower *l, const char *family, FuseCallArg y, FuseCallArg a, FuseCallArg b,
              const void *params);
bool kc_call4(Lower *l, const char *family, FuseCallArg y, FuseCallArg a, FuseCallArg b,
              FuseCallArg c, const void *params);
/* y is x in another element type. */
bool kc_convert(Lower *l, FuseCallArg y, FuseCallArg x);

/* ---- nest.c: loop nests ---- */

/* Dimensions with a stride per tensor; neighbours are merged where every tensor allows it, so that
 * inner loops are long. */
typedef struct Nest {
  int rank, n_tensors;
  int64_t size[2 * FUSE_MAX_RANK];
  int64_t stride[3][2 * FUSE_MAX_RANK];
} Nest;

/* Add a dimension inside all others. */
void kc_nest_add(Nest *nest, int64_t size, const int64_t *stride);
/* Into kernel parameters: rank, sizes, one array of strides per tensor. */
bool kc_nest_words(Lower *l, const Nest *nest, int32_t *rank, int32_t *size,
                   int32_t *const *stride);
/* Strides of a dense tensor. */
void kc_strides(const FuseTensor *tensor, int64_t *stride);

/* ---- nest.c: moves, and operands as kernels want them: made now if they are constant, else by a
 * call into scratch memory ---- */

/* y[y0 + i.ys] = x[x0 + i.xs]; tensor 0 of the nest is y, tensor 1 is x. */
bool kc_move(Lower *l, FuseCallArg y, FuseCallArg x, int64_t y0, int64_t x0, const Nest *nest);
/* x in another element type. */
bool kc_converted(Lower *l, FuseCallArg x, FuseDtype dtype, FuseCallArg *y);
/* Operand i with dimension perm[d] of it at place d. */
bool kc_permuted(Lower *l, int i, const int *perm, FuseCallArg *y);
/* Operand i, one value per channel; TOSA lets a single value stand for all. */
bool kc_per_channel(Lower *l, int i, int64_t channels, FuseCallArg *y);

/* ---- attrs.c: attributes and constant operands ---- */

bool kc_numbers(Lower *l, const char *name, int n, int64_t *values);
/* Values of a tosa.const_shape operand. */
bool kc_shape_operand(Lower *l, int i, int max, int64_t *values, int *n);
/* A zero point or shift: constant; an integer, or +-0 of a float type. */
bool kc_zero_point(Lower *l, int i, int32_t *value);
/* The same, where only 0 will do. */
bool kc_zero_operand(Lower *l, int i);
/* Zero points of input and weights: of TOSA's ops operands i and up, of ours attributes. */
bool kc_zero_points(Lower *l, int i, int32_t *zx, int32_t *zw);
bool kc_nan_mode_ok(Lower *l);

#endif
