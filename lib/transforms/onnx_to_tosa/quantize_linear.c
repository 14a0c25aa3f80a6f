// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quantize_linear.c - QuantizeLinear and DequantizeLinear.
 *
 *   DequantizeLinear   nothing but a Quant, where scale and zero point are known
 *   QuantizeLinear     of a dequantised value: tosa.rescale, or nothing; of a float: the kernel
 *                      "quantize"
 * Both are folded where the value is known, and kernels where a scale is known at run time only.
 */
#include "quant.h"

/* ---- between floats and integers at run time ---- */

/* The n scales or zero points in a tensor of any rank; one stands for all. */
static Term *numbers(OnnxNode *node, Term *values, int64_t n) {
  static const int64_t one = 1;
  int64_t found = values ? fuse_tensor_elems(&values->tensor) : n;
  if (found == 1 && n > 1)
    return o2t_tile(node, o2t_reshape(node, values, 1, &one), &n);
  if (found != n) {
    o2t_refuse(node, "%lld scales or zero points; expected %lld", (long long)found, (long long)n);
    return NULL;
  }
  return o2t_reshape(node, values, 1, &n);
}

/* x, scale and zero point by a kernel of ours: TOSA has no division, and would take four ops.
 * axis: that scale and zero run along, -1: one of each. */
static Term *convert(OnnxNode *node, const char *kernel, FuseDtype dtype, Term *x, Term *scale,
                     Term *zero, int axis) {
  if (!x || !scale || !zero)
    return NULL;
  int64_t outer = 1, n = 1, inner = 1;
  for (int d = 0; d < x->tensor.rank; d++)
    *(d < axis ? &outer : d == axis ? &n : &inner) *= x->tensor.shape[d];
  MlirContext context = node->conversion->context;
  const char *params =
      fuse_format(node->conversion->scratch, "outer = %lld, n = %lld, inner = %lld",
                  (long long)outer, (long long)n, (long long)inner);
  MlirNamedAttribute attrs[] = {fuse_attr_str(context, "domain_name", "fuse"),
                                fuse_attr_str(context, "operator_name", kernel),
                                fuse_attr_str(context, "implementation_attrs", params)};
  scale = numbers(node, scale, n);
  zero = numbers(node, zero, n);
  if (!scale || !zero)
    return NULL;
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, scale), o2t_emit(node, zero)};
  return o2t_op(node, "tosa.custom", dtype, x->tensor.rank, x->tensor.shape, 3, operands, 3, attrs);
}

Term *o2t_quantize_term(OnnxNode *node, Term *x, Term *scale, Term *zero, FuseDtype dtype,
                        int axis) {
  return convert(node, "quantize", dtype, x, scale, zero, axis);
}

/* f32(q - zero) * scale, rounded once. */
static Term *fold_dequantize(OnnxNode *node, const Quant *quant, const FuseTensor *q) {
  FuseTensor y;
  void *data;
  int64_t inner = 1;
  if (!o2t_new_tensor(node, FUSE_F32, q->rank, q->shape, &y, &data))
    return NULL;
  for (int d = quant->axis + 1; quant->axis >= 0 && d < q->rank; d++)
    inner *= q->shape[d];
  for (int64_t i = 0, count = fuse_tensor_elems(q); i < count; i++) {
    int64_t c = i / inner % quant->n;
    ((float *)data)[i] = (float)(o2t_at_i64(q, i) - quant->zero[quant->n == 1 ? 0 : c]) *
                         (float)quant->scale[quant->n == 1 ? 0 : c];
  }
  return o2t_constant(node->conversion, &y, "dequantized");
}

Term *o2t_dequantized(OnnxNode *node, const Quant *quant, OnnxLayout layout) {
  Term *x = o2t_get(node, quant->q, layout);
  if (!x || x->tensor.data)
    return x ? fold_dequantize(node, quant, &x->tensor) : NULL;
  int axis = quant->axis < 0 ? -1 : o2t_position(layout, x->tensor.rank, quant->axis);
  return convert(node, "dequantize", FUSE_F32, x,
                 o2t_vector(node, FUSE_F32, quant->n, quant->scale),
                 o2t_integers(node, quant->q->tensor.dtype, quant->n, quant->zero), axis);
}

