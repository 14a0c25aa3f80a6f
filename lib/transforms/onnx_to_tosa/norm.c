// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* norm.c - normalisation by what the data itself is: LayerNormalization, InstanceNormalization,
 * GroupNormalization, RMSNormalization, MeanVarianceNormalization, LpNormalization, LRN;
 * BatchNormalization in training mode.
 *
 * gives: (x - mean) * rsqrt(variance + epsilon) * scale + bias, mean and variance as sum * 1/n
 */
#include <string.h>

#include "onnx_to_tosa.h"

/* ---- sums ---- */

static Term *number(OnnxNode *node, const Term *like, double value) {
  return o2t_scalar(node, like->tensor.dtype, like->tensor.rank, value);
}

static Term *sum_over(OnnxNode *node, Term *x, const bool *over) {
  for (int p = 0; x && p < x->tensor.rank; p++)
    if (over[p])
      x = o2t_reduce(node, "tosa.reduce_sum", x, p);
  return x;
}

static Term *mean_over(OnnxNode *node, Term *x, const bool *over) {
  double count = 1;
  for (int p = 0; x && p < x->tensor.rank; p++)
    count *= over[p] ? (double)x->tensor.shape[p] : 1;
  Term *sum = sum_over(node, x, over);
  return sum ? o2t_binary(node, "tosa.mul", sum, number(node, sum, 1 / count)) : NULL;
}

static Term *square(OnnxNode *node, Term *x) {
  return o2t_binary(node, "tosa.mul", x, x);
}

/* rsqrt(mean of x^2 + epsilon) */
static Term *inverse_spread(OnnxNode *node, Term *x, const bool *over, double epsilon) {
  Term *mean = mean_over(node, square(node, x), over);
  if (!mean)
    return NULL;
  return o2t_unary(node, "tosa.rsqrt",
                   o2t_binary(node, "tosa.add", mean, number(node, mean, epsilon)));
}

/* (x - mean) / spread; mean and inverse may be NULL. */
static Term *standardise(OnnxNode *node, Term *x, const bool *over, double epsilon, Term **mean,
                         Term **inverse) {
  Term *m = mean_over(node, x, over);
  Term *centred = o2t_binary(node, "tosa.sub", x, m);
  Term *i = inverse_spread(node, centred, over, epsilon);
  if (mean)
    *mean = m;
  if (inverse)
    *inverse = i;
  return o2t_binary(node, "tosa.mul", centred, i);
}

/* ---- over the last axes ---- */

/* stash_type says in what type the moments are computed: ours is that of the data. */
static bool check_stash(OnnxNode *node) {
  int64_t stash;
  if (!o2t_attr_i64(node, "stash_type", 1, &stash))
    return false;
  return stash == 1 || o2t_refuse(node, "not supported yet: stash_type = %lld; expected 1 (f32)",
                                  (long long)stash);
}

/* Positions of the axes from attribute `axis` on. */
static bool last_axes(OnnxNode *node, OnnxLayout layout, bool *over) {
  int rank = node->in[0]->tensor.rank;
  int64_t axis;
  if (!o2t_attr_i64(node, "axis", -1, &axis) || !o2t_axis(node, rank, &axis))
    return false;
  for (int d = 0; d < rank; d++)
    over[o2t_position(layout, rank, d)] = d >= axis;
  return true;
}

/* y * scale + bias, the inputs 1 and 2 (if given) broadcasting as in numpy */
static Term *scale_and_shift(OnnxNode *node, Term *y, OnnxLayout layout) {
  static const char *const op[] = {"tosa.mul", "tosa.add"};
  int rank = node->in[0]->tensor.rank;
  for (int i = 1; i <= 2; i++)
    if (o2t_has(node, i)) {
      if (node->in[i]->tensor.rank > rank) {
        o2t_refuse(node, "input %d has rank %d; expected at most %d", i, node->in[i]->tensor.rank,
                   rank);
        return NULL;
      }
      y = o2t_binary(node, op[i - 1], y, o2t_get_ranked(node, node->in[i], rank, layout));
    }
  return y;
}

bool o2t_layer_normalization(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose_axes(node, rank);
  bool over[FUSE_MAX_RANK];
  double epsilon;
  Term *mean, *inverse;
  if (!o2t_attr_f32(node, "epsilon", 1e-5, &epsilon) || !check_stash(node) ||
      !last_axes(node, layout, over))
    return false;
  Term *x = o2t_get(node, node->in[0], layout);
  Term *y = standardise(node, x, over, epsilon, &mean, &inverse);
  if (!o2t_set(node, 0, layout, scale_and_shift(node, y, layout)))
    return false;
  Term *const extra[] = {mean, inverse};
  for (int i = 1; i < node->n_out && i < 3; i++) {
    if (!o2t_set(node, i, layout, extra[i - 1]))
      return false;
    node->out[i]->half = FUSE_DTYPE_NONE; /* of stash_type, f32 */
  }
  return true;
}

