// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* post.c - post stage of the array: a shift register of post_latency stages, and the pool. */
#include <string.h>

#include "naive_private.h"

/* Where a group's value of one leaving column belongs. */
typedef struct Place {
  bool active; /* the group has a channel block */
  bool used;   /* read (residual) and written */
  int64_t y, x;
  int64_t block;   /* channel block in units of `lanes` channels */
  int64_t channel; /* of lane 0 */
  int64_t channels;
} Place;

/* What GEMM and CONV1D have in common here. */
typedef struct Result {
  uint32_t out, res, param;
  int32_t out_line, out_pixel, out_block, res_line, res_pixel, res_block;
  const int32_t *o_out, *o_res, *o_param;
  bool res_use, res_unsigned, double_round, out_unsigned;
  int res_zp, pool;
  const StosPost *post, *post2;
} Result;

#define RESULT(c)                                                                                  \
  (Result) {                                                                                       \
    (c)->out, (c)->res, (c)->param, (c)->out_line, (c)->out_pixel, (c)->out_block, (c)->res_line,  \
        (c)->res_pixel, (c)->res_block, (c)->o_out, (c)->o_res, (c)->o_param, (c)->res_use,        \
        (c)->res_unsigned, (c)->double_round, (c)->out_unsigned, (c)->res_zp, (c)->pool,           \
        (c)->post, (c)->post2                                                                      \
  }

static Result result_of(const StosCmd *cmd) {
  return cmd->opcode == STOS_CMD_GEMM ? RESULT(&cmd->gemm) : RESULT(&cmd->conv1d);
}

static Place gemm_place(const Naive *m, const Packet *packet, int column, uint32_t g) {
  const StosCmd_gemm *x = &packet->cmd->gemm;
  int64_t pixel = packet->first + packet->n - 1 - column;
  int64_t block = (int64_t)packet->block * stos_row_groups(m->target) + g;
  bool active = block * m->target->lanes < x->rows_total;
  return (Place){.active = active,
                 .used = active,
                 .y = pixel / x->nx,
                 .x = pixel % x->nx,
                 .block = block,
                 .channel = block * m->target->lanes,
                 .channels = x->rows_total};
}

static Place conv_place(const Naive *m, const Packet *packet, int column, uint32_t g) {
  const StosCmd_conv1d *x = &packet->cmd->conv1d;
  int of_segment = (int)m->target->cols / x->n_seg, segment = column / of_segment;
  int position = packet->n - 1 - column % of_segment, piece = 0;
  int n_valid = packet->n_valid;
  if (x->pieces > 1) {
    piece = position / packet->spacing;
    position %= packet->spacing;
    n_valid = x->nx;
  }
  Group group = naive_conv_group(x, packet->block, g);
  int64_t band = ((int64_t)group.gb * x->n_seg + segment) * x->pieces + piece;
  Place place = {.active = group.active,
                 .y = band * x->ny + packet->line,
                 .x = (int64_t)group.gt * x->nx + packet->first + position,
                 .block = group.block,
                 .channel = (int64_t)group.block * m->target->lanes,
                 .channels = x->channels};
  place.used = group.active && position < n_valid && place.y < x->ny_total && place.x < x->nx_total;
  return place;
}

static Place place_of(const Naive *m, const Packet *packet, int column, uint32_t g) {
  return packet->cmd->opcode == STOS_CMD_GEMM ? gemm_place(m, packet, column, g)
                                              : conv_place(m, packet, column, g);
}

static int64_t outer(const Packet *packet, const int32_t stride[3]) {
  int64_t sum = 0;
  for (int i = 0; i < 3; i++)
    sum += (int64_t)packet->o[i] * stride[i];
  return sum;
}

/* Cycle e of a column: residual, program. */
static void enter(Naive *m, Packet *packet, int column, uint32_t *values) {
  Result x = result_of(packet->cmd);
  uint32_t lanes = m->target->lanes;
  Access access = {0};
  for (uint32_t g = 0; g < stos_row_groups(m->target); g++) {
    Place place = place_of(m, packet, column, g);
    uint32_t residual[MAX_LANES] = {0};
    int64_t word = x.res + place.y * x.res_line + place.x * x.res_pixel +
                   place.block * x.res_block + outer(packet, x.o_res);
    if (place.used && x.res_use) {
      if (!naive_read_word(m, word, x.res_unsigned, x.res_zp, residual))
        return;
      naive_access(&access, word);
    }
    for (uint32_t l = 0; l < lanes; l++) {
      uint32_t *v = &values[g * lanes + l];
      PostContext context = {place.channel + l + x.param + outer(packet, x.o_param), residual[l],
                             x.double_round, x.out_unsigned};
      *v = place.used && place.channel + l < place.channels
               ? naive_post(m, x.post, STOS_MAX_POST, *v, &context)
               : 0;
    }
  }
  m->array.slowest = (uint32_t)fuse_max(m->array.slowest, naive_access_cycles(m, &access));
}

