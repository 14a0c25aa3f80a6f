// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check_timings.c - lib/check against random programs, held to many timings.
 *
 *   exact      a random command whose words, and no others, were written: legal; one less: refused
 *   programs   random commands and the tokens that their conflicts ask for: legal
 *   mutants    a token dropped or weakened, an address moved, a load shortened, two commands
 *              swapped: when the checker lets one through, then no timing of many tried makes a
 *              difference to what any command reads
 * Arguments, for a longer hunt: number of programs, seed.
 */
#include "check_events.h"

static uint64_t state = 1;

static uint32_t rnd(uint32_t below) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((state >> 33) % below);
}

static int between(int low, int high) {
  return low + (int)rnd((uint32_t)(high - low + 1));
}

static bool is_legal(StosCmd *cmds, size_t n, char *message) {
  FuseArena arena = {0};
  FuseDiag diag = {0};
  StosProgram program = {.cmds = cmds, .n = n};
  program.offsets = fuse_alloc_array(&arena, n, sizeof *program.offsets);
  StosCheckRegions regions = {.size_bytes = {4096, ARENA_WORDS * WORD_BYTES, 0}};
  bool legal = stos_check(&arena, &program, &small, &regions, NULL, 0, "", &diag);
  if (message)
    memcpy(message, diag.message, sizeof diag.message);
  fuse_arena_fini(&arena);
  return legal;
}

/* ---- random commands; i8, operands in the sections given ---- */

typedef struct Places {
  int in, second, residual, out; /* sections of 32 words */
} Places;

static uint32_t place(int section) {
  return (uint32_t)(section * 32 + between(0, 12));
}

#define RANDOM_WINDOW(x, p)                                                                        \
  do {                                                                                             \
    (x)->in = place((p).in);                                                                       \
    (x)->in_line = between(0, 4), (x)->in_pixel = between(-1, 2), (x)->in_block = between(0, 4);   \
    (x)->ih = (uint16_t)between(1, 4), (x)->iw = (uint16_t)between(1, 4);                          \
    (x)->y0 = (int16_t)between(-1, 1), (x)->x0 = (int16_t)between(-1, 1);                          \
    (x)->stride_y = (uint8_t)between(1, 3), (x)->stride_x = (uint8_t)between(1, 3);                \
    if (rnd(4) == 0)                                                                               \
      (x)->ring_size = (uint32_t)between(1, 9), (x)->ring_start = rnd((x)->ring_size);             \
    (x)->out = place((p).out);                                                                     \
    (x)->out_line = between(0, 5), (x)->out_pixel = between(0, 2), (x)->out_block = between(0, 6); \
    if (rnd(3) == 0) {                                                                             \
      (x)->res_use = 1, (x)->res = place((p).residual);                                            \
      (x)->res_line = between(0, 5), (x)->res_pixel = between(0, 2);                               \
      (x)->res_block = between(0, 6);                                                              \
    }                                                                                              \
    if (rnd(3) == 0)                                                                               \
      (x)->post[0].code = STOS_POST_BIAS, (x)->param = rnd(8);                                     \
  } while (0)

#define RANDOM_OUTER(x)                                                                            \
  for (int i = 0; i < 3; i++) {                                                                    \
    (x)->o[i] = (uint16_t)(rnd(4) ? 1 : 2);                                                        \
    (x)->o_dy[i] = (int16_t)between(-1, 1), (x)->o_dx[i] = (int16_t)between(-1, 1);                \
    (x)->o_in[i] = between(-1, 3), (x)->o_out[i] = between(0, 5), (x)->o_res[i] = between(0, 5);   \
    (x)->o_param[i] = between(0, 1);                                                               \
  }

