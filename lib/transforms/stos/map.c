// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map.c - stos-map: tosa and fuse ops become layers of the machine; the rest stays the host's.
 *
 *   %c = tosa.conv2d %x, %w, %b ...                      %y = "stos.layer"(%x, %w, %b, %r)
 *   %d = tosa.add %c, %r                  ==>                  {kind = "conv", post = ["bias",
 * "addr", "maxi 0.0"], mapping = "gemm", ...} %y = tosa.clamp %d {min_val = 0, ...}
 *
 * needs: tosa and fuse ops, NHWC, static shapes
 * gives: stos.layer, .concat and .slice on blocked tensors; stos.input, .output, .pack and .unpack
 * where they begin and end; tosa ops for the host source: docs/machine.md; choices in
 * docs/planner.md
 */
#include <string.h>

#include "stos_private.h"

typedef struct Slot {
  const void *key;
  MlirValue blocked;
  bool done; /* an op that a layer has taken up */
} Slot;

typedef struct Mapper {
  FuseIr *ir;
  FuseArena *scratch;
  MlirContext context;
  MlirRewriterBase rw;
  StosTarget target;
  FuseDtype dtype; /* the datapath's: all tensors of the machine */
  Slot *slots;     /* values and ops by their pointer; only looked up */
  size_t n_slots, capacity;
} Mapper;

/* ---- value -> blocked tensor, op -> taken up ---- */

static Slot *slot_of(Mapper *m, const void *key) {
  size_t i = ((uintptr_t)key >> 4) * 0x9E3779B97F4A7C15ull >> 20 & (m->capacity - 1);
  while (m->slots[i].key && m->slots[i].key != key)
    i = (i + 1) & (m->capacity - 1);
  if (!m->slots[i].key)
    m->slots[i] = (Slot){.key = key, .blocked = {NULL}};
  return &m->slots[i];
}

static void set_blocked(Mapper *m, MlirValue value, MlirValue blocked) {
  slot_of(m, value.ptr)->blocked = blocked;
}

static bool is_done(Mapper *m, MlirOperation op) {
  return slot_of(m, op.ptr)->done;
}

static void set_done(Mapper *m, MlirOperation op) {
  slot_of(m, op.ptr)->done = true;
}

/* ---- tensors of the machine ---- */

/* The blocked tensor of a value if it exists already, or if the value is an input of the network.
 */
static MlirValue find_blocked(MlirValue value, void *user) {
  Mapper *m = user;
  Slot *slot = slot_of(m, value.ptr);
  StosEntry entry;
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  if (mlirValueIsNull(slot->blocked) && stos_argument_of(m->ir, value, &entry) &&
      stos_shape(mlirValueGetType(value), &dtype, shape) && dtype == m->dtype) {
    MlirOperation op = stos_def(value);
    MlirLocation loc = op.ptr ? mlirOperationGetLocation(op) : mlirLocationUnknownGet(m->context);
    slot->blocked = stos_build_input(m->rw, loc, &entry, NULL, m->dtype, shape);
  }
  return slot->blocked;
}

/* The same; a plain tensor of the host is packed. Null when the machine can't hold it. The move
 * belongs to the node that the host runs: what makes the value, if there is one. */
static MlirValue get_blocked(Mapper *m, MlirOperation at, MlirValue value) {
  MlirValue blocked = find_blocked(value, m);
  MlirOperation maker = stos_def(value);
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  if (!mlirValueIsNull(blocked) || !stos_shape(mlirValueGetType(value), &dtype, shape) ||
      dtype != m->dtype)
    return blocked;
  blocked = fuse_build(m->rw, mlirOperationGetLocation(maker.ptr ? maker : at), "stos.pack", 1,
                       &value, 0, NULL, stos_blocked_type(m->context, dtype, shape));
  set_blocked(m, value, blocked);
  return blocked;
}

/* ---- layers ---- */

static const FuseLayerKind kinds[] = {FUSE_LAYER_CONV, FUSE_LAYER_DEPTHWISE, FUSE_LAYER_VECTOR};
static const char *const kind_names[] = {"conv", "depthwise", "vector"};

