// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* net_layer.c - stos.layer as the planner's layer: attributes, post program, packed weights. */
#include <string.h>

#include "net_private.h"

static bool read_post(MlirOperation op, FuseDtype dtype, StosPost *post, int max) {
  MlirAttribute list = mlirOperationGetAttributeByName(op, fuse_str("post"));
  intptr_t n = mlirArrayAttrGetNumElements(list);
  if (n > max) {
    fuse_op_error(op, "a post program of %d operations; expected at most %d", (int)n, max);
    return false;
  }
  for (intptr_t i = 0; i < n; i++) {
    MlirStringRef text = mlirStringAttrGetValue(mlirArrayAttrGetElement(list, i));
    FuseDiag diag = {0};
    if (!stos_parse_post(text.data, text.length, "post", dtype, &post[i], &diag)) {
      fuse_op_error(op, "%s: %s", diag.place, diag.message);
      return false;
    }
  }
  return true;
}

/* What the post program reads must be there: the residual, and parameters by their names. */
static bool check_post(MlirOperation op, const StosPost *post, const MlirValue *operand) {
  bool residual = false;
  for (int i = 0; i < STOS_MAX_POST && post[i].code != STOS_POST_NOP; i++) {
    StosRole role = post[i].code == STOS_POST_BIAS    ? ROLE_BIAS
                    : post[i].code == STOS_POST_SCALE ? ROLE_SCALE
                    : post[i].code == STOS_POST_PRELU ? ROLE_AUX
                    : post[i].code == STOS_POST_LUT   ? ROLE_TABLE
                                                      : ROLE_IN;
    const StosPostInfo *info = stos_post_info(post[i].code);
    if (mlirValueIsNull(operand[role])) {
      fuse_op_error(op, "post has %s, but its operand is absent", info->name);
      return false;
    }
    if (role == ROLE_TABLE && post[i].imm >= net_type(operand[role]).size_bytes / STOS_LUT_BYTES) {
      fuse_op_error(op, "post reads table %u; expected one of %u", post[i].imm,
                    (unsigned)(net_type(operand[role]).size_bytes / STOS_LUT_BYTES));
      return false;
    }
    residual = residual || strchr(info->operands_i8, 'r'); /* in f32 the same ones */
  }
  if (residual != !mlirValueIsNull(operand[ROLE_RES])) {
    fuse_op_error(op, residual ? "post reads res, which is absent"
                               : "no post operation reads res; expected none");
    return false;
  }
  return true;
}

/* A vector layer reduces over its window or has none; the array's layers reduce nothing. */
static bool check_reduce(MlirOperation op, const FuseLayer *layer) {
  bool window = layer->kh * layer->kw > 1, reduces = layer->reduce != STOS_REDUCE_NONE;
  if (layer->kind == FUSE_LAYER_VECTOR ? !window || reduces : !reduces)
    return true;
  fuse_op_error(
      op, "expected reduce = \"sum\" or \"max\" in a vector layer with a window, else \"none\"");
  return false;
}

/* The operands by role, from operandSegmentSizes. */
static void read_operands(MlirOperation op, MlirValue *operand) {
  MlirAttribute sizes = mlirOperationGetAttributeByName(op, fuse_str("operandSegmentSizes"));
  intptr_t at = 0;
  for (int i = 0; i < N_ROLES; i++) {
    operand[i] = (MlirValue){NULL};
    if (mlirDenseI32ArrayGetElement(sizes, i))
      operand[i] = mlirOperationGetOperand(op, at++);
  }
}

/* One value a channel, as bits (of a byte: zero-extended); a single value is repeated. */
static const uint32_t *channel_values(NetReader *r, MlirValue value, int64_t channels) {
  FuseTensor t;
  if (mlirValueIsNull(value) || !fuse_value_constant(r->ir, value, &t))
    return NULL;
  uint32_t *bits = fuse_alloc_array(r->arena, (size_t)channels, sizeof *bits);
  size_t bytes = fuse_dtype_bytes(t.dtype);
  bool one = fuse_tensor_elems(&t) == 1;
  for (int64_t c = 0; c < channels; c++)
    memcpy(&bits[c], (const uint8_t *)t.data + (one ? 0 : (size_t)c * bytes), bytes);
  return bits;
}

/* Index of a string attribute in a list; IRDL allows no other strings. */
static int index_attr(MlirOperation op, const char *name, const char *const *names, int n) {
  MlirStringRef s = {NULL, 0};
  fuse_get_str(op, name, &s);
  for (int i = 0; i < n; i++)
    if (fuse_str_is(s, names[i]))
      return i;
  return 0;
}

static int16_t zero_point(MlirOperation op, const char *name) {
  int64_t zp = 0;
  fuse_get_i64(op, name, &zp);
  return (int16_t)zp;
}

