// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* text.c - a growable byte string, formatting in the C locale, escaping of names from files. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/support.h"

enum { MAX_ESCAPED = 200 };

/* A host program may have set a locale with a decimal comma; what we print is read back. */
int fuse_vsnprintf(char *buffer, size_t size, const char *format, va_list args) {
  locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  locale_t before = c ? uselocale(c) : (locale_t)0;
  int length = vsnprintf(buffer, size, format, args);
  if (c) {
    uselocale(before);
    freelocale(c);
  }
  return length;
}

int fuse_snprintf(char *buffer, size_t size, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = fuse_vsnprintf(buffer, size, format, args);
  va_end(args);
  return length;
}

enum { LARGE = 1 << 26 };

/* Room for `extra` more bytes and the NUL: twice as much as before, or a quarter more where that is
 * large. */
static void reserve(FuseText *text, size_t extra) {
  size_t need, more = text->capacity < LARGE ? text->capacity : text->capacity / 4, grown;
  if (!fuse_add_size(text->length, extra, &need) || !fuse_add_size(need, 1, &need))
    fuse_fatal("out of memory");
  if (need <= text->capacity)
    return;
  if (!fuse_add_size(text->capacity, more, &grown) || grown < need)
    grown = need;
  if (grown < 64)
    grown = 64;
  char *data = realloc(text->data, grown);
  if (!data)
    fuse_fatal("out of memory");
  text->data = data;
  text->capacity = grown;
}

void fuse_text_append(FuseText *text, const char *data, size_t length) {
  reserve(text, length);
  if (length)
    memcpy(text->data + text->length, data, length);
  text->length += length;
  text->data[text->length] = '\0';
}

void fuse_text_puts(FuseText *text, const char *s) {
  fuse_text_append(text, s, strlen(s));
}

void fuse_text_vprintf(FuseText *text, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  reserve(text, 0);
  size_t room = text->capacity - text->length;
  int length = fuse_vsnprintf(text->data + text->length, room, format, args);
  FUSE_ASSERT(length >= 0);
  if ((size_t)length >= room) {
    reserve(text, (size_t)length);
    fuse_vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
  }
  text->length += (size_t)length;
  va_end(again);
}

void fuse_text_printf(FuseText *text, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fuse_text_vprintf(text, format, args);
  va_end(args);
}

/* Length of the well-formed UTF-8 sequence of two to four bytes at s, or 0: not overlong, no
 * surrogate, at most U+10FFFF. *code is its character. */
static size_t utf8_sequence(const uint8_t *s, size_t length, uint32_t *code) {
  size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
  if (s[0] < 0xc2 || s[0] > 0xf4 || n > length)
    return 0;
  *code = s[0] & (0xffu >> (n + 1));
  for (size_t i = 1; i < n; i++) {
    if ((s[i] & 0xc0) != 0x80)
      return 0;
    *code = *code << 6 | (s[i] & 0x3fu);
  }
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
  return *code < smallest[n] || surrogate || *code > 0x10ffff ? 0 : n;
}

bool fuse_utf8_valid(const char *s, size_t length) {
  const uint8_t *at = (const uint8_t *)s;
  uint32_t code;
  for (size_t i = 0, n; i < length; i += n) {
    n = at[i] < 0x80 ? at[i] != 0 : utf8_sequence(at + i, length - i, &code);
    if (n == 0)
      return false;
  }
  return true;
}

/* The printed form of the first character of s into unit; *taken is how many bytes of s it is. */
static size_t escape_unit(const uint8_t *s, size_t length, char unit[8], size_t *taken) {
  uint32_t code = 0;
  size_t sequence = s[0] >= 0x80 ? utf8_sequence(s, length, &code) : 0;
  if (sequence && code < 0xa0) /* a C1 control character */
    sequence = 0;
  *taken = sequence ? sequence : 1;
  if (sequence) {
    memcpy(unit, s, sequence);
    return sequence;
  }
  static const char from[] = "\n\t\r\\\"'", to[] = "ntr\\\"'";
  const char *special = s[0] ? strchr(from, s[0]) : NULL;
  if (special) {
    unit[0] = '\\', unit[1] = to[special - from];
    return 2;
  }
  if (s[0] >= 0x20 && s[0] < 0x7f) {
    unit[0] = (char)s[0];
    return 1;
  }
  static const char hex[] = "0123456789abcdef";
  unit[0] = '\\', unit[1] = 'x', unit[2] = hex[s[0] >> 4], unit[3] = hex[s[0] & 15];
  return 4;
}

void fuse_text_escaped(FuseText *text, const char *s, size_t length) {
  size_t written = 0;
  fuse_text_append(text, "", 0); /* an empty name is "", not NULL */
  for (size_t i = 0, taken; i < length; i += taken) {
    char unit[8];
    size_t n = escape_unit((const uint8_t *)s + i, length - i, unit, &taken);
    if (written + n > MAX_ESCAPED) {
      fuse_text_puts(text, "...");
      return;
    }
    fuse_text_append(text, unit, n);
    written += n;
  }
}

void fuse_text_fini(FuseText *text) {
  free(text->data);
  *text = (FuseText){0};
}

/* ---- names that were meant ---- */

enum { MAX_NAME_CHARS = 64 };

size_t fuse_text_distance(const char *a, const char *b) {
  size_t row[MAX_NAME_CHARS + 1], n = strlen(a), m = strlen(b);
  if (n > MAX_NAME_CHARS || m > MAX_NAME_CHARS)
    return SIZE_MAX;
  for (size_t k = 0; k <= m; k++)
    row[k] = k;
  for (size_t i = 1; i <= n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t k = 1; k <= m; k++) {
      size_t best = diagonal + (a[i - 1] != b[k - 1]);
      diagonal = row[k];
      best = best < row[k] + 1 ? best : row[k] + 1;
      row[k] = best < row[k - 1] + 1 ? best : row[k - 1] + 1;
    }
  }
  return row[m];
}

size_t fuse_text_typo(const char *name) {
  return 1 + strlen(name) / 4;
}
