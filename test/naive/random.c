// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* random.c - random targets, memories and single commands whose addresses all fit. */
#include <string.h>

#include "direct.h"
#include "random_private.h"

uint32_t random_below(Random *random, uint32_t below) {
  random->state = random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((random->state >> 33) % below);
}

int random_between(Random *random, int smallest, int largest) {
  return smallest + (int)random_below(random, (uint32_t)(largest - smallest + 1));
}

#define below(n) random_below(&g->random, n)
#define between(a, b) random_between(&g->random, a, b)
#define coin() (below(2) == 1)
#define seldom() (below(4) == 0)

/* ---- target and memories ---- */

static void random_target(Gen *g) {
  StosTarget *t = &g->out->target;
  static const uint32_t sections[] = {4, 8, 16}, per_beat[] = {1, 2, 3, 4, 8};
  uint32_t lanes = coin() ? 2 : 4;
  *t = (StosTarget){.name = "random", .lanes = lanes, .clock_mhz = 1000};
  t->rows = lanes << below(lanes == 2 ? 3 : 2);
  t->cols = lanes << below(lanes == 2 ? 3 : 2);
  t->accumulators = (uint32_t)between(1, 5);
  t->shadow = coin();
  do
    t->segments = 1u << below(3);
  while (t->segments > t->cols);
  t->overlap = !seldom();
  t->broadcast = t->overlap;
  t->taps = (uint32_t)between(9, 32);
  t->sections = sections[below(3)];
  uint32_t unit = 2 * t->rows; /* 2 RG L */
  t->scratchpad_words =
      t->sections * unit * (1 + (512 / t->sections + below(512 / t->sections)) / unit);
  t->param_entries = (uint32_t)between(24, 64);
  t->luts = below(3);
  t->post_latency = (uint32_t)between(1, 12);
  t->dram_elems = lanes * per_beat[below(5)];
  t->dram_latency = (uint32_t)between(1, 40);
  t->queue_depth = (uint32_t)between(2, 6);
}

/* f32 with full mantissas, so that the order of sums shows; never NaN or infinite. */
static uint32_t random_float(Gen *g) {
  float x = (float)((int)below(1u << 24) - (1 << 23)) / (float)(1 << 22);
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return seldom() ? 0 : bits;
}

void gen_fill(Gen *g, uint8_t *bytes, size_t size_bytes) {
  for (size_t i = 0; i < size_bytes; i += 4) {
    uint32_t v =
        g->out->dtype == FUSE_F32 ? random_float(g) : below(1u << 16) << 16 | below(1u << 16);
    fuse_put32(bytes + i, v);
  }
}

/* Parameter entries whose shifts an operation may use. */
void gen_fill_params(Gen *g, uint8_t *bytes, uint32_t entries) {
  gen_fill(g, bytes, (size_t)entries * STOS_PARAM_BYTES);
  for (uint32_t i = 0; i < entries; i++) {
    bytes[16 * i + 8] = (uint8_t)between(0, 62);
    if (g->out->dtype == FUSE_I8 && coin())
      fuse_put32(bytes + 16 * i, (uint32_t)between(-2000, 2000));
  }
}

