// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* elementwise.c - one result element per element of the operands, which may be repeated. */
#include <string.h>

#include "kernel_calls.h"

bool lower_unary(Lower *l) {
  const struct fk_unary p = {kc_elems(&l->y)};
  if (fuse_op_is(l->op, "tosa.negate") && (!kc_zero_operand(l, 1) || !kc_zero_operand(l, 2)))
    return false;
  return kc_call2(l, l->family, kc_result(l), kc_operand(l, 0), &p);
}

/* One element of the result's type; an integer or a float as the attribute has it. */
static bool limit(Lower *l, const char *name, FuseCallArg *arg) {
  uint8_t *bytes = fuse_alloc(l->arena, 8);
  double value;
  int64_t integer;
  *arg = (FuseCallArg){.kind = FUSE_ARG_CONSTANT,
                       .tensor = {.dtype = l->y.dtype, .rank = 1, .shape = {1}, .data = bytes}};
  if (fuse_get_i64(l->op, name, &integer))
    fuse_put64(bytes, (uint64_t)integer);
  else if (l->y.dtype == FUSE_F64 && fuse_get_f64(l->op, name, &value))
    memcpy(bytes, &value, sizeof value);
  else
    return kc_fail(l, "a clamp of this type");
  return fuse_tensor_set_size(&arg->tensor);
}

bool lower_clamp(Lower *l) {
  struct fk_binary p = {1, {kc_elems(&l->y)}, {1}, {0}};
  double lo, hi;
  FuseCallArg low, high;
  if (!kc_nan_mode_ok(l))
    return false;
  if (fuse_dtype_wide(l->y.dtype) == FUSE_F32 && fuse_get_f64(l->op, "min_val", &lo) &&
      fuse_get_f64(l->op, "max_val", &hi)) {
    const struct fk_clamp q = {kc_elems(&l->y), (float)lo, (float)hi};
    return kc_call2(l, "clamp", kc_result(l), kc_operand(l, 0), &q);
  }
  return limit(l, "min_val", &low) && limit(l, "max_val", &high) &&
         kc_call3(l, "maximum", kc_result(l), kc_operand(l, 0), low, &p) &&
         kc_call3(l, "minimum", kc_result(l), kc_result(l), high, &p);
}

/* The result's loop nest over n operands of equal rank: stride 0 where an operand has size 1. */
static bool broadcast(Lower *l, int n, Nest *nest) {
  int64_t dense[3][FUSE_MAX_RANK];
  *nest = (Nest){.n_tensors = n};
  for (int t = 0; t < n; t++) {
    if (l->x[t].rank != l->y.rank)
      return kc_fail(l, "operands of different rank");
    kc_strides(&l->x[t], dense[t]);
  }
  for (int d = 0; d < l->y.rank; d++) {
    int64_t stride[3];
    for (int t = 0; t < n; t++)
      stride[t] = l->x[t].shape[d] == 1 ? 0 : dense[t][d];
    kc_nest_add(nest, l->y.shape[d], stride);
  }
  return true;
}

bool lower_binary(Lower *l) {
  struct fk_binary p = {0};
  Nest nest;
  bool round = false;
  int32_t *const stride[] = {p.a, p.b};
  if (fuse_op_is(l->op, "tosa.mul") && !kc_zero_operand(l, 2))
    return false;
  if (!kc_nan_mode_ok(l))
    return false;
  if (fuse_get_bool(l->op, "round", &round) && round)
    l->family = "arithmetic_right_shift_round";
  return broadcast(l, 2, &nest) && kc_nest_words(l, &nest, &p.rank, p.size, stride) &&
         kc_call3(l, l->family, kc_result(l), kc_operand(l, 0), kc_operand(l, 1), &p);
}

bool lower_select(Lower *l) {
  struct fk_ternary p = {0};
  Nest nest;
  int32_t *const stride[] = {p.c, p.a, p.b};
  return broadcast(l, 3, &nest) && kc_nest_words(l, &nest, &p.rank, p.size, stride) &&
         kc_call4(l, "select", kc_result(l), kc_operand(l, 0), kc_operand(l, 1), kc_operand(l, 2),
                  &p);
}
