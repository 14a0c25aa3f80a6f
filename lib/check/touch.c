// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* touch.c - what the commands have in common: windows (M-OP-3), boxes, parameters, DMA, host calls.
 *
 * gives: each word of an operand once, not as often as the machine reads it
 */
#include <string.h>

#include "check_private.h"

/* ---- windows ---- */

void stos_check_axis_begin(Axis *axis, uint32_t limit) {
  axis->limit = (int32_t)limit;
  axis->n_runs = 0;
  memset(axis->marks, 0, limit);
}

bool stos_check_axis_mark(Checker *c, Axis *axis, int64_t base, uint32_t n, int64_t stride,
                          uint32_t n_k, int64_t step) {
  if (!stos_check_spend(c, (uint64_t)n * n_k))
    return false;
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < n_k; k++) {
      int64_t at = base + i * stride + k * step;
      if (at >= 0 && at < axis->limit)
        axis->marks[at] = 1;
    }
  return true;
}

void stos_check_axis_end(Axis *axis) {
  axis->n_runs = 0;
  for (int32_t i = 0; i < axis->limit; i++) {
    if (!axis->marks[i])
      continue;
    int32_t first = i;
    while (i < axis->limit && axis->marks[i])
      i++;
    axis->runs[axis->n_runs++] = (Run){first, i - first};
  }
}

bool stos_check_window(Checker *c, const Window *window, int64_t offset) {
  if (!stos_check_spend(c, CHECK_CALL_WORK))
    return false;
  for (int r = 0; r < c->lines.n_runs; r++) {
    Run lines = c->lines.runs[r];
    for (int32_t iy = lines.first; iy < lines.first + lines.count; iy++)
      for (int i = 0; i < c->pixels.n_runs; i++) {
        Run run = c->pixels.runs[i];
        if (!stos_check_ring_words(c, window->operand, window->base, window->ring_size,
                                   window->ring_start,
                                   offset + iy * window->line + run.first * window->pixel,
                                   window->pixel, (uint64_t)run.count))
          return false;
      }
  }
  return true;
}

Box stos_check_box_window(const Window *window, uint32_t ih, uint32_t iw) {
  if (window->ring_size)
    return (Box){window->base, window->base + window->ring_size - 1};
  Box box = {window->base, window->base};
  return stos_check_box_add(stos_check_box_add(box, window->line, ih), window->pixel, iw);
}

Box stos_check_box_target(const Target *target, int64_t ny, int64_t nx, int64_t blocks) {
  Box box = {target->base, target->base};
  box = stos_check_box_add(box, target->line, ny);
  return stos_check_box_add(stos_check_box_add(box, target->pixel, nx), target->block, blocks);
}

/* ---- parameters and tables ---- */

bool stos_check_post(Checker *c, const StosPost *post, size_t n, int64_t first, uint64_t count) {
  bool is_i8 = c->program->cmds[c->command].dtype == FUSE_I8;
  bool uses_params = false;
  for (size_t i = 0; i < n && post[i].code != STOS_POST_NOP; i++) {
    const StosPostInfo *info = stos_post_info(post[i].code);
    uses_params |= strchr(is_i8 ? info->operands_i8 : info->operands_f32, 'c') != NULL;
    if (post[i].code == STOS_POST_LUT && !stos_check_entries(c, &c->luts, false, post[i].imm, 1))
      return false;
  }
  return !uses_params || stos_check_entries(c, &c->params, false, first, count);
}

/* ---- LOAD and STORE ---- */

typedef struct Dma {
  const StosCmd_load *x;
  bool is_load;
  uint32_t unit_bytes;
} Dma;

static bool chip_side(Checker *c, const Dma *dma, int64_t offset) {
  static const Operand load = {"chip", STREAM_LOAD}, store = {"chip", STREAM_STORE};
  const StosCmd_load *x = dma->x;
  switch (x->space) {
  case STOS_SPACE_PARAM: return stos_check_entries(c, &c->params, true, x->chip + offset, x->run);
  case STOS_SPACE_LUT: return stos_check_entries(c, &c->luts, true, x->chip + offset, x->run);
  default:
    return stos_check_ring_words(c, dma->is_load ? &load : &store, x->chip, x->ring_size,
                                 x->ring_start, offset, 1, x->run);
  }
}

/* Reads before writes. */
static bool dma_run(Checker *c, const Dma *dma, int64_t chip, int64_t dram) {
  const StosCmd_load *x = dma->x;
  int64_t bytes = (x->dram + dram) * dma->unit_bytes;
  uint64_t count = (uint64_t)x->run * dma->unit_bytes;
  if (!stos_check_spend(c, CHECK_CALL_WORK))
    return false;
  if (!dma->is_load)
    return chip_side(c, dma, chip) && stos_check_bytes(c, x->region, true, bytes, count);
  return (x->fill || stos_check_bytes(c, x->region, false, bytes, count)) &&
         chip_side(c, dma, chip);
}

bool stos_check_dma(Checker *c, const StosCmd_load *x, bool is_load, const Part *part) {
  static const uint32_t unit_bytes[] = {0, STOS_PARAM_BYTES, STOS_LUT_BYTES};
  Dma dma = {x, is_load, x->space ? unit_bytes[x->space] : c->word_bytes};
  uint32_t n[4];
  for (n[0] = part->first[0]; n[0] < part->end[0]; n[0]++)
    for (n[1] = part->first[1]; n[1] < part->end[1]; n[1]++)
      for (n[2] = part->first[2]; n[2] < part->end[2]; n[2]++)
        for (n[3] = part->first[3]; n[3] < part->end[3]; n[3]++) {
          int64_t chip = 0, dram = 0;
          for (int v = 0; v < 4; v++) {
            chip += (int64_t)n[v] * x->chip_stride[v];
            dram += (int64_t)n[v] * x->dram_stride[v];
          }
          if (!dma_run(c, &dma, chip, dram))
            return false;
        }
  return true;
}

/* ---- HOST ---- */

bool stos_check_host(Checker *c, const StosCmd_host *x) {
  const StosCheckCall *call = &c->calls[x->call];
  for (int written = 0; written < 2; written++)
    for (size_t i = 0; i < call->n_tensors; i++) {
      const StosCheckTensor *tensor = &call->tensors[i];
      if (tensor->written == (bool)written &&
          !stos_check_bytes(c, (int)tensor->region, tensor->written,
                            (int64_t)tensor->span.offset_bytes, tensor->span.size_bytes))
        return false;
    }
  return true;
}
