// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* compile.c - a whole compilation: from a file to files, stage by stage.
 *
 *   onnx  convert-onnx-to-tosa  tosa  fuse-rewrite  fuse  stos-map ...  stos
 *                                                    |                   |
 *                                        reference C, ONNX       object, images, report
 *
 * needs: an ONNX model, or a module of onnx, tosa or fuse ops
 * gives: everything in memory first, then all files or none
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuse/driver.h"
#include "fuse/passes.h"

/* The files of a compilation. */
enum { STOS, C, H, WEIGHTS, MLIR, ONNX, IMAGE_TEXT, IMAGE_DRAM, IMAGE_MAP, REPORT, N_FILES };

typedef struct Run {
  const FuseCompile *job;
  FuseArena arena;
  FuseInput input;
  FuseIr *ir;
  MlirModule module;
  bool locations; /* the input has some that are worth printing */
  const char *stem;
  const char *folder; /* of the images; NULL: none */
  const char *paths[N_FILES];
  FuseText texts[N_FILES];
  StosObject object;
  FuseCompileSummary *summary;
  FuseCheck *check; /* NULL: compile */
} Run;

/* ---- kinds of output ---- */

static const char *const emit_names[FUSE_N_EMITS] = {
    [FUSE_EMIT_STOS] = "stos", [FUSE_EMIT_C] = "c",         [FUSE_EMIT_MLIR] = "mlir",
    [FUSE_EMIT_ONNX] = "onnx", [FUSE_EMIT_IMAGE] = "image",
};

const char *fuse_emit_name(FuseEmit emit) {
  return emit_names[emit];
}

bool fuse_emit_parse(const char *list, bool emit[FUSE_N_EMITS], FuseDiag *diag) {
  for (const char *item = list;; item++) {
    size_t length = strcspn(item, ",");
    int kind = 0;
    while (kind < FUSE_N_EMITS &&
           (strlen(emit_names[kind]) != length || strncmp(item, emit_names[kind], length) != 0))
      kind++;
    if (kind == FUSE_N_EMITS || emit[kind])
      return fuse_diag_error(diag, "",
                             "--emit=%s; expected some of stos, c, mlir, onnx and image, "
                             "each once",
                             list);
    emit[kind] = true;
    item += length;
    if (!*item)
      return true;
  }
}

/* ---- names ---- */

