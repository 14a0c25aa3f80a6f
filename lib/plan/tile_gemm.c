// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tile_gemm.c - a dense conv, or a depthwise one with block-diagonal weights, as GEMM commands.
 *
 * The result is cut in chunks of row blocks and bands of lines (and pixels of a line where one line
 * is too much). When not even one tile of pixels with its whole reduction fits, the reduction comes
 * in chunks too, one tile and row block at a time (M-GEMM-5).
 */
#include <string.h>

#include "plan_private.h"

typedef struct GemmTiling {
  int64_t row_blocks, lines, pixels; /* of one command */
  bool rows_outer; /* row chunks in the outer loop: weights once, input again for each */
  bool chunked;    /* the reduction comes in chunks */
} GemmTiling;

typedef struct Gemm {
  const FuseLayer *layer;
  int index;
  bool diagonal;
  int64_t in_blocks, out_blocks, row_blocks, groups;
  int64_t steps; /* of one row block and tile */
  bool in_chip, out_chip;
  GemmTiling tiling;
} Gemm;

static int64_t tile_words(int64_t blocks, int64_t lines, int64_t pixels, const StosTarget *target) {
  return blocks * plan_block_pitch(lines * pixels, target);
}

static int64_t span(int64_t n, int64_t kernel, int64_t stride, int64_t dilation, int64_t size) {
  return fuse_min(size, (n - 1) * stride + (kernel - 1) * dilation + 1);
}

static int64_t in_words(const PlanTiler *t, const Gemm *g, int64_t row_blocks, int64_t lines,
                        int64_t pixels) {
  const FuseLayer *l = g->layer;
  const FuseStorage *s = plan_storage(t, l->in);
  int64_t blocks = g->diagonal ? fuse_min(g->in_blocks, row_blocks * g->groups) : g->in_blocks;
  return tile_words(blocks, span(lines, l->kh, l->stride_y, l->dil_y, s->h),
                    span(pixels, l->kw, l->stride_x, l->dil_x, s->w), t->target);
}

static int64_t out_words(const PlanTiler *t, const Gemm *g, int64_t row_blocks, int64_t lines,
                         int64_t pixels) {
  return tile_words(fuse_min(g->out_blocks, row_blocks * g->groups), lines, pixels, t->target);
}

static int64_t residual_words(const PlanTiler *t, const Gemm *g, const GemmTiling *x) {
  if (g->layer->residual != FUSE_RES_FULL || plan_on_chip(t, g->layer->res))
    return 0;
  return out_words(t, g, x->row_blocks, x->lines, x->pixels);
}

/* Commands in both directions of the result. */
static int64_t n_bands(const Gemm *g, const GemmTiling *x) {
  return fuse_ceil_div(g->layer->out_h, x->lines) * fuse_ceil_div(g->layer->out_w, x->pixels);
}

static int64_t n_chunks(const Gemm *g, const GemmTiling *x) {
  return fuse_ceil_div(g->row_blocks, x->row_blocks);
}

/* Does a command of this size fit, with the data of the next two beside it where there are such:
 * one comes in, one waits, so that places can be found whatever else is alive. */
static bool fits(const PlanTiler *t, const Gemm *g, const GemmTiling *x, int64_t copies) {
  int64_t bands = n_bands(g, x), chunks = n_chunks(g, x);
  int64_t weights = fuse_min(chunks, copies) * x->row_blocks * g->steps * g->groups;
  int64_t input = g->in_chip ? 0
                             : fuse_min(x->rows_outer ? bands * chunks : bands, copies) *
                                   in_words(t, g, x->row_blocks, x->lines, x->pixels);
  int64_t output = g->out_chip ? 0 : out_words(t, g, x->row_blocks, x->lines, x->pixels);
  int64_t both = fuse_min(bands * chunks, fuse_min(copies, 2)) * output;
  int64_t residual = fuse_min(bands * chunks, fuse_min(copies, 2)) * residual_words(t, g, x);
  return weights + input + both + residual <= t->free_words &&
         x->row_blocks * t->target->rows <= (int64_t)t->target->param_entries / 4;
}

/* Cycles: the larger of the array's and the DRAM channel's, what can't be hidden, and some for each
 * command's edges. */
