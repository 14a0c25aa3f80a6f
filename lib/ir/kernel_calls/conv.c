// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv.c - convolutions, our 1-D ones too, and matrix products. */
#include "kernel_calls.h"

/* What the parameters of dense and transposed convolutions share: x and y N,H,W,C, w O,KH,KW,I. */
#define CONV_SIZES(x, w, y, stride, pad)                                                           \
  .n = kc_word((x)->shape[0]), .h = kc_word((x)->shape[1]), .w = kc_word((x)->shape[2]),           \
  .cin = kc_word((x)->shape[3]), .oh = kc_word((y)->shape[1]), .ow = kc_word((y)->shape[2]),       \
  .cout = kc_word((y)->shape[3]), .kh = kc_word((w)->shape[1]), .kw = kc_word((w)->shape[2]),      \
  .sy = kc_word((stride)[0]), .sx = kc_word((stride)[1]), .top = kc_word((pad)[0]),                \
  .left = kc_word((pad)[2])

bool lower_conv2d(Lower *l) {
  const FuseTensor *x = &l->x[0], *w = &l->x[1], *y = &l->y;
  int64_t pad[4], stride[2], dilation[2];
  int32_t zx, zw;
  FuseCallArg weights, bias;
  if (!kc_numbers(l, "pad", 4, pad) || !kc_numbers(l, "stride", 2, stride) ||
      !kc_numbers(l, "dilation", 2, dilation) || !kc_zero_points(l, 3, &zx, &zw) ||
      !kc_permuted(l, 1, (const int[]){1, 2, 3, 0}, &weights) ||
      !kc_per_channel(l, 2, y->shape[3], &bias))
    return false;
  const struct fk_conv2d p = {
      CONV_SIZES(x, w, y, stride, pad),
      .dy = kc_word(dilation[0]),
      .dx = kc_word(dilation[1]),
      .zx = zx,
      .zw = zw,
  };
  return kc_call4(l, "conv2d", kc_result(l), kc_operand(l, 0), weights, bias, &p);
}

/* What all depthwise forms share: no padding, stride as given, all channels. The line along which a
 * one-column kernel's taps come in phases is the image's column. */
static struct fk_dwconv2d depthwise(const Lower *l, int64_t kh, int64_t kw, const int64_t *stride) {
  const FuseTensor *x = &l->x[0], *y = &l->y;
  return (struct fk_dwconv2d){
      .n = kc_word(x->shape[0]),
      .h = kc_word(x->shape[1]),
      .w = kc_word(x->shape[2]),
      .c = kc_word(x->shape[3]),
      .mult = 1,
      .oh = kc_word(y->shape[1]),
      .ow = kc_word(y->shape[2]),
      .kh = kc_word(kh),
      .kw = kc_word(kw),
      .sy = kc_word(stride[0]),
      .sx = kc_word(stride[1]),
      .dy = 1,
      .dx = 1,
      .qy = kc_word(kw == 1 ? stride[0] : 1),
      .qx = kc_word(kw == 1 ? 1 : stride[1]),
      .cx = kc_word(x->shape[3]),
      .cy = kc_word(y->shape[3]),
  };
}

/* tosa.depthwise_conv2d and fuse.dwconv2d: weights [kh][kw][c] or [kh][kw][c][m]. */
bool lower_dwconv2d(Lower *l) {
  const FuseTensor *w = &l->x[1];
  int64_t pad[4], stride[2], dilation[2];
  FuseCallArg bias;
  if (!kc_numbers(l, "pad", 4, pad) || !kc_numbers(l, "stride", 2, stride) ||
      !kc_numbers(l, "dilation", 2, dilation) || !kc_per_channel(l, 2, l->y.shape[3], &bias))
    return false;
  struct fk_dwconv2d p = depthwise(l, w->shape[0], w->shape[1], stride);
  if (!kc_zero_points(l, 3, &p.zx, &p.zw))
    return false;
  p.mult = w->rank == 4 ? kc_word(w->shape[3]) : 1;
  p.dy = kc_word(dilation[0]), p.dx = kc_word(dilation[1]);
  p.top = kc_word(pad[0]), p.left = kc_word(pad[2]);
  return kc_call4(l, "dwconv2d", kc_result(l), kc_operand(l, 0), kc_operand(l, 1), bias, &p);
}

