// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tile_conv1d.c - a depthwise layer as CONV1D commands.
 *
 * Channels don't see each other, so the outer loop goes over chunks of channel blocks (whole
 * waves), the inner ones over bands of lines and ranges of columns, each with its halo.
 */
#include "plan_private.h"

typedef struct RowTiling {
  int64_t chunk, lines, columns; /* of one command, in the result; chunk: channel blocks */
} RowTiling;

typedef struct RowLayer {
  const FuseLayer *layer;
  int index;
  int64_t blocks;    /* channel blocks in all */
  int64_t tap_pitch; /* words from one's taps to the next's */
  RowTiling tiling;
} RowLayer;

static int64_t span(int64_t n, int64_t kernel, int64_t stride, int64_t size) {
  return fuse_min(size, (n - 1) * stride + kernel);
}

/* Words of a command's input, where it is a tile. */
static int64_t in_words(const PlanTiler *t, const FuseLayer *l, const RowTiling *x) {
  const FuseStorage *s = plan_storage(t, l->in);
  int64_t pixels =
      span(x->lines, l->kh, l->stride_y, s->h) * span(x->columns, l->kw, l->stride_x, s->w);
  return plan_on_chip(t, l->in) ? 0 : x->chunk * plan_block_pitch(pixels, t->target);
}

static int64_t out_words(const PlanTiler *t, const FuseLayer *l, const RowTiling *x) {
  return plan_on_chip(t, l->out) ? 0
                                 : x->chunk * plan_block_pitch(x->lines * x->columns, t->target);
}

static int64_t residual_words(const PlanTiler *t, const FuseLayer *l, const RowTiling *x) {
  bool tile = l->residual == FUSE_RES_FULL && !plan_on_chip(t, l->res);
  return tile ? x->chunk * plan_block_pitch(x->lines * x->columns, t->target) : 0;
}

static int64_t n_bands(const FuseLayer *l, const RowTiling *x) {
  return fuse_ceil_div(l->out_h, x->lines) * fuse_ceil_div(l->out_w, x->columns);
}

/* Does a command of this size fit with the data of the next ones beside it? */
static bool fits(const PlanTiler *t, const RowLayer *r, const RowTiling *x, int64_t copies) {
  const FuseLayer *l = r->layer;
  int64_t chunks = fuse_ceil_div(r->blocks, x->chunk), n = chunks * n_bands(l, x);
  int64_t words = fuse_min(chunks, copies) * x->chunk * r->tap_pitch +
                  fuse_min(n, copies) * in_words(t, l, x) +
                  fuse_min(n, fuse_min(copies, 2)) * (out_words(t, l, x) + residual_words(t, l, x));
  /* With all copies, a quarter is left for places that share no section with another stream. */
  int64_t room = copies == 3 ? t->free_words - t->free_words / 4 : t->free_words;
  return words <= room &&
         x->chunk * (int64_t)t->target->lanes <= (int64_t)t->target->param_entries / 4;
}

/* The whole layer as the command's rows see it, or a tile of it in its middle. */
static PlanRowConv middle_tile(const PlanTiler *t, const FuseLayer *l, const RowTiling *x) {
  FuseLayer part = *l;
  part.out_h = x->lines, part.out_w = x->columns;
  PlanRowConv conv = plan_row_conv(&part, t->net, l->column, t->target);
  if (plan_on_chip(t, l->in))
    return conv;
  const FuseStorage *s = plan_storage(t, l->in);
  int64_t h = span(x->lines, l->kh, l->stride_y, s->h),
          w = span(x->columns, l->kw, l->stride_x, s->w);
  conv.ix = l->column ? h : w, conv.iy = l->column ? w : h;
  conv.in_line = l->column ? 1 : w, conv.in_block = plan_block_pitch(h * w, t->target);
  return conv;
}

/* Cycles: the larger of the array's and the DRAM channel's, what can't be hidden, and some for each
 * command's edges. */
static int64_t cost_of(const PlanTiler *t, const RowLayer *r, const RowTiling *x) {
  enum { COMMAND_CYCLES = 20 };
  const FuseLayer *l = r->layer;
  PlanRowConv conv = middle_tile(t, l, x);
  PlanGrouping g;
  bool possible = plan_best_grouping(&conv, x->chunk, l->mapping == FUSE_MAP_HOLD, t->target, &g);
  FUSE_ASSERT(possible);
  int64_t chunks = fuse_ceil_div(r->blocks, x->chunk), n = chunks * n_bands(l, x);
  int64_t in = in_words(t, l, x) + residual_words(t, l, x), out = out_words(t, l, x);
  int64_t per_cycle = t->target->dram_elems / t->target->lanes;
  int64_t compute = n * (int64_t)g.cycles, alone = in + x->chunk * r->tap_pitch + out,
          words = n * (in + out) + r->blocks * r->tap_pitch;
  return fuse_max(compute, words / per_cycle) + alone / per_cycle + COMMAND_CYCLES * n;
}

