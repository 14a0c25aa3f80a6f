// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build.c - one function per TOSA op: evaluates when every operand is known, emits otherwise.
 *
 * needs: operands of equal rank; NULL operands (a builder refused) give NULL
 * gives: static result types; ops at the node's location
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "quant.h"

/* ---- terms ---- */

Term *o2t_new_term(Conversion *conversion, FuseDtype dtype, int rank, const int64_t *shape) {
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  term->tensor.dtype = dtype;
  term->tensor.rank = rank;
  if (rank > 0)
    memcpy(term->tensor.shape, shape, (size_t)rank * sizeof *shape);
  return term;
}

/* Where a tensor has no elements, all of it is known: data says so. True if it is one. */
static bool know_empty(FuseTensor *tensor) {
  static const char nothing;
  if (tensor->size_bytes == 0 && !tensor->data)
    tensor->data = &nothing;
  return tensor->size_bytes == 0;
}

Term *o2t_term(Conversion *conversion, MlirValue value) {
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  bool ok = fuse_type_tensor(mlirValueGetType(value), &term->tensor);
  FUSE_ASSERT(ok);
  (void)know_empty(&term->tensor);
  term->value = value;
  return term;
}

Term *o2t_constant(Conversion *conversion, const FuseTensor *tensor, const char *key) {
  FUSE_ASSERT(tensor->data || tensor->size_bytes == 0);
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  term->tensor = *tensor;
  (void)know_empty(&term->tensor);
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

Term *o2t_fill(OnnxNode *node, FuseDtype dtype, int rank, const int64_t *shape, double value) {
  static const int64_t same[FUSE_MAX_RANK];
  FuseTensor result;
  Term *one = o2t_scalar(node, dtype, 0, value);
  return one && o2t_fold_strided(node, &one->tensor, rank, shape, 0, same, &result)
             ? o2t_constant(node->conversion, &result, "filled")
             : NULL;
}

Term *o2t_vector(OnnxNode *node, FuseDtype dtype, int64_t n, const double *values) {
  FuseTensor result;
  void *data;
  FUSE_ASSERT(dtype == FUSE_F32 || dtype == FUSE_F64);
  if (!o2t_new_tensor(node, dtype, 1, &n, &result, &data))
    return NULL;
  for (int64_t i = 0; i < n; i++)
    if (dtype == FUSE_F64)
      ((double *)data)[i] = values[i];
    else
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

/* TOSA's ops have at least one element everywhere. What would read none and give some must have
 * been computed. */
static bool check_operands(OnnxNode *node, const char *name, int n, const MlirValue *operands) {
  FuseTensor x;
  for (int i = 0; i < n; i++)
    if (fuse_type_tensor(mlirValueGetType(operands[i]), &x) && x.size_bytes == 0)
      return o2t_refuse(node, "not supported yet: %s of no elements (%s)", name,
                        shape_text(node, &x));
  return true;
}

Term *o2t_op(OnnxNode *node, const char *name, FuseDtype dtype, int rank, const int64_t *shape,
             int n_operands, const MlirValue *operands, int n_attrs,
             const MlirNamedAttribute *attrs) {
  Conversion *conversion = node->conversion;
  Term *term = o2t_new_term(conversion, dtype, rank, shape);
  if (!fuse_tensor_set_size(&term->tensor) || term->tensor.size_bytes > INT64_MAX / 2) {
    o2t_refuse(node, "a result of %s is too large", shape_text(node, &term->tensor));
    return NULL;
  }
  if (know_empty(&term->tensor))
    return term;
  if (!check_operands(node, name, n_operands, operands))
    return NULL;
  MlirType type = fuse_tensor_type_get(fuse_type_of(conversion->context, dtype), rank, shape);
  term->value =
      fuse_build(conversion->rw, node->loc, name, n_operands, operands, n_attrs, attrs, type);
  return term;
}

/* tosa.custom: a kernel of ours (docs/dialects.md). */
enum { N_CUSTOM_ATTRS = 3 };
static void custom_attrs(MlirContext context, const char *family, const char *params,
                         MlirNamedAttribute *attrs) {
  attrs[0] = fuse_attr_str(context, "domain_name", "fuse");
  attrs[1] = fuse_attr_str(context, "operator_name", family);
  attrs[2] = fuse_attr_str(context, "implementation_attrs", params);
}

static MlirNamedAttribute attr_axis(Conversion *conversion, int axis) {
  MlirType i32 = mlirIntegerTypeGet(conversion->context, 32);
  return fuse_attr(conversion->context, "axis", mlirIntegerAttrGet(i32, axis));
}

MlirValue o2t_shape_value(OnnxNode *node, int n, const int64_t *values) {
  return fuse_build_shape(node->conversion->rw, node->loc, n, values);
}

MlirValue o2t_zero(OnnxNode *node, FuseDtype dtype, const int64_t *zero) {
  Conversion *conversion = node->conversion;
  if (zero)
    return o2t_emit(node, o2t_integers(node, FUSE_I8, 1, zero));
  if (dtype != FUSE_F32)
    return o2t_emit(node, o2t_scalar(node, dtype, 1, 0));
  if (!conversion->zero_f32.ptr)
    conversion->zero_f32 = o2t_emit(node, o2t_scalar(node, FUSE_F32, 1, 0));
  return conversion->zero_f32;
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
  Term *term = o2t_new_term(node->conversion, x->tensor.dtype, rank, shape);
  if (!fuse_tensor_set_size(&term->tensor)) { /* huge, but for a 0 in it */
    o2t_refuse(node, "the result is too large");
    return NULL;
  }
  FUSE_ASSERT(fuse_tensor_elems(&term->tensor) == fuse_tensor_elems(&x->tensor));
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
    known = known && is_known(all[i]);
  }
  Term **terms = fuse_alloc_array(node->conversion->scratch, (size_t)n_terms, sizeof *terms);
  const int n = drop_empty(n_terms, all, axis, terms);
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

/* The family of kernels that computes an op: its name without the dialect. */
static const char *family_of(const char *name) {
  return starts_with(name, "tosa.") ? name + strlen("tosa.") : name;
}

static Term *elementwise_kernel(OnnxNode *node, const char *family, FuseDtype dtype, int rank,
                                const int64_t *shape, int n, const MlirValue *operands) {
  MlirNamedAttribute attrs[N_CUSTOM_ATTRS];
  custom_attrs(node->conversion->context, family, "", attrs);
  return o2t_op(node, "tosa.custom", dtype, rank, shape, n, operands, N_CUSTOM_ATTRS, attrs);
}

/* A TOSA op of n operands, or the kernel that `name` is the family of. Operands have the result's
 * rank. */
static Term *pointwise(OnnxNode *node, const char *name, FuseDtype dtype, const int64_t *shape,
                       int n, Term *const *x) {
  const int rank = x[0]->tensor.rank;
  const FuseTensor *tensors[3];
  MlirValue operands[3];
  bool known = true;
  for (int i = 0; i < n; i++)
    known = known && is_known(x[i]), tensors[i] = &x[i]->tensor;
  if (known) {
    Term *y = o2t_new_term(node->conversion, dtype, rank, shape);
    y->key = n == 1 && x[0]->key ? x[0]->key : "folded";
    return o2t_compute_pointwise(node, family_of(name), n, tensors, &y->tensor) ? y : NULL;
  }
  for (int i = 0; i < n; i++)
    operands[i] = o2t_emit(node, x[i]);
  if (!starts_with(name, "tosa."))
    return elementwise_kernel(node, name, dtype, rank, shape, n, operands);
  if (strcmp(name, "tosa.mul") == 0)
    operands[n++] = zero_i8(node);
  if (strcmp(name, "tosa.negate") == 0) /* the zero points of both sides */
    operands[1] = operands[2] = o2t_emit(node, o2t_scalar(node, dtype, 1, 0)), n = 3;
  MlirNamedAttribute round = fuse_attr_bool(node->conversion->context, "round", false);
  const int n_attrs = strcmp(name, "tosa.arithmetic_right_shift") == 0;
  return o2t_op(node, name, dtype, rank, shape, n, operands, n_attrs, &round);
}

/* "field = value, ..." of a kernel whose parameters are integers. */
static const char *params_text(OnnxNode *node, const FuseKernelInfo *kernel,
                               const FuseKernelParams *params) {
  const char *text = "";
  for (size_t i = 0; kernel->fields[i].type; i++)
    text = fuse_format(node->conversion->scratch, "%s%s%s = %d", text, i ? ", " : "",
                       kernel->fields[i].name, (int32_t)params->words[i]);
  return text;
}

bool o2t_kernels(OnnxNode *node, const char *family, const FuseKernelParams *params, int n,
                 Term *const *x, int n_results, Term **y) {
  FuseTensor *results[FUSE_KERNEL_TENSORS];
  const FuseTensor *tensors[FUSE_KERNEL_TENSORS];
  MlirValue operands[FUSE_KERNEL_TENSORS];
  MlirType types[FUSE_KERNEL_TENSORS];
  MlirContext context = node->conversion->context;
  bool known = true;
  for (int i = 0; i < n; i++) {
    if (!x[i])
      return false;
    known = known && is_known(x[i]), tensors[n_results + i] = &x[i]->tensor;
  }
  for (int i = 0; i < n_results; i++)
    tensors[i] = results[i] = &y[i]->tensor;
  if (known)
    return o2t_compute(node, family, n_results, results, n, tensors + n_results, params);
  bool empty = true;
  for (int i = 0; i < n_results; i++) {
    if (!fuse_tensor_set_size(results[i]))
      return o2t_refuse(node, "a result of %s is too large", shape_text(node, results[i]));
    empty = know_empty(results[i]) && empty;
  }
  if (empty)
    return true;
  const FuseKernelInfo *kernel = o2t_find_kernel(family, n_results + n, tensors);
  if (!kernel)
    return o2t_refuse(node, "not supported yet: %s of %s", family,
                      fuse_dtype_name(x[0]->tensor.dtype));
  for (int i = 0; i < n; i++)
    operands[i] = o2t_emit(node, x[i]);
  for (int i = 0; i < n_results; i++)
    types[i] = fuse_tensor_type_get(fuse_type_of(context, results[i]->dtype), results[i]->rank,
                                    results[i]->shape);
  if (!check_operands(node, family, n, operands))
    return false;
  MlirNamedAttribute attrs[N_CUSTOM_ATTRS];
  custom_attrs(context, family, params_text(node, kernel, params), attrs);
  MlirOperation op = fuse_build_op(node->conversion->rw, node->loc, "tosa.custom", n, operands,
                                   N_CUSTOM_ATTRS, attrs, n_results, types);
  for (int i = 0; i < n_results; i++)
    y[i]->value = mlirOperationGetResult(op, i);
  return true;
}

Term *o2t_kernel(OnnxNode *node, const char *family, const FuseKernelParams *params, int n,
                 Term *const *x, FuseDtype dtype, int rank, const int64_t *shape) {
  Term *y = o2t_new_term(node->conversion, dtype, rank, shape);
  return o2t_kernels(node, family, params, n, x, 1, &y) ? y : NULL;
}

bool o2t_same_types(OnnxNode *node, const Term *a, const Term *b) {
  return a->tensor.dtype == b->tensor.dtype ||
         o2t_refuse(node, "element types %s and %s; expected equal ones",
                    fuse_dtype_name(a->tensor.dtype), fuse_dtype_name(b->tensor.dtype));
}

Term *o2t_binary(OnnxNode *node, const char *name, Term *a, Term *b) {
  int64_t shape[FUSE_MAX_RANK] = {0};
  if (!a || !b || !o2t_same_types(node, a, b) || !broadcast(node, &a->tensor, &b->tensor, shape))
    return NULL;
  bool compares = starts_with(name, "tosa.greater") || starts_with(name, "tosa.equal");
  FuseDtype dtype = compares ? FUSE_BOOL : a->tensor.dtype;
  return pointwise(node, name, dtype, shape, 2, (Term *const[]){a, b});
}

Term *o2t_with(OnnxNode *node, const char *name, Term *x, double number) {
  return x ? o2t_binary(node, name, x, o2t_scalar(node, x->tensor.dtype, x->tensor.rank, number))
           : NULL;
}

Term *o2t_unary(OnnxNode *node, const char *name, Term *x) {
  if (!x)
    return NULL;
  FuseDtype dtype = starts_with(name, "is") ? FUSE_BOOL : x->tensor.dtype;
  return pointwise(node, name, dtype, x->tensor.shape, 1, &x);
}

Term *o2t_clamp(OnnxNode *node, Term *x, double low, double high) {
  if (!x)
    return NULL;
  FuseDtype dtype = x->tensor.dtype;
  if (is_known(x) || dtype != FUSE_F32) {
    int rank = x->tensor.rank;
    if (low > -(double)FLT_MAX)
      x = o2t_binary(node, "tosa.maximum", x, o2t_scalar(node, dtype, rank, low));
    if (high < (double)FLT_MAX)
      x = o2t_binary(node, "tosa.minimum", x, o2t_scalar(node, dtype, rank, high));
    return x;
  }
  MlirContext context = node->conversion->context;
  MlirNamedAttribute attrs[] = {fuse_attr_f32(context, "min_val", low),
                                fuse_attr_f32(context, "max_val", high)};
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, "tosa.clamp", dtype, x->tensor.rank, x->tensor.shape, 1, &operand, 2, attrs);
}

Term *o2t_select(OnnxNode *node, Term *condition, Term *yes, Term *no) {
  if (!condition || !yes || !no || !o2t_same_types(node, yes, no))
    return NULL;
  FuseTensor both = yes->tensor;
  int64_t shape[FUSE_MAX_RANK] = {0};
  if (!broadcast(node, &yes->tensor, &no->tensor, both.shape) ||
      !broadcast(node, &both, &condition->tensor, shape))
    return NULL;
  return pointwise(node, "tosa.select", yes->tensor.dtype, shape, 3,
                   (Term *const[]){condition, yes, no});
}

/* What a reduction of no elements gives; an infinity is the end of the type's range. */
static double of_nothing(const char *reduction) {
  static const struct {
    const char *name;
    double value;
  } values[] = {{"tosa.reduce_sum", 0},         {"tosa.reduce_product", 1},
                {"tosa.reduce_max", -INFINITY}, {"tosa.reduce_min", INFINITY},
                {"tosa.reduce_any", 0},         {"tosa.reduce_all", 1}};
  for (size_t i = 0; i < FUSE_COUNTOF(values); i++)
    if (strcmp(reduction, values[i].name) == 0)
      return values[i].value;
  FUSE_ASSERT(!"a reduction of TOSA");
  return 0;
}

Term *o2t_reduce(OnnxNode *node, const char *name, Term *x, int axis) {
  if (!x || x->tensor.shape[axis] == 1)
    return x;
  int64_t shape[FUSE_MAX_RANK];
  memcpy(shape, x->tensor.shape, sizeof shape);
  shape[axis] = 1;
  if (is_known(x)) {
    if (x->tensor.shape[axis] == 0)
      return o2t_fill(node, x->tensor.dtype, x->tensor.rank, shape, of_nothing(name));
    FuseKernelParams params;
    o2t_reduce_params(&x->tensor, axis, &params);
    return o2t_kernel(node, family_of(name), &params, 1, &x, x->tensor.dtype, x->tensor.rank,
                      shape);
  }
  MlirNamedAttribute attr = attr_axis(node->conversion, axis);
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, name, x->tensor.dtype, x->tensor.rank, shape, 1, &operand, 1, &attr);
}

