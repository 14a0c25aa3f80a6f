// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map.c - stos-map: tosa and fuse ops become layers of the machine; the rest stays the host's.
 *
 *   %c = tosa.conv2d %x, %w, %b ...
 *   %d = tosa.add %c, %r
 *   %y = tosa.clamp %d {min_val = 0, ...}
 *     ==>
 *   %y = "stos.layer"(%x, %w, %b, %r)
 *          {kind = "conv", post = ["bias", "addr", "maxi 0.0"], mapping = "gemm", ...}
 *
 * One row of the table here and one function per kind of op, in a file per family (map_*.c).
 *
 * needs: tosa and fuse ops, NHWC, static shapes
 * gives: stos.layer, .concat and .slice on blocked tensors; stos.input, .output, .pack and .unpack
 *        where they begin and end; tosa ops for the host
 * source: docs/machine.md; choices in docs/planner.md
 */
#include "map_private.h"

/* ---- the datapath ---- */

/* Does the op compute from a tensor of i8 and constants, in a way that the machine may know? */
static bool is_quantised(Mapper *m, MlirOperation op) {
  static const char *const names[] = {"tosa.conv2d", "tosa.depthwise_conv2d", "fuse.dwconv2d",
                                      "fuse.conv1d", "tosa.rescale",          "tosa.table",
                                      "tosa.clamp",  "tosa.max_pool2d",       "tosa.avg_pool2d"};
  FuseTensor t;
  bool known = false;
  for (size_t i = 0; i < FUSE_COUNTOF(names); i++)
    known = known || fuse_op_is(op, names[i]);
  if (!known || !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(op, 0)), &t) ||
      t.dtype != FUSE_I8 || t.rank < 2 || t.rank > STOS_RANK ||
      fuse_value_constant(m->ir, mlirOperationGetOperand(op, 0), &t))
    return false;
  for (intptr_t i = 1; i < mlirOperationGetNumOperands(op); i++)
    if (!fuse_value_constant(m->ir, mlirOperationGetOperand(op, i), &t))
      return false;
  return true;
}

/* One program has one element type (M-NUM-1): with any quantised op it is i8, and what is f32 is
 * the host's. */
static FuseDtype datapath(Mapper *m, MlirOperation func) {
  FuseOpList list = fuse_ops_of(m->scratch, func, NULL);
  for (size_t i = 0; i < list.n; i++)
    if (is_quantised(m, list.ops[i]))
      return FUSE_I8;
  return FUSE_F32;
}

/* ---- the walk ---- */

typedef struct Row {
  const char *name;
  bool (*map)(Mapper *m, MlirOperation op);
} Row;

static const Row rows[] = {
    {"tosa.conv2d", map_conv},
    {"tosa.depthwise_conv2d", map_depthwise},
    {"fuse.dwconv2d", map_depthwise},
    {"fuse.conv1d", map_depthwise},
    {"tosa.avg_pool2d", map_pool},
    {"tosa.max_pool2d", map_pool},
    {"tosa.reshape", map_reshape},
    {"tosa.concat", map_concat},
    {"tosa.slice", map_slice},
    {"tosa.reduce_sum", map_sum_i8},
    {"tosa.pad", map_pad},
};

static void map_op(Mapper *m, MlirOperation op) {
  mlirRewriterBaseSetInsertionPointBefore(m->rw, op);
  for (size_t i = 0; i < FUSE_COUNTOF(rows); i++)
    if (fuse_op_is(op, rows[i].name)) {
      rows[i].map(m, op);
      return;
    }
  if (m->dtype == FUSE_I8)
    map_elementwise_i8(m, op);
  else if (!map_group(m, op))
    map_elementwise(m, op);
}

static MlirLogicalResult map_function(Mapper *m, MlirOperation func) {
  MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(func, 0));
  if (mlirBlockIsNull(block) || !mlirBlockIsNull(mlirBlockGetNextInRegion(block)))
    return fuse_op_error(func, "expected a body of one block");
  m->dtype = datapath(m, func);
  stos_sink_elementwise(m->ir, m->scratch, m->rw, func);
  FuseOpList list = fuse_ops_of(m->scratch, func, NULL);
  map_init_values(m, list.n);
  MlirOperation last = mlirBlockGetTerminator(block);
  for (size_t i = 0; i < list.n; i++)
    if (!map_is_done(m, list.ops[i]) && !mlirOperationEqual(list.ops[i], last))
      map_op(m, list.ops[i]);
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(last); i++)
    map_result(m, last, i);
  list = fuse_ops_of(m->scratch, func, NULL);
  for (size_t i = 0; i < list.n; i++)
    if (!map_is_done(m, list.ops[i]))
      map_unpack_operands(m, list.ops[i]);
  fuse_dce(func); /* what layers have taken up, and what only that used */
  stos_set_function_target(func, &m->target);
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult run(MlirOperation root, const FusePassOptions *options) {
  Mapper m = {
      .ir = options->ir, .scratch = options->scratch, .context = fuse_ir_context(options->ir)};
  FuseDiag diag = {0};
  if (!stos_target_load(fuse_pass_option(&fuse_pass_stos_map, options, "target"), &m.target, &diag))
    return fuse_op_error(root, "%s%s%s", diag.place, diag.place[0] ? ": " : "", diag.message);
  m.rw = mlirIRRewriterCreate(m.context);
  MlirLogicalResult result = map_function(&m, root);
  mlirIRRewriterDestroy(m.rw);
  return result;
}

const FusePass fuse_pass_stos_map = {
    .name = "stos-map",
    .anchor = "func.func",
    .keeps = FUSE_CHANGES,
    .run = run,
    .options = {{"target", "stosx-16", NULL, "the machine: a preset or a target file"}},
    .summary =
        "Choose what the machine runs, and how: layers with their post programs and mappings",
};