/* Ask the planner which mapping is cheapest; false when no command can do it. */
static bool choose_mapping(Mapper *m, const StosLayer *layer, FuseMapping *mapping, bool *column) {
  FuseTensor in;
  fuse_type_tensor(mlirValueGetType(layer->operand[ROLE_IN]), &in);
  FuseStorage storages[] = {
      {.n = in.shape[STOS_N], .h = in.shape[STOS_H], .w = in.shape[STOS_W]},
      {.n = layer->shape[STOS_N], .h = layer->shape[STOS_H], .w = layer->shape[STOS_W]}};
  FusePlanNet net = {.dtype = layer->dtype, .storages = storages, .n_storages = 2};
  const int64_t *w = layer->window;
  FuseLayer plan = {.dtype = layer->dtype,
                    .in = {.storage = 0, .c = in.shape[STOS_C]},
                    .out = {.storage = 1, .c = layer->shape[STOS_C]},
                    .res = {.storage = -1},
                    .out_h = layer->shape[STOS_H],
                    .out_w = layer->shape[STOS_W],
                    .kh = w[WIN_KH],
                    .kw = w[WIN_KW],
                    .stride_y = w[WIN_SY],
                    .stride_x = w[WIN_SX],
                    .dil_y = w[WIN_DY],
                    .dil_x = w[WIN_DX],
                    .pad_top = w[WIN_TOP],
                    .pad_left = w[WIN_LEFT],
                    .weights = -1,
                    .params = -1,
                    .tables = -1,
                    .host_call = -1};
  for (size_t i = 0; i < FUSE_COUNTOF(kinds); i++)
    if (strcmp(kind_names[i], layer->kind) == 0)
      plan.kind = kinds[i];
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

/* Build the layer that the chain describes. False (nothing built) when it ends nowhere or the
 * machine can't run it. */
static bool finish_layer(Mapper *m, MlirOperation op, StosChain *chain) {
  FuseMapping mapping;
  bool column;
  if (!chain->complete || !choose_mapping(m, chain->layer, &mapping, &column))
    return false;
  hoist_constants(op, chain->layer);
  MlirValue y = stos_build_layer(m->rw, mlirOperationGetLocation(op), chain->layer,
                                 fuse_mapping_name(mapping), column);
  set_done(m, op);
  for (size_t i = 0; i < chain->n_absorbed; i++)
    set_done(m, chain->absorbed[i]);
  set_blocked(m, chain->value, y);
  return true;
}

static StosChain begin(Mapper *m, StosLayer *layer, MlirValue value) {
  StosChain chain = {.ir = m->ir,
                     .rw = m->rw,
                     .scratch = m->scratch,
                     .layer = layer,
                     .value = value,
                     .find = find_blocked,
                     .user = m};
  stos_chain_begin(&chain);
  return chain;
}

static StosLayer default_layer(const Mapper *m, const char *kind) {
  return (StosLayer){
      .kind = kind, .reduce = "none", .window = {1, 1, 1, 1, 1, 1, 0, 0}, .dtype = m->dtype};
}

/* A layer with the result's shape. What an op makes on the way to a tensor of i8 may be i32. */
static bool init_layer(const Mapper *m, MlirOperation op, const char *kind, StosLayer *layer) {
  FuseDtype dtype;
  *layer = default_layer(m, kind);
  return mlirOperationGetNumResults(op) == 1 &&
         stos_shape(mlirValueGetType(stos_result(op)), &dtype, layer->shape) &&
         (dtype == m->dtype || (m->dtype == FUSE_I8 && dtype == FUSE_I32));
}

static bool is_constant(Mapper *m, MlirValue value, FuseTensor *t) {
  return fuse_value_constant(m->ir, value, t);
}

static bool all_zero(const FuseTensor *t) {
  for (size_t i = 0; i < t->size_bytes; i++)
    if (((const uint8_t *)t->data)[i])
      return false;
  return true;
}

/* A zero point of the op: operand `operand`, or in the fuse dialect the attribute `name`, else 0.
 * False when it isn't a constant, or in f32 not 0. */
static bool zero_point(Mapper *m, MlirOperation op, int operand, const char *name, int16_t *zp) {
  FuseTensor t;
  int64_t number = 0;
  fuse_get_i64(op, name, &number);
  *zp = (int16_t)number;
  if (mlirOperationGetNumOperands(op) <= operand)
    return true;
  if (!is_constant(m, mlirOperationGetOperand(op, operand), &t))
    return false;
  if (m->dtype == FUSE_I8) {
    *zp = *(const int8_t *)t.data;
    return t.dtype == FUSE_I8;
  }
  return all_zero(&t);
}

static bool zero_points(Mapper *m, MlirOperation op, StosLayer *layer) {
  return zero_point(m, op, 3, "input_zp", &layer->in_zp) &&
         zero_point(m, op, 4, "weight_zp", &layer->w_zp);
}

/* pad = [top, bottom, left, right], stride, dilation of a conv or a pool. */
static bool read_window(MlirOperation op, StosLayer *layer) {
  int64_t pad[4], stride[2], dilation[2] = {1, 1};
  int n;
  if (!fuse_get_i64s(op, "pad", 4, pad, &n) || n != 4 ||
      !fuse_get_i64s(op, "stride", 2, stride, &n) || n != 2)
    return false;
  if (!mlirAttributeIsNull(mlirOperationGetAttributeByName(op, fuse_str("dilation"))) &&
      (!fuse_get_i64s(op, "dilation", 2, dilation, &n) || n != 2))
    return false;
  layer->window[WIN_TOP] = pad[0], layer->window[WIN_LEFT] = pad[2];
  layer->window[WIN_SY] = stride[0], layer->window[WIN_SX] = stride[1];
  layer->window[WIN_DY] = dilation[0], layer->window[WIN_DX] = dilation[1];
  return true;
}

static bool add_bias(Mapper *m, StosLayer *layer, MlirValue bias) {
  FuseTensor t;
  if (!is_constant(m, bias, &t) || t.dtype != (m->dtype == FUSE_I8 ? FUSE_I32 : FUSE_F32) ||
      t.rank != 1 || (t.shape[0] != 1 && t.shape[0] != layer->shape[STOS_C]))
    return false;
  if (m->dtype == FUSE_I8 && all_zero(&t))
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
      mlirValueIsNull(blocked = find_blocked(x, m)) || image.shape[0] != layer->shape[STOS_N] ||
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

/* The operand of a window that starts at the image's origin: through a tosa.slice that only cuts
 * off lines and pixels at the end which no window reads (ONNX's floor semantics made exact for
 * TOSA). */
static MlirValue window_input(MlirOperation op, const StosLayer *layer) {
  MlirValue x = mlirOperationGetOperand(op, 0);
  MlirOperation slice = stos_def(x);
  int64_t start[FUSE_MAX_RANK];
  int rank;
  FuseTensor cut, whole;
  if (!fuse_op_is(slice, "tosa.slice") ||
      !fuse_value_shape(mlirOperationGetOperand(slice, 1), FUSE_MAX_RANK, start, &rank) ||
      rank != 4 || start[0] || start[1] || start[2] || start[3] ||
      !fuse_type_tensor(mlirValueGetType(x), &cut) ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(slice, 0)), &whole) ||
      cut.shape[0] != whole.shape[0] || cut.shape[3] != whole.shape[3])
    return x;
  const int64_t *w = layer->window;
  int64_t lines =
      (layer->shape[STOS_H] - 1) * w[WIN_SY] + (w[WIN_KH] - 1) * w[WIN_DY] + 1 - w[WIN_TOP];
  int64_t pixels =
      (layer->shape[STOS_W] - 1) * w[WIN_SX] + (w[WIN_KW] - 1) * w[WIN_DX] + 1 - w[WIN_LEFT];
  return lines <= cut.shape[1] && pixels <= cut.shape[2] ? mlirOperationGetOperand(slice, 0) : x;
}

