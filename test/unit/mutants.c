// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* mutants.c - is the checker as sharp as the simulator? Compiled programs with one seeded defect
 * each.
 *
 *   mutants COUNT FILE.stos...
 *
 * Every file's own program must be legal and give the same outputs at each DRAM latency. Then COUNT
 * mutants, spread over the files: a token dropped or weakened, an address moved, a transfer
 * shortened, two commands swapped. A mutant is convicted when a run with --poison's checks fails,
 * when its outputs differ between latencies, or when it lacks nothing but a token and gives other
 * outputs than the original. Whom the runs convict the checker must refuse.
 *
 * A mutant with a moved address may be a legal program that computes something else; no judge of
 * streams can know what was meant. That is why its outputs are only compared with themselves.
 *
 * source: docs/machine.md, M-CTL-6, M-MEM-4, M-MEM-8
 */
#include <stdlib.h>

#include "fuse/check.h"
#include "fuse/file.h"
#include "fuse/runtime.h"
#include "unit.h"

/* ---- chance ---- */

static uint64_t state;

static uint64_t next(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state >> 33;
}

static size_t below(size_t n) {
  return (size_t)(next() % n);
}

/* ---- defects ---- */

typedef struct Mutant {
  StosCmd *cmds;
  size_t n;
  bool tokens_only; /* the commands do what the original's do, in its order */
  char what[160];
} Mutant;

static void remove_sync(StosCmd *cmd, int at) {
  bool wait = at < cmd->n_waits;
  int n = cmd->n_waits + cmd->n_signals;
  memmove(cmd->sync + at, cmd->sync + at + 1, (size_t)(n - at - 1) * sizeof *cmd->sync);
  cmd->sync[n - 1] = (StosSync){0};
  cmd->n_waits -= wait, cmd->n_signals -= !wait;
}

/* A command with at least one wait (signal); false when chance finds none. */
static bool find_synced(const Mutant *m, bool wait, size_t *at, int *sync) {
  for (int tries = 0; tries < 100; tries++) {
    *at = below(m->n);
    const StosCmd *cmd = &m->cmds[*at];
    int n = wait ? cmd->n_waits : cmd->n_signals;
    if (n == 0)
      continue;
    *sync = (wait ? 0 : cmd->n_waits) + (int)below((size_t)n);
    return true;
  }
  return false;
}

/* The signal that is the ordinal-th of its semaphore. */
static bool find_signal(const Mutant *m, uint8_t semaphore, int ordinal, size_t *at, int *sync) {
  for (*at = 0; *at < m->n; ++*at) {
    const StosCmd *cmd = &m->cmds[*at];
    for (*sync = cmd->n_waits; *sync < cmd->n_waits + cmd->n_signals; ++*sync)
      if (cmd->sync[*sync].semaphore == semaphore && ordinal-- == 0)
        return true;
  }
  return false;
}

/* A wait and the signal it waits for; every token has count 1 and level 0 in compiled programs. */
static bool drop_token(Mutant *m) {
  size_t waiter, signaller;
  int wait, signal, ordinal = 0;
  m->tokens_only = true;
  if (!find_synced(m, true, &waiter, &wait))
    return false;
  uint8_t semaphore = m->cmds[waiter].sync[wait].semaphore;
  for (size_t i = 0; i < waiter; i++)
    for (int k = 0; k < m->cmds[i].n_waits; k++)
      ordinal += m->cmds[i].sync[k].semaphore == semaphore;
  if (!find_signal(m, semaphore, ordinal, &signaller, &signal))
    return false;
  remove_sync(&m->cmds[waiter], wait);
  remove_sync(&m->cmds[signaller], signal);
  snprintf(m->what, sizeof m->what, "token %d of s%d dropped, from command %zu to %zu", ordinal,
           semaphore, signaller, waiter);
  return true;
}

