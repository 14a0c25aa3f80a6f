// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* onnx.c - fuzz target: an ONNX file, imported and converted to TOSA. */
#include <stdlib.h>
#include <string.h>

#include "fuse/onnx.h"
#include "fuse/passes.h"
#include "fuzz.h"

/* A context is reused, since making one takes longer than a small import; it keeps every file and
 * constant, so it is emptied now and then. */
enum { RUNS_PER_CONTEXT = 64 };

static FuseIr *ir;
static unsigned runs;

/* The bytes on the heap, where the sanitizer sees every read behind their end. */
static FuseFile heap_file(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size ? size : 1);
  FUSE_ASSERT(copy);
  memcpy(copy, data, size);
  return (FuseFile){.data = copy, .size_bytes = size, .heap = copy};
}

static void convert(MlirModule module) {
  FuseDiag diag = {0};
  size_t errors = fuse_ir_errors(ir);
  MlirPassManager pm =
      mlirPassManagerCreateOnOperation(fuse_ir_context(ir), fuse_str("builtin.module"));
  FUSE_ASSERT(fuse_pipeline_parse(ir, pm, "convert-onnx-to-tosa", NULL, &diag));
  bool good =
      mlirLogicalResultIsSuccess(mlirPassManagerRunOnOp(pm, mlirModuleGetOperation(module)));
  FUSE_ASSERT(good == (fuse_ir_errors(ir) == errors));
  mlirPassManagerDestroy(pm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (runs++ % RUNS_PER_CONTEXT == 0) {
    if (ir)
      fuse_ir_destroy(ir);
    ir = fuse_ir_create();
  }
  FuseFile file = heap_file(data, size);
  MlirModule module = fuse_onnx_import_bytes(ir, &file, "-", &(FuseOnnxOptions){0});
  if (mlirModuleIsNull(module))
    return 0;
  convert(module);
  mlirModuleDestroy(module);
  return 0;
}
