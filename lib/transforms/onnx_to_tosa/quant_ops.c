// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quant_ops.c - operators on integers, other than convolutions and products of matrices.
 *
 *   moves (Reshape, MaxPool, Split, ...)   the same op on i8; the scale stays
 *   Add, Sub          a and b in i32 on a common scale with 20 bits to spare, added, rescaled
 *   Mul               a and b in i32 without zero points, multiplied, rescaled
 *   Max, Min          of two: both rescaled, then compared
 *   PRelu             in i32 with bits to spare, one slope a channel below zero, rescaled
 *   averages          a sum in i32, rescaled by scale / count
 *   pointwise ops     any number of them between one DequantizeLinear and one QuantizeLinear:
 *                     a tosa.table of 256 entries (quant_table.c)
 */
#include <math.h>
#include <string.h>

#include "quant.h"

static bool same_parameters(const Quant *a, const Quant *b) {
  return a->scale[0] == b->scale[0] && a->zero[0] == b->zero[0];
}

/* ---- moves ---- */

/* The node whose results a conversion has set. */
static OnnxNode *end_of(OnnxNode *node) {
  return node->end ? node->end : node;
}

/* Convert the node as it stands on the integers q behind its input 0, and say of the results what
 * is true of the input, with the scales on `axis`. Other inputs are indices and shapes, or (concat)
 * integers of the same scale. */
static bool move_integers(OnnxNode *node, int axis) {
  OnnxValue **in = node->in;
  Quant like = *in[0]->quant;
  like.axis = axis;
  node->in = fuse_memdup(node->conversion->scratch, in, (size_t)node->n_in * sizeof *in);
  for (int i = 0; i < node->n_in; i++)
    if (in[i]->quant) {
      node->in[i] = in[i]->quant->q;
      o2t_store(node, node->in[i]);
    }
  bool ok = node->row->convert(node);
  node->in = in;
  const OnnxNode *end = end_of(node);
  for (int i = 0; ok && i < end->n_out; i++) {
    OnnxValue *q = fuse_memdup(node->conversion->scratch, end->out[i], sizeof *q);
    memset(end->out[i]->form, 0, sizeof end->out[i]->form);
    o2t_set_quant(node, end->out[i], q, &like);
  }
  return ok;
}

/* A move of unsigned bytes that are stored as signed ones (QuantizeLinear, QLinearConv made them):
 * the same move of those. The order of bytes is the same, so that a maximum is a move, too. */
static bool move_bytes(OnnxNode *node, bool *taken) {
  OnnxValue **in = node->in;
  OnnxValue *bytes = node->n_in > 0 && !in[0]->absent ? o2t_stored_bytes(in[0]) : NULL;
  *taken = bytes;
  if (!bytes)
    return true;
  node->in = fuse_memdup(node->conversion->scratch, in, (size_t)node->n_in * sizeof *in);
  node->in[0] = bytes;
  bool ok = node->row->convert(node);
  node->in = in;
  const OnnxNode *end = end_of(node);
  for (int i = 0; ok && i < end->n_out; i++) {
    OnnxValue *out = end->out[i];
    if (out->tensor.dtype != FUSE_I8)
      continue; /* places of a maximum */
    OnnxValue *q = fuse_memdup(node->conversion->scratch, out, sizeof *q);
    memset(out->form, 0, sizeof out->form);
    out->tensor.dtype = FUSE_U8;
    out->shifted = q;
    q->shifted = out;
  }
  return ok;
}

bool o2t_quant_move(OnnxNode *node, bool *taken) {
  if (!move_bytes(node, taken) || *taken)
    return *taken;
  for (int i = 1; i < node->n_in; i++)
    if (o2t_has(node, i) && node->in[i]->quant)
      return true;
  *taken = o2t_is_quant(node, 0) && node->n_out >= 1;
  return !*taken || move_integers(node, -1);
}

bool o2t_quant_transpose(OnnxNode *node, bool *taken) {
  const Quant *quant = node->in[0]->quant;
  int64_t perm[FUSE_MAX_RANK];
  int n = 0, axis = -1;
  if (!quant)
    return move_bytes(node, taken);
  if (quant->q->tensor.dtype != FUSE_I8)
    return true;
  int rank = quant->q->tensor.rank;
  if (!fuse_get_i64s(node->op, "perm", FUSE_MAX_RANK, perm, &n))
    for (n = 0; n < rank; n++)
      perm[n] = rank - 1 - n;
  for (int d = 0; quant->axis >= 0 && d < n; d++)
    if (perm[d] == quant->axis)
      axis = d;
  *taken = (quant->axis < 0) == (axis < 0);
  return !*taken || move_integers(node, axis);
}

