// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* resize.c - tosa.resize as Resize where one of its modes reads the same pixels, else as a
 * selection (nearest) or two matrix products (linear).
 *
 * TOSA reads input coordinate (o * D + offset) / N for output coordinate o. Of nearest, every
 * output is tried with the coordinates as a runtime computes them, in f32; of linear the formulas
 * are compared: asymmetric     o / scale                        offset = 0 half_pixel     (o + 0.5)
 * / scale - 0.5          offset = (D - N) / 2 align_corners  o * (in - 1) / (out - 1) offset = 0,
 * (out - 1) * D = (in - 1) * N
 */
#include <math.h>
#include <string.h>

#include "export.h"

#define MAX_OUT ((int64_t)1 << 20)    /* lines or columns */
#define MAX_MATRIX ((int64_t)1 << 26) /* elements */

typedef struct Axis {
  int64_t in, out, n, d, offset;
} Axis;

/* Input positions below and above output position o, inside the image, and the distance from the
 * lower one as r / n. */
static void place(const Axis *axis, int64_t o, int64_t *low, int64_t *high, int64_t *r) {
  const int64_t at = o * axis->d + axis->offset;
  const int64_t i = at >= 0 ? at / axis->n : -((axis->n - 1 - at) / axis->n);
  *r = at - i * axis->n;
  *low = fuse_max(fuse_min(i, axis->in - 1), 0);
  *high = fuse_max(fuse_min(i + 1, axis->in - 1), 0);
}

static int64_t nearest(const Axis *axis, int64_t o) {
  int64_t low, high, r;
  place(axis, o, &low, &high, &r);
  return 2 * r >= axis->n ? high : low;
}

static float scale_of(const Axis *axis) {
  return (float)((double)axis->n / (double)axis->d);
}

/* Does ONNX's rule for the size of the result give this one's? */
static bool size_follows(const Axis *axis) {
  return (int64_t)floorf((float)axis->in * scale_of(axis)) == axis->out;
}

/* ---- nearest ---- */

typedef struct Mode {
  const char *coordinates, *rounding;
} Mode;

static int64_t rounded(const char *rounding, float x) {
  if (strcmp(rounding, "floor") == 0)
    return (int64_t)floorf(x);
  if (strcmp(rounding, "ceil") == 0)
    return (int64_t)ceilf(x);
  if (strcmp(rounding, "round_prefer_floor") == 0)
    return (int64_t)ceilf(x - 0.5f);
  return (int64_t)floorf(x + 0.5f);
}

static bool reads_the_same(const Axis *axis, const Mode *mode) {
  const float scale = scale_of(axis);
  if (!size_follows(axis))
    return false;
  for (int64_t o = 0; o < axis->out; o++) {
    const bool half = strcmp(mode->coordinates, "half_pixel") == 0;
    const float x = half ? ((float)o + 0.5f) / scale - 0.5f : (float)o / scale;
    if (fuse_max(fuse_min(rounded(mode->rounding, x), axis->in - 1), 0) != nearest(axis, o))
      return false;
  }
  return true;
}

static const Mode *find_nearest(const Axis *axes) {
  static const Mode modes[] = {
      {"asymmetric", "floor"},
      {"half_pixel", "round_prefer_floor"},
      {"half_pixel", "floor"},
      {"asymmetric", "round_prefer_floor"},
      {"half_pixel", "ceil"},
      {"asymmetric", "ceil"},
      {"half_pixel", "round_prefer_ceil"},
      {"asymmetric", "round_prefer_ceil"},
  };
  for (size_t i = 0; i < FUSE_COUNTOF(modes); i++)
    if (reads_the_same(&axes[0], &modes[i]) && reads_the_same(&axes[1], &modes[i]))
      return &modes[i];
  return NULL;
}

/* Lines, then columns, by their numbers. */
static Tensor *select_pixels(Export *e, Tensor *x, const Axis *axes) {
  for (int i = 0; i < 2; i++) {
    int64_t *index = fuse_alloc_array(e->arena, (size_t)axes[i].out, sizeof *index);
    for (int64_t o = 0; o < axes[i].out; o++)
      index[o] = nearest(&axes[i], o);
    FuseTensor type = x->type;
    type.shape[2 + i] = axes[i].out;
    x = t2o_node2(e, "Gather", &type, x, t2o_numbers(e, (int)axes[i].out, index, "indices"));
    t2o_attr_i64(e, x->node, "axis", 2 + i);
  }
  return x;
}

/* ---- linear ---- */

static const char *find_linear(const Axis *axes) {
  bool asymmetric = true, half_pixel = true, corners = true;
  for (int i = 0; i < 2; i++) {
    const Axis *a = &axes[i];
    asymmetric = asymmetric && a->offset == 0 && size_follows(a);
    half_pixel = half_pixel && 2 * a->offset == a->d - a->n && size_follows(a);
    corners = corners && a->offset == 0 && (a->out - 1) * a->d == (a->in - 1) * a->n;
  }
  return asymmetric ? "asymmetric" : half_pixel ? "half_pixel" : corners ? "align_corners" : NULL;
}

