// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim_values.c - values of random GEMM, CONV1D and VECTOR commands on random targets, f32 and i8,
 * against the formulas M-GEMM-1, M-CONV-2, M-VEC-1 and M-POST-2 written down once more, a scalar at
 * a time. Every program runs with poison, so nothing unwritten is read.
 *
 * Scratchpad: section 0 input, 1 weights or taps, 2 residual, 4 result; the regions hold their
 * images. Usage: sim_values [CASES [SEED]]. */
#include <math.h>

#include "fuse/requant.h"
#include "sim_program.h"
#include "unit.h"

enum { IN, LEFT, RES, N_IMAGES, OUT = 4, PARAMS = 64, TABLES = 2 };

static uint64_t seed = 1;

static uint32_t random_u32(void) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(seed >> 32);
}
static int32_t between(int32_t low, int32_t high) {
  return low + (int32_t)(random_u32() % (uint32_t)(high - low + 1));
}

/* ---- a case ---- */

typedef struct Case {
  StosTarget target;
  FuseDtype dtype;
  uint32_t elem, word, section; /* bytes, bytes, words */
  uint8_t *image;               /* input, weights, residual: what the weights region begins with */
  uint8_t params[PARAMS * 16];
  uint8_t tables[TABLES * 256];
  uint8_t *expected, *found; /* the result's section */
  StosCmd cmd;
} Case;

static void choose_target(StosTarget *t) {
  *t = target_of("stosx-8");
  t->lanes = 1u << between(1, 3);
  t->rows = t->lanes << between(0, 2);
  t->cols = t->lanes << between(0, 2);
  t->accumulators = (uint32_t)between(1, 5);
  t->shadow = (uint32_t)between(0, 1);
  t->segments = t->cols > t->lanes ? 1u << between(0, 1) : 1;
  t->overlap = 1;
  t->dram_elems = t->lanes * (uint32_t)between(1, 3);
  t->dram_latency = (uint32_t)between(1, 20);
  t->param_entries = PARAMS;
  t->luts = TABLES;
  t->scratchpad_words = 8 * 4096;
}

static void begin_case(FuseArena *arena, Case *c) {
  *c = (Case){.dtype = between(0, 1) ? FUSE_F32 : FUSE_I8};
  choose_target(&c->target);
  c->elem = (uint32_t)fuse_dtype_bytes(c->dtype);
  c->word = c->elem * c->target.lanes;
  c->section = stos_section_words(&c->target);
  size_t bytes = (size_t)N_IMAGES * c->section * c->word;
  c->image = fuse_alloc(arena, bytes);
  c->expected = fuse_alloc(arena, (size_t)c->section * c->word);
  c->found = fuse_alloc(arena, (size_t)c->section * c->word);
  for (size_t i = 0; i < bytes; i += c->elem) {
    float f = (float)between(-99, 99) * 0.37f;
    c->image[i] = (uint8_t)random_u32();
    if (c->dtype == FUSE_F32)
      memcpy(c->image + i, &f, 4);
  }
  for (int i = 0; i < PARAMS; i++)
    for (int k = 0; k < 4; k++) {
      float f = (float)between(-99, 99) * 0.11f;
      int32_t v = k == 2 ? between(2, 40) : between(-2000, 2000) * (k == 0 ? 1 : 500000);
      memcpy(c->params + i * 16 + k * 4, c->dtype == FUSE_F32 && k != 2 ? (void *)&f : &v, 4);
    }
  for (size_t i = 0; i < sizeof c->tables; i++)
    c->tables[i] = (uint8_t)random_u32();
  memset(c->expected, 7, (size_t)c->section * c->word); /* what the fill leaves */
}

/* ---- the reference's arithmetic: a number is f32, or int32 in i8 ---- */

typedef union Num {
  float f;
  int32_t i;
} Num;

static Num mul_add(const Case *c, Num a, Num x, Num y) {
  if (c->dtype == FUSE_F32) {
    volatile float product = x.f * y.f; /* rounded before the sum */
    a.f = a.f + product;
  } else {
    a.i = (int32_t)((uint32_t)a.i + (uint32_t)x.i * (uint32_t)y.i);
  }
  return a;
}

/* Element of an image; the address may lie in a ring. */
static Num element(const Case *c, int image, int64_t offset, uint32_t ring_size,
                   uint32_t ring_start, uint32_t lane, bool is_unsigned, int32_t zero) {
  Num n = {0};
  if (ring_size)
    offset = ((offset + ring_start) % ring_size + ring_size) % ring_size;
  FUSE_ASSERT(offset >= 0 && offset < c->section);
  const uint8_t *at =
      c->image + ((size_t)image * c->section + (size_t)offset) * c->word + lane * c->elem;
  if (c->dtype == FUSE_F32)
    memcpy(&n.f, at, 4);
  else
    n.i = (is_unsigned ? *at : (int8_t)*at) - zero;
  return n;
}

