// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pool.c - MaxPool, AveragePool, LpPool and the global pools.
 *
 * gives: tosa.max_pool2d, tosa.avg_pool2d (which divides by the number of elements inside the
 *        image, as ONNX does by default; count_include_pad = 1 pads with zeros first) where they
 *        fit; else the maximum or the sum over one axis after the other: each element of the window
 *        is a slice of the padded image
 */
#include <math.h>
#include <string.h>

#include "quant.h"

static Term *pool2d(OnnxNode *node, const char *name, Term *x, const OnnxWindow *window) {
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
      operands[1 + i] = o2t_zero(node, FUSE_F32, NULL);
    attrs[3] = o2t_acc_type(node, NULL);
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

/* ---- any window, rank and element type: one axis after the other ---- */

typedef struct Pool {
  int n; /* spatial axes */
  OnnxAxis axes[FUSE_MAX_RANK];
  bool include_pad;
} Pool;

static bool read_pool(OnnxNode *node, Pool *pool) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t kernel[FUSE_MAX_RANK], include_pad = 0;
  *pool = (Pool){.n = x->rank - 2};
  int n;
  if (x->rank < 3)
    return o2t_refuse(node, "input of rank %d; expected at least 3", x->rank);
  if (!o2t_attr_i64s(node, "kernel_shape", FUSE_MAX_RANK, kernel, &n) ||
      !o2t_attr_i64(node, "count_include_pad", 0, &include_pad))
    return false;
  if (n != pool->n)
    return o2t_refuse(node, "kernel_shape has %d values; expected %d", n < 0 ? 0 : n, pool->n);
  pool->include_pad = include_pad != 0;
  return o2t_window_axes(node, n, kernel, x->shape + 2, pool->axes);
}

/* Can TOSA's pools say it? They know no dilation, and want padding smaller than the kernel. What
 * ceil_mode adds never counts, so it can't be padded with zeros that do. */
static bool fits_tosa(const Pool *pool) {
  for (int i = 0; i < pool->n; i++) {
    const OnnxAxis *a = &pool->axes[i];
    if (a->dilation != 1 || a->before >= a->kernel || a->after >= a->kernel ||
        (pool->include_pad && a->after > a->given_after))
      return false;
  }
  return pool->n <= 2;
}

bool o2t_pool_fits_tosa(OnnxNode *node, bool *fits) {
  Pool pool;
  *fits = read_pool(node, &pool) && fits_tosa(&pool);
  return !node->refused;
}

/* A known input, and one without pixels, are computed with in ONNX's order. */
static OnnxLayout plain_layout(const OnnxNode *node) {
  const OnnxValue *x = node->in[0];
  return o2t_known(x) ? LAYOUT_ONNX : o2t_last(x->tensor.rank);
}

/* What padding of a maximum is made of: nothing is less. */
static Term *lowest(OnnxNode *node, FuseDtype dtype) {
  switch (dtype) {
  case FUSE_I8: return o2t_scalar(node, dtype, 1, INT8_MIN);
  case FUSE_U8: return o2t_scalar(node, dtype, 1, 0);
  default: return o2t_scalar(node, dtype, 1, -INFINITY);
  }
}

/* "tosa.maximum" or "tosa.add" over the windows of one axis. */
static Term *pool_axis(OnnxNode *node, const char *name, Term *x, int axis, const OnnxAxis *window,
                       Term *fill) {
  Term *padded = o2t_for_taps(node, x, axis, window, fill);
  Term *y = o2t_tap(node, padded, axis, window, 0);
  for (int64_t k = 1; y && k < window->kernel; k++)
    y = o2t_binary(node, name, y, o2t_tap(node, padded, axis, window, k));
  return y;
}

static Term *pool_axes(OnnxNode *node, const char *name, const Pool *pool, Term *x,
                       OnnxLayout layout, Term *fill) {
  for (int i = 0; x && i < pool->n; i++)
    x = pool_axis(node, name, x, o2t_position(layout, pool->n + 2, 2 + i), &pool->axes[i], fill);
  return x;
}

