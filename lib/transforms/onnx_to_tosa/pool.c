// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pool.c - MaxPool, AveragePool and the global pools.
 *
 * gives: tosa.max_pool2d, tosa.avg_pool2d (which divides by the number of elements inside the
 *        image, as ONNX does by default; count_include_pad = 1 pads with zeros first)
 */
#include <math.h>
#include <string.h>

#include "quant.h"

/* zeros: of x and the result, of an average of i8; else NULL. */
static Term *pool2d(OnnxNode *node, const char *name, Term *x, const OnnxWindow *window,
                    const int64_t *zeros) {
  if (!x)
    return NULL;
  MlirContext context = node->conversion->context;
  int64_t shape[] = {x->tensor.shape[0], window->out[0], window->out[1], x->tensor.shape[3]};
  bool average = strcmp(name, "tosa.avg_pool2d") == 0;
  MlirValue operands[3] = {o2t_emit(node, x)};
  MlirNamedAttribute attrs[4] = {
      fuse_attr_i64s(context, "kernel", 2, window->kernel),
      fuse_attr_i64s(context, "stride", 2, window->stride),
      fuse_attr_i64s(context, "pad", 4, window->pads),
  };
  if (average) {
    for (int i = 0; i < 2; i++)
      operands[1 + i] =
          zeros ? o2t_emit(node, o2t_integers(node, FUSE_I8, 1, &zeros[i])) : o2t_zero_f32(node);
    attrs[3] = fuse_attr(context, "acc_type",
                         mlirTypeAttrGet(fuse_type_of(context, zeros ? FUSE_I32 : FUSE_F32)));
  }
  return o2t_op(node, name, x->tensor.dtype, 4, shape, average ? 3 : 1, operands, average ? 4 : 3,
                attrs);
}

/* Zeros that count: pad the image, then pool without padding. */
static Term *pad_with_zeros(OnnxNode *node, Term *x, OnnxWindow *window) {
  int64_t pads[8] = {0};
  for (int d = 0; d < 2; d++) {
    pads[2 + 2 * d] = window->pads[2 * d];
    pads[3 + 2 * d] = fuse_max(window->pads[2 * d + 1], 0);
    window->pads[2 * d] = 0;
    window->pads[2 * d + 1] = fuse_min(window->pads[2 * d + 1], 0);
  }
  return o2t_pad(node, x, pads, o2t_scalar(node, FUSE_F32, 1, 0));
}

static bool read_window(OnnxNode *node, OnnxWindow *window) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t kernel[2];
  int n;
  if (x->rank != 3 && x->rank != 4)
    return o2t_refuse(node, "not supported yet: input of rank %d; expected 3 or 4", x->rank);
  if (!o2t_attr_i64s(node, "kernel_shape", 2, kernel, &n))
    return false;
  if (n != x->rank - 2)
    return o2t_refuse(node, "kernel_shape has %d values; expected %d", n < 0 ? 0 : n, x->rank - 2);
  if (!o2t_window(node, n, kernel, x->shape + 2, window))
    return false;
  for (int d = 0; d < 2; d++) {
    if (window->dilation[d] != 1)
      return o2t_refuse(node, "not supported yet: dilations other than 1");
    if (window->pads[2 * d] >= window->kernel[d] || window->pads[2 * d + 1] >= window->kernel[d])
      return o2t_refuse(node, "not supported yet: padding as large as the kernel");
  }
  return true;
}

bool o2t_max_pool(OnnxNode *node) {
  OnnxWindow window;
  int64_t storage_order;
  if (!o2t_attr_i64(node, "storage_order", 0, &storage_order)) /* of the indices */
    return false;
  if (node->n_out > 1)
    return o2t_refuse(node, "not supported yet: the Indices output");
  if (!read_window(node, &window))
    return false;
  Term *x = o2t_to_nhwc(node, o2t_get(node, node->in[0], LAYOUT_LAST));
  x = o2t_window_trim(node, x, &window);
  Term *y = pool2d(node, "tosa.max_pool2d", x, &window, NULL);
  return o2t_set(node, 0, LAYOUT_LAST, o2t_from_nhwc(node, y, node->in[0]->tensor.rank));
}

/* Does rounding up add padding beyond what the model gives? */
static bool rounds_up(const OnnxNode *node, const OnnxWindow *window) {
  int64_t pads[4] = {0};
  int n = 0, spatial = node->in[0]->tensor.rank - 2;
  int64_t ceil_mode = 0;
  (void)fuse_get_i64(node->op, "ceil_mode", &ceil_mode);
  (void)fuse_get_i64s(node->op, "pads", 4, pads, &n);
  for (int i = 0; ceil_mode && i < spatial; i++)
    if (window->pads[2 * (i + 2 - spatial) + 1] > pads[spatial + i])
      return true;
  return false;
}

