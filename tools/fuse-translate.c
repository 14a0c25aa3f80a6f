// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuse-translate.c - between files of other formats and MLIR.
 *
 *   fuse-translate --import-onnx net.onnx > net.mlir
 *   fuse-translate --emit-c tosa.mlir -o net.c
 *   fuse-translate --emit-stos scheduled.mlir -o net.stos
 *   fuse-translate --export-onnx tosa.mlir -o rewritten.onnx
 */
#include <string.h>

#include "fuse/codegen.h"
#include "fuse/driver.h"
#include "fuse/onnx.h"

static const FuseFlag flags[] = {
    {FUSE_FLAG_SWITCH, "import-onnx", NULL, "ONNX model to the onnx dialect"},
    {FUSE_FLAG_SWITCH, "export-onnx", NULL, "a module of tosa and fuse ops to an ONNX model"},
    {FUSE_FLAG_SWITCH, "emit-c", NULL,
     "a module of tosa and fuse ops to C99: NAME.c of -o, NAME.h, perhaps NAME.weights"},
    {FUSE_FLAG_SWITCH, "emit-stos", NULL, "a scheduled module to an object file"},
    {FUSE_FLAG_SWITCH, "emit-image", NULL,
     "a scheduled module to memory images for a test bench: the folder of -o"},
    {FUSE_FLAG_VALUE, "weights", "inside|file",
     "where the C program has its constants (default: inside up to 1 MiB)"},
    {FUSE_FLAG_VALUE, "dim", "NAME=SIZE",
     "size of a symbolic input dimension (batch=1), or of dimension 0 of an input (image:0=1)"},
    {FUSE_FLAG_VALUE, "value", "INPUT=FILE",
     "an input that is known: it becomes a constant, a tensor of FILE (.npy or ONNX .pb)"},
    {FUSE_FLAG_SWITCH, "emit-bytecode", NULL, "write MLIR bytecode instead of text"},
    {FUSE_FLAG_VALUE, "o", "FILE", "write to FILE (default: standard output)"},
    {FUSE_FLAG_END},
};

static const FuseTool tool = {
    .name = "fuse-translate",
    .usage = "--import-onnx|--export-onnx|--emit-c|--emit-stos|--emit-image [flags] [INPUT]",
    .summary = "Translate INPUT (default: standard input) to or from MLIR.",
    .flags = flags,
};

static bool write_module(MlirModule module, const FuseArgs *args) {
  FuseText text = {0};
  FuseDiag diag = {0};
  if (fuse_args_switch(args, "emit-bytecode", false))
    fuse_print_bytecode(mlirModuleGetOperation(module), &text);
  else
    fuse_print_module(mlirModuleGetOperation(module), true, &text);
  bool ok = fuse_file_write(fuse_args_value(args, "o", "-"), text.data, text.length, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  fuse_text_fini(&text);
  return ok;
}

static int import_onnx(const char *path, const FuseOnnxOptions *options, const FuseArgs *args) {
  FuseIr *ir = fuse_ir_create();
  MlirModule module = fuse_onnx_import(ir, path, options);
  bool ok = !mlirModuleIsNull(module) && write_module(module, args);
  if (!mlirModuleIsNull(module))
    mlirModuleDestroy(module);
  fuse_ir_destroy(ir);
  return ok ? 0 : 1;
}

/* One of the back ends on the module in an input; false after printed errors. */
typedef bool (*Emit)(FuseIr *ir, MlirModule module, const char *output, FuseCWeights weights);

static bool emit_c(FuseIr *ir, MlirModule module, const char *output, FuseCWeights weights) {
  return fuse_write_c(ir, module, output, weights);
}

static bool emit_stos(FuseIr *ir, MlirModule module, const char *output, FuseCWeights weights) {
  (void)weights;
  return fuse_write_object(ir, module, output);
}

static bool emit_image(FuseIr *ir, MlirModule module, const char *output, FuseCWeights weights) {
  (void)weights;
  return fuse_write_image(ir, module, output);
}

static bool emit_onnx(FuseIr *ir, MlirModule module, const char *output, FuseCWeights weights) {
  (void)weights;
  return fuse_write_onnx(ir, module, output);
}

static int translate(const char *path, Emit emit, const char *output, FuseCWeights weights) {
  FuseInput input;
  FuseDiag diag = {0};
  FuseOnnxOptions options = {0};
  if (!fuse_input_open(path, &input, &diag)) {
    fuse_diag_print(&diag);
    return 1;
  }
  FuseIr *ir = fuse_ir_create();
  const FusePiece whole = {.data = input.file.data, .size_bytes = input.file.size_bytes};
  MlirModule module = fuse_input_parse(ir, &input, &whole, &options);
  bool ok = !mlirModuleIsNull(module) && emit(ir, module, output, weights);
  if (!mlirModuleIsNull(module))
    mlirModuleDestroy(module);
  fuse_ir_destroy(ir);
  fuse_input_close(&input);
  return ok ? 0 : 1;
}

static int run_emit(const char *path, Emit emit, const FuseArgs *args) {
  const char *weights = fuse_args_value(args, "weights", "");
  const char *output = fuse_args_value(args, "o", "-");
  FuseCWeights where = FUSE_C_WEIGHTS_AUTO;
  if (!strcmp(weights, "inside"))
    where = FUSE_C_WEIGHTS_INSIDE;
  else if (!strcmp(weights, "file"))
    where = FUSE_C_WEIGHTS_FILE;
  else if (*weights)
    return fuse_usage_error(&tool, "--weights=%s; expected inside or file", weights);
  if (where == FUSE_C_WEIGHTS_FILE && !strcmp(output, "-"))
    return fuse_usage_error(&tool, "--weights=file to standard output; expected -o NAME.c");
  if (emit == emit_image && !strcmp(output, "-"))
    return fuse_usage_error(&tool, "--emit-image to standard output; expected -o FOLDER");
  return translate(path, emit, output, where);
}

static int run(FuseArena *arena, int argc, char **argv) {
  FuseArgs args;
  FuseOnnxOptions options = {0};
  const char *input;
  if (!fuse_args_parse(arena, &tool, argc, argv, &args))
    return args.status;
  if (!fuse_args_input(&tool, &args, "-", &input))
    return args.status;
  static const struct {
    const char *flag;
    Emit emit; /* NULL: the importer */
  } translations[] = {{"import-onnx", NULL},
                      {"export-onnx", emit_onnx},
                      {"emit-c", emit_c},
                      {"emit-stos", emit_stos},
                      {"emit-image", emit_image}};
  int chosen = -1;
  for (int i = 0; i < (int)FUSE_COUNTOF(translations); i++) {
    if (!fuse_args_switch(&args, translations[i].flag, false))
      continue;
    if (chosen >= 0)
      return fuse_usage_error(&tool,
                              "two translations; expected one of --import-onnx, --export-onnx, "
                              "--emit-c, --emit-stos and --emit-image");
    chosen = i;
  }
  if (chosen < 0)
    return fuse_usage_error(
        &tool, "nothing to do; expected --import-onnx, --export-onnx, --emit-c, --emit-stos or "
               "--emit-image");
  if (translations[chosen].emit)
    return run_emit(input, translations[chosen].emit, &args);
  if (!fuse_args_onnx(arena, &tool, &args, &options))
    return args.status;
  return import_onnx(input, &options, &args);
}

int main(int argc, char **argv) {
  FuseArena arena = {0};
  fuse_tool_init();
  int status = run(&arena, argc, argv);
  fuse_arena_fini(&arena);
  return status;
}
