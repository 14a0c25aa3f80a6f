// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check.c - unit test of lib/check: for each rule a program that keeps it and one that doesn't,
 * with the message.
 *
 * Unless said otherwise the machine is stosx-8: lanes 8, one row group, 8 sections of 2048 words.
 */
#include "check_program.h"

static const StosCheckSpan input = {0, 32 * 64}, output = {32 * 64, 32 * 8};
static const StosCheckTensor tensors[] = {{STOS_REGION_ARENA, {0, 64}, true},
                                          {STOS_REGION_ARENA, {64, 64}, false},
                                          {STOS_REGION_ARENA, {128, 64}, true},
                                          {STOS_REGION_WEIGHTS, {0, 64}, true}};
static const StosCheckCall calls[] = {
    {&tensors[0], 2}, {&tensors[2], 1}, {&tensors[3], 1}, {&tensors[1], 1}};

static void expect_on(const char *target_name, bool with_io, const char *source,
                      const char *expected, int line) {
  FuseArena arena = {0};
  StosTarget target;
  CHECK(stos_target_preset(target_name, &target));
  target.queue_depth = 4;
  StosProgram program = parse_program(&arena, source);
  StosCheckRegions regions = {.size_bytes = {4096, 4096, 4096},
                              .inputs = &input,
                              .n_inputs = 1,
                              .outputs = &output,
                              .n_outputs = with_io};
  FuseDiag diag = {0};
  bool legal =
      stos_check(&arena, &program, &target, &regions, calls, FUSE_COUNTOF(calls), "x.stos", &diag);
  unit_check_str(diag.message, expected, __FILE__, line);
  unit_check(legal == (expected[0] == 0), "verdict and message agree", __FILE__, line);
  fuse_arena_fini(&arena);
}

#define LEGAL(source) expect_on("stosx-8", false, source "end\n", "", __LINE__)
#define REFUSED(source, message) expect_on("stosx-8", false, source "end\n", message, __LINE__)
#define LEGAL_ON(target, source) expect_on(target, false, source "end\n", "", __LINE__)
#define REFUSED_ON(target, source, message)                                                        \
  expect_on(target, false, source "end\n", message, __LINE__)

/* Inputs in section 0, weights in section 1, results in section 2. */
#define LOAD_X "load.f32 main{region=2 run=8} signal{s0:1@0 done}\n"
#define LOAD_W "load.f32 main{run=8 chip=2048} signal{s1:1@0 done}\n"
#define SHAPE "shape{rows_total=8 nx=8 tile=8} left{left=2048} in{in_pixel=1} window{iw=8} "
#define OUT "out{out=4096 out_pixel=1} "
#define GEMM "gemm.f32 " SHAPE OUT
#define FILL(chip, run) "load.f32 main{chip=" #chip " run=" #run "} fill{fill=1}\n"

static void test_whole_program(void) {
#define STORE "store.f32 main{region=2 dram=64 chip=4096 run=8} wait{s2:1@0}\n"
#define BODY LOAD_X LOAD_W GEMM "wait{s0:1@0, s1:1@0} signal{s2:1@0 done}\n"
  expect_on("stosx-8", true, BODY STORE "end\n", "", __LINE__);
  expect_on("stosx-8", true,
            BODY "store.f32 main{region=2 dram=64 chip=4096 run=7} wait{s2:1@0}\nend\n",
            "io byte 2272 of an output is never written; expected the program to write each output",
            __LINE__);
  REFUSED(LOAD_X "load.i8\n",
          "command 1 (offset 0x20, load.i8): another element type than command 0 "
          "(offset 0x0, load.f32); expected one in all commands (M-NUM-1)");
  expect_on("stosx-8", false, LOAD_X,
            "command 0 (offset 0x0, load.f32): expected end as the last command and only there "
            "(I-ENC-3)",
            __LINE__);
}

