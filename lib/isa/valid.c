// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* valid.c - what a command may say whatever the target is (docs/isa.md, I-ENC-4 and I-VAL).
 *
 * needs: nothing; any bytes in the struct
 * gives: every code, range and combination checked; what depends on the target is the checker's */
#include <inttypes.h>

#include "isa_private.h"

typedef struct Context {
  const StosCmdInfo *info;
  const char *place;
  FuseDiag *diag;
} Context;

/* A rule between fields that doesn't hold. */
static bool broken(const Context *c, const char *what) {
  return fuse_diag_error(c->diag, c->place, "%s: %s", c->info->name, what);
}

static bool check_dtype(const Context *c, const StosCmd *cmd) {
  if (stos_cmd_has_dtype(cmd->opcode)) {
    if (cmd->dtype != FUSE_F32 && cmd->dtype != FUSE_I8)
      return fuse_diag_error(c->diag, c->place, "%s: dtype code %d; expected f32 or i8",
                             c->info->name, cmd->dtype);
  } else if (cmd->dtype != FUSE_DTYPE_NONE) {
    return fuse_diag_error(c->diag, c->place, "%s: dtype code %d; expected none", c->info->name,
                           cmd->dtype);
  }
  return true;
}

static bool check_one_sync(const Context *c, const StosSync *sync, bool wait, int levels) {
  if (sync->semaphore >= STOS_N_SEMAPHORES)
    return fuse_diag_error(c->diag, c->place, "%s: semaphore s%d; expected s0 to s%d",
                           c->info->name, sync->semaphore, STOS_N_SEMAPHORES - 1);
  if (sync->level > levels)
    return fuse_diag_error(c->diag, c->place, "%s: level %d of s%d; expected 0 to %d",
                           c->info->name, sync->level, sync->semaphore, levels);
  if (sync->count == 0)
    return fuse_diag_error(c->diag, c->place, "%s: count 0 of s%d; expected at least 1",
                           c->info->name, sync->semaphore);
  if (wait ? sync->kind != STOS_WAIT
           : sync->kind != STOS_SIGNAL_READ && sync->kind != STOS_SIGNAL_DONE)
    return fuse_diag_error(c->diag, c->place, "%s: kind %d of %s s%d; expected %s", c->info->name,
                           sync->kind, wait ? "wait" : "signal", sync->semaphore,
                           wait ? "0" : "1 (read) or 2 (done)");
  return true;
}

static bool check_sync(const Context *c, const StosCmd *cmd) {
  if (cmd->n_waits > STOS_MAX_WAITS || cmd->n_signals > STOS_MAX_SIGNALS)
    return fuse_diag_error(c->diag, c->place,
                           "%s: %d waits and %d signals; expected at most %d and %d", c->info->name,
                           cmd->n_waits, cmd->n_signals, STOS_MAX_WAITS, STOS_MAX_SIGNALS);
  for (int i = 0; i < cmd->n_waits + cmd->n_signals; i++)
    if (!check_one_sync(c, &cmd->sync[i], i < cmd->n_waits, stos_cmd_levels(cmd->opcode)))
      return false;
  bool bare = cmd->opcode == STOS_CMD_END || cmd->opcode == STOS_CMD_BARRIER;
  if (bare && cmd->n_waits + cmd->n_signals > 0)
    return broken(c, "has waits or signals; expected none");
  if (cmd->opcode == STOS_CMD_SIGNAL && cmd->n_waits > 0)
    return broken(c, "has waits; expected signals only");
  if (cmd->opcode == STOS_CMD_SIGNAL && cmd->n_signals == 0)
    return broken(c, "has no signal; expected 1 to 4");
  return true;
}

static bool check_ranges(const Context *c, const StosCmd *cmd) {
  for (int f = 0; f < c->info->n_fields; f++) {
    const StosField *field = &c->info->fields[f];
    for (int i = 0; i < field->count && !field->is_post; i++) {
      int64_t value = stos_field_get(cmd, field, i);
      int64_t largest = field->is_value && cmd->dtype == FUSE_I8 ? UINT8_MAX : field->largest;
      if (value < field->smallest || value > largest)
        return fuse_diag_error(c->diag, c->place,
                               "%s: %s = %" PRId64 "; expected %" PRId64 " to %" PRId64,
                               c->info->name, field->name, value, field->smallest, largest);
    }
  }
  return true;
}

static bool uses(const char *operands, char which) {
  for (; *operands; operands++)
    if (*operands == which)
      return true;
  return false;
}