/* n numbers along one axis of x, in its type. */
static Term *along(OnnxNode *node, const Term *x, int axis, int64_t n, const double *values) {
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < x->tensor.rank; d++)
    shape[d] = d == axis ? n : 1;
  return o2t_reshape(node, o2t_vector(node, x->tensor.dtype, n, values), x->tensor.rank, shape);
}

/* 1 / the number of elements of each window that count, along one axis of `size` elements. */
static Term *inverse_counts(OnnxNode *node, const Term *x, int axis, int64_t size,
                            const OnnxAxis *window, bool include_pad) {
  double *inverse =
      fuse_alloc_array(node->conversion->scratch, (size_t)window->out, sizeof *inverse);
  int64_t low = include_pad ? -window->before : 0;
  int64_t high = size + (include_pad ? window->given_after : 0);
  for (int64_t o = 0; o < window->out; o++) {
    int64_t count = 0;
    for (int64_t k = 0; k < window->kernel; k++) {
      int64_t at = o * window->stride + k * window->dilation - window->before;
      count += at >= low && at < high;
    }
    inverse[o] = count ? 1.0 / (double)count : 0;
  }
  return along(node, x, axis, window->out, inverse);
}

static bool average_by_axes(OnnxNode *node, const Pool *pool) {
  const FuseTensor *x = &node->in[0]->tensor;
  OnnxLayout layout = plain_layout(node);
  Term *y = pool_axes(node, "tosa.add", pool, o2t_get(node, node->in[0], layout), layout,
                      o2t_scalar(node, x->dtype, 1, 0));
  for (int i = 0; y && i < pool->n; i++)
    y = o2t_binary(node, "tosa.mul", y,
                   inverse_counts(node, y, o2t_position(layout, x->rank, 2 + i), x->shape[2 + i],
                                  &pool->axes[i], pool->include_pad));
  return o2t_set(node, 0, layout, y);
}

/* ---- MaxPool ---- */

/* k * stride for each k of one ONNX axis of input 0, with 1s for the others. */
static Term *steps(OnnxNode *node, OnnxLayout layout, int axis, int64_t stride) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t shape[FUSE_MAX_RANK];
  FuseTensor line;
  void *data;
  for (int d = 0; d < x->rank; d++)
    shape[d] = 1;
  shape[o2t_position(layout, x->rank, axis)] = x->shape[axis];
  if (!o2t_new_tensor(node, FUSE_I64, x->rank, shape, &line, &data))
    return NULL;
  for (int64_t k = 0; k < x->shape[axis]; k++)
    ((int64_t *)data)[k] = k * stride;
  return o2t_constant(node->conversion, &line, "index");
}

/* Where in its channel each element is, and what to add to that for batch and channel.
 * first_fastest: as if the first spatial axis were the innermost. */
static void index_terms(OnnxNode *node, OnnxLayout layout, bool first_fastest, Term **place,
                        Term **channel) {
  const FuseTensor *x = &node->in[0]->tensor;
  int n = x->rank - 2;
  int64_t stride = 1;
  *place = o2t_scalar(node, FUSE_I64, x->rank, 0);
  for (int i = 0; i < n; i++) {
    int axis = first_fastest ? 2 + i : 1 + n - i;
    *place = o2t_binary(node, "tosa.add", *place, steps(node, layout, axis, stride));
    stride *= x->shape[axis];
  }
  *channel = steps(node, layout, 1, stride);
  *channel = o2t_binary(node, "tosa.add", *channel, steps(node, layout, 0, stride * x->shape[1]));
}