static void put(Case *c, int64_t offset, uint32_t lane, Num v, bool is_unsigned) {
  FUSE_ASSERT(offset >= 0 && offset < c->section);
  uint8_t *at = c->expected + (size_t)offset * c->word + lane * c->elem;
  if (c->dtype == FUSE_F32) {
    memcpy(at, &v.f, 4);
    return;
  }
  int32_t low = is_unsigned ? 0 : -128, high = is_unsigned ? 255 : 127;
  *at = (uint8_t)(v.i < low ? low : v.i > high ? high : v.i);
}

static float as_float(uint32_t bits) {
  Num n = {.i = (int32_t)bits};
  return n.f;
}

static Num post_f32(const Case *c, const StosPost *ops, int n, float v, float r, int64_t entry) {
  float x = 0, bias, scale, aux;
  memcpy(&bias, c->params + entry * 16, 4);
  memcpy(&scale, c->params + entry * 16 + 4, 4);
  memcpy(&aux, c->params + entry * 16 + 12, 4);
  for (int i = 0; i < n; i++) {
    float imm = as_float(ops[i].imm);
    switch (ops[i].code) {
    case STOS_POST_BIAS: v = v + bias; break;
    case STOS_POST_SCALE: v = v * scale; break;
    case STOS_POST_ADDI: v = v + imm; break;
    case STOS_POST_MULI: v = v * imm; break;
    case STOS_POST_MAXI: v = v < imm ? imm : v; break;
    case STOS_POST_MINI: v = v > imm ? imm : v; break;
    case STOS_POST_SAVE: x = v; break;
    case STOS_POST_MULX: v = v * x; break;
    case STOS_POST_LRELU: v = v < 0 ? v * imm : v; break;
    case STOS_POST_PRELU: v = v < 0 ? v * aux : v; break;
    case STOS_POST_ADDR: v = v + r; break;
    case STOS_POST_SUBR: v = v - r; break;
    case STOS_POST_RSUB: v = r - v; break;
    case STOS_POST_MULR: v = v * r; break;
    case STOS_POST_MAXR: v = v > r ? v : r; break;
    case STOS_POST_MINR: v = v < r ? v : r; break;
    case STOS_POST_ABS: v = fabsf(v); break;
    case STOS_POST_NEG: v = -v; break;
    }
  }
  return (Num){.f = v};
}

static int32_t wrap(int64_t v) {
  return (int32_t)(uint32_t)(uint64_t)v;
}

static Num post_i8(const Case *c, const StosPost *ops, int n, int64_t v, int32_t r, int64_t entry,
                   bool twice) {
  int64_t x = 0;
  int32_t bias, scale, aux;
  memcpy(&bias, c->params + entry * 16, 4);
  memcpy(&scale, c->params + entry * 16 + 4, 4);
  memcpy(&aux, c->params + entry * 16 + 12, 4);
  for (int i = 0; i < n; i++) {
    int32_t imm = (int32_t)ops[i].imm, now = (int32_t)v;
    uint32_t shift = ops[i].shift;
    int32_t scaled = ops[i].shift ? fuse_apply_scale(r, imm, shift, twice) : 0;
    switch (ops[i].code) {
    case STOS_POST_BIAS: v = v + bias; break;
    case STOS_POST_SCALE: v = fuse_apply_scale(now, scale, c->params[entry * 16 + 8], twice); break;
    case STOS_POST_ADDI: v = v + imm; break;
    case STOS_POST_MULI: v = fuse_apply_scale(now, imm, shift, twice); break;
    case STOS_POST_MAXI: v = v < imm ? imm : v; break;
    case STOS_POST_MINI: v = v > imm ? imm : v; break;
    case STOS_POST_SAVE: x = v; break;
    case STOS_POST_MULX: v = v * x; break;
    case STOS_POST_LRELU: v = v < 0 ? fuse_apply_scale(now, imm, shift, twice) : v; break;
    case STOS_POST_PRELU: v = v < 0 ? fuse_apply_scale(now, aux, shift, twice) : v; break;
    case STOS_POST_ADDR: v = v + scaled; break;
    case STOS_POST_SUBR: v = v - scaled; break;
    case STOS_POST_RSUB: v = scaled - v; break;
    case STOS_POST_MULR: v = v * r; break;
    case STOS_POST_MAXR: v = v > r ? v : r; break;
    case STOS_POST_MINR: v = v < r ? v : r; break;
    case STOS_POST_LUT:
      v = (int8_t)c->tables[imm * 256 + (v < -128 ? -128 : v > 127 ? 127 : v) + 128];
      break;
    case STOS_POST_ABS: v = v < 0 ? -v : v; break;
    case STOS_POST_NEG: v = -v; break;
    }
    v = wrap(v);
  }
  return (Num){.i = (int32_t)v};
}

