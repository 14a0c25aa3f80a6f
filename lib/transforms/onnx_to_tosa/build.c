// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build.c - one function per TOSA op: evaluates when every operand is known, emits otherwise.
 *
 * needs: operands of equal rank; NULL operands (a builder refused) give NULL
 * gives: static result types; ops at the node's location
 */
#include <stdio.h>
#include <string.h>

#include "quant.h"

/* ---- terms ---- */

static Term *new_term(Conversion *conversion, FuseDtype dtype, int rank, const int64_t *shape) {
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  term->tensor.dtype = dtype;
  term->tensor.rank = rank;
  if (rank > 0)
    memcpy(term->tensor.shape, shape, (size_t)rank * sizeof *shape);
  return term;
}

Term *o2t_term(Conversion *conversion, MlirValue value) {
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  bool ok = fuse_type_tensor(mlirValueGetType(value), &term->tensor);
  FUSE_ASSERT(ok);
  term->value = value;
  return term;
}

Term *o2t_constant(Conversion *conversion, const FuseTensor *tensor, const char *key) {
  static const char nothing;
  FUSE_ASSERT(tensor->data || tensor->size_bytes == 0);
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  term->tensor = *tensor;
  if (!tensor->data) /* of an empty constant; data says that the value is known */
    term->tensor.data = &nothing;
  term->key = key;
  return term;
}

Term *o2t_scalar(OnnxNode *node, FuseDtype dtype, int rank, double value) {
  double *data = fuse_alloc(fuse_ir_arena(node->conversion->ir), sizeof *data);
  *data = value;
  FuseTensor tensor = {.dtype = FUSE_F64, .rank = rank, .data = data, .size_bytes = sizeof *data};
  for (int d = 0; d < rank; d++)
    tensor.shape[d] = 1;
  return o2t_cast(node, o2t_constant(node->conversion, &tensor, "scalar"), dtype);
}

Term *o2t_vector(OnnxNode *node, int64_t n, const double *values) {
  FuseTensor result;
  void *data;
  if (!o2t_new_tensor(node, FUSE_F32, 1, &n, &result, &data))
    return NULL;
  for (int64_t i = 0; i < n; i++)
    ((float *)data)[i] = (float)values[i];
  return o2t_constant(node->conversion, &result, "vector");
}

static Term *folded(OnnxNode *node, const FuseTensor *tensor, const char *key) {
  return o2t_constant(node->conversion, tensor, key ? key : "folded");
}

static bool is_known(const Term *term) {
  return term->tensor.data != NULL;
}

MlirValue o2t_emit(OnnxNode *node, Term *term) {
  Conversion *conversion = node->conversion;
  if (!term->value.ptr)
    term->value = fuse_build_const(conversion->ir, conversion->rw, node->loc, &term->tensor,
                                   term->key ? term->key : "constant");
  return term->value;
}

static const char *shape_text(OnnxNode *node, const FuseTensor *tensor) {
  char buffer[160];
  return fuse_strdup(node->conversion->scratch, fuse_tensor_type(tensor, buffer, sizeof buffer));
}

/* ---- emitting ---- */

Term *o2t_op(OnnxNode *node, const char *name, FuseDtype dtype, int rank, const int64_t *shape,
             int n_operands, const MlirValue *operands, int n_attrs,
             const MlirNamedAttribute *attrs) {
  Conversion *conversion = node->conversion;
  Term *term = new_term(conversion, dtype, rank, shape);
  if (!fuse_tensor_set_size(&term->tensor) || term->tensor.size_bytes > INT64_MAX / 2) {
    o2t_refuse(node, "a result of %s is too large", shape_text(node, &term->tensor));
    return NULL;
  }
  MlirType type = fuse_tensor_type_get(fuse_type_of(conversion->context, dtype), rank, shape);
  term->value =
      fuse_build(conversion->rw, node->loc, name, n_operands, operands, n_attrs, attrs, type);
  return term;
}

static MlirNamedAttribute attr_axis(Conversion *conversion, int axis) {
  MlirType i32 = mlirIntegerTypeGet(conversion->context, 32);
  return fuse_attr(conversion->context, "axis", mlirIntegerAttrGet(i32, axis));
}

