// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* input.c - open an input, tell by its content what it is, read the module in it.
 *
 * needs: a path, or "-"
 * gives: modules, or one error
 */
#include <string.h>

#include "fuse/driver.h"

#define PROBE_BYTES 4096 /* looked at to tell text from binary */

static FuseInputKind kind_of(const FuseFile *file) {
  static const uint8_t bytecode[] = {'M', 'L', 0xEF, 'R'};
  size_t n = file->size_bytes < PROBE_BYTES ? file->size_bytes : PROBE_BYTES;
  if (n >= sizeof bytecode && !memcmp(file->data, bytecode, sizeof bytecode))
    return FUSE_INPUT_BYTECODE;
  /* A model begins with small field tags and lengths: control characters that no text has. */
  for (size_t i = 0; i < n; i++)
    if (file->data[i] < ' ' && !memchr("\t\n\r\f\v", file->data[i], 5))
      return FUSE_INPUT_ONNX;
  return FUSE_INPUT_TEXT;
}

bool fuse_input_open(const char *path, FuseInput *input, FuseDiag *diag) {
  *input = (FuseInput){.name = strcmp(path, "-") ? path : "<stdin>"};
  if (!fuse_file_open(path, &input->file, diag))
    return false;
  input->kind = kind_of(&input->file);
  return true;
}

void fuse_input_close(FuseInput *input) {
  fuse_file_close(&input->file);
}

/* Does a line `// -----` begin at s? Then its length with the newline, else 0. */
static size_t separator(const char *s, const char *end) {
  static const char mark[] = "// -----";
  size_t n = sizeof mark - 1;
  if ((size_t)(end - s) < n || memcmp(s, mark, n) != 0)
    return 0;
  while (s + n < end && s[n] != '\n') {
    if (!strchr(" \t\r", s[n]))
      return 0;
    n++;
  }
  return n + (s + n < end);
}

FusePiece *fuse_input_split(FuseArena *arena, const FuseInput *input, size_t *n) {
  const char *s = (const char *)input->file.data, *end = s + input->file.size_bytes;
  FusePiece *pieces = NULL, piece = {.data = input->file.data};
  size_t capacity = 0;
  int line = 0;
  *n = 0;
  while (input->kind == FUSE_INPUT_TEXT && s < end) {
    size_t length = separator(s, end);
    const char *newline = memchr(s, '\n', (size_t)(end - s));
    const char *next = newline ? newline + 1 : end;
    line++;
    if (length) {
      piece.size_bytes = (size_t)(s - (const char *)piece.data);
      pieces = fuse_grow(arena, pieces, *n, &capacity, *n + 2, sizeof *pieces);
      pieces[(*n)++] = piece;
      piece = (FusePiece){.data = (const uint8_t *)next, .line_offset = line};
    }
    s = next;
  }
  piece.size_bytes = (size_t)((const uint8_t *)end - piece.data);
  pieces = fuse_grow(arena, pieces, *n, &capacity, *n + 1, sizeof *pieces);
  pieces[(*n)++] = piece;
  return pieces;
}

MlirModule fuse_input_parse(FuseIr *ir, const FuseInput *input, const FusePiece *piece) {
  if (input->kind != FUSE_INPUT_ONNX)
    return fuse_ir_parse_at(ir, piece->data, piece->size_bytes, input->name, piece->line_offset);
  fuse_loc_error(mlirLocationFileLineColGet(fuse_ir_context(ir), fuse_str(input->name), 1, 1),
                 "not supported yet: binary input other than MLIR bytecode; expected .mlir text or "
                 "bytecode");
  return (MlirModule){NULL};
}
