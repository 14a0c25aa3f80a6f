// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv1d.c - one outer iteration of CONV1D after the other: values by the formula, times by the
 * stream or hold schedule.
 *
 * source: docs/machine.md, section 5
 */
#include <string.h>

#include "sim_private.h"

struct SimConv {
  const StosCmd_conv1d *f;
  size_t cmd;
  uint32_t o[3];
  int level;                 /* outermost level that begins with the next iteration */
  uint32_t phases;           /* with taps: min(stride_x, nkw) */
  uint32_t fill_cycles;      /* F: tap words of a channel block */
  uint32_t *kw;              /* kernel columns in the order of their taps */
  uint32_t tiles, spacing;   /* column tiles; Z of M-CONV-3 */
  uint32_t seg_cols;         /* columns of a segment */
  int64_t dy, dx, in_offset; /* sums over the outer iterations */
  SimPost post, post2;
  uint32_t *taps;               /* [F][L] of the channel block at hand: f32 or int32 */
  uint32_t reads, late, writes; /* records: operands, residuals, results */
  /* what the iteration at hand has touched */
  uint32_t left_mask, top_mask, res_mask, out_mask;
  uint64_t left_first, left_last, top_first, top_last;
  uint64_t out_first; /* cycle e of the first value that leaves */
  bool any_left, any_out;
};

/* ---- checks ---- */

/* Z: columns from one piece to the next, less the zeros that both may read (M-CONV-3). */
static uint32_t piece_spacing(const StosCmd_conv1d *f) {
  int64_t first = f->x0, last = f->x0 + (int64_t)(f->n_gt - 1) * f->nx * f->stride_x;
  for (int i = 0; i < 3; i++) {
    int64_t moves = (int64_t)(f->o[i] - 1) * f->o_dx[i];
    first += fuse_min(moves, 0);
    last += fuse_max(moves, 0);
  }
  int64_t reads = f->nx + fuse_ceil_div(f->nkw, f->stride_x) - 1;
  int64_t zeros_left = fuse_floor_div(-last, f->stride_x);
  int64_t zeros_right = reads - fuse_ceil_div(f->iw - first, f->stride_x);
  int64_t shared = fuse_min(fuse_min(zeros_left, zeros_right), reads - f->nx);
  return (uint32_t)(reads - fuse_max(shared, 0));
}

/* Columns that all pieces take. */
static uint32_t piece_columns(const StosCmd_conv1d *f, uint32_t spacing) {
  return (f->pieces - 1u) * spacing + f->nx;
}

static bool check_tile(Sim *sim, size_t cmd, const StosCmd_conv1d *f) {
  uint32_t cols = sim->target->cols / f->n_seg;
  if (f->pieces > 1) {
    uint32_t n = piece_columns(f, piece_spacing(f));
    return n <= cols ||
           sim_error(sim, cmd, "%u pieces take %u columns; expected at most %u (M-CONV-3)",
                     f->pieces, n, cols);
  }
  if (f->tile > cols)
    return sim_error(sim, cmd, "tile = %u; expected at most %u columns (M-CONV-3)", f->tile, cols);
  if (f->hold || f->stride_x > 1)
    return true;
  if (f->nkw > cols)
    return sim_error(sim, cmd, "nkw = %u; expected at most %u columns (M-CONV-6)", f->nkw, cols);
  if (f->nx > f->tile && f->tile < f->nkw)
    return sim_error(sim, cmd,
                     "tile = %u with nkw = %u; expected only the last tile of a line to "
                     "be the shorter (M-CONV-6)",
                     f->tile, f->nkw);
  return true;
}

bool sim_conv_check(Sim *sim, size_t cmd) {
  const StosCmd_conv1d *f = &sim->program->cmds[cmd].conv1d;
  const StosTarget *target = sim->target;
  if (!target->broadcast || !target->overlap)
    return sim_error(sim, cmd, "broadcast = %u, overlap = %u in the target; expected 1 and 1",
                     target->broadcast, target->overlap);
  if ((uint32_t)f->nkh * f->nkw > target->taps)
    return sim_error(sim, cmd, "%u taps; expected at most %u (M-CONV-5)", (uint32_t)f->nkh * f->nkw,
                     target->taps);
  if (f->n_seg != 1 && f->n_seg != target->segments)
    return sim_error(sim, cmd, "n_seg = %u; expected 1 or %u (M-CONV-1)", f->n_seg,
                     target->segments);
  if ((uint64_t)f->n_gc * f->n_gb * f->n_gt > sim->row_groups)
    return sim_error(sim, cmd, "%llu groups; expected at most %u (M-CONV-1)",
                     (unsigned long long)f->n_gc * f->n_gb * f->n_gt, sim->row_groups);
  uint64_t loops[] = {f->o[0], f->o[1], f->o[2], f->waves, f->ny,    f->stride_y,
                      f->nx,   f->nkh,  f->nkw,  f->n_seg, f->pieces};
  return check_tile(sim, cmd, f) && sim_check_work(sim, cmd, loops, FUSE_COUNTOF(loops)) &&
         sim_post_check(sim, cmd, f->post, STOS_MAX_POST) &&
         sim_post_check(sim, cmd, f->post2, FUSE_COUNTOF(f->post2));
}