/* The zero point of node's input i as a Term; without one it is 0. */
static Term *zero_term(OnnxNode *node, int i, FuseDtype dtype) {
  static const int64_t zero = 0;
  return o2t_has(node, i) ? o2t_get(node, node->in[i], LAYOUT_ONNX)
                          : o2t_integers(node, dtype, 1, &zero);
}

/* ---- DequantizeLinear ---- */

/* Scale or zero point are known at run time only. */
static bool dequantize_at_run_time(OnnxNode *node, int64_t axis) {
  OnnxValue *x = node->in[0];
  bool one = fuse_tensor_elems(&node->in[1]->tensor) == 1;
  if (!one && (!o2t_axis(node, x->tensor.rank, &axis) ||
               fuse_tensor_elems(&node->in[1]->tensor) != x->tensor.shape[axis]))
    return o2t_refuse(node, "%lld scales for an axis of another size",
                      (long long)fuse_tensor_elems(&node->in[1]->tensor));
  Term *q = o2t_get(node, x, LAYOUT_ONNX), *scale = o2t_get(node, node->in[1], LAYOUT_ONNX);
  Term *y = convert(node, "dequantize", FUSE_F32, q, scale, zero_term(node, 2, x->tensor.dtype),
                    one ? -1 : (int)axis);
  return o2t_set(node, 0, LAYOUT_ONNX, y);
}

bool o2t_dequantize_linear(OnnxNode *node) {
  Quant quant;
  int64_t axis, block;
  OnnxValue *x = node->in[0];
  FuseDtype dtype = x->tensor.dtype;
  if (!o2t_attr_i64(node, "axis", 1, &axis) || !o2t_attr_i64(node, "block_size", 0, &block))
    return false;
  if (block)
    return o2t_refuse(node, "not supported yet: block_size = %lld", (long long)block);
  if (dtype != FUSE_I8 && dtype != FUSE_U8 && dtype != FUSE_I32)
    return o2t_refuse(node, "not supported yet: integers of type %s; expected i8, ui8 or i32",
                      fuse_dtype_name(dtype));
  if (node->in[1]->tensor.dtype != FUSE_F32)
    return o2t_refuse(node, "not supported yet: a scale of type %s; expected f32",
                      fuse_dtype_name(node->in[1]->tensor.dtype));
  if (!o2t_known(node->in[1]) || (o2t_has(node, 2) && !o2t_known(node->in[2])))
    return dequantize_at_run_time(node, axis);
  if (!o2t_read_quant(node, x, 1, axis, &quant))
    return false;
  o2t_set_quant(node, node->out[0], quant.q, &quant);
  return true;
}

/* ---- QuantizeLinear ---- */

/* f32 to i8 with the one scale of out. */
static Term *quantized(OnnxNode *node, Term *x, const QuantOut *out) {
  FuseTensor y;
  void *data;
  if (x && !x->tensor.data)
    return convert(node, "quantize", FUSE_I8, x, o2t_vector(node, FUSE_F32, 1, &out->scale),
                   o2t_integers(node, FUSE_I8, 1, &out->zero), -1);
  if (!x || !o2t_new_tensor(node, FUSE_I8, x->tensor.rank, x->tensor.shape, &y, &data))
    return NULL;
  for (int64_t i = 0, n = fuse_tensor_elems(&y); i < n; i++)
    ((int8_t *)data)[i] = (int8_t)o2t_quantize(o2t_at_f64(&x->tensor, i), out->scale, out->zero);
  return o2t_constant(node->conversion, &y, "quantized");
}

/* Integers to other integers: DequantizeLinear straight before. */
static bool requantized(OnnxNode *node, const Quant *x, const QuantOut *out) {
  OnnxLayout layout = o2t_choose(node, x->q->tensor.rank);
  Term *q = o2t_get(node, x->q, layout);
  if (x->scale[0] == out->scale && x->zero[0] == out->zero)
    return o2t_set_out(node, out, layout, q);
  return o2t_set_out(node, out, layout, o2t_requantize(node, q, x->zero[0], 1, x->scale, out));
}

