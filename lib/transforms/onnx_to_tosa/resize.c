// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* resize.c - Resize and Upsample, nearest and linear, over H and W.
 *
 * TOSA reads input coordinate (o * D + offset) / N for output coordinate o, clamped to the image.
 * With scale = n / d an ONNX coordinate becomes, over the common denominator 4n:
 *   asymmetric              o * 4d
 *   half_pixel              o * 4d + 2d - 2n
 *   align_corners           n = in * scale - 1, d = in - 1: o * 4d; where in * scale isn't whole,
 *                           ONNX's own tests want it unrounded (ONNX Runtime rounds it down)
 * TOSA's nearest rounds halves up. ONNX's other modes are shifts of that: floor by half a pixel
 * down (-2n), round_prefer_floor by a quarter of the finest step down (-1: ties fall, nothing else
 * moves, since the coordinates above are even), ceil by both, up (+2n - 1).
 */
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

#define MAX_TERM 2048 /* TOSA's limit on N, level 8K; also bounds the search for n / d */

typedef struct Axis {
  int64_t in, out;
  int64_t n, d; /* scale = n / d */
  int64_t tosa_n, tosa_d, offset, border;
} Axis;

typedef struct Mode {
  bool nearest;
  const char *coordinates, *rounding;
} Mode;

static bool is_one_of(const char *s, const char *const *names, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(s, names[i]) == 0)
      return true;
  return false;
}

/* The fraction with the smallest denominator that is this f32. */
static bool find_fraction(double scale, int64_t *n, int64_t *d) {
  for (*d = 1; *d <= MAX_TERM; ++*d) {
    double product = scale * (double)*d;
    if (product > MAX_TERM + 1)
      return false; /* larger ones only follow, and at some point no integer holds them */
    *n = (int64_t)(product + 0.5);
    if (*n >= 1 && *n <= MAX_TERM && (float)((double)*n / (double)*d) == (float)scale)
      return true;
  }
  return false;
}

static int64_t gcd(int64_t a, int64_t b) {
  while (b) {
    int64_t r = a % b;
    a = b, b = r;
  }
  return a;
}

static bool place_axis(OnnxNode *node, const Mode *mode, Axis *axis) {
  int64_t n = axis->n, d = axis->d, offset = 0;
  if (strcmp(mode->coordinates, "align_corners") == 0) {
    n = axis->out > 1 ? axis->in * axis->n - axis->d : 1;
    d = axis->out > 1 ? (axis->in - 1) * axis->d : 0;
  } else if (strcmp(mode->coordinates, "half_pixel") == 0 || axis->out > 1) {
    if (strcmp(mode->coordinates, "asymmetric") != 0)
      offset = 2 * d - 2 * n;
  }
  int64_t big_n = 4 * n, big_d = 4 * d;
  if (mode->nearest && strcmp(mode->rounding, "floor") == 0)
    offset -= 2 * n;
  else if (mode->nearest && strcmp(mode->rounding, "round_prefer_floor") == 0)
    offset -= 1;
  else if (mode->nearest && strcmp(mode->rounding, "ceil") == 0)
    offset += 2 * n - 1;
  if (big_d == 0) /* one output that reads input 0 */
    big_d = big_n;
  int64_t common = gcd(gcd(big_n, big_d), offset < 0 ? -offset : offset);
  axis->tosa_n = big_n / common, axis->tosa_d = big_d / common, axis->offset = offset / common;
  axis->border = (axis->out - 1) * axis->tosa_d - (axis->in - 1) * axis->tosa_n + axis->offset;
  if (axis->tosa_n > MAX_TERM || axis->tosa_d >= 16 * axis->tosa_n ||
      axis->offset < -axis->tosa_n || axis->offset >= 16 * axis->tosa_n ||
      axis->border < -16 * axis->tosa_n || axis->border >= axis->tosa_n)
    return o2t_refuse(node,
                      "not supported yet: %lld to %lld elements with this scale and these "
                      "coordinates: TOSA's resize can't say it",
                      (long long)axis->in, (long long)axis->out);
  return true;
}