/* Line o has the shares that output o has of the inputs; transposed for columns. */
static bool shares(Export *e, const Axis *axis, bool columns, Tensor **matrix) {
  if (axis->out > MAX_MATRIX / axis->in)
    return t2o_refuse(e, "%lld to %lld elements in this mode", (long long)axis->in,
                      (long long)axis->out);
  const size_t count = (size_t)(axis->in * axis->out);
  float *values = fuse_alloc_array(e->arena, count, sizeof *values);
  for (int64_t o = 0; o < axis->out; o++) {
    int64_t low, high, r;
    place(axis, o, &low, &high, &r);
    const float part = (float)r / (float)axis->n;
    values[columns ? low * axis->out + o : o * axis->in + low] += 1.0f - part;
    values[columns ? high * axis->out + o : o * axis->in + high] += part;
  }
  FuseTensor t = {.dtype = FUSE_F32, .rank = 2, .data = values};
  t.shape[0] = columns ? axis->in : axis->out;
  t.shape[1] = columns ? axis->out : axis->in;
  FUSE_ASSERT(fuse_tensor_set_size(&t));
  *matrix = t2o_initializer(e, &t, columns ? "columns" : "lines");
  return true;
}

static bool interpolate(Export *e, Tensor **x, const Axis *axes) {
  Tensor *lines, *columns;
  if (!shares(e, &axes[0], false, &lines) || !shares(e, &axes[1], true, &columns))
    return false;
  FuseTensor type = (*x)->type;
  type.shape[2] = axes[0].out;
  *x = t2o_node2(e, "MatMul", &type, lines, *x);
  type.shape[3] = axes[1].out;
  *x = t2o_node2(e, "MatMul", &type, *x, columns);
  return true;
}

/* ---- Resize ---- */

/* Scales, or for align_corners, which has its own, the result's sizes. */
static Tensor *resize(Export *e, Tensor *x, const Axis *axes, const char *coordinates) {
  FuseTensor type = t2o_type(&t2o_result(e)->type, FIRST);
  float *scale = fuse_alloc_array(e->arena, 4, sizeof *scale);
  FuseTensor scales = {.dtype = FUSE_F32, .rank = 1, .shape = {4}, .data = scale};
  FUSE_ASSERT(fuse_tensor_set_size(&scales));
  scale[0] = scale[1] = 1, scale[2] = scale_of(&axes[0]), scale[3] = scale_of(&axes[1]);
  Tensor *y;
  if (strcmp(coordinates, "align_corners") == 0)
    y = t2o_node(e, "Resize", &type, 4,
                 (Tensor *[]){x, NULL, NULL, t2o_numbers(e, 4, type.shape, "sizes")});
  else
    y = t2o_node(e, "Resize", &type, 3,
                 (Tensor *[]){x, NULL, t2o_initializer(e, &scales, "scales")});
  t2o_attr_str(e, y->node, "coordinate_transformation_mode", coordinates);
  return y;
}

bool t2o_resize(Export *e) {
  Value *value = t2o_operand(e, 0), *result = t2o_result(e);
  int64_t scale[4], offset[2];
  int n_scale = 0, n_offset = 0;
  Axis axes[2];
  if (!fuse_value_shape(mlirOperationGetOperand(e->op, 1), 4, scale, &n_scale) ||
      !fuse_value_shape(mlirOperationGetOperand(e->op, 2), 2, offset, &n_offset) || n_scale != 4 ||
      n_offset != 2)
    return t2o_refuse(e, "this form of the op");
  for (int i = 0; i < 2; i++) {
    axes[i] = (Axis){value->type.shape[1 + i], result->type.shape[1 + i], scale[2 * i],
                     scale[2 * i + 1], offset[i]};
    if (axes[i].n < 1 || axes[i].d < 1 || axes[i].out > MAX_OUT)
      return t2o_refuse(e, "scale %lld/%lld to %lld elements", (long long)axes[i].n,
                        (long long)axes[i].d, (long long)axes[i].out);
  }
  Tensor *x = t2o_get(e, value, FIRST);
  if (!fuse_attr_says(e->op, "mode", "BILINEAR")) {
    const Mode *mode = find_nearest(axes);
    x = mode ? resize(e, x, axes, mode->coordinates) : select_pixels(e, x, axes);
    if (mode) {
      t2o_attr_str(e, x->node, "mode", "nearest");
      t2o_attr_str(e, x->node, "nearest_mode", mode->rounding);
    }
  } else {
    const char *coordinates = find_linear(axes);
    if (!coordinates && !interpolate(e, &x, axes))
      return false;
    if (coordinates) {
      x = resize(e, x, axes, coordinates);
      t2o_attr_str(e, x->node, "mode", "linear");
    }
  }
  result->form[FIRST] = x;
  return true;
}