static void random_memory(Gen *g) {
  RandomCase *c = g->out;
  const StosTarget *t = &c->target;
  size_t word = (size_t)t->lanes * (c->dtype == FUSE_F32 ? 4 : 1);
  NaiveMemory *m = &c->memory;
  m->scratchpad = fuse_alloc(g->arena, t->scratchpad_words * word);
  m->params = fuse_alloc(g->arena, (size_t)t->param_entries * STOS_PARAM_BYTES);
  m->luts = fuse_alloc(g->arena, (size_t)t->luts * STOS_LUT_BYTES);
  gen_fill(g, m->scratchpad, t->scratchpad_words * word);
  gen_fill_params(g, m->params, t->param_entries);
  gen_fill(g, m->luts, (size_t)t->luts * STOS_LUT_BYTES);
  /* The first part of weights is what a program loads: tables, parameters, scratchpad. */
  g->prologue = (size_t)t->luts * STOS_LUT_BYTES;
  g->prologue += (size_t)t->param_entries * STOS_PARAM_BYTES;
  g->prologue = (g->prologue + word - 1) / word * word;
  g->image = g->prologue;
  g->prologue += t->scratchpad_words * word;
  for (int r = 0; r < STOS_N_REGIONS; r++) {
    m->region_bytes[r] = g->prologue + 4096;
    m->region[r] = fuse_alloc(g->arena, m->region_bytes[r]);
    gen_fill(g, m->region[r], m->region_bytes[r]);
  }
  memcpy(m->region[0], m->luts, (size_t)t->luts * STOS_LUT_BYTES);
  memcpy(m->region[0] + (size_t)t->luts * STOS_LUT_BYTES, m->params,
         (size_t)t->param_entries * STOS_PARAM_BYTES);
  memcpy(m->region[0] + g->image, m->scratchpad, t->scratchpad_words * word);
}

void gen_init(Gen *g, FuseArena *arena, uint64_t seed, RandomCase *out) {
  *g = (Gen){.arena = arena, .random = {seed * UINT64_C(0x9e3779b97f4a7c15) + 1}, .out = out};
  *out = (RandomCase){0};
  for (int i = 0; i < 4; i++)
    below(2);
  out->dtype = coin() ? FUSE_F32 : FUSE_I8;
  random_target(g);
  random_memory(g);
  out->program.cmds = fuse_alloc_array(arena, RANDOM_MAX_COMMANDS, sizeof *out->program.cmds);
}

void gen_reserve(Gen *g) {
  RandomCase *c = g->out;
  uint32_t word = c->target.lanes * (c->dtype == FUSE_F32 ? 4 : 1);
  g->reserved = (size_t)(c->target.scratchpad_words + 1) * word;
  size_t *bytes = &c->memory.region_bytes[STOS_REGION_IO];
  uint8_t *old = c->memory.region[STOS_REGION_IO],
          *grown = fuse_alloc(g->arena, *bytes + g->reserved);
  memcpy(grown, old, *bytes);
  c->memory.region[STOS_REGION_IO] = grown;
  *bytes += g->reserved;
}

/* ---- addresses ---- */

/* Offsets that an operand's strides can reach. */
typedef struct Span {
  int64_t low, high;
} Span;

static void span_add(Span *span, int64_t n, int64_t stride) {
  int64_t far = (n - 1) * stride;
  span->low += fuse_min(far, 0);
  span->high += fuse_max(far, 0);
}

/* A base that keeps the span inside words [first, first + words); false: too wide. */
static bool place(Gen *g, Span span, int64_t first, int64_t words, uint32_t *base) {
  int64_t slack = words - (span.high - span.low + 1);
  if (slack < 0)
    return false;
  *base = (uint32_t)(first - span.low + below((uint32_t)fuse_min(slack + 1, 1000)));
  return true;
}

/* Strides under which no two index tuples meet: a random nesting, pads between. */
static void apart(Gen *g, int n, const int64_t *counts, int64_t *strides) {
  int order[8];
  for (int i = 0; i < n; i++) {
    int k = (int)below((uint32_t)i + 1);
    order[i] = order[k];
    order[k] = i;
  }
  int64_t stride = 1;
  for (int i = 0; i < n; i++) {
    stride += seldom() ? between(0, 3) : 0;
    strides[order[i]] = coin() ? stride : -stride;
    stride *= counts[order[i]];
  }
}

/* Words of role `role` of a command: its own sections (M-MEM-4). */
static void room(const Gen *g, int role, int64_t *first, int64_t *words) {
  const StosTarget *t = &g->out->target;
  int64_t each = stos_section_words(t), n = t->sections / 4;
  *first = (role + g->rotate) % 4 * n * each;
  *words = n * each;
}

/* ---- post programs ---- */

static bool has(const char *operands, char c) {
  return strchr(operands, c) != NULL;
}

