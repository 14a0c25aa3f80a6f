// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* isa.c - unit test of lib/isa: random commands there and back, damaged bytes, golden bytes,
 * refused lines. */
#include <stdlib.h>

#include "fuse/isa.h"
#include "unit.h"

static const uint8_t opcodes[] = {
#define X(NAME, name, opcode, queue, summary) opcode,
    STOS_COMMANDS(X)
#undef X
};

/* ---- random valid commands ---- */

static uint64_t state = 1;

static uint32_t rnd(uint32_t below) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((state >> 33) % below);
}

static bool coin(void) {
  return rnd(2);
}

/* Small, large and extreme values alike. */
static int64_t random_value(int64_t smallest, int64_t largest) {
  switch (rnd(4)) {
  case 0: return smallest;
  case 1: return largest;
  case 2:
    return smallest + (int64_t)rnd((uint32_t)(largest - smallest < 9 ? largest - smallest + 1 : 9));
  default:
    return smallest + (int64_t)(((uint64_t)rnd(1u << 31) << 31 | rnd(1u << 31)) %
                                (uint64_t)(largest - smallest + 1));
  }
}

static bool has(const char *operands, char c) {
  return strchr(operands, c) != NULL;
}

static void random_post(StosPost *ops, int n, bool is_i8, bool residual) {
  bool saved = false;
  int used = (int)rnd((uint32_t)n + 1);
  for (int i = 0; i < n; i++)
    ops[i] = (StosPost){0};
  for (int i = 0; i < used;) {
    int code = 1 + (int)rnd(19);
    const StosPostInfo *info = stos_post_info(code);
    const char *operands = is_i8 ? info->operands_i8 : info->operands_f32;
    if (!operands || (has(operands, 'r') && !residual) || (code == STOS_POST_MULX && !saved))
      continue;
    saved |= code == STOS_POST_SAVE;
    ops[i].code = (uint8_t)code;
    if (has(operands, 'i'))
      ops[i].imm = code == STOS_POST_LUT ? rnd(256) : rnd(1u << 31) << 1 | rnd(2);
    if (has(operands, 's'))
      ops[i].shift = (uint8_t)(2 + rnd(61));
    i++;
  }
}

#define REPAIR_COMPUTE(x)                                                                          \
  do {                                                                                             \
    if ((x)->ring_size <= (x)->ring_start)                                                         \
      (x)->ring_start = 0;                                                                         \
    if (!is_i8) {                                                                                  \
      (x)->in_zp = (x)->w_zp = (x)->res_zp = 0;                                                    \
      (x)->in_unsigned = (x)->w_unsigned = (x)->res_unsigned = 0;                                  \
      (x)->double_round = (x)->out_unsigned = 0;                                                   \
    }                                                                                              \
    (x)->in_zp = (int16_t)((x)->in_unsigned ? (x)->in_zp & 255 : (x)->in_zp / 2);                  \
    (x)->w_zp = (int16_t)((x)->w_unsigned ? (x)->w_zp & 255 : (x)->w_zp / 2);                      \
    (x)->res_zp = (int16_t)((x)->res_unsigned ? (x)->res_zp & 255 : (x)->res_zp / 2);              \
    random_post((x)->post, coin() ? 8 : 2, is_i8, (x)->res_use);                                   \
  } while (0)

#define REPAIR_POOL(x)                                                                             \
  do {                                                                                             \
    if ((x)->pool)                                                                                 \
      random_post((x)->post2, 4, is_i8, false);                                                    \
  } while (0)

static void repair_dma(StosCmd_load *x, bool is_store, bool is_i8) {
  x->fill = (uint8_t)(!is_store && x->fill);
  if (is_store || x->fill)
    x->space = STOS_SPACE_SCRATCHPAD;
  if (is_store && x->region == STOS_REGION_WEIGHTS)
    x->region = STOS_REGION_IO;
  if (x->fill)
    x->region = 0, x->dram = 0, memset(x->dram_stride, 0, sizeof x->dram_stride);
  x->value = x->fill ? (is_i8 ? x->value & 255 : x->value) : 0;
  if (x->space != STOS_SPACE_SCRATCHPAD)
    x->ring_size = 0;
  if (x->ring_size <= x->ring_start)
    x->ring_start = 0;
}

