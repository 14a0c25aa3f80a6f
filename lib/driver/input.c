// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* input.c - open an input, tell by its content what it is, read the module in it.
 *
 * needs: a path, or "-"
 * gives: modules, or one error
 */
#include <string.h>

#include "fuse/driver.h"

#define EXPECTED "an ONNX model (protobuf), or MLIR text or bytecode"

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The first character that is neither a blank nor in a comment; end when there is none. */
static const char *skip_blanks(const char *s, const char *end) {
  while (s < end) {
    if (*s && strchr(" \t\r\n\f\v", *s)) {
      s++;
    } else if (end - s > 1 && s[0] == '/' && s[1] == '/') {
      const char *newline = memchr(s, '\n', (size_t)(end - s));
      s = newline ? newline : end;
    } else {
      break;
    }
  }
  return s;
}

/* Does text begin as MLIR can: with nothing but comments, an alias, a value, a label, an op in
 * quotes, `module`, or an op with its dialect? Other text gets an error that says what a network is
 * made of; the parser's would be about its first word. */
static bool begins_like_mlir(const FuseFile *file) {
  static const char module[] = "module";
  const char *begin = (const char *)file->data, *end = begin + file->size_bytes;
  const char *s = skip_blanks(begin, end), *word = s;
  if (s == end)
    return memchr(begin, '/', file->size_bytes) != NULL; /* comments alone */
  if (end - s > 1 && strchr("#!%^\"@", *s))
    return is_word(s[1]);
  if (end - s > 1 && *s == '{')
    return s[1] == '-';
  while (s < end && is_word(*s))
    s++;
  if ((size_t)(s - word) == sizeof module - 1 && !memcmp(word, module, sizeof module - 1))
    return true;
  return s > word && end - s > 1 && *s == '.' && is_word(s[1]);
}

/* "'hallo welt ...'": the begin of a text's first line. */
static void append_begin(FuseText *text, const FuseFile *file) {
  enum { SHOWN = 24 };
  const char *end = (const char *)file->data + file->size_bytes;
  const char *s = skip_blanks((const char *)file->data, end);
  size_t n = 0;
  while (s + n < end && n < SHOWN && s[n] != '\n' && s[n] != '\r')
    n++;
  while (n > 0 && s + n < end && ((uint8_t)s[n] & 0xc0) == 0x80)
    n--; /* not in the middle of a character */
  fuse_text_puts(text, " that begins with '");
  fuse_text_escaped(text, s, n);
  fuse_text_puts(text, "'");
}

/* "what it looks like; expected what it should be" */
static bool refuse(const FuseInput *input, FuseDiag *diag) {
  const char *kind = fuse_bytes_kind(input->file.data, input->file.size_bytes);
  FuseText found = {0};
  fuse_text_puts(&found, kind);
  if (!strcmp(kind, "text"))
    append_begin(&found, &input->file);
  fuse_diag_error(diag, input->name, "%s; expected a network: " EXPECTED, found.data);
  fuse_text_fini(&found);
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
  } else if (!fuse_bytes_are_text(file->data, file->size_bytes) || !begins_like_mlir(file)) {
    refuse(input, diag);
    fuse_file_close(&input->file);
    return false;
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
  if (input->kind != FUSE_INPUT_ONNX && options->n_dims + options->n_values > 0) {
    fuse_diag_say(FUSE_ERROR, input->name,
                  "--dim or --value beside MLIR, whose types are complete; expected an ONNX model");
    return (MlirModule){NULL};
  }
  if (input->kind != FUSE_INPUT_ONNX)
    return fuse_ir_parse_at(ir, piece->data, piece->size_bytes, input->name, piece->line_offset);
  FuseFile file = input->file;
  FUSE_ASSERT(file.data);
  input->file = (FuseFile){0};
  return fuse_onnx_import_bytes(ir, &file, input->path, options);
}

bool fuse_args_onnx(FuseArena *arena, const FuseTool *tool, FuseArgs *args,
                    FuseOnnxOptions *options) {
  FuseOnnxDim *dims = fuse_alloc_array(arena, args->n, sizeof *dims);
  FuseOnnxValue *values = fuse_alloc_array(arena, args->n, sizeof *values);
  bool ok = true;
  *options = (FuseOnnxOptions){.dims = dims, .values = values};
  for (size_t i = 0; ok && i < args->n; i++) {
    const char *flag = args->args[i].flag ? args->args[i].flag->name : "";
    FuseDiag diag = {0};
    if (strcmp(flag, "dim") == 0)
      ok = fuse_onnx_dim_parse(args->args[i].value, &dims[options->n_dims++], &diag);
    else if (strcmp(flag, "value") == 0)
      ok = fuse_onnx_value_parse(args->args[i].value, &values[options->n_values++], &diag);
    if (!ok)
      args->status = fuse_usage_error(tool, "%s", diag.message);
  }
  return ok;
}
