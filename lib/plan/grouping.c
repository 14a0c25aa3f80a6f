// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* grouping.c - how a CONV1D command uses row groups, segments and columns, and the cycles it takes.
 *
 * needs: the conv as its rows see it, with its pitches in the scratchpad
 * gives: the cheapest grouping; its cycles by M-CONV-5 to M-CONV-8, bank conflicts on average
 * source: docs/machine.md, sections 2 and 5
 */
#include "plan_private.h"

/* Taps of phase p (M-CONV-4). */
static int64_t phase_taps(int64_t kernel, int64_t stride, int64_t phase) {
  return fuse_ceil_div(kernel - phase, stride);
}

static int64_t n_phases(const PlanRowConv *conv) {
  return fuse_min(conv->sx, conv->kx);
}

/* ---- bank conflicts ---- */

/* Cycles beyond one that an access of words first + i * outer + k * inner takes (M-MEM-2), summed
 * over first = 0..lanes-1: with a base that is a multiple of lanes, all there are. */
static int64_t conflicts(int64_t n_outer, int64_t outer, int64_t n_inner, int64_t inner,
                         const StosTarget *t) {
  int64_t extra = 0;
  for (int64_t first = 0; first < t->lanes; first++) {
    PlanAccess access = {0};
    for (int64_t i = 0; i < n_outer; i++)
      for (int64_t k = 0; k < n_inner; k++)
        plan_access_add(&access, first + i * outer + k * inner, t);
    extra += access.most - 1;
  }
  return extra;
}

int64_t plan_tap_pitch(int64_t taps, int64_t blocks, const StosTarget *target) {
  int64_t groups = fuse_min(stos_row_groups(target), blocks), best = taps, least = INT64_MAX;
  for (int64_t pitch = taps; pitch < taps + target->lanes; pitch++) {
    int64_t extra = conflicts(groups, pitch, 1, 0, target);
    if (extra < least)
      best = pitch, least = extra;
  }
  return best;
}

/* ---- the stream schedule (M-CONV-6) ---- */

/* One line; it reads a word per group in each cycle. */
static int64_t stream_line(const PlanRowConv *conv, int64_t tile) {
  int64_t cycles = conv->sx == 1 ? conv->kx - 1 : 0;
  for (int64_t x = 0; x < conv->nx; x += tile) {
    int64_t n = fuse_min(tile, conv->nx - x);
    if (conv->sx == 1)
      cycles += fuse_max(n, conv->kx);
    else
      for (int64_t p = 0; p < n_phases(conv); p++)
        cycles += n - 1 + phase_taps(conv->kx, conv->sx, p);
  }
  return cycles;
}

/* ---- the hold schedule (M-CONV-7) ---- */

typedef struct PhaseStep {
  int64_t fill, halo, taps; /* inputs, 0: none; further ones at the port; Q */
  int64_t drain;            /* columns of the output line it completes, 0: none */
} PhaseStep;

/* Time runs one phase step late: a step's length depends on the next one's fill. */
typedef struct HoldClock {
  bool shadow, begun;
  PhaseStep step;         /* the latest, not yet in `now` */
  int64_t now, drain, in; /* cycles; begin of the last drain; inputs so far */
} HoldClock;

static void end_step(HoldClock *c, int64_t next_fill) {
  const PhaseStep *s = &c->step;
  if (c->shadow)
    c->now += fuse_max(fuse_max(next_fill ? next_fill + s->halo : 0, s->taps), 1);
  else
    c->now += s->fill ? s->fill - 1 + s->taps : 1;
  if (s->drain)
    c->drain = c->now = fuse_max(c->now, c->drain + s->drain);
}

static void next_step(HoldClock *c, PhaseStep step) {
  if (c->begun)
    end_step(c, step.fill);
  else if (c->shadow)
    c->now += step.fill;
  c->begun = true;
  c->step = step;
  c->in += step.fill + step.halo;
}

/* Bands of lines that are computed at once. */
static int64_t n_bands(const PlanGrouping *g) {
  return g->n_gb * g->n_seg * g->pieces;
}

/* Columns from one piece to the next (M-CONV-3). */
static int64_t piece_spacing(const PlanRowConv *conv) {
  int64_t reads = conv->nx + phase_taps(conv->kx, conv->sx, 0) - 1;
  int64_t left = fuse_floor_div(conv->px, conv->sx),
          right = reads - fuse_ceil_div(conv->ix + conv->px, conv->sx);
  return reads - fuse_max(0, fuse_min(fuse_min(left, right), reads - conv->nx));
}

