// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check_events.h - what a command reads and writes, one by one and in order, straight from the
 * formulas of docs/machine.md: no sets, no runs, no shared code with lib/check. */
#ifndef FUSE_TEST_CHECK_EVENTS_H
#define FUSE_TEST_CHECK_EVENTS_H

#include "check_program.h"

enum { CHIP_WORDS = 128, PARAM_ENTRIES = 16, ARENA_WORDS = 64, WORD_BYTES = 2 };
/* One space of addresses: scratchpad, parameters, arena. */
enum {
  AT_PARAM = CHIP_WORDS,
  AT_ARENA = AT_PARAM + PARAM_ENTRIES,
  N_CELLS = AT_ARENA + ARENA_WORDS
};

static const StosTarget small = {.name = "small",
                                 .rows = 4,
                                 .cols = 4,
                                 .lanes = 2,
                                 .broadcast = 1,
                                 .accumulators = 3,
                                 .shadow = 1,
                                 .segments = 2,
                                 .overlap = 1,
                                 .taps = 16,
                                 .scratchpad_words = CHIP_WORDS,
                                 .sections = 4,
                                 .param_entries = PARAM_ENTRIES,
                                 .luts = 1,
                                 .post_latency = 8,
                                 .dram_elems = 8,
                                 .dram_latency = 10,
                                 .queue_depth = 4,
                                 .clock_mhz = 1000};

/* In which of a queue's three orders. */
typedef enum Lane { OPERAND, RESIDUAL, RESULT, N_LANES } Lane;

typedef struct Event {
  uint16_t cell;
  uint8_t lane;
  bool is_write, is_second;     /* is_second: top edge, vector b */
  uint32_t operands, residuals; /* of this command that come before */
} Event;

typedef struct Events {
  Event *items;
  size_t n, capacity;
  uint32_t n_lane[N_LANES];
  bool outside; /* an address is */
} Events;

static void add(Events *e, int64_t cell, int64_t limit, int base, Lane lane, bool is_write,
                bool is_second) {
  if (cell < 0 || cell >= limit) {
    e->outside = true;
    return;
  }
  if (e->n == e->capacity) {
    e->capacity = e->capacity ? 2 * e->capacity : 64;
    e->items = realloc(e->items, e->capacity * sizeof *e->items);
  }
  e->items[e->n++] = (Event){.cell = (uint16_t)(base + cell),
                             .lane = (uint8_t)lane,
                             .is_write = is_write,
                             .is_second = is_second,
                             .operands = e->n_lane[OPERAND],
                             .residuals = e->n_lane[RESIDUAL]};
  e->n_lane[lane]++;
}

static void chip(Events *e, int64_t word, Lane lane, bool is_write, bool is_second) {
  add(e, word, CHIP_WORDS, 0, lane, is_write, is_second);
}

static int64_t on_ring(int64_t base, uint32_t size, uint32_t start, int64_t offset) {
  return size ? base + ((start + offset) % size + size) % size : base + offset;
}

#define SUM3(o, stride)                                                                            \
  ((int64_t)(o)[0] * (stride)[0] + (int64_t)(o)[1] * (stride)[1] + (int64_t)(o)[2] * (stride)[2])

#define PIXEL(e, x, iy, ix, extra, second)                                                         \
  do {                                                                                             \
    if ((iy) >= 0 && (iy) < (x)->ih && (ix) >= 0 && (ix) < (x)->iw)                                \
      chip(e,                                                                                      \
           on_ring((x)->in, (x)->ring_size, (x)->ring_start,                                       \
                   (iy) * (x)->in_line + (ix) * (x)->in_pixel + (extra)),                          \
           OPERAND, false, second);                                                                \
  } while (0)

static bool uses_bias(const StosPost *post) {
  return post[0].code == STOS_POST_BIAS;
}

/* ---- LOAD, STORE ---- */

