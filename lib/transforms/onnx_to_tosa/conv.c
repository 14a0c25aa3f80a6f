// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv.c - Conv: tosa.conv2d, tosa.depthwise_conv2d, or a group-wise split of tosa.conv2d.
 *
 *   y = Conv(x, w, b)    x: N,Cin,H,W or N,Cin,L    w: Cout,Cin/group,KH,KW    b: Cout
 *
 * gives: a depthwise one that makes several channels of each as one depthwise one for each of them;
 *        a 1-D convolution as a 2-D one with H = 1; one of more axes as a sum of 2-D ones, over the
 *        elements of the kernel's leading axes, whose planes are all in one batch;
 *        a BatchNormalization or an Add of a constant
 *        per channel that alone follows is folded into weights and bias (in double, rounded once);
 *        a Pad of H and W with zeros in front becomes the convolution's own padding
 */
#include <string.h>

#include "quant.h"

typedef struct ConvShape {
  int64_t cin, cout, group;
  int n; /* spatial axes */
  int64_t batch;
  OnnxAxis axes[FUSE_MAX_RANK];
  OnnxWindow window; /* of the last two */
} ConvShape;

static bool read_shape(OnnxNode *node, const FuseTensor *x, const FuseTensor *w, ConvShape *shape) {
  int spatial = x->rank - 2, n;
  int64_t kernel[FUSE_MAX_RANK];
  if (x->rank < 3)
    return o2t_refuse(node, "input of rank %d; expected at least 3", x->rank);
  if (w->rank != x->rank)
    return o2t_refuse(node, "weights of rank %d for an input of rank %d", w->rank, x->rank);
  if (!o2t_attr_i64(node, "group", 1, &shape->group) ||
      !o2t_attr_i64s(node, "kernel_shape", FUSE_MAX_RANK, kernel, &n))
    return false;
  if (n >= 0 && (n != spatial || memcmp(kernel, w->shape + 2, (size_t)n * sizeof *kernel) != 0))
    return o2t_refuse(node, "kernel_shape differs from the shape of the weights");
  shape->cin = x->shape[1];
  shape->cout = w->shape[0];
  if (shape->group < 1 || shape->cin % shape->group || shape->cout % shape->group ||
      shape->cout < 1 || w->shape[1] != shape->cin / shape->group)
    return o2t_refuse(node,
                      "group = %lld with %lld input channels and weights for %lld of them, "
                      "%lld output channels; expected group to divide both",
                      (long long)shape->group, (long long)shape->cin, (long long)w->shape[1],
                      (long long)shape->cout);
  shape->n = spatial;
  shape->batch = x->shape[0];
  if (!o2t_window_axes(node, spatial, w->shape + 2, x->shape + 2, shape->axes))
    return false;
  int planes = spatial > 2 ? spatial - 2 : 0;
  o2t_window_2d(spatial - planes, shape->axes + planes, &shape->window);
  return true;
}

static bool check_bias(OnnxNode *node, int i, int64_t cout) {
  if (o2t_has(node, i) && (node->in[i]->tensor.rank != 1 || node->in[i]->tensor.shape[0] != cout))
    return o2t_refuse(node, "the bias has another length than %lld output channels",
                      (long long)cout);
  return true;
}

/* w * scale of its first axis. */
static Term *scaled_weights(OnnxNode *node, Term *w, const double *scale) {
  FuseTensor result;
  void *data;
  if (!w || !o2t_new_tensor(node, FUSE_F32, w->tensor.rank, w->tensor.shape, &result, &data))
    return NULL;
  int64_t n = fuse_tensor_elems(&w->tensor), per_channel = n / w->tensor.shape[0];
  for (int64_t i = 0; i < n; i++)
    ((float *)data)[i] = (float)(o2t_at_f64(&w->tensor, i) * scale[i / per_channel]);
  return o2t_constant(node->conversion, &result, w->key);
}

/* Weights and bias with what follows folded in; *result: the value that the last folded node makes.
 */
