// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tile_vector.c - elementwise layers and pools as VECTOR commands: chunks of channel blocks, bands
 * of lines, ranges of pixels. */
#include "plan_private.h"

typedef struct VectorLayer {
  const FuseLayer *layer;
  int index;
  int64_t blocks, chunk, lines, columns;
} VectorLayer;

/* Words for each of the tensors that come and go: two tiles of each, so that one can move while the
 * other is worked on, and a share to spare. */
static int64_t budget_of(int64_t words, int streamed) {
  return words / (2 * streamed + 1);
}

bool plan_vector_fits(const FuseLayer *layer, const FusePlanNet *net, const StosTarget *target) {
  const FuseStorage *in = &net->storages[layer->in.storage];
  int streamed = layer->residual == FUSE_RES_NONE ? 2 : 3;
  int64_t window = fuse_min(in->h, layer->kh) * fuse_min(in->w, layer->kw);
  return plan_block_pitch(window, target) <= budget_of(target->scratchpad_words, streamed);
}

static bool fits(const PlanTiler *t, const VectorLayer *v, int64_t budget, int64_t blocks,
                 int64_t lines, int64_t columns) {
  const FuseLayer *l = v->layer;
  const FuseStorage *s = plan_storage(t, l->in);
  int64_t h = fuse_min(s->h, (lines - 1) * l->stride_y + l->kh),
          w = fuse_min(s->w, (columns - 1) * l->stride_x + l->kw);
  return (plan_on_chip(t, l->in) || blocks * plan_block_pitch(h * w, t->target) <= budget) &&
         (plan_on_chip(t, l->out) ||
          blocks * plan_block_pitch(lines * columns, t->target) <= budget) &&
         blocks * (int64_t)t->target->lanes <= (int64_t)t->target->param_entries / 4;
}

static bool choose(PlanTiler *t, VectorLayer *v) {
  const FuseLayer *l = v->layer;
  int streamed = !plan_on_chip(t, l->in) + !plan_on_chip(t, l->out) +
                 (l->residual != FUSE_RES_NONE && !plan_on_chip(t, l->res));
  int64_t budget = budget_of(t->free_words, streamed), groups = stos_row_groups(t->target);
  v->chunk = v->lines = v->columns = 1;
  if (!fits(t, v, budget, 1, 1, 1))
    return fuse_diag_error(
        t->diag, "",
        "a window of %lld x %lld pixels needs more than the %lld words that %s has for a tile",
        (long long)l->kh, (long long)l->kw, (long long)budget, t->target->name);
  while (v->columns < l->out_w && fits(t, v, budget, 1, 1, fuse_min(l->out_w, v->columns * 2)))
    v->columns = fuse_min(l->out_w, v->columns * 2);
  while (v->columns == l->out_w && v->lines < l->out_h &&
         fits(t, v, budget, 1, v->lines + 1, v->columns))
    v->lines++;
  while (v->lines == l->out_h && v->chunk < v->blocks &&
         fits(t, v, budget, fuse_min(v->blocks, v->chunk + groups), v->lines, v->columns))
    v->chunk = fuse_min(v->blocks, v->chunk + groups);
  return true;
}

static void emit(PlanTiler *t, const VectorLayer *v, PlanRect out, PlanRect in_rect, PlanPlace in,
                 PlanPlace result, const PlanPlace *res, int params) {
  const FuseLayer *l = v->layer;
  FusePlanCmd *cmd = plan_new_cmd(t, STOS_CMD_VECTOR, v->index);
  StosCmd_vector *c = &cmd->cmd.vector;
  int64_t lanes = t->target->lanes;
  c->channels = (uint16_t)fuse_min(out.blocks * lanes, l->out.c - out.block * lanes);
  c->o[0] = (uint16_t)out.blocks;
  c->nky = (uint16_t)l->kh, c->nkx = (uint16_t)l->kw, c->reduce = l->reduce;
  c->ny = (uint16_t)out.h, c->nx = (uint16_t)out.w;
  c->ih = (uint16_t)in_rect.h, c->iw = (uint16_t)in_rect.w;
  c->y0 = (int16_t)(out.y * l->stride_y - l->pad_top - in_rect.y),
  c->x0 = (int16_t)(out.x * l->stride_x - l->pad_left - in_rect.x);
  c->stride_y = (uint8_t)l->stride_y, c->stride_x = (uint8_t)l->stride_x;
  c->in = (uint32_t)in.base, c->in_line = (int32_t)in.line, c->in_pixel = 1,
  c->in_block = (int32_t)in.block;
  c->out = (uint32_t)result.base, c->out_line = (int32_t)result.line, c->out_pixel = 1,
  c->out_block = (int32_t)result.block;
  c->across = out.h == 1 && out.w == 1;
  cmd->buffer[FUSE_REF_IN] = in.buffer, cmd->buffer[FUSE_REF_OUT] = result.buffer,
  cmd->buffer[FUSE_REF_PARAM] = params;
  if (res) {
    bool full = l->residual == FUSE_RES_FULL;
    c->res_use = 1, c->res = (uint32_t)res->base, c->res_block = (int32_t)res->block;
    c->res_line = full ? (int32_t)res->line : 0, c->res_pixel = full ? 1 : 0;
    cmd->buffer[FUSE_REF_RES] = res->buffer;
  }
  plan_set_post(t, cmd);
}

static void chunk(PlanTiler *t, const VectorLayer *v, int64_t image, int64_t block) {
  const FuseLayer *l = v->layer;
  int64_t blocks = fuse_min(v->chunk, v->blocks - block), lanes = t->target->lanes;
  int params = plan_load_params(t, v->index, block * lanes, blocks * lanes);
  for (int64_t y = 0; y < l->out_h; y += v->lines)
    for (int64_t x = 0; x < l->out_w; x += v->columns) {
      PlanRect out = {.image = image,
                      .block = block,
                      .blocks = blocks,
                      .y = y,
                      .h = fuse_min(v->lines, l->out_h - y),
                      .x = x,
                      .w = fuse_min(v->columns, l->out_w - x)};
      PlanRect in_rect = plan_input_rect(t, l, out, block, blocks);
      PlanPlace in = plan_bring(t, v->index, l->in, in_rect), result = plan_room(t, l->out, out);
      PlanPlace residual;
      const PlanPlace *res = plan_bring_residual(t, v->index, out, &residual);
      emit(t, v, out, in_rect, in, result, res, params);
      plan_put(t, v->index, l->out, out, result);
    }
}

bool plan_tile_vector(PlanTiler *t, int layer) {
  VectorLayer v = {.layer = &t->net->layers[layer],
                   .index = layer,
                   .blocks = plan_blocks(t->net->layers[layer].out.c, t->target)};
  if (!choose(t, &v))
    return false;
  for (int64_t image = 0; image < plan_storage(t, v.layer->out)->n; image++)
    for (int64_t block = 0; block < v.blocks; block += v.chunk)
      chunk(t, &v, image, block);
  return true;
}
