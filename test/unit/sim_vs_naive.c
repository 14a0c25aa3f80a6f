// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim_vs_naive.c - lib/sim against the naive model: the same random program on the same memory must
 * give the same DRAM (which holds all of the scratchpad at the end) and the same cycles.
 *
 * usage: sim_vs_naive [FIRST_SEED [SEEDS]] */
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

/* Any function of what is in DRAM will do. */
static void change(uint32_t call, int region, uint8_t *data, size_t size_bytes) {
  if (region == STOS_REGION_WEIGHTS)
    return;
  for (size_t i = 0; i < size_bytes; i += 1 + call)
    data[i] ^= (uint8_t)call;
}

static void naive_host(void *user, uint32_t call, const NaiveMemory *memory) {
  (void)user;
  for (int r = 0; r < STOS_N_REGIONS; r++)
    change(call, r, memory->region[r], memory->region_bytes[r]);
}

static bool sim_host(void *user, uint32_t call, StosMemory *regions, FuseDiag *diag) {
  (void)user;
  (void)diag;
  for (int r = 0; r < STOS_N_REGIONS; r++)
    change(call, r, regions[r].data, regions[r].size_bytes);
  return true;
}

/* First byte that differs, or -1. */
static int64_t first_difference(const uint8_t *a, const uint8_t *b, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (a[i] != b[i])
      return (int64_t)i;
  return -1;
}

static bool failed(const RandomCase *c, uint64_t seed, const char *format, ...) {
  char what[1400];
  va_list args;
  va_start(args, format);
  fuse_vsnprintf(what, sizeof what, format, args);
  va_end(args);
  show(c, seed, what);
  return false;
}

/* One run of lib/sim; in *found what it says. */
static bool run_sim(FuseArena *arena, const RandomCase *c, uint64_t seed, NaiveMemory *memory,
                    const StosSimOptions *options, StosSimResult *found) {
  StosMemory regions[STOS_N_REGIONS];
  StosExtent whole[STOS_N_REGIONS];
  FuseDiag diag = {0};
  for (int r = 0; r < STOS_N_REGIONS; r++) {
    whole[r] = (StosExtent){0, memory->region_bytes[r]};
    regions[r] = (StosMemory){memory->region[r], memory->region_bytes[r], &whole[r], 1};
  }
  if (!stos_sim_run(arena, &c->program, &c->target, regions, options, found, &diag))
    return failed(c, seed, "%s: %s", options->place, diag.message);
  return true;
}

static bool same_region(const RandomCase *c, uint64_t seed, int r, const NaiveMemory *naive,
                        const NaiveMemory *fast) {
  int64_t at = first_difference(naive->region[r], fast->region[r], fast->region_bytes[r]);
  return at < 0 || failed(c, seed, "region %d differs at byte %lld of %zu", r, (long long)at,
                          fast->region_bytes[r]);
}

static bool same_cycles(const RandomCase *c, uint64_t seed, const char *what, uint64_t found,
                        uint64_t expected) {
  return found == expected || failed(c, seed, "%s: %llu cycles; stepping takes %llu", what,
                                     (unsigned long long)found, (unsigned long long)expected);
}

static bool agree(FuseArena *arena, const RandomCase *c, uint64_t seed) {
  NaiveMemory naive = random_copy(arena, c), fast = random_copy(arena, c);
  NaiveMemory poisoned = random_copy(arena, c);
  StosSimOptions options = {.host = sim_host, .place = "sim"};
  StosSimOptions poison = {.host = sim_host, .place = "poison", .poison = true};
  StosSimOptions timing_only = {.place = "timing only", .timing_only = true};
  NaiveResult expected;
  StosSimResult found, poison_found, timed;
  FuseDiag diag = {0};
  if (!naive_run(arena, &c->program, &c->target, c->dtype, &naive, naive_host, NULL, &expected,
                 &diag))
    return failed(c, seed, "%s: %s", diag.place, diag.message);
  if (!run_sim(arena, c, seed, &fast, &timing_only, &timed) ||
      !run_sim(arena, c, seed, &fast, &options, &found) ||
      !run_sim(arena, c, seed, &poisoned, &poison, &poison_found))
    return false;
  for (int r = 0; r < STOS_N_REGIONS; r++)
    if (!same_region(c, seed, r, &naive, &fast))
      return false;
  /* With poison the arena begins as garbage. */
  return same_region(c, seed, STOS_REGION_IO, &naive, &poisoned) &&
         same_cycles(c, seed, "sim", found.cycles, expected.cycles) &&
         same_cycles(c, seed, "poison", poison_found.cycles, expected.cycles) &&
         same_cycles(c, seed, "timing only", timed.cycles, expected.cycles);
}

int main(int argc, char **argv) {
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
  FuseArena arena = {0};
  for (uint64_t seed = first; seed < first + seeds && unit_failures < 3; seed++) {
    RandomCase c;
    random_program(&arena, seed, true, &c);
    CHECK(agree(&arena, &c, seed));
    fuse_arena_reset(&arena);
  }
  fuse_arena_fini(&arena);
  return unit_result();
}
