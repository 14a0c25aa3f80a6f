// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* graph.c - ONNX values in the layouts in which they exist, and how to get from one to another.
 *
 * gives: o2t_get and o2t_set, which all operators go through; no operator transposes by itself
 */
#include <stdio.h>
#include <string.h>

#include "quant.h"

bool o2t_refuse(OnnxNode *node, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const char *text = fuse_vformat(node->conversion->scratch, format, args);
  va_end(args);
  if (!node->refused) /* the first reason; what follows from it is noise */
    (void)fuse_op_error(node->op, "%s", text);
  node->refused = true;
  return false;
}

OnnxValue *o2t_value(Conversion *conversion, MlirValue onnx) {
  size_t slot = ((uintptr_t)onnx.ptr >> 4) % conversion->n_slots;
  while (conversion->slots[slot] && conversion->slots[slot]->onnx.ptr != onnx.ptr)
    slot = (slot + 1) % conversion->n_slots;
  if (!conversion->slots[slot]) {
    conversion->slots[slot] = fuse_alloc(conversion->scratch, sizeof(OnnxValue));
    conversion->slots[slot]->onnx = onnx;
  }
  return conversion->slots[slot];
}

bool o2t_has(const OnnxNode *node, int i) {
  return i < node->n_in && !node->in[i]->absent;
}

/* The value whose forms value is made from: itself, or the integers behind it. */
static const OnnxValue *stored(const OnnxValue *value) {
  for (int f = 0; f < N_LAYOUTS; f++)
    if (value->form[f])
      return value;
  return value->quant ? stored(value->quant->q) : value->shifted ? value->shifted : value;
}

bool o2t_known(const OnnxValue *value) {
  const Term *form = stored(value)->form[LAYOUT_ONNX];
  return form && form->tensor.data;
}

OnnxNode *o2t_sole_user(const OnnxNode *node, const OnnxValue *value) {
  MlirOpOperand use = mlirValueGetFirstUse(value->onnx);
  if (mlirOpOperandIsNull(use) || !mlirOpOperandIsNull(mlirOpOperandGetNextUse(use)))
    return NULL;
  MlirOperation user = mlirOpOperandGetOwner(use);
  if (mlirOperationGetNumResults(user) == 0)
    return NULL; /* func.return */
  OnnxNode *found = o2t_value(node->conversion, mlirOperationGetResult(user, 0))->node;
  return found->refused || found->done || !found->row ? NULL : found;
}

bool o2t_declared(const OnnxNode *node, int i, FuseTensor *tensor) {
  const MlirValue result = node->out[i]->onnx;
  return !mlirValueIsNull(result) && fuse_type_tensor(mlirValueGetType(result), tensor);
}

int64_t o2t_opset(const OnnxNode *node) {
  int64_t own; /* a node of a function that imports another one than the model */
  return fuse_get_i64(node->op, "opset_version", &own) ? own : node->conversion->opset;
}

/* ---- layouts ---- */

OnnxLayout o2t_last(int rank) {
  return rank < 3 ? LAYOUT_ONNX : LAYOUT_LAST;
}

void o2t_order(OnnxLayout layout, int rank, int *order) {
  FUSE_ASSERT(layout != LAYOUT_FLAT);
  for (int p = 0; p < rank; p++)
    order[p] = p;
  if (layout == LAYOUT_ONNX || rank < 3)
    return;
  for (int p = 1; p < rank - 1; p++)
    order[p] = p + 1;
  order[rank - 1] = 1;
}

int o2t_position(OnnxLayout layout, int rank, int axis) {
  int order[FUSE_MAX_RANK];
  o2t_order(layout, rank, order);
  for (int p = 0; p < rank; p++)
    if (order[p] == axis)
      return p;
  FUSE_ASSERT(!"axis is within the rank");
  return -1;
}

OnnxLayout o2t_choose(const OnnxNode *node, int rank) {
  int n_varying = 0;
  const OnnxValue *only = NULL;
  for (int i = 0; i < node->n_in; i++) {
    if (node->in[i]->absent || o2t_known(node->in[i]))
      continue;
    const OnnxValue *in = stored(node->in[i]);
    n_varying++;
    only = in;
    if (rank >= 3 && in->tensor.rank == rank && in->form[LAYOUT_LAST] && !in->form[LAYOUT_ONNX])
      return LAYOUT_LAST;
  }
  if (n_varying == 0)
    return LAYOUT_ONNX;
  if (node->n_in == 1 && only->form[LAYOUT_FLAT] && !only->form[LAYOUT_ONNX])
    return LAYOUT_FLAT;
  return rank >= 3 && node->out[0]->wants_last ? LAYOUT_LAST : LAYOUT_ONNX;
}

