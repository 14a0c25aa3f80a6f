// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* net.c - a mapped function as the planner's network: storages, layers, packed weights, host calls.
 *
 * needs: the result of stos-map
 * gives: FusePlanNet; the inputs and outputs; for each layer the op it comes from
 *
 * A blocked tensor is a storage, or channel blocks of one: stos.concat puts its operands into one
 * storage, stos.slice looks into one. Where an operand can't be made in place (an input, or a part
 * of two concatenations) a vector layer copies it. Plain tensors are storages of the host: bytes in
 * the arena.
 */
#include <string.h>

#include "fuse/kernel_calls.h"
#include "stos_private.h"

typedef struct Home {
  const void *value;
  FusePlanTensor tensor;
} Home;

typedef struct Reader {
  FuseIr *ir;
  FuseArena *arena;
  MlirOperation func;
  const StosTarget *target;
  StosNet *net;
  Home *homes; /* of values, by pointer: open addressing */
  size_t capacity;
  size_t storages_cap, layers_cap, data_cap, calls_cap, io_cap, ops_cap;
} Reader;

/* ---- growing the net ---- */

#define APPEND(r, list, n, cap, item)                                                              \
  ((r)->net->list = fuse_grow((r)->arena, (r)->net->list, (size_t)(r)->net->n, &(r)->cap,          \
                              (size_t)(r)->net->n + 1, sizeof *(r)->net->list),                    \
   (r)->net->list[(r)->net->n] = (item), (r)->net->n++)

static int new_storage(Reader *r, FuseStorage storage) {
  return APPEND(r, plan.storages, plan.n_storages, storages_cap, storage);
}

static int new_data(Reader *r, FusePlanData data, const char *name) {
  data.name = name;
  return APPEND(r, plan.data, plan.n_data, data_cap, data);
}

static void new_layer(Reader *r, FuseLayer layer, MlirOperation op) {
  layer.node = r->net->plan.n_layers;
  r->net->op_of_layer = fuse_grow(r->arena, r->net->op_of_layer, (size_t)layer.node, &r->ops_cap,
                                  (size_t)layer.node + 1, sizeof op);
  r->net->op_of_layer[layer.node] = op;
  APPEND(r, plan.layers, plan.n_layers, layers_cap, layer);
}

static void new_io(Reader *r, StosBorder io) {
  APPEND(r, io, n_io, io_cap, io);
}

/* ---- values ---- */

static Home *home_of(Reader *r, MlirValue value) {
  size_t i = ((uintptr_t)value.ptr >> 4) * 0x9E3779B97F4A7C15ull >> 20 & (r->capacity - 1);
  while (r->homes[i].value && r->homes[i].value != value.ptr)
    i = (i + 1) & (r->capacity - 1);
  if (!r->homes[i].value)
    r->homes[i] = (Home){.value = value.ptr, .tensor = {.storage = -1}};
  return &r->homes[i];
}

static const char *name_of(Reader *r, MlirOperation op) {
  return fuse_loc_name(r->arena, mlirOperationGetLocation(op));
}

static FuseTensor type_of(MlirValue value) {
  FuseTensor t = {0};
  bool known = fuse_type_tensor(mlirValueGetType(value), &t);
  FUSE_ASSERT(known);
  return t;
}

static int64_t blocks_of(const Reader *r, int64_t channels) {
  return fuse_ceil_div(channels, r->target->lanes);
}

static FuseStorage blocked_storage(const Reader *r, const FuseTensor *t, FuseHome home,
                                   const char *name) {
  return (FuseStorage){.n = t->shape[STOS_N],
                       .blocks = blocks_of(r, t->shape[STOS_C]),
                       .h = t->shape[STOS_H],
                       .w = t->shape[STOS_W],
                       .home = home,
                       .name = name};
}

/* Bytes of a plain tensor as words of the datapath. */
static FuseStorage plain_storage(const Reader *r, size_t bytes, FuseHome home, const char *name) {
  int64_t word = (int64_t)(r->target->lanes * fuse_dtype_bytes(r->net->plan.dtype));
  return (FuseStorage){.n = 1,
                       .blocks = fuse_max(1, fuse_ceil_div((int64_t)bytes, word)),
                       .h = 1,
                       .w = 1,
                       .home = home,
                       .name = name};
}

/* ---- where blocked tensors live ---- */