static bool map_conv(Mapper *m, MlirOperation op) {
  StosLayer layer;
  FuseTensor weights;
  if (!init_layer(m, op, "conv", &layer) || !read_window(op, &layer) ||
      !is_constant(m, mlirOperationGetOperand(op, 1), &weights) || weights.dtype != m->dtype ||
      !zero_points(m, op, &layer))
    return false;
  layer.window[WIN_KH] = weights.shape[1], layer.window[WIN_KW] = weights.shape[2];
  if (!add_bias(m, &layer, mlirOperationGetOperand(op, 2)))
    return false;
  if (!pack_input(m, op, &layer, &weights) && !unflatten_input(m, op, &layer, &weights)) {
    layer.operand[ROLE_IN] = get_blocked(m, op, window_input(op, &layer));
    layer.operand[ROLE_WEIGHTS] = mlirOperationGetOperand(op, 1);
  }
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  StosChain chain = begin(m, &layer, stos_result(op));
  stos_chain_follow(&chain);
  return finish_layer(m, op, &chain);
}

/* Weights as [kh][kw][c], whatever the op calls its dimensions. */
static bool depthwise_weights(Mapper *m, MlirOperation op, StosLayer *layer) {
  MlirValue value = mlirOperationGetOperand(op, 1);
  FuseTensor w;
  if (!is_constant(m, value, &w) || w.dtype != m->dtype)
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

static bool map_depthwise(Mapper *m, MlirOperation op) {
  StosLayer layer;
  bool conv1d = fuse_op_is(op, "fuse.conv1d");
  if (!init_layer(m, op, "depthwise", &layer) ||
      !(conv1d ? read_conv1d_window(op, &layer) : read_window(op, &layer)) ||
      !zero_points(m, op, &layer) || !add_bias(m, &layer, mlirOperationGetOperand(op, 2)) ||
      !depthwise_weights(m, op, &layer))
    return false;
  layer.operand[ROLE_IN] = get_blocked(m, op, window_input(op, &layer));
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  StosChain chain = begin(m, &layer, stos_result(op));
  stos_chain_follow(&chain);
  return finish_layer(m, op, &chain);
}

/* Times 1 / count: in i8 TOSA's reciprocal_scale, which rounds once. */
static StosPost reciprocal(const Mapper *m, int64_t count, StosRounding *rounding) {
  StosPost op = {.code = STOS_POST_MULI};
  if (m->dtype == FUSE_F32) {
    float number = 1.0f / (float)count;
    memcpy(&op.imm, &number, sizeof op.imm);
    return op;
  }
  int log2 = 0;
  while (((int64_t)1 << log2) < count)
    log2++;
  op.imm = (uint32_t)(((((int64_t)1 << 30) + 1) << log2) / count);
  op.shift = (uint8_t)(30 + log2);
  *rounding = op.shift > 31 ? ROUND_SINGLE : ROUND_ANY;
  return op;
}

/* Pools. An average divides by the pixels inside the image; the machine multiplies by one number,
 * so every window must lie inside. */
static bool map_pool(Mapper *m, MlirOperation op) {
  StosLayer layer;
  FuseTensor in;
  int64_t kernel[2], pad[4];
  int n;
  int16_t out_zp;
  bool average = fuse_op_is(op, "tosa.avg_pool2d");
  if (!init_layer(m, op, "vector", &layer) || !read_window(op, &layer) ||
      !fuse_get_i64s(op, "kernel", 2, kernel, &n) || n != 2 ||
      !fuse_get_i64s(op, "pad", 4, pad, &n) ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(op, 0)), &in) ||
      !zero_point(m, op, 1, "input_zp", &layer.in_zp) ||
      !zero_point(m, op, 2, "output_zp", &out_zp))
    return false;
  if (average && (pad[0] || pad[1] || pad[2] || pad[3]))
    return false;
  layer.reduce = average ? "sum" : "max";
  layer.window[WIN_KH] = kernel[0], layer.window[WIN_KW] = kernel[1];
  layer.operand[ROLE_IN] = get_blocked(m, op, window_input(op, &layer));
  if (average)
    layer.post[layer.n_post++] = reciprocal(m, kernel[0] * kernel[1], &layer.rounding);
  StosChain chain = begin(m, &layer, stos_result(op));
  if (average && m->dtype == FUSE_I8)
    stos_chain_unsaturated(&chain, out_zp);
  stos_chain_follow(&chain);
  return finish_layer(m, op, &chain);
}

