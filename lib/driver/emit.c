// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* emit.c - a scheduled module into files: object, memory images.
 *
 * needs: the result of stos-schedule
 * gives: files, or errors and no file
 */
#include <string.h>

#include "fuse/codegen.h"
#include "fuse/driver.h"
#include "fuse/version.h"

/* The SHA-256 that the importer wrote on the module; zeros when the module comes from elsewhere. */
static void model_hash(MlirModule module, uint8_t hash[STOS_HASH_BYTES]) {
  MlirStringRef hex;
  memset(hash, 0, STOS_HASH_BYTES);
  if (!fuse_get_str(mlirModuleGetOperation(module), "onnx.sha256", &hex) ||
      hex.length != 2 * STOS_HASH_BYTES)
    return;
  for (size_t i = 0; i < hex.length; i++) {
    char c = hex.data[i];
    unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                            : 0;
    hash[i / 2] = (uint8_t)(hash[i / 2] << 4 | digit);
  }
}

bool fuse_make_object(FuseIr *ir, FuseArena *arena, MlirModule module, StosObject *object) {
  FuseObjectOptions options = {.compiler = "fuse " FUSE_VERSION};
  model_hash(module, options.model_hash);
  return fuse_emit_object(ir, arena, module, &options, object);
}

bool fuse_write_object(FuseIr *ir, MlirModule module, const char *path) {
  FuseArena arena = {0};
  StosObject object;
  FuseText bytes = {0};
  FuseDiag diag = {0};
  bool ok = fuse_make_object(ir, &arena, module, &object);
  if (ok) {
    ok = stos_object_write(&object, &bytes, &diag) &&
         fuse_file_write(path, bytes.data, bytes.length, &diag);
    if (!ok)
      fuse_diag_print(&diag);
  }
  fuse_text_fini(&bytes);
  fuse_arena_fini(&arena);
  return ok;
}

bool fuse_write_image(FuseIr *ir, MlirModule module, const char *folder) {
  FuseArena arena = {0};
  StosObject object;
  StosImage image = {0};
  FuseDiag diag = {0};
  bool ok = fuse_make_object(ir, &arena, module, &object);
  if (ok) {
    stos_object_image(&object, &image);
    ok = stos_image_write(&image, folder, &diag);
    if (!ok)
      fuse_diag_print(&diag);
  }
  stos_image_fini(&image);
  fuse_arena_fini(&arena);
  return ok;
}
