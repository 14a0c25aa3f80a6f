// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim.c - cycles of small programs, worked out by hand from docs/machine.md, and what is refused
 * while a program runs. */
#include "sim_program.h"
#include "unit.h"

static FuseArena arena;

/* Cycles of a program that computes no values, 0 (with the message) when it fails. */
static uint64_t cycles_on(const StosTarget *target, const char *const *lines) {
  StosMemory regions[STOS_N_REGIONS] = {
      {.size_bytes = 1 << 16}, {.size_bytes = 1 << 16}, {.size_bytes = 1 << 16}};
  Run run = run_lines(&arena, target, lines, regions, (StosSimOptions){.timing_only = true});
  if (!run.ok)
    fprintf(stderr, "%s\n", run.diag.message);
  return run.ok ? run.result.cycles : 0;
}

#define CYCLES(target, ...) cycles_on((target), (const char *const[]){__VA_ARGS__, NULL})

static const char *failure_with(const StosTarget *target, const char *const *lines,
                                StosSimOptions options) {
  static Run run;
  static uint8_t bytes[STOS_N_REGIONS][1 << 16];
  StosMemory regions[STOS_N_REGIONS];
  for (int i = 0; i < STOS_N_REGIONS; i++)
    regions[i] = (StosMemory){.data = bytes[i], .size_bytes = sizeof bytes[i]};
  run = run_lines(&arena, target, lines, regions, options);
  return run.ok ? "no error" : run.diag.message;
}

#define FAILURE(target, ...)                                                                       \
  failure_with((target), (const char *const[]){__VA_ARGS__, NULL},                                 \
               (StosSimOptions){.timing_only = true})
#define POISON(target, ...)                                                                        \
  failure_with((target), (const char *const[]){__VA_ARGS__, NULL}, (StosSimOptions){.poison = true})

static bool has(const char *text, const char *part) {
  if (strstr(text, part))
    return true;
  fprintf(stderr, "'%s' is not in '%s'\n", part, text);
  return false;
}

/* On the 8x8 targets: R = C = L = 8, sections of 2048 words, 2 banks, post latency 8, beats of 16
 * elements. A command alone starts in cycle 1; END is passed in the cycle after the last write. */
#define IN "in{in=0 in_line=64 in_pixel=1 in_block=512} "
#define OUT " out{out=6144 out_line=64 out_pixel=1 out_block=512}"

