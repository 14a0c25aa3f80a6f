// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* naive.c - the naive model against what docs/machine.md says in formulas: values of single random
 * commands and of programs, and the cycles of tiles, drains and vector commands.
 *
 * usage: naive [FIRST_SEED [SEEDS]] */
#include <stdlib.h>

#include "../naive/direct.h"
#include "../naive/random.h"
#include "fuse/target.h"
#include "unit.h"

enum { EVENTS = 20000 };

static void host(void *user, uint32_t call, const NaiveMemory *memory) {
  (void)user;
  for (int r = 0; r < STOS_N_REGIONS; r++)
    random_host(call, r, memory->region[r], memory->region_bytes[r]);
}

static bool values_agree(FuseArena *arena, const RandomCase *c, NaiveResult *result,
                         uint64_t seed) {
  NaiveMemory stepped = random_copy(arena, c), summed = random_copy(arena, c);
  FuseDiag diag = {0};
  if (!naive_run(arena, &c->program, &c->target, c->dtype, &stepped, host, NULL, result, &diag)) {
    random_show(c, seed, diag.message);
    return false;
  }
  direct_run(arena, &c->program, &c->target, c->dtype, &summed, host, NULL);
  const char *different = random_difference(c, &stepped, &summed, true);
  if (different) {
    random_show(c, seed, different);
    return false;
  }
  for (int q = 0; q < STOS_N_QUEUES; q++)
    if (result->busy[q] + result->waiting[q] + result->idle[q] != result->cycles) {
      random_show(c, seed, "busy, waiting and idle don't add up");
      return false;
    }
  return true;
}

/* Events of one kind, in order. */
static size_t of_kind(const NaiveEvent *events, size_t n, NaiveEventKind kind, uint64_t *out) {
  size_t k = 0;
  for (size_t i = 0; i < n; i++)
    if (events[i].kind == kind)
      out[k++] = events[i].array_cycle;
  return k;
}

static bool cycles_agree(const RandomCase *c, const NaiveResult *result, uint64_t seed) {
  static NaiveEvent expected[EVENTS];
  static uint64_t a[EVENTS], b[EVENTS];
  const StosCmd *cmd = &c->program.cmds[0];
  if (cmd->opcode == STOS_CMD_VECTOR) {
    /* Cycle 0 fetches; END sees the end one cycle after the last write. */
    if (result->vector_cycles == 1 + direct_vector_cycles(cmd, &c->target))
      return true;
    random_show(c, seed, "other vector cycles than M-VEC-1");
    return false;
  }
  size_t n = direct_events(&c->program, &c->target, 1, expected, EVENTS);
  for (int kind = NAIVE_TILE; kind <= NAIVE_LEAVE; kind++) {
    size_t na = of_kind(result->events, result->n_events, (NaiveEventKind)kind, a);
    size_t nb = of_kind(expected, n, (NaiveEventKind)kind, b);
    for (size_t i = 0; i < na || i < nb; i++)
      if (i == na || i == nb || a[i] != b[i]) {
        char what[128];
        fuse_snprintf(what, sizeof what, "%s %zu in cycle %llu; by the formula %llu",
                      kind == NAIVE_TILE    ? "tile"
                      : kind == NAIVE_DRAIN ? "drain"
                                            : "last value",
                      i, i < na ? (unsigned long long)a[i] : 0,
                      i < nb ? (unsigned long long)b[i] : 0);
        random_show(c, seed, what);
        return false;
      }
  }
  uint64_t end = c->target.post_latency + 1;
  return n == 0 || result->array_cycles == b[of_kind(expected, n, NAIVE_LEAVE, b) - 1] + end;
}

static void singles(uint64_t first, uint64_t seeds) {
  static const StosOpcode opcodes[] = {STOS_CMD_GEMM, STOS_CMD_CONV1D, STOS_CMD_VECTOR,
                                       STOS_CMD_LOAD, STOS_CMD_STORE};
  FuseArena arena = {0};
  for (uint64_t seed = first; seed < first + seeds && unit_failures < 3; seed++)
    for (size_t i = 0; i < FUSE_COUNTOF(opcodes); i++) {
      RandomCase c;
      NaiveResult result;
      FuseDiag diag = {0};
      random_single(&arena, seed * 8 + i, opcodes[i], &c);
      CHECK(stos_target_check(&c.target, "random", &diag));
      bool values = values_agree(&arena, &c, &result, seed);
      CHECK(values);
      if (values && opcodes[i] != STOS_CMD_LOAD && opcodes[i] != STOS_CMD_STORE)
        CHECK(cycles_agree(&c, &result, seed));
      fuse_arena_reset(&arena);
    }
  fuse_arena_fini(&arena);
}

static void programs(uint64_t first, uint64_t seeds) {
  FuseArena arena = {0};
  for (uint64_t seed = first; seed < first + seeds && unit_failures < 3; seed++) {
    RandomCase c;
    NaiveResult result;
    random_program(&arena, seed, true, &c);
    CHECK(values_agree(&arena, &c, &result, seed));
    fuse_arena_reset(&arena);
  }
  fuse_arena_fini(&arena);
}

int main(int argc, char **argv) {
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 300;
  singles(first, seeds);
  programs(first, seeds);
  return unit_result();
}
