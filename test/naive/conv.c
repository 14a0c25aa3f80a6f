// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv.c - CONV1D mode: three engines (taps into the free bank, inputs through the port, taps to
 * the rows) that go on each by itself; a step is over when all of them are.
 *
 * source: docs/machine.md, M-CONV-5 to M-CONV-9 */
#include <string.h>

#include "naive_private.h"

static const StosCmd_conv1d *command(const Naive *m) {
  return &m->array.cmd->conv1d;
}

static int64_t outer(const Naive *m, const int32_t stride[3]) {
  int64_t sum = 0;
  for (int i = 0; i < 3; i++)
    sum += m->array.loops.at[i] * stride[i];
  return sum;
}

/* ---- tap memories ---- */

static uint32_t *tap_at(Naive *m, uint32_t wave, uint32_t g, uint32_t tap) {
  const StosTarget *t = m->target;
  return m->array.conv.tap_memory +
         (((wave & 1) * stos_row_groups(t) + g) * t->taps + tap) * t->lanes;
}

/* M-CONV-5: one tap word of each group, into the bank of the wave. */
static void fill_taps(Naive *m) {
  const StosCmd_conv1d *x = command(m);
  Conv *conv = &m->array.conv;
  Access access = {0};
  for (uint32_t g = 0; g < stos_row_groups(m->target); g++) {
    Group group = naive_conv_group(x, conv->filling, g);
    int64_t word = x->taps + (int64_t)group.block * x->taps_block + conv->tap + outer(m, x->o_taps);
    if (!group.active)
      continue;
    if (!naive_read_word(m, word, x->w_unsigned, x->w_zp, tap_at(m, conv->filling, g, conv->tap)))
      return;
    naive_access(&access, word);
  }
  m->array.slowest = (uint32_t)fuse_max(m->array.slowest, naive_access_cycles(m, &access));
  conv->tap++;
}

static bool taps_filled(const Naive *m) {
  return m->array.conv.tap == (uint32_t)command(m)->nkh * command(m)->nkw;
}

/* ---- the port ---- */

/* Input q of a step for one group and segment (M-CONV-2, M-CONV-4); false: outside the window. */
static bool input_word(const Naive *m, const Step *step, Group group, uint32_t segment, int q,
                       int64_t *word) {
  const StosCmd_conv1d *x = command(m);
  int piece = 0, position = q;
  if (x->pieces > 1) {
    piece = (int)fuse_min(q / m->array.conv.spacing, x->pieces - 1);
    position = q - piece * m->array.conv.spacing;
  }
  int64_t band = ((int64_t)group.gb * x->n_seg + segment) * x->pieces + piece;
  int64_t column = (int64_t)group.gt * x->nx + step->x + position;
  int64_t iy = band * x->ny * x->stride_y + step->line + x->y0;
  int64_t ix = column * x->stride_x + step->phase + x->x0;
  for (int i = 0; i < 3; i++) {
    iy += m->array.loops.at[i] * x->o_dy[i];
    ix += m->array.loops.at[i] * x->o_dx[i];
  }
  int64_t offset =
      iy * x->in_line + ix * x->in_pixel + (int64_t)group.block * x->in_block + outer(m, x->o_in);
  *word = naive_ring(x->in, offset, x->ring_size, x->ring_start);
  return group.active && iy >= 0 && iy < x->ih && ix >= 0 && ix < x->iw;
}

/* M-CONV-9: input q of the step comes to the ports. */
static void read_inputs(Naive *m, const Step *step, int q) {
  const StosCmd_conv1d *x = command(m);
  uint32_t lanes = m->target->lanes, rows = m->target->rows;
  Access access = {0};
  for (uint32_t s = 0; s < x->n_seg; s++)
    for (uint32_t g = 0; g < stos_row_groups(m->target); g++) {
      uint32_t *port = &m->array.conv.port[s * rows + g * lanes];
      int64_t word;
      memset(port, 0, lanes * sizeof *port);
      if (!input_word(m, step, naive_conv_group(x, step->wave, g), s, q, &word))
        continue;
      if (!naive_read_word(m, word, x->in_unsigned, x->in_zp, port))
        return;
      naive_access(&access, word);
    }
  m->array.slowest = (uint32_t)fuse_max(m->array.slowest, naive_access_cycles(m, &access));
}