/* One operation (I-VAL-5). */
static bool check_op(const Context *c, const char *program, const StosPost *op, bool is_i8) {
  const StosPostInfo *info = stos_post_info(op->code);
  if (!info)
    return fuse_diag_error(c->diag, c->place, "%s: %s operation code %d; expected 0 to 19",
                           c->info->name, program, op->code);
  const char *operands = is_i8 ? info->operands_i8 : info->operands_f32;
  if (!operands)
    return fuse_diag_error(c->diag, c->place, "%s: %s operation %s; expected it in i8 only",
                           c->info->name, program, info->name);
  if (uses(operands, 's') ? op->shift < 2 || op->shift > 62 : op->shift != 0)
    return fuse_diag_error(c->diag, c->place, "%s: %s operation %s: shift %d; expected %s",
                           c->info->name, program, info->name, op->shift,
                           uses(operands, 's') ? "2 to 62" : "0: it isn't used");
  if (!uses(operands, 'i') && op->imm != 0)
    return fuse_diag_error(c->diag, c->place,
                           "%s: %s operation %s: immediate 0x%" PRIx32
                           "; expected 0: it isn't used",
                           c->info->name, program, info->name, op->imm);
  if (op->code == STOS_POST_LUT && op->imm >= 256)
    return fuse_diag_error(c->diag, c->place,
                           "%s: %s operation lut: table %" PRIu32 "; expected 0 to 255",
                           c->info->name, program, op->imm);
  return true;
}

/* A post program: NOPs only at its end, mulx after save, residual only where one is read. */
static bool check_post(const Context *c, const char *program, const StosPost *ops, int n,
                       bool is_i8, bool has_residual) {
  bool ended = false, saved = false;
  for (int i = 0; i < n; i++) {
    if (!check_op(c, program, &ops[i], is_i8))
      return false;
    const StosPostInfo *info = stos_post_info(ops[i].code);
    if (ended && ops[i].code != STOS_POST_NOP)
      return fuse_diag_error(c->diag, c->place, "%s: %s operation %s after nop; expected nop",
                             c->info->name, program, info->name);
    if (ops[i].code == STOS_POST_MULX && !saved)
      return fuse_diag_error(c->diag, c->place, "%s: %s operation mulx without a save before it",
                             c->info->name, program);
    if (uses(is_i8 ? info->operands_i8 : info->operands_f32, 'r') && !has_residual)
      return fuse_diag_error(c->diag, c->place, "%s: %s operation %s without a residual",
                             c->info->name, program, info->name);
    ended |= ops[i].code == STOS_POST_NOP;
    saved |= ops[i].code == STOS_POST_SAVE;
  }
  return true;
}

/* I-VAL-4 */
static bool check_ring(const Context *c, uint32_t size, uint32_t start) {
  if (size == 0 ? start == 0 : start < size)
    return true;
  return fuse_diag_error(c->diag, c->place, "%s: ring_start = %" PRIu32 "; expected %s",
                         c->info->name, start,
                         size ? "less than ring_size" : "0: there is no ring");
}

/* I-VAL-3; the same fields in every command that computes. */
static bool check_zero_point(const Context *c, const char *name, int value, bool is_unsigned) {
  int smallest = is_unsigned ? 0 : -128;
  if (value >= smallest && value <= smallest + 255)
    return true;
  return fuse_diag_error(c->diag, c->place, "%s: %s = %d; expected %d to %d", c->info->name, name,
                         value, smallest, smallest + 255);
}

/* What GEMM, CONV1D and VECTOR have in common. */
typedef struct Compute {
  uint32_t ring_size, ring_start;
  int in_zp, w_zp, res_zp;
  bool in_unsigned, w_unsigned, res_unsigned, double_round, out_unsigned, res_use;
  const StosPost *post;
} Compute;

#define COMPUTE(x)                                                                                 \
  (Compute) {                                                                                      \
    .ring_size = (x)->ring_size, .ring_start = (x)->ring_start, .in_zp = (x)->in_zp,               \
    .w_zp = (x)->w_zp, .res_zp = (x)->res_zp, .in_unsigned = (x)->in_unsigned,                     \
    .w_unsigned = (x)->w_unsigned, .res_unsigned = (x)->res_unsigned,                              \
    .double_round = (x)->double_round, .out_unsigned = (x)->out_unsigned, .res_use = (x)->res_use, \
    .post = (x)->post                                                                              \
  }

static bool check_compute(const Context *c, Compute x, bool is_i8) {
  bool integer = x.in_zp || x.w_zp || x.res_zp || x.in_unsigned || x.w_unsigned || x.res_unsigned ||
                 x.double_round || x.out_unsigned;
  if (!is_i8 && integer)
    return broken(c, "a field of the integer datapath isn't 0; expected 0 in f32");
  return check_ring(c, x.ring_size, x.ring_start) &&
         check_zero_point(c, "in_zp", x.in_zp, x.in_unsigned) &&
         check_zero_point(c, "w_zp", x.w_zp, x.w_unsigned) &&
         check_zero_point(c, "res_zp", x.res_zp, x.res_unsigned) &&
         check_post(c, "post", x.post, STOS_MAX_POST, is_i8, x.res_use);
}

