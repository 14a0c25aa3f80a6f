// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* grid.c - GridSample and AffineGrid.
 *
 *   y[n][p] = sum over the neighbours t of position grid[n][p]: weight_t * x[n][place_t]
 *
 * gives: of one gather of pixels (all channels) per neighbour: 1 (nearest), 2 or 4 (cubic) along
 *        each axis
 * source: ONNX's operator documents. Cubic outside the image is as PyTorch and ONNX Runtime have
 * it: each neighbour is brought inside. ONNX's evaluator brings the position inside first.
 */
#include <string.h>

#include "onnx_to_tosa.h"

enum { MAX_AXES = 3, MAX_TAPS = 4 };

typedef enum Outside { ZEROS, BORDER, REFLECTION } Outside;

typedef struct Sampling {
  int n_axes, n_taps; /* taps along each axis */
  Outside outside;
  bool align;
} Sampling;

/* What a position means along one axis, for each of its taps: N,P,1. */
typedef struct Taps {
  Term *place[MAX_TAPS];  /* i32, within the axis */
  Term *inside[MAX_TAPS]; /* of ZEROS: is the place that was meant within the axis? */
  Term *weight[MAX_TAPS];
} Taps;

/* ---- positions ---- */

/* From -1..1 to elements of the axis. */
static Term *denormalise(OnnxNode *node, const Sampling *s, Term *x, int64_t size) {
  x = o2t_with(node, "tosa.add", x, 1);
  if (s->align)
    return o2t_with(node, "tosa.mul", o2t_with(node, "tosa.mul", x, 0.5), (double)(size - 1));
  x = o2t_with(node, "tosa.sub", o2t_with(node, "tosa.mul", x, (double)size), 1);
  return o2t_with(node, "tosa.mul", x, 0.5);
}

/* Mirrored at low and high until it is between them. */
static Term *reflect(OnnxNode *node, Term *x, double low, double high) {
  double range = high - low;
  if (range == 0)
    return o2t_clamp(node, x, low, high);
  Term *away = o2t_unary(node, "tosa.abs", o2t_with(node, "tosa.sub", x, low));
  Term *turns = o2t_unary(node, "tosa.floor", o2t_with(node, "tosa.mul", away, 1 / range));
  Term *rest = o2t_binary(node, "tosa.sub", away, o2t_with(node, "tosa.mul", turns, range));
  Term *half = o2t_with(node, "tosa.mul", turns, 0.5);
  Term *even = o2t_binary(node, "tosa.equal", half, o2t_unary(node, "tosa.floor", half));
  Term *back = o2t_with(node, "tosa.sub", rest, high);
  back = o2t_with(node, "tosa.mul", back, -1);
  return o2t_select(node, even, o2t_with(node, "tosa.add", rest, low), back);
}

/* A position or place that is meant, where the image has one. */
static Term *bring_inside(OnnxNode *node, const Sampling *s, Term *x, int64_t size) {
  double low = s->align ? 0 : -0.5, high = (double)size - (s->align ? 1 : 0.5);
  if (s->outside == REFLECTION)
    return reflect(node, x, low, high);
  Term *near = o2t_clamp(node, x, low, high), *within = o2t_clamp(node, x, 0, (double)(size - 1));
  return o2t_select(node, o2t_binary(node, "tosa.equal", x, near), x, within);
}

/* Keys's cubic with -0.75, for f = x - floor(x). */
static void cubic_weights(OnnxNode *node, Term *f, Term **weight) {
  const double a = -0.75;
  Term *distance[MAX_TAPS] = {o2t_with(node, "tosa.add", f, 1), f, NULL, NULL};
  distance[2] = o2t_with(node, "tosa.add", o2t_with(node, "tosa.mul", f, -1), 1);
  distance[3] = o2t_with(node, "tosa.add", distance[2], 1);
  for (int t = 0; t < MAX_TAPS; t++) {
    bool inner = t == 1 || t == 2;
    const double c[] = {inner ? a + 2 : a, inner ? -(a + 3) : -5 * a, inner ? 0 : 8 * a,
                        inner ? 1 : -4 * a};
    Term *y = o2t_with(node, "tosa.add", o2t_with(node, "tosa.mul", distance[t], c[0]), c[1]);
    for (int i = 2; i < 4; i++)
      y = o2t_with(node, "tosa.add", y ? o2t_binary(node, "tosa.mul", y, distance[t]) : NULL, c[i]);
    weight[t] = y;
  }
}

