// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* wrong_pass.c - passes that break their promise, for the test of exactness.py.
 *
 *   wrong_pass --list-passes
 *   wrong_pass IN.mlir --PASS -o OUT.mlir
 *
 * Each raises the lower bound of every tosa.clamp by a step.
 */
#include <stdio.h>
#include <string.h>

#include "fuse/file.h"
#include "fuse/passes.h"

static MlirLogicalResult raise_bounds(MlirOperation root, FuseArena *scratch, double step) {
  FuseOpList clamps = fuse_ops_of(scratch, root, "tosa.clamp");
  for (size_t i = 0; i < clamps.n; i++) {
    double bound;
    if (fuse_get_f64(clamps.ops[i], "min_val", &bound)) {
      MlirContext context = mlirOperationGetContext(root);
      MlirAttribute value = mlirFloatAttrDoubleGet(context, mlirF32TypeGet(context), bound + step);
      mlirOperationSetAttributeByName(clamps.ops[i], fuse_str("min_val"), value);
    }
  }
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult run_little(MlirOperation root, const FusePassOptions *options) {
  return raise_bounds(root, options->scratch, 3e-7);
}
static MlirLogicalResult run_much(MlirOperation root, const FusePassOptions *options) {
  return raise_bounds(root, options->scratch, 1e-2);
}
static MlirLogicalResult run_nothing(MlirOperation root, const FusePassOptions *options) {
  (void)root, (void)options;
  return mlirLogicalResultSuccess();
}

#define PASS_ROW(pass_name, pass_keeps, function)                                                  \
  {.name = pass_name, .summary = "", .anchor = "func.func", .keeps = pass_keeps, .run = function}
static const FusePass passes[] = {
    PASS_ROW("little-bits", FUSE_KEEPS_BITS, run_little),
    PASS_ROW("little-reassoc", FUSE_KEEPS_REASSOC, run_little),
    PASS_ROW("much-reassoc", FUSE_KEEPS_REASSOC, run_much),
    PASS_ROW("idle", FUSE_KEEPS_BITS, run_nothing),
};

static int list(void) {
  for (size_t i = 0; i < FUSE_COUNTOF(passes); i++)
    printf("%s (%s, %s)\n", passes[i].name, passes[i].anchor,
           passes[i].keeps == FUSE_KEEPS_BITS ? "bits" : "reassoc");
  return 0;
}

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

static bool run(FuseIr *ir, const FuseFile *file, const FusePass *pass, FuseText *text) {
  FuseDiag diag = {0};
  MlirModule module = fuse_ir_parse(ir, file->data, file->size_bytes, "in.mlir");
  if (mlirModuleIsNull(module))
    return false;
  MlirOperation root = mlirModuleGetOperation(module);
  MlirPassManager pm =
      mlirPassManagerCreateOnOperation(fuse_ir_context(ir), fuse_str("builtin.module"));
  MlirOpPassManager functions = mlirPassManagerGetNestedUnder(pm, fuse_str("func.func"));
  bool ok = fuse_pass_add(ir, functions, pass, "", &diag) &&
            mlirLogicalResultIsSuccess(mlirPassManagerRunOnOp(pm, root));
  if (ok)
    mlirOperationPrint(root, append, text);
  mlirPassManagerDestroy(pm);
  mlirModuleDestroy(module);
  return ok;
}

int main(int argc, char **argv) {
  const FusePass *pass = NULL;
  FuseFile file = {0};
  FuseText text = {0};
  FuseDiag diag = {0};
  if (argc == 2 && strcmp(argv[1], "--list-passes") == 0)
    return list();
  for (size_t i = 0; argc == 5 && i < FUSE_COUNTOF(passes); i++)
    if (strncmp(argv[2], "--", 2) == 0 && strcmp(argv[2] + 2, passes[i].name) == 0)
      pass = &passes[i];
  if (!pass || strcmp(argv[3], "-o") != 0)
    return 2;
  FuseIr *ir = fuse_ir_create();
  bool ok = fuse_file_open(argv[1], &file, &diag) && run(ir, &file, pass, &text) &&
            fuse_file_write(argv[4], text.data, text.length, &diag);
  if (diag.set)
    fuse_diag_print(&diag);
  fuse_ir_destroy(ir);
  fuse_file_close(&file);
  fuse_text_fini(&text);
  return ok ? 0 : 1;
}
