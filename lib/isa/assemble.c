// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* assemble.c - one line of assembly to a command (docs/isa.md, section 2).
 *
 *   command = name [ "." dtype ] { block | sync }
 *   block   = name "{" { field "=" value } "}"        value = element | "[" element { "," element }
 * "]" sync    = ( "wait" | "signal" ) "{" sN ":" count "@" level [ read | done ] { "," ... } "}"
 *
 * needs: any bytes
 * gives: a valid command, or an error with line and column */
#include <inttypes.h>
#include <string.h>

#include "isa_private.h"

typedef struct Parser {
  const char *start, *at, *end;
  const char *place;
  FuseDiag *diag;
  StosCmd *cmd;
  const StosCmdInfo *info;
  uint64_t fields_seen[4]; /* one bit a field */
  bool waits_seen, signals_seen;
} Parser;

typedef struct Word {
  const char *s;
  size_t length;
} Word;

/* An error at `where`; `found` is quoted, escaped, when it isn't NULL. */
static bool fail(Parser *p, const char *where, const Word *found, const char *expected) {
  FuseText place = {0}, quoted = {0};
  fuse_text_printf(&place, "%s:%td", p->place, where - p->start + 1);
  if (found && found->length)
    fuse_text_escaped(&quoted, found->s, found->length);
  if (!found)
    fuse_diag_error(p->diag, place.data, "%s", expected);
  else if (!quoted.data)
    fuse_diag_error(p->diag, place.data, "%s; expected %s",
                    where < p->end ? "unexpected character" : "the line ends", expected);
  else
    fuse_diag_error(p->diag, place.data, "'%s'; expected %s", quoted.data, expected);
  fuse_text_fini(&place);
  fuse_text_fini(&quoted);
  return false;
}

static void skip_space(Parser *p) {
  while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\r'))
    p->at++;
}

static bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '+' || c == '.';
}

/* Letters, digits and what numbers need; may be empty. */
static Word take_word(Parser *p) {
  skip_space(p);
  const char *from = p->at;
  while (p->at < p->end && is_word_char(*p->at))
    p->at++;
  return (Word){from, (size_t)(p->at - from)};
}

static bool accept(Parser *p, char c) {
  skip_space(p);
  if (p->at == p->end || *p->at != c)
    return false;
  p->at++;
  return true;
}

static bool expect(Parser *p, char c) {
  if (accept(p, c))
    return true;
  char expected[] = {'\'', c, '\'', '\0'};
  Word found = {p->at, p->at < p->end};
  return fail(p, p->at, &found, expected);
}

static bool word_is(Word word, const char *s) {
  return strlen(s) == word.length && memcmp(s, word.s, word.length) == 0;
}

/* The digits of a number in base 10 or 16; at most 2^40, so nothing overflows. */
static bool parse_integer(Word word, int64_t *value) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  bool negative = word.length && word.s[0] == '-';
  size_t i = negative;
  int base = 10;
  if (word.length > i + 2 && word.s[i] == '0' && word.s[i + 1] == 'x') {
    base = 16;
    i += 2;
  }
  int64_t sum = 0;
  bool any = false;
  for (; i < word.length; i++, any = true) {
    const char *at = memchr(digits, word.s[i], sizeof digits - 1);
    int digit = at ? (int)(at - digits) % 16 : base;
    if (digit >= base || sum >> 40)
      return false;
    sum = sum * base + digit;
  }
  *value = negative ? -sum : sum;
  return any;
}

/* A number from smallest to largest; `what` names it in the error. */
static bool take_integer(Parser *p, const char *what, int64_t smallest, int64_t largest,
                         int64_t *value) {
  char expected[96];
  Word word = take_word(p);
  if (parse_integer(word, value) && *value >= smallest && *value <= largest)
    return true;
  fuse_snprintf(expected, sizeof expected, "%s from %" PRId64 " to %" PRId64, what, smallest,
                largest);
  return fail(p, word.s, &word, expected);
}