bool o2t_rms_normalization(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose_axes(node, rank);
  bool over[FUSE_MAX_RANK];
  double epsilon;
  if (!o2t_attr_f32(node, "epsilon", 1e-5, &epsilon) || !check_stash(node) ||
      !last_axes(node, layout, over))
    return false;
  Term *x = o2t_get(node, node->in[0], layout);
  Term *y = o2t_binary(node, "tosa.mul", x, inverse_spread(node, x, over, epsilon));
  return o2t_set(node, 0, layout, scale_and_shift(node, y, layout));
}

/* ---- BatchNormalization in training mode ---- */

/* Input i, one number per channel, as 1,...,C,...,1. */
static Term *per_channel(OnnxNode *node, int i, int rank, OnnxLayout layout) {
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    shape[d] = 1;
  shape[o2t_position(layout, rank, 1)] = node->in[0]->tensor.shape[1];
  return o2t_reshape(node, o2t_get(node, node->in[i], LAYOUT_ONNX), rank, shape);
}

/* Output o: the moment as it was, input i, and of this batch. */
static bool set_running(OnnxNode *node, int o, int i, Term *moment, double momentum) {
  if (o >= node->n_out)
    return true;
  moment = o2t_reshape(node, moment, 1, &node->in[0]->tensor.shape[1]);
  if (!moment)
    return false;
  Term *now = o2t_binary(node, "tosa.mul", moment, number(node, moment, 1 - momentum));
  Term *before = o2t_get(node, node->in[i], LAYOUT_ONNX);
  before = before ? o2t_binary(node, "tosa.mul", before, number(node, before, momentum)) : NULL;
  return o2t_set(node, o, LAYOUT_ONNX, o2t_binary(node, "tosa.add", before, now));
}

bool o2t_batch_moments(OnnxNode *node, double epsilon, double momentum) {
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose_axes(node, rank);
  bool over[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    over[o2t_position(layout, rank, d)] = d != 1;
  Term *x = o2t_get(node, node->in[0], layout);
  Term *mean = mean_over(node, x, over);
  Term *centred = o2t_binary(node, "tosa.sub", x, mean);
  Term *variance = mean_over(node, square(node, centred), over);
  if (!variance)
    return false;
  Term *spread = o2t_binary(node, "tosa.add", variance, number(node, variance, epsilon));
  Term *y = o2t_binary(node, "tosa.mul", centred, o2t_unary(node, "tosa.rsqrt", spread));
  y = o2t_binary(node, "tosa.mul", y, per_channel(node, 1, rank, layout));
  y = o2t_binary(node, "tosa.add", y, per_channel(node, 2, rank, layout));
  return o2t_set(node, 0, layout, y) && set_running(node, 1, 3, mean, momentum) &&
         set_running(node, 2, 4, variance, momentum);
}

/* ---- per channel ---- */

/* Input i, n numbers, along axis 1 of `rank` axes. */
static Term *along_channels(OnnxNode *node, int i, int rank, int64_t n, OnnxLayout layout) {
  const FuseTensor *x = &node->in[i]->tensor;
  if (x->rank == 1 && x->shape[0] == n)
    return o2t_get_placed(node, node->in[i], rank, 1, layout);
  o2t_refuse(node, "input %d; expected %lld numbers", i, (long long)n);
  return NULL;
}

bool o2t_instance_normalization(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  double epsilon;
  bool over[FUSE_MAX_RANK];
  if (!o2t_attr_f32(node, "epsilon", 1e-5, &epsilon))
    return false;
  if (x->rank < 3)
    return o2t_refuse(node, "input of rank %d; expected at least 3", x->rank);
  OnnxLayout layout = o2t_choose_axes(node, x->rank);
  for (int d = 0; d < x->rank; d++)
    over[o2t_position(layout, x->rank, d)] = d >= 2;
  Term *y = standardise(node, o2t_get(node, node->in[0], layout), over, epsilon, NULL, NULL);
  y = o2t_binary(node, "tosa.mul", y, along_channels(node, 1, x->rank, x->shape[1], layout));
  y = o2t_binary(node, "tosa.add", y, along_channels(node, 2, x->rank, x->shape[1], layout));
  return o2t_set(node, 0, layout, y);
}

/* scale and bias: one number per channel since opset 21, per group before. */
bool o2t_group_normalization(OnnxNode *node) {
  static const bool over[] = {false, false, true};
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t groups;
  double epsilon;
  if (!o2t_attr_i64(node, "num_groups", 0, &groups) ||
      !o2t_attr_f32(node, "epsilon", 1e-5, &epsilon) || !check_stash(node))
    return false;
  if (x->rank < 3 || groups < 1 || x->shape[1] % groups)
    return o2t_refuse(node, "num_groups = %lld; expected a divisor of the channels of an image",
                      (long long)groups);
  int64_t per_group = x->shape[1] / groups;
  for (int d = 2; d < x->rank; d++)
    per_group *= x->shape[d];
  int64_t grouped[] = {x->shape[0], groups, per_group};
  bool by_channel = o2t_opset(node) >= 21;
  Term *y = o2t_reshape(node, o2t_get(node, node->in[0], LAYOUT_ONNX), 3, grouped);
  y = standardise(node, y, over, epsilon, NULL, NULL);
  int rank = by_channel ? x->rank : 3;
  if (by_channel)
    y = o2t_reshape(node, y, rank, x->shape);
  int64_t n = by_channel ? x->shape[1] : groups;
  y = o2t_binary(node, "tosa.mul", y, along_channels(node, 1, rank, n, LAYOUT_ONNX));
  y = o2t_binary(node, "tosa.add", y, along_channels(node, 2, rank, n, LAYOUT_ONNX));
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, y, x->rank, x->shape));
}