static void random_post(Gen *g, StosPost *ops, int n, bool residual) {
  bool is_i8 = g->out->dtype == FUSE_I8, saved = false;
  int used = (int)below((uint32_t)n + 1);
  for (int i = 0; i < used;) {
    int code = between(1, 19);
    const StosPostInfo *info = stos_post_info(code);
    const char *operands = is_i8 ? info->operands_i8 : info->operands_f32;
    if (!operands || (has(operands, 'r') && !residual) || (code == STOS_POST_MULX && !saved) ||
        (code == STOS_POST_LUT && g->out->target.luts == 0))
      continue;
    saved |= code == STOS_POST_SAVE;
    ops[i].code = (uint8_t)code;
    if (has(operands, 'i'))
      ops[i].imm = code == STOS_POST_LUT ? below(g->out->target.luts)
                   : !is_i8              ? random_float(g)
                   : coin()              ? (uint32_t)between(-300, 300)
                                         : below(1u << 31) << 1 | below(2);
    if (has(operands, 's'))
      ops[i].shift = (uint8_t)between(2, 40);
    i++;
  }
}

static void zero_point(Gen *g, int16_t *zp, uint8_t *is_unsigned) {
  if (g->out->dtype == FUSE_F32 || coin())
    return;
  *is_unsigned = (uint8_t)coin();
  *zp = (int16_t)(*is_unsigned ? between(0, 255) : between(-128, 127));
}

/* ---- GEMM, CONV1D ---- */

enum { ROLE_IN, ROLE_WEIGHTS, ROLE_RESIDUAL, ROLE_OUT };

#define SPREAD(n) (seldom() ? between(-(n), n) : 0)

/* The fields that GEMM, CONV1D and VECTOR have in common. */
typedef struct Window {
  uint32_t in, ring_size, ring_start;
  int in_line, in_pixel, in_block, ih, iw, y0, x0, stride_y, stride_x;
  int16_t in_zp;
  uint8_t in_unsigned;
} Window;

#define SET_WINDOW(c, w)                                                                           \
  ((c)->in = (w).in, (c)->ring_size = (w).ring_size, (c)->ring_start = (w).ring_start,             \
   (c)->in_line = (w).in_line, (c)->in_pixel = (w).in_pixel, (c)->in_block = (w).in_block,         \
   (c)->ih = (uint16_t)(w).ih, (c)->iw = (uint16_t)(w).iw, (c)->y0 = (int16_t)(w).y0,              \
   (c)->x0 = (int16_t)(w).x0, (c)->stride_y = (uint8_t)(w).stride_y,                               \
   (c)->stride_x = (uint8_t)(w).stride_x, (c)->in_zp = (w).in_zp,                                  \
   (c)->in_unsigned = (w).in_unsigned)

/* span: what the levels other than line, pixel and block add. */
static bool random_window(Gen *g, int blocks, Span span, Window *w) {
  int64_t first, words;
  bool dense = coin();
  *w = (Window){.ih = between(1, 6),
                .iw = between(1, 12),
                .y0 = between(-2, 1),
                .x0 = between(-2, 1),
                .stride_y = dense ? 1 : between(1, 3),
                .stride_x = dense ? 1 : between(1, 3),
                .in_pixel = between(-2, 3),
                .in_line = between(-8, 20),
                .in_block = between(-20, 40)};
  zero_point(g, &w->in_zp, &w->in_unsigned);
  span_add(&span, w->ih, w->in_line);
  span_add(&span, w->iw, w->in_pixel);
  span_add(&span, blocks, w->in_block);
  room(g, ROLE_IN, &first, &words);
  if (!seldom())
    return place(g, span, first, words, &w->in);
  w->ring_size = 1 + below((uint32_t)fuse_min(words, 64));
  w->ring_start = below(w->ring_size);
  w->in = (uint32_t)(first + below((uint32_t)(words - w->ring_size) + 1));
  return true;
}