static void test_bounds(void) {
  LEGAL(FILL(16383, 1));
  REFUSED(FILL(16383, 2),
          "command 0 (offset 0x0, load.f32): chip: scratchpad word 16384; expected 0 "
          "to 16383 (M-OP-1)");
  REFUSED(
      "load.f32 loop{n=[1, 1, 1, 2]} chip_stride{chip_stride=[0, 0, 0, -3]} fill{fill=1}\n",
      "command 0 (offset 0x0, load.f32): chip: scratchpad word -3; expected 0 to 16383 (M-OP-1)");
  LEGAL("load.f32 main{dram=127}\n");
  REFUSED("load.f32 main{dram=128}\n", "command 0 (offset 0x0, load.f32): dram: weights bytes "
                                       "4096..4127; expected them in the 4096 bytes of the region "
                                       "(M-OP-1)");
  LEGAL("load.f32 main{space=1 chip=4095}\n");
  REFUSED("load.f32 main{space=1 chip=4096}\n",
          "command 0 (offset 0x0, load.f32): chip: parameter memory entry 4096; expected 0 to 4095 "
          "(M-OP-1)");
  REFUSED("load.i8 main{space=2 chip=8}\n",
          "command 0 (offset 0x0, load.i8): chip: look-up table 8; expected 0 to 7 (M-OP-1)");
  /* a ring: 6 words from 16378 on, begun at the fifth */
  LEGAL("load.f32 main{chip=16378 run=6} ring{ring_size=6 ring_start=4} fill{fill=1}\n");
  REFUSED("load.f32 main{chip=16379 run=6} ring{ring_size=6 ring_start=4} fill{fill=1}\n",
          "command 0 (offset 0x0, load.f32): chip: scratchpad word 16384; expected 0 to 16383 "
          "(M-OP-1)");
}

static void test_limits(void) {
  REFUSED("gemm.f32 shape{tile=9}\n",
          "command 0 (offset 0x0, gemm.f32): tile = 9; expected at most "
          "8, the target's columns (M-GEMM-2)");
  REFUSED("gemm.f32 shape{rows_total=9} mode{hold_back=1}\n",
          "command 0 (offset 0x0, gemm.f32): rows_total of a chunk = 9; expected at most 8, the "
          "target's rows (M-GEMM-5)");
  REFUSED_ON("os-8", "conv1d.f32\n",
             "command 0 (offset 0x0, conv1d.f32): the target has broadcast = "
             "0; expected 1 (M-CONV)");
  REFUSED_ON("stosx-32", "conv1d.f32 shape{hold=1} group{n_seg=4}\n",
             "command 0 (offset 0x0, conv1d.f32): n_seg = 4; expected 1 or the target's 2 segments "
             "(M-CONV-1)");
  REFUSED("conv1d.f32 shape{nkh=5 nkw=13 hold=1}\n",
          "command 0 (offset 0x0, conv1d.f32): nkh * nkw = 65; expected at most 64, the target's "
          "taps (M-CONV-5)");
  REFUSED("conv1d.f32 group{n_gb=2}\n",
          "command 0 (offset 0x0, conv1d.f32): n_gc * n_gb * n_gt = 2; "
          "expected at most 1, the target's row groups (M-CONV-1)");
  REFUSED("conv1d.f32 shape{nx=4 nkw=3 hold=1} group{pieces=2}\n",
          "command 0 (offset 0x0, conv1d.f32): columns of all pieces = 10; expected at most 8, the "
          "columns of a segment (M-CONV-3)");
  REFUSED("conv1d.f32 shape{nx=3 nkw=5 hold=1} group{pieces=2} window{iw=3 x0=-1}\n",
          "command 0 (offset 0x0, conv1d.f32): columns of all pieces = 9; expected at most 8, the "
          "columns of a segment (M-CONV-3)");
  REFUSED("conv1d.f32 shape{nx=9 tile=9 hold=1}\n",
          "command 0 (offset 0x0, conv1d.f32): tile = 9; expected at most 8, the columns of a "
          "segment (M-CONV-3)");
  REFUSED(
      "conv1d.f32 shape{nkw=9}\n",
      "command 0 (offset 0x0, conv1d.f32): nkw = 9; expected at most 8, the target's columns: a "
      "short tile takes nkw of them (M-CONV-6)");
  REFUSED("conv1d.f32 shape{nx=3 nx_total=3 tile=2 nkw=3}\n",
          "command 0 (offset 0x0, conv1d.f32): tiles of 2 with nkw = 3; expected at least nkw but "
          "for the last of a line (M-CONV-6)");
  REFUSED("host main{call=4}\n",
          "command 0 (offset 0x0, host): call 4; expected one of 4 host calls");
  REFUSED(
      "host main{call=2}\n",
      "command 0 (offset 0x0, host): tensor 0 of call 2 is written and in the weights; expected "
      "arena or io (M-MEM-6)");
}

