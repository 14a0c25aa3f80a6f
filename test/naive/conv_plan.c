// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv_plan.c - the order of a CONV1D iteration: waves, tiles, bands, line steps, phases.
 *
 * gives: one Step after the other, without any time in it: conv.c steps through them
 * source: docs/machine.md, M-CONV-1 to M-CONV-7 */
#include "naive_private.h"

Group naive_conv_group(const StosCmd_conv1d *x, uint32_t wave, uint32_t g) {
  Group group = {.gt = g % x->n_gt,
                 .gb = g / x->n_gt % x->n_gb,
                 .block = wave * x->n_gc + g / x->n_gt / x->n_gb};
  group.active = g < (uint32_t)x->n_gc * x->n_gb * x->n_gt && group.block < x->blocks;
  return group;
}

/* Whether this input line is inside the window for some group, segment and piece. */
static bool line_inside(Naive *m, uint32_t wave, int64_t line) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  int64_t shift = line + x->y0;
  for (int i = 0; i < 3; i++)
    shift += m->array.loops.at[i] * x->o_dy[i];
  for (uint32_t g = 0; g < stos_row_groups(m->target); g++) {
    Group group = naive_conv_group(x, wave, g);
    int64_t bands = (int64_t)x->n_seg * x->pieces;
    for (int64_t b = group.gb * bands; group.active && b < (group.gb + 1) * bands; b++) {
      int64_t iy = b * x->ny * x->stride_y + shift;
      if (iy >= 0 && iy < x->ih)
        return true;
    }
  }
  return false;
}

static void add(Naive *m, const Step *step) {
  Conv *conv = &m->array.conv;
  conv->steps = fuse_grow(m->arena, conv->steps, conv->n_steps, &conv->capacity, conv->n_steps + 1,
                          sizeof *conv->steps);
  conv->steps[conv->n_steps++] = *step;
}

/* The phases of a step; `shadow`: its fill happened in the step before. */
static void add_phases(Naive *m, Step step, bool shadow) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  uint32_t phases = step.inputs ? (uint32_t)fuse_min(x->stride_x, x->nkw) : 1, first = 0;
  bool completes = step.completes;
  for (uint32_t p = 0; p < phases; p++) {
    step.phase = p;
    step.first_tap = first;
    step.taps = step.inputs ? (uint32_t)fuse_ceil_div(x->nkw - (int64_t)p, x->stride_x) : 0;
    step.lead = step.inputs && !shadow ? step.n - 1 : 0;
    step.completes = completes && p == phases - 1;
    add(m, &step);
    first += step.taps;
    for (int i = 0; i < step.open; i++)
      step.clear[i] = false;
  }
}

/* Line step i of the band of b output lines that begins with output line `first` (M-CONV-7). */
static bool add_line_step(Naive *m, Step step, int64_t first, int64_t b, int64_t i, bool *started) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  bool used = false;
  step.line = first * x->stride_y + i;
  step.inputs = line_inside(m, step.wave, step.line);
  for (uint32_t kh = 0; kh < x->nkh; kh++) {
    int64_t o = (i - kh) / x->stride_y;
    if (i < kh || (i - kh) % x->stride_y != 0 || o >= b)
      continue;
    uint32_t acc = (uint32_t)(o % m->target->accumulators);
    used = true;
    if (step.inputs) {
      if (step.open == (int)m->target->accumulators)
        return naive_fail(m, "%d open lines on %d accumulators", step.open + 1, step.open);
      step.kh[step.open] = kh;
      step.acc[step.open] = acc;
      step.clear[step.open++] = !started[acc];
      started[acc] = true;
    }
    if (kh + 1 < x->nkh)
      continue;
    step.completes = true;
    step.out_line = first + o;
    step.out_acc = acc;
    step.zero = !started[acc];
    started[acc] = false;
  }
  if (used && (step.inputs || step.completes))
    add_phases(m, step, m->target->shadow);
  return true;
}

/* All line steps of a column tile. */
static bool add_hold_tile(Naive *m, Step step) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  int64_t of_band = m->target->accumulators >= fuse_ceil_div(x->nkh, x->stride_y)
                        ? x->ny
                        : m->target->accumulators;
  for (int64_t first = 0; first < x->ny; first += of_band) {
    int64_t b = fuse_min(of_band, x->ny - first);
    bool started[MAX_ACCUMULATORS] = {false};
    for (int64_t i = 0; i < (b - 1) * x->stride_y + x->nkh; i++)
      if (!add_line_step(m, step, first, b, i, started))
        return false;
  }
  return true;
}