/* Only one end of a token. */
static bool drop_end(Mutant *m) {
  size_t at;
  int sync;
  bool wait = below(2);
  m->tokens_only = true;
  if (!find_synced(m, wait, &at, &sync))
    return false;
  snprintf(m->what, sizeof m->what, "%s of s%d dropped in command %zu", wait ? "wait" : "signal",
           m->cmds[at].sync[sync].semaphore, at);
  remove_sync(&m->cmds[at], sync);
  return true;
}

/* DONE becomes READ: the signal comes when the operands were read, not when the result is there. */
static bool weaken_signal(Mutant *m) {
  size_t at;
  int sync;
  m->tokens_only = true;
  if (!find_synced(m, false, &at, &sync) || m->cmds[at].sync[sync].kind != STOS_SIGNAL_DONE)
    return false;
  m->cmds[at].sync[sync].kind = STOS_SIGNAL_READ;
  snprintf(m->what, sizeof m->what, "signal of s%d in command %zu is READ, was DONE",
           m->cmds[at].sync[sync].semaphore, at);
  return true;
}

/* A signal goes to the command before in the same queue: too early. */
static bool early_signal(Mutant *m) {
  size_t at, to;
  int sync;
  m->tokens_only = true;
  if (!find_synced(m, false, &at, &sync))
    return false;
  for (to = at; to-- > 0;)
    if (stos_cmd_queue(&m->cmds[to]) == stos_cmd_queue(&m->cmds[at]))
      break;
  if (to == SIZE_MAX || m->cmds[to].n_signals == STOS_MAX_SIGNALS)
    return false;
  StosSync moved = m->cmds[at].sync[sync];
  remove_sync(&m->cmds[at], sync);
  m->cmds[to].sync[m->cmds[to].n_waits + m->cmds[to].n_signals++] = moved;
  snprintf(m->what, sizeof m->what, "signal of s%d moved from command %zu to %zu", moved.semaphore,
           at, to);
  return true;
}

/* One of the named fields of a random command, changed by change(); false where it has none or
 * nothing changes. */
static bool change_field(Mutant *m, const char *const *names, size_t n_names,
                         int64_t (*change)(int64_t value)) {
  for (int tries = 0; tries < 100; tries++) {
    size_t at = below(m->n);
    const StosCmdInfo *info = stos_cmd_info(m->cmds[at].opcode);
    const char *name = names[below(n_names)];
    const StosField *field = stos_field_find(info, name, strlen(name));
    if (!field)
      continue;
    int i = (int)below(field->count);
    int64_t old = stos_field_get(&m->cmds[at], field, i), value = change(old);
    if (value == old || value < field->smallest || value > field->largest)
      continue;
    stos_field_set(&m->cmds[at], field, i, value);
    snprintf(m->what, sizeof m->what, "%s of command %zu (%s) is %lld, was %lld", name, at,
             info->name, (long long)value, (long long)old);
    return true;
  }
  return false;
}

static int64_t moved(int64_t value) {
  static const int64_t steps[] = {1, -1, 8, -8, 100, -100, 1000, -1000, 5000, -5000};
  return value + steps[below(FUSE_COUNTOF(steps))];
}

static bool move_address(Mutant *m) {
  static const char *const names[] = {"in", "left", "taps", "out", "res", "param", "chip", "dram"};
  return change_field(m, names, FUSE_COUNTOF(names), moved);
}

static bool move_stride(Mutant *m) {
  static const char *const names[] = {"in_line",     "in_block",    "out_line", "out_block",
                                      "chip_stride", "dram_stride", "res_line"};
  return change_field(m, names, FUSE_COUNTOF(names), moved);
}

static int64_t shortened(int64_t value) {
  return below(2) ? value - 1 : value / 2;
}

static bool shorten(Mutant *m) {
  static const char *const names[] = {"run", "n"};
  return change_field(m, names, FUSE_COUNTOF(names), shortened);
}

