// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* plan_private.h - what the files of lib/plan share: pitches, geometry, the tiler. */
#ifndef FUSE_PLAN_PRIVATE_H
#define FUSE_PLAN_PRIVATE_H

#include "fuse/plan.h"

/* ---- geometry.c ---- */

static inline int64_t plan_blocks(int64_t channels, const StosTarget *t) {
  return fuse_ceil_div(channels, t->lanes);
}

/* Words between channel blocks of `pixels` pixels in the scratchpad: lanes * q with q = 1 mod 4. In
 * a cycle the top edge reads pixel p at channel block j, p - lanes at j - 1, ... (M-GEMM-3): words
 * lanes * (q + stride) apart; a drained pixel is written to words lanes * q apart. With the bank
 * rule (M-MEM-1) k such steps are k * (lanes + 1) * (q + stride) banks apart, and for q = 1 mod 4
 * neither q nor q + 1 nor q + 2 is a multiple of 4: no two of RG words meet, at strides 1 and 2. */
int64_t plan_block_pitch(int64_t pixels, const StosTarget *target);

/* Words that a port reads or writes in one cycle: as many cycles as the fullest bank has (M-MEM-2).
 * The words are different ones; counted from a buffer's base, a multiple of lanes. */
typedef struct PlanAccess {
  int64_t most;
  uint16_t in_bank[256];
} PlanAccess;

static inline void plan_access_add(PlanAccess *a, int64_t word, const StosTarget *target) {
  uint32_t bank = stos_bank_of(target, (uint32_t)word);
  FUSE_ASSERT(bank < FUSE_COUNTOF(a->in_bank));
  a->most = fuse_max(a->most, ++a->in_bank[bank]);
}

/* Input lines [*first, *first + *count) that output lines [o, o + n) see, clipped to [0, size);
 * count 0: padding only. */
void plan_input_range(int64_t o, int64_t n, int64_t kernel, int64_t stride, int64_t dilation,
                      int64_t pad, int64_t size, int64_t *first, int64_t *count);

/* A CONV1D layer as its rows see it: x is the direction in which the line moves. */
typedef struct PlanRowConv {
  int64_t nx, ny, kx, ky, sx, sy, px, py, ix,
      iy; /* outputs, kernel, stride, pad before, input size */
  int64_t in_line, in_block, out_line, out_block; /* pitches in the scratchpad, words */
} PlanRowConv;
/* The whole layer, input and result resident. */
PlanRowConv plan_row_conv(const FuseLayer *layer, const FusePlanNet *net, bool column,
                          const StosTarget *target);

/* ---- grouping.c ---- */

/* How CONV1D's row groups and columns are used (M-CONV-1, M-CONV-3). */
typedef struct PlanGrouping {
  int64_t n_gc, n_gb, n_seg, pieces, tile, ny; /* ny: lines of a band */
  uint64_t cycles;
} PlanGrouping;
/* Cycles of one command over `blocks` channel blocks and the best grouping for it; lines [0, ny) of
 * the conv in one command. False when the target can't run it. */
bool plan_best_grouping(const PlanRowConv *conv, int64_t blocks, bool hold,
                        const StosTarget *target, PlanGrouping *best);
/* Words between channel blocks of taps, so that the groups of a wave read theirs with the fewest
 * bank conflicts. */
int64_t plan_tap_pitch(int64_t taps, int64_t blocks, const StosTarget *target);

/* Does the command compute? Loads run ahead of such commands, and time is counted in them. */
static inline bool plan_is_work(const FusePlanCmd *cmd) {
  int op = cmd->cmd.opcode;
  return op == STOS_CMD_GEMM || op == STOS_CMD_CONV1D || op == STOS_CMD_VECTOR ||
         op == STOS_CMD_HOST;
}

/* What a LOAD fills. */
static inline FusePlanRef plan_loaded_ref(const StosCmd_load *load) {
  return load->space == STOS_SPACE_PARAM ? FUSE_REF_PARAM
         : load->space == STOS_SPACE_LUT ? FUSE_REF_LUT
                                         : FUSE_REF_OUT;
}

