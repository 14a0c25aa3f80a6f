// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* move.c - elements from place to place: strides of `move`, mostly. */
#include <string.h>

#include "kernel_calls.h"

/* All of operand x (of type *type) to offset y0 of the result, whose strides are ys. */
static bool place(Lower *l, FuseCallArg x, const FuseTensor *type, int64_t y0, const int64_t *ys) {
  int64_t xs[FUSE_MAX_RANK];
  Nest nest = {.n_tensors = 2};
  kc_strides(type, xs);
  for (int d = 0; d < type->rank; d++)
    kc_nest_add(&nest, type->shape[d], (const int64_t[]){ys[d], xs[d]});
  return kc_move(l, kc_result(l), x, y0, 0, &nest);
}

bool lower_concat(Lower *l) {
  int64_t axis, ys[FUSE_MAX_RANK], y0 = 0;
  if (!fuse_get_i64(l->op, "axis", &axis) || axis < 0 || axis >= l->y.rank)
    return kc_fail(l, "this axis");
  kc_strides(&l->y, ys);
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(l->op); i++) {
    FuseTensor type;
    MlirValue value = mlirOperationGetOperand(l->op, i);
    if (!fuse_type_tensor(mlirValueGetType(value), &type))
      return kc_fail(l, "an operand without a static shape");
    if (!place(l, kc_value(l->ir, l->arena, value), &type, y0, ys))
      return false;
    y0 += type.shape[axis] * ys[axis];
  }
  return true;
}

bool lower_slice(Lower *l) {
  int64_t start[FUSE_MAX_RANK], xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK], x0 = 0;
  int n = 0;
  Nest nest = {.n_tensors = 2};
  if (!kc_shape_operand(l, 1, FUSE_MAX_RANK, start, &n))
    return false;
  if (n != l->y.rank)
    return kc_fail(l, "this form of the op");
  kc_strides(&l->x[0], xs);
  kc_strides(&l->y, ys);
  for (int d = 0; d < l->y.rank; d++) {
    x0 += start[d] * xs[d];
    kc_nest_add(&nest, l->y.shape[d], (const int64_t[]){ys[d], xs[d]});
  }
  return kc_move(l, kc_result(l), kc_operand(l, 0), 0, x0, &nest);
}

static bool fill(Lower *l, const FuseTensor *value) {
  const FuseCallArg y = kc_result(l);
  uint8_t bits[8] = {0};
  memcpy(bits, value->data, fuse_dtype_bytes(value->dtype));
  const struct fk_fill p = {kc_elems(&l->y), fuse_get32(bits), fuse_get32(bits + 4)};
  return kc_call(l, "fill", &y, 1, &p);
}

bool lower_pad(Lower *l) {
  int64_t pad[2 * FUSE_MAX_RANK], ys[FUSE_MAX_RANK], y0 = 0;
  int n = 0;
  FuseTensor value;
  if (!kc_shape_operand(l, 1, 2 * FUSE_MAX_RANK, pad, &n))
    return false;
  if (n != 2 * l->y.rank || !fuse_value_constant(l->ir, mlirOperationGetOperand(l->op, 2), &value))
    return kc_fail(l, "a padding value that isn't constant");
  kc_strides(&l->y, ys);
  for (int d = 0; d < l->y.rank; d++) {
    if (pad[2 * d] < 0 || pad[2 * d + 1] < 0)
      return kc_fail(l, "a negative padding");
    y0 += pad[2 * d] * ys[d];
  }
  return fill(l, &value) && place(l, kc_operand(l, 0), &l->x[0], y0, ys);
}

bool lower_transpose(Lower *l) {
  MlirAttribute perms = mlirOperationGetAttributeByName(l->op, fuse_str("perms"));
  int64_t xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK];
  Nest nest = {.n_tensors = 2};
  if (mlirAttributeIsNull(perms) || !mlirAttributeIsADenseI32Array(perms) ||
      mlirDenseArrayGetNumElements(perms) != l->y.rank)
    return kc_fail(l, "this form of the op");
  kc_strides(&l->x[0], xs);
  kc_strides(&l->y, ys);
  for (int d = 0; d < l->y.rank; d++)
    kc_nest_add(&nest, l->y.shape[d],
                (const int64_t[]){ys[d], xs[mlirDenseI32ArrayGetElement(perms, d)]});
  return kc_move(l, kc_result(l), kc_operand(l, 0), 0, 0, &nest);
}

bool lower_tile(Lower *l) {
  int64_t times[FUSE_MAX_RANK], xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK];
  int n = 0;
  Nest nest = {.n_tensors = 2};
  if (!kc_shape_operand(l, 1, FUSE_MAX_RANK, times, &n))
    return false;
  if (n != l->y.rank)
    return kc_fail(l, "this form of the op");
  kc_strides(&l->x[0], xs);
  kc_strides(&l->y, ys);
  for (int d = 0; d < n; d++) {
    kc_nest_add(&nest, times[d], (const int64_t[]){l->x[0].shape[d] * ys[d], 0});
    kc_nest_add(&nest, l->x[0].shape[d], (const int64_t[]){ys[d], xs[d]});
  }
  return kc_move(l, kc_result(l), kc_operand(l, 0), 0, 0, &nest);
}

bool lower_reverse(Lower *l) {
  int64_t axis, xs[FUSE_MAX_RANK];
  Nest nest = {.n_tensors = 2};
  if (!fuse_get_i64(l->op, "axis", &axis) || axis < 0 || axis >= l->y.rank)
    return kc_fail(l, "this axis");
  kc_strides(&l->y, xs);
  for (int d = 0; d < l->y.rank; d++)
    kc_nest_add(&nest, l->y.shape[d], (const int64_t[]){xs[d], d == axis ? -xs[d] : xs[d]});
  return kc_move(l, kc_result(l), kc_operand(l, 0), 0, (l->y.shape[axis] - 1) * xs[axis], &nest);
}

bool lower_gather(Lower *l) {
  const FuseTensor *x = &l->x[0];
  const struct fk_gather p = {kc_word(x->shape[0]), kc_word(x->shape[1]), kc_word(l->x[1].shape[1]),
                              kc_word(x->shape[2])};
  return kc_call3(l, "gather", kc_result(l), kc_operand(l, 0), kc_operand(l, 1), &p);
}

/* A copy of the first operand, then the rows that change. */
bool lower_scatter(Lower *l) {
  const FuseTensor *x = &l->x[0];
  const struct fk_scatter p = {kc_word(x->shape[0]), kc_word(x->shape[1]),
                               kc_word(l->x[1].shape[1]), kc_word(x->shape[2])};
  int64_t dense[FUSE_MAX_RANK];
  kc_strides(x, dense);
  return place(l, kc_operand(l, 0), x, 0, dense) &&
         kc_call3(l, "scatter", kc_result(l), kc_operand(l, 1), kc_operand(l, 2), &p);
}
