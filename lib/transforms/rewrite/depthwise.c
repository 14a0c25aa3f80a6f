// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* depthwise.c - one tosa.depthwise_conv2d read and checked, and constants for what replaces it.
 *
 * needs: verified TOSA with static shapes
 * gives: a Depthwise, `refused` set when no rewrite can take it
 * source: TOSA 1.0, DEPTHWISE_CONV2D; docs/dialects.md, F1 and F4
 */
#include <string.h>

#include "rewrite.h"

/* ---- reading ---- */

static bool numbers(MlirOperation op, const char *name, int n, int64_t least, int64_t *values) {
  int found = 0;
  if (!fuse_get_i64s(op, name, n, values, &found) || found != n)
    return false;
  for (int i = 0; i < n; i++)
    if (values[i] < least || values[i] > INT32_MAX)
      return false;
  return true;
}

/* Operand i is one known number of the dtype: a zero point. */
static bool zero_point(Rewrite *r, MlirOperation op, int i, FuseDtype dtype, int64_t *value) {
  FuseTensor zp;
  if (!fuse_value_constant(r->ir, mlirOperationGetOperand(op, i), &zp) || zp.dtype != dtype ||
      fuse_tensor_elems(&zp) != 1)
    return false;
  if (dtype == FUSE_I8) {
    *value = *(const int8_t *)zp.data;
    return true;
  }
  float zero;
  memcpy(&zero, zp.data, sizeof zero);
  *value = 0;
  return zero == 0.0f;
}

static const char *read_tensors(Rewrite *r, Depthwise *d) {
  MlirOperation op = d->op;
  MlirType result = mlirValueGetType(mlirOperationGetResult(op, 0));
  if (!fuse_type_tensor(mlirValueGetType(rewrite_input(d)), &d->in) ||
      !fuse_type_tensor(result, &d->out) ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(op, 1)), &d->weight) ||
      d->in.rank != RANK || d->weight.rank != RANK || d->out.rank != RANK)
    return "its sizes or element type aren't known";
  bool i8 = d->in.dtype == FUSE_I8;
  if (!i8 && d->in.dtype != FUSE_F32)
    return "its element type is neither f32 nor i8";
  if (d->weight.dtype != d->in.dtype || d->out.dtype != (i8 ? FUSE_I32 : FUSE_F32))
    return "its weights or results have another element type than f32 or i8 to i32";
  if (d->weight.shape[3] != 1)
    return "it has several outputs per channel";
  if (!fuse_value_constant(r->ir, mlirOperationGetOperand(op, 1), &d->weight) ||
      !fuse_value_constant(r->ir, mlirOperationGetOperand(op, 2), &d->bias))
    return "its weights or bias aren't constant";
  if (d->bias.dtype != d->out.dtype || d->bias.rank != 1)
    return "its bias has another element type than its result";
  return NULL;
}

static const char *read_attributes(Rewrite *r, Depthwise *d) {
  if (!numbers(d->op, "pad", 4, 0, d->pad) || !numbers(d->op, "stride", 2, 1, d->stride) ||
      !numbers(d->op, "dilation", 2, 1, d->dilation))
    return "its pad, stride or dilation is out of range";
  if (!zero_point(r, d->op, 3, d->in.dtype, &d->input_zp) ||
      !zero_point(r, d->op, 4, d->in.dtype, &d->weight_zp))
    return "its zero points aren't constant";
  for (int axis = 0; axis < 2; axis++)
    if (rewrite_outputs(d->in.shape[H + axis], d->pad[2 * axis], d->pad[2 * axis + 1],
                        rewrite_taps(d, axis), d->dilation[axis],
                        d->stride[axis]) != d->out.shape[H + axis])
      return "its result has another size than its filter gives";
  return NULL;
}

void rewrite_read(Rewrite *r, MlirOperation op, Depthwise *d) {
  *d = (Depthwise){.op = op};
  FuseArena *arena = fuse_ir_arena(r->ir); /* the report outlives the pass */
  const char *why = read_tensors(r, d);
  d->refused = why ? why : read_attributes(r, d);
  d->row.node = fuse_loc_name(arena, mlirOperationGetLocation(op));
  d->row.place = fuse_loc_place(arena, mlirOperationGetLocation(op));
  d->row.mode = "kept";
  d->row.op = "tosa.depthwise_conv2d";
  d->row.why = d->refused;
  memcpy(d->row.kernel, d->weight.shape, sizeof d->row.kernel);
  memcpy(d->row.stride, d->stride, sizeof d->row.stride);
  d->row.channels = d->in.shape[C];
  d->row.macs_before = d->row.macs_after =
      rewrite_count(fuse_tensor_elems(&d->out), d->weight.shape[0], d->weight.shape[1]);
}

int64_t rewrite_count(int64_t a, int64_t b, int64_t c) {
  const int64_t factors[] = {a, b, c};
  int64_t product;
  return fuse_mul_dims(factors, 3, &product) ? fuse_min(product, INT64_MAX / 8) : INT64_MAX / 8;
}

