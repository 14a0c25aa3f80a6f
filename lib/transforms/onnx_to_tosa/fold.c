// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fold.c - what the builders compute when everything is known: shape arithmetic, and weights
 * behind Reshape, Transpose, Cast and the like.
 *
 * gives: tensors in the IR's arena
 * f32 arithmetic is done in double and rounded once, which for + - * / and sqrt is the f32 result.
 */
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

bool o2t_new_tensor(OnnxNode *node, FuseDtype dtype, int rank, const int64_t *shape,
                    FuseTensor *tensor, void **data) {
  Conversion *conversion = node->conversion;
  *tensor = (FuseTensor){.dtype = dtype, .rank = rank};
  if (rank > 0)
    memcpy(tensor->shape, shape, (size_t)rank * sizeof *shape);
  for (int d = 0; d < rank; d++)
    if (shape[d] < 0)
      return o2t_refuse(node, "a size of %lld; expected 0 or more", (long long)shape[d]);
  if (!fuse_tensor_set_size(tensor) || tensor->size_bytes > conversion->fold_left_bytes)
    return o2t_refuse(
        node,
        "constants of more than %zu MiB would be made; expected at most %d MiB and %d "
        "times the model's own",
        conversion->fold_limit_bytes >> 20, FOLD_MIB, FOLD_TIMES_MODEL);
  conversion->fold_left_bytes -= tensor->size_bytes;
  *data = fuse_alloc(fuse_ir_arena(conversion->ir), tensor->size_bytes);
  tensor->data = *data;
  return true;
}

/* ---- elements ---- */

static bool is_float(FuseDtype dtype) {
  return dtype == FUSE_F32 || dtype == FUSE_F64;
}

/* Tensors may lie at any address in a mapped model, hence memcpy. */
#define ELEMENT(type)                                                                              \
  type value;                                                                                      \
  memcpy(&value, (const char *)tensor->data + (size_t)i * sizeof value, sizeof value)

int64_t o2t_at_i64(const FuseTensor *tensor, int64_t i) {
  switch (tensor->dtype) {
  case FUSE_I64:
  case FUSE_U64: {
    ELEMENT(int64_t);
    return value;
  }
  case FUSE_I32: {
    ELEMENT(int32_t);
    return value;
  }
  case FUSE_U32: {
    ELEMENT(uint32_t);
    return value;
  }
  case FUSE_I16: {
    ELEMENT(int16_t);
    return value;
  }
  case FUSE_U16: {
    ELEMENT(uint16_t);
    return value;
  }
  case FUSE_I8: {
    ELEMENT(int8_t);
    return value;
  }
  default: {
    FUSE_ASSERT(tensor->dtype == FUSE_U8 || tensor->dtype == FUSE_BOOL);
    ELEMENT(uint8_t);
    return value;
  }
  }
}

double o2t_at_f64(const FuseTensor *tensor, int64_t i) {
  if (tensor->dtype == FUSE_F32) {
    ELEMENT(float);
    return (double)value;
  }
  if (tensor->dtype == FUSE_F64) {
    ELEMENT(double);
    return value;
  }
  return (double)o2t_at_i64(tensor, i);
}

static void put_f64(const FuseTensor *tensor, void *data, int64_t i, double value) {
  if (tensor->dtype == FUSE_F32)
    ((float *)data)[i] = (float)value;
  else
    ((double *)data)[i] = value;
}

static void put_i64(const FuseTensor *tensor, void *data, int64_t i, int64_t value) {
  switch (fuse_dtype_bytes(tensor->dtype)) {
  case 8: ((int64_t *)data)[i] = value; break;
  case 4: ((int32_t *)data)[i] = (int32_t)value; break;
  case 2: ((int16_t *)data)[i] = (int16_t)value; break;
  default: ((int8_t *)data)[i] = (int8_t)(tensor->dtype == FUSE_BOOL ? value != 0 : value);
  }
}

/* f16 and bf16 constants may be moved about, but not computed with. */
static bool can_compute(OnnxNode *node, const FuseTensor *x) {
  if (x->dtype == FUSE_F16 || x->dtype == FUSE_BF16)
    return o2t_refuse(node, "not supported yet: arithmetic on %s", fuse_dtype_name(x->dtype));
  return true;
}

void o2t_strides(int rank, const int64_t *shape, int64_t *stride) {
  int64_t step = 1;
  for (int d = rank - 1; d >= 0; d--) {
    stride[d] = step;
    step *= shape[d];
  }
}

