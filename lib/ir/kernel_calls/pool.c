// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pool.c - pooling, reductions and resizing. */
#include "kernel_calls.h"

bool lower_pool2d(Lower *l) {
  const FuseTensor *x = &l->x[0], *y = &l->y;
  int64_t kernel[2], stride[2], pad[4];
  if (!kc_numbers(l, "kernel", 2, kernel) || !kc_numbers(l, "stride", 2, stride) ||
      !kc_numbers(l, "pad", 4, pad) || !kc_nan_mode_ok(l))
    return false;
  int32_t zx = 0, zy = 0;
  if (fuse_op_is(l->op, "tosa.avg_pool2d") && !kc_zero_points(l, 1, &zx, &zy))
    return false;
  const struct fk_pool2d p = {
      .n = kc_word(x->shape[0]),
      .h = kc_word(x->shape[1]),
      .w = kc_word(x->shape[2]),
      .c = kc_word(x->shape[3]),
      .oh = kc_word(y->shape[1]),
      .ow = kc_word(y->shape[2]),
      .kh = kc_word(kernel[0]),
      .kw = kc_word(kernel[1]),
      .sy = kc_word(stride[0]),
      .sx = kc_word(stride[1]),
      .top = kc_word(pad[0]),
      .left = kc_word(pad[2]),
      .zx = zx,
      .zy = zy,
  };
  return kc_call2(l, l->family, kc_result(l), kc_operand(l, 0), &p);
}

bool lower_reduce(Lower *l) {
  const FuseTensor *x = &l->x[0];
  int64_t axis, outer, inner;
  if (!fuse_get_i64(l->op, "axis", &axis) || axis < 0 || axis >= x->rank)
    return kc_fail(l, "this axis");
  if (!kc_nan_mode_ok(l) || !fuse_mul_dims(x->shape, (int)axis, &outer) ||
      !fuse_mul_dims(x->shape + axis + 1, x->rank - (int)axis - 1, &inner))
    return false;
  const struct fk_reduce p = {kc_word(outer), kc_word(x->shape[axis]), kc_word(inner)};
  return kc_call2(l, l->family, kc_result(l), kc_operand(l, 0), &p);
}

bool lower_resize(Lower *l) {
  const FuseTensor *x = &l->x[0], *y = &l->y;
  int64_t scale[4], offset[2];
  int n_scale = 0, n_offset = 0;
  if (!kc_shape_operand(l, 1, 4, scale, &n_scale) || !kc_shape_operand(l, 2, 2, offset, &n_offset))
    return false;
  if (n_scale != 4 || n_offset != 2)
    return kc_fail(l, "this form of the op");
  const struct fk_resize p = {
      .n = kc_word(x->shape[0]),
      .h = kc_word(x->shape[1]),
      .w = kc_word(x->shape[2]),
      .c = kc_word(x->shape[3]),
      .oh = kc_word(y->shape[1]),
      .ow = kc_word(y->shape[2]),
      .scale_y = {kc_word(scale[0]), kc_word(scale[1]), kc_word(offset[0])},
      .scale_x = {kc_word(scale[2]), kc_word(scale[3]), kc_word(offset[1])},
  };
  return kc_call2(l,
                  fuse_attr_says(l->op, "mode", "BILINEAR") ? "resize_bilinear" : "resize_nearest",
                  kc_result(l), kc_operand(l, 0), &p);
}