/* Post programs of every operation; `residual`: those with r too. */
static int choose_post(const Case *c, StosPost *ops, int max, bool residual) {
  int n = between(0, max);
  bool saved = false;
  for (int i = 0; i < n; i++) {
    const StosPostInfo *info;
    const char *operands;
    do {
      ops[i].code = (uint8_t)between(1, STOS_POST_NEG);
      info = stos_post_info(ops[i].code);
      operands = c->dtype == FUSE_F32 ? info->operands_f32 : info->operands_i8;
    } while (!operands || (strchr(operands, 'r') && !residual) ||
             (ops[i].code == STOS_POST_MULX && !saved));
    saved |= ops[i].code == STOS_POST_SAVE;
    Num imm = {.f = (float)between(-40, 40) * 0.21f};
    if (c->dtype == FUSE_I8)
      imm.i = ops[i].code == STOS_POST_LUT ? between(0, TABLES - 1)
              : strchr(operands, 's')      ? between(-99999, 99999) * 9999
                                           : between(-99, 99);
    ops[i].imm = strchr(operands, 'i') ? (uint32_t)imm.i : 0;
    ops[i].shift = (uint8_t)(strchr(operands, 's') ? between(2, 40) : 0);
  }
  return n;
}

/* The fields that GEMM, CONV1D and VECTOR share, by their common names. */
#define CHOOSE_COMMON(c, f)                                                                        \
  do {                                                                                             \
    (f)->in = IN * (c)->section;                                                                   \
    (f)->out = OUT * (c)->section;                                                                 \
    (f)->res = RES * (c)->section;                                                                 \
    (f)->ih = (uint16_t)between(1, 7);                                                             \
    (f)->iw = (uint16_t)between(1, 12);                                                            \
    (f)->y0 = (int16_t)between(-3, 1);                                                             \
    (f)->x0 = (int16_t)between(-3, 1);                                                             \
    (f)->in_pixel = between(1, 2);                                                                 \
    (f)->in_line = (f)->iw * (f)->in_pixel + between(0, 3);                                        \
    (f)->in_block = (f)->ih * (f)->in_line + between(0, 3);                                        \
    if (between(0, 3) == 0) {                                                                      \
      (f)->ring_size = (uint32_t)between(1, 200);                                                  \
      (f)->ring_start = random_u32() % (f)->ring_size;                                             \
    }                                                                                              \
    (f)->res_use = (uint8_t)between(0, 1);                                                         \
    if ((c)->dtype == FUSE_I8) {                                                                   \
      (f)->in_unsigned = (uint8_t)between(0, 1);                                                   \
      (f)->in_zp = (int16_t)between((f)->in_unsigned ? 0 : -128, 127);                             \
      (f)->res_unsigned = (uint8_t)between(0, 1);                                                  \
      (f)->res_zp = (int16_t)between((f)->res_unsigned ? 0 : -128, 127);                           \
      (f)->double_round = (uint8_t)between(0, 1);                                                  \
      (f)->out_unsigned = (uint8_t)between(0, 1);                                                  \
    }                                                                                              \
    choose_post(c, (f)->post, between(0, 4), (f)->res_use);                                        \
  } while (0)

/* Result and residual addresses: ny lines of nx pixels of blocks. */
#define CHOOSE_RESULT(f, ny, nx, blocks)                                                           \
  do {                                                                                             \
    (f)->out_pixel = between(1, 2);                                                                \
    (f)->out_line = (int32_t)(nx) * (f)->out_pixel + between(0, 2);                                \
    (f)->out_block = (int32_t)(ny) * (f)->out_line + between(0, 2);                                \
    (f)->res_pixel = between(0, 2);                                                                \
    (f)->res_line = between(0, (int32_t)(nx) + 2);                                                 \
    (f)->res_block = between(0, (int32_t)(ny) * (int32_t)(nx) + 2);                                \
    FUSE_ASSERT((int64_t)(f)->out_block * (blocks) < 4096);                                        \
  } while (0)

static int post_length(const StosPost *ops, int max) {
  int n = 0;
  while (n < max && ops[n].code != STOS_POST_NOP)
    n++;
  return n;
}

static Num zero_of(void) {
  return (Num){.i = 0};
}