/* The neighbours of position x along an axis. */
static void find_taps(OnnxNode *node, const Sampling *s, Term *x, int64_t size, Taps *taps) {
  x = denormalise(node, s, x, size);
  if (s->n_taps == 1)
    x = o2t_unary(node, "round", x);
  if (s->outside != REFLECTION) /* far away is as good as just outside, and has finite weights */
    x = o2t_clamp(node, x, -MAX_TAPS, (double)size + MAX_TAPS);
  if (s->outside != ZEROS && s->n_taps < MAX_TAPS)
    x = bring_inside(node, s, x, size);
  Term *first = o2t_unary(node, "tosa.floor", x);
  Term *f = x && first ? o2t_binary(node, "tosa.sub", x, first) : NULL;
  if (s->n_taps == 2) {
    taps->weight[0] = o2t_with(node, "tosa.add", o2t_with(node, "tosa.mul", f, -1), 1);
    taps->weight[1] = f;
  } else if (s->n_taps == MAX_TAPS) {
    cubic_weights(node, f, taps->weight);
  }
  for (int t = 0; t < s->n_taps; t++) {
    Term *meant = o2t_with(node, "tosa.add", first, s->n_taps == MAX_TAPS ? t - 1 : t);
    Term *place = s->outside == REFLECTION ? bring_inside(node, s, meant, size) : meant;
    place = o2t_clamp(node, place, 0, (double)(size - 1));
    if (s->outside == ZEROS)
      taps->inside[t] = place ? o2t_binary(node, "tosa.equal", place, meant) : NULL;
    taps->place[t] = o2t_cast(node, place, FUSE_I32);
  }
}

/* ---- GridSample ---- */

/* The pixels (N,P,C) that tap[i] of each axis names, times their weights. */
static Term *sample(OnnxNode *node, const Sampling *s, const Taps *taps, const int *tap, Term *x,
                    const int64_t *sizes) {
  Term *place = NULL, *weight = NULL, *inside = NULL;
  for (int i = 0; i < s->n_axes; i++) {
    const Taps *axis = &taps[i];
    Term *at = axis->place[tap[i]], *w = axis->weight[tap[i]], *in = axis->inside[tap[i]];
    place = i == 0 ? at : o2t_with(node, "tosa.mul", place, (double)sizes[i]);
    place = i == 0 ? place : o2t_binary(node, "tosa.add", place, at);
    weight = i == 0 ? w : w ? o2t_binary(node, "tosa.mul", weight, w) : NULL;
    inside = i == 0 ? in : in ? o2t_binary(node, "tosa.logical_and", inside, in) : NULL;
  }
  if (!place)
    return NULL;
  Term *y = o2t_pixels_at(node, x, o2t_reshape(node, place, 2, place->tensor.shape));
  if (inside)
    y = o2t_select(node, inside, y, o2t_scalar(node, x->tensor.dtype, 3, 0));
  return weight ? o2t_binary(node, "tosa.mul", y, weight) : y;
}

static bool read_sampling(OnnxNode *node, Sampling *s) {
  bool renamed = o2t_opset(node) >= 20;
  const char *modes[] = {"nearest", renamed ? "linear" : "bilinear", renamed ? "cubic" : "bicubic"};
  const char *paddings[] = {"zeros", "border", "reflection"};
  const char *mode, *padding;
  int64_t align;
  if (!o2t_attr_str(node, "mode", modes[1], &mode) ||
      !o2t_attr_str(node, "padding_mode", "zeros", &padding) ||
      !o2t_attr_i64(node, "align_corners", 0, &align))
    return false;
  int m = 0, p = 0;
  while (m < 3 && strcmp(mode, modes[m]) != 0)
    m++;
  while (p < 3 && strcmp(padding, paddings[p]) != 0)
    p++;
  if (m == 3 || p == 3)
    return o2t_refuse(node,
                      "mode \"%s\" and padding_mode \"%s\"; expected %s, %s or %s, and "
                      "zeros, border or reflection",
                      mode, padding, modes[0], modes[1], modes[2]);
  s->n_taps = 1 << m;
  s->outside = (Outside)p;
  s->align = align != 0;
  return true;
}

/* Positions are in f32, which counts so far; places in i32. */
static bool check_grid(OnnxNode *node, const Sampling *s) {
  const FuseTensor *x = &node->in[0]->tensor, *grid = &node->in[1]->tensor;
  int64_t image = 1;
  if (s->n_axes < 1 || s->n_axes > MAX_AXES || grid->rank != x->rank ||
      grid->shape[0] != x->shape[0] || grid->shape[x->rank - 1] != s->n_axes)
    return o2t_refuse(node,
                      "X of rank %d and a grid of rank %d; expected an image of 1 to 3 axes, "
                      "and as many numbers at each place of the grid",
                      x->rank, grid->rank);
  for (int i = 0; i < s->n_axes; i++) {
    image *= fuse_min(x->shape[2 + i], 1 << 24);
    if (x->shape[2 + i] >= 1 << 24 || image > INT32_MAX)
      return o2t_refuse(node, "an image of more than 2^31-1 pixels, or 2^24 along an axis");
  }
  return true;
}