OnnxLayout o2t_choose_axes(const OnnxNode *node, int rank) {
  OnnxLayout layout = o2t_choose(node, rank);
  return layout == LAYOUT_FLAT ? LAYOUT_ONNX : layout;
}

/* From the axis order `from` (from[p] = axis at position p) to `to`. */
static Term *reorder(OnnxNode *node, Term *term, const int *from, const int *to) {
  int rank = term->tensor.rank, perm[FUSE_MAX_RANK] = {0};
  for (int p = 0; p < rank; p++)
    for (int q = 0; q < rank; q++)
      if (from[q] == to[p])
        perm[p] = q;
  return o2t_transpose(node, term, perm);
}

/* N x (H W C) as N x (C H W). */
static Term *unflatten(OnnxNode *node, OnnxValue *value) {
  int rank = value->flattened.rank, order[FUSE_MAX_RANK], onnx[FUSE_MAX_RANK];
  int64_t stored[FUSE_MAX_RANK];
  o2t_order(LAYOUT_LAST, rank, order);
  o2t_order(LAYOUT_ONNX, rank, onnx);
  for (int p = 0; p < rank; p++)
    stored[p] = value->flattened.shape[order[p]];
  Term *spread = o2t_reshape(node, value->form[LAYOUT_FLAT], rank, stored);
  return o2t_reshape(node, reorder(node, spread, order, onnx), 2, value->tensor.shape);
}

Term *o2t_get(OnnxNode *node, OnnxValue *value, OnnxLayout layout) {
  FUSE_ASSERT(value->ready && !value->absent);
  if (stored(value) != value) {
    OnnxLayout first = o2t_known(value) ? LAYOUT_ONNX : layout;
    value->form[first] = o2t_materialize(node, value, first);
  }
  if (value->form[layout])
    return value->form[layout];
  FUSE_ASSERT(layout != LAYOUT_FLAT);
  if (value->form[LAYOUT_FLAT] && !value->form[LAYOUT_ONNX])
    return value->form[LAYOUT_ONNX] = unflatten(node, value);
  OnnxLayout have = value->form[LAYOUT_ONNX] ? LAYOUT_ONNX : LAYOUT_LAST;
  int rank = value->tensor.rank, from[FUSE_MAX_RANK], to[FUSE_MAX_RANK];
  o2t_order(have, rank, from);
  o2t_order(layout, rank, to);
  return value->form[layout] = reorder(node, value->form[have], from, to);
}

void o2t_store(OnnxNode *node, OnnxValue *value) {
  const OnnxValue *behind = stored(value);
  if (value->absent || behind == value)
    return;
  bool last = behind->form[LAYOUT_LAST] && !behind->form[LAYOUT_ONNX];
  (void)o2t_get(node, value, last ? LAYOUT_LAST : LAYOUT_ONNX);
}

Term *o2t_get_placed(OnnxNode *node, OnnxValue *value, int rank, int first, OnnxLayout layout) {
  int own = value->tensor.rank;
  if (own == rank)
    return o2t_get(node, value, layout);
  FUSE_ASSERT(first >= 0 && first + own <= rank);
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    shape[d] = d < first || d >= first + own ? 1 : value->tensor.shape[d - first];
  Term *term = o2t_reshape(node, o2t_get(node, value, LAYOUT_ONNX), rank, shape);
  int from[FUSE_MAX_RANK], to[FUSE_MAX_RANK];
  o2t_order(LAYOUT_ONNX, rank, from);
  o2t_order(layout, rank, to);
  return term ? reorder(node, term, from, to) : NULL;
}

Term *o2t_get_ranked(OnnxNode *node, OnnxValue *value, int rank, OnnxLayout layout) {
  return o2t_get_placed(node, value, rank, rank - value->tensor.rank, layout);
}

