// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build_move.c - builders that move elements: reshape, transpose, slice, reverse, tile, concat,
 * pad. */
#include <string.h>

#include "build_private.h"

/* The op that makes value, if it is called name. */
static bool made_by(MlirValue value, const char *name, MlirOperation *op) {
  if (!mlirValueIsAOpResult(value))
    return false;
  *op = mlirOpResultGetOwner(value);
  return fuse_op_is(*op, name);
}

static bool same_shape(const FuseTensor *tensor, int rank, const int64_t *shape) {
  return tensor->rank == rank &&
         (rank == 0 || memcmp(tensor->shape, shape, (size_t)rank * sizeof *shape) == 0);
}

Term *o2t_reshape(OnnxNode *node, Term *x, int rank, const int64_t *shape) {
  if (!x || same_shape(&x->tensor, rank, shape))
    return x;
  Term *term = o2t_new_term(node->conversion, x->tensor.dtype, rank, shape);
  if (!fuse_tensor_set_size(&term->tensor)) { /* huge, but for a 0 in it */
    o2t_refuse(node, "the result is too large");
    return NULL;
  }
  FUSE_ASSERT(fuse_tensor_elems(&term->tensor) == fuse_tensor_elems(&x->tensor));
  if (o2t_is_known(x)) {
    term->tensor.data = x->tensor.data;
    term->key = x->key;
    return term;
  }
  MlirOperation before;
  MlirValue from = x->value;
  if (made_by(from, "tosa.reshape", &before)) /* a reshape of a reshape is one */
    from = mlirOperationGetOperand(before, 0);
  Term *source = o2t_term(node->conversion, from);
  if (same_shape(&source->tensor, rank, shape))
    return source;
  MlirValue operands[] = {from, o2t_shape_value(node, rank, shape)};
  return o2t_op(node, "tosa.reshape", x->tensor.dtype, rank, shape, 2, operands, 0, NULL);
}

/* Do only axes of size 1 change places? */
static bool moves_ones_only(const FuseTensor *tensor, const int *perm) {
  int last = -1;
  for (int i = 0; i < tensor->rank; i++) {
    if (tensor->shape[perm[i]] == 1)
      continue;
    if (perm[i] < last)
      return false;
    last = perm[i];
  }
  return true;
}

Term *o2t_transpose(OnnxNode *node, Term *x, const int *perm) {
  if (!x)
    return NULL;
  int rank = x->tensor.rank;
  int64_t shape[FUSE_MAX_RANK], strides[FUSE_MAX_RANK], picked[FUSE_MAX_RANK];
  o2t_strides(rank, x->tensor.shape, strides);
  for (int d = 0; d < rank; d++)
    shape[d] = x->tensor.shape[perm[d]], picked[d] = strides[perm[d]];
  if (moves_ones_only(&x->tensor, perm))
    return o2t_reshape(node, x, rank, shape);
  if (o2t_is_known(x)) {
    FuseTensor result;
    return o2t_fold_strided(node, &x->tensor, rank, shape, 0, picked, &result)
               ? o2t_folded(node, &result, x->key)
               : NULL;
  }
  int32_t perms[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    perms[d] = perm[d];
  MlirNamedAttribute attr = fuse_attr(node->conversion->context, "perms",
                                      mlirDenseI32ArrayGet(node->conversion->context, rank, perms));
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, "tosa.transpose", x->tensor.dtype, rank, shape, 1, &operand, 1, &attr);
}

Term *o2t_slice(OnnxNode *node, Term *x, const int64_t *start, const int64_t *size) {
  if (!x || same_shape(&x->tensor, x->tensor.rank, size))
    return x;
  int rank = x->tensor.rank;
  if (o2t_is_known(x)) {
    int64_t strides[FUSE_MAX_RANK], offset = 0;
    o2t_strides(rank, x->tensor.shape, strides);
    for (int d = 0; d < rank; d++)
      offset += start[d] * strides[d];
    FuseTensor result;
    return o2t_fold_strided(node, &x->tensor, rank, size, offset, strides, &result)
               ? o2t_folded(node, &result, x->key)
               : NULL;
  }
  MlirValue operands[] = {o2t_emit(node, x), o2t_shape_value(node, rank, start),
                          o2t_shape_value(node, rank, size)};
  return o2t_op(node, "tosa.slice", x->tensor.dtype, rank, size, 3, operands, 0, NULL);
}

Term *o2t_slice_axis(OnnxNode *node, Term *x, int axis, int64_t start, int64_t size) {
  if (!x)
    return NULL;
  int64_t starts[FUSE_MAX_RANK] = {0}, sizes[FUSE_MAX_RANK];
  memcpy(sizes, x->tensor.shape, sizeof sizes);
  starts[axis] = start, sizes[axis] = size;
  return o2t_slice(node, x, starts, sizes);
}

Term *o2t_reverse(OnnxNode *node, Term *x, int axis) {
  if (!x || x->tensor.shape[axis] == 1)
    return x;
  int rank = x->tensor.rank;
  if (o2t_is_known(x)) {
    int64_t strides[FUSE_MAX_RANK];
    o2t_strides(rank, x->tensor.shape, strides);
    int64_t offset = (x->tensor.shape[axis] - 1) * strides[axis];
    strides[axis] = -strides[axis];
    FuseTensor result;
    return o2t_fold_strided(node, &x->tensor, rank, x->tensor.shape, offset, strides, &result)
               ? o2t_folded(node, &result, x->key)
               : NULL;
  }
  MlirNamedAttribute attr = o2t_axis_attr(node->conversion, axis);
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, "tosa.reverse", x->tensor.dtype, rank, x->tensor.shape, 1, &operand, 1,
                &attr);
}