Term *o2t_cast(OnnxNode *node, Term *x, FuseDtype dtype) {
  if (!x || x->tensor.dtype == dtype)
    return x;
  return pointwise(node, "tosa.cast", dtype, x->tensor.shape, 1, &x);
}

Term *o2t_convert(OnnxNode *node, Term *x, FuseDtype dtype) {
  if (x && fuse_dtype_is_float(x->tensor.dtype) && !fuse_dtype_is_float(dtype) &&
      dtype != FUSE_BOOL)
    x = o2t_unary(node, "trunc", x);
  return o2t_cast(node, x, dtype);
}

/* ---- convolution ---- */

/* The kernel wants w as KH KW Cin Cout. */
static Term *known_conv2d(OnnxNode *node, Term *x, Term *w, Term *b, const OnnxWindow *window,
                          const int64_t *shape) {
  FuseKernelParams params;
  o2t_conv2d_params(&x->tensor, window, shape, &params);
  w = o2t_transpose(node, w, (int[]){1, 2, 3, 0});
  if (!w)
    return NULL;
  return o2t_kernel(node, "conv2d", &params, 3, (Term *[]){x, w, b}, x->tensor.dtype, 4, shape);
}

FuseDtype o2t_sum_type(const Term *x, const int64_t *zeros) {
  return zeros ? FUSE_I32 : x->tensor.dtype;
}

