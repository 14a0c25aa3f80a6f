// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* gemm.c - the output-stationary matrix product: values and times of one tile after the other.
 *
 * source: docs/machine.md, section 4
 */
#include <string.h>

#include "sim_private.h"

struct SimGemm {
  const StosCmd_gemm *f;
  size_t cmd;
  uint32_t m_blocks, tiles, tiles_per_line;
  uint32_t o[3], m, tile; /* the next tile */
  int level;              /* outermost level that begins with it */
  uint32_t n_kernel;
  int32_t *dy, *dx; /* per kernel position, in the order of the reduction */
  int64_t *offset;
  uint64_t words; /* per pixel: T / L */
  SimPost post, post2;
  float *pool_f; /* R values of the pool so far; the same memory for both types */
  int32_t *pool_i;
  uint32_t first_pixel, n; /* of the tile at hand */
  /* records: end with the last operand read, the last residual read, the last write */
  uint32_t reads, late, writes;
};

/* ---- checks ---- */

static uint32_t tile_count(const StosCmd_gemm *f) {
  uint64_t pixels = (uint64_t)f->ny * f->nx;
  return (uint32_t)(f->wrap ? fuse_ceil_div((int64_t)pixels, f->tile)
                            : f->ny * fuse_ceil_div(f->nx, f->tile));
}

bool sim_gemm_check(Sim *sim, size_t cmd) {
  const StosCmd_gemm *f = &sim->program->cmds[cmd].gemm;
  if (f->tile > sim->target->cols)
    return sim_error(sim, cmd, "tile = %u; expected at most %u columns (M-GEMM-2)", f->tile,
                     sim->target->cols);
  if ((f->keep || f->hold_back) && f->rows_total > sim->target->rows)
    return sim_error(sim, cmd,
                     "keep or hold_back with %u rows; expected one row block of %u "
                     "(M-GEMM-5)",
                     f->rows_total, sim->target->rows);
  uint64_t loops[] = {f->o[0],       f->o[1], f->o[2], f->rows_total,
                      tile_count(f), f->nkh,  f->nkw,  f->nkc};
  return sim_check_work(sim, cmd, loops, FUSE_COUNTOF(loops)) &&
         sim_post_check(sim, cmd, f->post, STOS_MAX_POST) &&
         sim_post_check(sim, cmd, f->post2, FUSE_COUNTOF(f->post2));
}

/* ---- a command ---- */

/* Kernel positions in the order in which they are added (M-GEMM-1). */
static void order_kernel(SimGemm *g, FuseArena *arena) {
  const StosCmd_gemm *f = g->f;
  g->n_kernel = (uint32_t)f->nkh * f->nkw;
  g->dy = fuse_alloc_array(arena, g->n_kernel, sizeof *g->dy);
  g->dx = fuse_alloc_array(arena, g->n_kernel, sizeof *g->dx);
  g->offset = fuse_alloc_array(arena, g->n_kernel, sizeof *g->offset);
  uint32_t k = 0;
  for (int32_t kh = 0; kh < f->nkh; kh++)
    for (int32_t p = 0; p < f->kphase; p++)
      for (int32_t kw = p; kw < f->nkw; kw += f->kphase, k++) {
        g->dy[k] = kh * f->dil_y;
        g->dx[k] = kw * f->dil_x;
        g->offset[k] = (int64_t)g->dy[k] * f->in_line + (int64_t)g->dx[k] * f->in_pixel;
      }
}

