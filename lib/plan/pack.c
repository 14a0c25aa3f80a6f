// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pack.c - plain weights to the words that the array's edges read in order.
 *
 * needs: weights [out_c][kh][kw][in_c] (dense) or [kh][kw][c] (depthwise), f32 or i8
 * gives: the layouts of M-GEMM-1 and M-CONV-2; lanes without a channel hold the weights' zero point
 * source: docs/machine.md
 */
#include <string.h>

#include "plan_private.h"

/* kernel column at position i of order(n, s): p, p + s, ... for p = 0..s-1. */
static int64_t column_at(int64_t i, int64_t n, int64_t s) {
  for (int64_t p = 0; p < s; p++) {
    int64_t taps = p < n ? fuse_ceil_div(n - p, s) : 0;
    if (i < taps)
      return p + i * s;
    i -= taps;
  }
  FUSE_ASSERT(!"position outside the kernel");
  return 0;
}

/* Tap of a depthwise layer's step: line after line, by phase along the direction in which the rows
 * move. */
static int64_t tap_at(const FuseLayer *layer, int64_t kh, int64_t kw, int64_t step) {
  if (layer->column)
    return column_at(step % kh, kh, layer->stride_y) * kw + step / kh;
  return step / kw * kw + column_at(step % kw, kw, layer->stride_x);
}

/* Room for packed elements, each the weights' zero point (0 in f32). */
static uint8_t *new_words(FuseArena *arena, const FuseTensor *weights, const FuseLayer *layer,
                          int64_t elems, size_t *bytes) {
  *bytes = (size_t)elems * fuse_dtype_bytes(weights->dtype);
  uint8_t *to = fuse_alloc(arena, *bytes);
  if (layer->w_zp)
    memset(to, layer->w_zp, *bytes);
  return to;
}

static void copy_elem(uint8_t *to, int64_t to_index, const FuseTensor *from, int64_t from_index) {
  size_t bytes = fuse_dtype_bytes(from->dtype);
  memcpy(to + (size_t)to_index * bytes, (const uint8_t *)from->data + (size_t)from_index * bytes,
         bytes);
}

/* Row groups of row block m. */
static int64_t groups_of(int64_t m, int64_t channels, const StosTarget *t) {
  return fuse_ceil_div(fuse_min(t->rows, channels - m * t->rows), t->lanes);
}

FusePlanData fuse_pack_conv(FuseArena *arena, const FuseTensor *weights, const FuseLayer *layer,
                            const StosTarget *target) {
  int64_t out_c = weights->shape[0], kh = weights->shape[1], kw = weights->shape[2],
          in_c = weights->shape[3];
  int64_t lanes = target->lanes, rows = target->rows, blocks = fuse_ceil_div(in_c, lanes);
  int64_t steps = kh * kw * blocks * lanes;
  size_t bytes;
  uint8_t *to =
      new_words(arena, weights, layer, plan_blocks(out_c, target) * steps * lanes, &bytes);
  for (int64_t o = 0; o < out_c; o++) {
    int64_t m = o / rows, r = o % rows, groups = groups_of(m, out_c, target);
    int64_t at = m * steps * rows + r / lanes * lanes + r % lanes; /* element of step 0 */
    for (int64_t k = 0; k < kh * kw; k++)
      for (int64_t c = 0; c < in_c; c++)
        copy_elem(to, at + (k * blocks * lanes + c) * groups * lanes, weights,
                  (o * kh * kw + k) * in_c + c);
  }
  return (FusePlanData){.bytes = to, .size_bytes = bytes};
}

/* Row block m of channels [m R, ...) sees only its own channel blocks; row r weighs nothing but
 * channel r. */
static FusePlanData pack_block_diagonal(FuseArena *arena, const FuseTensor *weights,
                                        const FuseLayer *layer, const StosTarget *target) {
  int64_t kh = weights->shape[0], kw = weights->shape[1], channels = weights->shape[2];
  int64_t lanes = target->lanes, rows = target->rows, elems = 0;
  for (int64_t m = 0; m * rows < channels; m++) {
    int64_t width = groups_of(m, channels, target) * lanes;
    elems += kh * kw * width * width;
  }
  size_t bytes;
  uint8_t *to = new_words(arena, weights, layer, elems, &bytes);
  int64_t base = 0;
  for (int64_t m = 0; m * rows < channels; m++) {
    int64_t width = groups_of(m, channels, target) * lanes;
    for (int64_t r = 0; r < fuse_min(rows, channels - m * rows); r++)
      for (int64_t k = 0; k < kh * kw; k++)
        copy_elem(to, base + (k * width + r) * width + r, weights,
                  tap_at(layer, kh, kw, k) * channels + m * rows + r);
    base += kh * kw * width * width;
  }
  return (FusePlanData){.bytes = to, .size_bytes = bytes};
}

/* Per channel block kh * kw words in the order of use. */
static FusePlanData pack_taps(FuseArena *arena, const FuseTensor *weights, const FuseLayer *layer,
                              const StosTarget *target) {
  int64_t kh = weights->shape[0], kw = weights->shape[1], channels = weights->shape[2],
          lanes = target->lanes;
  size_t bytes;
  uint8_t *to =
      new_words(arena, weights, layer, plan_blocks(channels, target) * kh * kw * lanes, &bytes);
  for (int64_t c = 0; c < channels; c++)
    for (int64_t k = 0; k < kh * kw; k++)
      copy_elem(to, (c / lanes * kh * kw + k) * lanes + c % lanes, weights,
                tap_at(layer, kh, kw, k) * channels + c);
  return (FusePlanData){.bytes = to, .size_bytes = bytes};
}

FusePlanData fuse_pack_depthwise(FuseArena *arena, const FuseTensor *weights,
                                 const FuseLayer *layer, const StosTarget *target) {
  if (layer->mapping == FUSE_MAP_BLOCK_DIAGONAL)
    return pack_block_diagonal(arena, weights, layer, target);
  return pack_taps(arena, weights, layer, target);
}

FusePlanData fuse_pack_params(FuseArena *arena, int64_t channels, const uint32_t *bias,
                              const uint32_t *scale, const uint32_t *shift, const uint32_t *aux) {
  const uint32_t *const columns[4] = {bias, scale, shift, aux};
  size_t bytes = (size_t)channels * STOS_PARAM_BYTES;
  uint8_t *to = fuse_alloc(arena, bytes);
  for (int64_t c = 0; c < channels; c++)
    for (int k = 0; k < 4; k++)
      fuse_put32(to + c * STOS_PARAM_BYTES + 4 * k, columns[k] ? columns[k][c] : 0);
  return (FusePlanData){.bytes = to, .size_bytes = bytes};
}