/* ---- a command ---- */

SimConv *sim_conv_begin(Sim *sim, size_t cmd) {
  FuseArena *arena = &sim->array.arena;
  const StosCmd_conv1d *f = &sim->program->cmds[cmd].conv1d;
  SimConv *v = fuse_alloc(arena, sizeof *v);
  *v = (SimConv){.f = f, .cmd = cmd};
  v->phases = f->stride_x < f->nkw ? f->stride_x : f->nkw;
  v->fill_cycles = (uint32_t)f->nkh * f->nkw;
  v->seg_cols = sim->target->cols / f->n_seg;
  v->spacing = piece_spacing(f);
  v->tiles = f->pieces > 1 ? 1 : (uint32_t)fuse_ceil_div(f->nx, f->tile);
  v->kw = fuse_alloc_array(arena, f->nkw, sizeof *v->kw);
  uint32_t k = 0;
  for (uint32_t p = 0; p < v->phases; p++)
    for (uint32_t kw = p; kw < f->nkw; kw += f->stride_x)
      v->kw[k++] = kw;
  v->taps = fuse_alloc_array(arena, (size_t)v->fill_cycles * sim->lanes, sizeof *v->taps);
  sim_post_init(arena, &v->post, cmd, f->post, STOS_MAX_POST, sim->lanes);
  sim_post_init(arena, &v->post2, cmd, f->post2, FUSE_COUNTOF(f->post2), sim->lanes);
  v->post.double_round = v->post2.double_round = f->double_round;
  return v;
}

int sim_conv_level(const SimConv *v) {
  return v->level;
}

static int64_t outer_sum(const SimConv *v, const int32_t *stride) {
  return (int64_t)v->o[0] * stride[0] + (int64_t)v->o[1] * stride[1] + (int64_t)v->o[2] * stride[2];
}

/* Channel block of a group, or -1 when the group is idle (M-CONV-1). */
static int64_t block_of(const SimConv *v, uint32_t wave, uint32_t gc) {
  int64_t block = (int64_t)wave * v->f->n_gc + gc;
  return block < v->f->blocks ? block : -1;
}

/* First output column and outputs of a column tile, as the row holds them. */
typedef struct Tile {
  uint32_t x, n;    /* first column within the range; columns in use per segment */
  uint32_t outputs; /* of them results; n beyond that is surplus (M-CONV-6) */
} Tile;

static Tile tile_of(const SimConv *v, uint32_t index) {
  const StosCmd_conv1d *f = v->f;
  if (f->pieces > 1) {
    uint32_t n = piece_columns(f, v->spacing);
    return (Tile){0, n, n};
  }
  Tile t = {.x = index * f->tile};
  t.n = t.outputs = (uint32_t)fuse_min(f->tile, f->nx - (int64_t)t.x);
  if (!f->hold && f->stride_x == 1 && t.n < f->nkw)
    t.n = f->nkw;
  return t;
}

/* Piece and place in it of a position; what lies between belongs to the piece on its left. */
static uint32_t piece_of(const SimConv *v, uint32_t position, uint32_t *within) {
  uint32_t piece = 0;
  if (v->f->pieces > 1) {
    piece = position / v->spacing;
    piece = piece < v->f->pieces ? piece : v->f->pieces - 1u;
  }
  *within = position - piece * v->spacing;
  return piece;
}

static int64_t band_of(const SimConv *v, uint32_t gb, uint32_t seg, uint32_t piece) {
  return ((int64_t)gb * v->f->n_seg + seg) * v->f->pieces + piece;
}

/* Input line of a band: `line` = output line of the band * stride_y + kernel row. */
static int64_t input_line(const SimConv *v, int64_t band, int64_t line) {
  return band * v->f->ny * v->f->stride_y + line + v->f->y0 + v->dy;
}

/* Input column of position `x` of a range in a phase. */
static int64_t input_column(const SimConv *v, uint32_t gt, uint32_t x, uint32_t phase) {
  const StosCmd_conv1d *f = v->f;
  return ((int64_t)gt * f->nx + x) * f->stride_x + phase + f->x0 + v->dx;
}

/* Is that line inside the window for any group, segment and piece? If not, hold skips it
 * (M-CONV-7). */
static bool line_in_use(const SimConv *v, uint32_t wave, int64_t line) {
  const StosCmd_conv1d *f = v->f;
  if (block_of(v, wave, 0) < 0)
    return false;
  for (int64_t band = 0; band < (int64_t)f->n_gb * f->n_seg * f->pieces; band++) {
    int64_t iy = input_line(v, band, line);
    if (iy >= 0 && iy < f->ih)
      return true;
  }
  return false;
}