/* Characters of path without its extension; a name that begins with its only dot has none. */
static size_t stem_length(const char *path) {
  const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
  const char *dot = strrchr(file, '.');
  return dot && dot != file ? (size_t)(dot - path) : strlen(path);
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

const char *fuse_default_output(FuseArena *arena, const char *input, const char *extension) {
  const char *file = base_name(input);
  return fuse_format(arena, "%.*s.%s", (int)stem_length(file), file, extension);
}

/* Where one kind goes: the first gets the name as given. */
static const char *path_of(Run *run, FuseEmit kind, FuseEmit first) {
  if (!run->job->emit[kind])
    return NULL;
  return kind == first ? run->job->output
                       : fuse_format(&run->arena, "%s.%s", run->stem, emit_names[kind]);
}

static bool name_c_files(Run *run, FuseDiag *diag) {
  const char *path = run->paths[C], *file;
  if (!path || !strcmp(path, "-"))
    return true;
  file = base_name(path);
  if (strlen(file) <= 2 || strcmp(path + strlen(path) - 2, ".c") != 0 || strpbrk(file, "\"\\\n\r"))
    return fuse_diag_error(diag, path, "not the name of a C file; expected NAME.c");
  int n = (int)strlen(path) - 2;
  run->paths[H] = fuse_format(&run->arena, "%.*s.h", n, path);
  run->paths[WEIGHTS] = fuse_format(&run->arena, "%.*s.weights", n, path);
  return true;
}

/* No file twice, and not the input. */
static bool check_paths(const Run *run, FuseDiag *diag) {
  for (int i = 0; i < N_FILES; i++) {
    if (!run->paths[i])
      continue;
    if (!fuse_file_not_input(run->paths[i], run->job->input, diag))
      return false;
    for (int k = 0; k < i; k++)
      if (run->paths[k] && !strcmp(run->paths[i], run->paths[k]))
        return fuse_diag_error(diag, run->paths[i], "two outputs of this name; expected one");
  }
  return true;
}

static bool name_files(Run *run, FuseDiag *diag) {
  static const char *const image_files[] = {"text.hex", "dram.hex", "map.json"};
  int first = 0;
  while (first < FUSE_N_EMITS && !run->job->emit[first])
    first++;
  run->stem = fuse_strndup(&run->arena, run->job->output, stem_length(run->job->output));
  run->paths[STOS] = path_of(run, FUSE_EMIT_STOS, (FuseEmit)first);
  run->paths[C] = path_of(run, FUSE_EMIT_C, (FuseEmit)first);
  run->paths[MLIR] = path_of(run, FUSE_EMIT_MLIR, (FuseEmit)first);
  run->paths[ONNX] = path_of(run, FUSE_EMIT_ONNX, (FuseEmit)first);
  run->folder = path_of(run, FUSE_EMIT_IMAGE, (FuseEmit)first);
  run->paths[REPORT] = run->job->report;
  for (int i = 0; i < 3 && run->folder; i++)
    run->paths[IMAGE_TEXT + i] = fuse_format(&run->arena, "%s/%s", run->folder, image_files[i]);
  return name_c_files(run, diag) && check_paths(run, diag);
}

/* ---- stages ---- */

static void tell(const Run *run, const char *stage) {
  if (run->job->progress)
    run->job->progress(stage, run->job->user);
}

/* With --save-temps the module at this level, in a file of its own. */
static bool save(Run *run, FuseLevel level) {
  static const char *const names[] = {"onnx", "tosa", "fuse", "layers", "stos"};
  FuseText text = {0};
  FuseDiag diag = {0};
  if (!run->job->save_temps)
    return true;
  const char *path =
      fuse_format(&run->arena, "%s.%d-%s.mlir", run->stem, (int)level + 1, names[level]);
  fuse_print_module(mlirModuleGetOperation(run->module), run->locations, &text);
  bool ok = fuse_file_not_input(path, run->job->input, &diag) &&
            fuse_file_write(path, text.data, text.length, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  fuse_text_fini(&text);
  return ok;
}

/* Where a module comes in: with onnx ops at the top, else as tosa (fuse ops among it stay). */
static bool find_level(const Run *run, FuseLevel *level) {
  FuseArena scratch = {0};
  MlirOperation root = mlirModuleGetOperation(run->module);
  FuseOpList ops = fuse_ops_of(&scratch, root, NULL);
  bool ok = true;
  *level = FUSE_LEVEL_TOSA;
  for (size_t i = 0; i < ops.n && ok; i++) {
    MlirStringRef name = fuse_op_name(ops.ops[i]);
    if (name.length > 5 && !memcmp(name.data, "onnx.", 5))
      *level = FUSE_LEVEL_ONNX;
    else if (name.length > 5 && !memcmp(name.data, "stos.", 5))
      ok = mlirLogicalResultIsSuccess(
          fuse_op_error(ops.ops[i], "a module that is mapped already; expected onnx or tosa ops "
                                    "(fuse-opt and fuse-translate --emit-stos go on from here)"));
  }
  fuse_arena_fini(&scratch);
  return ok;
}

/* One level further. */
static bool lower(Run *run, FuseLevel from) {
  static const char *const stages[] = {"converting to tosa", "rewriting depthwise layers",
                                       "mapping layers", "scheduling"};
  FuseDiag diag = {0};
  tell(run, stages[from]);
  MlirPassManager pm =
      mlirPassManagerCreateOnOperation(fuse_ir_context(run->ir), fuse_str("builtin.module"));
  bool ok = fuse_pipeline_parse(run->ir, pm,
                                fuse_compile_passes(&run->arena, from, from + 1, run->job->target,
                                                    run->job->rewrite, run->job->keep),
                                NULL, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  ok = ok &&
       mlirLogicalResultIsSuccess(mlirPassManagerRunOnOp(pm, mlirModuleGetOperation(run->module)));
  mlirPassManagerDestroy(pm);
  return ok && save(run, from + 1);
}

static bool make_c(Run *run) {
  const char *path = run->paths[C];
  bool is_stdout = !strcmp(path, "-");
  const char *file = is_stdout ? "net.c" : base_name(path);
  FuseCOptions options = {.name = fuse_strndup(&run->arena, file, strlen(file) - 2),
                          .header = is_stdout ? NULL : base_name(run->paths[H]),
                          .weights = is_stdout ? FUSE_C_WEIGHTS_INSIDE : run->job->weights};
  tell(run, "writing C");
  if (!fuse_emit_c(run->ir, run->module, &options, &run->texts[C], &run->texts[H],
                   &run->texts[WEIGHTS]))
    return false;
  if (!run->texts[WEIGHTS].length)
    run->paths[WEIGHTS] = NULL;
  return true;
}

/* What comes of the rewritten module without the machine. */
static bool make_others(Run *run) {
  if (run->paths[C] && !make_c(run))
    return false;
  if (!run->paths[ONNX])
    return true;
  tell(run, "writing ONNX");
  return fuse_onnx_export(run->ir, run->module, &run->texts[ONNX]);
}

/* --host=forbid: each node of the host is an error, so that one run shows all of them. */
static bool check_host(const Run *run, const StosProgram *program) {
  FuseArena scratch = {0};
  size_t n = 0;
  if (!run->job->forbid_host)
    return true;
  FuseHostNode *nodes = fuse_host_nodes(&scratch, &run->object, program, &n);
  FuseOpList calls = fuse_ops_of(&scratch, mlirModuleGetOperation(run->module), "stos.host");
  for (size_t i = 0; i < n; i++) {
    FuseText name = {0};
    const StosNode *node = nodes[i].node;
    fuse_text_escaped(&name, node ? node->name : "", node ? strlen(node->name) : 0);
    fuse_loc_error(mlirOperationGetLocation(calls.ops[nodes[i].first]),
                   "'%s' (%s): needs the host: %s; expected every node on the machine",
                   name.data ? name.data : "", node ? node->op : "", nodes[i].reason);
    fuse_text_fini(&name);
  }
  fuse_arena_fini(&scratch);
  return n == 0;
}

static void make_images(Run *run) {
  StosImage image = {0};
  stos_object_image(&run->object, &image);
  run->texts[IMAGE_TEXT] = image.text;
  run->texts[IMAGE_DRAM] = image.dram;
  run->texts[IMAGE_MAP] = image.map;
}

static bool make_report(Run *run, FuseDiag *diag) {
  FuseReport report = {.network = base_name(run->input.name),
                       .rewrite = run->job->rewrite,
                       .file = &run->texts[STOS],
                       .object = &run->object,
                       .cycles = &run->summary->cycles};
  if (!run->job->report && !run->job->time)
    return true;
  tell(run, "counting cycles");
  return fuse_report(run->ir, &report, run->job->report ? &run->texts[REPORT] : NULL, diag);
}

static void fill_summary(const Run *run, const StosProgram *program) {
  *run->summary = (FuseCompileSummary){.scheduled = true,
                                       .commands = program->n,
                                       .text_bytes = run->object.text_bytes,
                                       .weights_bytes = run->object.weights_bytes,
                                       .arena_bytes = run->object.arena_bytes,
                                       .io_bytes = run->object.io_bytes,
                                       .host_calls = run->object.n_host};
}

/* Everything that comes of the scheduled module. */
static bool make_binaries(Run *run) {
  FuseDiag diag = {0};
  StosProgram program;
  tell(run, "checking the program");
  if (!fuse_make_object(run->ir, &run->arena, run->module, &run->object))
    return false;
  bool good = stos_object_program(&run->arena, &run->object, "", &program, &diag);
  FUSE_ASSERT(good); /* fuse_make_object has checked it */
  if (!check_host(run, &program))
    return false;
  fill_summary(run, &program);
  if (run->paths[MLIR])
    fuse_print_module(mlirModuleGetOperation(run->module), run->locations, &run->texts[MLIR]);
  if (run->folder)
    make_images(run);
  bool ok = stos_object_write(&run->object, &run->texts[STOS], &diag) && make_report(run, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  return ok;
}

/* ---- files ---- */

static bool write_all(Run *run) {
  FuseFileText files[N_FILES];
  FuseDiag diag = {0};
  size_t n = 0;
  bool made = false, ok = true;
  tell(run, "writing files");
  if (run->folder) {
    made = mkdir(run->folder, 0777) == 0;
    if (!made && errno != EEXIST)
      ok = fuse_diag_error(&diag, run->folder, "cannot create the folder: %s", strerror(errno));
  }
  for (int i = 0; i < N_FILES; i++)
    if (run->paths[i])
      files[n++] = (FuseFileText){run->paths[i], run->texts[i].data ? run->texts[i].data : "",
                                  run->texts[i].length};
  ok = ok && fuse_files_write(files, n, &diag);
  if (!ok) {
    fuse_diag_print(&diag);
    if (made)
      rmdir(run->folder);
  }
  return ok;
}

/* ---- all of it ---- */

static bool needs_schedule(const FuseCompile *job) {
  return job->emit[FUSE_EMIT_STOS] || job->emit[FUSE_EMIT_MLIR] || job->emit[FUSE_EMIT_IMAGE] ||
         job->report || job->forbid_host;
}

/* Read the input and bring it to tosa. The importer's errors don't keep the conversion from
 * reporting its own, so that one run lists all nodes that can't be taken, in the file's order. */
static bool read_input(Run *run, FuseLevel *level) {
  const FusePiece whole = {.data = run->input.file.data, .size_bytes = run->input.file.size_bytes};
  FuseOnnxOptions options = run->job->onnx;
  options.keep_refused = true;
  tell(run, "reading");
  run->module = fuse_input_parse(run->ir, &run->input, &whole, &options);
  if (mlirModuleIsNull(run->module) || !find_level(run, level))
    return false;
  if (run->check) {
    fuse_check_nodes(run->check, run->module);
    if (fuse_check_refused(run->check))
      fuse_check_cut(run->check, run->module);
  }
  run->locations = fuse_has_locations(mlirModuleGetOperation(run->module), run->input.name);
  if (*level != FUSE_LEVEL_ONNX && strcmp(run->job->keep, "none") != 0) {
    fuse_diag_say(FUSE_ERROR, run->input.name,
                  "--keep=%s: no value of an ONNX graph is in it; expected an ONNX model",
                  run->job->keep);
    return false;
  }
  return save(run, *level) && (*level != FUSE_LEVEL_ONNX || lower(run, (*level)++));
}

/* All that compile() does, for what it says of each node. */
static bool check_once(Run *run) {
  FuseLevel level;
  StosProgram program;
  FuseDiag diag = {0};
  bool ok = read_input(run, &level);
  for (; ok && level < FUSE_LEVEL_STOS; level++)
    ok = lower(run, level);
  ok = ok && fuse_make_object(run->ir, &run->arena, run->module, &run->object) &&
       stos_object_program(&run->arena, &run->object, "", &program, &diag);
  if (ok)
    fuse_check_commands(run->check, &run->object, &program);
  return ok;
}

/* Begin anew with the same file; false when that can't be read twice. */
static bool reopen(Run *run) {
  FuseDiag diag = {0};
  if (run->job->quantize || !strcmp(run->job->input, "-"))
    return false;
  if (mlirModuleIsNull(run->module))
    return false;
  mlirModuleDestroy(run->module);
  run->module = (MlirModule){NULL};
  fuse_ir_destroy(run->ir);
  run->ir = fuse_ir_create();
  fuse_input_close(&run->input);
  return fuse_input_open(run->job->input, &run->input, &diag);
}

/* While nodes are refused the others are compiled without them, which may show more that are. */
static bool check(Run *run) {
  size_t refused = 0;
  run->check = fuse_check_begin(&run->arena, run->job->forbid_host);
  fuse_check_listen(run->check, run->ir, false);
  bool ok = check_once(run);
  const bool read = !mlirModuleIsNull(run->module);
  while (read && !ok && fuse_check_refused(run->check) > refused && reopen(run)) {
    refused = fuse_check_refused(run->check);
    fuse_check_listen(run->check, run->ir, true);
    ok = check_once(run);
  }
  ok = fuse_check_end(run->check, ok, run->job->check,
                      read && run->job->report ? &run->texts[REPORT] : NULL);
  return (!read || write_all(run)) && ok;
}

static bool compile(Run *run) {
  FuseLevel level, last = needs_schedule(run->job) ? FUSE_LEVEL_STOS : FUSE_LEVEL_FUSE;
  FuseHold hold;
  fuse_hold_begin(&hold, run->ir);
  bool ok = read_input(run, &level);
  fuse_hold_end(&hold);
  if (!ok)
    return false;
  for (; level < last; level++) {
    if (!lower(run, level))
      return false;
    if (level + 1 == FUSE_LEVEL_FUSE && !make_others(run))
      return false;
  }
  return (last == FUSE_LEVEL_FUSE || make_binaries(run)) && write_all(run);
}

/* The model as it is, or quantised. The file that this makes is gone once it is open. */
static bool open_input(Run *run, FuseDiag *diag) {
  FuseQuantized made = {NULL, NULL};
  if (!run->job->quantize)
    return fuse_input_open(run->job->input, &run->input, diag);
  tell(run, "quantising");
  bool ok = fuse_quantize(&run->arena, run->job->input, run->job->quantize, &made, diag) &&
            fuse_input_open(made.path, &run->input, diag);
  fuse_quantized_remove(&made);
  return ok;
}

bool fuse_compile(const FuseCompile *job, FuseCompileSummary *summary) {
  Run run = {.job = job, .summary = summary};
  FuseDiag diag = {0};
  *summary = (FuseCompileSummary){0};
  /* The input first: that a .stos file isn't one is said, not that its output has its name. */
  bool ok = open_input(&run, &diag) && name_files(&run, &diag);
  if (!ok) {
    if (diag.set)
      fuse_diag_print(&diag);
  } else {
    run.ir = fuse_ir_create();
    ok = job->check ? check(&run) : compile(&run);
    if (!mlirModuleIsNull(run.module))
      mlirModuleDestroy(run.module);
    fuse_ir_destroy(run.ir);
  }
  fuse_input_close(&run.input);
  for (int i = 0; i < N_FILES; i++)
    fuse_text_fini(&run.texts[i]);
  fuse_arena_fini(&run.arena);
  return ok;
}