/* One group of 1-D filters: weights (operand i) [c][k], bias operand i + 1; channels from x0 of the
 * input to y0 of the result. */
static bool filters_1d(Lower *l, int i, bool row, const int64_t *pad, const int64_t *stride,
                       int64_t dilation, int64_t x0, int64_t y0) {
  const int64_t c = l->x[i].shape[0], k = l->x[i].shape[1];
  FuseCallArg weights;
  if (!kc_permuted(l, i, (const int[]){1, 0}, &weights))
    return false;
  struct fk_dwconv2d p = depthwise(l, row ? 1 : k, row ? k : 1, stride);
  if (row) /* also when k = 1: the op says which axis it is */
    p.qy = 1, p.qx = kc_word(stride[1]), p.dx = kc_word(dilation), p.left = kc_word(pad[0]);
  else
    p.dy = kc_word(dilation), p.top = kc_word(pad[0]);
  p.c = kc_word(c), p.x0 = kc_word(x0), p.y0 = kc_word(y0);
  if (!kc_zero_points(l, 0, &p.zx, &p.zw))
    return false;
  return kc_call4(l, "dwconv2d", kc_result(l), kc_operand(l, 0), weights, kc_operand(l, i + 1), &p);
}

bool lower_conv1d(Lower *l) {
  int64_t pad[2], stride[2], dilation;
  MlirStringRef axis;
  if (!kc_numbers(l, "pad", 2, pad) || !kc_numbers(l, "stride", 2, stride) ||
      !fuse_get_i64(l->op, "dilation", &dilation) || !fuse_get_str(l->op, "axis", &axis))
    return kc_fail(l, "this form of the op");
  return filters_1d(l, 1, fuse_str_is(axis, "row"), pad, stride, dilation, 0, 0);
}

bool lower_fuseconv(Lower *l) {
  int64_t pad_row[2], pad_col[2], stride[2], dilation;
  MlirStringRef variant;
  if (!kc_numbers(l, "pad_row", 2, pad_row) || !kc_numbers(l, "pad_col", 2, pad_col) ||
      !kc_numbers(l, "stride", 2, stride) || !fuse_get_i64(l->op, "dilation", &dilation) ||
      !fuse_get_str(l->op, "variant", &variant))
    return kc_fail(l, "this form of the op");
  const int64_t rows = l->x[1].shape[0];
  return filters_1d(l, 1, true, pad_row, stride, dilation, 0, 0) &&
         filters_1d(l, 3, false, pad_col, stride, dilation, fuse_str_is(variant, "half") ? rows : 0,
                    rows);
}

bool lower_tconv2d(Lower *l) {
  const FuseTensor *x = &l->x[0], *w = &l->x[1], *y = &l->y;
  int64_t pad[4], stride[2];
  int32_t zx, zw;
  FuseCallArg weights, bias;
  if (!kc_numbers(l, "out_pad", 4, pad) || !kc_numbers(l, "stride", 2, stride) ||
      !kc_zero_points(l, 3, &zx, &zw) || !kc_permuted(l, 1, (const int[]){1, 2, 3, 0}, &weights) ||
      !kc_per_channel(l, 2, y->shape[3], &bias))
    return false;
  const struct fk_tconv2d p = {
      CONV_SIZES(x, w, y, stride, pad),
      .zx = zx,
      .zw = zw,
  };
  return kc_call4(l, "tconv2d", kc_result(l), kc_operand(l, 0), weights, bias, &p);
}

bool lower_matmul(Lower *l) {
  const FuseTensor *a = &l->x[0], *b = &l->x[1];
  struct fk_matmul p = {.n = kc_word(a->shape[0]),
                        .rows = kc_word(a->shape[1]),
                        .inner = kc_word(a->shape[2]),
                        .cols = kc_word(b->shape[2])};
  return kc_zero_points(l, 2, &p.zx, &p.zw) &&
         kc_call3(l, "matmul", kc_result(l), kc_operand(l, 0), kc_operand(l, 1), &p);
}
