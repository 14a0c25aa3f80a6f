// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* touch.c - the words a command reads and writes, as runs.
 *
 * A window counts as the rectangle it spans: with a stride wider than the kernel some words in it
 * are not really read. source: docs/machine.md, sections 3 to 9
 */
#include "plan_private.h"

typedef struct Box {
  int64_t n[6], stride[6]; /* n = 0 ends the list */
} Box;

typedef struct Toucher {
  FuseTouchFn visit;
  void *user;
  FusePlanSpace space;
  FuseTouch touch;
} Toucher;

/* Runs of base + sum(i * stride), the last level first made a run where its stride is 1. */
static void walk(const Toucher *t, int64_t base, const Box *box, int level) {
  bool last = level + 1 == (int)FUSE_COUNTOF(box->n) || box->n[level + 1] == 0;
  if (last && box->stride[level] == 1) {
    t->visit(t->user, t->space, t->touch, (uint64_t)base, (uint64_t)box->n[level]);
    return;
  }
  for (int64_t i = 0; i < box->n[level]; i++) {
    int64_t at = base + i * box->stride[level];
    if (last)
      t->visit(t->user, t->space, t->touch, (uint64_t)at, 1);
    else
      walk(t, at, box, level + 1);
  }
}

static void touch_box(Toucher *t, FusePlanSpace space, FuseTouch touch, int64_t base,
                      const Box *box) {
  t->space = space;
  t->touch = touch;
  walk(t, base, box, 0);
}

static void touch_run(Toucher *t, FusePlanSpace space, FuseTouch touch, int64_t first,
                      int64_t count) {
  if (count > 0)
    t->visit(t->user, space, touch, (uint64_t)first, (uint64_t)count);
}

/* The part of [low, low + span) inside [0, size). */
static void clip(int64_t low, int64_t span, int64_t size, int64_t *first, int64_t *count) {
  *first = fuse_max(low, 0);
  *count = fuse_max(0, fuse_min(low + span, size) - *first);
}

typedef struct Window {
  int64_t base, line, pixel, block, blocks, y0, ny, x0, nx, ih,
      iw; /* [y0, y0 + ny) x [x0, x0 + nx) before clipping */
} Window;

static void touch_window(Toucher *t, const Window *w) {
  int64_t y, ny, x, nx;
  clip(w->y0, w->ny, w->ih, &y, &ny);
  clip(w->x0, w->nx, w->iw, &x, &nx);
  if (ny == 0 || nx == 0)
    return;
  Box box = {.n = {w->blocks, ny, nx}, .stride = {w->block, w->line, w->pixel}};
  if (w->pixel != 1) { /* a column conv: its lines are the image's pixels */
    box.n[1] = nx, box.stride[1] = w->pixel;
    box.n[2] = ny, box.stride[2] = w->line;
  }
  touch_box(t, FUSE_SPACE_CHIP, FUSE_TOUCH_READ, w->base + y * w->line + x * w->pixel, &box);
}

/* What the post stage reads beside the residual. */
static void touch_post(Toucher *t, const StosPost *post, int64_t param, int64_t channels) {
  touch_run(t, FUSE_SPACE_PARAM, FUSE_TOUCH_READ_LATE, param, channels);
  for (int i = 0; i < STOS_MAX_POST && post[i].code != STOS_POST_NOP; i++)
    if (post[i].code == STOS_POST_LUT)
      touch_run(t, FUSE_SPACE_LUT, FUSE_TOUCH_READ_LATE, post[i].imm, 1);
}