static Num pool_of(const Case *c, int pool, Num p, Num v, bool first) {
  if (pool == STOS_REDUCE_MAX && first)
    return v;
  if (c->dtype == FUSE_F32)
    p.f = pool == STOS_REDUCE_MAX ? (p.f < v.f ? v.f : p.f) : (first ? 0.0f : p.f) + v.f;
  else
    p.i =
        pool == STOS_REDUCE_MAX ? (p.i < v.i ? v.i : p.i) : wrap((int64_t)(first ? 0 : p.i) + v.i);
  return p;
}

static Num post(const Case *c, const StosPost *ops, int max, Num v, Num r, int64_t entry,
                bool twice) {
  int n = post_length(ops, max);
  return c->dtype == FUSE_F32 ? post_f32(c, ops, n, v.f, r.f, entry)
                              : post_i8(c, ops, n, v.i, r.i, entry, twice);
}

/* ---- GEMM ---- */

static int64_t sum3(const uint32_t *o, const int32_t *stride) {
  return (int64_t)o[0] * stride[0] + (int64_t)o[1] * stride[1] + (int64_t)o[2] * stride[2];
}

static void gemm_choose(Case *c) {
  c->cmd = stos_cmd_init(STOS_CMD_GEMM);
  StosCmd_gemm *f = &c->cmd.gemm;
  c->target.overlap = (uint32_t)between(0, 1);
  CHOOSE_COMMON(c, f);
  f->left = LEFT * c->section;
  f->rows_total = (uint16_t)between(1, (int32_t)fuse_min(2 * c->target.rows + 1, 40));
  f->ny = (uint16_t)between(1, 4);
  f->nx = (uint16_t)between(1, 9);
  f->tile = (uint16_t)between(1, (int32_t)c->target.cols);
  f->nkc = (uint16_t)between(1, 3);
  f->nkh = (uint8_t)between(1, 3);
  f->nkw = (uint8_t)between(1, 3);
  f->dil_y = (uint8_t)between(1, 2);
  f->dil_x = (uint8_t)between(1, 2);
  f->stride_y = (uint8_t)between(1, 2);
  f->stride_x = (uint8_t)between(1, 2);
  f->kphase = (uint8_t)between(1, 3);
  f->wrap = (uint8_t)between(0, 1);
  f->in_m = between(0, 5);
  f->left_m = between(0, 40);
  f->pool = (uint8_t)(between(0, 2) ? 0 : between(1, 2));
  if (f->pool)
    choose_post(c, f->post2, 2, false);
  for (int i = 0; i < 3; i++) {
    f->o[i] = (uint16_t)(between(0, 2) ? 1 : 2);
    f->o_dy[i] = (int16_t)between(-1, 1);
    f->o_dx[i] = (int16_t)between(-1, 1);
    f->o_in[i] = between(0, 9);
    f->o_left[i] = between(0, 9);
    f->o_param[i] = between(0, 3);
    f->o_res[i] = between(0, 9);
  }
  if (c->dtype == FUSE_I8) {
    f->w_unsigned = (uint8_t)between(0, 1);
    f->w_zp = (int16_t)between(f->w_unsigned ? 0 : -128, 127);
  }
  uint32_t blocks = (uint32_t)fuse_ceil_div(f->rows_total, c->target.lanes);
  CHOOSE_RESULT(f, f->ny, f->nx, blocks);
  /* outer iterations write beside each other */
  f->o_out[2] = f->out_block * (int32_t)blocks;
  f->o_out[1] = f->o_out[2] * f->o[2];
  f->o_out[0] = f->o_out[1] * f->o[1];
}

/* acc of row r of block m at pixel (y, x). */
static Num gemm_acc(const Case *c, const uint32_t *o, uint32_t m, uint32_t r, int64_t y,
                    int64_t x) {
  const StosCmd_gemm *f = &c->cmd.gemm;
  uint32_t lanes = c->target.lanes;
  uint32_t rows = (uint32_t)fuse_min(c->target.rows, f->rows_total - (int64_t)m * c->target.rows);
  int64_t g_m = fuse_ceil_div(rows, lanes), word = 0;
  Num acc = zero_of();
  for (int kh = 0; kh < f->nkh; kh++)
    for (int p = 0; p < f->kphase; p++)
      for (int kw = p; kw < f->nkw; kw += f->kphase)
        for (int kc = 0; kc < f->nkc; kc++, word++)
          for (uint32_t l = 0; l < lanes; l++) {
            int64_t iy = y * f->stride_y + kh * f->dil_y + f->y0, ix;
            ix = x * f->stride_x + kw * f->dil_x + f->x0;
            for (int i = 0; i < 3; i++)
              iy += (int64_t)o[i] * f->o_dy[i], ix += (int64_t)o[i] * f->o_dx[i];
            Num in = zero_of();
            if (iy >= 0 && iy < f->ih && ix >= 0 && ix < f->iw)
              in = element(c, IN,
                           iy * f->in_line + ix * f->in_pixel + kc * (int64_t)f->in_block +
                               m * (int64_t)f->in_m + sum3(o, f->o_in),
                           f->ring_size, f->ring_start, l, f->in_unsigned, f->in_zp);
            Num w = element(c, LEFT,
                            sum3(o, f->o_left) + m * (int64_t)f->left_m + g_m * (word * lanes + l) +
                                r / lanes,
                            0, 0, r % lanes, f->w_unsigned, f->w_zp);
            acc = mul_add(c, acc, w, in);
          }
  return acc;
}

