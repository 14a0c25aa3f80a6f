// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* verify_fuse.c - rules of the fuse dialect: element types, shapes, attributes.
 *
 * needs: an op that IRDL accepts (operand count, tensors, mandatory attributes)
 * gives: success, or one error; the passes behind rely on every rule here
 * source: docs/dialects.md, rules F1 to U2
 */
#include <stdio.h>

#include "ir_private.h"

#define MAX_NUMBER INT32_MAX /* of a dimension, pad, stride, dilation: products fit int64 */

enum { N, H, W, C, RANK };

static bool failed(MlirLogicalResult result) {
  return mlirLogicalResultIsFailure(result);
}

/* ---- pieces of rules ---- */

/* Operand or result `what` as a tensor of this rank with at least one element. */
static MlirLogicalResult get_tensor(MlirOperation op, MlirValue value, const char *what, int rank,
                                    FuseTensor *tensor) {
  if (!fuse_type_tensor(mlirValueGetType(value), tensor))
    return fuse_op_error(op, "%s has an unknown size or element type; expected a static tensor",
                         what);
  char type[128];
  fuse_tensor_type(tensor, type, sizeof type);
  if (tensor->rank != rank)
    return fuse_op_error(op, "%s is %s; expected %d dimensions", what, type, rank);
  for (int d = 0; d < rank; d++)
    if (tensor->shape[d] < 1 || tensor->shape[d] > MAX_NUMBER)
      return fuse_op_error(op, "%s is %s; expected dimensions from 1 to 2147483647", what, type);
  return mlirLogicalResultSuccess();
}

