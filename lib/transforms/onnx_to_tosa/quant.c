// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quant.c - quantised values, what follows them, and integer arithmetic as TOSA.
 *
 * gives: tosa.rescale with scale32 and SINGLE_ROUND, the rounding nearest to the exact product
 * source: ONNX's operator documents; TOSA 1.0, rescale; for the multipliers Jacob et al.,
 *         Quantization and Training of Neural Networks (CVPR 2018), section 2.2
 */
#include <math.h>
#include <string.h>

#include "fuse/requant.h"
#include "quant.h"

/* ---- values ---- */

static OnnxValue *new_value(OnnxNode *node, const FuseTensor *shape, FuseDtype dtype) {
  OnnxValue *value = fuse_alloc(node->conversion->scratch, sizeof *value);
  value->tensor = *shape;
  value->tensor.dtype = dtype;
  FUSE_ASSERT(fuse_tensor_set_size(&value->tensor));
  value->ready = true;
  return value;
}

bool o2t_is_quant(const OnnxNode *node, int i) {
  const Quant *quant = o2t_has(node, i) ? node->in[i]->quant : NULL;
  return quant && quant->axis < 0 && quant->q->tensor.dtype == FUSE_I8;
}

OnnxValue *o2t_signed(OnnxNode *node, OnnxValue *value) {
  if (value->tensor.dtype != FUSE_U8)
    return value;
  if (!value->shifted) {
    value->shifted = new_value(node, &value->tensor, FUSE_I8);
    value->shifted->shifted = value;
  }
  return value->shifted;
}

OnnxValue *o2t_stored_bytes(const OnnxValue *value) {
  bool stored = value->form[LAYOUT_ONNX] || value->form[LAYOUT_LAST] || value->form[LAYOUT_FLAT];
  return value->tensor.dtype == FUSE_U8 && !stored ? value->shifted : NULL;
}

void o2t_set_quant(OnnxNode *node, OnnxValue *value, OnnxValue *q, const Quant *like) {
  Quant *quant = fuse_memdup(node->conversion->scratch, like, sizeof *like);
  quant->q = q;
  value->tensor = q->tensor;
  value->tensor.dtype = FUSE_F32;
  FUSE_ASSERT(fuse_tensor_set_size(&value->tensor));
  value->quant = quant;
  o2t_inherit_half(node, value);
  value->ready = true;
}

Term *o2t_materialize(OnnxNode *node, OnnxValue *value, OnnxLayout layout) {
  if (value->quant)
    return o2t_dequantized(node, value->quant, layout);
  bool to_u8 = value->tensor.dtype == FUSE_U8;
  const double one = 1;
  return o2t_rescale(node, o2t_get(node, value->shifted, layout), to_u8 ? 0 : 128, 1, &one,
                     to_u8 ? 128 : 0, value->tensor.dtype);
}

/* ---- scales and zero points ---- */

bool o2t_read_quant(OnnxNode *node, OnnxValue *x, int i, int64_t axis, Quant *quant) {
  bool zeros = o2t_has(node, i + 1);
  if (!o2t_known(node->in[i]) || (zeros && !o2t_known(node->in[i + 1])))
    return o2t_refuse(node,
                      "not supported yet: a scale or zero point that isn't known at compile time");
  const FuseTensor *scale = &o2t_get(node, node->in[i], LAYOUT_ONNX)->tensor;
  const FuseTensor *zero = zeros ? &o2t_get(node, node->in[i + 1], LAYOUT_ONNX)->tensor : NULL;
  int64_t n = fuse_tensor_elems(scale), n_zero = zero ? fuse_tensor_elems(zero) : n;
  if (scale->rank > 1 || n < 1 || (n_zero != n && n_zero != 1))
    return o2t_refuse(node,
                      "not supported yet: scales of rank %d, %lld of them, and %lld zero points",
                      scale->rank, (long long)n, (long long)n_zero);
  if (zero && zero->dtype != x->tensor.dtype)
    return o2t_refuse(node, "a zero point of type %s for integers of type %s",
                      fuse_dtype_name(zero->dtype), fuse_dtype_name(x->tensor.dtype));
  if (n > 1 && (!o2t_axis(node, x->tensor.rank, &axis) || x->tensor.shape[axis] != n))
    return o2t_refuse(node, "%lld scales for an axis of another size", (long long)n);
  double *scales = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *scales);
  int64_t *zero_points =
      fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *zero_points);
  for (int64_t k = 0; k < n; k++) {
    scales[k] = o2t_at_f64(scale, k);
    zero_points[k] = zero ? o2t_at_i64(zero, n_zero == 1 ? 0 : k) : 0;
    zero_points[k] -= x->tensor.dtype == FUSE_U8 ? 128 : 0;
    if (!(scales[k] > 0) || isinf(scales[k]))
      return o2t_refuse(node, "a scale of %g; expected a positive number", scales[k]);
  }
  *quant = (Quant){.q = o2t_signed(node, x),
                   .axis = n > 1 ? (int)axis : -1,
                   .n = n,
                   .scale = scales,
                   .zero = zero_points};
  return true;
}