static bool weights_and_bias(OnnxNode *node, int64_t cout, Term **w, Term **b, OnnxValue **result) {
  bool known = o2t_known(node->in[1]) && (!o2t_has(node, 2) || o2t_known(node->in[2]));
  double *scale = fuse_alloc_array(node->conversion->scratch, (size_t)cout, sizeof *scale);
  double *shift = fuse_alloc_array(node->conversion->scratch, (size_t)cout, sizeof *shift);
  *w = o2t_get(node, node->in[1], LAYOUT_ONNX);
  *result = node->out[0];
  bool scales = false;
  for (int64_t c = 0; c < cout; c++) {
    scale[c] = 1;
    if (known && o2t_has(node, 2))
      shift[c] = o2t_at_f64(&node->in[2]->form[LAYOUT_ONNX]->tensor, c);
  }
  if (known)
    *result = o2t_absorb(node, node->in[0]->tensor.rank, 1, cout, scale, shift);
  for (int64_t c = 0; c < cout; c++)
    scales = scales || scale[c] != 1;
  if (scales)
    *w = scaled_weights(node, *w, scale);
  *b = !known && o2t_has(node, 2) ? o2t_get(node, node->in[2], LAYOUT_ONNX)
                                  : o2t_vector(node, node->in[0]->tensor.dtype, cout, shift);
  return *w && *b;
}

/* What a tosa.pad of `zero` puts around H and W of x (N H W C): x without it, its width in pads. */
static Term *take_padding(OnnxNode *node, Term *x, int64_t zero, OnnxWindow *window) {
  FuseTensor fill;
  int64_t pads[8];
  int n;
  if (!x || x->tensor.data || !mlirValueIsAOpResult(x->value))
    return x;
  MlirOperation pad = mlirOpResultGetOwner(x->value);
  if (!fuse_op_is(pad, "tosa.pad") ||
      !fuse_value_shape(mlirOperationGetOperand(pad, 1), 8, pads, &n) || n != 8 || pads[0] ||
      pads[1] || pads[6] || pads[7] ||
      !fuse_value_constant(node->conversion->ir, mlirOperationGetOperand(pad, 2), &fill) ||
      o2t_at_f64(&fill, 0) != (double)zero)
    return x;
  for (int i = 0; i < 4; i++)
    window->pads[i] += pads[2 + i];
  return o2t_term(node->conversion, mlirOperationGetOperand(pad, 0));
}

/* One tosa.conv2d per group, on slices of the channels. */
static Term *grouped(OnnxNode *node, const ConvShape *shape, Term *x, Term *w, Term *b,
                     const int64_t *zeros) {
  int64_t in = shape->cin / shape->group, out = shape->cout / shape->group;
  Term **parts = fuse_alloc_array(node->conversion->scratch, (size_t)shape->group, sizeof(Term *));
  for (int64_t g = 0; g < shape->group; g++) {
    Term *data = o2t_slice_axis(node, x, 3, g * in, in);
    Term *weights = o2t_slice_axis(node, w, 0, g * out, out);
    Term *bias = o2t_slice_axis(node, b, 0, g * out, out);
    parts[g] = o2t_conv2d(node, "tosa.conv2d", data, weights, bias, &shape->window, zeros);
  }
  return o2t_concat(node, (int)shape->group, parts, 3);
}

/* A depthwise convolution that makes several channels of each, w: KH KW C M. The machine's makes
 * one: so one convolution for each of them, whose channels then take turns. */
static Term *take_turns(OnnxNode *node, const ConvShape *shape, Term *x, Term *w, Term *b) {
  int64_t c = shape->cin, m = shape->cout / c;
  Term **parts = fuse_alloc_array(node->conversion->scratch, (size_t)m, sizeof(Term *));
  b = o2t_reshape(node, b, 2, (int64_t[]){c, m});
  for (int64_t i = 0; i < m; i++) {
    Term *weights = o2t_slice_axis(node, w, 3, i, 1);
    Term *bias = o2t_reshape(node, o2t_slice_axis(node, b, 1, i, 1), 1, &c);
    parts[i] = o2t_conv2d(node, "tosa.depthwise_conv2d", x, weights, bias, &shape->window, NULL);
  }
  Term *y = o2t_concat(node, (int)m, parts, 3);
  if (!y)
    return NULL;
  const int64_t *s = y->tensor.shape;
  y = o2t_reshape(node, y, 5, (int64_t[]){s[0], s[1], s[2], m, c});
  y = o2t_transpose(node, y, (int[]){0, 1, 2, 4, 3});
  return o2t_reshape(node, y, 4, s);
}

