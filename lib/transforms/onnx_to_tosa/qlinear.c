// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* qlinear.c - operators whose scales and zero points are inputs: QLinearConv, QLinearMatMul.
 *
 * gives: what the same operators between DequantizeLinear and QuantizeLinear give; where a scale or
 *        zero point is known at run time only, sums in f32, of so few products that they are exact;
 *        where the zero points of the weights differ, sums of floats
 */
#include <math.h>

#include "quant.h"

/* The result's scale and zero point from inputs i and i + 1. */
static bool read_result(OnnxNode *node, int i, QuantOut *out) {
  for (int k = i; k < i + 2; k++)
    if (!o2t_known(node->in[k]) || fuse_tensor_elems(&node->in[k]->tensor) != 1)
      return o2t_refuse(
          node, "not supported yet: input %d; expected one number known at compile time", k);
  FuseDtype dtype = node->in[i + 1]->tensor.dtype;
  if (dtype != FUSE_I8 && dtype != FUSE_U8)
    return o2t_refuse(node, "a zero point of type %s; expected i8 or ui8", fuse_dtype_name(dtype));
  *out = (QuantOut){.scale = o2t_reals(node, i, 1)[0],
                    .zero = (int64_t)o2t_reals(node, i + 1, 1)[0] - (dtype == FUSE_U8 ? 128 : 0),
                    .low = -128,
                    .high = 127,
                    .result = node->out[0]};
  if (!(out->scale > 0) || isinf(out->scale))
    return o2t_refuse(node, "a scale of %g; expected a positive number", out->scale);
  node->out[0]->tensor.dtype = dtype;
  return true;
}

/* Input i is 8-bit integers with scale and zero point in the two inputs behind it. */
static bool read_operand(OnnxNode *node, int i, int64_t axis, Quant *quant) {
  FuseDtype dtype = node->in[i]->tensor.dtype;
  if (dtype != FUSE_I8 && dtype != FUSE_U8)
    return o2t_refuse(node, "input %d of type %s; expected i8 or ui8", i, fuse_dtype_name(dtype));
  return o2t_read_quant(node, node->in[i], i + 1, axis, quant);
}

/* ---- at run time ---- */

static bool all_known(const OnnxNode *node, int n, const int *inputs) {
  for (int i = 0; i < n; i++)
    if (o2t_has(node, inputs[i]) && !o2t_known(node->in[inputs[i]]))
      return false;
  return true;
}

/* f32(input i - zero point in input z), which is exact; several zero points run along `axis`. */
static OnnxValue *difference(OnnxNode *node, int i, int z, int axis) {
  OnnxValue *value = fuse_alloc(node->conversion->scratch, sizeof *value);
  int rank = node->in[i]->tensor.rank;
  int64_t shape[FUSE_MAX_RANK];
  Term *x = o2t_cast(node, o2t_get(node, node->in[i], LAYOUT_ONNX), FUSE_F32);
  if (o2t_has(node, z)) {
    int64_t n = fuse_tensor_elems(&node->in[z]->tensor);
    for (int d = 0; d < rank; d++)
      shape[d] = d == axis ? n : 1;
    if (n != 1 && n != node->in[i]->tensor.shape[axis]) {
      o2t_refuse(node, "input %d; expected one number or one per channel", z);
      return NULL;
    }
    Term *zero = o2t_cast(node, o2t_get(node, node->in[z], LAYOUT_ONNX), FUSE_F32);
    x = o2t_binary(node, "tosa.sub", x, o2t_reshape(node, zero, rank, shape));
  }
  return x && o2t_set_value(node, value, LAYOUT_ONNX, x) ? value : NULL;
}

/* Are sums of n products of differences of bytes exact in f32? */
static bool exact_sums(OnnxNode *node, int64_t n) {
  return n <= (1 << 24) / (255 * 255) ||
         o2t_refuse(node,
                    "not supported yet: %lld products with a zero point that isn't known at "
                    "compile time",
                    (long long)n);
}