/* ---- one cycle of a step ---- */

/* A tap of each group goes to its rows. */
static void broadcast(Naive *m, const Step *step, int tap) {
  Array *a = &m->array;
  uint32_t lanes = m->target->lanes;
  int column = tap / step->open, line = tap % step->open;
  uint32_t index = step->kh[line] * command(m)->nkw + step->first_tap + (uint32_t)column;
  a->op.mac = true;
  a->op.acc = step->acc[line];
  a->op.clear = column == 0 && step->clear[line];
  for (uint32_t g = 0; g < stos_row_groups(m->target); g++)
    memcpy(a->conv.taps + g * lanes, tap_at(m, step->wave, g, index), lanes * sizeof(uint32_t));
}

/* The completed output line of a step goes to the drain registers. */
static void complete_line(Naive *m, const Step *step, bool last) {
  Array *a = &m->array;
  const StosCmd_conv1d *x = command(m);
  int p = naive_packet(m, a->cmd, a->index);
  Packet *packet = &a->packets[p];
  a->op.drain = true;
  a->op.zero = step->zero;
  a->op.packet = p;
  a->op.drain_acc = step->out_acc;
  packet->n = step->n;
  packet->n_drain = (x->n_seg - 1) * (int)m->target->cols / x->n_seg + step->n;
  packet->n_valid = step->n_valid;
  packet->spacing = a->conv.spacing;
  packet->first = step->x;
  packet->line = step->out_line;
  packet->block = step->wave;
  packet->issued = packet->top_done = true;
  packet->res_done = !x->res_use;
  packet->ends_pool = last || step[1].begins_wave;
  for (int i = 0; i < 3; i++)
    packet->o[i] = (uint32_t)a->loops.at[i];
  packet->ends_command = last && naive_ends(&a->loops, -1);
  for (int level = 0; last && level <= 3; level++)
    if (naive_ends(&a->loops, level - 1))
      naive_add_signals(&packet->signals, a->cmd, level);
  naive_drain_reserve(m, a->clock.cycle + 1);
}

/* Whether input q of a step is inside the window for some group and segment. */
static bool needs_port(const Naive *m, const Step *step, int q) {
  const StosCmd_conv1d *x = command(m);
  int64_t word;
  for (uint32_t s = 0; s < x->n_seg; s++)
    for (uint32_t g = 0; g < stos_row_groups(m->target); g++)
      if (input_word(m, step, naive_conv_group(x, step->wave, g), s, q, &word))
        return true;
  return false;
}

/* Inputs in this cycle: one of this step, and the next step's into the shadow chain if it or that
 * one leaves the port. */
static void use_port(Naive *m, const Step *step, const Step *next, bool shadow) {
  Array *a = &m->array;
  Conv *conv = &a->conv;
  int tap = conv->cycle - step->lead;
  bool halo = tap >= 0 && tap < (int)step->taps * step->open && tap % step->open == 0;
  bool here = step->inputs && (tap < 0 || halo);
  if (shadow && tap == 0)
    here = false; /* the first fill of the step is in the shadow registers */
  int q = (shadow ? step->n : step->n - 1 - step->lead) + conv->shifted;
  bool fills = shadow && next && next->inputs && conv->filled < next->n;
  bool port = here && needs_port(m, step, q);
  bool fill_port = fills && needs_port(m, next, conv->filled);
  if (port && fill_port)
    fills = fill_port = false;
  a->op.shift = here;
  a->op.zero_in = !port;
  a->op.shift_shadow = fills;
  a->op.zero_in_shadow = !fill_port;
  if (port || fill_port)
    read_inputs(m, port ? step : next, port ? q : conv->filled);
  conv->shifted += here;
  conv->filled += fills;
}