static int64_t cost_of(const PlanTiler *t, const Gemm *g, GemmTiling *x) {
  enum { COMMAND_CYCLES = 20 };
  const FuseLayer *l = g->layer;
  int64_t bands = n_bands(g, x), chunks = n_chunks(g, x), cols = t->target->cols;
  int64_t tiles = fuse_ceil_div(x->lines * x->pixels, cols) * bands;
  int64_t compute = g->row_blocks * tiles * fuse_max(g->steps, cols);
  int64_t weights = g->row_blocks * g->steps * g->groups;
  int64_t input = g->in_chip ? 0 : bands * in_words(t, g, g->row_blocks, x->lines, x->pixels);
  int64_t output = g->out_chip ? 0 : out_words(t, g, g->row_blocks, l->out_h, l->out_w);
  int64_t rows_outer = (g->diagonal ? 1 : chunks) * input + weights;
  int64_t bands_outer = input + (chunks > 1 ? bands : 1) * weights;
  x->rows_outer = g->diagonal || rows_outer <= bands_outer;
  int64_t words = (x->rows_outer ? rows_outer : bands_outer) + output;
  /* The first command's data come in and the last one's go out beside no work of this layer. */
  int64_t alone = input / bands + fuse_min(weights, x->row_blocks * g->steps * g->groups) +
                  output / (bands * chunks);
  int64_t per_cycle = t->target->dram_elems / t->target->lanes;
  return fuse_max(compute, words / per_cycle) + alone / per_cycle + COMMAND_CYCLES * bands * chunks;
}

/* The most row blocks that fit for these lines and pixels, in equal parts. */
static bool most_rows(PlanTiler *t, const Gemm *g, GemmTiling *x, int64_t copies) {
  for (x->row_blocks = g->row_blocks; x->row_blocks > 0;) {
    if (fits(t, g, x, copies)) {
      x->row_blocks = fuse_ceil_div(g->row_blocks, n_chunks(g, x));
      return true;
    }
    x->row_blocks = x->row_blocks > 8 ? x->row_blocks * 7 / 8 : x->row_blocks - 1;
  }
  return false;
}

/* With the most row blocks that fit, and with fewer: smaller loads start sooner. */
static void try_tiling(PlanTiler *t, Gemm *g, int64_t copies, int64_t lines, int64_t pixels,
                       int64_t *best) {
  GemmTiling x = {.lines = lines, .pixels = pixels, .rows_outer = true};
  if (!most_rows(t, g, &x, copies))
    return;
  for (; x.row_blocks > 0; x.row_blocks /= 2) {
    int64_t cost = cost_of(t, g, &x);
    cost += copies == 3 ? 0 : copies == 2 ? cost / 32 : cost / 2; /* waits that less room brings */
    if (cost < *best) {
      *best = cost;
      g->tiling = x;
    }
  }
}

/* All lines, or a half, a third, ... of them; where a whole line is too much, parts of one. */
static void try_all(PlanTiler *t, Gemm *g, int64_t copies, int64_t *best) {
  const FuseLayer *l = g->layer;
  int64_t last = 0;
  for (int64_t parts = 1; parts <= l->out_h; parts++) {
    int64_t lines = fuse_ceil_div(l->out_h, parts);
    if (lines != last)
      try_tiling(t, g, copies, lines, l->out_w, best);
    last = lines;
  }
  for (int64_t pixels = l->out_w; pixels > (int64_t)t->target->cols / 2;) {
    pixels = fuse_ceil_div(pixels, 2);
    try_tiling(t, g, copies, 1, pixels, best);
  }
}

static void choose(PlanTiler *t, Gemm *g) {
  int64_t best = INT64_MAX;
  g->tiling = (GemmTiling){.chunked = true};
  for (int64_t copies = 3; copies > 0; copies--)
    try_all(t, g, copies, &best);
}

/* Weights and parameters of row blocks [m, m + n). */
typedef struct RowChunk {
  int64_t m, n, rows; /* rows: channels */
  int weights, params;
} RowChunk;

/* Elements before row block m, in words; block-diagonal blocks of the last, narrower row block are
 * smaller, but it is the last. */
