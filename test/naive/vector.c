// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* vector.c - the vector unit: one chunk and one window position per cycle (M-VEC). */
#include <string.h>

#include "naive_private.h"

/* One element of a chunk: a word of channel block o0 at (y, x). */
typedef struct Element {
  int64_t o0, o1, y, x;
} Element;

/* Loops, outer to inner; across = 0: o0, o1, y, chunks of x; across = 1: o1, y, x, chunks of o0. */
static void begin_loops(const Naive *m, const StosCmd_vector *x, Loops *loops) {
  int64_t groups = stos_row_groups(m->target);
  if (x->across)
    naive_loops(loops, 4, (int64_t[]){x->o[1], x->ny, x->nx, fuse_ceil_div(x->o[0], groups)});
  else
    naive_loops(loops, 4, (int64_t[]){x->o[0], x->o[1], x->ny, fuse_ceil_div(x->nx, groups)});
}

/* Levels, outermost first, and the loop each one is; -1: the whole command. */
static const int plain_levels[4] = {0, 1, 2, 3}, plain_loops[4] = {-1, 0, 1, 2};
static const int across_levels[4] = {0, 2, 3, 1}, across_loops[4] = {-1, 0, 1, 3};

static Element element(const Naive *m, const StosCmd_vector *x, int g) {
  const int64_t *at = m->vector.loops.at;
  int64_t chunk = at[3] * stos_row_groups(m->target) + g;
  return x->across ? (Element){.o1 = at[0], .y = at[1], .x = at[2], .o0 = chunk}
                   : (Element){.o0 = at[0], .o1 = at[1], .y = at[2], .x = chunk};
}

static int chunk_size(const Naive *m, const StosCmd_vector *x) {
  int64_t groups = stos_row_groups(m->target);
  return (int)fuse_min(groups, (x->across ? x->o[0] : x->nx) - m->vector.loops.at[3] * groups);
}

/* Operand a of one element at this window position; false: outside. */
static bool window_word(const StosCmd_vector *x, Element e, uint32_t tap, int64_t *word) {
  int64_t iy = e.y * x->stride_y + tap / x->nkx + x->y0 + e.o1 * x->o1_dy;
  int64_t ix = e.x * x->stride_x + tap % x->nkx + x->x0 + e.o1 * x->o1_dx;
  int64_t offset = iy * x->in_line + ix * x->in_pixel + e.o0 * x->in_block + e.o1 * x->o1_in;
  *word = naive_ring(x->in, offset, x->ring_size, x->ring_start);
  return iy >= 0 && iy < x->ih && ix >= 0 && ix < x->iw;
}

static void reduce(Naive *m, const StosCmd_vector *x, int g, const uint32_t *word) {
  Vector *v = &m->vector;
  uint32_t lanes = m->target->lanes, *into = &v->v[(uint32_t)g * lanes];
  for (uint32_t l = 0; l < lanes; l++) {
    if (x->reduce == STOS_REDUCE_SUM)
      into[l] = naive_add(m->dtype, into[l], word[l]);
    else if (!v->any[g] || naive_less(m->dtype, into[l], word[l]))
      into[l] = word[l];
  }
  v->any[g] = true;
}

/* The reads of one vector cycle. */
static uint32_t read_chunk(Naive *m, const StosCmd_vector *x, int n) {
  Vector *v = &m->vector;
  uint32_t lanes = m->target->lanes;
  Access a = {0}, b = {0};
  for (int g = 0; g < n; g++) {
    Element e = element(m, x, g);
    uint32_t lane[MAX_LANES];
    int64_t word;
    if (v->tap == 0) {
      v->any[g] = false;
      memset(&v->v[(uint32_t)g * lanes], 0, lanes * sizeof *v->v);
    }
    if (v->tap == 0 && x->res_use) {
      word =
          x->res + e.y * x->res_line + e.x * x->res_pixel + e.o0 * x->res_block + e.o1 * x->o1_res;
      if (!naive_read_word(m, word, x->res_unsigned, x->res_zp, &v->b[(uint32_t)g * lanes]))
        return 1;
      naive_access(&b, word);
    }
    if (!window_word(x, e, v->tap, &word))
      continue;
    if (!naive_read_word(m, word, x->in_unsigned, x->in_zp, lane))
      return 1;
    naive_access(&a, word);
    reduce(m, x, g, lane);
  }
  return (uint32_t)fuse_max(naive_access_cycles(m, &a), naive_access_cycles(m, &b));
}