bool o2t_average_pool(OnnxNode *node) {
  OnnxWindow window;
  int64_t include_pad;
  if (!o2t_attr_i64(node, "count_include_pad", 0, &include_pad) || !read_window(node, &window))
    return false;
  if (include_pad && rounds_up(node, &window))
    return o2t_refuse(node, "not supported yet: count_include_pad where ceil_mode adds padding");
  Term *x = o2t_to_nhwc(node, o2t_get(node, node->in[0], LAYOUT_LAST));
  if (include_pad)
    x = pad_with_zeros(node, x, &window);
  x = o2t_window_trim(node, x, &window);
  Term *y = pool2d(node, "tosa.avg_pool2d", x, &window, NULL);
  return o2t_set(node, 0, LAYOUT_LAST, o2t_from_nhwc(node, y, node->in[0]->tensor.rank));
}

/* ---- quantised ---- */

/* Sums of windows that all count the same number of elements: a depthwise convolution with ones. */
static Term *window_sums(OnnxNode *node, Term *x, const OnnxWindow *window, int64_t zero) {
  if (!x)
    return NULL;
  int64_t channels = x->tensor.shape[3], count = window->kernel[0] * window->kernel[1] * channels;
  int64_t *ones = fuse_alloc_array(node->conversion->scratch, (size_t)count, sizeof *ones);
  int64_t *bias = fuse_alloc_array(node->conversion->scratch, (size_t)channels, sizeof *bias);
  for (int64_t i = 0; i < count; i++)
    ones[i] = 1;
  Term *w = o2t_integers(node, FUSE_I8, count, ones);
  w = o2t_reshape(node, w, 4, (int64_t[]){window->kernel[0], window->kernel[1], channels, 1});
  return o2t_conv2d(node, "tosa.depthwise_conv2d", x, w,
                    o2t_integers(node, FUSE_I32, channels, bias), window, (int64_t[]){zero, 0});
}

bool o2t_average_pool_quant(OnnxNode *node, const Quant *x, const QuantOut *out) {
  OnnxWindow window;
  int64_t include_pad, zero = x->zero[0];
  if (!o2t_attr_i64(node, "count_include_pad", 0, &include_pad) || !read_window(node, &window))
    return false;
  if (include_pad && rounds_up(node, &window))
    return o2t_refuse(node, "not supported yet: count_include_pad where ceil_mode adds padding");
  Term *image = o2t_to_nhwc(node, o2t_get(node, x->q, LAYOUT_LAST)), *y;
  image = o2t_window_trim(node, image, &window);
  bool pads = window.pads[0] || window.pads[1] || window.pads[2] || window.pads[3];
  if (image && !pads && window.out[0] == 1 && window.out[1] == 1 &&
      window.kernel[0] == image->tensor.shape[1] && window.kernel[1] == image->tensor.shape[2])
    return o2t_mean_quant(node, x, out, true);
  if (include_pad || !pads) {
    double scale = x->scale[0] / (double)(window.kernel[0] * window.kernel[1]);
    y = o2t_requantize(node, window_sums(node, image, &window, zero), 0, 1, &scale, out);
  } else {
    y = pool2d(node, "tosa.avg_pool2d", image, &window, (int64_t[]){zero, zero});
    y = o2t_requantize(node, y, zero, 1, x->scale, out);
  }
  return o2t_set_out(node, out, LAYOUT_LAST, o2t_from_nhwc(node, y, x->q->tensor.rank));
}

/* ---- global ---- */

Term *o2t_global_pool(OnnxNode *node, const char *name, Term *x) {
  if (!x)
    return NULL;
  Term *image = o2t_to_nhwc(node, x);
  OnnxWindow window = {
      .kernel = {image->tensor.shape[1], image->tensor.shape[2]}, .stride = {1, 1}, .out = {1, 1}};
  return o2t_from_nhwc(node, pool2d(node, name, image, &window, NULL), x->tensor.rank);
}

static bool global_pool(OnnxNode *node, const char *name) {
  int rank = node->in[0]->tensor.rank;
  if (rank != 3 && rank != 4)
    return o2t_refuse(node, "not supported yet: input of rank %d; expected 3 or 4", rank);
  Term *x = o2t_get(node, node->in[0], LAYOUT_LAST);
  return o2t_set(node, 0, LAYOUT_LAST, o2t_global_pool(node, name, x));
}

bool o2t_global_average_pool(OnnxNode *node) {
  return global_pool(node, "tosa.avg_pool2d");
}

bool o2t_global_max_pool(OnnxNode *node) {
  return global_pool(node, "tosa.max_pool2d");
}