static void gemm_row(Case *c, const uint32_t *o, uint32_t m, uint32_t r) {
  const StosCmd_gemm *f = &c->cmd.gemm;
  uint32_t ch = m * c->target.rows + r, lane = r % c->target.lanes;
  uint32_t group = m * (c->target.rows / c->target.lanes) + r / c->target.lanes;
  int64_t entry = f->param + ch + sum3(o, f->o_param);
  bool valid = ch < f->rows_total, first = true;
  Num pool = zero_of();
  for (int64_t y = 0; y < f->ny; y++)
    for (int64_t x = 0; x < f->nx; x++) {
      Num v = zero_of(), res = zero_of();
      if (valid) {
        if (f->res_use)
          res = element(c, RES,
                        y * f->res_line + x * f->res_pixel + group * (int64_t)f->res_block +
                            sum3(o, f->o_res),
                        0, 0, lane, f->res_unsigned, f->res_zp);
        v = post(c, f->post, 8, gemm_acc(c, o, m, r, y, x), res, entry, f->double_round);
        pool = pool_of(c, f->pool, pool, v, first);
        first = false;
      }
      if (!f->pool)
        put(c,
            y * f->out_line + x * f->out_pixel + group * (int64_t)f->out_block + sum3(o, f->o_out),
            lane, v, f->out_unsigned && valid);
    }
  if (f->pool && valid)
    pool = post(c, f->post2, 4, pool, zero_of(), entry, f->double_round);
  if (f->pool)
    put(c, group * (int64_t)f->out_block + sum3(o, f->o_out), lane, pool, f->out_unsigned && valid);
}

static void gemm_reference(Case *c) {
  const StosCmd_gemm *f = &c->cmd.gemm;
  uint32_t rows = c->target.rows, lanes = c->target.lanes, o[3];
  for (o[0] = 0; o[0] < f->o[0]; o[0]++)
    for (o[1] = 0; o[1] < f->o[1]; o[1]++)
      for (o[2] = 0; o[2] < f->o[2]; o[2]++)
        for (uint32_t m = 0; m * rows < f->rows_total; m++) {
          uint32_t here = (uint32_t)fuse_min(rows, f->rows_total - (int64_t)m * rows);
          for (uint32_t r = 0; r < fuse_ceil_div(here, lanes) * lanes; r++)
            gemm_row(c, o, m, r);
        }
}

/* ---- CONV1D ---- */