static void load_rows(PlanTiler *t, const Gemm *g, RowChunk *c, int64_t m, int64_t n) {
  int64_t blocks = fuse_min(g->out_blocks - m * g->groups, n * g->groups);
  int64_t last_groups = blocks - (n - 1) * g->groups;
  int64_t last_steps =
      g->diagonal ? g->layer->kh * g->layer->kw * t->target->lanes * last_groups : g->steps;
  *c = (RowChunk){
      .m = m, .n = n, .rows = fuse_min(n * t->target->rows, g->layer->out.c - m * t->target->rows)};
  c->weights = plan_load_data(
      t, g->index, g->layer->weights, FUSE_SPACE_CHIP, (uint64_t)(m * g->steps * g->groups),
      (uint64_t)((n - 1) * g->steps * g->groups + last_steps * last_groups));
  c->params = plan_load_params(t, g->index, m * t->target->rows, c->rows);
}

static void swap_u16(uint16_t *a, uint16_t *b) {
  uint16_t t = *a;
  *a = *b, *b = t;
}

static void swap_u8(uint8_t *a, uint8_t *b) {
  uint8_t t = *a;
  *a = *b, *b = t;
}

static void swap_s16(int16_t *a, int16_t *b) {
  int16_t t = *a;
  *a = *b, *b = t;
}

static void swap_s32(int32_t *a, int32_t *b) {
  int32_t t = *a;
  *a = *b, *b = t;
}

/* The same command with x and y exchanged: a Kx1 filter whose taps are visited by phase of y. */
static void transpose(StosCmd_gemm *c) {
  swap_u16(&c->ny, &c->nx);
  swap_u8(&c->nkh, &c->nkw);
  swap_u8(&c->dil_y, &c->dil_x);
  swap_u8(&c->stride_y, &c->stride_x);
  swap_u16(&c->ih, &c->iw);
  swap_s16(&c->y0, &c->x0);
  swap_s32(&c->in_line, &c->in_pixel);
  swap_s32(&c->out_line, &c->out_pixel);
  swap_s32(&c->res_line, &c->res_pixel);
}

/* A command for a rectangle of the result and a row chunk; window relative to the input rectangle
 * at `in`. */
static StosCmd_gemm *emit(PlanTiler *t, const Gemm *g, const RowChunk *rows, PlanRect out,
                          PlanRect in_rect, PlanPlace in, PlanPlace result, const PlanPlace *res) {
  const FuseLayer *l = g->layer;
  FusePlanCmd *cmd = plan_new_cmd(t, STOS_CMD_GEMM, g->index);
  StosCmd_gemm *c = &cmd->cmd.gemm;
  c->rows_total = (uint16_t)rows->rows;
  c->ny = (uint16_t)out.h, c->nx = (uint16_t)out.w;
  c->tile = (uint16_t)fuse_min(t->target->cols, out.h * out.w);
  c->nkc = (uint16_t)(g->diagonal ? fuse_min(g->groups, in_rect.blocks) : in_rect.blocks);
  c->nkh = (uint8_t)l->kh, c->nkw = (uint8_t)l->kw, c->dil_y = (uint8_t)l->dil_y,
  c->dil_x = (uint8_t)l->dil_x;
  c->kphase = (uint8_t)(!g->diagonal ? 1 : l->column ? l->stride_y : l->stride_x);
  c->in = (uint32_t)in.base, c->in_line = (int32_t)in.line, c->in_pixel = 1,
  c->in_block = (int32_t)in.block;
  c->in_m = g->diagonal ? (int32_t)(g->groups * in.block) : 0;
  c->ih = (uint16_t)in_rect.h, c->iw = (uint16_t)in_rect.w;
  c->y0 = (int16_t)(out.y * l->stride_y - l->pad_top - in_rect.y),
  c->x0 = (int16_t)(out.x * l->stride_x - l->pad_left - in_rect.x);
  c->stride_y = (uint8_t)l->stride_y, c->stride_x = (uint8_t)l->stride_x;
  c->left_m = (int32_t)(g->steps * g->groups);
  c->out = (uint32_t)result.base, c->out_line = (int32_t)result.line, c->out_pixel = 1,
  c->out_block = (int32_t)result.block;
  cmd->buffer[FUSE_REF_IN] = in.buffer, cmd->buffer[FUSE_REF_LEFT] = rows->weights;
  cmd->buffer[FUSE_REF_OUT] = result.buffer, cmd->buffer[FUSE_REF_PARAM] = rows->params;
  if (res) {
    bool full = l->residual == FUSE_RES_FULL;
    c->res_use = 1, c->res = (uint32_t)res->base, c->res_block = (int32_t)res->block;
    c->res_line = full ? (int32_t)res->line : 0, c->res_pixel = full ? 1 : 0;
    cmd->buffer[FUSE_REF_RES] = res->buffer;
  }
  plan_set_post(t, cmd);
  if (l->column)
    transpose(c);
  c->wrap = c->ny > 1;
  return c;
}

