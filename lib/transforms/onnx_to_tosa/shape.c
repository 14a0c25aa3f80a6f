// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* shape.c - Reshape, Flatten, Squeeze, Unsqueeze, Transpose, DepthToSpace, SpaceToDepth,
 * Expand, Tile.
 *
 * gives: nothing where only axes of size 1 come, go or move; an image flattened to a row keeps its
 *        channels-last order (LAYOUT_FLAT) until somebody asks for ONNX's
 */
#include <string.h>

#include "onnx_to_tosa.h"

/* Match the axes that aren't 1, in order. False when they differ. */
static bool match_axes(const FuseTensor *x, int rank, const int64_t *shape, int *source) {
  int d = 0;
  for (int j = 0; j < rank; j++) {
    source[j] = -1;
    if (shape[j] == 1)
      continue;
    while (d < x->rank && x->shape[d] == 1)
      d++;
    if (d == x->rank || x->shape[d] != shape[j])
      return false;
    source[j] = d++;
  }
  while (d < x->rank && x->shape[d] == 1)
    d++;
  return d == x->rank;
}

/* N,C,H,W stored channels-last, as N rows. */
static bool flatten_image(OnnxNode *node, const int64_t *shape) {
  OnnxValue *in = node->in[0], *out = node->out[0];
  Term *row = o2t_reshape(node, in->form[LAYOUT_LAST], 2, shape);
  out->flattened = in->tensor;
  return o2t_set_value(node, out, LAYOUT_FLAT, row);
}

static bool set_reshaped(OnnxNode *node, int rank, const int64_t *shape) {
  OnnxValue *in = node->in[0];
  int source[FUSE_MAX_RANK];
  if (match_axes(&in->tensor, rank, shape, source))
    return o2t_set_permuted(node, rank, shape, source);
  if (rank == 2 && in->tensor.rank >= 3 && shape[0] == in->tensor.shape[0] &&
      in->form[LAYOUT_LAST] && !in->form[LAYOUT_ONNX])
    return flatten_image(node, shape);
  Term *x = o2t_get(node, in, LAYOUT_ONNX);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, x, rank, shape));
}

/* 0 copies the input's axis (unless allowzero), one -1 takes what is left. */
static bool resolve(OnnxNode *node, int64_t allow_zero, int n, int64_t *shape) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t total = fuse_tensor_elems(x), given = 1;
  int free_axis = -1;
  for (int d = 0; d < n; d++) {
    if (shape[d] == 0 && !allow_zero) {
      if (d >= x->rank)
        return o2t_refuse(node, "shape copies axis %d; the input has %d", d, x->rank);
      shape[d] = x->shape[d];
    }
    if (shape[d] == -1 && free_axis < 0) {
      free_axis = d;
      continue;
    }
    if (shape[d] < 0 || !fuse_mul_dims((int64_t[]){given, shape[d]}, 2, &given))
      return o2t_refuse(node, "%lld in the shape; expected sizes and at most one -1",
                        (long long)shape[d]);
  }
  if (free_axis >= 0) {
    if (given == 0 || total % given != 0)
      return o2t_refuse(node, "%lld elements don't divide by %lld", (long long)total,
                        (long long)given);
    shape[free_axis] = total / given;
  } else if (given != total) {
    return o2t_refuse(node, "%lld elements into a shape of %lld; expected equal numbers",
                      (long long)total, (long long)given);
  }
  return true;
}

/* The shape in input 1, or what the model says of the result where that isn't known. *n = -1: not
 * given. */
static bool input_shape(OnnxNode *node, int64_t *shape, int *n) {
  FuseTensor y;
  if (!o2t_has(node, 1) || o2t_known(node->in[1]) || !o2t_declared(node, 0, &y))
    return o2t_input_i64s(node, 1, FUSE_MAX_RANK, shape, n);
  memcpy(shape, y.shape, sizeof y.shape);
  *n = y.rank;
  return true;
}