/* Two commands that follow each other in their queue, with their tokens or under each other's. */
static bool swap_commands(Mutant *m) {
  size_t a = below(m->n), b = a + 1;
  while (b < m->n && stos_cmd_queue(&m->cmds[b]) != stos_cmd_queue(&m->cmds[a]))
    b++;
  if (b >= m->n || stos_cmd_queue(&m->cmds[a]) == STOS_QUEUE_CONTROL)
    return false;
  StosCmd x = m->cmds[a], y = m->cmds[b];
  bool bare = below(2);
  m->cmds[a] = y, m->cmds[b] = x;
  if (bare) {
    m->cmds[a].n_waits = x.n_waits, m->cmds[a].n_signals = x.n_signals;
    m->cmds[b].n_waits = y.n_waits, m->cmds[b].n_signals = y.n_signals;
    memcpy(m->cmds[a].sync, x.sync, sizeof x.sync);
    memcpy(m->cmds[b].sync, y.sync, sizeof y.sync);
  }
  snprintf(m->what, sizeof m->what, "commands %zu and %zu swapped%s", a, b,
           bare ? ", their tokens not" : "");
  return true;
}

static bool (*const defects[])(Mutant *m) = {
    drop_token,   drop_token,   drop_end,    weaken_signal, early_signal,
    move_address, move_address, move_stride, shorten,       swap_commands};

/* ---- runs ---- */

static const uint32_t latencies[] = {100, 1, 700};
enum { N_RUNS = FUSE_COUNTOF(latencies) };

typedef struct Outputs {
  FuseText runs[N_RUNS]; /* all outputs' bytes; empty where the run failed */
  FuseDiag diag;         /* of the first run that failed */
} Outputs;

static void outputs_fini(Outputs *o) {
  for (int i = 0; i < N_RUNS; i++)
    fuse_text_fini(&o->runs[i]);
}

