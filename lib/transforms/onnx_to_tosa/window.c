// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* window.c - kernel windows of Conv and the pools: ONNX's pads and rounding in TOSA's terms, and
 * what a window reads along one axis.
 *
 * ONNX rounds the number of windows down (or up, ceil_mode); TOSA wants the stride to divide
 * exactly. So the end padding is set to what the windows really read: less than the model says,
 * even negative, when rounding down; more when rounding up.
 */
#include <string.h>

#include "onnx_to_tosa.h"

#define MAX_EXTENT ((int64_t)1 << 30) /* keeps all products below within int64_t */
#define MAX_TAPS 4096                 /* each becomes an op or two */

static bool read_extents(OnnxNode *node, const char *name, int n, int64_t least, int64_t fallback,
                         int64_t *values) {
  int count;
  if (!o2t_attr_i64s(node, name, n, values, &count))
    return false;
  if (count >= 0 && count != n)
    return o2t_refuse(node, "%s has %d values; expected %d", name, count, n);
  for (int i = 0; i < n; i++) {
    if (count < 0)
      values[i] = fallback;
    if (values[i] < least || values[i] > MAX_EXTENT)
      return o2t_refuse(node, "%s: %lld; expected at least %lld", name, (long long)values[i],
                        (long long)least);
  }
  return true;
}

/* Number of windows along one axis; *before and *after: pads as auto_pad or the model gives them.
 */
static int64_t count_windows(const char *auto_pad, bool ceil_mode, int64_t size, int64_t extent,
                             int64_t stride, int64_t *before, int64_t *after) {
  if (strcmp(auto_pad, "SAME_UPPER") == 0 || strcmp(auto_pad, "SAME_LOWER") == 0) {
    int64_t n = fuse_ceil_div(size, stride);
    int64_t total = fuse_max((n - 1) * stride + extent - size, 0);
    *before = strcmp(auto_pad, "SAME_UPPER") == 0 ? total / 2 : total - total / 2;
    *after = total - *before;
    return n;
  }
  if (strcmp(auto_pad, "VALID") == 0)
    *before = *after = 0;
  int64_t room = size + *before + *after - extent;
  if (room < 0)
    return 0;
  int64_t n = (ceil_mode ? fuse_ceil_div(room, stride) : room / stride) + 1;
  if (ceil_mode && (n - 1) * stride >= size + *before) /* a window in the end padding alone */
    n--;
  return n;
}

/* auto_pad, or NULL and a refusal. */
static const char *read_auto_pad(OnnxNode *node) {
  static const char *const modes[] = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"};
  const char *mode;
  if (!o2t_attr_str(node, "auto_pad", "NOTSET", &mode))
    return NULL;
  for (size_t i = 0; i < FUSE_COUNTOF(modes); i++)
    if (strcmp(mode, modes[i]) == 0)
      return modes[i];
  o2t_refuse(node, "auto_pad \"%s\"; expected NOTSET, SAME_UPPER, SAME_LOWER or VALID", mode);
  return NULL;
}

bool o2t_strides_and_pads(OnnxNode *node, int n, const int64_t *kernel, const int64_t *sizes,
                          OnnxAxis *axes, const char **auto_pad) {
  int64_t strides[FUSE_MAX_RANK], dilations[FUSE_MAX_RANK], pads[2 * FUSE_MAX_RANK];
  *auto_pad = read_auto_pad(node);
  if (!*auto_pad || !read_extents(node, "strides", n, 1, 1, strides) ||
      !read_extents(node, "dilations", n, 1, 1, dilations) ||
      !read_extents(node, "pads", 2 * n, 0, 0, pads))
    return false;
  for (int i = 0; i < n; i++) {
    if (kernel[i] < 1 || kernel[i] > MAX_EXTENT || sizes[i] > MAX_EXTENT)
      return o2t_refuse(node, "kernel of %lld; expected at least 1", (long long)kernel[i]);
    axes[i] = (OnnxAxis){.kernel = kernel[i],
                         .stride = strides[i],
                         .dilation = dilations[i],
                         .before = pads[i],
                         .given_after = pads[n + i]};
  }
  return true;
}