/* Known x repeated along one axis: seen as outer, (repeats), inner. */
static Term *tile_known(OnnxNode *node, Term *x, int axis, int64_t repeats) {
  int64_t outer = 1, inner = 1, shape[FUSE_MAX_RANK];
  if (!x || repeats == 1)
    return x;
  for (int d = 0; d < x->tensor.rank; d++)
    *(d < axis ? &outer : &inner) *= x->tensor.shape[d];
  memcpy(shape, x->tensor.shape, sizeof shape);
  FuseTensor result;
  if (__builtin_mul_overflow(shape[axis], repeats, &shape[axis])) {
    o2t_refuse(node, "the result is too large");
    return NULL;
  }
  if (!o2t_fold_strided(node, &x->tensor, 3, (int64_t[]){outer, repeats, inner}, 0,
                        (int64_t[]){inner, 0, 1}, &result))
    return NULL;
  return o2t_reshape(node, o2t_folded(node, &result, x->key), x->tensor.rank, shape);
}

Term *o2t_tile(OnnxNode *node, Term *x, const int64_t *multiples) {
  if (!x)
    return NULL;
  int rank = x->tensor.rank;
  if (o2t_is_known(x)) {
    for (int d = 0; d < rank; d++)
      x = tile_known(node, x, d, multiples[d]);
    return x;
  }
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    if (__builtin_mul_overflow(x->tensor.shape[d], multiples[d], &shape[d])) {
      o2t_refuse(node, "the result is too large");
      return NULL;
    }
  if (same_shape(&x->tensor, rank, shape))
    return x;
  MlirValue operands[] = {o2t_emit(node, x), o2t_shape_value(node, rank, multiples)};
  return o2t_op(node, "tosa.tile", x->tensor.dtype, rank, shape, 2, operands, 0, NULL);
}

/* The terms that add something, in order; all of them where none does. */
static int drop_empty(int n, Term *const *terms, int axis, Term **kept) {
  int n_kept = 0;
  for (int i = 0; i < n; i++)
    if (terms[i]->tensor.shape[axis] > 0)
      kept[n_kept++] = terms[i];
  if (n_kept == 0)
    for (; n_kept < n; n_kept++)
      kept[n_kept] = terms[n_kept];
  return n_kept;
}

Term *o2t_concat(OnnxNode *node, int n_terms, Term *const *all, int axis) {
  bool known = true;
  for (int i = 0; i < n_terms; i++) {
    if (!all[i])
      return NULL;
    known = known && o2t_is_known(all[i]);
  }
  Term **terms = fuse_alloc_array(node->conversion->scratch, (size_t)n_terms, sizeof *terms);
  const int n = drop_empty(n_terms, all, axis, terms);
  if (n == 1)
    return terms[0];
  if (known) {
    FuseTensor result;
    return o2t_fold_concat(node, n, terms, axis, &result) ? o2t_folded(node, &result, NULL) : NULL;
  }
  int64_t shape[FUSE_MAX_RANK];
  memcpy(shape, terms[0]->tensor.shape, sizeof shape);
  MlirValue *operands = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *operands);
  shape[axis] = 0;
  for (int i = 0; i < n; i++) {
    operands[i] = o2t_emit(node, terms[i]);
    if (__builtin_add_overflow(shape[axis], terms[i]->tensor.shape[axis], &shape[axis])) {
      o2t_refuse(node, "the result is too large");
      return NULL;
    }
  }
  MlirNamedAttribute attr = o2t_axis_attr(node->conversion, axis);
  return o2t_op(node, "tosa.concat", terms[0]->tensor.dtype, terms[0]->tensor.rank, shape, n,
                operands, 1, &attr);
}

Term *o2t_pad(OnnxNode *node, Term *x, const int64_t *pads, Term *value) {
  if (!x || !value)
    return NULL;
  int rank = x->tensor.rank;
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    if (__builtin_add_overflow(pads[2 * d], pads[2 * d + 1], &shape[d]) ||
        __builtin_add_overflow(shape[d], x->tensor.shape[d], &shape[d])) {
      o2t_refuse(node, "the result is too large");
      return NULL;
    }
  if (same_shape(&x->tensor, rank, shape))
    return x;
  if (o2t_is_known(x) && o2t_is_known(value)) {
    FuseTensor result;
    return o2t_fold_pad(node, &x->tensor, pads, &value->tensor, &result)
               ? o2t_folded(node, &result, x->key)
               : NULL;
  }
  int64_t one = 1;
  value = o2t_reshape(node, value, 1, &one);
  if (fuse_tensor_elems(&x->tensor) == 0) { /* nothing but padding */
    int64_t ones[FUSE_MAX_RANK];
    for (int d = 0; d < rank; d++)
      ones[d] = 1;
    return o2t_tile(node, o2t_reshape(node, value, rank, ones), shape);
  }
  MlirValue operands[] = {o2t_emit(node, x), o2t_shape_value(node, 2 * rank, pads),
                          o2t_emit(node, value)};
  return o2t_op(node, "tosa.pad", x->tensor.dtype, rank, shape, 3, operands, 0, NULL);
}
