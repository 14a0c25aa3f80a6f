// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* valid.c - may the planner's later steps trust a program that somebody else wrote?
 *
 * needs: buffers and commands as they were read, every field inside its range (isa.def)
 * gives: sizes and addresses inside their memories, the buffers that each kind of command needs,
 * words inside the buffers, and nothing that touch.c doesn't know
 *
 * What fuse_plan_tile makes passes. It says nothing about whether the program is right: the checker
 * judges the stream at the end.
 */
#include <string.h>

#include "plan_private.h"

/* Bytes of DRAM buffers together, and words that one operand of a command may touch. */
static const uint64_t max_dram_bytes = UINT64_C(1) << 32;
static const int64_t max_words = INT64_C(1) << 26;

typedef struct Valid {
  const FusePlanNet *net;
  const StosTarget *target;
  const FusePlanProgram *program;
  bool addressed;
  FuseDiag *diag;
  uint64_t word_bytes;
  uint64_t limit[FUSE_SPACE_IO + 1]; /* of the current command's addresses */
  const FusePlanCmd *cmd;
  bool inside;
} Valid;

static const char *const space_names[] = {"chip", "param", "lut", "weights", "arena", "io"};

/* ---- buffers ---- */

static uint64_t capacity_of(const Valid *v, FusePlanSpace space) {
  switch (space) {
  case FUSE_SPACE_CHIP: return v->target->scratchpad_words;
  case FUSE_SPACE_PARAM: return v->target->param_entries;
  case FUSE_SPACE_LUT: return v->target->luts;
  case FUSE_SPACE_WEIGHTS: return v->addressed ? v->program->weights_bytes : max_dram_bytes;
  case FUSE_SPACE_ARENA: return v->addressed ? v->program->arena_bytes : max_dram_bytes;
  case FUSE_SPACE_IO: break;
  }
  return v->addressed ? v->program->io_bytes : max_dram_bytes;
}

static bool check_buffer(const Valid *v, const FusePlanBuffer *b) {
  uint64_t capacity = capacity_of(v, b->space);
  if (capacity > max_dram_bytes)
    return fuse_diag_error(v->diag, "", "%s of %llu bytes; expected at most %llu",
                           space_names[b->space], (unsigned long long)capacity,
                           (unsigned long long)max_dram_bytes);
  if (b->size == 0 || b->size > capacity)
    return fuse_diag_error(v->diag, "", "size = %llu; expected 1 to %llu, the size of %s",
                           (unsigned long long)b->size, (unsigned long long)capacity,
                           space_names[b->space]);
  if (v->addressed && (b->address < 0 || (uint64_t)b->address > capacity - b->size))
    return fuse_diag_error(v->diag, "", "address = %lld; expected 0 to %llu", (long long)b->address,
                           (unsigned long long)(capacity - b->size));
  if (b->storage < 0)
    return true;
  const FuseStorage *s = &v->net->storages[b->storage];
  const int64_t dims[] = {s->n, s->blocks, s->h, s->w};
  int64_t words;
  bool dram = b->space >= FUSE_SPACE_WEIGHTS, fits = fuse_mul_dims(dims, 4, &words) && words > 0;
  uint64_t unit = dram ? v->word_bytes : 1;
  if (!fits || (uint64_t)words > b->size / unit || (dram && (uint64_t)words * unit != b->size))
    return fuse_diag_error(v->diag, "", "size = %llu doesn't hold the storage's words",
                           (unsigned long long)b->size);
  return true;
}

static bool check_total(const Valid *v) {
  uint64_t bytes = 0;
  for (int i = 0; i < v->program->n_buffers; i++)
    if (v->program->buffers[i].space >= FUSE_SPACE_WEIGHTS)
      bytes += v->program->buffers[i].size; /* each at most the limit: no overflow */
  return bytes <= max_dram_bytes
             ? true
             : fuse_diag_error(v->diag, "", "not supported yet: %llu bytes in DRAM; at most %llu",
                               (unsigned long long)bytes, (unsigned long long)max_dram_bytes);
}

/* ---- buffers of a command ---- */

static FusePlanSpace space_of(const Valid *v, FusePlanRef ref) {
  return v->program->buffers[v->cmd->buffer[ref]].space;
}

