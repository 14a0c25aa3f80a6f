// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* dialect.c - create and destroy one compilation's context with our dialects in it.
 *
 * needs: nothing
 * gives: a single-threaded context: onnx, fuse, stos (IRDL), func, tosa; every diagnostic goes to
 *        fuse_on_diagnostic
 */
#include <stdlib.h>
#include <string.h>

#include <mlir-c/Dialect/Func.h>
#include <mlir-c/Dialect/IRDL.h>
#include <mlir-c/Dialect/Tosa.h>

#include "ir_private.h"

static const char onnx_irdl[] = {
#include "onnx_irdl.inc"
};
static const char fuse_irdl[] = {
#include "fuse_irdl.inc"
};
static const char stos_irdl[] = {
#include "stos_irdl.inc"
};

const char *fuse_irdl_text(int dialect) {
  static const char *const texts[] = {onnx_irdl, fuse_irdl, stos_irdl};
  return dialect >= 0 && (size_t)dialect < FUSE_COUNTOF(texts) ? texts[dialect] : NULL;
}

/* Our own text: that it doesn't load is a bug of ours, and every test would show it. */
static void load_own(MlirContext context, const char *irdl) {
  MlirModule module = mlirModuleCreateParse(context, fuse_str(irdl));
  FUSE_ASSERT(!mlirModuleIsNull(module));
  FUSE_ASSERT(mlirLogicalResultIsSuccess(mlirLoadIRDLDialects(module)));
  mlirModuleDestroy(module);
}

FuseIr *fuse_ir_create(void) {
  FuseIr *ir = calloc(1, sizeof *ir);
  if (!ir)
    fuse_fatal("out of memory");
  ir->context = mlirContextCreateWithThreading(false);
  ir->type_ids = mlirTypeIDAllocatorCreate();
  mlirContextAttachDiagnosticHandler(ir->context, fuse_on_diagnostic, ir, NULL);
  mlirDialectHandleLoadDialect(mlirGetDialectHandle__irdl__(), ir->context);
  mlirDialectHandleLoadDialect(mlirGetDialectHandle__func__(), ir->context);
  mlirDialectHandleLoadDialect(mlirGetDialectHandle__tosa__(), ir->context);
  for (int i = 0; fuse_irdl_text(i); i++)
    load_own(ir->context, fuse_irdl_text(i));
  return ir;
}

void fuse_ir_destroy(FuseIr *ir) {
  if (!ir)
    return;
  fuse_ir_print_rest(ir);
  /* First what points, then what is pointed to. */
  mlirContextDestroy(ir->context);
  mlirTypeIDAllocatorDestroy(ir->type_ids);
  for (FuseKeptFile *kept = ir->files; kept; kept = kept->next)
    fuse_file_close(&kept->file);
  fuse_arena_fini(&ir->arena);
  free(ir->constants.slots);
  free(ir);
}

MlirContext fuse_ir_context(const FuseIr *ir) {
  return ir->context;
}

FuseArena *fuse_ir_arena(FuseIr *ir) {
  return &ir->arena;
}

MlirTypeID fuse_ir_new_type_id(FuseIr *ir) {
  return mlirTypeIDAllocatorAllocateTypeID(ir->type_ids);
}

void *fuse_ir_note(const FuseIr *ir, const char *name) {
  for (const FuseNote *note = ir->notes; note; note = note->next)
    if (strcmp(note->name, name) == 0)
      return note->note;
  return NULL;
}

void fuse_ir_set_note(FuseIr *ir, const char *name, void *note) {
  FuseNote *added = fuse_alloc(&ir->arena, sizeof *added);
  *added = (FuseNote){.next = ir->notes, .name = name, .note = note};
  ir->notes = added;
}

size_t fuse_ir_errors(const FuseIr *ir) {
  return ir->n_errors;
}

void fuse_ir_set_sink(FuseIr *ir, FuseDiagSink sink, void *user) {
  ir->sink = sink;
  ir->sink_user = user;
}

void fuse_ir_keep_file(FuseIr *ir, const struct FuseFile *owned_file) {
  FuseKeptFile *kept = fuse_alloc(&ir->arena, sizeof *kept);
  kept->file = *owned_file;
  kept->next = ir->files;
  ir->files = kept;
}

static MlirWalkResult refuse_c_pred(MlirOperation op, void *user) {
  bool *bad = user;
  if (!fuse_op_is(op, "irdl.c_pred"))
    return MlirWalkResultAdvance;
  *bad = true;
  fuse_op_error(op,
                "a constraint written in C++ can't be evaluated here; expected IRDL constraints");
  return MlirWalkResultInterrupt;
}

/* One irdl.dialect that may be loaded: MLIR aborts when a name is defined twice. */
static bool check_dialect(FuseIr *ir, MlirOperation op, MlirModule module) {
  MlirStringRef name;
  if (!fuse_op_is(op, "irdl.dialect") || !fuse_get_str(op, "sym_name", &name)) {
    fuse_op_error(op, "found beside dialects; expected only irdl.dialect");
    return false;
  }
  bool taken = !mlirDialectIsNull(mlirContextGetOrLoadDialect(ir->context, name));
  MlirOperation before = mlirBlockGetFirstOperation(mlirModuleGetBody(module));
  for (; !taken && !mlirOperationEqual(before, op); before = mlirOperationGetNextInBlock(before)) {
    MlirStringRef other;
    taken = fuse_get_str(before, "sym_name", &other) && mlirStringRefEqual(other, name);
  }
  if (taken)
    fuse_op_error(op, "dialect '%.*s' exists already; expected a new name", (int)name.length,
                  name.data);
  return !taken;
}

bool fuse_ir_load_irdl(FuseIr *ir, const void *data, size_t size_bytes, const char *name) {
  MlirModule module = fuse_ir_parse(ir, data, size_bytes, name);
  if (mlirModuleIsNull(module))
    return false;
  bool bad = false;
  mlirOperationWalk(mlirModuleGetOperation(module), refuse_c_pred, &bad, MlirWalkPreOrder);
  MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(module));
  for (; !bad && !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
    bad = !check_dialect(ir, op, module);
  bool ok = !bad && mlirLogicalResultIsSuccess(mlirLoadIRDLDialects(module));
  mlirModuleDestroy(module);
  return ok;
}
