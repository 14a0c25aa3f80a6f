// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv_phases.c - a transposed convolution as an ordinary one, which the machine runs.
 *
 *   y[stride * q + r] = b + sum over t of x[q - t] * w[stride * t + r]        along each axis
 *
 * So the phases r = 0 .. stride - 1 of the result are convolutions of x by every stride-th element
 * of the kernel. They are one convolution with a channel for each phase, whose channels then become
 * pixels.
 *
 * needs: known weights (others would be put in order when the network runs)
 * gives: no products but those with zeros that fill the kernel up to a multiple of the stride
 */
#include <string.h>

#include "onnx_to_tosa.h"

typedef struct Phases {
  int64_t stride, taps;  /* of one phase */
  int64_t before, after; /* zeros around x; negative: elements of x that nobody reads */
  int64_t count;         /* values q */
  int64_t start, size;   /* of the result in those of all phases */
} Phases;

/* before of an axis: elements that are added in front of the result, or cut off if negative. */
static Phases phases_of(const OnnxAxis *axis, int64_t extent, int64_t in) {
  int64_t start = -axis->before, first = fuse_floor_div(start, axis->stride);
  Phases p = {.stride = axis->stride, .taps = fuse_ceil_div(extent, axis->stride)};
  p.count = fuse_floor_div(start + axis->out - 1, axis->stride) - first + 1;
  p.before = p.taps - 1 - first;
  p.after = first + p.count - in;
  p.start = start - first * axis->stride;
  p.size = axis->out;
  return p;
}

/* w: Cin Cout KH KW   ->   the phases of H, of W, Cout, taps of H, of W, Cin */
static Term *phase_weights(OnnxNode *node, Term *w, const Phases *p) {
  if (!w)
    return NULL;
  int64_t shape[] = {w->tensor.shape[0], w->tensor.shape[1], p[0].taps,
                     p[0].stride,        p[1].taps,          p[1].stride};
  Term *zero = o2t_scalar(node, w->tensor.dtype, 1, 0);
  for (int d = 0; d < 2; d++)
    w = o2t_fit_axis(node, w, 2 + d, 0, p[d].taps * p[d].stride, zero);
  w = o2t_reshape(node, w, 6, shape);
  for (int d = 0; d < 2; d++) /* a convolution reads x forwards */
    w = o2t_reverse(node, w, 2 + 2 * d);
  return o2t_transpose(node, w, (int[]){3, 5, 1, 2, 4, 0});
}

static OnnxWindow window_of(const Phases *p) {
  OnnxWindow window;
  for (int d = 0; d < 2; d++) {
    window.kernel[d] = p[d].taps;
    window.stride[d] = window.dilation[d] = 1;
    window.pads[2 * d] = fuse_max(p[d].before, 0);
    window.pads[2 * d + 1] = fuse_max(p[d].after, 0);
    window.out[d] = p[d].count;
  }
  return window;
}

/* One tosa.conv2d of all phases: channels in the order phase of H, phase of W, Cout. */
static Term *dense(OnnxNode *node, const Phases *p, Term *x, Term *w, Term *b) {
  const OnnxWindow window = window_of(p);
  int64_t phases = p[0].stride * p[1].stride;
  if (!w || !b)
    return NULL;
  const int64_t *s = w->tensor.shape;
  w = o2t_reshape(node, w, 4, (int64_t[]){phases * s[2], s[3], s[4], s[5]});
  return o2t_conv2d(node, "tosa.conv2d", x, w, o2t_tile(node, b, &phases), &window, NULL);
}

/* A tosa.depthwise_conv2d for each phase; w has 1 in the place of Cout, its channels are Cin. */
static Term *depthwise(OnnxNode *node, const Phases *p, Term *x, Term *w, Term *b) {
  const OnnxWindow window = window_of(p);
  int64_t phases = p[0].stride * p[1].stride;
  Term **parts = fuse_alloc_array(node->conversion->scratch, (size_t)phases, sizeof(Term *));
  if (!w)
    return NULL;
  const int64_t *s = w->tensor.shape;
  w = o2t_reshape(node, w, 4, (int64_t[]){phases, s[3], s[4], s[5]});
  for (int64_t i = 0; i < phases; i++) {
    Term *weights = o2t_slice_axis(node, w, 0, i, 1);
    weights = o2t_reshape(node, weights, 4, (int64_t[]){s[3], s[4], s[5], 1});
    parts[i] = o2t_conv2d(node, "tosa.depthwise_conv2d", x, weights, b, &window, NULL);
  }
  return o2t_concat(node, (int)phases, parts, 3);
}

/* N H W (groups, phases of H, of W, C)   ->   N H*phases W*phases (groups, C), and of that the
 * result */
static Term *to_pixels(OnnxNode *node, const Phases *p, int64_t groups, Term *y) {
  if (!y)
    return NULL;
  int64_t n = y->tensor.shape[0], all = y->tensor.shape[3] / (p[0].stride * p[1].stride);
  y = o2t_reshape(
      node, y, 7,
      (int64_t[]){n, p[0].count, p[1].count, groups, p[0].stride, p[1].stride, all / groups});
  y = o2t_transpose(node, y, (int[]){0, 1, 4, 2, 5, 3, 6});
  y = o2t_reshape(node, y, 4,
                  (int64_t[]){n, p[0].count * p[0].stride, p[1].count * p[1].stride, all});
  return o2t_slice(node, y, (int64_t[]){0, p[0].start, p[1].start, 0},
                   (int64_t[]){n, p[0].size, p[1].size, all});
}

/* x without what no phase reads; NULL without a refusal: nothing would be left. */
static Term *trim(OnnxNode *node, const Phases *p, Term *x) {
  int64_t start[4] = {0}, size[4];
  memcpy(size, x->tensor.shape, sizeof size);
  for (int d = 0; d < 2; d++) {
    start[1 + d] = fuse_max(-p[d].before, 0);
    size[1 + d] += fuse_min(p[d].before, 0) + fuse_min(p[d].after, 0);
    if (size[1 + d] < 1)
      return NULL;
  }
  return o2t_slice(node, x, start, size);
}

bool o2t_conv_phases(OnnxNode *node, Term *x, Term *w, Term *b, int64_t group, const OnnxAxis *axes,
                     Term **y) {
  if (!x || !w || !b || !w->tensor.data)
    return false;
  int64_t in = w->tensor.shape[0] / group, out = w->tensor.shape[1];
  Phases p[2];
  for (int d = 0; d < 2; d++)
    p[d] = phases_of(&axes[d], w->tensor.shape[2 + d], x->tensor.shape[1 + d]);
  x = trim(node, p, x);
  if (!x)
    return false;
  if (group > 1 && in == 1 && out == 1) {
    *y = to_pixels(node, p, 1, depthwise(node, p, x, phase_weights(node, w, p), b));
    return true;
  }
  Term **parts = fuse_alloc_array(node->conversion->scratch, (size_t)group, sizeof(Term *));
  for (int64_t g = 0; g < group; g++) {
    Term *data = o2t_slice_axis(node, x, 3, g * in, in);
    Term *weights = phase_weights(node, o2t_slice_axis(node, w, 0, g * in, in), p);
    parts[g] = dense(node, p, data, weights, o2t_slice_axis(node, b, 0, g * out, out));
  }
  *y = to_pixels(node, p, group, o2t_concat(node, (int)group, parts, 3));
  return true;
}
