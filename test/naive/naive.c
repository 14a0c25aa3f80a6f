// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* naive.c - the tick: fetch and the units; start, end and what stops a program.
 *
 * needs: a decoded program and memories of the target's sizes
 * gives: the memories after END, and the cycle in which END sees empty queues
 * source: docs/machine.md, section 8 */
#include <string.h>

#include "naive_private.h"

/* M-CTL-4: true when the fetch may go past a BARRIER or END in this cycle. */
static bool queues_empty(Naive *m) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    if (m->queues[q].incomplete > 0)
      return false;
  for (int s = 0; s < STOS_N_SEMAPHORES; s++)
    if (m->semaphores[s] != 0)
      naive_fail(m, "semaphore s%d is %u at a barrier; expected 0", s, m->semaphores[s]);
  return true;
}

/* M-CTL-1: one command per cycle into its queue. */
static void fetch_tick(Naive *m) {
  if (m->fetched == m->program->n) {
    naive_fail(m, "the program has no END");
    return;
  }
  const StosCmd *cmd = &m->program->cmds[m->fetched];
  if (cmd->opcode == STOS_CMD_END || cmd->opcode == STOS_CMD_BARRIER) {
    if (!queues_empty(m))
      return;
    m->over = cmd->opcode == STOS_CMD_END;
    m->progress = m->cycle;
    m->fetched++;
    return;
  }
  Queue *q = &m->queues[stos_cmd_queue(cmd)];
  if (q->incomplete == m->target->queue_depth)
    return;
  q->commands[q->n] = m->fetched++;
  q->fetched_at[q->n++] = m->cycle;
  q->incomplete++;
  m->progress = m->cycle;
}

/* What a unit's clock has finished in this machine cycle becomes visible in the next. */
static void end_of_cycle(Naive *m, Clock *clock) {
  if (--clock->left > 0)
    return;
  naive_commit(m, &clock->effects);
  clock->cycle++;
}

static void tick(Naive *m) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    m->queues[q].waiting = false;
  /* Before the units, which change what it looks at only at the end of the cycle. */
  fetch_tick(m);
  if (m->over)
    return;
  naive_array_tick(m);
  naive_vector_tick(m);
  naive_dma_tick(m);
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    const Queue *queue = &m->queues[q];
    uint64_t *counter = !queue->incomplete ? m->result->idle
                        : queue->waiting   ? m->result->waiting
                                           : m->result->busy;
    counter[q]++;
  }
  end_of_cycle(m, &m->array.clock);
  end_of_cycle(m, &m->vector.clock);
  naive_dma_end(m);
  m->cycle++;
}

static void init_clock(Naive *m, Clock *clock) {
  clock->effects.completed = fuse_alloc_array(m->arena, m->program->n, sizeof(size_t));
}

static void init_array(Naive *m) {
  const StosTarget *t = m->target;
  Array *a = &m->array;
  size_t pes = (size_t)t->rows * t->cols;
  init_clock(m, &a->clock);
  a->now = fuse_alloc_array(m->arena, pes, sizeof *a->now);
  a->next = fuse_alloc_array(m->arena, pes, sizeof *a->next);
  a->free_at = fuse_alloc_array(m->arena, t->cols, sizeof *a->free_at);
  a->left = fuse_alloc_array(m->arena, t->rows, sizeof *a->left);
  a->skew = fuse_alloc_array(m->arena, (size_t)t->rows * t->rows, sizeof *a->skew);
  a->top = fuse_alloc_array(m->arena, t->cols, sizeof *a->top);
  a->columns = fuse_alloc_array(m->arena, t->cols, sizeof *a->columns);
  a->starts = fuse_alloc_array(m->arena, t->cols, sizeof *a->starts);
  for (uint32_t c = 0; c < t->cols; c++)
    a->starts[c] = -1;
  a->edge = fuse_alloc_array(m->arena, t->rows, sizeof *a->edge);
  a->deskew = fuse_alloc_array(m->arena, (size_t)t->rows * t->rows, sizeof *a->deskew);
  a->stages = fuse_alloc_array(m->arena, t->post_latency, sizeof *a->stages);
  for (uint32_t i = 0; i < t->post_latency; i++)
    a->stages[i].values = fuse_alloc_array(m->arena, t->rows, sizeof(uint32_t));
  a->pool = fuse_alloc_array(m->arena, t->rows, sizeof *a->pool);
  a->packets = fuse_alloc_array(m->arena, MAX_PACKETS, sizeof *a->packets);
  for (int i = 0; i < MAX_PACKETS; i++) {
    a->packets[i].moving = fuse_alloc_array(m->arena, t->rows, sizeof(bool));
    a->packets[i].moves = fuse_alloc_array(m->arena, t->rows, sizeof(bool));
  }
  uint32_t groups = stos_row_groups(t);
  a->conv.tap_memory =
      fuse_alloc_array(m->arena, (size_t)2 * groups * t->taps * t->lanes, sizeof(uint32_t));
  a->conv.port = fuse_alloc_array(m->arena, (size_t)t->rows * t->segments, sizeof(uint32_t));
  a->conv.taps = fuse_alloc_array(m->arena, t->rows, sizeof(uint32_t));
}

