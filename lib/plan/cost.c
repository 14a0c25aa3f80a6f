// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* cost.c - cycles of a layer in each mapping, and the cheapest.
 *
 * The formulas are those of docs/machine.md for a whole layer whose data are at hand; bank
 * conflicts, tile borders in the other direction and DRAM are left out here and counted by the
 * simulator. Bounds: docs/planner.md.
 */
#include <string.h>

#include "plan_private.h"

static const char *const mapping_names[] = {
    [FUSE_MAP_GEMM] = "gemm",     [FUSE_MAP_BLOCK_DIAGONAL] = "block-diagonal",
    [FUSE_MAP_STREAM] = "stream", [FUSE_MAP_HOLD] = "hold",
    [FUSE_MAP_VECTOR] = "vector", [FUSE_MAP_HOST] = "host",
};

const char *fuse_mapping_name(FuseMapping mapping) {
  return mapping_names[mapping];
}

bool fuse_mapping_find(const char *name, size_t length, FuseMapping *mapping) {
  for (size_t i = 0; i < FUSE_COUNTOF(mapping_names); i++)
    if (strlen(mapping_names[i]) == length && memcmp(mapping_names[i], name, length) == 0) {
      *mapping = (FuseMapping)i;
      return true;
    }
  return false;
}

/* Tiles of all pixels, T steps each, for one row block (M-GEMM-4 for equal T). */
static uint64_t gemm_cycles(int64_t pixels, int64_t steps, const StosTarget *t) {
  int64_t tiles = fuse_ceil_div(pixels, t->cols), rest = pixels - (tiles - 1) * t->cols;
  if (!t->overlap)
    return (uint64_t)(tiles * (steps + t->rows + 2 * t->cols - 2));
  return (uint64_t)((tiles - 1) * fuse_max(steps, t->cols) + fuse_max(steps, rest));
}

static int64_t pixels_of(const FuseLayer *layer, const FusePlanNet *net) {
  return net->storages[layer->out.storage].n * layer->out_h * layer->out_w;
}

static uint64_t conv_cycles(const FuseLayer *layer, const FusePlanNet *net, const StosTarget *t) {
  int64_t steps = t->lanes * layer->kh * layer->kw * plan_blocks(layer->in.c, t);
  return (uint64_t)fuse_ceil_div(layer->out.c, t->rows) *
         gemm_cycles(pixels_of(layer, net), steps, t);
}

/* Cycles beyond one each that the top edge's accesses of a tile of n pixels take: columns c,
 * c + lanes, ... read successive words of their pixels in one cycle (M-GEMM-3). */
static int64_t tile_conflicts(const FuseLayer *l, const FuseStorage *in, int64_t first, int64_t n,
                              int64_t nkc, const StosTarget *t) {
  int64_t words = l->kh * l->kw * nkc, column_groups = t->cols / t->lanes, extra = 0;
  int64_t block = plan_block_pitch(in->h * in->w, t);
  for (int64_t c = 0; c < t->lanes; c++)
    for (int64_t j = 0; j < words + column_groups - 1; j++) {
      PlanAccess access = {.most = 1};
      for (int64_t k = fuse_max(0, j - words + 1); k <= fuse_min(j, column_groups - 1); k++) {
        int64_t pixel = first + n - 1 - c - k * t->lanes, tap = (j - k) / nkc;
        if (pixel < first)
          break;
        int64_t y = pixel / l->out_w * l->stride_y + tap / l->kw * l->dil_y;
        int64_t x = pixel % l->out_w * l->stride_x + tap % l->kw * l->dil_x;
        plan_access_add(&access, y * in->w + x + (j - k) % nkc * block, t);
      }
      extra += access.most - 1;
    }
  return extra;
}

/* The same for all tiles of a row block, from some of them. */
static int64_t image_conflicts(const FuseLayer *l, const FusePlanNet *net, int64_t nkc,
                               const StosTarget *t) {
  enum { SAMPLES = 8 };
  int64_t pixels = l->out_h * l->out_w, tiles = fuse_ceil_div(pixels, t->cols);
  int64_t samples = fuse_min(tiles, SAMPLES), extra = 0;
  for (int64_t i = 0; i < samples; i++) {
    int64_t first = i * tiles / samples * t->cols;
    extra += tile_conflicts(l, &net->storages[l->in.storage], first,
                            fuse_min(t->cols, pixels - first), nkc, t);
  }
  return extra * tiles / samples * net->storages[l->out.storage].n;
}