static bool resize(OnnxNode *node, const Mode *mode, Axis *axes) {
  Conversion *conversion = node->conversion;
  Term *x = o2t_get(node, node->in[0], LAYOUT_LAST);
  if (!x)
    return false;
  for (int i = 0; i < 2; i++)
    if (!place_axis(node, mode, &axes[i]))
      return false;
  int64_t shape[] = {x->tensor.shape[0], axes[0].out, axes[1].out, x->tensor.shape[3]};
  int64_t scale[] = {axes[0].tosa_n, axes[0].tosa_d, axes[1].tosa_n, axes[1].tosa_d};
  int64_t offset[] = {axes[0].offset, axes[1].offset}, border[] = {axes[0].border, axes[1].border};
  MlirValue operands[] = {o2t_emit(node, x), o2t_shape_value(node, 4, scale),
                          o2t_shape_value(node, 2, offset), o2t_shape_value(node, 2, border)};
  const char *text =
      mode->nearest ? "#tosa.resize_mode<NEAREST_NEIGHBOR>" : "#tosa.resize_mode<BILINEAR>";
  MlirNamedAttribute attr = fuse_attr(conversion->context, "mode",
                                      mlirAttributeParseGet(conversion->context, fuse_str(text)));
  return o2t_set(node, 0, LAYOUT_LAST,
                 o2t_op(node, "tosa.resize", x->tensor.dtype, 4, shape, 4, operands, 1, &attr));
}

static bool check_image(OnnxNode *node) {
  if (node->in[0]->tensor.rank != 4)
    return o2t_refuse(node, "not supported yet: input of rank %d; expected 4",
                      node->in[0]->tensor.rank);
  return true;
}

/* scale[4] and size[4] of ONNX's axes to the two that change. */
static bool take_scales(OnnxNode *node, const double *scale, const int64_t *size, Axis *axes) {
  const int64_t *in = node->in[0]->tensor.shape;
  for (int d = 0; d < 4; d++) {
    if (d < 2 && (size ? size[d] != in[d] : scale[d] != 1))
      return o2t_refuse(node, "not supported yet: resizing axis %d; expected 2 and 3 alone", d);
    if (d < 2)
      continue;
    Axis *axis = &axes[d - 2];
    axis->in = in[d];
    if (size) {
      if (size[d] < 1 || size[d] > INT32_MAX)
        return o2t_refuse(node, "size %lld; expected at least 1", (long long)size[d]);
      int64_t common = gcd(size[d], in[d]);
      axis->out = size[d], axis->n = size[d] / common, axis->d = in[d] / common;
      continue;
    }
    if (!(scale[d] > 0) || !find_fraction(scale[d], &axis->n, &axis->d))
      return o2t_refuse(node,
                        "not supported yet: scale %g; expected a fraction of numbers up to %d",
                        scale[d], MAX_TERM);
    axis->out = (int64_t)floor((double)in[d] * (double)(float)scale[d]);
    if (axis->out < 1)
      return o2t_refuse(node, "scale %g leaves nothing of %lld elements", scale[d],
                        (long long)in[d]);
  }
  return true;
}

/* Known f32 scales of input i for the axes; the others stay 1. */
static bool read_scales(OnnxNode *node, int i, int n_axes, const int64_t *axes, double *scale) {
  if (!o2t_known(node->in[i]))
    return o2t_refuse(node, "not supported yet: scales that aren't known at compile time");
  const FuseTensor *values = &node->in[i]->form[LAYOUT_ONNX]->tensor;
  if (values->dtype != FUSE_F32 || values->rank != 1 || values->shape[0] != n_axes)
    return o2t_refuse(node, "scales; expected %d f32 values", n_axes);
  for (int k = 0; k < n_axes; k++)
    scale[axes[k]] = o2t_at_f64(values, k);
  return true;
}

static bool has_values(const OnnxNode *node, int i) {
  return o2t_has(node, i) && fuse_tensor_elems(&node->in[i]->tensor) > 0;
}

/* Attributes that would change the result in a way we don't have. */
static bool check_rest(OnnxNode *node) {
  int64_t antialias, exclude_outside;
  double cubic, extrapolation;
  const char *policy;
  if (!o2t_attr_i64(node, "antialias", 0, &antialias) ||
      !o2t_attr_i64(node, "exclude_outside", 0, &exclude_outside) ||
      !o2t_attr_f32(node, "cubic_coeff_a", 0, &cubic) ||
      !o2t_attr_f32(node, "extrapolation_value", 0, &extrapolation) ||
      !o2t_attr_str(node, "keep_aspect_ratio_policy", "stretch", &policy))
    return false; /* cubic_coeff_a and extrapolation_value belong to modes that are refused */
  if (antialias)
    return o2t_refuse(node, "not supported yet: antialias = 1");
  if (exclude_outside)
    return o2t_refuse(node, "not supported yet: exclude_outside = 1");
  if (strcmp(policy, "stretch") != 0)
    return o2t_refuse(node, "not supported yet: keep_aspect_ratio_policy \"%s\"; expected stretch",
                      policy);
  return true;
}