typedef struct Result {
  uint32_t out, res, param;
  int32_t out_line, out_pixel, out_block, res_line, res_pixel, res_block, o_out[3], o_res[3];
  uint8_t res_use, res_unsigned, double_round, out_unsigned;
  int16_t res_zp;
  StosPost post[STOS_MAX_POST];
} Result;

#define SET_RESULT(c, r)                                                                           \
  ((c)->out = (r).out, (c)->res = (r).res, (c)->param = (r).param, (c)->out_line = (r).out_line,   \
   (c)->out_pixel = (r).out_pixel, (c)->out_block = (r).out_block, (c)->res_line = (r).res_line,   \
   (c)->res_pixel = (r).res_pixel, (c)->res_block = (r).res_block, (c)->res_use = (r).res_use,     \
   (c)->res_unsigned = (r).res_unsigned, (c)->double_round = (r).double_round,                     \
   (c)->out_unsigned = (r).out_unsigned, (c)->res_zp = (r).res_zp,                                 \
   memcpy((c)->post, (r).post, sizeof(r).post))

/* Pixels of a result, and its outer levels. */
typedef struct Extent {
  int64_t lines, columns, blocks;
  int n_outer;
  const uint16_t *outer;
  int channels;
} Extent;

static bool random_residual(Gen *g, Extent e, Result *r) {
  Span span = {0, 0};
  int64_t first, words;
  r->res_line = between(-8, 8), r->res_pixel = between(-3, 3), r->res_block = between(-6, 16);
  span_add(&span, e.lines, r->res_line);
  span_add(&span, e.columns, r->res_pixel);
  span_add(&span, e.blocks, r->res_block);
  for (int i = 0; i < e.n_outer; i++) {
    r->o_res[i] = e.outer[i] > 1 ? between(-4, 9) : 0;
    span_add(&span, e.outer[i], r->o_res[i]);
  }
  room(g, ROLE_RESIDUAL, &first, &words);
  zero_point(g, &r->res_zp, &r->res_unsigned);
  r->res_use = 1;
  return place(g, span, first, words, &r->res);
}

static bool random_result(Gen *g, Extent e, Result *r) {
  int64_t counts[6] = {e.lines, e.columns, e.blocks}, strides[6] = {0}, first, words;
  Span span = {0, 0};
  *r = (Result){0};
  for (int i = 0; i < e.n_outer; i++)
    counts[3 + i] = e.outer[i];
  apart(g, 3 + e.n_outer, counts, strides);
  r->out_line = (int32_t)strides[0], r->out_pixel = (int32_t)strides[1];
  r->out_block = (int32_t)strides[2];
  for (int i = 0; i < e.n_outer; i++)
    r->o_out[i] = (int32_t)strides[3 + i];
  for (int i = 0; i < 3 + e.n_outer; i++)
    span_add(&span, counts[i], strides[i]);
  room(g, ROLE_OUT, &first, &words);
  if (!place(g, span, first, words, &r->out) || (coin() && !random_residual(g, e, r)))
    return false;
  random_post(g, r->post, STOS_MAX_POST, r->res_use);
  if (g->out->dtype == FUSE_I8)
    r->double_round = (uint8_t)coin(), r->out_unsigned = (uint8_t)coin();
  return place(g, (Span){0, e.channels - 1}, 0, g->out->target.param_entries, &r->param);
}

/* Free outer levels, mostly one iteration. */
static Span random_outer(Gen *g, uint16_t *o, int16_t *dy, int16_t *dx, int32_t *in, int n) {
  Span span = {0, 0};
  for (int i = 0; i < n; i++) {
    o[i] = (uint16_t)(seldom() ? between(2, 3) : 1);
    if (o[i] == 1)
      continue;
    dy[i] = (int16_t)SPREAD(2);
    dx[i] = (int16_t)SPREAD(2);
    in[i] = between(-5, 12);
    span_add(&span, o[i], in[i]);
  }
  return span;
}

