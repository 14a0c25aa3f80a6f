// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build.c - one builder per TOSA op: evaluates when every operand is known, emits otherwise.
 * Here are terms and what builders share; they are in build_move.c, build_math.c, build_kernel.c.
 *
 * needs: operands of equal rank; NULL operands (a builder refused) give NULL
 * gives: static result types; ops at the node's location
 */
#include <string.h>

#include "build_private.h"
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
bool o2t_know_empty(FuseTensor *tensor) {
  static const char nothing;
  if (tensor->size_bytes == 0 && !tensor->data)
    tensor->data = &nothing;
  return tensor->size_bytes == 0;
}

Term *o2t_term(Conversion *conversion, MlirValue value) {
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  bool ok = fuse_type_tensor(mlirValueGetType(value), &term->tensor);
  FUSE_ASSERT(ok);
  (void)o2t_know_empty(&term->tensor);
  term->value = value;
  return term;
}

Term *o2t_constant(Conversion *conversion, const FuseTensor *tensor, const char *key) {
  FUSE_ASSERT(tensor->data || tensor->size_bytes == 0);
  Term *term = fuse_alloc(conversion->scratch, sizeof *term);
  term->tensor = *tensor;
  (void)o2t_know_empty(&term->tensor);
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

Term *o2t_folded(OnnxNode *node, const FuseTensor *tensor, const char *key) {
  return o2t_constant(node->conversion, tensor, key ? key : "folded");
}

MlirValue o2t_emit(OnnxNode *node, Term *term) {
  Conversion *conversion = node->conversion;
  if (!term->value.ptr)
    term->value = fuse_build_const(conversion->ir, conversion->rw, node->loc, &term->tensor,
                                   term->key ? term->key : "constant");
  return term->value;
}

const char *o2t_shape_text(OnnxNode *node, const FuseTensor *tensor) {
  char buffer[160];
  return fuse_strdup(node->conversion->scratch, fuse_tensor_type(tensor, buffer, sizeof buffer));
}

/* ---- emitting ---- */

/* TOSA's ops have at least one element everywhere. What would read none and give some must have
 * been computed. */
bool o2t_check_operands(OnnxNode *node, const char *name, int n, const MlirValue *operands) {
  FuseTensor x;
  for (int i = 0; i < n; i++)
    if (fuse_type_tensor(mlirValueGetType(operands[i]), &x) && x.size_bytes == 0)
      return o2t_refuse(node, "not supported yet: %s of no elements (%s)", name,
                        o2t_shape_text(node, &x));
  return true;
}

Term *o2t_op(OnnxNode *node, const char *name, FuseDtype dtype, int rank, const int64_t *shape,
             int n_operands, const MlirValue *operands, int n_attrs,
             const MlirNamedAttribute *attrs) {
  Conversion *conversion = node->conversion;
  Term *term = o2t_new_term(conversion, dtype, rank, shape);
  if (!fuse_tensor_set_size(&term->tensor) || term->tensor.size_bytes > INT64_MAX / 2) {
    o2t_refuse(node, "a result of %s is too large", o2t_shape_text(node, &term->tensor));
    return NULL;
  }
  if (o2t_know_empty(&term->tensor))
    return term;
  if (!o2t_check_operands(node, name, n_operands, operands))
    return NULL;
  MlirType type = fuse_tensor_type_get(fuse_type_of(conversion->context, dtype), rank, shape);
  term->value =
      fuse_build(conversion->rw, node->loc, name, n_operands, operands, n_attrs, attrs, type);
  return term;
}

MlirNamedAttribute o2t_axis_attr(Conversion *conversion, int axis) {
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