static void test_unwritten(void) {
  LEGAL(FILL(0, 8) "barrier\n"
                   "store.f32 main{region=1 run=8}\n");
  REFUSED(
      FILL(0, 8) "barrier\n"
                 "store.f32 main{region=1 chip=5 run=6}\n",
      "command 2 (offset 0x30, store.f32): chip: reads scratchpad words 8..10, which nothing has "
      "written; expected a write before (M-MEM-8)");
  REFUSED("load.f32 main{region=1}\n",
          "command 0 (offset 0x0, load.f32): dram: reads arena bytes 0..31, which nothing has "
          "written; expected a write before (M-MEM-8)");
  LEGAL("load.f32 main{region=2 dram=56 run=8}\n");
  REFUSED("load.f32 main{region=2 dram=60 run=8}\n",
          "command 0 (offset 0x0, load.f32): dram: reads io bytes 2048..2175, which nothing has "
          "written; expected a write before (M-MEM-8)");
  /* parameters of 5 channels, not of 6; tables */
#define POST_PARAMS(channels)                                                                      \
  "load.f32 main{space=1 chip=3 run=5}\n" FILL(                                                    \
      0, 1) "barrier\n"                                                                            \
            "vector.f32 shape{channels=" #channels                                                 \
            "} out{out=4096} post{post=[bias]} param{param=3}\n"
  LEGAL(POST_PARAMS(5));
  REFUSED(POST_PARAMS(6),
          "command 3 (offset 0x40, vector.f32): param: reads parameter memory entry "
          "8, which nothing has written; expected a write before (M-MEM-8)");
#define LUT(table)                                                                                 \
  "load.i8 main{space=2 chip=3}\n"                                                                 \
  "load.i8 fill{fill=1}\nbarrier\nvector.i8 out{out=4096} post{post=[lut " #table "]}\n"
  LEGAL(LUT(3));
  REFUSED(LUT(4),
          "command 3 (offset 0x40, vector.i8): lut: reads look-up table 4, which nothing has "
          "written; expected a write before (M-MEM-8)");
}

static void test_semaphores(void) {
  LEGAL("signal signal{s0:2@0 done}\n"
        "load.f32 fill{fill=1} wait{s0:2@0}\n");
  REFUSED("signal signal{s5:2@0 done}\nload.f32 fill{fill=1} wait{s5:1@0}\n",
          "command 2 (offset 0x30, end): s5 is 1 here, signalled last by command 0 (offset 0x0, "
          "signal); expected 0 (M-CTL-4)");
  REFUSED(
      "signal signal{s5:1@0 done}\nbarrier\nload.f32 fill{fill=1} wait{s5:1@0}\n",
      "command 1 (offset 0x10, barrier): s5 is 1 here, signalled last by command 0 (offset 0x0, "
      "signal); expected 0 (M-CTL-4)");
#define TWO_SIGNALLERS(between)                                                                    \
  "signal signal{s5:1@0 done}\nload.f32 fill{fill=1} wait{s5:1@0}\n" between                       \
  "signal main{queue=2} signal{s5:1@0 done}\nload.f32 fill{fill=1} wait{s5:1@0}\n"
  LEGAL(TWO_SIGNALLERS("barrier\n"));
  REFUSED(
      TWO_SIGNALLERS(""),
      "command 2 (offset 0x30, signal): the vector queue signals s5, and so does the load queue "
      "(command 0 (offset 0x0, signal)); expected one of them between barriers (M-CTL-2)");
#define TWO_WAITERS(between)                                                                       \
  "signal signal{s5:1@0 done}\nload.f32 fill{fill=1} wait{s5:1@0}\n" between                       \
  "signal signal{s5:1@0 done}\nstore.f32 main{region=1} wait{s5:1@0}\n"
  LEGAL(TWO_WAITERS("barrier\n"));
  REFUSED(TWO_WAITERS(""),
          "command 3 (offset 0x40, store.f32): the store queue waits for s5, and so does the load "
          "queue (command 1 (offset 0x10, load.f32)); expected one of them between barriers "
          "(M-CTL-2)");
}