int64_t o2t_quantize(double real, double scale, int64_t zero) {
  double q = nearbyint((double)((float)real / (float)scale));
  return isnan(q) ? zero : (int64_t)fmax(-128, fmin(127, q + (double)zero));
}

/* ---- TOSA ---- */

Term *o2t_integers(OnnxNode *node, FuseDtype dtype, int64_t n, const int64_t *values) {
  FuseTensor tensor;
  void *data;
  if (!o2t_new_tensor(node, dtype, 1, &n, &tensor, &data))
    return NULL;
  for (int64_t i = 0; i < n; i++) {
    if (fuse_dtype_bytes(dtype) == 1)
      ((int8_t *)data)[i] = (int8_t)values[i];
    else if (fuse_dtype_bytes(dtype) == 2)
      ((int16_t *)data)[i] = (int16_t)values[i];
    else
      ((int32_t *)data)[i] = (int32_t)values[i];
  }
  return o2t_constant(node->conversion, &tensor, "integers");
}

/* scale = multiplier / 2^shift with 31 bits of multiplier. */
static bool multiplier(double scale, int64_t *factor, int64_t *shift) {
  int exponent;
  double mantissa = frexp(scale, &exponent); /* [0.5, 1) */
  *factor = llround(mantissa * 2147483648.0);
  if (*factor == (int64_t)1 << 31)
    *factor /= 2, exponent++;
  *shift = 31 - exponent;
  if (*shift > 62) /* less than half a step for any operand */
    *factor = 0, *shift = 62;
  return *shift >= 2;
}

static const int64_t LOWEST[] = {-128, 0, INT32_MIN}, HIGHEST[] = {127, 255, INT32_MAX};
static int range_of(FuseDtype dtype) {
  return dtype == FUSE_I8 ? 0 : dtype == FUSE_U8 ? 1 : 2;
}

static Term *fold_rescale(OnnxNode *node, const FuseTensor *x, int64_t in_zero, int64_t n,
                          const int64_t *factor, const int64_t *shift, int64_t out_zero,
                          FuseDtype dtype) {
  FuseTensor y;
  void *data;
  int range = range_of(dtype);
  if (!o2t_new_tensor(node, dtype, x->rank, x->shape, &y, &data))
    return NULL;
  for (int64_t i = 0, count = fuse_tensor_elems(x); i < count; i++) {
    int64_t v = fuse_apply_scale((int32_t)(o2t_at_i64(x, i) - in_zero), (int32_t)factor[i % n],
                                 (uint32_t)shift[i % n], false) +
                out_zero;
    v = fuse_max(LOWEST[range], fuse_min(HIGHEST[range], v));
    if (range == 2)
      ((int32_t *)data)[i] = (int32_t)v;
    else
      ((uint8_t *)data)[i] = (uint8_t)v;
  }
  return o2t_constant(node->conversion, &y, "rescaled");
}

Term *o2t_rescale_by(OnnxNode *node, Term *x, int64_t in_zero, int64_t n, const int64_t *factor,
                     const int64_t *shift, int64_t out_zero, FuseDtype dtype) {
  if (!x)
    return NULL;
  if (x->tensor.data)
    return fold_rescale(node, &x->tensor, in_zero, n, factor, shift, out_zero, dtype);
  MlirContext context = node->conversion->context;
  Term *constants[] = {
      o2t_integers(node, FUSE_I32, n, factor), o2t_integers(node, FUSE_I8, n, shift),
      o2t_integers(node, x->tensor.dtype, 1, &in_zero), o2t_integers(node, dtype, 1, &out_zero)};
  MlirValue operands[5] = {o2t_emit(node, x)};
  for (int i = 0; i < 4; i++)
    operands[1 + i] = o2t_emit(node, constants[i]);
  MlirNamedAttribute attrs[] = {
      fuse_attr_bool(context, "scale32", true),
      fuse_attr(context, "rounding_mode",
                mlirAttributeParseGet(context, fuse_str("#tosa.rounding_mode<SINGLE_ROUND>"))),
      fuse_attr_bool(context, "per_channel", n > 1),
      fuse_attr_bool(context, "input_unsigned", x->tensor.dtype == FUSE_U8),
      fuse_attr_bool(context, "output_unsigned", dtype == FUSE_U8),
  };
  return o2t_op(node, "tosa.rescale", dtype, x->tensor.rank, x->tensor.shape, 5, operands, 5,
                attrs);
}