static void gemm(void) {
  StosTarget os = target_of("os-8");
  /* One tile, T = 8, n = 8: D = 1 + 8 + 7 = 16, e(7) = 16 + 7 + 7 = 30, written in 38. */
  CHECK(CYCLES(&os, "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=2048} " IN
                    "window{iw=8}" OUT) == 39);
  /* n = 3: D = 11, e(2) = 11 + 5 + 2 + 7 = 25, written in 33. */
  CHECK(CYCLES(&os, "gemm.f32 shape{rows_total=8 nx=3 tile=8} left{left=2048} " IN
                    "window{iw=8}" OUT) == 34);
  /* A line of 13 pixels: the tiles of 8 and 5 start 8 apart (T >= n); the second has D = 9 + 8 + 4
   * = 21, e(4) = 21 + 3 + 4 + 7 = 35, written in 43. */
  CHECK(CYCLES(&os, "gemm.f32 shape{rows_total=8 nx=13 tile=8} left{left=2048} " IN
                    "window{iw=16}" OUT) == 44);
  /* 8 x 16, lanes 8: n = 16 > T = 8, so tiles start 16 apart: the second at 17, D = 17 + 8 + 15 =
   * 40, e(15) = 40 + 15 + 7 = 62, written in 70. Top words are 8 pixels apart: pitch 1 would put
   * both in banks (0, 8 + 1): different. */
  StosTarget wide = os;
  wide.cols = 16;
  CHECK(CYCLES(&wide, "gemm.f32 shape{rows_total=8 nx=32 tile=16} left{left=2048} " IN
                      "window{iw=32}" OUT) == 71);
  /* Row blocks: 12 rows are a block of 8 and one of 4, one after the other, 8 apart. */
  CHECK(CYCLES(&os, "gemm.f32 shape{rows_total=12 nx=8 tile=8} left{left=2048 left_m=8} " IN
                    "window{iw=8}" OUT) == 47);
  /* overlap = 0: D = 1 + 8 + 8 + 8 - 2 = 23, e(7) = 30, and the next tile starts at D + C = 31:
   * D = 53, e(7) = 60, written in 68. */
  StosTarget plain = os;
  plain.overlap = 0;
  CHECK(CYCLES(&plain, "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=2048} " IN
                       "window{iw=8}" OUT) == 39);
  CHECK(CYCLES(&plain, "gemm.f32 shape{rows_total=8 nx=16 tile=8} left{left=2048} " IN
                       "window{iw=16}" OUT) == 69);
  /* A chain of three chunks is one tile of T = 24: D = 1 + 24 + 7 = 32, e(7) = 46, written in 54.
   */
  CHECK(CYCLES(&os,
               "gemm.f32 shape{rows_total=8 nx=8 tile=8} mode{hold_back=1} left{left=2048} " IN
               "window{iw=8}",
               "gemm.f32 shape{rows_total=8 nx=8 tile=8} mode{keep=1 hold_back=1} "
               "left{left=2048} " IN "window{iw=8}",
               "gemm.f32 shape{rows_total=8 nx=8 tile=8} mode{keep=1} left{left=2048} " IN
               "window{iw=8}" OUT) == 55);
}

/* Bank conflicts hold the array (M-MEM-3). 8 x 16, 2 banks, L = 8: columns c and c + 8 read
 * together. */
static void holds(void) {
  StosTarget wide = target_of("os-8");
  wide.cols = 16;
  /* One tile of 16 pixels, T = 8 (one word each): column c reads in cycle s + c, alone: no
   * conflict. T = 16 (two words): in cycles s + 8 .. s + 15 columns c and c - 8 read words of
   * blocks 0 and 1, pixels 15 - c and 15 - c + 8. With in_block = 512: a = p, b = p + 8 + 512;
   * banks (p + p/8) and (p + 8 + 512 + p/8 + 1 + 64) mod 2: they differ by 1: free.
   * D = 1 + 16 + 15 = 32, e(15) = 54, written in 62. */
  CHECK(CYCLES(&wide, "gemm.f32 shape{rows_total=8 nx=16 tile=16 nkc=2} left{left=2048} " IN
                      "window{iw=16}" OUT) == 63);
  /* in_block = 513: the same bank whenever (p + 513 + 8) div 8 is p div 8 + 65 (p mod 8 < 7): 7 of
   * the 8 cycles take two; the eighth (p = 7: div one more) differs. */
  CHECK(CYCLES(&wide, "gemm.f32 shape{rows_total=8 nx=16 tile=16 nkc=2} left{left=2048} "
                      "in{in=0 in_line=64 in_pixel=1 in_block=513} window{iw=16}" OUT) == 70);
  /* Results of two row groups into one bank: 16 x 8, 4 banks, out_block = 36 is 36 + 4 = 0 mod 4
   * (plus nothing: p div 8 = 0 for p < 4, and 36 + p passes a multiple of 8 from p = 4 on). n = 4:
   * 4 columns of 2 cycles. D = 1 + 8 + 3 = 12, e(3) = 12 + 4 + 3 + 15 = 34, written in 42 (43 with
   * R = 16: see e); each write holds one cycle. */
  StosTarget tall = target_of("os-8");
  tall.rows = 16;
  CHECK(CYCLES(&tall, "gemm.f32 shape{rows_total=16 nx=4 tile=8} left{left=2048} " IN
                      "window{iw=8} out{out=6144 out_pixel=1 out_block=64}") == 43 + 4);
  CHECK(CYCLES(&tall, "gemm.f32 shape{rows_total=16 nx=4 tile=8} left{left=2048} " IN
                      "window{iw=8} out{out=6144 out_pixel=1 out_block=65}") == 43);
}

