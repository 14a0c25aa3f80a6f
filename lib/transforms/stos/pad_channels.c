// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pad_channels.c - stos-pad-channels: concatenations and splits whose parts don't fill whole words.
 *
 *   %c = tosa.concat %a, %b            72 + 72 channels, words of 16
 *   %y = tosa.conv2d %c, %w
 *     ==>
 *   %c = tosa.concat %a, %b            80 + 80: the weights that make %a and %b get zeros
 *   %y = tosa.conv2d %c, %w'           160 input channels: zeros where %c is padded
 *
 * What is computed from a padded tensor channel by channel is padded too, and what it is computed
 * with; convolutions over all channels end it at both sides. A tensor that tosa.slice cuts into
 * channels is padded at every cut. A concatenation or a slice from which this reaches anything else
 * stays as it is.
 *
 * The padding lanes hold finite numbers, which meet zero weights: x + 0 has the bits of x, for a
 * sum that starts at +0 is never -0. In i8 a weight of zero is the weights' zero point, and the
 * product with it is 0 whatever the lane holds.
 *
 * needs: constant weights; no fuse.fuseconv (fuse-split-fuseconv)
 * gives: fewer concatenations and slices inside a word
 * source: this project; docs/rationale.md
 */
#include <string.h>

#include "stos_private.h"

/* Channels in parts, each padded to whole words. */
typedef struct Layout {
  const int64_t *parts;
  int n;
  int64_t channels, padded;
} Layout;

typedef struct Padded {
  MlirValue value;
  const Layout *layout;
} Padded;

typedef struct Padder {
  FuseIr *ir;
  FuseArena *scratch;
  MlirRewriterBase rw;
  int64_t lanes;
  Padded *list; /* the values that one concatenation reaches */
  size_t n, capacity;
} Padder;

/* ---- kinds of ops ---- */

typedef enum OpKind {
  OTHER,
  CONV,
  DEPTHWISE,
  POOL,
  REDUCE,
  POINTWISE,
  RESCALE,
  CONCAT,
  SLICE
} OpKind;

static const struct {
  const char *name;
  OpKind kind;
  int weights_dim; /* DEPTHWISE: the dimension of its weights that is the channel */
} ops[] = {
    {"tosa.conv2d", CONV, 0},       {"tosa.depthwise_conv2d", DEPTHWISE, 2},
    {"fuse.conv1d", DEPTHWISE, 0},  {"fuse.dwconv2d", DEPTHWISE, 2},
    {"tosa.avg_pool2d", POOL, 0},   {"tosa.max_pool2d", POOL, 0},
    {"tosa.add", POINTWISE, 0},     {"tosa.sub", POINTWISE, 0},
    {"tosa.mul", POINTWISE, 0},     {"tosa.clamp", POINTWISE, 0},
    {"tosa.abs", POINTWISE, 0},     {"tosa.negate", POINTWISE, 0},
    {"tosa.maximum", POINTWISE, 0}, {"tosa.minimum", POINTWISE, 0},
    {"tosa.sigmoid", POINTWISE, 0}, {"tosa.tanh", POINTWISE, 0},
    {"tosa.table", POINTWISE, 0},   {"tosa.rescale", RESCALE, 0},
    {"tosa.reduce_sum", REDUCE, 0}, {"tosa.concat", CONCAT, 0},
    {"tosa.slice", SLICE, 0},
};

static OpKind kind_of(MlirOperation op, int *weights_dim) {
  for (size_t i = 0; op.ptr && i < FUSE_COUNTOF(ops); i++)
    if (fuse_op_is(op, ops[i].name)) {
      *weights_dim = ops[i].weights_dim;
      return ops[i].kind;
    }
  *weights_dim = 0;
  return OTHER;
}

static bool is_image(MlirValue value, FuseTensor *t) {
  return fuse_type_tensor(mlirValueGetType(value), t) && t->rank == STOS_RANK &&
         (t->dtype == FUSE_F32 || t->dtype == FUSE_I8 || t->dtype == FUSE_U8 ||
          t->dtype == FUSE_I32);
}

static int64_t channels_of(MlirValue value) {
  FuseTensor t;
  return is_image(value, &t) ? t.shape[STOS_C] : 0;
}