/* Values and places of the maxima along one axis; of equal ones the first. */
static void max_axis_with_places(OnnxNode *node, Term **x, Term **place, int axis,
                                 const OnnxAxis *window) {
  if (!*x || !*place)
    return;
  Term *values = o2t_for_taps(node, *x, axis, window, lowest(node, (*x)->tensor.dtype));
  Term *places = o2t_for_taps(node, *place, axis, window, o2t_scalar(node, FUSE_I64, 1, 0));
  *x = o2t_tap(node, values, axis, window, 0);
  *place = o2t_tap(node, places, axis, window, 0);
  for (int64_t k = 1; *x && k < window->kernel; k++) {
    Term *next = o2t_tap(node, values, axis, window, k);
    Term *better = o2t_binary(node, "tosa.greater", next, *x);
    *place = o2t_select(node, better, o2t_tap(node, places, axis, window, k), *place);
    *x = o2t_binary(node, "tosa.maximum", *x, next);
  }
}

/* From the last axis on, so that the first of equal values in the order of the image wins. */
static bool max_with_places(OnnxNode *node, const Pool *pool, bool first_fastest) {
  OnnxLayout layout = plain_layout(node);
  Term *x = o2t_get(node, node->in[0], layout), *place, *channel;
  index_terms(node, layout, first_fastest, &place, &channel);
  for (int i = pool->n; i-- > 0;)
    max_axis_with_places(node, &x, &place, o2t_position(layout, pool->n + 2, 2 + i),
                         &pool->axes[i]);
  return o2t_set(node, 0, layout, x) &&
         o2t_set(node, 1, layout, o2t_binary(node, "tosa.add", place, channel));
}

static bool max_by_axes(OnnxNode *node, const Pool *pool) {
  OnnxLayout layout = plain_layout(node);
  Term *x = o2t_get(node, node->in[0], layout);
  Term *fill = lowest(node, node->in[0]->tensor.dtype);
  return o2t_set(node, 0, layout, pool_axes(node, "tosa.maximum", pool, x, layout, fill));
}

/* storage_order says how the image is counted for the indices. */
bool o2t_max_pool(OnnxNode *node) {
  FuseDtype dtype = node->in[0]->tensor.dtype;
  int64_t storage_order;
  Pool pool;
  if (!fuse_dtype_is_float(dtype) && dtype != FUSE_I8 && dtype != FUSE_U8)
    return o2t_refuse(node, "element type %s; expected a float, i8 or ui8", fuse_dtype_name(dtype));
  if (!o2t_attr_i64(node, "storage_order", 0, &storage_order) || !read_pool(node, &pool))
    return false;
  if (node->n_out > 1)
    return max_with_places(node, &pool, storage_order != 0);
  if ((dtype != FUSE_F32 && dtype != FUSE_I8) || !fits_tosa(&pool))
    return max_by_axes(node, &pool);
  OnnxWindow window;
  o2t_window_2d(pool.n, pool.axes, &window);
  Term *x = o2t_to_nhwc(node, o2t_get(node, node->in[0], LAYOUT_LAST));
  x = o2t_window_trim(node, x, &window);
  Term *y = pool2d(node, "tosa.max_pool2d", x, &window);
  return o2t_set(node, 0, LAYOUT_LAST, o2t_from_nhwc(node, y, node->in[0]->tensor.rank));
}

/* ---- AveragePool, LpPool ---- */

bool o2t_average_pool(OnnxNode *node) {
  Pool pool;
  OnnxWindow window;
  if (!read_pool(node, &pool))
    return false;
  if (node->in[0]->tensor.dtype != FUSE_F32 || !fits_tosa(&pool))
    return average_by_axes(node, &pool);
  o2t_window_2d(pool.n, pool.axes, &window);
  Term *x = o2t_to_nhwc(node, o2t_get(node, node->in[0], LAYOUT_LAST));
  if (pool.include_pad)
    x = pad_with_zeros(node, x, &window);
  x = o2t_window_trim(node, x, &window);
  Term *y = pool2d(node, "tosa.avg_pool2d", x, &window);
  return o2t_set(node, 0, LAYOUT_LAST, o2t_from_nhwc(node, y, node->in[0]->tensor.rank));
}

/* |x|^p, which is summed, and the p-th root of the sum. */
static Term *to_power(OnnxNode *node, Term *x, int64_t p) {
  Term *size = o2t_unary(node, "tosa.abs", x);
  if (!size || p == 1)
    return size;
  return p == 2 ? o2t_binary(node, "tosa.mul", x, x)
                : o2t_binary(node, "tosa.pow", size,
                             o2t_scalar(node, size->tensor.dtype, size->tensor.rank, (double)p));
}

