// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check_random.c - the stream checker on random programs: it accepts the legal ones, and refuses
 * what a run convicts.
 *
 * A mutant is convicted when lib/sim stops with an error, with --poison or without, or, if only its
 * synchronisation changed, when its result isn't that of the commands one after the other. The
 * checker may refuse more.
 *
 * usage: check_random [FIRST_SEED [SEEDS]] */
#include <stdlib.h>

#include "../naive/direct.h"
#include "../naive/random.h"
#include "fuse/check.h"
#include "fuse/sim.h"
#include "unit.h"

enum { MUTANTS = 8 };

static unsigned convicted, refused;

/* Where the commands would stand in .stos.text. */
static void place_commands(FuseArena *arena, StosProgram *program) {
  uint8_t bytes[STOS_MAX_CMD_BYTES];
  uint32_t at = 0;
  program->offsets = fuse_alloc_array(arena, program->n, sizeof *program->offsets);
  for (size_t i = 0; i < program->n; i++) {
    program->offsets[i] = at;
    at += (uint32_t)stos_encode(&program->cmds[i], bytes, &(FuseDiag){0});
  }
}

static bool check(FuseArena *arena, RandomCase *c, FuseDiag *diag) {
  place_commands(arena, &c->program);
  StosCheckSpan io = {0, c->memory.region_bytes[STOS_REGION_IO]};
  StosCheckRegions regions = {.inputs = &io, .n_inputs = 1};
  for (int r = 0; r < STOS_N_REGIONS; r++)
    regions.size_bytes[r] = c->memory.region_bytes[r];
  return stos_check(arena, &c->program, &c->target, &regions, NULL, 0, "random", diag);
}

/* ---- mutants ---- */

static StosCmd *any_command(Random *random, RandomCase *c) {
  return &c->program.cmds[random_below(random, (uint32_t)c->program.n - 1)];
}

static void remove_sync(StosCmd *cmd, int i) {
  if (i < cmd->n_waits)
    cmd->n_waits--;
  else
    cmd->n_signals--;
  memmove(&cmd->sync[i], &cmd->sync[i + 1],
          (size_t)(cmd->n_waits + cmd->n_signals - i) * sizeof *cmd->sync);
}

/* All waits and signals of one semaphore between two barriers go. */
static void drop_token(Random *random, RandomCase *c) {
  size_t at = random_below(random, (uint32_t)c->program.n - 1);
  StosCmd *cmds = c->program.cmds;
  if (cmds[at].n_waits == 0)
    return;
  uint8_t semaphore = cmds[at].sync[random_below(random, cmds[at].n_waits)].semaphore;
  size_t first = at, end = at;
  while (first > 0 && cmds[first - 1].opcode != STOS_CMD_BARRIER)
    first--;
  while (cmds[end].opcode != STOS_CMD_BARRIER && cmds[end].opcode != STOS_CMD_END)
    end++;
  for (size_t i = first; i < end; i++)
    for (int k = cmds[i].n_waits + cmds[i].n_signals - 1; k >= 0; k--)
      if (cmds[i].sync[k].semaphore == semaphore)
        remove_sync(&cmds[i], k);
}

/* One of the waits or signals goes, or changes its count or level. */
static void change_sync(Random *random, RandomCase *c) {
  StosCmd *cmd = any_command(random, c);
  int n = cmd->n_waits + cmd->n_signals;
  if (n == 0)
    return;
  int i = (int)random_below(random, (uint32_t)n);
  switch (random_below(random, 4)) {
  case 0: remove_sync(cmd, i); break;
  case 1: cmd->sync[i].count = (uint16_t)(1 + random_below(random, 4)); break;
  case 2: cmd->sync[i].level = (uint8_t)random_below(random, 6); break;
  default:
    if (i >= cmd->n_waits)
      cmd->sync[i].kind = STOS_SIGNAL_READ;
  }
}

/* Any field moves a little. */
static void move_field(Random *random, RandomCase *c) {
  StosCmd *cmd = any_command(random, c);
  const StosCmdInfo *info = stos_cmd_info(cmd->opcode);
  if (info->n_fields == 0)
    return;
  const StosField *field = &info->fields[random_below(random, (uint32_t)info->n_fields)];
  if (field->is_post)
    return;
  /* Another shift in a parameter is data: no checker sees it. */
  if (cmd->opcode == STOS_CMD_LOAD && cmd->load.space == STOS_SPACE_PARAM)
    return;
  int i = (int)random_below(random, field->count);
  int64_t value = stos_field_get(cmd, field, i) + random_between(random, -3, 3);
  if (value >= field->smallest && value <= field->largest)
    stos_field_set(cmd, field, i, value);
}