static bool try_tiling(const PlanTiler *t, RowLayer *r, int64_t copies, const RowTiling *x,
                       int64_t *best) {
  if (!fits(t, r, x, copies))
    return false;
  int64_t cost = cost_of(t, r, x);
  cost += copies == 3 ? 0 : copies == 2 ? cost / 32 : cost / 2; /* waits that less room brings */
  if (cost < *best)
    *best = cost, r->tiling = *x;
  return true;
}

/* All waves of channel blocks, or a half, a third, ... of them; less than a wave where that
 * doesn't fit. */
static void try_chunks(const PlanTiler *t, RowLayer *r, int64_t copies, RowTiling x,
                       int64_t *best) {
  int64_t wave = fuse_min(stos_row_groups(t->target), r->blocks);
  int64_t waves = fuse_ceil_div(r->blocks, wave), last = 0;
  bool fit = false;
  for (int64_t parts = 1; parts < 2 * waves; parts += (parts + 1) / 2) {
    x.chunk = fuse_min(r->blocks, wave * fuse_ceil_div(waves, parts));
    if (x.chunk != last)
      fit = try_tiling(t, r, copies, &x, best) || fit;
    last = x.chunk;
  }
  for (x.chunk = wave - 1; !fit && x.chunk > 0; x.chunk--)
    fit = try_tiling(t, r, copies, &x, best);
}

/* Lines in equal parts; where a whole line is too much, parts of one. */
static bool choose(PlanTiler *t, RowLayer *r) {
  const FuseLayer *l = r->layer;
  int64_t best = INT64_MAX;
  for (int64_t copies = 3; copies > 0; copies--) {
    for (int64_t parts = 1; parts <= l->out_h; parts += fuse_max(1, parts / 4))
      try_chunks(t, r, copies,
                 (RowTiling){.lines = fuse_ceil_div(l->out_h, parts), .columns = l->out_w}, &best);
    for (int64_t columns = l->out_w; best == INT64_MAX && columns > 1;) {
      columns = fuse_ceil_div(columns, 2);
      try_chunks(t, r, copies, (RowTiling){.lines = 1, .columns = columns}, &best);
    }
  }
  return best != INT64_MAX ||
         fuse_diag_error(t->diag, "",
                         "a depthwise conv of %lld x %lld taps needs more than the %lld words that "
                         "%s has for a tile",
                         (long long)l->kh, (long long)l->kw, (long long)t->free_words,
                         t->target->name);
}

/* Strides of a place as the command's rows see them. */
static void directions(PlanPlace place, bool column, int32_t *line, int32_t *pixel) {
  *line = column ? 1 : (int32_t)place.line;
  *pixel = column ? (int32_t)place.line : 1;
}

/* A rectangle of the result as a conv of its own, its window relative to the input rectangle. */
static PlanRowConv tile_conv(const PlanTiler *t, const RowLayer *r, PlanRect out, PlanRect in_rect,
                             PlanPlace in, PlanPlace result) {
  FuseLayer part = *r->layer;
  part.out_h = out.h, part.out_w = out.w;
  part.pad_top -= out.y * part.stride_y - in_rect.y;
  part.pad_left -= out.x * part.stride_x - in_rect.x;
  PlanRowConv conv = plan_row_conv(&part, t->net, part.column, t->target);
  conv.iy = part.column ? in_rect.w : in_rect.h, conv.ix = part.column ? in_rect.h : in_rect.w;
  conv.in_line = part.column ? 1 : in.line, conv.out_line = part.column ? 1 : result.line;
  conv.in_block = in.block, conv.out_block = result.block;
  return conv;
}