/* A second operand, when the host makes it: one pixel of the result (squeeze-excite), or all of
 * it. */
static void bring(Mapper *m, MlirOperation op, MlirValue x, const StosLayer *layer) {
  FuseTensor constant;
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  if (is_constant(m, x, &constant) || !stos_shape(mlirValueGetType(x), &dtype, shape))
    return;
  bool pixel = shape[STOS_N] == layer->shape[STOS_N] && shape[STOS_H] * shape[STOS_W] == 1 &&
               shape[STOS_C] == layer->shape[STOS_C];
  if (pixel || memcmp(shape, layer->shape, sizeof shape) == 0)
    get_blocked(m, op, x);
}

/* Elementwise on a tensor that the machine has: a pass through the vector unit. */
static bool map_elementwise(Mapper *m, MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op) && i < 2; i++) {
    StosLayer layer;
    MlirValue x = mlirOperationGetOperand(op, i);
    int64_t shape[STOS_RANK];
    FuseDtype dtype;
    if (!init_layer(m, op, "vector", &layer) || !stos_shape(mlirValueGetType(x), &dtype, shape) ||
        memcmp(shape, layer.shape, sizeof shape) != 0)
      continue;
    layer.operand[ROLE_IN] = find_blocked(x, m);
    if (mlirValueIsNull(layer.operand[ROLE_IN]))
      continue;
    if (mlirOperationGetNumOperands(op) > 1)
      bring(m, op, mlirOperationGetOperand(op, 1 - i), &layer);
    StosChain chain = begin(m, &layer, x);
    if (!stos_chain_take(&chain, op))
      continue;
    stos_chain_follow(&chain);
    return finish_layer(m, op, &chain);
  }
  return false;
}

