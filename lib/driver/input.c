// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* input.c - open an input, tell by its content what it is, read the module in it.
 *
 * needs: a path, or "-"
 * gives: modules, or one error
 */
#include <string.h>

#include "fuse/driver.h"

#define PROBE_BYTES 4096 /* looked at to tell text from binary */

/* Does it begin with a character that no text has? */
static bool is_binary(const FuseFile *file) {
  size_t n = file->size_bytes < PROBE_BYTES ? file->size_bytes : PROBE_BYTES;
  for (size_t i = 0; i < n; i++)
    if (file->data[i] < ' ' && !memchr("\t\n\r\f\v", file->data[i], 5))
      return true;
  return false;
}

bool fuse_input_open(const char *path, FuseInput *input, FuseDiag *diag) {
  static const uint8_t bytecode[] = {'M', 'L', 0xEF, 'R'};
  *input = (FuseInput){.path = path, .name = strcmp(path, "-") ? path : "<stdin>"};
  if (!fuse_file_open(path, &input->file, diag))
    return false;
  const FuseFile *file = &input->file;
  if (file->size_bytes >= sizeof bytecode && !memcmp(file->data, bytecode, sizeof bytecode)) {
    input->kind = FUSE_INPUT_BYTECODE;
  } else if (fuse_onnx_looks_like(file->data, file->size_bytes)) {
    input->kind = FUSE_INPUT_ONNX;
  } else if (is_binary(file)) {
    fuse_file_close(&input->file);
    return fuse_diag_error(diag, input->name,
                           "binary data; expected an ONNX model, .mlir text or MLIR bytecode");
  }
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

MlirModule fuse_input_parse(FuseIr *ir, FuseInput *input, const FusePiece *piece,
                            const FuseOnnxOptions *options) {
  if (input->kind != FUSE_INPUT_ONNX)
    return fuse_ir_parse_at(ir, piece->data, piece->size_bytes, input->name, piece->line_offset);
  FuseFile file = input->file;
  FUSE_ASSERT(file.data);
  input->file = (FuseFile){0};
  return fuse_onnx_import_bytes(ir, &file, input->path, options);
}

bool fuse_args_dims(FuseArena *arena, const FuseTool *tool, FuseArgs *args,
                    FuseOnnxOptions *options) {
  FuseOnnxDim *dims = fuse_alloc_array(arena, args->n, sizeof *dims);
  *options = (FuseOnnxOptions){.dims = dims};
  for (size_t i = 0; i < args->n; i++) {
    FuseDiag diag = {0};
    if (!args->args[i].flag || strcmp(args->args[i].flag->name, "dim") != 0)
      continue;
    if (!fuse_onnx_dim_parse(args->args[i].value, &dims[options->n_dims++], &diag)) {
      args->status = fuse_usage_error(tool, "%s", diag.message);
      return false;
    }
  }
  return true;
}