static void place(Reader *r, MlirValue value, FusePlanTensor tensor) {
  home_of(r, value)->tensor = tensor;
}

static bool is_placed(Reader *r, MlirValue value) {
  return home_of(r, value)->tensor.storage >= 0;
}

/* Outer concatenations first: an operand that a layer makes is made in its part of the result. */
static void place_backward(Reader *r, MlirOperation op) {
  if (mlirOperationGetNumResults(op) != 1 || !stos_is_blocked(mlirValueGetType(stos_result(op))) ||
      fuse_op_is(op, "stos.slice"))
    return;
  MlirValue y = stos_result(op);
  FuseTensor t = type_of(y);
  if (!is_placed(r, y))
    place(r, y,
          (FusePlanTensor){
              .storage = new_storage(r, blocked_storage(r, &t, FUSE_HOME_AUTO, name_of(r, op))),
              .c = t.shape[STOS_C]});
  if (!fuse_op_is(op, "stos.concat"))
    return;
  FusePlanTensor at = home_of(r, y)->tensor;
  for (int i = 0; i < 2; i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    FuseTensor part = type_of(x);
    bool makes = fuse_op_is(stos_def(x), "stos.layer") || fuse_op_is(stos_def(x), "stos.concat");
    if (makes && !is_placed(r, x))
      place(r, x,
            (FusePlanTensor){
                .storage = at.storage, .first_block = at.first_block, .c = part.shape[STOS_C]});
    at.first_block += blocks_of(r, part.shape[STOS_C]);
  }
}

static FuseLayer vector_layer(const Reader *r, FusePlanTensor in, FusePlanTensor out) {
  const FuseStorage *s = &r->net->plan.storages[out.storage];
  return (FuseLayer){.kind = FUSE_LAYER_VECTOR,
                     .mapping = FUSE_MAP_VECTOR,
                     .dtype = r->net->plan.dtype,
                     .in = in,
                     .out = out,
                     .res = {.storage = -1},
                     .out_h = s->h,
                     .out_w = s->w,
                     .kh = 1,
                     .kw = 1,
                     .stride_y = 1,
                     .stride_x = 1,
                     .dil_y = 1,
                     .dil_x = 1,
                     .weights = -1,
                     .params = -1,
                     .tables = -1,
                     .host_call = -1};
}

/* Operands of a concatenation that were not made in place. */
static bool read_concat(Reader *r, MlirOperation op) {
  FusePlanTensor to = home_of(r, stos_result(op))->tensor;
  int64_t first = type_of(mlirOperationGetOperand(op, 0)).shape[STOS_C];
  if (first % r->target->lanes)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "the first operand has %lld channels; expected a multiple of %u lanes",
                      (long long)first, r->target->lanes));
  for (int i = 0; i < 2; i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    FusePlanTensor from = home_of(r, x)->tensor;
    to.c = type_of(x).shape[STOS_C];
    if (from.storage != to.storage || from.first_block != to.first_block)
      new_layer(r, vector_layer(r, from, to), op);
    to.first_block += blocks_of(r, to.c);
  }
  return true;
}

static bool read_slice(Reader *r, MlirOperation op) {
  FusePlanTensor x = home_of(r, mlirOperationGetOperand(op, 0))->tensor;
  int64_t first = 0, channels = type_of(stos_result(op)).shape[STOS_C], blocks = blocks_of(r, x.c);
  fuse_get_i64(op, "first_block", &first);
  if (first > blocks - blocks_of(r, channels))
    return mlirLogicalResultIsSuccess(fuse_op_error(
        op, "channel blocks %lld to %lld; expected some of the operand's %lld", (long long)first,
        (long long)(first + blocks_of(r, channels) - 1), (long long)blocks));
  place(
      r, stos_result(op),
      (FusePlanTensor){.storage = x.storage, .first_block = x.first_block + first, .c = channels});
  return true;
}

/* ---- host calls ---- */

static int constant_data(Reader *r, const FuseTensor *t, const char *name) {
  return new_data(r, (FusePlanData){.bytes = t->data, .size_bytes = t->size_bytes}, name);
}

/* Storage of a plain value: an argument, or the result of a host op. */
static FusePlanTensor plain_home(Reader *r, MlirValue value) {
  MlirValue root = fuse_alias_root(value);
  Home *home = home_of(r, root);
  if (home->tensor.storage < 0) {
    MlirOperation op = stos_def(root);
    int storage = new_storage(r, plain_storage(r, type_of(root).size_bytes, FUSE_HOME_ARENA,
                                               op.ptr ? name_of(r, op) : ""));
    home_of(r, root)->tensor = (FusePlanTensor){.storage = storage};
  }
  return home_of(r, root)->tensor;
}

