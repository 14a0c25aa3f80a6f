// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* matmul.c - Gemm and MatMul.
 *
 * gives: against a constant matrix a 1x1 tosa.conv2d over M pixels, which the machine runs like
 *        any other; tosa.matmul otherwise. When the rows come from a flattened image that is
 *        stored channels-last, the constant's rows are permuted instead of the data.
 */
#include <math.h>
#include <string.h>

#include "quant.h"

/* x: M,K   w: N,K   b: N   ->   M,N; zeros: as o2t_conv2d */
static Term *dense(OnnxNode *node, Term *x, Term *w, Term *b, const int64_t *zeros) {
  if (!x || !w || !b)
    return NULL;
  int64_t m = x->tensor.shape[0], k = x->tensor.shape[1], n = w->tensor.shape[0];
  OnnxWindow window = {.kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}, .out = {1, m}};
  x = o2t_reshape(node, x, 4, (int64_t[]){1, 1, m, k});
  w = o2t_reshape(node, w, 4, (int64_t[]){n, 1, 1, k});
  return o2t_reshape(node, o2t_conv2d(node, "tosa.conv2d", x, w, b, &window, zeros), 2,
                     (int64_t[]){m, n});
}

Term *o2t_batched_matmul(OnnxNode *node, Term *a, Term *b, const int64_t *zeros) {
  if (!a || !b || (!zeros && !o2t_same_types(node, a, b)))
    return NULL;
  int64_t shape[] = {a->tensor.shape[0], a->tensor.shape[1], b->tensor.shape[2]};
  FuseDtype dtype = o2t_sum_type(a, zeros);
  if (a->tensor.shape[2] == 0) /* sums of no products */
    return o2t_fill(node, dtype, 3, shape, 0);
  const int64_t sizes[] = {shape[0], shape[1], shape[2], a->tensor.shape[2]};
  if (o2t_folds_products(node, 2, (Term *[]){a, b}, 4, sizes)) {
    FuseKernelParams params;
    o2t_matmul_params(&a->tensor, &b->tensor, &params);
    return o2t_kernel(node, "matmul", &params, 2, (Term *[]){a, b}, dtype, 3, shape);
  }
  MlirValue operands[4] = {o2t_emit(node, a), o2t_emit(node, b)};
  for (int i = 0; i < 2; i++)
    operands[2 + i] = o2t_zero(node, a->tensor.dtype, zeros ? &zeros[i] : NULL);
  return o2t_op(node, "tosa.matmul", dtype, 3, shape, 4, operands, 0, NULL);
}

/* Of a tensor as a matrix: all axes but the last as one. */
static int64_t n_rows(const FuseTensor *x) {
  int64_t n = 1;
  for (int d = 0; d < x->rank - 1; d++)
    n *= x->shape[d];
  return n;
}

static Term *transposed(OnnxNode *node, Term *x) {
  return o2t_transpose(node, x, (int[]){1, 0});
}

/* Rows of x as they are stored, and w (N,K, known) in the same order of K. */
static Term *rows(OnnxNode *node, OnnxValue *x, Term **w) {
  if (!x->form[LAYOUT_FLAT] || x->form[LAYOUT_ONNX])
    return o2t_get(node, x, LAYOUT_ONNX);
  int rank = x->flattened.rank, perm[FUSE_MAX_RANK];
  int64_t shape[FUSE_MAX_RANK], n = (*w)->tensor.shape[0];
  memcpy(shape, x->flattened.shape, sizeof shape);
  shape[0] = n;
  o2t_order(LAYOUT_LAST, rank, perm);
  Term *spread = o2t_transpose(node, o2t_reshape(node, *w, rank, shape), perm);
  *w = o2t_reshape(node, spread, 2, (int64_t[]){n, x->tensor.shape[1]});
  return x->form[LAYOUT_FLAT];
}