/* ---- which values are to be padded ---- */

static const Layout *new_layout(Padder *p, const int64_t *parts, int n) {
  Layout *layout = fuse_alloc(p->scratch, sizeof *layout);
  *layout = (Layout){.parts = fuse_memdup(p->scratch, parts, (size_t)n * sizeof *parts), .n = n};
  for (int i = 0; i < n; i++) {
    layout->channels += parts[i];
    layout->padded += fuse_ceil_div(parts[i], p->lanes) * p->lanes;
  }
  return layout;
}

static bool same_layout(const Layout *a, const Layout *b) {
  return a->n == b->n && memcmp(a->parts, b->parts, (size_t)a->n * sizeof *a->parts) == 0;
}

static const Layout *layout_of(const Padder *p, MlirValue value) {
  for (size_t i = 0; i < p->n; i++)
    if (mlirValueEqual(p->list[i].value, value))
      return p->list[i].layout;
  return NULL;
}

/* Note that the value is padded so; false when it can't be. */
static bool pad(Padder *p, MlirValue value, const Layout *layout) {
  const Layout *known = layout_of(p, value);
  if (known)
    return same_layout(known, layout);
  if (channels_of(value) != layout->channels)
    return false;
  p->list = fuse_grow(p->scratch, p->list, p->n, &p->capacity, p->n + 1, sizeof *p->list);
  p->list[p->n++] = (Padded){value, layout};
  return true;
}

static bool is_constant(Padder *p, MlirValue value) {
  FuseTensor t;
  return fuse_value_constant(p->ir, value, &t);
}

/* Every operand that has all channels; one with a single channel is for all of them. */
static bool pad_pointwise(Padder *p, MlirOperation op, const Layout *layout) {
  bool ok = pad(p, stos_result(op), layout);
  for (intptr_t i = 0; ok && i < mlirOperationGetNumOperands(op); i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    if (channels_of(x) > 1 && !is_constant(p, x))
      ok = pad(p, x, layout);
  }
  return ok;
}

/* Multipliers and shifts, one a channel, that aren't known can't be padded. */
static bool pad_rescale(Padder *p, MlirOperation op, const Layout *layout) {
  bool per_channel;
  return fuse_get_bool(op, "per_channel", &per_channel) &&
         (!per_channel || (is_constant(p, mlirOperationGetOperand(op, 1)) &&
                           is_constant(p, mlirOperationGetOperand(op, 2)))) &&
         pad_pointwise(p, op, layout);
}

static bool pad_reduce(Padder *p, MlirOperation op, const Layout *layout) {
  int64_t axis;
  return fuse_get_i64(op, "axis", &axis) && axis != STOS_C &&
         pad(p, mlirOperationGetOperand(op, 0), layout) && pad(p, stos_result(op), layout);
}

static bool pad_concat(Padder *p, MlirOperation op) {
  int n = (int)mlirOperationGetNumOperands(op);
  int64_t *parts = fuse_alloc_array(p->scratch, (size_t)n, sizeof *parts);
  bool ok = channels_of(stos_result(op)) > 0 && stos_is_channel_axis(op);
  for (int i = 0; ok && i < n; i++) {
    parts[i] = channels_of(mlirOperationGetOperand(op, i));
    ok = pad(p, mlirOperationGetOperand(op, i), new_layout(p, &parts[i], 1));
  }
  return ok && pad(p, stos_result(op), new_layout(p, parts, n));
}

/* Where a slice begins and how much it takes; false when it isn't one of an image. */
static bool read_slice(MlirOperation op, int64_t start[STOS_RANK], int64_t size[STOS_RANK]) {
  MlirValue x = mlirOperationGetOperand(op, 0);
  FuseTensor in, out;
  int rank;
  if (!is_image(x, &in) || !is_image(stos_result(op), &out) ||
      !fuse_value_shape(mlirOperationGetOperand(op, 1), STOS_RANK, start, &rank) ||
      rank != STOS_RANK)
    return false;
  memcpy(size, out.shape, STOS_RANK * sizeof *size);
  return start[STOS_C] >= 0 && start[STOS_C] <= in.shape[STOS_C] - size[STOS_C];
}

