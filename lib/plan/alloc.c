// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* alloc.c - addresses of all buffers, and how far each load may run ahead.
 *
 * needs: commands on buffers in a right order
 * gives: addresses; in the commands absolute ones; `ahead` of each LOAD
 *
 * Time is counted in commands of the array, the vector unit and the host ("work"). A tile lives
 * from its first use to its last; a loaded one from as many works earlier as the load needs to be
 * hidden, if there is room. In the scratchpad a place costs for each buffer alive at the same time
 * whose ports would meet in one section (M-MEM-4); operands of one command never share a section.
 */
#include <string.h>

#include "plan_private.h"

enum { MAX_AHEAD = 12 };

/* Who reads and writes a buffer. */
enum {
  ROLE_LEFT = 1,
  ROLE_TOP = 2,
  ROLE_RES = 4,
  ROLE_VECTOR = 8,
  ROLE_STORE = 16, /* reads */
  ROLE_READS = 31,
  ROLE_BY_LOAD = 32,
  ROLE_BY_ARRAY = 64,
  ROLE_BY_VECTOR = 128, /* writes */
  ROLE_WRITES = 224,
};

typedef struct Lifetime {
  int first, last; /* works */
  int load;        /* the LOAD that fills it; -1: written by other commands too */
  unsigned roles;
  int *partners; /* buffers read by the same command */
  size_t n_partners, partner_capacity;
} Lifetime;

typedef struct Allocator {
  FuseArena *arena;
  const FusePlanNet *net;
  const StosTarget *target;
  FusePlanProgram *program;
  FuseDiag *diag;
  Lifetime *lives;
  int *work_of;        /* per command: works before it */
  uint64_t *work_time; /* per work: estimated cycles before it */
  int *work_cmd;       /* per work: the command */
  int n_works;
  int *ready; /* per command that is a LOAD: the work from which its DRAM data are there */
  int *active, n_active; /* buffers with an address that may still be alive */
} Allocator;

/* ---- what the commands say about their buffers ---- */

/* Rough cycles of a command: enough to know how early a load must start. */
static uint64_t estimate(const StosCmd *cmd, const StosTarget *t) {
  switch (cmd->opcode) {
  case STOS_CMD_GEMM: {
    const StosCmd_gemm *c = &cmd->gemm;
    uint64_t steps = (uint64_t)c->nkh * c->nkw * c->nkc * t->lanes,
             n = steps > c->tile ? steps : c->tile;
    return (uint64_t)fuse_ceil_div(c->rows_total, t->rows) *
           (uint64_t)fuse_ceil_div((int64_t)c->ny * c->nx, c->tile) * n;
  }
  case STOS_CMD_CONV1D: {
    const StosCmd_conv1d *c = &cmd->conv1d;
    return (uint64_t)c->waves * c->ny * (uint64_t)(c->nx + c->nkw) * c->stride_x;
  }
  case STOS_CMD_VECTOR: {
    const StosCmd_vector *c = &cmd->vector;
    return (uint64_t)c->o[0] * c->o[1] * c->ny * c->nx * c->nky * c->nkx / stos_row_groups(t);
  }
  default: return 0;
  }
}

static void partner(Allocator *a, int buffer, int other) {
  if (buffer < 0 || other < 0 || buffer == other)
    return;
  Lifetime *life = &a->lives[buffer];
  size_t n = life->n_partners;
  life->partners = fuse_grow(a->arena, life->partners, n, &life->partner_capacity, n + 1,
                             sizeof *life->partners);
  life->partners[life->n_partners++] = other;
}

static void use(Allocator *a, int buffer, int work, unsigned role) {
  if (buffer < 0)
    return;
  Lifetime *life = &a->lives[buffer];
  life->first = work < life->first ? work : life->first;
  life->last = work > life->last ? work : life->last;
  life->roles |= role;
}