MlirNamedAttribute o2t_acc_type(OnnxNode *node, const int64_t *zeros) {
  MlirContext context = node->conversion->context;
  MlirType type = fuse_type_of(context, zeros ? FUSE_I32 : FUSE_F32);
  return fuse_attr(context, "acc_type", mlirTypeAttrGet(type));
}

Term *o2t_conv2d(OnnxNode *node, const char *name, Term *x, Term *w, Term *b,
                 const OnnxWindow *window, const int64_t *zeros) {
  if (!x || !w || !b || (!zeros && !(o2t_same_types(node, x, w) && o2t_same_types(node, x, b))))
    return NULL;
  MlirContext context = node->conversion->context;
  bool depthwise = strcmp(name, "tosa.depthwise_conv2d") == 0;
  const int64_t *ws = w->tensor.shape;
  int64_t shape[] = {x->tensor.shape[0], window->out[0], window->out[1],
                     depthwise ? ws[2] * ws[3] : ws[0]};
  const int64_t sizes[] = {shape[0], shape[1], shape[2], shape[3], ws[1], ws[2], ws[3]};
  if (!depthwise && o2t_folds_products(node, 3, (Term *[]){x, w, b}, 7, sizes))
    return known_conv2d(node, x, w, b, window, shape);
  MlirValue zero[2];
  for (int i = 0; i < 2; i++)
    zero[i] = o2t_zero(node, x->tensor.dtype, zeros ? &zeros[i] : NULL);
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, w), o2t_emit(node, b), zero[0],
                          zero[1]};
  MlirNamedAttribute attrs[] = {
      fuse_attr_i64s(context, "pad", 4, window->pads),
      fuse_attr_i64s(context, "stride", 2, window->stride),
      fuse_attr_i64s(context, "dilation", 2, window->dilation),
      o2t_acc_type(node, zeros),
  };
  return o2t_op(node, name, o2t_sum_type(x, zeros), 4, shape, 5, operands, 4, attrs);
}
