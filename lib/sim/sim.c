// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim.c - one run: checks, memories, the loop over actors, the sums at the end.
 *
 * needs: a decoded program that ends with END, a checked target, three DRAM regions
 * gives: their contents after the program, cycles and statistics
 * source: docs/machine.md
 */
#include <string.h>

#include "sim_private.h"

#define DEFAULT_MAX_CYCLES ((uint64_t)1 << 32)

const char *stos_sim_reason_name(StosSimReason reason) {
  static const char *const names[STOS_SIM_N_REASONS] = {
#define X(NAME, name, doc) name,
      STOS_SIM_REASONS(X)
#undef X
  };
  return names[reason];
}

/* ---- checks before the start ---- */

/* A program is for one element type (M-NUM-1). */
static bool check_dtype(Sim *sim, size_t cmd) {
  const StosCmd *c = &sim->program->cmds[cmd];
  if (c->dtype == FUSE_DTYPE_NONE)
    return true;
  if (sim->dtype != FUSE_DTYPE_NONE && sim->dtype != (FuseDtype)c->dtype)
    return sim_error(sim, cmd, "dtype %s; the commands before are %s (M-NUM-1)",
                     fuse_dtype_name((FuseDtype)c->dtype), fuse_dtype_name(sim->dtype));
  sim->dtype = (FuseDtype)c->dtype;
  return true;
}

/* What depends on the target. */
static bool check_command(Sim *sim, size_t cmd) {
  switch ((StosOpcode)sim->program->cmds[cmd].opcode) {
  case STOS_CMD_END:
    return cmd + 1 == sim->program->n || sim_error(sim, cmd, "commands follow; expected none");
  case STOS_CMD_BARRIER:
  case STOS_CMD_SIGNAL:
  case STOS_CMD_HOST: break;
  case STOS_CMD_LOAD:
  case STOS_CMD_STORE: return sim_dma_check(sim, cmd);
  case STOS_CMD_GEMM: return sim_gemm_check(sim, cmd);
  case STOS_CMD_CONV1D: return sim_conv_check(sim, cmd);
  case STOS_CMD_VECTOR: return sim_vector_check(sim, cmd);
  }
  return true;
}

static bool check_program(Sim *sim) {
  const StosProgram *program = sim->program;
  if (program->n == 0 || program->cmds[program->n - 1].opcode != STOS_CMD_END)
    return fuse_diag_error(sim->diag, sim->options->place ? sim->options->place : "",
                           "the program of %zu commands does not end with end", program->n);
  for (size_t i = 0; i < program->n; i++)
    if (!stos_cmd_check(&program->cmds[i], sim->options->place ? sim->options->place : "",
                        sim->diag) ||
        !check_dtype(sim, i))
      return false;
  if (sim->dtype == FUSE_DTYPE_NONE) /* nothing touches data */
    sim->dtype = FUSE_F32;
  sim->elem_bytes = (uint32_t)fuse_dtype_bytes(sim->dtype);
  sim->word_bytes = sim->elem_bytes * sim->lanes;
  sim->beat_bytes = sim->elem_bytes * sim->target->dram_elems;
  for (size_t i = 0; i < program->n; i++)
    if (!check_command(sim, i))
      return false;
  return true;
}

/* ---- the run ---- */

static void init_sizes(Sim *sim) {
  const StosTarget *target = sim->target;
  sim->lanes = target->lanes;
  while (1u << sim->lane_shift < sim->lanes)
    sim->lane_shift++;
  sim->row_groups = stos_row_groups(target);
  sim->banks = stos_banks(target);
  sim->section_words = stos_section_words(target);
  sim->section_factor = ((uint64_t)1 << SIM_SECTION_SHIFT) / sim->section_words + 1;
  sim->values = !sim->options->timing_only;
  sim->max_cycles = sim->options->max_cycles ? sim->options->max_cycles : DEFAULT_MAX_CYCLES;
}

static void init_memories(Sim *sim) {
  const StosTarget *target = sim->target;
  size_t banks = (size_t)sim->banks * target->sections;
  sim->bank_mark = fuse_alloc_array(sim->arena, banks, sizeof *sim->bank_mark);
  sim->bank_count = fuse_alloc_array(sim->arena, banks, sizeof *sim->bank_count);
  sim->beat_cycles = fuse_alloc_array(sim->arena, (size_t)sim->banks * sim->lanes, 1);
  /* All columns, all groups of all segments, or a beat; one of many pieces may need more. */
  sim->access_capacity =
      target->cols + (size_t)target->rows * target->segments + target->dram_elems / target->lanes;
  sim->access = fuse_alloc_array(sim->arena, sim->access_capacity, sizeof *sim->access);
  if (!sim->values)
    return;
  if (sim->options->chip) {
    sim->scratch = sim->options->chip->scratchpad;
    sim->params = sim->options->chip->params;
    sim->luts = sim->options->chip->luts;
    return;
  }
  sim->scratch = fuse_alloc_array(sim->arena, target->scratchpad_words, sim->word_bytes);
  sim->params = fuse_alloc_array(sim->arena, target->param_entries, STOS_PARAM_BYTES);
  sim->luts = fuse_alloc_array(sim->arena, target->luts, STOS_LUT_BYTES);
}