static void conv_choose(Case *c) {
  c->cmd = stos_cmd_init(STOS_CMD_CONV1D);
  StosCmd_conv1d *f = &c->cmd.conv1d;
  uint32_t lanes = c->target.lanes, groups = c->target.rows / lanes;
  CHOOSE_COMMON(c, f);
  f->taps = LEFT * c->section;
  f->hold = (uint8_t)between(0, 1);
  f->nkh = (uint8_t)(f->hold ? between(1, 4) : 1);
  f->stride_y = (uint8_t)between(1, 3);
  f->stride_x = (uint8_t)between(1, 3);
  f->n_seg = (uint8_t)(f->hold && between(0, 1) ? c->target.segments : 1);
  uint32_t cols = c->target.cols / f->n_seg;
  f->nkw = (uint8_t)between(1, (int32_t)fuse_min(4, cols));
  f->blocks = (uint16_t)between(1, 4);
  f->channels = (uint16_t)between((f->blocks - 1) * (int32_t)lanes + 1, f->blocks * (int32_t)lanes);
  f->n_gc = (uint16_t)(between(0, 1) ? 1 : groups);
  if (f->n_gc == 1 && groups > 1)
    *(between(0, 1) ? &f->n_gb : &f->n_gt) = (uint16_t)between(1, (int32_t)groups);
  f->waves = (uint16_t)fuse_ceil_div(f->blocks, f->n_gc);
  f->ny = (uint16_t)between(1, 4);
  f->nx = (uint16_t)between(1, 9);
  f->tile = (uint16_t)between(f->nkw, (int32_t)cols);
  uint32_t reach = (uint32_t)fuse_ceil_div(f->nkw, f->stride_x) - 1;
  if (f->hold && 2 * f->nx + reach <= cols)
    f->pieces = (uint8_t)between(1, (int32_t)((cols + reach) / (f->nx + reach)));
  uint32_t lines = (uint32_t)f->n_gb * f->n_seg * f->pieces * f->ny, columns = f->n_gt * f->nx;
  f->ny_total = (uint16_t)fuse_max(1, (int32_t)lines - between(0, 2));
  f->nx_total = (uint16_t)fuse_max(1, (int32_t)columns - between(0, 2));
  f->taps_block = between(f->nkh * f->nkw, 20);
  if (c->dtype == FUSE_I8) {
    f->w_unsigned = (uint8_t)between(0, 1);
    f->w_zp = (int16_t)between(f->w_unsigned ? 0 : -128, 127);
  }
  bool spread = f->n_gb != 1 || f->n_gt != 1 || f->n_seg != 1 || f->pieces != 1;
  f->pool = (uint8_t)(spread || (c->dtype == FUSE_F32 && f->nx > f->tile) ? 0 : between(0, 2));
  if (f->pool)
    choose_post(c, f->post2, 2, false);
  CHOOSE_RESULT(f, lines, columns, f->blocks);
  f->o[1] = (uint16_t)between(1, 2);
  f->o_dy[1] = (int16_t)between(-1, 1);
  f->o_dx[1] = (int16_t)between(-1, 1);
  f->o_in[1] = between(0, 9);
  f->o_taps[1] = between(0, 9);
  f->o_param[1] = between(0, 3);
  f->o_res[1] = between(0, 3);
  f->o_out[1] = f->out_block * f->blocks;
}

static Num conv_acc(const Case *c, uint32_t o1, uint32_t cb, uint32_t lane, int64_t oy,
                    int64_t ox) {
  const StosCmd_conv1d *f = &c->cmd.conv1d;
  Num acc = zero_of();
  for (int kh = 0; kh < f->nkh; kh++)
    for (int p = 0, place = 0; p < f->stride_x; p++)
      for (int kw = p; kw < f->nkw; kw += f->stride_x, place++) {
        int64_t iy = oy * f->stride_y + kh + f->y0 + (int64_t)o1 * f->o_dy[1];
        int64_t ix = ox * f->stride_x + kw + f->x0 + (int64_t)o1 * f->o_dx[1];
        Num in = zero_of();
        if (iy >= 0 && iy < f->ih && ix >= 0 && ix < f->iw)
          in = element(c, IN,
                       iy * f->in_line + ix * f->in_pixel + cb * (int64_t)f->in_block +
                           (int64_t)o1 * f->o_in[1],
                       f->ring_size, f->ring_start, lane, f->in_unsigned, f->in_zp);
        Num tap = element(
            c, LEFT, (int64_t)cb * f->taps_block + kh * f->nkw + place + (int64_t)o1 * f->o_taps[1],
            0, 0, lane, f->w_unsigned, f->w_zp);
        acc = mul_add(c, acc, tap, in);
      }
  return acc;
}

static void conv_reference(Case *c) {
  const StosCmd_conv1d *f = &c->cmd.conv1d;
  uint32_t lanes = c->target.lanes;
  int64_t lines = fuse_min((int64_t)f->n_gb * f->n_seg * f->pieces * f->ny, f->ny_total);
  int64_t columns = fuse_min((int64_t)f->n_gt * f->nx, f->nx_total);
  for (uint32_t o1 = 0; o1 < f->o[1]; o1++)
    for (uint32_t ch = 0; ch < f->blocks * lanes; ch++) {
      uint32_t cb = ch / lanes, lane = ch % lanes;
      int64_t entry = f->param + ch + (int64_t)o1 * f->o_param[1];
      int64_t base = (int64_t)o1 * f->o_out[1] + cb * (int64_t)f->out_block;
      bool valid = ch < f->channels, first = true;
      Num pool = zero_of();
      for (int64_t oy = 0; oy < lines; oy++)
        for (int64_t ox = 0; ox < columns; ox++) {
          Num v = zero_of(), res = zero_of();
          if (valid) {
            if (f->res_use)
              res = element(c, RES,
                            oy * f->res_line + ox * f->res_pixel + cb * (int64_t)f->res_block +
                                (int64_t)o1 * f->o_res[1],
                            0, 0, lane, f->res_unsigned, f->res_zp);
            v = post(c, f->post, 8, conv_acc(c, o1, cb, lane, oy, ox), res, entry, f->double_round);
            pool = pool_of(c, f->pool, pool, v, first);
            first = false;
          }
          if (!f->pool)
            put(c, base + oy * f->out_line + ox * f->out_pixel, lane, v, f->out_unsigned && valid);
        }
      if (f->pool && valid)
        pool = post(c, f->post2, 4, pool, zero_of(), entry, f->double_round);
      if (f->pool)
        put(c, base, lane, pool, f->out_unsigned && valid);
    }
}