static void control(void) {
  StosTarget os = target_of("os-8");
  CHECK(CYCLES(&os, "barrier") == 1); /* END is fetched in cycle 1 */
  CHECK(CYCLES(&os, "barrier", "barrier") == 2);
  /* SIGNAL and wait in one queue: the signal's cycle is 1, visible and taken in 2. */
  CHECK(CYCLES(&os, "signal main{queue=1} signal{s3:1@0 done}",
               "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=2048} " IN "window{iw=8}" OUT
               " wait{s3:1@0}") == 40);
  /* A load (4 beats from 1 on, written by 104, DONE in 105) feeds the array. */
  CHECK(CYCLES(&os, "load.f32 main{run=8} signal{s0:1@0 done}",
               "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=2048} " IN "window{iw=8}" OUT
               " wait{s0:1@0}") == 105 + 38);
  /* The same by lines: waits at level 5 for each of two tiles. The loads' iterations of 8 words
   * are done in 105 and 109; the second tile starts at 113, T after the first. */
  CHECK(CYCLES(&os,
               "load.f32 main{run=8} loop{n=[2]} dram_stride{dram_stride=[8]} "
               "chip_stride{chip_stride=[8]} signal{s0:1@1 done}",
               "gemm.f32 shape{rows_total=8 nx=16 tile=8} left{left=2048} " IN "window{iw=16}" OUT
               " wait{s0:1@5}") == 113 + 38);
}

static void dma(void) {
  StosTarget os = target_of("os-8");
  /* f32: a beat is 16 elements = 2 words. 5 words from word 1 on: beats of 1, 2, 2 words in cycles
   * 1 to 3; the last is written in 103. */
  CHECK(CYCLES(&os, "load.f32 main{dram=1 run=5}") == 104);
  /* A store of 5 words takes its last beat in 3. */
  CHECK(CYCLES(&os, "store.f32 main{region=1 run=5}") == 4);
  /* 4 runs of 1 word, DRAM contiguous: two beats. */
  CHECK(CYCLES(&os, "load.f32 main{run=1} loop{n=[4]} dram_stride{dram_stride=[1]} "
                    "chip_stride{chip_stride=[1]}") == 103);
  /* To words 0, 3, 6, 9: 6 and 9 are both in bank 0, so the second beat takes two cycles. */
  CHECK(CYCLES(&os, "load.f32 main{run=1} loop{n=[4]} dram_stride{dram_stride=[1]} "
                    "chip_stride{chip_stride=[3]}") == 104);
  /* Words 7 and 8 are both in bank 1; 2047 and 2048 have the same number, but another section's. */
  CHECK(CYCLES(&os, "load.f32 main{chip=7 run=2}") == 103);
  CHECK(CYCLES(&os, "load.f32 main{chip=2047 run=2}") == 102);
  /* A wait before the second run makes it a beat of its own, though it lies in the same block. */
  CHECK(CYCLES(&os, "signal main{queue=0} signal{s0:2@0 done}",
               "load.f32 main{run=1} loop{n=[2]} dram_stride{dram_stride=[1]} "
               "chip_stride{chip_stride=[3]} wait{s0:1@1}") == 104);
  /* fill: 2 words a cycle, each run by itself: 3 words are 2 cycles, twice. */
  CHECK(CYCLES(&os, "load.f32 main{run=3} loop{n=[2]} chip_stride{chip_stride=[4]} fill{fill=1}") ==
        105);
  /* Both queues offer 40 beats, the store one cycle later: bursts of 16, load first: load 1-16,
   * store 17-32, load 33-48, store 49-64, load 65-72, store 73-80. */
  CHECK(CYCLES(&os, "load.f32 main{run=80}", "store.f32 main{region=1 chip=4096 run=80}") == 173);
  /* Depth 2: the third load is fetched when the first is complete, in cycle 102. */
  StosTarget shallow = os;
  shallow.queue_depth = 2;
  CHECK(CYCLES(&shallow, "load.f32", "load.f32 main{dram=2 chip=2}",
               "load.f32 main{dram=4 chip=4}") == 103 + 101);
}

