// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* encode.c - a command to bytes (docs/isa.md, section 1). */
#include <string.h>

#include "isa_private.h"

static void put(uint8_t *at, const StosCmd *cmd, const StosField *field, int i) {
  if (field->is_post) {
    const StosPost *op = stos_field_post_const(cmd, field, i);
    at[0] = op->code, at[1] = op->shift, at[2] = at[3] = 0;
    fuse_put32(at + 4, op->imm);
    return;
  }
  int64_t value = stos_field_get(cmd, field, i);
  switch (field->bytes) {
  case 1: *at = (uint8_t)value; break;
  case 2: fuse_put16(at, (uint16_t)value); break;
  default: fuse_put32(at, (uint32_t)value); break;
  }
}

/* Fields first..end-1, packed; the new end of what is written. */
static uint8_t *put_block(uint8_t *at, const StosCmd *cmd, const StosField *fields, int first,
                          int end) {
  for (int f = first; f < end; f++)
    for (int i = 0; i < fields[f].count; i++) {
      put(at, cmd, &fields[f], i);
      at += fields[f].bytes;
    }
  return at;
}

static uint8_t *put_sync(uint8_t *at, const StosCmd *cmd) {
  for (int i = 0; i < cmd->n_waits + cmd->n_signals; i++, at += STOS_SYNC_BYTES) {
    at[0] = cmd->sync[i].semaphore;
    at[1] = (uint8_t)(cmd->sync[i].level | cmd->sync[i].kind << 4);
    fuse_put16(at + 2, cmd->sync[i].count);
  }
  return at;
}

size_t stos_encode(const StosCmd *cmd, uint8_t *out, FuseDiag *diag) {
  if (!stos_cmd_check(cmd, "", diag))
    return 0;
  const StosCmdInfo *info = stos_cmd_info(cmd->opcode);
  uint8_t bytes[STOS_LONGEST_BYTES] = {0};
  uint32_t mask = 0;
  uint8_t *at = put_sync(bytes + STOS_HEADER_BYTES, cmd);
  for (int first = 0, end, block = 0; first < info->n_fields; first = end, block++) {
    end = stos_block_end(info, first);
    if (stos_block_is_fallback(cmd, info, first, end))
      continue;
    mask |= UINT32_C(1) << block;
    at = put_block(at, cmd, info->fields, first, end);
    FUSE_ASSERT(at <= bytes + sizeof bytes);
  }
  size_t used = (size_t)(at - bytes);
  size_t length = (used + STOS_UNIT_BYTES - 1) / STOS_UNIT_BYTES * STOS_UNIT_BYTES;
  if (length > STOS_MAX_CMD_BYTES) {
    fuse_diag_error(diag, "", "%s: %zu bytes in the encoding; expected at most %d", info->name,
                    used, STOS_MAX_CMD_BYTES);
    return 0;
  }
  bytes[0] = cmd->opcode;
  bytes[1] = (uint8_t)(length / STOS_UNIT_BYTES);
  bytes[2] = cmd->dtype;
  bytes[3] = (uint8_t)(cmd->n_waits | cmd->n_signals << 4);
  fuse_put32(bytes + 4, mask);
  memcpy(out, bytes, length);
  return length;
}
