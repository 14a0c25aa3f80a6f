// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* vector.c - the vector unit: elementwise operations and window reductions.
 *
 * source: docs/machine.md, M-VEC-1, M-VEC-2
 */
#include <string.h>

#include "sim_private.h"

/* Several chunks that follow each other without a point to wait at: a line, or across channel
 * blocks one chunk. */
struct SimVectorCmd {
  const StosCmd_vector *f;
  size_t cmd;
  uint32_t o0, o1, y, x; /* the next chunk's */
  int rank;              /* outermost level that begins with the next piece, by sim_level_rank */
  uint32_t reductions;   /* cycles of a chunk */
  SimPost post;
  uint32_t reads, writes; /* records */
  uint32_t a_mask, b_mask, out_mask;
};

/* One chunk: words side by side. */
typedef struct Chunk {
  uint32_t n;
  uint32_t o0, y, x; /* of the first */
} Chunk;

bool sim_vector_check(Sim *sim, size_t cmd) {
  const StosCmd_vector *f = &sim->program->cmds[cmd].vector;
  uint64_t loops[] = {f->o[0], f->o[1], f->ny, f->nx, f->nky, f->nkx};
  return sim_check_work(sim, cmd, loops, FUSE_COUNTOF(loops)) &&
         sim_post_check(sim, cmd, f->post, STOS_MAX_POST);
}

void sim_vector_init(Sim *sim) {
  sim->vector.clock.queue = STOS_QUEUE_VECTOR;
  sim->vector.clock.idle_cmd = SIM_NO_CMD;
}

static SimVectorCmd *begin(Sim *sim, size_t cmd) {
  fuse_arena_reset(&sim->vector.arena);
  SimVectorCmd *v = fuse_alloc(&sim->vector.arena, sizeof *v);
  *v = (SimVectorCmd){.f = &sim->program->cmds[cmd].vector, .cmd = cmd};
  v->reductions = (uint32_t)v->f->nky * v->f->nkx;
  sim_post_init(&sim->vector.arena, &v->post, cmd, v->f->post, STOS_MAX_POST,
                sim->row_groups * sim->lanes);
  v->post.double_round = v->f->double_round;
  return v;
}

/* ---- operands ---- */

static uint32_t block_of(const SimVectorCmd *v, const Chunk *chunk, uint32_t i) {
  return chunk->o0 + (v->f->across ? i : 0);
}

static uint32_t x_of(const SimVectorCmd *v, const Chunk *chunk, uint32_t i) {
  return chunk->x + (v->f->across ? 0 : i);
}

/* Word i of the chunk's operand a at a place of the window; false when it is outside. */
static bool a_word(Sim *sim, const SimVectorCmd *v, const Chunk *chunk, uint32_t i, uint32_t ky,
                   uint32_t kx, uint32_t *word) {
  const StosCmd_vector *f = v->f;
  int64_t iy = (int64_t)chunk->y * f->stride_y + ky + f->y0 + (int64_t)v->o1 * f->o1_dy;
  int64_t ix = (int64_t)x_of(v, chunk, i) * f->stride_x + kx + f->x0 + (int64_t)v->o1 * f->o1_dx;
  if (iy < 0 || iy >= f->ih || ix < 0 || ix >= f->iw)
    return false;
  int64_t offset = iy * f->in_line + ix * f->in_pixel +
                   (int64_t)block_of(v, chunk, i) * f->in_block + (int64_t)v->o1 * f->o1_in;
  return sim_word(sim, v->cmd, "in", f->in, offset, f->ring_size, f->ring_start, word);
}

static bool b_word(Sim *sim, const SimVectorCmd *v, const Chunk *chunk, uint32_t i,
                   uint32_t *word) {
  const StosCmd_vector *f = v->f;
  int64_t offset = (int64_t)chunk->y * f->res_line + (int64_t)x_of(v, chunk, i) * f->res_pixel +
                   (int64_t)block_of(v, chunk, i) * f->res_block + (int64_t)v->o1 * f->o1_res;
  return sim_word(sim, v->cmd, "res", f->res, offset, 0, 0, word);
}

