// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* attention.c - Attention (opset 23): softmax(q * k' * scale + bias) * v, for each head.
 *
 *   q: B,Hq,L,D   k: B,Hk,S,D   v: B,Hk,S,Dv, or B,L,Hq*D and so on; Hk divides Hq
 *
 * gives: two tosa.matmul over all heads; what is_causal, the window and a cache of known length
 * mask is a constant. A row that masks every key gives zeros. source: ONNX's operator documents;
 * the softcap comes before the mask, as they have it since 1.19
 */
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

typedef struct Attention {
  int64_t batch, q_heads, kv_heads, rows, keys, past;
  int64_t left, right; /* of the window; -1: no end */
  bool causal;
  double scale, softcap;
  int64_t mode; /* what output 3 is */
} Attention;

enum { Q, K, V, MASK, PAST_K, PAST_V, NONPAD };

/* ---- operands ---- */

/* Input i as B,H,L,D. */
static Term *heads(OnnxNode *node, int i, int64_t n) {
  const FuseTensor *x = &node->in[i]->tensor;
  Term *y = o2t_get(node, node->in[i], LAYOUT_ONNX);
  if (x->rank == 4)
    return y;
  if (n < 1 || x->shape[2] % n) {
    o2t_refuse(node, "input %d has %lld numbers for %lld heads; expected a multiple", i,
               (long long)x->shape[2], (long long)n);
    return NULL;
  }
  y = o2t_reshape(node, y, 4, (int64_t[]){x->shape[0], x->shape[1], n, x->shape[2] / n});
  return o2t_transpose(node, y, (int[]){0, 2, 1, 3});
}

/* The cache in input `past`, then input i. */
static Term *with_past(OnnxNode *node, int i, int past, int64_t n) {
  Term *parts[2] = {NULL, heads(node, i, n)};
  if (!o2t_has(node, past))
    return parts[1];
  const FuseTensor *new = parts[1] ? &parts[1]->tensor : NULL, *old = &node->in[past]->tensor;
  if (!new)
    return NULL;
  if (old->rank != 4 || old->shape[0] != new->shape[0] || old->shape[1] != new->shape[1] ||
      old->shape[3] != new->shape[3] || old->dtype != new->dtype) {
    o2t_refuse(node, "input %d; expected the shape of input %d but for the length", past, i);
    return NULL;
  }
  parts[0] = o2t_get(node, node->in[past], LAYOUT_ONNX);
  return o2t_concat(node, 2, parts, 2);
}

/* Each head as often as q has heads for it; then all heads as one batch. */
static Term *for_each_head(OnnxNode *node, const Attention *a, Term *x) {
  if (!x)
    return NULL;
  const int64_t *s = x->tensor.shape, length = s[2], depth = s[3], times = a->q_heads / s[1];
  x = o2t_reshape(node, x, 4, (int64_t[]){s[0], s[1], 1, length * depth});
  x = o2t_tile(node, x, (int64_t[]){1, 1, times, 1});
  return o2t_reshape(node, x, 3, (int64_t[]){a->batch * a->q_heads, length, depth});
}

static bool read_attributes(OnnxNode *node, Attention *a) {
  int64_t causal, precision;
  if (!o2t_attr_i64(node, "is_causal", 0, &causal) ||
      !o2t_attr_i64(node, "q_num_heads", 0, &a->q_heads) ||
      !o2t_attr_i64(node, "kv_num_heads", 0, &a->kv_heads) ||
      !o2t_attr_i64(node, "left_window_size", -1, &a->left) ||
      !o2t_attr_i64(node, "right_window_size", -1, &a->right) ||
      !o2t_attr_i64(node, "qk_matmul_output_mode", 0, &a->mode) ||
      !o2t_attr_i64(node, "softmax_precision", 1, &precision) ||
      !o2t_attr_f32(node, "scale", NAN, &a->scale) ||
      !o2t_attr_f32(node, "softcap", 0, &a->softcap))
    return false;
  a->causal = causal != 0;
  if (precision != 1 && precision != 10 && precision != 16)
    return o2t_refuse(node,
                      "not supported yet: softmax_precision = %lld; expected 1 (f32), or less",
                      (long long)precision);
  if (a->left < -1 || a->right < -1 || a->softcap < 0)
    return o2t_refuse(node,
                      "a window of %lld and %lld and softcap = %g; expected at least -1 and 0",
                      (long long)a->left, (long long)a->right, a->softcap);
  if (node->n_out > 3 && a->mode != 3 && (a->mode != 0 || a->softcap > 0))
    return o2t_refuse(node,
                      "not supported yet: output 3 with qk_matmul_output_mode = %lld; expected "
                      "0 without softcap, or 3",
                      (long long)a->mode);
  if (o2t_has(node, NONPAD))
    return o2t_refuse(node, "not supported yet: nonpad_kv_seqlen");
  if (o2t_has(node, PAST_K) != o2t_has(node, PAST_V))
    return o2t_refuse(node, "one of past_key and past_value is given; expected both or none");
  return true;
}