static void dma_events(Events *e, const StosCmd_load *x, bool is_load) {
  for (int a = 0; a < x->n[0]; a++)
    for (int b = 0; b < x->n[1]; b++)
      for (int64_t r = 0; r < x->run; r++) {
        int64_t dram = (int64_t)x->dram + a * x->dram_stride[0] + b * x->dram_stride[1] + r;
        int64_t word = on_ring(x->chip, x->ring_size, x->ring_start,
                               a * x->chip_stride[0] + b * x->chip_stride[1] + r);
        if (!is_load) {
          chip(e, word, OPERAND, false, false);
          add(e, dram, ARENA_WORDS, AT_ARENA, RESULT, true, false);
        } else {
          if (x->region == STOS_REGION_ARENA && !x->fill)
            add(e, dram, ARENA_WORDS, AT_ARENA, OPERAND, false, false);
          if (x->space == STOS_SPACE_PARAM)
            add(e, word, PARAM_ENTRIES, AT_PARAM, RESULT, true, false);
          else
            chip(e, word, RESULT, true, false);
        }
      }
}

/* ---- GEMM ---- */

static void gemm_tile(Events *e, const StosCmd_gemm *x, const int o[3], int m, int first, int n) {
  int rows = x->rows_total - m * 4 < 4 ? x->rows_total - m * 4 : 4, groups = (rows + 1) / 2;
  int step = 0;
  for (int kh = 0; kh < x->nkh; kh++)
    for (int kw = 0; kw < x->nkw; kw++)
      for (int kc = 0; kc < x->nkc; kc++) {
        for (int l = 0; l < 2; l++, step++)
          for (int g = 0; g < groups; g++)
            chip(e, x->left + SUM3(o, x->o_left) + (int64_t)m * x->left_m + step * groups + g,
                 OPERAND, false, false);
        for (int p = first; p < first + n; p++) {
          int64_t iy = p / x->nx * x->stride_y + kh * x->dil_y + x->y0 + SUM3(o, x->o_dy);
          int64_t ix = p % x->nx * x->stride_x + kw * x->dil_x + x->x0 + SUM3(o, x->o_dx);
          PIXEL(e, x, iy, ix, (int64_t)kc * x->in_block + (int64_t)m * x->in_m + SUM3(o, x->o_in),
                true);
        }
      }
  for (int p = first; p < first + n; p++) {
    int64_t y = p / x->nx, px = p % x->nx;
    for (int g = 0; x->res_use && g < groups; g++)
      chip(e,
           x->res + y * x->res_line + px * x->res_pixel + (int64_t)(m * 2 + g) * x->res_block +
               SUM3(o, x->o_res),
           RESIDUAL, false, false);
    for (int r = 0; uses_bias(x->post) && r < rows; r++)
      add(e, x->param + m * 4 + r + SUM3(o, x->o_param), PARAM_ENTRIES, AT_PARAM, RESULT, false,
          false);
    bool last = p == x->ny * x->nx - 1;
    for (int g = 0; (!x->pool || last) && g < groups; g++)
      chip(e,
           x->out + (x->pool ? 0 : y * x->out_line + px * x->out_pixel) +
               (int64_t)(m * 2 + g) * x->out_block + SUM3(o, x->o_out),
           RESULT, true, false);
  }
}

static void gemm_events(Events *e, const StosCmd_gemm *x) {
  int o[3];
  for (o[0] = 0; o[0] < x->o[0]; o[0]++)
    for (o[1] = 0; o[1] < x->o[1]; o[1]++)
      for (o[2] = 0; o[2] < x->o[2]; o[2]++)
        for (int m = 0; m * 4 < x->rows_total; m++)
          for (int p = 0, n; p < x->ny * x->nx; p += n) {
            int end = x->wrap ? x->ny * x->nx : (p / x->nx + 1) * x->nx;
            n = p + x->tile < end ? x->tile : end - p;
            gemm_tile(e, x, o, m, p, n);
          }
}

/* ---- CONV1D ---- */

/* The inputs of one line of one row: phase by phase (M-CONV-4, M-CONV-6). */
static void conv1d_line(Events *e, const StosCmd_conv1d *x, int64_t iy, int64_t left, int64_t dx,
                        int64_t extra) {
  int s = x->stride_x;
  if (!x->hold && s == 1) {
    int n = x->nkw - 1;
    for (int t = 0; t < x->nx; t += x->tile) {
      int columns = x->nx - t < x->tile ? x->nx - t : x->tile;
      n += columns > x->nkw ? columns : x->nkw;
    }
    for (int i = 0; i < n; i++)
      PIXEL(e, x, iy, left + i + dx, extra, false);
    return;
  }
  for (int t = 0; t < x->nx; t += x->tile)
    for (int p = 0; p < s && p < x->nkw; p++) {
      int n = x->nx - t < x->tile ? x->nx - t : x->tile, k_p = (x->nkw - p + s - 1) / s;
      for (int i = 0; i < n + k_p - 1; i++)
        PIXEL(e, x, iy, (left + t + i) * s + p + dx, extra, false);
    }
}