/* ---- VECTOR ---- */

static void vector_choose(Case *c) {
  c->cmd = stos_cmd_init(STOS_CMD_VECTOR);
  StosCmd_vector *f = &c->cmd.vector;
  uint32_t lanes = c->target.lanes;
  CHOOSE_COMMON(c, f);
  f->across = (uint8_t)between(0, 1);
  f->reduce = (uint8_t)between(0, 2);
  if (f->reduce) {
    f->nky = (uint16_t)between(1, 3);
    f->nkx = (uint16_t)between(1, 3);
  }
  f->ny = (uint16_t)between(1, 4);
  f->nx = (uint16_t)between(1, 9);
  f->stride_y = (uint8_t)between(1, 2);
  f->stride_x = (uint8_t)between(1, 2);
  f->o[0] = (uint16_t)between(1, 5);
  f->o[1] = (uint16_t)between(1, 2);
  f->channels = (uint16_t)between((f->o[0] - 1) * (int32_t)lanes + 1, f->o[0] * (int32_t)lanes);
  f->o1_dy = (int16_t)between(-1, 1);
  f->o1_dx = (int16_t)between(-1, 1);
  f->o1_in = between(0, 9);
  f->o1_res = between(0, 9);
  CHOOSE_RESULT(f, f->ny, f->nx, f->o[0]);
  f->o1_out = f->out_block * f->o[0];
}

static Num vector_value(const Case *c, uint32_t o0, uint32_t o1, uint32_t lane, int64_t y,
                        int64_t x) {
  const StosCmd_vector *f = &c->cmd.vector;
  Num v = zero_of();
  bool first = true;
  for (int ky = 0; ky < f->nky; ky++)
    for (int kx = 0; kx < f->nkx; kx++) {
      int64_t iy = y * f->stride_y + ky + f->y0 + (int64_t)o1 * f->o1_dy;
      int64_t ix = x * f->stride_x + kx + f->x0 + (int64_t)o1 * f->o1_dx;
      if (iy < 0 || iy >= f->ih || ix < 0 || ix >= f->iw)
        continue;
      Num a = element(c, IN,
                      iy * f->in_line + ix * f->in_pixel + o0 * (int64_t)f->in_block +
                          (int64_t)o1 * f->o1_in,
                      f->ring_size, f->ring_start, lane, f->in_unsigned, f->in_zp);
      v = f->reduce ? pool_of(c, f->reduce, v, a, first) : a;
      first = false;
    }
  return v;
}

static void vector_reference(Case *c) {
  const StosCmd_vector *f = &c->cmd.vector;
  uint32_t lanes = c->target.lanes;
  for (uint32_t o1 = 0; o1 < f->o[1]; o1++)
    for (uint32_t ch = 0; ch < f->o[0] * lanes; ch++)
      for (int64_t y = 0; y < f->ny; y++)
        for (int64_t x = 0; x < f->nx; x++) {
          uint32_t o0 = ch / lanes, lane = ch % lanes;
          Num v = zero_of(), b = zero_of();
          bool valid = ch < f->channels;
          if (valid && f->res_use)
            b = element(c, RES,
                        y * f->res_line + x * f->res_pixel + o0 * (int64_t)f->res_block +
                            (int64_t)o1 * f->o1_res,
                        0, 0, lane, f->res_unsigned, f->res_zp);
          if (valid)
            v = post(c, f->post, 8, vector_value(c, o0, o1, lane, y, x), b, f->param + ch,
                     f->double_round);
          put(c,
              y * f->out_line + x * f->out_pixel + o0 * (int64_t)f->out_block +
                  (int64_t)o1 * f->o1_out,
              lane, v, f->out_unsigned && valid);
        }
}

/* ---- run and compare ---- */

static StosCmd load_of(const Case *c, int space, uint64_t byte, uint32_t unit, uint32_t run) {
  StosCmd cmd = stos_cmd_init(STOS_CMD_LOAD);
  cmd.dtype = (uint8_t)c->dtype;
  cmd.load.space = (uint8_t)space;
  cmd.load.dram = (uint32_t)(byte / unit);
  cmd.load.run = run;
  cmd.n_signals = 1;
  cmd.sync[0] = (StosSync){0, STOS_SIGNAL_DONE, 0, 1};
  return cmd;
}