/* The convolution (else product of matrices) of input 0 and input w, without zero points. */
static Term *exact_sum(OnnxNode *node, bool convolution, int w, int x_zero, int w_zero) {
  const FuseTensor *weights = &node->in[w]->tensor;
  int rank = weights->rank;
  if (rank < 1 || weights->shape[0] < 1) {
    o2t_refuse(node, "input %d of rank %d; expected at least 1", w, rank);
    return NULL;
  }
  int64_t n = convolution ? fuse_tensor_elems(weights) / weights->shape[0]
                          : weights->shape[rank > 1 ? rank - 2 : 0];
  if (!exact_sums(node, n))
    return NULL;
  OnnxValue *x = difference(node, 0, x_zero, node->in[0]->tensor.rank - 2);
  OnnxValue *y = difference(node, w, w_zero, convolution ? 0 : rank - 1);
  if (!x || !y)
    return NULL;
  return convolution ? o2t_convolve(node, x, y) : o2t_multiply(node, x, y);
}

/* quantize(sum, ys / (xs * ws), yz): several ws run along `axis` of the result. */
static bool quantize_sum(OnnxNode *node, Term *sum, int axis) {
  static const int inputs[] = {1, 4, 6};
  Term *scale[3];
  for (int i = 0; i < 3; i++) {
    int64_t n = fuse_tensor_elems(&node->in[inputs[i]]->tensor);
    scale[i] = o2t_reshape(node, o2t_get(node, node->in[inputs[i]], LAYOUT_ONNX), 1, &n);
    if (i != 1 && n != 1)
      return o2t_refuse(node, "not supported yet: several scales in input %d", inputs[i]);
  }
  Term *product = o2t_binary(node, "tosa.mul", scale[0], scale[1]);
  Term *step = o2t_binary(node, "tosa.mul", scale[2], o2t_unary(node, "tosa.reciprocal", product));
  FuseDtype dtype = node->in[7]->tensor.dtype;
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_quantize_term(node, sum, step, o2t_get(node, node->in[7], LAYOUT_ONNX), dtype,
                                   step && fuse_tensor_elems(&step->tensor) > 1 ? axis : -1));
}

/* ---- zero points of the weights that differ ---- */

static OnnxValue *in_floats(OnnxNode *node, const Quant *quant) {
  OnnxValue *value = fuse_alloc(node->conversion->scratch, sizeof *value);
  o2t_set_quant(node, value, quant->q, quant);
  o2t_store(node, value);
  return value;
}

/* The result is floats; bias: one a channel (axis 1), or NULL. */
static bool quantize_floats(OnnxNode *node, Term *y, const double *bias, const QuantOut *out) {
  if (y && bias) {
    int64_t shape[FUSE_MAX_RANK];
    for (int d = 0; d < y->tensor.rank; d++)
      shape[d] = d == 1 ? y->tensor.shape[1] : 1;
    Term *line = o2t_vector(node, FUSE_F32, y->tensor.shape[1], bias);
    y = o2t_binary(node, "tosa.add", y, o2t_reshape(node, line, y->tensor.rank, shape));
  }
  Term *scale = o2t_vector(node, FUSE_F32, 1, &out->scale);
  Term *zero = o2t_integers(node, FUSE_I8, 1, &out->zero);
  return o2t_set_out(node, out, LAYOUT_ONNX, o2t_quantize_term(node, y, scale, zero, FUSE_I8, -1));
}

static const int PARAMETERS[] = {1, 2, 4, 5, 6, 7};

/* ---- QLinearConv, QLinearMatMul ---- */