Term *o2t_rescale(OnnxNode *node, Term *x, int64_t in_zero, int64_t n, const double *scale,
                  int64_t out_zero, FuseDtype dtype) {
  int64_t *factor = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *factor);
  int64_t *shift = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *shift);
  for (int64_t i = 0; i < n; i++)
    if (!multiplier(scale[i], &factor[i], &shift[i])) {
      o2t_refuse(node, "not supported yet: integers are scaled by %g", scale[i]);
      return NULL;
    }
  return o2t_rescale_by(node, x, in_zero, n, factor, shift, out_zero, dtype);
}

Term *o2t_widen(OnnxNode *node, Term *x, int64_t zero) {
  const double one = 1;
  return o2t_rescale(node, x, zero, 1, &one, 0, FUSE_I32);
}

static Term *clamp(OnnxNode *node, Term *x, int64_t low, int64_t high) {
  if (!x || (low == -128 && high == 127))
    return x;
  FUSE_ASSERT(!x->tensor.data);
  MlirContext context = node->conversion->context;
  MlirType i8 = mlirIntegerTypeGet(context, 8);
  MlirNamedAttribute attrs[] = {fuse_attr(context, "min_val", mlirIntegerAttrGet(i8, low)),
                                fuse_attr(context, "max_val", mlirIntegerAttrGet(i8, high))};
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, "tosa.clamp", FUSE_I8, x->tensor.rank, x->tensor.shape, 1, &operand, 2,
                attrs);
}

Term *o2t_requantize(OnnxNode *node, Term *x, int64_t in_zero, int64_t n, const double *scale,
                     const QuantOut *out) {
  /* By this much any integer but 0 leaves 8 bits, as by more; by more, sums would leave 32. */
  const double most = 512;
  double *factor = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *factor);
  for (int64_t i = 0; i < n; i++)
    factor[i] = fmin(scale[i] / out->scale, most);
  return clamp(node, o2t_rescale(node, x, in_zero, n, factor, out->zero, FUSE_I8), out->low,
               out->high);
}

/* ---- sums of products ---- */

double *o2t_reals(OnnxNode *node, int i, int64_t n) {
  double *values = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *values);
  if (!o2t_has(node, i))
    return values;
  const Quant *quant = node->in[i]->quant; /* not through f32, which would round large integers */
  OnnxValue *stored = quant ? quant->q : node->in[i];
  const FuseTensor *x = &o2t_get(node, stored, LAYOUT_ONNX)->tensor;
  bool one = fuse_tensor_elems(x) == 1;
  for (int64_t k = 0; k < n; k++) {
    values[k] = o2t_at_f64(x, one ? 0 : k);
    if (quant) {
      int64_t c = quant->n == 1 ? 0 : k;
      values[k] = (values[k] - (double)quant->zero[c]) * quant->scale[c];
    }
  }
  return values;
}

bool o2t_quant_sum(OnnxNode *node, const Quant *x, const Quant *w, int axis, int64_t channels,
                   const double *bias, QuantSum *sum) {
  if (w->axis >= 0 && w->axis != axis)
    return false;
  for (int64_t c = 1; c < w->n; c++)
    if (w->zero[c] != w->zero[0])
      return false;
  double *scale = fuse_alloc_array(node->conversion->scratch, (size_t)w->n, sizeof *scale);
  int64_t *q = fuse_alloc_array(node->conversion->scratch, (size_t)channels, sizeof *q);
  for (int64_t c = 0; c < w->n; c++)
    scale[c] = x->scale[0] * w->scale[c];
  for (int64_t c = 0; bias && c < channels; c++) {
    double rounded = nearbyint(bias[c] / scale[w->n == 1 ? 0 : c]);
    if (!(fabs(rounded) <= INT32_MAX))
      return false;
    q[c] = (int64_t)rounded;
  }
  *sum = (QuantSum){.zeros = {x->zero[0], w->zero[0]},
                    .n = w->n,
                    .scale = scale,
                    .bias = o2t_integers(node, FUSE_I32, channels, q)};
  return sum->bias != NULL;
}

