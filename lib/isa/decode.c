// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* decode.c - bytes to a command, and a section to a program (docs/isa.md, section 1). Trusts
 * nothing; accepts exactly what the encoder writes. */
#include <inttypes.h>

#include "isa_private.h"

/* Bytes that are left of one command. */
typedef struct Cursor {
  const uint8_t *at, *end;
} Cursor;

static int64_t get(const uint8_t *at, const StosField *field) {
  switch (field->bytes) {
  case 1: return field->is_signed ? (int8_t)*at : *at;
  case 2: return field->is_signed ? (int16_t)fuse_get16(at) : fuse_get16(at);
  default: return field->is_signed ? (int32_t)fuse_get32(at) : (int64_t)fuse_get32(at);
  }
}

static bool get_field(Cursor *c, StosCmd *cmd, const StosCmdInfo *info, const StosField *field,
                      FuseDiag *diag) {
  for (int i = 0; i < field->count; i++, c->at += field->bytes) {
    if (c->end - c->at < field->bytes)
      return fuse_diag_error(diag, "", "%s: its length ends inside block %s", info->name,
                             field->block);
    if (!field->is_post) {
      stos_field_set(cmd, field, i, get(c->at, field));
      continue;
    }
    if (c->at[2] || c->at[3])
      return fuse_diag_error(diag, "", "%s: bytes 2 and 3 of operation %d of %s aren't 0",
                             info->name, i, field->name);
    *stos_field_post(cmd, field, i) =
        (StosPost){.code = c->at[0], .shift = c->at[1], .imm = fuse_get32(c->at + 4)};
  }
  return true;
}

static bool get_sync(Cursor *c, StosCmd *cmd, const StosCmdInfo *info, FuseDiag *diag) {
  for (int i = 0; i < cmd->n_waits + cmd->n_signals; i++, c->at += STOS_SYNC_BYTES) {
    if (c->end - c->at < STOS_SYNC_BYTES)
      return fuse_diag_error(diag, "", "%s: its length ends inside the waits and signals",
                             info->name);
    if (c->at[1] & 0xc8)
      return fuse_diag_error(diag, "", "%s: wait or signal %d has unknown bits 0x%02x", info->name,
                             i, c->at[1] & 0xc8);
    cmd->sync[i] = (StosSync){.semaphore = c->at[0],
                              .level = c->at[1] & 7,
                              .kind = c->at[1] >> 4,
                              .count = fuse_get16(c->at + 2)};
  }
  return true;
}

static bool get_blocks(Cursor *c, uint32_t mask, StosCmd *cmd, const StosCmdInfo *info,
                       FuseDiag *diag) {
  int block = 0;
  for (int first = 0, end; first < info->n_fields; first = end, block++) {
    end = stos_block_end(info, first);
    if (!(mask >> block & 1))
      continue;
    for (int f = first; f < end; f++)
      if (!get_field(c, cmd, info, &info->fields[f], diag))
        return false;
    if (stos_block_is_fallback(cmd, info, first, end))
      return fuse_diag_error(diag, "",
                             "%s: block %s has only fallback values; expected it left out",
                             info->name, info->fields[first].block);
  }
  if (block < 32 && mask >> block)
    return fuse_diag_error(diag, "", "%s: block mask 0x%" PRIx32 "; expected bits below %d",
                           info->name, mask, block);
  return true;
}

/* Zeros up to the length, and no unit more than needed. */
static bool check_padding(const Cursor *c, const StosCmdInfo *info, FuseDiag *diag) {
  if (c->end - c->at >= STOS_UNIT_BYTES)
    return fuse_diag_error(diag, "", "%s: %td bytes behind the last block; expected less than %d",
                           info->name, c->end - c->at, STOS_UNIT_BYTES);
  for (const uint8_t *p = c->at; p < c->end; p++)
    if (*p)
      return fuse_diag_error(diag, "", "%s: padding byte 0x%02x; expected 0", info->name, *p);
  return true;
}

bool stos_decode(const uint8_t *bytes, size_t available, StosCmd *cmd, size_t *used,
                 FuseDiag *diag) {
  if (available < STOS_UNIT_BYTES)
    return fuse_diag_error(diag, "", "%zu bytes are left; expected a command of at least %d",
                           available, STOS_UNIT_BYTES);
  const StosCmdInfo *info = stos_cmd_info(bytes[0]);
  if (!info)
    return fuse_diag_error(diag, "", "unknown opcode 0x%02x", bytes[0]);
  size_t length = (size_t)bytes[1] * STOS_UNIT_BYTES;
  if (length == 0 || length > STOS_MAX_CMD_BYTES || length > available)
    return fuse_diag_error(diag, "", "%s: length %zu; expected 16 to %d, and %zu bytes are left",
                           info->name, length, STOS_MAX_CMD_BYTES, available);
  *cmd = stos_cmd_init((StosOpcode)bytes[0]);
  cmd->dtype = bytes[2];
  cmd->n_waits = bytes[3] & 15;
  cmd->n_signals = bytes[3] >> 4;
  if (cmd->n_waits > STOS_MAX_WAITS || cmd->n_signals > STOS_MAX_SIGNALS)
    return stos_cmd_check(cmd, "", diag);
  Cursor c = {bytes + STOS_HEADER_BYTES, bytes + length};
  if (!get_sync(&c, cmd, info, diag) || !get_blocks(&c, fuse_get32(bytes + 4), cmd, info, diag) ||
      !check_padding(&c, info, diag) || !stos_cmd_check(cmd, "", diag))
    return false;
  *used = length;
  return true;
}

bool stos_program_decode(FuseArena *arena, const uint8_t *bytes, size_t size_bytes,
                         const char *place, StosProgram *program, FuseDiag *diag) {
  *program = (StosProgram){0};
  if (size_bytes > UINT32_MAX)
    return fuse_diag_error(diag, place, "%zu bytes of commands; expected less than 4 GiB",
                           size_bytes);
  size_t n_cmds = 0, n_offsets = 0;
  bool ended = false;
  for (size_t at = 0, used; at < size_bytes; at += used) {
    StosCmd cmd;
    FuseDiag inner = {0};
    if (ended)
      return fuse_diag_error(diag, place, "command at byte %zu: stands behind end", at);
    if (!stos_decode(bytes + at, size_bytes - at, &cmd, &used, &inner))
      return fuse_diag_error(diag, place, "command at byte %zu: %s", at, inner.message);
    size_t n = program->n;
    program->cmds = fuse_grow(arena, program->cmds, n, &n_cmds, n + 1, sizeof cmd);
    program->offsets =
        fuse_grow(arena, program->offsets, n, &n_offsets, n + 1, sizeof *program->offsets);
    program->cmds[n] = cmd;
    program->offsets[n] = (uint32_t)at;
    program->n++;
    ended = cmd.opcode == STOS_CMD_END;
  }
  if (!ended)
    return fuse_diag_error(diag, place, "the program doesn't end with end");
  return true;
}