/* The chunk's last reduction cycle: through the program, into the pipeline. */
static void enter(Naive *m, const StosCmd_vector *x, int n, VectorStage *stage) {
  Vector *v = &m->vector;
  uint32_t lanes = m->target->lanes;
  for (int g = 0; g < n; g++) {
    Element e = element(m, x, g);
    stage->words[g] =
        x->out + e.y * x->out_line + e.x * x->out_pixel + e.o0 * x->out_block + e.o1 * x->o1_out;
    for (uint32_t l = 0; l < lanes; l++) {
      uint32_t i = (uint32_t)g * lanes + l;
      int64_t channel = e.o0 * lanes + l;
      PostContext context = {x->param + channel, x->res_use ? v->b[i] : 0, x->double_round,
                             x->out_unsigned};
      stage->values[i] =
          channel < x->channels
              ? naive_saturate(m->dtype, naive_post(m, x->post, STOS_MAX_POST, v->v[i], &context),
                               x->out_unsigned)
              : 0;
    }
  }
  const int *levels = x->across ? across_levels : plain_levels;
  const int *loops = x->across ? across_loops : plain_loops;
  for (int i = 0; i < 4; i++)
    if (naive_ends(&v->loops, loops[i]))
      naive_add_signals(&stage->signals, v->cmd, levels[i]);
  stage->ends_command = naive_ends(&v->loops, -1);
  stage->valid = true;
  stage->n = n;
}

static uint32_t leave(Naive *m, const VectorStage *stage) {
  Effects *effects = &m->vector.clock.effects;
  Access access = {0};
  for (int g = 0; g < stage->n; g++) {
    naive_write_word(m, effects, stage->words[g], &stage->values[(uint32_t)g * m->target->lanes]);
    naive_access(&access, stage->words[g]);
  }
  naive_fire(effects, &stage->signals, STOS_SIGNAL_DONE);
  if (stage->ends_command)
    naive_complete(m, effects, stage->index);
  return naive_access_cycles(m, &access);
}

/* True when a chunk has its waits and goes on in this cycle. */
static bool running(Naive *m) {
  Vector *v = &m->vector;
  if (!v->cmd) {
    size_t index;
    const StosCmd *cmd = naive_head(m, STOS_QUEUE_VECTOR, &index);
    if (!cmd)
      return false;
    naive_issue(m, STOS_QUEUE_VECTOR);
    if (cmd->opcode == STOS_CMD_SIGNAL) {
      Signals signals = {0};
      naive_add_signals(&signals, cmd, 0);
      naive_fire(&v->clock.effects, &signals, STOS_SIGNAL_READ);
      naive_fire(&v->clock.effects, &signals, STOS_SIGNAL_DONE);
      naive_complete(m, &v->clock.effects, index);
      return false;
    }
    v->cmd = cmd;
    v->index = index;
    begin_loops(m, &cmd->vector, &v->loops);
  }
  if (v->running)
    return true;
  bool across = v->cmd->vector.across;
  int levels[4], n = 0;
  for (int i = 0; i < 4; i++)
    if (naive_begins(&v->loops, (across ? across_loops : plain_loops)[i]))
      levels[n++] = (across ? across_levels : plain_levels)[i];
  v->running = naive_wait(m, STOS_QUEUE_VECTOR, v->cmd, levels, n);
  v->tap = 0;
  return v->running;
}

/* One window position of the chunk. */
static uint32_t chunk_cycle(Naive *m, VectorStage *stage) {
  Vector *v = &m->vector;
  const StosCmd_vector *x = &v->cmd->vector;
  int n = chunk_size(m, x);
  uint32_t slowest = read_chunk(m, x, n);
  m->progress = m->cycle;
  if (++v->tap < (uint32_t)x->nky * x->nkx)
    return slowest;
  enter(m, x, n, stage);
  stage->index = v->index;
  naive_fire(&v->clock.effects, &stage->signals, STOS_SIGNAL_READ);
  v->running = false;
  if (!naive_advance(&v->loops))
    v->cmd = NULL;
  return slowest;
}

void naive_vector_tick(Naive *m) {
  Vector *v = &m->vector;
  uint32_t n = m->target->post_latency, slowest = 1;
  if (v->clock.left > 0)
    return;
  VectorStage first = v->stages[n - 1];
  if (first.valid)
    slowest = leave(m, &first);
  for (uint32_t i = n - 1; i > 0; i--)
    v->stages[i] = v->stages[i - 1];
  v->stages[0] = (VectorStage){.words = first.words, .values = first.values};
  if (running(m))
    slowest = (uint32_t)fuse_max(slowest, chunk_cycle(m, &v->stages[0]));
  v->clock.left = slowest;
}
