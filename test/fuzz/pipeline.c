// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pipeline.c - fuzz target: the text of --pass-pipeline, passes of ours and upstream's mixed. */
#include <string.h>

#include <mlir-c/Transforms.h>

#include "fuse/passes.h"
#include "fuzz.h"

/* A context is reused: making one takes longer than a run. Now and then it is emptied. */
enum { RUNS_PER_CONTEXT = 4096 };

static FuseIr *ir;
static unsigned runs;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (runs == 0)
    mlirRegisterTransformsPasses();
  if (runs++ % RUNS_PER_CONTEXT == 0) {
    if (ir)
      fuse_ir_destroy(ir);
    ir = fuse_ir_create();
  }
  FuseArena arena = {0};
  FuseDiag diag = {0};
  MlirPassManager pm =
      mlirPassManagerCreateOnOperation(fuse_ir_context(ir), fuse_str("builtin.module"));
  const char *text = fuse_strndup(&arena, (const char *)data, strnlen((const char *)data, size));
  fuzz_outcome(fuse_pipeline_parse(ir, pm, text, NULL, &diag), &diag);
  mlirPassManagerDestroy(pm);
  fuse_arena_fini(&arena);
  return 0;
}
