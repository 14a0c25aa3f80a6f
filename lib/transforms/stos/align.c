// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* align.c - stos-align-fuseconv: a FuSe-Half layer whose two halves meet inside a word.
 *
 *   %y = fuse.fuseconv(%x, %wr, %br, %wc, %bc) {variant = "half"}     12 + 12 channels, words of 8
 *     ==>
 *   %a = fuse.conv1d(%x[0..8), row)                      whole words of the row half
 *   %r = fuse.conv1d(%x[8..16), row), 0 above channel 12
 *   %c = fuse.conv1d(%x[8..16), col), 0 below channel 12
 *   %s = tosa.add(%r, %c)                                the word that both share
 *   %b = fuse.conv1d(%x[16..24), col)
 *   %y = tosa.concat(%a, %s, %b)
 *
 * A lane's result is computed by one filter and zero from the other, and x + 0 has the bits of x: a
 * sum that starts at +0 is never -0.
 *
 * needs: constant weights
 * gives: no half fuse.fuseconv whose row channels aren't a multiple of the target's lanes
 * source: this project; docs/rationale.md
 */
#include <string.h>

#include "stos_private.h"

typedef struct Half {
  FuseIr *ir;
  FuseArena *arena; /* of the IR: constants live there */
  MlirRewriterBase rw;
  MlirOperation op;
  MlirLocation loc;
  MlirContext context;
  FuseTensor in, out, weights[2], bias[2]; /* row, col */
} Half;

/* Rows [first, first + n) of the layer's channels from one branch's weights or bias; zero where the
 * branch has none of them. */
static MlirValue channel_rows(const Half *h, const FuseTensor *t, int64_t branch_first,
                              int64_t first, int64_t n) {
  FuseTensor rows = *t;
  size_t row_bytes = t->size_bytes / (size_t)t->shape[0];
  rows.shape[0] = n;
  rows.size_bytes = row_bytes * (size_t)n;
  uint8_t *to = fuse_alloc(h->arena, rows.size_bytes);
  for (int64_t c = 0; c < n; c++) {
    int64_t from = first + c - branch_first;
    if (from >= 0 && from < t->shape[0])
      memcpy(to + (size_t)c * row_bytes, (const uint8_t *)t->data + (size_t)from * row_bytes,
             row_bytes);
  }
  rows.data = to;
  return fuse_build_const(h->ir, h->rw, h->loc, &rows, "aligned");
}

static MlirType part_type(const Half *h, const FuseTensor *t, int64_t channels) {
  int64_t shape[STOS_RANK];
  memcpy(shape, t->shape, sizeof shape);
  shape[STOS_C] = channels;
  return fuse_tensor_type_get(fuse_type_of(h->context, t->dtype), STOS_RANK, shape);
}

static MlirValue input_part(const Half *h, int64_t first, int64_t n) {
  int64_t start[STOS_RANK] = {[STOS_C] = first}, size[STOS_RANK];
  memcpy(size, h->in.shape, sizeof size);
  size[STOS_C] = n;
  MlirValue operands[] = {mlirOperationGetOperand(h->op, 0),
                          fuse_build_shape(h->rw, h->loc, STOS_RANK, start),
                          fuse_build_shape(h->rw, h->loc, STOS_RANK, size)};
  return fuse_build(h->rw, h->loc, "tosa.slice", 3, operands, 0, NULL, part_type(h, &h->in, n));
}

/* One branch (0 row, 1 column) on channels [first, first + n). */
static MlirValue branch(const Half *h, int column, MlirValue x, int64_t first, int64_t n) {
  int64_t branch_first = column ? h->weights[0].shape[0] : 0;
  MlirValue operands[] = {x, channel_rows(h, &h->weights[column], branch_first, first, n),
                          channel_rows(h, &h->bias[column], branch_first, first, n)};
  const MlirNamedAttribute attrs[] = {
      fuse_attr_str(h->context, "axis", column ? "col" : "row"),
      fuse_attr(h->context, "pad",
                mlirOperationGetAttributeByName(h->op, fuse_str(column ? "pad_col" : "pad_row"))),
      fuse_attr(h->context, "stride", mlirOperationGetAttributeByName(h->op, fuse_str("stride"))),
      fuse_attr(h->context, "dilation",
                mlirOperationGetAttributeByName(h->op, fuse_str("dilation"))),
  };
  return fuse_build(h->rw, h->loc, "fuse.conv1d", 3, operands, (int)FUSE_COUNTOF(attrs), attrs,
                    part_type(h, &h->out, n));
}