bool o2t_qlinear_conv(OnnxNode *node) {
  Quant x, w;
  QuantOut out;
  bool taken = false;
  if (!all_known(node, 6, PARAMETERS)) {
    if (o2t_has(node, 8))
      return o2t_refuse(node, "not supported yet: a bias with scales known at run time only");
    return quantize_sum(node, exact_sum(node, true, 3, 2, 5), 1);
  }
  if (!read_operand(node, 0, 1, &x) || !read_operand(node, 3, 0, &w) || !read_result(node, 6, &out))
    return false;
  if (x.axis >= 0)
    return o2t_refuse(node, "%lld scales of the input; expected one", (long long)x.n);
  int64_t cout = w.q->tensor.rank ? w.q->tensor.shape[0] : 0;
  if (o2t_has(node, 8) && (!o2t_known(node->in[8]) || node->in[8]->tensor.rank != 1 ||
                           node->in[8]->tensor.shape[0] != cout))
    return o2t_refuse(node, "a bias; expected %lld integers known at compile time",
                      (long long)cout);
  double *bias = o2t_reals(node, 8, cout);
  for (int64_t c = 0; c < cout; c++)
    bias[c] *= x.scale[0] * w.scale[w.n == 1 ? 0 : c];
  if (!o2t_conv_quant(node, &x, &w, bias, &out, &taken))
    return false;
  if (taken)
    return true;
  OnnxValue *data = in_floats(node, &x), *weights = in_floats(node, &w);
  return quantize_floats(node, o2t_convolve(node, data, weights), bias, &out);
}

bool o2t_qlinear_matmul(OnnxNode *node) {
  Quant a, b;
  QuantOut out;
  bool taken = false;
  int rank = node->in[3]->tensor.rank;
  if (!all_known(node, 6, PARAMETERS)) {
    Term *sum = exact_sum(node, false, 3, 2, 5);
    return quantize_sum(node, sum, sum ? sum->tensor.rank - 1 : 0);
  }
  if (!read_operand(node, 0, 0, &a) || !read_operand(node, 3, rank - 1, &b) ||
      !read_result(node, 6, &out))
    return false;
  if (a.axis >= 0)
    return o2t_refuse(node, "not supported yet: %lld scales of A; expected one", (long long)a.n);
  if (!o2t_product_quant(node, &a, &b, &out, &taken))
    return false;
  if (taken)
    return true;
  OnnxValue *left = in_floats(node, &a), *right = in_floats(node, &b);
  return quantize_floats(node, o2t_multiply(node, left, right), NULL, &out);
}

/* ---- sums alone: ConvInteger, MatMulInteger ---- */

/* Zero points in inputs i and i + 1, each one number of the operands' types. */
static bool integer_operands(OnnxNode *node, Quant *a, Quant *b) {
  static const double one = 1;
  Quant *side[] = {a, b};
  for (int i = 0; i < 2; i++) {
    FuseDtype dtype = node->in[i]->tensor.dtype;
    int64_t *zero = fuse_alloc(node->conversion->scratch, sizeof *zero);
    if (dtype != FUSE_I8 && dtype != FUSE_U8)
      return o2t_refuse(node, "input %d of type %s; expected i8 or ui8", i, fuse_dtype_name(dtype));
    if (o2t_has(node, 2 + i)) {
      if (!o2t_known(node->in[2 + i]) || fuse_tensor_elems(&node->in[2 + i]->tensor) != 1)
        return o2t_refuse(node,
                          "not supported yet: input %d; expected one zero point known at "
                          "compile time",
                          2 + i);
      *zero = (int64_t)o2t_reals(node, 2 + i, 1)[0];
    }
    *zero -= dtype == FUSE_U8 ? 128 : 0;
    *side[i] = (Quant){
        .q = o2t_signed(node, node->in[i]), .axis = -1, .n = 1, .scale = &one, .zero = zero};
  }
  return true;
}

/* The sum, which is exact in f32, as i32. */
static bool set_sum(OnnxNode *node, Term *sum) {
  MlirValue operand;
  if (!sum)
    return false;
  operand = o2t_emit(node, sum);
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_op(node, "tosa.cast", FUSE_I32, sum->tensor.rank, sum->tensor.shape, 1,
                        &operand, 0, NULL));
}

static const int ZEROS[] = {2, 3};

bool o2t_conv_integer(OnnxNode *node) {
  Quant x, w;
  if (!all_known(node, 2, ZEROS))
    return set_sum(node, exact_sum(node, true, 1, 2, 3));
  return integer_operands(node, &x, &w) && o2t_conv_sum(node, &x, &w);
}

bool o2t_matmul_integer(OnnxNode *node) {
  Quant a, b;
  if (!all_known(node, 2, ZEROS))
    return set_sum(node, exact_sum(node, false, 1, 2, 3));
  return integer_operands(node, &a, &b) && o2t_matmul_sum(node, &a, &b);
}