/* Bring fields that depend on each other into line. */
static void repair(StosCmd *cmd, bool is_i8) {
  switch (cmd->opcode) {
  case STOS_CMD_LOAD: repair_dma(&cmd->load, false, is_i8); break;
  case STOS_CMD_STORE: repair_dma((StosCmd_load *)(void *)&cmd->store, true, is_i8); break;
  case STOS_CMD_GEMM:
    if (cmd->gemm.keep || cmd->gemm.hold_back) {
      cmd->gemm.ny = cmd->gemm.o[0] = cmd->gemm.o[1] = cmd->gemm.o[2] = 1;
      cmd->gemm.tile = cmd->gemm.nx;
    }
    REPAIR_COMPUTE(&cmd->gemm);
    REPAIR_POOL(&cmd->gemm);
    break;
  case STOS_CMD_CONV1D:
    cmd->conv1d.n_seg = (uint8_t)(1u << rnd(3));
    if (cmd->conv1d.pool) {
      cmd->conv1d.n_gb = cmd->conv1d.n_gt = cmd->conv1d.n_seg = cmd->conv1d.pieces = 1;
      cmd->conv1d.tile = cmd->conv1d.nx;
    }
    if (!cmd->conv1d.hold)
      cmd->conv1d.nkh = cmd->conv1d.n_seg = cmd->conv1d.pieces = 1;
    REPAIR_COMPUTE(&cmd->conv1d);
    REPAIR_POOL(&cmd->conv1d);
    break;
  case STOS_CMD_VECTOR:
    if (cmd->vector.reduce == STOS_REDUCE_NONE)
      cmd->vector.nky = cmd->vector.nkx = 1;
    REPAIR_COMPUTE(&cmd->vector);
    cmd->vector.w_zp = cmd->vector.w_unsigned = 0;
    break;
  default: break;
  }
}

static void random_sync(StosCmd *cmd) {
  if (cmd->opcode == STOS_CMD_END || cmd->opcode == STOS_CMD_BARRIER)
    return;
  bool only_signals = cmd->opcode == STOS_CMD_SIGNAL;
  cmd->n_waits = (uint8_t)(only_signals ? 0 : rnd(5));
  cmd->n_signals = (uint8_t)(only_signals ? 1 + rnd(4) : rnd(5));
  for (int i = 0; i < cmd->n_waits + cmd->n_signals; i++)
    cmd->sync[i] = (StosSync){.semaphore = (uint8_t)rnd(64),
                              .kind = (uint8_t)(i < cmd->n_waits ? 0 : 1 + rnd(2)),
                              .level = (uint8_t)rnd((uint32_t)stos_cmd_levels(cmd->opcode) + 1),
                              .count = (uint16_t)random_value(1, UINT16_MAX)};
}

static StosCmd random_cmd(int opcode) {
  StosCmd cmd = stos_cmd_init((StosOpcode)opcode);
  const StosCmdInfo *info = stos_cmd_info(opcode);
  bool use = false;
  if (stos_cmd_has_dtype(opcode))
    cmd.dtype = coin() ? FUSE_F32 : FUSE_I8;
  random_sync(&cmd);
  for (int f = 0; f < info->n_fields; f++) {
    const StosField *field = &info->fields[f];
    if (f == 0 || strcmp(field->block, field[-1].block) != 0)
      use = rnd(5) < 2;
    for (int i = 0; use && i < field->count && !field->is_post; i++)
      stos_field_set(&cmd, field, i, random_value(field->smallest, field->largest));
  }
  repair(&cmd, cmd.dtype == FUSE_I8);
  return cmd;
}

/* ---- there and back ---- */

static void check_text(const StosCmd *cmd, FuseText *text) {
  FuseDiag diag = {0};
  StosCmd again;
  text->length = 0;
  stos_print(text, cmd);
  CHECK(stos_parse(text->data, text->length, "line", &again, &diag) && stos_cmd_equal(cmd, &again));
  if (diag.set)
    fprintf(stderr, "%s: %s\n%s\n", diag.place, diag.message, text->data);
}