static void random_gemm(StosCmd_gemm *x, Places p) {
  x->rows_total = (uint16_t)between(1, 6);
  x->ny = (uint16_t)between(1, 3), x->nx = (uint16_t)between(1, 4);
  x->tile = (uint16_t)between(1, 4), x->nkc = (uint16_t)between(1, 2);
  x->nkh = (uint8_t)between(1, 2), x->nkw = (uint8_t)between(1, 2);
  x->dil_y = (uint8_t)between(1, 2), x->dil_x = (uint8_t)between(1, 2);
  x->wrap = (uint8_t)rnd(2);
  RANDOM_OUTER(x);
  for (int i = 0; i < 3; i++)
    x->o_left[i] = between(0, 2);
  x->left = place(p.second), x->left_m = between(-2, 6), x->in_m = between(0, 1);
  RANDOM_WINDOW(x, p);
  if (rnd(6) == 0)
    x->pool = 1;
}

static void random_conv1d(StosCmd_conv1d *x, Places p) {
  x->hold = (uint8_t)rnd(2);
  x->ny = (uint16_t)between(1, 3), x->nx = (uint16_t)between(1, 4);
  x->nkw = (uint8_t)between(1, 3), x->nkh = (uint8_t)(x->hold ? between(1, 3) : 1);
  x->n_seg = (uint8_t)(x->hold && rnd(3) == 0 ? 2 : 1);
  x->blocks = (uint16_t)between(1, 3);
  x->channels = (uint16_t)between(1, 2 * x->blocks);
  x->waves = (uint16_t)between(1, 2);
  x->n_gc = (uint16_t)between(1, 2);
  x->n_gb = (uint16_t)(x->n_gc == 1 && rnd(2) ? 2 : 1);
  x->n_gt = (uint16_t)(x->n_gc == 1 && x->n_gb == 1 ? between(1, 2) : 1);
  RANDOM_OUTER(x);
  for (int i = 0; i < 3; i++)
    x->o_taps[i] = between(0, 2);
  x->taps = place(p.second), x->taps_block = between(0, 6);
  RANDOM_WINDOW(x, p);
  x->tile = (uint16_t)between(1, 4 / x->n_seg);
  if (x->hold && rnd(3) == 0) {
    x->pieces = 2;
    x->nx = (uint16_t)(x->n_seg == 1 && x->nkw == 1 ? 2 : 1);
    x->nkw = (uint8_t)(x->n_seg == 1 ? x->nkw : 1);
  }
  if (!x->hold && x->stride_x == 1 && x->tile < x->nkw)
    x->tile = 4;
  x->ny_total = (uint16_t)between(1, x->ny * x->n_gb * x->n_seg * x->pieces);
  x->nx_total = (uint16_t)between(1, x->nx * x->n_gt);
}

static void random_vector(StosCmd_vector *x, Places p) {
  x->across = (uint8_t)rnd(2);
  x->o[0] = (uint16_t)between(1, 3), x->o[1] = (uint16_t)between(1, 2);
  x->channels = (uint16_t)between(1, 2 * x->o[0]);
  x->ny = (uint16_t)between(1, 3), x->nx = (uint16_t)between(1, 4);
  if (rnd(2)) {
    x->reduce = 2;
    x->nky = (uint16_t)between(1, 2), x->nkx = (uint16_t)between(1, 2);
  }
  x->o1_dy = (int16_t)between(-1, 1), x->o1_dx = (int16_t)between(-1, 1);
  x->o1_in = between(0, 3), x->o1_out = between(0, 5), x->o1_res = between(0, 5);
  p.residual = p.second;
  RANDOM_WINDOW(x, p);
}

static void random_dma(StosCmd *cmd, bool is_load) {
  StosCmd_load *x = &cmd->load;
  x->chip = rnd(CHIP_WORDS), x->run = (uint32_t)between(1, 12);
  x->dram = rnd(ARENA_WORDS), x->region = STOS_REGION_ARENA;
  if (rnd(3) == 0) {
    x->n[0] = (uint16_t)between(1, 3), x->n[1] = (uint16_t)between(1, 2);
    for (int v = 0; v < 2; v++)
      x->chip_stride[v] = between(-4, 12), x->dram_stride[v] = between(-4, 12);
  }
  if (rnd(5) == 0)
    x->ring_size = (uint32_t)between(1, 14), x->ring_start = rnd(x->ring_size);
  if (is_load && rnd(2))
    x->region = STOS_REGION_WEIGHTS, x->dram += 64;
  if (is_load && rnd(4) == 0) {
    x->space = STOS_SPACE_PARAM, x->region = STOS_REGION_WEIGHTS, x->dram = 99;
    x->chip = rnd(PARAM_ENTRIES), x->ring_size = x->ring_start = 0;
  }
  memcpy(&cmd->store, x, sizeof cmd->store);
}