/* The next index in row-major order, and the offset that goes with it. */
static int64_t advance(int rank, const int64_t *shape, const int64_t *stride, int64_t *index,
                       int64_t offset) {
  for (int d = rank - 1; d >= 0; d--) {
    offset += stride[d];
    if (++index[d] < shape[d])
      return offset;
    offset -= stride[d] * shape[d];
    index[d] = 0;
  }
  return offset;
}

/* ---- data movement: any element type ---- */

bool o2t_fold_strided(OnnxNode *node, const FuseTensor *x, int rank, const int64_t *shape,
                      int64_t offset, const int64_t *stride, FuseTensor *result) {
  void *data;
  if (!o2t_new_tensor(node, x->dtype, rank, shape, result, &data))
    return false;
  size_t bytes = fuse_dtype_bytes(x->dtype);
  int64_t n = fuse_tensor_elems(result), index[FUSE_MAX_RANK] = {0};
  for (int64_t i = 0; i < n; i++) {
    memcpy((char *)data + (size_t)i * bytes, (const char *)x->data + (size_t)offset * bytes, bytes);
    offset = advance(rank, shape, stride, index, offset);
  }
  return true;
}

/* Copy x into the block of data that starts at element `offset` of a tensor with these strides. */
static void place(const FuseTensor *x, void *data, int64_t offset, const int64_t *stride) {
  size_t bytes = fuse_dtype_bytes(x->dtype);
  int64_t n = fuse_tensor_elems(x), index[FUSE_MAX_RANK] = {0};
  for (int64_t i = 0; i < n; i++) {
    memcpy((char *)data + (size_t)offset * bytes, (const char *)x->data + (size_t)i * bytes, bytes);
    offset = advance(x->rank, x->shape, stride, index, offset);
  }
}

bool o2t_fold_concat(OnnxNode *node, int n, Term *const *terms, int axis, FuseTensor *result) {
  const FuseTensor *first = &terms[0]->tensor;
  int64_t shape[FUSE_MAX_RANK], stride[FUSE_MAX_RANK], start = 0;
  memcpy(shape, first->shape, sizeof shape);
  shape[axis] = 0;
  for (int i = 0; i < n; i++)
    if (__builtin_add_overflow(shape[axis], terms[i]->tensor.shape[axis], &shape[axis]))
      return o2t_refuse(node, "the result is too large");
  void *data;
  if (!o2t_new_tensor(node, first->dtype, first->rank, shape, result, &data))
    return false;
  o2t_strides(first->rank, shape, stride);
  for (int i = 0; i < n; i++) {
    place(&terms[i]->tensor, data, start * stride[axis], stride);
    start += terms[i]->tensor.shape[axis];
  }
  return true;
}

bool o2t_fold_pad(OnnxNode *node, const FuseTensor *x, const int64_t *pads, const FuseTensor *value,
                  FuseTensor *result) {
  int64_t shape[FUSE_MAX_RANK], stride[FUSE_MAX_RANK], offset = 0;
  for (int d = 0; d < x->rank; d++)
    shape[d] = pads[2 * d] + x->shape[d] + pads[2 * d + 1];
  void *data;
  if (!o2t_new_tensor(node, x->dtype, x->rank, shape, result, &data))
    return false;
  size_t bytes = fuse_dtype_bytes(x->dtype);
  int64_t n = fuse_tensor_elems(result);
  for (int64_t i = 0; i < n; i++)
    memcpy((char *)data + (size_t)i * bytes, value->data, bytes);
  o2t_strides(x->rank, shape, stride);
  for (int d = 0; d < x->rank; d++)
    offset += pads[2 * d] * stride[d];
  place(x, data, offset, stride);
  return true;
}

/* ---- arithmetic ---- */

static bool float_binary(const char *name, double a, double b, double *y) {
  if (!strcmp(name, "tosa.add"))
    *y = a + b;
  else if (!strcmp(name, "tosa.sub"))
    *y = a - b;
  else if (!strcmp(name, "tosa.mul"))
    *y = a * b;
  else if (!strcmp(name, "tosa.intdiv")) /* o2t_div asks for it when both sides are known */
    *y = a / b;
  else if (!strcmp(name, "tosa.pow"))
    *y = pow(a, b);
  else if (!strcmp(name, "tosa.maximum"))
    *y = isnan(a) || a > b ? a : b;
  else if (!strcmp(name, "tosa.minimum"))
    *y = isnan(a) || a < b ? a : b;
  else if (!strcmp(name, "tosa.greater"))
    *y = a > b;
  else if (!strcmp(name, "tosa.greater_equal"))
    *y = a >= b;
  else if (!strcmp(name, "tosa.equal"))
    *y = a == b;
  else
    return false;
  return true;
}