static void conv1d_stream(void) {
  StosTarget stos = target_of("stos-8");
  /* Taps in 1-3; a line of 8, K = 3: 10 cycles, 4-13; D = 14, column 0 leaves in 21, written in
   * 29. */
  CHECK(CYCLES(&stos,
               "conv1d.f32 shape{channels=8 nx=8 nx_total=8 tile=8 nkw=3} taps{taps=2048} " IN
               "window{iw=10}" OUT) == 30);
  /* 11 columns: tiles of 8 and 3: K - 1 + 8 + 3 = 13 cycles. */
  CHECK(CYCLES(&stos, "conv1d.f32 shape{channels=8 nx=11 nx_total=11 tile=8 nkw=3} "
                      "taps{taps=2048} " IN "window{iw=13}" OUT) == 33);
  /* 9 columns: the last tile of 1 takes K = 3 columns: the same. */
  CHECK(CYCLES(&stos,
               "conv1d.f32 shape{channels=8 nx=9 nx_total=9 tile=8 nkw=3} taps{taps=2048} " IN
               "window{iw=13}" OUT) == 33);
  /* Two lines: 10 more. */
  CHECK(CYCLES(&stos, "conv1d.f32 shape{channels=8 ny=2 ny_total=2 nx=8 nx_total=8 tile=8 nkw=3} "
                      "taps{taps=2048} " IN "window{ih=2 iw=10}" OUT) == 40);
  /* stride 2, K = 3: phases of 8 - 1 + 2 and 8 - 1 + 1 = s n + K - s = 17 cycles. */
  CHECK(CYCLES(&stos,
               "conv1d.f32 shape{channels=8 nx=8 nx_total=8 tile=8 nkw=3} taps{taps=2048} " IN
               "window{iw=17 stride_x=2}" OUT) == 37);
  /* Two waves of one block: the second's taps are read ahead. */
  CHECK(CYCLES(&stos, "conv1d.f32 shape{channels=16 nx=8 nx_total=8 tile=8 nkw=3} "
                      "group{waves=2 blocks=2} taps{taps=2048 taps_block=3} " IN
                      "window{iw=10}" OUT) == 40);
  /* Two outer iterations: the second's are not. */
  CHECK(CYCLES(&stos, "conv1d.f32 shape{channels=8 nx=8 nx_total=8 tile=8 nkw=3} outer{o=[2]} "
                      "taps{taps=2048} " IN "window{iw=10} outer_out{o_out=[64]}" OUT) == 43);
  /* GEMM, then CONV1D: from s + T + n + R + C - 2 = 31 on. */
  CHECK(CYCLES(&stos,
               "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=2048} " IN "window{iw=8}" OUT,
               "conv1d.f32 shape{channels=8 nx=8 nx_total=8 tile=8 nkw=3} taps{taps=2048} " IN
               "window{iw=10}" OUT) == 60);
}

/* 3x3, no pads, 8 columns, 2 output lines: line steps 0..3 with 1, 2, 2, 1 open lines. */
#define HOLD3                                                                                      \
  "conv1d.f32 shape{channels=8 ny=2 ny_total=2 nx=8 nx_total=8 tile=8 nkh=3 nkw=3 hold=1} "