SimGemm *sim_gemm_begin(Sim *sim, size_t cmd) {
  FuseArena *arena = &sim->array.arena;
  const StosCmd_gemm *f = &sim->program->cmds[cmd].gemm;
  SimGemm *g = fuse_alloc(arena, sizeof *g);
  *g = (SimGemm){.f = f, .cmd = cmd};
  g->m_blocks = (uint32_t)fuse_ceil_div(f->rows_total, sim->target->rows);
  g->tiles = tile_count(f);
  g->tiles_per_line = (uint32_t)fuse_ceil_div(f->nx, f->tile);
  order_kernel(g, arena);
  g->words = (uint64_t)g->n_kernel * f->nkc;
  sim_post_init(arena, &g->post, cmd, f->post, STOS_MAX_POST, sim->array.acc_rows);
  sim_post_init(arena, &g->post2, cmd, f->post2, FUSE_COUNTOF(f->post2), sim->array.acc_rows);
  g->post.double_round = g->post2.double_round = f->double_round;
  if (f->pool) {
    g->pool_f = fuse_alloc_array(arena, sim->array.acc_rows, sizeof *g->pool_f);
    g->pool_i = fuse_alloc_array(arena, sim->array.acc_rows, sizeof *g->pool_i);
  }
  return g;
}

int sim_gemm_level(const SimGemm *g) {
  return g->level;
}

uint64_t sim_gemm_steps(const Sim *sim, const SimGemm *g) {
  return g->words * sim->lanes;
}

static int64_t outer_sum(const SimGemm *g, const int32_t *stride) {
  return (int64_t)g->o[0] * stride[0] + (int64_t)g->o[1] * stride[1] + (int64_t)g->o[2] * stride[2];
}

static uint32_t rows_of(const Sim *sim, const SimGemm *g) {
  return (uint32_t)fuse_min(sim->target->rows,
                            g->f->rows_total - (int64_t)g->m * sim->target->rows);
}

/* Pixels [first, first + n) of the tile, and their window places (M-GEMM-2). */
static void place_pixels(const SimGemm *g, SimTopTile *top) {
  const StosCmd_gemm *f = g->f;
  int64_t dy = f->y0, dx = f->x0;
  for (int i = 0; i < 3; i++) {
    dy += (int64_t)g->o[i] * f->o_dy[i];
    dx += (int64_t)g->o[i] * f->o_dx[i];
  }
  int64_t base = (int64_t)g->m * f->in_m + outer_sum(g, f->o_in);
  uint32_t y = g->first_pixel / f->nx, x = g->first_pixel % f->nx;
  for (uint32_t i = 0; i < g->n; i++) {
    top->iy[i] = (int64_t)y * f->stride_y + dy;
    top->ix[i] = (int64_t)x * f->stride_x + dx;
    top->offset[i] = top->iy[i] * f->in_line + top->ix[i] * f->in_pixel + base;
    if (++x == f->nx)
      x = 0, y++;
  }
}

static void choose_pixels(SimGemm *g) {
  const StosCmd_gemm *f = g->f;
  if (f->wrap) {
    g->first_pixel = g->tile * f->tile;
    g->n = (uint32_t)fuse_min(f->tile, (int64_t)f->ny * f->nx - g->first_pixel);
    return;
  }
  uint32_t x = g->tile % g->tiles_per_line * f->tile;
  g->first_pixel = g->tile / g->tiles_per_line * f->nx + x;
  g->n = (uint32_t)fuse_min(f->tile, f->nx - (int64_t)x);
}

static bool in_window(const SimGemm *g, const SimTopTile *top, uint32_t pixel, uint32_t k) {
  int64_t iy = top->iy[pixel] + g->dy[k], ix = top->ix[pixel] + g->dx[k];
  return iy >= 0 && iy < g->f->ih && ix >= 0 && ix < g->f->iw;
}

/* Word k, kc of a pixel: its address, or false when it is outside the window or the memory. */
static bool top_word(Sim *sim, const SimGemm *g, const SimTopTile *top, uint32_t pixel, uint32_t k,
                     uint32_t kc, uint32_t *word) {
  const StosCmd_gemm *f = g->f;
  return in_window(g, top, pixel, k) &&
         sim_word(sim, g->cmd, "in", f->in,
                  top->offset[pixel] + g->offset[k] + (int64_t)kc * f->in_block, f->ring_size,
                  f->ring_start, word);
}

/* ---- values ---- */

#define MAC_NAME mac_f32
#define MAC_TYPE float
static inline float step_f32(float a, float w, float x) {
  float product = w * x;
  return a + product;
}
#define MAC_STEP step_f32
#include "mac.h"
#undef MAC_NAME
#undef MAC_TYPE
#undef MAC_STEP

