// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check.c - is this command stream legal? Rules of single commands, then their order.
 *
 * needs: a decoded program and the sizes of its memories
 * gives: true, or the first thing that is wrong
 * source: docs/machine.md; the tags are its rules
 */
#include <inttypes.h>

#include "check_private.h"

/* Words that the checker looks at, and loop iterations at CHECK_CALL_WORK words each: a few
 * seconds. A network of hundreds of layers needs a hundredth. */
#define MAX_WORK (UINT64_C(1) << 30)
#define MAX_REGION_BYTES (UINT64_C(1) << 40)

/* ---- messages ---- */

const char *stos_check_describe(const Checker *c, size_t command) {
  const StosCmd *cmd = &c->program->cmds[command];
  const StosCmdInfo *info = stos_cmd_info(cmd->opcode);
  const char *dtype =
      stos_cmd_has_dtype(cmd->opcode) ? cmd->dtype == FUSE_F32 ? ".f32" : ".i8" : "";
  return fuse_format(c->arena, "command %zu (offset 0x%" PRIx32 ", %s%s)", command,
                     c->program->offsets[command], info ? info->name : "?", dtype);
}

static bool fail(const Checker *c, size_t command, const char *format, va_list args) {
  const char *what = fuse_vformat(c->arena, format, args);
  return fuse_diag_error(c->diag, c->place, "%s: %s", stos_check_describe(c, command), what);
}

bool stos_check_fail(const Checker *c, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fail(c, c->command, format, args);
  va_end(args);
  return false;
}

bool stos_check_fail_at(const Checker *c, size_t command, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fail(c, command, format, args);
  va_end(args);
  return false;
}

bool stos_check_spend(Checker *c, uint64_t work) {
  if (work <= MAX_WORK - c->work) {
    c->work += work;
    return true;
  }
  c->gave_up = true;
  return stos_check_fail(
      c, "the loops up to here are worth more than %" PRIu64 " words; not supported", MAX_WORK);
}

/* ---- single commands ---- */

static bool check_commands(Checker *c) {
  const StosProgram *p = c->program;
  size_t typed = p->n; /* the first with an element type */
  for (size_t i = 0; i < p->n; i++) {
    const StosCmd *cmd = &p->cmds[i];
    if (!stos_cmd_check(cmd, c->place, c->diag))
      return false;
    if ((cmd->opcode == STOS_CMD_END) != (i == p->n - 1))
      return stos_check_fail_at(c, i, "expected end as the last command and only there (I-ENC-3)");
    if (stos_cmd_has_dtype(cmd->opcode) && typed == p->n)
      typed = i;
    if (stos_cmd_has_dtype(cmd->opcode) && cmd->dtype != p->cmds[typed].dtype)
      return stos_check_fail_at(c, i,
                                "another element type than %s; expected one in all commands "
                                "(M-NUM-1)",
                                stos_check_describe(c, typed));
    if (!stos_check_limits(c, i))
      return false;
  }
  bool is_f32 = typed < p->n && p->cmds[typed].dtype == FUSE_F32;
  c->word_bytes = c->target->lanes * (is_f32 ? 4 : 1);
  return true;
}

static bool check_regions(const Checker *c) {
  for (int r = 0; r < STOS_N_REGIONS; r++)
    if (c->regions->size_bytes[r] > MAX_REGION_BYTES)
      return fuse_diag_error(c->diag, c->place,
                             "a region of %" PRIu64 " bytes; expected at most %" PRIu64,
                             c->regions->size_bytes[r], MAX_REGION_BYTES);
  return true;
}

/* Room for the largest window. */
static void axes_init(Checker *c) {
  size_t limit = 1;
  for (size_t i = 0; i < c->program->n; i++) {
    const StosCmd *cmd = &c->program->cmds[i];
    int64_t n = 0;
    switch (cmd->opcode) {
    case STOS_CMD_GEMM: n = fuse_max(cmd->gemm.ih, cmd->gemm.iw); break;
    case STOS_CMD_CONV1D: n = fuse_max(cmd->conv1d.ih, cmd->conv1d.iw); break;
    case STOS_CMD_VECTOR: n = fuse_max(cmd->vector.ih, cmd->vector.iw); break;
    }
    if (limit < (size_t)n)
      limit = (size_t)n;
  }
  Axis *axes[] = {&c->lines, &c->pixels};
  for (size_t i = 0; i < FUSE_COUNTOF(axes); i++) {
    axes[i]->marks = fuse_alloc(c->arena, limit);
    axes[i]->runs = fuse_alloc_array(c->arena, limit / 2 + 1, sizeof(Run));
  }
}

/* The whole check with one order of the queues, from a clean state. */
static bool check_once(Checker *c, bool in_program_order) {
  c->in_program_order = in_program_order;
  axes_init(c);
  if (!check_commands(c) || !check_regions(c))
    return false;
  stos_check_shadow_init(c);
  return stos_check_host_inputs(c) && stos_check_order(c) && stos_check_outputs(c);
}

bool stos_check(FuseArena *scratch, const StosProgram *program, const StosTarget *target,
                const StosCheckRegions *regions, const StosCheckCall *calls, size_t n_calls,
                const char *place, FuseDiag *diag) {
  if (program->n == 0)
    return fuse_diag_error(diag, place, "no commands; expected at least end");
  Checker *c = fuse_alloc(scratch, sizeof *c);
  Checker start = {.arena = scratch,
                   .program = program,
                   .target = target,
                   .regions = regions,
                   .calls = calls,
                   .n_calls = n_calls,
                   .place = place};
  FuseDiag found = {0}, better = {0};
  *c = start;
  c->diag = &found;
  if (check_once(c, false))
    return true;
  if (c->gave_up)
    return fuse_diag_error(diag, found.place, "%s", found.message);
  /* Where a token is missing a consumer may have run before its producer, "nothing has written".
   * In program order the message names the producer. */
  *c = start;
  c->diag = &better;
  const FuseDiag *best = check_once(c, true) ? &found : &better;
  return fuse_diag_error(diag, best->place, "%s", best->message);
}