/* Several scales, or known at run time only. */
static bool quantize_at_run_time(OnnxNode *node) {
  OnnxValue *x = node->in[0];
  int64_t axis, block;
  FuseDtype dtype = o2t_has(node, 2) ? node->in[2]->tensor.dtype : FUSE_U8;
  if (!o2t_attr_i64(node, "axis", 1, &axis) || !o2t_attr_i64(node, "block_size", 0, &block))
    return false;
  bool one = fuse_tensor_elems(&node->in[1]->tensor) == 1;
  if (block || o2t_has_attr(node, "output_dtype") || (dtype != FUSE_I8 && dtype != FUSE_U8))
    return o2t_refuse(node,
                      "not supported yet: blocks, or a result of another type than i8 or ui8");
  if (!one && (!o2t_axis(node, x->tensor.rank, &axis) ||
               fuse_tensor_elems(&node->in[1]->tensor) != x->tensor.shape[axis]))
    return o2t_refuse(node, "%lld scales for an axis of another size",
                      (long long)fuse_tensor_elems(&node->in[1]->tensor));
  Term *data = o2t_get(node, x, LAYOUT_ONNX), *scale = o2t_get(node, node->in[1], LAYOUT_ONNX);
  Term *y = convert(node, "quantize", dtype, data, scale, zero_term(node, 2, dtype),
                    one ? -1 : (int)axis);
  return o2t_set(node, 0, LAYOUT_ONNX, y);
}

bool o2t_quantize_linear(OnnxNode *node) {
  QuantOut out = {.low = -128, .high = 127};
  OnnxValue *x = node->in[0];
  if (x->tensor.dtype != FUSE_F32 || node->in[1]->tensor.dtype != FUSE_F32)
    return o2t_refuse(node,
                      "not supported yet: a value of type %s and a scale of type %s; expected f32",
                      fuse_dtype_name(x->tensor.dtype), fuse_dtype_name(node->in[1]->tensor.dtype));
  if (!o2t_read_out(node, &out))
    return quantize_at_run_time(node);
  if (o2t_is_quant(node, 0))
    return requantized(node, x->quant, &out);
  OnnxLayout layout = o2t_choose(node, x->tensor.rank);
  return o2t_set_out(node, &out, layout, quantized(node, o2t_get(node, x, layout), &out));
}

/* ---- DynamicQuantizeLinear ---- */

/* Of all elements; 0 counts too. */
static Term *extreme(OnnxNode *node, const char *reduce, const char *with_zero, Term *x) {
  if (!x)
    return NULL;
  Term *line = o2t_reshape(node, x, 1, (int64_t[]){fuse_tensor_elems(&x->tensor)});
  return o2t_binary(node, with_zero, o2t_reduce(node, reduce, line, 0),
                    o2t_scalar(node, FUSE_F32, 1, 0));
}

/* scale = (max - min) / 255, zero = -min / scale rounded to 0..255 */
bool o2t_dynamic_quantize_linear(OnnxNode *node) {
  Term *x = o2t_get(node, node->in[0], LAYOUT_ONNX);
  Term *low = extreme(node, "tosa.reduce_min", "tosa.minimum", x);
  Term *high = extreme(node, "tosa.reduce_max", "tosa.maximum", x);
  Term *scale = o2t_binary(node, "div", o2t_binary(node, "tosa.sub", high, low),
                           o2t_scalar(node, FUSE_F32, 1, 255));
  Term *zero = o2t_binary(node, "tosa.sub", o2t_scalar(node, FUSE_F32, 1, 0),
                          o2t_binary(node, "div", low, scale));
  zero = o2t_cast(node, o2t_clamp(node, o2t_unary(node, "round", zero), 0, 255), FUSE_U8);
  if (!scale || !zero)
    return false;
  Term *outputs[] = {o2t_quantize_term(node, x, scale, zero, FUSE_U8, -1),
                     o2t_reshape(node, scale, 0, NULL), o2t_reshape(node, zero, 0, NULL)};
  for (int i = 0; i < node->n_out; i++)
    if (!o2t_set(node, i, LAYOUT_ONNX, outputs[i]))
      return false;
  return true;
}