/* One cycle of the step; true: it was the last. */
static bool step_cycle(Naive *m) {
  Array *a = &m->array;
  Conv *conv = &a->conv;
  const Step *step = &conv->steps[conv->at];
  const Step *next = conv->at + 1 < conv->n_steps ? step + 1 : NULL;
  bool shadow = command(m)->hold && m->target->shadow;
  int taps = (int)step->taps * step->open, tap = conv->cycle - step->lead;
  if (conv->cycle == 0) {
    conv->shifted = 0;
    a->op.swap = shadow && step->inputs;
    conv->filled = 0;
    if (step->begins_wave)
      naive_event(m, NAIVE_TILE, a->index);
  }
  use_port(m, step, next, shadow);
  if (tap >= 0 && tap < taps)
    broadcast(m, step, tap);
  conv->cycle++;
  if (tap + 1 < taps)
    return false;
  if (shadow && next && next->inputs && conv->filled < next->n)
    return false;
  int n_drain = (command(m)->n_seg - 1) * (int)m->target->cols / command(m)->n_seg + step->n;
  if (step->completes && !naive_drain_free(m, n_drain, a->clock.cycle + 1, 0))
    return false;
  if (step->completes)
    complete_line(m, step, !next);
  return true;
}

/* The next wave's taps are read from the first cycle of the current wave on. */
static void read_ahead(Naive *m) {
  Conv *conv = &m->array.conv;
  const Step *step = &conv->steps[conv->at];
  if (conv->stage == CONV_STEP && conv->cycle == 0 && step->begins_wave &&
      step->wave + 1u < command(m)->waves) {
    conv->filling = step->wave + 1;
    conv->tap = 0;
  }
  if (!taps_filled(m))
    fill_taps(m);
}

bool naive_conv_issue(Naive *m) {
  Conv *conv = &m->array.conv;
  const Step *first = &conv->steps[0];
  bool shadow = command(m)->hold && m->target->shadow;
  m->progress = m->cycle;
  m->array.op.of_segment = m->target->cols / command(m)->n_seg;
  read_ahead(m);
  switch (conv->stage) {
  case CONV_TAPS:
    if (taps_filled(m))
      conv->stage = shadow && first->inputs ? CONV_FIRST_FILL : CONV_STEP;
    return false;
  case CONV_FIRST_FILL:
    m->array.op.shift_shadow = true;
    read_inputs(m, first, conv->filled++);
    if (conv->filled == first->n)
      conv->stage = CONV_STEP;
    return false;
  case CONV_GAP:
    if (taps_filled(m))
      conv->stage = CONV_STEP;
    return false;
  case CONV_STEP: break;
  }
  if (!step_cycle(m))
    return false;
  conv->cycle = 0;
  if (++conv->at == conv->n_steps)
    return true;
  if (conv->steps[conv->at].begins_wave && !taps_filled(m))
    conv->stage = CONV_GAP;
  return false;
}

/* ---- the PEs ---- */

static void pe_step(Naive *m, uint32_t r, uint32_t c) {
  const ConvOp *op = &m->array.op;
  uint32_t cols = m->target->cols, of_segment = op->of_segment;
  const Pe *now = &m->array.now[r * cols + c];
  Pe *next = &m->array.next[r * cols + c];
  bool at_port = c % of_segment == 0;
  uint32_t port = m->array.conv.port[c / of_segment * m->target->rows + r];
  if (op->shift_shadow)
    next->shadow = !at_port ? now[-1].shadow : op->zero_in_shadow ? 0 : port;
  if (op->swap)
    next->x = now->shadow;
  if (op->shift)
    next->x = !at_port ? now[-1].x : op->zero_in ? 0 : port;
  if (op->mac) {
    uint32_t acc = op->clear ? 0 : now->acc[op->acc];
    next->acc[op->acc] =
        naive_add(m->dtype, acc, naive_mul(m->dtype, m->array.conv.taps[r], next->x));
  }
  if (op->drain && (int)(c % of_segment) < m->array.packets[op->packet].n)
    naive_drain_load(m, (int)r, (int)c, op->packet, op->zero ? 0 : next->acc[op->drain_acc]);
}

void naive_conv_step(Naive *m) {
  Array *a = &m->array;
  const ConvOp *op = &a->op;
  if (!op->shift && !op->swap && !op->shift_shadow && !op->mac && !op->drain)
    return;
  for (uint32_t r = 0; r < m->target->rows; r++)
    for (uint32_t c = 0; c < m->target->cols; c++)
      pe_step(m, r, c);
  if (op->drain)
    memset(a->packets[op->packet].moves, true, m->target->rows);
}
