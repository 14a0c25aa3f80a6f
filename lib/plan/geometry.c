// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* geometry.c - a layer to fill in, pitches and windows.
 *
 * source: docs/machine.md, M-MEM-1, M-OP-3
 */
#include "plan_private.h"

FuseLayer fuse_plan_layer(FuseLayerKind kind, FuseDtype dtype) {
  return (FuseLayer){.kind = kind,
                     .dtype = dtype,
                     .in = {.storage = -1},
                     .out = {.storage = -1},
                     .res = {.storage = -1},
                     .kh = 1,
                     .kw = 1,
                     .stride_y = 1,
                     .stride_x = 1,
                     .dil_y = 1,
                     .dil_x = 1,
                     .weights = -1,
                     .params = -1,
                     .tables = -1,
                     .host_call = -1};
}

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

PlanRowConv plan_row_conv(const FuseLayer *layer, const FusePlanNet *net, bool column,
                          const StosTarget *target) {
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
                      .iy = in->h,
                      .in_line = in->w,
                      .out_line = layer->out_w,
                      .in_block = plan_block_pitch(in->h * in->w, target),
                      .out_block = plan_block_pitch(layer->out_h * layer->out_w, target)};
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
                       .iy = conv.ix,
                       .in_line = 1,
                       .out_line = 1,
                       .in_block = conv.in_block,
                       .out_block = conv.out_block};
}
