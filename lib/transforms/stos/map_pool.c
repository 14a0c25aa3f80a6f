// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_pool.c - pools and sums: passes through the vector unit that reduce a window. */
#include <string.h>

#include "map_private.h"

/* Times 1 / count: in i8 TOSA's reciprocal_scale, which rounds once. */
static StosPost reciprocal(const Mapper *m, int64_t count, StosRounding *rounding) {
  StosPost op = {.code = STOS_POST_MULI};
  if (m->dtype == FUSE_F32) {
    float number = 1.0f / (float)count;
    memcpy(&op.imm, &number, sizeof op.imm);
    return op;
  }
  int log2 = 0;
  while (((int64_t)1 << log2) < count)
    log2++;
  op.imm = (uint32_t)(((((int64_t)1 << 30) + 1) << log2) / count);
  op.shift = (uint8_t)(30 + log2);
  *rounding = op.shift > 31 ? ROUND_SINGLE : ROUND_ANY;
  return op;
}

/* Pools. An average divides by the pixels inside the image; the machine multiplies by one number,
 * so every window must lie inside. */
bool map_pool(Mapper *m, MlirOperation op) {
  StosLayer layer;
  FuseTensor in;
  int64_t kernel[2], pad[4];
  int n;
  int16_t out_zp;
  bool average = fuse_op_is(op, "tosa.avg_pool2d");
  if (!map_init_layer(m, op, "vector", &layer) || !map_read_window(op, &layer) ||
      !fuse_get_i64s(op, "kernel", 2, kernel, &n) || n != 2 ||
      !fuse_get_i64s(op, "pad", 4, pad, &n) ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(op, 0)), &in) ||
      !map_zero_point(m, op, 1, "input_zp", &layer.in_zp) ||
      !map_zero_point(m, op, 2, "output_zp", &out_zp))
    return false;
  if (average && (pad[0] || pad[1] || pad[2] || pad[3]))
    return false;
  layer.reduce = average ? "sum" : "max";
  layer.window[WIN_KH] = kernel[0], layer.window[WIN_KW] = kernel[1];
  layer.operand[ROLE_IN] = map_get_blocked(m, op, map_window_input(op, &layer));
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  if (average)
    layer.post[layer.n_post++] = reciprocal(m, kernel[0] * kernel[1], &layer.rounding);
  StosChain chain = map_begin(m, &layer, stos_result(op));
  if (average && m->dtype == FUSE_I8)
    stos_chain_unsaturated(&chain, out_zp);
  stos_chain_follow(&chain);
  return map_finish(m, op, &chain);
}

/* Sums over lines, pixels or both of a widened tensor: a window of the image's size. */
bool map_sum_i8(Mapper *m, MlirOperation op) {
  StosLayer layer;
  StosRescale widen;
  FuseTensor in;
  int64_t axes[2] = {0, 0};
  MlirOperation last = op, next = stos_only_user(stos_result(op)),
                wide = stos_def(mlirOperationGetOperand(op, 0));
  if (m->dtype != FUSE_I8 || !stos_read_rescale(m->ir, wide, &widen) ||
      !stos_rescale_is_unity(&widen) || widen.from != FUSE_I8 || widen.to != FUSE_I32 ||
      widen.out_zp != 0 || !fuse_type_tensor(mlirValueGetType(stos_result(wide)), &in) ||
      in.rank != STOS_RANK || !fuse_get_i64(op, "axis", &axes[0]))
    return false;
  if (fuse_op_is(next, "tosa.reduce_sum") && fuse_get_i64(next, "axis", &axes[1]))
    last = next;
  if (!map_init_layer(m, last, "vector", &layer))
    return false;
  for (int i = 0; i < 1 + (last.ptr != op.ptr); i++) {
    if (axes[i] != STOS_H && axes[i] != STOS_W)
      return false;
    layer.window[axes[i] == STOS_H ? WIN_KH : WIN_KW] = in.shape[axes[i]];
  }
  layer.reduce = "sum";
  layer.in_zp = (int16_t)widen.in_zp;
  layer.operand[ROLE_IN] = map_get_blocked(m, op, mlirOperationGetOperand(wide, 0));
  if (!map_layer(m, op, &layer, stos_result(last)))
    return false;
  map_set_done(m, last);
  return true;
}
