// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* net_values.c - storages, data and layers of a network being read, and where values live. */
#include "net_private.h"

/* ---- growing the net ---- */

#define APPEND(r, list, n, cap, item)                                                              \
  ((r)->net->list = fuse_grow((r)->arena, (r)->net->list, (size_t)(r)->net->n, &(r)->cap,          \
                              (size_t)(r)->net->n + 1, sizeof *(r)->net->list),                    \
   (r)->net->list[(r)->net->n] = (item), (r)->net->n++)

int net_new_storage(NetReader *r, FuseStorage storage) {
  return APPEND(r, plan.storages, plan.n_storages, storages_cap, storage);
}

int net_new_data(NetReader *r, FusePlanData data, const char *name) {
  data.name = name;
  return APPEND(r, plan.data, plan.n_data, data_cap, data);
}

int net_new_call(NetReader *r, FusePlanCall call) {
  return APPEND(r, plan.calls, plan.n_calls, calls_cap, call);
}

void net_new_layer(NetReader *r, FuseLayer layer, MlirOperation op) {
  layer.node = r->net->plan.n_layers;
  r->net->op_of_layer = fuse_grow(r->arena, r->net->op_of_layer, (size_t)layer.node, &r->ops_cap,
                                  (size_t)layer.node + 1, sizeof op);
  r->net->op_of_layer[layer.node] = op;
  APPEND(r, plan.layers, plan.n_layers, layers_cap, layer);
}

void net_new_io(NetReader *r, StosBorder io) {
  APPEND(r, io, n_io, io_cap, io);
}

/* ---- values ---- */

Home *net_home(NetReader *r, MlirValue value) {
  size_t i = ((uintptr_t)value.ptr >> 4) * 0x9E3779B97F4A7C15ull >> 20 & (r->capacity - 1);
  while (r->homes[i].value && r->homes[i].value != value.ptr)
    i = (i + 1) & (r->capacity - 1);
  if (!r->homes[i].value)
    r->homes[i] = (Home){.value = value.ptr, .tensor = {.storage = -1}};
  return &r->homes[i];
}

const char *net_name(NetReader *r, MlirOperation op) {
  return fuse_loc_name(r->arena, mlirOperationGetLocation(op));
}

FuseTensor net_type(MlirValue value) {
  FuseTensor t = {0};
  bool known = fuse_type_tensor(mlirValueGetType(value), &t);
  FUSE_ASSERT(known);
  return t;
}

int64_t net_blocks(const NetReader *r, int64_t channels) {
  return fuse_ceil_div(channels, r->target->lanes);
}

FuseStorage net_blocked_storage(const NetReader *r, const FuseTensor *t, FuseHome home,
                                const char *name) {
  return (FuseStorage){.n = t->shape[STOS_N],
                       .blocks = net_blocks(r, t->shape[STOS_C]),
                       .h = t->shape[STOS_H],
                       .w = t->shape[STOS_W],
                       .home = home,
                       .name = name};
}

/* Bytes of a plain tensor as words of the datapath. */
FuseStorage net_plain_storage(const NetReader *r, size_t bytes, FuseHome home, const char *name) {
  int64_t word = (int64_t)(r->target->lanes * fuse_dtype_bytes(r->net->plan.dtype));
  return (FuseStorage){.n = 1,
                       .blocks = fuse_max(1, fuse_ceil_div((int64_t)bytes, word)),
                       .h = 1,
                       .w = 1,
                       .home = home,
                       .name = name};
}

void net_place(NetReader *r, MlirValue value, FusePlanTensor tensor) {
  net_home(r, value)->tensor = tensor;
}

int net_constant_data(NetReader *r, const FuseTensor *t, const char *name) {
  return net_new_data(r, (FusePlanData){.bytes = t->data, .size_bytes = t->size_bytes}, name);
}

/* Storage of a plain value: an argument, or the result of a host op. */
FusePlanTensor net_plain_home(NetReader *r, MlirValue value) {
  MlirValue root = fuse_alias_root(value);
  Home *home = net_home(r, root);
  if (home->tensor.storage < 0) {
    MlirOperation op = stos_def(root);
    int storage =
        net_new_storage(r, net_plain_storage(r, net_type(root).size_bytes, FUSE_HOME_ARENA,
                                             op.ptr ? net_name(r, op) : ""));
    net_home(r, root)->tensor = (FusePlanTensor){.storage = storage};
  }
  return net_home(r, root)->tensor;
}

FuseLayer net_vector_layer(const NetReader *r, FusePlanTensor in, FusePlanTensor out) {
  const FuseStorage *s = &r->net->plan.storages[out.storage];
  FuseLayer layer = fuse_plan_layer(FUSE_LAYER_VECTOR, r->net->plan.dtype);
  layer.mapping = FUSE_MAP_VECTOR;
  layer.in = in;
  layer.out = out;
  layer.out_h = s->h;
  layer.out_w = s->w;
  return layer;
}