static StosCmd random_command(void) {
  static const uint8_t opcodes[] = {STOS_CMD_LOAD,   STOS_CMD_LOAD,   STOS_CMD_STORE,
                                    STOS_CMD_GEMM,   STOS_CMD_CONV1D, STOS_CMD_VECTOR,
                                    STOS_CMD_VECTOR, STOS_CMD_GEMM};
  StosCmd cmd = stos_cmd_init((StosOpcode)opcodes[rnd(FUSE_COUNTOF(opcodes))]);
  int s = (int)rnd(4);
  Places p = {s, (s + 1) & 3, (s + 2) & 3, (int)rnd(4)};
  cmd.dtype = FUSE_I8;
  switch (cmd.opcode) {
  case STOS_CMD_GEMM: random_gemm(&cmd.gemm, p); break;
  case STOS_CMD_CONV1D: random_conv1d(&cmd.conv1d, p); break;
  case STOS_CMD_VECTOR: random_vector(&cmd.vector, p); break;
  default: random_dma(&cmd, cmd.opcode == STOS_CMD_LOAD);
  }
  return cmd;
}

/* ---- exactly the words of one command ---- */

static StosCmd write_of(int cell) {
  StosCmd cmd = stos_cmd_init(STOS_CMD_LOAD);
  cmd.dtype = FUSE_I8;
  cmd.load.chip = (uint32_t)cell;
  if (cell >= AT_PARAM) {
    cmd.load.chip -= AT_PARAM;
    cmd.load.space = STOS_SPACE_PARAM;
  }
  return cmd;
}

/* Write the words that `cmd` reads but `without`, then `cmd`, then store every word that `cmd`
 * writes, and the word `more`. */
static bool runs_alone(const StosCmd *cmd, const Events *e, const bool reads[N_CELLS], int without,
                       int more, char *message) {
  StosCmd cmds[2 * N_CELLS + 8];
  size_t n = 0;
  for (int i = 0; i < AT_ARENA; i++)
    if (reads[i] && i != without)
      cmds[n++] = write_of(i);
  cmds[n++] = stos_cmd_init(STOS_CMD_BARRIER);
  cmds[n++] = *cmd;
  cmds[n++] = stos_cmd_init(STOS_CMD_BARRIER);
  bool store[N_CELLS] = {false};
  for (size_t i = 0; i < e->n; i++)
    store[e->items[i].cell] |= e->items[i].is_write;
  for (int cell = 0; cell < AT_PARAM; cell++) {
    if (!store[cell] && cell != more)
      continue;
    cmds[n] = stos_cmd_init(STOS_CMD_STORE);
    cmds[n].dtype = FUSE_I8;
    cmds[n].store.region = STOS_REGION_ARENA;
    cmds[n++].store.chip = (uint32_t)cell;
  }
  cmds[n++] = stos_cmd_init(STOS_CMD_END);
  return is_legal(cmds, n, message);
}

static void print_command(const StosCmd *cmd, const char *message) {
  FuseText text = {0};
  stos_print(&text, cmd);
  fprintf(stderr, "%s\n  %s\n", text.data, message);
  fuse_text_fini(&text);
}

/* Is the message about an order inside the command, or two of its streams in a section? */
static bool is_own_fault(const char *message) {
  return strstr(message, "itself") || strstr(message, "streams of one command");
}