static void conv1d_hold(void) {
  StosTarget stosx = target_of("stosx-8");
  StosTarget three = stosx;
  three.shadow = 0;
  /* Without shadow: F = 9, then 7 + Q with Q = 3, 6, 6, 3: 46 cycles, 10-55. D = 56, written by
   * 56 + 7 + 8 = 71. */
  CHECK(CYCLES(&three, HOLD3 "taps{taps=2048} " IN "window{ih=4 iw=10}" OUT) == 72);
  /* With: the first fill 8 (10-17), then max(8 + 2, Q) = 10, 10, 10, and max(0 + 2, 3) = 3, but
   * line 0 drains from D = 48 on and keeps 8 columns: the last step ends with 55. D = 56. */
  CHECK(CYCLES(&stosx, HOLD3 "taps{taps=2048} " IN "window{ih=4 iw=10}" OUT) == 72);
  /* Pads of one line: 4 output lines need steps 0..5, the first and the last outside: no inputs.
   * First fill 0; step 0: max(8 + 0, 0, 1) = 8; steps 1 to 3: Q = 6, 9, 9: 10 each; step 4: next
   * has no fill, Q = 6: max(2, 6) = 6, step 5: 1. Lines are complete after steps 2, 3, 4, 5: D =
   * 10 + 28 = 38, 48, then 56 (48 + 8), 64. Written by 64 + 7 + 8 = 79. */
  CHECK(CYCLES(&stosx, "conv1d.f32 shape{channels=8 ny=4 ny_total=4 nx=8 nx_total=8 tile=8 nkh=3 "
                       "nkw=3 hold=1} taps{taps=2048} " IN "window{ih=4 iw=10 y0=-1}" OUT) == 80);
  /* A = 1: bands of one line, 3 steps each. No shadow: 6 steps of 7 + 3. */
  StosTarget stos = target_of("stos-8");
  CHECK(CYCLES(&stos, HOLD3 "taps{taps=2048} " IN "window{ih=4 iw=10}" OUT) == 10 + 60 + 7 + 8 + 1);
  /* Stride 2, shadow, 4 columns, one line: steps 0..2, phases of K_p = 2, 1. First fill 4, then
   * steps (n' + K_p - 1): 4 + 1, 4 + 0, 4 + 1, 4 + 0, 4 + 1, and the last max(0, 1, 1) = 1: 24 from
   * 14 on less the fill: 14 + 5 + 4 + 5 + 4 + 5 + 1 = 38 = D. Written by 38 + 7 + 8. */
  CHECK(CYCLES(&stosx, "conv1d.f32 shape{channels=8 nx=4 nx_total=4 tile=4 nkh=3 nkw=3 hold=1} "
                       "taps{taps=2048} " IN "window{ih=3 iw=9 stride_x=2 stride_y=2}" OUT) == 54);
  /* Two pieces of 3 columns, spacing 5: n = 8 columns hold two bands of one line: one band's time.
   * F = 9, fill 8, steps 10, 10, 3: D = 10 + 31 = 41. */
  CHECK(CYCLES(&stosx,
               "conv1d.f32 shape{channels=8 ny_total=2 nx=3 nx_total=3 nkh=3 nkw=3 hold=1} "
               "group{pieces=2} taps{taps=2048} " IN "window{ih=4 iw=5}" OUT) == 41 + 7 + 8 + 1);
  /* Five taps on lines of 3 pixels between pads of 2: the pieces share the two zeros between them,
   * spacing 5, 8 columns. F = 5, fill 8, one step of 5: D = 1 + 18. */
  CHECK(CYCLES(&stosx, "conv1d.f32 shape{channels=8 ny_total=2 nx=3 nx_total=3 nkw=5 hold=1} "
                       "group{pieces=2} taps{taps=2048} " IN
                       "window{ih=2 iw=3 x0=-2}" OUT) == 19 + 7 + 8 + 1);
  /* Pads of 1 around 3 lines of 8: the line above is skipped, the one below completes the last. F =
   * 9, fill 8 from 10 on. Line 0: 2 open lines, the fill waits for halo input 1 in cycle 2, not for
   * input 2, a zero: 9, 27. Line 1: 9, D = 36. Line 2: 6, drain until 44; below: until 52. */
  CHECK(CYCLES(&stosx, "conv1d.f32 shape{channels=8 ny=3 ny_total=3 nx=8 nx_total=8 tile=8 nkh=3 "
                       "nkw=3 hold=1} taps{taps=2048} " IN
                       "window{ih=3 iw=8 y0=-1 x0=-1}" OUT) == 52 + 7 + 8 + 1);
  /* Two segments of 4 columns, a band of one line each: F = 9, fill 4, steps 6, 6, 3: D = 29, e =
   * 36, written in 44. The segments read lines i and i + 1 together: 65 words apart they are in
   * different banks but from word 135 (line 2, pixel 5), which is 7 mod 8. 64 words apart all 18
   * inputs take two cycles. */
  StosTarget two = stosx;
  two.segments = 2;
#define SEGMENTS                                                                                   \
  "conv1d.f32 shape{channels=8 ny_total=2 nx=4 nx_total=4 tile=4 nkh=3 nkw=3 hold=1} "             \
  "group{n_seg=2} taps{taps=2048} window{ih=4 iw=6} out{out=6144 out_line=64 out_pixel=1} "
  CHECK(CYCLES(&two, SEGMENTS "in{in=0 in_line=65 in_pixel=1}") == 45 + 1);
  CHECK(CYCLES(&two, SEGMENTS "in{in=0 in_line=64 in_pixel=1}") == 45 + 18);
}

