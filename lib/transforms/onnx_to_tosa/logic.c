// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* logic.c - booleans and bits: And, Or, Xor, Not, the Bitwise ones, BitShift, IsNaN, IsInf.
 */
#include <string.h>

#include "onnx_to_tosa.h"

/* Operands that aren't booleans (integers) are refused here: the op has no other meaning for them.
 */
static bool logical(OnnxNode *node, const char *name) {
  FuseDtype dtype = node->in[0]->tensor.dtype;
  if (dtype != FUSE_BOOL)
    return o2t_refuse(node, "element type %s; expected i1", fuse_dtype_name(dtype));
  return node->n_in == 1 ? o2t_map(node, name) : o2t_fold_left(node, name);
}

static bool bitwise(OnnxNode *node, const char *name) {
  FuseDtype dtype = node->in[0]->tensor.dtype;
  if (dtype == FUSE_BOOL || fuse_dtype_is_float(dtype))
    return o2t_refuse(node, "element type %s; expected integers", fuse_dtype_name(dtype));
  return node->n_in == 1 ? o2t_map(node, name) : o2t_fold_left(node, name);
}

bool o2t_and(OnnxNode *node) {
  return logical(node, "tosa.logical_and");
}

bool o2t_or(OnnxNode *node) {
  return logical(node, "tosa.logical_or");
}

bool o2t_xor(OnnxNode *node) {
  return logical(node, "tosa.logical_xor");
}

bool o2t_not(OnnxNode *node) {
  return logical(node, "tosa.logical_not");
}

bool o2t_bitwise_and(OnnxNode *node) {
  return bitwise(node, "tosa.bitwise_and");
}

bool o2t_bitwise_or(OnnxNode *node) {
  return bitwise(node, "tosa.bitwise_or");
}

bool o2t_bitwise_xor(OnnxNode *node) {
  return bitwise(node, "tosa.bitwise_xor");
}

bool o2t_bitwise_not(OnnxNode *node) {
  return bitwise(node, "tosa.bitwise_not");
}

/* To the right the sign of signed integers comes in. */
bool o2t_bit_shift(OnnxNode *node) {
  const char *direction;
  if (!o2t_attr_str(node, "direction", "", &direction))
    return false;
  bool left = strcmp(direction, "LEFT") == 0;
  if (!left && strcmp(direction, "RIGHT") != 0)
    return o2t_refuse(node, "direction \"%s\"; expected LEFT or RIGHT", direction);
  FuseDtype dtype = node->in[0]->tensor.dtype;
  bool is_signed = dtype == FUSE_I8 || dtype == FUSE_I16 || dtype == FUSE_I32 || dtype == FUSE_I64;
  return bitwise(node, left        ? "tosa.logical_left_shift"
                       : is_signed ? "tosa.arithmetic_right_shift"
                                   : "tosa.logical_right_shift");
}

bool o2t_is_nan(OnnxNode *node) {
  return o2t_map(node, "isnan");
}

/* Of one sign only where the other's attribute is 0. */
bool o2t_is_inf(OnnxNode *node) {
  int64_t negative, positive;
  int rank = node->in[0]->tensor.rank;
  OnnxLayout layout = o2t_choose(node, rank);
  if (!o2t_attr_i64(node, "detect_negative", 1, &negative) ||
      !o2t_attr_i64(node, "detect_positive", 1, &positive))
    return false;
  Term *x = o2t_get(node, node->in[0], layout);
  Term *zero = o2t_scalar(node, node->in[0]->tensor.dtype, rank, 0);
  if (!negative && !positive)
    return o2t_set(node, 0, layout, o2t_binary(node, "tosa.greater", x, x)); /* never */
  Term *y = o2t_unary(node, "isinf", x);
  if (!negative)
    y = o2t_binary(node, "tosa.logical_and", y, o2t_binary(node, "tosa.greater", x, zero));
  if (!positive)
    y = o2t_binary(node, "tosa.logical_and", y, o2t_binary(node, "tosa.greater", zero, x));
  return o2t_set(node, 0, layout, y);
}