static void band(PlanTiler *t, const Gemm *g, const RowChunk *rows, PlanRect out, PlanRect in_rect,
                 PlanPlace in) {
  out.block = rows->m * g->groups;
  out.blocks = fuse_min(g->out_blocks - out.block, rows->n * g->groups);
  PlanPlace residual, result = plan_room(t, g->layer->out, out);
  const PlanPlace *res = plan_bring_residual(t, g->index, out, &residual);
  emit(t, g, rows, out, in_rect, in, result, res);
  plan_put(t, g->index, g->layer->out, out, result);
}

/* Row chunk k. A narrower last row block of block-diagonal weights reads fewer channel blocks: it
 * is a chunk of its own. */
static bool row_chunk(const Gemm *g, int64_t k, int64_t *m, int64_t *n) {
  int64_t whole = g->diagonal ? g->out_blocks / g->groups : g->row_blocks,
          chunks = fuse_ceil_div(whole, g->tiling.row_blocks);
  if (k < chunks) {
    *m = k * g->tiling.row_blocks;
    *n = fuse_min(g->tiling.row_blocks, whole - *m);
    return true;
  }
  *m = whole, *n = 1;
  return k == chunks && whole < g->row_blocks;
}

static void rows_outer(PlanTiler *t, const Gemm *g, int64_t image) {
  const FuseLayer *l = g->layer;
  RowChunk rows;
  int64_t m, n;
  for (int64_t k = 0; row_chunk(g, k, &m, &n); k++) {
    load_rows(t, g, &rows, m, n);
    for (int64_t y = 0; y < l->out_h; y += g->tiling.lines)
      for (int64_t x = 0; x < l->out_w; x += g->tiling.pixels) {
        PlanRect out = {.image = image,
                        .y = y,
                        .h = fuse_min(g->tiling.lines, l->out_h - y),
                        .x = x,
                        .w = fuse_min(g->tiling.pixels, l->out_w - x)};
        int64_t block = g->diagonal ? m * g->groups : 0;
        int64_t blocks = g->diagonal ? fuse_min(n * g->groups, g->in_blocks - block) : g->in_blocks;
        PlanRect in_rect = plan_input_rect(t, l, out, block, blocks);
        band(t, g, &rows, out, in_rect, plan_bring(t, g->index, l->in, in_rect));
      }
  }
}

static void bands_outer(PlanTiler *t, const Gemm *g, int64_t image) {
  const FuseLayer *l = g->layer;
  int64_t m, n;
  for (int64_t y = 0; y < l->out_h; y += g->tiling.lines)
    for (int64_t x = 0; x < l->out_w; x += g->tiling.pixels) {
      PlanRect out = {.image = image,
                      .y = y,
                      .h = fuse_min(g->tiling.lines, l->out_h - y),
                      .x = x,
                      .w = fuse_min(g->tiling.pixels, l->out_w - x)};
      PlanRect in_rect = plan_input_rect(t, l, out, 0, g->in_blocks);
      PlanPlace in = plan_bring(t, g->index, l->in, in_rect);
      for (int64_t k = 0; row_chunk(g, k, &m, &n); k++) {
        RowChunk rows;
        load_rows(t, g, &rows, m, n);
        band(t, g, &rows, out, in_rect, in);
      }
    }
}

/* One tile of pixels and one row block: the reduction in pieces (kernel row, kernel column, channel
 * blocks) that fit. */