bool o2t_window_axes(OnnxNode *node, int n, const int64_t *kernel, const int64_t *sizes,
                     OnnxAxis *axes) {
  int64_t ceil_mode;
  const char *auto_pad;
  if (!o2t_attr_i64(node, "ceil_mode", 0, &ceil_mode) ||
      !o2t_strides_and_pads(node, n, kernel, sizes, axes, &auto_pad))
    return false;
  for (int i = 0; i < n; i++) {
    OnnxAxis *a = &axes[i];
    int64_t extent = (a->kernel - 1) * a->dilation + 1;
    a->out = count_windows(auto_pad, ceil_mode != 0, sizes[i], extent, a->stride, &a->before,
                           &a->given_after);
    if (a->out < 1)
      return o2t_refuse(node, "a window of %lld doesn't fit %lld elements with pads %lld and %lld",
                        (long long)extent, (long long)sizes[i], (long long)a->before,
                        (long long)a->given_after);
    a->after = (a->out - 1) * a->stride + extent - sizes[i] - a->before;
  }
  return true;
}

void o2t_window_2d(int n, const OnnxAxis *axes, OnnxWindow *window) {
  *window = (OnnxWindow){.kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}, .out = {1, 1}};
  for (int i = 0; i < n; i++) {
    int d = i + 2 - n; /* H, W */
    window->kernel[d] = axes[i].kernel;
    window->stride[d] = axes[i].stride;
    window->dilation[d] = axes[i].dilation;
    window->pads[2 * d] = axes[i].before;
    window->pads[2 * d + 1] = axes[i].after;
    window->out[d] = axes[i].out;
  }
}

bool o2t_window(OnnxNode *node, int spatial, const int64_t *kernel, const int64_t *sizes,
                OnnxWindow *window) {
  OnnxAxis axes[2];
  if (!o2t_window_axes(node, spatial, kernel, sizes, axes))
    return false;
  o2t_window_2d(spatial, axes, window);
  return true;
}

Term *o2t_window_trim(OnnxNode *node, Term *x, OnnxWindow *window) {
  static const int64_t start[4];
  if (!x)
    return NULL;
  int64_t size[4];
  memcpy(size, x->tensor.shape, sizeof size);
  for (int d = 0; d < 2; d++) {
    size[1 + d] += fuse_min(window->pads[2 * d + 1], 0);
    window->pads[2 * d + 1] = fuse_max(window->pads[2 * d + 1], 0);
  }
  return o2t_slice(node, x, start, size);
}

Term *o2t_to_nhwc(OnnxNode *node, Term *x) {
  if (!x || x->tensor.rank == 4)
    return x;
  const int64_t *s = x->tensor.shape;
  return o2t_reshape(node, x, 4, (int64_t[]){s[0], 1, s[1], s[2]});
}

Term *o2t_from_nhwc(OnnxNode *node, Term *x, int rank) {
  if (!x || rank == 4)
    return x;
  const int64_t *s = x->tensor.shape;
  return o2t_reshape(node, x, 3, (int64_t[]){s[0], s[2], s[3]});
}

/* ---- one axis of any tensor ---- */

Term *o2t_fit_axis(OnnxNode *node, Term *x, int axis, int64_t before, int64_t size, Term *fill) {
  if (!x)
    return NULL;
  int64_t pads[2 * FUSE_MAX_RANK] = {0}, own = x->tensor.shape[axis];
  int64_t start = fuse_min(fuse_max(-before, 0), own);
  int64_t end = fuse_max(fuse_min(own, size - before), start);
  pads[2 * axis] = fuse_min(fuse_max(before, 0), size); /* x may lie wholly behind the end */
  pads[2 * axis + 1] = size - pads[2 * axis] - (end - start);
  return o2t_pad(node, o2t_slice_axis(node, x, axis, start, end - start), pads, fill);
}