#define MAC_NAME mac_i32
#define MAC_TYPE uint32_t /* wraps; the bits are those of int32_t */
#define MAC_STEP(a, w, x) ((a) + (w) * (x))
#include "mac.h"
#undef MAC_NAME
#undef MAC_TYPE
#undef MAC_STEP

/* The inputs of words [first, first + n) of every pixel: x[pixel][step], 4 bytes each. */
static bool gather_inputs(Sim *sim, const SimGemm *g, const SimTopTile *top, uint64_t first,
                          uint32_t n, uint32_t *x) {
  const StosCmd_gemm *f = g->f;
  uint32_t lanes = sim->lanes;
  for (uint32_t c = 0; c < g->n; c++) {
    uint32_t k = (uint32_t)(first / f->nkc), kc = (uint32_t)(first % f->nkc);
    for (uint32_t i = 0; i < n; i++) {
      uint32_t *to = x + (size_t)c * SIM_CHUNK_STEPS + i * lanes, word;
      if (!top_word(sim, g, top, c, k, kc, &word))
        memset(to, 0, lanes * sizeof *to);
      else if (!sim_poison_read(sim, SIM_SHADOW_SCRATCHPAD, word, g->reads))
        return false;
      else if (sim->dtype == FUSE_F32)
        sim_read_f32(sim, word, (float *)(void *)to);
      else
        sim_read_i8(sim, word, f->in_unsigned, f->in_zp, (int32_t *)to);
      if (++kc == f->nkc)
        kc = 0, k++;
    }
  }
  return !sim->diag->set;
}

/* The weights of steps [first, first + n): w[step][row], padded to a multiple of 8 rows.
 * Consecutive words, so checked as a whole by the caller. */
static bool gather_weights(Sim *sim, const SimGemm *g, uint32_t base, uint32_t groups,
                           uint64_t first, uint32_t n, uint32_t *w) {
  uint32_t stride = sim->array.acc_rows;
  for (uint32_t t = 0; t < n; t++)
    for (uint32_t group = 0; group < groups; group++) {
      uint32_t word = base + (uint32_t)(first + t) * groups + group;
      uint32_t *to = w + (size_t)t * stride + group * sim->lanes;
      if (!sim_poison_read(sim, SIM_SHADOW_SCRATCHPAD, word, g->reads))
        return false;
      if (sim->dtype == FUSE_F32)
        sim_read_f32(sim, word, (float *)(void *)to);
      else
        sim_read_i8(sim, word, g->f->w_unsigned, g->f->w_zp, (int32_t *)to);
    }
  return true;
}

static bool accumulate(Sim *sim, const SimGemm *g, const SimTopTile *top, uint32_t left,
                       uint32_t groups) {
  SimArray *a = &sim->array;
  if (!g->f->keep) /* all bits 0: +0 and 0 */
    memset(a->acc, 0, (size_t)sim->target->cols * a->acc_rows * 4);
  uint32_t chunk = SIM_CHUNK_STEPS / sim->lanes;
  uint32_t rows = (groups * sim->lanes + 7) / 8 * 8;
  for (uint64_t word = 0; word < g->words; word += chunk) {
    uint32_t n = (uint32_t)(g->words - word < chunk ? g->words - word : chunk);
    uint32_t steps = n * sim->lanes;
    if (!gather_inputs(sim, g, top, word, n, a->inputs) ||
        !gather_weights(sim, g, left, groups, word * sim->lanes, steps, a->weights))
      return false;
    if (sim->dtype == FUSE_F32)
      mac_f32(a->acc, a->acc_rows, (const float *)(void *)a->weights, a->acc_rows,
              (const float *)(void *)a->inputs, SIM_CHUNK_STEPS, g->n, rows, steps);
    else
      mac_i32(a->acc, a->acc_rows, a->weights, a->acc_rows, a->inputs, SIM_CHUNK_STEPS, g->n, rows,
              steps);
  }
  return true;
}

/* ---- results ---- */

