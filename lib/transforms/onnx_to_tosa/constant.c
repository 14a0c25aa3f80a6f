// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* constant.c - what is known without running the network: Constant, ConstantOfShape, Shape, Size,
 * Range; Cast, CastLike.
 */
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

static bool set_tensor(OnnxNode *node, const FuseTensor *tensor, const char *key) {
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_constant(node->conversion, tensor, key));
}

static bool set_i64s(OnnxNode *node, int rank, int64_t n, const int64_t *values) {
  FuseTensor tensor;
  void *data;
  if (!o2t_new_tensor(node, FUSE_I64, rank, &n, &tensor, &data))
    return false;
  memcpy(data, values, tensor.size_bytes);
  return set_tensor(node, &tensor, "folded");
}

static bool elements_attr(OnnxNode *node, const char *name, FuseTensor *tensor) {
  MlirAttribute attr = mlirOperationGetAttributeByName(node->op, fuse_str(name));
  if (fuse_constant_get(node->conversion->ir, attr, tensor))
    return true;
  return o2t_refuse(node, "not supported yet: attribute %s without numbers", name);
}

static bool floats_attr(OnnxNode *node, MlirAttribute attr) {
  if (!mlirAttributeIsADenseF32Array(attr))
    return o2t_refuse(node, "attribute value_floats is of another kind; expected floats");
  int64_t n = mlirDenseArrayGetNumElements(attr);
  FuseTensor tensor;
  void *data;
  if (!o2t_new_tensor(node, FUSE_F32, 1, &n, &tensor, &data))
    return false;
  for (int64_t i = 0; i < n; i++)
    ((float *)data)[i] = mlirDenseF32ArrayGetElement(attr, i);
  return set_tensor(node, &tensor, "constant");
}

static bool ints_attr(OnnxNode *node, MlirAttribute attr) {
  if (!mlirAttributeIsADenseI64Array(attr))
    return o2t_refuse(node, "attribute value_ints is of another kind; expected integers");
  int64_t n = mlirDenseArrayGetNumElements(attr);
  FuseTensor tensor;
  void *data;
  if (!o2t_new_tensor(node, FUSE_I64, 1, &n, &tensor, &data))
    return false;
  for (int64_t i = 0; i < n; i++)
    ((int64_t *)data)[i] = mlirDenseI64ArrayGetElement(attr, i);
  return set_tensor(node, &tensor, "constant");
}

bool o2t_constant_op(OnnxNode *node) {
  FuseTensor tensor;
  if (o2t_has_attr(node, "value")) {
    const char *name = fuse_loc_name(node->conversion->scratch, node->loc);
    return elements_attr(node, "value", &tensor) &&
           set_tensor(node, &tensor, name[0] ? name : "constant");
  }
  if (o2t_has_attr(node, "value_int")) {
    int64_t value;
    return o2t_attr_i64(node, "value_int", 0, &value) && set_i64s(node, 0, 1, &value);
  }
  if (o2t_has_attr(node, "value_float")) {
    double value;
    return o2t_attr_f32(node, "value_float", 0, &value) &&
           o2t_set(node, 0, LAYOUT_ONNX, o2t_scalar(node, FUSE_F32, 0, value));
  }
  MlirAttribute floats = mlirOperationGetAttributeByName(node->op, fuse_str("value_floats"));
  MlirAttribute ints = mlirOperationGetAttributeByName(node->op, fuse_str("value_ints"));
  if (!mlirAttributeIsNull(floats))
    return floats_attr(node, floats);
  if (!mlirAttributeIsNull(ints))
    return ints_attr(node, ints);
  return o2t_refuse(node, "no value is given");
}

bool o2t_constant_of_shape(OnnxNode *node) {
  static const float zero = 0;
  FuseTensor value = {.dtype = FUSE_F32, .rank = 0, .data = &zero, .size_bytes = sizeof zero};
  FuseTensor result;
  int64_t shape[FUSE_MAX_RANK];
  int n;
  if (!o2t_input_i64s(node, 0, FUSE_MAX_RANK, shape, &n) ||
      (o2t_has_attr(node, "value") && !elements_attr(node, "value", &value)))
    return false;
  if (fuse_tensor_elems(&value) != 1)
    return o2t_refuse(node, "value has %lld elements; expected one",
                      (long long)fuse_tensor_elems(&value));
  int64_t same[FUSE_MAX_RANK] = {0};
  return o2t_fold_strided(node, &value, n, shape, 0, same, &result) &&
         set_tensor(node, &result, "folded");
}

/* start and end since opset 15. */
bool o2t_shape_op(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t start, end;
  if (!o2t_attr_i64(node, "start", 0, &start) || !o2t_attr_i64(node, "end", x->rank, &end))
    return false;
  start = fuse_max(fuse_min(start < 0 ? start + x->rank : start, x->rank), 0);
  end = fuse_max(fuse_min(end < 0 ? end + x->rank : end, x->rank), start);
  return set_i64s(node, 1, end - start, x->shape + start);
}

bool o2t_size(OnnxNode *node) {
  int64_t n = fuse_tensor_elems(&node->in[0]->tensor);
  return set_i64s(node, 0, 1, &n);
}

/* In 64 bits of the inputs' kind: integers exactly. */
static void fill_range(const FuseTensor *range, void *data, const FuseTensor *start,
                       const FuseTensor *delta) {
  for (int64_t i = 0, n = range->shape[0]; i < n; i++)
    if (range->dtype == FUSE_F64)
      ((double *)data)[i] = o2t_at_f64(start, 0) + (double)i * o2t_at_f64(delta, 0);
    else
      ((uint64_t *)data)[i] =
          (uint64_t)o2t_at_i64(start, 0) + (uint64_t)i * (uint64_t)o2t_at_i64(delta, 0);
}