/* leaky relu or a gate that begins a layer of its own: its value is already a machine tensor. */
static bool map_group(Mapper *m, MlirOperation op) {
  if (mlirOperationGetNumOperands(op) == 0 ||
      !(fuse_op_is(op, "tosa.greater_equal") || fuse_op_is(op, "tosa.add") ||
        fuse_op_is(op, "tosa.mul")))
    return false;
  StosLayer layer;
  MlirValue x = mlirOperationGetOperand(op, 0);
  FuseDtype dtype;
  layer = default_layer(m, "vector");
  if (!stos_shape(mlirValueGetType(x), &dtype, layer.shape) || dtype != FUSE_F32)
    return false;
  layer.operand[ROLE_IN] = find_blocked(x, m);
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  StosChain chain = begin(m, &layer, x);
  stos_chain_follow(&chain);
  bool takes_op = false;
  for (size_t i = 0; i < chain.n_absorbed; i++)
    takes_op = takes_op || mlirOperationEqual(chain.absorbed[i], op);
  return takes_op && finish_layer(m, op, &chain);
}

/* ---- quantised layers of the vector unit ---- */

/* The tensor of i8 behind an operand: itself, or what a rescale widens to i32. */
static MlirValue narrow_operand(MlirOperation op, intptr_t i, MlirOperation *widen) {
  MlirValue x = mlirOperationGetOperand(op, i);
  MlirOperation maker = stos_def(x);
  FuseTensor t;
  bool wide = fuse_type_tensor(mlirValueGetType(x), &t) && t.dtype == FUSE_I32;
  *widen = wide && fuse_op_is(maker, "tosa.rescale") ? maker : (MlirOperation){NULL};
  return widen->ptr ? mlirOperationGetOperand(maker, 0) : x;
}

/* The layer of a rescale, a table, a clamp, or a sum or product of widened tensors. */
static bool map_from(Mapper *m, MlirOperation op, intptr_t i) {
  StosLayer layer;
  MlirOperation widen, other;
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  MlirValue x = narrow_operand(op, i, &widen);
  if (!init_layer(m, op, "vector", &layer) || !stos_shape(mlirValueGetType(x), &dtype, shape) ||
      dtype != FUSE_I8 || memcmp(shape, layer.shape, sizeof shape) != 0)
    return false;
  layer.operand[ROLE_IN] = find_blocked(x, m);
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  if (widen.ptr && mlirOperationGetNumOperands(op) > 1)
    bring(m, op, narrow_operand(op, 1 - i, &other), &layer);
  StosChain chain = begin(m, &layer, x);
  if ((widen.ptr && !stos_chain_take(&chain, widen)) || !stos_chain_take(&chain, op))
    return false;
  stos_chain_follow(&chain);
  return finish_layer(m, op, &chain);
}

static bool map_elementwise_i8(Mapper *m, MlirOperation op) {
  intptr_t n = mlirOperationGetNumOperands(op);
  return (n > 0 && map_from(m, op, 0)) || (n > 1 && map_from(m, op, 1));
}

/* Sums over lines, pixels or both of a widened tensor: a window of the image's size. */
static bool map_sum_i8(Mapper *m, MlirOperation op) {
  StosLayer layer;
  StosRescale widen;
  FuseTensor in;
  int64_t axes[2] = {0, 0};
  MlirOperation last = op, next = stos_only_user(stos_result(op)),
                wide = stos_def(mlirOperationGetOperand(op, 0));
  if (m->dtype != FUSE_I8 || !stos_read_rescale(m->ir, wide, &widen) ||
      !stos_rescale_is_unity(&widen) || widen.from != FUSE_I8 || widen.to != FUSE_I32 ||
      widen.out_zp != 0 || !fuse_type_tensor(mlirValueGetType(stos_result(wide)), &in) ||
      in.rank != STOS_RANK || !fuse_get_i64(op, "axis", &axes[0]))
    return false;
  if (fuse_op_is(next, "tosa.reduce_sum") && fuse_get_i64(next, "axis", &axes[1]))
    last = next;
  if (!init_layer(m, last, "vector", &layer))
    return false;
  for (int i = 0; i < 1 + (last.ptr != op.ptr); i++) {
    if (axes[i] != STOS_H && axes[i] != STOS_W)
      return false;
    layer.window[axes[i] == STOS_H ? WIN_KH : WIN_KW] = in.shape[axes[i]];
  }
  layer.reduce = "sum";
  layer.in_zp = (int16_t)widen.in_zp;
  layer.operand[ROLE_IN] = get_blocked(m, op, mlirOperationGetOperand(wide, 0));
  if (mlirValueIsNull(layer.operand[ROLE_IN]))
    return false;
  StosChain chain = begin(m, &layer, stos_result(last));
  stos_chain_follow(&chain);
  if (!finish_layer(m, op, &chain))
    return false;
  set_done(m, last);
  return true;
}

