// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_conv.c - convolutions, depthwise ones, and fuse.conv1d, which is one of a line or a column.
 */
#include <string.h>

#include "map_private.h"

static bool zero_points(Mapper *m, MlirOperation op, StosLayer *layer) {
  return map_zero_point(m, op, 3, "input_zp", &layer->in_zp) &&
         map_zero_point(m, op, 4, "weight_zp", &layer->w_zp);
}

static bool add_bias(Mapper *m, StosLayer *layer, MlirValue bias) {
  FuseTensor t;
  if (!fuse_value_constant(m->ir, bias, &t) ||
      t.dtype != (m->dtype == FUSE_I8 ? FUSE_I32 : FUSE_F32) || t.rank != 1 ||
      (t.shape[0] != 1 && t.shape[0] != layer->shape[STOS_C]))
    return false;
  if (m->dtype == FUSE_I8 && map_all_zero(&t))
    return true;                                     /* in f32 -0 + 0 isn't -0 */
  if (t.shape[0] == 1 && layer->shape[STOS_C] > 1) { /* TOSA lets one bias stand for all channels */
    uint32_t one;
    memcpy(&one, t.data, sizeof one);
    layer->post[layer->n_post++] = (StosPost){.code = STOS_POST_ADDI, .imm = one};
    return true;
  }
  layer->operand[ROLE_BIAS] = bias;
  layer->post[layer->n_post++] = (StosPost){.code = STOS_POST_BIAS};
  return true;
}

/* Weights [out][kh][kw][in] on an input with few channels that comes from outside: the host brings
 * it as im2col, and the conv is 1x1. */
static bool pack_input(Mapper *m, MlirOperation op, StosLayer *layer, const FuseTensor *weights) {
  MlirValue x = mlirOperationGetOperand(op, 0);
  StosEntry entry;
  int64_t kernel = weights->shape[1] * weights->shape[2], in_c = weights->shape[3],
          lanes = m->target.lanes;
  if (kernel == 1 || in_c >= lanes || stos_n_uses(x) != 1 || !stos_argument_of(m->ir, x, &entry) ||
      fuse_ceil_div(kernel * in_c, lanes) >= kernel)
    return false;
  int64_t shape[STOS_RANK] = {layer->shape[STOS_N], layer->shape[STOS_H], layer->shape[STOS_W],
                              kernel * in_c};
  if (layer->window[WIN_KH] > UINT8_MAX || layer->window[WIN_KW] > UINT8_MAX ||
      layer->window[WIN_SY] > UINT8_MAX || layer->window[WIN_SX] > UINT8_MAX ||
      layer->window[WIN_DY] > UINT8_MAX || layer->window[WIN_DX] > UINT8_MAX)
    return false; /* fields of the I/O table */
  if (entry.quant.there && entry.quant.zero_point != layer->in_zp)
    return false; /* pads are a real 0 */
  layer->operand[ROLE_IN] =
      stos_build_input(m->rw, mlirOperationGetLocation(op), &entry, layer, m->dtype, shape);
  FuseTensor flat = *weights;
  flat.shape[1] = flat.shape[2] = 1;
  flat.shape[3] = kernel * in_c;
  layer->operand[ROLE_WEIGHTS] =
      fuse_build_const(m->ir, m->rw, mlirOperationGetLocation(op), &flat, "packed");
  memcpy(layer->window, (int64_t[N_WINDOW]){1, 1, 1, 1, 1, 1, 0, 0}, sizeof layer->window);
  return true;
}

/* A 1x1 conv on a flattened image is a conv of the image's size: same weights, same order, no move.
 */
static bool unflatten_input(Mapper *m, MlirOperation op, StosLayer *layer,
                            const FuseTensor *weights) {
  MlirOperation reshape = stos_def(mlirOperationGetOperand(op, 0));
  FuseTensor image;
  if (!fuse_op_is(reshape, "tosa.reshape") || weights->shape[1] != 1 || weights->shape[2] != 1 ||
      layer->shape[STOS_H] != 1 || layer->shape[STOS_W] != 1)
    return false;
  MlirValue x = mlirOperationGetOperand(reshape, 0), blocked;
  if (!fuse_type_tensor(mlirValueGetType(x), &image) || image.rank != 4 ||
      mlirValueIsNull(blocked = map_find_blocked(x, m)) || image.shape[0] != layer->shape[STOS_N] ||
      image.shape[1] * image.shape[2] * image.shape[3] != weights->shape[3] ||
      image.shape[1] * image.shape[2] == 1 || image.shape[1] > UINT8_MAX ||
      image.shape[2] > UINT8_MAX)
    return false;
  FuseTensor w = *weights;
  memcpy(&w.shape[1], &image.shape[1], 3 * sizeof w.shape[0]);
  layer->operand[ROLE_IN] = blocked;
  layer->operand[ROLE_WEIGHTS] =
      fuse_build_const(m->ir, m->rw, mlirOperationGetLocation(op), &w, "unflattened");
  layer->window[WIN_KH] = image.shape[1], layer->window[WIN_KW] = image.shape[2];
  return true;
}

