// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* resize.c - Resize and Upsample.
 *
 * gives: tosa.resize for nearest and linear over H and W where it can say the coordinates; else one
 *        axis after the other: tosa.gather for nearest, a product with the matrix of the weights
 *        for linear and cubic
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
#include <assert.h>
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

#define MAX_TERM 2048 /* TOSA's limit on N, level 8K; also bounds the search for n / d */
#define MAX_WEIGHTS ((int64_t)1 << 24) /* of one axis */
#define MAX_PLACES ((int64_t)1 << 22)  /* likewise, of nearest */
#define MAX_ROI 1e6                    /* keeps coordinates whole numbers apart */

typedef struct Axis {
  int64_t in, out;
  double scale;      /* as the model says it, or n / d */
  int64_t n, d;      /* scale = n / d; 0: there are no such numbers */
  double start, end; /* part of the input (tf_crop_and_resize), 0 to 1 */
  int64_t tosa_n, tosa_d, offset, border;
} Axis;

typedef enum Kind { NEAREST, LINEAR, CUBIC } Kind;

typedef struct Mode {
  Kind kind;
  const char *coordinates, *rounding;
  bool antialias, exclude_outside, crop;
  double cubic_a, extrapolation;
} Mode;

static bool is_one_of(const char *s, const char *const *names, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(s, names[i]) == 0)
      return true;
  return false;
}

/* The fraction with the smallest denominator that is this f32; n = 0 if it is too large. */
static void find_fraction(double scale, int64_t *n, int64_t *d) {
  for (*d = 1; *d <= MAX_TERM; ++*d) {
    double product = scale * (double)*d;
    if (product > MAX_TERM + 1)
      break; /* larger ones only follow, and at some point no integer holds them */
    *n = (int64_t)(product + 0.5);
    if (*n >= 1 && *n <= MAX_TERM && (float)((double)*n / (double)*d) == (float)scale)
      return;
  }
  *n = *d = 0;
}

static int64_t gcd(int64_t a, int64_t b) {
  while (b) {
    int64_t r = a % b;
    a = b, b = r;
  }
  return a;
}

/* ---- tosa.resize ---- */

/* False: TOSA can't say these coordinates. */
static bool place_axis(const Mode *mode, Axis *axis) {
  int64_t n = axis->n, d = axis->d, offset = 0;
  if (n == 0)
    return false;
  if (strcmp(mode->coordinates, "align_corners") == 0) {
    n = axis->out > 1 ? axis->in * axis->n - axis->d : 1;
    d = axis->out > 1 ? (axis->in - 1) * axis->d : 0;
  } else if (strcmp(mode->coordinates, "half_pixel") == 0 || axis->out > 1) {
    if (strcmp(mode->coordinates, "asymmetric") != 0)
      offset = 2 * d - 2 * n;
  }
  int64_t big_n = 4 * n, big_d = 4 * d;
  if (mode->kind == NEAREST && strcmp(mode->rounding, "floor") == 0)
    offset -= 2 * n;
  else if (mode->kind == NEAREST && strcmp(mode->rounding, "round_prefer_floor") == 0)
    offset -= 1;
  else if (mode->kind == NEAREST && strcmp(mode->rounding, "ceil") == 0)
    offset += 2 * n - 1;
  if (big_d == 0) /* one output that reads input 0 */
    big_d = big_n;
  int64_t common = gcd(gcd(big_n, big_d), offset < 0 ? -offset : offset);
  axis->tosa_n = big_n / common, axis->tosa_d = big_d / common, axis->offset = offset / common;
  axis->border = (axis->out - 1) * axis->tosa_d - (axis->in - 1) * axis->tosa_n + axis->offset;
  return axis->tosa_n <= MAX_TERM && axis->tosa_d < 16 * axis->tosa_n &&
         axis->offset >= -axis->tosa_n && axis->offset < 16 * axis->tosa_n &&
         axis->border >= -16 * axis->tosa_n && axis->border < axis->tosa_n;
}