/* ---- addresses only ---- */

/* The same words under another shape: one pixel an image. */
static bool map_reshape(Mapper *m, MlirOperation op) {
  MlirValue x = mlirOperationGetOperand(op, 0), blocked = slot_of(m, x.ptr)->blocked;
  FuseDtype dtype;
  int64_t from[STOS_RANK], to[STOS_RANK];
  if (mlirValueIsNull(blocked) || !stos_shape(mlirValueGetType(x), &dtype, from) ||
      !stos_shape(mlirValueGetType(stos_result(op)), &dtype, to) ||
      memcmp(from, to, sizeof from) != 0)
    return false;
  set_blocked(m, stos_result(op), blocked);
  set_done(m, op);
  return true;
}

/* Channels that fill whole words, except at the end. */
static bool map_concat(Mapper *m, MlirOperation op) {
  int64_t shape[STOS_RANK], channels = 0;
  FuseDtype dtype;
  intptr_t n = mlirOperationGetNumOperands(op);
  if (!stos_is_channel_axis(op) || n < 2)
    return false;
  for (intptr_t i = 0; i < n; i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    if (!stos_shape(mlirValueGetType(x), &dtype, shape) || channels % m->target.lanes ||
        mlirValueIsNull(find_blocked(x, m)))
      return false;
    channels += shape[STOS_C];
  }
  MlirValue y = find_blocked(mlirOperationGetOperand(op, 0), m);
  stos_shape(mlirValueGetType(mlirOperationGetOperand(op, 0)), &dtype, shape);
  for (intptr_t i = 1; i < n; i++) {
    int64_t part[STOS_RANK];
    stos_shape(mlirValueGetType(mlirOperationGetOperand(op, i)), &dtype, part);
    shape[STOS_C] += part[STOS_C];
    MlirValue both[] = {y, find_blocked(mlirOperationGetOperand(op, i), m)};
    y = fuse_build(m->rw, mlirOperationGetLocation(op), "stos.concat", 2, both, 0, NULL,
                   stos_blocked_type(m->context, dtype, shape));
  }
  set_blocked(m, stos_result(op), y);
  set_done(m, op);
  return true;
}

static bool map_slice(Mapper *m, MlirOperation op) {
  MlirValue x = mlirOperationGetOperand(op, 0), blocked = find_blocked(x, m);
  FuseDtype dtype;
  int64_t in[STOS_RANK], out[STOS_RANK], start[FUSE_MAX_RANK];
  int rank;
  if (mlirValueIsNull(blocked) || !stos_shape(mlirValueGetType(x), &dtype, in) ||
      !stos_shape(mlirValueGetType(stos_result(op)), &dtype, out) ||
      !fuse_value_shape(mlirOperationGetOperand(op, 1), FUSE_MAX_RANK, start, &rank) ||
      in[STOS_N] != out[STOS_N])
    return false;
  bool image = rank == 4;
  int64_t c0 = start[rank - 1], y0 = image ? start[1] : 0, x0 = image ? start[2] : 0,
          lanes = m->target.lanes;
  if (c0 % lanes || (out[STOS_C] % lanes && c0 + out[STOS_C] != in[STOS_C]))
    return false;
  MlirLocation loc = mlirOperationGetLocation(op);
  if (c0 || out[STOS_C] != in[STOS_C]) {
    int64_t shape[STOS_RANK] = {in[STOS_N], in[STOS_H], in[STOS_W], out[STOS_C]};
    MlirNamedAttribute first = fuse_attr_i64(m->context, "first_block", c0 / lanes);
    blocked = fuse_build(m->rw, loc, "stos.slice", 1, &blocked, 1, &first,
                         stos_blocked_type(m->context, dtype, shape));
  }
  if (in[STOS_H] != out[STOS_H] ||
      in[STOS_W] != out[STOS_W]) { /* a window that moves nothing but its origin */
    StosLayer layer;
    init_layer(m, op, "vector", &layer);
    layer.window[WIN_TOP] = -y0, layer.window[WIN_LEFT] = -x0;
    layer.operand[ROLE_IN] = blocked;
    StosChain chain = begin(m, &layer, stos_result(op));
    stos_chain_follow(&chain);
    return finish_layer(m, op, &chain);
  }
  set_blocked(m, stos_result(op), blocked);
  set_done(m, op);
  return true;
}

