// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* gemm.c - the words that GEMM touches (M-GEMM-1, M-GEMM-2, M-POST-1).
 *
 * Where results may overwrite operands, tile by tile: the operands of a tile are read before its
 * first result, but not those of a later tile.
 */
#include "check_private.h"

static const Operand left = {"left", STREAM_LEFT}, top = {"in", STREAM_TOP},
                     res = {"res", STREAM_RESIDUAL}, out = {"out", STREAM_OUT};

enum { LEVEL_M = 3, LEVEL_TILE = 4 };

typedef struct Rect {
  uint32_t y0, y1, x0, x1;
} Rect;

static uint32_t tiles_of(const StosCmd_gemm *x) {
  if (x->wrap)
    return (uint32_t)fuse_ceil_div((int64_t)x->ny * x->nx, x->tile);
  return (uint32_t)(x->ny * fuse_ceil_div(x->nx, x->tile));
}

void stos_check_gemm_levels(const Checker *c, const StosCmd_gemm *x, uint32_t size[MAX_LEVELS]) {
  for (int v = 0; v < 3; v++)
    size[v] = x->o[v];
  size[LEVEL_M] = (uint32_t)fuse_ceil_div(x->rows_total, c->target->rows);
  size[LEVEL_TILE] = tiles_of(x);
}

/* The pixels of the part: all, or one tile; in (y, x) order. */
static int rects_of(const StosCmd_gemm *x, const Part *part, Rect rects[3]) {
  if (part->end[LEVEL_TILE] - part->first[LEVEL_TILE] == tiles_of(x)) {
    rects[0] = (Rect){0, x->ny, 0, x->nx};
    return 1;
  }
  uint32_t tile = part->first[LEVEL_TILE];
  if (!x->wrap) {
    uint32_t per_line = (uint32_t)fuse_ceil_div(x->nx, x->tile);
    uint32_t y = tile / per_line, x0 = tile % per_line * x->tile;
    rects[0] = (Rect){y, y + 1, x0, (uint32_t)fuse_min(x0 + x->tile, x->nx)};
    return 1;
  }
  uint32_t at = tile * x->tile;
  uint32_t end = (uint32_t)fuse_min((int64_t)at + x->tile, (int64_t)x->ny * x->nx);
  int n = 0;
  while (at < end) {
    uint32_t y = at / x->nx, x0 = at % x->nx;
    /* whole lines at once */
    uint32_t lines = x0 == 0 && end - at >= x->nx ? (end - at) / x->nx : 1;
    uint32_t x1 = (uint32_t)fuse_min(x->nx, x0 + (end - at));
    rects[n++] = (Rect){y, y + lines, x0, x1};
    at += lines > 1 ? lines * x->nx : x1 - x0;
  }
  return n;
}

/* The free levels' part of an offset. */
static int64_t outer(const uint32_t o[3], const int32_t stride[3]) {
  int64_t sum = 0;
  for (int i = 0; i < 3; i++)
    sum += (int64_t)o[i] * stride[i];
  return sum;
}

static bool top_edge(Checker *c, const StosCmd_gemm *x, const Part *part, const uint32_t o[3]) {
  Window window = CHECK_WINDOW(&top, x);
  int64_t dy = x->y0, dx = x->x0;
  for (int i = 0; i < 3; i++) {
    dy += (int64_t)o[i] * x->o_dy[i];
    dx += (int64_t)o[i] * x->o_dx[i];
  }
  /* every row block reads the same, unless it has a stride */
  uint32_t m_end = x->in_m ? part->end[LEVEL_M] : part->first[LEVEL_M] + 1;
  Rect rects[3];
  int n_rects = rects_of(x, part, rects);
  for (int r = 0; r < n_rects; r++) {
    Rect rect = rects[r];
    stos_check_axis_begin(&c->lines, x->ih);
    stos_check_axis_begin(&c->pixels, x->iw);
    if (!stos_check_axis_mark(c, &c->lines, dy + (int64_t)rect.y0 * x->stride_y, rect.y1 - rect.y0,
                              x->stride_y, x->nkh, x->dil_y) ||
        !stos_check_axis_mark(c, &c->pixels, dx + (int64_t)rect.x0 * x->stride_x, rect.x1 - rect.x0,
                              x->stride_x, x->nkw, x->dil_x))
      return false;
    stos_check_axis_end(&c->lines);
    stos_check_axis_end(&c->pixels);
    for (uint32_t m = part->first[LEVEL_M]; m < m_end; m++)
      for (uint32_t kc = 0; kc < x->nkc; kc++)
        if (!stos_check_window(
                c, &window, outer(o, x->o_in) + (int64_t)m * x->in_m + (int64_t)kc * x->in_block))
          return false;
  }
  return true;
}

static uint32_t rows_of(const Checker *c, const StosCmd_gemm *x, uint32_t m) {
  return (uint32_t)fuse_min(c->target->rows, x->rows_total - (int64_t)m * c->target->rows);
}

static uint32_t groups_of(const Checker *c, const StosCmd_gemm *x, uint32_t m) {
  return (uint32_t)fuse_ceil_div(rows_of(c, x, m), c->target->lanes);
}

static bool operands(Checker *c, const StosCmd_gemm *x, const Part *part, const uint32_t o[3]) {
  uint64_t steps = (uint64_t)c->target->lanes * x->nkh * x->nkw * x->nkc;
  for (uint32_t m = part->first[LEVEL_M]; m < part->end[LEVEL_M]; m++)
    if (!stos_check_words(c, &left, x->left + outer(o, x->o_left) + (int64_t)m * x->left_m, 1,
                          steps * groups_of(c, x, m)))
      return false;
  return top_edge(c, x, part, o);
}