/* Until a queue does something, its time is counted as this. */
static void init_reasons(Sim *sim) {
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    sim->queues[q].idle_reason = sim_queue_starved(sim, (StosQueue)q);
    sim->queues[q].idle_cmd = SIM_NO_CMD;
  }
  sim->array.clock.idle_reason = sim->queues[STOS_QUEUE_ARRAY].idle_reason;
  sim->vector.clock.idle_reason = sim->queues[STOS_QUEUE_VECTOR].idle_reason;
}

static void act(Sim *sim, SimActor actor) {
  switch (actor) {
  case SIM_FETCH: sim_fetch_step(sim); break;
  case SIM_ARRAY: sim_array_step(sim); break;
  case SIM_VECTOR: sim_vector_step(sim); break;
  case SIM_LOAD: sim_dma_step(sim, STOS_QUEUE_LOAD); break;
  case SIM_STORE: sim_dma_step(sim, STOS_QUEUE_STORE); break;
  case SIM_CHANNEL: sim_channel_step(sim); break;
  case SIM_N_ACTORS: break;
  }
}

static bool loop(Sim *sim) {
  for (int i = SIM_FETCH + 1; i < SIM_N_ACTORS; i++)
    sim->next[i] = SIM_NEVER;
  while (!sim->over) {
    SimActor first = SIM_FETCH;
    for (SimActor i = SIM_FETCH + 1; i < SIM_N_ACTORS; i++)
      if (sim->next[i] < sim->next[first])
        first = i;
    if (sim->next[first] == SIM_NEVER)
      return sim_deadlock(sim);
    sim->now = sim->next[first];
    if (sim->now > sim->max_cycles)
      return fuse_diag_error(sim->diag, sim->options->place ? sim->options->place : "",
                             "still running after %llu cycles, the limit",
                             (unsigned long long)sim->max_cycles);
    act(sim, first);
    if (sim->diag->set)
      return false;
  }
  return true;
}

/* Account the queues' time up to the end, and check that nothing was counted twice or not at all.
 */
static void finish(Sim *sim) {
  StosSimResult *result = sim->result;
  result->cycles = sim->now;
  sim_clock_catch_up(sim, &sim->array.clock);
  sim_clock_catch_up(sim, &sim->vector.clock);
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    uint64_t sum = 0;
    if (q == STOS_QUEUE_LOAD || q == STOS_QUEUE_STORE)
      sim_count(sim, (StosQueue)q, sim->queues[q].idle_reason,
                result->cycles - sim->queues[q].accounted, SIM_NO_CMD);
    for (int r = 0; r < STOS_SIM_N_REASONS; r++)
      sum += result->queue[q][r];
    FUSE_ASSERT(sum == result->cycles);
  }
  for (size_t i = 0; i < result->n_cmds; i++) {
    result->dram_read += result->cmds[i].dram_read;
    result->dram_written += result->cmds[i].dram_written;
    result->macs += result->cmds[i].macs;
  }
}

bool stos_sim_run(FuseArena *arena, const StosProgram *program, const StosTarget *target,
                  StosMemory *regions, const StosSimOptions *options, StosSimResult *result,
                  FuseDiag *diag) {
  FuseArena scratch = {0};
  Sim *sim = fuse_alloc(&scratch, sizeof *sim);
  *sim = (Sim){.arena = &scratch,
               .program = program,
               .target = target,
               .regions = regions,
               .options = options,
               .result = result,
               .diag = diag,
               .channel.current = -1};
  *result = (StosSimResult){
      .cmds = fuse_alloc_array(arena, program->n, sizeof *result->cmds),
      .n_cmds = program->n,
  };
  init_sizes(sim);
  bool ok = check_program(sim);
  if (ok) {
    init_memories(sim);
    ok = sim_poison_init(sim);
  }
  if (ok) {
    sim_array_init(sim);
    sim_vector_init(sim);
    sim_queues_init(sim);
    init_reasons(sim);
    ok = loop(sim);
  }
  if (ok)
    finish(sim);
  fuse_arena_fini(&sim->array.arena);
  fuse_arena_fini(&sim->vector.arena);
  fuse_arena_fini(&scratch);
  return ok;
}