/* A value in parts from cut to cut of all the slices that read it. */
static const Layout *cut_layout(Padder *p, MlirValue value) {
  int64_t channels = channels_of(value), start[STOS_RANK], size[STOS_RANK];
  bool *cut = fuse_alloc_array(p->scratch, (size_t)channels + 1, sizeof *cut);
  int64_t *parts = fuse_alloc_array(p->scratch, (size_t)channels, sizeof *parts);
  for (MlirOpOperand use = mlirValueGetFirstUse(value); !mlirOpOperandIsNull(use);
       use = mlirOpOperandGetNextUse(use)) {
    MlirOperation user = mlirOpOperandGetOwner(use);
    if (fuse_op_is(user, "tosa.slice") && read_slice(user, start, size))
      cut[start[STOS_C]] = cut[start[STOS_C] + size[STOS_C]] = true;
  }
  cut[channels] = true;
  int n = 0;
  for (int64_t c = 1, last = 0; c <= channels; c++)
    if (cut[c]) {
      parts[n++] = c - last;
      last = c;
    }
  return new_layout(p, parts, n);
}

/* The parts that are channels [first, first + n) of a layout; NULL when they end inside one. */
static const Layout *parts_of(Padder *p, const Layout *layout, int64_t first, int64_t n) {
  int begin = 0;
  for (; begin < layout->n && first > 0; begin++)
    first -= layout->parts[begin];
  int end = begin;
  for (; end < layout->n && n > 0; end++)
    n -= layout->parts[end];
  return first == 0 && n == 0 ? new_layout(p, layout->parts + begin, end - begin) : NULL;
}

static bool pad_slice(Padder *p, MlirOperation op) {
  int64_t start[STOS_RANK], size[STOS_RANK];
  if (!read_slice(op, start, size))
    return false;
  MlirValue x = mlirOperationGetOperand(op, 0);
  const Layout *known = layout_of(p, x), *whole = known ? known : cut_layout(p, x),
               *part = parts_of(p, whole, start[STOS_C], size[STOS_C]);
  return part && pad(p, x, whole) && pad(p, stos_result(op), part);
}

/* The byte of a weight that makes every product 0. False when it isn't known. */
static bool zero_weight(Padder *p, MlirOperation op, uint8_t *zero) {
  FuseTensor t;
  int64_t number = 0;
  if (mlirOperationGetNumOperands(op) > 4) {
    if (!fuse_value_constant(p->ir, mlirOperationGetOperand(op, 4), &t) || t.size_bytes == 0)
      return false;
    number = t.dtype == FUSE_I8 ? *(const int8_t *)t.data : 0;
  } else {
    fuse_get_i64(op, "weight_zp", &number);
  }
  *zero = (uint8_t)number;
  return true;
}

static bool has_constants(Padder *p, MlirOperation op) {
  uint8_t zero;
  return is_constant(p, mlirOperationGetOperand(op, 1)) &&
         is_constant(p, mlirOperationGetOperand(op, 2)) && zero_weight(p, op, &zero);
}

/* An op that makes a padded value, or reads one as operand `use` (-1: makes it). */
static bool pad_around(Padder *p, MlirOperation op, intptr_t use, const Layout *layout) {
  int dim;
  switch (kind_of(op, &dim)) {
  case CONV: return use <= 0 && has_constants(p, op);
  case DEPTHWISE:
    return use <= 0 && has_constants(p, op) && pad(p, mlirOperationGetOperand(op, 0), layout) &&
           pad(p, stos_result(op), layout);
  case POOL:
    return use <= 0 && pad(p, mlirOperationGetOperand(op, 0), layout) &&
           pad(p, stos_result(op), layout);
  case REDUCE: return pad_reduce(p, op, layout);
  case POINTWISE: return pad_pointwise(p, op, layout);
  case RESCALE: return pad_rescale(p, op, layout);
  case CONCAT: return pad_concat(p, op);
  case SLICE: return pad_slice(p, op);
  case OTHER: break;
  }
  return false;
}

/* All values that have to be padded with a concatenation's or a slice's; false when one of them
 * can't be. */
