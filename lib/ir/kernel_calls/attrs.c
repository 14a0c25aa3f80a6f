// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* attrs.c - attributes and constant operands. */
#include <string.h>

#include "kernel_calls.h"

bool kc_numbers(Lower *l, const char *name, int n, int64_t *values) {
  int found = 0;
  if (fuse_get_i64s(l->op, name, n, values, &found) && found == n)
    return true;
  fuse_op_error(l->op, "%s isn't array<i64> of %d values; expected that", name, n);
  return false;
}

bool kc_shape_operand(Lower *l, int i, int max, int64_t *values, int *n) {
  MlirValue value = mlirOperationGetOperand(l->op, i);
  MlirAttribute attr = mlirAttributeGetNull();
  if (mlirValueIsAOpResult(value))
    attr = mlirOperationGetAttributeByName(mlirOpResultGetOwner(value), fuse_str("values"));
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsADenseElements(attr) ||
      mlirElementsAttrGetNumElements(attr) > max)
    return kc_fail(l, "a shape operand that isn't constant");
  *n = (int)mlirElementsAttrGetNumElements(attr);
  for (int k = 0; k < *n; k++)
    values[k] = mlirDenseElementsAttrGetIndexValue(attr, k);
  return true;
}

/* The first element as an integer, by the kernels' own cast; false for a float that isn't 0. */
static bool first_integer(const FuseTensor *t, int64_t *value) {
  const bool is_float = fuse_dtype_is_float(t->dtype);
  const FuseKernelInfo *cast =
      fuse_kernel_pick("cast", 2, (const FuseDtype[]){is_float ? FUSE_BOOL : FUSE_I64, t->dtype});
  const uint32_t n = 1;
  uint8_t not_zero = 0;
  uint64_t element = 0;
  void *const tensors[] = {is_float ? (void *)&not_zero : (void *)value, &element};
  *value = 0;
  memcpy(&element, t->data, fuse_dtype_bytes(t->dtype));
  return fuse_kernel_run(cast->id, tensors, 2, &n, 1) && !not_zero;
}

bool kc_zero_point(Lower *l, int i, int32_t *value) {
  FuseTensor t;
  int64_t found = 0;
  if (!fuse_value_constant(l->ir, mlirOperationGetOperand(l->op, i), &t) || t.size_bytes == 0)
    return kc_fail(l, "a zero point or shift that isn't constant");
  if (!first_integer(&t, &found))
    return kc_fail(l, "a zero point or shift of a float type other than 0");
  *value = kc_word(found);
  return true;
}

bool kc_zero_operand(Lower *l, int i) {
  int32_t value;
  return kc_zero_point(l, i, &value) &&
         (value == 0 || kc_fail(l, "a zero point or shift other than 0"));
}

bool kc_zero_points(Lower *l, int i, int32_t *zx, int32_t *zw) {
  int64_t x = 0, w = 0;
  if (fuse_op_name(l->op).data[0] == 't')
    return kc_zero_point(l, i, zx) && kc_zero_point(l, i + 1, zw);
  fuse_get_i64(l->op, "input_zp", &x); /* floats have none */
  fuse_get_i64(l->op, "weight_zp", &w);
  *zx = kc_word(x), *zw = kc_word(w);
  return true;
}

bool kc_nan_mode_ok(Lower *l) {
  return !fuse_attr_says(l->op, "nan_mode", "IGNORE") || kc_fail(l, "nan_mode IGNORE");
}
