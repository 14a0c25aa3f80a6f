// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv1d.c - the words that CONV1D touches (M-CONV).
 *
 * Operands of an iteration of the free levels are looked at before its results; a result in a word
 * that the same part reads is refused in shadow.c.
 */
#include "check_private.h"

static const Operand taps = {"taps", STREAM_TOP}, in = {"in", STREAM_LEFT},
                     res = {"res", STREAM_RESIDUAL}, out = {"out", STREAM_OUT};

static int64_t outer(const uint32_t o[3], const int32_t stride[3]) {
  int64_t sum = 0;
  for (int i = 0; i < 3; i++)
    sum += (int64_t)o[i] * stride[i];
  return sum;
}

/* Channel blocks that some wave computes. */
static uint32_t blocks_of(const StosCmd_conv1d *x) {
  return (uint32_t)fuse_min((int64_t)x->waves * x->n_gc, x->blocks);
}

static uint32_t bands_of(const StosCmd_conv1d *x) {
  return (uint32_t)x->n_gb * x->n_seg * x->pieces;
}

/* ---- operands ---- */

/* The lines that bands read; those at the right end of a row (is_last) or the others. */
static bool mark_lines(Checker *c, const StosCmd_conv1d *x, int64_t dy, bool is_last) {
  stos_check_axis_begin(&c->lines, x->ih);
  for (uint32_t band = 0; band < bands_of(x); band++) {
    if ((band % x->pieces == x->pieces - 1u) != is_last)
      continue;
    /* lines at or above ny_total are computed too (M-CONV-1) */
    int64_t first = dy + (int64_t)band * x->ny * x->stride_y;
    if (!stos_check_axis_mark(c, &c->lines, first, x->ny, x->stride_y, x->nkh, 1))
      return false;
  }
  stos_check_axis_end(&c->lines);
  return true;
}

/* Inputs at a spacing of stride_x in each phase: up to the next piece, or those of the outputs. */
static bool mark_phases(Checker *c, const StosCmd_conv1d *x, int64_t first, uint32_t positions,
                        bool is_last) {
  uint32_t spacing = stos_check_spacing(x);
  for (uint32_t p = 0; p < x->stride_x && p < x->nkw; p++) {
    uint32_t k_p = (uint32_t)fuse_ceil_div(x->nkw - (int64_t)p, x->stride_x);
    uint32_t n = is_last ? positions + k_p - 1 : spacing;
    if (!stos_check_axis_mark(c, &c->pixels, first + p, n, x->stride_x, 1, 0))
      return false;
  }
  return true;
}

/* Outputs that a line's columns take in the stream schedule: a short tile takes nkw (M-CONV-6). */
static uint32_t stream_columns(const StosCmd_conv1d *x) {
  uint32_t whole = x->nx / x->tile, rest = x->nx % x->tile;
  uint32_t n = whole * (uint32_t)fuse_max(x->tile, x->nkw);
  return n + (rest ? (uint32_t)fuse_max(rest, x->nkw) : 0);
}

/* M-CONV-3, M-CONV-4. What lies between two pieces belongs to the one on the left. */
static bool mark_pixels(Checker *c, const StosCmd_conv1d *x, int64_t dx, bool is_last) {
  bool streams = !x->hold && x->stride_x == 1;
  uint32_t positions = streams ? stream_columns(x) : x->nx;
  stos_check_axis_begin(&c->pixels, x->iw);
  for (uint32_t gt = 0; gt < x->n_gt; gt++)
    if (!mark_phases(c, x, dx + (int64_t)gt * x->nx * x->stride_x, positions, is_last))
      return false;
  stos_check_axis_end(&c->pixels);
  return true;
}

static bool inputs(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3], bool is_last) {
  Window window = CHECK_WINDOW(&in, x);
  int64_t dy = x->y0, dx = x->x0;
  for (int i = 0; i < 3; i++) {
    dy += (int64_t)o[i] * x->o_dy[i];
    dx += (int64_t)o[i] * x->o_dx[i];
  }
  if (!mark_lines(c, x, dy, is_last) || !mark_pixels(c, x, dx, is_last))
    return false;
  for (uint32_t cb = 0; cb < blocks_of(x); cb++)
    if (!stos_check_window(c, &window, outer(o, x->o_in) + (int64_t)cb * x->in_block))
      return false;
  return true;
}

static bool operands(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3]) {
  for (uint32_t cb = 0; cb < blocks_of(x); cb++)
    if (!stos_check_words(c, &taps, x->taps + outer(o, x->o_taps) + (int64_t)cb * x->taps_block, 1,
                          (uint64_t)x->nkh * x->nkw))
      return false;
  return inputs(c, x, o, true) && (x->pieces == 1 || inputs(c, x, o, false));
}

/* ---- results ---- */

typedef struct Pixels {
  uint32_t cb, y, x, n;
} Pixels;

static bool line(Checker *c, const Target *t, int64_t extra, Pixels at) {
  return stos_check_spend(c, CHECK_CALL_WORK) &&
         stos_check_words(c, t->operand,
                          t->base + extra + (int64_t)at.y * t->line + (int64_t)at.x * t->pixel +
                              (int64_t)at.cb * t->block,
                          t->pixel, at.n);
}

static bool residual_and_result(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3],
                                Pixels at) {
  Target result = CHECK_OUT(&out, x), residual = CHECK_RES(&res, x);
  return (!x->res_use || line(c, &residual, outer(o, x->o_res), at)) &&
         (x->pool || line(c, &result, outer(o, x->o_out), at));
}