/* ---- the datapath ---- */

/* Does the op compute from a tensor of i8 and constants, in a way that the machine may know? */
static bool is_quantised(Mapper *m, MlirOperation op) {
  static const char *const names[] = {"tosa.conv2d", "tosa.depthwise_conv2d", "fuse.dwconv2d",
                                      "fuse.conv1d", "tosa.rescale",          "tosa.table",
                                      "tosa.clamp",  "tosa.max_pool2d",       "tosa.avg_pool2d"};
  FuseTensor t;
  bool known = false;
  for (size_t i = 0; i < FUSE_COUNTOF(names); i++)
    known = known || fuse_op_is(op, names[i]);
  if (!known || !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(op, 0)), &t) ||
      t.dtype != FUSE_I8 || (t.rank != 2 && t.rank != 4) ||
      is_constant(m, mlirOperationGetOperand(op, 0), &t))
    return false;
  for (intptr_t i = 1; i < mlirOperationGetNumOperands(op); i++)
    if (!is_constant(m, mlirOperationGetOperand(op, i), &t))
      return false;
  return true;
}

/* One program has one element type (M-NUM-1): with any quantised op it is i8, and what is f32 is
 * the host's. */
static FuseDtype datapath(Mapper *m, MlirOperation func) {
  FuseOpList list = fuse_ops_of(m->scratch, func, NULL);
  for (size_t i = 0; i < list.n; i++)
    if (is_quantised(m, list.ops[i]))
      return FUSE_I8;
  return FUSE_F32;
}

/* ---- the walk ---- */

typedef struct Row {
  const char *name;
  bool (*map)(Mapper *m, MlirOperation op);
} Row;

static const Row rows[] = {
    {"tosa.conv2d", map_conv},        {"tosa.depthwise_conv2d", map_depthwise},
    {"fuse.dwconv2d", map_depthwise}, {"fuse.conv1d", map_depthwise},
    {"tosa.avg_pool2d", map_pool},    {"tosa.max_pool2d", map_pool},
    {"tosa.reshape", map_reshape},    {"tosa.concat", map_concat},
    {"tosa.slice", map_slice},        {"tosa.reduce_sum", map_sum_i8},
};

static void map_op(Mapper *m, MlirOperation op) {
  mlirRewriterBaseSetInsertionPointBefore(m->rw, op);
  for (size_t i = 0; i < FUSE_COUNTOF(rows); i++)
    if (fuse_op_is(op, rows[i].name)) {
      rows[i].map(m, op);
      return;
    }
  if (m->dtype == FUSE_I8)
    map_elementwise_i8(m, op);
  else if (!map_group(m, op))
    map_elementwise(m, op);
}

/* A result of the network straight from a machine tensor whose layout the I/O table can describe.
 */
static bool map_result(Mapper *m, MlirOperation last, intptr_t i) {
  StosQuant quant = {0};
  MlirValue value = mlirOperationGetOperand(last, i), inner = stos_inside_of(m->ir, value, &quant),
            blocked = slot_of(m, inner.ptr)->blocked;
  MlirOperation op = stos_def(inner);
  FuseTensor out, b;
  if (!fuse_type_tensor(mlirValueGetType(value), &out) || out.rank == 0)
    return false;
  bool plain_rank2 = out.rank == 2 && !mlirValueIsNull(blocked);
  if (!plain_rank2) {
    if (!fuse_op_is(op, "tosa.transpose") && !fuse_op_is(op, "tosa.reshape"))
      return false;
    inner = stos_inside_of(m->ir, mlirOperationGetOperand(op, 0), &quant);
    blocked = slot_of(m, inner.ptr)->blocked;
  }
  if (mlirValueIsNull(blocked) || !fuse_type_tensor(mlirValueGetType(blocked), &b) ||
      out.shape[0] != b.shape[STOS_N])
    return false;
  bool channels_first = out.rank == 4 && out.shape[1] == b.shape[STOS_C] &&
                        out.shape[2] == b.shape[STOS_H] && out.shape[3] == b.shape[STOS_W];
  bool moves_nothing = b.shape[STOS_C] == 1 || b.shape[STOS_H] * b.shape[STOS_W] == 1;
  static const int32_t first[] = {0, 3, 1, 2};
  if (!plain_rank2 && fuse_op_is(op, "tosa.transpose")) {
    MlirAttribute perms = mlirOperationGetAttributeByName(op, fuse_str("perms"));
    for (int k = 0; k < 4; k++)
      if (out.rank != 4 || mlirDenseI32ArrayGetElement(perms, k) != first[k])
        return false;
  } else if (!plain_rank2 && !moves_nothing) {
    return false;
  }
  bool pixel =
      out.rank == 2 && b.shape[STOS_H] * b.shape[STOS_W] == 1 && out.shape[1] == b.shape[STOS_C];
  if (!channels_first && !pixel)
    return false;
  mlirRewriterBaseSetInsertionPointBefore(m->rw, last);
  MlirLocation loc = op.ptr ? mlirOperationGetLocation(op) : mlirOperationGetLocation(last);
  MlirNamedAttribute attrs[2];
  MlirValue y =
      fuse_build(m->rw, loc, "stos.output", 1, &blocked,
                 stos_quant_attrs(m->context, &quant, attrs), attrs, mlirValueGetType(value));
  mlirOperationSetOperand(last, i, y);
  return true;
}