static Term *root(OnnxNode *node, Term *sum, int64_t p) {
  if (!sum || p == 1)
    return sum;
  return p == 2 ? o2t_sqrt_of(node, sum)
                : o2t_binary(node, "tosa.pow", sum,
                             o2t_scalar(node, sum->tensor.dtype, sum->tensor.rank, 1 / (double)p));
}

static bool read_p(OnnxNode *node, int64_t *p) {
  return o2t_attr_i64(node, "p", 2, p) &&
         (*p >= 1 || o2t_refuse(node, "p = %lld; expected at least 1", (long long)*p));
}

bool o2t_lp_pool(OnnxNode *node) {
  OnnxLayout layout = plain_layout(node);
  int64_t p;
  Pool pool;
  if (!read_p(node, &p) || !read_pool(node, &pool))
    return false;
  Term *x = to_power(node, o2t_get(node, node->in[0], layout), p);
  Term *zero = o2t_scalar(node, node->in[0]->tensor.dtype, 1, 0);
  x = pool_axes(node, "tosa.add", &pool, x, layout, zero);
  return o2t_set(node, 0, layout, root(node, x, p));
}

/* ---- quantised ---- */

/* Sums of windows, without what is outside of the image: a depthwise convolution with ones. */
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

/* The windows along one axis: how many elements inside the image each has, and a multiple of all.
 */
typedef struct Counts {
  int64_t *inside, multiple;
} Counts;

/* False when the multiple is beyond `most`. */
static bool count_inside(OnnxNode *node, const OnnxWindow *window, int d, int64_t size,
                         int64_t most, Counts *counts) {
  int64_t n = window->out[d];
  counts->inside = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *counts->inside);
  counts->multiple = 1;
  for (int64_t o = 0; o < n && counts->multiple <= most; o++) {
    int64_t begin = o * window->stride[d] - window->pads[2 * d];
    int64_t inside = fuse_min(begin + window->kernel[d], size) - fuse_max(begin, 0);
    if (inside < 1)
      return false;
    int64_t step = counts->multiple;
    while (counts->multiple % inside != 0)
      counts->multiple += step;
    counts->inside[o] = inside;
  }
  return counts->multiple <= most;
}

/* Windows at the border have fewer elements. All sums are brought to a multiple of every count, in
 * i32 and so without rounding, and scaled once. NULL in *y: no such number is small enough. */
static bool border_average(OnnxNode *node, Term *image, const OnnxWindow *window, const Quant *x,
                           const QuantOut *out, Term **y) {
  const int64_t most = INT32_MAX / 255;
  Counts rows, columns;
  FuseTensor factors;
  void *data;
  *y = NULL;
  if (!image || !count_inside(node, window, 0, image->tensor.shape[1], most, &rows) ||
      !count_inside(node, window, 1, image->tensor.shape[2], most / rows.multiple, &columns))
    return image;
  int64_t shape[] = {1, window->out[0], window->out[1], 1};
  if (!o2t_new_tensor(node, FUSE_I32, 4, shape, &factors, &data))
    return false;
  for (int64_t i = 0, n = fuse_tensor_elems(&factors); i < n; i++)
    ((int32_t *)data)[i] = (int32_t)(rows.multiple / rows.inside[i / shape[2]] *
                                     (columns.multiple / columns.inside[i % shape[2]]));
  double scale = x->scale[0] / (double)(rows.multiple * columns.multiple);
  Term *sums = window_sums(node, image, window, x->zero[0]);
  Term *by = o2t_constant(node->conversion, &factors, "counts");
  *y = o2t_requantize(node, o2t_binary(node, "tosa.mul", sums, by), 0, 1, &scale, out);
  return *y;
}