static void touch_gemm(Toucher *t, const StosCmd_gemm *c, const StosTarget *target) {
  int64_t lanes = target->lanes, groups = stos_row_groups(target),
          blocks = fuse_ceil_div(c->rows_total, lanes);
  int64_t row_blocks = fuse_ceil_div(c->rows_total, target->rows),
          steps = (int64_t)c->nkh * c->nkw * c->nkc * lanes;
  for (int64_t m = 0; m < (c->in_m ? row_blocks : 1); m++) {
    Window w = {.base = c->in + m * c->in_m,
                .line = c->in_line,
                .pixel = c->in_pixel,
                .block = c->in_block,
                .blocks = c->nkc,
                .y0 = c->y0,
                .ny = (c->ny - 1) * c->stride_y + (c->nkh - 1) * c->dil_y + 1,
                .x0 = c->x0,
                .nx = (c->nx - 1) * c->stride_x + (c->nkw - 1) * c->dil_x + 1,
                .ih = c->ih,
                .iw = c->iw};
    touch_window(t, &w);
  }
  for (int64_t m = 0; m < row_blocks; m++)
    touch_run(t, FUSE_SPACE_CHIP, FUSE_TOUCH_READ, c->left + m * c->left_m,
              steps * fuse_min(groups, blocks - m * groups));
  if (c->hold_back)
    return;
  Box out = {.n = {blocks, c->ny, c->nx}, .stride = {c->out_block, c->out_line, c->out_pixel}};
  touch_box(t, FUSE_SPACE_CHIP, FUSE_TOUCH_WRITE, c->out, &out);
  Box res = {.n = {blocks, c->ny, c->nx}, .stride = {c->res_block, c->res_line, c->res_pixel}};
  if (c->res_use)
    touch_box(t, FUSE_SPACE_CHIP, FUSE_TOUCH_READ_LATE, c->res, &res);
  touch_post(t, c->post, c->param, c->rows_total);
}

/* nx x ny of a result whose pixels may run along either direction. */
static void touch_result(Toucher *t, FuseTouch touch, int64_t base, int64_t blocks, int64_t block,
                         int64_t ny, int64_t line, int64_t nx, int64_t pixel) {
  Box box = {.n = {blocks, ny, nx}, .stride = {block, line, pixel}};
  if (pixel != 1 && line == 1) {
    box.n[1] = nx, box.stride[1] = pixel;
    box.n[2] = ny, box.stride[2] = line;
  }
  touch_box(t, FUSE_SPACE_CHIP, touch, base, &box);
}

static void touch_conv1d(Toucher *t, const StosCmd_conv1d *c) {
  /* Surplus lines are read, and surplus columns: fewer than nkw of them (M-CONV-1, M-CONV-3). */
  int64_t lines = (int64_t)c->n_gb * c->n_seg * c->pieces * c->ny,
          columns = (int64_t)c->n_gt * c->nx + c->nkw - 1;
  Window w = {.base = c->in,
              .line = c->in_line,
              .pixel = c->in_pixel,
              .block = c->in_block,
              .blocks = c->blocks,
              .y0 = c->y0,
              .ny = (lines - 1) * c->stride_y + c->nkh,
              .x0 = c->x0,
              .nx = (columns - 1) * c->stride_x + c->nkw,
              .ih = c->ih,
              .iw = c->iw};
  touch_window(t, &w);
  Box taps = {.n = {c->blocks, c->nkh * c->nkw}, .stride = {c->taps_block, 1}};
  touch_box(t, FUSE_SPACE_CHIP, FUSE_TOUCH_READ, c->taps, &taps);
  touch_result(t, FUSE_TOUCH_WRITE, c->out, c->blocks, c->out_block, c->ny_total, c->out_line,
               c->nx_total, c->out_pixel);
  if (c->res_use)
    touch_result(t, FUSE_TOUCH_READ_LATE, c->res, c->blocks, c->res_block, c->ny_total, c->res_line,
                 c->nx_total, c->res_pixel);
  touch_post(t, c->post, c->param, c->channels);
}