static void swap_commands(Random *random, RandomCase *c) {
  StosCmd *cmd = any_command(random, c), copy = *cmd;
  if (cmd[1].opcode == STOS_CMD_END)
    return;
  cmd[0] = cmd[1];
  cmd[1] = copy;
}

static void remove_command(Random *random, RandomCase *c) {
  size_t i = random_below(random, (uint32_t)c->program.n - 1);
  memmove(&c->program.cmds[i], &c->program.cmds[i + 1],
          (c->program.n - i - 1) * sizeof *c->program.cmds);
  c->program.n--;
}

static const struct {
  const char *name;
  void (*mutate)(Random *random, RandomCase *c);
  bool by_result; /* still means the same: its commands one after the other */
} mutations[] = {{"token dropped", drop_token, true},
                 {"wait or signal changed", change_sync, true},
                 {"field moved", move_field, false},
                 {"commands swapped", swap_commands, false},
                 {"command removed", remove_command, true}};

/* ---- conviction ---- */

static bool run(FuseArena *arena, const RandomCase *c, NaiveMemory *memory, bool poison,
                FuseDiag *diag) {
  StosMemory regions[STOS_N_REGIONS] = {{0}};
  StosExtent whole = {0, memory->region_bytes[STOS_REGION_IO]};
  StosSimOptions options = {.poison = poison, .max_cycles = 1000000, .place = "random"};
  StosSimResult result;
  for (int r = 0; r < STOS_N_REGIONS; r++)
    regions[r] = (StosMemory){.data = memory->region[r], .size_bytes = memory->region_bytes[r]};
  regions[STOS_REGION_IO].valid = &whole;
  regions[STOS_REGION_IO].n_valid = 1;
  return stos_sim_run(arena, &c->program, &c->target, regions, &options, &result, diag);
}

static bool convicts(FuseArena *arena, const RandomCase *c, bool by_result, FuseDiag *diag) {
  NaiveMemory poisoned = random_copy(arena, c), plain = random_copy(arena, c);
  NaiveMemory in_order = random_copy(arena, c);
  if (!run(arena, c, &poisoned, true, diag) || !run(arena, c, &plain, false, diag))
    return true;
  if (!by_result)
    return false;
  direct_run(arena, &c->program, &c->target, c->dtype, &in_order, NULL, NULL);
  if (random_difference(c, &plain, &in_order, false))
    return !fuse_diag_error(diag, "random", "another result than one command after the other");
  return false;
}

static void try_mutant(FuseArena *arena, uint64_t seed, uint32_t mutant) {
  Random random = {seed * 1000 + mutant};
  RandomCase c;
  FuseDiag why = {0}, diag = {0};
  uint32_t which = mutant % FUSE_COUNTOF(mutations);
  random_program(arena, seed, false, &c);
  for (int i = 0; i < 3; i++)
    random_below(&random, 2);
  mutations[which].mutate(&random, &c);
  for (size_t i = 0; i < c.program.n; i++)
    if (!stos_cmd_check(&c.program.cmds[i], "random", &diag))
      return; /* not even a command */
  bool accepted = check(arena, &c, &diag);
  refused += !accepted;
  if (!convicts(arena, &c, mutations[which].by_result, &why))
    return;
  convicted++;
  CHECK(!accepted);
  if (accepted) {
    fprintf(stderr, "%s accepted: ", mutations[which].name);
    random_show(&c, seed, why.message);
  }
}

int main(int argc, char **argv) {
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 100;
  FuseArena arena = {0};
  for (uint64_t seed = first; seed < first + seeds && unit_failures < 3; seed++) {
    RandomCase c;
    FuseDiag diag = {0};
    random_program(&arena, seed, false, &c);
    bool accepted = check(&arena, &c, &diag);
    CHECK(accepted);
    if (!accepted)
      random_show(&c, seed, diag.message);
    for (uint32_t mutant = 0; mutant < MUTANTS; mutant++)
      try_mutant(&arena, seed, mutant);
    fuse_arena_reset(&arena);
  }
  fuse_arena_fini(&arena);
  printf("%u mutants convicted, %u refused\n", convicted, refused);
  CHECK(convicted > 0 && refused >= convicted);
  return unit_result();
}