/* ---- tile.c ---- */

/* Where a rectangle of a tensor lies for a command: word of (block, line, pixel) = base + block *
 * block_pitch + line * line_pitch + pixel. */
typedef struct PlanPlace {
  int buffer;
  int64_t base, line, block; /* words, relative to the buffer */
} PlanPlace;

/* A rectangle of one image of a tensor. */
typedef struct PlanRect {
  int64_t image, block, blocks, y, h, x, w; /* block relative to the tensor */
} PlanRect;

typedef struct PlanTiler {
  FuseArena *arena;
  const FusePlanNet *net;
  const StosTarget *target;
  FuseDiag *diag;
  FusePlanProgram *program;
  size_t cmd_capacity, buffer_capacity;
  FuseHome *home;      /* per storage, decided */
  int *storage_buffer; /* per storage */
  int *data_buffer;    /* per data, -1 until used */
  uint64_t word_bytes;
  int64_t free_words; /* scratchpad words that this layer may stream through */
  int tables;         /* buffer of this layer's look-up tables, -1: none */
  int *shrink;        /* per layer: tiles are made for this part of the room, after an
                         allocation failed */
} PlanTiler;

int plan_new_buffer(PlanTiler *t, FusePlanSpace space, uint64_t size, const char *name);
FusePlanCmd *plan_new_cmd(PlanTiler *t, StosOpcode opcode, int layer);
const FuseStorage *plan_storage(const PlanTiler *t, FusePlanTensor tensor);
bool plan_on_chip(const PlanTiler *t, FusePlanTensor tensor);

/* The rectangle in the scratchpad: in place when the tensor lives there, else a fresh tile filled
 * by a LOAD. */
PlanPlace plan_bring(PlanTiler *t, int layer, FusePlanTensor tensor, PlanRect rect);
/* Where results of the rectangle are to be written: in place, or a fresh tile that plan_put stores.
 */
PlanPlace plan_room(PlanTiler *t, FusePlanTensor tensor, PlanRect rect);
void plan_put(PlanTiler *t, int layer, FusePlanTensor tensor, PlanRect rect, PlanPlace place);
/* A LOAD of units [first, first + count) of weights data into a fresh buffer of `space`; returns
 * the buffer. unit_bytes: word or entry. */
int plan_load_data(PlanTiler *t, int layer, int data, FusePlanSpace space, uint64_t first,
                   uint64_t count);
/* The same for n runs of `run` words, `pitch` words apart in the scratchpad. */
int plan_load_runs(PlanTiler *t, int layer, int data, uint64_t first, int64_t run, int64_t n,
                   int64_t pitch);

/* The input that a rectangle of the result sees, clipped to the image; where that is padding only,
 * one pixel of it, which the window excludes. */
PlanRect plan_input_rect(const PlanTiler *t, const FuseLayer *layer, PlanRect out, int64_t block,
                         int64_t blocks);
/* The residual of a rectangle of the result into *place; NULL when the layer has none. */
const PlanPlace *plan_bring_residual(PlanTiler *t, int layer, PlanRect out, PlanPlace *place);
/* Parameter entries of channels [first, first + channels), as far as there are; the buffer, or -1
 * when the layer has no parameters. */
int plan_load_params(PlanTiler *t, int layer, int64_t first, int64_t channels);

/* Post program, tables, zero points and rounding of an array or vector command, from its layer;
 * after res_use is set. */
void plan_set_post(const PlanTiler *t, FusePlanCmd *cmd);

bool plan_tile_gemm(PlanTiler *t, int layer);
bool plan_tile_conv1d(PlanTiler *t, int layer);
bool plan_tile_vector(PlanTiler *t, int layer);

/* Has the scratchpad room for one window of a VECTOR layer, whatever else is on chip? */
bool plan_vector_fits(const FuseLayer *layer, const FusePlanNet *net, const StosTarget *target);

#endif
