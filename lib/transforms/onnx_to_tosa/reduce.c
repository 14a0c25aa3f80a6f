// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* reduce.c - reductions over axes, ArgMax and ArgMin, Softmax, LogSoftmax, Hardmax. They keep the
 * layout they find.
 *
 * gives: a mean over exactly the pixels of an image as tosa.avg_pool2d, as GlobalAveragePool;
 *        another mean as sum * 1/n; Softmax as exp(x - max) * reciprocal(sum); LogSoftmax as x -
 * max - log(sum)
 */
#include <float.h>
#include <string.h>

#include "quant.h"

/* axes: an attribute, or input 1 (ReduceSum since opset 13, the others since 18). None: all, or
 * with noop_with_empty_axes no reduction at all. */
bool o2t_read_axes(OnnxNode *node, bool *reduced) {
  int rank = node->in[0]->tensor.rank, n;
  int64_t axes[FUSE_MAX_RANK], noop;
  if (!o2t_attr_i64s(node, "axes", FUSE_MAX_RANK, axes, &n) ||
      (o2t_has(node, 1) && !o2t_input_i64s(node, 1, FUSE_MAX_RANK, axes, &n)) ||
      !o2t_attr_i64(node, "noop_with_empty_axes", 0, &noop))
    return false;
  for (int d = 0; d < rank; d++)
    reduced[d] = n <= 0 && !noop;
  for (int i = 0; i < n; i++) {
    if (!o2t_axis(node, rank, &axes[i]))
      return false;
    reduced[axes[i]] = true;
  }
  return true;
}

/* Without keepdims the reduced axes go. */
static bool set_reduced(OnnxNode *node, OnnxLayout layout, Term *y, const bool *reduced,
                        int64_t keepdims) {
  if (!y)
    return false;
  int rank = y->tensor.rank;
  if (keepdims)
    return o2t_set(node, 0, layout, y);
  /* Hand the kept form to o2t_set_permuted as if it were the node's input. */
  OnnxValue kept = {.ready = true}, *in = node->in[0];
  if (!o2t_set_value(node, &kept, layout, y))
    return false;
  int64_t shape[FUSE_MAX_RANK];
  int source[FUSE_MAX_RANK], n = 0;
  for (int d = 0; d < rank; d++)
    if (!reduced[d])
      source[n] = d, shape[n++] = kept.tensor.shape[d];
  node->in[0] = &kept;
  bool ok = o2t_set_permuted(node, n, shape, source);
  node->in[0] = in;
  return ok;
}

OnnxLayout o2t_pixel_layout(const OnnxNode *node, const bool *reduced) {
  int rank = node->in[0]->tensor.rank;
  OnnxLayout found = o2t_choose(node, rank);
  const OnnxLayout layouts[] = {LAYOUT_LAST, LAYOUT_ONNX};
  for (int i = 0; (rank == 3 || rank == 4) && i < (found == LAYOUT_ONNX ? 2 : 1); i++) {
    bool pixels = true;
    for (int d = 0; d < rank; d++) {
      int position = o2t_position(layouts[i], rank, d);
      pixels = pixels && reduced[d] == (position > 0 && position < rank - 1);
    }
    if (pixels)
      return layouts[i];
  }
  return LAYOUT_FLAT;
}

/* Which axes, and the data in a layout. */
typedef struct Reduction {
  bool reduced[FUSE_MAX_RANK]; /* by ONNX axis */
  int64_t keepdims, count;     /* count: elements that become one */
  OnnxLayout layout;
} Reduction;

static bool read_reduction(OnnxNode *node, Reduction *r) {
  const FuseTensor *x = &node->in[0]->tensor;
  if (!o2t_attr_i64(node, "keepdims", 1, &r->keepdims) || !o2t_read_axes(node, r->reduced))
    return false;
  r->count = 1;
  for (int d = 0; d < x->rank; d++)
    r->count *= r->reduced[d] ? x->shape[d] : 1;
  r->layout = o2t_choose(node, x->rank);
  if (r->layout == LAYOUT_FLAT)
    r->layout = LAYOUT_ONNX;
  return true;
}

static Term *reduce_axes(OnnxNode *node, const Reduction *r, const char *name, Term *x) {
  int rank = node->in[0]->tensor.rank;
  for (int d = 0; d < rank; d++)
    if (r->reduced[d])
      x = o2t_reduce(node, name, x, o2t_position(r->layout, rank, d));
  return x;
}

/* What is done to the elements before they are reduced, and to the result; NULL: nothing. */
typedef Term *Step(OnnxNode *node, Term *x);

static bool reduce(OnnxNode *node, Step *before, const char *name, Step *after) {
  Reduction r;
  if (!read_reduction(node, &r))
    return false;
  Term *x = o2t_get(node, node->in[0], r.layout);
  Term *y = reduce_axes(node, &r, name, before ? before(node, x) : x);
  return set_reduced(node, r.layout, after ? after(node, y) : y, r.reduced, r.keepdims);
}