static uint64_t block_diagonal_cycles(const FuseLayer *layer, const FusePlanNet *net,
                                      const StosTarget *t) {
  int64_t pixels = pixels_of(layer, net), kernel = layer->kh * layer->kw;
  int64_t full = layer->out.c / t->rows, rest = layer->out.c % t->rows;
  uint64_t cycles = (uint64_t)full * gemm_cycles(pixels, kernel * t->rows, t);
  cycles +=
      (uint64_t)(fuse_ceil_div(layer->out.c, t->rows) *
                 image_conflicts(layer, net,
                                 fuse_min(stos_row_groups(t), plan_blocks(layer->out.c, t)), t));
  return rest ? cycles + gemm_cycles(pixels, kernel * t->lanes * plan_blocks(rest, t), t) : cycles;
}

static uint64_t vector_cycles(const FuseLayer *layer, const FusePlanNet *net, const StosTarget *t) {
  int64_t blocks = plan_blocks(layer->out.c, t), groups = stos_row_groups(t);
  int64_t images = net->storages[layer->out.storage].n, pixels = layer->out_h * layer->out_w;
  int64_t chunks = pixels == 1 ? fuse_ceil_div(blocks, groups)
                               : blocks * layer->out_h * fuse_ceil_div(layer->out_w, groups);
  return (uint64_t)(images * chunks * layer->kh * layer->kw);
}

/* A field of the encoding holds at most this (isa.def). */
static bool window_fits(const FuseLayer *layer, const FusePlanNet *net) {
  const FuseStorage *in = &net->storages[layer->in.storage];
  return in->h <= UINT16_MAX && in->w <= UINT16_MAX && layer->out_h <= UINT16_MAX &&
         layer->out_w <= UINT16_MAX && layer->stride_y <= UINT8_MAX &&
         layer->stride_x <= UINT8_MAX && layer->pad_top <= INT16_MAX / 2 &&
         layer->pad_left <= INT16_MAX / 2 && layer->pad_top >= INT16_MIN / 2 &&
         layer->pad_left >= INT16_MIN / 2;
}

static bool kernel_fits(const FuseLayer *layer) {
  return layer->kh <= UINT8_MAX && layer->kw <= UINT8_MAX && layer->dil_y <= UINT8_MAX &&
         layer->dil_x <= UINT8_MAX;
}

/* One row block's weights must leave room for the rest of a tile, twice. */
static bool diagonal_fits(const FuseLayer *layer, const StosTarget *t) {
  return layer->kh * layer->kw * t->rows * stos_row_groups(t) <= t->scratchpad_words / 8;
}

/* Taps are visited by phase along the direction in which the rows move. The op's order is by phase
 * of x; of y where the kernel has one column (docs/dialects.md, F3). Sums of integers wrap: any
 * order gives them. */
static bool order_kept(const FuseLayer *layer, bool column) {
  bool one_column = layer->kw == 1;
  if (layer->dtype == FUSE_I8)
    return true;
  return column ? one_column : !one_column || layer->kh == 1 || layer->stride_y == 1;
}

uint64_t fuse_plan_cycles(const FuseLayer *layer, const FusePlanNet *net, FuseMapping mapping,
                          bool column, const StosTarget *target) {
  if (!window_fits(layer, net) || (layer->kind != FUSE_LAYER_VECTOR && !kernel_fits(layer)))
    return UINT64_MAX;
  if (layer->kind == FUSE_LAYER_DEPTHWISE && !order_kept(layer, column))
    return UINT64_MAX;
  switch (mapping) {
  case FUSE_MAP_GEMM: return conv_cycles(layer, net, target);
  case FUSE_MAP_BLOCK_DIAGONAL:
    return diagonal_fits(layer, target) ? block_diagonal_cycles(layer, net, target) : UINT64_MAX;
  case FUSE_MAP_VECTOR: return vector_cycles(layer, net, target);
  case FUSE_MAP_HOST: return UINT64_MAX;
  case FUSE_MAP_STREAM:
  case FUSE_MAP_HOLD: break;
  }
  PlanRowConv conv = plan_row_conv(layer, net, column, target);
  PlanGrouping grouping;
  if (layer->dil_y != 1 || layer->dil_x != 1 ||
      !plan_best_grouping(&conv, plan_blocks(layer->out.c, target), mapping == FUSE_MAP_HOLD,
                          target, &grouping))
    return UINT64_MAX;
  return (uint64_t)net->storages[layer->out.storage].n * grouping.cycles;
}