bool o2t_set_value(OnnxNode *node, OnnxValue *value, OnnxLayout layout, Term *term) {
  const FuseDtype given = term ? term->tensor.dtype : FUSE_DTYPE_NONE;
  term = o2t_hold(node, value, term);
  if (!term || node->refused)
    return false;
  int rank = term->tensor.rank, order[FUSE_MAX_RANK], onnx[FUSE_MAX_RANK];
  value->tensor = (FuseTensor){.dtype = term->tensor.dtype, .rank = rank};
  if (given == term->tensor.dtype)
    o2t_inherit_half(node, value);
  if (layout == LAYOUT_LAST &&
      term->tensor.data) { /* what is known is looked for in ONNX's order */
    o2t_order(LAYOUT_LAST, rank, order);
    o2t_order(LAYOUT_ONNX, rank, onnx);
    term = reorder(node, term, order, onnx), layout = LAYOUT_ONNX;
    if (!term)
      return false;
  }
  if (layout == LAYOUT_FLAT) {
    memcpy(value->tensor.shape, term->tensor.shape, sizeof value->tensor.shape);
  } else {
    if (rank < 3)
      FUSE_ASSERT(layout == LAYOUT_ONNX);
    o2t_order(layout, rank, order);
    for (int p = 0; p < rank; p++)
      value->tensor.shape[order[p]] = term->tensor.shape[p];
  }
  if (!fuse_tensor_set_size(&value->tensor))
    return o2t_refuse(node, "the result is too large");
  value->form[layout] = term;
  value->ready = true;
  return true;
}

bool o2t_set(OnnxNode *node, int i, OnnxLayout layout, Term *term) {
  FUSE_ASSERT(i < node->n_out);
  if (layout == LAYOUT_FLAT)
    node->out[i]->flattened = node->in[0]->flattened;
  return o2t_set_value(node, node->out[i], layout, term);
}

bool o2t_alias(OnnxNode *node, int i, OnnxValue *from) {
  OnnxValue *out = node->out[i];
  out->tensor = from->tensor;
  out->flattened = from->flattened;
  memcpy(out->form, from->form, sizeof out->form);
  out->half = from->half;
  out->quant = from->quant;
  out->shifted = from->shifted;
  out->ready = true;
  return true;
}

/* Does going from one axis order to the other move axes of size 1 only? */
static bool is_free(int rank, const int64_t *shape, const int *from, const int *to) {
  int p = 0, q = 0;
  for (;;) {
    while (p < rank && shape[from[p]] == 1)
      p++;
    while (q < rank && shape[to[q]] == 1)
      q++;
    if (p == rank || q == rank)
      return p == q;
    if (from[p++] != to[q++])
      return false;
  }
}

/* The axis order of result axes that form `layout` of input 0 already has. */
static void result_order(const OnnxNode *node, OnnxLayout layout, int rank, const int *source,
                         int *order) {
  int in_rank = node->in[0]->tensor.rank, in_order[FUSE_MAX_RANK], n = 0;
  o2t_order(layout, in_rank, in_order);
  for (int p = 0; p < in_rank; p++)
    for (int j = 0; j < rank; j++)
      if (source[j] == in_order[p])
        order[n++] = j;
  for (int j = 0; j < rank; j++)
    if (source[j] < 0)
      order[n++] = j;
  FUSE_ASSERT(n == rank);
}

bool o2t_set_permuted(OnnxNode *node, int rank, const int64_t *shape, const int *source) {
  OnnxValue *in = node->in[0];
  if (in->form[LAYOUT_FLAT])
    (void)o2t_get(node, in, LAYOUT_ONNX);
  bool known = o2t_known(in);
  OnnxLayout first = !known && node->out[0]->wants_last ? o2t_last(rank) : LAYOUT_ONNX;
  OnnxLayout targets[] = {first, first == LAYOUT_ONNX && !known ? o2t_last(rank) : LAYOUT_ONNX};
  int order[FUSE_MAX_RANK] = {0}, to[FUSE_MAX_RANK];
  OnnxLayout have = LAYOUT_ONNX, want = first;
  bool found = false;
  for (int t = 0; t < 2 && !found; t++) {
    o2t_order(targets[t], rank, to);
    for (OnnxLayout f = LAYOUT_ONNX; f <= LAYOUT_LAST && !found; f++) {
      if (!in->form[f] || (known && f != LAYOUT_ONNX))
        continue;
      have = f, want = targets[t];
      result_order(node, f, rank, source, order);
      found = is_free(rank, shape, order, to);
    }
  }
  if (!found) {
    have = in->form[LAYOUT_ONNX] ? LAYOUT_ONNX : LAYOUT_LAST, want = first;
    result_order(node, have, rank, source, order);
  }
  int64_t stored[FUSE_MAX_RANK];
  for (int p = 0; p < rank; p++)
    stored[p] = shape[order[p]];
  Term *term = o2t_reshape(node, in->form[have], rank, stored);
  o2t_order(want, rank, to);
  return o2t_set(node, 0, want, term ? reorder(node, term, order, to) : NULL);
}