static void test_exact(void) {
  int alone = 0, tried = 0;
  char message[1024];
  for (int i = 0; i < 20000; i++) {
    StosCmd cmd = random_command();
    bool reads[N_CELLS] = {false}, writes[N_CELLS] = {false}, from_arena = false;
    Events e = events_of(&cmd);
    int last = -1;
    for (size_t k = 0; k < e.n; k++)
      if (e.items[k].is_write) {
        writes[e.items[k].cell] = true;
      } else {
        reads[last = e.items[k].cell] = true;
        from_arena |= last >= AT_ARENA;
      }
    if (!e.outside && !from_arena) {
      tried++;
      bool legal = runs_alone(&cmd, &e, reads, -1, -1, message);
      alone += legal;
      CHECK(legal || is_own_fault(message));
      if (!legal && !is_own_fault(message))
        print_command(&cmd, message);
      if (legal && last >= 0) {
        bool refused = !runs_alone(&cmd, &e, reads, last, -1, message);
        CHECK(refused && strstr(message, "nothing has written"));
        if (!refused)
          print_command(&cmd, "a word that it reads isn't written");
      }
      int more = (int)rnd(CHIP_WORDS);
      if (legal && !reads[more] && !writes[more])
        CHECK(!runs_alone(&cmd, &e, reads, -1, more, message) &&
              strstr(message, "nothing has written"));
    }
    free(e.items);
  }
  printf("exact: %d of %d legal alone\n", alone, tried);
  CHECK(alone > 1000);
}

/* ---- programs: commands, and tokens where they conflict ---- */

enum { MAX_CMDS = 24 };

typedef struct Random {
  StosCmd cmds[MAX_CMDS + 1];
  Events events[MAX_CMDS + 1];
  size_t n;
} Random;

static void random_fini(Random *r) {
  for (size_t i = 0; i < r->n; i++)
    free(r->events[i].items);
  r->n = 0;
}

static void append(Random *r, StosCmd cmd) {
  r->cmds[r->n] = cmd;
  r->events[r->n++] = events_of(&cmd);
}

/* What j needs of the earlier command i: 0, STOS_SIGNAL_READ or STOS_SIGNAL_DONE. */
static int need_of(const Random *r, size_t i, size_t j) {
  StosQueue qi = stos_cmd_queue(&r->cmds[i]), qj = stos_cmd_queue(&r->cmds[j]);
  bool read[N_CELLS] = {false}, late[N_CELLS] = {false}, written[N_CELLS] = {false};
  uint32_t reads = 0, seconds = 0, residuals = 0, writes = 0;
  for (size_t k = 0; k < r->events[i].n; k++) {
    const Event *e = &r->events[i].items[k];
    uint32_t section = e->cell < CHIP_WORDS ? 1u << e->cell / 32 : 0;
    if (e->is_write)
      written[e->cell] = true, writes |= section;
    else if (e->lane == RESULT)
      late[e->cell] = true;
    else
      read[e->cell] = true;
    if (!e->is_write && e->lane == OPERAND)
      *(e->is_second ? &seconds : &reads) |= section;
    if (e->lane == RESIDUAL)
      residuals |= section;
  }
  int need = 0;
  for (size_t k = 0; k < r->events[j].n; k++) {
    const Event *e = &r->events[j].items[k];
    uint32_t section = e->cell < CHIP_WORDS ? 1u << e->cell / 32 : 0;
    if (e->is_write) {
      if (qi != qj && (written[e->cell] || late[e->cell] || (writes & section)))
        return STOS_SIGNAL_DONE;
      if (qi != qj && read[e->cell])
        need = STOS_SIGNAL_READ;
      continue;
    }
    if (written[e->cell])
      return STOS_SIGNAL_DONE;
    if (qi != qj && ((reads | seconds | residuals) & section))
      need = STOS_SIGNAL_READ;
    if (qi == STOS_QUEUE_ARRAY && qi == qj && e->lane == OPERAND &&
        ((residuals | (e->is_second ? reads : seconds)) & section))
      need = STOS_SIGNAL_READ;
  }
  return need;
}

static bool add_token(Random *r, size_t i, size_t j, int semaphore, int kind) {
  StosCmd *from = &r->cmds[i], *to = &r->cmds[j];
  if (to->n_waits == STOS_MAX_WAITS || from->n_signals == STOS_MAX_SIGNALS)
    return false;
  from->sync[from->n_waits + from->n_signals++] =
      (StosSync){.semaphore = (uint8_t)semaphore, .kind = (uint8_t)kind, .count = 1};
  memmove(&to->sync[to->n_waits + 1], &to->sync[to->n_waits], to->n_signals * sizeof *to->sync);
  to->sync[to->n_waits++] = (StosSync){.semaphore = (uint8_t)semaphore, .count = 1};
  return true;
}