static uint64_t tensor_words(const FusePlanNet *net, FusePlanTensor tensor, const StosTarget *t) {
  const FuseStorage *s = &net->storages[tensor.storage];
  return (uint64_t)(s->n * plan_blocks(tensor.c, t) * s->h * s->w);
}

/* The resources that no schedule of the layer can do without. */
static FuseCost cost_of(const FuseLayer *layer, const FusePlanNet *net, uint64_t cycles,
                        const StosTarget *t) {
  uint64_t pixels = (uint64_t)pixels_of(layer, net), groups = stos_row_groups(t);
  uint64_t per_pixel =
      (uint64_t)(layer->kh * layer->kw) * (uint64_t)(layer->kind == FUSE_LAYER_CONV ? layer->in.c
                                                     : layer->kind == FUSE_LAYER_DEPTHWISE ? 1
                                                                                           : 0);
  uint64_t in_words = tensor_words(net, layer->in, t),
           out_words = pixels * (uint64_t)plan_blocks(layer->out.c, t);
  uint64_t words = in_words + (layer->pool ? 0 : out_words);
  if (layer->residual != FUSE_RES_NONE)
    words += tensor_words(net, layer->res, t);
  uint64_t bytes = layer->weights >= 0
                       ? net->data[layer->weights].size_bytes / fuse_dtype_bytes(layer->dtype)
                       : 0;
  FuseCost cost = {.cycles = cycles, .macs = pixels * per_pixel * (uint64_t)layer->out.c};
  cost.dram_beats = (words * t->lanes + bytes) / t->dram_elems;
  uint64_t ports = layer->kind == FUSE_LAYER_CONV ? 0 : in_words / groups;
  uint64_t drain = pixels * (uint64_t)fuse_ceil_div(layer->out.c, t->rows);
  uint64_t multiply = cost.macs / ((uint64_t)t->rows * t->cols);
  const uint64_t bounds[] = {ports, drain, multiply, cost.dram_beats};
  for (size_t i = 0; i < FUSE_COUNTOF(bounds); i++)
    cost.bound_cycles = bounds[i] > cost.bound_cycles ? bounds[i] : cost.bound_cycles;
  return cost;
}

FuseCost fuse_plan_cost(const FuseLayer *layer, const FusePlanNet *net, const StosTarget *target) {
  if (layer->kind == FUSE_LAYER_HOST)
    return (FuseCost){0};
  return cost_of(layer, net, fuse_plan_cycles(layer, net, layer->mapping, layer->column, target),
                 target);
}

bool fuse_plan_map(FuseLayer *layer, const FusePlanNet *net, const StosTarget *target,
                   FuseCost *cost) {
  static const struct {
    FuseLayerKind kind;
    FuseMapping mapping;
    bool column;
  } candidates[] = {
      {FUSE_LAYER_CONV, FUSE_MAP_GEMM, false},
      {FUSE_LAYER_DEPTHWISE, FUSE_MAP_STREAM, false},
      {FUSE_LAYER_DEPTHWISE, FUSE_MAP_STREAM, true},
      {FUSE_LAYER_DEPTHWISE, FUSE_MAP_HOLD, false},
      {FUSE_LAYER_DEPTHWISE, FUSE_MAP_HOLD, true},
      {FUSE_LAYER_DEPTHWISE, FUSE_MAP_BLOCK_DIAGONAL, false},
      {FUSE_LAYER_DEPTHWISE, FUSE_MAP_BLOCK_DIAGONAL, true},
      {FUSE_LAYER_VECTOR, FUSE_MAP_VECTOR, false},
  };
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < FUSE_COUNTOF(candidates); i++) {
    if (candidates[i].kind != layer->kind ||
        (layer->kind == FUSE_LAYER_VECTOR && !plan_vector_fits(layer, net, target)))
      continue;
    uint64_t cycles =
        fuse_plan_cycles(layer, net, candidates[i].mapping, candidates[i].column, target);
    if (cycles < best) {
      best = cycles;
      layer->mapping = candidates[i].mapping;
      layer->column = candidates[i].column;
    }
  }
  if (best == UINT64_MAX)
    return false;
  *cost = cost_of(layer, net, best, target);
  return true;
}