/* The shape is an attribute before opset 5, an input since. */
static bool read_shape(OnnxNode *node, int *n, int64_t *shape) {
  int64_t allow_zero;
  if (!o2t_attr_i64(node, "allowzero", 0, &allow_zero) ||
      !o2t_attr_i64s(node, "shape", FUSE_MAX_RANK, shape, n) ||
      (o2t_has(node, 1) && !input_shape(node, shape, n)))
    return false;
  if (*n < 0)
    return o2t_refuse(node, "no shape is given");
  return resolve(node, allow_zero, *n, shape);
}

/* ---- axes split, permuted and merged ---- */

/* What Reshape, Transpose, Reshape do together: channel shuffle, pixel shuffle, patches. */
typedef struct Regroup {
  int n; /* parts that the axes of the input are split into, and those of the result merged from */
  int64_t size[FUSE_MAX_RANK];
  int from[FUSE_MAX_RANK]; /* the input's axis that part i belongs to; in order */
  int perm[FUSE_MAX_RANK]; /* place k holds part perm[k] */
  int to[FUSE_MAX_RANK];   /* the result's axis that place k belongs to; in order */
} Regroup;

/* axis[i]: the one of the axes `whole` that part i is of. False when parts and axes don't meet. */
static bool match_parts(int n, const int64_t *parts, int rank, const int64_t *whole, int *axis) {
  int64_t product = 1;
  int d = 0;
  if (n < 1 || rank < 1)
    return false;
  for (int i = 0; i < n; i++) {
    if (parts[i] < 1)
      return false;
    while (d < rank - 1 && product == whole[d] && parts[i] != 1)
      d++, product = 1;
    product *= parts[i];
    if (product > whole[d] || whole[d] % product)
      return false;
    axis[i] = d;
  }
  while (d < rank - 1 && product == whole[d] && whole[d + 1] == 1)
    d++, product = 1;
  return d == rank - 1 && product == whole[d];
}

/* The parts of axis after axis, in the order in which a layout stores the axes. */
static int stored_parts(OnnxLayout layout, int rank, int n, const int *axis, int *places) {
  int order[FUSE_MAX_RANK], found = 0;
  o2t_order(layout, rank, order);
  for (int p = 0; p < rank; p++)
    for (int k = 0; k < n; k++)
      if (axis[k] == order[p])
        places[found++] = k;
  return found;
}

/* `out` is x regrouped into a tensor of this shape; each stays in the layout that it is in. */
static bool set_regrouped(OnnxNode *node, OnnxValue *x, const Regroup *r, OnnxValue *out, int rank,
                          const int64_t *shape) {
  bool last = !o2t_known(x) && x->form[LAYOUT_LAST] && !x->form[LAYOUT_ONNX];
  OnnxLayout have = last ? o2t_last(x->tensor.rank) : LAYOUT_ONNX;
  OnnxLayout want = !o2t_known(x) && (last || out->wants_last) ? o2t_last(rank) : LAYOUT_ONNX;
  int split[FUSE_MAX_RANK], merged[FUSE_MAX_RANK], perm[FUSE_MAX_RANK] = {0}, order[FUSE_MAX_RANK];
  int64_t sizes[FUSE_MAX_RANK], stored[FUSE_MAX_RANK];
  int n = stored_parts(have, x->tensor.rank, r->n, r->from, split);
  int n_merged = stored_parts(want, rank, r->n, r->to, merged);
  FUSE_ASSERT(n == r->n && n_merged == r->n);
  for (int i = 0; i < n; i++)
    sizes[i] = r->size[split[i]];
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      if (split[k] == r->perm[merged[i]])
        perm[i] = k;
  o2t_order(want, rank, order);
  for (int p = 0; p < rank; p++)
    stored[p] = shape[order[p]];
  Term *parts = o2t_transpose(node, o2t_reshape(node, o2t_get(node, x, have), n, sizes), perm);
  return o2t_set_value(node, out, want, o2t_reshape(node, parts, rank, stored));
}

static bool is_op(const OnnxNode *node, const char *name) {
  return node && strcmp(node->row->name, name) == 0;
}