/* Columns from one piece to the next: less by the zeros at both ends that all ranges have. */
static int conv1d_spacing(const StosCmd_conv1d *x) {
  int s = x->stride_x, halo = (x->nkw + s - 1) / s - 1, shared = halo, o[3];
  for (o[0] = 0; o[0] < x->o[0]; o[0]++)
    for (o[1] = 0; o[1] < x->o[1]; o[1]++)
      for (o[2] = 0; o[2] < x->o[2]; o[2]++)
        for (int gt = 0; gt < x->n_gt; gt++) {
          int first = x->x0 + gt * x->nx * s + SUM3(o, x->o_dx), z = 0;
          while (z < shared && first + (z + 1) * s <= 0 &&
                 first + (x->nx + halo - 1 - z) * s >= x->iw)
            z++;
          shared = z;
        }
  return x->nx + halo - shared;
}

/* With pieces each has a band of its own: position i belongs to the piece on its left. */
static void conv1d_pieces(Events *e, const StosCmd_conv1d *x, int y, int first_band, int64_t left,
                          int64_t dy, int64_t dx, int64_t extra) {
  int s = x->stride_x, z = conv1d_spacing(x), n = (x->pieces - 1) * z + x->nx;
  for (int p = 0; p < s && p < x->nkw; p++)
    for (int i = 0; i < n + (x->nkw - p + s - 1) / s - 1; i++) {
      int piece = i / z < x->pieces ? i / z : x->pieces - 1;
      for (int kh = 0; kh < x->nkh; kh++) {
        int64_t iy = (int64_t)((first_band + piece) * x->ny + y) * x->stride_y + kh + dy;
        PIXEL(e, x, iy, (left + i - piece * z) * s + p + dx, extra, false);
      }
    }
}

static void conv1d_wave(Events *e, const StosCmd_conv1d *x, const int o[3], int wave) {
  int64_t dy = x->y0 + SUM3(o, x->o_dy), dx = x->x0 + SUM3(o, x->o_dx);
#define GROUPS                                                                                     \
  for (int gc = 0; gc < x->n_gc; gc++)                                                             \
    for (int cb = wave * x->n_gc + gc; cb < x->blocks; cb += x->blocks)                            \
      for (int gb = 0; gb < x->n_gb; gb++)                                                         \
        for (int gt = 0; gt < x->n_gt; gt++)
  GROUPS for (int k = 0; k < x->nkh * x->nkw; k++)
      chip(e, x->taps + (int64_t)cb * x->taps_block + k + SUM3(o, x->o_taps), OPERAND, false, true);
  for (int y = 0; y < x->ny; y++) {
    GROUPS for (int seg = 0; seg < x->n_seg; seg++) {
      int band = (gb * x->n_seg + seg) * x->pieces;
      int64_t extra = (int64_t)cb * x->in_block + SUM3(o, x->o_in);
      if (x->pieces > 1)
        conv1d_pieces(e, x, y, band, gt * x->nx, dy, dx, extra);
      for (int kh = 0; x->pieces == 1 && kh < x->nkh; kh++)
        conv1d_line(e, x, (int64_t)(band * x->ny + y) * x->stride_y + kh + dy, gt * x->nx, dx,
                    extra);
    }
    for (int seg = x->n_seg; seg-- > 0;)
      for (int i = 0; i < x->pieces * x->nx; i++)
        for (int write = 0; write < 2; write++)
          GROUPS {
            int oy = ((gb * x->n_seg + seg) * x->pieces + i / x->nx) * x->ny + y;
            int ox = gt * x->nx + i % x->nx;
            if (oy >= x->ny_total || ox >= x->nx_total)
              continue;
            if (!write && x->res_use)
              chip(e,
                   x->res + (int64_t)oy * x->res_line + ox * x->res_pixel + cb * x->res_block +
                       SUM3(o, x->o_res),
                   RESIDUAL, false, false);
            for (int l = 0; write && uses_bias(x->post) && l < 2 && cb * 2 + l < x->channels; l++)
              add(e, x->param + cb * 2 + l + SUM3(o, x->o_param), PARAM_ENTRIES, AT_PARAM, RESULT,
                  false, false);
            if (write)
              chip(e,
                   x->out + (int64_t)oy * x->out_line + ox * x->out_pixel + cb * x->out_block +
                       SUM3(o, x->o_out),
                   RESULT, true, false);
          }
  }
}