bool o2t_quant_resize(OnnxNode *node, bool *taken) {
  MlirStringRef mode;
  if (fuse_get_str(node->op, "mode", &mode) && !fuse_str_is(mode, "nearest"))
    return true;
  if (fuse_get_str(node->op, "coordinate_transformation_mode", &mode) &&
      fuse_str_is(mode, "tf_crop_and_resize")) /* extrapolates with a real number */
    return true;
  return o2t_quant_move(node, taken);
}

/* Zeros become zero points; other constants, and the modes that repeat the border, too. */
bool o2t_quant_pad(OnnxNode *node, bool *taken) {
  const Quant *quant = node->in[0]->quant;
  bool bytes = o2t_stored_bytes(node->in[0]);
  double value = 0;
  if ((!bytes && !o2t_is_quant(node, 0)) || node->n_in < 2)
    return true;
  double scale = bytes ? 1 : quant->scale[0];
  int64_t zero = bytes ? -128 : quant->zero[0];
  if (o2t_has(node, 2)) {
    if (!o2t_known(node->in[2]) || fuse_tensor_elems(&node->in[2]->tensor) != 1)
      return true;
    value = o2t_reals(node, 2, 1)[0];
  }
  int64_t q = o2t_quantize(value, scale, zero);
  if ((double)(q - zero) * scale != value)
    return true; /* the integers can't say it */
  OnnxValue **in = node->in, fill = {.ready = true};
  int n_in = node->n_in;
  node->in = fuse_alloc_array(node->conversion->scratch, 4, sizeof *in);
  for (int i = 0; i < 4; i++)
    node->in[i] = i < n_in ? in[i] : NULL;
  node->n_in = (int)fuse_max(n_in, 3);
  node->in[2] = &fill;
  Term *constant = o2t_integers(node, FUSE_I8, 1, &q);
  *taken = true;
  bool ok = constant && o2t_set_value(node, &fill, LAYOUT_ONNX, constant) &&
            (bytes ? move_bytes(node, taken) : move_integers(node, -1));
  node->in = in;
  node->n_in = n_in;
  return ok;
}

/* ---- Concat, Max, Min ---- */

/* Input i, whose integers are q, as integers of the output's scale. */
static Term *rescaled(OnnxNode *node, int i, Term *q, const QuantOut *out) {
  const Quant *x = node->in[i]->quant;
  bool same = x->scale[0] == out->scale && x->zero[0] == out->zero;
  return same && out->low == -128 && out->high == 127
             ? q
             : o2t_requantize(node, q, x->zero[0], 1, x->scale, out);
}

bool o2t_quant_concat(OnnxNode *node, bool *taken) {
  QuantOut out;
  int64_t axis;
  bool same = true;
  for (int i = 0; i < node->n_in; i++) {
    if (!o2t_is_quant(node, i) || node->in[i]->tensor.rank != node->in[0]->tensor.rank)
      return true;
    same = same && same_parameters(node->in[i]->quant, node->in[0]->quant);
  }
  int rank = node->in[0]->tensor.rank;
  if (same) {
    *taken = true;
    return move_integers(node, -1);
  }
  if (!o2t_find_out(node, node->out[0], &out))
    return true;
  if (!o2t_attr_i64(node, "axis", 1, &axis) || !o2t_axis(node, rank, &axis))
    return false;
  *taken = true;
  OnnxLayout layout = o2t_choose_axes(node, rank);
  Term **parts = fuse_alloc_array(node->conversion->scratch, (size_t)node->n_in, sizeof(Term *));
  for (int i = 0; i < node->n_in; i++)
    parts[i] = rescaled(node, i, o2t_get(node, node->in[i]->quant->q, layout), &out);
  return o2t_set_out(node, &out, layout,
                     o2t_concat(node, node->n_in, parts, o2t_position(layout, rank, (int)axis)));
}

/* Of two: quantising keeps the order, so it comes first, and exactly the same integers result. */
static bool extreme(OnnxNode *node, const char *name, bool *taken) {
  QuantOut out;
  Term *wide[2];
  const double one = 1;
  if (node->n_in != 2 || !o2t_is_quant(node, 0) || !o2t_is_quant(node, 1) ||
      !o2t_find_out(node, node->out[0], &out))
    return o2t_quant_table(node, taken);
  *taken = true;
  int rank = (int)fuse_max(node->in[0]->tensor.rank, node->in[1]->tensor.rank);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  for (int i = 0; i < 2; i++) {
    Term *q = o2t_get_ranked(node, node->in[i]->quant->q, rank, layout);
    wide[i] = o2t_widen(node, q ? rescaled(node, i, q, &out) : NULL, out.zero);
  }
  Term *y = o2t_binary(node, name, wide[0], wide[1]);
  return o2t_set_out(node, &out, layout, o2t_rescale(node, y, 0, 1, &one, out.zero, FUSE_I8));
}

