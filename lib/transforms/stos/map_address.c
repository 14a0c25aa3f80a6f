// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_address.c - ops that only say where words are: reshape, concat, slice; pads, which the vector
 * unit makes of what lies outside. */
#include <string.h>

#include "map_private.h"

/* The same words under another shape: one pixel an image. */
bool map_reshape(Mapper *m, MlirOperation op) {
  MlirValue x = mlirOperationGetOperand(op, 0), blocked = map_blocked(m, x);
  FuseDtype dtype;
  int64_t from[STOS_RANK], to[STOS_RANK];
  if (mlirValueIsNull(blocked) || !stos_shape(mlirValueGetType(x), &dtype, from) ||
      !stos_shape(mlirValueGetType(stos_result(op)), &dtype, to) ||
      memcmp(from, to, sizeof from) != 0)
    return false;
  map_set_blocked(m, stos_result(op), blocked);
  map_set_done(m, op);
  return true;
}

/* Channels that fill whole words, except at the end. */
bool map_concat(Mapper *m, MlirOperation op) {
  int64_t shape[STOS_RANK], channels = 0;
  FuseDtype dtype;
  intptr_t n = mlirOperationGetNumOperands(op);
  if (!stos_is_channel_axis(op) || n < 2)
    return false;
  for (intptr_t i = 0; i < n; i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    if (!stos_shape(mlirValueGetType(x), &dtype, shape) || channels % m->target.lanes ||
        mlirValueIsNull(map_find_blocked(x, m)))
      return false;
    channels += shape[STOS_C];
  }
  MlirValue y = map_find_blocked(mlirOperationGetOperand(op, 0), m);
  stos_shape(mlirValueGetType(mlirOperationGetOperand(op, 0)), &dtype, shape);
  for (intptr_t i = 1; i < n; i++) {
    int64_t part[STOS_RANK];
    stos_shape(mlirValueGetType(mlirOperationGetOperand(op, i)), &dtype, part);
    shape[STOS_C] += part[STOS_C];
    MlirValue both[] = {y, map_find_blocked(mlirOperationGetOperand(op, i), m)};
    y = fuse_build(m->rw, mlirOperationGetLocation(op), "stos.concat", 2, both, 0, NULL,
                   stos_blocked_type(m->context, dtype, shape));
  }
  map_set_blocked(m, stos_result(op), y);
  map_set_done(m, op);
  return true;
}

bool map_slice(Mapper *m, MlirOperation op) {
  MlirValue x = mlirOperationGetOperand(op, 0), blocked = map_find_blocked(x, m);
  FuseDtype dtype;
  int64_t in[STOS_RANK], out[STOS_RANK], starts[STOS_RANK], start[STOS_RANK];
  int rank;
  if (mlirValueIsNull(blocked) || !stos_shape(mlirValueGetType(x), &dtype, in) ||
      !stos_shape(mlirValueGetType(stos_result(op)), &dtype, out) ||
      !fuse_value_shape(mlirOperationGetOperand(op, 1), STOS_RANK, starts, &rank) ||
      in[STOS_N] != out[STOS_N])
    return false;
  stos_spread(rank, starts, 0, start);
  int64_t c0 = start[STOS_C], lanes = m->target.lanes;
  if (c0 % lanes || (out[STOS_C] % lanes && c0 + out[STOS_C] != in[STOS_C]))
    return false;
  MlirLocation loc = mlirOperationGetLocation(op);
  if (c0 || out[STOS_C] != in[STOS_C]) {
    int64_t shape[STOS_RANK] = {in[STOS_N], in[STOS_H], in[STOS_W], out[STOS_C]};
    MlirNamedAttribute first = fuse_attr_i64(m->context, "first_block", c0 / lanes);
    blocked = fuse_build(m->rw, loc, "stos.slice", 1, &blocked, 1, &first,
                         stos_blocked_type(m->context, dtype, shape));
  }
  if (in[STOS_H] != out[STOS_H] ||
      in[STOS_W] != out[STOS_W]) { /* a window that moves nothing but its origin */
    StosLayer layer;
    map_init_layer(m, op, "vector", &layer);
    layer.window[WIN_TOP] = -start[STOS_H], layer.window[WIN_LEFT] = -start[STOS_W];
    layer.operand[ROLE_IN] = blocked;
    return map_layer(m, op, &layer, stos_result(op));
  }
  map_set_blocked(m, stos_result(op), blocked);
  map_set_done(m, op);
  return true;
}

/* Lines and pixels of zeros, the window's outside: its origin lies before the image. In i8 a zero
 * is the zero point, and so any number can be. */
bool map_pad(Mapper *m, MlirOperation op) {
  StosLayer layer;
  FuseTensor value;
  FuseDtype dtype;
  MlirValue x = mlirOperationGetOperand(op, 0);
  int64_t pads[2 * STOS_RANK], starts[STOS_RANK], before[STOS_RANK], in[STOS_RANK];
  int n;
  if (!fuse_value_shape(mlirOperationGetOperand(op, 1), 2 * STOS_RANK, pads, &n) ||
      !fuse_value_constant(m->ir, mlirOperationGetOperand(op, 2), &value) ||
      value.dtype != m->dtype || (m->dtype == FUSE_F32 && !map_all_zero(&value)) ||
      !map_init_layer(m, op, "vector", &layer) || !stos_shape(mlirValueGetType(x), &dtype, in) ||
      layer.shape[STOS_N] != in[STOS_N] || layer.shape[STOS_C] != in[STOS_C])
    return false;
  for (int i = 0; i < n / 2; i++)
    starts[i] = pads[2 * i];
  stos_spread(n / 2, starts, 0, before);
  layer.operand[ROLE_IN] = map_find_blocked(x, m);
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  layer.pads = true;
  layer.window[WIN_TOP] = before[STOS_H], layer.window[WIN_LEFT] = before[STOS_W];
  StosChain chain = map_begin(m, &layer, stos_result(op));
  if (m->dtype == FUSE_I8) {
    layer.in_zp = *(const int8_t *)value.data;
    stos_chain_unsaturated(&chain, layer.in_zp);
  }
  stos_chain_follow(&chain);
  return map_finish(m, op, &chain);
}