/* Exactly the refs of `must`, and any of `may`. */
static bool check_refs(const Valid *v, unsigned must, unsigned may) {
  static const char *const names[] = {"in", "left", "out", "res", "param", "dram", "lut"};
  for (int r = 0; r < FUSE_N_REFS; r++) {
    bool there = v->cmd->buffer[r] >= 0;
    if (there ? !((must | may) >> r & 1) : must >> r & 1)
      return fuse_diag_error(v->diag, "",
                             there ? "has no '%s'; expected no such buffer"
                                   : "needs '%s'; expected a buffer for it",
                             names[r]);
    FusePlanSpace space = there ? space_of(v, (FusePlanRef)r) : FUSE_SPACE_CHIP;
    bool right = r == FUSE_REF_DRAM    ? space >= FUSE_SPACE_WEIGHTS
                 : r == FUSE_REF_PARAM ? space == FUSE_SPACE_PARAM
                 : r == FUSE_REF_LUT   ? space == FUSE_SPACE_LUT
                                       : space == FUSE_SPACE_CHIP;
    if (there && !right)
      return fuse_diag_error(v->diag, "", "'%s' is a buffer of %s", names[r], space_names[space]);
  }
  return true;
}

#define REF(name) (1u << FUSE_REF_##name)

static bool uses_params(const StosPost *post) {
  for (int i = 0; i < STOS_MAX_POST && post[i].code != STOS_POST_NOP; i++)
    if (strchr(stos_post_info(post[i].code)->operands_i8, 'c')) /* in f32 the same ones */
      return true;
  return false;
}

static bool uses_tables(const StosPost *post) {
  for (int i = 0; i < STOS_MAX_POST && post[i].code != STOS_POST_NOP; i++)
    if (post[i].code == STOS_POST_LUT)
      return true;
  return false;
}

/* Buffers of a command that computes: `must` and what its fields and post program read. */
static bool check_compute(const Valid *v, unsigned must, bool residual, const StosPost *post) {
  must |= REF(IN) | REF(OUT) | (residual ? REF(RES) : 0) | (uses_params(post) ? REF(PARAM) : 0) |
          (uses_tables(post) ? REF(LUT) : 0);
  return check_refs(v, must, REF(PARAM) | REF(LUT));
}

static bool is_one(const uint16_t *counts, int n) {
  for (int i = 0; i < n; i++)
    if (counts[i] != 1)
      return false;
  return true;
}

static bool volume(const Valid *v, int64_t a, int64_t b, int64_t c, int64_t d) {
  const int64_t dims[] = {a, b, c, d};
  int64_t words;
  return (fuse_mul_dims(dims, 4, &words) && words <= max_words) ||
         fuse_diag_error(v->diag, "",
                         "touches %lld x %lld x %lld x %lld words; expected at most "
                         "%lld",
                         (long long)a, (long long)b, (long long)c, (long long)d,
                         (long long)max_words);
}

static bool unknown(const Valid *v, const char *what) {
  return fuse_diag_error(v->diag, "", "not supported yet: %s", what);
}

/* ---- kinds of commands ---- */

static bool check_gemm(const Valid *v, const StosCmd_gemm *c) {
  int64_t blocks = fuse_ceil_div(c->rows_total, v->target->lanes),
          row_blocks = c->in_m ? fuse_ceil_div(c->rows_total, v->target->rows) : 1;
  if (!is_one(c->o, 3) || c->ring_size || c->pool)
    return unknown(v, "outer loops, rings and pooling of gemm");
  return check_compute(v, REF(LEFT), c->res_use, c->post) &&
         volume(v, row_blocks, c->nkc, c->ih, c->iw) && volume(v, 1, blocks, c->ny, c->nx);
}

static bool check_conv1d(const Valid *v, const StosCmd_conv1d *c) {
  if (!is_one(c->o, 3) || c->ring_size || c->pool)
    return unknown(v, "outer loops, rings and pooling of conv1d");
  return check_compute(v, REF(LEFT), c->res_use, c->post) &&
         volume(v, 1, c->blocks, c->ih, c->iw) && volume(v, 1, c->blocks, c->ny_total, c->nx_total);
}

static bool check_vector(const Valid *v, const StosCmd_vector *c) {
  if (!is_one(c->o + 1, (int)FUSE_COUNTOF(c->o) - 1) || c->ring_size)
    return unknown(v, "outer loops and rings of vector");
  return check_compute(v, 0, c->res_use, c->post) && volume(v, 1, c->o[0], c->ih, c->iw) &&
         volume(v, 1, c->o[0], c->ny, c->nx);
}

static bool check_dma(const Valid *v, const StosCmd_load *c, bool store) {
  static const FusePlanSpace regions[] = {FUSE_SPACE_WEIGHTS, FUSE_SPACE_ARENA, FUSE_SPACE_IO};
  bool aside = c->space != STOS_SPACE_SCRATCHPAD;
  unsigned chip = store ? REF(IN) : 1u << plan_loaded_ref(c);
  if (c->fill || c->ring_size)
    return unknown(v, "fills and rings of transfers");
  if (!check_refs(v, chip | REF(DRAM), 0) || !volume(v, c->n[0], c->n[1], c->n[2], c->n[3]))
    return false;
  if (space_of(v, FUSE_REF_DRAM) != regions[c->region])
    return fuse_diag_error(v->diag, "", "region = %d, but 'dram' is a buffer of %s", c->region,
                           space_names[space_of(v, FUSE_REF_DRAM)]);
  if (c->region == STOS_REGION_WEIGHTS ? store : aside)
    return fuse_diag_error(v->diag, "",
                           store ? "stores to the weights, which are only read"
                                 : "expected parameters and tables from the weights");
  return true;
}