/* axes: N C H W, of which H and W change. */
static bool fits_tosa(const OnnxNode *node, const Mode *mode, Axis *axes) {
  static const char *const coordinates[] = {"half_pixel", "pytorch_half_pixel", "asymmetric",
                                            "align_corners"};
  const FuseTensor *x = &node->in[0]->tensor;
  bool type = x->dtype == FUSE_F32 || (x->dtype == FUSE_I8 && mode->kind == NEAREST);
  if (x->rank != 4 || !type || mode->kind == CUBIC || mode->antialias ||
      !is_one_of(mode->coordinates, coordinates, FUSE_COUNTOF(coordinates)))
    return false;
  for (int d = 0; d < 2; d++)
    if (axes[d].in != axes[d].out || axes[d].scale != 1)
      return false;
  return place_axis(mode, &axes[2]) && place_axis(mode, &axes[3]);
}

static bool resize_image(OnnxNode *node, const Mode *mode, const Axis *h, const Axis *w) {
  Conversion *conversion = node->conversion;
  Term *x = o2t_get(node, node->in[0], LAYOUT_LAST);
  if (!x)
    return false;
  int64_t shape[] = {x->tensor.shape[0], h->out, w->out, x->tensor.shape[3]};
  int64_t scale[] = {h->tosa_n, h->tosa_d, w->tosa_n, w->tosa_d};
  int64_t offset[] = {h->offset, w->offset}, border[] = {h->border, w->border};
  MlirValue operands[] = {o2t_emit(node, x), o2t_shape_value(node, 4, scale),
                          o2t_shape_value(node, 2, offset), o2t_shape_value(node, 2, border)};
  const char *text =
      mode->kind == NEAREST ? "#tosa.resize_mode<NEAREST_NEIGHBOR>" : "#tosa.resize_mode<BILINEAR>";
  MlirNamedAttribute attr = fuse_attr(conversion->context, "mode",
                                      mlirAttributeParseGet(conversion->context, fuse_str(text)));
  return o2t_set(node, 0, LAYOUT_LAST,
                 o2t_op(node, "tosa.resize", x->tensor.dtype, 4, shape, 4, operands, 1, &attr));
}

/* ---- one axis after the other ---- */

/* Where in the input output o lies. With n / d known nothing is rounded but the last division. */
static double coordinate(const Mode *mode, const Axis *axis, int64_t o) {
  const char *name = mode->coordinates;
  double n = axis->n ? (double)axis->n : axis->scale, d = axis->n ? (double)axis->d : 1;
  double in = (double)axis->in, out = (double)axis->out, at = (double)o;
  if (mode->crop)
    return axis->out > 1
               ? axis->start * (in - 1) + at * (axis->end - axis->start) * (in - 1) / (out - 1)
               : 0.5 * (axis->start + axis->end) * (in - 1);
  if (strcmp(name, "align_corners") == 0)
    return axis->out > 1 ? at * (in - 1) * d / (in * n - d) : 0;
  if (strcmp(name, "asymmetric") == 0)
    return at * d / n;
  if (strcmp(name, "tf_half_pixel_for_nn") == 0)
    return (at + 0.5) * d / n;
  if (strcmp(name, "pytorch_half_pixel") == 0 && axis->out <= 1)
    return 0;
  double x = (at + 0.5) * d / n - 0.5;
  if (strcmp(name, "half_pixel_symmetric") == 0)
    x += in / 2 * (1 - out * d / (in * n));
  return x;
}

static int64_t clamp_index(double at, int64_t n) {
  return (int64_t)fmax(0, fmin(at, (double)(n - 1)));
}

static int64_t nearest(const Mode *mode, double x, int64_t n) {
  double at = floor(x);
  if (strcmp(mode->rounding, "ceil") == 0)
    at = ceil(x);
  else if (strcmp(mode->rounding, "round_prefer_ceil") == 0)
    at = floor(x + 0.5);
  else if (strcmp(mode->rounding, "round_prefer_floor") == 0)
    at = ceil(x - 0.5);
  return clamp_index(at, n);
}