/* ---- what follows ---- */

static bool is_op(const OnnxNode *node, const char *name) {
  return node->row && strcmp(node->row->name, name) == 0;
}

/* The number in input i, or the attribute before opset 11; false: not known. */
static bool bound(OnnxNode *node, int i, const char *attribute, double *value) {
  if (!o2t_has(node, i))
    return !o2t_has_attr(node, attribute) || fuse_get_f64(node->op, attribute, value);
  OnnxValue *in = node->in[i];
  if (!in->ready || !o2t_known(in) || fuse_tensor_elems(&in->tensor) != 1)
    return false;
  *value = o2t_at_f64(&o2t_get(node, in, LAYOUT_ONNX)->tensor, 0);
  return true;
}

/* Relu and Clip: the range of real numbers that they leave. */
static bool narrow(OnnxNode *node, const OnnxValue *x, double *low, double *high) {
  double least = -INFINITY, most = INFINITY;
  if (is_op(node, "relu"))
    least = 0;
  else if (!is_op(node, "clip") || node->in[0] != x || !bound(node, 1, "min", &least) ||
           !bound(node, 2, "max", &most))
    return false;
  *low = fmin(fmax(*low, least), most);
  *high = fmin(fmax(*high, least), most);
  return true;
}

/* The parameters of a QuantizeLinear that has one scale. */
bool o2t_read_out(OnnxNode *node, QuantOut *out) {
  bool zero = o2t_has(node, 2);
  int64_t block = 0;
  (void)fuse_get_i64(node->op, "block_size", &block);
  for (int i = 1; i < node->n_in; i++)
    if (!node->in[i]->ready || !o2t_known(node->in[i]) ||
        fuse_tensor_elems(&node->in[i]->tensor) != 1)
      return false;
  FuseDtype dtype;
  if (block || !o2t_quantized_type(node, &dtype) || fuse_dtype_bytes(dtype) != 1)
    return false;
  out->scale = o2t_at_f64(&o2t_get(node, node->in[1], LAYOUT_ONNX)->tensor, 0);
  out->zero = zero ? o2t_at_i64(&o2t_get(node, node->in[2], LAYOUT_ONNX)->tensor, 0) : 0;
  out->zero -= dtype == FUSE_U8 ? 128 : 0;
  out->result = node->out[0];
  out->result->tensor.dtype = dtype;
  return out->scale > 0 && !isinf(out->scale);
}

bool o2t_find_out(OnnxNode *node, const OnnxValue *value, QuantOut *out) {
  double low = -INFINITY, high = INFINITY;
  out->n_taken = 0;
  for (;;) {
    OnnxNode *user = o2t_sole_user(node, value);
    if (!user || out->n_taken == (int)FUSE_COUNTOF(out->taken))
      return false;
    out->taken[out->n_taken++] = user;
    if (is_op(user, "quantizelinear"))
      return user->in[0] == value && o2t_read_out(user, out) &&
             (out->low = o2t_quantize(low, out->scale, out->zero),
              out->high = o2t_quantize(high, out->scale, out->zero), true);
    if (!narrow(user, value, &low, &high))
      return false;
    value = user->out[0];
  }
}

bool o2t_set_out(OnnxNode *node, const QuantOut *out, OnnxLayout layout, Term *term) {
  if (!term)
    return false;
  OnnxValue *result = out->result, *value = result;
  if (result->tensor.dtype == FUSE_U8) {
    value = new_value(node, &term->tensor, FUSE_I8);
    value->wants_last = result->wants_last;
    value->shifted = result;
    result->shifted = value;
  }
  if (layout == LAYOUT_FLAT)
    value->flattened = node->in[0]->flattened;
  if (!o2t_set_value(node, value, layout, term))
    return false;
  if (value != result) {
    result->tensor = value->tensor;
    result->tensor.dtype = FUSE_U8;
    result->ready = true;
  }
  for (int i = 0; i < out->n_taken; i++)
    out->taken[i]->done = true;
  return true;
}
