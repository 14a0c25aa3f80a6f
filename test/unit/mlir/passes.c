// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* passes.c - unit test of lib/transforms/pass.c: options of passes, and passes that misbehave. */
#include "fuse/passes.h"
#include "../unit.h"
#include "said.h"

static const char text[] =
    "func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3xf32>, %b: tensor<2xf32>) {\n"
    "  %y = \"fuse.conv1d\"(%x, %w, %b) {axis = \"row\", pad = array<i64: 1, 1>, stride = "
    "array<i64: "
    "1, 1>, dilation = 1 : i64} : (tensor<1x4x4x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> "
    "tensor<1x4x4x2xf32>\n"
    "  return\n"
    "}\n";

/* ---- options ---- */

static char seen[256];

static MlirLogicalResult note_options(MlirOperation root, const FusePassOptions *options);

static const FusePass noting = {
    .name = "test-options",
    .anchor = "builtin.module",
    .summary = "",
    .options = {{"mode", "exact", "exact|half|full", ""},
                {"target", "stosx-16", NULL, ""},
                {"file", NULL, NULL, ""}},
    .run = note_options,
};

static MlirLogicalResult note_options(MlirOperation root, const FusePassOptions *options) {
  (void)root;
  snprintf(seen, sizeof seen, "%s,%s,%s", fuse_pass_option(&noting, options, "mode"),
           fuse_pass_option(&noting, options, "target"),
           fuse_pass_option(&noting, options, "file"));
  CHECK(options->ir != NULL);
  fuse_alloc(options->scratch, 100);
  return mlirLogicalResultSuccess();
}

/* Run one pass on the text; true when the pass manager says it went well. */
static bool run(const FusePass *pass, const char *options, FuseDiag *diag) {
  FuseIr *ir = create_listening();
  seen[0] = 0;
  MlirModule module = fuse_ir_parse(ir, text, strlen(text), "x.mlir");
  CHECK(!mlirModuleIsNull(module));
  MlirPassManager pm =
      mlirPassManagerCreateOnOperation(fuse_ir_context(ir), fuse_str("builtin.module"));
  bool ok = fuse_pass_add(ir, mlirPassManagerGetAsOpPassManager(pm), pass, options, diag) &&
            mlirLogicalResultIsSuccess(mlirPassManagerRunOnOp(pm, mlirModuleGetOperation(module)));
  mlirPassManagerDestroy(pm);
  mlirModuleDestroy(module);
  fuse_ir_destroy(ir);
  return ok;
}

static void take(const char *options, const char *expected) {
  FuseDiag diag = {0};
  CHECK(run(&noting, options, &diag));
  CHECK_STR(diag.message, "");
  CHECK_STR(seen, expected);
}

static void refuse(const char *options, const char *message) {
  FuseDiag diag = {0};
  CHECK(!run(&noting, options, &diag));
  CHECK_STR(diag.message, message);
  CHECK_STR(seen, "");
}

static void test_options(void) {
  take("file=a", "exact,stosx-16,a");
  take("  mode=half\ttarget=os-8  file=x ", "half,os-8,x");
  take("file='a b.json'target=\"it's\"", "exact,it's,a b.json");
  take("file= mode=full", "full,stosx-16,");
  refuse("", "pass 'test-options': option 'file' is missing; expected file=...");
  refuse("file=a file=b", "pass 'test-options': option 'file' is given twice");
  refuse("file=a mode=hal", "pass 'test-options': mode = 'hal'; expected exact|half|full");
  refuse("file=a mode=half|full",
         "pass 'test-options': mode = 'half|full'; expected exact|half|full");
  refuse("file=a mode=", "pass 'test-options': mode = ''; expected exact|half|full");
  refuse("file=a mod=half",
         "pass 'test-options': unknown option 'mod'; expected mode, target, file");
  refuse("file=a mode", "pass 'test-options': option 'mode' without a value; expected "
                        "mode=exact|half|full");
  refuse("file='a", "pass 'test-options': file = 'a has no closing quote; expected one");
}

/* ---- passes that misbehave ---- */