bool o2t_reduce_mean(OnnxNode *node) {
  Reduction r;
  int rank = node->in[0]->tensor.rank;
  if (!read_reduction(node, &r))
    return false;
  OnnxLayout pixels = o2t_pixel_layout(node, r.reduced);
  if (pixels != LAYOUT_FLAT && !o2t_known(node->in[0]) && node->in[0]->tensor.dtype == FUSE_F32) {
    Term *x = o2t_get(node, node->in[0], pixels);
    return set_reduced(node, pixels, o2t_global_pool(node, "tosa.avg_pool2d", x), r.reduced,
                       r.keepdims);
  }
  Term *y = reduce_axes(node, &r, "tosa.reduce_sum", o2t_get(node, node->in[0], r.layout));
  if (r.count != 1 && y && !fuse_dtype_is_float(y->tensor.dtype))
    return o2t_refuse(node, "not supported yet: a mean of %s", fuse_dtype_name(y->tensor.dtype));
  if (r.count != 1)
    y = o2t_binary(node, "tosa.mul", y,
                   o2t_scalar(node, node->in[0]->tensor.dtype, rank, 1.0 / (double)r.count));
  return set_reduced(node, r.layout, y, r.reduced, r.keepdims);
}

bool o2t_reduce_sum(OnnxNode *node) {
  return reduce(node, NULL, "tosa.reduce_sum", NULL);
}

/* Of booleans (since opset 20): is any true, are all? */
static bool is_boolean(const OnnxNode *node) {
  return node->in[0]->tensor.dtype == FUSE_BOOL;
}

bool o2t_reduce_max(OnnxNode *node) {
  return reduce(node, NULL, is_boolean(node) ? "tosa.reduce_any" : "tosa.reduce_max", NULL);
}

bool o2t_reduce_min(OnnxNode *node) {
  return reduce(node, NULL, is_boolean(node) ? "tosa.reduce_all" : "tosa.reduce_min", NULL);
}

bool o2t_reduce_prod(OnnxNode *node) {
  return reduce(node, NULL, "tosa.reduce_product", NULL);
}

static Term *magnitude(OnnxNode *node, Term *x) {
  return o2t_unary(node, "tosa.abs", x);
}

static Term *square(OnnxNode *node, Term *x) {
  return o2t_binary(node, "tosa.mul", x, x);
}

static Term *logarithm(OnnxNode *node, Term *x) {
  return o2t_unary(node, "tosa.log", x);
}

bool o2t_reduce_l1(OnnxNode *node) {
  return reduce(node, magnitude, "tosa.reduce_sum", NULL);
}

bool o2t_reduce_l2(OnnxNode *node) {
  return reduce(node, square, "tosa.reduce_sum", o2t_sqrt_of);
}

bool o2t_reduce_sum_square(OnnxNode *node) {
  return reduce(node, square, "tosa.reduce_sum", NULL);
}

bool o2t_reduce_log_sum(OnnxNode *node) {
  return reduce(node, NULL, "tosa.reduce_sum", logarithm);
}

/* log(sum(exp(x - m))) + m, m the largest x, so that nothing overflows. */
bool o2t_reduce_log_sum_exp(OnnxNode *node) {
  Reduction r;
  if (!read_reduction(node, &r))
    return false;
  Term *x = o2t_get(node, node->in[0], r.layout);
  Term *max = reduce_axes(node, &r, "tosa.reduce_max", x);
  max = o2t_clamp(node, max, -(double)FLT_MAX, (double)FLT_MAX); /* inf - inf is NaN */
  Term *e = o2t_unary(node, "tosa.exp", o2t_binary(node, "tosa.sub", x, max));
  Term *log = logarithm(node, reduce_axes(node, &r, "tosa.reduce_sum", e));
  return set_reduced(node, r.layout, o2t_binary(node, "tosa.add", log, max), r.reduced, r.keepdims);
}

/* ---- ArgMax, ArgMin ---- */

/* The index of the first of the largest along the axis, which becomes 1, in i32. */
static Term *argmax(OnnxNode *node, Term *x, int axis) {
  if (!x)
    return NULL;
  int64_t shape[FUSE_MAX_RANK], dropped[FUSE_MAX_RANK];
  int rank = x->tensor.rank;
  memcpy(shape, x->tensor.shape, sizeof shape);
  shape[axis] = 1;
  if (x->tensor.data) {
    FuseKernelParams params;
    if (x->tensor.shape[axis] == 0) {
      o2t_refuse(node, "the place of the largest of no elements");
      return NULL;
    }
    o2t_reduce_params(&x->tensor, axis, &params);
    return o2t_kernel(node, "argmax", &params, 1, &x, FUSE_I32, rank, shape);
  }
  for (int d = 0, n = 0; d < rank; d++)
    if (d != axis)
      dropped[n++] = shape[d];
  MlirType i32 = mlirIntegerTypeGet(node->conversion->context, 32);
  MlirNamedAttribute attr =
      fuse_attr(node->conversion->context, "axis", mlirIntegerAttrGet(i32, axis));
  MlirValue operand = o2t_emit(node, x);
  Term *y = o2t_op(node, "tosa.argmax", FUSE_I32, rank - 1, dropped, 1, &operand, 1, &attr);
  return o2t_reshape(node, y, rank, shape);
}