/* Tokens from the last command of each queue that j conflicts with. False: there is no room. */
static bool order_last(Random *r, size_t begin, int *semaphores) {
  size_t j = r->n - 1;
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    size_t last = 0;
    int kind = 0;
    for (size_t i = begin; i < j; i++) {
      int need = stos_cmd_queue(&r->cmds[i]) == (StosQueue)q ? need_of(r, i, j) : 0;
      if (need == 0)
        continue;
      last = i;
      /* a residual that an earlier command reads isn't covered by the last one's READ */
      bool late = kind && q == STOS_QUEUE_ARRAY;
      kind = late || need == STOS_SIGNAL_DONE || kind == STOS_SIGNAL_DONE ? STOS_SIGNAL_DONE : need;
    }
    if (kind && (*semaphores == STOS_N_SEMAPHORES || !add_token(r, last, j, (*semaphores)++, kind)))
      return false;
  }
  return true;
}

static bool may_follow(const Random *r, const Events *e) {
  bool written[N_CELLS] = {false};
  for (size_t i = 0; i < r->n; i++)
    for (size_t k = 0; k < r->events[i].n; k++)
      written[r->events[i].items[k].cell] |= r->events[i].items[k].is_write;
  if (e->outside || e->n == 0)
    return false;
  for (size_t k = 0; k < e->n; k++)
    if (!e->items[k].is_write && !written[e->items[k].cell])
      return false;
  return true;
}

/* By itself, everything before it over: what is refused then has a fault of its own. */
static bool is_sound(const StosCmd *cmd, const Events *e) {
  bool reads[N_CELLS] = {false};
  char message[1024];
  for (size_t k = 0; k < e->n; k++) {
    if (!e->items[k].is_write)
      reads[e->items[k].cell] = true;
    if (!e->items[k].is_write && e->items[k].cell >= AT_ARENA)
      return true; /* a load */
  }
  return runs_alone(cmd, e, reads, -1, -1, message);
}

static void random_program(Random *r) {
  StosCmd all = stos_cmd_init(STOS_CMD_LOAD);
  all.dtype = FUSE_I8;
  all.load.run = 76;
  append(r, all);
  all.load.space = STOS_SPACE_PARAM;
  all.load.run = PARAM_ENTRIES - 2;
  append(r, all);
  append(r, stos_cmd_init(STOS_CMD_BARRIER));
  size_t begin = r->n;
  int semaphores = 0;
  for (int tries = 0; r->n < MAX_CMDS - 1 && tries < 400; tries++) {
    StosCmd cmd = random_command();
    Events e = events_of(&cmd);
    bool good = may_follow(r, &e) && is_sound(&cmd, &e);
    free(e.items);
    if (!good)
      continue;
    append(r, cmd);
    Random before = *r;
    if (order_last(r, begin, &semaphores))
      continue;
    memcpy(r->cmds, before.cmds, sizeof r->cmds);
    free(r->events[--r->n].items);
    append(r, stos_cmd_init(STOS_CMD_BARRIER));
    append(r, cmd);
    begin = r->n - 1;
    semaphores = 0;
  }
  append(r, stos_cmd_init(STOS_CMD_END));
}

/* ---- a machine in which anything that isn't ordered may happen in any order ---- */

typedef struct Machine {
  const Random *program;
  uint64_t tags[N_CELLS]; /* who wrote it; 0: nobody */
  uint64_t seen[MAX_CMDS + 1];
  uint32_t done[MAX_CMDS + 1][N_LANES]; /* events of a command that have happened */
  bool begun[MAX_CMDS + 1], read_given[MAX_CMDS + 1], done_given[MAX_CMDS + 1];
  uint32_t next_in[MAX_CMDS + 1][N_LANES]; /* index of the next event of a lane */
  int semaphore[STOS_N_SEMAPHORES];
  size_t fetched;
  bool garbage;
} Machine;

