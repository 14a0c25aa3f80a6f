// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* elementwise.c - arithmetic with broadcasting, and activations. All keep the layout they find.
 *
 * Activations are written in one way each, so that later passes can recognise them:
 *   Relu         clamp(x, 0, FLT_MAX)
 *   Clip         clamp(x, min, max); an absent bound is -FLT_MAX or FLT_MAX
 *   LeakyRelu    select(x >= 0, x, x * alpha)
 *   PRelu        select(x >= 0, x, x * slope)
 *   HardSigmoid  clamp(x * alpha + beta, 0, 1)
 *   HardSwish    x * clamp(x * 1/6 + 0.5, 0, 1)
 *   Div          x * reciprocal(y)
 * FLT_MAX, not infinity: a constant that isn't finite would waive the promise of equal bits. They
 * differ for x = infinity alone.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

/* ---- arithmetic ---- */

static int result_rank(const OnnxNode *node) {
  int rank = 0;
  for (int i = 0; i < node->n_in; i++)
    rank = (int)fuse_max(rank, node->in[i]->tensor.rank);
  return rank;
}

/* Before opset 7 nothing broadcasts unless `broadcast` is set; then `axis` says where the second
 * operand's axes lie in the first (at the end, where it isn't given). Since, as in numpy. */
static bool second_first_axis(OnnxNode *node, int rank, int64_t *first) {
  int64_t broadcast;
  int own = node->in[1]->tensor.rank;
  if (!o2t_attr_i64(node, "broadcast", 0, &broadcast) ||
      !o2t_attr_i64(node, "axis", rank - own, first))
    return false;
  if (o2t_opset(node) >= 7 && (broadcast || o2t_has_attr(node, "axis")))
    return o2t_refuse(node, "attributes broadcast and axis ended with opset 7");
  if (o2t_opset(node) >= 7 || !o2t_has_attr(node, "axis"))
    return true;
  if (!o2t_axis(node, rank, first))
    return false;
  if (*first + own > rank)
    return o2t_refuse(node, "axis %lld for %d axes of %d", (long long)*first, own, rank);
  return true;
}

static Term *operand(OnnxNode *node, int i, int rank, OnnxLayout layout) {
  int64_t first = rank - node->in[i]->tensor.rank;
  if (i == 1 && !second_first_axis(node, rank, &first))
    return NULL;
  return o2t_get_placed(node, node->in[i], rank, (int)first, layout);
}

bool o2t_fold_left(OnnxNode *node, const char *name) {
  int rank = result_rank(node);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  Term *y = operand(node, 0, rank, layout);
  for (int i = 1; i < node->n_in; i++)
    y = o2t_binary(node, name, y, operand(node, i, rank, layout));
  return o2t_set(node, 0, layout, y);
}

bool o2t_add(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.add");
}

bool o2t_sub(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.sub");
}

bool o2t_mul(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.mul");
}

bool o2t_max(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.maximum");
}

bool o2t_min(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.minimum");
}

/* The result has the type of the base, whatever the exponent's. */
bool o2t_pow(OnnxNode *node) {
  int rank = result_rank(node);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  FuseDtype dtype = node->in[0]->tensor.dtype, power = node->in[1]->tensor.dtype;
  FuseDtype common = fuse_dtype_is_float(power) && !fuse_dtype_is_float(dtype) ? FUSE_F64 : dtype;
  Term *x = o2t_cast(node, operand(node, 0, rank, layout), common);
  Term *y = o2t_cast(node, operand(node, 1, rank, layout), common);
  return o2t_set(node, 0, layout, o2t_convert(node, o2t_binary(node, "tosa.pow", x, y), dtype));
}

bool o2t_equal(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.equal");
}

bool o2t_greater(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.greater");
}

bool o2t_greater_or_equal(OnnxNode *node) {
  return o2t_fold_left(node, "tosa.greater_equal");
}

/* a < b as b > a: TOSA has one direction. */
static bool swapped(OnnxNode *node, const char *name) {
  int rank = result_rank(node);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  Term *a = operand(node, 0, rank, layout), *b = operand(node, 1, rank, layout);
  return o2t_set(node, 0, layout, o2t_binary(node, name, b, a));
}

bool o2t_less(OnnxNode *node) {
  return swapped(node, "tosa.greater");
}

bool o2t_less_or_equal(OnnxNode *node) {
  return swapped(node, "tosa.greater_equal");
}

bool o2t_mean(OnnxNode *node) {
  int rank = result_rank(node);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  Term *y = operand(node, 0, rank, layout);
  for (int i = 1; i < node->n_in; i++)
    y = o2t_binary(node, "tosa.add", y, operand(node, i, rank, layout));
  Term *share = o2t_scalar(node, node->in[0]->tensor.dtype, rank, 1.0 / node->n_in);
  return o2t_set(node, 0, layout, node->n_in > 1 ? o2t_binary(node, "tosa.mul", y, share) : y);
}