/* Are q, k and v (B,H,L,D) what belongs together? */
static bool check_operands(OnnxNode *node, Attention *a, const Term *q, const Term *k,
                           const Term *v) {
  if (!q || !k || !v)
    return false;
  const int64_t *qs = q->tensor.shape, *ks = k->tensor.shape, *vs = v->tensor.shape;
  a->batch = qs[0], a->q_heads = qs[1], a->rows = qs[2], a->keys = ks[2];
  if (ks[0] != qs[0] || vs[0] != qs[0] || ks[1] < 1 || qs[1] % ks[1] || vs[1] != ks[1] ||
      ks[3] != qs[3] || vs[2] != ks[2])
    return o2t_refuse(node, "q, k and v of shapes that don't belong together");
  if (!fuse_dtype_is_float(q->tensor.dtype) || k->tensor.dtype != q->tensor.dtype ||
      v->tensor.dtype != q->tensor.dtype)
    return o2t_refuse(node, "q, k and v; expected floats of one type");
  a->past = o2t_has(node, PAST_K) ? node->in[PAST_K]->tensor.shape[2] : 0;
  if (isnan(a->scale))
    a->scale = 1 / sqrt((double)qs[3]);
  return a->scale >= 0 || o2t_refuse(node, "scale = %g; expected at least 0", a->scale);
}

/* ---- masks: 0 or -inf, added to the logits ---- */

/* What row i may see of key j, by position: 1,1,L,S. */
static Term *mask_by_position(OnnxNode *node, const Attention *a, FuseDtype dtype) {
  FuseTensor mask;
  void *data;
  if (!o2t_new_tensor(node, FUSE_F32, 4, (int64_t[]){1, 1, a->rows, a->keys}, &mask, &data))
    return NULL;
  for (int64_t i = 0; i < a->rows; i++)
    for (int64_t j = 0; j < a->keys; j++) {
      int64_t back = i + a->past - j;
      bool seen = !(a->causal && back < 0) && !(a->left >= 0 && back > a->left) &&
                  !(a->right >= 0 && -back > a->right);
      ((float *)data)[i * a->keys + j] = seen ? 0 : -INFINITY;
    }
  return o2t_cast(node, o2t_constant(node->conversion, &mask, "mask"), dtype);
}

/* attn_mask: booleans that say what is seen, or numbers; keys that it doesn't have aren't seen. */
static Term *given_mask(OnnxNode *node, const Attention *a, FuseDtype dtype) {
  const FuseTensor *x = &node->in[MASK]->tensor;
  int64_t more = x->rank ? a->keys - x->shape[x->rank - 1] : 0, pads[8] = {[7] = more};
  if (x->rank < 1 || x->rank > 4 || more < 0 || (x->dtype != FUSE_BOOL && x->dtype != dtype)) {
    o2t_refuse(node,
               "attn_mask of rank %d and type %s; expected at most 4 axes, %lld keys, and i1 "
               "or q's type",
               x->rank, fuse_dtype_name(x->dtype), (long long)a->keys);
    return NULL;
  }
  Term *mask = o2t_get_ranked(node, node->in[MASK], 4, LAYOUT_ONNX);
  Term *no = o2t_scalar(node, dtype, 4, -INFINITY);
  if (x->dtype == FUSE_BOOL)
    mask = o2t_select(node, mask, o2t_scalar(node, dtype, 4, 0), no);
  return o2t_pad(node, mask, pads, no);
}