/* The words of one pixel's row groups; false when one is outside the scratchpad. */
static bool result_words(Sim *sim, const SimGemm *g, const char *operand, uint32_t base,
                         int64_t offset, int32_t block, uint32_t groups, uint32_t *words) {
  for (uint32_t group = 0; group < groups; group++)
    if (!sim_word(sim, g->cmd, operand, base,
                  offset + (int64_t)(g->m * sim->row_groups + group) * block, 0, 0, &words[group]))
      return false;
  return true;
}

static bool out_words(Sim *sim, const SimGemm *g, uint32_t y, uint32_t x, uint32_t groups,
                      uint32_t *words) {
  const StosCmd_gemm *f = g->f;
  int64_t offset = (int64_t)y * f->out_line + (int64_t)x * f->out_pixel + outer_sum(g, f->o_out);
  return result_words(sim, g, "out", f->out, offset, f->out_block, groups, words);
}

static bool res_words(Sim *sim, const SimGemm *g, uint32_t y, uint32_t x, uint32_t groups,
                      uint32_t *words) {
  const StosCmd_gemm *f = g->f;
  int64_t offset = (int64_t)y * f->res_line + (int64_t)x * f->res_pixel + outer_sum(g, f->o_res);
  return result_words(sim, g, "res", f->res, offset, f->res_block, groups, words);
}

static uint32_t lanes_valid(const Sim *sim, uint32_t rows, uint32_t group) {
  return (uint32_t)fuse_min(sim->lanes, (int64_t)rows - group * sim->lanes);
}

static bool write_words(Sim *sim, const SimGemm *g, const uint32_t *words, uint32_t groups,
                        uint32_t rows, const void *v) {
  for (uint32_t group = 0; group < groups; group++) {
    uint32_t valid = lanes_valid(sim, rows, group);
    if (!sim_poison_write(sim, SIM_SHADOW_SCRATCHPAD, words[group], g->writes))
      return false;
    if (sim->dtype == FUSE_F32)
      sim_write_f32(sim, words[group], (const float *)v + group * sim->lanes, valid);
    else
      sim_write_i8(sim, words[group], (const int32_t *)v + group * sim->lanes, valid,
                   g->f->out_unsigned);
  }
  return true;
}

static bool read_residual(Sim *sim, const SimGemm *g, uint32_t y, uint32_t x, uint32_t groups,
                          uint32_t *r) {
  uint32_t words[256];
  if (!res_words(sim, g, y, x, groups, words))
    return false;
  for (uint32_t group = 0; group < groups; group++) {
    if (!sim_poison_read(sim, SIM_SHADOW_SCRATCHPAD, words[group], g->late))
      return false;
    if (sim->dtype == FUSE_F32)
      sim_read_f32(sim, words[group], (float *)(void *)(r + group * sim->lanes));
    else
      sim_read_i8(sim, words[group], g->f->res_unsigned, g->f->res_zp,
                  (int32_t *)(r + group * sim->lanes));
  }
  return true;
}

/* Combine a pixel with the pool; `first`: it begins one. */
static void pool_pixel(Sim *sim, SimGemm *g, const void *v, uint32_t rows, bool first) {
  bool max = g->f->pool == STOS_REDUCE_MAX;
  const float *vf = v;
  const int32_t *vi = v;
  for (uint32_t r = 0; r < rows; r++) {
    if (sim->dtype == FUSE_F32) {
      float p = first ? (max ? vf[r] : 0.0f) : g->pool_f[r];
      g->pool_f[r] = max ? (p < vf[r] ? vf[r] : p) : p + vf[r];
    } else {
      int32_t p = first ? (max ? vi[r] : 0) : g->pool_i[r];
      g->pool_i[r] = max ? (p < vi[r] ? vi[r] : p) : (int32_t)((uint32_t)p + (uint32_t)vi[r]);
    }
  }
}

static bool finish_pool(Sim *sim, SimGemm *g, uint32_t groups, uint32_t rows) {
  uint32_t words[256];
  if (!out_words(sim, g, 0, 0, groups, words))
    return false;
  if (sim->dtype == FUSE_F32) {
    sim_post_f32(&g->post2, g->pool_f, NULL, 0, rows);
    return write_words(sim, g, words, groups, rows, g->pool_f);
  }
  sim_post_i8(sim, &g->post2, g->pool_i, NULL, 0, rows);
  return write_words(sim, g, words, groups, rows, g->pool_i);
}

