// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* assemble.c - one line of assembly to a command (docs/isa.md, section 2).
 *
 *   command = name [ "." dtype ] { block | sync }
 *   block   = name "{" { field "=" value } "}"        value = element | "[" element { "," element }
 * "]" sync    = ( "wait" | "signal" ) "{" sN ":" count "@" level [ read | done ] { "," ... } "}"
 *
 * needs: any bytes
 * gives: a valid command, or an error with line and column */
#include <string.h>

#include "fuse/line.h"
#include "isa_private.h"

typedef struct Parser {
  FuseLine line;
  StosCmd *cmd;
  const StosCmdInfo *info;
  uint64_t fields_seen[4]; /* one bit a field */
  bool waits_seen, signals_seen;
} Parser;

/* Bits of a float. */
static bool take_f32(Parser *p, uint32_t *bits) {
  FuseWord word = fuse_line_word(&p->line);
  return stos_parse_f32(word.s, word.length, bits) ||
         fuse_line_unexpected(&p->line, word,
                              "a decimal float that f32 holds, inf, -inf or 0x and its bits");
}

static const StosPostInfo *post_find(FuseWord word, int *code) {
  const StosPostInfo *info;
  for (int i = 0; (info = stos_post_info(i)); i++)
    if (fuse_word_is(word, info->name)) {
      *code = i;
      return info;
    }
  return NULL;
}

static bool take_post(Parser *p, StosPost *op) {
  bool is_i8 = p->cmd->dtype == FUSE_I8;
  int code = 0;
  int64_t number = 0;
  FuseWord word = fuse_line_word(&p->line);
  const StosPostInfo *info = post_find(word, &code);
  if (!info)
    return fuse_line_unexpected(&p->line, word, "a post operation");
  const char *operands = is_i8 ? info->operands_i8 : info->operands_f32;
  if (!operands)
    return fuse_line_unexpected(&p->line, word, "an operation of this type");
  op->code = (uint8_t)code;
  if (strchr(operands, 'i') && is_i8) {
    if (!fuse_line_integer(&p->line, "an immediate", INT32_MIN, INT32_MAX, &number))
      return false;
    op->imm = (uint32_t)number;
  } else if (strchr(operands, 'i') && !take_f32(p, &op->imm)) {
    return false;
  }
  if (strchr(operands, 's')) {
    if (!fuse_line_integer(&p->line, "a shift", 2, 62, &number))
      return false;
    op->shift = (uint8_t)number;
  }
  return true;
}

static bool take_element(Parser *p, const StosField *field, int i) {
  if (field->is_post)
    return take_post(p, stos_field_post(p->cmd, field, i));
  bool is_i8 = p->cmd->dtype == FUSE_I8;
  int64_t value;
  if (field->is_value && !is_i8) {
    uint32_t bits;
    if (!take_f32(p, &bits))
      return false;
    value = bits;
  } else if (!fuse_line_integer(&p->line, field->name, field->smallest,
                                field->is_value ? UINT8_MAX : field->largest, &value)) {
    return false;
  }
  stos_field_set(p->cmd, field, i, value);
  return true;
}

static bool take_value(Parser *p, const StosField *field) {
  if (field->count == 1)
    return take_element(p, field, 0);
  if (!fuse_line_expect(&p->line, '['))
    return false;
  for (int i = 0; i < field->count; i++) {
    if (!take_element(p, field, i))
      return false;
    if (!fuse_line_accept(&p->line, ','))
      return fuse_line_expect(&p->line, ']');
  }
  return fuse_line_error(&p->line, p->line.at, "the list is longer than the field");
}

static bool take_field(Parser *p, FuseWord block) {
  FuseWord word = fuse_line_word(&p->line);
  const StosField *field = stos_field_find(p->info, word.s, word.length);
  if (!field || !fuse_word_is(block, field->block)) {
    FuseText expected = {0};
    fuse_text_puts(&expected, "a field of the block:");
    for (int f = 0; f < p->info->n_fields; f++)
      if (fuse_word_is(block, p->info->fields[f].block))
        fuse_text_printf(&expected, " %s", p->info->fields[f].name);
    fuse_line_unexpected(&p->line, word, expected.data);
    fuse_text_fini(&expected);
    return false;
  }
  size_t index = (size_t)(field - p->info->fields);
  FUSE_ASSERT(index < 64 * FUSE_COUNTOF(p->fields_seen));
  uint64_t bit = UINT64_C(1) << index % 64;
  if (p->fields_seen[index / 64] & bit)
    return fuse_line_unexpected(&p->line, word, "each field once");
  p->fields_seen[index / 64] |= bit;
  return fuse_line_expect(&p->line, '=') && take_value(p, field);
}

