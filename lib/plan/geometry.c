// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* geometry.c - pitches, windows, and how CONV1D uses rows and columns.
 *
 * source: docs/machine.md, M-MEM-1, M-CONV-1 to M-CONV-8
 */
#include "plan_private.h"

int64_t plan_block_pitch(int64_t pixels, const StosTarget *target) {
  if (pixels == 1)
    return 1;
  int64_t q = fuse_ceil_div(pixels, target->lanes);
  return target->lanes * (q + (5 - q % 4) % 4);
}

void plan_input_range(int64_t o, int64_t n, int64_t kernel, int64_t stride, int64_t dilation,
                      int64_t pad, int64_t size, int64_t *first, int64_t *count) {
  int64_t low = fuse_max(0, o * stride - pad);
  int64_t high = fuse_min(size, (o + n - 1) * stride + (kernel - 1) * dilation + 1 - pad);
  *first = fuse_min(low, size - 1);
  *count = fuse_max(0, high - *first);
}

PlanRowConv plan_row_conv(const FuseLayer *layer, const FusePlanNet *net, bool column) {
  const FuseStorage *in = &net->storages[layer->in.storage];
  PlanRowConv conv = {.nx = layer->out_w,
                      .ny = layer->out_h,
                      .kx = layer->kw,
                      .ky = layer->kh,
                      .sx = layer->stride_x,
                      .sy = layer->stride_y,
                      .px = layer->pad_left,
                      .py = layer->pad_top,
                      .ix = in->w,
                      .iy = in->h};
  if (!column)
    return conv;
  return (PlanRowConv){.nx = conv.ny,
                       .ny = conv.nx,
                       .kx = conv.ky,
                       .ky = conv.kx,
                       .sx = conv.sy,
                       .sy = conv.sx,
                       .px = conv.py,
                       .py = conv.px,
                       .ix = conv.iy,
                       .iy = conv.ix};
}

/* Taps of phase p (M-CONV-4). */
static int64_t phase_taps(int64_t kernel, int64_t stride, int64_t phase) {
  return fuse_ceil_div(kernel - phase, stride);
}

/* One line of the stream schedule (M-CONV-6). */
static uint64_t stream_line(const PlanRowConv *conv, int64_t tile) {
  int64_t cycles = conv->sx == 1 ? conv->kx - 1 : 0;
  for (int64_t x = 0; x < conv->nx; x += tile) {
    int64_t n = fuse_min(tile, conv->nx - x);
    if (conv->sx == 1)
      cycles += fuse_max(n, conv->kx);
    else
      for (int64_t p = 0; p < fuse_min(conv->sx, conv->kx); p++)
        cycles += n - 1 + phase_taps(conv->kx, conv->sx, p);
  }
  return (uint64_t)cycles;
}

/* One band of b lines and one column tile of n in the hold schedule (M-CONV-7). */
static uint64_t hold_band(const PlanRowConv *conv, int64_t b, int64_t n, const StosTarget *target) {
  int64_t cycles = target->shadow ? n : 0;
  for (int64_t i = 0; i < (b - 1) * conv->sy + conv->ky; i++) {
    int64_t open = 0;
    for (int64_t o = fuse_max(0, fuse_ceil_div(i - conv->ky + 1, conv->sy));
         o < b && o * conv->sy <= i; o++)
      open++;
    if (open == 0)
      continue;
    for (int64_t p = 0; p < fuse_min(conv->sx, conv->kx); p++) {
      int64_t taps = phase_taps(conv->kx, conv->sx, p);
      cycles += target->shadow ? fuse_max(n + taps - 1, taps * open) : n - 1 + taps * open;
    }
  }
  return (uint64_t)cycles;
}

static uint64_t hold_wave(const PlanRowConv *conv, int64_t lines, int64_t tile,
                          const StosTarget *target) {
  int64_t rolling =
      fuse_ceil_div(conv->ky, conv->sy) <= target->accumulators ? lines : target->accumulators;
  uint64_t cycles = 0;
  for (int64_t x = 0; x < conv->nx; x += tile) {
    int64_t n = fuse_min(tile, conv->nx - x);
    cycles += (uint64_t)(lines / rolling) * hold_band(conv, rolling, n, target);
    if (lines % rolling)
      cycles += hold_band(conv, lines % rolling, n, target);
  }
  return cycles;
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
    for (int64_t n_gb = 1; n_gb <= groups; n_gb *= 2) {
      int64_t bands = n_gb * n_seg, lines = fuse_ceil_div(conv->ny, bands);
      if (bands > conv->ny)
        break;
      PlanGrouping g = {.n_gc = fuse_min(groups / n_gb, blocks),
                        .n_gb = n_gb,
                        .n_seg = n_seg,
                        .ny = lines,
                        .tile = fuse_min(conv->nx, target->cols / n_seg)};
      uint64_t wave = hold ? hold_wave(conv, lines, g.tile, target)
                           : (uint64_t)lines * stream_line(conv, g.tile);
      /* The next wave's taps are read while this one runs (M-CONV-5). */
      uint64_t taps = (uint64_t)(conv->kx * conv->ky);
      g.cycles = taps + (uint64_t)fuse_ceil_div(blocks, g.n_gc) * (wave > taps ? wave : taps);
      if (g.cycles < best->cycles)
        *best = g;
    }
  }
  return best->cycles != UINT64_MAX;
}
