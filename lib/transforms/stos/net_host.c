// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* net_host.c - what the host runs: kernels by their tensors and words, and the moves between plain
 * and blocked order. */
#include "net_private.h"

void net_add_call(NetReader *r, MlirOperation op, const FuseKernelCall *call,
                  const FusePlanTensor *tensors, const int *data, const uint64_t *offsets) {
  FusePlanCall c = {.kernel = call->kernel->id,
                    .n_tensors = call->kernel->n_tensors,
                    .n_words = (int)call->kernel->n_words};
  c.tensors = fuse_alloc_array(r->arena, (size_t)c.n_tensors, sizeof *c.tensors);
  c.words = fuse_memdup(r->arena, call->params.words, (size_t)c.n_words * sizeof *c.words);
  uint64_t bytes[FUSE_KERNEL_TENSORS];
  const char *why;
  bool legal =
      fuse_kernel_check(c.kernel, c.words, (size_t)c.n_words, (size_t)c.n_tensors, bytes, &why);
  FUSE_ASSERT(legal);
  for (int i = 0; i < c.n_tensors; i++)
    c.tensors[i] = (FusePlanCallTensor){.buffer = -1,
                                        .storage = tensors[i].storage,
                                        .data = data[i],
                                        .offset_bytes = offsets[i],
                                        .size_bytes = bytes[i],
                                        .written = i < call->kernel->n_results};
  FuseLayer layer = fuse_plan_layer(FUSE_LAYER_HOST, r->net->plan.dtype);
  layer.mapping = FUSE_MAP_HOST;
  layer.host_call = net_new_call(r, c);
  net_new_layer(r, layer, op);
}

static void add_calls(NetReader *r, MlirOperation op, const FuseKernelCalls *calls) {
  const size_t n_scratch = fuse_calls_scratch(calls);
  int *scratch = fuse_alloc_array(r->arena, n_scratch, sizeof *scratch);
  for (size_t i = 0; i < n_scratch; i++)
    scratch[i] = -1;
  for (size_t i = 0; i < calls->n; i++) {
    FusePlanTensor tensors[FUSE_KERNEL_TENSORS];
    int data[FUSE_KERNEL_TENSORS];
    uint64_t offsets[FUSE_KERNEL_TENSORS] = {0};
    for (int k = 0; k < calls->calls[i].kernel->n_tensors; k++) {
      const FuseCallArg *arg = &calls->calls[i].args[k];
      tensors[k] = (FusePlanTensor){.storage = -1};
      data[k] = -1;
      switch (arg->kind) {
      case FUSE_ARG_VALUE: tensors[k] = net_plain_home(r, arg->value); break;
      case FUSE_ARG_CONSTANT: data[k] = net_constant_data(r, &arg->tensor, net_name(r, op)); break;
      case FUSE_ARG_SCRATCH:
        if (scratch[arg->scratch] < 0)
          scratch[arg->scratch] = net_new_storage(
              r, net_plain_storage(r, arg->tensor.size_bytes, FUSE_HOME_ARENA, net_name(r, op)));
        tensors[k].storage = scratch[arg->scratch];
        break;
      }
    }
    net_add_call(r, op, &calls->calls[i], tensors, data, offsets);
  }
}

bool net_host(NetReader *r, MlirOperation op) {
  FuseKernelCalls calls = {0};
  if (mlirLogicalResultIsFailure(fuse_kernel_calls(r->ir, r->arena, op, &calls)))
    return false;
  add_calls(r, op, &calls);
  return true;
}

/* Kernels that move elements have one for each size. */
static const FuseKernelInfo *by_size(const NetReader *r, uint32_t of_1, uint32_t of_4) {
  return fuse_kernel_find(fuse_dtype_bytes(r->net->plan.dtype) == 1 ? of_1 : of_4);
}

/* A plain tensor that the host reads or writes: a storage, or a constant. */
typedef struct Plain {
  FusePlanTensor tensor;
  int data; /* -1: none */
} Plain;

static Plain plain_operand(NetReader *r, MlirOperation op, MlirValue value) {
  FuseTensor t;
  if (fuse_value_constant(r->ir, fuse_alias_root(value), &t))
    return (Plain){.tensor.storage = -1, .data = net_constant_data(r, &t, net_name(r, op))};
  return (Plain){.tensor = net_plain_home(r, value), .data = -1};
}

/* A copy of whole channel blocks, or of the rest of the last one, between plain and blocked order.
 */
static void convert_part(NetReader *r, MlirOperation op, const FuseTensor *t, Plain plain,
                         FusePlanTensor blocked, bool pack, int64_t first, int64_t blocks,
                         int64_t width) {
  int64_t lanes = r->target->lanes, pixels = t->shape[STOS_H] * t->shape[STOS_W],
          channels = t->shape[STOS_C];
  const FuseStorage *s = &r->net->plan.storages[blocked.storage];
  FuseKernelCall call = {.kernel = by_size(r, FK_move_8, FK_move_32)};
  struct fk_move *p = &call.params.move;
  const int32_t size[] = {(int32_t)t->shape[STOS_N], (int32_t)blocks, (int32_t)pixels,
                          (int32_t)width};
  const int32_t flat[] = {(int32_t)(pixels * channels), (int32_t)lanes, (int32_t)channels, 1};
  const int32_t packed[] = {(int32_t)(s->blocks * pixels * lanes), (int32_t)(pixels * lanes),
                            (int32_t)lanes, 1};
  p->rank = 4;
  for (int i = 0; i < 4; i++) {
    p->size[i] = size[i];
    p->ys[i] = pack ? packed[i] : flat[i];
    p->xs[i] = pack ? flat[i] : packed[i];
  }
  for (int i = 4; i < FK_RANK; i++)
    p->size[i] = 1;
  int32_t plain_first = (int32_t)(first * lanes),
          blocked_first = (int32_t)((blocked.first_block + first) * pixels * lanes);
  p->y0 = pack ? blocked_first : plain_first;
  p->x0 = pack ? plain_first : blocked_first;
  const FusePlanTensor tensors[] = {pack ? blocked : plain.tensor, pack ? plain.tensor : blocked};
  net_add_call(r, op, &call, tensors, (const int[]){-1, plain.data}, (const uint64_t[]){0, 0});
}

/* stos.pack and stos.unpack: the host copies; pad lanes are zero. */
void net_convert(NetReader *r, MlirOperation op, bool pack) {
  MlirValue x = mlirOperationGetOperand(op, 0), y = stos_result(op);
  FuseTensor t = net_type(pack ? y : x);
  Plain plain = plain_operand(r, op, pack ? x : y);
  FusePlanTensor blocked = net_home(r, pack ? y : x)->tensor;
  int64_t lanes = r->target->lanes, whole = t.shape[STOS_C] / lanes, rest = t.shape[STOS_C] % lanes;
  FuseStorage *s = &r->net->plan.storages[blocked.storage];
  if (s->home == FUSE_HOME_AUTO)
    s->home = FUSE_HOME_ARENA;
  if (pack && rest) {
    FuseKernelCall fill = {.kernel = by_size(r, FK_fill_8, FK_fill_32)};
    fill.params.fill = (struct fk_fill){.n = (int32_t)(s->n * s->blocks * s->h * s->w * lanes)};
    net_add_call(r, op, &fill, &blocked, (const int[]){-1}, (const uint64_t[]){0});
  }
  if (whole)
    convert_part(r, op, &t, plain, blocked, pack, 0, whole, lanes);
  if (rest)
    convert_part(r, op, &t, plain, blocked, pack, whole, 1, rest);
}
