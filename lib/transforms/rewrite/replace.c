// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* replace.c - half and full: a FuSeConv layer in the place of a KxK depthwise convolution.
 *
 *   %y = tosa.depthwise_conv2d %x, %w, %b
 *     ==>
 *   %y = fuse.fuseconv %x, ... {variant = "half"}      row filters for the first (C+1)/2 channels
 *
 *   %y = tosa.depthwise_conv2d %x, %w, %b              C channels
 *   %a = activation(%y)
 *   %z = tosa.conv2d %a, %v                            1x1
 *     ==>
 *   %y = fuse.fuseconv %x, ... {variant = "full"}      2C channels: row(%x), column(%x)
 *   %a = activation(%y)
 *   %z = tosa.conv2d %a, [%v | %v]
 *
 * Another operator: the numbers change. The weights are what least_squares.c gives. Biases: half
 * keeps each channel's; full gives a half to each branch, since the 1x1 convolution adds the two.
 * source: Selvam, Ganesan, Kumar, FuSeConv, DATE 2021; docs/rewrite.md, L1 to L5
 */
#include <math.h>
#include <string.h>

#include "least_squares.h"
#include "rewrite.h"

#define MAX_TAPS 63 /* of a side: bounds the time that the least squares take */

enum { ROW, COL };

/* What the layer turns into. */
typedef struct Plan {
  Depthwise *d;
  bool full;
  MlirValue x;
  int64_t channels[2]; /* of the row filters and the column filters */
  Tree tree;           /* the activation behind the layer */
  MlirOperation next;  /* the 1x1 convolution behind it; null: none */
  float *taps[2], *bias[2];
} Plan;

/* ---- does it apply? ---- */

/* The op that takes d's result, through elementwise ops, if it is a 1x1 convolution that nothing
 * else takes it past. */
static void find_next(Rewrite *r, Plan *plan) {
  MlirOperation op = plan->d->op;
  FuseTensor v;
  for (int i = 0; i <= TREE_MAX; i++) {
    MlirOpOperand use = mlirValueGetFirstUse(mlirOperationGetResult(op, 0));
    if (mlirOpOperandIsNull(use))
      return;
    op = mlirOpOperandGetOwner(use);
    if (mlirOperationGetNumResults(op) != 1 || fuse_op_is(op, "tosa.conv2d"))
      break;
  }
  if (!fuse_op_is(op, "tosa.conv2d") ||
      !fuse_value_constant(r->ir, mlirOperationGetOperand(op, 1), &v) || v.dtype != FUSE_F32 ||
      v.shape[1] != 1 || v.shape[2] != 1)
    return;
  MlirValue in = mlirOperationGetOperand(op, 0);
  if (rewrite_tree_match(r, &plan->tree, in, in) &&
      mlirOperationEqual(plan->tree.leaf[0], plan->d->op) && rewrite_tree_closed(&plan->tree, op))
    plan->next = op;
}

/* A row filter runs through the middle line of the kernel and a column filter through its middle
 * column; without padding across they must meet the same results. */
static bool meets(const Depthwise *d, const FuseTensor *in) {
  for (int axis = 0; axis < 2; axis++)
    if (d->pad[2 * axis] != rewrite_taps(d, axis) / 2 * d->dilation[axis] ||
        rewrite_outputs(in->shape[H + axis], 0, 0, 1, 1, d->stride[axis]) != d->out.shape[H + axis])
      return false;
  return true;
}

/* Why half or full can't take the layer; NULL: it can. */
static const char *obstacle(Rewrite *r, Plan *plan) {
  const Depthwise *d = plan->d;
  FuseTensor in;
  const int64_t kh = rewrite_taps(d, 0), kw = rewrite_taps(d, 1);
  if (d->in.dtype != FUSE_F32)
    return "kept exact: half and full are for f32 weights";
  if (kh == 1 || kw == 1)
    return "kept exact: the kernel isn't larger than a line";
  if (kh % 2 == 0 || kw % 2 == 0)
    return "kept exact: an even kernel has no middle line";
  if (kh > MAX_TAPS || kw > MAX_TAPS)
    return "kept exact: the kernel is larger than 63";
  if (d->dilation[0] != d->dilation[1])
    return "kept exact: a FuSeConv layer has one dilation";
  if (!plan->full && d->in.shape[C] < 2)
    return "kept exact: one channel has no halves";
  plan->x = rewrite_uncut(d);
  if (!fuse_type_tensor(mlirValueGetType(plan->x), &in) || !meets(d, &in))
    return "kept exact: the padding isn't half the kernel";
  find_next(r, plan);
  if (plan->full && mlirOperationIsNull(plan->next))
    return "kept exact: full needs a 1x1 convolution next, behind at most an activation";
  return NULL;
}

/* ---- weights ---- */

