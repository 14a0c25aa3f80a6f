// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* random_program.c - legal programs of several commands in all queues.
 *
 * Commands that share memory, or a section that both read (M-MEM-4), are ordered by a DONE signal
 * of the first and a wait of the second. On top come tokens that nothing needs, at any levels: they
 * change the timing only. Every wait is for a command before it, so nothing can lock up. */
#include <string.h>

#include "random_private.h"

#define below(n) random_below(&g->random, n)
#define between(a, b) random_between(&g->random, a, b)

/* What a command touches, as bits: 16 sections, then what may be read side by side. */
enum { PARAMS = 1 << 16, TABLES = 1 << 17, REGION = 1 << 18, SECTIONS = PARAMS - 1 };

typedef struct Uses {
  uint32_t reads[3]; /* by stream */
  uint32_t writes;
} Uses;

typedef struct Plan {
  Gen *g;
  StosProgram *program;
  Uses uses[RANDOM_MAX_COMMANDS];
  size_t segment; /* first command after the last barrier */
  int next_semaphore;
} Plan;

static size_t add(Plan *plan, const StosCmd *cmd) {
  StosProgram *p = plan->program;
  FUSE_ASSERT(p->n < RANDOM_MAX_COMMANDS);
  p->cmds[p->n] = *cmd;
  return p->n++;
}

static void add_barrier(Plan *plan) {
  StosCmd barrier = stos_cmd_init(STOS_CMD_BARRIER);
  add(plan, &barrier);
  plan->segment = plan->program->n;
  plan->next_semaphore = 16;
}

/* ---- who touches what ---- */

static uint32_t sections(const Gen *g, int role) {
  const StosTarget *t = &g->out->target;
  uint32_t each = t->sections / 4, first = (uint32_t)(role + g->rotate) % 4 * each;
  return ((1u << each) - 1) << first;
}

/* Streams of the command that gen_command has just made. */
static Uses uses_of(const Gen *g, const StosCmd *cmd) {
  Uses u = {{0}, 0};
  if (cmd->opcode == STOS_CMD_LOAD || cmd->opcode == STOS_CMD_STORE) {
    bool load = cmd->opcode == STOS_CMD_LOAD;
    uint32_t chip = cmd->load.space == STOS_SPACE_PARAM ? PARAMS
                    : cmd->load.space == STOS_SPACE_LUT ? TABLES
                                                        : sections(g, load ? 3 : 0);
    uint32_t dram = cmd->load.fill ? 0 : (uint32_t)REGION << cmd->load.region;
    u.reads[0] = load ? dram : chip;
    u.writes = load ? chip : dram;
    return u;
  }
  bool conv = cmd->opcode == STOS_CMD_CONV1D;
  u.reads[conv ? 1 : 0] = sections(g, 0);
  u.reads[conv ? 0 : 1] = cmd->opcode == STOS_CMD_VECTOR ? 0 : sections(g, 1);
  bool residual = cmd->opcode == STOS_CMD_GEMM ? cmd->gemm.res_use
                  : conv                       ? cmd->conv1d.res_use
                                               : cmd->vector.res_use;
  u.reads[2] = (residual ? sections(g, 2) : 0) | PARAMS | TABLES;
  u.writes = sections(g, 3);
  return u;
}

/* Whether command j has to wait until command i, before it, is done. */
static bool ordered(const Plan *plan, size_t i, size_t j) {
  const StosCmd *cmds = plan->program->cmds;
  const Uses *a = &plan->uses[i], *b = &plan->uses[j];
  bool same_queue = stos_cmd_queue(&cmds[i]) == stos_cmd_queue(&cmds[j]);
  uint32_t ra = a->reads[0] | a->reads[1] | a->reads[2];
  uint32_t rb = b->reads[0] | b->reads[1] | b->reads[2];
  if (!same_queue)
    return (a->writes & (rb | b->writes)) || (ra & b->writes) || (ra & rb & SECTIONS);
  if (stos_cmd_queue(&cmds[i]) == STOS_QUEUE_STORE)
    return false;
  for (int s = 0; s < 3; s++)
    for (int k = 0; k < 3; k++)
      if (s != k && a->reads[s] & b->reads[k] & SECTIONS)
        return true;
  return a->writes & rb;
}