static bool input_word(Sim *sim, const SimConv *v, int64_t block, int64_t iy, int64_t ix,
                       uint32_t *word) {
  const StosCmd_conv1d *f = v->f;
  if (iy < 0 || iy >= f->ih || ix < 0 || ix >= f->iw)
    return false;
  return sim_word(sim, v->cmd, "in", f->in,
                  iy * f->in_line + ix * f->in_pixel + block * f->in_block + v->in_offset,
                  f->ring_size, f->ring_start, word);
}

static bool tap_word(Sim *sim, const SimConv *v, int64_t block, uint32_t k, uint32_t *word) {
  const StosCmd_conv1d *f = v->f;
  return sim_word(sim, v->cmd, "taps", f->taps, block * f->taps_block + k + outer_sum(v, f->o_taps),
                  0, 0, word);
}

static bool out_word(Sim *sim, const SimConv *v, int64_t block, int64_t oy, int64_t ox,
                     uint32_t *word) {
  const StosCmd_conv1d *f = v->f;
  return sim_word(sim, v->cmd, "out", f->out,
                  oy * f->out_line + ox * f->out_pixel + block * f->out_block +
                      outer_sum(v, f->o_out),
                  0, 0, word);
}

static bool res_word(Sim *sim, const SimConv *v, int64_t block, int64_t oy, int64_t ox,
                     uint32_t *word) {
  const StosCmd_conv1d *f = v->f;
  return sim_word(sim, v->cmd, "res", f->res,
                  oy * f->res_line + ox * f->res_pixel + block * f->res_block +
                      outer_sum(v, f->o_res),
                  0, 0, word);
}

/* ---- values (M-CONV-2): a channel block after the other, a pixel after the other ---- */

static bool read_word(Sim *sim, uint32_t record, uint32_t word, bool is_unsigned, int32_t zero,
                      uint32_t *out) {
  if (!sim_poison_read(sim, SIM_SHADOW_SCRATCHPAD, word, record))
    return false;
  if (sim->dtype == FUSE_F32)
    sim_read_f32(sim, word, (float *)(void *)out);
  else
    sim_read_i8(sim, word, is_unsigned, zero, (int32_t *)out);
  return true;
}

static bool read_taps(Sim *sim, SimConv *v, int64_t block) {
  for (uint32_t k = 0; k < v->fill_cycles; k++) {
    uint32_t word;
    if (!tap_word(sim, v, block, k, &word) ||
        !read_word(sim, v->reads, word, v->f->w_unsigned, v->f->w_zp,
                   v->taps + (size_t)k * sim->lanes))
      return false;
  }
  return true;
}

/* acc += tap * input, lane by lane, rounded twice or wrapping. */
static void multiply_add(const Sim *sim, uint32_t *acc, const uint32_t *tap, const uint32_t *in) {
  if (sim->dtype == FUSE_F32) {
    float *a = (float *)(void *)acc;
    const float *t = (const float *)(const void *)tap, *x = (const float *)(const void *)in;
    for (uint32_t l = 0; l < sim->lanes; l++) {
      float product = t[l] * x[l];
      a[l] = a[l] + product;
    }
    return;
  }
  for (uint32_t l = 0; l < sim->lanes; l++)
    acc[l] += tap[l] * in[l];
}

static bool accumulate(Sim *sim, const SimConv *v, uint32_t wave, int64_t block, int64_t band,
                       int64_t y, int64_t ox, uint32_t *acc) {
  const StosCmd_conv1d *f = v->f;
  uint32_t in[64], word;
  memset(acc, 0, sim->lanes * sizeof *acc);
  for (uint32_t kh = 0; kh < f->nkh; kh++) {
    int64_t line = y * f->stride_y + kh;
    if (f->hold && !line_in_use(v, wave, line))
      continue;
    for (uint32_t k = 0; k < f->nkw; k++) {
      if (!input_word(sim, v, block, input_line(v, band, line),
                      ox * f->stride_x + v->kw[k] + f->x0 + v->dx, &word))
        memset(in, 0, sizeof in);
      else if (!read_word(sim, v->reads, word, f->in_unsigned, f->in_zp, in))
        return false;
      multiply_add(sim, acc, v->taps + (size_t)(kh * f->nkw + k) * sim->lanes, in);
    }
  }
  return !sim->diag->set;
}

static void run_post(Sim *sim, const SimPost *post, uint32_t *value, const uint32_t *res,
                     uint32_t n) {
  if (sim->dtype == FUSE_F32)
    sim_post_f32(post, (float *)(void *)value, (const float *)(const void *)res, 0, n);
  else
    sim_post_i8(sim, post, (int32_t *)value, (const int32_t *)res, 0, n);
}