/* Kind, mapping, window, zero points and post program. */
static bool read_attributes(NetReader *r, MlirOperation op, FuseLayer *layer) {
  static const char *const kinds[] = {"conv", "depthwise", "vector"};
  static const char *const reduces[] = {"none", "sum", "max"};
  int64_t window[N_WINDOW];
  int n;
  MlirStringRef mapping = {NULL, 0};
  fuse_get_str(op, "mapping", &mapping);
  if (!fuse_get_i64s(op, "window", N_WINDOW, window, &n) || n != N_WINDOW ||
      !fuse_mapping_find(mapping.data, mapping.length, &layer->mapping))
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "expected %d numbers in window and a known mapping", N_WINDOW));
  layer->kh = window[WIN_KH], layer->kw = window[WIN_KW], layer->stride_y = window[WIN_SY],
  layer->stride_x = window[WIN_SX];
  layer->dil_y = window[WIN_DY], layer->dil_x = window[WIN_DX], layer->pad_top = window[WIN_TOP],
  layer->pad_left = window[WIN_LEFT];
  layer->kind = (FuseLayerKind)index_attr(op, "kind", kinds, (int)FUSE_COUNTOF(kinds));
  layer->reduce = (uint8_t)index_attr(op, "reduce", reduces, (int)FUSE_COUNTOF(reduces));
  layer->column = fuse_has_attr(op, "column");
  layer->double_round = fuse_has_attr(op, "double_round");
  layer->in_zp = zero_point(op, "in_zp"), layer->w_zp = zero_point(op, "w_zp"),
  layer->res_zp = zero_point(op, "res_zp");
  if (net_type(stos_result(op)).dtype != r->net->plan.dtype)
    return mlirLogicalResultIsSuccess(fuse_op_error(
        op, "a layer of %s; not supported yet, expected %s",
        fuse_dtype_name(net_type(stos_result(op)).dtype), fuse_dtype_name(r->net->plan.dtype)));
  return check_reduce(op, layer) && read_post(op, layer->dtype, layer->post, STOS_MAX_POST);
}

/* A residual that lies in the storage of the layer's input is copied: two streams of a command may
 * not read one section (M-MEM-4). */
static void read_residual(NetReader *r, MlirOperation op, MlirValue value, FuseLayer *layer) {
  if (mlirValueIsNull(value))
    return;
  FuseTensor res = net_type(value);
  bool full = res.shape[STOS_H] == layer->out_h && res.shape[STOS_W] == layer->out_w;
  layer->res = net_home(r, value)->tensor;
  layer->residual = full ? FUSE_RES_FULL : FUSE_RES_CHANNEL;
  if (layer->res.storage != layer->in.storage)
    return;
  FusePlanTensor copy = {
      .storage = net_new_storage(r, net_blocked_storage(r, &res, FUSE_HOME_AUTO, net_name(r, op))),
      .c = res.shape[STOS_C]};
  layer->res.c = copy.c;
  net_new_layer(r, net_vector_layer(r, layer->res, copy), op);
  layer->res = copy;
}

/* Weights and parameters as the memories want them. */
static bool read_parameters(NetReader *r, MlirOperation op, const MlirValue *operand,
                            FuseLayer *layer) {
  FuseTensor weights;
  const char *name = net_name(r, op);
  if (layer->kind != FUSE_LAYER_VECTOR) {
    if (!fuse_value_constant(r->ir, operand[ROLE_WEIGHTS], &weights))
      return mlirLogicalResultIsSuccess(
          fuse_op_error(op, "the weights can't be read; expected dense values or a resource"));
    layer->weights = net_new_data(r,
                                  layer->kind == FUSE_LAYER_CONV
                                      ? fuse_pack_conv(r->arena, &weights, layer, r->target)
                                      : fuse_pack_depthwise(r->arena, &weights, layer, r->target),
                                  name);
  }
  int64_t c = layer->out.c;
  const uint32_t *bias = channel_values(r, operand[ROLE_BIAS], c),
                 *scale = channel_values(r, operand[ROLE_SCALE], c),
                 *shift = channel_values(r, operand[ROLE_SHIFT], c),
                 *aux = channel_values(r, operand[ROLE_AUX], c);
  if (bias || scale || aux)
    layer->params = net_new_data(r, fuse_pack_params(r->arena, c, bias, scale, shift, aux), name);
  FuseTensor tables;
  if (!mlirValueIsNull(operand[ROLE_TABLE]) &&
      fuse_value_constant(r->ir, operand[ROLE_TABLE], &tables))
    layer->tables = net_constant_data(r, &tables, name);
  return true;
}

bool net_layer(NetReader *r, MlirOperation op) {
  MlirValue operand[N_ROLES];
  FuseTensor out = net_type(stos_result(op));
  read_operands(op, operand);
  FuseLayer layer = net_vector_layer(r, net_home(r, operand[ROLE_IN])->tensor,
                                     net_home(r, stos_result(op))->tensor);
  layer.in.c = net_type(operand[ROLE_IN]).shape[STOS_C];
  layer.out_h = out.shape[STOS_H], layer.out_w = out.shape[STOS_W];
  if (!read_attributes(r, op, &layer) || !check_post(op, layer.post, operand))
    return false;
  read_residual(r, op, operand[ROLE_RES], &layer);
  if (fuse_plan_cycles(&layer, &r->net->plan, layer.mapping, layer.column, r->target) == UINT64_MAX)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "%s can't run this layer by %s; expected a mapping that stos-map chooses",
                      r->target->name, fuse_mapping_name(layer.mapping)));
  if (!read_parameters(r, op, operand, &layer))
    return false;
  net_new_layer(r, layer, op);
  return true;
}