/* Is one of the known integers of input 1 zero? */
static bool zero_divisor(const OnnxNode *node) {
  if (!o2t_known(node->in[1]) || fuse_dtype_is_float(node->in[1]->tensor.dtype))
    return false;
  const FuseTensor *y = &node->in[1]->form[LAYOUT_ONNX]->tensor;
  for (int64_t i = 0, n = fuse_tensor_elems(y); i < n; i++)
    if (o2t_at_i64(y, i) == 0)
      return true;
  return false;
}

bool o2t_div(OnnxNode *node) {
  FuseDtype dtype = node->in[0]->tensor.dtype;
  if (zero_divisor(node))
    return o2t_refuse(node, "a division of integers by zero");
  if (dtype == FUSE_I32 || dtype == FUSE_I64)
    return o2t_fold_left(node, "tosa.intdiv");
  if (!fuse_dtype_is_float(dtype))
    return o2t_fold_left(node, "intdiv");
  if (o2t_known(node->in[0]) && o2t_known(node->in[1]))
    return o2t_fold_left(node, "div");
  int rank = result_rank(node);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  Term *x = operand(node, 0, rank, layout);
  Term *y = o2t_unary(node, "tosa.reciprocal", operand(node, 1, rank, layout));
  return o2t_set(node, 0, layout, o2t_binary(node, "tosa.mul", x, y));
}

/* The remainder of floats with the divisor's sign: where it has the other, one divisor more. */
static bool float_mod(OnnxNode *node) {
  int rank = result_rank(node);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  Term *y = operand(node, 1, rank, layout);
  Term *rest = o2t_binary(node, "fmod", operand(node, 0, rank, layout), y);
  Term *zero = o2t_scalar(node, node->in[0]->tensor.dtype, rank, 0);
  Term *negative = o2t_binary(node, "tosa.greater", zero, y);
  Term *differ =
      o2t_binary(node, "tosa.logical_xor", o2t_binary(node, "tosa.greater", zero, rest), negative);
  Term *exact = o2t_binary(node, "tosa.equal", rest, zero);
  differ = o2t_binary(node, "tosa.logical_and", differ, o2t_unary(node, "tosa.logical_not", exact));
  return o2t_set(node, 0, layout,
                 o2t_select(node, differ, o2t_binary(node, "tosa.add", rest, y), rest));
}

/* The remainder has the divisor's sign, or with fmod = 1 the dividend's, which was the only one for
 * floats before opset 28. */
bool o2t_mod(OnnxNode *node) {
  int64_t fmod;
  bool is_float = fuse_dtype_is_float(node->in[0]->tensor.dtype);
  if (!o2t_attr_i64(node, "fmod", 0, &fmod))
    return false;
  if (is_float && !fmod && o2t_opset(node) < 28)
    return o2t_refuse(node, "floats with fmod = 0; expected 1");
  if (zero_divisor(node))
    return o2t_refuse(node, "a division of integers by zero");
  return is_float && !fmod ? float_mod(node) : o2t_fold_left(node, fmod ? "fmod" : "mod");
}

bool o2t_where(OnnxNode *node) {
  if (node->in[0]->tensor.dtype != FUSE_BOOL)
    return o2t_refuse(node, "a condition of type %s; expected i1",
                      fuse_dtype_name(node->in[0]->tensor.dtype));
  int rank = result_rank(node);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  Term *in[3];
  for (int i = 0; i < 3; i++)
    in[i] = o2t_get_ranked(node, node->in[i], rank, layout);
  return o2t_set(node, 0, layout, o2t_select(node, in[0], in[1], in[2]));
}

/* ---- one operand ---- */

bool o2t_map(OnnxNode *node, const char *name) {
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  Term *x = o2t_get(node, node->in[0], layout);
  return o2t_set(node, 0, layout, o2t_unary(node, name, x));
}

bool o2t_abs(OnnxNode *node) {
  return o2t_map(node, "tosa.abs");
}

bool o2t_ceil(OnnxNode *node) {
  return o2t_map(node, "tosa.ceil");
}

bool o2t_erf(OnnxNode *node) {
  return o2t_map(node, "tosa.erf");
}

bool o2t_exp(OnnxNode *node) {
  return o2t_map(node, "tosa.exp");
}

bool o2t_floor(OnnxNode *node) {
  return o2t_map(node, "tosa.floor");
}

bool o2t_log(OnnxNode *node) {
  return o2t_map(node, "tosa.log");
}

bool o2t_neg(OnnxNode *node) {
  return o2t_map(node, "tosa.negate");
}

