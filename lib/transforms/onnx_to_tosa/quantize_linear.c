// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quantize_linear.c - QuantizeLinear and DequantizeLinear.
 *
 *   DequantizeLinear   nothing but a Quant, where scale and zero point are known
 *   QuantizeLinear     of a dequantised value: tosa.rescale, or nothing; of a float: the kernel
 *                      "quantize"
 * Both are folded where the value is known, and kernels where a scale is known at run time only.
 * In blocks they are arithmetic with the scales and zero points repeated along the axis.
 */
#include <string.h>

#include "quant.h"

static bool is_quantized(FuseDtype dtype) {
  return dtype == FUSE_I8 || dtype == FUSE_U8 || dtype == FUSE_I16 || dtype == FUSE_U16;
}

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

/* ---- in blocks ---- */

/* Scales or zero points, one for each block of `block` elements of an axis of x, as many as x has
 * elements. */
static Term *spread(OnnxNode *node, Term *values, const FuseTensor *x, int axis, int64_t block) {
  if (!values)
    return NULL;
  int64_t outer = 1, inner = 1, n = values->tensor.shape[axis];
  for (int d = 0; d < x->rank; d++)
    *(d < axis ? &outer : &inner) *= d == axis ? 1 : x->shape[d];
  Term *y = o2t_reshape(node, values, 4, (int64_t[]){outer, n, 1, inner});
  y = o2t_tile(node, y, (int64_t[]){1, 1, block, 1});
  y = o2t_reshape(node, y, 3, (int64_t[]){outer, n * block, inner});
  return o2t_reshape(node, o2t_slice_axis(node, y, 1, 0, x->shape[axis]), x->rank, x->shape);
}

/* Scale and zero point (of `dtype`, in f32) of each element of input 0. */
static bool read_blocks(OnnxNode *node, int64_t axis, int64_t block, FuseDtype dtype, Term **scale,
                        Term **zero) {
  const FuseTensor *x = &node->in[0]->tensor;
  if (!o2t_axis(node, x->rank, &axis))
    return false;
  if (block < 0)
    return o2t_refuse(node, "block_size = %lld; expected 0 or more", (long long)block);
  const int64_t size = x->shape[axis];
  for (int i = 1; i <= 2; i++) {
    if (!o2t_has(node, i))
      continue;
    FuseTensor expected = *x;
    expected.shape[axis] = (size - 1) / block + 1;
    const FuseTensor *found = &node->in[i]->tensor;
    if (found->rank != x->rank ||
        memcmp(found->shape, expected.shape, (size_t)x->rank * sizeof *found->shape) != 0)
      return o2t_refuse(node, "input %d; expected the shape of input 0, with %lld on axis %lld", i,
                        (long long)expected.shape[axis], (long long)axis);
  }
  if (o2t_has(node, 2) && node->in[2]->tensor.dtype != dtype)
    return o2t_refuse(node, "a zero point of type %s; expected %s",
                      fuse_dtype_name(node->in[2]->tensor.dtype), fuse_dtype_name(dtype));
  block = fuse_min(block, size);
  *scale = spread(node, o2t_get(node, node->in[1], LAYOUT_ONNX), x, (int)axis, block);
  *zero = NULL;
  if (o2t_has(node, 2)) {
    Term *values = o2t_cast(node, o2t_get(node, node->in[2], LAYOUT_ONNX), FUSE_I32);
    *zero = spread(node, values, x, (int)axis, block);
  }
  return *scale && (*zero || !o2t_has(node, 2));
}

static bool dequantize_blocks(OnnxNode *node, int64_t axis, int64_t block) {
  Term *scale, *zero;
  if (!read_blocks(node, axis, block, node->in[0]->tensor.dtype, &scale, &zero))
    return false;
  Term *x = o2t_cast(node, o2t_get(node, node->in[0], LAYOUT_ONNX), FUSE_I32);
  if (zero)
    x = o2t_binary(node, "tosa.sub", x, zero);
  x = o2t_cast(node, x, FUSE_F32);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_binary(node, "tosa.mul", x, scale));
}

static bool quantize_blocks(OnnxNode *node, int64_t axis, int64_t block, FuseDtype dtype) {
  const bool is_signed = dtype == FUSE_I8 || dtype == FUSE_I16;
  const double values = fuse_dtype_bytes(dtype) == 1 ? 256 : 65536,
               low = is_signed ? -values / 2 : 0;
  Term *scale, *zero;
  if (!read_blocks(node, axis, block, dtype, &scale, &zero))
    return false;
  Term *y = o2t_binary(node, "div", o2t_get(node, node->in[0], LAYOUT_ONNX), scale);
  y = o2t_unary(node, "round", y);
  if (zero)
    y = o2t_binary(node, "tosa.add", y, o2t_cast(node, zero, FUSE_F32));
  y = o2t_clamp(node, y, low, low + values - 1);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_cast(node, y, dtype));
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