/* All column tiles of a line of the stream schedule (M-CONV-6). */
static void add_stream_line(Naive *m, Step step, int64_t y) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  step.inputs = true;
  step.line = y * x->stride_y;
  step.open = 1;
  step.clear[0] = true;
  step.completes = true;
  step.out_line = y;
  for (step.x = 0; step.x < x->nx; step.x += x->tile) {
    step.n_valid = (int)fuse_min(x->tile, x->nx - step.x);
    step.n = step.n_valid;
    if (x->stride_x > 1) {
      add_phases(m, step, false);
      continue;
    }
    step.n = (int)fuse_max(step.n, x->nkw);
    step.taps = x->nkw;
    /* The halo is kept: nkw - 1 of the first inputs are there already. */
    step.lead = step.x == 0 ? step.n - 1 : step.n - x->nkw;
    add(m, &step);
  }
}

/* Neighbouring pieces of a range whose first input is `first`: position after position from both
 * ends of what a piece reads, as long as both are outside the window in every phase. */
static int range_shares(const StosCmd_conv1d *x, int64_t first) {
  int halo = (int)fuse_ceil_div(x->nkw, x->stride_x) - 1, shared = 0;
  for (; shared < halo; shared++)
    for (int p = 0; p < x->stride_x; p++) {
      int64_t left = first + shared * x->stride_x + p;
      int64_t right = first + (int64_t)(x->nx + halo - 1 - shared) * x->stride_x + p;
      if (left >= 0 || right < x->iw)
        return shared;
    }
  return shared;
}

/* Z of M-CONV-3: every range of every outer iteration has its say. */
static int spacing_of(const StosCmd_conv1d *x) {
  int halo = (int)fuse_ceil_div(x->nkw, x->stride_x) - 1, shared = halo;
  for (int o0 = 0; o0 < x->o[0]; o0++)
    for (int o1 = 0; o1 < x->o[1]; o1++)
      for (int o2 = 0; o2 < x->o[2]; o2++)
        for (int gt = 0; gt < x->n_gt; gt++) {
          int64_t first = x->x0 + (int64_t)gt * x->nx * x->stride_x + o0 * x->o_dx[0] +
                          o1 * x->o_dx[1] + o2 * x->o_dx[2];
          shared = (int)fuse_min(shared, range_shares(x, first));
        }
  return x->nx + halo - shared;
}

static bool add_wave(Naive *m, uint32_t wave) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  Step step = {.wave = wave};
  if (!x->hold) {
    for (int64_t y = 0; y < x->ny; y++)
      add_stream_line(m, step, y);
    return true;
  }
  if (x->pieces > 1) {
    step.n = step.n_valid = (x->pieces - 1) * m->array.conv.spacing + x->nx;
    return add_hold_tile(m, step);
  }
  for (step.x = 0; step.x < x->nx; step.x += x->tile) {
    step.n = step.n_valid = (int)fuse_min(x->tile, x->nx - step.x);
    if (!add_hold_tile(m, step))
      return false;
  }
  return true;
}

static bool check(Naive *m) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  const StosTarget *t = m->target;
  if (!t->broadcast || !t->overlap)
    return naive_fail(m, "conv1d on a target without broadcast or drain registers");
  if ((uint32_t)x->n_gc * x->n_gb * x->n_gt > stos_row_groups(t))
    return naive_fail(m, "conv1d with more groups than rows");
  if (x->n_seg != 1 && x->n_seg != t->segments)
    return naive_fail(m, "conv1d on %d segments; the target has %u", x->n_seg, t->segments);
  if ((uint32_t)x->nkh * x->nkw > t->taps)
    return naive_fail(m, "conv1d with more taps than the tap memory holds");
  if (!x->hold && x->stride_x == 1 && x->tile < x->nkw && x->tile < x->nx)
    return naive_fail(m, "conv1d: tiles shorter than the kernel inside a line");
  return true;
}

bool naive_conv_plan(Naive *m) {
  const StosCmd_conv1d *x = &m->array.cmd->conv1d;
  Conv *conv = &m->array.conv;
  if (!check(m))
    return false;
  conv->n_steps = conv->at = 0;
  conv->spacing = x->pieces > 1 ? spacing_of(x) : 0;
  for (uint32_t wave = 0; wave < x->waves; wave++) {
    size_t first = conv->n_steps;
    if (!add_wave(m, wave))
      return false;
    conv->steps[first].begins_wave = true;
  }
  for (size_t i = 0; i < conv->n_steps; i++)
    if (conv->steps[i].n > (int)m->target->cols / x->n_seg)
      return naive_fail(m, "conv1d: %d columns in use; there are %u", conv->steps[i].n,
                        m->target->cols / x->n_seg);
  conv->stage = CONV_TAPS;
  conv->filling = conv->tap = 0;
  conv->cycle = conv->shifted = conv->filled = 0;
  return true;
}