static void add_call(Reader *r, MlirOperation op, const FuseKernelCall *call,
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
  FuseLayer layer = {.kind = FUSE_LAYER_HOST,
                     .mapping = FUSE_MAP_HOST,
                     .dtype = r->net->plan.dtype,
                     .in = {.storage = -1},
                     .out = {.storage = -1},
                     .res = {.storage = -1},
                     .weights = -1,
                     .params = -1,
                     .tables = -1};
  layer.host_call = APPEND(r, plan.calls, plan.n_calls, calls_cap, c);
  new_layer(r, layer, op);
}

static void add_calls(Reader *r, MlirOperation op, const FuseKernelCalls *calls) {
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
      case FUSE_ARG_VALUE: tensors[k] = plain_home(r, arg->value); break;
      case FUSE_ARG_CONSTANT: data[k] = constant_data(r, &arg->tensor, name_of(r, op)); break;
      case FUSE_ARG_SCRATCH:
        if (scratch[arg->scratch] < 0)
          scratch[arg->scratch] = new_storage(
              r, plain_storage(r, arg->tensor.size_bytes, FUSE_HOME_ARENA, name_of(r, op)));
        tensors[k].storage = scratch[arg->scratch];
        break;
      }
    }
    add_call(r, op, &calls->calls[i], tensors, data, offsets);
  }
}

static bool read_host(Reader *r, MlirOperation op) {
  FuseKernelCalls calls = {0};
  if (mlirLogicalResultIsFailure(fuse_kernel_calls(r->ir, r->arena, op, &calls)))
    return false;
  add_calls(r, op, &calls);
  return true;
}

/* Kernels that move elements have one for each size. */
static const FuseKernelInfo *by_size(const Reader *r, uint32_t of_1, uint32_t of_4) {
  return fuse_kernel_find(fuse_dtype_bytes(r->net->plan.dtype) == 1 ? of_1 : of_4);
}

/* A copy of whole channel blocks, or of the rest of the last one, between plain and blocked order.
 */
static void convert_part(Reader *r, MlirOperation op, const FuseTensor *t, FusePlanTensor plain,
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
  const FusePlanTensor tensors[] = {pack ? blocked : plain, pack ? plain : blocked};
  add_call(r, op, &call, tensors, (const int[]){-1, -1}, (const uint64_t[]){0, 0});
}

/* stos.pack and stos.unpack: the host copies; pad lanes are zero. */
static void read_convert(Reader *r, MlirOperation op, bool pack) {
  MlirValue x = mlirOperationGetOperand(op, 0), y = stos_result(op);
  FuseTensor t = type_of(pack ? y : x);
  FusePlanTensor plain = plain_home(r, pack ? x : y), blocked = home_of(r, pack ? y : x)->tensor;
  int64_t lanes = r->target->lanes, whole = t.shape[STOS_C] / lanes, rest = t.shape[STOS_C] % lanes;
  FuseStorage *s = &r->net->plan.storages[blocked.storage];
  if (s->home == FUSE_HOME_AUTO)
    s->home = FUSE_HOME_ARENA;
  if (pack && rest) {
    FuseKernelCall fill = {.kernel = by_size(r, FK_fill_8, FK_fill_32)};
    fill.params.fill = (struct fk_fill){.n = (int32_t)(s->n * s->blocks * s->h * s->w * lanes)};
    add_call(r, op, &fill, &blocked, (const int[]){-1}, (const uint64_t[]){0});
  }
  if (whole)
    convert_part(r, op, &t, plain, blocked, pack, 0, whole, lanes);
  if (rest)
    convert_part(r, op, &t, plain, blocked, pack, whole, 1, rest);
}

/* ---- layers ---- */