static bool dequantize(OnnxNode *node) {
  Quant quant;
  int64_t axis, block;
  OnnxValue *x = node->in[0];
  FuseDtype dtype = x->tensor.dtype;
  if (!o2t_attr_i64(node, "axis", 1, &axis) || !o2t_attr_i64(node, "block_size", 0, &block))
    return false;
  if (!is_quantized(dtype) && dtype != FUSE_I32)
    return o2t_refuse(node, "integers of type %s; expected i8, ui8, i16, ui16 or i32",
                      fuse_dtype_name(dtype));
  if (node->in[1]->tensor.dtype != FUSE_F32)
    return o2t_refuse(node, "not supported yet: a scale of type %s; expected f32",
                      fuse_dtype_name(node->in[1]->tensor.dtype));
  if (block)
    return dequantize_blocks(node, axis, block);
  if (!o2t_known(node->in[1]) || (o2t_has(node, 2) && !o2t_known(node->in[2])))
    return dequantize_at_run_time(node, axis);
  if (!o2t_read_quant(node, x, 1, axis, &quant))
    return false;
  o2t_set_quant(node, node->out[0], quant.q, &quant);
  return true;
}

/* output_dtype, since opset 23, or the type of the scale. */
bool o2t_dequantize_linear(OnnxNode *node) {
  int64_t code;
  FuseDtype dtype = FUSE_DTYPE_NONE;
  if (!o2t_attr_i64(node, "output_dtype", 0, &code) ||
      (code && !o2t_attr_dtype(node, "output_dtype", &dtype)))
    return false;
  if (code && fuse_dtype_wide(dtype) != FUSE_F32)
    return o2t_refuse(node, "output_dtype %s; expected f32, f16 or bf16", fuse_dtype_name(dtype));
  if (!dequantize(node))
    return false;
  if (code)
    node->out[0]->half = dtype == FUSE_F32 ? FUSE_DTYPE_NONE : dtype;
  return true;
}

/* ---- QuantizeLinear ---- */

bool o2t_quantized_type(OnnxNode *node, FuseDtype *dtype) {
  int64_t code;
  bool zero = o2t_has(node, 2);
  if (!o2t_attr_i64(node, "output_dtype", 0, &code))
    return false;
  *dtype = zero ? node->in[2]->tensor.dtype : FUSE_U8;
  if (code && !o2t_attr_dtype(node, "output_dtype", dtype))
    return false;
  if (zero && *dtype != node->in[2]->tensor.dtype)
    return o2t_refuse(node, "output_dtype %s with a zero point of type %s; expected equal ones",
                      fuse_dtype_name(*dtype), fuse_dtype_name(node->in[2]->tensor.dtype));
  return is_quantized(*dtype) ||
         o2t_refuse(node, "a result of type %s; expected i8, ui8, i16 or ui16",
                    fuse_dtype_name(*dtype));
}

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
  FuseDtype dtype;
  if (!o2t_attr_i64(node, "axis", 1, &axis) || !o2t_attr_i64(node, "block_size", 0, &block) ||
      !o2t_quantized_type(node, &dtype))
    return false;
  if (block)
    return quantize_blocks(node, axis, block, dtype);
  bool one = fuse_tensor_elems(&node->in[1]->tensor) == 1;
  if (!one && (!o2t_axis(node, x->tensor.rank, &axis) ||
               fuse_tensor_elems(&node->in[1]->tensor) != x->tensor.shape[axis]))
    return o2t_refuse(node, "%lld scales for an axis of another size",
                      (long long)fuse_tensor_elems(&node->in[1]->tensor));
  Term *data = o2t_get(node, x, LAYOUT_ONNX), *scale = o2t_get(node, node->in[1], LAYOUT_ONNX);
  Term *y = convert(node, "quantize", dtype, data, scale, zero_term(node, 2, dtype),
                    one ? -1 : (int)axis);
  return o2t_set(node, 0, LAYOUT_ONNX, y);
}

/* precision: the type of the division, which is f32 here. */
bool o2t_quantize_linear(OnnxNode *node) {
  QuantOut out = {.low = -128, .high = 127};
  OnnxValue *x = node->in[0];
  int64_t precision;
  if (!o2t_attr_i64(node, "precision", 0, &precision))
    return false;
  if (precision > 1)
    return o2t_refuse(node, "not supported yet: precision = %lld; expected 0 or 1 (f32)",
                      (long long)precision);
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

/* scale = (max - min) / 255, zero = -min / scale rounded to 0..255. Of zeros alone the scale is 1,
 * as ONNX Runtime has it: ONNX's formula would divide by 0. */
bool o2t_dynamic_quantize_linear(OnnxNode *node) {
  Term *x = o2t_get(node, node->in[0], LAYOUT_ONNX);
  Term *low = extreme(node, "tosa.reduce_min", "tosa.minimum", x);
  Term *high = extreme(node, "tosa.reduce_max", "tosa.maximum", x);
  Term *range = o2t_binary(node, "tosa.sub", high, low);
  Term *any = o2t_binary(node, "tosa.greater", range, o2t_scalar(node, FUSE_F32, 1, 0));
  Term *scale = o2t_binary(node, "div", range, o2t_scalar(node, FUSE_F32, 1, 255));
  scale = o2t_select(node, any, scale, o2t_scalar(node, FUSE_F32, 1, 1));
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
