// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuse-sim.c - run a .stos program on the simulator.
 *
 *   fuse-sim net.stos --input x.npy --output-dir out
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuse/cli.h"
#include "fuse/runtime.h"

#define NOISE_SEED 1

static const FuseFlag flags[] = {
    {FUSE_FLAG_VALUE, "input", "[NAME=]FILE",
     "a tensor for input NAME (.npy or ONNX .pb), or for the next one; may be repeated"},
    {FUSE_FLAG_VALUE, "output-dir", "DIR", "write DIR/NAME.npy per output"},
    {FUSE_FLAG_VALUE, "json", "FILE", "write the statistics as JSON (-: standard output)"},
    {FUSE_FLAG_SWITCH, "timing-only", NULL, "compute cycles, no values"},
    {FUSE_FLAG_SWITCH, "poison", NULL,
     "memories start as garbage; report reads of unwritten words and races"},
    {FUSE_FLAG_END},
};

static const FuseTool tool = {
    .name = "fuse-sim",
    .usage = "[flags] NET.stos",
    .summary = "Run a compiled network on the simulated machine: outputs and cycles.\n"
               "Inputs without --input are seeded noise.",
    .flags = flags,
};

/* ---- inputs ---- */

/* Split "NAME=FILE" when NAME is an input; else all of it is the file. */
static const char *split_name(FuseArena *arena, const FuseRuntime *runtime, const char *value,
                              int *input) {
  *input = -1;
  for (const char *equals = strchr(value, '='); equals; equals = strchr(equals + 1, '=')) {
    *input = fuse_runtime_find_input(runtime, fuse_strndup(arena, value, (size_t)(equals - value)));
    if (*input >= 0)
      return equals + 1;
  }
  return value;
}

/* NAME= in front of a file, but there is no such input: the file itself may have a '=' in its name.
 */
static bool check_name(const FuseRuntime *runtime, const char *value, FuseDiag *diag) {
  const StosObject *object = fuse_runtime_object(runtime);
  const char *equals = strchr(value, '=');
  if (!equals || access(value, F_OK) == 0)
    return true;
  FuseText text = {0};
  fuse_text_puts(&text, "no input '");
  fuse_text_escaped(&text, value, (size_t)(equals - value));
  fuse_text_puts(&text, "'; expected one of:");
  for (uint32_t i = 0; i < object->n_inputs; i++) {
    fuse_text_puts(&text, i ? ", '" : " '");
    fuse_text_escaped(&text, object->inputs[i].name, strlen(object->inputs[i].name));
    fuse_text_puts(&text, "'");
  }
  fuse_diag_error(diag, value, "%s", text.data);
  fuse_text_fini(&text);
  return false;
}

static int next_unset(const bool *set, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!set[i])
      return (int)i;
  return -1;
}

static bool read_input(FuseArena *arena, FuseRuntime *runtime, const char *value, bool *set,
                       FuseDiag *diag) {
  uint32_t n = fuse_runtime_object(runtime)->n_inputs;
  FuseTensor tensor;
  const char *name;
  int input;
  const char *path = split_name(arena, runtime, value, &input);
  if ((input < 0 && !check_name(runtime, value, diag)) ||
      !fuse_tensor_read(arena, path, &tensor, &name, diag))
    return false;
  if (input < 0 && *name)
    input = fuse_runtime_find_input(runtime, name);
  if (input < 0)
    input = next_unset(set, n);
  if (input < 0)
    return fuse_diag_error(diag, path, "one tensor more than the network has inputs; expected %u",
                           n);
  if (set[input])
    return fuse_diag_error(diag, path, "a second tensor for input %d; expected one", input);
  set[input] = true;
  return fuse_runtime_set_input(runtime, (uint32_t)input, &tensor, diag);
}

static bool read_inputs(FuseArena *arena, FuseRuntime *runtime, const FuseArgs *args,
                        bool timing_only, FuseDiag *diag) {
  const StosObject *object = fuse_runtime_object(runtime);
  bool *set = fuse_alloc_array(arena, object->n_inputs, sizeof *set);
  for (size_t i = 0; i < args->n; i++)
    if (args->args[i].flag && !strcmp(args->args[i].flag->name, "input") &&
        !read_input(arena, runtime, args->args[i].value, set, diag))
      return false;
  for (uint32_t i = 0; i < object->n_inputs && !timing_only; i++) {
    if (set[i])
      continue;
    FuseText text = {0};
    fuse_text_printf(&text, "input '");
    fuse_text_escaped(&text, object->inputs[i].name, strlen(object->inputs[i].name));
    fuse_text_printf(&text, "' is noise (seed %d); give a tensor with --input", NOISE_SEED);
    fuse_diag_emit(FUSE_NOTE, "", text.data);
    fuse_text_fini(&text);
    if (!fuse_runtime_set_noise(runtime, i, NOISE_SEED, diag))
      return false;
  }
  return true;
}

/* ---- outputs ---- */