Term *o2t_times_matrix(OnnxNode *node, Term *x, int axis, int64_t n, const double *matrix) {
  int perm[FUSE_MAX_RANK], back[FUSE_MAX_RANK];
  int64_t shape[FUSE_MAX_RANK];
  FuseTensor weights;
  void *data;
  if (!x)
    return NULL;
  int rank = x->tensor.rank;
  int64_t in = x->tensor.shape[axis];
  if (!o2t_new_tensor(node, FUSE_F32, 3, (int64_t[]){1, in, n}, &weights, &data))
    return NULL;
  for (int64_t i = 0; i < in; i++)
    for (int64_t o = 0; o < n; o++)
      ((float *)data)[i * n + o] = (float)matrix[o * in + i];
  for (int d = 0; d < rank; d++) /* the axis goes last, and back */
    perm[d] = d == rank - 1 ? axis : d + (d >= axis);
  for (int d = 0; d < rank; d++)
    back[perm[d]] = d;
  x = o2t_transpose(node, x, perm);
  if (!x)
    return NULL;
  memcpy(shape, x->tensor.shape, sizeof shape);
  shape[rank - 1] = n;
  x = o2t_reshape(node, x, 3, (int64_t[]){1, n_rows(&x->tensor), in});
  Term *y = o2t_batched_matmul(node, x, o2t_constant(node->conversion, &weights, "matrix"), NULL);
  return y ? o2t_transpose(node, o2t_reshape(node, y, rank, shape), back) : NULL;
}

static Term *times(OnnxNode *node, Term *x, double factor) {
  if (!x || factor == 1)
    return x;
  return o2t_binary(node, "tosa.mul", x, o2t_scalar(node, x->tensor.dtype, x->tensor.rank, factor));
}

/* x as M,K where w is N,K: its rows as they are stored, or all axes but the last as one. */
static Term *matrix(OnnxNode *node, OnnxValue *x, Term **w) {
  if (x->tensor.rank == 2)
    return rows(node, x, w);
  int64_t k = (*w)->tensor.shape[1];
  return o2t_reshape(node, o2t_get(node, x, LAYOUT_ONNX), 2, (int64_t[]){n_rows(&x->tensor), k});
}

/* x (M,K) times a known w (N,K), with what follows and adds to each column folded in. bias: N
 * numbers, changed. rank: of the node's result, whose last axis is N. */
static bool dense_and_absorb(OnnxNode *node, OnnxValue *x, Term *w, double *bias, int rank,
                             const int64_t *shape) {
  int64_t n = w->tensor.shape[0];
  Term *data = matrix(node, x, &w);
  double *scale = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *scale);
  for (int64_t i = 0; i < n; i++)
    scale[i] = 1;
  OnnxValue *result = o2t_absorb(node, rank, rank - 1, n, scale, bias);
  bool scales = false;
  for (int64_t i = 0; i < n; i++)
    scales = scales || scale[i] != 1;
  if (scales) {
    Term *factors = o2t_vector(node, w->tensor.dtype, n, scale);
    w = o2t_binary(node, "tosa.mul", w, o2t_reshape(node, factors, 2, (int64_t[]){n, 1}));
  }
  Term *y = o2t_reshape(
      node, dense(node, data, w, o2t_vector(node, w->tensor.dtype, n, bias), NULL), rank, shape);
  return o2t_set_value(node, result, LAYOUT_ONNX, y);
}

/* Types that ONNX multiplies matrices of. */
static bool check_types(OnnxNode *node) {
  FuseDtype dtype = node->in[0]->tensor.dtype;
  return fuse_dtype_is_float(dtype) || fuse_dtype_bytes(dtype) >= 4 ||
         o2t_refuse(node, "element type %s; expected a float, i32, i64, ui32 or ui64",
                    fuse_dtype_name(dtype));
}

/* ---- Gemm ---- */

/* beta * C into a bias per column, if it is one. */
static bool column_bias(const OnnxNode *node, int64_t n, double beta, double *bias) {
  if (!o2t_has(node, 2))
    return true;
  const OnnxValue *c = node->in[2];
  int rank = c->tensor.rank;
  if (!o2t_known(c) || rank > 2 || (rank == 2 && c->tensor.shape[0] != 1))
    return false;
  const FuseTensor *values = &c->form[LAYOUT_ONNX]->tensor;
  int64_t count = fuse_tensor_elems(values);
  if (count != 1 && count != n)
    return false;
  for (int64_t i = 0; i < n; i++)
    bias[i] = beta * o2t_at_f64(values, count == 1 ? 0 : i);
  return true;
}

static Term *add_c(OnnxNode *node, Term *y, double beta) {
  if (!y || !o2t_has(node, 2) || beta == 0)
    return y;
  if (node->in[2]->tensor.rank > 2) {
    o2t_refuse(node, "C of rank %d; expected at most 2", node->in[2]->tensor.rank);
    return NULL;
  }
  Term *c = o2t_get_ranked(node, node->in[2], 2, LAYOUT_ONNX);
  for (int d = 0; c && d < 2; d++)
    if (c->tensor.shape[d] != 1 && c->tensor.shape[d] != y->tensor.shape[d]) {
      o2t_refuse(node, "C has %lld elements on axis %d; expected 1 or %lld",
                 (long long)c->tensor.shape[d], d, (long long)y->tensor.shape[d]);
      return NULL;
    }
  return o2t_binary(node, "tosa.add", y, times(node, c, beta));
}