/* Attribute of exactly n numbers, each at least `least`. */
static MlirLogicalResult get_numbers(MlirOperation op, const char *name, int n, int64_t least,
                                     int64_t *values) {
  int found = 0;
  if (!fuse_get_i64s(op, name, n, values, &found) || found != n)
    return fuse_op_error(op, "%s isn't array<i64> of %d values; expected that", name, n);
  for (int i = 0; i < n; i++)
    if (values[i] < least || values[i] > MAX_NUMBER)
      return fuse_op_error(op, "%s[%d] = %lld; expected %lld to 2147483647", name, i,
                           (long long)values[i], (long long)least);
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult get_number(MlirOperation op, const char *name, int64_t least, int64_t most,
                                    int64_t *value) {
  if (!fuse_get_i64(op, name, value))
    return fuse_op_error(op, "%s isn't an integer; expected one", name);
  if (*value < least || *value > most)
    return fuse_op_error(op, "%s = %lld; expected %lld to %lld", name, (long long)*value,
                         (long long)least, (long long)most);
  return mlirLogicalResultSuccess();
}

/* Rule F1: f32 throughout, without zero points; or i8 in, i32 bias and result, with zero points. F5
 * for the attributes of each. */
static MlirLogicalResult check_types(MlirOperation op, FuseDtype input, int n_weights,
                                     const FuseTensor *weights, const FuseTensor *biases,
                                     FuseDtype output, const char *attributes_f32,
                                     const char *attributes_i8) {
  FuseDtype sum = input == FUSE_I8 ? FUSE_I32 : FUSE_F32;
  if (input != FUSE_F32 && input != FUSE_I8)
    return fuse_op_error(op, "input of %s; expected f32 or i8", fuse_dtype_name(input));
  for (int i = 0; i < n_weights; i++) {
    if (weights[i].dtype != input)
      return fuse_op_error(op, "weight of %s; expected the input's %s",
                           fuse_dtype_name(weights[i].dtype), fuse_dtype_name(input));
    if (biases[i].dtype != sum)
      return fuse_op_error(op, "bias of %s; expected %s", fuse_dtype_name(biases[i].dtype),
                           fuse_dtype_name(sum));
  }
  if (output != sum)
    return fuse_op_error(op, "result of %s; expected %s", fuse_dtype_name(output),
                         fuse_dtype_name(sum));
  if (input == FUSE_F32)
    return fuse_check_attributes(op, attributes_f32);
  int64_t zero_point;
  if (failed(get_number(op, "input_zp", -128, 127, &zero_point)) ||
      failed(get_number(op, "weight_zp", -128, 127, &zero_point)))
    return mlirLogicalResultFailure();
  return fuse_check_attributes(op, attributes_i8);
}

/* Rule F4: outputs along one axis, rounded down; less than 1 when the filter doesn't fit. */
static int64_t out_size(int64_t in, int64_t before, int64_t after, int64_t taps, int64_t dilation,
                        int64_t stride) {
  int64_t room = in + before + after - dilation * (taps - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

static MlirLogicalResult check_result(MlirOperation op, const FuseTensor *y, int64_t n, int64_t h,
                                      int64_t w, int64_t c) {
  char found[128];
  fuse_tensor_type(y, found, sizeof found);
  if (h < 1 || w < 1)
    return fuse_op_error(op, "the filter is larger than the padded input; expected it to fit");
  if (y->shape[N] != n || y->shape[H] != h || y->shape[W] != w || y->shape[C] != c)
    return fuse_op_error(op, "result is %s; expected %lldx%lldx%lldx%lld", found, (long long)n,
                         (long long)h, (long long)w, (long long)c);
  return mlirLogicalResultSuccess();
}

/* Rules D1, C1: weight's and bias's channels against the number that the layer has. */
static MlirLogicalResult check_channels(MlirOperation op, const char *what, int64_t found,
                                        int64_t expected) {
  if (found == expected)
    return mlirLogicalResultSuccess();
  return fuse_op_error(op, "%s has %lld channels; expected %lld", what, (long long)found,
                       (long long)expected);
}

/* ---- one function per op ---- */

static MlirLogicalResult verify_dwconv2d(MlirOperation op) {
  FuseTensor x, w, b, y;
  int64_t pad[4], stride[2], dilation[2];
  if (failed(get_tensor(op, mlirOperationGetOperand(op, 0), "input", RANK, &x)) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 1), "weight", 3, &w)) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 2), "bias", 1, &b)) ||
      failed(get_tensor(op, mlirOperationGetResult(op, 0), "result", RANK, &y)) ||
      failed(check_types(op, x.dtype, 1, &w, &b, y.dtype, "pad stride dilation",
                         "pad stride dilation input_zp weight_zp")) ||
      failed(get_numbers(op, "pad", 4, 0, pad)) ||
      failed(get_numbers(op, "stride", 2, 1, stride)) ||
      failed(get_numbers(op, "dilation", 2, 1, dilation)) ||
      failed(check_channels(op, "weight", w.shape[2], x.shape[C])) ||
      failed(check_channels(op, "bias", b.shape[0], x.shape[C])))
    return mlirLogicalResultFailure();
  int64_t h = out_size(x.shape[H], pad[0], pad[1], w.shape[0], dilation[0], stride[0]);
  int64_t wide = out_size(x.shape[W], pad[2], pad[3], w.shape[1], dilation[1], stride[1]);
  return check_result(op, &y, x.shape[N], h, wide, x.shape[C]);
}

/* Height and width behind one 1-D filter. */
static void conv1d_size(const FuseTensor *x, bool row, int64_t taps, const int64_t *pad,
                        const int64_t *stride, int64_t dilation, int64_t *h, int64_t *w) {
  *h = row ? out_size(x->shape[H], 0, 0, 1, 1, stride[0])
           : out_size(x->shape[H], pad[0], pad[1], taps, dilation, stride[0]);
  *w = row ? out_size(x->shape[W], pad[0], pad[1], taps, dilation, stride[1])
           : out_size(x->shape[W], 0, 0, 1, 1, stride[1]);
}

