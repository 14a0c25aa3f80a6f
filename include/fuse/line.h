// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* line.h - read one line of a text format word by word; errors have its column.
 */
#ifndef FUSE_LINE_H
#define FUSE_LINE_H

#include "fuse/diag.h"

typedef struct FuseLine {
  const char *start, *at, *end;
  const char *place; /* of the line, "x.s:12"; the column is added */
  FuseDiag *diag;
} FuseLine;

/* Borrowed bytes of the line. */
typedef struct FuseWord {
  const char *s;
  size_t length;
} FuseWord;

FuseLine fuse_line(const char *s, size_t length, const char *place, FuseDiag *diag);
void fuse_line_skip_space(FuseLine *line);
/* Nothing but space is left. */
bool fuse_line_at_end(FuseLine *line);
/* The longest run of letters, digits and _ - + . after space; may be empty. */
FuseWord fuse_line_word(FuseLine *line);
bool fuse_word_is(FuseWord word, const char *s);

/* Skip space and the character c, if it is there. */
bool fuse_line_accept(FuseLine *line, char c);
bool fuse_line_expect(FuseLine *line, char c);
/* A decimal or 0x number, perhaps with a minus sign; false beyond 63 bits. */
bool fuse_word_integer(FuseWord word, int64_t *value);
/* A number from smallest to largest; `what` names it in the error. */
bool fuse_line_integer(FuseLine *line, const char *what, int64_t smallest, int64_t largest,
                       int64_t *value);
/* "..." with the escapes \n \t \r \\ \" \xNN; UTF-8 without NUL, copied into arena. */
bool fuse_line_string(FuseArena *arena, FuseLine *line, const char **s);

/* Errors; always false. With a word: 'word'; expected ... */
bool fuse_line_unexpected(FuseLine *line, FuseWord word, const char *expected);
bool fuse_line_error(FuseLine *line, const char *at, const char *message);

#endif