/* Integers are scaled by integers. */
static bool whole(OnnxNode *node, double alpha, double beta) {
  return (alpha == floor(alpha) && beta == floor(beta)) ||
         o2t_refuse(node, "alpha = %g and beta = %g of integers; expected integers", alpha, beta);
}

bool o2t_gemm(OnnxNode *node) {
  double alpha, beta;
  int64_t trans_a, trans_b, broadcast; /* broadcast: before opset 7; C always may since */
  OnnxValue *a = node->in[0], *b = node->in[1];
  if (!o2t_attr_f32(node, "alpha", 1, &alpha) || !o2t_attr_f32(node, "beta", 1, &beta) ||
      !o2t_attr_i64(node, "broadcast", 0, &broadcast) ||
      !o2t_attr_i64(node, "transA", 0, &trans_a) || !o2t_attr_i64(node, "transB", 0, &trans_b))
    return false;
  if (a->tensor.rank != 2 || b->tensor.rank != 2)
    return o2t_refuse(node, "operands of rank %d and %d; expected 2", a->tensor.rank,
                      b->tensor.rank);
  int64_t m = a->tensor.shape[trans_a ? 1 : 0], k = a->tensor.shape[trans_a ? 0 : 1];
  int64_t n = b->tensor.shape[trans_b ? 0 : 1];
  if (b->tensor.shape[trans_b ? 1 : 0] != k)
    return o2t_refuse(node, "A has %lld columns and B %lld rows; expected equal numbers",
                      (long long)k, (long long)b->tensor.shape[trans_b ? 1 : 0]);
  double *bias = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *bias);
  if (!check_types(node) || (!fuse_dtype_is_float(a->tensor.dtype) && !whole(node, alpha, beta)))
    return false;
  if (o2t_known(b) && k > 0 && fuse_dtype_is_float(a->tensor.dtype) && !trans_a &&
      column_bias(node, n, beta, bias)) {
    Term *w = o2t_get(node, b, LAYOUT_ONNX);
    w = times(node, trans_b ? w : transposed(node, w), alpha);
    return w && dense_and_absorb(node, a, w, bias, 2, (int64_t[]){m, n});
  }
  Term *x = o2t_get(node, a, LAYOUT_ONNX), *w = o2t_get(node, b, LAYOUT_ONNX);
  x = trans_a ? transposed(node, x) : x;
  w = trans_b ? transposed(node, w) : w;
  x = o2t_reshape(node, x, 3, (int64_t[]){1, m, k});
  w = o2t_reshape(node, w, 3, (int64_t[]){1, k, n});
  Term *y = o2t_batched_matmul(node, x, w, NULL);
  y = times(node, o2t_reshape(node, y, 2, (int64_t[]){m, n}), alpha);
  return o2t_set(node, 0, LAYOUT_ONNX, add_c(node, y, beta));
}

/* ---- MatMul ---- */

/* As numpy.matmul: vectors become matrices, batch axes broadcast. */
typedef struct MatMulShape {
  int64_t a[FUSE_MAX_RANK], b[FUSE_MAX_RANK]; /* both of `rank` axes, the last two M,K K,N */
  int64_t batch[FUSE_MAX_RANK], result[FUSE_MAX_RANK]; /* batch axes; ONNX shape of the result */
  int rank, result_rank;
  int64_t m, k, n, n_batch;
} MatMulShape;

static bool read_matmul(OnnxNode *node, const FuseTensor *a, const FuseTensor *b, MatMulShape *s) {
  if (a->rank < 1 || b->rank < 1)
    return o2t_refuse(node, "an operand of rank 0; expected at least 1");
  s->rank = (int)fuse_max(fuse_max(a->rank, b->rank), 2);
  for (int d = 0; d < s->rank; d++)
    s->a[d] = s->b[d] = 1;
  for (int d = 0; d < a->rank; d++)
    s->a[s->rank - a->rank + d] = a->shape[d];
  for (int d = 0; d < b->rank; d++)
    s->b[s->rank - (int)fuse_max(b->rank, 2) + d] = b->shape[d];
  s->m = s->a[s->rank - 2], s->k = s->a[s->rank - 1], s->n = s->b[s->rank - 1];
  if (s->k != s->b[s->rank - 2])
    return o2t_refuse(node, "%lld columns times %lld rows; expected equal numbers", (long long)s->k,
                      (long long)s->b[s->rank - 2]);
  s->n_batch = 1, s->result_rank = 0;
  for (int d = 0; d < s->rank - 2; d++) {
    if (s->a[d] != s->b[d] && s->a[d] != 1 && s->b[d] != 1)
      return o2t_refuse(node, "batch axes of %lld and %lld don't broadcast", (long long)s->a[d],
                        (long long)s->b[d]);
    s->batch[d] = s->a[d] == 1 ? s->b[d] : s->a[d];
    s->result[s->result_rank++] = s->batch[d];
    if (!fuse_mul_dims((int64_t[]){s->n_batch, s->batch[d]}, 2, &s->n_batch))
      return o2t_refuse(node, "the result is too large");
  }
  if (a->rank > 1)
    s->result[s->result_rank++] = s->m;
  if (b->rank > 1)
    s->result[s->result_rank++] = s->n;
  return true;
}