static MlirLogicalResult verify_conv1d(MlirOperation op) {
  FuseTensor x, w, b, y;
  int64_t pad[2], stride[2], dilation, h, wide;
  MlirStringRef axis;
  if (failed(get_tensor(op, mlirOperationGetOperand(op, 0), "input", RANK, &x)) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 1), "weight", 2, &w)) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 2), "bias", 1, &b)) ||
      failed(get_tensor(op, mlirOperationGetResult(op, 0), "result", RANK, &y)) ||
      failed(check_types(op, x.dtype, 1, &w, &b, y.dtype, "axis pad stride dilation",
                         "axis pad stride dilation input_zp weight_zp")) ||
      failed(get_numbers(op, "pad", 2, 0, pad)) ||
      failed(get_numbers(op, "stride", 2, 1, stride)) ||
      failed(get_number(op, "dilation", 1, MAX_NUMBER, &dilation)) ||
      failed(check_channels(op, "weight", w.shape[0], x.shape[C])) ||
      failed(check_channels(op, "bias", b.shape[0], x.shape[C])))
    return mlirLogicalResultFailure();
  bool row = fuse_get_str(op, "axis", &axis) && fuse_str_is(axis, "row");
  conv1d_size(&x, row, w.shape[1], pad, stride, dilation, &h, &wide);
  return check_result(op, &y, x.shape[N], h, wide, x.shape[C]);
}

/* Rule U1. half: the groups share the channels; full: each has all of them. */
static MlirLogicalResult check_groups(MlirOperation op, int64_t rows, int64_t cols,
                                      int64_t channels) {
  MlirStringRef variant;
  if (fuse_get_str(op, "variant", &variant) && fuse_str_is(variant, "half")) {
    if (rows + cols != channels)
      return fuse_op_error(op, "%lld row and %lld column filters; expected %lld together (half)",
                           (long long)rows, (long long)cols, (long long)channels);
  } else if (rows != channels || cols != channels) {
    return fuse_op_error(op, "%lld row and %lld column filters; expected %lld of each (full)",
                         (long long)rows, (long long)cols, (long long)channels);
  }
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult verify_fuseconv(MlirOperation op) {
  enum { ROW, COL };
  FuseTensor x, w[2], b[2], y;
  int64_t pad[2][2], stride[2], dilation, h[2], wide[2];
  if (failed(get_tensor(op, mlirOperationGetOperand(op, 0), "input", RANK, &x)) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 1), "row weight", 2, &w[ROW])) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 2), "row bias", 1, &b[ROW])) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 3), "column weight", 2, &w[COL])) ||
      failed(get_tensor(op, mlirOperationGetOperand(op, 4), "column bias", 1, &b[COL])) ||
      failed(get_tensor(op, mlirOperationGetResult(op, 0), "result", RANK, &y)) ||
      failed(check_types(op, x.dtype, 2, w, b, y.dtype, "variant pad_row pad_col stride dilation",
                         "variant pad_row pad_col stride dilation input_zp weight_zp")) ||
      failed(get_numbers(op, "pad_row", 2, 0, pad[ROW])) ||
      failed(get_numbers(op, "pad_col", 2, 0, pad[COL])) ||
      failed(get_numbers(op, "stride", 2, 1, stride)) ||
      failed(get_number(op, "dilation", 1, MAX_NUMBER, &dilation)) ||
      failed(check_channels(op, "row bias", b[ROW].shape[0], w[ROW].shape[0])) ||
      failed(check_channels(op, "column bias", b[COL].shape[0], w[COL].shape[0])) ||
      failed(check_groups(op, w[ROW].shape[0], w[COL].shape[0], x.shape[C])))
    return mlirLogicalResultFailure();
  for (int i = ROW; i <= COL; i++)
    conv1d_size(&x, i == ROW, w[i].shape[1], pad[i], stride, dilation, &h[i], &wide[i]);
  if (h[ROW] != h[COL] || wide[ROW] != wide[COL]) /* rule U2 */
    return fuse_op_error(op, "rows give %lldx%lld, columns %lldx%lld; expected the same size",
                         (long long)h[ROW], (long long)wide[ROW], (long long)h[COL],
                         (long long)wide[COL]);
  return check_result(op, &y, x.shape[N], h[ROW], wide[ROW], w[ROW].shape[0] + w[COL].shape[0]);
}

const FuseRuleRow fuse_rules_fuse[] = {
    {"fuse.dwconv2d", verify_dwconv2d},
    {"fuse.conv1d", verify_conv1d},
    {"fuse.fuseconv", verify_fuseconv},
    {NULL, NULL},
};
