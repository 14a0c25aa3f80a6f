// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* emit.c - a module into files: object, memory images, ONNX model.
 *
 * needs: the result of stos-schedule; for ONNX tosa and fuse ops
 * gives: files, or errors and no file
 */
#include <string.h>

#include "fuse/check.h"
#include "fuse/driver.h"
#include "fuse/stos_ir.h"
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

/* The flags that decide about the program, as fusec spells them. A target file is known by its
 * name in the file: paths don't belong into an output. */
static const char *flags_of(FuseArena *arena, MlirModule module) {
  FuseOpList funcs = fuse_ops_of(arena, mlirModuleGetOperation(module), "func.func");
  StosTarget target;
  MlirStringRef rewrite;
  const char *flags = "";
  for (size_t i = 0; i < funcs.n; i++) {
    if (stos_function_target(funcs.ops[i], &target))
      flags = fuse_format(arena, "--target=%s", target.name);
    if (fuse_get_str(funcs.ops[i], "fuse.rewrite", &rewrite))
      flags = fuse_format(arena, "%s%s--rewrite=%.*s", flags, *flags ? " " : "",
                          (int)rewrite.length, rewrite.data);
  }
  return flags;
}

/* By the stream checker, which shares nothing with what made the program. */
static bool check_object(const StosObject *object, FuseDiag *diag) {
  FuseArena scratch = {0};
  bool ok = stos_check_object(&scratch, object, "the program made", diag);
  fuse_arena_fini(&scratch);
  return ok;
}

/* ---- objects and files ---- */

bool fuse_make_object(FuseIr *ir, FuseArena *arena, MlirModule module, StosObject *object) {
  FuseDiag diag = {0};
  FuseObjectOptions options = {.compiler = "fuse " FUSE_VERSION};
  model_hash(module, options.model_hash);
  options.flags = flags_of(arena, module);
  if (!fuse_emit_object(ir, arena, module, &options, object))
    return false;
  if (check_object(object, &diag))
    return true;
  fuse_diag_print(&diag);
  return false;
}

static bool write_file(const StosObject *object, const char *path, FuseDiag *diag) {
  FuseText bytes = {0};
  bool ok = stos_object_write(object, &bytes, diag) &&
            fuse_file_write(path, bytes.data, bytes.length, diag);
  fuse_text_fini(&bytes);
  return ok;
}

static bool write_folder(const StosObject *object, const char *path, FuseDiag *diag) {
  StosImage image = {0};
  stos_object_image(object, &image);
  bool ok = stos_image_write(&image, path, diag);
  stos_image_fini(&image);
  return ok;
}

/* Make the program's object, and write it. */
static bool write_program(FuseIr *ir, MlirModule module, const char *path,
                          bool (*write)(const StosObject *, const char *, FuseDiag *)) {
  FuseArena arena = {0};
  StosObject object;
  FuseDiag diag = {0};
  bool made = fuse_make_object(ir, &arena, module, &object); /* says itself why not */
  bool ok = made && write(&object, path, &diag);
  if (made && !ok)
    fuse_diag_print(&diag);
  fuse_arena_fini(&arena);
  return ok;
}

bool fuse_write_object(FuseIr *ir, MlirModule module, const char *path) {
  return write_program(ir, module, path, write_file);
}

bool fuse_write_image(FuseIr *ir, MlirModule module, const char *folder) {
  return write_program(ir, module, folder, write_folder);
}

bool fuse_write_onnx(FuseIr *ir, MlirModule module, const char *path) {
  FuseText model = {0};
  FuseDiag diag = {0};
  bool ok = fuse_onnx_export(ir, module, &model);
  if (ok) {
    ok = fuse_file_write(path, model.data, model.length, &diag);
    if (!ok)
      fuse_diag_print(&diag);
  }
  fuse_text_fini(&model);
  return ok;
}