bool o2t_reciprocal(OnnxNode *node) {
  return o2t_map(node, "tosa.reciprocal");
}

bool o2t_sigmoid(OnnxNode *node) {
  return o2t_map(node, "tosa.sigmoid");
}

/* TOSA has no square root. */
Term *o2t_sqrt_of(OnnxNode *node, Term *x) {
  if (!x || x->tensor.data)
    return o2t_unary(node, "sqrt", x);
  return o2t_binary(node, "tosa.pow", x, o2t_scalar(node, x->tensor.dtype, x->tensor.rank, 0.5));
}

bool o2t_sqrt(OnnxNode *node) {
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  return o2t_set(node, 0, layout, o2t_sqrt_of(node, o2t_get(node, node->in[0], layout)));
}

bool o2t_tanh(OnnxNode *node) {
  return o2t_map(node, "tosa.tanh");
}

/* 1, -1, or x itself: 0 and NaN */
bool o2t_sign(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose(node, rank);
  Term *x = o2t_get(node, node->in[0], layout),
       *zero = o2t_scalar(node, node->in[0]->tensor.dtype, rank, 0);
  Term *y = o2t_select(node, o2t_binary(node, "tosa.greater", zero, x),
                       o2t_scalar(node, node->in[0]->tensor.dtype, rank, -1), x);
  y = o2t_select(node, o2t_binary(node, "tosa.greater", x, zero),
                 o2t_scalar(node, node->in[0]->tensor.dtype, rank, 1), y);
  return o2t_set(node, 0, layout, y);
}

bool o2t_sin(OnnxNode *node) {
  return o2t_map(node, "tosa.sin");
}

bool o2t_cos(OnnxNode *node) {
  return o2t_map(node, "tosa.cos");
}

bool o2t_acos(OnnxNode *node) {
  return o2t_map(node, "acos");
}

bool o2t_acosh(OnnxNode *node) {
  return o2t_map(node, "acosh");
}

bool o2t_asin(OnnxNode *node) {
  return o2t_map(node, "asin");
}

bool o2t_asinh(OnnxNode *node) {
  return o2t_map(node, "asinh");
}

bool o2t_atan(OnnxNode *node) {
  return o2t_map(node, "atan");
}

bool o2t_atanh(OnnxNode *node) {
  return o2t_map(node, "atanh");
}

bool o2t_cosh(OnnxNode *node) {
  return o2t_map(node, "cosh");
}

bool o2t_sinh(OnnxNode *node) {
  return o2t_map(node, "sinh");
}

bool o2t_round(OnnxNode *node) {
  return o2t_map(node, "round");
}

bool o2t_tan(OnnxNode *node) {
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  Term *x = o2t_get(node, node->in[0], layout);
  Term *below = o2t_unary(node, "tosa.reciprocal", o2t_unary(node, "tosa.cos", x));
  return o2t_set(node, 0, layout,
                 o2t_binary(node, "tosa.mul", o2t_unary(node, "tosa.sin", x), below));
}

bool o2t_identity(OnnxNode *node) {
  return o2t_alias(node, 0, node->in[0]);
}

bool o2t_dropout(OnnxNode *node) {
  double ratio, training;
  int64_t seed, is_test;
  if (!o2t_attr_f32(node, "ratio", 0.5, &ratio) || !o2t_attr_i64(node, "seed", 0, &seed) ||
      !o2t_input_f64(node, 2, 0, &training) || /* ratio and seed are for training */
      !o2t_attr_i64(node, "is_test", o2t_opset(node) >= 7, &is_test))
    return false;
  if (training != 0 || !is_test)
    return o2t_refuse(node, "not supported yet: training mode");
  if (node->n_out > 1) {
    FuseTensor mask;
    void *data;
    const FuseTensor *x = &node->in[0]->tensor;
    if (!o2t_new_tensor(node, o2t_opset(node) < 10 ? x->dtype : FUSE_BOOL, x->rank, x->shape, &mask,
                        &data))
      return false;
    if (mask.dtype != FUSE_BOOL)
      return o2t_refuse(node, "not supported yet: the mask output before opset 10");
    memset(data, 1, mask.size_bytes);
    if (!o2t_set(node, 1, LAYOUT_ONNX, o2t_constant(node->conversion, &mask, "mask")))
      return false;
  }
  return o2t_alias(node, 0, node->in[0]);
}

/* ---- activations ---- */

bool o2t_relu(OnnxNode *node) {
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  Term *x = o2t_get(node, node->in[0], layout);
  return o2t_set(node, 0, layout, o2t_clamp(node, x, 0, FLT_MAX));
}