static void test_deadlock(void) {
  REFUSED(FILL(0, 1) "store.f32 main{region=1} wait{s3:2@0}\n",
          "command 1 (offset 0x10, store.f32): deadlock: waits for 2 of s3, which is 0; no later "
          "command signals it before the next barrier (M-CTL-1)");
  /* a circle */
  REFUSED("load.f32 fill{fill=1} wait{s1:1@0} signal{s0:1@0 done}\n"
          "store.f32 main{region=1} wait{s0:1@0} signal{s1:1@0 done}\n",
          "command 0 (offset 0x0, load.f32): deadlock: waits for 1 of s1, which is 0; command 1 "
          "(offset 0x20, store.f32), which would signal it, is stuck itself (M-CTL-1)");
  /* queues of four: the fifth load isn't fetched before the first is complete */
#define FULL(one_more)                                                                             \
  "load.f32 fill{fill=1} wait{s0:1@0}\n" FILL(1, 1) FILL(2, 1) FILL(3, 1) one_more                 \
      "signal main{queue=2} signal{s0:1@0 done}\n"
  LEGAL(FULL(""));
  REFUSED(FULL(FILL(4, 1)),
          "command 0 (offset 0x0, load.f32): deadlock: waits for 1 of s0, which is 0; command 5 "
          "(offset 0xa0, signal), which would signal it, isn't fetched: a queue is full (M-CTL-1)");
}

/* M-CTL-6: who waits for whom. */
static void test_races(void) {
  const char *unordered = "command 1 (offset 0x20, store.f32): chip: reads scratchpad words 0..3 "
                          "while command 0 (offset 0x0, load.f32) may still write them; expected a "
                          "wait for its DONE signal (M-CTL-6)";
#define LOAD_STORE(signal, wait)                                                                   \
  "load.f32 main{region=2 run=4} " signal "\nstore.f32 main{region=1 run=4} " wait "\n"
  LEGAL(LOAD_STORE("signal{s0:1@0 done}", "wait{s0:1@0}"));
  REFUSED(LOAD_STORE("", ""), unordered);
  REFUSED(LOAD_STORE("signal{s0:1@0 read}", "wait{s0:1@0}"), unordered);
  /* write after read: READ is enough */
#define REUSE(kind, wait)                                                                          \
  FILL(0, 4)                                                                                       \
  "barrier\nstore.f32 main{region=1 run=4} " kind "\nload.f32 main{chip=3} fill{fill=1} " wait "\n"
  LEGAL(REUSE("signal{s0:1@0 read}", "wait{s0:1@0}"));
  REFUSED(REUSE("", ""), "command 3 (offset 0x50, load.f32): chip: writes scratchpad word 3 while "
                         "command 2 (offset 0x30, store.f32) may still read it; expected a wait "
                         "for its READ or DONE signal (M-CTL-6)");
  /* write after write, from two queues */
#define TWO_WRITERS(kind, wait)                                                                    \
  FILL(0, 8)                                                                                       \
  "barrier\nvector.f32 shape{channels=8 nx=8} in{in_pixel=1} window{iw=8} " OUT kind               \
  "\nload.f32 main{chip=4096} fill{fill=1} " wait "\n"
  LEGAL(TWO_WRITERS("signal{s0:1@0 done}", "wait{s0:1@0}"));
  REFUSED(TWO_WRITERS("signal{s0:1@0 read}", "wait{s0:1@0}"),
          "command 3 (offset 0x80, load.f32): chip: writes scratchpad word 4096 while command 2 "
          "(offset 0x30, vector.f32) may still write it; expected a wait for its DONE signal "
          "(M-CTL-6)");
  /* through a third queue: the load comes after the vector command, that after the store */
  LEGAL(FILL(0, 4)
            FILL(2048, 4) "barrier\nstore.f32 main{region=1 run=4} signal{s0:1@0 read}\n"
                          "vector.f32 in{in=2048} out{out=4096} wait{s0:1@0} signal{s1:1@0 read}\n"
                          "load.f32 main{chip=3} fill{fill=1} wait{s1:1@0}\n");
  REFUSED(
      FILL(0, 4) FILL(2048, 4) "barrier\nstore.f32 main{region=1 run=4} signal{s0:1@0 read}\n"
                               "vector.f32 in{in=2048} out{out=4096} signal{s1:1@0 read}\n"
                               "load.f32 main{chip=3} fill{fill=1} wait{s1:1@0}\n"
                               "load.f32 main{chip=9} fill{fill=1} wait{s0:1@0}\n",
      "command 5 (offset 0xa0, load.f32): chip: writes scratchpad word 3 while command 3 (offset "
      "0x50, store.f32) may still read it; expected a wait for its READ or DONE signal (M-CTL-6)");
}