/* The permutation of a Transpose of this rank; reversed by default. */
static bool read_perm(OnnxNode *node, int rank, int *perm) {
  int64_t given[FUSE_MAX_RANK];
  bool seen[FUSE_MAX_RANK] = {false};
  int n;
  if (!o2t_attr_i64s(node, "perm", FUSE_MAX_RANK, given, &n))
    return false;
  if (n >= 0 && n != rank)
    return o2t_refuse(node, "perm has %d values; expected %d", n, rank);
  for (int i = 0; i < rank; i++) {
    int64_t axis = n < 0 ? rank - 1 - i : given[i];
    if (axis < 0 || axis >= rank || seen[axis])
      return o2t_refuse(node, "perm is not a permutation of %d axes", rank);
    seen[axis] = true;
    perm[i] = (int)axis;
  }
  return true;
}

/* A Reshape to `shape` that leads to a Transpose and a Reshape and nowhere else, where they only
 * take axes apart and put them together: all three in one, so that channels-last data stay so. *ok:
 * the result is set. False: it isn't such a chain; a node of it that can't be taken has been
 * refused. */
static bool regroup_chain(OnnxNode *node, int n, const int64_t *shape, bool *ok) {
  OnnxValue *x = node->in[0], *parts = node->out[0];
  OnnxNode *turn = mlirValueIsNull(parts->onnx) ? NULL : o2t_sole_user(node, parts);
  OnnxNode *merge = is_op(turn, "transpose") ? o2t_sole_user(node, turn->out[0]) : NULL;
  Regroup r = {.n = n};
  int64_t result[FUSE_MAX_RANK];
  int rank;
  if (!is_op(merge, "reshape") || merge->in[0] != turn->out[0] || o2t_known(x) ||
      (o2t_has(merge, 1) && !(merge->in[1]->ready && o2t_known(merge->in[1]))) ||
      !match_parts(n, shape, x->tensor.rank, x->tensor.shape, r.from) ||
      !read_perm(turn, n, r.perm))
    return false;
  FuseTensor *permuted = &turn->out[0]->tensor;
  *permuted = (FuseTensor){.dtype = x->tensor.dtype, .rank = n};
  for (int k = 0; k < n; k++) {
    r.size[k] = shape[k];
    permuted->shape[k] = shape[r.perm[k]];
  }
  if (!read_shape(merge, &rank, result) || !match_parts(n, permuted->shape, rank, result, r.to))
    return false;
  turn->done = merge->done = true;
  node->end = merge;
  *ok = set_regrouped(node, x, &r, merge->out[0], rank, result);
  return true;
}

bool o2t_reshape_op(OnnxNode *node) {
  int64_t shape[FUSE_MAX_RANK];
  int n;
  bool ok;
  if (!read_shape(node, &n, shape))
    return false;
  return regroup_chain(node, n, shape, &ok) ? ok : set_reshaped(node, n, shape);
}

bool o2t_flatten(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t axis, shape[2] = {1, 1};
  if (!o2t_attr_i64(node, "axis", 1, &axis))
    return false;
  if (axis != x->rank && !o2t_axis(node, x->rank, &axis))
    return false;
  for (int d = 0; d < x->rank; d++)
    shape[d < axis ? 0 : 1] *= x->shape[d];
  return set_reshaped(node, 2, shape);
}

/* Axes: an attribute before opset 13, input 1 since. *n = -1: not given. */
static bool read_axes(OnnxNode *node, int rank, int64_t *axes, int *n) {
  if (!o2t_attr_i64s(node, "axes", FUSE_MAX_RANK, axes, n) ||
      (o2t_has(node, 1) && !o2t_input_i64s(node, 1, FUSE_MAX_RANK, axes, n)))
    return false;
  for (int i = 0; i < *n; i++)
    if (!o2t_axis(node, rank, &axes[i]))
      return false;
  return true;
}