/* A bound that isn't known is a scalar tensor; broadcast it. */
static Term *bound(OnnxNode *node, const char *name, Term *x, int i) {
  if (!o2t_has(node, i))
    return x;
  int64_t ones[FUSE_MAX_RANK];
  for (int d = 0; d < FUSE_MAX_RANK; d++)
    ones[d] = 1;
  if (fuse_tensor_elems(&node->in[i]->tensor) != 1) {
    o2t_refuse(node, "input %d; expected a scalar", i);
    return NULL;
  }
  Term *y = o2t_reshape(node, o2t_get(node, node->in[i], LAYOUT_ONNX), x->tensor.rank, ones);
  return o2t_binary(node, name, x, y);
}

/* min and max are attributes before opset 11, inputs since. */
bool o2t_clip(OnnxNode *node) {
  double low, high;
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  if (layout == LAYOUT_FLAT)
    layout = LAYOUT_ONNX;
  Term *x = o2t_get(node, node->in[0], layout);
  bool known = true;
  for (int i = 1; i < node->n_in; i++)
    known = known && (!o2t_has(node, i) || o2t_known(node->in[i]));
  if (!known || (node->n_in > 1 && node->in[0]->tensor.dtype != FUSE_F32)) {
    x = bound(node, "tosa.maximum", x, 1);
    return o2t_set(node, 0, layout, x ? bound(node, "tosa.minimum", x, 2) : NULL);
  }
  if (!o2t_attr_f32(node, "min", -(double)FLT_MAX, &low) ||
      !o2t_attr_f32(node, "max", (double)FLT_MAX, &high) || !o2t_input_f64(node, 1, low, &low) ||
      !o2t_input_f64(node, 2, high, &high))
    return false;
  if (isnan(low) || isnan(high))
    return o2t_refuse(node, "a bound is NaN; expected a number");
  low = fmax(fmin(low, (double)FLT_MAX), -(double)FLT_MAX);
  high = fmax(fmin(high, (double)FLT_MAX), -(double)FLT_MAX);
  if (low > high) /* ONNX: min(max(x, low), high), so high everywhere; TOSA forbids it */
    low = high;
  return o2t_set(node, 0, layout, o2t_clamp(node, x, low, high));
}

static Term *leaky(OnnxNode *node, Term *x, Term *slope) {
  if (!x || !slope)
    return NULL;
  Term *positive = o2t_binary(node, "tosa.greater_equal", x,
                              o2t_scalar(node, x->tensor.dtype, x->tensor.rank, 0));
  return o2t_select(node, positive, x, o2t_binary(node, "tosa.mul", x, slope));
}

bool o2t_leaky_relu(OnnxNode *node) {
  double alpha;
  if (!o2t_attr_f32(node, "alpha", 0.01, &alpha))
    return false;
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose(node, rank);
  Term *x = o2t_get(node, node->in[0], layout);
  return o2t_set(node, 0, layout,
                 leaky(node, x, o2t_scalar(node, node->in[0]->tensor.dtype, rank, alpha)));
}

/* The slope broadcasts as in numpy; before opset 7 a vector has one number per channel. */
bool o2t_prelu(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank, own = node->in[1]->tensor.rank;
  if (own > rank)
    return o2t_refuse(node, "slope of rank %d for an input of rank %d", own, rank);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  int first = o2t_opset(node) < 7 && own == 1 && rank > 1 ? 1 : rank - own;
  Term *x = o2t_get(node, node->in[0], layout);
  Term *slope = o2t_get_placed(node, node->in[1], rank, first, layout);
  return o2t_set(node, 0, layout, leaky(node, x, slope));
}

static Term *hard_sigmoid(OnnxNode *node, Term *x, double alpha, double beta) {
  int rank = x->tensor.rank;
  Term *y = o2t_binary(node, "tosa.mul", x, o2t_scalar(node, x->tensor.dtype, rank, alpha));
  y = o2t_binary(node, "tosa.add", y, o2t_scalar(node, x->tensor.dtype, rank, beta));
  return o2t_clamp(node, y, 0, 1);
}

bool o2t_hard_sigmoid(OnnxNode *node) {
  double alpha, beta;
  if (!o2t_attr_f32(node, "alpha", 0.2, &alpha) || !o2t_attr_f32(node, "beta", 0.5, &beta))
    return false;
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  Term *x = o2t_get(node, node->in[0], layout);
  return o2t_set(node, 0, layout, hard_sigmoid(node, x, alpha, beta));
}

bool o2t_hard_swish(OnnxNode *node) {
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  Term *x = o2t_get(node, node->in[0], layout);
  Term *gate = hard_sigmoid(node, x, 1.0 / 6.0, 0.5);
  return o2t_set(node, 0, layout, o2t_binary(node, "tosa.mul", x, gate));
}