/* An input of the network that layers read: the I/O table has one layout for it, so the host reads
 * that one too. */
static bool is_machine_input(MlirValue blocked) {
  return fuse_op_is(stos_def(blocked), "stos.input") && stos_n_uses(blocked) > 0;
}

/* What the host reads of the machine's tensors. The move belongs to the node that the host runs, or
 * makes a result of the network. */
static void unpack_operands(Mapper *m, MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++) {
    MlirValue value = mlirOperationGetOperand(op, i), blocked = slot_of(m, value.ptr)->blocked;
    MlirOperation maker = stos_def(value);
    if (mlirValueIsNull(blocked) || !maker.ptr ||
        (!is_done(m, maker) && !is_machine_input(blocked)))
      continue;
    mlirRewriterBaseSetInsertionPointBefore(m->rw, op);
    MlirOperation node = mlirOperationGetNumResults(op) ? op : maker;
    MlirValue plain = fuse_build(m->rw, mlirOperationGetLocation(node), "stos.unpack", 1, &blocked,
                                 0, NULL, mlirValueGetType(value));
    mlirOperationSetOperand(op, i, plain);
  }
}

static MlirLogicalResult map_function(Mapper *m, MlirOperation func) {
  MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(func, 0));
  if (mlirBlockIsNull(block) || !mlirBlockIsNull(mlirBlockGetNextInRegion(block)))
    return fuse_op_error(func, "expected a body of one block");
  m->dtype = datapath(m, func);
  stos_sink_elementwise(m->ir, m->scratch, m->rw, func);
  FuseOpList list = fuse_ops_of(m->scratch, func, NULL);
  for (m->capacity = 64; m->capacity < 16 * list.n + 64;)
    m->capacity *= 2;
  m->slots = fuse_alloc_array(m->scratch, m->capacity, sizeof *m->slots);
  MlirOperation last = mlirBlockGetTerminator(block);
  for (size_t i = 0; i < list.n; i++)
    if (!is_done(m, list.ops[i]) && !mlirOperationEqual(list.ops[i], last))
      map_op(m, list.ops[i]);
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(last); i++)
    map_result(m, last, i);
  list = fuse_ops_of(m->scratch, func, NULL);
  for (size_t i = 0; i < list.n; i++)
    if (!is_done(m, list.ops[i]))
      unpack_operands(m, list.ops[i]);
  fuse_dce(func); /* what layers have taken up, and what only that used */
  stos_set_function_target(func, &m->target);
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult run(MlirOperation root, const FusePassOptions *options) {
  Mapper m = {
      .ir = options->ir, .scratch = options->scratch, .context = fuse_ir_context(options->ir)};
  FuseDiag diag = {0};
  if (!stos_target_load(fuse_pass_option(&fuse_pass_stos_map, options, "target"), &m.target, &diag))
    return fuse_op_error(root, "%s%s%s", diag.place, diag.place[0] ? ": " : "", diag.message);
  m.rw = mlirIRRewriterCreate(m.context);
  MlirLogicalResult result = map_function(&m, root);
  mlirIRRewriterDestroy(m.rw);
  return result;
}

const FusePass fuse_pass_stos_map = {
    .name = "stos-map",
    .anchor = "func.func",
    .keeps = FUSE_CHANGES,
    .run = run,
    .options = {{"target", "stosx-16", NULL, "the machine: a preset or a target file"}},
    .summary =
        "Choose what the machine runs, and how: layers with their post programs and mappings",
};