/* start + i * delta, as many as the model says. */
static bool range_at_run_time(OnnxNode *node, int unknown) {
  const int64_t one = 1;
  FuseTensor y;
  if (!o2t_declared(node, 0, &y) || y.rank != 1)
    return o2t_refuse_unknown(node, unknown, NULL);
  Term *start = o2t_reshape(node, o2t_get(node, node->in[0], LAYOUT_ONNX), 1, &one);
  Term *delta = o2t_reshape(node, o2t_get(node, node->in[2], LAYOUT_ONNX), 1, &one);
  Term *count = o2t_iota(node, node->in[0]->tensor.dtype, 1, 0, y.shape[0]);
  Term *steps = o2t_binary(node, "tosa.mul", count, delta);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_binary(node, "tosa.add", steps, start));
}

bool o2t_range(OnnxNode *node) {
  double start, limit, delta;
  FuseDtype dtype = node->in[0]->tensor.dtype;
  for (int i = 0; i < 3; i++)
    if (dtype == FUSE_BOOL || node->in[i]->tensor.dtype != dtype ||
        fuse_tensor_elems(&node->in[i]->tensor) != 1)
      return o2t_refuse(node, "start, limit and delta; expected three numbers of one type");
  for (int i = 0; i < 3; i++)
    if (!o2t_known(node->in[i]))
      return range_at_run_time(node, i);
  if (!o2t_input_f64(node, 0, 0, &start) || !o2t_input_f64(node, 1, 0, &limit) ||
      !o2t_input_f64(node, 2, 1, &delta))
    return false;
  double count = ceil((limit - start) / delta);
  if (!(count < 1e8)) /* a delta of 0, NaN, or more than any model asks for */
    return o2t_refuse(node, "a range of %g elements", count);
  int64_t n = count > 0 ? (int64_t)count : 0;
  FuseDtype wide = fuse_dtype_is_float(dtype) ? FUSE_F64 : FUSE_I64;
  Term *ends[2];
  FuseTensor range;
  void *data;
  for (int i = 0; i < 2; i++)
    ends[i] = o2t_cast(node, o2t_get(node, node->in[2 * i], LAYOUT_ONNX), wide);
  if (!ends[0] || !ends[1] || !o2t_new_tensor(node, wide, 1, &n, &range, &data))
    return false;
  fill_range(&range, data, &ends[0]->tensor, &ends[1]->tensor);
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_cast(node, o2t_constant(node->conversion, &range, "folded"), dtype));
}

/* ONNX's codes of element types. */
static FuseDtype dtype_of_code(int64_t code) {
  static const FuseDtype table[] = {
      [1] = FUSE_F32,  [2] = FUSE_U8,   [3] = FUSE_I8,   [4] = FUSE_U16,  [5] = FUSE_I16,
      [6] = FUSE_I32,  [7] = FUSE_I64,  [9] = FUSE_BOOL, [10] = FUSE_F16, [11] = FUSE_F64,
      [12] = FUSE_U32, [13] = FUSE_U64, [16] = FUSE_BF16};
  return code >= 0 && code < (int64_t)FUSE_COUNTOF(table) ? table[code] : FUSE_DTYPE_NONE;
}

static bool convert(OnnxNode *node, FuseDtype dtype) {
  if (o2t_onnx_dtype(node->in[0]) == dtype)
    return o2t_alias(node, 0, node->in[0]);
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  return o2t_set(node, 0, layout, o2t_convert(node, o2t_get(node, node->in[0], layout), dtype));
}

bool o2t_attr_dtype(OnnxNode *node, const char *name, FuseDtype *dtype) {
  int64_t code;
  if (!o2t_attr_i64(node, name, 0, &code))
    return false;
  *dtype = dtype_of_code(code);
  return *dtype != FUSE_DTYPE_NONE ||
         o2t_refuse(node, "not supported yet: a conversion to ONNX element type %lld",
                    (long long)code);
}

bool o2t_cast_op(OnnxNode *node) {
  FuseDtype dtype;
  int64_t saturate; /* of float8, which we don't take */
  return o2t_attr_dtype(node, "to", &dtype) && o2t_attr_i64(node, "saturate", 1, &saturate) &&
         convert(node, dtype);
}

/* The same bits as another type of the same size. */
bool o2t_bit_cast(OnnxNode *node) {
  FuseDtype to, from = o2t_onnx_dtype(node->in[0]);
  if (!o2t_attr_dtype(node, "to", &to))
    return false;
  if (to == from)
    return o2t_alias(node, 0, node->in[0]);
  if (fuse_dtype_bytes(from) != fuse_dtype_bytes(to))
    return o2t_refuse(node, "%s to %s; expected a type of the same size", fuse_dtype_name(from),
                      fuse_dtype_name(to));
  if (to == FUSE_BOOL)
    return o2t_refuse(node, "not supported yet: %s as i1, which is 0 or 1", fuse_dtype_name(from));
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  Term *x = o2t_release(node, node->in[0], o2t_get(node, node->in[0], layout));
  bool integers = !fuse_dtype_is_float(from) && !fuse_dtype_is_float(to);
  return o2t_set(node, 0, layout,
                 integers ? o2t_cast(node, x, to) : o2t_unary_to(node, "bit_cast", x, to));
}

bool o2t_cast_like(OnnxNode *node) {
  int64_t saturate;
  return o2t_attr_i64(node, "saturate", 1, &saturate) && convert(node, o2t_onnx_dtype(node->in[1]));
}