/* Halo inputs at the port behind output column `end`: those inside the window. */
static int64_t halo_inputs(const PlanRowConv *conv, int64_t end, int64_t phase) {
  int64_t inside = fuse_ceil_div(conv->ix + conv->px - phase, conv->sx) - end;
  return fuse_max(0, fuse_min(inside, phase_taps(conv->kx, conv->sx, phase) - 1));
}

/* Is line `line` of a band inside the window in any group, segment and piece? */
static bool line_in_use(const PlanRowConv *conv, const PlanGrouping *g, int64_t line) {
  for (int64_t band = 0; band < n_bands(g); band++) {
    int64_t y = band * g->ny * conv->sy + line - conv->py;
    if (y >= 0 && y < conv->iy)
      return true;
  }
  return false;
}

/* Columns of a tile, and the output column behind it (of the last piece). */
typedef struct Columns {
  int64_t n, end;
} Columns;

/* Lines [first, first + b) of each band, one column tile. */
static void hold_band(HoldClock *c, const PlanRowConv *conv, const PlanGrouping *g, int64_t first,
                      int64_t b, Columns tile, const StosTarget *target) {
  int64_t columns = (g->n_seg - 1) * (target->cols / g->n_seg) + tile.n;
  for (int64_t i = 0; i < (b - 1) * conv->sy + conv->ky; i++) {
    int64_t low = fuse_max(0, fuse_ceil_div(i - conv->ky + 1, conv->sy)),
            high = fuse_min(b - 1, i / conv->sy), open = high - low + 1;
    if (open <= 0)
      continue;
    bool completes = i >= conv->ky - 1 && (i - conv->ky + 1) % conv->sy == 0;
    bool inside = line_in_use(conv, g, first * conv->sy + i);
    if (!inside && !completes)
      continue;
    int64_t phases = inside ? n_phases(conv) : 1;
    for (int64_t p = 0; p < phases; p++) {
      int64_t taps = phase_taps(conv->kx, conv->sx, p);
      PhaseStep step = {.drain = completes && p == phases - 1 ? columns : 0};
      if (inside)
        step.fill = tile.n, step.halo = halo_inputs(conv, tile.end, p), step.taps = taps * open;
      next_step(c, step);
    }
  }
}

static void hold_tile(HoldClock *c, const PlanRowConv *conv, const PlanGrouping *g, Columns tile,
                      const StosTarget *target) {
  int64_t open = fuse_ceil_div(conv->ky, conv->sy);
  int64_t band = open <= target->accumulators ? g->ny : (int64_t)target->accumulators;
  for (int64_t y = 0; y < g->ny; y += band)
    hold_band(c, conv, g, y, fuse_min(band, g->ny - y), tile, target);
}

/* From the third on tiles, and waves, are alike. */
enum { ALIKE = 3 };

static void hold_wave(HoldClock *c, const PlanRowConv *conv, const PlanGrouping *g,
                      const StosTarget *target) {
  int64_t tiles = fuse_ceil_div(conv->nx, g->tile), skipped = fuse_max(0, tiles - 1 - ALIKE);
  HoldClock before = *c;
  for (int64_t i = 0; i < tiles - 1 - skipped; i++) {
    before = *c;
    hold_tile(c, conv, g, (Columns){g->tile, (i + 1) * g->tile}, target);
  }
  int64_t cycles = skipped * (c->now - before.now);
  c->now += cycles, c->drain += cycles;
  c->in += skipped * (c->in - before.in);
  int64_t pieces = (g->pieces - 1) * piece_spacing(conv), rest = conv->nx - (tiles - 1) * g->tile;
  hold_tile(c, conv, g, (Columns){pieces + rest, conv->nx}, target);
}

/* ---- a command ---- */

typedef struct WaveTime {
  int64_t cycles, inputs; /* of all waves; of one: accesses of the left edge */
} WaveTime;

static WaveTime stream_waves(const PlanRowConv *conv, const PlanGrouping *g, int64_t waves) {
  int64_t cycles = g->ny * stream_line(conv, g->tile);
  return (WaveTime){waves * cycles, cycles};
}

