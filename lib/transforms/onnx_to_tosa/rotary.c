// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* rotary.c - RotaryEmbedding (opset 23): pairs of numbers of each head turned by an angle.
 *
 *   x: B,H,L,D or B,L,H*D   cos, sin: B,L,R/2, or with position_ids B,L rows of P,R/2
 *
 * gives: (x1, x2) -> (cos x1 - sin x2, sin x1 + cos x2) for the first R of each D numbers; pairs
 * are neighbours where interleaved, else of the two halves of R
 */
#include "onnx_to_tosa.h"

typedef struct Rotary {
  int64_t batch, heads, length, depth, rotated;
  bool interleaved;
} Rotary;

enum { X, COS, SIN, POSITIONS };

static bool read_rotary(OnnxNode *node, Rotary *r) {
  const FuseTensor *x = &node->in[X]->tensor;
  int64_t interleaved;
  if (!o2t_attr_i64(node, "num_heads", 0, &r->heads) ||
      !o2t_attr_i64(node, "rotary_embedding_dim", 0, &r->rotated) ||
      !o2t_attr_i64(node, "interleaved", 0, &interleaved))
    return false;
  if ((x->rank != 3 && x->rank != 4) || !fuse_dtype_is_float(x->dtype))
    return o2t_refuse(node, "X of %s and rank %d; expected floats of rank 3 or 4",
                      fuse_dtype_name(x->dtype), x->rank);
  if (x->rank == 3 && (r->heads < 1 || x->shape[2] % r->heads))
    return o2t_refuse(node, "num_heads = %lld for %lld numbers; expected a divisor",
                      (long long)r->heads, (long long)x->shape[2]);
  r->batch = x->shape[0];
  r->heads = x->rank == 4 ? x->shape[1] : r->heads;
  r->length = x->shape[x->rank - 2];
  r->depth = x->shape[x->rank - 1] / (x->rank == 4 ? 1 : r->heads);
  r->rotated = r->rotated ? r->rotated : r->depth;
  r->interleaved = interleaved != 0;
  return (r->rotated > 0 && r->rotated <= r->depth && r->rotated % 2 == 0) ||
         o2t_refuse(node, "rotary_embedding_dim = %lld of %lld; expected an even number of them",
                    (long long)r->rotated, (long long)r->depth);
}

/* Cosines or sines as B,1,L,R/2. */
static Term *factors(OnnxNode *node, const Rotary *r, int i) {
  const bool picked = o2t_has(node, POSITIONS);
  const FuseTensor *cache = &node->in[i]->tensor;
  const int64_t half = r->rotated / 2;
  bool good = cache->rank == (picked ? 2 : 3) && cache->shape[cache->rank - 1] == half;
  const int64_t *at = cache->shape;
  if (picked) {
    const FuseTensor *ids = &node->in[POSITIONS]->tensor;
    good = good && ids->dtype == FUSE_I64 && ids->rank == 2;
    at = ids->shape;
  }
  good = good && at[0] == r->batch && at[1] == r->length;
  if (!good) {
    o2t_refuse(node,
               "input %d; expected %lld numbers at each of %lld x %lld positions, or rows of "
               "them and i64 position_ids",
               i, (long long)half, (long long)r->batch, (long long)r->length);
    return NULL;
  }
  Term *y = o2t_get(node, node->in[i], LAYOUT_ONNX);
  if (picked)
    y = o2t_gather_wrapped(node, y, 0, node->in[POSITIONS]);
  return o2t_reshape(node, y, 4, (int64_t[]){r->batch, 1, r->length, half});
}

/* a * b + or - c * d */
static Term *combine(OnnxNode *node, Term *a, Term *b, const char *how, Term *c, Term *d) {
  Term *first = o2t_binary(node, "tosa.mul", a, b);
  Term *second = o2t_binary(node, "tosa.mul", c, d);
  return o2t_binary(node, how, first, second);
}

/* x: B,H,L,R */
static Term *rotate(OnnxNode *node, const Rotary *r, Term *x, Term *cos, Term *sin) {
  const int64_t half = r->rotated / 2, flat[] = {r->batch, r->heads, r->length, half};
  const int axis = r->interleaved ? 4 : 3; /* of each pair */
  int64_t pairs[] = {r->batch, r->heads, r->length, half, half};
  pairs[axis] = 2;
  Term *view = o2t_reshape(node, x, 5, pairs), *part[2];
  for (int i = 0; i < 2; i++)
    part[i] = o2t_reshape(node, o2t_slice_axis(node, view, axis, i, 1), 4, flat);
  Term *turned[] = {combine(node, cos, part[0], "tosa.sub", sin, part[1]), NULL};
  turned[1] = combine(node, sin, part[0], "tosa.add", cos, part[1]);
  pairs[axis] = 1;
  for (int i = 0; i < 2; i++)
    turned[i] = o2t_reshape(node, turned[i], 5, pairs);
  Term *y = o2t_concat(node, 2, turned, axis);
  return o2t_reshape(node, y, 4, (int64_t[]){r->batch, r->heads, r->length, r->rotated});
}

bool o2t_rotary_embedding(OnnxNode *node) {
  static const int swap[] = {0, 2, 1, 3};
  const FuseTensor *given = &node->in[X]->tensor;
  Rotary r;
  if (!read_rotary(node, &r))
    return false;
  Term *cos = factors(node, &r, COS), *x = o2t_get(node, node->in[X], LAYOUT_ONNX);
  Term *sin = cos ? factors(node, &r, SIN) : NULL;
  if (!x || !sin)
    return false;
  if (given->rank == 3) {
    x = o2t_reshape(node, x, 4, (int64_t[]){r.batch, r.length, r.heads, r.depth});
    x = o2t_transpose(node, x, swap);
  }
  Term *parts[] = {rotate(node, &r, o2t_slice_axis(node, x, 3, 0, r.rotated), cos, sin), NULL};
  parts[1] = o2t_slice_axis(node, x, 3, r.rotated, r.depth - r.rotated);
  Term *y = o2t_concat(node, 2, parts, 3);
  if (given->rank == 3)
    y = o2t_reshape(node, o2t_transpose(node, y, swap), 3, given->shape);
  return o2t_set(node, 0, LAYOUT_ONNX, y);
}