bool o2t_quant_max(OnnxNode *node, bool *taken) {
  return extreme(node, "tosa.maximum", taken);
}

bool o2t_quant_min(OnnxNode *node, bool *taken) {
  return extreme(node, "tosa.minimum", taken);
}

/* ---- Add, Sub, Mul ---- */

/* The two operands are dequantised, broadcast as in numpy, and QuantizeLinear follows; or one is a
 * constant number, and the node is the table's. */
static bool binary(OnnxNode *node, const char *name, bool *taken) {
  QuantOut out;
  if (node->n_in != 2 || o2t_has_attr(node, "broadcast") || o2t_has_attr(node, "axis"))
    return true;
  if (!o2t_is_quant(node, 0) || !o2t_is_quant(node, 1) || node->in[0] == node->in[1])
    return o2t_quant_table(node, taken);
  if (!o2t_find_out(node, node->out[0], &out))
    return true;
  *taken = true;
  return o2t_binary_quant(node, name, node->in[0]->quant, node->in[1]->quant, &out);
}

bool o2t_binary_quant(OnnxNode *node, const char *name, const Quant *a, const Quant *b,
                      const QuantOut *out) {
  const Quant *side[] = {a, b};
  int rank = (int)fuse_max(a->q->tensor.rank, b->q->tensor.rank);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  bool multiplies = strcmp(name, "tosa.mul") == 0;
  double most = 2 * fmax(a->scale[0], b->scale[0]), spare = 1 << 20;
  double scale = multiplies ? a->scale[0] * b->scale[0] : most / spare;
  Term *wide[2];
  for (int i = 0; i < 2; i++) {
    double factor = multiplies ? 1 : side[i]->scale[0] / most * spare;
    wide[i] = o2t_rescale(node, o2t_get_ranked(node, side[i]->q, rank, layout), side[i]->zero[0], 1,
                          &factor, 0, FUSE_I32);
  }
  Term *y = o2t_binary(node, name, wide[0], wide[1]);
  return o2t_set_out(node, out, layout, o2t_requantize(node, y, 0, 1, &scale, out));
}

bool o2t_quant_add(OnnxNode *node, bool *taken) {
  return binary(node, "tosa.add", taken);
}

bool o2t_quant_sub(OnnxNode *node, bool *taken) {
  return binary(node, "tosa.sub", taken);
}

bool o2t_quant_mul(OnnxNode *node, bool *taken) {
  return binary(node, "tosa.mul", taken);
}

/* ---- PRelu ---- */

/* The n slopes, if there is one for each channel, as factors over 2^SLOPE_BITS; NULL: there aren't,
 * or one is negative or large. */
enum { SLOPE_BITS = 30, LARGEST_SLOPE = 2 };
static int64_t *slopes(OnnxNode *node, int64_t n) {
  const OnnxValue *slope = node->in[1];
  int rank = node->in[0]->tensor.rank, own = slope->tensor.rank;
  int first = o2t_opset(node) < 7 && own == 1 ? 1 : rank - own;
  if (!o2t_known(slope) || first < 0 || fuse_tensor_elems(&slope->tensor) != n)
    return NULL;
  for (int d = 0; d < own; d++)
    if (slope->tensor.shape[d] != (first + d == 1 ? n : 1))
      return NULL;
  const double *reals = o2t_reals(node, 1, n);
  int64_t *factor = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *factor);
  for (int64_t c = 0; c < n; c++) {
    if (!(reals[c] >= 0 && reals[c] < LARGEST_SLOPE))
      return NULL;
    factor[c] = (int64_t)fmin(nearbyint(reals[c] * (1 << SLOPE_BITS)), INT32_MAX);
  }
  return factor;
}

/* x in steps of 1 / 2^16 of the result's, so that what follows rounds but once in effect; the
 * negative ones times their channel's slope. */