/* What an element at distance t counts: a triangle, or Keys' cubic with parameter a. */
static double weight(const Mode *mode, double t) {
  double a = mode->cubic_a;
  t = fabs(t);
  if (mode->kind == LINEAR)
    return t < 1 ? 1 - t : 0;
  if (t <= 1)
    return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}

/* The weights of the inputs for coordinate x; what lies outside counts for the border, or not at
 * all. Antialiasing widens the kernel where the image shrinks. */
static void weigh(const Mode *mode, const Axis *axis, double x, double *row) {
  double narrow = mode->antialias ? fmin(axis->scale, 1) : 1, sum = 0;
  double reach = (mode->kind == LINEAR ? 1 : 2) / narrow;
  for (double i = ceil(x - reach); i <= floor(x + reach); i++) {
    double w = weight(mode, (i - x) * narrow);
    if (mode->exclude_outside && (i < 0 || i >= (double)axis->in))
      continue;
    row[clamp_index(i, axis->in)] += w;
    sum += w;
  }
  for (int64_t i = 0; (mode->antialias || mode->exclude_outside) && i < axis->in; i++)
    row[i] /= sum;
}

static Term *resize_axis(OnnxNode *node, const Mode *mode, const Axis *axis, Term *x, int p) {
  FuseArena *scratch = node->conversion->scratch;
  int64_t n = axis->out;
  if ((mode->kind != NEAREST && !fuse_mul_dims((int64_t[]){axis->out, axis->in}, 2, &n)) ||
      n > (mode->kind == NEAREST ? MAX_PLACES : MAX_WEIGHTS)) {
    o2t_refuse(node, "not supported yet: %lld to %lld elements; expected fewer",
               (long long)axis->in, (long long)axis->out);
    return NULL;
  }
  if (mode->kind == NEAREST) {
    int64_t *from = fuse_alloc_array(scratch, (size_t)axis->out, sizeof *from);
    for (int64_t o = 0; o < axis->out; o++)
      from[o] = nearest(mode, coordinate(mode, axis, o), axis->in);
    return o2t_pick(node, x, p, axis->out, from);
  }
  double *rows = fuse_alloc_array(scratch, (size_t)n, sizeof *rows);
  for (int64_t o = 0; o < axis->out; o++)
    weigh(mode, axis, coordinate(mode, axis, o), rows + o * axis->in);
  return o2t_times_matrix(node, x, p, axis->out, rows);
}

/* What lies outside the input becomes the extrapolation value. */
static Term *extrapolate(OnnxNode *node, const Mode *mode, const Axis *axis, Term *y, int p) {
  int64_t shape[FUSE_MAX_RANK];
  FuseTensor outside;
  void *data;
  if (!y)
    return NULL;
  for (int d = 0; d < y->tensor.rank; d++)
    shape[d] = d == p ? axis->out : 1;
  if (!o2t_new_tensor(node, FUSE_BOOL, y->tensor.rank, shape, &outside, &data))
    return NULL;
  bool any = false;
  for (int64_t o = 0; o < axis->out; o++) {
    double x = coordinate(mode, axis, o);
    any = (((uint8_t *)data)[o] = x < 0 || x > (double)(axis->in - 1)) || any;
  }
  Term *value = o2t_scalar(node, y->tensor.dtype, y->tensor.rank, mode->extrapolation);
  return any ? o2t_select(node, o2t_constant(node->conversion, &outside, "outside"), value, y) : y;
}

static bool resize_axes(OnnxNode *node, const Mode *mode, const Axis *axes) {
  int rank = node->in[0]->tensor.rank;
  FuseDtype dtype = node->in[0]->tensor.dtype;
  OnnxLayout layout = o2t_known(node->in[0]) ? LAYOUT_ONNX : o2t_last(rank);
  if (mode->kind != NEAREST && dtype != FUSE_F32)
    return o2t_refuse(node, "not supported yet: %s of another mode than nearest",
                      fuse_dtype_name(dtype));
  Term *y = o2t_get(node, node->in[0], layout);
  for (int d = 0; d < rank; d++) {
    bool changes = axes[d].in != axes[d].out || axes[d].scale != 1 ||
                   (mode->crop && (axes[d].start != 0 || axes[d].end != 1));
    if (changes)
      y = resize_axis(node, mode, &axes[d], y, o2t_position(layout, rank, d));
  }
  for (int d = 0; mode->crop && d < rank; d++)
    y = extrapolate(node, mode, &axes[d], y, o2t_position(layout, rank, d));
  return o2t_set(node, 0, layout, y);
}