static bool write_word(Sim *sim, const SimConv *v, uint32_t word, const uint32_t *value,
                       uint32_t valid) {
  if (!sim_poison_write(sim, SIM_SHADOW_SCRATCHPAD, word, v->writes))
    return false;
  if (sim->dtype == FUSE_F32)
    sim_write_f32(sim, word, (const float *)(const void *)value, valid);
  else
    sim_write_i8(sim, word, (const int32_t *)value, valid, v->f->out_unsigned);
  return true;
}

/* Combine a value with the pool; `first`: it begins one (M-POST-3). */
static void pool_value(const Sim *sim, const SimConv *v, uint32_t *pool, const uint32_t *value,
                       bool first) {
  bool max = v->f->pool == STOS_REDUCE_MAX;
  float *pf = (float *)(void *)pool;
  const float *vf = (const float *)(const void *)value;
  int32_t *pi = (int32_t *)pool;
  const int32_t *vi = (const int32_t *)value;
  for (uint32_t l = 0; l < sim->lanes; l++) {
    if (sim->dtype == FUSE_F32) {
      float p = first ? (max ? vf[l] : 0.0f) : pf[l];
      pf[l] = max ? (p < vf[l] ? vf[l] : p) : p + vf[l];
    } else {
      int32_t p = first ? (max ? vi[l] : 0) : pi[l];
      pi[l] = max ? (p < vi[l] ? vi[l] : p) : (int32_t)((uint32_t)p + (uint32_t)vi[l]);
    }
  }
}

/* The pixel (oy, ox) of a channel block, through the post stage to its word or into the pool. */
static bool compute_pixel(Sim *sim, SimConv *v, uint32_t wave, int64_t block, int64_t band,
                          int64_t y, int64_t ox, uint32_t valid, uint32_t *pool, bool first) {
  const StosCmd_conv1d *f = v->f;
  uint32_t value[64], res[64], word;
  int64_t oy = band * f->ny + y;
  if (!accumulate(sim, v, wave, block, band, y, ox, value))
    return false;
  if (f->res_use && (!res_word(sim, v, block, oy, ox, &word) ||
                     !read_word(sim, v->late, word, f->res_unsigned, f->res_zp, res)))
    return false;
  run_post(sim, &v->post, value, res, valid);
  if (f->pool) {
    pool_value(sim, v, pool, value, first);
    return true;
  }
  return out_word(sim, v, block, oy, ox, &word) && write_word(sim, v, word, value, valid);
}

/* All pixels that one group (gb, gt) computes of a channel block. */
static bool compute_group(Sim *sim, SimConv *v, uint32_t wave, int64_t block, uint32_t gb,
                          uint32_t gt, uint32_t valid) {
  const StosCmd_conv1d *f = v->f;
  uint32_t pool[64], word;
  bool first = true;
  int64_t bands = (int64_t)f->n_seg * f->pieces;
  for (int64_t band = gb * bands; band < (gb + 1) * bands; band++)
    for (int64_t y = 0; y < f->ny && band * f->ny + y < f->ny_total; y++)
      for (int64_t x = 0; x < f->nx && (int64_t)gt * f->nx + x < f->nx_total; x++) {
        if (!compute_pixel(sim, v, wave, block, band, y, (int64_t)gt * f->nx + x, valid, pool,
                           first))
          return false;
        first = false;
      }
  if (!f->pool || first)
    return true;
  run_post(sim, &v->post2, pool, NULL, valid);
  return out_word(sim, v, block, 0, 0, &word) && write_word(sim, v, word, pool, valid);
}

static uint32_t lanes_valid(const Sim *sim, const SimConv *v, int64_t block) {
  int64_t left = v->f->channels - block * sim->lanes;
  return (uint32_t)(left < 0 ? 0 : fuse_min(left, sim->lanes));
}

/* Pixels of a channel block that are results. */
static uint64_t pixels_of(const StosCmd_conv1d *f) {
  int64_t lines = (int64_t)f->n_gb * f->n_seg * f->pieces * f->ny;
  int64_t columns = (int64_t)f->n_gt * f->nx;
  return (uint64_t)(fuse_min(lines, f->ny_total) * fuse_min(columns, f->nx_total));
}

static bool compute_iteration(Sim *sim, SimConv *v) {
  const StosCmd_conv1d *f = v->f;
  for (uint32_t wave = 0; wave < f->waves; wave++)
    for (uint32_t gc = 0; gc < f->n_gc; gc++) {
      int64_t block = block_of(v, wave, gc);
      if (block < 0)
        continue;
      uint32_t valid = lanes_valid(sim, v, block);
      int64_t entry = f->param + block * sim->lanes + outer_sum(v, f->o_param);
      sim->result->cmds[v->cmd].macs += pixels_of(f) * v->fill_cycles * valid;
      if (!sim_post_params(sim, &v->post, entry, 0, valid, v->writes) ||
          !sim_post_params(sim, &v->post2, entry, 0, valid, v->writes))
        return false;
      if (!sim->values)
        continue;
      if (!read_taps(sim, v, block))
        return false;
      for (uint32_t gb = 0; gb < f->n_gb; gb++)
        for (uint32_t gt = 0; gt < f->n_gt; gt++)
          if (!compute_group(sim, v, wave, block, gb, gt, valid))
            return false;
    }
  return true;
}