static void emit(PlanTiler *t, const RowLayer *r, PlanRect out, PlanRect in_rect, PlanPlace in,
                 PlanPlace result, const PlanPlace *res, int taps, int params) {
  const FuseLayer *l = r->layer;
  FusePlanCmd *cmd = plan_new_cmd(t, STOS_CMD_CONV1D, r->index);
  StosCmd_conv1d *c = &cmd->cmd.conv1d;
  PlanRowConv conv = tile_conv(t, r, out, in_rect, in, result);
  PlanGrouping g;
  bool hold = l->mapping == FUSE_MAP_HOLD,
       possible = plan_best_grouping(&conv, out.blocks, hold, t->target, &g);
  FUSE_ASSERT(possible);
  int64_t channels =
      fuse_min(out.blocks * t->target->lanes, l->out.c - out.block * t->target->lanes);
  c->channels = (uint16_t)channels, c->blocks = (uint16_t)out.blocks;
  c->ny = (uint16_t)g.ny, c->nx = c->nx_total = (uint16_t)conv.nx, c->ny_total = (uint16_t)conv.ny;
  c->tile = (uint16_t)g.tile, c->nkh = (uint8_t)conv.ky, c->nkw = (uint8_t)conv.kx, c->hold = hold;
  c->waves = (uint16_t)fuse_ceil_div(out.blocks, g.n_gc);
  c->n_gc = (uint16_t)g.n_gc, c->n_gb = (uint16_t)g.n_gb, c->n_seg = (uint8_t)g.n_seg;
  c->pieces = (uint8_t)g.pieces;
  c->taps_block = (int32_t)r->tap_pitch;
  c->in = (uint32_t)in.base, c->in_block = (int32_t)in.block;
  directions(in, l->column, &c->in_line, &c->in_pixel);
  c->ih = (uint16_t)conv.iy, c->iw = (uint16_t)conv.ix;
  c->y0 = (int16_t)-conv.py, c->x0 = (int16_t)-conv.px;
  c->stride_y = (uint8_t)conv.sy, c->stride_x = (uint8_t)conv.sx;
  c->out = (uint32_t)result.base, c->out_block = (int32_t)result.block;
  directions(result, l->column, &c->out_line, &c->out_pixel);
  cmd->buffer[FUSE_REF_IN] = in.buffer, cmd->buffer[FUSE_REF_LEFT] = taps;
  cmd->buffer[FUSE_REF_OUT] = result.buffer, cmd->buffer[FUSE_REF_PARAM] = params;
  if (res) {
    c->res_use = 1, c->res = (uint32_t)res->base, c->res_block = (int32_t)res->block;
    if (l->residual == FUSE_RES_FULL)
      directions(*res, l->column, &c->res_line, &c->res_pixel);
    cmd->buffer[FUSE_REF_RES] = res->buffer;
  }
  plan_set_post(t, cmd);
}

static void chunk(PlanTiler *t, const RowLayer *r, int64_t image, int64_t block) {
  const FuseLayer *l = r->layer;
  int64_t blocks = fuse_min(r->tiling.chunk, r->blocks - block), taps_each = l->kh * l->kw,
          lanes = t->target->lanes;
  int taps = plan_load_runs(t, r->index, l->weights, (uint64_t)(block * taps_each), taps_each,
                            blocks, r->tap_pitch);
  int params = plan_load_params(t, r->index, block * lanes, blocks * lanes);
  for (int64_t y = 0; y < l->out_h; y += r->tiling.lines)
    for (int64_t x = 0; x < l->out_w; x += r->tiling.columns) {
      PlanRect out = {.image = image,
                      .block = block,
                      .blocks = blocks,
                      .y = y,
                      .h = fuse_min(r->tiling.lines, l->out_h - y),
                      .x = x,
                      .w = fuse_min(r->tiling.columns, l->out_w - x)};
      PlanRect in_rect = plan_input_rect(t, l, out, block, blocks);
      PlanPlace in = plan_bring(t, r->index, l->in, in_rect), result = plan_room(t, l->out, out);
      PlanPlace residual;
      const PlanPlace *res = plan_bring_residual(t, r->index, out, &residual);
      emit(t, r, out, in_rect, in, result, res, taps, params);
      plan_put(t, r->index, l->out, out, result);
    }
}

bool plan_tile_conv1d(PlanTiler *t, int layer) {
  RowLayer r = {.layer = &t->net->layers[layer],
                .index = layer,
                .blocks = plan_blocks(t->net->layers[layer].out.c, t->target)};
  r.tap_pitch = plan_tap_pitch(r.layer->kh * r.layer->kw, r.blocks, t->target);
  if (!choose(t, &r))
    return false;
  for (int64_t image = 0; image < plan_storage(t, r.layer->out)->n; image++)
    for (int64_t block = 0; block < r.blocks; block += r.tiling.chunk)
      chunk(t, &r, image, block);
  return true;
}