static bool take_one_sync(Parser *p, bool wait, StosSync *sync) {
  int64_t semaphore, count, level;
  FuseWord word = fuse_line_word(&p->line);
  FuseWord digits = {word.s + 1, word.length ? word.length - 1 : 0};
  if (word.length < 2 || word.s[0] != 's' || !fuse_word_integer(digits, &semaphore) ||
      semaphore < 0 || semaphore >= STOS_N_SEMAPHORES)
    return fuse_line_unexpected(&p->line, word, "a semaphore from s0 to s63");
  if (!fuse_line_expect(&p->line, ':') ||
      !fuse_line_integer(&p->line, "a count", 1, UINT16_MAX, &count) ||
      !fuse_line_expect(&p->line, '@') ||
      !fuse_line_integer(&p->line, "a level", 0, stos_cmd_levels(p->cmd->opcode), &level))
    return false;
  *sync = (StosSync){.semaphore = (uint8_t)semaphore,
                     .kind = STOS_WAIT,
                     .level = (uint8_t)level,
                     .count = (uint16_t)count};
  if (wait)
    return true;
  word = fuse_line_word(&p->line);
  if (!fuse_word_is(word, "read") && !fuse_word_is(word, "done"))
    return fuse_line_unexpected(&p->line, word, "read or done");
  sync->kind = fuse_word_is(word, "read") ? STOS_SIGNAL_READ : STOS_SIGNAL_DONE;
  return true;
}

static bool take_sync(Parser *p, bool wait, StosSync *list, uint8_t *n) {
  if (!fuse_line_expect(&p->line, '{'))
    return false;
  do {
    if (*n == STOS_MAX_WAITS)
      return fuse_line_error(&p->line, p->line.at, "more than 4 waits or signals");
    if (!take_one_sync(p, wait, &list[(*n)++]))
      return false;
  } while (fuse_line_accept(&p->line, ','));
  return fuse_line_expect(&p->line, '}');
}

static bool block_exists(const StosCmdInfo *info, FuseWord word) {
  for (int f = 0; f < info->n_fields; f++)
    if (fuse_word_is(word, info->fields[f].block))
      return true;
  return false;
}

/* A block, wait{...} or signal{...}. */
static bool take_item(Parser *p, StosSync *waits, StosSync *signals) {
  FuseWord word = fuse_line_word(&p->line);
  bool wait = fuse_word_is(word, "wait"), signal = fuse_word_is(word, "signal");
  if ((wait && p->waits_seen) || (signal && p->signals_seen))
    return fuse_line_unexpected(&p->line, word, "one list of waits and one of signals");
  p->waits_seen |= wait;
  p->signals_seen |= signal;
  if (wait)
    return take_sync(p, true, waits, &p->cmd->n_waits);
  if (signal)
    return take_sync(p, false, signals, &p->cmd->n_signals);
  if (word.length == 0 || !block_exists(p->info, word))
    return fuse_line_unexpected(&p->line, word, "a block of the command, wait or signal");
  if (!fuse_line_expect(&p->line, '{'))
    return false;
  while (!fuse_line_accept(&p->line, '}')) {
    if (!take_field(p, word))
      return false;
  }
  return true;
}

/* "gemm.f32" */
static bool take_name(Parser *p) {
  FuseWord word = fuse_line_word(&p->line), name = word;
  const char *dot = memchr(word.s, '.', word.length);
  if (dot)
    name.length = (size_t)(dot - word.s);
  p->info = stos_cmd_find(name.s, name.length);
  if (!p->info)
    return fuse_line_unexpected(&p->line, word, "a command");
  *p->cmd = stos_cmd_init((StosOpcode)p->info->opcode);
  if (!stos_cmd_has_dtype(p->info->opcode))
    return !dot || fuse_line_unexpected(&p->line, word, "this command without an element type");
  FuseDtype dtype = dot ? fuse_dtype_find(dot + 1, word.length - name.length - 1) : FUSE_DTYPE_NONE;
  if (dtype != FUSE_F32 && dtype != FUSE_I8)
    return fuse_line_unexpected(&p->line, word, "the command's element type: .f32 or .i8");
  p->cmd->dtype = (uint8_t)dtype;
  return true;
}

bool stos_parse(const char *line, size_t length, const char *place, StosCmd *cmd, FuseDiag *diag) {
  const char *comment = length ? memchr(line, ';', length) : NULL;
  Parser p = {.line = fuse_line(line, comment ? (size_t)(comment - line) : length, place, diag),
              .cmd = cmd};
  StosSync waits[STOS_MAX_WAITS], signals[STOS_MAX_SIGNALS];
  if (!take_name(&p))
    return false;
  while (!fuse_line_at_end(&p.line))
    if (!take_item(&p, waits, signals))
      return false;
  for (int i = 0; i < cmd->n_waits; i++)
    cmd->sync[i] = waits[i];
  for (int i = 0; i < cmd->n_signals; i++)
    cmd->sync[cmd->n_waits + i] = signals[i];
  return stos_cmd_check(cmd, place, diag);
}

bool stos_parse_post(const char *text, size_t length, const char *place, FuseDtype dtype,
                     StosPost *op, FuseDiag *diag) {
  StosCmd cmd = {.dtype = (uint8_t)dtype};
  Parser parser = {.line = fuse_line(text, length, place, diag), .cmd = &cmd};
  *op = (StosPost){0};
  return take_post(&parser, op) &&
         (fuse_line_at_end(&parser.line) ||
          fuse_line_error(&parser.line, parser.line.at, "the operation goes on; expected its end"));
}
