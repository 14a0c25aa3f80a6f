// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* activation.c - activations that no later pass looks for; those it does are in elementwise.c.
 *
 *   Elu               select(x >= 0, x, (exp(x) - 1) * alpha)
 *   Selu              Elu * gamma
 *   Celu              select(x >= 0, x, (exp(x * 1/alpha) - 1) * alpha)
 *   Softplus          max(x, 0) + log(exp(-|x|) + 1), which never overflows
 *   Softsign          x * reciprocal(|x| + 1)
 *   ThresholdedRelu   select(x > alpha, x, 0)
 *   Shrink            select(x > lambd, x - bias, select(-x > lambd, x + bias, 0))
 *   Gelu              (erf(x * sqrt(1/2)) + 1) * x * 0.5, or with tanh
 *   Swish             x * sigmoid(x * alpha)
 *   Mish              x * tanh(Softplus)
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

static Term *times(OnnxNode *node, Term *x, double factor) {
  return factor == 1 ? x : o2t_with(node, "tosa.mul", x, factor);
}

/* What an activation computes from x and up to two numbers. */
typedef Term *Formula(OnnxNode *node, Term *x, const double *number);

static bool activation(OnnxNode *node, Formula *formula, const double *number) {
  OnnxLayout layout = o2t_choose(node, node->in[0]->tensor.rank);
  Term *x = o2t_get(node, node->in[0], layout);
  return o2t_set(node, 0, layout, x ? formula(node, x, number) : NULL);
}

/* ---- exponential ---- */

/* number: alpha; what x is multiplied by */
static Term *elu(OnnxNode *node, Term *x, const double *number) {
  Term *e = o2t_unary(node, "tosa.exp", times(node, x, number[1]));
  Term *negative = times(node, o2t_with(node, "tosa.sub", e, 1), number[0]);
  return o2t_select(node, o2t_with(node, "tosa.greater_equal", x, 0), x, negative);
}

bool o2t_elu(OnnxNode *node) {
  double number[2] = {1, 1};
  return o2t_attr_f32(node, "alpha", 1, &number[0]) && activation(node, elu, number);
}

bool o2t_celu(OnnxNode *node) {
  double number[2];
  if (!o2t_attr_f32(node, "alpha", 1, &number[0]))
    return false;
  if (number[0] == 0)
    return o2t_refuse(node, "alpha is 0; expected another number");
  number[1] = 1 / number[0];
  return activation(node, elu, number);
}

/* number: alpha, gamma */
static Term *selu(OnnxNode *node, Term *x, const double *number) {
  return times(node, elu(node, x, (double[]){number[0], 1}), number[1]);
}

/* The defaults are newer than opset 1, which had rounder ones. */
bool o2t_selu(OnnxNode *node) {
  bool first = o2t_opset(node) < 6;
  double number[2];
  return o2t_attr_f32(node, "alpha", first ? 1.6732 : 1.67326319217681884765625, &number[0]) &&
         o2t_attr_f32(node, "gamma", first ? 1.0507 : 1.05070102214813232421875, &number[1]) &&
         activation(node, selu, number);
}

static Term *softplus(OnnxNode *node, Term *x, const double *number) {
  (void)number;
  Term *e = o2t_unary(node, "tosa.exp", times(node, o2t_unary(node, "tosa.abs", x), -1));
  Term *rest = o2t_unary(node, "tosa.log", o2t_with(node, "tosa.add", e, 1));
  return o2t_binary(node, "tosa.add", o2t_with(node, "tosa.maximum", x, 0), rest);
}

bool o2t_softplus(OnnxNode *node) {
  return activation(node, softplus, NULL);
}

static Term *mish(OnnxNode *node, Term *x, const double *number) {
  return o2t_binary(node, "tosa.mul", x, o2t_unary(node, "tosa.tanh", softplus(node, x, number)));
}

bool o2t_mish(OnnxNode *node) {
  return activation(node, mish, NULL);
}

/* ---- rational and piecewise ---- */

static Term *softsign(OnnxNode *node, Term *x, const double *number) {
  (void)number;
  Term *below = o2t_with(node, "tosa.add", o2t_unary(node, "tosa.abs", x), 1);
  return o2t_binary(node, "tosa.mul", x, o2t_unary(node, "tosa.reciprocal", below));
}

