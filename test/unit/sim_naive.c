// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim_naive.c - the simulator against the machine stepped register by register: values and cycles
 * of random commands of every kind.
 *
 * usage: sim_naive [FIRST_SEED [SEEDS]] */
#include <stdlib.h>

#include "../naive/random.h"
#include "fuse/sim.h"
#include "unit.h"

static void show(const RandomCase *c, uint64_t seed, const char *what) {
  FuseText text = {0};
  for (size_t i = 0; i < c->program.n; i++) {
    stos_print(&text, &c->program.cmds[i]);
    fuse_text_puts(&text, "\n");
  }
  fuse_text_puts(&text, "target:");
#define X(field, smallest, largest) fuse_text_printf(&text, " " #field "=%u", c->target.field);
  STOS_TARGET_FIELDS(X)
#undef X
  fprintf(stderr, "seed %llu: %s\n%s\n", (unsigned long long)seed, what, text.data);
  fuse_text_fini(&text);
}

/* The first memory in which two runs differ, NULL when there is none. */
static const char *difference(const RandomCase *c, const NaiveMemory *a, const NaiveMemory *b) {
  const StosTarget *t = &c->target;
  size_t word = (size_t)t->lanes * (c->dtype == FUSE_F32 ? 4 : 1);
  if (memcmp(a->scratchpad, b->scratchpad, t->scratchpad_words * word) != 0)
    return "other values in the scratchpad";
  if (memcmp(a->params, b->params, (size_t)t->param_entries * STOS_PARAM_BYTES) != 0)
    return "other parameters";
  if (memcmp(a->luts, b->luts, (size_t)t->luts * STOS_LUT_BYTES) != 0)
    return "other tables";
  for (int r = 0; r < STOS_N_REGIONS; r++)
    if (memcmp(a->region[r], b->region[r], a->region_bytes[r]) != 0)
      return "other values in DRAM";
  return NULL;
}

static bool simulate(FuseArena *arena, const RandomCase *c, const NaiveMemory *memory,
                     bool timing_only, StosSimResult *result, FuseDiag *diag) {
  StosMemory regions[STOS_N_REGIONS];
  for (int r = 0; r < STOS_N_REGIONS; r++)
    regions[r] = (StosMemory){.data = memory->region[r], .size_bytes = memory->region_bytes[r]};
  StosChip chip = {memory->scratchpad, memory->params, memory->luts};
  StosSimOptions options = {.chip = &chip, .timing_only = timing_only};
  return stos_sim_run(arena, &c->program, &c->target, regions, &options, result, diag);
}

static bool agree(FuseArena *arena, const RandomCase *c, uint64_t seed) {
  NaiveMemory stepped = random_copy(arena, c), simulated = random_copy(arena, c);
  NaiveResult naive;
  StosSimResult sim, timing;
  FuseDiag diag = {0}, sim_diag = {0};
  char what[256];
  if (!naive_run(arena, &c->program, &c->target, c->dtype, &stepped, NULL, NULL, &naive, &diag)) {
    show(c, seed, diag.message);
    return false;
  }
  if (!simulate(arena, c, &simulated, false, &sim, &sim_diag) ||
      !simulate(arena, c, &simulated, true, &timing, &sim_diag)) {
    show(c, seed, sim_diag.message);
    return false;
  }
  if (sim.cycles != naive.cycles || timing.cycles != naive.cycles) {
    fuse_snprintf(what, sizeof what, "%llu cycles, %llu by timing alone; stepped %llu",
                  (unsigned long long)sim.cycles, (unsigned long long)timing.cycles,
                  (unsigned long long)naive.cycles);
    show(c, seed, what);
    return false;
  }
  const char *different = difference(c, &stepped, &simulated);
  if (different)
    show(c, seed, different);
  return !different;
}

int main(int argc, char **argv) {
  static const StosOpcode opcodes[] = {STOS_CMD_GEMM, STOS_CMD_CONV1D, STOS_CMD_VECTOR,
                                       STOS_CMD_LOAD, STOS_CMD_STORE};
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 300;
  FuseArena arena = {0};
  for (uint64_t seed = first; seed < first + seeds && unit_failures < 3; seed++)
    for (size_t i = 0; i < FUSE_COUNTOF(opcodes); i++) {
      RandomCase c;
      random_single(&arena, seed * 8 + i, opcodes[i], &c);
      CHECK(agree(&arena, &c, seed * 8 + i));
      fuse_arena_reset(&arena);
    }
  fuse_arena_fini(&arena);
  return unit_result();
}