/* Integers wrap, as they do in ONNX Runtime. False: a division by zero, or another op. */
static bool int_binary(const char *name, int64_t a, int64_t b, int64_t *y) {
  uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
  if (!strcmp(name, "tosa.add"))
    *y = (int64_t)(ua + ub);
  else if (!strcmp(name, "tosa.sub"))
    *y = (int64_t)(ua - ub);
  else if (!strcmp(name, "tosa.mul"))
    *y = (int64_t)(ua * ub);
  else if (!strcmp(name, "tosa.intdiv") && b != 0)
    *y = b == -1 ? (int64_t)(0 - ua) : a / b;
  else if (!strcmp(name, "tosa.maximum"))
    *y = a > b ? a : b;
  else if (!strcmp(name, "tosa.minimum"))
    *y = a < b ? a : b;
  else if (!strcmp(name, "tosa.greater"))
    *y = a > b;
  else if (!strcmp(name, "tosa.greater_equal"))
    *y = a >= b;
  else if (!strcmp(name, "tosa.equal"))
    *y = a == b;
  else
    return false;
  return true;
}

static void broadcast_strides(const FuseTensor *x, int64_t *stride) {
  o2t_strides(x->rank, x->shape, stride);
  for (int d = 0; d < x->rank; d++)
    if (x->shape[d] == 1)
      stride[d] = 0;
}

bool o2t_fold_binary(OnnxNode *node, const char *name, const FuseTensor *a, const FuseTensor *b,
                     int rank, const int64_t *shape, FuseTensor *result) {
  bool compares = !strncmp(name, "tosa.greater", 12) || !strcmp(name, "tosa.equal");
  void *data;
  if (!can_compute(node, a) ||
      !o2t_new_tensor(node, compares ? FUSE_BOOL : a->dtype, rank, shape, result, &data))
    return false;
  int64_t stride_a[FUSE_MAX_RANK], stride_b[FUSE_MAX_RANK];
  int64_t index_a[FUSE_MAX_RANK] = {0}, index_b[FUSE_MAX_RANK] = {0};
  broadcast_strides(a, stride_a);
  broadcast_strides(b, stride_b);
  int64_t n = fuse_tensor_elems(result), at_a = 0, at_b = 0;
  for (int64_t i = 0; i < n; i++) {
    double yf = 0;
    int64_t yi = 0;
    bool ok = is_float(a->dtype) ? float_binary(name, o2t_at_f64(a, at_a), o2t_at_f64(b, at_b), &yf)
                                 : int_binary(name, o2t_at_i64(a, at_a), o2t_at_i64(b, at_b), &yi);
    if (!ok)
      return o2t_refuse(node, "no integer result: division by zero, or not an integer operation");
    if (is_float(result->dtype))
      put_f64(result, data, i, yf);
    else
      put_i64(result, data, i, compares && is_float(a->dtype) ? yf != 0 : yi);
    at_a = advance(rank, shape, stride_a, index_a, at_a);
    at_b = advance(rank, shape, stride_b, index_b, at_b);
  }
  return true;
}

static bool float_unary(const char *name, double x, double *y) {
  static const struct {
    const char *name;
    double (*f)(double);
  } table[] = {{"tosa.exp", exp},   {"tosa.log", log},     {"tosa.tanh", tanh}, {"tosa.abs", fabs},
               {"tosa.ceil", ceil}, {"tosa.floor", floor}, {"tosa.erf", erf},   {"sqrt", sqrt},
               {"tosa.sin", sin},   {"tosa.cos", cos}};
  for (size_t i = 0; i < FUSE_COUNTOF(table); i++)
    if (!strcmp(name, table[i].name))
      return *y = table[i].f(x), true;
  if (!strcmp(name, "tosa.reciprocal"))
    return *y = 1 / x, true;
  if (!strcmp(name, "tosa.rsqrt"))
    return *y = 1 / sqrt(x), true;
  if (!strcmp(name, "tosa.sigmoid"))
    return *y = 1 / (1 + exp(-x)), true;
  if (!strcmp(name, "tosa.negate"))
    return *y = -x, true;
  return false;
}

static bool int_unary(const char *name, int64_t x, int64_t *y) {
  if (!strcmp(name, "tosa.negate") || (!strcmp(name, "tosa.abs") && x < 0))
    return *y = (int64_t)(0 - (uint64_t)x), true;
  *y = x;
  return !strcmp(name, "tosa.abs");
}