/* Bits of a float. */
static bool take_f32(Parser *p, uint32_t *bits) {
  Word word = take_word(p);
  return stos_parse_f32(word.s, word.length, bits) ||
         fail(p, word.s, &word, "a decimal float that f32 holds, inf, -inf or 0x and its bits");
}

static const StosPostInfo *post_find(Word word, int *code) {
  const StosPostInfo *info;
  for (int i = 0; (info = stos_post_info(i)); i++)
    if (word_is(word, info->name)) {
      *code = i;
      return info;
    }
  return NULL;
}

static bool take_post(Parser *p, StosPost *op) {
  bool is_i8 = p->cmd->dtype == FUSE_I8;
  int code = 0;
  int64_t number = 0;
  Word word = take_word(p);
  const StosPostInfo *info = post_find(word, &code);
  if (!info)
    return fail(p, word.s, &word, "a post operation");
  const char *operands = is_i8 ? info->operands_i8 : info->operands_f32;
  if (!operands)
    return fail(p, word.s, &word, "an operation of this type");
  op->code = (uint8_t)code;
  if (strchr(operands, 'i') && is_i8) {
    if (!take_integer(p, "an immediate", INT32_MIN, INT32_MAX, &number))
      return false;
    op->imm = (uint32_t)number;
  } else if (strchr(operands, 'i') && !take_f32(p, &op->imm)) {
    return false;
  }
  if (strchr(operands, 's')) {
    if (!take_integer(p, "a shift", 2, 62, &number))
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
  } else if (!take_integer(p, field->name, field->smallest,
                           field->is_value ? UINT8_MAX : field->largest, &value)) {
    return false;
  }
  stos_field_set(p->cmd, field, i, value);
  return true;
}

static bool take_value(Parser *p, const StosField *field) {
  if (field->count == 1)
    return take_element(p, field, 0);
  if (!expect(p, '['))
    return false;
  for (int i = 0; i < field->count; i++) {
    if (!take_element(p, field, i))
      return false;
    if (!accept(p, ','))
      return expect(p, ']');
  }
  return fail(p, p->at, NULL, "the list is longer than the field");
}

static bool take_field(Parser *p, Word block) {
  Word word = take_word(p);
  const StosField *field = stos_field_find(p->info, word.s, word.length);
  if (!field || !word_is(block, field->block)) {
    FuseText expected = {0};
    fuse_text_puts(&expected, "a field of the block:");
    for (int f = 0; f < p->info->n_fields; f++)
      if (word_is(block, p->info->fields[f].block))
        fuse_text_printf(&expected, " %s", p->info->fields[f].name);
    fail(p, word.s, &word, expected.data);
    fuse_text_fini(&expected);
    return false;
  }
  size_t index = (size_t)(field - p->info->fields);
  FUSE_ASSERT(index < 64 * FUSE_COUNTOF(p->fields_seen));
  uint64_t bit = UINT64_C(1) << index % 64;
  if (p->fields_seen[index / 64] & bit)
    return fail(p, word.s, &word, "each field once");
  p->fields_seen[index / 64] |= bit;
  return expect(p, '=') && take_value(p, field);
}

static bool take_one_sync(Parser *p, bool wait, StosSync *sync) {
  int64_t semaphore, count, level;
  Word word = take_word(p);
  Word digits = {word.s + 1, word.length ? word.length - 1 : 0};
  if (word.length < 2 || word.s[0] != 's' || !parse_integer(digits, &semaphore) || semaphore < 0 ||
      semaphore >= STOS_N_SEMAPHORES)
    return fail(p, word.s, &word, "a semaphore from s0 to s63");
  if (!expect(p, ':') || !take_integer(p, "a count", 1, UINT16_MAX, &count) || !expect(p, '@') ||
      !take_integer(p, "a level", 0, stos_cmd_levels(p->cmd->opcode), &level))
    return false;
  *sync = (StosSync){.semaphore = (uint8_t)semaphore,
                     .kind = STOS_WAIT,
                     .level = (uint8_t)level,
                     .count = (uint16_t)count};
  if (wait)
    return true;
  word = take_word(p);
  if (!word_is(word, "read") && !word_is(word, "done"))
    return fail(p, word.s, &word, "read or done");
  sync->kind = word_is(word, "read") ? STOS_SIGNAL_READ : STOS_SIGNAL_DONE;
  return true;
}

