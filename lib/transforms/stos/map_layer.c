// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_layer.c - from the first op to the layer that the planner has a mapping for. */
#include <string.h>

#include "map_private.h"

StosLayer map_default_layer(const Mapper *m, const char *kind) {
  return (StosLayer){
      .kind = kind, .reduce = "none", .window = {1, 1, 1, 1, 1, 1, 0, 0}, .dtype = m->dtype};
}

bool map_init_layer(const Mapper *m, MlirOperation op, const char *kind, StosLayer *layer) {
  FuseDtype dtype;
  *layer = map_default_layer(m, kind);
  return mlirOperationGetNumResults(op) == 1 &&
         stos_shape(mlirValueGetType(stos_result(op)), &dtype, layer->shape) &&
         (dtype == m->dtype || (m->dtype == FUSE_I8 && dtype == FUSE_I32));
}

StosChain map_begin(Mapper *m, StosLayer *layer, MlirValue value) {
  StosChain chain = {.ir = m->ir,
                     .rw = m->rw,
                     .scratch = m->scratch,
                     .layer = layer,
                     .value = value,
                     .find = map_find_blocked,
                     .user = m};
  stos_chain_begin(&chain);
  return chain;
}

/* ---- the end of a layer ---- */

static const FuseLayerKind kinds[] = {FUSE_LAYER_CONV, FUSE_LAYER_DEPTHWISE, FUSE_LAYER_VECTOR};
static const char *const kind_names[] = {"conv", "depthwise", "vector"};

static FuseLayerKind kind_of(const StosLayer *layer) {
  size_t i = FUSE_COUNTOF(kinds) - 1;
  while (i > 0 && strcmp(kind_names[i], layer->kind) != 0)
    i--;
  return kinds[i];
}

/* Ask the planner which mapping is cheapest; false when no command can do it. */
static bool choose_mapping(Mapper *m, const StosLayer *layer, FuseMapping *mapping, bool *column) {
  FuseTensor in;
  fuse_type_tensor(mlirValueGetType(layer->operand[ROLE_IN]), &in);
  FuseStorage storages[] = {
      {.n = in.shape[STOS_N], .h = in.shape[STOS_H], .w = in.shape[STOS_W]},
      {.n = layer->shape[STOS_N], .h = layer->shape[STOS_H], .w = layer->shape[STOS_W]}};
  FusePlanNet net = {.dtype = layer->dtype, .storages = storages, .n_storages = 2};
  const int64_t *w = layer->window;
  FuseLayer plan = fuse_plan_layer(kind_of(layer), layer->dtype);
  plan.in = (FusePlanTensor){.storage = 0, .c = in.shape[STOS_C]};
  plan.out = (FusePlanTensor){.storage = 1, .c = layer->shape[STOS_C]};
  if (!mlirValueIsNull(layer->operand[ROLE_RES]))
    plan.res = plan.out, plan.residual = FUSE_RES_FULL;
  plan.out_h = layer->shape[STOS_H], plan.out_w = layer->shape[STOS_W];
  plan.kh = w[WIN_KH], plan.kw = w[WIN_KW];
  plan.stride_y = w[WIN_SY], plan.stride_x = w[WIN_SX];
  plan.dil_y = w[WIN_DY], plan.dil_x = w[WIN_DX];
  plan.pad_top = w[WIN_TOP], plan.pad_left = w[WIN_LEFT];
  FuseCost cost;
  if (!fuse_plan_map(&plan, &net, &m->target, &cost))
    return false;
  *mapping = plan.mapping;
  *column = plan.column;
  return true;
}

/* A layer stands where its first op stood; constants of the others may come later. */
static void hoist_constants(MlirOperation op, const StosLayer *layer) {
  for (int role = ROLE_WEIGHTS; role < N_ROLES; role++) {
    MlirOperation constant = mlirValueIsNull(layer->operand[role]) ? (MlirOperation){NULL}
                                                                   : stos_def(layer->operand[role]);
    if (fuse_op_is(constant, "tosa.const") && mlirOperationIsBeforeInBlock(op, constant))
      mlirOperationMoveBefore(constant, op);
  }
}

bool map_finish(Mapper *m, MlirOperation op, StosChain *chain) {
  FuseMapping mapping;
  bool column;
  if (!chain->complete || !choose_mapping(m, chain->layer, &mapping, &column))
    return false;
  hoist_constants(op, chain->layer);
  MlirValue y = stos_build_layer(m->rw, mlirOperationGetLocation(op), chain->layer,
                                 fuse_mapping_name(mapping), column);
  map_set_done(m, op);
  for (size_t i = 0; i < chain->n_absorbed; i++)
    map_set_done(m, chain->absorbed[i]);
  map_set_blocked(m, chain->value, y);
  return true;
}

bool map_layer(Mapper *m, MlirOperation op, StosLayer *layer, MlirValue value) {
  if (mlirValueIsNull(layer->operand[ROLE_IN]))
    return false;
  StosChain chain = map_begin(m, layer, value);
  stos_chain_follow(&chain);
  return map_finish(m, op, &chain);
}