/* x as outer, axis, inner */
static Term *as_lines(OnnxNode *node, Term *x, int axis) {
  int64_t lines[] = {1, x->tensor.shape[axis], 1};
  for (int d = 0; d < x->tensor.rank; d++)
    if (d != axis)
      lines[d < axis ? 0 : 2] *= x->tensor.shape[d];
  return o2t_reshape(node, x, 3, lines);
}

/* The reverse, the axis having `size` elements. */
static Term *from_lines(OnnxNode *node, Term *lines, const FuseTensor *x, int axis, int64_t size) {
  int64_t shape[FUSE_MAX_RANK];
  memcpy(shape, x->shape, sizeof shape);
  shape[axis] = size;
  return lines ? o2t_reshape(node, lines, x->rank, shape) : NULL;
}

Term *o2t_every(OnnxNode *node, Term *x, int axis, int64_t start, int64_t step, int64_t count) {
  x = o2t_slice_axis(node, x, axis, start, count * step);
  if (!x || step == 1)
    return x;
  Term *lines = as_lines(node, x, axis);
  const int64_t *s = lines->tensor.shape;
  lines = o2t_reshape(node, lines, 4, (int64_t[]){s[0], count, step, s[2]});
  return from_lines(node, o2t_slice_axis(node, lines, 2, 0, 1), &x->tensor, axis, count);
}

Term *o2t_spread(OnnxNode *node, Term *x, int axis, int64_t step) {
  if (!x || step == 1 || x->tensor.shape[axis] == 1)
    return x;
  Term *lines = as_lines(node, x, axis);
  const int64_t *s = lines->tensor.shape;
  int64_t n = s[1];
  lines = o2t_reshape(node, lines, 4, (int64_t[]){s[0], n, 1, s[2]});
  lines = o2t_pad(node, lines, (int64_t[]){0, 0, 0, 0, 0, step - 1, 0, 0},
                  o2t_scalar(node, x->tensor.dtype, 1, 0));
  lines = from_lines(node, lines, &x->tensor, axis, n * step);
  return o2t_slice_axis(node, lines, axis, 0, (n - 1) * step + 1);
}

Term *o2t_pick(OnnxNode *node, Term *x, int axis, int64_t n, const int64_t *from) {
  FuseTensor indices;
  void *data;
  if (!x)
    return NULL;
  Term *lines = as_lines(node, x, axis);
  const int64_t *s = lines->tensor.shape;
  int64_t shape[] = {s[0], n, s[2]};
  if (!o2t_new_tensor(node, FUSE_I32, 2, shape, &indices, &data))
    return NULL;
  for (int64_t i = 0; i < s[0] * n; i++)
    ((int32_t *)data)[i] = (int32_t)from[i % n];
  MlirValue operands[] = {o2t_emit(node, lines),
                          o2t_emit(node, o2t_constant(node->conversion, &indices, "indices"))};
  lines = o2t_op(node, "tosa.gather", x->tensor.dtype, 3, shape, 2, operands, 0, NULL);
  return from_lines(node, lines, &x->tensor, axis, n);
}

Term *o2t_for_taps(OnnxNode *node, Term *x, int axis, const OnnxAxis *window, Term *fill) {
  if (window->kernel > MAX_TAPS) {
    o2t_refuse(node, "not supported yet: a kernel of %lld elements; expected at most %d",
               (long long)window->kernel, MAX_TAPS);
    return NULL;
  }
  int64_t size = (window->kernel - 1) * window->dilation + window->out * window->stride;
  return o2t_fit_axis(node, x, axis, window->before, size, fill);
}

Term *o2t_tap(OnnxNode *node, Term *x, int axis, const OnnxAxis *window, int64_t k) {
  return o2t_every(node, x, axis, k * window->dilation, window->stride, window->out);
}

Term *o2t_untap(OnnxNode *node, Term *x, int axis, const OnnxAxis *window, int64_t k) {
  x = o2t_spread(node, x, axis, window->stride);
  return o2t_fit_axis(node, x, axis, k * window->dilation + window->before, window->out,
                      x ? o2t_scalar(node, x->tensor.dtype, 1, 0) : NULL);
}