static bool check_pool(const Context *c, uint8_t pool, const StosPost *post2, int n, bool is_i8) {
  if (pool == STOS_REDUCE_NONE && post2[0].code != STOS_POST_NOP)
    return broken(c, "post2 without pool");
  return check_post(c, "post2", post2, n, is_i8, false);
}

/* I-VAL-6 */
static bool check_dma(const Context *c, const StosCmd_load *x, bool is_store) {
  if (is_store && x->space != STOS_SPACE_SCRATCHPAD)
    return broken(c, "stores from the scratchpad only; expected space = 0");
  if (is_store && x->region == STOS_REGION_WEIGHTS)
    return broken(c, "the weights region is read only; expected region = 1 or 2");
  if (is_store && x->fill)
    return broken(c, "fill; expected it in load only");
  if (x->ring_size && x->space != STOS_SPACE_SCRATCHPAD)
    return broken(c, "a ring outside the scratchpad");
  if (!x->fill && x->value)
    return broken(c, "value without fill");
  bool dram = x->region || x->dram;
  for (int i = 0; i < 4; i++)
    dram |= x->dram_stride[i] != 0;
  if (x->fill && (dram || x->space != STOS_SPACE_SCRATCHPAD))
    return broken(c, "fill with a DRAM address or outside the scratchpad; expected zeros there");
  return check_ring(c, x->ring_size, x->ring_start);
}

/* I-VAL-7 */
static bool check_gemm(const Context *c, const StosCmd_gemm *x, bool is_i8) {
  if (x->keep || x->hold_back) {
    uint32_t pixels = x->wrap ? (uint32_t)x->ny * x->nx : x->nx;
    bool one = x->o[0] == 1 && x->o[1] == 1 && x->o[2] == 1 && pixels <= x->tile &&
               (x->wrap || x->ny == 1);
    if (!one)
      return broken(c, "keep or hold_back with more than one tile (M-GEMM-5)");
  }
  return check_compute(c, COMPUTE(x), is_i8) &&
         check_pool(c, x->pool, x->post2, FUSE_COUNTOF(x->post2), is_i8);
}

/* I-VAL-8 */
static bool check_conv1d(const Context *c, const StosCmd_conv1d *x, bool is_i8) {
  if (x->n_seg != 1 && x->n_seg != 2 && x->n_seg != 4)
    return fuse_diag_error(c->diag, c->place, "%s: n_seg = %d; expected 1, 2 or 4", c->info->name,
                           x->n_seg);
  if (!x->hold && (x->nkh != 1 || x->n_seg != 1 || x->pieces != 1))
    return broken(c, "the stream schedule takes nkh = 1, n_seg = 1 and pieces = 1 (M-CONV-6)");
  bool spread = x->n_gb != 1 || x->n_gt != 1 || x->n_seg != 1 || x->pieces != 1;
  if (x->pool && (spread || (!is_i8 && x->nx > x->tile)))
    return broken(c, "pool needs n_gb = n_gt = n_seg = pieces = 1 and in f32 one column tile "
                     "(M-POST-3)");
  return check_compute(c, COMPUTE(x), is_i8) &&
         check_pool(c, x->pool, x->post2, FUSE_COUNTOF(x->post2), is_i8);
}

/* I-VAL-9 */
static bool check_vector(const Context *c, const StosCmd_vector *x, bool is_i8) {
  if (x->reduce == STOS_REDUCE_NONE && (x->nky != 1 || x->nkx != 1))
    return broken(c, "a reduction window without reduce; expected nky = nkx = 1");
  if (x->w_zp || x->w_unsigned)
    return broken(c, "w_zp and w_unsigned have no meaning here; expected 0");
  return check_compute(c, COMPUTE(x), is_i8);
}

bool stos_cmd_check(const StosCmd *cmd, const char *place, FuseDiag *diag) {
  Context c = {.info = stos_cmd_info(cmd->opcode), .place = place, .diag = diag};
  if (!c.info)
    return fuse_diag_error(diag, place, "unknown opcode 0x%02x", cmd->opcode);
  if (!check_dtype(&c, cmd) || !check_sync(&c, cmd) || !check_ranges(&c, cmd))
    return false;
  bool is_i8 = cmd->dtype == FUSE_I8;
  switch (cmd->opcode) {
  case STOS_CMD_LOAD: return check_dma(&c, &cmd->load, false);
  case STOS_CMD_STORE: return check_dma(&c, &cmd->load, true); /* the same fields */
  case STOS_CMD_GEMM: return check_gemm(&c, &cmd->gemm, is_i8);
  case STOS_CMD_CONV1D: return check_conv1d(&c, &cmd->conv1d, is_i8);
  case STOS_CMD_VECTOR: return check_vector(&c, &cmd->vector, is_i8);
  default: return true;
  }
}
