// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_elementwise.c - elementwise ops on a tensor that the machine has: a pass through the vector
 * unit.
 */
#include <string.h>

#include "map_private.h"

/* A second operand, when the host makes it: one pixel of the result (squeeze-excite), or all of
 * it. */
static void bring(Mapper *m, MlirOperation op, MlirValue x, const StosLayer *layer) {
  FuseTensor constant;
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  if (fuse_value_constant(m->ir, x, &constant) || !stos_shape(mlirValueGetType(x), &dtype, shape))
    return;
  bool pixel = shape[STOS_N] == layer->shape[STOS_N] && shape[STOS_H] * shape[STOS_W] == 1 &&
               shape[STOS_C] == layer->shape[STOS_C];
  if (pixel || memcmp(shape, layer->shape, sizeof shape) == 0)
    map_get_blocked(m, op, x);
}

/* Elementwise on a tensor that the machine has: a pass through the vector unit. */
bool map_elementwise(Mapper *m, MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op) && i < 2; i++) {
    StosLayer layer;
    MlirValue x = mlirOperationGetOperand(op, i);
    int64_t shape[STOS_RANK];
    FuseDtype dtype;
    if (!map_init_layer(m, op, "vector", &layer) ||
        !stos_shape(mlirValueGetType(x), &dtype, shape) ||
        memcmp(shape, layer.shape, sizeof shape) != 0)
      continue;
    layer.operand[ROLE_IN] = map_find_blocked(x, m);
    if (mlirValueIsNull(layer.operand[ROLE_IN]))
      continue;
    if (mlirOperationGetNumOperands(op) > 1)
      bring(m, op, mlirOperationGetOperand(op, 1 - i), &layer);
    StosChain chain = map_begin(m, &layer, x);
    if (!stos_chain_take(&chain, op))
      continue;
    stos_chain_follow(&chain);
    return map_finish(m, op, &chain);
  }
  return false;
}

/* leaky relu or a gate that begins a layer of its own: its value is already a machine tensor. */
bool map_group(Mapper *m, MlirOperation op) {
  if (mlirOperationGetNumOperands(op) == 0 ||
      !(fuse_op_is(op, "tosa.greater_equal") || fuse_op_is(op, "tosa.add") ||
        fuse_op_is(op, "tosa.mul")))
    return false;
  StosLayer layer;
  MlirValue x = mlirOperationGetOperand(op, 0);
  FuseDtype dtype;
  layer = map_default_layer(m, "vector");
  if (!stos_shape(mlirValueGetType(x), &dtype, layer.shape) || dtype != FUSE_F32)
    return false;
  layer.operand[ROLE_IN] = map_find_blocked(x, m);
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  StosChain chain = map_begin(m, &layer, x);
  stos_chain_follow(&chain);
  bool takes_op = false;
  for (size_t i = 0; i < chain.n_absorbed; i++)
    takes_op = takes_op || mlirOperationEqual(chain.absorbed[i], op);
  return takes_op && map_finish(m, op, &chain);
}

/* ---- quantised ---- */

/* The tensor of i8 behind an operand: itself, or what a rescale widens to i32. */
static MlirValue narrow_operand(MlirOperation op, intptr_t i, MlirOperation *widen) {
  MlirValue x = mlirOperationGetOperand(op, i);
  MlirOperation maker = stos_def(x);
  FuseTensor t;
  bool wide = fuse_type_tensor(mlirValueGetType(x), &t) && t.dtype == FUSE_I32;
  *widen = wide && fuse_op_is(maker, "tosa.rescale") ? maker : (MlirOperation){NULL};
  return widen->ptr ? mlirOperationGetOperand(maker, 0) : x;
}

/* The layer of a rescale, a table, a clamp, a sum, product or comparison of widened tensors, or of
 * the select of a leaky relu, which what follows the widened tensor takes with its group. */
static bool map_from(Mapper *m, MlirOperation op, intptr_t i) {
  StosLayer layer;
  MlirOperation widen, other;
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  MlirValue x = narrow_operand(op, i, &widen);
  if (!map_init_layer(m, op, "vector", &layer) || !stos_shape(mlirValueGetType(x), &dtype, shape) ||
      dtype != FUSE_I8 || memcmp(shape, layer.shape, sizeof shape) != 0)
    return false;
  layer.operand[ROLE_IN] = map_find_blocked(x, m);
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  if (widen.ptr && mlirOperationGetNumOperands(op) > 1)
    bring(m, op, narrow_operand(op, 1 - i, &other), &layer);
  StosChain chain = map_begin(m, &layer, x);
  if ((widen.ptr && !stos_chain_take(&chain, widen)) ||
      (!fuse_op_is(op, "tosa.select") && !stos_chain_take(&chain, op)))
    return false;
  stos_chain_follow(&chain);
  return map_finish(m, op, &chain);
}

bool map_elementwise_i8(Mapper *m, MlirOperation op) {
  intptr_t n = mlirOperationGetNumOperands(op);
  return (n > 0 && map_from(m, op, 0)) || (n > 1 && map_from(m, op, 1));
}