/* Lines and columns that are written: those computed, below the totals. */
static uint32_t lines_of(const StosCmd_conv1d *x) {
  return (uint32_t)fuse_min((int64_t)bands_of(x) * x->ny, x->ny_total);
}

static uint32_t columns_of(const StosCmd_conv1d *x) {
  return (uint32_t)fuse_min((int64_t)x->n_gt * x->nx, x->nx_total);
}

static bool results(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3]) {
  for (uint32_t cb = 0; cb < blocks_of(x); cb++)
    for (uint32_t y = 0; y < lines_of(x); y++)
      if (!residual_and_result(c, x, o, (Pixels){cb, y, 0, columns_of(x)}))
        return false;
  return true;
}

/* The groups that drain together: residuals of all, then results of all. */
static bool drain_cycle(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3], uint32_t wave,
                        uint32_t line_in_band, uint32_t band_in_group, uint32_t column) {
  Target result = CHECK_OUT(&out, x), residual = CHECK_RES(&res, x);
  uint32_t per_group = (uint32_t)x->n_seg * x->pieces;
  for (int writes = 0; writes < 2; writes++)
    for (uint32_t gc = 0; gc < x->n_gc; gc++)
      for (uint32_t gb = 0; gb < x->n_gb; gb++)
        for (uint32_t gt = 0; gt < x->n_gt; gt++) {
          Pixels at = {.cb = wave * x->n_gc + gc,
                       .y = (gb * per_group + band_in_group) * x->ny + line_in_band,
                       .x = gt * x->nx + column,
                       .n = 1};
          if (at.cb >= x->blocks || at.y >= x->ny_total || at.x >= x->nx_total || x->pool)
            continue;
          if (!(writes ? line(c, &result, outer(o, x->o_out), at)
                       : line(c, &residual, outer(o, x->o_res), at)))
            return false;
        }
  return true;
}

/* Results that overwrite residuals: in the order of the drains (M-CONV-6, M-CONV-7, M-CONV-8). */
static bool results_in_place(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3]) {
  uint32_t n_tiles = x->pieces > 1 ? 1 : (uint32_t)fuse_ceil_div(x->nx, x->tile);
  uint32_t tile = x->pieces > 1 ? x->nx : x->tile;
  uint32_t outer_tiles = x->hold ? n_tiles : 1, inner_tiles = x->hold ? 1 : n_tiles;
  for (uint32_t wave = 0; wave < x->waves && wave * x->n_gc < x->blocks; wave++)
    for (uint32_t t = 0; t < outer_tiles; t++)
      for (uint32_t y = 0; y < x->ny; y++)
        for (uint32_t s = 0; s < inner_tiles; s++)
          for (uint32_t seg = x->n_seg; seg-- > 0;) /* the right end leaves first */
            for (uint32_t piece = 0; piece < x->pieces; piece++)
              for (uint32_t i = (t + s) * tile; i < (t + s + 1) * tile && i < x->nx; i++)
                if (!stos_check_spend(c, CHECK_CALL_WORK) ||
                    !drain_cycle(c, x, o, wave, y, seg * x->pieces + piece, i))
                  return false;
  return true;
}

static bool may_overlap(const StosCmd_conv1d *x) {
  Target target = CHECK_OUT(&out, x), second = CHECK_RES(&res, x);
  Box result = stos_check_box_target(&target, lines_of(x), columns_of(x), blocks_of(x));
  Box old = stos_check_box_target(&second, lines_of(x), columns_of(x), blocks_of(x));
  for (int i = 0; i < 3; i++) {
    result = stos_check_box_add(result, x->o_out[i], x->o[i]);
    old = stos_check_box_add(old, x->o_res[i], x->o[i]);
  }
  return x->res_use && stos_check_boxes_meet(result, old);
}

/* The value of a pool: one word for each channel block, when all its pixels have left. */
static bool pooled(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3]) {
  Target result = CHECK_OUT(&out, x);
  for (uint32_t cb = 0; cb < blocks_of(x); cb++)
    if (!line(c, &result, outer(o, x->o_out), (Pixels){cb, 0, 0, 1}))
      return false;
  return true;
}

static bool one_outer(Checker *c, const StosCmd_conv1d *x, const uint32_t o[3], bool in_place) {
  if (!operands(c, x, o))
    return false;
  if (!(in_place && !x->pool ? results_in_place(c, x, o) : results(c, x, o)))
    return false;
  if (x->pool && !pooled(c, x, o))
    return false;
  uint64_t channels = (uint64_t)fuse_min((int64_t)blocks_of(x) * c->target->lanes, x->channels);
  int64_t param = x->param + outer(o, x->o_param);
  return stos_check_post(c, x->post, FUSE_COUNTOF(x->post), param, channels) &&
         stos_check_post(c, x->post2, FUSE_COUNTOF(x->post2), param, channels);
}

bool stos_check_conv1d(Checker *c, const StosCmd_conv1d *x, const Part *part) {
  bool in_place = may_overlap(x);
  uint32_t o[3];
  for (o[0] = part->first[0]; o[0] < part->end[0]; o[0]++)
    for (o[1] = part->first[1]; o[1] < part->end[1]; o[1]++)
      for (o[2] = part->first[2]; o[2] < part->end[2]; o[2]++)
        if (!one_outer(c, x, o, in_place))
          return false;
  return true;
}