/* Operand as B,rows,columns with its batch axes repeated as needed. */
static Term *batch_operand(OnnxNode *node, OnnxValue *value, const MatMulShape *s,
                           const int64_t *shape) {
  int64_t multiples[FUSE_MAX_RANK];
  for (int d = 0; d < s->rank; d++)
    multiples[d] = d < s->rank - 2 && shape[d] == 1 ? s->batch[d] : 1;
  Term *x = o2t_reshape(node, o2t_get(node, value, LAYOUT_ONNX), s->rank, shape);
  return o2t_reshape(node, o2t_tile(node, x, multiples), 3,
                     (int64_t[]){s->n_batch, shape[s->rank - 2], shape[s->rank - 1]});
}

bool o2t_matmul(OnnxNode *node) {
  MatMulShape s;
  if (!check_types(node) || !read_matmul(node, &node->in[0]->tensor, &node->in[1]->tensor, &s))
    return false;
  if (o2t_known(node->in[1]) && node->in[1]->tensor.rank == 2 && s.k > 0 &&
      fuse_dtype_is_float(node->in[1]->tensor.dtype)) {
    double *bias = fuse_alloc_array(node->conversion->scratch, (size_t)s.n, sizeof *bias);
    Term *w = transposed(node, o2t_get(node, node->in[1], LAYOUT_ONNX));
    return w && dense_and_absorb(node, node->in[0], w, bias, s.result_rank, s.result);
  }
  Term *left = batch_operand(node, node->in[0], &s, s.a);
  Term *y = o2t_batched_matmul(node, left, batch_operand(node, node->in[1], &s, s.b), NULL);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, y, s.result_rank, s.result));
}

/* ---- quantised ---- */

bool o2t_dense_quant(OnnxNode *node, const Quant *x, const Quant *w, bool trans_w,
                     const double *bias, const QuantOut *out, bool *taken) {
  const FuseTensor *a = &x->q->tensor, *b = &w->q->tensor;
  int64_t k = b->shape[trans_w ? 1 : 0], n = b->shape[trans_w ? 0 : 1];
  int64_t shape[FUSE_MAX_RANK];
  QuantSum sum;
  if (a->rank < 1 || a->shape[a->rank - 1] != k)
    return o2t_refuse(node, "operands of %lld columns and %lld rows; expected equal numbers",
                      (long long)(a->rank ? a->shape[a->rank - 1] : 1), (long long)k);
  if (!o2t_quant_sum(node, x, w, trans_w ? 0 : 1, n, bias, &sum))
    return true;
  *taken = true;
  Term *weights = o2t_get(node, w->q, LAYOUT_ONNX);
  if (!trans_w)
    weights = transposed(node, weights);
  if (!weights)
    return false;
  Term *data = matrix(node, x->q, &weights);
  Term *y = dense(node, data, weights, sum.bias, sum.zeros);
  y = o2t_requantize(node, y, 0, sum.n, sum.scale, out);
  memcpy(shape, a->shape, sizeof shape);
  shape[a->rank - 1] = n;
  return o2t_set_out(node, out, LAYOUT_ONNX, o2t_reshape(node, y, a->rank, shape));
}

/* Is in[1] a dequantised matrix that is known? */
static bool quant_matrix(const OnnxNode *node) {
  const Quant *w = node->in[1]->quant;
  return o2t_is_quant(node, 0) && w && w->q->tensor.dtype == FUSE_I8 && w->q->tensor.rank == 2 &&
         o2t_known(w->q);
}

