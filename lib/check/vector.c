// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* vector.c - the words that VECTOR touches (M-VEC-1).
 *
 * Where results may overwrite operands, chunk by chunk: a chunk is read before it is written, but a
 * later chunk may be read before an earlier one has been written.
 */
#include "check_private.h"

static const Operand a = {"in", STREAM_A}, b = {"res", STREAM_B}, out = {"out", STREAM_VECTOR_OUT};

/* Channel blocks, o1, lines and pixels of what is looked at. */
typedef struct Piece {
  uint32_t o0, o0_end, o1, y, y_end, x, x_end;
} Piece;

static bool read_a(Checker *c, const StosCmd_vector *x, const Piece *p, uint32_t o0) {
  Window window = CHECK_WINDOW(&a, x);
  return stos_check_window(c, &window, (int64_t)o0 * x->in_block + (int64_t)p->o1 * x->o1_in);
}

static bool mark_window(Checker *c, const StosCmd_vector *x, const Piece *p) {
  int64_t iy = x->y0 + (int64_t)p->y * x->stride_y + (int64_t)p->o1 * x->o1_dy;
  int64_t ix = x->x0 + (int64_t)p->x * x->stride_x + (int64_t)p->o1 * x->o1_dx;
  stos_check_axis_begin(&c->lines, x->ih);
  stos_check_axis_begin(&c->pixels, x->iw);
  if (!stos_check_axis_mark(c, &c->lines, iy, p->y_end - p->y, x->stride_y, x->nky, 1) ||
      !stos_check_axis_mark(c, &c->pixels, ix, p->x_end - p->x, x->stride_x, x->nkx, 1))
    return false;
  stos_check_axis_end(&c->lines);
  stos_check_axis_end(&c->pixels);
  return true;
}

static bool lines(Checker *c, const Target *target, const Piece *p, int64_t o1_stride) {
  for (uint32_t o0 = p->o0; o0 < p->o0_end; o0++)
    for (uint32_t y = p->y; y < p->y_end; y++)
      if (!stos_check_words(c, target->operand,
                            target->base + (int64_t)p->o1 * o1_stride +
                                (int64_t)o0 * target->block + (int64_t)y * target->line +
                                (int64_t)p->x * target->pixel,
                            target->pixel, p->x_end - p->x))
        return false;
  return true;
}

static bool piece(Checker *c, const StosCmd_vector *x, const Piece *p) {
  Target result = CHECK_OUT(&out, x), second = CHECK_RES(&b, x);
  if (!stos_check_spend(c, CHECK_CALL_WORK) || !mark_window(c, x, p))
    return false;
  for (uint32_t o0 = p->o0; o0 < p->o0_end; o0++)
    if (!read_a(c, x, p, o0))
      return false;
  return (!x->res_use || lines(c, &second, p, x->o1_res)) && lines(c, &result, p, x->o1_out);
}

static bool post(Checker *c, const StosCmd_vector *x, uint32_t o0, uint32_t o0_end) {
  uint64_t first = (uint64_t)o0 * c->target->lanes, end = (uint64_t)o0_end * c->target->lanes;
  if (end > x->channels)
    end = x->channels;
  return stos_check_post(c, x->post, FUSE_COUNTOF(x->post), x->param + (int64_t)first,
                         first < end ? end - first : 0);
}

/* One channel block or, with `across`, all, of one o1. */
static bool chunks(Checker *c, const StosCmd_vector *x, const Piece *whole) {
  uint32_t groups = stos_row_groups(c->target);
  Piece p = *whole;
  for (p.y = whole->y; p.y < whole->y_end; p.y++)
    for (p.x = whole->x; p.x < whole->x_end; p.x += x->across ? 1 : groups)
      for (p.o0 = whole->o0; p.o0 < whole->o0_end; p.o0 += x->across ? groups : 1) {
        p.y_end = p.y + 1;
        p.x_end = (uint32_t)fuse_min(p.x + (x->across ? 1 : groups), whole->x_end);
        p.o0_end = (uint32_t)fuse_min(p.o0 + (x->across ? groups : 1), whole->o0_end);
        if (!piece(c, x, &p))
          return false;
      }
  return true;
}

static bool may_overlap(const StosCmd_vector *x) {
  Window window = CHECK_WINDOW(&a, x);
  Target target = CHECK_OUT(&out, x), second = CHECK_RES(&b, x);
  Box in = stos_check_box_window(&window, x->ih, x->iw);
  if (!x->ring_size)
    in = stos_check_box_add(stos_check_box_add(in, x->in_block, x->o[0]), x->o1_in, x->o[1]);
  Box result = stos_check_box_target(&target, x->ny, x->nx, x->o[0]);
  result = stos_check_box_add(result, x->o1_out, x->o[1]);
  Box other = stos_check_box_target(&second, x->ny, x->nx, x->o[0]);
  other = stos_check_box_add(other, x->o1_res, x->o[1]);
  return stos_check_boxes_meet(in, result) || (x->res_use && stos_check_boxes_meet(other, result));
}

static uint32_t chunks_of_pixel(const Checker *c, const StosCmd_vector *x) {
  return (uint32_t)fuse_ceil_div(x->o[0], stos_row_groups(c->target));
}

/* M-CTL-2: with `across` level 1 is a chunk, the innermost. */
void stos_check_vector_levels(const Checker *c, const StosCmd_vector *x, uint32_t size[MAX_LEVELS],
                              int level[MAX_LEVELS]) {
  static const int order[2][3] = {{1, 2, 3}, {2, 3, 1}};
  const uint32_t sizes[] = {x->across ? x->nx * chunks_of_pixel(c, x) : x->o[0], x->o[1], x->ny};
  for (int i = 0; i < 3; i++) {
    level[i] = order[x->across][i];
    size[i] = sizes[level[i] - 1];
  }
}

/* Channel blocks and pixels of the part. */
static Piece piece_of(const Checker *c, const StosCmd_vector *x, const Part *part) {
  Piece whole = {.o0 = part->first[0],
                 .o0_end = part->end[0],
                 .y = part->first[2],
                 .y_end = part->end[2],
                 .x = 0,
                 .x_end = x->nx};
  if (!x->across)
    return whole;
  uint32_t per_pixel = chunks_of_pixel(c, x), groups = stos_row_groups(c->target);
  if (part->end[0] - part->first[0] == x->nx * per_pixel) {
    whole.o0 = 0, whole.o0_end = x->o[0];
    return whole;
  }
  whole.x = part->first[0] / per_pixel, whole.x_end = whole.x + 1;
  whole.o0 = part->first[0] % per_pixel * groups;
  whole.o0_end = (uint32_t)fuse_min(whole.o0 + groups, x->o[0]);
  return whole;
}

bool stos_check_vector(Checker *c, const StosCmd_vector *x, const Part *part) {
  bool in_place = may_overlap(x);
  Piece whole = piece_of(c, x, part);
  uint32_t end = whole.o0_end, step = x->across ? end - whole.o0 : 1;
  if (!post(c, x, whole.o0, end))
    return false;
  for (uint32_t o0 = whole.o0; o0 < end; o0 += step)
    for (uint32_t o1 = part->first[1]; o1 < part->end[1]; o1++) {
      Piece p = whole;
      p.o0 = o0, p.o0_end = o0 + step, p.o1 = o1;
      if (!(in_place ? chunks(c, x, &p) : piece(c, x, &p)))
        return false;
    }
  return true;
}
