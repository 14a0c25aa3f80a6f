// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* line.c - read one line of a text format word by word. */
#include <inttypes.h>
#include <string.h>

#include "fuse/line.h"

FuseLine fuse_line(const char *s, size_t length, const char *place, FuseDiag *diag) {
  return (FuseLine){.start = s, .at = s, .end = s + length, .place = place, .diag = diag};
}

bool fuse_line_error(FuseLine *line, const char *at, const char *message) {
  FuseText place = {0};
  fuse_text_printf(&place, "%s:%td", line->place, at - line->start + 1);
  fuse_diag_error(line->diag, place.data, "%s", message);
  fuse_text_fini(&place);
  return false;
}

bool fuse_line_unexpected(FuseLine *line, FuseWord word, const char *expected) {
  FuseText text = {0};
  if (word.length) {
    fuse_text_puts(&text, "'");
    fuse_text_escaped(&text, word.s, word.length);
    fuse_text_puts(&text, "'");
  } else {
    fuse_text_puts(&text, word.s < line->end ? "unexpected character" : "the line ends");
  }
  fuse_text_printf(&text, "; expected %s", expected);
  fuse_line_error(line, word.s, text.data);
  fuse_text_fini(&text);
  return false;
}

void fuse_line_skip_space(FuseLine *line) {
  while (line->at < line->end && (*line->at == ' ' || *line->at == '\t' || *line->at == '\r'))
    line->at++;
}

bool fuse_line_at_end(FuseLine *line) {
  fuse_line_skip_space(line);
  return line->at == line->end;
}

static bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '+' || c == '.';
}

FuseWord fuse_line_word(FuseLine *line) {
  fuse_line_skip_space(line);
  const char *from = line->at;
  while (line->at < line->end && is_word_char(*line->at))
    line->at++;
  return (FuseWord){from, (size_t)(line->at - from)};
}

bool fuse_word_is(FuseWord word, const char *s) {
  return strlen(s) == word.length && memcmp(s, word.s, word.length) == 0;
}

bool fuse_line_accept(FuseLine *line, char c) {
  if (fuse_line_at_end(line) || *line->at != c)
    return false;
  line->at++;
  return true;
}

bool fuse_line_expect(FuseLine *line, char c) {
  if (fuse_line_accept(line, c))
    return true;
  char expected[] = {'\'', c, '\'', '\0'};
  return fuse_line_unexpected(line, (FuseWord){line->at, line->at < line->end}, expected);
}

/* Value of a digit in any base up to 16; 16 when it is none. */
static int digit_value(char c) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  const char *at = memchr(digits, c, sizeof digits - 1);
  return at ? (int)(at - digits) % 16 : 16;
}

bool fuse_word_integer(FuseWord word, int64_t *value) {
  bool negative = word.length && word.s[0] == '-', any = false;
  size_t i = negative;
  int base = 10;
  if (word.length > i + 2 && word.s[i] == '0' && word.s[i + 1] == 'x') {
    base = 16;
    i += 2;
  }
  int64_t sum = 0;
  for (; i < word.length; i++, any = true) {
    int digit = digit_value(word.s[i]);
    if (digit >= base || sum > (INT64_MAX - digit) / base)
      return false;
    sum = sum * base + digit;
  }
  *value = negative ? -sum : sum;
  return any;
}

bool fuse_line_integer(FuseLine *line, const char *what, int64_t smallest, int64_t largest,
                       int64_t *value) {
  char expected[128];
  FuseWord word = fuse_line_word(line);
  if (fuse_word_integer(word, value) && *value >= smallest && *value <= largest)
    return true;
  fuse_snprintf(expected, sizeof expected, "%s from %" PRId64 " to %" PRId64, what, smallest,
                largest);
  return fuse_line_unexpected(line, word, expected);
}

/* The character behind a backslash. */
static bool take_escape(FuseLine *line, char *c) {
  static const char from[] = "ntr\\\"", to[] = "\n\t\r\\\"";
  char which = line->at < line->end ? *line->at : '\0';
  const char *special = which ? strchr(from, which) : NULL;
  if (special) {
    *c = to[special - from];
    line->at++;
    return true;
  }
  if (which == 'x' && line->end - line->at >= 3 && digit_value(line->at[1]) < 16 &&
      digit_value(line->at[2]) < 16) {
    *c = (char)(digit_value(line->at[1]) * 16 + digit_value(line->at[2]));
    line->at += 3;
    return true;
  }
  return fuse_line_error(line, line->at, "unknown escape; expected \\n \\t \\r \\\\ \\\" or \\xNN");
}

bool fuse_line_string(FuseArena *arena, FuseLine *line, const char **s) {
  if (!fuse_line_expect(line, '"'))
    return false;
  const char *from = line->at;
  char *copy = fuse_alloc(arena, (size_t)(line->end - line->at) + 1);
  size_t length = 0;
  while (line->at < line->end && *line->at != '"') {
    char c = *line->at++;
    if (c == '\\' && !take_escape(line, &c))
      return false;
    copy[length++] = c;
  }
  if (!fuse_line_expect(line, '"'))
    return false;
  if (!fuse_utf8_valid(copy, length))
    return fuse_line_error(line, from, "the string isn't UTF-8 without NUL");
  *s = copy;
  return true;
}