static WaveTime hold_waves(const PlanRowConv *conv, const PlanGrouping *g, int64_t waves,
                           const StosTarget *target) {
  HoldClock c = {.shadow = target->shadow, .drain = INT32_MIN};
  int64_t before = 0, n = fuse_min(waves, ALIKE);
  for (int64_t i = 0; i < n; i++) {
    before = c.now;
    hold_wave(&c, conv, g, target);
  }
  int64_t last = c.now - before;
  end_step(&c, 0);
  return (WaveTime){c.now + (waves - n) * last, c.in / n};
}

/* Accesses beyond one cycle, times lanes: inputs, and results. All bands are read at once; of the
 * segments' results one column leaves in a cycle. */
static int64_t in_conflicts(const PlanRowConv *conv, const PlanGrouping *g, const StosTarget *t) {
  int64_t lines = g->pieces * g->ny * conv->sy; /* from one segment's band to the next's */
  return conflicts(g->n_gc, conv->in_block, g->n_gb * g->n_seg, lines * conv->in_line, t);
}

static int64_t out_conflicts(const PlanRowConv *conv, const PlanGrouping *g, const StosTarget *t) {
  return conflicts(g->n_gc, conv->out_block, g->n_gb, g->n_seg * g->pieces * g->ny * conv->out_line,
                   t);
}

static uint64_t command_cycles(const PlanRowConv *conv, const PlanGrouping *g, int64_t blocks,
                               bool hold, const StosTarget *target) {
  int64_t taps = conv->kx * conv->ky, waves = fuse_ceil_div(blocks, g->n_gc);
  WaveTime time = hold ? hold_waves(conv, g, waves, target) : stream_waves(conv, g, waves);
  int64_t held = time.inputs * in_conflicts(conv, g, target) +
                 g->n_seg * g->pieces * g->ny * conv->nx * out_conflicts(conv, g, target);
  /* The next wave's taps are read while this one runs (M-CONV-5). */
  return (uint64_t)(taps + fuse_max(time.cycles, waves * taps) + waves * (held / target->lanes));
}

/* Bands of some more lines than needed where the bands' words would meet in a bank: the surplus is
 * computed and not written (M-CONV-1). */
static void try_bands(const PlanRowConv *conv, int64_t blocks, bool hold, const StosTarget *target,
                      PlanGrouping g, PlanGrouping *best) {
  int64_t bands = n_bands(&g), least = fuse_ceil_div(conv->ny, bands);
  bool conflict = true;
  for (g.ny = least; conflict && g.ny < least + target->lanes && (bands - 1) * g.ny < conv->ny;
       g.ny++) {
    g.cycles = command_cycles(conv, &g, blocks, hold, target);
    if (g.cycles < best->cycles)
      *best = g;
    conflict =
        g.n_gb * g.n_seg > 1 && (in_conflicts(conv, &g, target) || out_conflicts(conv, &g, target));
  }
}

/* Every number of pieces that fits a segment's columns; lines longer than that are cut in tiles. */
static int64_t most_pieces(const PlanRowConv *conv, int64_t columns) {
  if (conv->nx > columns)
    return 1;
  return fuse_min(fuse_min(1 + (columns - conv->nx) / piece_spacing(conv), conv->ny), UINT8_MAX);
}

bool plan_best_grouping(const PlanRowConv *conv, int64_t blocks, bool hold,
                        const StosTarget *target, PlanGrouping *best) {
  int64_t groups = stos_row_groups(target);
  if (!target->broadcast || !target->overlap || conv->kx * conv->ky > (int64_t)target->taps)
    return false;
  if (!hold && (conv->ky != 1 || conv->kx > (int64_t)target->cols))
    return false;
  *best = (PlanGrouping){.cycles = UINT64_MAX};
  for (int64_t n_seg = 1; n_seg <= (hold ? (int64_t)target->segments : 1); n_seg *= 2) {
    if (n_seg != 1 && n_seg != (int64_t)target->segments)
      continue;
    int64_t columns = target->cols / n_seg, pieces = hold ? most_pieces(conv, columns) : 1;
    for (int64_t n_gb = 1; n_gb <= groups; n_gb *= 2)
      for (int64_t p = 1; p <= pieces; p++)
        try_bands(conv, blocks, hold, target,
                  (PlanGrouping){.n_gc = fuse_min(groups / n_gb, blocks),
                                 .n_gb = n_gb,
                                 .n_seg = n_seg,
                                 .pieces = p,
                                 .tile = fuse_min(conv->nx, columns)},
                  best);
  }
  return best->cycles != UINT64_MAX;
}
