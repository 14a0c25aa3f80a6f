// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* table.c - isa.def as data: commands, fields, post operations, and access to fields by
 * description. */
#include <string.h>

#include "isa_private.h"

#define TRAITS_u8 .bytes = 1
#define TRAITS_u16 .bytes = 2
#define TRAITS_u32 .bytes = 4
#define TRAITS_s8 .bytes = 1, .is_signed = true
#define TRAITS_s16 .bytes = 2, .is_signed = true
#define TRAITS_s32 .bytes = 4, .is_signed = true
#define TRAITS_val .bytes = 4, .is_value = true
#define TRAITS_post .bytes = 8, .is_post = true

#define SMALLEST_u8 0
#define SMALLEST_u16 0
#define SMALLEST_u32 0
#define SMALLEST_s8 INT8_MIN
#define SMALLEST_s16 INT16_MIN
#define SMALLEST_s32 INT32_MIN
#define SMALLEST_val 0
#define SMALLEST_post 0
#define LARGEST_u8 UINT8_MAX
#define LARGEST_u16 UINT16_MAX
#define LARGEST_u32 UINT32_MAX
#define LARGEST_s8 INT8_MAX
#define LARGEST_s16 INT16_MAX
#define LARGEST_s32 INT32_MAX
#define LARGEST_val UINT32_MAX
#define LARGEST_post 0

#define RANGE_any(type) .smallest = SMALLEST_##type, .largest = LARGEST_##type
#define RANGE_count(type) .smallest = 1, .largest = LARGEST_##type
#define RANGE_flag(type) .smallest = 0, .largest = 1
#define RANGE_to2(type) .smallest = 0, .largest = 2
#define RANGE_to3(type) .smallest = 0, .largest = 3
#define RANGE_zero(type) .smallest = -128, .largest = 255