/* Of no elements: only the shape changes, and stays without. */
static bool resize_nothing(OnnxNode *node, const Axis *axes) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < x->rank; d++)
    shape[d] = axes[d].out;
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_fill(node, x->dtype, x->rank, shape, 0));
}

static bool resize(OnnxNode *node, const Mode *mode, Axis *axes) {
  if (fuse_tensor_elems(&node->in[0]->tensor) == 0)
    return resize_nothing(node, axes);
  return fits_tosa(node, mode, axes) ? resize_image(node, mode, &axes[2], &axes[3])
                                     : resize_axes(node, mode, axes);
}

/* ---- attributes and inputs ---- */

/* Axes that stay as they are. */
static bool start_axes(OnnxNode *node, Axis *axes) {
  const FuseTensor *x = &node->in[0]->tensor;
  if (x->rank < 1)
    return o2t_refuse(node, "an input of rank 0; expected at least 1");
  for (int d = 0; d < x->rank; d++)
    axes[d] = (Axis){
        .in = x->shape[d], .out = x->shape[d], .scale = 1, .n = 1, .d = 1, .start = 0, .end = 1};
  return true;
}

static bool set_scale(OnnxNode *node, Axis *axis, double scale) {
  if (!(scale > 0) || scale > INT32_MAX)
    return o2t_refuse(node, "scale %g; expected more than 0", scale);
  if (axis->in == 0)
    return true;
  axis->scale = scale;
  find_fraction(scale, &axis->n, &axis->d);
  double out = floor((double)((float)axis->in * (float)scale)); /* in f32, as ONNX infers it */
  if (out < 1 || out > INT32_MAX)
    return o2t_refuse(node, "scale %g leaves nothing of %lld elements, or too many", scale,
                      (long long)axis->in);
  axis->out = (int64_t)out;
  return true;
}

static bool set_size(OnnxNode *node, Axis *axis, int64_t size) {
  if (axis->in == 0 && size == 0)
    return true;
  if (axis->in == 0)
    return o2t_refuse(node, "size %lld of an empty axis; expected 0", (long long)size);
  if (size < 1 || size > INT32_MAX)
    return o2t_refuse(node, "size %lld; expected at least 1", (long long)size);
  int64_t common = gcd(size, axis->in);
  axis->out = size, axis->n = size / common, axis->d = axis->in / common;
  axis->scale = (double)size / (double)axis->in;
  return true;
}

/* Known f32 values of input i. */
static bool read_reals(OnnxNode *node, int i, const char *name, int n, double *values) {
  if (!o2t_known(node->in[i]))
    return o2t_refuse_unknown(
        node, i, fuse_format(node->conversion->scratch, "%s are not known at compile time", name));
  const FuseTensor *tensor = &o2t_get(node, node->in[i], LAYOUT_ONNX)->tensor;
  if (tensor->dtype != FUSE_F32 || tensor->rank != 1 || tensor->shape[0] != n)
    return o2t_refuse(node, "%s; expected %d f32 values", name, n);
  for (int k = 0; k < n; k++)
    values[k] = o2t_at_f64(tensor, k);
  return true;
}

static bool has_values(const OnnxNode *node, int i) {
  return o2t_has(node, i) && fuse_tensor_elems(&node->in[i]->tensor) > 0;
}

static bool check_name(OnnxNode *node, const char *attribute, const char *name,
                       const char *const *names, size_t n) {
  return is_one_of(name, names, n) ||
         o2t_refuse(node, "%s \"%s\"; expected one that ONNX knows", attribute, name);
}

