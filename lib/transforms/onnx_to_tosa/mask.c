// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* mask.c - where two counts are equal, or one is larger: OneHot, Trilu, EyeLike; and what counts
 * itself: TopK, CumSum, NonZero.
 */
#include <string.h>

#include "onnx_to_tosa.h"

Term *o2t_iota(OnnxNode *node, FuseDtype dtype, int rank, int axis, int64_t n) {
  int64_t shape[FUSE_MAX_RANK];
  FuseTensor tensor;
  void *data;
  for (int d = 0; d < rank; d++)
    shape[d] = d == axis ? n : 1;
  if (!o2t_new_tensor(node, FUSE_I64, rank, shape, &tensor, &data))
    return NULL;
  for (int64_t i = 0; i < n; i++)
    ((int64_t *)data)[i] = i;
  return o2t_cast(node, o2t_constant(node->conversion, &tensor, "count"), dtype);
}

/* ---- OneHot ---- */

/* values[i] as a tensor of rank 1s. */
static Term *one_of(OnnxNode *node, Term *values, int64_t i, int rank) {
  int64_t ones[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    ones[d] = 1;
  return o2t_reshape(node, o2t_slice_axis(node, values, 0, i, 1), rank, ones);
}

/* values[1] where the new axis' count is the index, else values[0]: so everywhere beside an index
 * that is out of range. */
bool o2t_one_hot(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  const int rank = x->rank + 1;
  int64_t axis, shape[FUSE_MAX_RANK];
  double depth;
  if (rank > FUSE_MAX_RANK)
    return o2t_refuse(node, "a result of rank %d; expected at most %d", rank, FUSE_MAX_RANK);
  if (!o2t_attr_i64(node, "axis", -1, &axis) || !o2t_axis(node, rank, &axis) ||
      !o2t_input_f64(node, 1, 0, &depth))
    return false;
  if (fuse_tensor_elems(&node->in[2]->tensor) != 2 || !(depth >= 1 && depth <= INT32_MAX))
    return o2t_refuse(node, "depth %g and %lld values; expected at least 1, and 2", depth,
                      (long long)fuse_tensor_elems(&node->in[2]->tensor));
  for (int d = 0; d < rank; d++)
    shape[d] = d == axis ? 1 : x->shape[d < axis ? d : d - 1];
  Term *index = o2t_reshape(node, o2t_get(node, node->in[0], LAYOUT_ONNX), rank, shape);
  index = o2t_convert(node, index, FUSE_I64);
  Term *from_end =
      o2t_binary(node, "tosa.add", index, o2t_scalar(node, FUSE_I64, rank, (double)(int64_t)depth));
  index =
      o2t_select(node, o2t_binary(node, "tosa.greater", o2t_scalar(node, FUSE_I64, rank, 0), index),
                 from_end, index);
  Term *hot = o2t_binary(node, "tosa.equal", index,
                         o2t_iota(node, FUSE_I64, rank, (int)axis, (int64_t)depth));
  Term *values = o2t_get(node, node->in[2], LAYOUT_ONNX);
  Term *off = one_of(node, values, 0, rank), *on = one_of(node, values, 1, rank);
  if (!o2t_set(node, 0, LAYOUT_ONNX, o2t_select(node, hot, on, off)))
    return false;
  node->out[0]->half = node->in[2]->half;
  return true;
}

/* ---- triangles ---- */

/* The last two of `rank` axes: column - row >= k (upper), or <= k. */
static Term *triangle(OnnxNode *node, int rank, int64_t rows, int64_t columns, int64_t k,
                      bool upper) {
  Term *diagonal = o2t_binary(node, "tosa.add", o2t_iota(node, FUSE_I64, rank, rank - 2, rows),
                              o2t_scalar(node, FUSE_I64, rank, (double)k));
  Term *column = o2t_iota(node, FUSE_I64, rank, rank - 1, columns);
  return upper ? o2t_binary(node, "tosa.greater_equal", column, diagonal)
               : o2t_binary(node, "tosa.greater_equal", diagonal, column);
}

/* A diagonal further away than any element is as good as one just outside. */
static int64_t near(int64_t k) {
  return fuse_max(fuse_min(k, INT32_MAX), -INT32_MAX);
}

bool o2t_trilu(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t upper, k = 0;
  int n;
  if (!o2t_attr_i64(node, "upper", 1, &upper) || !o2t_input_i64s(node, 1, 1, &k, &n))
    return false;
  if (x->rank < 2)
    return o2t_refuse(node, "an input of rank %d; expected at least 2", x->rank);
  Term *kept =
      triangle(node, x->rank, x->shape[x->rank - 2], x->shape[x->rank - 1], near(k), upper != 0);
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_select(node, kept, o2t_get(node, node->in[0], LAYOUT_ONNX),
                            o2t_scalar(node, x->dtype, x->rank, 0)));
}

