// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* recognize.c - depthwise layers that are FuSeConv already.
 *
 *   %r = tosa.depthwise_conv2d (1xK)   %c = tosa.depthwise_conv2d (Kx1)
 *   %y = tosa.concat %r, %c {axis = 3}
 *     ==>
 *   %y = fuse.fuseconv {variant}       full: both read one value; half: the first and the other
 *                                      channels of one
 *
 * The same activation on both branches goes behind the layer. One that stands alone becomes
 * fuse.conv1d. The order of additions of all these ops is that of the tosa op (M-CONV-2), so the
 * bits stay.
 * source: Selvam, Ganesan, Kumar, FuSeConv, DATE 2021
 */
#include "rewrite.h"

enum { ROW, COL };

/* 1xK (ROW) or Kx1 (COL) with K > 1 and no padding across; -1: neither. */
static int axis_of(const Depthwise *d) {
  if (d->refused)
    return -1;
  if (rewrite_taps(d, 0) == 1 && rewrite_taps(d, 1) > 1 && d->pad[0] == 0 && d->pad[1] == 0)
    return ROW;
  if (rewrite_taps(d, 1) == 1 && rewrite_taps(d, 0) > 1 && d->pad[2] == 0 && d->pad[3] == 0)
    return COL;
  return -1;
}

/* Pad and dilation along the filter. */
static const int64_t *pad_of(const Depthwise *d, int axis) {
  return axis == ROW ? d->pad + 2 : d->pad;
}
static int64_t dilation_of(const Depthwise *d, int axis) {
  return d->dilation[axis == ROW ? 1 : 0];
}

/* ---- one filter ---- */

bool rewrite_recognize(Rewrite *r, Depthwise *d) {
  static const char *const names[] = {"row", "col"};
  int axis = axis_of(d);
  if (axis < 0)
    return false;
  mlirRewriterBaseSetInsertionPointBefore(r->rw, d->op);
  MlirLocation loc = mlirOperationGetLocation(d->op);
  MlirNamedAttribute attrs[6];
  int n = rewrite_common_attributes(r, d, attrs);
  attrs[n++] = fuse_attr_str(r->context, "axis", names[axis]);
  attrs[n++] = fuse_attr_i64s(r->context, "pad", 2, pad_of(d, axis));
  attrs[n++] = fuse_attr_i64(r->context, "dilation", dilation_of(d, axis));
  MlirValue operands[] = {rewrite_uncut(d), rewrite_taps_1d(r, loc, d), rewrite_bias(r, loc, d)};
  MlirValue y = fuse_build(r->rw, loc, "fuse.conv1d", 3, operands, n, attrs,
                           mlirValueGetType(mlirOperationGetResult(d->op, 0)));
  rewrite_replace(r, d, y, "recognize", "fuse.conv1d", "one line of taps, without a partner");
  return true;
}

/* ---- pairs ---- */

typedef struct Pair {
  Depthwise *d[2];
  Tree tree;
  bool full;
  MlirValue x;
} Pair;

static Depthwise *find_layer(Rewrite *r, MlirOperation op) {
  for (size_t i = 0; i < r->n_layers; i++)
    if (mlirOperationEqual(r->layers[i].op, op))
      return &r->layers[i];
  return NULL;
}

/* What both branches read: the nearest value of which each input is a range of channels, perhaps
 * cut at ends that no tap reads. */
static bool common_input(Pair *pair) {
  const int64_t rows = pair->d[ROW]->in.shape[C], cols = pair->d[COL]->in.shape[C];
  int64_t at_row = 0, first;
  for (MlirValue a = rewrite_input(pair->d[ROW]);; at_row += first) {
    int64_t at_col = 0;
    for (MlirValue b = rewrite_input(pair->d[COL]);; at_col += first) {
      FuseTensor in;
      if (mlirValueEqual(a, b)) {
        if (!fuse_type_tensor(mlirValueGetType(a), &in) || !rewrite_fits(pair->d[ROW], &in) ||
            !rewrite_fits(pair->d[COL], &in))
          return false;
        pair->x = a;
        pair->full = at_row == 0 && at_col == 0 && rows == cols && rows == in.shape[C];
        return pair->full || (at_row == 0 && at_col == rows && rows + cols == in.shape[C]);
      }
      if (!rewrite_crop(b, &b, &first))
        break;
    }
    if (!rewrite_crop(a, &a, &first))
      return false;
  }
}