static void test_round_trip(void) {
  FuseText text = {0};
  for (size_t o = 0; o < FUSE_COUNTOF(opcodes); o++) {
    int n_encoded = 0;
    for (int i = 0; i < 2000; i++) {
      FuseDiag diag = {0}, none = {0};
      StosCmd cmd = random_cmd(opcodes[o]), again;
      uint8_t bytes[STOS_MAX_CMD_BYTES], same[STOS_MAX_CMD_BYTES];
      size_t used = 0, length = stos_encode(&cmd, bytes, &diag);
      check_text(&cmd, &text);
      if (length == 0) { /* the only reason that random_cmd leaves */
        CHECK(strstr(diag.message, "bytes in the encoding; expected at most 256") != NULL);
        continue;
      }
      n_encoded++;
      CHECK(length % 16 == 0 && length <= STOS_MAX_CMD_BYTES);
      CHECK(stos_decode(bytes, length, &again, &used, &none) && used == length);
      CHECK(stos_cmd_equal(&cmd, &again));
      CHECK(stos_encode(&again, same, &none) == length && memcmp(bytes, same, length) == 0);
    }
    CHECK(n_encoded > 1500);
  }
  fuse_text_fini(&text);
}

/* Refused with a message, or something that encodes to these bytes. */
static bool refused_or_canonical(const uint8_t *bytes, size_t available) {
  FuseDiag diag = {0}, none = {0};
  StosCmd cmd;
  uint8_t same[STOS_MAX_CMD_BYTES];
  size_t used = 0;
  if (!stos_decode(bytes, available, &cmd, &used, &diag))
    return diag.set && diag.message[0];
  return used <= available && stos_encode(&cmd, same, &none) == used &&
         memcmp(bytes, same, used) == 0;
}

static void test_damage(void) {
  for (size_t o = 0; o < FUSE_COUNTOF(opcodes); o++)
    for (int i = 0; i < 4; i++) {
      FuseDiag diag = {0};
      uint8_t bytes[STOS_MAX_CMD_BYTES];
      StosCmd cmd = random_cmd(opcodes[o]), again;
      size_t length = stos_encode(&cmd, bytes, &diag), used;
      for (size_t at = 0; at < length; at++) {
        bool good = true;
        for (int flip = 1; flip < 256; flip++) {
          uint8_t *damaged = malloc(length); /* exact size: a sanitizer sees what is read beyond */
          memcpy(damaged, bytes, length);
          damaged[at] ^= (uint8_t)flip;
          good &= refused_or_canonical(damaged, length);
          free(damaged);
        }
        CHECK(good);
        uint8_t *cut = malloc(at + 1);
        memcpy(cut, bytes, at);
        diag = (FuseDiag){0};
        CHECK(!stos_decode(cut, at, &again, &used, &diag) && diag.set);
        free(cut);
      }
    }
}

/* ---- golden bytes ---- */

typedef struct Golden {
  const char *line, *hex;
} Golden;