bool o2t_eye_like(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  FuseDtype dtype = o2t_onnx_dtype(node->in[0]);
  int64_t k;
  if (!o2t_attr_i64(node, "k", 0, &k) ||
      (o2t_has_attr(node, "dtype") && !o2t_attr_dtype(node, "dtype", &dtype)))
    return false;
  if (x->rank != 2)
    return o2t_refuse(node, "an input of rank %d; expected 2", x->rank);
  Term *above = triangle(node, 2, x->shape[0], x->shape[1], near(k), true);
  Term *below = triangle(node, 2, x->shape[0], x->shape[1], near(k), false);
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_cast(node, o2t_binary(node, "tosa.logical_and", above, below), dtype));
}

/* ---- counts ---- */

/* What lies before, along and behind an axis. */
static void split_axis(const FuseTensor *x, int64_t axis, int64_t *outer, int64_t *inner) {
  *outer = *inner = 1;
  for (int d = 0; d < x->rank; d++)
    *(d < axis ? outer : inner) *= d == axis ? 1 : x->shape[d];
}

/* A kernel's parameter; what doesn't fit is refused by its check. */
static int32_t word(int64_t value) {
  return (int32_t)fuse_min(value, INT32_MAX);
}

/* k is an attribute before opset 10, input 1 since. In order whatever `sorted` says. */
bool o2t_top_k(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t axis, k, largest, sorted, outer, inner, shape[FUSE_MAX_RANK];
  int n;
  if (!o2t_attr_i64(node, "axis", -1, &axis) || !o2t_axis(node, x->rank, &axis) ||
      !o2t_attr_i64(node, "k", -1, &k) || !o2t_input_i64s(node, 1, 1, &k, &n) ||
      !o2t_attr_i64(node, "largest", 1, &largest) || !o2t_attr_i64(node, "sorted", 1, &sorted))
    return false;
  if (k < 0 || k > x->shape[axis])
    return o2t_refuse(node, "k = %lld of %lld elements; expected at least 0 and at most all",
                      (long long)k, (long long)x->shape[axis]);
  memcpy(shape, x->shape, sizeof shape);
  shape[axis] = k;
  split_axis(x, axis, &outer, &inner);
  Term *y[] = {o2t_new_term(node->conversion, x->dtype, x->rank, shape),
               o2t_new_term(node->conversion, FUSE_I64, x->rank, shape)};
  Term *data = o2t_get(node, node->in[0], LAYOUT_ONNX);
  FuseKernelParams p = {
      .topk = {word(outer), word(x->shape[axis]), word(inner), word(k), largest != 0}};
  if (!o2t_kernels(node, "topk", &p, 1, &data, 2, y))
    return false;
  for (int i = 0; i < node->n_out && i < 2; i++)
    if (!o2t_set(node, i, LAYOUT_ONNX, y[i]))
      return false;
  return true;
}

/* "cumsum", "cumprod" */
static bool accumulate(OnnxNode *node, const char *kernel) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t axis, exclusive, reverse, outer, inner;
  int n;
  if (!o2t_input_i64s(node, 1, 1, &axis, &n) || !o2t_axis(node, x->rank, &axis) ||
      !o2t_attr_i64(node, "exclusive", 0, &exclusive) ||
      !o2t_attr_i64(node, "reverse", 0, &reverse))
    return false;
  split_axis(x, axis, &outer, &inner);
  FuseKernelParams p = {
      .cumsum = {word(outer), word(x->shape[axis]), word(inner), exclusive != 0, reverse != 0}};
  Term *data = o2t_get(node, node->in[0], LAYOUT_ONNX);
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_kernel(node, kernel, &p, 1, &data, x->dtype, x->rank, x->shape));
}

bool o2t_cum_sum(OnnxNode *node) {
  return accumulate(node, "cumsum");
}

bool o2t_cum_prod(OnnxNode *node) {
  return accumulate(node, "cumprod");
}

/* One column per element that isn't 0. */
bool o2t_non_zero(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t place[FUSE_MAX_RANK] = {0}, count = 0, column = 0;
  if (!o2t_known(node->in[0]))
    return o2t_refuse_unknown(node, 0, NULL);
  Term *set = o2t_cast(node, o2t_get(node, node->in[0], LAYOUT_ONNX), FUSE_BOOL);
  if (!set)
    return false;
  const int64_t n = fuse_tensor_elems(x);
  for (int64_t i = 0; i < n; i++)
    count += o2t_at_i64(&set->tensor, i);
  FuseTensor y;
  void *data;
  if (!o2t_new_tensor(node, FUSE_I64, 2, (int64_t[]){x->rank, count}, &y, &data))
    return false;
  for (int64_t i = 0; i < n; i++) {
    for (int d = 0; d < x->rank && o2t_at_i64(&set->tensor, i); d++)
      ((int64_t *)data)[d * count + column] = place[d];
    column += o2t_at_i64(&set->tensor, i);
    for (int d = x->rank - 1; d >= 0 && ++place[d] == x->shape[d]; d--)
      place[d] = 0;
  }
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_constant(node->conversion, &y, "folded"));
}
