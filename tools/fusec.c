// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fusec.c - the compiler: a network in, an object file out.
 *
 *   fusec net.onnx                     net.stos for stosx-16
 *   fusec net.onnx --target=os-16 --emit=stos,c --report=net.json -o out/net.stos
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuse/driver.h"

#define SILENT_SECONDS 0.5 /* work that is no longer doesn't show its progress */

static const FuseFlag flags[] = {
    {FUSE_FLAG_VALUE, "o", "FILE",
     "the output; default: the input's name with .stos, in the current folder"},
    {FUSE_FLAG_VALUE, "target", "NAME|FILE",
     "os-N, stos-N, stosx-N (N = 8, 16, 32, 64) or a JSON file; default: stosx-16"},
    {FUSE_FLAG_VALUE, "rewrite", "MODE",
     "what becomes of depthwise layers, as in fuse-rewrite; default: exact"},
    {FUSE_FLAG_VALUE, "emit", "LIST",
     "some of stos, c, mlir, onnx, image; default: stos. The files share the stem of -o"},
    {FUSE_FLAG_VALUE, "dim", "NAME=SIZE",
     "size of a symbolic input dimension (batch=1), or of dimension 0 of an input (image:0=1)"},
    {FUSE_FLAG_VALUE, "value", "INPUT=FILE",
     "an input that is known: it becomes a constant, a tensor of FILE (.npy or ONNX .pb)"},
    {FUSE_FLAG_VALUE, "weights", "inside|file",
     "where the C program has its constants (default: inside up to 1 MiB)"},
    {FUSE_FLAG_VALUE, "quantize", "SAMPLES.npz",
     "quantise a float model first: ONNX Runtime's quantiser, as python -m fuse.quantize"},
    {FUSE_FLAG_VALUE, "keep", "all|NAME,...",
     "values of the ONNX graph that the C program keeps; outputs more of anything else"},
    {FUSE_FLAG_VALUE, "host", "allow|forbid",
     "may nodes run on the host? forbid: each is an error; default: allow"},
    {FUSE_FLAG_SWITCH, "check", NULL,
     "write no program, but which nodes run on the machine, which on the host, and which can't be "
     "taken and why; status 0 if all can"},
    {FUSE_FLAG_VALUE, "report", "FILE.json",
     "sizes, cycles per layer, what the rewrite did, what the host does"},
    {FUSE_FLAG_SWITCH, "save-temps", NULL,
     "write the module after each stage: STEM.1-onnx.mlir ... STEM.5-stos.mlir"},
    {FUSE_FLAG_SWITCH, "v", NULL, "say what was made"},
    {FUSE_FLAG_END},
};

static const FuseTool tool = {
    .name = "fusec",
    .usage = "NET [-o FILE] [flags]",
    .summary =
        "Compile a network (an ONNX model, or .mlir text or bytecode of tosa ops, told apart\n"
        "by content) for a systolic array. fusec dir/net.onnx writes net.stos here.",
    .flags = flags,
};

/* ---- progress ---- */

typedef struct Progress {
  struct timespec start;
  bool shown;
} Progress;

static double seconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void show_progress(const char *stage, void *user) {
  Progress *progress = user;
  if (seconds_since(&progress->start) < SILENT_SECONDS)
    return;
  /* Back to the line's begin, so that an error overwrites it. */
  fprintf(stderr, "\033[Kfusec: %s ...\r", stage);
  progress->shown = true;
}

static void clear_progress(const Progress *progress) {
  if (progress->shown)
    fputs("\033[K", stderr);
}

/* ---- flags ---- */

/* A value that must be one of two; which one, or -1 after an error. */
static int choose(const FuseArgs *args, const char *flag, const char *fallback, const char *first,
                  const char *second, int *status) {
  const char *value = fuse_args_value(args, flag, fallback);
  if (!strcmp(value, first))
    return 0;
  if (!strcmp(value, second))
    return 1;
  *status = fuse_usage_error(&tool, "--%s=%s; expected %s or %s", flag, value, first, second);
  return -1;
}

static bool check_rewrite(const char *mode, int *status) {
  static const char *const modes[] = {"recognize", "exact", "half", "full"};
  for (size_t i = 0; i < FUSE_COUNTOF(modes); i++)
    if (!strcmp(mode, modes[i]))
      return true;
  *status = fuse_usage_error(&tool, "--rewrite=%s; expected recognize, exact, half or full", mode);
  return false;
}

/* A name that is neither a preset nor a file is a wrong flag; what is wrong inside a file isn't. */
static bool check_target(const char *target, int *status) {
  StosTarget numbers;
  FuseDiag diag = {0};
  if (!strcmp(target, "-")) {
    *status = fuse_usage_error(&tool, "--target=-; expected a preset or a file");
    return false;
  }
  if (stos_target_load(target, &numbers, &diag))
    return true;
  if (access(target, F_OK) != 0)
    *status = fuse_usage_error(&tool, "--target=%s: %s", diag.place, diag.message);
  else
    fuse_diag_print(&diag), *status = 1;
  return false;
}

