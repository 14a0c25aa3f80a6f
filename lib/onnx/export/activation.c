// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* activation.c - groups of ops that are one ONNX operator.
 *
 *   HardSigmoid  clamp(x * alpha + beta, 0, 1)
 *   HardSwish    x * HardSigmoid(x), alpha = 1/6, beta = 0.5
 *   LeakyRelu    select(x >= 0, x, x * alpha)
 *   PRelu        select(x >= 0, x, x * slope)
 *   Div          x * reciprocal(y)
 *   Softmax      exp(x - max(x)) / sum(exp(x - max(x)))
 *
 * gives: what convert-onnx-to-tosa makes of these operators (see its elementwise.c), back again.
 * The ops inside have become nodes by now; they are left out when nobody else uses them.
 */
#include "export.h"

static MlirValue operand(MlirOperation op, int i) {
  return mlirOperationGetOperand(op, i);
}

static bool is_value(Export *e, MlirValue value, double expected) {
  double number;
  return t2o_is_number(e, value, &number) && number == expected;
}

/* One node on x in place of the group. */
static Node *replace(Export *e, const char *type, MlirValue from, Layout *layout) {
  Value *x = t2o_value(e, from), *y = t2o_result(e);
  *layout = t2o_choose(&x, 1, x->type.rank);
  const FuseTensor result = t2o_type(&y->type, *layout);
  y->form[*layout] = t2o_node1(e, type, &result, t2o_get(e, x, *layout));
  return y->form[*layout]->node;
}

/* Is op clamp(x * alpha + beta, 0, 1)? */
static bool hard_sigmoid(Export *e, MlirOperation op, MlirValue *x, double *alpha, double *beta) {
  double low, high;
  if (mlirOperationIsNull(op) || !fuse_get_f64(op, "min_val", &low) ||
      !fuse_get_f64(op, "max_val", &high) || low != 0 || high != 1)
    return false;
  MlirOperation add = t2o_made_by(operand(op, 0), "tosa.add");
  if (mlirOperationIsNull(add) || !t2o_is_number(e, operand(add, 1), beta))
    return false;
  MlirOperation mul = t2o_made_by(operand(add, 0), "tosa.mul");
  if (mlirOperationIsNull(mul) || !t2o_is_number(e, operand(mul, 1), alpha))
    return false;
  *x = operand(mul, 0);
  return mlirTypeEqual(mlirValueGetType(*x), mlirValueGetType(mlirOperationGetResult(op, 0)));
}

bool t2o_is_hard_sigmoid(Export *e) {
  double alpha, beta;
  MlirValue x;
  Layout layout;
  if (!hard_sigmoid(e, e->op, &x, &alpha, &beta))
    return false;
  Node *node = replace(e, "HardSigmoid", x, &layout);
  t2o_attr_f32(e, node, "alpha", (float)alpha);
  t2o_attr_f32(e, node, "beta", (float)beta);
  return true;
}

bool t2o_is_hard_swish(Export *e) {
  double alpha, beta;
  MlirValue x;
  Layout layout;
  if (!hard_sigmoid(e, t2o_made_by(operand(e->op, 1), "tosa.clamp"), &x, &alpha, &beta) ||
      !mlirValueEqual(x, operand(e->op, 0)) || alpha != (double)(float)(1.0 / 6.0) || beta != 0.5)
    return false;
  replace(e, "HardSwish", x, &layout);
  return true;
}

bool t2o_is_leaky(Export *e) {
  MlirValue x = operand(e->op, 1);
  MlirOperation test = t2o_made_by(operand(e->op, 0), "tosa.greater_equal");
  MlirOperation mul = t2o_made_by(operand(e->op, 2), "tosa.mul");
  double alpha;
  Layout layout;
  if (mlirOperationIsNull(test) || mlirOperationIsNull(mul) ||
      !mlirValueEqual(operand(test, 0), x) || !is_value(e, operand(test, 1), 0) ||
      !mlirValueEqual(operand(mul, 0), x) ||
      !mlirTypeEqual(mlirValueGetType(x), mlirValueGetType(mlirOperationGetResult(e->op, 0))))
    return false;
  if (t2o_is_number(e, operand(mul, 1), &alpha)) {
    t2o_attr_f32(e, replace(e, "LeakyRelu", x, &layout), "alpha", (float)alpha);
    return true;
  }
  Value *in = t2o_value(e, x), *y = t2o_result(e);
  layout = t2o_choose(&in, 1, in->type.rank);
  const FuseTensor type = t2o_type(&y->type, layout);
  Tensor *slopes = t2o_get(e, t2o_value(e, operand(mul, 1)), layout);
  y->form[layout] = t2o_node2(e, "PRelu", &type, t2o_get(e, in, layout), slopes);
  return true;
}

bool t2o_is_div(Export *e) {
  MlirOperation reciprocal = t2o_made_by(operand(e->op, 1), "tosa.reciprocal");
  if (mlirOperationIsNull(reciprocal))
    return false;
  Value *y = t2o_result(e);
  Value *in[] = {t2o_operand(e, 0), t2o_value(e, operand(reciprocal, 0))};
  const Layout layout = t2o_choose(in, 2, y->type.rank);
  const FuseTensor type = t2o_type(&y->type, layout);
  y->form[layout] =
      t2o_node2(e, "Div", &type, t2o_get(e, in[0], layout), t2o_get(e, in[1], layout));
  return true;
}

bool t2o_is_softmax(Export *e) {
  MlirOperation reciprocal = t2o_made_by(operand(e->op, 1), "tosa.reciprocal");
  MlirOperation exponent = t2o_made_by(operand(e->op, 0), "tosa.exp");
  if (mlirOperationIsNull(reciprocal) || mlirOperationIsNull(exponent))
    return false;
  MlirOperation sum = t2o_made_by(operand(reciprocal, 0), "tosa.reduce_sum");
  MlirOperation sub = t2o_made_by(operand(exponent, 0), "tosa.sub");
  if (mlirOperationIsNull(sum) || mlirOperationIsNull(sub) ||
      !mlirValueEqual(operand(sum, 0), operand(e->op, 0)))
    return false;
  MlirOperation max = t2o_made_by(operand(sub, 1), "tosa.reduce_max");
  MlirValue x = operand(sub, 0);
  int64_t axis, axis_max;
  Layout layout;
  if (mlirOperationIsNull(max) || !mlirValueEqual(operand(max, 0), x) ||
      !fuse_get_i64(sum, "axis", &axis) || !fuse_get_i64(max, "axis", &axis_max) ||
      axis != axis_max)
    return false;
  Node *node = replace(e, "Softmax", x, &layout);
  t2o_attr_i64(e, node, "axis", t2o_place(layout, t2o_result(e)->type.rank, (int)axis));
  return true;
}