bool o2t_average_pool_quant(OnnxNode *node, const Quant *x, const QuantOut *out, bool *taken) {
  Pool pool;
  OnnxWindow window;
  *taken = true;
  if (!read_pool(node, &pool))
    return false;
  o2t_window_2d(pool.n, pool.axes, &window);
  Term *image = o2t_to_nhwc(node, o2t_get(node, x->q, LAYOUT_LAST)), *y;
  image = o2t_window_trim(node, image, &window);
  bool pads = window.pads[0] || window.pads[1] || window.pads[2] || window.pads[3];
  if (image && !pads && window.out[0] == 1 && window.out[1] == 1 &&
      window.kernel[0] == image->tensor.shape[1] && window.kernel[1] == image->tensor.shape[2])
    return o2t_mean_quant(node, x, LAYOUT_LAST, out, true);
  if (pool.include_pad || !pads) {
    double scale = x->scale[0] / (double)(window.kernel[0] * window.kernel[1]);
    y = o2t_requantize(node, window_sums(node, image, &window, x->zero[0]), 0, 1, &scale, out);
  } else {
    if (!border_average(node, image, &window, x, out, &y))
      return false;
    *taken = y;
  }
  return !y || o2t_set_out(node, out, LAYOUT_LAST, o2t_from_nhwc(node, y, x->q->tensor.rank));
}

/* ---- global ---- */

Term *o2t_global_pool(OnnxNode *node, const char *name, Term *x) {
  if (!x)
    return NULL;
  Term *image = o2t_to_nhwc(node, x);
  OnnxWindow window = {
      .kernel = {image->tensor.shape[1], image->tensor.shape[2]}, .stride = {1, 1}, .out = {1, 1}};
  return o2t_from_nhwc(node, pool2d(node, name, image, &window), x->tensor.rank);
}

/* "tosa.reduce_sum" or "tosa.reduce_max" over all spatial axes. */
static Term *reduce_image(OnnxNode *node, const char *name, Term *x, OnnxLayout layout) {
  for (int d = 2; x && d < x->tensor.rank; d++)
    x = o2t_reduce(node, name, x, o2t_position(layout, x->tensor.rank, d));
  return x;
}

/* TOSA's pools are of H and W, averages of f32 alone here. */
static bool is_image(const OnnxNode *node, bool average) {
  const FuseTensor *x = &node->in[0]->tensor;
  return (x->rank == 3 || x->rank == 4) &&
         (x->dtype == FUSE_F32 || (x->dtype == FUSE_I8 && !average));
}

bool o2t_global_average_pool(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  if (is_image(node, true))
    return o2t_set(
        node, 0, LAYOUT_LAST,
        o2t_global_pool(node, "tosa.avg_pool2d", o2t_get(node, node->in[0], LAYOUT_LAST)));
  OnnxLayout layout = plain_layout(node);
  Term *y = reduce_image(node, "tosa.reduce_sum", o2t_get(node, node->in[0], layout), layout);
  double count = 1;
  for (int d = 2; d < x->rank; d++)
    count *= (double)x->shape[d];
  return o2t_set(node, 0, layout,
                 o2t_binary(node, "tosa.mul", y, o2t_scalar(node, x->dtype, x->rank, 1 / count)));
}

bool o2t_global_max_pool(OnnxNode *node) {
  if (is_image(node, false))
    return o2t_set(
        node, 0, LAYOUT_LAST,
        o2t_global_pool(node, "tosa.max_pool2d", o2t_get(node, node->in[0], LAYOUT_LAST)));
  OnnxLayout layout = plain_layout(node);
  return o2t_set(node, 0, layout,
                 reduce_image(node, "tosa.reduce_max", o2t_get(node, node->in[0], layout), layout));
}

bool o2t_global_lp_pool(OnnxNode *node) {
  OnnxLayout layout = plain_layout(node);
  int64_t p;
  if (!read_p(node, &p))
    return false;
  Term *sum = to_power(node, o2t_get(node, node->in[0], layout), p);
  return o2t_set(node, 0, layout,
                 root(node, reduce_image(node, "tosa.reduce_sum", sum, layout), p));
}
