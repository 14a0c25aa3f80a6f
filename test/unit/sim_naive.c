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

/* The programs' HOST changes nothing. */
static void idle_host(void *user, uint32_t call, const NaiveMemory *memory) {
  (void)user, (void)call, (void)memory;
}

static bool idle_call(void *user, uint32_t call, StosMemory *regions, FuseDiag *diag) {
  (void)user, (void)call, (void)regions, (void)diag;
  return true;
}

static bool simulate(FuseArena *arena, const RandomCase *c, const NaiveMemory *memory,
                     bool timing_only, StosSimResult *result, FuseDiag *diag) {
  StosMemory regions[STOS_N_REGIONS];
  StosExtent all[STOS_N_REGIONS];
  for (int r = 0; r < STOS_N_REGIONS; r++)
    all[r] = (StosExtent){0, memory->region_bytes[r]};
  for (int r = 0; r < STOS_N_REGIONS; r++)
    regions[r] = (StosMemory){.data = memory->region[r],
                              .size_bytes = memory->region_bytes[r],
                              .valid = &all[r],
                              .n_valid = 1};
  StosChip chip = {memory->scratchpad, memory->params, memory->luts};
  StosSimOptions options = {
      .chip = &chip, .timing_only = timing_only, .poison = !timing_only, .host = idle_call};
  return stos_sim_run(arena, &c->program, &c->target, regions, &options, result, diag);
}