bool o2t_squeeze(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t axes[FUSE_MAX_RANK], shape[FUSE_MAX_RANK];
  int n, source[FUSE_MAX_RANK], rank = 0;
  bool removed[FUSE_MAX_RANK];
  if (!read_axes(node, x->rank, axes, &n))
    return false;
  for (int d = 0; d < x->rank; d++)
    removed[d] = n < 0 && x->shape[d] == 1;
  for (int i = 0; i < n; i++) {
    if (x->shape[axes[i]] != 1)
      return o2t_refuse(node, "axis %lld has %lld elements; expected 1", (long long)axes[i],
                        (long long)x->shape[axes[i]]);
    removed[axes[i]] = true;
  }
  for (int d = 0; d < x->rank; d++)
    if (!removed[d])
      source[rank] = d, shape[rank++] = x->shape[d];
  return o2t_set_permuted(node, rank, shape, source);
}

bool o2t_unsqueeze(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t axes[FUSE_MAX_RANK], shape[FUSE_MAX_RANK];
  int n, source[FUSE_MAX_RANK], next = 0;
  bool added[FUSE_MAX_RANK] = {0};
  if (!o2t_attr_i64s(node, "axes", FUSE_MAX_RANK, axes, &n) ||
      (o2t_has(node, 1) && !o2t_input_i64s(node, 1, FUSE_MAX_RANK, axes, &n)))
    return false;
  if (n < 0)
    return o2t_refuse(node, "no axes are given");
  if (x->rank + n > FUSE_MAX_RANK)
    return o2t_refuse(node, "a result of rank %d; expected at most %d", x->rank + n, FUSE_MAX_RANK);
  for (int i = 0; i < n; i++) {
    if (!o2t_axis(node, x->rank + n, &axes[i]))
      return false;
    if (added[axes[i]])
      return o2t_refuse(node, "axis %lld is given twice", (long long)axes[i]);
    added[axes[i]] = true;
  }
  for (int j = 0; j < x->rank + n; j++) {
    source[j] = added[j] ? -1 : next++;
    shape[j] = added[j] ? 1 : x->shape[source[j]];
  }
  return o2t_set_permuted(node, x->rank + n, shape, source);
}

bool o2t_transpose_op(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t shape[FUSE_MAX_RANK];
  int perm[FUSE_MAX_RANK];
  if (!read_perm(node, x->rank, perm))
    return false;
  for (int j = 0; j < x->rank; j++)
    shape[j] = x->shape[perm[j]];
  return o2t_set_permuted(node, x->rank, shape, perm);
}

/* ---- blocks of an image ---- */

static bool read_blocks(OnnxNode *node, int64_t *block) {
  int rank = node->in[0]->tensor.rank;
  if (!o2t_attr_i64(node, "blocksize", 0, block))
    return false;
  if (rank != 4 || *block < 1 || *block > INT32_MAX)
    return o2t_refuse(node, "blocksize = %lld and rank %d; expected at least 1, and 4",
                      (long long)*block, rank);
  return true;
}

/* An image as six parts, permuted, as an image again. */
static bool set_blocks(OnnxNode *node, const int64_t *parts, const int *from, const int *perm,
                       const int *to, const int64_t *shape) {
  Regroup r = {.n = 6};
  memcpy(r.size, parts, 6 * sizeof *parts);
  memcpy(r.from, from, 6 * sizeof *from);
  memcpy(r.perm, perm, 6 * sizeof *perm);
  memcpy(r.to, to, 6 * sizeof *to);
  return set_regrouped(node, node->in[0], &r, node->out[0], 4, shape);
}

/* The block's place is the outer part of a channel (DCR), or the inner one (CRD, since opset 11).
 */