static bool random_gemm(Gen *g, StosCmd *cmd) {
  const StosTarget *t = &g->out->target;
  StosCmd_gemm *x = &cmd->gemm;
  Window window;
  Result result;
  int64_t first, words;
  x->rows_total = (uint16_t)between(1, (int)(seldom() ? 2 * t->rows + 1 : t->rows));
  x->ny = (uint16_t)between(1, 3), x->nx = (uint16_t)between(1, 10);
  x->tile = (uint16_t)between(1, (int)t->cols);
  x->nkc = (uint16_t)between(1, 2);
  x->nkh = (uint8_t)between(1, seldom() ? 3 : 2), x->nkw = (uint8_t)between(1, seldom() ? 5 : 2);
  x->dil_y = (uint8_t)between(1, 2), x->dil_x = (uint8_t)between(1, 2);
  if (seldom()) /* fewer steps than pixels */
    x->nkc = x->nkh = x->nkw = 1;
  x->kphase = (uint8_t)between(1, 3);
  x->wrap = (uint8_t)coin();
  Span in = random_outer(g, x->o, x->o_dy, x->o_dx, x->o_in, 3);
  int64_t blocks = fuse_ceil_div(x->rows_total, t->rows);
  int64_t steps = (int64_t)t->lanes * x->nkh * x->nkw * x->nkc;
  x->in_m = blocks > 1 && seldom() ? between(-9, 20) : 0;
  span_add(&in, blocks, x->in_m);
  if (!random_window(g, x->nkc, in, &window))
    return false;
  SET_WINDOW(x, window);
  Span left = {0, steps * fuse_min(stos_row_groups(t), fuse_ceil_div(x->rows_total, t->lanes)) - 1};
  x->left_m = blocks > 1 ? between(-20, 60) : 0;
  span_add(&left, blocks, x->left_m);
  for (int i = 0; i < 3; i++) {
    x->o_left[i] = x->o[i] > 1 ? between(-4, 9) : 0;
    span_add(&left, x->o[i], x->o_left[i]);
  }
  room(g, ROLE_WEIGHTS, &first, &words);
  if (!place(g, left, first, words, &x->left))
    return false;
  zero_point(g, &x->w_zp, &x->w_unsigned);
  int64_t out_blocks = fuse_ceil_div(x->rows_total, t->lanes);
  if (!random_result(g, (Extent){x->ny, x->nx, out_blocks, 3, x->o, x->rows_total}, &result))
    return false;
  SET_RESULT(x, result);
  memcpy(x->o_out, result.o_out, sizeof x->o_out);
  memcpy(x->o_res, result.o_res, sizeof x->o_res);
  if (seldom()) {
    x->pool = (uint8_t)between(1, 2);
    random_post(g, x->post2, 4, false);
  }
  for (int i = 0; i < 3; i++)
    x->o_param[i] =
        x->o[i] > 1 && x->rows_total + (x->o[i] - 1) * 2 + x->param <= t->param_entries && seldom()
            ? 2
            : 0;
  /* Two strides together could leave the memory. */
  for (int i = 0, seen = 0; i < 3; i++)
    if (x->o_param[i] && seen++)
      x->o_param[i] = 0;
  return true;
}

/* Groups side by side that fit the rows. */
static void random_groups(Gen *g, StosCmd_conv1d *x) {
  uint32_t groups = stos_row_groups(&g->out->target);
  x->blocks = (uint16_t)between(1, 4);
  x->n_gc = (uint16_t)between(1, (int)groups);
  x->n_gb = (uint16_t)between(1, (int)groups / x->n_gc);
  x->n_gt = (uint16_t)between(1, (int)groups / x->n_gc / x->n_gb);
  x->waves = (uint16_t)fuse_ceil_div(x->blocks, x->n_gc);
}

/* Bands side by side on a short line; every second time between pads that neighbours share. */
static void random_pieces(Gen *g, StosCmd_conv1d *x, int columns) {
  int halo = (int)fuse_ceil_div(x->nkw, x->stride_x) - 1;
  x->pieces = (uint8_t)between(2, 4);
  x->nx = (uint16_t)between(1, (int)fuse_max(1, columns / 2 - halo / 2));
  if (halo == 0 || coin())
    return;
  if (!seldom())
    x->n_gt = 1;
  x->x0 = (int16_t)-between(1, halo * x->stride_x);
  int width = (x->nx + halo - between(1, halo)) * x->stride_x + x->x0;
  x->iw = (uint16_t)fuse_max(1, fuse_min(x->iw, width));
}