static void vector(void) {
  StosTarget os = target_of("os-8");
  /* RG = 1: a word a cycle: 8 pixels in 1-8, the last written in 16. */
  CHECK(CYCLES(&os, "vector.f32 shape{channels=8 nx=8} " IN "window{iw=8}" OUT) == 17);
  /* A 3x3 window: 9 cycles a pixel. */
  CHECK(CYCLES(&os, "vector.f32 shape{channels=8 nx=2 nky=3 nkx=3 reduce=1} " IN
                    "window{ih=3 iw=8}" OUT) == 1 + 18 + 8);
  /* os-16: two words a cycle; 5 pixels are 3 chunks. */
  StosTarget os16 = target_of("os-16");
  CHECK(CYCLES(&os16, "vector.f32 shape{channels=8 nx=5} in{in=0 in_pixel=1} window{iw=8} "
                      "out{out=12288 out_pixel=1}") == 1 + 3 + 8);
  /* across: 3 blocks are 2 chunks. */
  CHECK(CYCLES(&os16, "vector.f32 shape{channels=24 across=1} outer{o=[3]} "
                      "in{in=0 in_pixel=1 in_block=1} out{out=12288 out_block=1}") == 1 + 2 + 8);
}

static void refused(void) {
  StosTarget os = target_of("os-8");
  CHECK(has(FAILURE(&os, "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=2048} "
                         "in{in=16380 in_pixel=1} window{iw=8}" OUT),
            "operand 'in' is at word 16387; the scratchpad has 16384 words"));
  CHECK(has(FAILURE(&os, "gemm.f32 shape{rows_total=8 nx=8 tile=9} left{left=2048}" OUT),
            "tile = 9; expected at most 8"));
  CHECK(has(FAILURE(&os, "load.f32 main{run=3000}"), "DRAM units 0 to 2999; region 0 has 2048"));
  CHECK(has(FAILURE(&os, "gemm.f32 wait{s5:2@0}"),
            "deadlock in cycle 1: array queue: command 0 at 0x0 (gemm) waits for 2 of semaphore 5, "
            "which has 0"));
  CHECK(has(FAILURE(&os, "load.f32 signal{s5:2@0 done}"), "semaphore 5 still holds 2"));
  CHECK(has(FAILURE(&os, "load.f32 signal{s5:1@0 done}",
                    "store.f32 main{region=1 chip=4096} "
                    "signal{s5:1@0 done} wait{s5:1@0}"),
            "semaphore 5: the load and the store queue signal it"));
  CHECK(has(FAILURE(&os, "load.f32", "load.i8"), "dtype i8; the commands before are f32"));
  CHECK(has(FAILURE(&os, "conv1d.f32"), "broadcast = 0"));
  /* loops that would take years */
  CHECK(has(FAILURE(&os, "gemm.f32 shape{rows_total=8 ny=65535 nx=65535 tile=8 nkc=65535}"),
            "expected at most 4294967296 to simulate"));
  CHECK(has(FAILURE(&os, "load.f32 main{run=1} loop{n=[65535, 65535, 65535, 2]}"), "loops of"));
  /* left and top in one section */
  CHECK(has(FAILURE(&os, "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=1024} " IN
                         "window{iw=8}" OUT),
            "section 0"));
  /* the load writes where the array writes, at the same time */
  CHECK(has(FAILURE(&os, "load.f32 main{chip=6144 run=256}",
                    "gemm.f32 shape{rows_total=8 ny=16 nx=8 tile=8} left{left=2048} " IN
                    "window{ih=16 iw=8}" OUT),
            "writes section 3"));
  CHECK(has(FAILURE(&os, "gemm.f32 shape{rows_total=8 nx=8 tile=8} mode{keep=1} left{left=2048} " IN
                         "window{iw=8}" OUT),
            "keep without a chunk before it"));
}