/* Parameters are read with the results: READ doesn't cover them (M-CTL-3). */
static void test_parameters(void) {
#define RELOAD(kind)                                                                               \
  "load.f32 main{space=1}\n" FILL(                                                                 \
      0, 1) "barrier\nvector.f32 out{out=4096} post{post=[bias]} signal{s0:1@0 " kind "}\n"        \
            "load.f32 main{space=1} wait{s0:1@0}\n"
  LEGAL(RELOAD("done"));
  REFUSED(
      RELOAD("read"),
      "command 4 (offset 0xa0, load.f32): chip: writes parameter memory entry 0 while command 3 "
      "(offset 0x40, vector.f32) may still read it; expected a wait for its DONE signal "
      "(M-CTL-6)");
  REFUSED(
      "load.f32 main{space=1}\n" FILL(0, 1) "barrier\nload.f32 main{space=1}\n"
                                            "vector.f32 out{out=4096} post{post=[bias]}\n",
      "command 4 (offset 0x60, vector.f32): param: reads parameter memory entry 0 while command "
      "3 (offset 0x40, load.f32) may still write it; expected a wait for its DONE signal "
      "(M-CTL-6)");
}

/* Results over operands: a chunk of the vector unit, a tile of GEMM. */
static void test_in_place(void) {
#define VECTOR_OVER(out)                                                                           \
  FILL(0, 20)                                                                                      \
  "barrier\nvector.f32 shape{nx=16} in{in_pixel=1} window{iw=16} "                                 \
  "out{out=" #out " out_pixel=1}\n"
  LEGAL(VECTOR_OVER(0));
  REFUSED(VECTOR_OVER(4), "command 2 (offset 0x30, vector.f32): in: reads scratchpad word 4, "
                          "which the command itself writes without an order between the two; "
                          "expected other words (M-CTL-6)");
#define GEMM_OVER(rows)                                                                            \
  FILL(0, 16)                                                                                      \
  FILL(2048, 16)                                                                                   \
  "barrier\ngemm.f32 shape{rows_total=" #rows " nx=16 tile=8} "                                    \
  "left{left=2048 left_m=8} in{in_pixel=1} window{iw=16} "                                         \
  "out{out_pixel=1 out_block=0}\n"
  LEGAL(GEMM_OVER(8));
  REFUSED(GEMM_OVER(16),
          "command 3 (offset 0x50, gemm.f32): in: reads scratchpad words 0..7, which the command "
          "itself writes without an order between the two; expected other words (M-CTL-6)");
  /* residuals of the same pixel; of the next */
#define RESIDUAL_OVER(out)                                                                         \
  FILL(0, 16)                                                                                      \
  FILL(2048, 16)                                                                                   \
  FILL(4096, 17)                                                                                   \
  "barrier\ngemm.f32 shape{rows_total=8 nx=16 tile=8} "                                            \
  "left{left=2048} in{in_pixel=1} window{iw=16} out{out=" #out " out_pixel=1} "                    \
  "res{res_use=1 res=4096 res_pixel=1} post{post=[addr]}\n"
  LEGAL(RESIDUAL_OVER(4096));
  LEGAL(RESIDUAL_OVER(4095));
  REFUSED(RESIDUAL_OVER(4097),
          "command 4 (offset 0x70, gemm.f32): res: reads scratchpad word 4097, which the command "
          "itself writes without an order between the two; expected other words (M-CTL-6)");
#define CONV_OVER(out)                                                                             \
  FILL(0, 16)                                                                                      \
  FILL(2048, 3)                                                                                    \
  "barrier\nconv1d.f32 shape{channels=8 nx=8 nx_total=8 tile=8 nkw=3} "                            \
  "taps{taps=2048} in{in_pixel=1} window{iw=10} out{out=" #out " out_pixel=1}\n"
  LEGAL(CONV_OVER(10));
  REFUSED(CONV_OVER(9), "command 3 (offset 0x50, conv1d.f32): out: writes scratchpad word 9, which "
                        "the command itself reads without an order between the two; expected other "
                        "words (M-CTL-6)");
}