/* M-POST-3: the values of one pixel go into the R registers. */
static void pool_add(Naive *m, const Packet *packet, int column, const uint32_t *values, int pool) {
  Array *a = &m->array;
  uint32_t lanes = m->target->lanes;
  bool any = false;
  for (uint32_t g = 0; g < stos_row_groups(m->target); g++) {
    bool used = place_of(m, packet, column, g).used;
    any |= used;
    for (uint32_t r = g * lanes; used && r < (g + 1) * lanes; r++) {
      if (pool == STOS_REDUCE_SUM)
        a->pool[r] = naive_add(m->dtype, a->pool_started ? a->pool[r] : 0, values[r]);
      else if (!a->pool_started || naive_less(m->dtype, a->pool[r], values[r]))
        a->pool[r] = values[r];
    }
  }
  a->pool_started |= any;
}

/* Write one pixel; with a pool its result, at y = x = 0. */
static void write_pixel(Naive *m, const Packet *packet, int column, const uint32_t *values,
                        const Result *x) {
  Array *a = &m->array;
  uint32_t lanes = m->target->lanes;
  Access access = {0};
  for (uint32_t g = 0; g < stos_row_groups(m->target); g++) {
    Place place = place_of(m, packet, column, g);
    uint32_t word[MAX_LANES] = {0};
    if (x->pool ? !place.active : !place.used)
      continue;
    int64_t at = x->out + place.block * x->out_block + outer(packet, x->o_out);
    if (!x->pool)
      at += place.y * x->out_line + place.x * x->out_pixel;
    for (uint32_t l = 0; l < lanes && place.channel + l < place.channels; l++) {
      PostContext context = {place.channel + l + x->param + outer(packet, x->o_param), 0,
                             x->double_round, x->out_unsigned};
      uint32_t v = values[g * lanes + l];
      if (x->pool)
        v = naive_post(m, x->post2, 4, a->pool[g * lanes + l], &context);
      word[l] = naive_saturate(m->dtype, v, x->out_unsigned);
    }
    naive_write_word(m, &a->clock.effects, at, word);
    naive_access(&access, at);
  }
  a->slowest = (uint32_t)fuse_max(a->slowest, naive_access_cycles(m, &access));
}

/* Cycle e + post_latency of a column. */
static void leave(Naive *m, const PostStage *stage) {
  Array *a = &m->array;
  Packet *packet = &a->packets[stage->packet];
  Result x = result_of(packet->cmd);
  if (x.pool)
    pool_add(m, packet, stage->column, stage->values, x.pool);
  if (!x.pool || (packet->ends_pool && stage->column == 0)) {
    write_pixel(m, packet, stage->column, stage->values, &x);
    a->pool_started = false;
  }
  if (stage->column != 0)
    return;
  FUSE_ASSERT(packet->read_signalled);
  naive_fire(&a->clock.effects, &packet->signals, STOS_SIGNAL_DONE);
  if (packet->ends_command)
    naive_complete(m, &a->clock.effects, packet->index);
  packet->live = false;
}

void naive_post_tick(Naive *m) {
  Array *a = &m->array;
  uint32_t n = m->target->post_latency;
  if (a->stages[n - 1].valid)
    leave(m, &a->stages[n - 1]);
  uint32_t *values = a->stages[n - 1].values;
  for (uint32_t i = n - 1; i > 0; i--)
    a->stages[i] = a->stages[i - 1];
  const Drained *first = &a->edge[0];
  a->stages[0] = (PostStage){first->valid, first->packet, first->column, values};
  for (uint32_t r = 0; r < m->target->rows; r++) {
    const Drained *item = &a->edge[r];
    if (item->valid != first->valid ||
        (item->valid && (item->packet != first->packet || item->column != first->column)))
      naive_fail(m, "rows 0 and %u of the right edge show different columns", r);
    values[r] = item->value;
  }
  if (!first->valid)
    return;
  Packet *packet = &a->packets[first->packet];
  enter(m, packet, first->column, values);
  if (first->column != 0)
    return;
  packet->res_done = true;
  packet->in_array = false;
  naive_event(m, NAIVE_LEAVE, packet->index);
}