/* ---- times: accesses ---- */

/* Tap words of a wave, read in F cycles from u on (M-CONV-5). */
static bool time_taps(Sim *sim, SimConv *v, uint32_t wave, uint64_t u) {
  const StosCmd_conv1d *f = v->f;
  if (wave >= f->waves)
    return true;
  for (uint32_t k = 0; k < v->fill_cycles; k++) {
    uint32_t n = 0, word;
    for (uint32_t gc = 0; gc < f->n_gc; gc++) {
      int64_t block = block_of(v, wave, gc);
      if (block < 0) /* bands and ranges of a block read the same word */
        continue;
      if (!tap_word(sim, v, block, k, &word))
        return false;
      v->top_mask |= sim_section_bit(sim, word);
      sim->access[n++] = word;
    }
    sim_clock_hold(sim, &sim->array.clock, u + k, sim_access_cycles(sim, sim->access, n));
  }
  v->top_last = u + v->fill_cycles - 1;
  return true;
}

/* Input number q of a fill (or of a stream) enters in cycle u: all groups' words are one access
 * (M-CONV-9). `x`: first column of the tile; `line` as for input_line. */
static bool time_input(Sim *sim, SimConv *v, uint32_t wave, int64_t line, uint32_t x,
                       uint32_t phase, uint32_t q, uint64_t u) {
  const StosCmd_conv1d *f = v->f;
  uint32_t n = 0, within, word;
  uint32_t piece = piece_of(v, q, &within);
  for (uint32_t gc = 0; gc < f->n_gc; gc++) {
    int64_t block = block_of(v, wave, gc);
    for (uint32_t gb = 0; gb < f->n_gb && block >= 0; gb++)
      for (uint32_t seg = 0; seg < f->n_seg; seg++) {
        int64_t iy = input_line(v, band_of(v, gb, seg, piece), line);
        for (uint32_t gt = 0; gt < f->n_gt; gt++) {
          int64_t ix = input_column(v, gt, x + within, phase);
          if (input_word(sim, v, block, iy, ix, &word)) {
            v->left_mask |= sim_section_bit(sim, word);
            sim->access[n++] = word;
          }
        }
      }
  }
  if (n > 0) {
    if (!v->any_left)
      v->left_first = u;
    v->any_left = true;
    v->left_last = u > v->left_last ? u : v->left_last;
    sim_clock_hold(sim, &sim->array.clock, u, sim_access_cycles(sim, sim->access, n));
  }
  return !sim->diag->set;
}

/* The words of one column position's groups, for results or residual; -1 on an error. */
static int column_words(Sim *sim, SimConv *v, uint32_t wave, int64_t band_line, uint32_t seg,
                        const Tile *tile, uint32_t position, bool residual, uint32_t *mask) {
  const StosCmd_conv1d *f = v->f;
  uint32_t n = 0, within;
  uint32_t piece = piece_of(v, position, &within);
  if (tile->x + within >= f->nx || position >= tile->outputs)
    return 0;
  for (uint32_t gc = 0; gc < f->n_gc; gc++) {
    int64_t block = block_of(v, wave, gc);
    for (uint32_t gb = 0; gb < f->n_gb && block >= 0; gb++) {
      int64_t oy = band_of(v, gb, seg, piece) * f->ny + band_line;
      for (uint32_t gt = 0; gt < f->n_gt && oy < f->ny_total; gt++) {
        int64_t ox = (int64_t)gt * f->nx + tile->x + within;
        if (ox >= f->nx_total)
          continue;
        if (!(residual ? res_word : out_word)(sim, v, block, oy, ox, &sim->access[n]))
          return -1;
        *mask |= sim_section_bit(sim, sim->access[n++]);
      }
    }
  }
  return (int)n;
}

/* A line of results leaves from cycle `drain` on (M-CONV-8). */
static bool time_drain(Sim *sim, SimConv *v, uint32_t wave, int64_t band_line, const Tile *tile,
                       uint64_t drain) {
  const StosCmd_conv1d *f = v->f;
  SimClock *clock = &sim->array.clock;
  uint32_t cols = sim->target->cols;
  sim->array.last_drain = drain;
  sim->array.drained = true;
  if (!v->any_out)
    v->out_first = drain;
  v->any_out = true;
  for (uint32_t seg = 0; seg < f->n_seg; seg++)
    for (uint32_t position = 0; position < tile->n; position++) {
      uint64_t e = drain + cols - 1 - (seg * v->seg_cols + tile->n - 1 - position);
      for (int residual = f->res_use ? 1 : 0; residual >= (f->pool ? 1 : 0); residual--) {
        int n = column_words(sim, v, wave, band_line, seg, tile, position, residual,
                             residual ? &v->res_mask : &v->out_mask);
        if (n < 0)
          return false;
        sim_clock_hold(sim, clock, residual ? e : e + sim->target->post_latency,
                       sim_access_cycles(sim, sim->access, (size_t)n));
      }
    }
  return true;
}