/* Within the array queue only a DONE signal of its own makes a result readable. */
static void test_own_results(void) {
#define CHAIN(kind, wait)                                                                          \
  LOAD_X LOAD_W GEMM "wait{s0:1@0, s1:1@0} " kind "\n"                                             \
                     "gemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=2048} "                   \
                     "in{in=4096 in_pixel=1} window{iw=8} out{out=6144 out_pixel=1} " wait "\n"
  LEGAL(CHAIN("signal{s2:1@0 done}", "wait{s2:1@0}"));
  REFUSED(CHAIN("", ""), "command 3 (offset 0x90, gemm.f32): in: reads scratchpad words 4096..4103 "
                         "while command 2 (offset 0x40, gemm.f32) may still write them; expected a "
                         "wait for its DONE signal (M-CTL-6)");
}

/* M-MEM-4 */
static void test_sections(void) {
  REFUSED(
      FILL(0, 16) "barrier\ngemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=8} "
                  "in{in_pixel=1} window{iw=8} " OUT "\n",
      "command 2 (offset 0x30, gemm.f32): left edge and top edge both read section 0 (scratchpad "
      "words 0..2047); expected different sections for the streams of one command (M-MEM-4)");
  /* the edges of neighbours: weights of the second beside the input of the first */
#define NEIGHBOURS(kind, wait)                                                                     \
  FILL(0, 16)                                                                                      \
  FILL(2048, 16)                                                                                   \
  "barrier\n" GEMM kind "\ngemm.f32 shape{rows_total=8 nx=8 tile=8} left{left=8} "                 \
  "in{in=2056 in_pixel=1} window{iw=8} "                                                           \
  "out{out=4104 out_pixel=1} " wait "\n"
  LEGAL(NEIGHBOURS("signal{s0:1@0 read}", "wait{s0:1@0}"));
  REFUSED(NEIGHBOURS("", ""),
          "command 4 (offset 0xa0, gemm.f32): left edge reads section 0 (scratchpad words 0..2047) "
          "while top edge of command 3 (offset 0x50, gemm.f32) may read there; expected another "
          "section, or a wait for its READ or DONE signal (M-MEM-4)");
  /* a residual is read late, but not later than the array is empty (M-ARR-2) */
#define LATE(next)                                                                                 \
  FILL(0, 16)                                                                                      \
  FILL(2048, 16)                                                                                   \
  FILL(6144, 8) "barrier\n" GEMM "res{res_use=1 res=6144 res_pixel=1} post{post=[addr]}\n" next
  REFUSED(
      LATE("gemm.f32 shape{rows_total=8} left{left=2048} in{in=6144} out{out=4104}\n"),
      "command 5 (offset 0x110, gemm.f32): top edge reads section 3 (scratchpad words 6144..8191) "
      "while residual of command 4 (offset 0x70, gemm.f32) may read there; expected another "
      "section, or a wait for its READ or DONE signal (M-MEM-4)");
  LEGAL(LATE("conv1d.f32 shape{channels=8} taps{taps=2048} in{in=6144} out{out=4104}\n"));
  /* two queues: reads, then writes */
#define TWO_QUEUES(kind, wait, in)                                                                 \
  FILL(0, 8)                                                                                       \
  FILL(2048, 8)                                                                                    \
  "barrier\nvector.f32 out{out=4096} " kind "\nstore.f32 main{region=1 chip=" #in "} " wait "\n"
  LEGAL(TWO_QUEUES("", "", 2048));
  LEGAL(TWO_QUEUES("signal{s0:1@0 read}", "wait{s0:1@0}", 1));
  REFUSED(TWO_QUEUES("", "", 1),
          "command 4 (offset 0x70, store.f32): store reads section 0 (scratchpad words 0..2047) "
          "while vector a of command 3 (offset 0x50, vector.f32) may read there; expected another "
          "section, or a wait for its READ or DONE signal (M-MEM-4)");
  REFUSED(FILL(0, 8) "barrier\nvector.f32 out{out=4096}\n" FILL(4097, 1),
          "command 3 (offset 0x50, load.f32): load writes section 2 (scratchpad words 4096..6143) "
          "while vector result of command 2 (offset 0x30, vector.f32) may write there; expected "
          "another section, or a wait for its DONE signal (M-MEM-4)");
}

/* Waits and signals inside commands (M-CTL-2): a load fills line by line what a vector command
 * reads line by line, on a ring of two lines. */