static void poison(void) {
  StosTarget os = target_of("os-8");
  CHECK(has(POISON(&os, "store.f32 main{region=1}"),
            "scratchpad word 0 is read, which nobody has written"));
  CHECK(has(POISON(&os, "load.f32 main{region=1}"), "arena grain 0 is read, which nobody"));
  CHECK_STR(POISON(&os, "load.f32 signal{s0:1@0 done}", "store.f32 main{region=1} wait{s0:1@0}"),
            "no error");
  CHECK(has(POISON(&os, "load.f32", "store.f32 main{region=1}"),
            "scratchpad word 0 is read while command 0 is still writing it"));
  /* The vector unit reads for 64 cycles what the load overwrites. */
  CHECK(has(POISON(&os, "load.f32 main{run=64} signal{s0:1@0 done}",
                   "vector.f32 shape{channels=8 nx=64} in{in=0 in_pixel=1} window{iw=64} "
                   "out{out=4096 out_pixel=1} wait{s0:1@0} signal{s1:1@3 read}",
                   "load.f32 main{run=64 dram=64} wait{s1:1@0}"),
            "no error"));
  CHECK(has(POISON(&os, "load.f32 main{run=64} signal{s0:1@0 done}",
                   "vector.f32 shape{channels=8 ny=2 nx=64} in{in=0 in_pixel=1} window{ih=2 iw=64} "
                   "out{out=4096 out_pixel=1} wait{s0:1@0} signal{s1:1@3 read}",
                   "load.f32 main{run=64 dram=64} wait{s1:2@0}"),
            "no error"));
  CHECK(has(POISON(&os, "load.f32 main{run=64} signal{s0:1@0 done}",
                   "vector.f32 shape{channels=8 ny=2 nx=64} in{in=0 in_pixel=1} window{ih=2 iw=64} "
                   "out{out=4096 out_pixel=1} wait{s0:1@0} signal{s1:1@3 read}",
                   "load.f32 main{run=64 dram=64} wait{s1:1@0}",
                   "signal main{queue=1}"
                   " signal{s2:1@0 read}"),
            "while command 1 still reads it"));
}

int main(void) {
  gemm();
  holds();
  control();
  dma();
  conv1d_stream();
  conv1d_hold();
  vector();
  refused();
  poison();
  fuse_arena_fini(&arena);
  return unit_result();
}
