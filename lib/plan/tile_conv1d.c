// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tile_conv1d.c - a depthwise layer as CONV1D commands.
 *
 * Channels don't see each other, so the outer loop goes over chunks of channel blocks (whole
 * waves), the inner ones over bands of lines and ranges of columns, each with its halo.
 */
#include "plan_private.h"

typedef struct RowLayer {
  const FuseLayer *layer;
  int index;
  int64_t blocks;                /* channel blocks in all */
  int64_t chunk, lines, columns; /* of one command, in the result */
} RowLayer;

static int64_t span(int64_t n, int64_t kernel, int64_t stride, int64_t size) {
  return fuse_min(size, (n - 1) * stride + kernel);
}

static bool fits(const PlanTiler *t, const RowLayer *r, int64_t budget, int64_t blocks,
                 int64_t lines, int64_t columns) {
  const FuseLayer *l = r->layer;
  const FuseStorage *s = plan_storage(t, l->in);
  int64_t in = blocks * plan_block_pitch(span(lines, l->kh, l->stride_y, s->h) *
                                             span(columns, l->kw, l->stride_x, s->w),
                                         t->target);
  int64_t out = blocks * plan_block_pitch(lines * columns, t->target);
  return blocks * l->kh * l->kw <= budget && (plan_on_chip(t, l->in) || in <= budget) &&
         (plan_on_chip(t, l->out) || out <= budget) &&
         blocks * (int64_t)t->target->lanes <= (int64_t)t->target->param_entries / 4;
}

static bool choose(PlanTiler *t, RowLayer *r) {
  const FuseLayer *l = r->layer;
  int kinds = 1 + !plan_on_chip(t, l->in) + !plan_on_chip(t, l->out) +
              (l->residual == FUSE_RES_FULL && !plan_on_chip(t, l->res));
  int64_t budget = t->free_words / (2 * kinds + 1),
          wave = fuse_min(stos_row_groups(t->target), r->blocks);
  r->chunk = wave, r->lines = r->columns = 1;
  while (!fits(t, r, budget, r->chunk, 1, 1))
    if (--r->chunk == 0)
      return fuse_diag_error(t->diag, "",
                             "a depthwise conv of %lld x %lld taps needs more than the %lld words "
                             "that %s has for a tile",
                             (long long)l->kh, (long long)l->kw, (long long)budget,
                             t->target->name);
  while (r->columns < l->out_w &&
         fits(t, r, budget, r->chunk, 1, fuse_min(l->out_w, r->columns * 2)))
    r->columns = fuse_min(l->out_w, r->columns * 2);
  while (r->columns == l->out_w && r->lines < l->out_h &&
         fits(t, r, budget, r->chunk, r->lines + 1, r->columns))
    r->lines++;
  while (r->lines == l->out_h && r->chunk < r->blocks &&
         fits(t, r, budget, fuse_min(r->blocks, r->chunk + wave), r->lines, r->columns))
    r->chunk = fuse_min(r->blocks, r->chunk + wave);
  r->lines = fuse_ceil_div(l->out_h, fuse_ceil_div(l->out_h, r->lines));
  return true;
}

/* Strides of a place as the command's rows see them. */
static void directions(PlanPlace place, bool column, int32_t *line, int32_t *pixel) {
  *line = column ? 1 : (int32_t)place.line;
  *pixel = column ? (int32_t)place.line : 1;
}

static void emit(PlanTiler *t, const RowLayer *r, PlanRect out, PlanRect in_rect, PlanPlace in,
                 PlanPlace result, const PlanPlace *res, int taps, int params) {
  const FuseLayer *l = r->layer;
  FusePlanCmd *cmd = plan_new_cmd(t, STOS_CMD_CONV1D, r->index);
  StosCmd_conv1d *c = &cmd->cmd.conv1d;
  /* The rectangle as a conv of its own: window relative to the input rectangle. */
  PlanRowConv conv = plan_row_conv(l, t->net, l->column);
  int64_t y0 = out.y * l->stride_y - l->pad_top - in_rect.y,
          x0 = out.x * l->stride_x - l->pad_left - in_rect.x;
  conv.nx = l->column ? out.h : out.w, conv.ny = l->column ? out.w : out.h;
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
  c->taps_block = (int32_t)(l->kh * l->kw);
  c->in = (uint32_t)in.base, c->in_block = (int32_t)in.block;
  directions(in, l->column, &c->in_line, &c->in_pixel);
  c->ih = (uint16_t)(l->column ? in_rect.w : in_rect.h),
  c->iw = (uint16_t)(l->column ? in_rect.h : in_rect.w);
  c->y0 = (int16_t)(l->column ? x0 : y0), c->x0 = (int16_t)(l->column ? y0 : x0);
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
  int64_t blocks = fuse_min(r->chunk, r->blocks - block), taps_each = l->kh * l->kw,
          lanes = t->target->lanes;
  int taps = plan_load_data(t, r->index, l->weights, FUSE_SPACE_CHIP, (uint64_t)(block * taps_each),
                            (uint64_t)(blocks * taps_each));
  int params = plan_load_params(t, r->index, block * lanes, blocks * lanes);
  for (int64_t y = 0; y < l->out_h; y += r->lines)
    for (int64_t x = 0; x < l->out_w; x += r->columns) {
      PlanRect out = {.image = image,
                      .block = block,
                      .blocks = blocks,
                      .y = y,
                      .h = fuse_min(r->lines, l->out_h - y),
                      .x = x,
                      .w = fuse_min(r->columns, l->out_w - x)};
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
  if (!choose(t, &r))
    return false;
  for (int64_t image = 0; image < plan_storage(t, r.layer->out)->n; image++)
    for (int64_t block = 0; block < r.blocks; block += r.chunk)
      chunk(t, &r, image, block);
  return true;
}
