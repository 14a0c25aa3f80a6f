// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* layers.c - blocked tensor types and stos.layer. */
#include <string.h>

#include "stos_private.h"

MlirType stos_blocked_type(MlirContext context, FuseDtype dtype, const int64_t shape[STOS_RANK]) {
  return mlirRankedTensorTypeGet(STOS_RANK, shape, fuse_type_of(context, dtype),
                                 mlirStringAttrGet(context, fuse_str("blocked")));
}

bool stos_is_blocked(MlirType type) {
  if (!mlirTypeIsARankedTensor(type))
    return false;
  MlirAttribute encoding = mlirRankedTensorTypeGetEncoding(type);
  return !mlirAttributeIsNull(encoding) && mlirAttributeIsAString(encoding) &&
         fuse_str_is(mlirStringAttrGetValue(encoding), "blocked");
}

void stos_spread(int rank, const int64_t *values, int64_t other, int64_t spread[STOS_RANK]) {
  static const int axes[STOS_RANK + 1][STOS_RANK] = {
      [2] = {STOS_N, STOS_C},
      [3] = {STOS_N, STOS_W, STOS_C},
      [4] = {STOS_N, STOS_H, STOS_W, STOS_C},
  };
  FUSE_ASSERT(rank >= 2 && rank <= STOS_RANK);
  for (int i = 0; i < STOS_RANK; i++)
    spread[i] = other;
  for (int i = 0; i < rank; i++)
    spread[axes[rank][i]] = values[i];
}

bool stos_shape(MlirType type, FuseDtype *dtype, int64_t shape[STOS_RANK]) {
  FuseTensor t;
  if (!fuse_type_tensor(type, &t) || t.rank < 2 || t.rank > STOS_RANK)
    return false;
  *dtype = t.dtype;
  stos_spread(t.rank, t.shape, 1, shape);
  return shape[STOS_N] > 0 && shape[STOS_H] > 0 && shape[STOS_W] > 0 && shape[STOS_C] > 0;
}

bool stos_is_channel_axis(MlirOperation op) {
  int64_t axis;
  FuseTensor t;
  return fuse_get_i64(op, "axis", &axis) &&
         fuse_type_tensor(mlirValueGetType(stos_result(op)), &t) && t.rank >= 2 &&
         t.rank <= STOS_RANK && axis == t.rank - 1;
}

static MlirNamedAttribute post_attr(MlirContext context, const StosLayer *layer) {
  MlirAttribute ops[STOS_MAX_POST];
  for (int i = 0; i < layer->n_post; i++) {
    FuseText text = {0};
    stos_print_post(&text, &layer->post[i], layer->dtype);
    ops[i] = mlirStringAttrGet(context, mlirStringRefCreate(text.data, text.length));
    fuse_text_fini(&text);
  }
  return fuse_attr(context, "post", mlirArrayAttrGet(context, layer->n_post, ops));
}

MlirValue stos_build_layer(MlirRewriterBase rw, MlirLocation loc, const StosLayer *layer,
                           const char *mapping, bool column) {
  MlirContext context = mlirLocationGetContext(loc);
  MlirValue operands[N_ROLES];
  int32_t segments[N_ROLES];
  int n = 0;
  for (int i = 0; i < N_ROLES; i++) {
    segments[i] = !mlirValueIsNull(layer->operand[i]);
    if (segments[i])
      operands[n++] = layer->operand[i];
  }
  MlirNamedAttribute attrs[11] = {
      fuse_attr_str(context, "kind", layer->kind),
      fuse_attr_str(context, "reduce", layer->reduce),
      fuse_attr_str(context, "mapping", mapping),
      fuse_attr_i64s(context, "window", N_WINDOW, layer->window),
      post_attr(context, layer),
      fuse_attr(context, "operandSegmentSizes", mlirDenseI32ArrayGet(context, N_ROLES, segments)),
  };
  int n_attrs = 6;
  if (column)
    attrs[n_attrs++] = fuse_attr(context, "column", mlirUnitAttrGet(context));
  if (layer->rounding == ROUND_DOUBLE)
    attrs[n_attrs++] = fuse_attr(context, "double_round", mlirUnitAttrGet(context));
  if (layer->in_zp)
    attrs[n_attrs++] = fuse_attr_i64(context, "in_zp", layer->in_zp);
  if (layer->w_zp)
    attrs[n_attrs++] = fuse_attr_i64(context, "w_zp", layer->w_zp);
  if (layer->res_zp)
    attrs[n_attrs++] = fuse_attr_i64(context, "res_zp", layer->res_zp);
  return fuse_build(rw, loc, "stos.layer", n, operands, n_attrs, attrs,
                    stos_blocked_type(context, layer->dtype, layer->shape));
}