static void align(Half *h, int64_t lanes) {
  int64_t channels = h->in.shape[STOS_C], rows = h->weights[0].shape[0];
  int64_t first = rows / lanes * lanes, end = fuse_min(first + lanes, channels);
  MlirValue parts[3];
  int n = 0;
  if (first > 0)
    parts[n++] = branch(h, 0, input_part(h, 0, first), 0, first);
  MlirValue shared = input_part(h, first, end - first);
  MlirValue both[] = {branch(h, 0, shared, first, end - first),
                      branch(h, 1, shared, first, end - first)};
  parts[n++] =
      fuse_build(h->rw, h->loc, "tosa.add", 2, both, 0, NULL, part_type(h, &h->out, end - first));
  if (end < channels)
    parts[n++] = branch(h, 1, input_part(h, end, channels - end), end, channels - end);
  MlirNamedAttribute axis =
      fuse_attr(h->context, "axis", mlirIntegerAttrGet(mlirIntegerTypeGet(h->context, 32), STOS_C));
  MlirValue y = parts[0];
  if (n > 1)
    y = fuse_build(h->rw, h->loc, "tosa.concat", n, parts, 1, &axis,
                   part_type(h, &h->out, channels));
  mlirRewriterBaseReplaceOpWithValues(h->rw, h->op, 1, &y);
}

/* Is it a half layer on f32 with constant weights whose halves meet inside a word? */
static bool meets_inside(Half *h, int64_t lanes) {
  MlirStringRef variant;
  if (!fuse_get_str(h->op, "variant", &variant) || !fuse_str_is(variant, "half") ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(h->op, 0)), &h->in) ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(h->op, 0)), &h->out) ||
      h->in.dtype != FUSE_F32)
    return false;
  for (int i = 0; i < 2; i++)
    if (!fuse_value_constant(h->ir, mlirOperationGetOperand(h->op, 1 + 2 * i), &h->weights[i]) ||
        !fuse_value_constant(h->ir, mlirOperationGetOperand(h->op, 2 + 2 * i), &h->bias[i]) ||
        h->bias[i].shape[0] != h->weights[i].shape[0])
      return false;
  return h->weights[0].shape[0] % lanes != 0;
}

static MlirLogicalResult run(MlirOperation root, const FusePassOptions *options) {
  StosTarget target;
  FuseDiag diag = {0};
  if (!stos_target_load(fuse_pass_option(&fuse_pass_stos_align_fuseconv, options, "target"),
                        &target, &diag))
    return fuse_op_error(root, "%s%s%s", diag.place, diag.place[0] ? ": " : "", diag.message);
  FuseOpList list = fuse_ops_of(options->scratch, root, "fuse.fuseconv");
  MlirContext context = fuse_ir_context(options->ir);
  MlirRewriterBase rw = mlirIRRewriterCreate(context);
  for (size_t i = 0; i < list.n; i++) {
    Half h = {.ir = options->ir,
              .arena = fuse_ir_arena(options->ir),
              .rw = rw,
              .op = list.ops[i],
              .loc = mlirOperationGetLocation(list.ops[i]),
              .context = context};
    mlirRewriterBaseSetInsertionPointBefore(rw, list.ops[i]);
    if (meets_inside(&h, target.lanes))
      align(&h, target.lanes);
  }
  mlirIRRewriterDestroy(rw);
  return mlirLogicalResultSuccess();
}

const FusePass fuse_pass_stos_align_fuseconv = {
    .name = "stos-align-fuseconv",
    .anchor = "func.func",
    .keeps = FUSE_KEEPS_BITS,
    .run = run,
    .options = {{"target", "stosx-16", NULL, "the machine: a preset or a target file"}},
    .summary = "Split FuSe-Half layers whose halves meet inside a word of the machine",
};