static bool is_control(const StosCmd *cmd) {
  return cmd->opcode == STOS_CMD_BARRIER || cmd->opcode == STOS_CMD_END;
}

static bool lane_done(const Machine *m, size_t i, int lane) {
  return m->done[i][lane] == m->program->events[i].n_lane[lane];
}

static bool complete(const Machine *m, size_t i) {
  return m->begun[i] && lane_done(m, i, OPERAND) && lane_done(m, i, RESIDUAL) &&
         lane_done(m, i, RESULT);
}

static void give(Machine *m, size_t i, int kind) {
  const StosCmd *cmd = &m->program->cmds[i];
  for (int k = cmd->n_waits; k < cmd->n_waits + cmd->n_signals; k++)
    if (cmd->sync[k].kind == kind)
      m->semaphore[cmd->sync[k].semaphore] += cmd->sync[k].count;
}

static void give_signals(Machine *m, size_t i) {
  bool reads = m->begun[i] && lane_done(m, i, OPERAND) && lane_done(m, i, RESIDUAL);
  if (reads && !m->read_given[i])
    m->read_given[i] = true, give(m, i, STOS_SIGNAL_READ);
  if (complete(m, i) && !m->done_given[i])
    m->done_given[i] = true, give(m, i, STOS_SIGNAL_DONE);
}

static void fetch(Machine *m) {
  for (; m->fetched < m->program->n; m->fetched++) {
    const StosCmd *cmd = &m->program->cmds[m->fetched];
    uint32_t waiting = 0;
    for (size_t i = 0; i < m->fetched; i++)
      waiting += !is_control(&m->program->cmds[i]) && !complete(m, i) &&
                 (is_control(cmd) || stos_cmd_queue(cmd) == stos_cmd_queue(&m->program->cmds[i]));
    if (waiting >= (is_control(cmd) ? 1 : small.queue_depth))
      return;
    for (int s = 0; s < STOS_N_SEMAPHORES && is_control(cmd); s++)
      m->garbage |= m->semaphore[s] != 0;
  }
}

/* Take the waits of the next command of a queue. */
static bool begin(Machine *m, int queue) {
  for (size_t i = 0; i < m->fetched; i++) {
    const StosCmd *cmd = &m->program->cmds[i];
    if (is_control(cmd) || stos_cmd_queue(cmd) != (StosQueue)queue)
      continue;
    if (!m->begun[i]) {
      for (int k = 0; k < cmd->n_waits; k++)
        if (m->semaphore[cmd->sync[k].semaphore] < cmd->sync[k].count)
          return false;
      for (int k = 0; k < cmd->n_waits; k++)
        m->semaphore[cmd->sync[k].semaphore] -= cmd->sync[k].count;
      m->begun[i] = true;
      give_signals(m, i);
      return true;
    }
    if (!lane_done(m, i, OPERAND))
      return false;
  }
  return false;
}

