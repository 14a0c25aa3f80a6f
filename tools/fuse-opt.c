// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuse-opt.c - read a module, run passes of ours and upstream's on it, print it.
 *
 * needs: .mlir text, MLIR bytecode or an ONNX model; flags
 * gives: the module after the passes, or errors and no output
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mlir-c/RegisterEverything.h>

#include "fuse/driver.h"
#include "fuse/passes.h"

static const FuseFlag own_flags[] = {
    {FUSE_FLAG_VALUE, "o", "FILE", "write to FILE instead of standard output"},
    {FUSE_FLAG_VALUE, "pass-pipeline", "TEXT",
     "passes of ours and of mlir-opt, as builtin.module(a,func.func(b{x=1}))"},
    {FUSE_FLAG_SWITCH, "list-passes", NULL, "print our passes with their options"},
    {FUSE_FLAG_VALUE, "dim", "NAME=SIZE",
     "size of a symbolic dimension of a model (batch=1), or of an input's (image:0=1)"},
    {FUSE_FLAG_VALUE, "value", "INPUT=FILE",
     "an input that is known: it becomes a constant, a tensor of FILE (.npy or ONNX .pb)"},
    {FUSE_FLAG_VALUE, "irdl-file", "FILE", "load the dialects of an IRDL file first"},
    {FUSE_FLAG_SWITCH, "emit-bytecode", NULL, "write MLIR bytecode instead of text"},
    {FUSE_FLAG_VALUE, "emit", "stos|c|onnx|image",
     "write what fuse-translate --emit-... makes of the module instead of the module"},
    {FUSE_FLAG_SWITCH, "mlir-print-debuginfo", NULL,
     "print locations; default: when the input has some (names of ONNX nodes, loc(...))"},
    {FUSE_FLAG_SWITCH, "split-input-file", NULL,
     "take the pieces between lines `// -----` as separate modules"},
    {FUSE_FLAG_SWITCH, "verify-diagnostics", NULL,
     "compare what is reported with the comments expected-error@+N {{...}}"},
    {FUSE_FLAG_SWITCH, "mlir-print-ir-before-all", NULL, "print the IR before each pass"},
    {FUSE_FLAG_SWITCH, "mlir-print-ir-after-all", NULL, "print the IR after each pass"},
    {FUSE_FLAG_VALUE, "mlir-print-ir-before", "PASS", "print the IR before PASS"},
    {FUSE_FLAG_VALUE, "mlir-print-ir-after", "PASS", "print the IR after PASS"},
    {FUSE_FLAG_SWITCH, "mlir-timing", NULL, "print how long each pass took"},
};

/* What the command line asks for. */
typedef struct Job {
  FuseArena *arena;
  const FuseTool *tool;
  const FuseArgs *args;
  const char *pipeline;
  FuseFile irdl; /* data NULL: none */
  FuseOnnxOptions onnx;
  bool verify_diagnostics;
  int emit; /* FuseEmit; -1: the module */
} Job;

/* ---- flags ---- */

/* Our own flags, then one for each pass. */
static const FuseFlag *all_flags(FuseArena *arena) {
  size_t n = FUSE_COUNTOF(own_flags), n_passes = 0;
  while (fuse_passes()[n_passes])
    n_passes++;
  FuseFlag *flags = fuse_alloc_array(arena, n + n_passes + 1, sizeof *flags);
  memcpy(flags, own_flags, sizeof own_flags);
  for (size_t i = 0; i < n_passes; i++) {
    const FusePass *pass = fuse_passes()[i];
    const char *argument = pass->options[0].name ? "OPTION=VALUE ..." : NULL;
    flags[n + i] = (FuseFlag){FUSE_FLAG_OPTIONAL, pass->name, argument, pass->summary};
  }
  return flags;
}