static bool random_conv1d(Gen *g, StosCmd *cmd) {
  const StosTarget *t = &g->out->target;
  StosCmd_conv1d *x = &cmd->conv1d;
  Window window;
  Result result;
  int64_t first, words;
  if (!t->broadcast)
    return false;
  x->hold = (uint8_t)(below(3) > 0);
  random_groups(g, x);
  x->channels =
      (uint16_t)between((int)((x->blocks - 1) * t->lanes + 1), (int)(x->blocks * t->lanes));
  x->nkh = (uint8_t)(x->hold ? between(1, 4) : 1), x->nkw = (uint8_t)between(1, 5);
  x->n_seg = (uint8_t)(x->hold && coin() ? t->segments : 1);
  int columns = (int)t->cols / x->n_seg;
  x->ny = (uint16_t)between(1, 5);
  x->nx = (uint16_t)between(1, seldom() ? 9 : columns);
  x->tile = (uint16_t)between(1, columns);
  Span in = random_outer(g, x->o, x->o_dy, x->o_dx, x->o_in, 3);
  if (!random_window(g, x->blocks, in, &window))
    return false;
  SET_WINDOW(x, window);
  if (!x->hold && x->stride_x == 1 && (x->nkw > columns || (x->tile < x->nkw && x->tile < x->nx)))
    return false;
  if (x->hold && coin())
    random_pieces(g, x, columns);
  if (x->pieces > 1 && direct_piece_columns(x) > columns)
    return false;
  if (x->nkh * x->nkw > (int)t->taps)
    return false;
  int bands = x->n_gb * x->n_seg * x->pieces;
  x->ny_total = (uint16_t)between((bands - 1) * x->ny + 1, bands * x->ny);
  x->nx_total = (uint16_t)between((x->n_gt - 1) * x->nx + 1, x->n_gt * x->nx);
  Span taps = {0, (int64_t)x->nkh * x->nkw - 1};
  x->taps_block = between(-9, 20);
  span_add(&taps, x->blocks, x->taps_block);
  for (int i = 0; i < 3; i++) {
    x->o_taps[i] = x->o[i] > 1 ? between(-4, 9) : 0;
    span_add(&taps, x->o[i], x->o_taps[i]);
  }
  room(g, ROLE_WEIGHTS, &first, &words);
  if (!place(g, taps, first, words, &x->taps))
    return false;
  zero_point(g, &x->w_zp, &x->w_unsigned);
  Extent extent = {x->ny_total, x->nx_total, x->blocks, 3, x->o, x->channels};
  if (!random_result(g, extent, &result))
    return false;
  SET_RESULT(x, result);
  memcpy(x->o_out, result.o_out, sizeof x->o_out);
  memcpy(x->o_res, result.o_res, sizeof x->o_res);
  bool spread = x->n_gb != 1 || x->n_gt != 1 || x->n_seg != 1 || x->pieces != 1;
  if (coin() && !spread && (g->out->dtype == FUSE_I8 || x->nx <= x->tile)) {
    x->pool = (uint8_t)between(1, 2);
    random_post(g, x->post2, 4, false);
  }
  return true;
}

/* ---- VECTOR ---- */