/* All masks; *bias is NULL where nothing is masked. */
static bool make_bias(OnnxNode *node, const Attention *a, FuseDtype dtype, Term **bias) {
  *bias = NULL;
  if (a->causal || a->left >= 0 || a->right >= 0)
    if (!(*bias = mask_by_position(node, a, dtype)))
      return false;
  if (!o2t_has(node, MASK))
    return true;
  Term *mask = given_mask(node, a, dtype);
  *bias = *bias ? o2t_binary(node, "tosa.add", mask, *bias) : mask;
  return *bias;
}

/* ---- the operator ---- */

/* Over the last axis of x: B,H,L,S; rows whose bias is -inf throughout are 0. */
static Term *probabilities(OnnxNode *node, Term *x, Term *bias) {
  Term *y = x ? o2t_softmax_of(node, x, 3) : NULL;
  if (!bias || !y)
    return y;
  Term *best = o2t_reduce(node, "tosa.reduce_max", bias, 3);
  Term *nothing = o2t_with(node, "tosa.equal", best, -INFINITY);
  return o2t_select(node, nothing, o2t_scalar(node, y->tensor.dtype, 4, 0), y);
}

/* q * k' with the scale on both sides, so that f16's range would do: B,H,L,S. */
static Term *logits(OnnxNode *node, const Attention *a, Term *q, Term *k) {
  q = o2t_with(node, "tosa.mul", for_each_head(node, a, q), sqrt(a->scale));
  k = o2t_with(node, "tosa.mul", for_each_head(node, a, k), sqrt(a->scale));
  if (!k)
    return NULL;
  Term *x = o2t_batched_matmul(node, q, o2t_transpose(node, k, (int[]){0, 2, 1}), NULL);
  return o2t_reshape(node, x, 4, (int64_t[]){a->batch, a->q_heads, a->rows, a->keys});
}

static Term *mix(OnnxNode *node, const Attention *a, Term *p, Term *v) {
  p = o2t_reshape(node, p, 3, (int64_t[]){a->batch * a->q_heads, a->rows, a->keys});
  v = for_each_head(node, a, v);
  if (!p || !v)
    return NULL;
  int64_t depth = v->tensor.shape[2];
  Term *y = o2t_batched_matmul(node, p, v, NULL);
  y = o2t_reshape(node, y, 4, (int64_t[]){a->batch, a->q_heads, a->rows, depth});
  if (node->in[Q]->tensor.rank == 4)
    return y;
  y = y ? o2t_transpose(node, y, (int[]){0, 2, 1, 3}) : NULL;
  return o2t_reshape(node, y, 3, (int64_t[]){a->batch, a->rows, a->q_heads * depth});
}

bool o2t_attention(OnnxNode *node) {
  Attention a;
  int rank = node->in[Q]->tensor.rank;
  Term *bias;
  if (!read_attributes(node, &a))
    return false;
  if ((rank != 3 && rank != 4) || node->in[K]->tensor.rank != rank ||
      node->in[V]->tensor.rank != rank)
    return o2t_refuse(node, "q, k and v; expected all of rank 3, or of 4");
  Term *q = heads(node, Q, a.q_heads);
  Term *k = with_past(node, K, PAST_K, a.kv_heads), *v = with_past(node, V, PAST_V, a.kv_heads);
  if (!check_operands(node, &a, q, k, v) || !make_bias(node, &a, q->tensor.dtype, &bias))
    return false;
  Term *scores = logits(node, &a, q, k), *x = scores;
  if (a.softcap > 0) {
    x = o2t_unary(node, "tosa.tanh", o2t_with(node, "tosa.mul", x, 1 / a.softcap));
    x = o2t_with(node, "tosa.mul", x, a.softcap);
  }
  Term *p = probabilities(node, bias && x ? o2t_binary(node, "tosa.add", x, bias) : x, bias);
  Term *const outputs[] = {mix(node, &a, p, v), k, v, a.mode == 3 ? p : scores};
  for (int i = 0; i < node->n_out && i < 4; i++)
    if (!o2t_set(node, i, LAYOUT_ONNX, outputs[i]))
      return false;
  return true;
}