bool o2t_fold_unary(OnnxNode *node, const char *name, const FuseTensor *x, FuseTensor *result) {
  void *data;
  if (!can_compute(node, x) || !o2t_new_tensor(node, x->dtype, x->rank, x->shape, result, &data))
    return false;
  int64_t n = fuse_tensor_elems(x);
  for (int64_t i = 0; i < n; i++) {
    double yf = 0;
    int64_t yi = 0;
    if (!(is_float(x->dtype) ? float_unary(name, o2t_at_f64(x, i), &yf)
                             : int_unary(name, o2t_at_i64(x, i), &yi)))
      return o2t_refuse(node, "element type %s; expected a floating-point type",
                        fuse_dtype_name(x->dtype));
    if (is_float(x->dtype))
      put_f64(result, data, i, yf);
    else
      put_i64(result, data, i, yi);
  }
  return true;
}

bool o2t_fold_clamp(OnnxNode *node, const FuseTensor *x, double low, double high,
                    FuseTensor *result) {
  void *data;
  if (!is_float(x->dtype))
    return o2t_refuse(node, "not supported yet: element type %s", fuse_dtype_name(x->dtype));
  if (!o2t_new_tensor(node, x->dtype, x->rank, x->shape, result, &data))
    return false;
  int64_t n = fuse_tensor_elems(x);
  for (int64_t i = 0; i < n; i++) {
    double v = o2t_at_f64(x, i);
    put_f64(result, data, i, v < low ? low : v > high ? high : v);
  }
  return true;
}

bool o2t_fold_select(OnnxNode *node, const FuseTensor *condition, const FuseTensor *yes,
                     const FuseTensor *no, int rank, const int64_t *shape, FuseTensor *result) {
  const FuseTensor *x[] = {condition, yes, no};
  int64_t stride[3][FUSE_MAX_RANK], index[3][FUSE_MAX_RANK] = {0}, at[3] = {0};
  void *data;
  if (!o2t_new_tensor(node, yes->dtype, rank, shape, result, &data))
    return false;
  for (int k = 0; k < 3; k++)
    broadcast_strides(x[k], stride[k]);
  size_t bytes = fuse_dtype_bytes(yes->dtype);
  int64_t n = fuse_tensor_elems(result);
  for (int64_t i = 0; i < n; i++) {
    int from = o2t_at_i64(condition, at[0]) ? 1 : 2;
    memcpy((char *)data + (size_t)i * bytes, (const char *)x[from]->data + (size_t)at[from] * bytes,
           bytes);
    for (int k = 0; k < 3; k++)
      at[k] = advance(rank, shape, stride[k], index[k], at[k]);
  }
  return true;
}

/* Sums of f32 are kept in f32, in the order of the axis, as the run-time op would. */
bool o2t_fold_reduce(OnnxNode *node, const char *name, const FuseTensor *x, int axis,
                     FuseTensor *result) {
  const char *step = !strcmp(name, "tosa.reduce_sum")       ? "tosa.add"
                     : !strcmp(name, "tosa.reduce_product") ? "tosa.mul"
                     : !strcmp(name, "tosa.reduce_max")     ? "tosa.maximum"
                                                            : "tosa.minimum";
  int64_t shape[FUSE_MAX_RANK], stride[FUSE_MAX_RANK];
  if (x->shape[axis] == 0)
    return o2t_refuse(node, "a reduction over an empty axis");
  memcpy(shape, x->shape, sizeof shape);
  shape[axis] = 1;
  o2t_strides(x->rank, x->shape, stride);
  if (!o2t_fold_strided(node, x, x->rank, shape, 0, stride, result))
    return false;
  for (int64_t i = 1; i < x->shape[axis]; i++) {
    FuseTensor next, sum;
    if (!o2t_fold_strided(node, x, x->rank, shape, i * stride[axis], stride, &next) ||
        !o2t_fold_binary(node, step, result, &next, x->rank, shape, &sum))
      return false;
    *result = sum;
  }
  return true;
}

bool o2t_fold_cast(OnnxNode *node, const FuseTensor *x, FuseDtype dtype, FuseTensor *result) {
  FuseTensor wanted = {.dtype = dtype};
  void *data;
  if (!can_compute(node, x) || !can_compute(node, &wanted) ||
      !o2t_new_tensor(node, dtype, x->rank, x->shape, result, &data))
    return false;
  int64_t n = fuse_tensor_elems(x);
  for (int64_t i = 0; i < n; i++) {
    if (is_float(dtype)) {
      put_f64(result, data, i, o2t_at_f64(x, i));
    } else if (!is_float(x->dtype)) {
      put_i64(result, data, i, o2t_at_i64(x, i));
    } else {
      double v = o2t_at_f64(x, i);
      if (dtype == FUSE_BOOL)
        put_i64(result, data, i, v != 0);
      else if (v > -9.2e18 && v < 9.2e18)
        put_i64(result, data, i, (int64_t)v);
      else
        return o2t_refuse(node, "%g doesn't fit %s", v, fuse_dtype_name(dtype));
    }
  }
  return true;
}