static bool reach(Padder *p, MlirOperation op) {
  p->n = 0;
  if (!(fuse_op_is(op, "tosa.slice") ? pad_slice : pad_concat)(p, op))
    return false;
  for (size_t i = 0; i < p->n; i++) {
    Padded x = p->list[i];
    if (!pad_around(p, stos_def(x.value), -1, x.layout))
      return false;
    for (MlirOpOperand use = mlirValueGetFirstUse(x.value); !mlirOpOperandIsNull(use);
         use = mlirOpOperandGetNextUse(use))
      if (!pad_around(p, mlirOpOperandGetOwner(use), mlirOpOperandGetOperandNumber(use), x.layout))
        return false;
  }
  return true;
}

/* ---- the rewrite ---- */

/* A constant operand with bytes `fill` between the parts of dimension dim; one of a single element
 * in that dimension stays. */
static void spread(Padder *p, MlirOperation op, intptr_t operand, int dim, const Layout *layout,
                   uint8_t fill) {
  FuseTensor t;
  bool known = fuse_value_constant(p->ir, mlirOperationGetOperand(op, operand), &t);
  FUSE_ASSERT(known);
  if (t.shape[dim] != layout->channels)
    return;
  size_t inner = fuse_dtype_bytes(t.dtype), outer = 1;
  for (int d = 0; d < t.rank; d++)
    *(d < dim ? &outer : &inner) *= d == dim ? 1 : (size_t)t.shape[d];
  size_t bytes = outer * (size_t)layout->padded * inner;
  const uint8_t *from = t.data;
  uint8_t *to = memset(fuse_alloc(fuse_ir_arena(p->ir), bytes), fill, bytes);
  t.data = to, t.size_bytes = bytes, t.shape[dim] = layout->padded;
  for (size_t i = 0; i < outer; i++)
    for (int part = 0; part < layout->n; part++) {
      size_t n = (size_t)layout->parts[part] * inner;
      memcpy(to, from, n);
      from += n;
      to += (size_t)(fuse_ceil_div(layout->parts[part], p->lanes) * p->lanes) * inner;
    }
  mlirRewriterBaseSetInsertionPointBefore(p->rw, op);
  mlirOperationSetOperand(
      op, operand, fuse_build_const(p->ir, p->rw, mlirOperationGetLocation(op), &t, "padded"));
}

static void spread_weights(Padder *p, MlirOperation op, int dim, const Layout *layout) {
  uint8_t zero;
  bool known = zero_weight(p, op, &zero);
  FUSE_ASSERT(known);
  spread(p, op, 1, dim, layout, zero);
}

/* Factors of the padding lanes are 0, with a shift that is legal: that of the first channel. */
static void spread_factors(Padder *p, MlirOperation op, const Layout *layout) {
  FuseTensor shift;
  bool per_channel = false;
  if (!fuse_get_bool(op, "per_channel", &per_channel) || !per_channel)
    return;
  bool known = fuse_value_constant(p->ir, mlirOperationGetOperand(op, 2), &shift);
  FUSE_ASSERT(known);
  spread(p, op, 1, 0, layout, 0);
  spread(p, op, 2, 0, layout, *(const uint8_t *)shift.data);
}

/* The same parts in the padded tensor. */
static void move_slice(Padder *p, MlirOperation op, const Layout *in, const Layout *out) {
  int64_t start[STOS_RANK], size[STOS_RANK];
  bool known = read_slice(op, start, size);
  FUSE_ASSERT(known);
  start[STOS_C] = start[STOS_C] ? parts_of(p, in, 0, start[STOS_C])->padded : 0;
  size[STOS_C] = out->padded;
  mlirRewriterBaseSetInsertionPointBefore(p->rw, op);
  MlirLocation loc = mlirOperationGetLocation(op);
  mlirOperationSetOperand(op, 1, fuse_build_shape(p->rw, loc, STOS_RANK, start));
  mlirOperationSetOperand(op, 2, fuse_build_shape(p->rw, loc, STOS_RANK, size));
}