/* Post stage of the tile's pixels. */
static bool post_tile(Sim *sim, SimGemm *g, uint32_t groups, uint32_t rows) {
  const StosCmd_gemm *f = g->f;
  uint32_t words[256], r[256];
  for (uint32_t i = 0; i < g->n; i++) {
    uint32_t y = (g->first_pixel + i) / f->nx, x = (g->first_pixel + i) % f->nx;
    void *v = (uint32_t *)sim->array.acc + (size_t)i * sim->array.acc_rows;
    if (f->res_use && !read_residual(sim, g, y, x, groups, r))
      return false;
    if (sim->dtype == FUSE_F32)
      sim_post_f32(&g->post, v, (const float *)(void *)r, 0, rows);
    else
      sim_post_i8(sim, &g->post, v, (const int32_t *)r, 0, rows);
    if (f->pool)
      pool_pixel(sim, g, v, rows, g->tile == 0 && i == 0);
    else if (!out_words(sim, g, y, x, groups, words) ||
             !write_words(sim, g, words, groups, rows, v))
      return false;
  }
  return !f->pool || g->tile + 1 < g->tiles || finish_pool(sim, g, groups, rows);
}

/* ---- times ---- */

/* The i-th tile in flight. */
static SimTopTile *top_tile(const SimArray *a, uint32_t i) {
  uint32_t at = a->first_top + i;
  return &a->tops[at < a->top_capacity ? at : at - a->top_capacity];
}

/* Begin a column's next run of words. */
static void open_run(const Sim *sim, const SimTopTile *top, uint32_t pixel, SimColumn *column) {
  const SimGemm *g = top->gemm;
  const StosCmd_gemm *f = g->f;
  uint32_t k = column->kernel++;
  column->left = f->nkc;
  column->inside = in_window(g, top, pixel, k);
  column->offset = top->offset[pixel] + g->offset[k];
  int64_t first = f->in + column->offset, last = first + (int64_t)(f->nkc - 1) * f->in_block;
  column->linear = f->ring_size == 0 && fuse_min(first, last) >= 0 &&
                   fuse_max(first, last) < sim->target->scratchpad_words;
}

/* The next word of column c; false when it reads zeros, or has read all its words. */
static bool column_word(Sim *sim, const SimTopTile *top, uint32_t c, uint32_t *word) {
  const StosCmd_gemm *f = top->gemm->f;
  SimColumn *column = &top->columns[c];
  if (column->left == 0) {
    if (column->kernel == top->gemm->n_kernel)
      return false;
    open_run(sim, top, top->n - 1 - c, column);
  }
  int64_t kc = f->nkc - column->left--, offset = column->offset + kc * f->in_block;
  if (!column->inside)
    return false;
  if (!column->linear)
    return sim_word(sim, top->gemm->cmd, "in", f->in, offset, f->ring_size, f->ring_start, word);
  *word = (uint32_t)(f->in + offset);
  return true;
}

uint32_t sim_gemm_top(Sim *sim, uint64_t u) {
  SimArray *a = &sim->array;
  uint32_t n_words = 0, lanes = sim->lanes;
  for (uint32_t i = 0; i < a->n_tops; i++) {
    const SimTopTile *top = top_tile(a, i);
    if (u < top->s)
      continue;
    uint64_t step = u - top->s;
    uint32_t mask = 0, word;
    for (uint32_t c = step & (lanes - 1); c < top->n && c <= step; c += lanes)
      if (column_word(sim, top, c, &word)) {
        sim->access[n_words++] = word;
        mask |= sim_section_bit(sim, word);
      }
    a->clock.spans[top->span].mask |= mask;
  }
  while (a->n_tops > 0 && a->tops[a->first_top].last <= u) {
    a->first_top = (a->first_top + 1) % a->top_capacity;
    a->n_tops--;
  }
  return sim_access_cycles(sim, sim->access, n_words);
}