static bool out_word(Sim *sim, const SimVectorCmd *v, const Chunk *chunk, uint32_t i,
                     uint32_t *word) {
  const StosCmd_vector *f = v->f;
  int64_t offset = (int64_t)chunk->y * f->out_line + (int64_t)x_of(v, chunk, i) * f->out_pixel +
                   (int64_t)block_of(v, chunk, i) * f->out_block + (int64_t)v->o1 * f->o1_out;
  return sim_word(sim, v->cmd, "out", f->out, offset, 0, 0, word);
}

/* ---- values ---- */

static bool read_word(Sim *sim, const SimVectorCmd *v, uint32_t word, bool is_unsigned,
                      int32_t zero, uint32_t *out) {
  if (!sim_poison_read(sim, SIM_SHADOW_SCRATCHPAD, word, v->reads))
    return false;
  if (sim->dtype == FUSE_F32)
    sim_read_f32(sim, word, (float *)(void *)out);
  else
    sim_read_i8(sim, word, is_unsigned, zero, (int32_t *)out);
  return true;
}

/* v = v (+) a; `first`: nothing was inside the window before. */
static void combine(const Sim *sim, int reduce, uint32_t *value, const uint32_t *a, bool first) {
  float *vf = (float *)(void *)value;
  const float *af = (const float *)(const void *)a;
  int32_t *vi = (int32_t *)value;
  const int32_t *ai = (const int32_t *)a;
  bool take = reduce == STOS_REDUCE_NONE || (reduce == STOS_REDUCE_MAX && first);
  for (uint32_t l = 0; l < sim->lanes; l++) {
    if (take)
      value[l] = a[l];
    else if (sim->dtype == FUSE_F32)
      vf[l] = reduce == STOS_REDUCE_SUM ? vf[l] + af[l] : vf[l] < af[l] ? af[l] : vf[l];
    else if (reduce == STOS_REDUCE_SUM)
      value[l] += a[l];
    else
      vi[l] = vi[l] < ai[l] ? ai[l] : vi[l];
  }
}

static bool reduce_word(Sim *sim, const SimVectorCmd *v, const Chunk *chunk, uint32_t i,
                        uint32_t *value) {
  const StosCmd_vector *f = v->f;
  uint32_t a[64], word;
  bool first = true;
  memset(value, 0, sim->lanes * sizeof *value);
  for (uint32_t ky = 0; ky < f->nky; ky++)
    for (uint32_t kx = 0; kx < f->nkx; kx++) {
      if (!a_word(sim, v, chunk, i, ky, kx, &word))
        continue;
      if (!read_word(sim, v, word, f->in_unsigned, f->in_zp, a))
        return false;
      combine(sim, f->reduce, value, a, first);
      first = false;
    }
  return !sim->diag->set;
}

static uint32_t lanes_valid(const Sim *sim, const SimVectorCmd *v, uint32_t block) {
  int64_t left = v->f->channels - (int64_t)block * sim->lanes;
  return (uint32_t)(left < 0 ? 0 : fuse_min(left, sim->lanes));
}