static const char *string_attr(MlirOperation op, const char *name, size_t *length) {
  MlirStringRef s = {NULL, 0};
  fuse_get_str(op, name, &s);
  *length = s.length;
  return s.data;
}

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
    if (role == ROLE_TABLE && post[i].imm >= type_of(operand[role]).size_bytes / STOS_LUT_BYTES) {
      fuse_op_error(op, "post reads table %u; expected one of %u", post[i].imm,
                    (unsigned)(type_of(operand[role]).size_bytes / STOS_LUT_BYTES));
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
static const uint32_t *channel_values(Reader *r, MlirValue value, int64_t channels) {
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

static bool has_attr(MlirOperation op, const char *name) {
  return !mlirAttributeIsNull(mlirOperationGetAttributeByName(op, fuse_str(name)));
}

static int16_t zero_point(MlirOperation op, const char *name) {
  int64_t zp = 0;
  fuse_get_i64(op, name, &zp);
  return (int16_t)zp;
}

/* Kind, mapping, window, zero points and post program. */
static bool read_attributes(Reader *r, MlirOperation op, FuseLayer *layer) {
  static const char *const kinds[] = {"conv", "depthwise", "vector"};
  static const char *const reduces[] = {"none", "sum", "max"};
  int64_t window[N_WINDOW];
  int n;
  size_t length = 0;
  const char *mapping = string_attr(op, "mapping", &length);
  if (!fuse_get_i64s(op, "window", N_WINDOW, window, &n) || n != N_WINDOW ||
      !fuse_mapping_find(mapping, length, &layer->mapping))
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "expected %d numbers in window and a known mapping", N_WINDOW));
  layer->kh = window[WIN_KH], layer->kw = window[WIN_KW], layer->stride_y = window[WIN_SY],
  layer->stride_x = window[WIN_SX];
  layer->dil_y = window[WIN_DY], layer->dil_x = window[WIN_DX], layer->pad_top = window[WIN_TOP],
  layer->pad_left = window[WIN_LEFT];
  layer->kind = (FuseLayerKind)index_attr(op, "kind", kinds, (int)FUSE_COUNTOF(kinds));
  layer->reduce = (uint8_t)index_attr(op, "reduce", reduces, (int)FUSE_COUNTOF(reduces));
  layer->column = has_attr(op, "column");
  layer->double_round = has_attr(op, "double_round");
  layer->in_zp = zero_point(op, "in_zp"), layer->w_zp = zero_point(op, "w_zp"),
  layer->res_zp = zero_point(op, "res_zp");
  if (type_of(stos_result(op)).dtype != r->net->plan.dtype)
    return mlirLogicalResultIsSuccess(fuse_op_error(
        op, "a layer of %s; not supported yet, expected %s",
        fuse_dtype_name(type_of(stos_result(op)).dtype), fuse_dtype_name(r->net->plan.dtype)));
  return check_reduce(op, layer) && read_post(op, layer->dtype, layer->post, STOS_MAX_POST);
}

/* A residual that lies in the storage of the layer's input is copied: two streams of a command may
 * not read one section (M-MEM-4). */
static void read_residual(Reader *r, MlirOperation op, MlirValue value, FuseLayer *layer) {
  if (mlirValueIsNull(value))
    return;
  FuseTensor res = type_of(value);
  bool full = res.shape[STOS_H] == layer->out_h && res.shape[STOS_W] == layer->out_w;
  layer->res = home_of(r, value)->tensor;
  layer->residual = full ? FUSE_RES_FULL : FUSE_RES_CHANNEL;
  if (layer->res.storage != layer->in.storage)
    return;
  FusePlanTensor copy = {
      .storage = new_storage(r, blocked_storage(r, &res, FUSE_HOME_AUTO, name_of(r, op))),
      .c = res.shape[STOS_C]};
  layer->res.c = copy.c;
  new_layer(r, vector_layer(r, layer->res, copy), op);
  layer->res = copy;
}