static bool parse_outputs(FuseArena *arena, const FuseArgs *args, FuseCompile *job, int *status) {
  FuseDiag diag = {0};
  int first = 0, n = 0;
  if (!fuse_emit_parse(fuse_args_value(args, "emit", "stos"), job->emit, &diag)) {
    *status = fuse_usage_error(&tool, "%s", diag.message);
    return false;
  }
  for (int i = FUSE_N_EMITS; i-- > 0;)
    if (job->emit[i])
      first = i, n++;
  job->output = fuse_args_value(args, "o", NULL);
  if (!job->output && !strcmp(job->input, "-"))
    *status = fuse_usage_error(&tool, "no name for the output of standard input; expected -o FILE");
  else if (!job->output)
    job->output = fuse_default_output(arena, job->input, fuse_emit_name((FuseEmit)first));
  else if (!strcmp(job->output, "-") && (n > 1 || job->save_temps || job->emit[FUSE_EMIT_IMAGE] ||
                                         job->weights == FUSE_C_WEIGHTS_FILE))
    *status = fuse_usage_error(&tool, "-o - with several files to write; expected a name");
  return *status == 0;
}

/* --check writes no program. */
static bool check_alone(const FuseArgs *args, FuseCompile *job, int *status) {
  static const char *const others[] = {"o", "emit", "keep", "weights"};
  for (size_t i = 0; i < FUSE_COUNTOF(others); i++)
    if (fuse_args_value(args, others[i], NULL))
      *status = fuse_usage_error(&tool, "--check beside -%s%s; expected one of them",
                                 others[i][1] ? "-" : "", others[i]);
  if (job->save_temps)
    *status = fuse_usage_error(&tool, "--check beside --save-temps; expected one of them");
  job->output = ""; /* there is none */
  return *status == 0;
}

static bool parse(FuseArena *arena, FuseArgs *args, FuseCompile *job, FuseText *checked,
                  int *status) {
  static const FuseCWeights places[] = {FUSE_C_WEIGHTS_INSIDE, FUSE_C_WEIGHTS_FILE};
  if (!fuse_args_input(&tool, args, NULL, &job->input) ||
      !fuse_args_onnx(arena, &tool, args, &job->onnx)) {
    *status = args->status;
    return false;
  }
  if (!job->input) {
    *status = fuse_usage_error(&tool, "no network; expected NET.onnx (see fusec --help)");
    return false;
  }
  job->target = fuse_args_value(args, "target", "stosx-16");
  job->rewrite = fuse_args_value(args, "rewrite", "exact");
  job->check = fuse_args_switch(args, "check", false) ? checked : NULL;
  job->quantize = fuse_args_value(args, "quantize", NULL);
  if (job->quantize && !strcmp(job->input, "-"))
    *status = fuse_usage_error(&tool, "--quantize of standard input; expected a file");
  job->keep = fuse_args_value(args, "keep", "none");
  job->report = fuse_args_value(args, "report", NULL);
  job->save_temps = fuse_args_switch(args, "save-temps", false);
  job->time = fuse_args_switch(args, "v", false);
  int host = choose(args, "host", "allow", "allow", "forbid", status);
  if (fuse_args_value(args, "weights", NULL)) {
    int place = choose(args, "weights", "", "inside", "file", status);
    job->weights = place < 0 ? FUSE_C_WEIGHTS_AUTO : places[place];
  }
  job->forbid_host = host == 1;
  return *status == 0 && check_rewrite(job->rewrite, status) &&
         (job->check ? check_alone(args, job, status) : parse_outputs(arena, args, job, status)) &&
         check_target(job->target, status);
}

/* ---- main ---- */

static void print_summary(const FuseCompile *job, const FuseCompileSummary *s) {
  if (!s->scheduled)
    fprintf(stderr, "fusec: %s\n", job->output);
  else
    fprintf(stderr,
            "fusec: %s: %s, %s: %zu commands in %zu bytes, %zu bytes of weights, %" PRIu64
            " of arena, %" PRIu64 " of I/O, %" PRIu32 " host calls, %" PRIu64 " cycles\n",
            job->output, job->target, job->rewrite, s->commands, s->text_bytes, s->weights_bytes,
            s->arena_bytes, s->io_bytes, s->host_calls, s->cycles);
}

/* What --check found, which there is also of a network that can't be compiled. */
static bool print_checked(FuseText *owned_text) {
  FuseDiag diag = {0};
  bool ok =
      !owned_text->length || fuse_file_write("-", owned_text->data, owned_text->length, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  fuse_text_fini(owned_text);
  return ok;
}

static int run(FuseArena *arena, int argc, char **argv) {
  FuseArgs args;
  FuseCompile job = {0};
  FuseCompileSummary summary;
  FuseText checked = {0};
  Progress progress = {0};
  int status = 0;
  if (!fuse_args_parse(arena, &tool, argc, argv, &args))
    return args.status;
  if (!parse(arena, &args, &job, &checked, &status))
    return status;
  if (isatty(STDERR_FILENO)) {
    clock_gettime(CLOCK_MONOTONIC, &progress.start);
    job.progress = show_progress;
    job.user = &progress;
  }
  bool ok = fuse_compile(&job, &summary);
  clear_progress(&progress);
  if (ok && job.time && !job.check)
    print_summary(&job, &summary);
  ok = print_checked(&checked) && ok;
  return ok ? 0 : 1;
}

int main(int argc, char **argv) {
  FuseArena arena = {0};
  fuse_tool_init();
  int status = run(&arena, argc, argv);
  fuse_arena_fini(&arena);
  return status;
}