bool map_conv(Mapper *m, MlirOperation op) {
  StosLayer layer;
  FuseTensor weights;
  if (!map_init_layer(m, op, "conv", &layer) || !map_read_window(op, &layer) ||
      !fuse_value_constant(m->ir, mlirOperationGetOperand(op, 1), &weights) ||
      weights.dtype != m->dtype || !zero_points(m, op, &layer))
    return false;
  layer.window[WIN_KH] = weights.shape[1], layer.window[WIN_KW] = weights.shape[2];
  if (!add_bias(m, &layer, mlirOperationGetOperand(op, 2)))
    return false;
  if (!pack_input(m, op, &layer, &weights) && !unflatten_input(m, op, &layer, &weights)) {
    layer.operand[ROLE_IN] = map_get_blocked(m, op, map_window_input(op, &layer));
    layer.operand[ROLE_WEIGHTS] = mlirOperationGetOperand(op, 1);
  }
  return map_layer(m, op, &layer, stos_result(op));
}

/* Weights as [kh][kw][c], whatever the op calls its dimensions. */
static bool depthwise_weights(Mapper *m, MlirOperation op, StosLayer *layer) {
  MlirValue value = mlirOperationGetOperand(op, 1);
  FuseTensor w;
  if (!fuse_value_constant(m->ir, value, &w) || w.dtype != m->dtype)
    return false;
  FuseTensor flat = w;
  if (fuse_op_is(op, "tosa.depthwise_conv2d")) { /* [kh][kw][c][multiplier] */
    if (w.shape[3] != 1)
      return false;
    flat.rank = 3;
  } else if (fuse_op_is(op, "fuse.conv1d")) { /* [c][k] */
    MlirStringRef axis;
    bool row = fuse_get_str(op, "axis", &axis) && fuse_str_is(axis, "row");
    uint8_t *turned = fuse_alloc(fuse_ir_arena(m->ir), w.size_bytes);
    size_t bytes = fuse_dtype_bytes(w.dtype);
    for (int64_t c = 0; c < w.shape[0]; c++)
      for (int64_t k = 0; k < w.shape[1]; k++)
        memcpy(turned + (size_t)(k * w.shape[0] + c) * bytes,
               (const uint8_t *)w.data + (size_t)(c * w.shape[1] + k) * bytes, bytes);
    flat = (FuseTensor){.dtype = w.dtype,
                        .rank = 3,
                        .shape = {row ? 1 : w.shape[1], row ? w.shape[1] : 1, w.shape[0]},
                        .data = turned,
                        .size_bytes = w.size_bytes};
  }
  layer->window[WIN_KH] = flat.shape[0], layer->window[WIN_KW] = flat.shape[1];
  bool same = fuse_op_is(op, "fuse.dwconv2d");
  layer->operand[ROLE_WEIGHTS] =
      same ? value
           : fuse_build_const(m->ir, m->rw, mlirOperationGetLocation(op), &flat, "depthwise");
  return true;
}

/* fuse.conv1d has pad = [before, after] and one dilation, both of its axis. */
static bool read_conv1d_window(MlirOperation op, StosLayer *layer) {
  int64_t pad[2], stride[2], dilation;
  int n;
  MlirStringRef axis;
  if (!fuse_get_i64s(op, "pad", 2, pad, &n) || n != 2 ||
      !fuse_get_i64s(op, "stride", 2, stride, &n) || n != 2 ||
      !fuse_get_i64(op, "dilation", &dilation) || !fuse_get_str(op, "axis", &axis))
    return false;
  bool row = fuse_str_is(axis, "row");
  layer->window[WIN_SY] = stride[0], layer->window[WIN_SX] = stride[1];
  layer->window[row ? WIN_DX : WIN_DY] = dilation;
  layer->window[row ? WIN_LEFT : WIN_TOP] = pad[0];
  return true;
}

bool map_depthwise(Mapper *m, MlirOperation op) {
  StosLayer layer;
  bool conv1d = fuse_op_is(op, "fuse.conv1d");
  if (!map_init_layer(m, op, "depthwise", &layer) ||
      !(conv1d ? read_conv1d_window(op, &layer) : map_read_window(op, &layer)) ||
      !zero_points(m, op, &layer) || !add_bias(m, &layer, mlirOperationGetOperand(op, 2)) ||
      !depthwise_weights(m, op, &layer))
    return false;
  layer.operand[ROLE_IN] = map_get_blocked(m, op, map_window_input(op, &layer));
  return map_layer(m, op, &layer, stos_result(op));
}