static bool read_names(OnnxNode *node, bool old, Mode *mode) {
  static const char *const kinds[] = {"nearest", "linear", "bilinear", "cubic"};
  static const char *const coordinates[] = {
      "half_pixel",           "half_pixel_symmetric", "pytorch_half_pixel", "asymmetric",
      "tf_half_pixel_for_nn", "tf_crop_and_resize",   "align_corners"};
  static const char *const rounding[] = {"round_prefer_floor", "round_prefer_ceil", "floor",
                                         "ceil"};
  const char *name;
  if (!o2t_attr_str(node, "mode", "nearest", &name) ||
      !o2t_attr_str(node, "coordinate_transformation_mode", old ? "asymmetric" : "half_pixel",
                    &mode->coordinates) ||
      !o2t_attr_str(node, "nearest_mode", old ? "floor" : "round_prefer_floor", &mode->rounding))
    return false;
  mode->kind = strcmp(name, "nearest") == 0 ? NEAREST : strcmp(name, "cubic") == 0 ? CUBIC : LINEAR;
  mode->crop = strcmp(mode->coordinates, "tf_crop_and_resize") == 0;
  return check_name(node, "mode", name, kinds, FUSE_COUNTOF(kinds)) &&
         check_name(node, "coordinate_transformation_mode", mode->coordinates, coordinates,
                    FUSE_COUNTOF(coordinates)) &&
         check_name(node, "nearest_mode", mode->rounding, rounding, FUSE_COUNTOF(rounding));
}

static bool read_mode(OnnxNode *node, bool old, Mode *mode) {
  int64_t antialias, exclude_outside;
  if (!read_names(node, old, mode) || !o2t_attr_i64(node, "antialias", 0, &antialias) ||
      !o2t_attr_i64(node, "exclude_outside", 0, &exclude_outside) ||
      !o2t_attr_f32(node, "cubic_coeff_a", -0.75, &mode->cubic_a) ||
      !o2t_attr_f32(node, "extrapolation_value", 0, &mode->extrapolation))
    return false;
  mode->antialias = antialias && mode->kind != NEAREST;
  /* Two linear taps, of which one lies outside, are the border's element either way. */
  mode->exclude_outside = exclude_outside && (mode->kind == CUBIC || mode->antialias);
  return true;
}

/* sizes as they are, or one scale for all axes: the largest (smallest) that none exceeds (falls
 * short of). */
static bool take_sizes(OnnxNode *node, int n, const int64_t *which, const int64_t *sizes,
                       Axis *axes) {
  const char *policy;
  if (!o2t_attr_str(node, "keep_aspect_ratio_policy", "stretch", &policy))
    return false;
  bool larger = strcmp(policy, "not_larger") == 0, smaller = strcmp(policy, "not_smaller") == 0;
  if (!larger && !smaller && strcmp(policy, "stretch") != 0)
    return o2t_refuse(
        node, "keep_aspect_ratio_policy \"%s\"; expected stretch, not_larger or not_smaller",
        policy);
  Axis best = {0};
  for (int k = 0; k < n; k++) {
    Axis *axis = &axes[which[k]];
    if (!set_size(node, axis, sizes[k]))
      return false;
    if (axis->in > 0 &&
        (best.in == 0 || (larger ? axis->scale < best.scale : axis->scale > best.scale)))
      best = *axis;
  }
  for (int k = 0; (larger || smaller) && k < n; k++) {
    Axis *axis = &axes[which[k]];
    if (axis->in == 0)
      continue;
    axis->scale = best.scale, axis->n = best.n, axis->d = best.d;
    axis->out = (2 * axis->in * best.n + best.d) / (2 * best.d); /* halves up */
    if (axis->out < 1 || axis->out > INT32_MAX)
      return o2t_refuse(node, "size %lld; expected at least 1", (long long)axis->out);
  }
  return true;
}