/* The pooled words of a wave, written after its last value has left. */
static bool time_pool(Sim *sim, SimConv *v, uint32_t wave) {
  const StosCmd_conv1d *f = v->f;
  uint32_t n = 0;
  for (uint32_t gc = 0; gc < f->n_gc; gc++) {
    int64_t block = block_of(v, wave, gc);
    if (block < 0)
      continue;
    if (!out_word(sim, v, block, 0, 0, &sim->access[n]))
      return false;
    v->out_mask |= sim_section_bit(sim, sim->access[n++]);
  }
  uint64_t u = sim->array.last_drain + sim->target->cols - 1 + sim->target->post_latency;
  sim_clock_hold(sim, &sim->array.clock, u, sim_access_cycles(sim, sim->access, n));
  return true;
}

/* ---- times: the stream schedule (M-CONV-6) ---- */

/* One line at stride 1, from cycle u on; the tiles follow each other in one stream of inputs. */
static bool stream_line(Sim *sim, SimConv *v, uint32_t wave, int64_t y, uint64_t *u) {
  const StosCmd_conv1d *f = v->f;
  uint32_t inputs = f->nkw - 1u;
  for (uint32_t t = 0; t < v->tiles; t++) {
    Tile tile = tile_of(v, t);
    inputs += tile.n;
    if (!time_drain(sim, v, wave, y, &tile, *u + inputs))
      return false;
  }
  for (uint32_t q = 0; q < inputs; q++)
    if (!time_input(sim, v, wave, y * f->stride_y, 0, 0, q, *u + q))
      return false;
  *u += inputs;
  return true;
}

/* One line at a larger stride: each phase of each tile is a stream of its own. */
static bool stream_phases(Sim *sim, SimConv *v, uint32_t wave, int64_t y, uint64_t *u) {
  const StosCmd_conv1d *f = v->f;
  for (uint32_t t = 0; t < v->tiles; t++) {
    Tile tile = tile_of(v, t);
    for (uint32_t p = 0; p < v->phases; p++) {
      uint32_t inputs = tile.n - 1 + (uint32_t)fuse_ceil_div(f->nkw - (int64_t)p, f->stride_x);
      for (uint32_t q = 0; q < inputs; q++)
        if (!time_input(sim, v, wave, y * f->stride_y, tile.x, p, q, *u + q))
          return false;
      *u += inputs;
    }
    if (!time_drain(sim, v, wave, y, &tile, *u))
      return false;
  }
  return true;
}

static bool time_stream(Sim *sim, SimConv *v, uint64_t *u) {
  const StosCmd_conv1d *f = v->f;
  for (uint32_t wave = 0; wave < f->waves; wave++) {
    uint64_t begin = *u;
    if (!time_taps(sim, v, wave + 1, begin))
      return false;
    for (int64_t y = 0; y < f->ny; y++)
      if (!(f->stride_x == 1 ? stream_line : stream_phases)(sim, v, wave, y, u))
        return false;
    if (f->pool && !time_pool(sim, v, wave))
      return false;
    if (wave + 1 < f->waves && *u < begin + v->fill_cycles)
      *u = begin + v->fill_cycles;
  }
  return true;
}

/* ---- times: the hold schedule (M-CONV-7) ---- */

/* A phase step, and how to find the next. */
typedef struct Step {
  uint32_t wave, tile_index, phase;
  int64_t band, i; /* first output line of the line band, line step */
  Tile tile;
  uint32_t fill, taps, open; /* inputs of the fill, tap columns, open lines */
  int64_t completes;         /* output line that is complete at its end, -1: none */
} Step;

static int64_t band_lines(const Sim *sim, const SimConv *v, int64_t band) {
  const StosCmd_conv1d *f = v->f;
  bool whole = sim->target->accumulators >= (uint32_t)fuse_ceil_div(f->nkh, f->stride_y);
  return whole ? f->ny : fuse_min(sim->target->accumulators, f->ny - band);
}

/* Fill in what the step does; false when no output line uses its input line, or only with zeros and
 * none is complete. */