static void scan(Allocator *a) {
  FusePlanProgram *p = a->program;
  for (int i = 0; i < p->n_buffers; i++)
    a->lives[i] = (Lifetime){.first = INT32_MAX, .last = -1, .load = -1};
  int work = 0;
  uint64_t time = 0;
  for (int i = 0; i < p->n_cmds; i++) {
    const FusePlanCmd *cmd = &p->cmds[i];
    const int *b = cmd->buffer;
    a->work_of[i] = work;
    bool vector = cmd->cmd.opcode == STOS_CMD_VECTOR;
    switch (cmd->cmd.opcode) {
    case STOS_CMD_LOAD: {
      int filled = b[plan_loaded_ref(&cmd->cmd.load)];
      use(a, filled, work, ROLE_BY_LOAD);
      a->lives[filled].load = i;
      use(a, b[FUSE_REF_DRAM], work, 0);
      break;
    }
    case STOS_CMD_STORE:
      use(a, b[FUSE_REF_IN], work, ROLE_STORE);
      use(a, b[FUSE_REF_DRAM], work, 0);
      break;
    case STOS_CMD_HOST:
      for (int k = 0; k < a->net->calls[cmd->call].n_tensors; k++)
        use(a, a->net->calls[cmd->call].tensors[k].buffer, work, 0);
      break;
    default:
      use(a, b[FUSE_REF_IN], work, vector ? ROLE_VECTOR : ROLE_TOP);
      use(a, b[FUSE_REF_LEFT], work, ROLE_LEFT);
      use(a, b[FUSE_REF_RES], work, vector ? ROLE_VECTOR : ROLE_RES);
      use(a, b[FUSE_REF_OUT], work, vector ? ROLE_BY_VECTOR : ROLE_BY_ARRAY);
      use(a, b[FUSE_REF_PARAM], work, 0);
      use(a, b[FUSE_REF_LUT], work, 0);
      static const FusePlanRef reads[] = {FUSE_REF_IN, FUSE_REF_LEFT, FUSE_REF_RES};
      for (int x = 0; x < 3; x++)
        for (int y = 0; y < 3; y++)
          partner(a, b[reads[x]], b[reads[y]]);
    }
    if (plan_is_work(cmd)) {
      a->work_cmd[work] = i;
      a->work_time[work++] = time;
      time += estimate(&cmd->cmd, a->target);
    }
  }
  a->work_time[work] = time;
  a->n_works = work;
}

/* The work from which the DRAM data of each LOAD are stored, by storage and word. */
static void find_ready(Allocator *a) {
  FusePlanProgram *p = a->program;
  int **stored = fuse_alloc_array(a->arena, (size_t)a->net->n_storages, sizeof *stored);
  for (int i = 0; i < p->n_cmds; i++) {
    const FusePlanCmd *cmd = &p->cmds[i];
    if (cmd->cmd.opcode == STOS_CMD_HOST) {
      const FusePlanCall *call = &a->net->calls[cmd->call];
      for (int k = 0; k < call->n_tensors; k++) {
        int s = call->tensors[k].storage;
        if (s < 0 || !call->tensors[k].written)
          continue;
        const FuseStorage *st = &a->net->storages[s];
        size_t words = (size_t)(st->n * st->blocks * st->h * st->w);
        if (!stored[s])
          stored[s] = fuse_alloc_array(a->arena, words, sizeof **stored);
        for (size_t w = 0; w < words; w++)
          stored[s][w] = a->work_of[i] + 1;
      }
      continue;
    }
    bool store = cmd->cmd.opcode == STOS_CMD_STORE;
    int dram = cmd->buffer[FUSE_REF_DRAM];
    if ((!store && cmd->cmd.opcode != STOS_CMD_LOAD) || dram < 0 || p->buffers[dram].storage < 0)
      continue;
    int s = p->buffers[dram].storage;
    const FuseStorage *st = &a->net->storages[s];
    const StosCmd_load *c = &cmd->cmd.load; /* STORE has the same fields */
    if (!stored[s])
      stored[s] =
          fuse_alloc_array(a->arena, (size_t)(st->n * st->blocks * st->h * st->w), sizeof **stored);
    for (int64_t y = 0; y < c->n[2]; y++)
      for (int64_t x = 0; x < c->n[3]; x++) {
        int *words = stored[s] + c->dram + y * c->dram_stride[2] + x * c->dram_stride[3];
        for (uint32_t r = 0; r < c->run; r++) {
          if (store)
            words[r] = a->work_of[i];
          else
            a->ready[i] = words[r] > a->ready[i] ? words[r] : a->ready[i];
        }
      }
  }
}

/* ---- the scratchpad ---- */

static uint64_t sections_of(const Allocator *a, int64_t address, uint64_t size) {
  uint64_t first = stos_section_of(a->target, (uint32_t)address),
           last = stos_section_of(a->target, (uint32_t)(address + (int64_t)size - 1));
  return ((2ull << last) - 1) & ~((1ull << first) - 1);
}

static bool are_partners(const Lifetime *life, int other) {
  for (size_t i = 0; i < life->n_partners; i++)
    if (life->partners[i] == other)
      return true;
  return false;
}