static bool same(const FuseText *a, const FuseText *b) {
  return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

static bool run_once(FuseArena *arena, const StosObject *object, FuseText *values, FuseDiag *diag) {
  FuseText file = {0};
  FuseRuntime *runtime = NULL;
  bool ok = stos_object_write(object, &file, diag) &&
            (runtime = fuse_runtime_open((const uint8_t *)file.data, file.length, "mutant", diag));
  for (uint32_t i = 0; i < object->n_inputs && ok; i++)
    ok = fuse_runtime_set_noise(runtime, i, 1, diag);
  ok = ok && fuse_runtime_run(runtime, &(FuseRunOptions){.poison = true}, diag);
  for (uint32_t i = 0; i < object->n_outputs && ok; i++) {
    FuseTensor t;
    ok = fuse_runtime_get_output(runtime, arena, i, &t, diag);
    fuse_text_append(values, t.data, t.size_bytes);
  }
  fuse_runtime_close(runtime);
  fuse_text_fini(&file);
  return ok;
}

static bool run_all(FuseArena *arena, StosObject object, Outputs *outputs) {
  bool ok = true;
  for (int i = 0; i < N_RUNS && ok; i++) {
    object.target.dram_latency = latencies[i];
    ok = run_once(arena, &object, &outputs->runs[i], &outputs->diag);
  }
  return ok;
}

/* What convicts the mutant; NULL when nothing does. */
static const char *convict(FuseArena *arena, const StosObject *object, const Mutant *m,
                           const FuseText *original) {
  Outputs outputs = {0};
  const char *why = NULL;
  if (!run_all(arena, *object, &outputs))
    why = fuse_strdup(arena, outputs.diag.message);
  for (int i = 1; i < N_RUNS && !why; i++)
    if (!same(&outputs.runs[0], &outputs.runs[i]))
      why = "the outputs depend on the latency";
  if (!why && m->tokens_only && !same(&outputs.runs[0], original))
    why = "other outputs than with all tokens";
  outputs_fini(&outputs);
  return why;
}

/* ---- a file ---- */

typedef struct Counts {
  size_t mutants, convicted, refused, escaped;
} Counts;

/* The object with the mutant's commands; false when they can't be encoded, which is no mutant. */
static bool encode(FuseArena *arena, const StosObject *object, const Mutant *m, StosObject *out) {
  uint8_t *text = fuse_alloc_array(arena, m->n, STOS_MAX_CMD_BYTES);
  *out = *object;
  out->text = text, out->text_bytes = 0;
  out->n_ranges = out->n_nodes = 0; /* swapped commands have other offsets */
  for (size_t i = 0; i < m->n; i++) {
    FuseDiag diag = {0};
    size_t bytes = stos_encode(&m->cmds[i], text + out->text_bytes, &diag);
    if (bytes == 0)
      return false;
    out->text_bytes += bytes;
  }
  return true;
}

static bool make_mutant(FuseArena *arena, const StosObject *object, const StosProgram *program,
                        Mutant *m, StosObject *mutated) {
  *m = (Mutant){.n = program->n};
  m->cmds = fuse_memdup(arena, program->cmds, program->n * sizeof *program->cmds);
  return defects[below(FUSE_COUNTOF(defects))](m) && encode(arena, object, m, mutated);
}

static void try_mutants(const StosObject *object, const StosProgram *program, const char *place,
                        const FuseText *original, size_t count, Counts *counts) {
  FuseArena arena = {0};
  while (count > 0) {
    Mutant m;
    StosObject mutated;
    FuseDiag diag = {0};
    fuse_arena_reset(&arena);
    if (!make_mutant(&arena, object, program, &m, &mutated))
      continue;
    count--;
    bool legal = stos_check_object(&arena, &mutated, "mutant", &diag);
    const char *why = convict(&arena, &mutated, &m, original);
    counts->mutants++, counts->refused += !legal, counts->convicted += why != NULL;
    if (!legal || !why)
      continue;
    counts->escaped++;
    fprintf(stderr, "%s: escaped: %s\n  convicted by: %s\n", place, m.what, why);
  }
  fuse_arena_fini(&arena);
}

static void try_file(const char *path, size_t count, Counts *counts) {
  FuseArena arena = {0};
  FuseDiag diag = {0};
  FuseFile file = {0};
  StosObject object;
  StosProgram program;
  Outputs outputs = {0};
  bool ok = fuse_file_open(path, &file, &diag) &&
            stos_object_read(&arena, file.data, file.size_bytes, path, &object, &diag) &&
            stos_object_program(&arena, &object, path, &program, &diag) &&
            stos_check_object(&arena, &object, path, &diag) && run_all(&arena, object, &outputs);
  const char *message = diag.set ? diag.message : outputs.diag.message;
  if (!ok)
    fprintf(stderr, "%s: %s\n", path, message);
  CHECK(ok);
  for (int i = 1; i < N_RUNS && ok; i++)
    CHECK(same(&outputs.runs[0], &outputs.runs[i]));
  if (ok)
    try_mutants(&object, &program, path, &outputs.runs[0], count, counts);
  outputs_fini(&outputs);
  fuse_file_close(&file);
  fuse_arena_fini(&arena);
}

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  size_t count = strtoull(argv[1], NULL, 10), n_files = (size_t)argc - 2;
  Counts counts = {0};
  for (size_t i = 0; i < n_files; i++) {
    state = 12345 + i;
    try_file(argv[2 + i], (count + n_files - 1 - i) / n_files, &counts);
  }
  printf("%zu mutants: %zu convicted, %zu refused by the checker, %zu escaped\n", counts.mutants,
         counts.convicted, counts.refused, counts.escaped);
  CHECK(counts.mutants == count);
  CHECK(counts.convicted * 4 > counts.mutants); /* else the defects are no defects */
  CHECK(counts.escaped == 0);
  return unit_result();
}
