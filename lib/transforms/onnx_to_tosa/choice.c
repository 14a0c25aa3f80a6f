// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* choice.c - onnx.if: one of two values, by a condition that is known when its turn comes.
 *
 *   %y = "onnx.if"(%condition, %then, %else)   ==>   "onnx.identity"(%then)  or  (%else)
 *
 * What only leads to such values is lazy: it is converted when somebody needs it, so that the nodes
 * of the branch that isn't taken are never looked at. They may be of operators that nobody knows
 * and of shapes that don't fit, which is why somebody has put them into a branch.
 *
 * source: ONNX's If; ONNX Runtime also inlines the branch where the condition is known
 */
#include "onnx_to_tosa.h"

/* Does nobody but a branch read what this use reads? */
static bool is_lazy_use(const OnnxNode *node, MlirOpOperand use) {
  MlirOperation user = mlirOpOperandGetOwner(use);
  if (mlirOperationGetNumResults(user) == 0 || /* func.return */
      !mlirBlockEqual(mlirOperationGetBlock(user), mlirOperationGetBlock(node->op)))
    return false;
  if (fuse_op_is(user, "onnx.if") && mlirOpOperandGetOperandNumber(use) > 0)
    return true;
  const OnnxNode *reader = o2t_value(node->conversion, mlirOperationGetResult(user, 0))->node;
  return reader && reader->lazy;
}

static bool is_lazy(const OnnxNode *node) {
  MlirStringRef why;
  bool used = false;
  if (o2t_refused_later(node->op, &why))
    return true;
  for (int i = 0; i < node->n_out; i++)
    for (MlirOpOperand use = mlirValueGetFirstUse(node->out[i]->onnx); !mlirOpOperandIsNull(use);
         use = mlirOpOperandGetNextUse(use)) {
      if (!is_lazy_use(node, use))
        return false;
      used = true;
    }
  return used;
}

void o2t_find_lazy(Conversion *conversion) {
  for (size_t i = conversion->n_nodes; i-- > 0;) /* users come behind */
    conversion->nodes[i].lazy = is_lazy(&conversion->nodes[i]);
}

bool o2t_refused_later(MlirOperation op, MlirStringRef *why) {
  return fuse_op_is(op, "onnx.refused") && fuse_get_str(op, "why", why);
}

/* An If with several outputs is as many ops, and refused once. */
static bool refuse_open(OnnxNode *node) {
  Conversion *conversion = node->conversion;
  bool said = !mlirLocationIsNull(conversion->undecided) &&
              mlirLocationEqual(conversion->undecided, node->loc);
  conversion->undecided = node->loc;
  if (!said)
    return o2t_refuse_unknown(node, 0, "its condition is known at run time only");
  node->refused = true;
  return false;
}

/* The node reads one value from here on. */
static bool choose(OnnxNode *node) {
  const OnnxValue *condition = node->in[0];
  char type[FUSE_TENSOR_TYPE_CHARS];
  if (!condition->ready)
    return false;
  if (condition->tensor.dtype != FUSE_BOOL || fuse_tensor_elems(&condition->tensor) != 1)
    return o2t_refuse(node, "its condition is %s; expected one boolean",
                      fuse_tensor_type(&condition->tensor, type, sizeof type));
  if (!o2t_known(condition))
    return refuse_open(node);
  node->in[0] = node->in[o2t_at_i64(&condition->form[LAYOUT_ONNX]->tensor, 0) ? 1 : 2];
  node->n_in = 1;
  return true;
}

OnnxNode *o2t_next_needed(OnnxNode *node, int *next) {
  const bool is_choice = node->row && fuse_op_is(node->op, "onnx.if");
  for (;;) {
    if (is_choice && node->n_in > 1 && *next == 1) { /* the condition has had its turn */
      if (!choose(node))
        return NULL;
      *next = 0;
    }
    if (node->refused || *next >= node->n_in)
      return NULL;
    OnnxNode *maker = node->in[(*next)++]->node;
    if (maker && maker->lazy && !maker->done && !maker->refused)
      return maker;
  }
}