static bool check_host(const Valid *v) {
  const FusePlanCall *call = &v->net->calls[v->cmd->call];
  for (int i = 0; i < call->n_tensors; i++) {
    const FusePlanCallTensor *t = &call->tensors[i];
    const FusePlanBuffer *b = &v->program->buffers[t->buffer];
    if (b->space < FUSE_SPACE_WEIGHTS || (t->written && b->space == FUSE_SPACE_WEIGHTS))
      return fuse_diag_error(v->diag, "", "tensor %d is a buffer of %s", i, space_names[b->space]);
    if (t->offset_bytes > b->size || t->size_bytes > b->size - t->offset_bytes)
      return fuse_diag_error(v->diag, "", "tensor %d: %llu bytes at %llu; the buffer has %llu", i,
                             (unsigned long long)t->size_bytes, (unsigned long long)t->offset_bytes,
                             (unsigned long long)b->size);
  }
  return true;
}

/* ---- words ---- */

static void visit(void *user, FusePlanSpace space, FuseTouch touch, uint64_t first,
                  uint64_t count) {
  Valid *v = user;
  (void)touch;
  v->inside = v->inside && count <= v->limit[space] && first <= v->limit[space] - count;
}

/* Relative addresses stay below the largest of the command's buffers in a space, absolute ones
 * inside the memory. */
static bool check_words(Valid *v) {
  for (int s = 0; s <= FUSE_SPACE_IO; s++) {
    uint64_t unit = s >= FUSE_SPACE_WEIGHTS ? v->word_bytes : 1;
    v->limit[s] = v->addressed ? capacity_of(v, (FusePlanSpace)s) / unit : 0;
    for (int r = 0; r < FUSE_N_REFS && !v->addressed; r++) {
      const FusePlanBuffer *b =
          v->cmd->buffer[r] >= 0 ? &v->program->buffers[v->cmd->buffer[r]] : NULL;
      if (b && b->space == (FusePlanSpace)s && b->size / unit > v->limit[s])
        v->limit[s] = b->size / unit;
    }
  }
  /* Of the post stage's memories touch.c says more than is read: parameters, always. */
  if (!v->addressed && v->cmd->buffer[FUSE_REF_PARAM] < 0)
    v->limit[FUSE_SPACE_PARAM] = v->target->param_entries;
  v->inside = true;
  fuse_plan_touches(v->cmd, v->net->calls, v->program->buffers, v->target, v->net->dtype, visit, v);
  return v->inside || fuse_diag_error(v->diag, "", "touches words outside of its buffers");
}

static bool check_cmd(Valid *v) {
  const StosCmd *c = &v->cmd->cmd;
  switch (c->opcode) {
  case STOS_CMD_LOAD:
  case STOS_CMD_STORE:
    if (!check_dma(v, &c->load, c->opcode == STOS_CMD_STORE))
      return false;
    break;
  case STOS_CMD_GEMM:
    if (!check_gemm(v, &c->gemm))
      return false;
    break;
  case STOS_CMD_CONV1D:
    if (!check_conv1d(v, &c->conv1d))
      return false;
    break;
  case STOS_CMD_VECTOR:
    if (!check_vector(v, &c->vector))
      return false;
    break;
  case STOS_CMD_HOST: return check_host(v);
  default: return unknown(v, "a program with tokens, barriers or an end before it is scheduled");
  }
  return check_words(v);
}

bool fuse_plan_check(const FusePlanNet *net, const StosTarget *target,
                     const FusePlanProgram *program, bool addressed, int *buffer, int *cmd,
                     FuseDiag *diag) {
  Valid v = {.net = net,
             .target = target,
             .program = program,
             .addressed = addressed,
             .diag = diag,
             .word_bytes = target->lanes * fuse_dtype_bytes(net->dtype)};
  *buffer = *cmd = -1;
  for (int i = 0; i < program->n_buffers; i++)
    if (!check_buffer(&v, &program->buffers[i])) {
      *buffer = i;
      return false;
    }
  if (!check_total(&v))
    return false;
  for (int i = 0; i < program->n_cmds; i++) {
    v.cmd = &program->cmds[i];
    if (!check_cmd(&v)) {
      *cmd = i;
      return false;
    }
  }
  return true;
}
