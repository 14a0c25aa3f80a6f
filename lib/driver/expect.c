// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* expect.c - compare what is reported with the comments that say what should be.
 *
 * needs: the text of a piece with `expected-error@+1 {{...}}` comments; then every diagnostic
 * gives: one error for each that was not expected or not reported
 * source: mlir-opt --verify-diagnostics; without its regular expressions
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/driver.h"

typedef struct Expected {
  FuseSeverity severity;
  int at_line; /* of the comment */
  int line;    /* where the diagnostic must be; 0: without a place */
  const char *message;
  bool seen;
} Expected;

struct FuseExpect {
  FuseArena arena;
  const char *file;
  Expected *items;
  size_t n;
  size_t capacity;
  bool good;
};

static const char *severity_name(FuseSeverity severity) {
  return severity == FUSE_ERROR ? "error" : severity == FUSE_WARNING ? "warning" : "note";
}

static bool skip(const char **s, const char *literal) {
  size_t n = strlen(literal);
  if (strncmp(*s, literal, n) != 0)
    return false;
  *s += n;
  return true;
}

/* `@+N`, `@-N`, `@above`, `@below`, `@unknown` or nothing; false when it is something else. */
static bool parse_line(const char **s, Expected *e) {
  e->line = e->at_line;
  if (!skip(s, "@"))
    return true;
  if (skip(s, "above"))
    return e->line--, true;
  if (skip(s, "below"))
    return e->line++, true;
  if (skip(s, "unknown"))
    return e->line = 0, true;
  if (**s != '+' && **s != '-')
    return false;
  char *end;
  long offset = strtol(*s, &end, 10);
  if (end == *s || offset < -INT_MAX / 2 || offset > INT_MAX / 2)
    return false;
  e->line += (int)offset;
  *s = end;
  return true;
}

/* One comment behind "expected-"; *s is behind it afterwards. */
static bool parse_one(FuseExpect *expect, const char **s, int line, FuseDiag *diag) {
  Expected e = {.at_line = line};
  const char *place = fuse_format(&expect->arena, "%s:%d", expect->file, line);
  if (skip(s, "error"))
    e.severity = FUSE_ERROR;
  else if (skip(s, "warning"))
    e.severity = FUSE_WARNING;
  else if (skip(s, "note") || skip(s, "remark"))
    e.severity = FUSE_NOTE;
  else
    return fuse_diag_error(diag, place, "found 'expected-%.10s'; expected error, warning or note",
                           *s);
  if (skip(s, "-re"))
    return fuse_diag_error(diag, place, "not supported yet: regular expressions in expected-...");
  if (!parse_line(s, &e))
    return fuse_diag_error(diag, place,
                           "found '@%.10s'; expected @+N, @-N, @above, @below or @unknown", *s);
  *s += strspn(*s, " \t");
  const char *end = skip(s, "{{") ? strstr(*s, "}}") : NULL;
  if (!end)
    return fuse_diag_error(diag, place, "no message; expected {{part of the message}}");
  e.message = fuse_strndup(&expect->arena, *s, (size_t)(end - *s));
  *s = end + 2;
  expect->items = fuse_grow(&expect->arena, expect->items, expect->n, &expect->capacity,
                            expect->n + 1, sizeof *expect->items);
  expect->items[expect->n++] = e;
  return true;
}

FuseExpect *fuse_expect_create(const FuseInput *input, const FusePiece *piece, FuseDiag *diag) {
  FuseExpect *expect = calloc(1, sizeof *expect);
  if (!expect)
    fuse_fatal("out of memory");
  expect->file = input->name;
  expect->good = true;
  const char *text = fuse_strndup(&expect->arena, (const char *)piece->data, piece->size_bytes);
  int line = piece->line_offset;
  while (text) {
    const char *newline = strchr(text, '\n');
    size_t n = newline ? (size_t)(newline - text) : strlen(text);
    const char *s = fuse_strndup(&expect->arena, text, n);
    line++;
    while ((s = strstr(s, "expected-"))) {
      s += strlen("expected-");
      if (!parse_one(expect, &s, line, diag)) {
        fuse_arena_fini(&expect->arena);
        free(expect);
        return NULL;
      }
    }
    text = newline ? newline + 1 : NULL;
  }
  return expect;
}

void fuse_expect_sink(const FuseDiagEvent *event, void *user) {
  FuseExpect *expect = user;
  int line = event->file[0] && !strcmp(event->file, expect->file) ? event->line : 0;
  for (size_t i = 0; i < expect->n; i++) {
    Expected *e = &expect->items[i];
    if (!e->seen && e->line == line && e->severity == event->severity &&
        strstr(event->message, e->message)) {
      e->seen = true;
      return;
    }
  }
  expect->good = false;
  fuse_diag_say(FUSE_ERROR, event->place, "unexpected %s: %s", severity_name(event->severity),
                event->message);
}

bool fuse_expect_finish(FuseExpect *owned_expect) {
  bool good = owned_expect->good;
  for (size_t i = 0; i < owned_expect->n; i++) {
    const Expected *e = &owned_expect->items[i];
    if (e->seen)
      continue;
    good = false;
    const char *place = fuse_format(&owned_expect->arena, "%s:%d", owned_expect->file, e->at_line);
    fuse_diag_say(FUSE_ERROR, place, "no such %s was reported: %s", severity_name(e->severity),
                  e->message);
  }
  fuse_arena_fini(&owned_expect->arena);
  free(owned_expect);
  return good;
}