bool o2t_grid_sample(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor, *grid = &node->in[1]->tensor;
  Sampling s = {.n_axes = x->rank - 2};
  Taps taps[MAX_AXES] = {0};
  int64_t pixels = 1, places = 1, n_samples = 1, shape[FUSE_MAX_RANK];
  if (!read_sampling(node, &s) || !check_grid(node, &s))
    return false;
  Term *image = o2t_get(node, node->in[0], LAYOUT_LAST);
  Term *positions = o2t_get(node, node->in[1], LAYOUT_ONNX);
  memcpy(shape, grid->shape, sizeof shape);
  shape[x->rank - 1] = x->shape[1];
  for (int i = 0; i < s.n_axes; i++)
    pixels *= x->shape[2 + i], places *= grid->shape[1 + i], n_samples *= s.n_taps;
  image = o2t_reshape(node, image, 3, (int64_t[]){x->shape[0], pixels, x->shape[1]});
  positions = o2t_reshape(node, positions, 3, (int64_t[]){x->shape[0], places, s.n_axes});
  for (int i = 0; i < s.n_axes; i++) /* the last axis comes first */
    find_taps(node, &s, o2t_slice_axis(node, positions, 2, s.n_axes - 1 - i, 1), x->shape[2 + i],
              &taps[i]);
  Term *y = NULL;
  for (int64_t k = 0; image && k < n_samples; k++) {
    int tap[MAX_AXES];
    int64_t rest = k;
    for (int i = s.n_axes; i-- > 0; rest /= s.n_taps)
      tap[i] = (int)(rest % s.n_taps);
    Term *part = sample(node, &s, taps, tap, image, x->shape + 2);
    y = k == 0 ? part : o2t_binary(node, "tosa.add", y, part);
  }
  return o2t_set(node, 0, LAYOUT_LAST, o2t_reshape(node, y, x->rank, shape));
}

/* ---- AffineGrid ---- */

/* Positions -1..1 of the places of an image, the last axis first, and a 1: P x (n + 1). */
static Term *places_of(OnnxNode *node, FuseDtype dtype, int n, const int64_t *sizes, bool align) {
  int64_t places = 1;
  FuseTensor base;
  void *data;
  for (int i = 0; i < n; i++)
    places = sizes[i] < 1 || places > INT32_MAX / sizes[i] ? 0 : places * sizes[i];
  if (places == 0) {
    o2t_refuse(node, "size; expected axes of 1 to 2^31-1 elements altogether");
    return NULL;
  }
  if (!o2t_new_tensor(node, FUSE_F64, 2, (int64_t[]){places, n + 1}, &base, &data))
    return NULL;
  for (int64_t p = 0; p < places; p++) {
    double *row = (double *)data + p * (n + 1);
    int64_t rest = p;
    for (int i = n; i-- > 0; rest /= sizes[i]) {
      double at = (double)(rest % sizes[i]), size = (double)sizes[i];
      row[n - 1 - i] = align ? 2 * at / (size - 1) - 1 : (2 * at + 1) / size - 1;
    }
    row[n] = 1;
  }
  return o2t_cast(node, o2t_constant(node->conversion, &base, "places"), dtype);
}

/* grid[n][p] = theta[n] * place p */
bool o2t_affine_grid(OnnxNode *node) {
  const FuseTensor *theta = &node->in[0]->tensor;
  int64_t sizes[FUSE_MAX_RANK], align, shape[FUSE_MAX_RANK];
  int n;
  if (!o2t_input_i64s(node, 1, FUSE_MAX_RANK, sizes, &n) ||
      !o2t_attr_i64(node, "align_corners", 0, &align))
    return false;
  n -= 2;
  if ((n != 2 && n != 3) || theta->rank != 3 || theta->shape[0] != sizes[0] ||
      theta->shape[1] != n || theta->shape[2] != n + 1)
    return o2t_refuse(node,
                      "theta of rank %d and %d sizes; expected N x 2 x 3 and 4 sizes, or N x "
                      "3 x 4 and 5",
                      theta->rank, n + 2);
  for (int i = 0; align && i < n; i++)
    if (sizes[2 + i] == 1)
      return o2t_refuse(node, "align_corners with an axis of one element; expected more");
  Term *places = places_of(node, theta->dtype, n, sizes + 2, align != 0);
  if (!places)
    return false;
  const int64_t rows = places->tensor.shape[0];
  places = o2t_reshape(node, places, 3, (int64_t[]){1, rows, n + 1});
  places = o2t_tile(node, places, (int64_t[]){sizes[0], 1, 1});
  Term *factors = o2t_transpose(node, o2t_get(node, node->in[0], LAYOUT_ONNX), (int[]){0, 2, 1});
  Term *y = o2t_batched_matmul(node, places, factors, NULL);
  shape[0] = sizes[0], shape[n + 1] = n;
  memcpy(shape + 1, sizes + 2, (size_t)n * sizeof *shape);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, y, n + 2, shape));
}