static void init_vector(Naive *m) {
  const StosTarget *t = m->target;
  Vector *v = &m->vector;
  init_clock(m, &v->clock);
  v->v = fuse_alloc_array(m->arena, t->rows, sizeof *v->v);
  v->b = fuse_alloc_array(m->arena, t->rows, sizeof *v->b);
  v->any = fuse_alloc_array(m->arena, t->rows, sizeof *v->any);
  v->stages = fuse_alloc_array(m->arena, t->post_latency, sizeof *v->stages);
  for (uint32_t i = 0; i < t->post_latency; i++) {
    v->stages[i].words = fuse_alloc_array(m->arena, t->rows, sizeof(int64_t));
    v->stages[i].values = fuse_alloc_array(m->arena, t->rows, sizeof(uint32_t));
  }
}

static void init_dma(Naive *m, Dma *dma, StosQueue queue) {
  dma->queue = queue;
  dma->effects.completed = fuse_alloc_array(m->arena, m->program->n, sizeof(size_t));
  dma->arrivals = fuse_alloc_array(m->arena, m->target->dram_latency + 2, sizeof *dma->arrivals);
  for (uint32_t i = 0; i < m->target->dram_latency + 2; i++)
    dma->arrivals[i].effects.completed = fuse_alloc_array(m->arena, 1, sizeof(size_t));
}

static void init(Naive *m) {
  m->complete = fuse_alloc_array(m->arena, m->program->n, sizeof *m->complete);
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    m->queues[q].commands = fuse_alloc_array(m->arena, m->program->n, sizeof(size_t));
    m->queues[q].fetched_at = fuse_alloc_array(m->arena, m->program->n, sizeof(uint64_t));
  }
  init_array(m);
  init_vector(m);
  init_dma(m, &m->load, STOS_QUEUE_LOAD);
  init_dma(m, &m->store, STOS_QUEUE_STORE);
}

bool naive_run(FuseArena *arena, const StosProgram *program, const StosTarget *target, int dtype,
               const NaiveMemory *memory, NaiveHost *host, void *user, NaiveResult *result,
               FuseDiag *diag) {
  Naive *m = fuse_alloc(arena, sizeof *m);
  uint32_t elem_bytes = dtype == FUSE_F32 ? 4 : 1;
  *result = (NaiveResult){0};
  *m = (Naive){.arena = arena,
               .program = program,
               .target = target,
               .dtype = dtype,
               .elem_bytes = elem_bytes,
               .word_bytes = target->lanes * elem_bytes,
               .memory = *memory,
               .host = host,
               .user = user,
               .diag = diag,
               .result = result};
  init(m);
  /* Nothing takes longer than the DRAM or the whole array without anything happening. */
  uint64_t patience = 10000 + target->dram_latency + 4 * (uint64_t)(target->rows + target->cols);
  while (!m->over && !diag->set) {
    tick(m);
    if (m->cycle - m->progress > patience)
      naive_fail(m, "nothing happens any more: a deadlock");
  }
  result->cycles = m->cycle;
  result->array_cycles = m->array.clock.cycle;
  result->vector_cycles = m->vector.clock.cycle;
  return !diag->set;
}
