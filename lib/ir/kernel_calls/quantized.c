// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quantized.c - what only quantised types have. */
#include "kernel_calls.h"

/* The unsigned type of the same size, where an attribute says that a signless one is unsigned. */
static FuseDtype with_sign(const Lower *l, const char *attribute, FuseDtype dtype) {
  bool is_unsigned = false;
  fuse_get_bool(l->op, attribute, &is_unsigned);
  return !is_unsigned ? dtype : dtype == FUSE_I8 ? FUSE_U8 : dtype == FUSE_I16 ? FUSE_U16 : dtype;
}

/* INEXACT_ROUND leaves the choice open: like SINGLE_ROUND. */
bool lower_rescale(Lower *l) {
  const FuseTensor *x = &l->x[0];
  const FuseDtype in = with_sign(l, "input_unsigned", x->dtype),
                  out = with_sign(l, "output_unsigned", l->y.dtype);
  bool per_channel = false;
  FuseCallArg input, multiplier, y = kc_result(l);
  struct fk_rescale p = {.double_round = fuse_attr_says(l->op, "rounding_mode", "DOUBLE_ROUND")};
  if (!fuse_get_bool(l->op, "per_channel", &per_channel) || (per_channel && x->rank == 0))
    return kc_fail(l, "this form of the op");
  const int64_t channels = per_channel ? x->shape[x->rank - 1] : 1;
  p.channels = kc_word(channels), p.outer = kc_word(fuse_tensor_elems(x) / channels);
  if (!kc_zero_point(l, 3, &p.zx) || !kc_zero_point(l, 4, &p.zy) ||
      !kc_converted(l, kc_operand(l, 0), in, &input) ||
      !kc_converted(l, kc_operand(l, 1), FUSE_I32, &multiplier))
    return false;
  if (out != y.tensor.dtype)
    y = kc_scratch(l, out, fuse_tensor_elems(x));
  return kc_call4(l, "rescale", y, input, multiplier, kc_operand(l, 2), &p) &&
         (y.kind == FUSE_ARG_VALUE || kc_convert(l, kc_result(l), y));
}

bool lower_table(Lower *l) {
  const struct fk_table p = {kc_elems(&l->y)};
  return kc_call3(l, "table", kc_result(l), kc_operand(l, 0), kc_operand(l, 1), &p);
}