static bool random_vector(Gen *g, StosCmd *cmd) {
  const StosTarget *t = &g->out->target;
  StosCmd_vector *x = &cmd->vector;
  int16_t dy[2] = {0}, dx[2] = {0};
  int32_t in[2] = {0};
  Window window;
  Result result;
  x->ny = (uint16_t)between(1, 4), x->nx = (uint16_t)between(1, 8);
  x->across = (uint8_t)coin();
  x->reduce = (uint8_t)below(3);
  x->nky = (uint16_t)(x->reduce ? between(1, 3) : 1);
  x->nkx = (uint16_t)(x->reduce ? between(1, 3) : 1);
  Span span = random_outer(g, x->o, dy, dx, in, 2);
  span.low = span.high = 0;
  x->o[0] = (uint16_t)between(1, 5);
  span_add(&span, x->o[1], in[1]);
  x->o1_dy = dy[1], x->o1_dx = dx[1], x->o1_in = in[1];
  x->channels = (uint16_t)between((int)((x->o[0] - 1u) * t->lanes + 1), (int)(x->o[0] * t->lanes));
  if (!random_window(g, x->o[0], span, &window))
    return false;
  SET_WINDOW(x, window);
  if (!random_result(g, (Extent){x->ny, x->nx, x->o[0], 1, &x->o[1], x->channels}, &result))
    return false;
  SET_RESULT(x, result);
  x->o1_out = result.o_out[0];
  x->o1_res = result.o_res[0];
  return true;
}

/* ---- LOAD, STORE ---- */

static bool random_dma(Gen *g, StosCmd *cmd) {
  const StosTarget *t = &g->out->target;
  StosCmd_load *x = &cmd->load; /* store has the same fields */
  bool load = cmd->opcode == STOS_CMD_LOAD;
  int64_t counts[5], strides[5], first, words;
  uint32_t word = t->lanes * (g->out->dtype == FUSE_F32 ? 4 : 1), unit = word;
  x->space = (uint8_t)(load && seldom() ? between(1, 2) : 0);
  x->fill = (uint8_t)(load && x->space == 0 && seldom());
  if (x->space == STOS_SPACE_LUT && t->luts == 0)
    return false;
  room(g, load ? ROLE_OUT : ROLE_IN, &first, &words);
  if (x->space == STOS_SPACE_PARAM)
    first = 0, words = t->param_entries, unit = STOS_PARAM_BYTES;
  if (x->space == STOS_SPACE_LUT)
    first = 0, words = t->luts, unit = STOS_LUT_BYTES;
  x->run = (uint32_t)between(1, x->space == 0 ? 12 : 2);
  Span chip = {0, x->run - 1}, dram = {0, x->run - 1};
  counts[0] = x->run;
  for (int i = 0; i < 4; i++)
    counts[i + 1] = x->n[i] = (uint16_t)(coin() ? 1 : between(1, 3));
  /* Neither side writes a unit twice: runs are the innermost level. */
  apart(g, 4, counts + 1, strides + 1);
  for (int i = 0; i < 4; i++) {
    x->chip_stride[i] = (int32_t)(strides[i + 1] * x->run);
    span_add(&chip, x->n[i], x->chip_stride[i]);
  }
  apart(g, 4, counts + 1, strides + 1);
  for (int i = 0; i < 4 && !x->fill; i++) {
    x->dram_stride[i] = (int32_t)(strides[i + 1] * x->run);
    span_add(&dram, x->n[i], x->dram_stride[i]);
  }
  int64_t total = chip.high - chip.low + 1;
  if (x->space == 0 && seldom() && total <= words) {
    x->ring_size = (uint32_t)total + below((uint32_t)(words - total) + 1);
    x->ring_start = below(x->ring_size);
    x->chip = (uint32_t)first + below((uint32_t)(words - x->ring_size) + 1);
  } else if (!place(g, chip, first, words, &x->chip)) {
    return false;
  }
  if (x->fill) {
    x->value = g->out->dtype == FUSE_F32 ? random_float(g) : below(256);
    return true;
  }
  /* The arena holds garbage at the start (M-MEM-8). */
  x->region = (uint8_t)(load ? 2 * below(2) : 1 + below(2));
  /* Params keep usable shifts: they come from the parameters' image only. */
  if (x->space == STOS_SPACE_PARAM) {
    x->region = 0;
    int64_t image = (int64_t)t->luts * STOS_LUT_BYTES / STOS_PARAM_BYTES;
    return place(g, dram, image, t->param_entries, &x->dram);
  }
  return place(g, dram, 0, (int64_t)(g->out->memory.region_bytes[x->region] - g->reserved) / unit,
               &x->dram);
}

