// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* c_names.c - C identifiers, comments and numbers from names and values of a model.
 *
 * gives: text that means the same to every C99 compiler, whatever a model calls its tensors
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen_private.h"

/* Keywords of C and C++, and names that headers of generated programs define or use. */
static const char *const TAKEN[] = {
    "alignas",  "alignof",   "and",       "arena",     "asm",      "auto",     "bool",
    "break",    "case",      "catch",     "char",      "class",    "compl",    "concept",
    "const",    "consteval", "constexpr", "constinit", "continue", "decltype", "default",
    "delete",   "do",        "double",    "else",      "enum",     "errno",    "explicit",
    "export",   "extern",    "false",     "float",     "for",      "fputs",    "friend",
    "goto",     "if",        "inline",    "int",       "linux",    "long",     "main",
    "mutable",  "namespace", "new",       "noexcept",  "not",      "nullptr",  "operator",
    "or",       "private",   "protected", "public",    "register", "requires", "restrict",
    "return",   "short",     "signed",    "sizeof",    "static",   "stderr",   "stdin",
    "stdout",   "struct",    "switch",    "template",  "this",     "throw",    "true",
    "try",      "typedef",   "typeid",    "typename",  "typeof",   "union",    "unix",
    "unsigned", "using",     "virtual",   "void",      "volatile", "weights",  "while",
    "xor",
};

/* Could a header have it as a macro or type? All capitals, a leading underscore, ..._t, fk_...; or
 * is it one of ours: ..._run, or a letter and a number, which is how tensors inside are called. */
static bool looks_taken(const char *s) {
  const size_t n = strlen(s);
  for (size_t i = 0; i < FUSE_COUNTOF(TAKEN); i++)
    if (!strcmp(s, TAKEN[i]))
      return true;
  if (s[0] == '_' || !strncmp(s, "fk_", 3) || !strncmp(s, "npy_", 4) ||
      (n > 2 && !strcmp(s + n - 2, "_t")) || (n > 4 && !strcmp(s + n - 4, "_run")))
    return true;
  if ((s[0] == 't' || s[0] == 'w') && n > 1 && strspn(s + 1, "0123456789") == n - 1)
    return true;
  return n > 2 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == n;
}

char *fuse_c_identifier(FuseArena *arena, const char *name) {
  const size_t n = strlen(name) < 100 ? strlen(name) : 100;
  char *s = fuse_alloc(arena, n + 3), *at = s;
  if (n == 0 || isdigit((unsigned char)name[0]))
    *at++ = 'n';
  for (size_t i = 0; i < n; i++) {
    const unsigned char c = (unsigned char)name[i];
    *at++ =
        (char)((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c
                                                                                          : '_');
  }
  if (looks_taken(s))
    *at++ = '_';
  if (s[0] == '_') { /* reserved for the compiler's own */
    memmove(s + 1, s, strlen(s) + 1);
    s[0] = 'n';
  }
  return s;
}

char *fuse_c_unique(FuseArena *arena, const char *name, const char *const *others, size_t n) {
  char *base = fuse_c_identifier(arena, name), *s = base;
  for (int suffix = 2;; suffix++) {
    bool clash = false;
    for (size_t i = 0; i < n; i++)
      clash |= !strcmp(s, others[i]);
    if (!clash)
      return s;
    s = fuse_format(arena, "%s_%d", base, suffix);
  }
}

const char *fuse_c_model_name(FuseArena *arena, MlirOperation function, const char *attribute,
                              const char *fallback, size_t listed, size_t i) {
  const MlirAttribute names = mlirOperationGetAttributeByName(function, fuse_str(attribute));
  if (!mlirAttributeIsNull(names) && mlirAttributeIsAArray(names) &&
      (size_t)mlirArrayAttrGetNumElements(names) == listed) {
    const MlirAttribute name = mlirArrayAttrGetElement(names, (intptr_t)i);
    if (mlirAttributeIsAString(name))
      return fuse_str_dup(arena, mlirStringAttrGetValue(name));
  }
  return listed == 1 ? fallback : fuse_format(arena, "%s%zu", fallback, i);
}

void fuse_c_comment(FuseText *out, const char *s, size_t length) {
  FuseText escaped = {0};
  fuse_text_escaped(&escaped, s, length);
  for (size_t i = 0; i < escaped.length; i++) {
    const char c = escaped.data[i], before = i ? escaped.data[i - 1] : ' ';
    /* Nothing may end the comment, seem to begin one, or be a trigraph. */
    if ((c == '/' && before == '*') || (c == '*' && before == '/') || (c == '?' && before == '?'))
      fuse_text_puts(out, " ");
    fuse_text_append(out, &c, 1);
  }
  fuse_text_fini(&escaped);
}

/* In as few digits as read back as the same number: 9 give every float back, 17 every double. */
static void c_number(FuseText *out, double value, bool single) {
  char text[40];
  if (isnan(value)) {
    fuse_text_puts(out, signbit(value) ? "-NAN" : "NAN");
    return;
  }
  if (isinf(value)) {
    fuse_text_puts(out, value < 0 ? "-INFINITY" : "INFINITY");
    return;
  }
  for (int digits = 6; digits <= (single ? 9 : 17); digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value)
      break;
  }
  bool whole = true;
  for (char *s = text; *s; s++) {
    if (!strchr("+-0123456789e", *s))
      *s = '.'; /* whatever the locale's decimal sign is */
    whole = whole && *s != '.' && *s != 'e';
  }
  fuse_text_puts(out, text);
  fuse_text_puts(out, whole ? ".0" : "");
  fuse_text_puts(out, single ? "f" : "");
}

void fuse_c_float(FuseText *out, float value) {
  c_number(out, (double)value, true);
}

void fuse_c_double(FuseText *out, double value) {
  c_number(out, value, false);
}

void fuse_c_string(FuseText *out, const char *s) {
  fuse_text_puts(out, "\"");
  for (; *s; s++) {
    const unsigned char c = (unsigned char)*s;
    if (c < ' ' || c > '~' || strchr("\"\\?", c)) /* two ? could begin a trigraph */
      fuse_text_printf(out, "\\%03o", c);
    else
      fuse_text_append(out, s, 1);
  }
  fuse_text_puts(out, "\"");
}

void fuse_c_npy_shape(FuseText *out, const FuseTensor *tensor, const char *comma) {
  fuse_text_puts(out, "(");
  for (int d = 0; d < tensor->rank; d++)
    fuse_text_printf(out, "%s%lld", d ? comma : "", (long long)tensor->shape[d]);
  fuse_text_puts(out, tensor->rank == 1 ? ",)" : ")");
}