/* ---- tokens ---- */

static int64_t product(const uint16_t *n, int count) {
  int64_t result = 1;
  for (int i = 0; i < count; i++)
    result *= n[i];
  return result;
}

/* How often the iteration of a level ends in a command. */
static int64_t iterations(const StosTarget *t, const StosCmd *cmd, int level) {
  int64_t groups = stos_row_groups(t);
  switch (cmd->opcode) {
  case STOS_CMD_GEMM: {
    const StosCmd_gemm *x = &cmd->gemm;
    int64_t n = product(x->o, level < 3 ? level : 3);
    if (level >= 4)
      n *= fuse_ceil_div(x->rows_total, t->rows);
    if (level == 5)
      n *= x->wrap ? fuse_ceil_div((int64_t)x->ny * x->nx, x->tile)
                   : x->ny * fuse_ceil_div(x->nx, x->tile);
    return n;
  }
  case STOS_CMD_CONV1D: return product(cmd->conv1d.o, level);
  case STOS_CMD_VECTOR: {
    const StosCmd_vector *x = &cmd->vector;
    int64_t lines = level == 3 || (level == 1 && x->across) ? x->ny : 1;
    if (!x->across)
      return product(x->o, level < 2 ? level : 2) * lines;
    int64_t chunks = level == 1 ? x->nx * fuse_ceil_div(x->o[0], groups) : 1;
    return level == 0 ? 1 : x->o[1] * lines * chunks;
  }
  case STOS_CMD_LOAD: return product(cmd->load.n, level);
  case STOS_CMD_STORE: return product(cmd->store.n, level);
  default: return 1;
  }
}

static int64_t divisor(int64_t a, int64_t b) {
  return b == 0 ? a : divisor(b, a % b);
}

/* Waits stand before signals in `sync`. */
static void add_wait(StosCmd *cmd, StosSync sync) {
  memmove(&cmd->sync[cmd->n_waits + 1], &cmd->sync[cmd->n_waits],
          cmd->n_signals * sizeof *cmd->sync);
  cmd->sync[cmd->n_waits++] = sync;
}

static void add_signal(StosCmd *cmd, StosSync sync) {
  cmd->sync[cmd->n_waits + cmd->n_signals++] = sync;
}

static void needed_token(Plan *plan, size_t i, size_t j) {
  Gen *g = plan->g;
  StosCmd *a = &plan->program->cmds[i], *b = &plan->program->cmds[j];
  StosSync sync = {.semaphore = (uint8_t)(4 * stos_cmd_queue(a) + stos_cmd_queue(b)),
                   .kind = STOS_SIGNAL_DONE,
                   .count = (uint16_t)between(1, 3)};
  FUSE_ASSERT(a->n_signals < STOS_MAX_SIGNALS && b->n_waits < STOS_MAX_WAITS);
  add_signal(a, sync);
  sync.kind = STOS_WAIT;
  add_wait(b, sync);
}

/* Order command j, the last one, behind what it shares memory with. Signals of one queue to another
 * come in the order of their waits, so the latest command of each queue is enough (of a chain: its
 * end, which touches what its chunks do). */
static void add_needed(Plan *plan, size_t j, size_t latest[4][4]) {
  StosQueue to = stos_cmd_queue(&plan->program->cmds[j]);
  for (int from = 0; from < STOS_N_QUEUES; from++) {
    size_t found = 0;
    for (size_t i = plan->segment; i < j; i++)
      if (stos_cmd_queue(&plan->program->cmds[i]) == (StosQueue)from && ordered(plan, i, j))
        found = i + 1;
    if (found > latest[from][to]) {
      latest[from][to] = found;
      needed_token(plan, found - 1, j);
    }
  }
}