static bool same_geometry(const Depthwise *row, const Depthwise *col) {
  return row->stride[0] == col->stride[0] && row->stride[1] == col->stride[1] &&
         dilation_of(row, ROW) == dilation_of(col, COL) && row->in.dtype == col->in.dtype &&
         row->input_zp == col->input_zp && row->weight_zp == col->weight_zp;
}

/* Is the concatenation a FuSeConv layer? */
static bool match_pair(Rewrite *r, MlirOperation concat, Pair *pair) {
  int64_t axis;
  if (mlirOperationGetNumOperands(concat) != 2 || !fuse_get_i64(concat, "axis", &axis) || axis != C)
    return false;
  if (!rewrite_tree_match(r, &pair->tree, mlirOperationGetOperand(concat, ROW),
                          mlirOperationGetOperand(concat, COL)) ||
      !rewrite_tree_closed(&pair->tree, concat))
    return false;
  for (int i = ROW; i <= COL; i++) {
    pair->d[i] = find_layer(r, pair->tree.leaf[i]);
    if (!pair->d[i] || pair->d[i]->done || axis_of(pair->d[i]) != i)
      return false;
  }
  return same_geometry(pair->d[ROW], pair->d[COL]) && common_input(pair);
}

static void report_pair(Pair *pair, const char *why) {
  FuseRewriteRow *row = &pair->d[ROW]->row, *col = &pair->d[COL]->row;
  row->mode = "recognize";
  row->op = pair->full ? "fuse.fuseconv full" : "fuse.fuseconv half";
  row->why = why;
  row->kernel[0] = col->kernel[0];
  row->channels += pair->full ? 0 : col->channels;
  row->macs_before += col->macs_before;
  row->macs_after = row->macs_before;
  pair->d[ROW]->done = pair->d[COL]->done = pair->d[COL]->silent = true;
}

static void build_pair(Rewrite *r, MlirOperation concat, Pair *pair) {
  const Depthwise *row = pair->d[ROW], *col = pair->d[COL];
  MlirLocation locs[] = {mlirOperationGetLocation(row->op), mlirOperationGetLocation(col->op)};
  mlirRewriterBaseSetInsertionPointBefore(r->rw, concat);
  MlirNamedAttribute attrs[7];
  int n = rewrite_common_attributes(r, row, attrs);
  attrs[n++] = fuse_attr_str(r->context, "variant", pair->full ? "full" : "half");
  attrs[n++] = fuse_attr_i64s(r->context, "pad_row", 2, pad_of(row, ROW));
  attrs[n++] = fuse_attr_i64s(r->context, "pad_col", 2, pad_of(col, COL));
  attrs[n++] = fuse_attr_i64(r->context, "dilation", dilation_of(row, ROW));
  MlirValue operands[] = {pair->x, rewrite_taps_1d(r, locs[ROW], row),
                          rewrite_bias(r, locs[ROW], row), rewrite_taps_1d(r, locs[COL], col),
                          rewrite_bias(r, locs[COL], col)};
  int64_t shape[] = {row->out.shape[N], row->out.shape[H], row->out.shape[W],
                     row->out.shape[C] + col->out.shape[C]};
  MlirType type = fuse_tensor_type_get(fuse_type_of(r->context, row->out.dtype), RANK, shape);
  MlirValue y = fuse_build(r->rw, rewrite_fused_loc(r, row->op, col->op), "fuse.fuseconv", 5,
                           operands, n, attrs, type);
  y = rewrite_tree_build(r, &pair->tree, y);
  mlirRewriterBaseReplaceAllUsesWith(r->rw, mlirOperationGetResult(concat, 0), y);
  report_pair(pair, pair->tree.n ? "row and column filters, concatenated behind their activation"
                                 : "row and column filters, concatenated");
}

void rewrite_recognize_pairs(Rewrite *r) {
  FuseOpList concats = fuse_ops_of(r->scratch, r->root, "tosa.concat");
  for (size_t i = 0; i < concats.n; i++) {
    Pair pair = {.full = false};
    if (match_pair(r, concats.ops[i], &pair))
      build_pair(r, concats.ops[i], &pair);
  }
}