/* x: N H W C; w, b: in ONNX's layout; the result N H W C. */
static Term *convolve_2d(OnnxNode *node, ConvShape shape, Term *x, Term *w, Term *b,
                         const int64_t *zeros) {
  x = take_padding(node, x, zeros ? zeros[0] : 0, &shape.window);
  x = o2t_window_trim(node, x, &shape.window);
  const int64_t *k = shape.window.kernel;
  if (!x || !w || !b)
    return NULL;
  w = o2t_reshape(node, w, 4, (int64_t[]){shape.cout, w->tensor.shape[1], k[0], k[1]});
  if (shape.group > 1 && shape.group == shape.cin) {
    w = o2t_transpose(node, w, (int[]){2, 3, 0, 1});
    w = o2t_reshape(node, w, 4, (int64_t[]){k[0], k[1], shape.cin, shape.cout / shape.cin});
    if (w && w->tensor.data && shape.cout > shape.cin && !zeros) /* integers: rescaled behind it */
      return take_turns(node, &shape, x, w, b);
    return o2t_conv2d(node, "tosa.depthwise_conv2d", x, w, b, &shape.window, zeros);
  }
  w = o2t_transpose(node, w, (int[]){0, 2, 3, 1});
  return shape.group == 1 ? o2t_conv2d(node, "tosa.conv2d", x, w, b, &shape.window, zeros)
                          : grouped(node, &shape, x, w, b, zeros);
}

/* One element of the kernel's leading axes: all planes of x (padded) that it meets, as one batch,
 * with its part of the weights. */
static Term *convolve_planes(OnnxNode *node, const ConvShape *shape, int64_t element, Term *x,
                             Term *w, Term *b, const int64_t *zeros) {
  int64_t images = shape->batch;
  for (int i = shape->n - 3; i >= 0; i--) {
    int64_t k = element % shape->axes[i].kernel;
    element /= shape->axes[i].kernel;
    images *= shape->axes[i].out;
    x = o2t_tap(node, x, 1 + i, &shape->axes[i], k);
    w = o2t_slice_axis(node, w, 2 + i, k, 1);
  }
  if (!x || !w)
    return NULL;
  const int64_t *s = x->tensor.shape + shape->n - 1;
  x = o2t_reshape(node, x, 4, (int64_t[]){images, s[0], s[1], s[2]});
  return convolve_2d(node, *shape, x, w, b, zeros);
}

static Term *convolve_nd(OnnxNode *node, const ConvShape *shape, Term *x, Term *w, Term *b,
                         const int64_t *zeros) {
  int64_t elements = 1;
  if (!x || !b)
    return NULL;
  Term *fill = o2t_scalar(node, x->tensor.dtype, 1, zeros ? (double)zeros[0] : 0);
  Term *no_bias = o2t_tile(node, o2t_scalar(node, b->tensor.dtype, 1, 0), &shape->cout);
  for (int i = 0; i < shape->n - 2; i++) {
    x = o2t_for_taps(node, x, 1 + i, &shape->axes[i], fill);
    if (!x)
      return NULL;
    elements *= shape->axes[i].kernel; /* at most what w has */
  }
  Term *y = convolve_planes(node, shape, 0, x, w, b, zeros);
  for (int64_t e = 1; y && e < elements; e++)
    y = o2t_binary(node, "tosa.add", y, convolve_planes(node, shape, e, x, w, no_bias, zeros));
  return y;
}

/* x: in channels-last layout; w, b: in ONNX's; the result N H W C, planes as images. */
static Term *convolve(OnnxNode *node, const ConvShape *shape, Term *x, Term *w, Term *b,
                      const int64_t *zeros) {
  return shape->n > 2 ? convolve_nd(node, shape, x, w, b, zeros)
                      : convolve_2d(node, *shape, o2t_to_nhwc(node, x), w, b, zeros);
}