static void test_levels(void) {
#define PIPE(credit, ring)                                                                         \
  "signal main{queue=2} signal{s1:" #credit "@0 read}\n"                                           \
  "load.f32 main{region=2 run=8} loop{n=[6, 1, 1, 1]} dram_stride{dram_stride=[8, 0, 0, 0]} "      \
  "chip_stride{chip_stride=[8, 0, 0, 0]} ring{ring_size=" #ring "} wait{s1:1@1} "                  \
  "signal{s0:1@1 done}\n"                                                                          \
  "vector.f32 shape{ny=6 nx=8} in{in_line=8 in_pixel=1} window{ih=6 iw=8} "                        \
  "in_ring{ring_size=" #ring                                                                       \
  "} out{out=4096 out_line=8 out_pixel=1} wait{s0:1@3} signal{s1:1@3 read}\n"
#define LEFT_OVER(credit) "load.f32 main{chip=2048} fill{fill=1} wait{s1:" #credit "@0}\n"
  LEGAL(PIPE(2, 16) LEFT_OVER(2));
  LEGAL(PIPE(1, 16) LEFT_OVER(1));
  REFUSED(PIPE(3, 16) LEFT_OVER(3),
          "command 2 (offset 0x60, vector.f32): in: reads scratchpad words 0..7 while command 1 "
          "(offset 0x10, load.f32) may still write them; expected a wait for its DONE signal "
          "(M-CTL-6)");
  LEGAL(PIPE(3, 24) LEFT_OVER(3));
  /* a window of two lines wants the line after, which comes later: the first iteration reads it */
  REFUSED(
      "load.f32 main{region=2} loop{n=[2, 1, 1, 1]} dram_stride{dram_stride=[1, 0, 0, 0]} "
      "chip_stride{chip_stride=[1, 0, 0, 0]} signal{s0:1@1 done}\n"
      "vector.f32 shape{ny=2 nky=2 reduce=1} in{in_line=1} window{ih=2} out{out=4096 out_line=1} "
      "wait{s0:1@3}\n",
      "command 1 (offset 0x50, vector.f32): in: reads scratchpad word 1 while command 0 (offset "
      "0x0, load.f32) may still write it; expected a wait for its DONE signal (M-CTL-6)");
  /* `across`: level 1 is a chunk, inside y and x; here 2 blocks of 3 pixels, one at a time */
#define ACROSS(pixel, block)                                                                       \
  "load.f32 loop{n=[6, 1, 1, 1]} chip_stride{chip_stride=[1, 0, 0, 0]} fill{fill=1} "              \
  "signal{s0:1@1 done}\n"                                                                          \
  "vector.f32 shape{nx=3 across=1} outer{o=[2, 1]} in{in_pixel=" #pixel " in_block=" #block "} "   \
  "window{iw=3} out{out=4096 out_pixel=1 out_block=3} wait{s0:1@1}\n"
  LEGAL(ACROSS(2, 1));
  REFUSED(ACROSS(1, 3), "command 1 (offset 0x30, vector.f32): in: reads scratchpad word 3 while "
                        "command 0 (offset 0x0, load.f32) may still write it; expected a wait for "
                        "its DONE signal (M-CTL-6)");
}

/* M-GEMM-5 */
static void test_chunks(void) {
#define CHUNK_LOADS FILL(0, 16) FILL(2048, 16) "barrier\n"
#define FIRST "gemm.f32 " SHAPE "mode{hold_back=1}\n"
#define LAST(rows)                                                                                 \
  "gemm.f32 shape{rows_total=" #rows " nx=8 tile=8} left{left=2056} "                              \
  "in{in=8 in_pixel=1} window{iw=8} " OUT "mode{keep=1}\n"
  LEGAL(CHUNK_LOADS FIRST LAST(8));
  REFUSED(CHUNK_LOADS GEMM "\n" LAST(8),
          "command 4 (offset 0xa0, gemm.f32): keep, but the array command before has drained; "
          "expected one with hold_back just before (M-GEMM-5)");
  REFUSED(CHUNK_LOADS FIRST GEMM "\n" LAST(8),
          "command 4 (offset 0x90, gemm.f32): stands between the chunks of command 3 (offset 0x50, "
          "gemm.f32); expected the chunk that keeps its accumulators (M-GEMM-5)");
  REFUSED(
      CHUNK_LOADS FIRST LAST(7),
      "command 4 (offset 0x90, gemm.f32): a chunk of 7 rows and 8 pixels; expected 8 rows and 8 "
      "pixels as in command 3 (offset 0x50, gemm.f32) (M-GEMM-5)");
  REFUSED(CHUNK_LOADS FIRST "barrier\n" LAST(8),
          "command 4 (offset 0x90, barrier): comes between the chunks that began with command 3 "
          "(offset 0x50, gemm.f32); expected the chunk that drains before (M-GEMM-5)");
}