/* A token that nothing needs, between any two commands and levels. */
static void add_extra(Plan *plan) {
  Gen *g = plan->g;
  const StosTarget *t = &g->out->target;
  size_t n = plan->program->n - plan->segment;
  if (n < 2 || plan->next_semaphore == STOS_N_SEMAPHORES)
    return;
  size_t j = 1 + below((uint32_t)n - 1), i = below((uint32_t)j);
  StosCmd *a = &plan->program->cmds[plan->segment + i];
  StosCmd *b = &plan->program->cmds[plan->segment + j];
  if (a->n_signals == STOS_MAX_SIGNALS || b->n_waits == STOS_MAX_WAITS ||
      b->opcode == STOS_CMD_SIGNAL)
    return;
  uint8_t from = (uint8_t)below((uint32_t)stos_cmd_levels(a->opcode) + 1);
  uint8_t to = (uint8_t)below((uint32_t)stos_cmd_levels(b->opcode) + 1);
  int64_t signals = iterations(t, a, from), waits = iterations(t, b, to);
  int64_t common = divisor(signals, waits);
  StosSync sync = {.semaphore = (uint8_t)plan->next_semaphore++,
                   .kind = below(2) ? STOS_SIGNAL_DONE : STOS_SIGNAL_READ,
                   .level = from,
                   .count = (uint16_t)(waits / common)};
  add_signal(a, sync);
  add_wait(b, (StosSync){sync.semaphore, STOS_WAIT, to, (uint16_t)(signals / common)});
}

/* ---- the program ---- */

static StosCmd dma(const Gen *g, StosOpcode opcode, int region, int space, size_t dram_bytes,
                   uint32_t unit, uint32_t run) {
  StosCmd cmd = stos_cmd_init(opcode);
  cmd.dtype = (uint8_t)g->out->dtype;
  cmd.load.region = (uint8_t)region;
  cmd.load.space = (uint8_t)space;
  cmd.load.dram = (uint32_t)(dram_bytes / unit);
  cmd.load.run = run;
  return cmd;
}

static void add_prologue(Plan *plan) {
  Gen *g = plan->g;
  const StosTarget *t = &g->out->target;
  uint32_t word = t->lanes * (g->out->dtype == FUSE_F32 ? 4 : 1);
  StosCmd cmd;
  if (t->luts) {
    cmd = dma(g, STOS_CMD_LOAD, 0, STOS_SPACE_LUT, 0, STOS_LUT_BYTES, t->luts);
    add(plan, &cmd);
  }
  cmd = dma(g, STOS_CMD_LOAD, 0, STOS_SPACE_PARAM, (size_t)t->luts * STOS_LUT_BYTES,
            STOS_PARAM_BYTES, t->param_entries);
  add(plan, &cmd);
  cmd = dma(g, STOS_CMD_LOAD, 0, STOS_SPACE_SCRATCHPAD, g->image, word, t->scratchpad_words);
  add(plan, &cmd);
  add_barrier(plan);
}

static void add_epilogue(Plan *plan) {
  Gen *g = plan->g;
  const StosTarget *t = &g->out->target;
  uint32_t word = t->lanes * (g->out->dtype == FUSE_F32 ? 4 : 1);
  size_t at = (g->out->memory.region_bytes[STOS_REGION_IO] - g->reserved) / word * word;
  add_barrier(plan);
  StosCmd cmd =
      dma(g, STOS_CMD_STORE, STOS_REGION_IO, STOS_SPACE_SCRATCHPAD, at, word, t->scratchpad_words);
  add(plan, &cmd);
  cmd = stos_cmd_init(STOS_CMD_END);
  add(plan, &cmd);
}

static void add_signal_command(Plan *plan) {
  Gen *g = plan->g;
  StosCmd cmd = stos_cmd_init(STOS_CMD_SIGNAL);
  cmd.signal.queue = (uint8_t)below(4);
  add(plan, &cmd);
}