/* Images, parameters and tables in the weights region; the result's section to io. */
static bool run_case(FuseArena *arena, Case *c, FuseDiag *diag) {
  uint64_t images = (uint64_t)N_IMAGES * c->section * c->word, section = images / N_IMAGES;
  uint64_t params = (images + 255) / 256 * 256, tables = params + sizeof c->params;
  uint8_t *weights = fuse_alloc(arena, tables + sizeof c->tables);
  memcpy(weights, c->image, images);
  memcpy(weights + params, c->params, sizeof c->params);
  memcpy(weights + tables, c->tables, sizeof c->tables);
  StosCmd cmds[7];
  cmds[0] = load_of(c, STOS_SPACE_SCRATCHPAD, 0, c->word, N_IMAGES * c->section);
  cmds[1] = load_of(c, STOS_SPACE_PARAM, params, 16, PARAMS);
  cmds[2] = load_of(c, STOS_SPACE_LUT, tables, 256, TABLES);
  cmds[3] = load_of(c, STOS_SPACE_SCRATCHPAD, 0, c->word, c->section);
  cmds[3].load.chip = OUT * c->section;
  cmds[3].load.fill = 1;
  cmds[3].load.value = c->dtype == FUSE_I8 ? 7 : 0x07070707;
  cmds[4] = c->cmd;
  cmds[4].dtype = (uint8_t)c->dtype;
  cmds[4].n_waits = cmds[4].n_signals = 1;
  cmds[4].sync[0] = (StosSync){0, STOS_WAIT, 0, 4};
  cmds[4].sync[1] = (StosSync){1, STOS_SIGNAL_DONE, 0, 1};
  cmds[5] = stos_cmd_init(STOS_CMD_STORE);
  cmds[5].dtype = (uint8_t)c->dtype;
  cmds[5].store.region = STOS_REGION_IO;
  cmds[5].store.chip = OUT * c->section;
  cmds[5].store.run = c->section;
  cmds[5].n_waits = 1;
  cmds[5].sync[0] = (StosSync){1, STOS_WAIT, 0, 1};
  cmds[6] = stos_cmd_init(STOS_CMD_END);
  StosMemory regions[STOS_N_REGIONS] = {{.data = weights, .size_bytes = tables + sizeof c->tables},
                                        {.data = weights, .size_bytes = 0},
                                        {.data = c->found, .size_bytes = section}};
  StosProgram program = {.cmds = cmds, .n = FUSE_COUNTOF(cmds)};
  StosSimResult result, timing;
  if (!stos_sim_run(arena, &program, &c->target, regions, &(StosSimOptions){.poison = true},
                    &result, diag))
    return false;
  /* Timing alone takes the same cycles, and queues are accounted for. */
  return stos_sim_run(arena, &program, &c->target, regions, &(StosSimOptions){.timing_only = true},
                      &timing, diag) &&
         timing.cycles == result.cycles && timing.macs == result.macs;
}

static void one(int number, const char *kind, void (*choose)(Case *), void (*reference)(Case *)) {
  FuseArena arena = {0};
  FuseDiag diag = {0};
  FuseText text = {0};
  Case c;
  uint64_t start = seed;
  begin_case(&arena, &c);
  choose(&c);
  c.cmd.dtype = (uint8_t)c.dtype;
  reference(&c);
  bool ran = run_case(&arena, &c, &diag);
  size_t size = (size_t)c.section * c.word, at = 0;
  while (ran && at < size && c.found[at] == c.expected[at])
    at++;
  CHECK(ran && at == size);
  if (!ran || at < size) {
    stos_print(&text, &c.cmd);
    fprintf(stderr, "%s case %d, seed %llu, byte %zu (word %zu): %s\n%s\nR=%u C=%u L=%u A=%u\n",
            kind, number, (unsigned long long)start, at, at / c.word, diag.message, text.data,
            c.target.rows, c.target.cols, c.target.lanes, c.target.accumulators);
  }
  fuse_text_fini(&text);
  fuse_arena_fini(&arena);
}

int main(int argc, char **argv) {
  int cases = argc > 1 ? atoi(argv[1]) : 150;
  seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  for (int i = 0; i < cases && unit_failures < 5; i++) {
    one(i, "gemm", gemm_choose, gemm_reference);
    one(i, "conv1d", conv_choose, conv_reference);
    one(i, "vector", vector_choose, vector_reference);
  }
  return unit_result();
}
