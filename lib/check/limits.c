// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* limits.c - fields against the numbers of the target; what holds for any target is in lib/isa.
 *
 * gives: an error for a command that the machine can't run, wherever its operands are
 */
#include <inttypes.h>

#include "check_private.h"

static bool at_most(const Checker *c, size_t command, const char *what, int64_t found,
                    int64_t limit, const char *why) {
  return found <= limit ||
         stos_check_fail_at(c, command, "%s = %" PRId64 "; expected at most %" PRId64 ", %s", what,
                            found, limit, why);
}

static bool gemm(const Checker *c, size_t command, const StosCmd_gemm *x) {
  const StosTarget *t = c->target;
  if (!at_most(c, command, "tile", x->tile, t->cols, "the target's columns (M-GEMM-2)"))
    return false;
  return !(x->keep || x->hold_back) || at_most(c, command, "rows_total of a chunk", x->rows_total,
                                               t->rows, "the target's rows (M-GEMM-5)");
}

/* Zeros that two neighbouring pieces share (M-CONV-3): left of the window in the range that begins
 * furthest to the right, right of it in the one that begins furthest to the left. */
static int64_t shared_zeros(const StosCmd_conv1d *x) {
  int64_t x_min = x->x0, x_max = x->x0 + (x->n_gt - 1) * (int64_t)x->nx * x->stride_x;
  for (int i = 0; i < 3; i++)
    *(x->o_dx[i] < 0 ? &x_min : &x_max) += (x->o[i] - 1) * (int64_t)x->o_dx[i];
  int64_t halo = fuse_ceil_div(x->nkw, x->stride_x) - 1;
  int64_t left = fuse_floor_div(-x_max, x->stride_x);
  int64_t right = x->nx + halo - fuse_ceil_div(x->iw - x_min, x->stride_x);
  return fuse_max(0, fuse_min(halo, fuse_min(left, right)));
}

uint32_t stos_check_spacing(const StosCmd_conv1d *x) {
  return (uint32_t)(x->nx + fuse_ceil_div(x->nkw, x->stride_x) - 1 - shared_zeros(x));
}

/* Columns of a row, or of a segment, that a command needs. */
static bool conv1d_columns(const Checker *c, size_t command, const StosCmd_conv1d *x) {
  int64_t columns = c->target->cols / x->n_seg;
  const char *why = "the columns of a segment (M-CONV-3)";
  if (x->pieces > 1) {
    int64_t n = (x->pieces - 1) * (int64_t)stos_check_spacing(x) + x->nx;
    return at_most(c, command, "columns of all pieces", n, columns, why);
  }
  if (!at_most(c, command, "tile", x->tile, columns, why))
    return false;
  if (x->hold || x->stride_x != 1)
    return true;
  if (!at_most(c, command, "nkw", x->nkw, columns,
               "the target's columns: a short tile takes nkw of them (M-CONV-6)"))
    return false;
  return x->nx <= x->tile || x->tile >= x->nkw ||
         stos_check_fail_at(c, command,
                            "tiles of %d with nkw = %d; expected at least nkw but for "
                            "the last of a line (M-CONV-6)",
                            x->tile, x->nkw);
}

static bool conv1d(const Checker *c, size_t command, const StosCmd_conv1d *x) {
  const StosTarget *t = c->target;
  if (!t->broadcast)
    return stos_check_fail_at(c, command, "the target has broadcast = 0; expected 1 (M-CONV)");
  if (!t->overlap)
    return stos_check_fail_at(c, command, "the target has overlap = 0; expected 1 (M-CONV)");
  if (x->n_seg != 1 && x->n_seg != t->segments)
    return stos_check_fail_at(
        c, command, "n_seg = %d; expected 1 or the target's %" PRIu32 " segments (M-CONV-1)",
        x->n_seg, t->segments);
  return at_most(c, command, "nkh * nkw", (int64_t)x->nkh * x->nkw, t->taps,
                 "the target's taps (M-CONV-5)") &&
         at_most(c, command, "n_gc * n_gb * n_gt", (int64_t)x->n_gc * x->n_gb * x->n_gt,
                 stos_row_groups(t), "the target's row groups (M-CONV-1)") &&
         conv1d_columns(c, command, x);
}

static bool host(const Checker *c, size_t command, const StosCmd_host *x) {
  if (x->call >= c->n_calls)
    return stos_check_fail_at(c, command, "call %" PRIu32 "; expected one of %zu host calls",
                              x->call, c->n_calls);
  const StosCheckCall *call = &c->calls[x->call];
  for (size_t i = 0; i < call->n_tensors; i++) {
    const StosCheckTensor *tensor = &call->tensors[i];
    if (tensor->region >= STOS_N_REGIONS)
      return stos_check_fail_at(
          c, command, "tensor %zu of call %" PRIu32 ": region %" PRIu32 "; expected 0 to 2", i,
          x->call, tensor->region);
    if (tensor->written && tensor->region == STOS_REGION_WEIGHTS)
      return stos_check_fail_at(c, command,
                                "tensor %zu of call %" PRIu32
                                " is written and in the weights; expected arena or io "
                                "(M-MEM-6)",
                                i, x->call);
  }
  return true;
}

bool stos_check_limits(const Checker *c, size_t command) {
  const StosCmd *cmd = &c->program->cmds[command];
  switch (cmd->opcode) {
  case STOS_CMD_GEMM: return gemm(c, command, &cmd->gemm);
  case STOS_CMD_CONV1D: return conv1d(c, command, &cmd->conv1d);
  case STOS_CMD_HOST: return host(c, command, &cmd->host);
  default: return true;
  }
}