static int list_passes(void) {
  static const char *const keeps[] = {
      [FUSE_KEEPS_BITS] = "bits", [FUSE_KEEPS_REASSOC] = "reassoc", [FUSE_CHANGES] = "changes"};
  FuseDiag diag = {0};
  FuseText text = {0};
  for (const FusePass *const *p = fuse_passes(); *p; p++) {
    fuse_text_printf(&text, "%s (%s, %s)\n    %s\n", (*p)->name, (*p)->anchor, keeps[(*p)->keeps],
                     (*p)->summary);
    for (const FusePassOptionDef *o = (*p)->options;
         o < (*p)->options + FUSE_MAX_PASS_OPTIONS && o->name; o++)
      fuse_text_printf(&text, "    %s=%s%s%s%s%s%s: %s\n", o->name, o->values ? o->values : "...",
                       o->fallback ? " (default " : "", o->fallback ? o->fallback : "",
                       o->fallback ? ")" : "", o->changes ? ", changes: " : "",
                       o->changes ? o->changes : "", o->summary);
  }
  bool ok = fuse_file_write("-", text.data, text.length, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  fuse_text_fini(&text);
  return ok ? 0 : 1;
}

/* The pipeline's text: --pass-pipeline, or the passes' own flags in order. False after an error. */
static bool find_pipeline(Job *job, int *status) {
  const char *given = fuse_args_value(job->args, "pass-pipeline", NULL), *built = "";
  for (size_t i = 0; i < job->args->n; i++) {
    const FuseArg *arg = &job->args->args[i];
    if (!arg->flag || !fuse_pass_find(arg->flag->name, strlen(arg->flag->name)))
      continue;
    if (given) {
      *status = fuse_usage_error(job->tool, "--pass-pipeline beside --%s; expected one of them",
                                 arg->flag->name);
      return false;
    }
    built = fuse_format(job->arena, "%s%s%s%s%s%s", built, *built ? "," : "", arg->flag->name,
                        arg->value ? "{" : "", arg->value ? arg->value : "", arg->value ? "}" : "");
  }
  job->pipeline = given ? given : built;
  return true;
}

/* What --emit asks for; it makes one file of one module. False after an error. */
static bool find_emit(Job *job, int *status) {
  static const char *const alone[] = {"emit-bytecode", "split-input-file", "verify-diagnostics"};
  const char *kind = fuse_args_value(job->args, "emit", NULL);
  bool emit[FUSE_N_EMITS] = {false};
  FuseDiag diag = {0};
  job->emit = -1;
  if (!kind)
    return true;
  for (size_t i = 0; i < FUSE_COUNTOF(alone) && !*status; i++)
    if (fuse_args_switch(job->args, alone[i], false))
      *status = fuse_usage_error(job->tool, "--emit beside --%s; expected one of them", alone[i]);
  if (!*status && (strchr(kind, ',') || !strcmp(kind, "mlir")))
    *status = fuse_usage_error(job->tool, "--emit=%s; expected stos, c, onnx or image", kind);
  if (!*status && !fuse_emit_parse(kind, emit, &diag))
    *status = fuse_usage_error(job->tool, "%s", diag.message);
  for (int i = 0; i < FUSE_N_EMITS; i++)
    if (emit[i])
      job->emit = i;
  if (!*status && job->emit == FUSE_EMIT_IMAGE &&
      !strcmp(fuse_args_value(job->args, "o", "-"), "-"))
    *status = fuse_usage_error(job->tool, "--emit=image to standard output; expected -o FOLDER");
  return *status == 0;
}

/* ---- printing the IR around passes ---- */

static bool asks_for(const Job *job, const char *flag, const char *pass) {
  for (size_t i = 0; i < job->args->n; i++) {
    const FuseArg *arg = &job->args->args[i];
    if (arg->flag && !strcmp(arg->flag->name, flag) && !strcmp(arg->value, pass))
      return true;
  }
  return false;
}

static void print_around(const char *pass, bool after, MlirOperation op, void *user) {
  const Job *job = user;
  if (!asks_for(job, after ? "mlir-print-ir-after" : "mlir-print-ir-before", pass))
    return;
  FuseText text = {0};
  fuse_print_module(op, false, &text);
  fprintf(stderr, "// -----// IR Dump %s %s //----- //\n%s\n\n", after ? "After" : "Before", pass,
          text.data);
  fuse_text_fini(&text);
}

/* Does the pipeline's text name the pass? */
static bool has_pass(const char *pipeline, const char *pass) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  size_t n = strlen(pass);
  while (*pipeline) {
    size_t length = strspn(pipeline, letters);
    if (length == n && !memcmp(pipeline, pass, n))
      return true;
    pipeline += length ? length : 1;
  }
  return false;
}

