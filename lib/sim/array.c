// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* array.c - the array queue: which work starts when.
 *
 * source: docs/machine.md, section 6
 */
#include <string.h>

#include "sim_private.h"

void sim_array_init(Sim *sim) {
  SimArray *a = &sim->array;
  uint32_t cols = sim->target->cols;
  a->clock.queue = STOS_QUEUE_ARRAY;
  a->clock.idle_cmd = SIM_NO_CMD;
  a->acc_rows = (sim->target->rows + 7) / 8 * 8;
  a->acc = fuse_alloc_array(sim->arena, (size_t)cols * a->acc_rows, 4);
  a->inputs = fuse_alloc_array(sim->arena, (size_t)cols * SIM_CHUNK_STEPS, 4);
  a->weights = fuse_alloc_array(sim->arena, (size_t)a->acc_rows * SIM_CHUNK_STEPS, 4);
  /* Tiles start at least L cycles apart, and a column reads its last word less than C cycles after
   * column 0: more than this many are never in flight. */
  a->top_capacity = cols / sim->lanes + 3;
  a->tops = fuse_alloc_array(sim->arena, a->top_capacity, sizeof *a->tops);
  for (uint32_t i = 0; i < a->top_capacity; i++) {
    SimTopTile *top = &a->tops[i];
    top->iy = fuse_alloc_array(sim->arena, cols, sizeof *top->iy);
    top->ix = fuse_alloc_array(sim->arena, cols, sizeof *top->ix);
    top->offset = fuse_alloc_array(sim->arena, cols, sizeof *top->offset);
    top->columns = fuse_alloc_array(sim->arena, cols, sizeof *top->columns);
  }
}

/* Prepare the command at the head unless it is already. */
static void begin(Sim *sim, size_t cmd) {
  SimArray *a = &sim->array;
  if (a->gemm || a->conv)
    return;
  if (a->n_tops == 0) /* else tiles in flight still use the command before */
    fuse_arena_reset(&a->arena);
  if (sim->program->cmds[cmd].opcode == STOS_CMD_GEMM)
    a->gemm = sim_gemm_begin(sim, cmd);
  else
    a->conv = sim_conv_begin(sim, cmd);
}

/* The earliest array cycle in which the head's next piece of work may start (M-GEMM-4, M-ARR-1,
 * M-ARR-2). */
static uint64_t earliest(Sim *sim, int opcode) {
  SimArray *a = &sim->array;
  if (a->mode != 0 && a->mode != opcode)
    return a->empty;
  if (opcode == STOS_CMD_CONV1D)
    return a->issue_end;
  uint64_t steps = sim_gemm_steps(sim, a->gemm);
  uint64_t drained = a->drain_free > steps ? a->drain_free - steps : 0;
  return drained > a->next_start ? drained : a->next_start;
}

/* Start the next piece of work of `cmd` in the clock's present cycle. */
static bool start(Sim *sim, size_t cmd) {
  SimArray *a = &sim->array;
  StosCmdStats *stats = &sim->result->cmds[cmd];
  bool more = false, ok;
  a->mode = sim->program->cmds[cmd].opcode;
  if (stats->start == 0)
    stats->start = a->clock.t;
  if (a->gemm)
    ok = sim_gemm_tile(sim, a->gemm, a->clock.u, &more);
  else
    ok = sim_conv_iteration(sim, a->conv, a->clock.u, &more);
  if (!ok)
    return false;
  sim_clock_run(sim, &a->clock, a->issue_end, STOS_SIM_BUSY, cmd);
  if (!more) {
    a->gemm = NULL;
    a->conv = NULL;
    sim_queue_pop(sim, STOS_QUEUE_ARRAY);
  }
  return true;
}

/* SIGNAL takes one array cycle (M-CTL-4). */
static void run_signal(Sim *sim, size_t cmd) {
  SimArray *a = &sim->array;
  sim_clock_run(sim, &a->clock, a->clock.u + 1, STOS_SIM_BUSY, cmd);
  a->issue_end = a->clock.u;
  if (a->next_start < a->issue_end)
    a->next_start = a->issue_end;
  sim_run_signal(sim, cmd, STOS_QUEUE_ARRAY, sim->now, a->clock.t);
  sim->next[SIM_ARRAY] = a->clock.t;
}

void sim_array_step(Sim *sim) {
  SimArray *a = &sim->array;
  SimClock *clock = &a->clock;
  sim_clock_catch_up(sim, clock);
  sim->next[SIM_ARRAY] = clock->t;
  if (clock->t > sim->now)
    return;
  uint64_t retry;
  const SimFetched *head = sim_queue_head(sim, STOS_QUEUE_ARRAY, sim->now, &retry);
  if (!head) {
    sim->next[SIM_ARRAY] =
        sim_clock_wait(sim, clock, retry, sim_queue_starved(sim, STOS_QUEUE_ARRAY), SIM_NO_CMD);
    return;
  }
  size_t cmd = head->cmd;
  int opcode = sim->program->cmds[cmd].opcode;
  if (opcode == STOS_CMD_SIGNAL) {
    run_signal(sim, cmd);
    return;
  }
  begin(sim, cmd);
  uint64_t from = earliest(sim, opcode);
  if (clock->u < from) {
    sim_clock_run(sim, clock, from, STOS_SIM_DRAIN, cmd);
    sim->next[SIM_ARRAY] = clock->t;
    return;
  }
  int level = a->gemm ? sim_gemm_level(a->gemm) : sim_conv_level(a->conv);
  if (!sim_take_waits(sim, cmd, STOS_QUEUE_ARRAY, level, stos_cmd_levels(opcode), sim->now,
                      &retry)) {
    sim->next[SIM_ARRAY] = sim_clock_wait(sim, clock, retry, STOS_SIM_WAIT, cmd);
    return;
  }
  if (start(sim, cmd))
    sim->next[SIM_ARRAY] = clock->t;
}