static SimTopTile *push_top(Sim *sim, SimGemm *g, uint64_t s) {
  SimArray *a = &sim->array;
  FUSE_ASSERT(a->n_tops < a->top_capacity);
  SimTopTile *top = top_tile(a, a->n_tops++);
  top->s = s;
  top->n = g->n;
  top->cmd = g->cmd;
  top->gemm = g;
  top->last = s + g->n - 1 + (g->words - 1) * sim->lanes;
  memset(top->columns, 0, g->n * sizeof *top->columns);
  place_pixels(g, top);
  top->span = sim_clock_span(sim, &a->clock, SIM_TOP, 0, s, top->last, g->cmd);
  return top;
}

/* Residual reads and result writes of the tile, value 0 leaving in cycle e (M-POST-1). */
static bool time_results(Sim *sim, SimGemm *g, uint64_t e, uint32_t groups) {
  const StosCmd_gemm *f = g->f;
  SimClock *clock = &sim->array.clock;
  uint32_t words[256], res_mask = 0, out_mask = 0, latency = sim->target->post_latency;
  for (uint32_t i = 0; i < g->n; i++) {
    uint32_t y = (g->first_pixel + i) / f->nx, x = (g->first_pixel + i) % f->nx;
    if (f->res_use) {
      if (!res_words(sim, g, y, x, groups, words))
        return false;
      sim_clock_hold(sim, clock, e + i, sim_access_cycles(sim, words, groups));
      for (uint32_t k = 0; k < groups; k++)
        res_mask |= sim_section_bit(sim, words[k]);
    }
    bool last_of_pool = g->tile + 1 == g->tiles && i + 1 == g->n;
    if (f->pool && !last_of_pool)
      continue;
    if (!out_words(sim, g, f->pool ? 0 : y, f->pool ? 0 : x, groups, words))
      return false;
    sim_clock_hold(sim, clock, e + i + latency, sim_access_cycles(sim, words, groups));
    for (uint32_t k = 0; k < groups; k++)
      out_mask |= sim_section_bit(sim, words[k]);
  }
  uint64_t last = e + g->n - 1;
  if (res_mask)
    sim_clock_span(sim, clock, SIM_RESIDUAL, res_mask, e, last, g->cmd);
  if (out_mask)
    sim_clock_span(sim, clock, SIM_OUT, out_mask, (f->pool ? last : e) + latency, last + latency,
                   g->cmd);
  return true;
}

/* The left edge's words, checked: consecutive, so they never meet in a bank. */
static bool left_words(Sim *sim, const SimGemm *g, uint32_t groups, uint32_t *first,
                       uint32_t *mask) {
  const StosCmd_gemm *f = g->f;
  int64_t offset = outer_sum(g, f->o_left) + (int64_t)g->m * f->left_m;
  uint32_t last;
  uint64_t count = g->words * sim->lanes * groups;
  if (!sim_word(sim, g->cmd, "left", f->left, offset, 0, 0, first) ||
      !sim_word(sim, g->cmd, "left", f->left, offset + (int64_t)count - 1, 0, 0, &last))
    return false;
  *mask = 0;
  for (uint32_t section = *first / sim->section_words; section <= last / sim->section_words;
       section++)
    *mask |= 1u << section;
  return true;
}

/* When the next tile may start, the array is empty, and what is signalled (M-GEMM-4). */
static void time_order(Sim *sim, SimGemm *g, uint64_t s, uint64_t drain, uint64_t e, int ended) {
  SimArray *a = &sim->array;
  const StosTarget *target = sim->target;
  const StosCmd_gemm *f = g->f;
  uint64_t steps = g->words * sim->lanes;
  a->issue_end = a->next_start = s + steps;
  a->drain_free = f->hold_back || !target->overlap ? 0 : s + steps + g->n;
  if (!target->overlap && !f->hold_back)
    a->next_start = drain + target->cols;
  a->empty =
      target->overlap ? s + steps + g->n + target->rows + target->cols - 2 : drain + target->cols;

  uint64_t read = s + steps - 1, top_last = s + g->n - 1 + steps - sim->lanes;
  read = top_last > read ? top_last : read;
  sim_clock_close(sim, &a->clock, g->reads, read);
  uint64_t done = read;
  if (!f->hold_back) {
    uint64_t last = e + g->n - 1;
    read = f->res_use && last > read ? last : read;
    done = last + target->post_latency;
  }
  sim_clock_signals(sim, &a->clock, g->cmd, ended, read, done);
  sim_clock_close(sim, &a->clock, g->late, read);
  sim_clock_close(sim, &a->clock, g->writes, done);
}