/* ---- */

StosCmd gen_command(Gen *g, StosOpcode opcode) {
  for (;;) {
    StosCmd cmd = stos_cmd_init(opcode);
    FuseDiag diag = {0};
    cmd.dtype = (uint8_t)g->out->dtype;
    if (!g->same_sections)
      g->rotate = (int)below(4);
    bool fits = opcode == STOS_CMD_GEMM     ? random_gemm(g, &cmd)
                : opcode == STOS_CMD_CONV1D ? random_conv1d(g, &cmd)
                : opcode == STOS_CMD_VECTOR ? random_vector(g, &cmd)
                                            : random_dma(g, &cmd);
    if (fits && stos_cmd_check(&cmd, "random", &diag))
      return cmd;
    FUSE_ASSERT(!diag.set);
    if (opcode == STOS_CMD_CONV1D && !g->out->target.broadcast)
      return gen_command(g, STOS_CMD_GEMM);
  }
}

/* Cut a GEMM's reduction in chunks of input blocks (M-GEMM-5); how many commands. */
int gen_chain(Gen *g, StosCmd *cmds) {
  const StosTarget *t = &g->out->target;
  StosCmd cmd;
  do {
    cmd = gen_command(g, STOS_CMD_GEMM);
    cmd.gemm.rows_total = (uint16_t)fuse_min(cmd.gemm.rows_total, t->rows);
    cmd.gemm.ny = 1;
    cmd.gemm.nx = (uint16_t)fuse_min(cmd.gemm.nx, cmd.gemm.tile);
    for (int i = 0; i < 3; i++)
      cmd.gemm.o[i] = 1;
  } while (!stos_cmd_check(&cmd, "random", &(FuseDiag){0}));
  int n = between(2, 4);
  for (int i = 0; i < n; i++) {
    cmds[i] = cmd;
    cmds[i].gemm.keep = i > 0;
    cmds[i].gemm.hold_back = i + 1 < n;
    if (i + 1 < n) {
      cmds[i].gemm.nkh = 1;
      cmds[i].gemm.nkc = (uint16_t)between(1, cmd.gemm.nkc);
      cmds[i].gemm.nkw = (uint8_t)between(1, cmd.gemm.nkw);
      cmds[i].gemm.res_use = 0;
      memset(cmds[i].gemm.post, 0, sizeof cmds[i].gemm.post);
      memset(cmds[i].gemm.post2, 0, sizeof cmds[i].gemm.post2);
      cmds[i].gemm.pool = 0;
    }
  }
  return n;
}

/* One to three array commands, without semaphores: results go to sections that none reads. */
static void array_commands(Gen *g, StosOpcode opcode) {
  StosProgram *p = &g->out->program;
  g->out->target.queue_depth = 16; /* else the fetch makes them wait */
  g->same_sections = true;
  for (int i = between(1, 3); i > 0; i--) {
    StosOpcode other = opcode == STOS_CMD_GEMM ? STOS_CMD_CONV1D : STOS_CMD_GEMM;
    StosOpcode next = seldom() ? other : opcode;
    if (next == STOS_CMD_GEMM && seldom())
      p->n += (size_t)gen_chain(g, p->cmds + p->n);
    else
      p->cmds[p->n++] = gen_command(g, next);
  }
}

void random_single(FuseArena *arena, uint64_t seed, StosOpcode opcode, RandomCase *out) {
  Gen gen, *g = &gen;
  gen_init(g, arena, seed, out);
  StosProgram *p = &out->program;
  if (opcode == STOS_CMD_GEMM || opcode == STOS_CMD_CONV1D)
    array_commands(g, opcode);
  else
    p->cmds[p->n++] = gen_command(g, opcode);
  p->cmds[p->n++] = stos_cmd_init(STOS_CMD_END);
}