static bool describe(const Sim *sim, const SimConv *v, Step *s) {
  const StosCmd_conv1d *f = v->f;
  int64_t lines = band_lines(sim, v, s->band);
  int64_t first = s->i < f->nkh ? 0 : (s->i - f->nkh) / f->stride_y + 1;
  int64_t last = fuse_min(s->i / f->stride_y, lines - 1);
  if (first > last)
    return false;
  bool inputs = line_in_use(v, s->wave, s->band * f->stride_y + s->i);
  s->open = inputs ? (uint32_t)(last - first + 1) : 0;
  s->taps = inputs ? (uint32_t)fuse_ceil_div(f->nkw - (int64_t)s->phase, f->stride_x) : 0;
  s->tile = tile_of(v, s->tile_index);
  s->fill = inputs ? s->tile.n : 0;
  bool last_phase = !inputs || s->phase + 1 == v->phases;
  s->completes = last_phase && first * f->stride_y + f->nkh - 1 == s->i ? s->band + first : -1;
  return inputs || s->completes >= 0;
}

/* The step after *s; false after the last of the outer iteration. */
static bool next_step(const Sim *sim, const SimConv *v, Step *s) {
  const StosCmd_conv1d *f = v->f;
  if (s->fill > 0 && ++s->phase < v->phases)
    return describe(sim, v, s);
  do {
    s->phase = 0;
    if (++s->i < (band_lines(sim, v, s->band) - 1) * f->stride_y + f->nkh)
      continue;
    s->i = 0;
    s->band += band_lines(sim, v, s->band);
    if (s->band < f->ny)
      continue;
    s->band = 0;
    if (++s->tile_index < v->tiles)
      continue;
    s->tile_index = 0;
    if (++s->wave == f->waves)
      return false;
  } while (!describe(sim, v, s));
  return true;
}

static bool step_input(Sim *sim, SimConv *v, const Step *s, uint32_t q, uint64_t u) {
  return time_input(sim, v, s->wave, s->band * v->f->stride_y + s->i, s->tile.x, s->phase, q, u);
}

/* Is input q inside the window for any group and segment? If not, it is a zero without the port. */
static bool needs_port(const SimConv *v, const Step *s, uint32_t q) {
  const StosCmd_conv1d *f = v->f;
  uint32_t within, piece = piece_of(v, q, &within);
  bool line = false, column = false;
  for (uint32_t gb = 0; gb < f->n_gb; gb++)
    for (uint32_t seg = 0; seg < f->n_seg; seg++) {
      int64_t iy = input_line(v, band_of(v, gb, seg, piece), s->band * f->stride_y + s->i);
      line = line || (iy >= 0 && iy < f->ih);
    }
  for (uint32_t gt = 0; gt < f->n_gt; gt++) {
    int64_t ix = input_column(v, gt, s->tile.x + within, s->phase);
    column = column || (ix >= 0 && ix < f->iw);
  }
  return line && column;
}

/* Does a halo input of the step use the port in this cycle of it? */
static bool halo_at_port(const SimConv *v, const Step *s, uint64_t cycle) {
  if (s->taps == 0 || cycle == 0 || cycle % s->open != 0 || cycle / s->open >= s->taps)
    return false;
  return needs_port(v, s, s->fill - 1 + (uint32_t)(cycle / s->open));
}

/* Inputs of a step from cycle u on, and its length, with the shadow register: the halo inputs come
 * with the first taps of their columns, the next step's fill beside them or where they leave the
 * port. */
static bool shadow_step(Sim *sim, SimConv *v, const Step *s, const Step *next, uint64_t u,
                        uint64_t *length) {
  uint32_t halo = s->taps > 0 ? s->taps - 1 : 0, fill = next ? next->fill : 0;
  for (uint32_t k = 1; k <= halo; k++)
    if (!step_input(sim, v, s, s->fill - 1 + k, u + (uint64_t)k * s->open))
      return false;
  uint64_t cycle = 0;
  for (uint32_t q = 0; q < fill; q++, cycle++) {
    while (halo_at_port(v, s, cycle) && needs_port(v, next, q))
      cycle++;
    if (!step_input(sim, v, next, q, u + cycle))
      return false;
  }
  uint64_t taps = (uint64_t)s->taps * s->open;
  *length = (uint64_t)fuse_max(fuse_max((int64_t)cycle, (int64_t)taps), 1);
  return true;
}

static bool plain_step(Sim *sim, SimConv *v, const Step *s, uint64_t u, uint64_t *length) {
  *length = 1;
  if (s->fill == 0)
    return true;
  for (uint32_t q = 0; q < s->fill; q++)
    if (!step_input(sim, v, s, q, u + q))
      return false;
  for (uint32_t k = 1; k < s->taps; k++)
    if (!step_input(sim, v, s, s->fill - 1 + k, u + s->fill - 1 + (uint64_t)k * s->open))
      return false;
  *length = s->fill - 1 + (uint64_t)s->taps * s->open;
  return true;
}

