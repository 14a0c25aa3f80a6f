// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* random_text.c - legal programs of all queues, made of lines of assembly with random numbers. */
#include <string.h>

#include "random.h"

static void add(RandomCase *c, const char *line) {
  FuseDiag diag = {0};
  FUSE_ASSERT(c->program.n < RANDOM_MAX_COMMANDS);
  bool parsed = stos_parse(line, strlen(line), "random", &c->program.cmds[c->program.n++], &diag);
  FUSE_ASSERT(parsed);
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

/* A machine with sections of 512 words, and an empty program. */
static void begin(FuseArena *arena, Random *random, RandomCase *c) {
  static const char *const targets[] = {"stosx-8", "stos-8", "stos-16", "stosx-16"};
  *c = (RandomCase){.dtype = FUSE_F32};
  FUSE_ASSERT(stos_target_preset(targets[random_between(random, 0, 3)], &c->target));
  c->target.scratchpad_words = 4096;
  c->target.queue_depth = (uint32_t)random_between(random, 2, 6);
  c->target.dram_latency = (uint32_t)random_between(random, 1, 60);
  c->target.segments = 1;
  fill(arena, random, c);
  c->program.cmds = fuse_alloc_array(arena, RANDOM_MAX_COMMANDS, sizeof(StosCmd));
}

/* n stripes go through two input buffers and two result buffers. */
void random_pipeline(FuseArena *arena, uint64_t seed, RandomCase *c) {
  Random drawn = {seed}, *random = &drawn;
  begin(arena, random, c);
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

/* Loads follow each other in sections 4 and 5; in their midst the array lets stores begin, of
 * sections 6 and 7. */
void random_traffic(FuseArena *arena, uint64_t seed, RandomCase *c) {
  Random drawn = {seed}, *random = &drawn;
  begin(arena, random, c);
  c->target.dram_elems = c->target.lanes * (uint32_t)random_between(random, 1, 6);
  for (int i = random_between(random, 2, 5); i > 0; i--) {
    for (int k = random_between(random, 0, 2); k > 0; k--) {
      int run = random_between(random, 1, 300);
      addf(arena, c, "load.f32 main{region=1 dram=%d chip=%d run=%d} loop{n=[%d]}",
           random_between(random, 0, 700), 2048 + random_between(random, 0, 700), run,
           random_between(random, 1, 3));
    }
    int nx = random_between(random, 1, 60), run = random_between(random, 1, 300);
    addf(arena, c,
         "gemm.f32 shape{rows_total=8 nx=%d tile=%d nkc=%d} left{left=1024} in{in=0 in_pixel=1 "
         "in_block=%d} window{iw=%d} out{out=1536 out_pixel=1} signal{s0:1@0 done}",
         nx, random_between(random, 1, 8), random_between(random, 1, 8),
         random_between(random, 56, 64), nx);
    addf(arena, c, "store.f32 main{region=2 dram=%d chip=%d run=%d} wait{s0:1@0}",
         random_between(random, 0, 700), 3072 + random_between(random, 0, 700), run);
  }
  add(c, "end");
}