/* A SIGNAL that nobody waits for yet gets its token here: it may not go without one. */
static void settle_signals(Plan *plan) {
  StosProgram *p = plan->program;
  for (size_t i = plan->segment; i < p->n; i++) {
    StosCmd *cmd = &p->cmds[i];
    if (cmd->opcode != STOS_CMD_SIGNAL || cmd->n_signals)
      continue;
    size_t j = i + 1;
    while (j < p->n &&
           (p->cmds[j].n_waits == STOS_MAX_WAITS || p->cmds[j].opcode == STOS_CMD_SIGNAL))
      j++;
    if (j == p->n || plan->next_semaphore == STOS_N_SEMAPHORES) {
      /* No place: the command goes. */
      memmove(&p->cmds[i], &p->cmds[i + 1], (p->n - i - 1) * sizeof *p->cmds);
      memmove(&plan->uses[i], &plan->uses[i + 1], (p->n - i - 1) * sizeof *plan->uses);
      p->n--;
      i--;
      continue;
    }
    StosSync sync = {(uint8_t)plan->next_semaphore++, STOS_SIGNAL_READ, 0, 1};
    add_signal(cmd, sync);
    sync.kind = STOS_WAIT;
    add_wait(&p->cmds[j], sync);
  }
}

static void add_commands(Plan *plan, bool hosts, size_t latest[4][4]) {
  static const StosOpcode opcodes[] = {STOS_CMD_GEMM,   STOS_CMD_CONV1D, STOS_CMD_CONV1D,
                                       STOS_CMD_VECTOR, STOS_CMD_LOAD,   STOS_CMD_STORE};
  Gen *g = plan->g;
  StosOpcode opcode = opcodes[below(FUSE_COUNTOF(opcodes))];
  StosCmd cmds[4];
  int n = 1;
  if (hosts && below(10) == 0) {
    size_t i = plan->program->n;
    cmds[0] = stos_cmd_init(STOS_CMD_HOST);
    cmds[0].host.call = below(256);
    plan->uses[i] = (Uses){{7 * REGION}, 7 * REGION};
  } else if (opcode == STOS_CMD_GEMM && below(4) == 0) {
    n = gen_chain(g, cmds);
  } else {
    cmds[0] = gen_command(g, opcode);
  }
  for (int i = 0; i < n; i++) {
    size_t j = plan->program->n;
    if (cmds[i].opcode != STOS_CMD_HOST)
      plan->uses[j] = uses_of(g, &cmds[n - 1]);
    add(plan, &cmds[i]);
    add_needed(plan, j, latest);
  }
}

static void add_segment(Plan *plan, bool hosts) {
  Gen *g = plan->g;
  size_t latest[4][4] = {{0}};
  int n = between(1, 6);
  for (int i = 0; i < n; i++) {
    if (below(8) == 0) {
      plan->uses[plan->program->n] = (Uses){{0}, 0};
      add_signal_command(plan);
    }
    add_commands(plan, hosts, latest);
  }
  for (int i = between(0, 5); i > 0; i--)
    add_extra(plan);
  settle_signals(plan);
}

void random_program(FuseArena *arena, uint64_t seed, bool hosts, RandomCase *out) {
  Gen gen;
  gen_init(&gen, arena, seed, out);
  Plan plan = {.g = &gen, .program = &out->program};
  gen_reserve(&gen);
  add_prologue(&plan);
  for (int i = (int)random_below(&gen.random, 3); i >= 0; i--) {
    add_segment(&plan, hosts);
    if (i > 0)
      add_barrier(&plan);
  }
  add_epilogue(&plan);
  FuseDiag diag = {0};
  for (size_t i = 0; i < out->program.n; i++)
    FUSE_ASSERT(stos_cmd_check(&out->program.cmds[i], "random", &diag));
}