static bool compute_chunk(Sim *sim, SimVectorCmd *v, const Chunk *chunk) {
  const StosCmd_vector *f = v->f;
  for (uint32_t i = 0; i < chunk->n; i++) {
    uint32_t value[64], b[64], word, block = block_of(v, chunk, i);
    uint32_t valid = lanes_valid(sim, v, block);
    int64_t entry = f->param + (int64_t)block * sim->lanes;
    if ((i == 0 || f->across) && !sim_post_params(sim, &v->post, entry, 0, valid, v->writes))
      return false;
    if (!sim->values)
      continue;
    if (!reduce_word(sim, v, chunk, i, value))
      return false;
    if (f->res_use && (!b_word(sim, v, chunk, i, &word) ||
                       !read_word(sim, v, word, f->res_unsigned, f->res_zp, b)))
      return false;
    if (!out_word(sim, v, chunk, i, &word) ||
        !sim_poison_write(sim, SIM_SHADOW_SCRATCHPAD, word, v->writes))
      return false;
    if (sim->dtype == FUSE_F32) {
      sim_post_f32(&v->post, (float *)(void *)value, (const float *)(const void *)b, 0, valid);
      sim_write_f32(sim, word, (const float *)(const void *)value, valid);
    } else {
      sim_post_i8(sim, &v->post, (int32_t *)value, (const int32_t *)b, 0, valid);
      sim_write_i8(sim, word, (const int32_t *)value, valid, f->out_unsigned);
    }
  }
  return true;
}

/* ---- times ---- */

typedef bool WordOf(Sim *sim, const SimVectorCmd *v, const Chunk *chunk, uint32_t i,
                    uint32_t *word);

/* One access of operand b or of the result in unit cycle u. */
static bool time_access(Sim *sim, const SimVectorCmd *v, const Chunk *chunk, WordOf *word_of,
                        uint64_t u, uint32_t *mask) {
  for (uint32_t i = 0; i < chunk->n; i++) {
    if (!word_of(sim, v, chunk, i, &sim->access[i]))
      return false;
    *mask |= sim_section_bit(sim, sim->access[i]);
  }
  sim_clock_hold(sim, &sim->vector.clock, u, sim_access_cycles(sim, sim->access, chunk->n));
  return true;
}

static bool time_chunk(Sim *sim, SimVectorCmd *v, const Chunk *chunk, uint64_t u) {
  const StosCmd_vector *f = v->f;
  for (uint32_t ky = 0; ky < f->nky; ky++)
    for (uint32_t kx = 0; kx < f->nkx; kx++) {
      uint32_t n = 0;
      for (uint32_t i = 0; i < chunk->n; i++)
        if (a_word(sim, v, chunk, i, ky, kx, &sim->access[n]))
          v->a_mask |= sim_section_bit(sim, sim->access[n++]);
      sim_clock_hold(sim, &sim->vector.clock, u + (uint64_t)ky * f->nkx + kx,
                     sim_access_cycles(sim, sim->access, n));
    }
  if (f->res_use && !time_access(sim, v, chunk, b_word, u, &v->b_mask))
    return false;
  uint64_t written = u + v->reductions - 1 + sim->target->post_latency;
  return !sim->diag->set && time_access(sim, v, chunk, out_word, written, &v->out_mask);
}

/* ---- order ---- */

static bool run_chunk(Sim *sim, SimVectorCmd *v, const Chunk *chunk, uint64_t *u) {
  if (!compute_chunk(sim, v, chunk) || !time_chunk(sim, v, chunk, *u))
    return false;
  *u += v->reductions;
  return true;
}

/* The chunks up to the next point to wait at. */
static bool run_piece(Sim *sim, SimVectorCmd *v, uint64_t *u) {
  const StosCmd_vector *f = v->f;
  uint32_t side = sim->row_groups;
  if (f->across) {
    Chunk chunk = {(uint32_t)fuse_min(side, f->o[0] - (int64_t)v->o0), v->o0, v->y, v->x};
    return run_chunk(sim, v, &chunk, u);
  }
  for (uint32_t x = 0; x < f->nx; x += side) {
    Chunk chunk = {(uint32_t)fuse_min(side, f->nx - (int64_t)x), v->o0, v->y, x};
    if (!run_chunk(sim, v, &chunk, u))
      return false;
  }
  return true;
}