/* Cmd is the struct of the command at hand; all begin at one place in StosCmd. */
#define FIELD(block_, field, type_, count_, fallback_, range, doc_)                                \
  {.block = #block_,                                                                               \
   .name = #field,                                                                                 \
   .type = #type_,                                                                                 \
   .doc = doc_,                                                                                    \
   .count = count_,                                                                                \
   .offset = offsetof(StosCmd, end) + offsetof(Cmd, field),                                        \
   .fallback = fallback_,                                                                          \
   TRAITS_##type_,                                                                                 \
   RANGE_##range(type_)},

const StosCmdInfo *stos_cmd_info(int opcode) {
  switch (opcode) {
#define X(NAME, name_, opcode_, queue_, summary_)                                                  \
  case opcode_: {                                                                                  \
    typedef StosCmd_##name_ Cmd;                                                                   \
    static const StosField fields[] = {STOS_##NAME##_FIELDS(FIELD){.offset = sizeof(Cmd)}};        \
    static const StosCmdInfo info = {.name = #name_,                                               \
                                     .summary = summary_,                                          \
                                     .opcode = opcode_,                                            \
                                     .queue = STOS_QUEUE_##queue_,                                 \
                                     .fields = fields,                                             \
                                     .n_fields = FUSE_COUNTOF(fields) - 1};                        \
    return &info;                                                                                  \
  }
    STOS_COMMANDS(X)
#undef X
  }
  return NULL;
}

static bool equals(const char *name, const char *s, size_t length) {
  return strlen(name) == length && memcmp(name, s, length) == 0;
}

const StosCmdInfo *stos_cmd_find(const char *name, size_t length) {
  static const uint8_t opcodes[] = {
#define X(NAME, name, opcode, queue, summary) opcode,
      STOS_COMMANDS(X)
#undef X
  };
  for (size_t i = 0; i < FUSE_COUNTOF(opcodes); i++) {
    const StosCmdInfo *info = stos_cmd_info(opcodes[i]);
    if (equals(info->name, name, length))
      return info;
  }
  return NULL;
}

const StosField *stos_field_find(const StosCmdInfo *info, const char *name, size_t length) {
  for (int i = 0; i < info->n_fields; i++)
    if (equals(info->fields[i].name, name, length))
      return &info->fields[i];
  return NULL;
}

const StosPostInfo *stos_post_info(int code) {
  static const StosPostInfo infos[] = {
#define X(NAME, name_, code_, f32, i8, doc_)                                                       \
  [code_] = {.name = #name_, .doc = doc_, .operands_f32 = f32, .operands_i8 = i8},
      STOS_POST_OPS(X)
#undef X
  };
  return code >= 0 && (size_t)code < FUSE_COUNTOF(infos) ? &infos[code] : NULL;
}

int64_t stos_field_get(const StosCmd *cmd, const StosField *field, int i) {
  FUSE_ASSERT(!field->is_post && i < field->count);
  const char *at = (const char *)cmd + field->offset + (size_t)i * field->bytes;
  int8_t s8;
  uint16_t u16;
  uint32_t u32;
  switch (field->bytes) {
  case 1: memcpy(&s8, at, 1); return field->is_signed ? s8 : (uint8_t)s8;
  case 2: memcpy(&u16, at, 2); return field->is_signed ? (int16_t)u16 : u16;
  default: memcpy(&u32, at, 4); return field->is_signed ? (int32_t)u32 : (int64_t)u32;
  }
}

void stos_field_set(StosCmd *cmd, const StosField *field, int i, int64_t value) {
  FUSE_ASSERT(!field->is_post && i < field->count);
  char *at = (char *)cmd + field->offset + (size_t)i * field->bytes;
  uint8_t u8 = (uint8_t)value;
  uint16_t u16 = (uint16_t)value;
  uint32_t u32 = (uint32_t)value;
  switch (field->bytes) {
  case 1: memcpy(at, &u8, 1); break;
  case 2: memcpy(at, &u16, 2); break;
  default: memcpy(at, &u32, 4); break;
  }
  FUSE_ASSERT(stos_field_get(cmd, field, i) == value);
}

StosPost *stos_field_post(StosCmd *cmd, const StosField *field, int i) {
  FUSE_ASSERT(field->is_post && i < field->count);
  return (StosPost *)(void *)((char *)cmd + field->offset) + i;
}

const StosPost *stos_field_post_const(const StosCmd *cmd, const StosField *field, int i) {
  FUSE_ASSERT(field->is_post && i < field->count);
  return (const StosPost *)(const void *)((const char *)cmd + field->offset) + i;
}

int stos_block_end(const StosCmdInfo *info, int first) {
  int end = first + 1;
  while (end < info->n_fields && strcmp(info->fields[end].block, info->fields[first].block) == 0)
    end++;
  return end;
}

bool stos_field_is_fallback(const StosCmd *cmd, const StosField *field, int i) {
  if (!field->is_post)
    return stos_field_get(cmd, field, i) == field->fallback;
  const StosPost *op = stos_field_post_const(cmd, field, i);
  return op->code == STOS_POST_NOP && op->shift == 0 && op->imm == 0;
}

bool stos_block_is_fallback(const StosCmd *cmd, const StosCmdInfo *info, int first, int end) {
  for (int f = first; f < end; f++)
    for (int i = 0; i < info->fields[f].count; i++)
      if (!stos_field_is_fallback(cmd, &info->fields[f], i))
        return false;
  return true;
}

StosQueue stos_cmd_queue(const StosCmd *cmd) {
  if (cmd->opcode == STOS_CMD_SIGNAL)
    return (StosQueue)cmd->signal.queue;
  const StosCmdInfo *info = stos_cmd_info(cmd->opcode);
  FUSE_ASSERT(info);
  return info->queue;
}

int stos_cmd_levels(int opcode) {
  switch (opcode) {
  case STOS_CMD_GEMM: return 5;   /* o0, o1, o2, row block, tile */
  case STOS_CMD_CONV1D: return 3; /* o0, o1, o2 */
  case STOS_CMD_VECTOR: return 3; /* o0, o1, y */
  case STOS_CMD_LOAD:
  case STOS_CMD_STORE: return 4; /* n0..n3 */
  default: return 0;
  }
}

bool stos_cmd_has_dtype(int opcode) {
  return opcode == STOS_CMD_LOAD || opcode == STOS_CMD_STORE || opcode == STOS_CMD_GEMM ||
         opcode == STOS_CMD_CONV1D || opcode == STOS_CMD_VECTOR;
}

StosCmd stos_cmd_init(StosOpcode opcode) {
  StosCmd cmd;
  memset(&cmd, 0, sizeof cmd);
  cmd.opcode = (uint8_t)opcode;
  const StosCmdInfo *info = stos_cmd_info(opcode);
  FUSE_ASSERT(info);
  for (int f = 0; f < info->n_fields; f++)
    for (int i = 0; i < info->fields[f].count && !info->fields[f].is_post; i++)
      stos_field_set(&cmd, &info->fields[f], i, info->fields[f].fallback);
  return cmd;
}

static bool field_equal(const StosCmd *a, const StosCmd *b, const StosField *field, int i) {
  if (!field->is_post)
    return stos_field_get(a, field, i) == stos_field_get(b, field, i);
  const StosPost *p = stos_field_post_const(a, field, i), *q = stos_field_post_const(b, field, i);
  return p->code == q->code && p->shift == q->shift && p->imm == q->imm;
}

bool stos_cmd_equal(const StosCmd *a, const StosCmd *b) {
  const StosCmdInfo *info = stos_cmd_info(a->opcode);
  if (!info || a->opcode != b->opcode || a->dtype != b->dtype || a->n_waits != b->n_waits ||
      a->n_signals != b->n_signals)
    return false;
  for (int i = 0; i < a->n_waits + a->n_signals; i++) {
    StosSync x = a->sync[i], y = b->sync[i];
    if (x.semaphore != y.semaphore || x.kind != y.kind || x.level != y.level || x.count != y.count)
      return false;
  }
  for (int f = 0; f < info->n_fields; f++)
    for (int i = 0; i < info->fields[f].count; i++)
      if (!field_equal(a, b, &info->fields[f], i))
        return false;
  return true;
}
