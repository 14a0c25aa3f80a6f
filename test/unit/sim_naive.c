// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim_naive.c - the simulator against the machine stepped register by register: values and cycles
 * of random commands of every kind, and of random programs of all queues. Each runs three times: as
 * it is, with the checks of --poison, and for its cycles alone.
 *
 * usage: sim_naive [FIRST_SEED [SEEDS]] */
#include <stdlib.h>

#include "../naive/random.h"
#include "fuse/sim.h"
#include "unit.h"

static void naive_host(void *user, uint32_t call, const NaiveMemory *memory) {
  (void)user;
  for (int r = 0; r < STOS_N_REGIONS; r++)
    random_host(call, r, memory->region[r], memory->region_bytes[r]);
}

static bool sim_host(void *user, uint32_t call, StosMemory *regions, FuseDiag *diag) {
  (void)user, (void)diag;
  for (int r = 0; r < STOS_N_REGIONS; r++)
    random_host(call, r, regions[r].data, regions[r].size_bytes);
  return true;
}

static bool failed(const RandomCase *c, uint64_t seed, const char *format, ...) FUSE_PRINTF(3, 4);
static bool failed(const RandomCase *c, uint64_t seed, const char *format, ...) {
  char what[1400];
  va_list args;
  va_start(args, format);
  fuse_vsnprintf(what, sizeof what, format, args);
  va_end(args);
  random_show(c, seed, what);
  return false;
}

static bool simulate(FuseArena *arena, const RandomCase *c, const NaiveMemory *memory,
                     const StosSimOptions *options, StosSimResult *result, FuseDiag *diag) {
  StosMemory regions[STOS_N_REGIONS];
  StosExtent whole[STOS_N_REGIONS];
  for (int r = 0; r < STOS_N_REGIONS; r++) {
    whole[r] = (StosExtent){0, memory->region_bytes[r]};
    regions[r] = (StosMemory){memory->region[r], memory->region_bytes[r], &whole[r], 1};
  }
  return stos_sim_run(arena, &c->program, &c->target, regions, options, result, diag);
}

/* One run of the simulator ends as the stepped one did. chip: the case has something on chip at the
 * start; else the simulator begins with memories of its own. */
static bool run_agrees(FuseArena *arena, const RandomCase *c, uint64_t seed, bool chip,
                       StosSimOptions options, const NaiveMemory *stepped, uint64_t cycles) {
  NaiveMemory memory = random_copy(arena, c);
  StosChip on_chip = {memory.scratchpad, memory.params, memory.luts};
  StosSimResult result;
  FuseDiag diag = {0};
  options.host = sim_host;
  options.chip = chip ? &on_chip : NULL;
  if (!simulate(arena, c, &memory, &options, &result, &diag))
    return failed(c, seed, "%s: %s", diag.place, diag.message);
  if (result.cycles != cycles)
    return failed(c, seed, "%s: %llu cycles; stepped %llu", options.place,
                  (unsigned long long)result.cycles, (unsigned long long)cycles);
  const char *different = options.timing_only ? NULL : random_difference(c, stepped, &memory, chip);
  return !different || failed(c, seed, "%s: %s", options.place, different);
}

static bool agrees(FuseArena *arena, const RandomCase *c, uint64_t seed, bool chip) {
  static const StosSimOptions runs[] = {{.place = "values"},
                                        {.place = "poison", .poison = true},
                                        {.place = "timing only", .timing_only = true}};
  NaiveMemory stepped = random_copy(arena, c);
  NaiveResult naive;
  FuseDiag diag = {0};
  if (!naive_run(arena, &c->program, &c->target, c->dtype, &stepped, naive_host, NULL, &naive,
                 &diag))
    return failed(c, seed, "stepped: %s", diag.message);
  for (size_t i = 0; i < FUSE_COUNTOF(runs); i++)
    if (!run_agrees(arena, c, seed, chip, runs[i], &stepped, naive.cycles))
      return false;
  return true;
}

static void check(FuseArena *arena, const RandomCase *c, uint64_t seed, bool chip) {
  CHECK(agrees(arena, c, seed, chip));
  fuse_arena_reset(arena);
}

int main(int argc, char **argv) {
  static const StosOpcode opcodes[] = {STOS_CMD_GEMM, STOS_CMD_CONV1D, STOS_CMD_VECTOR,
                                       STOS_CMD_LOAD, STOS_CMD_STORE};
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 300;
  FuseArena arena = {0};
  RandomCase c;
  for (uint64_t seed = first; seed < first + seeds && unit_failures < 3; seed++) {
    for (size_t i = 0; i < FUSE_COUNTOF(opcodes); i++) {
      random_single(&arena, seed * 8 + i, opcodes[i], &c);
      check(&arena, &c, seed, true);
    }
    random_program(&arena, seed, true, &c);
    check(&arena, &c, seed, false);
    random_pipeline(&arena, seed, &c);
    check(&arena, &c, seed, true);
    random_traffic(&arena, seed, &c);
    check(&arena, &c, seed, true);
  }
  fuse_arena_fini(&arena);
  return unit_result();
}