/* Channel c's kernel. */
static void read_kernel(const Depthwise *d, int64_t c, double *w) {
  const int64_t taps = rewrite_taps(d, 0) * rewrite_taps(d, 1), channels = d->in.shape[C];
  for (int64_t k = 0; k < taps; k++) {
    float value;
    memcpy(&value, (const char *)d->weight.data + (size_t)(k * channels + c) * sizeof value,
           sizeof value);
    w[k] = value;
  }
}

static float read_bias(const Depthwise *d, int64_t c) {
  float value;
  int64_t at = d->bias.shape[0] == 1 ? 0 : c;
  memcpy(&value, (const char *)d->bias.data + (size_t)at * sizeof value, sizeof value);
  return value;
}

/* Filters of channel c into plan; e becomes what they leave of w. */
static void fit_channel(Plan *plan, LeastSquares *ls, int64_t c, const double *w, double *e) {
  double row[MAX_TAPS] = {0}, col[MAX_TAPS] = {0};
  const int kh = ls->kh, kw = ls->kw;
  const bool by_row = plan->full || c < plan->channels[ROW], by_col = plan->full || !by_row;
  const int64_t at[] = {c, plan->full ? c : c - plan->channels[ROW]};
  const float bias = read_bias(plan->d, c);
  if (plan->full)
    rewrite_ls_cross(ls, w, row, col);
  else if (by_row)
    rewrite_ls_row(ls, w, row);
  else
    rewrite_ls_col(ls, w, col);
  memcpy(e, w, (size_t)(kh * kw) * sizeof *e);
  for (int k = 0; by_row && k < kw; k++) {
    plan->taps[ROW][at[ROW] * kw + k] = (float)row[k];
    e[kh / 2 * kw + k] -= row[k];
  }
  for (int i = 0; by_col && i < kh; i++) {
    plan->taps[COL][at[COL] * kh + i] = (float)col[i];
    e[i * kw + kw / 2] -= col[i];
  }
  if (by_row)
    plan->bias[ROW][at[ROW]] = plan->full ? bias / 2 : bias;
  if (by_col)
    plan->bias[COL][at[COL]] = plan->full ? bias / 2 : bias;
}

/* All filters and the relative error. */
static double fit(Rewrite *r, Plan *plan, double rho) {
  const Depthwise *d = plan->d;
  const int kh = (int)rewrite_taps(d, 0), kw = (int)rewrite_taps(d, 1), taps[] = {kw, kh};
  const int64_t channels = d->in.shape[C];
  LeastSquares ls;
  double error = 0, norm = 0;
  rewrite_ls_init(&ls, r->scratch, kh, kw, rho);
  double *w = fuse_alloc_array(r->scratch, (size_t)(kh * kw), sizeof *w);
  double *e = fuse_alloc_array(r->scratch, (size_t)(kh * kw), sizeof *e);
  plan->channels[ROW] = plan->full ? channels : (channels + 1) / 2;
  plan->channels[COL] = plan->full ? channels : channels / 2;
  for (int i = ROW; i <= COL; i++) {
    size_t n = (size_t)plan->channels[i];
    plan->taps[i] = fuse_alloc_array(fuse_ir_arena(r->ir), n * (size_t)taps[i], sizeof(float));
    plan->bias[i] = fuse_alloc_array(fuse_ir_arena(r->ir), n, sizeof(float));
  }
  for (int64_t c = 0; c < channels; c++) {
    read_kernel(d, c, w);
    fit_channel(plan, &ls, c, w, e);
    error += rewrite_ls_norm(&ls, e);
    norm += rewrite_ls_norm(&ls, w);
  }
  return norm > 0 && error > 0 ? sqrt(error / norm) : 0;
}

/* ---- building ---- */

static MlirValue build_floats(Rewrite *r, MlirLocation loc, const float *data, int rank,
                              const int64_t *shape, const char *what) {
  FuseTensor t = {.dtype = FUSE_F32, .rank = rank, .data = data};
  memcpy(t.shape, shape, (size_t)rank * sizeof *shape);
  FUSE_ASSERT(fuse_tensor_set_size(&t));
  return fuse_build_const(r->ir, r->rw, loc, &t, rewrite_key(r, loc, what));
}

static MlirValue build_fuseconv(Rewrite *r, const Plan *plan) {
  const Depthwise *d = plan->d;
  MlirLocation loc = mlirOperationGetLocation(d->op);
  MlirNamedAttribute attrs[7];
  MlirValue operands[5] = {plan->x};
  int n = rewrite_common_attributes(r, d, attrs);
  attrs[n++] = fuse_attr_str(r->context, "variant", plan->full ? "full" : "half");
  attrs[n++] = fuse_attr_i64s(r->context, "pad_row", 2, d->pad + 2);
  attrs[n++] = fuse_attr_i64s(r->context, "pad_col", 2, d->pad);
  attrs[n++] = fuse_attr_i64(r->context, "dilation", d->dilation[0]);
  for (int i = ROW; i <= COL; i++) {
    const int64_t shape[] = {plan->channels[i], rewrite_taps(d, i == ROW)};
    operands[1 + 2 * i] =
        build_floats(r, loc, plan->taps[i], 2, shape, i == ROW ? "row_taps" : "col_taps");
    operands[2 + 2 * i] =
        build_floats(r, loc, plan->bias[i], 1, shape, i == ROW ? "row_bias" : "col_bias");
  }
  int64_t shape[RANK] = {d->out.shape[N], d->out.shape[H], d->out.shape[W],
                         plan->channels[ROW] + plan->channels[COL]};
  return fuse_build(r->rw, loc, "fuse.fuseconv", 5, operands, n, attrs,
                    fuse_tensor_type_get(mlirF32TypeGet(r->context), RANK, shape));
}