/* roi: all starts, then all ends. */
static bool take_crop(OnnxNode *node, int n, const int64_t *which, Axis *axes) {
  double roi[2 * FUSE_MAX_RANK];
  if (!has_values(node, 1))
    return o2t_refuse(node, "tf_crop_and_resize without roi");
  if (!read_reals(node, 1, "roi", 2 * n, roi))
    return false;
  for (int k = 0; k < n; k++) {
    Axis *axis = &axes[which[k]];
    axis->start = roi[k], axis->end = roi[n + k];
    if (!(fabs(axis->start) <= MAX_ROI) || !(fabs(axis->end) <= MAX_ROI))
      return o2t_refuse(node, "roi %g to %g; expected numbers up to %g", axis->start, axis->end,
                        MAX_ROI);
  }
  return true;
}

static bool read_axes(OnnxNode *node, int64_t *which, int *n) {
  int rank = node->in[0]->tensor.rank;
  bool seen[FUSE_MAX_RANK] = {0};
  if (!o2t_attr_i64s(node, "axes", rank, which, n))
    return false;
  if (*n < 0)
    for (*n = 0; *n < rank; ++*n)
      which[*n] = *n;
  for (int k = 0; k < *n; k++) {
    if (!o2t_axis(node, rank, &which[k]))
      return false;
    if (seen[which[k]])
      return o2t_refuse(node, "axis %lld is given twice", (long long)which[k]);
    seen[which[k]] = true;
  }
  return true;
}

static bool take_scales(OnnxNode *node, int i, int n, const int64_t *which, Axis *axes) {
  double scale[FUSE_MAX_RANK];
  bool ok = read_reals(node, i, "scales", n, scale);
  for (int k = 0; ok && k < n; k++)
    ok = set_scale(node, &axes[which[k]], scale[k]);
  return ok;
}

/* Opset 10: x, scales. Since 11: x, roi, scales, sizes; since 18 for some axes only. */
bool o2t_resize(OnnxNode *node) {
  bool old = o2t_opset(node) < 11;
  int scales = old ? 1 : 2, n_axes, n;
  Mode mode;
  Axis axes[FUSE_MAX_RANK];
  int64_t sizes[FUSE_MAX_RANK], which[FUSE_MAX_RANK];
  if (!start_axes(node, axes) || !read_mode(node, old, &mode) || !read_axes(node, which, &n_axes))
    return false;
  if (has_values(node, scales) == (!old && has_values(node, 3)))
    return o2t_refuse(node, "expected either scales or sizes");
  if (mode.crop && !take_crop(node, n_axes, which, axes))
    return false;
  if (has_values(node, scales))
    return take_scales(node, scales, n_axes, which, axes) && resize(node, &mode, axes);
  if (!o2t_input_i64s(node, 3, FUSE_MAX_RANK, sizes, &n))
    return false;
  if (n != n_axes)
    return o2t_refuse(node, "%d sizes; expected %d", n, n_axes);
  return take_sizes(node, n, which, sizes, axes) && resize(node, &mode, axes);
}

/* scales: an attribute in opset 7, input 1 in opset 9. */
bool o2t_upsample(OnnxNode *node) {
  int rank = node->in[0]->tensor.rank;
  Mode mode;
  Axis axes[FUSE_MAX_RANK];
  static const int64_t all[] = {0, 1, 2, 3, 4, 5, 6, 7};
  static_assert(FUSE_COUNTOF(all) == FUSE_MAX_RANK, "one for each axis");
  if (!start_axes(node, axes) || !read_mode(node, true, &mode))
    return false;
  if (o2t_has(node, 1))
    return take_scales(node, 1, rank, all, axes) && resize(node, &mode, axes);
  MlirAttribute attr = mlirOperationGetAttributeByName(node->op, fuse_str("scales"));
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsADenseF32Array(attr) ||
      mlirDenseArrayGetNumElements(attr) != rank)
    return o2t_refuse(node, "scales; expected %d f32 values", rank);
  for (int d = 0; d < rank; d++)
    if (!set_scale(node, &axes[d], (double)mlirDenseF32ArrayGetElement(attr, d)))
      return false;
  return resize(node, &mode, axes);
}