static bool chunked_tile(PlanTiler *t, const Gemm *g, PlanRect out, int64_t m) {
  const FuseLayer *l = g->layer;
  int64_t lanes = t->target->lanes, budget = t->free_words / 7;
  int64_t groups = fuse_min(g->groups, g->out_blocks - m * g->groups), step = g->in_blocks;
  while (step > 1 &&
         (step * lanes * groups > budget ||
          (!g->in_chip && tile_words(step, 1, (out.w - 1) * l->stride_x + 1, t->target) > budget)))
    step = fuse_ceil_div(step, 2);
  RowChunk rows = {
      .m = m, .n = 1, .rows = fuse_min(t->target->rows, l->out.c - m * t->target->rows)};
  rows.params = plan_load_params(t, g->index, m * t->target->rows, rows.rows);
  out.block = m * g->groups, out.blocks = groups;
  PlanPlace residual, result = plan_room(t, l->out, out);
  const PlanPlace *res = plan_bring_residual(t, g->index, out, &residual);
  int64_t chunks = fuse_ceil_div(g->in_blocks, step), n = l->kh * l->kw * chunks;
  for (int64_t i = 0; i < n; i++) {
    int64_t tap = i / chunks, block = i % chunks * step,
            blocks = fuse_min(step, g->in_blocks - block);
    FuseLayer one = *l; /* the conv of this kernel tap alone */
    one.kh = one.kw = one.dil_y = one.dil_x = 1;
    one.pad_top = l->pad_top - tap / l->kw * l->dil_y,
    one.pad_left = l->pad_left - tap % l->kw * l->dil_x;
    Gemm part = *g;
    part.layer = &one;
    part.steps = blocks * lanes;
    rows.weights = plan_load_data(
        t, g->index, l->weights, FUSE_SPACE_CHIP,
        (uint64_t)(m * g->steps * g->groups + (tap * g->in_blocks + block) * lanes * groups),
        (uint64_t)(blocks * lanes * groups));
    PlanRect in_rect = plan_input_rect(t, &one, out, block, blocks);
    StosCmd_gemm *c = emit(t, &part, &rows, out, in_rect, plan_bring(t, g->index, l->in, in_rect),
                           result, i == n - 1 ? res : NULL);
    c->keep = i > 0, c->hold_back = i < n - 1;
    if (c->hold_back)
      memset(c->post, 0, sizeof c->post);
  }
  plan_put(t, g->index, l->out, out, result);
  return true;
}

static bool chunked(PlanTiler *t, const Gemm *g, int64_t image) {
  const FuseLayer *l = g->layer;
  int64_t width = fuse_min(t->target->cols, l->out_w);
  if (g->diagonal)
    return fuse_diag_error(t->diag, "",
                           "a depthwise conv of %lld x %lld taps doesn't fit the scratchpad of %s "
                           "(%u words) as block-diagonal weights",
                           (long long)l->kh, (long long)l->kw, t->target->name,
                           t->target->scratchpad_words);
  for (int64_t m = 0; m < g->row_blocks; m++)
    for (int64_t y = 0; y < l->out_h; y++)
      for (int64_t x = 0; x < l->out_w; x += width) {
        PlanRect out = {.image = image, .y = y, .h = 1, .x = x, .w = fuse_min(width, l->out_w - x)};
        if (!chunked_tile(t, g, out, m))
          return false;
      }
  return true;
}

bool plan_tile_gemm(PlanTiler *t, int layer) {
  const FuseLayer *l = &t->net->layers[layer];
  Gemm g = {.layer = l,
            .index = layer,
            .diagonal = l->mapping == FUSE_MAP_BLOCK_DIAGONAL,
            .groups = stos_row_groups(t->target),
            .in_blocks = plan_blocks(l->in.c, t->target),
            .out_blocks = plan_blocks(l->out.c, t->target),
            .in_chip = plan_on_chip(t, l->in),
            .out_chip = plan_on_chip(t, l->out)};
  g.row_blocks = fuse_ceil_div(g.out_blocks, g.groups);
  g.steps = l->kh * l->kw * t->target->lanes * (g.diagonal ? g.groups : g.in_blocks);
  choose(t, &g);
  for (int64_t image = 0; image < plan_storage(t, l->out)->n; image++) {
    if (g.tiling.chunked) {
      if (!chunked(t, &g, image))
        return false;
    } else if (g.tiling.rows_outer) {
      rows_outer(t, &g, image);
    } else {
      bands_outer(t, &g, image);
    }
  }
  return true;
}