static void happen(Machine *m, size_t i, const Event *e, uint32_t index) {
  if (e->is_write) {
    m->tags[e->cell] = ((uint64_t)i + 1) << 32 | index;
    return;
  }
  m->garbage |= m->tags[e->cell] == 0;
  /* a sum: lanes of a command take turns as they like */
  m->seen[i] += (m->tags[e->cell] + 1) * (2 * (uint64_t)index + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

/* The next event of a queue's lane, if it may happen. */
static bool step(Machine *m, int queue, int lane) {
  for (size_t i = 0; i < m->fetched; i++) {
    const Events *events = &m->program->events[i];
    if (is_control(&m->program->cmds[i]) ||
        stos_cmd_queue(&m->program->cmds[i]) != (StosQueue)queue)
      continue;
    if (!m->begun[i])
      return false;
    if (!lane_done(m, i, lane)) {
      uint32_t k = m->next_in[i][lane];
      while (events->items[k].lane != lane)
        k++;
      const Event *e = &events->items[k];
      if (lane != OPERAND && m->done[i][OPERAND] < e->operands)
        return false;
      if (lane == RESULT && m->done[i][RESIDUAL] < e->residuals)
        return false;
      happen(m, i, e, k);
      m->next_in[i][lane] = k + 1;
      m->done[i][lane]++;
      give_signals(m, i);
      return true;
    }
    /* results come after all residuals and operands before them */
    if (lane == RESULT && !complete(m, i))
      return false;
  }
  return false;
}

/* One run in a random timing: 12 lanes and 4 beginnings by priority, which changes now and then.
 * False: stuck. */
static bool run(Machine *m, const Random *program) {
  *m = (Machine){.program = program};
  uint32_t priority[16];
  for (int i = 0; i < 16; i++)
    priority[i] = rnd(1000);
  for (;;) {
    fetch(m);
    if (m->fetched == program->n)
      return true;
    bool moved = false, tried[16] = {false};
    for (int k = 0; k < 16 && !moved; k++) {
      int best = -1;
      for (int i = 0; i < 16; i++)
        if (!tried[i] && (best < 0 || priority[i] > priority[best]))
          best = i;
      tried[best] = true;
      moved = best < 12 ? step(m, best / 3, best % 3) : begin(m, best - 12);
    }
    if (!moved)
      return false;
    if (rnd(24) == 0)
      priority[rnd(16)] = rnd(1000);
  }
}

/* Do many timings agree, without garbage, deadlock or a semaphore left over? */
static bool is_determined(const Random *program, int runs) {
  static Machine first, other;
  if (!run(&first, program) || first.garbage)
    return false;
  for (int i = 0; i < runs; i++) {
    if (!run(&other, program) || other.garbage ||
        memcmp(first.seen, other.seen, sizeof first.seen) != 0 ||
        memcmp(first.tags, other.tags, sizeof first.tags) != 0)
      return false;
  }
  return true;
}

/* ---- mutants ---- */

static void set_command(Random *r, size_t i, const StosCmd *cmd) {
  free(r->events[i].items);
  r->cmds[i] = *cmd;
  r->events[i] = events_of(cmd);
}

static void drop_sync(StosCmd *cmd, int k) {
  memmove(&cmd->sync[k], &cmd->sync[k + 1], (size_t)(7 - k) * sizeof *cmd->sync);
  *(k < cmd->n_waits ? &cmd->n_waits : &cmd->n_signals) -= 1;
}

/* Signal and wait of one semaphore, in the era of command i. */
static bool drop_token(Random *r, size_t i) {
  if (r->cmds[i].n_signals == 0)
    return false;
  int k = r->cmds[i].n_waits + (int)rnd(r->cmds[i].n_signals);
  int semaphore = r->cmds[i].sync[k].semaphore;
  drop_sync(&r->cmds[i], k);
  for (size_t j = i + 1; j < r->n && !is_control(&r->cmds[j]); j++)
    for (int w = 0; w < r->cmds[j].n_waits; w++)
      if (r->cmds[j].sync[w].semaphore == semaphore) {
        drop_sync(&r->cmds[j], w);
        return true;
      }
  return true;
}

static bool weaken_token(Random *r, size_t i) {
  StosCmd *cmd = &r->cmds[i];
  for (int k = cmd->n_waits; k < cmd->n_waits + cmd->n_signals; k++)
    if (cmd->sync[k].kind == STOS_SIGNAL_DONE) {
      cmd->sync[k].kind = STOS_SIGNAL_READ;
      return true;
    }
  return false;
}

static bool move_address(Random *r, size_t i) {
  static const char *const names[] = {"chip", "dram", "in", "left", "taps", "out", "res", "param"};
  StosCmd cmd = r->cmds[i];
  const char *name = names[rnd(FUSE_COUNTOF(names))];
  const StosField *field = stos_field_find(stos_cmd_info(cmd.opcode), name, strlen(name));
  int64_t value = field ? stos_field_get(&cmd, field, 0) + between(-9, 9) : -1;
  if (value < 0)
    return false;
  stos_field_set(&cmd, field, 0, value);
  set_command(r, i, &cmd);
  return true;
}

/* The last load up to command i; the ones at the start fill what many read. */
static bool shorten(Random *r, size_t i) {
  while (i > 0 && r->cmds[i].opcode != STOS_CMD_LOAD)
    i--;
  StosCmd cmd = r->cmds[i];
  if (cmd.opcode != STOS_CMD_LOAD || cmd.load.run < 2)
    return false;
  cmd.load.run -= 1 + rnd(cmd.load.run - 1);
  set_command(r, i, &cmd);
  return true;
}

static bool swap(Random *r, size_t i) {
  if (i + 1 >= r->n || is_control(&r->cmds[i]) || is_control(&r->cmds[i + 1]))
    return false;
  StosCmd cmd = r->cmds[i];
  Events e = r->events[i];
  r->cmds[i] = r->cmds[i + 1], r->events[i] = r->events[i + 1];
  r->cmds[i + 1] = cmd, r->events[i + 1] = e;
  return true;
}

static Random copy_of(const Random *r) {
  Random copy = {.n = r->n};
  for (size_t i = 0; i < r->n; i++) {
    copy.cmds[i] = r->cmds[i];
    copy.events[i] = events_of(&r->cmds[i]);
  }
  return copy;
}

static void print_program(const Random *r, const char *what) {
  FuseText text = {0};
  for (size_t i = 0; i < r->n; i++) {
    fuse_text_printf(&text, "%2zu ", i);
    stos_print(&text, &r->cmds[i]);
    fuse_text_puts(&text, "\n");
  }
  fprintf(stderr, "%s\n%s", what, text.data);
  fuse_text_fini(&text);
}

static bool has_outside(const Random *r) {
  for (size_t i = 0; i < r->n; i++)
    if (r->events[i].outside)
      return true;
  return false;
}

typedef struct Count {
  int tried, refused, convicted;
} Count;

static void try_mutant(const Random *r, bool (*mutate)(Random *r, size_t i), Count *count) {
  Random mutant = copy_of(r);
  char message[1024];
  if (mutate(&mutant, 3 + rnd((uint32_t)r->n - 4))) {
    bool legal = is_legal(mutant.cmds, mutant.n, message);
    bool fine = !has_outside(&mutant) && is_determined(&mutant, legal ? 20 : 4);
    count->tried++;
    count->refused += !legal;
    count->convicted += !fine;
    CHECK(fine || !legal);
    if (legal && !fine)
      print_program(&mutant, "a mutant that the checker lets through, but its timing matters:");
  }
  random_fini(&mutant);
}

static void test_programs(int n_programs) {
  static const struct {
    const char *name;
    bool (*mutate)(Random *r, size_t i);
  } kinds[] = {{"token dropped", drop_token},
               {"token weakened", weaken_token},
               {"address moved", move_address},
               {"load shortened", shorten},
               {"commands swapped", swap}};
  Count counts[FUSE_COUNTOF(kinds)] = {{0, 0, 0}};
  char message[1024];
  for (int i = 0; i < n_programs; i++) {
    Random r = {.n = 0};
    random_program(&r);
    bool legal = is_legal(r.cmds, r.n, message);
    CHECK(legal);
    if (!legal)
      print_program(&r, message);
    CHECK(is_determined(&r, 10));
    for (size_t k = 0; legal && k < 10 * FUSE_COUNTOF(kinds); k++)
      try_mutant(&r, kinds[k % FUSE_COUNTOF(kinds)].mutate, &counts[k % FUSE_COUNTOF(kinds)]);
    random_fini(&r);
  }
  for (size_t k = 0; k < FUSE_COUNTOF(kinds); k++) {
    printf("%s: %d mutants, %d refused, %d convicted by a few timings\n", kinds[k].name,
           counts[k].tried, counts[k].refused, counts[k].convicted);
    CHECK(counts[k].refused > 0 && counts[k].tried > counts[k].refused);
    CHECK(counts[k].convicted > 0);
  }
}

int main(int argc, char **argv) {
  int n_programs = argc > 1 ? atoi(argv[1]) : 30;
  if (argc > 2)
    state = strtoull(argv[2], NULL, 10);
  test_exact();
  test_programs(n_programs);
  return unit_result();
}