/* [V | V]: each output's weights twice. */
static MlirValue double_weights(Rewrite *r, MlirOperation conv) {
  FuseTensor v;
  FUSE_ASSERT(fuse_value_constant(r->ir, mlirOperationGetOperand(conv, 1), &v));
  const size_t outputs = (size_t)v.shape[0], bytes = (size_t)v.shape[3] * sizeof(float);
  char *data = fuse_alloc_array(fuse_ir_arena(r->ir), outputs, 2 * bytes);
  for (size_t o = 0; o < 2 * outputs; o++)
    memcpy(data + o * bytes, (const char *)v.data + o / 2 * bytes, bytes);
  const int64_t shape[] = {v.shape[0], 1, 1, 2 * v.shape[3]};
  return build_floats(r, mlirOperationGetLocation(conv), (const float *)(void *)data, RANK, shape,
                      "weight");
}

/* The 1x1 convolution again, on twice the channels. */
static MlirValue build_next(Rewrite *r, const Plan *plan, MlirValue x) {
  MlirOperation op = plan->next;
  MlirValue operands[5] = {x, double_weights(r, op)};
  int n = (int)mlirOperationGetNumOperands(op), n_attrs = (int)mlirOperationGetNumAttributes(op);
  MlirNamedAttribute *attrs = fuse_alloc_array(r->scratch, (size_t)n_attrs, sizeof *attrs);
  FUSE_ASSERT(n == 5);
  for (int i = 2; i < n; i++)
    operands[i] = mlirOperationGetOperand(op, i);
  for (int i = 0; i < n_attrs; i++)
    attrs[i] = mlirOperationGetAttribute(op, i);
  return fuse_build(r->rw, mlirOperationGetLocation(op), "tosa.conv2d", n, operands, n_attrs, attrs,
                    mlirValueGetType(mlirOperationGetResult(op, 0)));
}

static int64_t conv_macs(Rewrite *r, MlirOperation conv) {
  FuseTensor v, y;
  FUSE_ASSERT(fuse_value_constant(r->ir, mlirOperationGetOperand(conv, 1), &v) &&
              fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(conv, 0)), &y));
  return rewrite_count(fuse_tensor_elems(&y), v.shape[3], 1);
}

static void count_macs(Rewrite *r, const Plan *plan) {
  FuseRewriteRow *row = &plan->d->row;
  const int64_t *out = plan->d->out.shape, pixels = rewrite_count(out[N], out[H], out[W]);
  row->macs_after = rewrite_count(pixels, plan->channels[ROW], rewrite_taps(plan->d, 1)) +
                    rewrite_count(pixels, plan->channels[COL], rewrite_taps(plan->d, 0));
  if (plan->full) {
    int64_t next = conv_macs(r, plan->next);
    row->macs_before += next;
    row->macs_after += 2 * next;
  }
}

bool rewrite_separate(Rewrite *r, Depthwise *d, bool full, double rho, const char **why) {
  Plan plan = {.d = d, .full = full};
  *why = obstacle(r, &plan);
  if (*why)
    return false;
  const bool linear = !mlirOperationIsNull(plan.next) && plan.tree.n == 0;
  d->row.weight_error = fit(r, &plan, rho);
  d->row.approximation = !linear;
  fuse_op_warning(d->op, "becomes FuSe-%s: the numbers change (weight error %.1f %%)",
                  full ? "Full" : "Half", 100 * d->row.weight_error);
  count_macs(r, &plan);
  mlirRewriterBaseSetInsertionPointBefore(r->rw, full ? plan.next : d->op);
  MlirValue y = build_fuseconv(r, &plan);
  if (full) {
    MlirValue z = build_next(r, &plan, rewrite_tree_build(r, &plan.tree, y));
    mlirRewriterBaseReplaceAllUsesWith(r->rw, mlirOperationGetResult(plan.next, 0), z);
  } else {
    mlirRewriterBaseReplaceAllUsesWith(r->rw, mlirOperationGetResult(d->op, 0), y);
  }
  d->done = true;
  d->row.mode = full ? "full" : "half";
  d->row.op = full ? "fuse.fuseconv full" : "fuse.fuseconv half";
  d->row.why = linear ? "other weights by least squares"
                      : "other weights by least squares; an approximation, since an activation "
                        "or another op follows";
  return true;
}