bool o2t_depth_to_space(OnnxNode *node) {
  const int64_t *s = node->in[0]->tensor.shape;
  int64_t b;
  const char *mode;
  if (!read_blocks(node, &b) || !o2t_attr_str(node, "mode", "DCR", &mode))
    return false;
  bool dcr = strcmp(mode, "DCR") == 0;
  if ((!dcr && strcmp(mode, "CRD") != 0) || s[1] % (b * b))
    return o2t_refuse(node,
                      "mode \"%s\" and %lld channels; expected DCR or CRD, and a multiple of %lld",
                      mode, (long long)s[1], (long long)(b * b));
  int64_t c = s[1] / (b * b), shape[] = {s[0], c, s[2] * b, s[3] * b};
  static const int from[] = {0, 1, 1, 1, 2, 3}, to[] = {0, 1, 2, 2, 3, 3};
  if (dcr)
    return set_blocks(node, (int64_t[]){s[0], b, b, c, s[2], s[3]}, from,
                      (const int[]){0, 3, 4, 1, 5, 2}, to, shape);
  return set_blocks(node, (int64_t[]){s[0], c, b, b, s[2], s[3]}, from,
                    (const int[]){0, 1, 4, 2, 5, 3}, to, shape);
}

/* The same the other way round; mode since opset 26. */
bool o2t_space_to_depth(OnnxNode *node) {
  static const int from[] = {0, 1, 2, 2, 3, 3}, to[] = {0, 1, 1, 1, 2, 3};
  static const int dcr[] = {0, 3, 5, 1, 2, 4}, crd[] = {0, 1, 3, 5, 2, 4};
  const int64_t *s = node->in[0]->tensor.shape;
  int64_t b;
  const char *mode;
  if (!read_blocks(node, &b) || !o2t_attr_str(node, "mode", "DCR", &mode))
    return false;
  const int *perm = strcmp(mode, "DCR") == 0 ? dcr : strcmp(mode, "CRD") == 0 ? crd : NULL;
  if (!perm)
    return o2t_refuse(node, "mode \"%s\"; expected DCR or CRD", mode);
  if (s[2] % b || s[3] % b)
    return o2t_refuse(node, "an image of %lld x %lld; expected multiples of %lld", (long long)s[2],
                      (long long)s[3], (long long)b);
  return set_blocks(node, (int64_t[]){s[0], s[1], s[2] / b, b, s[3] / b, b}, from, perm, to,
                    (int64_t[]){s[0], s[1] * b * b, s[2] / b, s[3] / b});
}

/* ---- repetition ---- */

bool o2t_tile_op(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t repeats[FUSE_MAX_RANK], multiples[FUSE_MAX_RANK];
  int n, order[FUSE_MAX_RANK];
  if (!o2t_input_i64s(node, 1, FUSE_MAX_RANK, repeats, &n))
    return false;
  if (n != x->rank)
    return o2t_refuse(node, "%d repeats; expected %d", n, x->rank);
  OnnxLayout layout = o2t_choose(node, x->rank);
  o2t_order(layout, x->rank, order);
  for (int p = 0; p < x->rank; p++) {
    multiples[p] = repeats[order[p]];
    if (multiples[p] < 0 || multiples[p] > INT32_MAX)
      return o2t_refuse(node, "%lld repeats; expected 0 to %d", (long long)multiples[p], INT32_MAX);
  }
  Term *y = o2t_tile(node, o2t_get(node, node->in[0], layout), multiples);
  return o2t_set(node, 0, layout, y);
}

bool o2t_expand(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t wanted[FUSE_MAX_RANK], multiples[FUSE_MAX_RANK];
  int n;
  if (!input_shape(node, wanted, &n))
    return false;
  int rank = (int)fuse_max(n, x->rank);
  for (int d = 0; d < rank; d++) {
    int64_t have = d < rank - x->rank ? 1 : x->shape[d - (rank - x->rank)];
    int64_t want = d < rank - n ? 1 : wanted[d - (rank - n)];
    if (have != want && have != 1 && want != 1)
      return o2t_refuse(node, "%lld elements on axis %d don't broadcast to %lld", (long long)have,
                        d, (long long)want);
    multiples[d] = have == 1 ? want : 1;
    if (multiples[d] < 0 || multiples[d] > INT32_MAX)
      return o2t_refuse(node, "an axis of %lld; expected 0 to %d", (long long)want, INT32_MAX);
  }
  Term *y = o2t_get_ranked(node, node->in[0], rank, LAYOUT_ONNX);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_tile(node, y, multiples));
}