/* (x - mean) / (sqrt(variance) + 1e-9), as ONNX spells it. */
bool o2t_mean_variance_normalization(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank, n;
  OnnxLayout layout = o2t_choose_axes(node, rank);
  int64_t axes[FUSE_MAX_RANK] = {0, 2, 3};
  bool over[FUSE_MAX_RANK] = {false};
  if (!o2t_attr_i64s(node, "axes", FUSE_MAX_RANK, axes, &n))
    return false;
  for (int i = 0; i < (n < 0 ? 3 : n); i++) {
    if (!o2t_axis(node, rank, &axes[i]))
      return false;
    over[o2t_position(layout, rank, (int)axes[i])] = true;
  }
  Term *x = o2t_get(node, node->in[0], layout);
  Term *centred = o2t_binary(node, "tosa.sub", x, mean_over(node, x, over));
  Term *spread = o2t_sqrt_of(node, mean_over(node, square(node, centred), over));
  if (!spread)
    return false;
  spread = o2t_binary(node, "tosa.add", spread, number(node, spread, 1e-9));
  return o2t_set(node, 0, layout,
                 o2t_binary(node, "tosa.mul", centred, o2t_unary(node, "tosa.reciprocal", spread)));
}

/* ---- along one axis ---- */

bool o2t_lp_normalization(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose_axes(node, rank);
  int64_t axis, p;
  if (!o2t_attr_i64(node, "axis", -1, &axis) || !o2t_attr_i64(node, "p", 2, &p) ||
      !o2t_axis(node, rank, &axis))
    return false;
  if (p != 1 && p != 2)
    return o2t_refuse(node, "p = %lld; expected 1 or 2", (long long)p);
  bool over[FUSE_MAX_RANK] = {false};
  over[o2t_position(layout, rank, (int)axis)] = true;
  Term *x = o2t_get(node, node->in[0], layout);
  Term *norm = p == 1 ? sum_over(node, o2t_unary(node, "tosa.abs", x), over)
                      : o2t_sqrt_of(node, sum_over(node, square(node, x), over));
  if (!norm)
    return false;
  /* A vector of zeros stays one. */
  Term *zero = number(node, norm, 0);
  Term *inverse = o2t_unary(node, "tosa.reciprocal", norm);
  inverse = o2t_select(node, o2t_binary(node, "tosa.greater", norm, zero), inverse, zero);
  return o2t_set(node, 0, layout, o2t_binary(node, "tosa.mul", x, inverse));
}

/* Sum of the `before` elements in front of each along an axis, of itself and of `after` behind. */
static Term *moving_sum(OnnxNode *node, Term *x, int axis, int64_t before, int64_t after) {
  if (!x)
    return NULL;
  int64_t pads[2 * FUSE_MAX_RANK] = {0}, size = x->tensor.shape[axis];
  const int64_t most = fuse_max(size - 1, 0);
  pads[2 * axis] = before = fuse_min(before, most);
  pads[2 * axis + 1] = after = fuse_min(after, most);
  Term *wide = o2t_pad(node, x, pads, o2t_scalar(node, x->tensor.dtype, 1, 0));
  Term *sum = o2t_slice_axis(node, wide, axis, 0, size);
  for (int64_t k = 1; k <= before + after; k++)
    sum = o2t_binary(node, "tosa.add", sum, o2t_slice_axis(node, wide, axis, k, size));
  return sum;
}

/* x / (bias + alpha / size * sum of the squares of `size` channels)^beta */
bool o2t_lrn(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose_axes(node, rank);
  int64_t size;
  double alpha, beta, bias;
  if (!o2t_attr_i64(node, "size", 0, &size) || !o2t_attr_f32(node, "alpha", 1e-4, &alpha) ||
      !o2t_attr_f32(node, "beta", 0.75, &beta) || !o2t_attr_f32(node, "bias", 1, &bias))
    return false;
  if (rank < 2 || size < 1)
    return o2t_refuse(node, "size = %lld and an input of rank %d; expected at least 1 and 2",
                      (long long)size, rank);
  Term *x = o2t_get(node, node->in[0], layout);
  Term *sum =
      moving_sum(node, square(node, x), o2t_position(layout, rank, 1), (size - 1) / 2, size / 2);
  if (!sum)
    return false;
  sum = o2t_binary(node, "tosa.mul", sum, number(node, sum, alpha / (double)size));
  sum = o2t_binary(node, "tosa.add", sum, number(node, sum, bias));
  Term *factor = o2t_binary(node, "tosa.pow", sum, number(node, sum, -beta));
  return o2t_set(node, 0, layout, o2t_binary(node, "tosa.mul", x, factor));
}