/* The result of convolve with its axes, channels last. */
static Term *with_axes(OnnxNode *node, const ConvShape *shape, Term *y) {
  int64_t sizes[FUSE_MAX_RANK] = {shape->batch};
  for (int i = 0; i < shape->n; i++)
    sizes[1 + i] = shape->axes[i].out;
  sizes[1 + shape->n] = shape->cout;
  return o2t_reshape(node, y, shape->n + 2, sizes);
}

bool o2t_conv(OnnxNode *node) {
  ConvShape shape;
  Term *w, *b;
  OnnxValue *result;
  if (!read_shape(node, &node->in[0]->tensor, &node->in[1]->tensor, &shape) ||
      !check_bias(node, 2, shape.cout) || !weights_and_bias(node, shape.cout, &w, &b, &result))
    return false;
  Term *y = convolve(node, &shape, o2t_get(node, node->in[0], LAYOUT_LAST), w, b, NULL);
  return o2t_set_value(node, result, LAYOUT_LAST, with_axes(node, &shape, y));
}

/* ---- quantised ---- */

bool o2t_conv_quant(OnnxNode *node, const Quant *x, const Quant *w, const double *bias,
                    const QuantOut *out, bool *taken) {
  ConvShape shape;
  const FuseTensor *data = &x->q->tensor, *weights = &w->q->tensor;
  QuantSum sum;
  if (!read_shape(node, data, weights, &shape))
    return false;
  if (!o2t_quant_sum(node, x, w, 0, shape.cout, bias, &sum))
    return true;
  *taken = true;
  Term *q = o2t_get(node, x->q, LAYOUT_LAST);
  Term *y = convolve(node, &shape, q, o2t_get(node, w->q, LAYOUT_ONNX), sum.bias, sum.zeros);
  y = o2t_requantize(node, y, 0, sum.n, sum.scale, out);
  return o2t_set_out(node, out, LAYOUT_LAST, with_axes(node, &shape, y));
}

/* Conv of dequantised data and weights in front of a QuantizeLinear. */
bool o2t_quant_conv(OnnxNode *node, bool *taken) {
  QuantOut out;
  const Quant *w = node->in[1]->quant;
  if (!o2t_is_quant(node, 0) || !w || w->q->tensor.dtype != FUSE_I8 ||
      (o2t_has(node, 2) && !o2t_known(node->in[2])) || !o2t_find_out(node, node->out[0], &out))
    return true;
  int64_t cout = w->q->tensor.rank ? w->q->tensor.shape[0] : 0;
  if (!check_bias(node, 2, cout))
    return false;
  return o2t_conv_quant(node, node->in[0]->quant, w, o2t_reals(node, 2, cout), &out, taken);
}

/* ConvInteger: the sum alone, i32. */
bool o2t_conv_sum(OnnxNode *node, const Quant *x, const Quant *w) {
  ConvShape shape;
  QuantSum sum;
  if (!read_shape(node, &x->q->tensor, &w->q->tensor, &shape) ||
      !o2t_quant_sum(node, x, w, 0, shape.cout, NULL, &sum))
    return false;
  Term *q = o2t_get(node, x->q, LAYOUT_LAST);
  Term *y = convolve(node, &shape, q, o2t_get(node, w->q, LAYOUT_ONNX), sum.bias, sum.zeros);
  return o2t_set(node, 0, LAYOUT_LAST, with_axes(node, &shape, y));
}

Term *o2t_convolve(OnnxNode *node, OnnxValue *x, OnnxValue *w) {
  ConvShape shape;
  int order[FUSE_MAX_RANK], back[FUSE_MAX_RANK];
  if (!read_shape(node, &x->tensor, &w->tensor, &shape))
    return NULL;
  double *bias = o2t_reals(node, node->n_in, shape.cout);
  Term *data = o2t_get(node, x, LAYOUT_LAST), *weights = o2t_get(node, w, LAYOUT_ONNX);
  Term *y =
      convolve(node, &shape, data, weights, o2t_vector(node, FUSE_F32, shape.cout, bias), NULL);
  o2t_order(LAYOUT_LAST, x->tensor.rank, order);
  for (int p = 0; p < x->tensor.rank; p++)
    back[order[p]] = p;
  return o2t_transpose(node, with_axes(node, &shape, y), back);
}