static bool take_sync(Parser *p, bool wait, StosSync *list, uint8_t *n) {
  if (!expect(p, '{'))
    return false;
  do {
    if (*n == STOS_MAX_WAITS)
      return fail(p, p->at, NULL, "more than 4 waits or signals");
    if (!take_one_sync(p, wait, &list[(*n)++]))
      return false;
  } while (accept(p, ','));
  return expect(p, '}');
}

static bool block_exists(const StosCmdInfo *info, Word word) {
  for (int f = 0; f < info->n_fields; f++)
    if (word_is(word, info->fields[f].block))
      return true;
  return false;
}

/* A block, wait{...} or signal{...}. */
static bool take_item(Parser *p, StosSync *waits, StosSync *signals) {
  Word word = take_word(p);
  bool wait = word_is(word, "wait"), signal = word_is(word, "signal");
  if ((wait && p->waits_seen) || (signal && p->signals_seen))
    return fail(p, word.s, &word, "one list of waits and one of signals");
  p->waits_seen |= wait;
  p->signals_seen |= signal;
  if (wait)
    return take_sync(p, true, waits, &p->cmd->n_waits);
  if (signal)
    return take_sync(p, false, signals, &p->cmd->n_signals);
  if (word.length == 0 || !block_exists(p->info, word))
    return fail(p, word.s, &word, "a block of the command, wait or signal");
  if (!expect(p, '{'))
    return false;
  while (!accept(p, '}')) {
    if (!take_field(p, word))
      return false;
  }
  return true;
}

/* "gemm.f32" */
static bool take_name(Parser *p) {
  Word word = take_word(p), name = word;
  const char *dot = memchr(word.s, '.', word.length);
  if (dot)
    name.length = (size_t)(dot - word.s);
  p->info = stos_cmd_find(name.s, name.length);
  if (!p->info)
    return fail(p, word.s, &word, "a command");
  *p->cmd = stos_cmd_init((StosOpcode)p->info->opcode);
  if (!stos_cmd_has_dtype(p->info->opcode))
    return !dot || fail(p, word.s, &word, "this command without an element type");
  FuseDtype dtype = dot ? fuse_dtype_find(dot + 1, word.length - name.length - 1) : FUSE_DTYPE_NONE;
  if (dtype != FUSE_F32 && dtype != FUSE_I8)
    return fail(p, word.s, &word, "the command's element type: .f32 or .i8");
  p->cmd->dtype = (uint8_t)dtype;
  return true;
}

bool stos_parse(const char *line, size_t length, const char *place, StosCmd *cmd, FuseDiag *diag) {
  const char *comment = length ? memchr(line, ';', length) : NULL;
  Parser p = {.start = line,
              .at = line,
              .end = comment ? comment : line + length,
              .place = place,
              .diag = diag,
              .cmd = cmd};
  StosSync waits[STOS_MAX_WAITS], signals[STOS_MAX_SIGNALS];
  if (!take_name(&p))
    return false;
  for (skip_space(&p); p.at < p.end; skip_space(&p))
    if (!take_item(&p, waits, signals))
      return false;
  for (int i = 0; i < cmd->n_waits; i++)
    cmd->sync[i] = waits[i];
  for (int i = 0; i < cmd->n_signals; i++)
    cmd->sync[cmd->n_waits + i] = signals[i];
  return stos_cmd_check(cmd, place, diag);
}