MlirValue o2t_shape_value(OnnxNode *node, int n, const int64_t *values) {
  return fuse_build_shape(node->conversion->rw, node->loc, n, values);
}

MlirValue o2t_zero_f32(OnnxNode *node) {
  Conversion *conversion = node->conversion;
  if (!conversion->zero_f32.ptr)
    conversion->zero_f32 = o2t_emit(node, o2t_scalar(node, FUSE_F32, 1, 0));
  return conversion->zero_f32;
}

MlirValue o2t_zero(OnnxNode *node, const int64_t *zero) {
  return zero ? o2t_emit(node, o2t_integers(node, FUSE_I8, 1, zero)) : o2t_zero_f32(node);
}

static MlirValue zero_i8(OnnxNode *node) {
  static const int8_t zero = 0;
  Conversion *conversion = node->conversion;
  FuseTensor tensor = {.dtype = FUSE_I8, .rank = 1, .shape = {1}, .data = &zero, .size_bytes = 1};
  if (!conversion->zero_i8.ptr)
    conversion->zero_i8 = o2t_emit(node, o2t_constant(conversion, &tensor, "shift"));
  return conversion->zero_i8;
}

/* ---- data movement ---- */

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
  Term *term = new_term(node->conversion, x->tensor.dtype, rank, shape);
  FUSE_ASSERT(fuse_tensor_set_size(&term->tensor) &&
              fuse_tensor_elems(&term->tensor) == fuse_tensor_elems(&x->tensor));
  if (is_known(x)) {
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
  if (is_known(x)) {
    FuseTensor result;
    return o2t_fold_strided(node, &x->tensor, rank, shape, 0, picked, &result)
               ? folded(node, &result, x->key)
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
  if (is_known(x)) {
    int64_t strides[FUSE_MAX_RANK], offset = 0;
    o2t_strides(rank, x->tensor.shape, strides);
    for (int d = 0; d < rank; d++)
      offset += start[d] * strides[d];
    FuseTensor result;
    return o2t_fold_strided(node, &x->tensor, rank, size, offset, strides, &result)
               ? folded(node, &result, x->key)
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
  if (is_known(x)) {
    int64_t strides[FUSE_MAX_RANK];
    o2t_strides(rank, x->tensor.shape, strides);
    int64_t offset = (x->tensor.shape[axis] - 1) * strides[axis];
    strides[axis] = -strides[axis];
    FuseTensor result;
    return o2t_fold_strided(node, &x->tensor, rank, x->tensor.shape, offset, strides, &result)
               ? folded(node, &result, x->key)
               : NULL;
  }
  MlirNamedAttribute attr = attr_axis(node->conversion, axis);
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
  return o2t_reshape(node, folded(node, &result, x->key), x->tensor.rank, shape);
}

Term *o2t_tile(OnnxNode *node, Term *x, const int64_t *multiples) {
  if (!x)
    return NULL;
  int rank = x->tensor.rank;
  if (is_known(x)) {
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

Term *o2t_concat(OnnxNode *node, int n, Term *const *terms, int axis) {
  bool known = true;
  for (int i = 0; i < n; i++) {
    if (!terms[i])
      return NULL;
    known = known && is_known(terms[i]);
  }
  if (n == 1)
    return terms[0];
  if (known) {
    FuseTensor result;
    return o2t_fold_concat(node, n, terms, axis, &result) ? folded(node, &result, NULL) : NULL;
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
  MlirNamedAttribute attr = attr_axis(node->conversion, axis);
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
  if (is_known(x) && is_known(value)) {
    FuseTensor result;
    return o2t_fold_pad(node, &x->tensor, pads, &value->tensor, &result)
               ? folded(node, &result, x->key)
               : NULL;
  }
  int64_t one = 1;
  value = o2t_reshape(node, value, 1, &one);
  MlirValue operands[] = {o2t_emit(node, x), o2t_shape_value(node, 2 * rank, pads),
                          o2t_emit(node, value)};
  return o2t_op(node, "tosa.pad", x->tensor.dtype, rank, shape, 3, operands, 0, NULL);
}

/* ---- arithmetic ---- */

static bool broadcast(OnnxNode *node, const FuseTensor *a, const FuseTensor *b, int64_t *shape) {
  FUSE_ASSERT(a->rank == b->rank);
  for (int d = 0; d < a->rank; d++) {
    if (a->shape[d] != b->shape[d] && a->shape[d] != 1 && b->shape[d] != 1)
      return o2t_refuse(node, "shapes %s and %s don't broadcast", shape_text(node, a),
                        shape_text(node, b));
    shape[d] = a->shape[d] == 1 ? b->shape[d] : a->shape[d];
  }
  return true;
}

static bool starts_with(const char *s, const char *prefix) {
  return strncmp(s, prefix, strlen(prefix)) == 0;
}

Term *o2t_binary(OnnxNode *node, const char *name, Term *a, Term *b) {
  if (!a || !b)
    return NULL;
  int64_t shape[FUSE_MAX_RANK] = {0};
  if (a->tensor.dtype != b->tensor.dtype) {
    o2t_refuse(node, "element types %s and %s; expected equal ones",
               fuse_dtype_name(a->tensor.dtype), fuse_dtype_name(b->tensor.dtype));
    return NULL;
  }
  if (!broadcast(node, &a->tensor, &b->tensor, shape))
    return NULL;
  int rank = a->tensor.rank;
  if (is_known(a) && is_known(b)) {
    FuseTensor result;
    return o2t_fold_binary(node, name, &a->tensor, &b->tensor, rank, shape, &result)
               ? folded(node, &result, NULL)
               : NULL;
  }
  bool compares = starts_with(name, "tosa.greater") || starts_with(name, "tosa.equal");
  MlirValue operands[3] = {o2t_emit(node, a), o2t_emit(node, b)};
  int n = 2;
  if (strcmp(name, "tosa.mul") == 0)
    operands[n++] = zero_i8(node);
  return o2t_op(node, name, compares ? FUSE_BOOL : a->tensor.dtype, rank, shape, n, operands, 0,
                NULL);
}

Term *o2t_unary(OnnxNode *node, const char *name, Term *x) {
  if (!x)
    return NULL;
  if (is_known(x)) {
    FuseTensor result;
    return o2t_fold_unary(node, name, &x->tensor, &result) ? folded(node, &result, x->key) : NULL;
  }
  MlirValue operands[3] = {o2t_emit(node, x)};
  int n = 1;
  if (strcmp(name, "tosa.negate") == 0)
    operands[1] = operands[2] = o2t_emit(node, o2t_scalar(node, x->tensor.dtype, 1, 0)), n = 3;
  return o2t_op(node, name, x->tensor.dtype, x->tensor.rank, x->tensor.shape, n, operands, 0, NULL);
}

Term *o2t_clamp(OnnxNode *node, Term *x, double low, double high) {
  if (!x)
    return NULL;
  if (is_known(x)) {
    FuseTensor result;
    return o2t_fold_clamp(node, &x->tensor, low, high, &result) ? folded(node, &result, x->key)
                                                                : NULL;
  }
  if (x->tensor.dtype != FUSE_F32) {
    int rank = x->tensor.rank;
    x = o2t_binary(node, "tosa.maximum", x, o2t_scalar(node, x->tensor.dtype, rank, low));
    return x ? o2t_binary(node, "tosa.minimum", x, o2t_scalar(node, x->tensor.dtype, rank, high))
             : NULL;
  }
  MlirContext context = node->conversion->context;
  MlirNamedAttribute attrs[] = {fuse_attr_f32(context, "min_val", low),
                                fuse_attr_f32(context, "max_val", high)};
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, "tosa.clamp", x->tensor.dtype, x->tensor.rank, x->tensor.shape, 1, &operand,
                2, attrs);
}

Term *o2t_select(OnnxNode *node, Term *condition, Term *yes, Term *no) {
  if (!condition || !yes || !no)
    return NULL;
  int rank = condition->tensor.rank;
  FuseTensor both = yes->tensor;
  int64_t shape[FUSE_MAX_RANK] = {0};
  if (yes->tensor.dtype != no->tensor.dtype) {
    o2t_refuse(node, "element types %s and %s; expected equal ones",
               fuse_dtype_name(yes->tensor.dtype), fuse_dtype_name(no->tensor.dtype));
    return NULL;
  }
  if (!broadcast(node, &yes->tensor, &no->tensor, both.shape) ||
      !broadcast(node, &both, &condition->tensor, shape))
    return NULL;
  if (is_known(condition) && is_known(yes) && is_known(no)) {
    FuseTensor result;
    return o2t_fold_select(node, &condition->tensor, &yes->tensor, &no->tensor, rank, shape,
                           &result)
               ? folded(node, &result, NULL)
               : NULL;
  }
  MlirValue operands[] = {o2t_emit(node, condition), o2t_emit(node, yes), o2t_emit(node, no)};
  return o2t_op(node, "tosa.select", yes->tensor.dtype, rank, shape, 3, operands, 0, NULL);
}

Term *o2t_reduce(OnnxNode *node, const char *name, Term *x, int axis) {
  if (!x || x->tensor.shape[axis] == 1)
    return x;
  if (is_known(x)) {
    FuseTensor result;
    return o2t_fold_reduce(node, name, &x->tensor, axis, &result) ? folded(node, &result, x->key)
                                                                  : NULL;
  }
  int64_t shape[FUSE_MAX_RANK];
  memcpy(shape, x->tensor.shape, sizeof shape);
  shape[axis] = 1;
  MlirNamedAttribute attr = attr_axis(node->conversion, axis);
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, name, x->tensor.dtype, x->tensor.rank, shape, 1, &operand, 1, &attr);
}

Term *o2t_cast(OnnxNode *node, Term *x, FuseDtype dtype) {
  if (!x || x->tensor.dtype == dtype)
    return x;
  if (is_known(x)) {
    FuseTensor result;
    return o2t_fold_cast(node, &x->tensor, dtype, &result) ? folded(node, &result, x->key) : NULL;
  }
  if (x->tensor.dtype == FUSE_BOOL || x->tensor.dtype == FUSE_I8 || x->tensor.dtype == FUSE_U8) {
    MlirValue operand = o2t_emit(node, x);
    return o2t_op(node, "tosa.cast", dtype, x->tensor.rank, x->tensor.shape, 1, &operand, 0, NULL);
  }
  o2t_refuse(node, "not supported yet: a conversion from %s to %s of a value that isn't constant",
             fuse_dtype_name(x->tensor.dtype), fuse_dtype_name(dtype));
  return NULL;
}

/* ---- convolution ---- */

Term *o2t_conv2d(OnnxNode *node, const char *name, Term *x, Term *w, Term *b,
                 const OnnxWindow *window, const int64_t *zeros) {
  if (!x || !w || !b)
    return NULL;
  MlirContext context = node->conversion->context;
  bool depthwise = strcmp(name, "tosa.depthwise_conv2d") == 0;
  const int64_t *ws = w->tensor.shape;
  int64_t shape[] = {x->tensor.shape[0], window->out[0], window->out[1],
                     depthwise ? ws[2] * ws[3] : ws[0]};
  MlirValue zero[2];
  for (int i = 0; i < 2; i++)
    zero[i] =
        zeros ? o2t_emit(node, o2t_integers(node, FUSE_I8, 1, &zeros[i])) : o2t_zero_f32(node);
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, w), o2t_emit(node, b), zero[0],
                          zero[1]};
  FuseDtype sum = zeros ? FUSE_I32 : FUSE_F32;
  MlirNamedAttribute attrs[] = {
      fuse_attr_i64s(context, "pad", 4, window->pads),
      fuse_attr_i64s(context, "stride", 2, window->stride),
      fuse_attr_i64s(context, "dilation", 2, window->dilation),
      fuse_attr(context, "acc_type", mlirTypeAttrGet(fuse_type_of(context, sum))),
  };
  return o2t_op(node, name, sum, 4, shape, 5, operands, 4, attrs);
}
