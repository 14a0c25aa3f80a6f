// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* array.c - the array's cycle and its sequencer.
 *
 * needs: commands in the array queue
 * gives: iterations begun as soon as semaphores and registers allow
 * source: docs/machine.md, sections 4 to 6 */
#include <string.h>

#include "naive_private.h"

int naive_packet(Naive *m, const StosCmd *cmd, size_t index) {
  Array *a = &m->array;
  for (int p = 0; p < MAX_PACKETS; p++) {
    Packet *packet = &a->packets[p];
    if (packet->live)
      continue;
    bool *moving = packet->moving, *moves = packet->moves;
    memset(moving, 0, m->target->rows * sizeof *moving);
    memset(moves, 0, m->target->rows * sizeof *moves);
    a->n_packets = p < a->n_packets ? a->n_packets : p + 1;
    *packet = (Packet){.live = true,
                       .in_array = true,
                       .drains = true,
                       .cmd = cmd,
                       .index = index,
                       .moving = moving,
                       .moves = moves};
    return p;
  }
  fuse_fatal("naive model: too many tiles at once");
}

/* In the cycles in which a drain moves, column c passes on what columns below it held. */
void naive_drain_reserve(Naive *m, uint64_t at_cycle) {
  for (uint32_t c = 0; c < m->target->cols; c++)
    m->array.free_at[c] = at_cycle + c + 1;
}

bool naive_drain_free(const Naive *m, int n, uint64_t first, int lag) {
  for (int c = 0; c < n; c++)
    if (first + (uint64_t)(lag * c) < m->array.free_at[c])
      return false;
  return true;
}

bool naive_array_empty(const Naive *m) {
  for (int p = 0; p < m->array.n_packets; p++)
    if (m->array.packets[p].live && m->array.packets[p].in_array)
      return false;
  return true;
}

/* The next command of the queue becomes the one in progress; SIGNAL takes this cycle. */
static bool next_command(Naive *m) {
  Array *a = &m->array;
  const StosCmd *cmd = naive_head(m, STOS_QUEUE_ARRAY, &a->index);
  if (!cmd)
    return false;
  naive_issue(m, STOS_QUEUE_ARRAY);
  if (cmd->opcode == STOS_CMD_SIGNAL) {
    Signals signals = {0};
    naive_add_signals(&signals, cmd, 0);
    naive_fire(&a->clock.effects, &signals, STOS_SIGNAL_READ);
    naive_fire(&a->clock.effects, &signals, STOS_SIGNAL_DONE);
    naive_complete(m, &a->clock.effects, a->index);
    return false;
  }
  a->cmd = cmd;
  if (cmd->opcode == STOS_CMD_GEMM) {
    naive_gemm_loops(cmd, m->target, &a->loops);
  } else {
    const uint16_t *o = cmd->conv1d.o;
    naive_loops(&a->loops, 3, (int64_t[]){o[0], o[1], o[2]});
  }
  return true;
}

/* M-CTL-2: waits of all levels whose iteration begins here, outermost first. */
static bool iteration_waits(Naive *m) {
  Array *a = &m->array;
  int levels[MAX_LOOPS + 1], n = 0;
  for (int level = 0; level <= a->loops.n; level++)
    if (naive_begins(&a->loops, level - 1))
      levels[n++] = level;
  return naive_wait(m, STOS_QUEUE_ARRAY, a->cmd, levels, n);
}

static bool begin_iteration(Naive *m) {
  Array *a = &m->array;
  if (!a->cmd && !next_command(m))
    return false;
  if (!a->waited && !iteration_waits(m))
    return false;
  a->waited = true;
  if (a->mode != a->cmd->opcode && !naive_array_empty(m))
    return false;
  if (a->cmd->opcode == STOS_CMD_GEMM ? !naive_gemm_begin(m) : !naive_conv_plan(m))
    return false;
  a->mode = a->cmd->opcode;
  a->running = true;
  a->waited = false;
  m->progress = m->cycle;
  return true;
}

static void sequence(Naive *m) {
  Array *a = &m->array;
  if (!a->running && !begin_iteration(m))
    return;
  bool over = a->cmd->opcode == STOS_CMD_GEMM ? naive_gemm_issue(m) : naive_conv_issue(m);
  if (!over)
    return;
  a->running = false;
  if (!naive_advance(&a->loops))
    a->cmd = NULL;
}

/* M-CTL-3: READ of the packets whose operands have all been read in this cycle. */
static void signal_reads(Naive *m) {
  Effects *effects = &m->array.clock.effects;
  for (int p = 0; p < m->array.n_packets; p++) {
    Packet *packet = &m->array.packets[p];
    if (!packet->live || packet->read_signalled || !packet->issued || !packet->top_done ||
        !packet->res_done)
      continue;
    packet->read_signalled = true;
    naive_fire(effects, &packet->signals, STOS_SIGNAL_READ);
    if (packet->drains)
      continue;
    naive_fire(effects, &packet->signals, STOS_SIGNAL_DONE);
    if (packet->ends_command)
      naive_complete(m, effects, packet->index);
  }
}

void naive_array_tick(Naive *m) {
  Array *a = &m->array;
  size_t pes = (size_t)m->target->rows * m->target->cols;
  if (a->clock.left > 0)
    return; /* in the middle of a slow access: everything holds */
  memcpy(a->next, a->now, pes * sizeof *a->now);
  memset(a->left, 0, m->target->rows * sizeof *a->left);
  memset(a->top, 0, m->target->cols * sizeof *a->top);
  a->op = (ConvOp){0};
  a->start_token = -1;
  a->slowest = 1;
  sequence(m);
  naive_gemm_top(m);
  naive_drain_shift(m);
  naive_gemm_step(m);
  naive_conv_step(m);
  naive_post_tick(m);
  signal_reads(m);
  Pe *now = a->now;
  a->now = a->next;
  a->next = now;
  a->clock.left = a->slowest;
}