static void pad_op(Padder *p, MlirOperation op) {
  int dim;
  const Layout *out = layout_of(p, stos_result(op)),
               *in = layout_of(p, mlirOperationGetOperand(op, 0));
  switch (kind_of(op, &dim)) {
  case CONV:
    if (in)
      spread_weights(p, op, STOS_C, in);
    if (out) {
      spread_weights(p, op, 0, out);
      spread(p, op, 2, 0, out, 0);
    }
    break;
  case DEPTHWISE:
    spread_weights(p, op, dim, out);
    spread(p, op, 2, 0, out, 0);
    break;
  case RESCALE: spread_factors(p, op, out); break;
  case SLICE: move_slice(p, op, in, out); break;
  case POINTWISE:
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++)
      if (channels_of(mlirOperationGetOperand(op, i)) > 1 &&
          is_constant(p, mlirOperationGetOperand(op, i)))
        spread(p, op, i, STOS_C, out, 0);
    break;
  default: break;
  }
}

static void set_types(Padder *p) {
  for (size_t i = 0; i < p->n; i++) {
    MlirType type = mlirValueGetType(p->list[i].value);
    FuseTensor t;
    fuse_type_tensor(type, &t);
    t.shape[STOS_C] = p->list[i].layout->padded;
    mlirValueSetType(p->list[i].value,
                     fuse_tensor_type_get(mlirShapedTypeGetElementType(type), STOS_RANK, t.shape));
  }
}

static bool touches(const Padder *p, MlirOperation op) {
  return mlirOperationGetNumResults(op) == 1 && mlirOperationGetNumOperands(op) > 0 &&
         (layout_of(p, stos_result(op)) || layout_of(p, mlirOperationGetOperand(op, 0)));
}

static bool concat_fills_words(MlirOperation concat, int64_t lanes) {
  bool whole = true;
  for (intptr_t i = 0; i + 1 < mlirOperationGetNumOperands(concat); i++)
    whole = whole && channels_of(mlirOperationGetOperand(concat, i)) % lanes == 0;
  return whole;
}

static bool slice_fills_words(MlirOperation slice, int64_t lanes) {
  int64_t start[STOS_RANK], size[STOS_RANK];
  if (!read_slice(slice, start, size))
    return false;
  int64_t end = start[STOS_C] + size[STOS_C];
  return start[STOS_C] % lanes == 0 &&
         (end % lanes == 0 || end == channels_of(mlirOperationGetOperand(slice, 0)));
}

/* A concatenation or a slice, and all that has to be padded with it. */
static void pad_from(Padder *p, MlirOperation root, MlirOperation op) {
  if ((fuse_op_is(op, "tosa.slice") ? slice_fills_words : concat_fills_words)(op, p->lanes) ||
      !reach(p, op))
    return;
  FuseOpList all = fuse_ops_of(p->scratch, root, NULL);
  for (size_t i = 0; i < all.n; i++)
    if (touches(p, all.ops[i]))
      pad_op(p, all.ops[i]);
  set_types(p);
}

static MlirLogicalResult run(MlirOperation root, const FusePassOptions *options) {
  StosTarget target;
  FuseDiag diag = {0};
  if (!stos_target_load(fuse_pass_option(&fuse_pass_stos_pad_channels, options, "target"), &target,
                        &diag))
    return fuse_op_error(root, "%s%s%s", diag.place, diag.place[0] ? ": " : "", diag.message);
  Padder p = {.ir = options->ir,
              .scratch = options->scratch,
              .rw = mlirIRRewriterCreate(fuse_ir_context(options->ir)),
              .lanes = target.lanes};
  static const char *const seeds[] = {"tosa.concat", "tosa.slice"};
  for (size_t i = 0; i < FUSE_COUNTOF(seeds); i++) {
    FuseOpList list = fuse_ops_of(options->scratch, root, seeds[i]);
    for (size_t k = 0; k < list.n; k++)
      pad_from(&p, root, list.ops[k]);
  }
  fuse_dce(root); /* the weights before */
  mlirIRRewriterDestroy(p.rw);
  return mlirLogicalResultSuccess();
}

const FusePass fuse_pass_stos_pad_channels = {
    .name = "stos-pad-channels",
    .anchor = "func.func",
    .keeps = FUSE_KEEPS_BITS,
    .run = run,
    .options = {{"target", "stosx-16", NULL, "the machine: a preset or a target file"}},
    .summary = "Pad channels of concatenated and split tensors to whole words of the machine",
};