/* A READ signal may come before an earlier DONE signal: a wait for the earlier knows only that the
 * operands were read. */
static void test_overtaken(void) {
#define OVERTAKEN(second)                                                                          \
  FILL(0, 16)                                                                                      \
  FILL(2048, 16)                                                                                   \
  "barrier\n" GEMM "signal{s0:1@0 done}\n"                                                         \
  "gemm.f32 shape{rows_total=8} left{left=2048} out{out=4104} signal{s0:1@0 " second "}\n"         \
  "store.f32 main{region=1 chip=4096} wait{s0:1@0}\nstore.f32 main{region=1} "                     \
  "wait{s0:1@0}\n"
  LEGAL(OVERTAKEN("done"));
  REFUSED(OVERTAKEN("read"),
          "command 5 (offset 0xd0, store.f32): chip: reads scratchpad word 4096 while command 3 "
          "(offset 0x50, gemm.f32) may still write it; expected a wait for its DONE signal "
          "(M-CTL-6)");
  /* the vector unit's wait is taken before the load's second signal is seen */
  REFUSED(FILL(0, 16) "barrier\nload.f32 main{region=2 chip=32} signal{s0:1@0 done}\n"
                      "vector.f32 out{out=4096} wait{s0:1@0}\n"
                      "load.f32 main{region=2 chip=33} signal{s0:1@0 read}\n"
                      "vector.f32 out{out=4097} wait{s0:1@0}\n",
          "command 4 (offset 0x70, load.f32): the signal of s0 may come before that of command 2 "
          "(offset 0x30, load.f32), so which of the two a wait takes isn't determined; expected "
          "signals of one kind (M-CTL-7)");
}

/* M-CTL-5: call 0 reads arena bytes 64..127 and writes 0..63, call 1 writes 128..191. */
static void test_host(void) {
#define HOST(call, load_wait)                                                                      \
  FILL(0, 4)                                                                                       \
  "barrier\nstore.f32 main{region=1 run=4}\nhost main{call=" #call                                 \
  "} signal{s0:1@0 read}\nload.f32 main{region=1 chip=16 run=2} " load_wait "\n"
  LEGAL(HOST(0, "wait{s0:1@0}"));
  LEGAL(HOST(1, "wait{s0:1@0}"));
  REFUSED(
      HOST(0, "") "load.f32 fill{fill=1} wait{s0:1@0}\n",
      "command 4 (offset 0x60, load.f32): dram: reads arena bytes 0..63 while command 3 (offset "
      "0x50, host) may still write them; expected a wait for its DONE signal (M-CTL-6)");
  /* the array commands before it are complete, and what those waited for */
#define AFTER_ARRAY(order)                                                                         \
  FILL(0, 8)                                                                                       \
  FILL(2048, 8)                                                                                    \
  "barrier\nstore.f32 main{region=1 run=4}\nbarrier\n"                                             \
  "load.f32 main{region=1 run=2} signal{s0:1@0 done}\n" order
#define WAITING GEMM "wait{s0:1@0}\n"
  LEGAL(AFTER_ARRAY(WAITING "host main{call=0}\n"));
  REFUSED(AFTER_ARRAY("host main{call=0}\n" WAITING),
          "command 6 (offset 0xa0, host): call: writes arena bytes 0..63 while command 5 (offset "
          "0x80, load.f32) may still read them; expected a wait for its READ or DONE signal "
          "(M-CTL-6)");
  REFUSED("host main{call=3}\n", "command 0 (offset 0x0, host): call: reads arena bytes 64..127, "
                                 "which nothing has written; expected a write before (M-MEM-8)");
}

/* Loops without an end in sight. */
static void test_work(void) {
  REFUSED("load.f32 loop{n=[65535, 65535, 65535, 65535]} fill{fill=1}\n",
          "command 0 (offset 0x0, load.f32): the loops up to here are worth more than 1073741824 "
          "words; not supported");
}

int main(void) {
  test_whole_program();
  test_bounds();
  test_limits();
  test_unwritten();
  test_semaphores();
  test_deadlock();
  test_races();
  test_own_results();
  test_parameters();
  test_in_place();
  test_sections();
  test_levels();
  test_chunks();
  test_overtaken();
  test_host();
  test_work();
  return unit_result();
}