/* To the next piece; rank of the outermost level that ended, 0 when all is done. */
static int advance(const Sim *sim, SimVectorCmd *v) {
  const StosCmd_vector *f = v->f;
  if (f->across) { /* o1, y, x, chunks of o0 */
    v->o0 += sim->row_groups;
    if (v->o0 < f->o[0])
      return 3;
    v->o0 = 0;
    if (++v->x < f->nx)
      return 3;
    v->x = 0;
    if (++v->y < f->ny)
      return 2;
    v->y = 0;
    return ++v->o1 < f->o[1] ? 1 : 0;
  }
  if (++v->y < f->ny)
    return 3;
  v->y = 0;
  if (++v->o1 < f->o[1])
    return 2;
  v->o1 = 0;
  return ++v->o0 < f->o[0] ? 1 : 0;
}

/* Run the next piece from the clock's present cycle on; false on an error. */
static bool start(Sim *sim, size_t cmd) {
  SimClock *clock = &sim->vector.clock;
  SimVectorCmd *v = sim->vector.cmd;
  uint32_t latency = sim->target->post_latency;
  uint64_t from = clock->u, end = from;
  v->reads = sim_record_open(sim, cmd, STOS_QUEUE_VECTOR);
  v->writes = sim_record_open(sim, cmd, STOS_QUEUE_VECTOR);
  v->a_mask = v->b_mask = v->out_mask = 0;
  if (sim->result->cmds[cmd].start == 0)
    sim->result->cmds[cmd].start = clock->t;
  if (!run_piece(sim, v, &end))
    return false;
  if (v->a_mask)
    sim_clock_span(sim, clock, SIM_VECTOR_A, v->a_mask, from, end - 1, cmd);
  if (v->b_mask)
    sim_clock_span(sim, clock, SIM_VECTOR_B, v->b_mask, from, end - v->reductions, cmd);
  if (v->out_mask)
    sim_clock_span(sim, clock, SIM_VECTOR_OUT, v->out_mask, from + v->reductions - 1 + latency,
                   end - 1 + latency, cmd);
  v->rank = advance(sim, v);
  sim_clock_signals(sim, clock, cmd, v->rank, end - 1, end - 1 + latency);
  sim_clock_close(sim, clock, v->reads, end - 1);
  sim_clock_close(sim, clock, v->writes, end - 1 + latency);
  sim_clock_run(sim, clock, end, STOS_SIM_BUSY, cmd);
  if (v->rank == 0) {
    sim->vector.cmd = NULL;
    sim_queue_pop(sim, STOS_QUEUE_VECTOR);
  }
  return true;
}

void sim_vector_step(Sim *sim) {
  SimClock *clock = &sim->vector.clock;
  sim_clock_catch_up(sim, clock);
  sim->next[SIM_VECTOR] = clock->t;
  if (clock->t > sim->now)
    return;
  uint64_t retry;
  const SimFetched *head = sim_queue_head(sim, STOS_QUEUE_VECTOR, sim->now, &retry);
  if (!head) {
    sim->next[SIM_VECTOR] =
        sim_clock_wait(sim, clock, retry, sim_queue_starved(sim, STOS_QUEUE_VECTOR), SIM_NO_CMD);
    return;
  }
  size_t cmd = head->cmd;
  int opcode = sim->program->cmds[cmd].opcode;
  if (opcode == STOS_CMD_SIGNAL) { /* one cycle of the unit's clock (M-CTL-4) */
    sim_clock_run(sim, clock, clock->u + 1, STOS_SIM_BUSY, cmd);
    sim_run_signal(sim, cmd, STOS_QUEUE_VECTOR, sim->now, clock->t);
    sim->next[SIM_VECTOR] = clock->t;
    return;
  }
  if (!sim->vector.cmd)
    sim->vector.cmd = begin(sim, cmd);
  if (!sim_take_waits(sim, cmd, STOS_QUEUE_VECTOR, sim->vector.cmd->rank, stos_cmd_levels(opcode),
                      sim->now, &retry)) {
    sim->next[SIM_VECTOR] = sim_clock_wait(sim, clock, retry, STOS_SIM_WAIT, cmd);
    return;
  }
  if (start(sim, cmd))
    sim->next[SIM_VECTOR] = clock->t;
}