bool o2t_quant_prelu(OnnxNode *node, bool *taken) {
  enum { SPARE_BITS = 16, LARGEST_RATIO = 32 }; /* 255 * 32 * 2^16 * 2 < 2^31 */
  QuantOut out;
  int rank = node->in[0]->tensor.rank;
  int64_t n = rank > 1 ? node->in[0]->tensor.shape[1] : 0;
  int64_t *factor = n > 1 && o2t_is_quant(node, 0) ? slopes(node, n) : NULL;
  if (!factor || !o2t_find_out(node, node->out[0], &out) ||
      node->in[0]->quant->scale[0] > LARGEST_RATIO * out.scale)
    return o2t_quant_table(node, taken);
  *taken = true;
  const Quant *x = node->in[0]->quant;
  int64_t *shift = fuse_alloc_array(node->conversion->scratch, (size_t)n, sizeof *shift);
  for (int64_t c = 0; c < n; c++)
    shift[c] = SLOPE_BITS;
  double up = x->scale[0] / out.scale * (1 << SPARE_BITS), down = out.scale / (1 << SPARE_BITS);
  OnnxLayout layout = rank > 2 ? LAYOUT_LAST : LAYOUT_ONNX; /* channels are the last axis */
  Term *q = o2t_get(node, x->q, layout);
  Term *wide = o2t_rescale(node, q, x->zero[0], 1, &up, 0, FUSE_I32);
  Term *below = o2t_rescale_by(node, wide, 0, n, factor, shift, 0, FUSE_I32);
  Term *positive =
      o2t_binary(node, "tosa.greater_equal", wide, o2t_scalar(node, FUSE_I32, rank, 0));
  Term *y = o2t_select(node, positive, wide, below);
  return o2t_set_out(node, &out, layout, o2t_requantize(node, y, 0, 1, &down, &out));
}

/* ---- averages ---- */

/* Mean over H and W of x (N H W C): a sum and one rescale. */
static Term *mean(OnnxNode *node, const Quant *x, Term *image, const QuantOut *out) {
  if (!image)
    return NULL;
  double scale = x->scale[0] / (double)(image->tensor.shape[1] * image->tensor.shape[2]);
  Term *sum = o2t_widen(node, image, x->zero[0]);
  for (int d = 1; d <= 2; d++)
    sum = o2t_reduce(node, "tosa.reduce_sum", sum, d);
  return o2t_requantize(node, sum, 0, 1, &scale, out);
}

bool o2t_mean_quant(OnnxNode *node, const Quant *x, OnnxLayout pixels, const QuantOut *out,
                    bool keepdims) {
  int rank = x->q->tensor.rank;
  Term *y = mean(node, x, o2t_to_nhwc(node, o2t_get(node, x->q, pixels)), out);
  if (keepdims)
    return o2t_set_out(node, out, pixels, o2t_from_nhwc(node, y, rank));
  int channels = pixels == LAYOUT_LAST ? 1 : rank - 1;
  int64_t shape[] = {x->q->tensor.shape[0], x->q->tensor.shape[channels]};
  return o2t_set_out(node, out, LAYOUT_ONNX, o2t_reshape(node, y, 2, shape));
}

/* GlobalAveragePool, and ReduceMean over the pixels of images. */
bool o2t_quant_mean(OnnxNode *node, bool *taken) {
  QuantOut out;
  int rank = node->in[0]->tensor.rank;
  int64_t keepdims = 1;
  OnnxLayout pixels = LAYOUT_LAST;
  if (!o2t_is_quant(node, 0) || (rank != 3 && rank != 4))
    return true;
  if (strcmp(node->row->name, "reducemean") == 0) {
    bool reduced[FUSE_MAX_RANK];
    if (!o2t_attr_i64(node, "keepdims", 1, &keepdims) || !o2t_read_axes(node, reduced))
      return false;
    pixels = o2t_pixel_layout(node, reduced);
    if (pixels == LAYOUT_FLAT)
      return true;
  }
  *taken = o2t_find_out(node, node->out[0], &out);
  return !*taken || o2t_mean_quant(node, node->in[0]->quant, pixels, &out, keepdims != 0);
}

bool o2t_quant_average_pool(OnnxNode *node, bool *taken) {
  QuantOut out;
  bool fits;
  if (!o2t_is_quant(node, 0))
    return true;
  if (!o2t_pool_fits_tosa(node, &fits))
    return false;
  *taken = fits && o2t_find_out(node, node->out[0], &out);
  return !*taken || o2t_average_pool_quant(node, node->in[0]->quant, &out, taken);
}

/* ---- the table of operators ---- */

static const QuantOp table[] = {
#define QUANT_OP(name, function) {name, function},
#include "quant_ops.def"
#undef QUANT_OP
};

const QuantOp *o2t_quant_op(const OnnxNode *node) {
  static const QuantOp pointwise = {"", o2t_quant_table};
  bool any = false, bytes = o2t_has(node, 0) && o2t_stored_bytes(node->in[0]);
  for (int i = 0; i < node->n_in; i++)
    any = any || (o2t_has(node, i) && node->in[i]->quant);
  for (size_t i = 0; (any || bytes) && i < FUSE_COUNTOF(table); i++)
    if (strcmp(table[i].name, node->row->name) == 0)
      return &table[i];
  return any && node->row->flags & POINTWISE ? &pointwise : NULL;
}