static bool check_print_flags(const Job *job, int *status) {
  for (size_t i = 0; i < job->args->n; i++) {
    const FuseArg *arg = &job->args->args[i];
    if (!arg->flag || (strcmp(arg->flag->name, "mlir-print-ir-before") != 0 &&
                       strcmp(arg->flag->name, "mlir-print-ir-after") != 0))
      continue;
    if (!has_pass(job->pipeline, arg->value)) {
      *status = fuse_usage_error(job->tool, "--%s=%s; expected a pass of the pipeline '%s'",
                                 arg->flag->name, arg->value, job->pipeline);
      return false;
    }
  }
  return true;
}

/* ---- the work ---- */

/* A pass manager with the pipeline, which has been checked, in it. */
static MlirPassManager create_manager(const Job *job, FuseIr *ir, const FusePassHook *hook) {
  FuseDiag diag = {0};
  MlirPassManager pm =
      mlirPassManagerCreateOnOperation(fuse_ir_context(ir), fuse_str("builtin.module"));
  bool filtered = fuse_args_value(job->args, "mlir-print-ir-before", NULL) ||
                  fuse_args_value(job->args, "mlir-print-ir-after", NULL);
  bool good = fuse_pipeline_parse(ir, pm, job->pipeline, filtered ? hook : NULL, &diag);
  FUSE_ASSERT(good);
  bool before = fuse_args_switch(job->args, "mlir-print-ir-before-all", false);
  bool after = fuse_args_switch(job->args, "mlir-print-ir-after-all", false);
  if (before || after) {
    MlirOpPrintingFlags flags = mlirOpPrintingFlagsCreate();
    mlirPassManagerEnableIRPrinting(pm, before, after, false, false, false, flags, fuse_str(""));
    mlirOpPrintingFlagsDestroy(flags);
  }
  if (fuse_args_switch(job->args, "mlir-timing", false))
    mlirPassManagerEnableTiming(pm);
  return pm;
}

static FuseIr *create_ir(void) {
  FuseIr *ir = fuse_ir_create();
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  mlirRegisterAllDialects(registry);
  mlirContextAppendDialectRegistry(fuse_ir_context(ir), registry);
  mlirDialectRegistryDestroy(registry);
  return ir;
}

static bool emit_module(const Job *job, FuseIr *ir, MlirModule module) {
  const char *output = fuse_args_value(job->args, "o", "-");
  if (job->emit == FUSE_EMIT_C)
    return fuse_write_c(ir, module, output, FUSE_C_WEIGHTS_AUTO);
  if (job->emit == FUSE_EMIT_IMAGE)
    return fuse_write_image(ir, module, output);
  if (job->emit == FUSE_EMIT_ONNX)
    return fuse_write_onnx(ir, module, output);
  FUSE_ASSERT(job->emit == FUSE_EMIT_STOS);
  return fuse_write_object(ir, module, output);
}

static bool run_passes(const Job *job, FuseIr *ir, MlirPassManager pm, FuseInput *input,
                       const FusePiece *piece, FuseText *out) {
  if (job->irdl.data && !fuse_ir_load_irdl(ir, job->irdl.data, job->irdl.size_bytes,
                                           fuse_args_value(job->args, "irdl-file", "")))
    return false;
  MlirModule module = fuse_input_parse(ir, input, piece, &job->onnx);
  if (mlirModuleIsNull(module))
    return false;
  MlirOperation root = mlirModuleGetOperation(module);
  bool locations =
      fuse_args_switch(job->args, "mlir-print-debuginfo", fuse_has_locations(root, input->name));
  bool ok = mlirLogicalResultIsSuccess(mlirPassManagerRunOnOp(pm, root));
  if (ok && job->emit >= 0)
    ok = emit_module(job, ir, module);
  else if (ok && fuse_args_switch(job->args, "emit-bytecode", false))
    fuse_print_bytecode(root, out);
  else if (ok)
    fuse_print_module(root, locations, out);
  mlirModuleDestroy(module);
  return ok;
}

/* Is the pipeline's text good? Asked before the input is opened: a wrong command line comes first.
 */
static bool check_pipeline(const Job *job, int *status) {
  FuseDiag diag = {0};
  FuseIr *ir = fuse_ir_create();
  MlirPassManager pm =
      mlirPassManagerCreateOnOperation(fuse_ir_context(ir), fuse_str("builtin.module"));
  bool good = fuse_pipeline_parse(ir, pm, job->pipeline, NULL, &diag);
  if (!good)
    *status = fuse_usage_error(job->tool, "%s", diag.message);
  mlirPassManagerDestroy(pm);
  fuse_ir_destroy(ir);
  return good;
}