static bool read_mode(OnnxNode *node, bool old, Mode *mode) {
  static const char *const coordinates[] = {"half_pixel", "pytorch_half_pixel", "asymmetric",
                                            "align_corners"};
  static const char *const rounding[] = {"round_prefer_floor", "round_prefer_ceil", "floor",
                                         "ceil"};
  const char *name;
  if (!o2t_attr_str(node, "mode", "nearest", &name) ||
      !o2t_attr_str(node, "coordinate_transformation_mode", old ? "asymmetric" : "half_pixel",
                    &mode->coordinates) ||
      !o2t_attr_str(node, "nearest_mode", old ? "floor" : "round_prefer_floor", &mode->rounding))
    return false;
  mode->nearest = strcmp(name, "nearest") == 0;
  if (!mode->nearest && strcmp(name, "linear") != 0 && strcmp(name, "bilinear") != 0)
    return o2t_refuse(node, "not supported yet: mode \"%s\"; expected nearest or linear", name);
  if (!is_one_of(mode->coordinates, coordinates, FUSE_COUNTOF(coordinates)))
    return o2t_refuse(node, "not supported yet: coordinate_transformation_mode \"%s\"",
                      mode->coordinates);
  if (!is_one_of(mode->rounding, rounding, FUSE_COUNTOF(rounding)))
    return o2t_refuse(node, "not supported yet: nearest_mode \"%s\"", mode->rounding);
  return true;
}

/* Opset 10: x, scales. Since 11: x, roi, scales, sizes; since 18 for some axes only. */
bool o2t_resize(OnnxNode *node) {
  bool old = o2t_opset(node) < 11;
  int scales = old ? 1 : 2, n_axes, n;
  Mode mode;
  Axis axes[2];
  double scale[4] = {1, 1, 1, 1};
  int64_t size[4], given[4], which[4];
  if (!check_image(node) || !read_mode(node, old, &mode) || !check_rest(node) ||
      !o2t_attr_i64s(node, "axes", 4, which, &n_axes))
    return false;
  if (n_axes < 0)
    for (n_axes = 0; n_axes < 4; n_axes++)
      which[n_axes] = n_axes;
  for (int k = 0; k < n_axes; k++)
    if (!o2t_axis(node, 4, &which[k]))
      return false;
  if (has_values(node, scales) == (!old && has_values(node, 3)))
    return o2t_refuse(node, "expected either scales or sizes");
  if (has_values(node, scales))
    return read_scales(node, scales, n_axes, which, scale) &&
           take_scales(node, scale, NULL, axes) && resize(node, &mode, axes);
  if (!o2t_input_i64s(node, 3, 4, given, &n))
    return false;
  if (n != n_axes)
    return o2t_refuse(node, "%d sizes; expected %d", n, n_axes);
  memcpy(size, node->in[0]->tensor.shape, sizeof size);
  for (int k = 0; k < n; k++)
    size[which[k]] = given[k];
  return take_scales(node, NULL, size, axes) && resize(node, &mode, axes);
}

/* scales: an attribute in opset 7, input 1 in opset 9. */
bool o2t_upsample(OnnxNode *node) {
  Mode mode;
  Axis axes[2];
  double scale[4] = {1, 1, 1, 1};
  static const int64_t all[] = {0, 1, 2, 3};
  if (!check_image(node) || !read_mode(node, true, &mode))
    return false;
  if (o2t_has(node, 1))
    return read_scales(node, 1, 4, all, scale) && take_scales(node, scale, NULL, axes) &&
           resize(node, &mode, axes);
  MlirAttribute attr = mlirOperationGetAttributeByName(node->op, fuse_str("scales"));
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsADenseF32Array(attr) ||
      mlirDenseArrayGetNumElements(attr) != 4)
    return o2t_refuse(node, "scales; expected 4 f32 values");
  for (int d = 0; d < 4; d++)
    scale[d] = (double)mlirDenseF32ArrayGetElement(attr, d);
  return take_scales(node, scale, NULL, axes) && resize(node, &mode, axes);
}
