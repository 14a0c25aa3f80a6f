// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_window.c - what convolutions and pools have in common: window and zero points. */
#include "map_private.h"

bool map_all_zero(const FuseTensor *t) {
  for (size_t i = 0; i < t->size_bytes; i++)
    if (((const uint8_t *)t->data)[i])
      return false;
  return true;
}

bool map_zero_point(Mapper *m, MlirOperation op, int operand, const char *name, int16_t *zp) {
  FuseTensor t;
  int64_t number = 0;
  fuse_get_i64(op, name, &number);
  *zp = (int16_t)number;
  if (mlirOperationGetNumOperands(op) <= operand)
    return true;
  if (!fuse_value_constant(m->ir, mlirOperationGetOperand(op, operand), &t))
    return false;
  if (m->dtype == FUSE_I8) {
    *zp = *(const int8_t *)t.data;
    return t.dtype == FUSE_I8;
  }
  return map_all_zero(&t);
}

bool map_read_window(MlirOperation op, StosLayer *layer) {
  int64_t pad[4], stride[2], dilation[2] = {1, 1};
  int n;
  if (!fuse_get_i64s(op, "pad", 4, pad, &n) || n != 4 ||
      !fuse_get_i64s(op, "stride", 2, stride, &n) || n != 2)
    return false;
  if (fuse_has_attr(op, "dilation") && (!fuse_get_i64s(op, "dilation", 2, dilation, &n) || n != 2))
    return false;
  layer->window[WIN_TOP] = pad[0], layer->window[WIN_LEFT] = pad[2];
  layer->window[WIN_SY] = stride[0], layer->window[WIN_SX] = stride[1];
  layer->window[WIN_DY] = dilation[0], layer->window[WIN_DX] = dilation[1];
  return true;
}

MlirValue map_window_input(MlirOperation op, const StosLayer *layer) {
  MlirValue x = mlirOperationGetOperand(op, 0);
  MlirOperation slice = stos_def(x);
  int64_t start[FUSE_MAX_RANK];
  int rank;
  FuseTensor cut, whole;
  if (!fuse_op_is(slice, "tosa.slice") ||
      !fuse_value_shape(mlirOperationGetOperand(slice, 1), FUSE_MAX_RANK, start, &rank) ||
      rank != 4 || start[0] || start[1] || start[2] || start[3] ||
      !fuse_type_tensor(mlirValueGetType(x), &cut) ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(slice, 0)), &whole) ||
      cut.shape[0] != whole.shape[0] || cut.shape[3] != whole.shape[3])
    return x;
  const int64_t *w = layer->window;
  int64_t lines =
      (layer->shape[STOS_H] - 1) * w[WIN_SY] + (w[WIN_KH] - 1) * w[WIN_DY] + 1 - w[WIN_TOP];
  int64_t pixels =
      (layer->shape[STOS_W] - 1) * w[WIN_SX] + (w[WIN_KW] - 1) * w[WIN_DX] + 1 - w[WIN_LEFT];
  return lines <= cut.shape[1] && pixels <= cut.shape[2] ? mlirOperationGetOperand(slice, 0) : x;
}