static bool agree(FuseArena *arena, const RandomCase *c, uint64_t seed) {
  NaiveMemory stepped = random_copy(arena, c), simulated = random_copy(arena, c);
  NaiveResult naive;
  StosSimResult sim, timing;
  FuseDiag diag = {0}, sim_diag = {0};
  char what[256];
  if (!naive_run(arena, &c->program, &c->target, c->dtype, &stepped, idle_host, NULL, &naive,
                 &diag)) {
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

/* ---- programs of all queues: double-buffered loads, GEMM or CONV1D, VECTOR, stores ---- */

enum { MAX_LINES = 16 };

static void add(RandomCase *c, const char *line) {
  FuseDiag diag = {0};
  FUSE_ASSERT(c->program.n < MAX_LINES);
  if (!stos_parse(line, strlen(line), "test", &c->program.cmds[c->program.n++], &diag)) {
    fprintf(stderr, "%s\n%s\n", line, diag.message);
    exit(1);
  }
}

static void addf(FuseArena *arena, RandomCase *c, const char *format, ...) FUSE_PRINTF(3, 4);
static void addf(FuseArena *arena, RandomCase *c, const char *format, ...) {
  va_list args;
  va_start(args, format);
  add(c, fuse_vformat(arena, format, args));
  va_end(args);
}

/* Memories full of small floats. */
static void fill(FuseArena *arena, Random *random, RandomCase *c) {
  const StosTarget *t = &c->target;
  size_t sizes[] = {(size_t)t->scratchpad_words * t->lanes * 4,
                    (size_t)t->param_entries * 16,
                    (size_t)t->luts * 256,
                    1 << 15,
                    1 << 15,
                    1 << 15};
  uint8_t *made[FUSE_COUNTOF(sizes)];
  for (size_t k = 0; k < FUSE_COUNTOF(sizes); k++) {
    made[k] = fuse_alloc(arena, sizes[k]);
    for (size_t i = 0; i + 4 <= sizes[k]; i += 4) {
      float f = (float)random_between(random, -9, 9) * 0.3f;
      memcpy(made[k] + i, &f, 4);
    }
  }
  c->memory = (NaiveMemory){.scratchpad = made[0], .params = made[1], .luts = made[2]};
  for (int r = 0; r < STOS_N_REGIONS; r++) {
    c->memory.region[r] = made[3 + r];
    c->memory.region_bytes[r] = 1 << 15;
  }
}

/* n stripes go through two input buffers and two result buffers: load -> array -> vector -> store.
 */
static void random_pipeline(FuseArena *arena, Random *random, RandomCase *c) {
  static const char *const targets[] = {"stosx-8", "stos-8", "stos-16", "stosx-16"};
  *c = (RandomCase){.dtype = FUSE_F32};
  FUSE_ASSERT(stos_target_preset(targets[random_between(random, 0, 3)], &c->target));
  c->target.scratchpad_words = 4096; /* sections of 512 words */
  c->target.queue_depth = (uint32_t)random_between(random, 2, 6);
  c->target.dram_latency = (uint32_t)random_between(random, 1, 60);
  c->target.segments = 1;
  fill(arena, random, c);
  c->program.cmds = fuse_alloc_array(arena, MAX_LINES, sizeof(StosCmd));
  int n = random_between(random, 1, 6), nx = random_between(random, 1, 24);
  int pitch = nx + random_between(random, 2, 5), tile = random_between(random, 1, 8);
  bool conv = random_between(random, 0, 1);
  addf(arena, c, "load.f32 main{chip=1024 run=%d} signal{s5:1@0 done}",
       random_between(random, 20, 60));
  add(c, "signal main{queue=1} signal{s1:2@0 read}");
  add(c, "signal main{queue=2} signal{s3:2@0 done}");
  add(c, "signal main{queue=3} signal{s6:2@0 done}");
  if (random_between(random, 0, 2) == 0)
    add(c, "host");
  /* input buffers: sections 0 and 1, by a ring of both */
  addf(arena, c,
       "load.f32 main{region=1 run=%d} loop{n=[%d]} dram_stride{dram_stride=[%d]} "
       "chip_stride{chip_stride=[512]} ring{ring_size=1024} wait{s1:1@1} signal{s0:1@1 done}",
       pitch, n, random_between(random, 0, 12));
  const char *in = "in{in=0 in_line=0 in_pixel=1} in_ring{ring_size=1024} outer_in{o_in=[512]}";
  const char *sync = "wait{s5:1@0, s0:1@1, s3:1@1} signal{s1:1@1 read, s2:1@1 done}";
  if (conv)
    addf(
        arena, c,
        "conv1d.f32 shape{channels=8 nx=%d nx_total=%d tile=%d nkw=3 hold=%d} outer{o=[%d]} "
        "taps{taps=1024} %s window{iw=%d x0=-1} out{out=1536 out_pixel=1} outer_out{o_out=[64]} %s",
        nx, nx, tile < 3 ? 3 : tile, random_between(random, 0, 1), n, in, nx, sync);
  else
    addf(
        arena, c,
        "gemm.f32 shape{rows_total=8 nx=%d tile=%d} outer{o=[%d]} left{left=1024} %s window{iw=%d} "
        "out{out=1536 out_pixel=1} outer_out{o_out=[64]} %s",
        nx, tile, n, in, nx, sync);
  /* the vector unit reads a stripe as a line, and hands buffers on */
  addf(arena, c,
       "vector.f32 shape{channels=8 ny=%d nx=%d} in{in=1536 in_line=64 in_pixel=1} window{ih=%d "
       "iw=%d} out{out=2048 out_line=64 out_pixel=1} post{post=[maxi 0.0]} wait{s2:1@3, s6:1@3} "
       "signal{s3:1@3 read, s4:1@3 done}",
       n, nx, n, nx);
  addf(arena, c,
       "store.f32 main{region=2 chip=2048 run=%d} loop{n=[%d]} dram_stride{dram_stride=[%d]} "
       "chip_stride{chip_stride=[64]} wait{s4:1@1} signal{s6:1@1 read}",
       nx, n, random_between(random, 0, 12));
  /* what is left of the credits */
  add(c, "load.f32 main{chip=3000} wait{s1:2@0}");
  add(c, "gemm.f32 left{left=1024} out{out=3600} wait{s3:2@0}");
  add(c, "vector.f32 in{in=3100} out{out=2500} wait{s6:2@0}");
  if (random_between(random, 0, 1))
    add(c, "barrier");
  add(c, "load.f32 main{chip=3300 run=3} fill{fill=1 value=2.0}");
  add(c, "end");
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
  for (uint64_t seed = first; seed < first + seeds && unit_failures < 3; seed++) {
    Random random = {seed};
    RandomCase c;
    random_pipeline(&arena, &random, &c);
    CHECK(agree(&arena, &c, seed));
    fuse_arena_reset(&arena);
  }
  fuse_arena_fini(&arena);
  return unit_result();
}
