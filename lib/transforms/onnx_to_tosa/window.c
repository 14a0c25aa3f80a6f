// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* window.c - kernel windows of Conv and the pools: ONNX's pads and rounding in TOSA's terms.
 *
 * ONNX rounds the number of windows down (or up, ceil_mode); TOSA wants the stride to divide
 * exactly. So the end padding is set to what the windows really read: less than the model says,
 * even negative, when rounding down; more when rounding up.
 */
#include <string.h>

#include "onnx_to_tosa.h"

#define MAX_EXTENT ((int64_t)1 << 30) /* keeps all products below within int64_t */

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

bool o2t_window(OnnxNode *node, int spatial, const int64_t *kernel, const int64_t *sizes,
                OnnxWindow *window) {
  static const char *const modes[] = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"};
  int64_t strides[2], dilations[2], pads[4], ceil_mode;
  const char *auto_pad;
  if (!read_extents(node, "strides", spatial, 1, 1, strides) ||
      !read_extents(node, "dilations", spatial, 1, 1, dilations) ||
      !read_extents(node, "pads", 2 * spatial, 0, 0, pads) ||
      !o2t_attr_i64(node, "ceil_mode", 0, &ceil_mode) ||
      !o2t_attr_str(node, "auto_pad", "NOTSET", &auto_pad))
    return false;
  bool mode_ok = false;
  for (size_t i = 0; i < FUSE_COUNTOF(modes); i++)
    mode_ok = mode_ok || strcmp(auto_pad, modes[i]) == 0;
  if (!mode_ok)
    return o2t_refuse(node, "auto_pad \"%s\"; expected NOTSET, SAME_UPPER, SAME_LOWER or VALID",
                      auto_pad);
  *window = (OnnxWindow){.kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}, .out = {1, 1}};
  for (int i = 0; i < spatial; i++) {
    int d = i + 2 - spatial; /* H, W */
    if (kernel[i] < 1 || kernel[i] > MAX_EXTENT || sizes[i] > MAX_EXTENT)
      return o2t_refuse(node, "kernel of %lld; expected at least 1", (long long)kernel[i]);
    int64_t extent = (kernel[i] - 1) * dilations[i] + 1, after = pads[spatial + i];
    window->kernel[d] = kernel[i];
    window->stride[d] = strides[i];
    window->dilation[d] = dilations[i];
    window->pads[2 * d] = pads[i];
    window->out[d] = count_windows(auto_pad, ceil_mode != 0, sizes[i], extent, strides[i],
                                   &window->pads[2 * d], &after);
    if (window->out[d] < 1)
      return o2t_refuse(node, "a window of %lld doesn't fit %lld elements with pads %lld and %lld",
                        (long long)extent, (long long)sizes[i], (long long)window->pads[2 * d],
                        (long long)after);
    window->pads[2 * d + 1] =
        (window->out[d] - 1) * strides[i] + extent - sizes[i] - window->pads[2 * d];
  }
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