static void touch_vector(Toucher *t, const StosCmd_vector *c) {
  Window w = {.base = c->in,
              .line = c->in_line,
              .pixel = c->in_pixel,
              .block = c->in_block,
              .blocks = c->o[0],
              .y0 = c->y0,
              .ny = (c->ny - 1) * c->stride_y + c->nky,
              .x0 = c->x0,
              .nx = (c->nx - 1) * c->stride_x + c->nkx,
              .ih = c->ih,
              .iw = c->iw};
  touch_window(t, &w);
  touch_result(t, FUSE_TOUCH_WRITE, c->out, c->o[0], c->out_block, c->ny, c->out_line, c->nx,
               c->out_pixel);
  if (c->res_use)
    touch_result(t, FUSE_TOUCH_READ, c->res, c->o[0], c->res_block, c->ny, c->res_line, c->nx,
                 c->res_pixel);
  touch_post(t, c->post, c->param, c->channels);
}

/* Both sides of a transfer; LOAD and STORE have the same fields (isa.def), so the union's `load` is
 * either. */
static void touch_dma(Toucher *t, const StosCmd_load *c, bool store) {
  static const FusePlanSpace spaces[] = {FUSE_SPACE_CHIP, FUSE_SPACE_PARAM, FUSE_SPACE_LUT};
  static const FusePlanSpace regions[] = {FUSE_SPACE_WEIGHTS, FUSE_SPACE_ARENA, FUSE_SPACE_IO};
  Box chip = {
      .n = {c->n[0], c->n[1], c->n[2], c->n[3], c->run},
      .stride = {c->chip_stride[0], c->chip_stride[1], c->chip_stride[2], c->chip_stride[3], 1}};
  touch_box(t, spaces[c->space], store ? FUSE_TOUCH_READ : FUSE_TOUCH_WRITE, c->chip, &chip);
  if (c->fill || c->region == STOS_REGION_WEIGHTS)
    return;
  FUSE_ASSERT(c->space == STOS_SPACE_SCRATCHPAD);
  Box dram = {
      .n = {c->n[0], c->n[1], c->n[2], c->n[3], c->run},
      .stride = {c->dram_stride[0], c->dram_stride[1], c->dram_stride[2], c->dram_stride[3], 1}};
  touch_box(t, regions[c->region], store ? FUSE_TOUCH_WRITE : FUSE_TOUCH_READ, c->dram, &dram);
}

static void touch_call(Toucher *t, const FusePlanCall *call, const FusePlanBuffer *buffers,
                       int64_t word_bytes) {
  for (int i = 0; i < call->n_tensors; i++) {
    const FusePlanCallTensor *tensor = &call->tensors[i];
    if (tensor->buffer < 0 || buffers[tensor->buffer].space == FUSE_SPACE_WEIGHTS)
      continue;
    int64_t first = buffers[tensor->buffer].address + (int64_t)tensor->offset_bytes;
    int64_t end = fuse_ceil_div(first + (int64_t)tensor->size_bytes, word_bytes);
    first /= word_bytes;
    touch_run(t, buffers[tensor->buffer].space,
              tensor->written ? FUSE_TOUCH_WRITE : FUSE_TOUCH_READ, first, end - first);
  }
}

void fuse_plan_touches(const FusePlanCmd *cmd, const FusePlanCall *calls,
                       const FusePlanBuffer *buffers, const StosTarget *target, FuseDtype dtype,
                       FuseTouchFn visit, void *user) {
  Toucher t = {.visit = visit, .user = user};
  int64_t word_bytes = (int64_t)(target->lanes * fuse_dtype_bytes(dtype));
  switch (cmd->cmd.opcode) {
  case STOS_CMD_GEMM: touch_gemm(&t, &cmd->cmd.gemm, target); break;
  case STOS_CMD_CONV1D: touch_conv1d(&t, &cmd->cmd.conv1d); break;
  case STOS_CMD_VECTOR: touch_vector(&t, &cmd->cmd.vector); break;
  case STOS_CMD_LOAD: touch_dma(&t, &cmd->cmd.load, false); break;
  case STOS_CMD_STORE: touch_dma(&t, &cmd->cmd.load, true); break;
  case STOS_CMD_HOST: touch_call(&t, &calls[cmd->call], buffers, word_bytes); break;
  default: break;
  }
}