/* Ports of two buffers that would meet in a section they share. */
static int meetings(unsigned x, unsigned y) {
  unsigned rx = x & ROLE_READS, ry = y & ROLE_READS, wx = x & ROLE_WRITES, wy = y & ROLE_WRITES;
  return (rx && ry && rx != ry ? 2 : 0) + (wx && wy && wx != wy ? 1 : 0);
}

/* Cost of placing `buffer`, alive from `first`, at address; -1 when it can't be there. */
static int place_cost(const Allocator *a, int buffer, int first, int64_t address) {
  const FusePlanBuffer *b = &a->program->buffers[buffer];
  const Lifetime *life = &a->lives[buffer];
  uint64_t sections = sections_of(a, address, b->size);
  int cost = 0;
  for (int i = 0; i < a->n_active; i++) {
    int other = a->active[i];
    const FusePlanBuffer *o = &a->program->buffers[other];
    const Lifetime *ol = &a->lives[other];
    /* One work further on either side: the pipeline of a command reaches into the next. */
    if (o->space != FUSE_SPACE_CHIP || ol->last + 1 < first || life->last + 1 < ol->first)
      continue;
    bool alive = ol->last >= first && life->last >= ol->first;
    if (alive && address < o->address + (int64_t)o->size && o->address < address + (int64_t)b->size)
      return -1;
    if (!(sections & sections_of(a, o->address, o->size)))
      continue;
    if (alive && are_partners(life, other))
      return -1;
    cost += meetings(life->roles, ol->roles);
  }
  return cost;
}

/* The cheapest place; weights from the top down, everything else from the bottom up, so that they
 * meet late. */
static int64_t find_place(const Allocator *a, int buffer, int first) {
  const FusePlanBuffer *b = &a->program->buffers[buffer];
  int64_t capacity = a->target->scratchpad_words, size = (int64_t)b->size, align = a->target->lanes,
          section = stos_section_words(a->target);
  bool down = a->lives[buffer].roles & ROLE_LEFT;
  int64_t best = -1;
  int best_cost = INT32_MAX;
  int64_t candidates = a->n_active + capacity / section + 1;
  for (int64_t k = 0; k < candidates; k++) {
    int64_t at;
    if (k < a->n_active) {
      const FusePlanBuffer *o = &a->program->buffers[a->active[k]];
      if (o->space != FUSE_SPACE_CHIP)
        continue;
      at = down ? (o->address - size) / align * align
                : fuse_ceil_div(o->address + (int64_t)o->size, align) * align;
    } else {
      int64_t border = (k - a->n_active) * section;
      at = down ? (border - size) / align * align : border;
    }
    if (at < 0 || at + size > capacity)
      continue;
    int cost = place_cost(a, buffer, first, at);
    if (cost >= 0 && (cost < best_cost || (cost == best_cost && (down ? at > best : at < best)))) {
      best_cost = cost;
      best = at;
    }
  }
  return best;
}

/* Parameter memory and tables: first fit. */
static int64_t find_entry(const Allocator *a, int buffer, int first, int64_t capacity) {
  const FusePlanBuffer *b = &a->program->buffers[buffer];
  int64_t at = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (int i = 0; i < a->n_active; i++) {
      const FusePlanBuffer *o = &a->program->buffers[a->active[i]];
      const Lifetime *ol = &a->lives[a->active[i]];
      if (o->space != b->space || ol->last < first || a->lives[buffer].last < ol->first)
        continue;
      if (at < o->address + (int64_t)o->size && o->address < at + (int64_t)b->size) {
        at = o->address + (int64_t)o->size;
        moved = true;
      }
    }
  }
  return at + (int64_t)b->size <= capacity ? at : -1;
}

static int64_t find_address(const Allocator *a, int buffer, int first) {
  switch (a->program->buffers[buffer].space) {
  case FUSE_SPACE_CHIP: return find_place(a, buffer, first);
  case FUSE_SPACE_PARAM: return find_entry(a, buffer, first, a->target->param_entries);
  default: return find_entry(a, buffer, first, a->target->luts);
  }
}

/* How many works earlier the LOAD should stand for its data to be there in time. */
static int wanted_ahead(const Allocator *a, int buffer) {
  const FusePlanBuffer *b = &a->program->buffers[buffer];
  int load = a->lives[buffer].load, work = a->work_of[load];
  uint64_t need =
               2 * (a->target->dram_latency + b->size * a->target->lanes / a->target->dram_elems),
           ahead = 1;
  while (ahead < MAX_AHEAD && (int)ahead < work &&
         a->work_time[work] - a->work_time[work - (int)ahead] < need)
    ahead++;
  int64_t allowed = work - a->ready[load];
  return (int)fuse_max(0, fuse_min((int64_t)ahead, fuse_min(allowed, work)));
}