/* In an order in which the least are the largest. */
static Term *upside_down(OnnxNode *node, Term *x) {
  bool is_float = x && fuse_dtype_is_float(x->tensor.dtype);
  return o2t_unary(node, is_float ? "tosa.negate" : "tosa.bitwise_not", x);
}

static bool arg(OnnxNode *node, Step *before) {
  int rank = node->in[0]->tensor.rank;
  int64_t axis, last;
  Reduction r = {.keepdims = 1};
  if (!o2t_attr_i64(node, "axis", 0, &axis) || !o2t_axis(node, rank, &axis) ||
      !o2t_attr_i64(node, "keepdims", 1, &r.keepdims) ||
      !o2t_attr_i64(node, "select_last_index", 0, &last))
    return false;
  r.reduced[axis] = true;
  r.layout = o2t_choose(node, rank);
  if (r.layout == LAYOUT_FLAT)
    r.layout = LAYOUT_ONNX;
  int position = o2t_position(r.layout, rank, (int)axis);
  Term *x = o2t_get(node, node->in[0], r.layout);
  if (before)
    x = before(node, x);
  Term *y = argmax(node, last ? o2t_reverse(node, x, position) : x, position);
  if (last)
    y = o2t_binary(node, "tosa.sub",
                   o2t_scalar(node, FUSE_I32, rank, (double)(node->in[0]->tensor.shape[axis] - 1)),
                   y);
  return set_reduced(node, r.layout, o2t_cast(node, y, FUSE_I64), r.reduced, r.keepdims);
}

bool o2t_arg_max(OnnxNode *node) {
  return arg(node, NULL);
}

bool o2t_arg_min(OnnxNode *node) {
  return arg(node, upside_down);
}

/* ---- Softmax ---- */

Term *o2t_softmax_of(OnnxNode *node, Term *x, int axis) {
  Term *max = o2t_reduce(node, "tosa.reduce_max", x, axis);
  Term *e = o2t_unary(node, "tosa.exp", o2t_binary(node, "tosa.sub", x, max));
  Term *sum = o2t_reduce(node, "tosa.reduce_sum", e, axis);
  return o2t_binary(node, "tosa.mul", e, o2t_unary(node, "tosa.reciprocal", sum));
}

Term *o2t_log_softmax_of(OnnxNode *node, Term *x, int axis) {
  Term *max = o2t_reduce(node, "tosa.reduce_max", x, axis);
  Term *centred = o2t_binary(node, "tosa.sub", x, max);
  Term *sum = o2t_reduce(node, "tosa.reduce_sum", o2t_unary(node, "tosa.exp", centred), axis);
  return o2t_binary(node, "tosa.sub", centred, logarithm(node, sum));
}

/* Before opset 13 the axes from `axis` on count as one; the default was 1. */
static bool along_axis(OnnxNode *node, Term *(*formula)(OnnxNode *, Term *, int)) {
  OnnxValue *x = node->in[0];
  int rank = x->tensor.rank;
  int64_t axis;
  bool merged = o2t_opset(node) < 13;
  if (!o2t_attr_i64(node, "axis", merged ? 1 : -1, &axis) || !o2t_axis(node, rank, &axis))
    return false;
  int64_t inner = 1, outer = 1;
  for (int d = 0; d < rank; d++) {
    if (d < axis)
      outer *= x->tensor.shape[d];
    if (d > axis)
      inner *= x->tensor.shape[d];
  }
  if (merged && inner != 1) {
    int64_t all = inner * x->tensor.shape[axis];
    Term *flat = o2t_reshape(node, o2t_get(node, x, LAYOUT_ONNX), 2, (int64_t[]){outer, all});
    return o2t_set(node, 0, LAYOUT_ONNX,
                   o2t_reshape(node, formula(node, flat, 1), rank, x->tensor.shape));
  }
  OnnxLayout layout = o2t_choose(node, rank);
  if (layout == LAYOUT_FLAT)
    layout = LAYOUT_ONNX;
  Term *y = formula(node, o2t_get(node, x, layout), o2t_position(layout, rank, (int)axis));
  return o2t_set(node, 0, layout, y);
}

bool o2t_softmax(OnnxNode *node) {
  return along_axis(node, o2t_softmax_of);
}

bool o2t_log_softmax(OnnxNode *node) {
  return along_axis(node, o2t_log_softmax_of);
}

/* 1 at the first of the largest. */
static Term *hardmax(OnnxNode *node, Term *x, int axis) {
  if (!x)
    return NULL;
  Term *count = o2t_iota(node, FUSE_I32, x->tensor.rank, axis, x->tensor.shape[axis]);
  return o2t_cast(node, o2t_binary(node, "tosa.equal", count, argmax(node, x, axis)),
                  x->tensor.dtype);
}

bool o2t_hardmax(OnnxNode *node) {
  return along_axis(node, hardmax);
}