bool o2t_softsign(OnnxNode *node) {
  return activation(node, softsign, NULL);
}

static Term *zero_like(OnnxNode *node, const Term *x) {
  return o2t_scalar(node, x->tensor.dtype, x->tensor.rank, 0);
}

/* number: alpha */
static Term *thresholded(OnnxNode *node, Term *x, const double *number) {
  Term *above = o2t_with(node, "tosa.greater", x, number[0]);
  return o2t_select(node, above, x, zero_like(node, x));
}

bool o2t_thresholded_relu(OnnxNode *node) {
  double alpha;
  return o2t_attr_f32(node, "alpha", 1, &alpha) && activation(node, thresholded, &alpha);
}

/* number: lambd, bias */
static Term *shrink(OnnxNode *node, Term *x, const double *number) {
  Term *above = o2t_with(node, "tosa.greater", x, number[0]);
  Term *below = o2t_with(node, "tosa.greater", times(node, x, -1), number[0]);
  Term *raised = o2t_with(node, "tosa.add", x, number[1]);
  Term *rest = o2t_select(node, below, raised, zero_like(node, x));
  return o2t_select(node, above, o2t_with(node, "tosa.sub", x, number[1]), rest);
}

bool o2t_shrink(OnnxNode *node) {
  double number[2];
  return o2t_attr_f32(node, "lambd", 0.5, &number[0]) &&
         o2t_attr_f32(node, "bias", 0, &number[1]) && activation(node, shrink, number);
}

/* ---- smooth gates ---- */

static Term *gelu(OnnxNode *node, Term *x, const double *number) {
  (void)number;
  Term *gate =
      o2t_with(node, "tosa.add", o2t_unary(node, "tosa.erf", times(node, x, sqrt(0.5))), 1);
  return times(node, o2t_binary(node, "tosa.mul", x, gate), 0.5);
}

/* With tanh(sqrt(2 / pi) * (x + 0.044715 x^3)) in place of erf(x / sqrt(2)). */
static Term *gelu_tanh(OnnxNode *node, Term *x, const double *number) {
  (void)number;
  Term *cube = o2t_binary(node, "tosa.mul", o2t_binary(node, "tosa.mul", x, x), x);
  Term *inner = o2t_binary(node, "tosa.add", x, times(node, cube, 0.044715));
  Term *gate = o2t_unary(node, "tosa.tanh", times(node, inner, sqrt(2 / acos(-1))));
  return times(node, o2t_binary(node, "tosa.mul", x, o2t_with(node, "tosa.add", gate, 1)), 0.5);
}

bool o2t_gelu(OnnxNode *node) {
  const char *approximate;
  if (!o2t_attr_str(node, "approximate", "none", &approximate))
    return false;
  bool tanh = strcmp(approximate, "tanh") == 0;
  if (!tanh && strcmp(approximate, "none") != 0)
    return o2t_refuse(node, "approximate \"%s\"; expected none or tanh", approximate);
  return activation(node, tanh ? gelu_tanh : gelu, NULL);
}

/* number: alpha */
static Term *swish(OnnxNode *node, Term *x, const double *number) {
  return o2t_binary(node, "tosa.mul", x,
                    o2t_unary(node, "tosa.sigmoid", times(node, x, number[0])));
}

bool o2t_swish(OnnxNode *node) {
  double alpha;
  return o2t_attr_f32(node, "alpha", 1, &alpha) && activation(node, swish, &alpha);
}

/* swish(a) * b */
bool o2t_swiglu(OnnxNode *node) {
  const FuseTensor *a = &node->in[0]->tensor, *b = &node->in[1]->tensor;
  double alpha;
  if (!o2t_attr_f32(node, "alpha", 1, &alpha))
    return false;
  if (a->rank != b->rank || memcmp(a->shape, b->shape, (size_t)a->rank * sizeof *a->shape) != 0)
    return o2t_refuse(node, "operands of different shapes; expected equal ones");
  OnnxLayout layout = o2t_choose(node, a->rank);
  Term *gate = swish(node, o2t_get(node, node->in[0], layout), &alpha);
  Term *value = o2t_get(node, node->in[1], layout);
  return o2t_set(node, 0, layout, o2t_binary(node, "tosa.mul", gate, value));
}