/* A load may not write a section beside a work that writes there (M-MEM-4): that work waits for the
 * load, or the load for the work. It jumps over the work only where that delays less. */
static int worthwhile_ahead(const Allocator *a, int buffer, int ahead) {
  const FusePlanProgram *p = a->program;
  const FusePlanBuffer *b = &p->buffers[buffer];
  if (b->space != FUSE_SPACE_CHIP)
    return ahead;
  int work = a->work_of[a->lives[buffer].load], at = work - ahead;
  int64_t need =
      a->target->dram_latency + (int64_t)b->size * a->target->lanes / a->target->dram_elems;
  uint64_t sections = sections_of(a, b->address, b->size);
  for (int w = at; w < work; w++) {
    int out = p->cmds[a->work_cmd[w]].buffer[FUSE_REF_OUT];
    if (out < 0 || p->buffers[out].space != FUSE_SPACE_CHIP ||
        !(sections & sections_of(a, p->buffers[out].address, p->buffers[out].size)))
      continue;
    int64_t work_waits = need - (int64_t)(a->work_time[w] - a->work_time[at]);
    int64_t load_waits = need - (int64_t)(a->work_time[work] - a->work_time[w + 1]);
    if (fuse_max(0, load_waits) <= fuse_max(0, work_waits))
      at = w + 1;
  }
  return work - at;
}

static bool allocate_chip_buffer(Allocator *a, int buffer) {
  FusePlanBuffer *b = &a->program->buffers[buffer];
  Lifetime *life = &a->lives[buffer];
  int ahead = life->load >= 0 && life->roles & ROLE_BY_LOAD ? wanted_ahead(a, buffer) : 0;
  for (;; ahead--) {
    b->address = find_address(a, buffer, life->first - ahead);
    if (b->address >= 0 || ahead == 0)
      break;
  }
  if (b->address < 0)
    return fuse_diag_error(a->diag, "",
                           "no room for %llu words of '%s' in the scratchpad of %s beside what is "
                           "alive then; a tile this size doesn't fit",
                           (unsigned long long)b->size, b->name ? b->name : "", a->target->name);
  if (ahead > 0)
    ahead = worthwhile_ahead(a, buffer, ahead);
  if (life->load >= 0)
    a->program->cmds[life->load].ahead = ahead;
  life->first -= ahead;
  a->active[a->n_active++] = buffer;
  return true;
}

/* Buffers in the order of their first use; those long dead leave the active list. */
static bool allocate_chip(Allocator *a) {
  FusePlanProgram *p = a->program;
  bool *done = fuse_alloc_array(a->arena, (size_t)p->n_buffers, sizeof *done);
  for (int i = 0; i < p->n_cmds; i++) {
    int kept = 0;
    for (int k = 0; k < a->n_active; k++)
      if (a->lives[a->active[k]].last + MAX_AHEAD + 2 >= a->work_of[i])
        a->active[kept++] = a->active[k];
    a->n_active = kept;
    for (int r = 0; r < FUSE_N_REFS; r++) {
      int buffer = p->cmds[i].buffer[r];
      if (buffer < 0 || done[buffer] || p->buffers[buffer].space > FUSE_SPACE_LUT)
        continue;
      done[buffer] = true;
      p->failed_layer = p->cmds[i].layer;
      if (!allocate_chip_buffer(a, buffer))
        return false;
    }
  }
  return true;
}

/* ---- DRAM ---- */

static void allocate_arena(Allocator *a) {
  enum { ALIGN = 256 };
  FusePlanProgram *p = a->program;
  p->arena_bytes = 0;
  for (int i = 0; i < p->n_buffers; i++) {
    FusePlanBuffer *b = &p->buffers[i];
    if (b->space != FUSE_SPACE_ARENA)
      continue;
    b->address = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (int k = 0; k < i; k++) {
        const FusePlanBuffer *o = &p->buffers[k];
        if (o->space != FUSE_SPACE_ARENA || a->lives[k].last < a->lives[i].first ||
            a->lives[i].last < a->lives[k].first)
          continue;
        if (b->address < o->address + (int64_t)o->size &&
            o->address < b->address + (int64_t)b->size) {
          b->address = fuse_ceil_div(o->address + (int64_t)o->size, ALIGN) * ALIGN;
          moved = true;
        }
      }
    }
    uint64_t end = (uint64_t)b->address + b->size;
    p->arena_bytes = end > p->arena_bytes ? end : p->arena_bytes;
  }
}