/* Pixels [x0, x1) of a line: row group by row group, or, where results overwrite residuals, pixel
 * by pixel. */
static bool line(Checker *c, const Target *target, uint32_t y, uint32_t x0, uint32_t n,
                 uint32_t first_block, uint32_t groups, int64_t extra) {
  for (uint32_t g = 0; g < groups; g++)
    if (!stos_check_words(c, target->operand,
                          target->base + extra + (int64_t)y * target->line +
                              (int64_t)x0 * target->pixel +
                              (int64_t)(first_block + g) * target->block,
                          target->pixel, n))
      return false;
  return true;
}

static bool results(Checker *c, const StosCmd_gemm *x, const Part *part, const uint32_t o[3],
                    uint32_t m, bool in_place) {
  Target result = CHECK_OUT(&out, x), residual = CHECK_RES(&res, x);
  uint32_t groups = groups_of(c, x, m), block = m * stos_row_groups(c->target);
  int64_t o_out = outer(o, x->o_out), o_res = outer(o, x->o_res);
  Rect rects[3];
  int n_rects = rects_of(x, part, rects);
  for (int r = 0; r < n_rects; r++)
    for (uint32_t y = rects[r].y0; y < rects[r].y1; y++) {
      uint32_t n = in_place ? 1 : rects[r].x1 - rects[r].x0;
      for (uint32_t at = rects[r].x0; at < rects[r].x1; at += n)
        if (!stos_check_spend(c, CHECK_CALL_WORK) ||
            (x->res_use && !line(c, &residual, y, at, n, block, groups, o_res)) ||
            (!x->pool && !line(c, &result, y, at, n, block, groups, o_out)))
          return false;
    }
  if (x->pool && part->end[LEVEL_TILE] == tiles_of(x) &&
      !line(c, &result, 0, 0, 1, block, groups, o_out))
    return false;
  int64_t param = x->param + outer(o, x->o_param) + (int64_t)m * c->target->rows;
  return stos_check_post(c, x->post, FUSE_COUNTOF(x->post), param, rows_of(c, x, m)) &&
         stos_check_post(c, x->post2, FUSE_COUNTOF(x->post2), param, rows_of(c, x, m));
}

/* Operands of the whole part, then its results. */
static bool at_once(Checker *c, const StosCmd_gemm *x, const Part *part, bool in_place) {
  uint32_t o[3];
  for (int reads = 1; reads >= (x->hold_back ? 1 : 0); reads--)
    for (o[0] = part->first[0]; o[0] < part->end[0]; o[0]++)
      for (o[1] = part->first[1]; o[1] < part->end[1]; o[1]++)
        for (o[2] = part->first[2]; o[2] < part->end[2]; o[2]++) {
          if (reads && !operands(c, x, part, o))
            return false;
          for (uint32_t m = part->first[LEVEL_M]; !reads && m < part->end[LEVEL_M]; m++)
            if (!results(c, x, part, o, m, in_place))
              return false;
        }
  return true;
}

static Box add_outer(const StosCmd_gemm *x, Box box, const int32_t stride[3]) {
  for (int i = 0; i < 3; i++)
    box = stos_check_box_add(box, stride[i], x->o[i]);
  return box;
}

/* May results overwrite operands, or residuals? */
static void overlaps(const Checker *c, const StosCmd_gemm *x, bool *operand, bool *residual) {
  Window window = CHECK_WINDOW(&top, x);
  Target target = CHECK_OUT(&out, x), second = CHECK_RES(&res, x);
  int64_t blocks = fuse_ceil_div(x->rows_total, c->target->lanes);
  int64_t row_blocks = fuse_ceil_div(x->rows_total, c->target->rows);
  int64_t words = (int64_t)c->target->rows * x->nkh * x->nkw * x->nkc; /* of a row block, at most */
  Box result = add_outer(x, stos_check_box_target(&target, x->ny, x->nx, blocks), x->o_out);
  Box in = stos_check_box_window(&window, x->ih, x->iw);
  if (!x->ring_size) {
    in = add_outer(x, stos_check_box_add(in, x->in_block, x->nkc), x->o_in);
    in = stos_check_box_add(in, x->in_m, row_blocks);
  }
  Box weights = stos_check_box_add((Box){x->left, x->left + words}, x->left_m, row_blocks);
  weights = add_outer(x, weights, x->o_left);
  Box old = add_outer(x, stos_check_box_target(&second, x->ny, x->nx, blocks), x->o_res);
  *operand = stos_check_boxes_meet(result, in) || stos_check_boxes_meet(result, weights);
  *residual = x->res_use && stos_check_boxes_meet(result, old);
}

bool stos_check_gemm(Checker *c, const StosCmd_gemm *x, const Part *part) {
  bool operand, residual;
  overlaps(c, x, &operand, &residual);
  if (!operand)
    return at_once(c, x, part, residual);
  Part tile;
  uint32_t i[MAX_LEVELS];
  for (i[0] = part->first[0]; i[0] < part->end[0]; i[0]++)
    for (i[1] = part->first[1]; i[1] < part->end[1]; i[1]++)
      for (i[2] = part->first[2]; i[2] < part->end[2]; i[2]++)
        for (i[3] = part->first[3]; i[3] < part->end[3]; i[3]++)
          for (i[4] = part->first[4]; i[4] < part->end[4]; i[4]++) {
            for (int v = 0; v < MAX_LEVELS; v++)
              tile.first[v] = i[v], tile.end[v] = i[v] + 1;
            if (!at_once(c, x, &tile, residual))
              return false;
          }
  return true;
}