/* The QuantizeLinear behind the node, or behind an Add of a constant, which goes into bias. */
static bool find_out_or_add(OnnxNode *node, int64_t n, double *bias, QuantOut *out) {
  OnnxNode *add = o2t_sole_user(node, node->out[0]);
  int rank = node->in[0]->tensor.rank;
  if (!add || !o2t_fold_add(add, node->out[0], rank, rank - 1, n, bias))
    return o2t_find_out(node, node->out[0], out);
  if (!o2t_find_out(node, add->out[0], out) || out->n_taken == (int)FUSE_COUNTOF(out->taken))
    return false;
  out->taken[out->n_taken++] = add;
  return true;
}

bool o2t_quant_matmul(OnnxNode *node, bool *taken) {
  QuantOut out;
  if (o2t_is_quant(node, 0) && o2t_is_quant(node, 1) && !o2t_known(node->in[1]) &&
      o2t_find_out(node, node->out[0], &out))
    return o2t_product_quant(node, node->in[0]->quant, node->in[1]->quant, &out, taken);
  if (!quant_matrix(node))
    return true;
  const Quant *w = node->in[1]->quant;
  int64_t n = w->q->tensor.shape[1];
  double *bias = o2t_reals(node, 2, n);
  return !find_out_or_add(node, n, bias, &out) ||
         o2t_dense_quant(node, node->in[0]->quant, w, false, bias, &out, taken);
}

bool o2t_quant_gemm(OnnxNode *node, bool *taken) {
  QuantOut out;
  double alpha = 1, beta = 1;
  int64_t trans_a = 0, trans_b = 0;
  (void)fuse_get_f64(node->op, "alpha", &alpha);
  (void)fuse_get_f64(node->op, "beta", &beta);
  (void)fuse_get_i64(node->op, "transA", &trans_a);
  (void)fuse_get_i64(node->op, "transB", &trans_b);
  if (!quant_matrix(node) || node->in[0]->tensor.rank != 2 || alpha != 1 || trans_a)
    return true;
  const Quant *w = node->in[1]->quant;
  int64_t n = w->q->tensor.shape[trans_b ? 0 : 1];
  double *bias = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *bias);
  if (o2t_has(node, 2)) {
    const FuseTensor *c = &node->in[2]->tensor;
    int64_t count = fuse_tensor_elems(c);
    if (!o2t_known(node->in[2]) || (count != 1 && (count != n || c->shape[c->rank - 1] != n)))
      return true;
    bias = o2t_reals(node, 2, n);
  }
  for (int64_t i = 0; i < n; i++)
    bias[i] *= beta;
  return !o2t_find_out(node, node->out[0], &out) ||
         o2t_dense_quant(node, node->in[0]->quant, w, trans_b, bias, &out, taken);
}

/* Sums of products over numpy's batches, one zero point for each side. */
static Term *sums(OnnxNode *node, const MatMulShape *s, const Quant *a, const Quant *b) {
  int64_t zeros[] = {a->zero[0], b->zero[0]};
  Term *left = batch_operand(node, a->q, s, s->a);
  Term *y = o2t_batched_matmul(node, left, batch_operand(node, b->q, s, s->b), zeros);
  return o2t_reshape(node, y, s->result_rank, s->result);
}

bool o2t_product_quant(OnnxNode *node, const Quant *a, const Quant *b, const QuantOut *out,
                       bool *taken) {
  MatMulShape s;
  if (!read_matmul(node, &a->q->tensor, &b->q->tensor, &s))
    return false;
  if (o2t_known(b->q) && b->q->tensor.rank == 2 && a->q->tensor.rank >= 2)
    return o2t_dense_quant(node, a, b, false, o2t_reals(node, node->n_in, s.n), out, taken);
  if (b->axis >= 0)
    return true;
  *taken = true;
  double scale = a->scale[0] * b->scale[0];
  return o2t_set_out(node, out, LAYOUT_ONNX,
                     o2t_requantize(node, sums(node, &s, a, b), 0, 1, &scale, out));
}

/* MatMulInteger. */
bool o2t_matmul_sum(OnnxNode *node, const Quant *a, const Quant *b) {
  MatMulShape s;
  return read_matmul(node, &a->q->tensor, &b->q->tensor, &s) &&
         o2t_set(node, 0, LAYOUT_ONNX, sums(node, &s, a, b));
}

Term *o2t_multiply(OnnxNode *node, OnnxValue *a, OnnxValue *b) {
  MatMulShape s;
  if (!read_matmul(node, &a->tensor, &b->tensor, &s))
    return NULL;
  Term *left = batch_operand(node, a, &s, s.a);
  Term *y = o2t_batched_matmul(node, left, batch_operand(node, b, &s, s.b), NULL);
  return o2t_reshape(node, y, s.result_rank, s.result);
}