static MlirLogicalResult fail_silently(MlirOperation root, const FusePassOptions *options) {
  (void)root, (void)options;
  return mlirLogicalResultFailure();
}

static MlirLogicalResult report_and_go_on(MlirOperation root, const FusePassOptions *options) {
  (void)options;
  fuse_op_error(root, "reported");
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult break_rule(MlirOperation root, const FusePassOptions *options) {
  FuseOpList convs = fuse_ops_of(options->scratch, root, "fuse.conv1d");
  MlirContext context = mlirOperationGetContext(root);
  mlirOperationSetAttributeByName(convs.ops[0], fuse_str("colour"), mlirUnitAttrGet(context));
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult break_irdl(MlirOperation root, const FusePassOptions *options) {
  FuseOpList convs = fuse_ops_of(options->scratch, root, "fuse.conv1d");
  MlirAttribute axis = mlirStringAttrGet(mlirOperationGetContext(root), fuse_str("diagonal"));
  mlirOperationSetAttributeByName(convs.ops[0], fuse_str("axis"), axis);
  return mlirLogicalResultSuccess();
}

static void misbehave(MlirLogicalResult (*function)(MlirOperation, const FusePassOptions *),
                      const char *place, const char *message) {
  FuseDiag diag = {0};
  FusePass pass = {.name = "test-bad", .summary = "", .anchor = "builtin.module", .run = function};
  CHECK(!run(&pass, "", &diag));
  CHECK_STR(diag.message, "");
  CHECK(said.n == 1);
  CHECK_STR(said.place, place);
  CHECK_STR(said.message, message);
}

static void test_misbehaving(void) {
  misbehave(fail_silently, "x.mlir:1:1",
            "'builtin.module': pass 'test-bad' failed and gave no reason; please report that");
  misbehave(report_and_go_on, "x.mlir:1:1", "'builtin.module': reported");
  misbehave(break_rule, "x.mlir:2:8",
            "'fuse.conv1d': unknown attribute 'colour'; expected axis pad stride dilation");
  /* MLIR adds a note that prints the whole op, which isn't let through. */
  misbehave(break_irdl, "x.mlir:2:8", "'\"diagonal\"' does not satisfy the constraint");
}

/* ---- helpers of passes ---- */

static MlirLogicalResult keep(MlirRewritePattern pattern, MlirOperation op,
                              MlirPatternRewriter rewriter, void *data) {
  (void)pattern, (void)op, (void)rewriter;
  ++*(int *)data;
  return mlirLogicalResultFailure();
}

static MlirLogicalResult leave_op(MlirOperation root, const FusePassOptions *options) {
  int n = 0;
  (void)options;
  CHECK(mlirLogicalResultIsSuccess(fuse_rewrite(root, "fuse.dwconv2d", keep, &n)) && n == 0);
  CHECK(mlirLogicalResultIsSuccess(fuse_none_left(root, "fuse.dwconv2d", "never")));
  CHECK(mlirLogicalResultIsSuccess(fuse_rewrite(root, "fuse.conv1d", keep, &n)) && n > 0);
  return fuse_none_left(root, "fuse.conv1d", "still here");
}

static MlirLogicalResult remove_unused(MlirOperation root, const FusePassOptions *options) {
  fuse_dce(root);
  CHECK(fuse_ops_of(options->scratch, root, "fuse.conv1d").n == 0);
  CHECK(fuse_ops_of(options->scratch, root, "func.return").n == 1);
  CHECK(fuse_ops_of(options->scratch, root, NULL).n == 2); /* with the function */
  return mlirLogicalResultSuccess();
}

static void test_helpers(void) {
  FuseDiag diag = {0};
  FusePass dce = {
      .name = "test-dce", .summary = "", .anchor = "builtin.module", .run = remove_unused};
  misbehave(leave_op, "x.mlir:2:8", "'fuse.conv1d': still here");
  CHECK(run(&dce, "", &diag));
  CHECK(fuse_pass_find("fuse-split-fuseconv", 19) && !fuse_pass_find("fuse-split", 10));
}

int main(void) {
  test_options();
  test_misbehaving();
  test_helpers();
  return unit_result();
}