int64_t rewrite_outputs(int64_t size, int64_t before, int64_t after, int64_t taps, int64_t dilation,
                        int64_t stride) {
  int64_t room = size + before + after - dilation * (taps - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

/* ---- inputs that are cut ---- */

bool rewrite_crop(MlirValue x, MlirValue *from, int64_t *first) {
  if (!mlirValueIsAOpResult(x) || !fuse_op_is(mlirOpResultGetOwner(x), "tosa.slice"))
    return false;
  MlirOperation op = mlirOpResultGetOwner(x);
  int64_t start[RANK];
  int n = 0;
  FuseTensor in, out;
  *from = mlirOperationGetOperand(op, 0);
  if (!fuse_value_shape(mlirOperationGetOperand(op, 1), RANK, start, &n) || n != RANK ||
      !fuse_type_tensor(mlirValueGetType(*from), &in) ||
      !fuse_type_tensor(mlirValueGetType(x), &out) || in.rank != RANK)
    return false;
  *first = start[C];
  return start[N] == 0 && start[H] == 0 && start[W] == 0 && out.shape[N] == in.shape[N];
}

bool rewrite_fits(const Depthwise *d, const FuseTensor *in) {
  for (int axis = 0; axis < 2; axis++) {
    int64_t size = in->shape[H + axis], after = d->pad[2 * axis + 1];
    if (size == d->in.shape[H + axis])
      continue;
    if (after != 0 || rewrite_outputs(size, d->pad[2 * axis], 0, rewrite_taps(d, axis),
                                      d->dilation[axis], d->stride[axis]) != d->out.shape[H + axis])
      return false;
  }
  return true;
}

MlirValue rewrite_uncut(const Depthwise *d) {
  MlirValue x = rewrite_input(d), from;
  int64_t first;
  FuseTensor in;
  while (rewrite_crop(x, &from, &first) && fuse_type_tensor(mlirValueGetType(from), &in) &&
         in.shape[C] == d->in.shape[C] && rewrite_fits(d, &in))
    x = from;
  return x;
}

/* ---- constants ---- */

const char *rewrite_key(Rewrite *r, MlirLocation loc, const char *what) {
  const char *name = fuse_loc_name(r->scratch, loc);
  return *name ? fuse_format(r->scratch, "%s.%s", name, what) : what;
}

MlirValue rewrite_taps_1d(Rewrite *r, MlirLocation loc, const Depthwise *d) {
  const int64_t taps = d->weight.shape[0] * d->weight.shape[1], channels = d->in.shape[C];
  const size_t bytes = fuse_dtype_bytes(d->weight.dtype);
  const char *from = d->weight.data;
  char *to = fuse_alloc(fuse_ir_arena(r->ir), d->weight.size_bytes);
  for (int64_t k = 0; k < taps; k++)
    for (int64_t c = 0; c < channels; c++)
      memcpy(to + (size_t)(c * taps + k) * bytes, from + (size_t)(k * channels + c) * bytes, bytes);
  FuseTensor weight = {.dtype = d->weight.dtype, .rank = 2, .shape = {channels, taps}, .data = to};
  FUSE_ASSERT(fuse_tensor_set_size(&weight));
  return fuse_build_const(r->ir, r->rw, loc, &weight, rewrite_key(r, loc, "taps"));
}

MlirValue rewrite_taps_2d(Rewrite *r, MlirLocation loc, const Depthwise *d) {
  FuseTensor weight = d->weight; /* the same bytes: the last dimension is 1 */
  weight.rank = 3;
  return fuse_build_const(r->ir, r->rw, loc, &weight, rewrite_key(r, loc, "taps"));
}

MlirValue rewrite_bias(Rewrite *r, MlirLocation loc, const Depthwise *d) {
  const int64_t channels = d->in.shape[C];
  const size_t bytes = fuse_dtype_bytes(d->bias.dtype);
  if (d->bias.shape[0] == channels)
    return mlirOperationGetOperand(d->op, 2);
  char *to = fuse_alloc_array(fuse_ir_arena(r->ir), (size_t)channels, bytes);
  for (int64_t c = 0; c < channels; c++)
    memcpy(to + (size_t)c * bytes, d->bias.data, bytes);
  FuseTensor bias = {.dtype = d->bias.dtype, .rank = 1, .shape = {channels}, .data = to};
  FUSE_ASSERT(fuse_tensor_set_size(&bias));
  return fuse_build_const(r->ir, r->rw, loc, &bias, rewrite_key(r, loc, "bias"));
}

/* ---- building ---- */

int rewrite_common_attributes(Rewrite *r, const Depthwise *d, MlirNamedAttribute *attrs) {
  int n = 0;
  attrs[n++] = fuse_attr_i64s(r->context, "stride", 2, d->stride);
  if (d->in.dtype == FUSE_I8) {
    attrs[n++] = fuse_attr_i64(r->context, "input_zp", d->input_zp);
    attrs[n++] = fuse_attr_i64(r->context, "weight_zp", d->weight_zp);
  }
  return n;
}

void rewrite_replace(Rewrite *r, Depthwise *d, MlirValue value, const char *mode, const char *op,
                     const char *why) {
  mlirRewriterBaseReplaceAllUsesWith(r->rw, mlirOperationGetResult(d->op, 0), value);
  d->done = true;
  d->row.mode = mode;
  d->row.op = op;
  d->row.why = why;
}

MlirLocation rewrite_fused_loc(Rewrite *r, MlirOperation a, MlirOperation b) {
  MlirLocation locs[] = {mlirOperationGetLocation(a), mlirOperationGetLocation(b)};
  if (mlirLocationEqual(locs[0], locs[1]))
    return locs[0];
  return mlirLocationFusedGet(r->context, 2, locs, mlirAttributeGetNull());
}
