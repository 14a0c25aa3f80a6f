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
    if (stos_function_target(arena, funcs.ops[i], &target))
      flags = fuse_format(arena, "--target=%s", target.name);
    if (fuse_get_str(funcs.ops[i], "fuse.rewrite", &rewrite))
      flags = fuse_format(arena, "%s%s--rewrite=%.*s", flags, *flags ? " " : "",
                          (int)rewrite.length, rewrite.data);
  }
  return flags;
}

/* ---- the stream checker ---- */

static StosCheckSpan *spans_of(FuseArena *arena, const StosIo *io, uint32_t n) {
  StosCheckSpan *spans = fuse_alloc_array(arena, n, sizeof *spans);
  for (uint32_t i = 0; i < n; i++)
    spans[i] = (StosCheckSpan){io[i].offset_bytes, io[i].size_bytes};
  return spans;
}

static StosCheckCall *calls_of(FuseArena *arena, const StosObject *object) {
  StosCheckCall *calls = fuse_alloc_array(arena, object->n_host, sizeof *calls);
  for (uint32_t i = 0; i < object->n_host; i++) {
    const StosHostCall *call = &object->host[i];
    StosCheckTensor *tensors = fuse_alloc_array(arena, call->n_tensors, sizeof *tensors);
    for (uint32_t k = 0; k < call->n_tensors; k++) {
      const StosHostTensor *t = &call->tensors[k];
      tensors[k] = (StosCheckTensor){
          .region = t->region, .span = {t->offset_bytes, t->size_bytes}, .written = k == 0};
    }
    calls[i] = (StosCheckCall){tensors, call->n_tensors};
  }
  return calls;
}

static bool check_object(const StosObject *object, FuseDiag *diag) {
  static const char place[] = "the program made";
  FuseArena arena = {0};
  StosProgram program;
  StosCheckRegions regions = {.inputs = spans_of(&arena, object->inputs, object->n_inputs),
                              .n_inputs = object->n_inputs,
                              .outputs = spans_of(&arena, object->outputs, object->n_outputs),
                              .n_outputs = object->n_outputs};
  for (int r = 0; r < STOS_N_REGIONS; r++)
    regions.size_bytes[r] = stos_region_bytes(object, r);
  bool ok = stos_object_check(object, place, diag) &&
            stos_object_program(&arena, object, place, &program, diag) &&
            stos_check(&arena, &program, &object->target, &regions, calls_of(&arena, object),
                       object->n_host, place, diag);
  fuse_arena_fini(&arena);
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