/* One piece of the input, its text added to out. */
static bool process(const Job *job, FuseInput *input, const FusePiece *piece, FuseText *out) {
  FuseDiag diag = {0};
  FuseExpect *expect = NULL;
  if (job->verify_diagnostics) {
    expect = fuse_expect_create(input, piece, &diag);
    if (!expect) {
      fuse_diag_print(&diag);
      return false;
    }
  }
  FusePassHook hook = {print_around, (void *)(uintptr_t)job};
  FuseIr *ir = create_ir();
  MlirPassManager pm = create_manager(job, ir, &hook);
  if (expect)
    fuse_ir_set_sink(ir, fuse_expect_sink, expect);
  bool ok = run_passes(job, ir, pm, input, piece, out);
  if (expect)
    ok = fuse_expect_finish(expect);
  mlirPassManagerDestroy(pm);
  fuse_ir_destroy(ir);
  return ok;
}

static int process_input(const Job *job, const char *path) {
  FuseInput input;
  FuseDiag diag = {0};
  FuseText out = {0};
  size_t n = 1;
  int status = 0;
  if (!fuse_input_open(path, &input, &diag)) {
    fuse_diag_print(&diag);
    return 1;
  }
  FusePiece whole = {.data = input.file.data, .size_bytes = input.file.size_bytes};
  FusePiece *pieces = &whole;
  if (fuse_args_switch(job->args, "split-input-file", false))
    pieces = fuse_input_split(job->arena, &input, &n);
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      fuse_text_puts(&out, "// -----\n");
    if (!process(job, &input, &pieces[i], &out))
      status = 1;
  }
  if (status == 0 && job->emit < 0 &&
      !fuse_file_write(fuse_args_value(job->args, "o", "-"), out.data ? out.data : "", out.length,
                       &diag)) {
    fuse_diag_print(&diag);
    status = 1;
  }
  fuse_text_fini(&out);
  fuse_input_close(&input);
  return status;
}

static int run_job(Job *job) {
  const char *path, *irdl = fuse_args_value(job->args, "irdl-file", NULL);
  FuseDiag diag = {0};
  FuseArgs args = *job->args;
  int status = 0;
  if (!fuse_args_input(job->tool, &args, "-", &path) ||
      !fuse_args_onnx(job->arena, job->tool, &args, &job->onnx))
    return args.status;
  mlirRegisterAllPasses();
  if (!find_emit(job, &status) || !find_pipeline(job, &status) ||
      !check_print_flags(job, &status) || !check_pipeline(job, &status))
    return status;
  if (fuse_args_switch(job->args, "emit-bytecode", false) &&
      fuse_args_switch(job->args, "split-input-file", false))
    return fuse_usage_error(job->tool, "--emit-bytecode beside --split-input-file; expected one of "
                                       "them, bytecode holds one module");
  if (irdl && !fuse_file_open(irdl, &job->irdl, &diag)) {
    fuse_diag_print(&diag);
    return 1;
  }
  status = process_input(job, path);
  if (irdl)
    fuse_file_close(&job->irdl);
  return status;
}

int main(int argc, char **argv) {
  FuseArena arena = {0};
  FuseArgs args;
  FuseTool tool = {
      .name = "fuse-opt",
      .usage = "[flags] [INPUT]",
      .summary =
          "Reads a module (.mlir text, MLIR bytecode or an ONNX model, told apart by content;\n"
          "standard input by default), runs passes on it, prints it. The flags of our passes\n"
          "run in the order in which they are given.",
      .flags = all_flags(&arena),
  };
  int status = 0;
  fuse_tool_init();
  if (!fuse_args_parse(&arena, &tool, argc, argv, &args)) {
    status = args.status;
  } else if (fuse_args_switch(&args, "list-passes", false)) {
    status = list_passes();
  } else {
    Job job = {.arena = &arena, .tool = &tool, .args = &args};
    job.verify_diagnostics = fuse_args_switch(&args, "verify-diagnostics", false);
    status = run_job(&job);
  }
  fuse_arena_fini(&arena);
  return status;
}