/* A step that completes an output line lasts until the drain registers are free. */
static bool complete_line(Sim *sim, SimConv *v, const Step *s, uint64_t *end) {
  SimArray *a = &sim->array;
  uint32_t columns = (v->f->n_seg - 1u) * v->seg_cols + s->tile.n;
  if (a->drained && *end < a->last_drain + columns)
    *end = a->last_drain + columns;
  return time_drain(sim, v, s->wave, s->completes, &s->tile, *end);
}

static bool time_hold(Sim *sim, SimConv *v, uint64_t *u) {
  const StosCmd_conv1d *f = v->f;
  bool shadow = sim->target->shadow != 0;
  Step step = {0};
  bool more = describe(sim, v, &step) || next_step(sim, v, &step);
  for (uint32_t q = 0; q < step.fill && shadow; q++)
    if (!step_input(sim, v, &step, q, *u + q))
      return false;
  *u += shadow ? step.fill : 0;
  uint64_t wave_begin = *u, length;
  if (!time_taps(sim, v, 1, wave_begin))
    return false;
  while (more) {
    Step next = step;
    more = next_step(sim, v, &next);
    if (!(shadow ? shadow_step(sim, v, &step, more ? &next : NULL, *u, &length)
                 : plain_step(sim, v, &step, *u, &length)))
      return false;
    *u += length;
    if (step.completes >= 0 && !complete_line(sim, v, &step, u))
      return false;
    if (f->pool && (!more || next.wave != step.wave) && !time_pool(sim, v, step.wave))
      return false;
    if (more && next.wave != step.wave) {
      if (*u < wave_begin + v->fill_cycles)
        *u = wave_begin + v->fill_cycles;
      wave_begin = *u;
      if (!time_taps(sim, v, next.wave + 1, wave_begin))
        return false;
    }
    step = next;
  }
  return true;
}

/* ---- an outer iteration ---- */

/* To the next outer iteration; the outermost level that ended, 0 when all is done. */
static int advance(SimConv *v) {
  for (int i = 2; i >= 0; i--) {
    if (++v->o[i] < v->f->o[i])
      return i + 1;
    v->o[i] = 0;
  }
  return 0;
}

static void schedule(Sim *sim, SimConv *v, uint64_t end) {
  SimArray *a = &sim->array;
  SimClock *clock = &a->clock;
  uint32_t latency = sim->target->post_latency;
  uint64_t last_out = a->last_drain + sim->target->cols - 1;
  if (v->left_mask)
    sim_clock_span(sim, clock, SIM_LEFT, v->left_mask, v->left_first, v->left_last, v->cmd);
  if (v->top_mask)
    sim_clock_span(sim, clock, SIM_TOP, v->top_mask, v->top_first, v->top_last, v->cmd);
  if (v->res_mask)
    sim_clock_span(sim, clock, SIM_RESIDUAL, v->res_mask, v->out_first, last_out, v->cmd);
  if (v->out_mask)
    sim_clock_span(sim, clock, SIM_OUT, v->out_mask, v->out_first + latency, last_out + latency,
                   v->cmd);
  a->issue_end = a->next_start = end;
  a->drain_free = 0;
  a->empty = a->last_drain + sim->target->cols;
  uint64_t read = end - 1, done = last_out + latency;
  sim_clock_close(sim, clock, v->reads, read);
  if (v->f->res_use && last_out > read)
    read = last_out;
  v->level = advance(v);
  sim_clock_signals(sim, clock, v->cmd, v->level, read, done);
  sim_clock_close(sim, clock, v->late, read);
  sim_clock_close(sim, clock, v->writes, done);
}

bool sim_conv_iteration(Sim *sim, SimConv *v, uint64_t start, bool *more) {
  const StosCmd_conv1d *f = v->f;
  if (sim->array.open_chain)
    return sim_error(sim, v->cmd,
                     "the chunk before it was never drained; expected keep here (M-GEMM-5)");
  v->dy = outer_sum(v, (int32_t[]){f->o_dy[0], f->o_dy[1], f->o_dy[2]});
  v->dx = outer_sum(v, (int32_t[]){f->o_dx[0], f->o_dx[1], f->o_dx[2]});
  v->in_offset = outer_sum(v, f->o_in);
  v->left_mask = v->top_mask = v->res_mask = v->out_mask = 0;
  v->any_left = v->any_out = false;
  v->left_last = 0;
  v->top_first = start;
  v->reads = sim_record_open(sim, v->cmd, STOS_QUEUE_ARRAY);
  v->late = sim_record_open(sim, v->cmd, STOS_QUEUE_ARRAY);
  v->writes = sim_record_open(sim, v->cmd, STOS_QUEUE_ARRAY);
  uint64_t u = start + v->fill_cycles;
  if (!compute_iteration(sim, v) || !time_taps(sim, v, 0, start) ||
      !(f->hold ? time_hold : time_stream)(sim, v, &u))
    return false;
  schedule(sim, v, u);
  *more = v->level != 0;
  return true;
}
