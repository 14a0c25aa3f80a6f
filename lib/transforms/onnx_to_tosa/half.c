// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* half.c - values of f16 and bf16, which are held in f32.
 *
 *   %y = "onnx.conv"(%x, %w)           x, w, y: f16
 *     ==>
 *   %a = tosa.cast %x                  f16 -> f32; constants are widened when they are read
 *   %b = tosa.conv2d %a, ...           all f32
 *   %y = tosa.cast %b                  f32 -> f16, where the value leaves the network
 *
 * gives: no operator sees another type than f32, so all of them take f16 and bf16, and the machine
 *        runs what it runs of an f32 network. Values are rounded where the network says so (Cast,
 *        CastLike) and where they leave it, not between operators. ONNX Runtime does the same on a
 *        CPU: docs/rationale.md.
 */
#include "onnx_to_tosa.h"

static bool is_half(FuseDtype dtype) {
  return fuse_dtype_wide(dtype) != dtype;
}

FuseDtype o2t_onnx_dtype(const OnnxValue *value) {
  return value->half ? value->half : value->tensor.dtype;
}

/* The type of a result that the node computes in f32: that of its first input that is a float. */
static FuseDtype inherited(const OnnxNode *node) {
  if (!node->row || node->row->flags & OWN_TYPE)
    return FUSE_DTYPE_NONE;
  for (int i = 0; i < node->n_in; i++)
    if (!node->in[i]->absent && node->in[i]->tensor.dtype == FUSE_F32)
      return node->in[i]->half;
  return FUSE_DTYPE_NONE;
}

void o2t_inherit_half(const OnnxNode *node, OnnxValue *value) {
  value->half = value->tensor.dtype == FUSE_F32 ? inherited(node) : FUSE_DTYPE_NONE;
}

Term *o2t_hold(OnnxNode *node, OnnxValue *value, Term *term) {
  if (!term || !is_half(term->tensor.dtype))
    return term;
  value->half = term->tensor.dtype;
  return o2t_cast(node, term, FUSE_F32);
}

Term *o2t_release(OnnxNode *node, const OnnxValue *value, Term *term) {
  if (!term || !value->half)
    return term;
  if (!term->tensor.data && mlirValueIsAOpResult(term->value)) { /* an input that passes through */
    MlirOperation cast = mlirOpResultGetOwner(term->value);
    if (fuse_op_is(cast, "tosa.cast")) {
      Term *before = o2t_term(node->conversion, mlirOperationGetOperand(cast, 0));
      if (before->tensor.dtype == value->half)
        return before;
    }
  }
  return o2t_cast(node, term, value->half);
}

bool o2t_one_float_type(OnnxNode *node) {
  const OnnxValue *first = NULL;
  for (int i = 0; i < node->n_in; i++) {
    const OnnxValue *in = node->in[i];
    if (in->absent || in->tensor.dtype != FUSE_F32)
      continue;
    if (first && in->half != first->half)
      return o2t_refuse(node, "inputs of types %s and %s; expected equal ones",
                        fuse_dtype_name(o2t_onnx_dtype(first)),
                        fuse_dtype_name(o2t_onnx_dtype(in)));
    first = in;
  }
  return true;
}