/* Weights and parameters as the memories want them. */
static bool read_parameters(Reader *r, MlirOperation op, const MlirValue *operand,
                            FuseLayer *layer) {
  FuseTensor weights;
  const char *name = name_of(r, op);
  if (layer->kind != FUSE_LAYER_VECTOR) {
    if (!fuse_value_constant(r->ir, operand[ROLE_WEIGHTS], &weights))
      return mlirLogicalResultIsSuccess(
          fuse_op_error(op, "the weights can't be read; expected dense values or a resource"));
    layer->weights = new_data(r,
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
    layer->params = new_data(r, fuse_pack_params(r->arena, c, bias, scale, shift, aux), name);
  FuseTensor tables;
  if (!mlirValueIsNull(operand[ROLE_TABLE]) &&
      fuse_value_constant(r->ir, operand[ROLE_TABLE], &tables))
    layer->tables = constant_data(r, &tables, name);
  return true;
}

static bool read_layer(Reader *r, MlirOperation op) {
  MlirValue operand[N_ROLES];
  FuseTensor out = type_of(stos_result(op));
  read_operands(op, operand);
  FuseLayer layer =
      vector_layer(r, home_of(r, operand[ROLE_IN])->tensor, home_of(r, stos_result(op))->tensor);
  layer.in.c = type_of(operand[ROLE_IN]).shape[STOS_C];
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
  new_layer(r, layer, op);
  return true;
}

/* ---- the border ---- */

/* Element i of a string array attribute of the function, or "input0". */
static const char *border_name(Reader *r, const char *attribute, const char *fallback, intptr_t i) {
  MlirAttribute names = mlirOperationGetAttributeByName(r->func, fuse_str(attribute));
  if (mlirAttributeIsNull(names) || !mlirAttributeIsAArray(names) ||
      i >= mlirArrayAttrGetNumElements(names))
    return fuse_format(r->arena, "%s%d", fallback, (int)i);
  return fuse_str_dup(r->arena, mlirStringAttrGetValue(mlirArrayAttrGetElement(names, i)));
}

static void read_quant(MlirOperation op, StosBorder *io) {
  fuse_get_f64(op, "scale", &io->scale);
  fuse_get_i64(op, "zero_point", &io->zero_point);
}

static void read_input(Reader *r, MlirOperation op) {
  MlirValue argument = mlirOperationGetOperand(op, 0);
  intptr_t index = mlirBlockArgumentGetArgNumber(argument);
  StosBorder io = {.name = border_name(r, "fuse.inputs", "input", index),
                   .input = true,
                   .type = type_of(argument),
                   .layout = "blocked"};
  size_t length;
  int n;
  const char *layout = string_attr(op, "layout", &length);
  if (length == 6 && memcmp(layout, "packed", 6) == 0) {
    io.layout = "packed";
    fuse_get_i64s(op, "window", N_WINDOW, io.window, &n);
  }
  read_quant(op, &io);
  io.storage = home_of(r, stos_result(op))->tensor.storage;
  r->net->plan.storages[io.storage].home = FUSE_HOME_IO;
  r->net->plan.storages[io.storage].name = io.name;
  new_io(r, io);
}

/* Arguments that the host reads as they are. */
static void read_plain_arguments(Reader *r, MlirBlock block) {
  for (intptr_t i = 0; i < mlirBlockGetNumArguments(block); i++) {
    MlirValue argument = mlirBlockGetArgument(block, i);
    bool plain = false;
    for (MlirOpOperand use = mlirValueGetFirstUse(argument); !mlirOpOperandIsNull(use);
         use = mlirOpOperandGetNextUse(use))
      plain = plain || !fuse_op_is(mlirOpOperandGetOwner(use), "stos.input");
    if (!plain && !mlirOpOperandIsNull(mlirValueGetFirstUse(argument)))
      continue;
    StosBorder io = {.name = border_name(r, "fuse.inputs", "input", i),
                     .input = true,
                     .type = type_of(argument),
                     .layout = "plain"};
    io.storage = new_storage(r, plain_storage(r, io.type.size_bytes, FUSE_HOME_IO, io.name));
    place(r, argument, (FusePlanTensor){.storage = io.storage});
    new_io(r, io);
  }
}

/* An output is made where the caller reads it: the storage itself when a layer or the host makes
 * all of it, else a copy. */
static bool read_output(Reader *r, MlirOperation last, intptr_t i) {
  MlirValue value = mlirOperationGetOperand(last, i);
  MlirOperation op = stos_def(value);
  StosBorder io = {.name = border_name(r, "fuse.outputs", "output", i),
                   .type = type_of(value),
                   .layout = "plain"};
  FusePlanNet *plan = &r->net->plan;
  if (fuse_op_is(op, "stos.output")) {
    MlirValue blocked = mlirOperationGetOperand(op, 0);
    FusePlanTensor from = home_of(r, blocked)->tensor;
    FuseTensor t = type_of(blocked);
    io.layout = "blocked";
    read_quant(op, &io);
    FuseStorage *s = &plan->storages[from.storage];
    if (s->home != FUSE_HOME_IO && from.first_block == 0 && s->blocks == blocks_of(r, from.c)) {
      s->home = FUSE_HOME_IO;
      s->name = io.name;
      io.storage = from.storage;
    } else {
      io.storage = new_storage(r, blocked_storage(r, &t, FUSE_HOME_IO, io.name));
      new_layer(r, vector_layer(r, from, (FusePlanTensor){.storage = io.storage, .c = from.c}), op);
    }
    new_io(r, io);
    return true;
  }
  io.storage = new_storage(r, plain_storage(r, io.type.size_bytes, FUSE_HOME_IO, io.name));
  FuseCallArg to = {.kind = FUSE_ARG_VALUE, .value = value, .tensor = io.type};
  FuseKernelCalls calls = {0};
  if (mlirLogicalResultIsFailure(fuse_kernel_copy(r->ir, r->arena, last, value, &to, &calls)))
    return false;
  for (size_t k = 0; k < calls.n; k++) {
    const FuseCallArg *x = &calls.calls[k].args[1];
    bool constant = x->kind == FUSE_ARG_CONSTANT;
    FusePlanTensor tensors[] = {{.storage = io.storage},
                                constant ? (FusePlanTensor){.storage = -1}
                                         : plain_home(r, x->value)};
    int data[] = {-1, constant ? constant_data(r, &x->tensor, io.name) : -1};
    add_call(r, op.ptr ? op : last, &calls.calls[k], tensors, data, (const uint64_t[]){0, 0});
  }
  new_io(r, io);
  return true;
}

static bool read_op(Reader *r, MlirOperation op) {
  if (fuse_op_is(op, "stos.layer"))
    return read_layer(r, op);
  if (fuse_op_is(op, "stos.input"))
    read_input(r, op);
  else if (fuse_op_is(op, "stos.concat"))
    return read_concat(r, op);
  else if (fuse_op_is(op, "stos.slice"))
    return read_slice(r, op);
  else if (fuse_op_is(op, "stos.pack"))
    read_convert(r, op, true);
  else if (fuse_op_is(op, "stos.unpack"))
    read_convert(r, op, false);
  else if (!fuse_op_is(op, "stos.output") && !fuse_op_is(op, "func.return"))
    return read_host(r, op);
  return true;
}

static bool is_stos(MlirOperation op) {
  MlirStringRef name = fuse_op_name(op);
  return name.length > 5 && memcmp(name.data, "stos.", 5) == 0;
}

/* Blocked tensors are made and read by stos ops alone. */
static bool check_blocked(MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++) {
    MlirValue value = mlirOperationGetOperand(op, i);
    if (stos_is_blocked(mlirValueGetType(value)) &&
        (!is_stos(op) || !mlirValueIsAOpResult(value) || !is_stos(stos_def(value))))
      return mlirLogicalResultIsSuccess(fuse_op_error(
          op, "operand %d is blocked; expected that stos ops alone make and read it", (int)i));
  }
  return true;
}

/* The element type of the first blocked tensor; read_attributes holds the layers to it. */
static FuseDtype datapath(FuseOpList list) {
  for (size_t i = 0; i < list.n; i++)
    if (mlirOperationGetNumResults(list.ops[i]) == 1 &&
        stos_is_blocked(mlirValueGetType(stos_result(list.ops[i]))))
      return type_of(stos_result(list.ops[i])).dtype;
  return FUSE_F32;
}

bool stos_read_net(FuseIr *ir, FuseArena *arena, MlirOperation func, const StosTarget *target,
                   StosNet *net) {
  Reader r = {.ir = ir, .arena = arena, .func = func, .target = target, .net = net};
  MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(func, 0));
  FuseOpList list = fuse_ops_of(arena, func, NULL);
  *net = (StosNet){.plan.dtype = datapath(list)};
  for (r.capacity = 64; r.capacity < 16 * list.n + 64;)
    r.capacity *= 2;
  r.homes = fuse_alloc_array(arena, r.capacity, sizeof *r.homes);
  for (size_t i = 0; i < list.n; i++)
    if (!check_blocked(list.ops[i]))
      return false;
  for (size_t i = list.n; i-- > 0;)
    place_backward(&r, list.ops[i]);
  read_plain_arguments(&r, block);
  MlirOperation last = mlirBlockGetTerminator(block);
  bool ok = true;
  for (size_t i = 0; i < list.n; i++)
    ok = read_op(&r, list.ops[i]) && ok;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(last) && ok; i++)
    ok = read_output(&r, last, i);
  return ok;
}