static void conv1d_events(Events *e, const StosCmd_conv1d *x) {
  int o[3];
  for (o[0] = 0; o[0] < x->o[0]; o[0]++)
    for (o[1] = 0; o[1] < x->o[1]; o[1]++)
      for (o[2] = 0; o[2] < x->o[2]; o[2]++)
        for (int wave = 0; wave < x->waves; wave++)
          conv1d_wave(e, x, o, wave);
}

/* ---- VECTOR ---- */

static void vector_pixel(Events *e, const StosCmd_vector *x, int o0, int o1, int y, int px) {
  for (int ky = 0; ky < x->nky; ky++)
    for (int kx = 0; kx < x->nkx; kx++) {
      int64_t iy = y * x->stride_y + ky + x->y0 + o1 * x->o1_dy;
      int64_t ix = px * x->stride_x + kx + x->x0 + o1 * x->o1_dx;
      PIXEL(e, x, iy, ix, (int64_t)o0 * x->in_block + (int64_t)o1 * x->o1_in, false);
    }
  if (x->res_use)
    chip(e,
         x->res + (int64_t)y * x->res_line + (int64_t)px * x->res_pixel +
             (int64_t)o0 * x->res_block + (int64_t)o1 * x->o1_res,
         OPERAND, false, true);
}

static void vector_result(Events *e, const StosCmd_vector *x, int o0, int o1, int y, int px) {
  for (int l = 0; uses_bias(x->post) && l < 2 && o0 * 2 + l < x->channels; l++)
    add(e, x->param + o0 * 2 + l, PARAM_ENTRIES, AT_PARAM, RESULT, false, false);
  chip(e,
       x->out + (int64_t)y * x->out_line + (int64_t)px * x->out_pixel + (int64_t)o0 * x->out_block +
           (int64_t)o1 * x->o1_out,
       RESULT, true, false);
}

/* Two row groups: chunks of two pixels or two channel blocks. */
static void vector_events(Events *e, const StosCmd_vector *x) {
  int step0 = x->across ? 2 : 1, step_x = x->across ? 1 : 2;
  for (int a = 0; a < (x->across ? 1 : x->o[0]); a++)
    for (int o1 = 0; o1 < x->o[1]; o1++)
      for (int y = 0; y < x->ny; y++)
        for (int px = 0; px < x->nx; px += step_x)
          for (int b = a; b < (x->across ? x->o[0] : a + 1); b += step0) {
            for (int i = px; i < px + step_x && i < x->nx; i++)
              for (int o0 = b; o0 < b + step0 && o0 < x->o[0]; o0++)
                vector_pixel(e, x, o0, o1, y, i);
            for (int i = px; i < px + step_x && i < x->nx; i++)
              for (int o0 = b; o0 < b + step0 && o0 < x->o[0]; o0++)
                vector_result(e, x, o0, o1, y, i);
          }
}

static Events events_of(const StosCmd *cmd) {
  Events e = {0};
  switch (cmd->opcode) {
  case STOS_CMD_LOAD: dma_events(&e, &cmd->load, true); break;
  case STOS_CMD_STORE: dma_events(&e, &cmd->load, false); break;
  case STOS_CMD_GEMM: gemm_events(&e, &cmd->gemm); break;
  case STOS_CMD_CONV1D: conv1d_events(&e, &cmd->conv1d); break;
  case STOS_CMD_VECTOR: vector_events(&e, &cmd->vector); break;
  default: break;
  }
  return e;
}

#endif