/* Inputs, outputs and weights one after the other, each at a beat's border. */
static uint64_t allocate_in_order(Allocator *a, FusePlanSpace space) {
  int64_t beat = (int64_t)(a->target->dram_elems * fuse_dtype_bytes(a->net->dtype)), at = 0;
  /* LOADs of tables count from the region's start in tables (M-DMA-1). */
  int64_t align = fuse_max(beat, a->net->dtype == FUSE_I8 ? STOS_LUT_BYTES : 64);
  for (int i = 0; i < a->program->n_buffers; i++) {
    FusePlanBuffer *b = &a->program->buffers[i];
    if (b->space != space)
      continue;
    b->address = at;
    at = fuse_ceil_div(at + (int64_t)b->size, align) * align;
  }
  return (uint64_t)at;
}

/* ---- absolute addresses ---- */

static void add(const Allocator *a, const FusePlanCmd *cmd, FusePlanRef ref, uint32_t *field,
                int64_t unit_bytes) {
  if (cmd->buffer[ref] >= 0)
    *field += (uint32_t)(a->program->buffers[cmd->buffer[ref]].address / unit_bytes);
}

static void add_tables(const Allocator *a, const FusePlanCmd *cmd, StosPost *post) {
  for (int i = 0; i < STOS_MAX_POST; i++)
    if (post[i].code == STOS_POST_LUT)
      add(a, cmd, FUSE_REF_LUT, &post[i].imm, 1);
}

static void resolve(const Allocator *a, FusePlanCmd *cmd) {
  int64_t word_bytes = (int64_t)(a->target->lanes * fuse_dtype_bytes(a->net->dtype));
  switch (cmd->cmd.opcode) {
  case STOS_CMD_LOAD:
  case STOS_CMD_STORE: {
    StosCmd_load *c = &cmd->cmd.load;
    const int64_t unit_bytes[] = {word_bytes, STOS_PARAM_BYTES, STOS_LUT_BYTES}; /* by space */
    add(a, cmd, FUSE_REF_DRAM, &c->dram, unit_bytes[c->space]);
    add(a, cmd, cmd->cmd.opcode == STOS_CMD_STORE ? FUSE_REF_IN : plan_loaded_ref(c), &c->chip, 1);
    break;
  }
#define RESOLVE(name, left)                                                                        \
  add(a, cmd, FUSE_REF_IN, &cmd->cmd.name.in, 1);                                                  \
  add(a, cmd, FUSE_REF_OUT, &cmd->cmd.name.out, 1);                                                \
  add(a, cmd, FUSE_REF_RES, &cmd->cmd.name.res, 1);                                                \
  add(a, cmd, FUSE_REF_PARAM, &cmd->cmd.name.param, 1);                                            \
  add_tables(a, cmd, cmd->cmd.name.post);                                                          \
  left;                                                                                            \
  break;
  case STOS_CMD_GEMM: RESOLVE(gemm, add(a, cmd, FUSE_REF_LEFT, &cmd->cmd.gemm.left, 1))
  case STOS_CMD_CONV1D: RESOLVE(conv1d, add(a, cmd, FUSE_REF_LEFT, &cmd->cmd.conv1d.taps, 1))
  case STOS_CMD_VECTOR: RESOLVE(vector, (void)0)
#undef RESOLVE
  default: break;
  }
}

bool fuse_plan_allocate(FuseArena *arena, const FusePlanNet *net, const StosTarget *target,
                        FusePlanProgram *program, FuseDiag *diag) {
  Allocator a = {.arena = arena, .net = net, .target = target, .program = program, .diag = diag};
  size_t n_cmds = (size_t)program->n_cmds, n_buffers = (size_t)program->n_buffers;
  a.lives = fuse_alloc_array(arena, n_buffers, sizeof *a.lives);
  a.work_of = fuse_alloc_array(arena, n_cmds, sizeof *a.work_of);
  a.work_time = fuse_alloc_array(arena, n_cmds + 1, sizeof *a.work_time);
  a.work_cmd = fuse_alloc_array(arena, n_cmds, sizeof *a.work_cmd);
  a.ready = fuse_alloc_array(arena, n_cmds, sizeof *a.ready);
  a.active = fuse_alloc_array(arena, n_buffers, sizeof *a.active);
  scan(&a);
  find_ready(&a);
  if (!allocate_chip(&a))
    return false;
  allocate_arena(&a);
  program->io_bytes = allocate_in_order(&a, FUSE_SPACE_IO);
  program->weights_bytes = allocate_in_order(&a, FUSE_SPACE_WEIGHTS);
  for (int i = 0; i < program->n_cmds; i++)
    resolve(&a, &program->cmds[i]);
  return true;
}