/* Chunks of one chain have the same shape and nothing between them (M-GEMM-5). */
static bool check_chain(Sim *sim, const SimGemm *g) {
  SimArray *a = &sim->array;
  const StosCmd_gemm *f = g->f;
  if (f->keep != a->open_chain)
    return sim_error(sim, g->cmd, "%s (M-GEMM-5)",
                     f->keep ? "keep without a chunk before it; expected hold_back there"
                             : "the chunk before it was never drained; expected keep here");
  if (f->keep && (a->chain_n != g->n || a->chain_rows != f->rows_total))
    return sim_error(sim, g->cmd,
                     "a chunk of %u pixels and %u rows; expected %u and %u as in the "
                     "chunk before it (M-GEMM-5)",
                     g->n, f->rows_total, a->chain_n, a->chain_rows);
  a->open_chain = f->hold_back;
  a->chain_n = g->n;
  a->chain_rows = f->rows_total;
  return true;
}

/* To the next tile; the outermost level that ended, 0 when all is done. */
static int advance(SimGemm *g) {
  const StosCmd_gemm *f = g->f;
  if (++g->tile < g->tiles)
    return 5;
  g->tile = 0;
  if (++g->m < g->m_blocks)
    return 4;
  g->m = 0;
  for (int i = 2; i >= 0; i--) {
    if (++g->o[i] < f->o[i])
      return i + 1;
    g->o[i] = 0;
  }
  return 0;
}

bool sim_gemm_tile(Sim *sim, SimGemm *g, uint64_t s, bool *more) {
  const StosTarget *target = sim->target;
  const StosCmd_gemm *f = g->f;
  choose_pixels(g);
  if (!check_chain(sim, g))
    return false;
  uint32_t rows = rows_of(sim, g), left, mask;
  uint32_t groups = (uint32_t)fuse_ceil_div(rows, sim->lanes);
  uint64_t steps = g->words * sim->lanes;
  g->reads = sim_record_open(sim, g->cmd, STOS_QUEUE_ARRAY);
  g->late = sim_record_open(sim, g->cmd, STOS_QUEUE_ARRAY);
  g->writes = sim_record_open(sim, g->cmd, STOS_QUEUE_ARRAY);
  if (!left_words(sim, g, groups, &left, &mask))
    return false;
  SimTopTile *top = push_top(sim, g, s);
  sim_clock_span(sim, &sim->array.clock, SIM_LEFT, mask, s, s + steps - 1, g->cmd);
  int64_t entry = f->param + (int64_t)g->m * target->rows + outer_sum(g, f->o_param);
  if (!sim_post_params(sim, &g->post, entry, 0, rows, g->writes) ||
      !sim_post_params(sim, &g->post2, entry, 0, rows, g->writes))
    return false;
  if (sim->values && (!accumulate(sim, g, top, left, groups) ||
                      (!f->hold_back && !post_tile(sim, g, groups, rows))))
    return false;

  uint64_t drain = s + steps + (target->overlap ? g->n - 1 : target->rows + target->cols - 2);
  uint64_t e = drain + (target->cols - g->n) + (target->overlap ? target->rows - 1 : 0);
  if (!f->hold_back && !time_results(sim, g, e, groups))
    return false;
  sim->result->cmds[g->cmd].macs += steps * rows * g->n;
  SimGemm ended = *g;
  g->level = advance(g);
  time_order(sim, &ended, s, drain, e, g->level);
  *more = g->level != 0;
  return true;
}