static bool make_dir(const char *path, FuseDiag *diag) {
  struct stat st;
  if (mkdir(path, 0777) == 0)
    return true;
  int why = errno;
  if (why == EEXIST && stat(path, &st) == 0)
    return S_ISDIR(st.st_mode) ||
           fuse_diag_error(diag, path, "not a folder; expected one for the outputs");
  return fuse_diag_error(diag, path, "cannot make the folder: %s", strerror(why));
}

/* A file name for an output: what may mean something to a shell or a file system becomes '_'. */
static char *file_name(FuseArena *arena, const char *folder, const char *name) {
  char *safe = fuse_strdup(arena, name);
  for (char *c = safe; *c; c++)
    if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
      *c = '_';
  if (*safe == '.' || *safe == '-')
    *safe = '_';
  return fuse_format(arena, "%s/%s", folder, *safe ? safe : "_");
}

static bool write_outputs(FuseArena *arena, FuseRuntime *runtime, const char *folder,
                          FuseDiag *diag) {
  const StosObject *object = fuse_runtime_object(runtime);
  const char **paths = fuse_alloc_array(arena, object->n_outputs, sizeof *paths);
  if (!make_dir(folder, diag))
    return false;
  for (uint32_t i = 0; i < object->n_outputs; i++) {
    FuseTensor tensor;
    char *stem = file_name(arena, folder, object->outputs[i].name);
    paths[i] = fuse_format(arena, "%s.npy", stem);
    for (uint32_t k = 0; k < i; k++) /* different names, the same file: number them */
      if (!strcmp(paths[k], paths[i]))
        paths[i] = fuse_format(arena, "%s.%u.npy", stem, i);
    if (!fuse_runtime_get_output(runtime, arena, i, &tensor, diag) ||
        !fuse_npy_write(paths[i], &tensor, diag))
      return false;
  }
  return true;
}

static bool write_reports(const FuseRuntime *runtime, const char *json, FuseDiag *diag) {
  FuseText text = {0};
  if (!json || strcmp(json, "-") != 0) {
    fuse_runtime_report(runtime, &text);
    fwrite(text.data, 1, text.length, stdout);
  }
  fuse_text_fini(&text);
  if (!json)
    return fuse_stdout_flush(diag);
  fuse_runtime_report_json(runtime, &text);
  bool ok = fuse_stdout_flush(diag) && fuse_file_write(json, text.data, text.length, diag);
  fuse_text_fini(&text);
  return ok;
}

/* ---- main ---- */

static bool simulate(FuseArena *arena, const FuseArgs *args, const FuseFile *file,
                     const char *place, FuseDiag *diag) {
  FuseRunOptions options = {.timing_only = fuse_args_switch(args, "timing-only", false),
                            .poison = fuse_args_switch(args, "poison", false)};
  const char *folder = fuse_args_value(args, "output-dir", NULL);
  FuseRuntime *runtime = fuse_runtime_open(file->data, file->size_bytes, place, diag);
  bool ok = runtime && read_inputs(arena, runtime, args, options.timing_only, diag) &&
            fuse_runtime_run(runtime, &options, diag) &&
            (!folder || write_outputs(arena, runtime, folder, diag)) &&
            write_reports(runtime, fuse_args_value(args, "json", NULL), diag);
  fuse_runtime_close(runtime);
  return ok;
}

/* An --input that names no file; NULL when each does. */
static const char *input_without_file(const FuseArgs *args) {
  for (size_t i = 0; i < args->n; i++) {
    const FuseArg *arg = &args->args[i];
    if (arg->flag && !strcmp(arg->flag->name, "input") &&
        arg->value[strlen(arg->value) - 1] == '=' && access(arg->value, F_OK) != 0)
      return arg->value;
  }
  return NULL;
}

static int run(FuseArena *arena, int argc, char **argv) {
  FuseArgs args;
  FuseFile file;
  FuseDiag diag = {0};
  const char *input;
  if (!fuse_args_parse(arena, &tool, argc, argv, &args))
    return args.status;
  if (!fuse_args_input(&tool, &args, NULL, &input))
    return args.status;
  if (!input)
    return fuse_usage_error(&tool, "no program; expected NET.stos");
  if (fuse_args_switch(&args, "timing-only", false) && fuse_args_value(&args, "output-dir", NULL))
    return fuse_usage_error(&tool, "--output-dir with --timing-only; there are no values to write");
  const char *nameless = input_without_file(&args);
  if (nameless)
    return fuse_usage_error(&tool, "--input=%s; expected [NAME=]FILE", nameless);
  if (!fuse_file_not_input(fuse_args_value(&args, "json", NULL), input, &diag) ||
      !fuse_file_open(input, &file, &diag)) {
    fuse_diag_print(&diag);
    return 1;
  }
  bool ok = simulate(arena, &args, &file, input, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  fuse_file_close(&file);
  return ok ? 0 : 1;
}

int main(int argc, char **argv) {
  FuseArena arena = {0};
  fuse_tool_init();
  int status = run(&arena, argc, argv);
  fuse_arena_fini(&arena);
  return status;
}