static const Golden golden[] = {
    {"end", "00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
    {"barrier", "01 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
    {"signal main{queue=2} signal{s5:2@0 done}", "02"          /* opcode */
                                                 "01"          /* 1 unit of 16 bytes */
                                                 "00"          /* no element type */
                                                 "10"          /* 0 waits, 1 signal */
                                                 "01 00 00 00" /* block 0 follows */
                                                 "05"          /* semaphore 5 */
                                                 "20"          /* level 0, kind 2 = DONE */
                                                 "02 00"       /* count 2 */
                                                 "02"          /* main: queue 2 = vector */
                                                 "00 00 00" /* zeros up to 16 */},
    {"load.f32 main{region=2 dram=3 chip=4096 run=8} loop{n=[1, 1, 1, 5]} "
     "dram_stride{dram_stride=[0, 0, 0, 16]} chip_stride{chip_stride=[0, 0, 0, -1]} "
     "wait{s1:1@4} signal{s2:1@4 done}",
     "10 05 01 11"                                     /* load, 80 bytes, f32, 1 wait, 1 signal */
     "0f 00 00 00"                                     /* blocks 0 to 3 */
     "01 04 01 00"                                     /* wait s1:1@4 */
     "02 24 01 00"                                     /* signal s2:1@4 done */
     "02 00 03 00 00 00 00 10 00 00 08 00 00 00"       /* region, space, dram, chip, run */
     "01 00 01 00 01 00 05 00"                         /* n */
     "00 00 00 00 00 00 00 00 00 00 00 00 10 00 00 00" /* dram_stride */
     "00 00 00 00 00 00 00 00 00 00 00 00 ff ff ff ff" /* chip_stride */
     "00 00 00 00 00 00 00 00 00 00"},
    {"load.i8 main{chip=64 run=100} fill{fill=1 value=255}",
     "10 02 05 00 21 00 00 00"                   /* blocks 0 and 5 */
     "00 00 00 00 00 00 40 00 00 00 64 00 00 00" /* main */
     "01 ff 00 00 00"                            /* fill */
     "00 00 00 00 00"},
    {"store.i8 main{region=1 dram=7 chip=1 run=256} ring{ring_size=512 ring_start=5}",
     "11 02 05 00 11 00 00 00"                   /* blocks 0 and 4 */
     "01 00 07 00 00 00 01 00 00 00 00 01 00 00" /* main */
     "00 02 00 00 05 00 00 00"                   /* ring */
     "00 00"},
    {"host main{call=3} wait{s63:65535@0}", "12 01 00 01 01 00 00 00 3f 00 ff ff 03 00 00 00"},
    {"gemm.f32 shape{rows_total=16 ny=4 nx=8 tile=16 nkc=2} mode{wrap=1} left{left_m=64} "
     "in{in=4096 in_line=8 in_pixel=1 in_block=32} window{ih=4 iw=8} "
     "out{out=8192 out_line=8 out_pixel=1 out_block=32} post{post=[bias, maxi 0.0]} "
     "wait{s0:1@0} signal{s1:1@0 read, s2:1@0 done}",
     "20 0a 01 21"                                     /* gemm, 160 bytes, f32, 1 wait, 2 signals */
     "05 34 05 00"                                     /* blocks 0, 2, 10, 12, 13, 16, 18 */
     "00 00 01 00"                                     /* wait s0:1@0 */
     "01 10 01 00 02 20 01 00"                         /* signals: s1 READ, s2 DONE */
     "10 00 04 00 08 00 10 00 02 00"                   /* 0 shape: rows_total, ny, nx, tile, nkc */
     "01 00 00"                                        /* 2 mode: wrap, keep, hold_back */
     "00 00 00 00 40 00 00 00"                         /* 10 left: left, left_m */
     "00 10 00 00 08 00 00 00 01 00 00 00 20 00 00 00" /* 12 in: in, in_line, in_pixel, in_block */
     "04 00 08 00 00 00 00 00 01 01"                   /* 13 window: ih, iw, y0, x0, strides */
     "00 20 00 00 08 00 00 00 01 00 00 00 20 00 00 00" /* 16 out */
     "01 00 00 00 00 00 00 00"                         /* 18 post: bias */
     "05 00 00 00 00 00 00 00"                         /* maxi 0.0 */
     "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
     "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
     "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
     "00 00 00 00 00 00 00 00 00 00 00 00 00"},
    {"conv1d.i8 shape{channels=8 ny=6 nx=6 ny_total=6 nx_total=6 tile=6 nkh=3 nkw=3 hold=1} "
     "taps{taps=100 taps_block=9} in{in_line=8 in_pixel=1 in_block=64} window{ih=8 iw=8} "
     "zero{in_zp=-1} out{out=512 out_line=6 out_pixel=1}",
     "21 05 05 00 01 5e 00 00"                         /* blocks 0, 9, 10, 11, 12, 14 */
     "08 00 06 00 06 00 06 00 06 00 06 00 03 03 01"    /* shape */
     "64 00 00 00 09 00 00 00"                         /* taps */
     "00 00 00 00 08 00 00 00 01 00 00 00 40 00 00 00" /* in */
     "08 00 08 00 00 00 00 00 01 01"                   /* window */
     "ff ff 00 00 00 00"                               /* zero */
     "00 02 00 00 06 00 00 00 01 00 00 00 00 00 00 00" /* out */
     "00"},
    {"vector.f32 shape{channels=8 ny=2 nx=2 nky=2 nkx=2 reduce=2} "
     "in{in_line=4 in_pixel=1} window{ih=4 iw=4 stride_y=2 stride_x=2} "
     "out{out=64 out_line=2 out_pixel=1}",
     "30 04 01 00 31 01 00 00"                         /* blocks 0, 4, 5, 8 */
     "08 00 02 00 02 00 02 00 02 00 02 00"             /* shape: ..., nky, nkx, reduce, across */
     "00 00 00 00 04 00 00 00 01 00 00 00 00 00 00 00" /* in */
     "04 00 04 00 00 00 00 00 02 02"                   /* window */
     "40 00 00 00 02 00 00 00 01 00 00 00 00 00 00 00" /* out */
     "00 00"},
};

static void test_golden(void) {
  FuseText hex = {0}, expected = {0};
  for (size_t g = 0; g < FUSE_COUNTOF(golden); g++) {
    FuseDiag diag = {0};
    StosCmd cmd;
    uint8_t bytes[STOS_MAX_CMD_BYTES];
    CHECK(stos_parse(golden[g].line, strlen(golden[g].line), "golden", &cmd, &diag));
    size_t length = stos_encode(&cmd, bytes, &diag);
    if (diag.set)
      fprintf(stderr, "%s: %s\n", diag.place, diag.message);
    hex.length = expected.length = 0;
    for (size_t i = 0; i < length; i++)
      fuse_text_printf(&hex, "%02x", bytes[i]);
    for (const char *c = golden[g].hex; *c; c++)
      if (*c != ' ')
        fuse_text_append(&expected, c, 1);
    CHECK_STR(hex.data, expected.data);
    hex.length = 0;
    stos_print(&hex, &cmd);
    CHECK_STR(hex.data, golden[g].line);
  }
  fuse_text_fini(&hex);
  fuse_text_fini(&expected);
}

/* ---- what is refused ---- */

typedef struct Bad {
  const char *line, *place, *message;
} Bad;

static const Bad bad[] = {
    {"", "x.s:7:1", "the line ends; expected a command"},
    {"  frob", "x.s:7:3", "'frob'; expected a command"},
    {"end.f32", "x.s:7:1", "expected this command without an element type"},
    {"gemm", "x.s:7:1", "expected the command's element type"},
    {"gemm.f64", "x.s:7:1", "expected the command's element type"},
    {"gemm.f32 {", "x.s:7:10", "unexpected character; expected a block"},
    {"gemm.f32 taps{taps=1}", "x.s:7:10", "'taps'; expected a block of the command"},
    {"gemm.f32 shape{nx}", "x.s:7:18", "'}'; expected '='"},
    {"gemm.f32 shape{nx=3", "x.s:7:20", "the line ends; expected a field"},
    {"gemm.f32 shape{wrap=1}", "x.s:7:16",
     "'wrap'; expected a field of the block: rows_total ny nx tile nkc"},
    {"gemm.f32 shape{nx=1 nx=1}", "x.s:7:21", "'nx'; expected each field once"},
    {"gemm.f32 shape{nx=0}", "x.s:7:19", "'0'; expected nx from 1 to 65535"},
    {"gemm.f32 shape{nx=65536}", "x.s:7:19", "expected nx from 1 to 65535"},
    {"gemm.f32 shape{nx=99999999999999999999999}", "x.s:7:19", "expected nx from 1 to 65535"},
    {"gemm.f32 shape{nx=1x}", "x.s:7:19", "'1x'"},
    {"gemm.f32 shape{nx=0x}", "x.s:7:19", "'0x'"},
    {"gemm.f32 outer{o=3}", "x.s:7:18", "'3'; expected '['"},
    {"gemm.f32 outer{o=[1, 1, 1, 1]}", "x.s:7:27", "the list is longer than the field"},
    {"gemm.f32 post{post=[frob]}", "x.s:7:21", "'frob'; expected a post operation"},
    {"gemm.f32 post{post=[lut 1]}", "x.s:7:21", "'lut'; expected an operation of this type"},
    {"gemm.f32 post{post=[addi 1e39]}", "x.s:7:26", "'1e39'; expected a decimal float"},
    {"gemm.f32 post{post=[addi nan]}", "x.s:7:26", "'nan'; expected a decimal float"},
    {"gemm.i8 post{post=[muli 3]}", "x.s:7:26", "expected a shift from 2 to 62"},
    {"gemm.i8 post{post=[muli 3 63]}", "x.s:7:27", "expected a shift from 2 to 62"},
    {"gemm.f32 wait{s64:1@0}", "x.s:7:15", "expected a semaphore from s0 to s63"},
    {"gemm.f32 wait{s1:0@0}", "x.s:7:18", "expected a count from 1"},
    {"gemm.f32 wait{s1:1@6}", "x.s:7:20", "expected a level from 0 to 5"},
    {"gemm.f32 signal{s1:1@0}", "x.s:7:23", "expected read or done"},
    {"gemm.f32 wait{s1:1@0} wait{s2:1@0}", "x.s:7:23", "expected one list of waits"},
    {"gemm.f32 wait{s1:1@0,s1:1@0,s1:1@0,s1:1@0,s1:1@0}", "x.s:7:43", "more than 4 waits"},
    /* I-VAL: rules between fields */
    {"barrier wait{s1:1@0}", "x.s:7", "barrier: has waits or signals; expected none"},
    {"signal", "x.s:7", "signal: has no signal"},
    {"signal wait{s1:1@0} signal{s1:1@0 done}", "x.s:7", "signal: has waits"},
    {"gemm.f32 zero{in_zp=1}", "x.s:7", "gemm: a field of the integer datapath isn't 0"},
    {"gemm.i8 zero{in_zp=128}", "x.s:7", "gemm: in_zp = 128; expected -128 to 127"},
    {"vector.i8 zero{in_zp=-1 in_unsigned=1}", "x.s:7", "vector: in_zp = -1; expected 0 to 255"},
    {"vector.i8 zero{w_zp=1}", "x.s:7", "vector: w_zp and w_unsigned have no meaning"},
    {"gemm.f32 in_ring{ring_size=4 ring_start=4}", "x.s:7", "gemm: ring_start = 4; expected less"},
    {"load.f32 ring{ring_start=4}", "x.s:7", "load: ring_start = 4; expected 0"},
    {"gemm.f32 post{post=[nop, bias]}", "x.s:7", "gemm: post operation bias after nop"},
    {"gemm.f32 post{post=[mulx]}", "x.s:7", "mulx without a save"},
    {"gemm.f32 post{post=[addr]}", "x.s:7", "post operation addr without a residual"},
    {"gemm.i8 post{post=[lut 256]}", "x.s:7", "lut: table 256"},
    {"gemm.f32 pool{post2=[bias]}", "x.s:7", "gemm: post2 without pool"},
    {"store.f32 main{space=1}", "x.s:7", "store: stores from the scratchpad only"},
    {"store.f32", "x.s:7", "store: the weights region is read only"},
    {"store.f32 main{region=1} fill{fill=1}", "x.s:7", "store: fill"},
    {"load.f32 main{space=1} ring{ring_size=4}", "x.s:7", "load: a ring outside the scratchpad"},
    {"load.f32 fill{value=1.0}", "x.s:7", "load: value without fill"},
    {"load.f32 main{dram=1} fill{fill=1}", "x.s:7", "load: fill with a DRAM address"},
    {"gemm.f32 shape{nx=3 tile=2} mode{keep=1}", "x.s:7", "gemm: keep or hold_back with more"},
    {"conv1d.f32 group{n_seg=3}", "x.s:7", "conv1d: n_seg = 3; expected 1, 2 or 4"},
    {"conv1d.f32 shape{nkh=3}", "x.s:7", "conv1d: the stream schedule takes nkh = 1"},
    {"conv1d.f32 group{n_gb=2} pool{pool=1}", "x.s:7", "conv1d: pool needs n_gb"},
    {"conv1d.f32 shape{nx=2} pool{pool=1}", "x.s:7", "conv1d: pool needs n_gb"},
    {"vector.f32 shape{nkx=2}", "x.s:7", "vector: a reduction window without reduce"},
};

static void test_bad(void) {
  for (size_t i = 0; i < FUSE_COUNTOF(bad); i++) {
    FuseDiag diag = {0};
    StosCmd cmd;
    CHECK(!stos_parse(bad[i].line, strlen(bad[i].line), "x.s:7", &cmd, &diag));
    CHECK_STR(diag.place, bad[i].place);
    CHECK(strstr(diag.message, bad[i].message) != NULL);
    if (!strstr(diag.message, bad[i].message))
      fprintf(stderr, "%s\n  %s\n", bad[i].line, diag.message);
  }
}

/* What the assembler has its own message for must not come from bytes either. */
static void test_shifts(void) {
  for (int shift = 0; shift < 256; shift++) {
    FuseDiag diag = {0};
    StosCmd cmd = stos_cmd_init(STOS_CMD_GEMM);
    cmd.dtype = FUSE_I8;
    cmd.gemm.post[0] = (StosPost){.code = STOS_POST_MULI, .shift = (uint8_t)shift, .imm = 1};
    CHECK(stos_cmd_check(&cmd, "", &diag) == (shift >= 2 && shift <= 62));
  }
}

/* Any bytes at all are a line or an error. */
static void test_noise(void) {
  static const char alphabet[] = "gemm.f32 shape{nx=[1,2]} wait{s0:1@0} ;\"\\\x80\0-";
  for (int i = 0; i < 20000; i++) {
    FuseDiag diag = {0};
    StosCmd cmd;
    size_t length = rnd(40), keep = rnd(24);
    char *line = malloc(length + 1);
    memcpy(line, alphabet, length < keep ? length : keep);
    for (size_t c = keep; c < length; c++)
      line[c] = alphabet[rnd(sizeof alphabet)];
    bool good = stos_parse(line, length, "x", &cmd, &diag);
    if (good == diag.set)
      CHECK(!"an error without a message, or a message without an error");
    free(line);
  }
}

static void test_f32(void) {
  FuseText text = {0};
  uint32_t bits;
  for (int i = 0; i < 20000; i++) {
    uint32_t random = rnd(1u << 16) << 16 | rnd(1u << 16);
    text.length = 0;
    stos_print_f32(&text, random);
    if (!stos_parse_f32(text.data, text.length, &bits) || bits != random)
      CHECK(!"a float doesn't read back");
  }
  text.length = 0;
  stos_print_f32(&text, 0x3dcccccd);
  CHECK_STR(text.data, "0.1");
  text.length = 0;
  stos_print_f32(&text, 0x80000000);
  CHECK_STR(text.data, "-0.0");
  CHECK(stos_parse_f32("6", 1, &bits) && bits == 0x40c00000);
  CHECK(!stos_parse_f32("0x123456789", 11, &bits) && !stos_parse_f32("1e", 2, &bits));
  CHECK(!stos_parse_f32(" 1", 2, &bits) && !stos_parse_f32("1\0", 2, &bits));
  fuse_text_fini(&text);
}

/* end stands at the end, and only there. */
static void test_program(void) {
  FuseArena arena = {0};
  StosProgram program;
  uint8_t bytes[48] = {[0] = STOS_CMD_BARRIER, [1] = 1, [16] = STOS_CMD_END, [17] = 1};
  bytes[33] = 1;
  FuseDiag diag = {0};
  CHECK(stos_program_decode(&arena, bytes, 32, "x.stos", &program, &diag));
  CHECK(program.n == 2 && program.offsets[1] == 16 && program.cmds[1].opcode == STOS_CMD_END);
  CHECK(!stos_program_decode(&arena, bytes, 48, "x.stos", &program, &diag));
  CHECK_STR(diag.place, "x.stos");
  CHECK_STR(diag.message, "command at byte 32: stands behind end");
  diag = (FuseDiag){0};
  CHECK(!stos_program_decode(&arena, bytes, 16, "x.stos", &program, &diag));
  CHECK_STR(diag.message, "the program doesn't end with end");
  diag = (FuseDiag){0};
  CHECK(!stos_program_decode(&arena, bytes, 24, "x.stos", &program, &diag));
  CHECK_STR(diag.message,
            "command at byte 16: 8 bytes are left; expected a command of at least 16");
  fuse_arena_fini(&arena);
}

int main(void) {
  test_round_trip();
  test_damage();
  test_golden();
  test_bad();
  test_shifts();
  test_noise();
  test_f32();
  test_program();
  return unit_result();
}
