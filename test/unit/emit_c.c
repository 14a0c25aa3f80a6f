// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* emit_c.c - a module to C, for tests.
 * usage: emit_c IN.mlir NAME FOLDER [inside|file]     writes FOLDER/<identifier>.c, .h, .weights */
#include <stdio.h>
#include <string.h>

#include "fuse/codegen.h"
#include "fuse/file.h"

static bool write(FuseArena *arena, const char *folder, const char *name, const char *suffix,
                  const FuseText *text, FuseDiag *diag) {
  const char *path = fuse_format(arena, "%s/%s%s", folder, name, suffix);
  return fuse_file_write(path, text->data, text->length, diag);
}

int main(int argc, char **argv) {
  if (argc < 4)
    return 2;
  const FuseCOptions options = {.name = argv[2],
                                .weights = argc < 5                     ? FUSE_C_WEIGHTS_AUTO
                                           : !strcmp(argv[4], "inside") ? FUSE_C_WEIGHTS_INSIDE
                                                                        : FUSE_C_WEIGHTS_FILE};
  FuseDiag diag = {0};
  FuseFile file;
  if (!fuse_file_open(argv[1], &file, &diag)) {
    fuse_diag_print(&diag);
    return 1;
  }
  FuseIr *ir = fuse_ir_create();
  FuseText c = {0}, h = {0}, weights = {0};
  MlirModule module = fuse_ir_parse(ir, file.data, file.size_bytes, argv[1]);
  bool ok = !mlirModuleIsNull(module) && fuse_emit_c(ir, module, &options, &c, &h, &weights);
  if (ok) {
    FuseArena *arena = fuse_ir_arena(ir);
    const char *name = fuse_c_identifier(arena, options.name);
    ok = write(arena, argv[3], name, ".c", &c, &diag) &&
         write(arena, argv[3], name, ".h", &h, &diag) &&
         (!weights.length || write(arena, argv[3], name, ".weights", &weights, &diag));
    if (!ok)
      fuse_diag_print(&diag);
  }
  if (!mlirModuleIsNull(module))
    mlirModuleDestroy(module);
  fuse_text_fini(&c), fuse_text_fini(&h), fuse_text_fini(&weights);
  fuse_ir_destroy(ir);
  fuse_file_close(&file);
  return ok ? 0 : 1;
}
